"""However a page is damaged, nothing but a DocpactError comes of it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docpact.contract.interpret import interpret
from docpact.contract.rulings import NO_RULINGS, Rulings, read_rulings
from docpact.core.errors import BrokenContract, DocpactError
from docpact.core.span import Severity
from docpact.lint import context_of, findings_about
from docpact.page import read
from docpact.rules import PAGE_RULES

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "samples" / "pages").rglob("*.md"))
SHARED = ROOT.parent / "shared" / "pages"
THEIRS = sorted(SHARED.rglob("*.md"))
KNOWN = {each.id for each in PAGE_RULES}


@st.composite
def damaged(draw, pages: list[Path]) -> tuple[str, str]:
    """A page's name, and its text with lines cut, doubled, swapped or shortened."""
    page = draw(st.sampled_from(pages))
    lines = page.read_text("utf-8").split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        to = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["cut", "cut many", "double", "swap", "shorten", "join"])):
            case "cut":
                del lines[at]
            case "cut many":
                del lines[min(at, to) : max(at, to)]
            case "double":
                lines.insert(to, lines[at])
            case "swap":
                lines[at], lines[to] = lines[to], lines[at]
            case "shorten":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case "join":
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
        if not lines:
            break
    return page.name, "\n".join(lines)


def hold_together(name: str, text: str, rulings: Rulings = NO_RULINGS) -> None:
    """Compile and lint a text; what is found must be reported on its lines."""
    page = read(text, name)
    with suppress(DocpactError):
        interpret(page, rulings)
    try:
        findings = list(findings_about(context_of(page, rulings), name))
    except BrokenContract:
        findings = []  # a ruling does not fit the page any more
    for each in findings:
        assert each.rule in KNOWN
        assert each.message
        assert 1 <= (each.at.line or 0) <= max(1, len(page.lines))
        assert each.severity in Severity


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(page=damaged(OURS))
def test_our_own_pages_may_be_damaged(page):
    """Our pages with damaged lines raise nothing but a DocpactError."""
    hold_together(*page)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(page=damaged([ROOT / "samples" / "pages" / "GetInstance.md"]))
def test_a_damaged_page_with_rulings_is_refused_in_words(page):
    """A ruling that does not fit the page any more is a DocpactError."""
    hold_together(*page, read_rulings(ROOT / "samples" / "pages" / "GetInstance.rulings.toml"))


@pytest.mark.skipif(not THEIRS, reason="the vendor's pages are not part of the project")
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(page=damaged(THEIRS or OURS))
def test_real_pages_may_be_damaged(page):
    """The vendor's pages with damaged lines raise nothing but a DocpactError."""
    hold_together(*page)


@given(text=st.text(max_size=300))
def test_any_text_can_be_linted(text):
    """A text that is not a page raises nothing but a DocpactError."""
    hold_together("Any.md", text)
