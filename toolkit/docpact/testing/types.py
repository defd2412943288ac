"""The types of the plugin's fixtures, for those who annotate their tests."""

from docpact.contract import Contract
from docpact.faults import Fault
from docpact.testing.calling import ContractClient
from docpact.testing.conforming import Conformity
from docpact.testing.mocking import PlayedEndpoint

__all__ = ["Conformity", "Contract", "ContractClient", "Fault", "PlayedEndpoint"]
