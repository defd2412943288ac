"""What the tests of the contract share: the editions of the page and the rulings on it."""

from pathlib import Path

import pytest

from docpact.contract import Contract
from docpact.contract.interpret import interpret
from docpact.contract.rulings import Rulings, read_rulings
from docpact.page import Page, read, read_file

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "samples" / "pages"
SHARED = ROOT.parent / "shared" / "pages"


def shared_page(name):
    """A page of the vendor's, or a skip where those pages were not handed out."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"needs ../shared/pages/{name}, which only the project's own machines have")
    return read_file(path)


@pytest.fixture(scope="session")
def rulings_file() -> Path:
    """The file of our rulings on the page."""
    return PAGES / "GetInstance.rulings.toml"


# What the code under test makes is made anew for each test: a mutation run asks only those tests
# during which a function ran.
@pytest.fixture
def rulings(rulings_file) -> Rulings:
    """Our rulings on the page."""
    return read_rulings(rulings_file)


@pytest.fixture(scope="session")
def english_page() -> Page:
    """Our own edition of the page."""
    return read_file(PAGES / "GetInstance.md")


@pytest.fixture(scope="session")
def chinese_page() -> Page:
    """The vendor's edition of the page."""
    return shared_page("foas/GetInstance.md")


@pytest.fixture(scope="session")
def old_page() -> Page:
    """The vendor's edition of 2019."""
    return shared_page("foas/GetInstance.2019.md")


@pytest.fixture
def contract(english_page, rulings) -> Contract:
    """The contract that our edition and our rulings make."""
    return interpret(english_page, rulings)


@pytest.fixture
def bare_contract(english_page) -> Contract:
    """The contract of our edition alone, without any ruling."""
    return interpret(english_page)


@pytest.fixture
def ruled_by(tmp_path, english_page):
    """Interprets our edition by the rulings written in a text."""

    def ruled(text: str) -> Contract:
        file = tmp_path / "some.rulings.toml"
        file.write_text(text, "utf-8")
        return interpret(english_page, read_rulings(file))

    return ruled


@pytest.fixture
def page_of():
    """Reads a page that a test writes out."""

    def made(text: str, name: str = "Made.md") -> Page:
        return read(text, name)

    return made
