"""What is looked at: a page, taken apart as far as it can be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from docpact.contract import Contract, Evidence, FieldPath
from docpact.contract.interpret import interpret, lexicon
from docpact.contract.interpret.blocks import Role
from docpact.contract.interpret.parts import Entry, Parts, parts_of
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.errors import UnreadablePage
from docpact.core.span import Span
from docpact.lint.sample_document import (
    Printed,
    PrintedRequest,
    Shown,
    answers_on,
    requests_on,
)
from docpact.lint.values import Type, type_named
from docpact.page import Page, Table

_LISTED = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)\s*(?:[：:]\s*(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Subject:
    """A page with what it promises and what it prints."""

    page: Page
    parts: Parts | None  # nothing where there is no operation to find
    contract: Contract | None  # what the page alone comes to, without any ruling
    ruled: Contract | None  # the same with the rulings carried out
    refusal: UnreadablePage | None

    @cached_property
    def parameters(self) -> tuple[Entry, ...]:
        """The rows of what a caller passes."""
        return self.parts.parameters if self.parts else ()

    @cached_property
    def response(self) -> tuple[Entry, ...]:
        """The rows of what is returned."""
        return self.parts.response if self.parts else ()

    @cached_property
    def answers(self) -> tuple[Printed, ...]:
        """The sample answers, well-formed or not."""
        names = frozenset(last_name(each).lower() for each in self.response)
        return answers_on(self.page, names)

    @cached_property
    def requests(self) -> tuple[PrintedRequest, ...]:
        """The sample requests."""
        return requests_on(self.page)

    @cached_property
    def successes(self) -> tuple[Printed, ...]:
        """The samples of success that show something and are what they claim to be."""
        return tuple(
            each
            for each in self.answers
            if each.role is Role.SUCCESS and each.members and not is_failure(each, self.response)
        )

    @cached_property
    def _rows(self) -> dict[str, tuple[Entry, ...]]:
        rows: dict[str, list[Entry]] = {}
        for each in self.response:
            rows.setdefault(last_name(each).lower(), []).append(each)
        return {name: tuple(found) for name, found in rows.items()}

    def rows_of(self, shown: Shown) -> tuple[Entry, ...]:
        """The rows that a member of a sample may belong to, whatever their letter case."""
        found = self._rows.get(shown.name.lower(), ())
        exact = tuple(each for each in found if last_name(each) == shown.name)
        return exact or found

    def shown_of(self, entry: Entry) -> tuple[Shown, ...]:
        """Every member of a sample of success that has a row's name."""
        return self._shown.get(last_name(entry).lower(), ())

    @cached_property
    def _shown(self) -> dict[str, tuple[Shown, ...]]:
        by_name: dict[str, list[Shown]] = {}
        for printed in self.successes:
            for shown in printed.members:
                by_name.setdefault(shown.name.lower(), []).append(shown)
        return {name: tuple(found) for name, found in by_name.items()}

    def is_heading(self, entry: Entry) -> bool:
        """Whether a row only heads the members of a list's items: the X of "Array of X"."""
        if type_of(entry) is Type.NONE and not entry.example:
            return True
        return last_name(entry) in self._items

    @cached_property
    def _items(self) -> frozenset[str]:
        types = (each.type for each in self.response)
        return frozenset(each.rpartition(" of ")[2] for each in types if " of " in each)

    @cached_property
    def _paths(self) -> dict[Span, FieldPath]:
        if self.contract is None:
            return {}
        return {field.origin.span: path for path, field in self.contract.success.walk()}

    def path_of(self, entry: Entry) -> FieldPath:
        """Where a row stands in the answer, as far as that is known."""
        return self._paths.get(entry.span, tuple(entry.name.split(".")))

    @cached_property
    def _parents(self) -> frozenset[str]:
        return frozenset(
            name.lower() for each in self.response for name in each.name.split(".")[:-1]
        )

    def is_parent(self, shown: Shown) -> bool:
        """Whether rows name a member as the structure that they belong to: Store.Size."""
        return shown.name.lower() in self._parents

    def evidence_of(self, entry: Entry) -> Evidence | None:
        """What tells where a row belongs; nothing where the page could not be compiled."""
        return self._evidence.get(entry.span)

    @cached_property
    def _evidence(self) -> dict[Span, Evidence]:
        found: dict[Span, Evidence] = {}
        for _, field in self.contract.success.walk() if self.contract else ():
            found.setdefault(field.origin.span, field.evidence)
        return found

    @cached_property
    def returned(self) -> frozenset[Span]:
        """Where the rows of what is returned stand."""
        return frozenset(each.span for each in self.response)

    def field_of(self, entry: Entry) -> str:
        """The dotted path of a row."""
        return ".".join(self.path_of(entry))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the page."""
        return tuple(each for each in self.page.blocks if isinstance(each, Table))

    @cached_property
    def _entries(self) -> dict[Span, Entry]:
        return {each.span: each for each in reversed((*self.parameters, *self.response))}

    def quote(self, span: Span) -> str:
        """The words that stand there."""
        row = self._entries.get(span)
        if row is not None:
            return row.quote
        line = self.page.lines[span.first - 1] if span.first <= len(self.page.lines) else ""
        return " ".join(line.split())


def subject_of(page: Page, rulings: Rulings = NO_RULINGS) -> Subject:
    """A page, taken apart as far as it can be.

    Raises BrokenContract if a ruling does not fit the page.
    """
    try:
        parts, contract = parts_of(page), interpret(page)
    except UnreadablePage as refusal:
        return Subject(page, _parts(page), None, None, refusal)
    ruled = interpret(page, rulings) if rulings.ruling else None
    return Subject(page, parts, contract, ruled, None)


def _parts(page: Page) -> Parts | None:
    try:
        return parts_of(page)
    except UnreadablePage:
        return None


def last_name(entry: Entry) -> str:
    """The row's name without those of the structures that it names before it."""
    return entry.name.rpartition(".")[2]


def type_of(entry: Entry) -> Type:
    """The type that a row names."""
    return type_named(entry.type)


def values_of(entry: Entry, others: frozenset[str]) -> tuple[tuple[str, str, Span], ...]:
    """The values that a row lists, each with its meaning; none unless every bullet names one.

    A bullet that names another row diagnostics on that one.
    """
    found = []
    for bullet in entry.values:
        match = _LISTED.fullmatch(bullet.text)
        if match is None or match[1] in others:
            return ()
        meaning = (match[2] or "").strip().rstrip(lexicon.END_OF_SENTENCE)
        found.append((match[1], meaning, bullet.span))
    return tuple(found)


def is_failure(printed: Printed, response: tuple[Entry, ...]) -> bool:
    """Whether a sample is an error's body: a code and a message that the table does not list."""
    if printed.root == "Error":
        return True
    known = {last_name(each).lower() for each in response}
    top = {each.name.lower() for each in printed.members if len(each.path) == 1}
    return {"code", "message"} <= top and not {"code", "message"} <= known


def within(shown: Shown, printed: Printed) -> Iterator[Shown]:
    """The members that a member stands in, from the top down."""
    for length in range(1, len(shown.path)):
        for each in printed.members:
            if each.path == shown.path[:length]:
                yield each
                break
