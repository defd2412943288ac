"""A team that annotates its tests: the types of fixtures and strategies are public.

`make lint` checks this file as strictly as the product itself.
"""

from hypothesis import given

import docpact
from docpact.core.exchange import Response
from docpact.strategies import BrokenResponse, RequestCase, broken_responses, requests, responses
from docpact.testing.types import Conformity, Contract, ContractClient, PlayedEndpoint


def test_a_call_by_the_fixtures(
    docpact_client: ContractClient,
    docpact_mock: PlayedEndpoint,
    assert_conforms: Conformity,
    docpact_contract: Contract,
) -> None:
    """Each fixture is of the type that its documentation names."""
    assert_conforms(docpact_client.call("project1/job1/123", body="xml"))
    assert docpact_mock.url.startswith("http://127.0.0.1:")
    assert docpact_contract.operation.name == "GetInstance"


@given(response=responses(), case=requests(), broken=broken_responses())
def test_what_strategies_draw(
    response: Response, case: RequestCase, broken: BrokenResponse, assert_conforms: Conformity
) -> None:
    """What each strategy draws has a name, too."""
    assert assert_conforms.findings(response) == ()
    assert case.request.target
    assert broken.fault.breaks


def test_the_version_is_told() -> None:
    """As that of any package."""
    assert docpact.__version__.count(".") == 2
