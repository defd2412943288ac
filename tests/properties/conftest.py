"""What the properties share: both engines, the sample answers, and patience."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Finding

_PATIENCE = 6  # seconds; each takes well under one, unless something grows without bound


@pytest.fixture(scope="session")
def fast() -> Checker:
    """A checker with the default engine."""
    return Checker(load_bundled(), load_bundled_schemas())


@pytest.fixture(scope="session")
def reference() -> Checker:
    """A checker with the second opinion."""
    return Checker(load_bundled(), load_bundled_schemas(), engine="reference")


@pytest.fixture(scope="session", params=["fast", "reference"])
def checker(request: pytest.FixtureRequest) -> Checker:
    """A checker with each engine in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def found_in(checker: Checker) -> Callable[[bytes], list[Finding]]:
    """Everything that is wrong with a bare body."""
    return lambda body: list(checker.check(Exchange(Response(body), Source("capture"))))


@pytest.fixture(scope="session")
def samples(checkout: Path) -> dict[str, bytes]:
    """The sample bodies that are valid, by file name."""
    folder = checkout / "samples" / "responses" / "valid"
    return {
        each.name: each.read_bytes()
        for each in sorted(folder.iterdir())
        if each.suffix in {".json", ".xml"}
    }


@pytest.fixture
def patience() -> Iterator[None]:
    """Turns a hang into a failure."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def give_up(_number: int, _frame: object) -> None:
        pytest.fail(f"no verdict after {_PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
