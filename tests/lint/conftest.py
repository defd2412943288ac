"""What the tests of lint share: our pages, the vendor's, and short ways to lint them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from docpact.contract.rulings import NO_RULINGS, Rulings, read_rulings
from docpact.core.finding import Finding
from docpact.lint import lint
from docpact.page import read, read_file

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "samples" / "pages"
SHARED = ROOT.parent / "shared" / "pages"


@pytest.fixture(scope="session")
def rulings() -> Rulings:
    """Our rulings on the seed page."""
    return read_rulings(PAGES / "GetInstance.rulings.toml")


@pytest.fixture(scope="session")
def linted() -> Callable[..., list[Finding]]:
    """Lints a file, by the rulings that are given."""

    def run(path: Path, rulings: Rulings = NO_RULINGS) -> list[Finding]:
        return list(lint(read_file(path), rulings))

    return run


@pytest.fixture(scope="session")
def lamp() -> str:
    """A page of our own that nothing is wrong with."""
    return (PAGES / "clean" / "GetLamp.md").read_text("utf-8")


@pytest.fixture
def reported(lamp) -> Callable[..., list[tuple[str, str]]]:
    """Lints the clean page after some replacements: each finding's rule and message."""

    def run(*changes: tuple[str, str]) -> list[tuple[str, str]]:
        text = lamp
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return [(each.rule, each.message) for each in lint(read(text, "GetLamp.md"))]

    return run
