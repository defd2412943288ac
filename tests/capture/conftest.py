"""What the tests of the captures share: sample bodies, dumps of them, and a way to judge them."""

from pathlib import Path

import pytest

from docpact.capture import CapturedFile, captured_files, exchange_in
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas

RESPONSES = Path(__file__).parents[2] / "samples" / "responses"


@pytest.fixture(scope="session")
def responses() -> Path:
    """The folder of sample bodies."""
    return RESPONSES


@pytest.fixture(scope="session")
def body() -> bytes:
    """A right body, in JSON."""
    return (RESPONSES / "valid" / "sql-job.json").read_bytes()


@pytest.fixture(scope="session")
def broken() -> bytes:
    """A body with one wrong value on line 11: StartTime is a text."""
    return (RESPONSES / "broken" / "wrong-type.json").read_bytes()


@pytest.fixture(scope="session")
def checker() -> Checker:
    """The checker of the shipped contract."""
    return Checker(load_bundled(), load_bundled_schemas())


@pytest.fixture
def read():
    """The exchange in a file of these bytes."""

    def exchange(data: bytes, name: str = "dump.http", **said):
        return exchange_in(CapturedFile(name, data, is_capture=True), **said)

    return exchange


@pytest.fixture
def judged(checker, read):
    """The findings in a file of these bytes."""

    def findings(data: bytes, **said):
        return list(checker.check(read(data, **said)))

    return findings


@pytest.fixture
def names():
    """The names under which files are found, and whether each is a capture."""

    def found(*paths) -> list[tuple[str, bool]]:
        return [(each.name, each.is_capture) for each in captured_files(map(str, paths))]

    return found
