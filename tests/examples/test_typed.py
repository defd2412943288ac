"""A team that annotates its tests: the types of fixtures and strategies are public.

`make lint` checks this file as strictly as the product itself.
"""

from hypothesis import given

import docpact
from docpact import (
    Conformity,
    Contract,
    ContractClient,
    ContractMock,
    Response,
    Validator,
    load_contract,
    strategies,
)


def test_a_call_by_the_fixtures(
    docpact_client: ContractClient,
    docpact_mock: ContractMock,
    assert_conforms: Conformity,
    docpact_contract: Contract,
) -> None:
    """Each fixture is of the type that its documentation names."""
    assert_conforms(docpact_client.call("project1/job1/123", body="xml"))
    assert docpact_mock.url.startswith("http://127.0.0.1:")
    assert docpact_contract.operation.name == "GetInstance"


@given(
    response=strategies.responses(),
    case=strategies.requests(),
    broken=strategies.broken_responses(),
)
def test_what_strategies_draw(
    response: Response,
    case: strategies.RequestCase,
    broken: strategies.BrokenResponse,
    assert_conforms: Conformity,
) -> None:
    """What each strategy draws has a public type."""
    assert assert_conforms.findings(response) == ()
    assert case.request.target
    assert broken.fault.breaks


def test_a_validator_takes_a_contract() -> None:
    """The public names have the types that their documentation names."""
    contract: Contract = load_contract()
    assert Validator(contract).findings(b"{}")


def test_the_package_has_a_version() -> None:
    """The version is an attribute of the package."""
    assert docpact.__version__.count(".") == 2
