"""Read the tables of what a caller passes and of what is returned."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.entry import (
    FieldRow,
    columns_of,
    entries_of,
    nested_in,
    shortened,
    word_of,
)
from docpact.contract.kinds import Kind, type_named
from docpact.contract.model import Doubt
from docpact.core.span import Grade, Origin, Span
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


_SIMPLE = re.compile(r"(integer|int\d*|long|short|float|double|number|bool(ean)?)\b", re.IGNORECASE)
_TYPE_NAME = re.compile(
    r"\b(?!(?:array|list|of|struct|object|map|string|text|json|any|type)\b)[A-Za-z]\w{2,}",
    re.IGNORECASE,
)
_WORD_LENGTH = 40
_LINK_WITHIN = "](#"  # to a table further down that describes the type
_NESTED_IN_TEXT = re.compile(
    r"字段|子参数|成员|结构|\bfields?\b|\bmembers?\b|\bstruct|\bsub-?parameters?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of a page's tables."""

    parameters: tuple[FieldRow, ...]
    response: tuple[FieldRow, ...]
    spans: tuple[Span, ...]  # of the tables of what is returned
    doubts: tuple[Doubt, ...]
    whole: Span | None = None  # a row that makes a list or a map of the answer as a whole


@dataclass(slots=True)
class _Reading:
    page: Page
    parameters: list[FieldRow] = field(default_factory=list)
    response: list[FieldRow] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    owners: dict[Section, dict[str, str]] = field(default_factory=dict)  # names of types and rows
    links: set[Section] = field(default_factory=set)  # where types are described further down
    whole: Span | None = None

    def add(self, said: Announced) -> None:
        columns = columns_of(said.table.header)
        if "name" not in columns or not {"description", "type"} & columns.keys():
            if said.section is Section.RESPONSE and said.table.rows:
                self.doubt("unread-table", "no column has names, so the table is left out", said)
            return
        section = said.section
        if section is not Section.RESPONSE and "required" in columns:
            section = Section.REQUEST
        entries = entries_of(said.table, columns)
        if section is Section.RESPONSE:
            self._add_response(said, entries)
        elif section is Section.REQUEST and ("required" in columns or "type" in columns):
            self._add_parameters(said, entries)

    def _add_response(self, said: Announced, entries: Sequence[FieldRow]) -> None:
        owner = self._owner(Section.RESPONSE, said)
        if owner is None:
            message = "nothing tells whose members the table describes, so it is left out"
            self.doubt("nested-table", message, said)
            return
        for each in entries:
            if not each.name:  # such as the answer as a whole, whose members follow
                self._regret(each)
                if not (self.response or owner) and _holds_all(each.type):
                    self.whole = self.whole or each.span
        self.response += [nested_in(each, owner) for each in entries] if owner else entries
        self.spans.append(said.table.span)
        self._remember(Section.RESPONSE, entries)

    def _add_parameters(self, said: Announced, entries: Sequence[FieldRow]) -> None:
        owner = self._owner(Section.REQUEST, said)
        if owner != "":
            message = f"the table describes what is in {owner or 'a parameter'}, so it is left out"
            self.doubt("nested-table", message, said)
            return
        for each in entries:
            if not each.name:  # such as the body as a whole, whose members follow
                self._regret(each)
            elif word_of(each.says_required) not in lexicon.YES | lexicon.NO:
                word = shortened(each.says_required, _WORD_LENGTH)
                message = f"whether {each.name} must be passed is said by {word!r}, taken for no"
                self.doubts.append(Doubt("unclear-required", message, each.origin))
        self.parameters += [replace(each, place=each.place or said.place) for each in entries]
        self._remember(Section.REQUEST, entries)

    def _regret(self, entry: FieldRow) -> None:
        message = f"a row without a name ({entry.type or 'no type'}) is left out"
        self.doubts.append(Doubt("nameless-row", message, entry.origin))

    def _owner(self, section: Section, said: Announced) -> str | None:
        """The row whose members a table describes; empty if none, nothing if that is unknown."""
        owners = self.owners.get(section)
        if owners is None:
            return ""
        name = name_in(said.introduction, owners.keys())
        if name and (section is Section.RESPONSE or _NESTED_IN_TEXT.search(said.introduction)):
            return owners[name]
        return None if section in self.links and not said.introduction else ""

    def _remember(self, section: Section, entries: Sequence[FieldRow]) -> None:
        owners = self.owners.setdefault(section, {})
        for each in entries:
            if _SIMPLE.match(each.type) or (section is Section.RESPONSE and _is_text(each)):
                continue
            owners.setdefault(each.name.rpartition(".")[2], each.name)
            for word in _TYPE_NAME.findall(each.type):
                owners.setdefault(word, each.name)
            if _LINK_WITHIN in self.page.lines[each.span.first - 1]:
                self.links.add(section)

    def doubt(self, kind: str, message: str, said: Announced) -> None:
        self.doubts.append(Doubt(kind, message, Origin(said.table.span, Grade.ASSUMED)))


def tables_on(page: Page) -> Tables:
    """The rows of all tables of parameters, with doubts about what is left out."""
    reading = _Reading(page)
    for said in announced(page):
        reading.add(said)
    return Tables(
        tuple(reading.parameters),
        tuple(reading.response),
        tuple(reading.spans),
        tuple(reading.doubts),
        reading.whole,
    )


def _holds_all(type_name: str) -> bool:
    named = type_named(type_name)
    return named.is_list or named.kind is Kind.MAP


def _is_text(entry: FieldRow) -> bool:
    return type_named(entry.type).kind is Kind.STRING
