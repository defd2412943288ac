"""Read the tables of what a caller passes and of what is returned."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.entry import (
    Entry,
    columns_of,
    entries_of,
    nested_in,
    shortened,
    word_of,
)
from docpact.contract.interpret.sections import Announced, Section, announced, name_in
from docpact.contract.model import Doubt
from docpact.page import Page
from docpact.span import Grade, Origin, Span

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

    parameters: tuple[Entry, ...]
    response: tuple[Entry, ...]
    spans: tuple[Span, ...]  # of the tables of what is returned
    doubts: tuple[Doubt, ...]
    whole: Span | None = None  # a row that makes a list or a map of the answer as a whole


@dataclass(slots=True)
class _Reading:
    page: Page
    parameters: list[Entry] = field(default_factory=list)
    response: list[Entry] = field(default_factory=list)
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

    def _add_response(self, said: Announced, entries: Sequence[Entry]) -> None:
        owner = self._owner(Section.RESPONSE, said)
        if owner is None:
            message = "nothing tells whose members the table describes, so it is left out"
            self.doubt("nested-table", message, said)
            return
        for each in entries:
            if not each.name:  # such as the answer as a whole, whose members follow
                self._regret(each)
                if not (self.response or owner) and lexicon.HOLDS_ALL.match(each.type):
                    self.whole = self.whole or each.span
        self.response += [nested_in(each, owner) for each in entries] if owner else entries
        self.spans.append(said.table.span)
        self._remember(Section.RESPONSE, entries)

    def _add_parameters(self, said: Announced, entries: Sequence[Entry]) -> None:
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

    def _regret(self, entry: Entry) -> None:
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

    def _remember(self, section: Section, entries: Sequence[Entry]) -> None:
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


def _is_text(entry: Entry) -> bool:
    return entry.type.lower() in {"string", "text"}
