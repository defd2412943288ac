"""Every small page under samples/pages does what its name says; a new one is found by itself."""

import re
from pathlib import Path

import pytest

from docpact.rules import ANSWER_RULES, PAGE_RULES

PAGES = Path(__file__).parents[2] / "samples" / "pages"
CLEAN = sorted((PAGES / "clean").iterdir())
BROKEN = sorted((PAGES / "broken").iterdir())


def rule_of(page: Path) -> str:
    """The rule that a broken page is named for: RULE.md or RULE.VARIANT.md."""
    return page.name.partition(".")[0]


@pytest.mark.parametrize("page", CLEAN, ids=lambda each: each.name)
def test_a_clean_page_has_no_finding(page, linted):
    """A clean page has no finding, not even a note."""
    assert [] == linted(page)


@pytest.mark.parametrize("page", BROKEN, ids=lambda each: each.name)
def test_a_broken_page_trips_exactly_its_rule(page, linted):
    """A page is broken in one way, and docpact says that and nothing else."""
    assert {rule_of(page)} == {each.rule for each in linted(page)}


@pytest.mark.parametrize("page", BROKEN, ids=lambda each: each.name)
def test_a_finding_is_on_a_line_of_the_page(page, linted):
    """A finding and the passage that says otherwise are on lines of the page."""
    lines = page.read_text("utf-8").count("\n") + 1
    for each in linted(page):
        assert each.message
        assert each.at.line in range(1, lines + 1)
        assert each.origin.span.first in range(1, lines + 1)
        assert each.origin.span.file == page.name


def test_every_rule_on_pages_has_a_broken_page():
    """A rule that no page trips might never fire."""
    assert {each.id for each in PAGE_RULES} == {rule_of(each) for each in BROKEN}


@pytest.mark.parametrize("rule", PAGE_RULES, ids=lambda each: each.id)
def test_a_rule_is_described(rule):
    """A rule has a name in kebab-case of its own, and sentences on what it means."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.id not in {each.id for each in ANSWER_RULES}
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.meaning.endswith(".")
    assert rule.example
