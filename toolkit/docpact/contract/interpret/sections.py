"""What each table of a page is about: the headings and words that announce it."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto

from docpact.contract.interpret import lexicon
from docpact.page import BulletList, Heading, Page, Paragraph, Table

_WORD = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_LABEL = 40  # a longer line above a table is a sentence, and no heading
_LONGEST_INTRODUCTION = 200


class Section(Enum):
    """The parts of a page that tables belong to."""

    REQUEST = auto()
    RESPONSE = auto()
    OTHER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Announced:
    """A table with what stands above it."""

    table: Table
    section: Section
    place: str  # where its parameters travel, if a heading says so
    heading: str  # the nearest heading
    introduction: str  # what announces this table alone, within its section


def announced(page: Page) -> Iterator[Announced]:
    """Every table with what it is about."""
    headings: list[Heading] = []
    title = next((each for each in page.blocks if isinstance(each, Heading)), None)
    above = ""
    for block in page.blocks:
        if isinstance(block, Heading):
            headings = [each for each in headings if each.level < block.level] + [block]
            above = ""
        elif isinstance(block, Table):
            yield _announced(block, [each.text for each in headings if each is not title], above)
            above = ""
        else:
            above = _line(block)


def _line(block: object) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return block.bullets[-1].text if isinstance(block, BulletList) else ""


def _announced(table: Table, headings: Sequence[str], above: str) -> Announced:
    label = above if len(above) <= _LONGEST_LABEL else ""
    # A line of its own above the table counts only if it names a section.
    labels = [label] if _section(label) in {Section.REQUEST, Section.RESPONSE} else []
    nearest = [*labels, *reversed(headings)]
    known = [(text, found) for text in nearest if (found := _section(text)) is not Section.UNKNOWN]
    text, section = known[0] if known else ("", Section.UNKNOWN)
    below = nearest[: nearest.index(text)] if known else nearest
    introduction = above if above and above != text else ""
    return Announced(
        table,
        section,
        _place([text, *below]),
        nearest[0] if nearest else "",
        "\n".join([*below, introduction]).strip()[:_LONGEST_INTRODUCTION],
    )


def _section(text: str) -> Section:
    if not text:
        return Section.UNKNOWN
    if lexicon.OTHER_HEADING.search(text):
        return Section.OTHER
    is_request = lexicon.REQUEST_HEADING.search(text)
    is_response = lexicon.RESPONSE_HEADING.search(text)
    if is_request and is_response:  # "what the request returns" is about what comes last
        return Section.RESPONSE if is_response.start() > is_request.start() else Section.REQUEST
    if is_request:
        return Section.REQUEST
    return Section.RESPONSE if is_response else Section.UNKNOWN


def _place(texts: Sequence[str]) -> str:
    return next(filter(None, map(lexicon.place_named, reversed(texts))), "")


def name_in(text: str, names: Set[str]) -> str:
    """The first of some names that a text has as a word of its own, or nothing."""
    return next((word for word in _WORD.findall(text) if word in names), "")
