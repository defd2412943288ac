"""What the tests of the runner share: a mock that asks for signatures, and runs against it."""

from collections.abc import Iterator

import pytest

from docpact.contract import load_bundled, load_bundled_schemas
from docpact.http.signing import Key
from docpact.mock import Mock, serve
from docpact.runner import KnownInstances, Limits, Run, RunResult, Target
from docpact.settings import Settings

KEY = Key("testid", "testsecret")
CONTRACT, SCHEMAS = load_bundled(), load_bundled_schemas()


@pytest.fixture(scope="session")
def key() -> Key:
    """The key of the mock."""
    return KEY


@pytest.fixture(scope="module")
def shared() -> Iterator[Mock]:
    """A mock that takes signed calls only."""
    with serve(auth="required") as mock:
        yield mock


@pytest.fixture
def mock(shared) -> Mock:
    """The mock, without faults and calls."""
    shared.reset()
    return shared


@pytest.fixture(scope="session")
def known():
    """What a mock's world is known to hold."""

    def known_of(mock) -> KnownInstances:
        return KnownInstances(*mock.world.known())

    return known_of


@pytest.fixture(scope="session")
def prepared():
    """A run against a place, by default with the mock's key and planned calls alone."""

    def run_of(url, known=None, *, limits=None, settings=None, on_progress=None, **options) -> Run:
        found = {name: options.pop(name) for name in ("on_finding", "clock") if name in options}
        if on_progress is not None:
            found["on_progress"] = on_progress
        chosen = {"key": KEY, "engine": False, "seed": 1, "timeout": 20.0} | options
        target = Target(url, known or KnownInstances(), **chosen)
        return Run(
            CONTRACT, SCHEMAS, target, settings or Settings(), limits or Limits(160), **found
        )

    return run_of


@pytest.fixture(scope="session")
def checked(prepared):
    """What comes of a run against a place."""

    def outcome_of(*arguments, **options) -> RunResult:
        return prepared(*arguments, **options).execute()

    return outcome_of


@pytest.fixture(scope="session")
def told():
    """The findings of a run, in a form that is easy to compare."""

    def told_of(outcome) -> list[tuple[str, str, str]]:
        return [(each.rule, each.field, each.message) for each in outcome.report.findings]

    return told_of
