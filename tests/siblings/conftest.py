"""What the tests of other operations share: our own pages always, the vendor's where they are."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from docpact import emit
from docpact.check import Checker
from docpact.contract import Contract, Schemas
from docpact.contract.interpret import interpret
from docpact.contract.rulings import NO_RULINGS, read_rulings
from docpact.core.errors import UnreadablePage
from docpact.core.exchange import Exchange, Response, Source
from docpact.page import read_file

ROOT = Path(__file__).parents[2]
OWN = [
    ROOT / "samples" / "pages" / f"{name}.md" for name in ("ListQueues", "CreateTag", "GetStore")
]
THEIRS = sorted((ROOT.parent / "shared" / "pages").rglob("*.md"))
# The guards take their time, so by default they look at some of the vendor's pages only.
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
OVER_ALL = {"test_only_pages_without_an_operation_are_refused", "test_a_sample_keeps_its_own_page"}
NEEDED = pytest.mark.skip("needs ../shared/pages, the vendor's own pages")


@dataclass(frozen=True)
class Made:
    """What a page compiles to, and the two engines that judge by it."""

    contract: Contract
    schemas: Schemas
    fast: Checker
    reference: Checker

    def found(self, body, engine="fast", status=None):
        """Everything that is wrong with a body."""
        data = body if isinstance(body, bytes) else body.encode()
        return list(getattr(self, engine).check(Exchange(Response(data, status), Source("made"))))

    def said(self, body, engine="fast"):
        """The rule and the place of each finding."""
        return [(each.rule, each.pointer) for each in self.found(body, engine)]


@cache
def made_of(path):
    """What a page compiles to, or why it is refused."""
    beside = path.with_suffix(".rulings.toml")
    try:
        rulings = read_rulings(beside) if beside.is_file() else NO_RULINGS
        contract = interpret(read_file(path), rulings)
    except UnreadablePage as refusal:
        return refusal
    schemas = emit.schemas(contract)
    reference = Checker(contract, schemas, engine="reference")
    return Made(contract, schemas, Checker(contract, schemas), reference)


def name_of(path):
    """A page's name in the list of tests."""
    return f"{path.parent.name}/{path.stem}"


def pytest_generate_tests(metafunc):
    """Run a test that takes `page` over our own pages, and the vendor's where they are."""
    if "page" in metafunc.fixturenames:
        every = DEEP or metafunc.function.__name__ in OVER_ALL
        theirs = THEIRS if every else THEIRS[::6]
        missing = [pytest.param(OWN[0], marks=NEEDED, id="theirs")]
        metafunc.parametrize("page", [*OWN, *(theirs or missing)], ids=name_of)


@pytest.fixture
def outcome(page):
    """What a page compiles to, or why it is refused."""
    return made_of(page)


@pytest.fixture
def operation(outcome):
    """What a page compiles to; other pages have nothing to test."""
    if isinstance(outcome, UnreadablePage):
        pytest.skip(f"no contract: {outcome.message}")
    return outcome


@pytest.fixture(scope="session")
def queues():
    """An operation that answers with a list in a wrapper."""
    return made_of(OWN[0])


@pytest.fixture(scope="session")
def tag():
    """An operation whose names are those of its sample."""
    return made_of(OWN[1])


@pytest.fixture
def theirs():
    """What one of the vendor's pages compiles to, or a skip where they are not."""

    def made(name):
        path = ROOT.parent / "shared" / "pages" / f"{name}.md"
        if not path.is_file():
            pytest.skip(f"needs ../shared/pages/{name}.md, the vendor's own page")
        return made_of(path)

    return made
