"""The types of the plugin's fixtures, for those who annotate their tests."""

from docpact.contract import Contract
from docpact.faults import Fault
from docpact.testing.client_fixture import ContractClient
from docpact.testing.judging import Conformity
from docpact.testing.mock_fixture import PlayedEndpoint

__all__ = ["Conformity", "Contract", "ContractClient", "Fault", "PlayedEndpoint"]
