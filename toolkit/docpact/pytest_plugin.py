"""The pytest plugin: what it offers, without doing or importing anything that nobody asked for.

It is loaded in every pytest run of a project that has docpact installed, so this module imports
only pytest, and everything else waits in `docpact.testing`.
"""

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from docpact.contract import Contract
    from docpact.faults import Fault
    from docpact.testing.client_fixture import ContractClient
    from docpact.testing.judging import Conformity
    from docpact.testing.mock_fixture import PlayedEndpoint
    from docpact.testing.own_rules import OwnRule

_SECTION = "tool.docpact.pytest"  # of pyproject.toml; in docpact.toml it is "pytest"
_WRONG_MARKS = pytest.StashKey[list[str]]()
_ACTIVE = ("docpact_url", "docpact_mock", "docpact_watch")

_TEXTS = (
    ("url", "URL", "Check the endpoint at this URL: adds a test for each kind of call."),
    ("region", "ID", "A region that the endpoint takes."),
    ("body", "json|xml|both", "Which formats to ask for; both by default."),
    ("rate", "N", "At most so many calls a second, in each worker."),
    ("timeout", "SECONDS", "How long a call may take; 15 by default."),
    ("time-limit", "SECONDS", "How long a test may take; 60 by default."),
    ("seed", "N", "Draw other calls; by default --hypothesis-seed, or else 0."),
    ("drawn", "N", "How many calls to draw; by default as Hypothesis's profile says."),
    ("access-key-id", "ID", "Sign with this key, or with ALIBABA_CLOUD_ACCESS_KEY_ID."),
    ("access-key-secret", "SECRET", "Its secret, or ALIBABA_CLOUD_ACCESS_KEY_SECRET."),
    ("sts-token", "TOKEN", "Of a temporary key, or ALIBABA_CLOUD_SECURITY_TOKEN."),
    (
        "watch",
        "HOST[,HOST][=warn]",
        (
            "Judge the answers of these hosts that pass through requests, httpx, urllib3 or vcrpy "
            "during tests; with =warn, only warn."
        ),
    ),
)
_LISTS = (
    ("running", "PROJECT/JOB/ID", "This runs at the endpoint; repeatable."),
    ("not-running", "PROJECT/JOB/ID", "This exists, and its job does not run; repeatable."),
    ("mock-fault", "NAME", "Let the built-in mock be wrong in this way; repeatable."),
    ("ignore", "RULE[:FIELD]", "Switch a rule off; repeatable."),
    ("config", "KEY=VALUE|FILE", "A setting in TOML, or the settings file to take; repeatable."),
)
_FLAGS = (
    ("mock", "Check the built-in mock instead of a URL."),
    ("everything-exists", "The endpoint tells of any instance, as some emulators do."),
    ("no-auth-checks", "Make no calls with wrong signatures."),
    ("insecure", "Do not check the certificate."),
    ("strict", "Warnings fail tests too."),
    ("pedantic", "Notes fail tests as well."),
)


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
    group = parser.getgroup("docpact", "hold an endpoint to its reference page")
    for name, metavar, text in _TEXTS:
        group.addoption(f"--docpact-{name}", metavar=metavar, help=text)
        parser.addini(_dest(name), text, type="string", default="")
    for name, metavar, text in _LISTS:
        group.addoption(f"--docpact-{name}", action="append", metavar=metavar, help=text)
        parser.addini(_dest(name), text, type="linelist", default=[])
    for name, text in _FLAGS:
        group.addoption(f"--docpact-{name}", action="store_true", default=None, help=text)
        parser.addini(_dest(name), text, type="bool", default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Start what was asked for, if anything was."""
    for line in (
        "docpact: a test that docpact adds for a kind of call (--docpact-url, --docpact-mock).",
        (
            "docpact_faults(*names, media=None, rule=None): run a test once with each fault of the "
            "catalogue in docpact_mock."
        ),
    ):
        config.addinivalue_line("markers", line)
    if _is_wanted(config):
        from docpact.testing import start

        start(config)


def _dest(name: str) -> str:
    return f"docpact_{name.replace('-', '_')}"


def _is_wanted(config: pytest.Config) -> bool:
    """Whether an option is given, or a setting that starts something."""
    names = (each[0] for each in (*_TEXTS, *_LISTS, *_FLAGS))
    if any(config.getoption(_dest(name)) for name in names):
        return True
    return any(config.getini(name) for name in _ACTIVE) or _has_section(config)


def _has_section(config: pytest.Config) -> bool:
    """Whether the settings have a table for this plugin, told without reading them as TOML."""
    for name, wanted in (("docpact.toml", "pytest"), ("pyproject.toml", _SECTION)):
        try:
            text = (config.rootpath / name).read_text("utf-8", "replace")
        except OSError:
            continue
        if wanted in text:
            return True
    return False


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the mark `docpact_faults` once for each fault."""
    if metafunc.definition.get_closest_marker("docpact_faults") is not None:
        from docpact.testing.fault_tests import parametrize

        wrong, parent = parametrize(metafunc), metafunc.definition.parent
        if wrong and parent is not None:
            parent.stash.setdefault(_WRONG_MARKS, []).append(wrong)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> "Generator[None, pytest.CollectReport, pytest.CollectReport]":
    """Refuse a module or class with marks that mean nothing.

    It is told here, since plugins around pytest_generate_tests may warn of any exception.
    """
    report = yield
    wrong = collector.stash.get(_WRONG_MARKS, [])
    if wrong and report.passed:
        report.outcome, report.longrepr, report.result = "failed", "\n".join(wrong), []
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """What was found, where findings are compared with what a test expects."""
    if "docpact.testing.failure_message" not in sys.modules:
        return None  # then nobody has any findings
    from docpact.testing.failure_message import comparison

    return comparison(op, left, right)


@pytest.fixture(scope="session")
def docpact_contract(pytestconfig: pytest.Config) -> "Contract":
    """The contract that answers are held to."""
    from docpact.testing.judging import judging_for

    return judging_for(pytestconfig).contract


@pytest.fixture(scope="session")
def assert_conforms(pytestconfig: pytest.Config) -> "Conformity":
    """Asserts that an answer keeps the contract: `assert_conforms(response)`."""
    from docpact.testing.judging import Conformity, judging_for

    return Conformity(judging_for(pytestconfig))


@pytest.fixture(scope="session")
def _docpact_server(pytestconfig: pytest.Config) -> "Iterator[PlayedEndpoint]":
    """The mock of this session, started when a test first asks for it."""
    from docpact.testing.mock_fixture import played

    with played(pytestconfig) as endpoint:
        yield endpoint


@pytest.fixture
def docpact_mock(
    _docpact_server: "PlayedEndpoint", request: pytest.FixtureRequest
) -> "Iterator[PlayedEndpoint]":
    """A mock that is true to the page; its world, faults and calls are this test's own."""
    _docpact_server.reset()
    fault: str | None = getattr(request, "param", None)
    if fault is not None:
        _docpact_server.fault(fault)
    yield _docpact_server
    _docpact_server.reset()


@pytest.fixture
def docpact_fault(docpact_mock: "PlayedEndpoint") -> "Fault | None":
    """The fault that docpact_mock has by the mark `docpact_faults`."""
    return docpact_mock.current_fault


@pytest.fixture
def docpact_client(request: pytest.FixtureRequest) -> "Iterator[ContractClient]":
    """Makes signed calls to the endpoint at --docpact-url, or else to docpact_mock."""
    from docpact.testing.client_fixture import client_for

    mock: Callable[[], Any] = lambda: request.getfixturevalue("docpact_mock")  # noqa: E731  # so that it starts only if needed
    with client_for(request.config, mock) as client:
        yield client
