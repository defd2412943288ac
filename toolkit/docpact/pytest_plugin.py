"""The pytest plugin: its options, marks and fixtures, without importing what is not used.

It is loaded in every pytest run of a project that has docpact installed, so this module imports
only pytest and a table, and everything else is imported from `docpact.testing` when it is used.
"""

import sys
from typing import TYPE_CHECKING, Any

import pytest

from docpact.endpoint_options import OPTIONS, EndpointOption

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from docpact.contract import Contract
    from docpact.faults import Fault
    from docpact.testing.fixtures import ContractClient, ContractMock
    from docpact.testing.judging import Conformity, OwnRule

_SECTION = "tool.docpact.pytest"  # of pyproject.toml; in docpact.toml it is "pytest"
_WRONG_MARKS = pytest.StashKey[list[str]]()
_ACTIVE = ("docpact_url", "docpact_mock", "docpact_watch")


class DocpactHooks:
    """What a conftest.py can add."""

    @pytest.hookspec
    def pytest_docpact_rules(self) -> "list[OwnRule]":  # type: ignore[empty-body]  # a specification
        """A team's own rules: each takes an answer's members and its exchange, and yields texts."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let conftest.py files have rules of their own."""
    pluginmanager.add_hookspecs(DocpactHooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every option is a setting, too: `docpact_url` in ini, `url` in [tool.docpact.pytest]."""
    group = parser.getgroup("docpact", "check an endpoint against its reference page")
    for option in OPTIONS:
        flag, text = f"--docpact-{option.name}", _help(option)
        metavar = option.metavar or None
        match option.type:
            case "flag" | "switch":
                group.addoption(flag, action="store_true", default=None, help=text)
                parser.addini(_dest(option.name), text, type="bool", default=None)
            case "list":
                group.addoption(flag, action="append", metavar=metavar, help=text)
                parser.addini(_dest(option.name), text, type="linelist", default=[])
            case _:
                group.addoption(flag, metavar=metavar, help=text)
                parser.addini(_dest(option.name), text, type="string", default="")


def _help(option: EndpointOption) -> str:
    default = f"[default: {option.default}]" if option.default else ""
    env = f"[env: {option.env}]" if option.env else ""
    text = " ".join(filter(None, (option.in_pytest or option.help, default, env)))
    return text.replace("%", "%%")


def pytest_configure(config: pytest.Config) -> None:
    """Start what the options ask for, if anything."""
    for line in (
        "docpact: a test that docpact adds for a kind of call (--docpact-url, --docpact-mock).",
        (
            "docpact_faults(*names, media=None, rule=None): run a test once with each fault of the "
            "catalogue in docpact_mock."
        ),
    ):
        config.addinivalue_line("markers", line)
    if _is_used(config):
        from docpact.testing import start

        start(config)


def _dest(name: str) -> str:
    return f"docpact_{name.replace('-', '_')}"


def _is_used(config: pytest.Config) -> bool:
    """Whether an option is given, or a setting that adds tests or watches them."""
    if any(config.getoption(_dest(each.name)) for each in OPTIONS):
        return True
    return any(config.getini(name) for name in _ACTIVE) or _has_section(config)


def _has_section(config: pytest.Config) -> bool:
    """Whether the settings have a table for this plugin, found without parsing them as TOML."""
    for name, table in (("docpact.toml", "pytest"), ("pyproject.toml", _SECTION)):
        try:
            text = (config.rootpath / name).read_text("utf-8", "replace")
        except OSError:
            continue
        if table in text:
            return True
    return False


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the mark `docpact_faults` once for each fault."""
    if metafunc.definition.get_closest_marker("docpact_faults") is not None:
        from docpact.testing.fixtures import parametrize

        wrong, parent = parametrize(metafunc), metafunc.definition.parent
        if wrong and parent is not None:
            parent.stash.setdefault(_WRONG_MARKS, []).append(wrong)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> "Generator[None, pytest.CollectReport, pytest.CollectReport]":
    """Fail the collection of a module or class with wrong marks.

    Not in pytest_generate_tests, since plugins around it may turn any exception into a warning.
    """
    report = yield
    wrong = collector.stash.get(_WRONG_MARKS, [])
    if wrong and report.passed:
        report.outcome, report.longrepr, report.result = "failed", "\n".join(wrong), []
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show the findings if a test compares them with what it expects."""
    if "docpact.testing.judging" not in sys.modules:
        return None  # then there are no findings
    from docpact.testing.judging import comparison

    return comparison(op, left, right)


@pytest.fixture(scope="session")
def docpact_contract(pytestconfig: pytest.Config) -> "Contract":
    """The contract that answers must keep."""
    from docpact.testing.judging import validator_for

    return validator_for(pytestconfig).contract


@pytest.fixture(scope="session")
def assert_conforms(pytestconfig: pytest.Config) -> "Conformity":
    """Asserts that an answer keeps the contract: `assert_conforms(response)`."""
    from docpact.testing.judging import Conformity, validator_for

    return Conformity(validator_for(pytestconfig))


@pytest.fixture(scope="session")
def _docpact_server(pytestconfig: pytest.Config) -> "Iterator[ContractMock]":
    """The mock of this session, started when a test first uses it."""
    from docpact.testing.fixtures import mock_for

    with mock_for(pytestconfig) as endpoint:
        yield endpoint


@pytest.fixture
def docpact_mock(
    _docpact_server: "ContractMock", request: pytest.FixtureRequest
) -> "Iterator[ContractMock]":
    """A mock that keeps the contract; each test has its own instances, faults and calls."""
    _docpact_server.reset()
    fault: str | None = getattr(request, "param", None)
    if fault is not None:
        _docpact_server.fault(fault)
    yield _docpact_server
    _docpact_server.reset()


@pytest.fixture
def docpact_fault(docpact_mock: "ContractMock") -> "Fault | None":
    """The fault that the mark `docpact_faults` gives docpact_mock."""
    return docpact_mock.current_fault


@pytest.fixture
def docpact_client(request: pytest.FixtureRequest) -> "Iterator[ContractClient]":
    """Makes signed calls to the endpoint at --docpact-url, or else to docpact_mock."""
    from docpact.testing.fixtures import client_for

    mock: Callable[[], Any] = lambda: request.getfixturevalue("docpact_mock")  # noqa: E731  # so that it starts only if needed
    with client_for(request.config, mock) as client:
        yield client
