"""What a rule on pages is: it looks at a page that was taken apart, and reports diagnostics."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from docpact.contract import Contract, Evidence, Field, FieldPath
from docpact.contract.interpret import interpret
from docpact.contract.interpret.parts import FieldRow, Parts, parts_of, requests_on, samples_on
from docpact.contract.interpret.samples import SampleDocument, SampleMember, SampleRole
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.errors import UnreadablePage
from docpact.core.finding import Scalar
from docpact.core.span import Span
from docpact.core.violation import Family, Rule
from docpact.page import CodeBlock, Page, Table

_FEW = 4  # so many names get a diagnostic each; more of one kind share one
_NAMED = 8  # so many of those are named


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a rule noticed: where it shows, and which passage says otherwise."""

    message: str
    span: Span
    against: Span | None = None  # the passage that it contradicts; the same one if not set
    field: str = ""
    also: tuple[Span, ...] = ()  # further lines that show it
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Everything on the page that it is about."""
        return (self.span, *((self.against,) if self.against else ()), *self.also)


def folded(diagnostics: Sequence[Diagnostic], summary: str) -> Sequence[Diagnostic]:
    """The diagnostics, or one in place of all of them if there are too many to read.

    The summary has a place for their number and their names: "{} fields are missing: {}".
    """
    names = list(dict.fromkeys(each.field for each in diagnostics))
    if len(diagnostics) <= _FEW or len(names) <= _FEW // 2:
        return diagnostics
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    message = summary.format(len(names), ", ".join(names[:_NAMED]) + more)
    first, *rest = diagnostics
    return (Diagnostic(message, first.span, first.against, also=tuple(each.span for each in rest)),)


def on_lines(spans: Sequence[Span]) -> str:
    """Lines for a message: "line 5" or "lines 5, 7 and 9"."""
    *lines, last = dict.fromkeys(str(span.first) for span in spans)
    return f"lines {', '.join(lines)} and {last}" if lines else f"line {last}"


@dataclass(frozen=True)
class PageContext:
    """A page with what its tables promise and what its samples show."""

    page: Page
    parts: Parts | None  # nothing if the page has no operation
    contract: Contract | None  # what the page alone comes to, without any ruling
    ruled: Contract | None  # the same with the rulings carried out
    refusal: UnreadablePage | None

    @cached_property
    def parameters(self) -> tuple[FieldRow, ...]:
        """The rows of what a caller passes."""
        return self.parts.parameters if self.parts else ()

    @cached_property
    def response(self) -> tuple[FieldRow, ...]:
        """The rows of what is returned."""
        return self.parts.response if self.parts else ()

    @cached_property
    def rows(self) -> tuple[FieldRow, ...]:
        """All rows."""
        return (*self.parameters, *self.response)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all rows."""
        return frozenset(each.last_name for each in self.rows)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the page."""
        return tuple(each for each in self.page.blocks if isinstance(each, Table))

    @cached_property
    def answers(self) -> tuple[SampleDocument, ...]:
        """The sample answers; those that no parser reads have no members."""
        names = frozenset(each.last_name.lower() for each in self.response)
        return tuple(
            each if each.is_readable else replace(each, members=(), tops=())
            for each in samples_on(self.page, names)
        )

    @cached_property
    def requests(self) -> tuple[CodeBlock, ...]:
        """The sample requests."""
        return tuple(each for each in requests_on(self.page) if each.text.strip())

    @cached_property
    def successes(self) -> tuple[SampleDocument, ...]:
        """The samples of success that show something and are what they claim to be."""
        return tuple(
            each
            for each in self.answers
            if each.role is SampleRole.SUCCESS and each.members and not self.is_failure(each)
        )

    def is_failure(self, answer: SampleDocument) -> bool:
        """Whether a sample is an error: a code and a message that the table does not list."""
        listed = {each.last_name.lower() for each in self.response}
        top = {each.name.lower() for each in answer.members if len(each.path) == 1}
        error = {"code", "message"}
        return answer.root == "Error" or (error <= top and not error <= listed)

    @cached_property
    def success_members(self) -> tuple[tuple[SampleMember, SampleDocument], ...]:
        """Every member of a sample of success, with that sample."""
        return tuple((member, each) for each in self.successes for member in each.members)

    def rows_of(self, member: SampleMember) -> tuple[FieldRow, ...]:
        """The rows that a member of a sample may belong to, whatever their letter case."""
        found = self._rows_by_name.get(member.name.lower(), ())
        return tuple(each for each in found if each.last_name == member.name) or tuple(found)

    @cached_property
    def _rows_by_name(self) -> dict[str, list[FieldRow]]:
        rows: dict[str, list[FieldRow]] = {}
        for each in self.response:
            rows.setdefault(each.last_name.lower(), []).append(each)
        return rows

    def members_of(self, row: FieldRow) -> Sequence[SampleMember]:
        """Every member of a sample of success that has a row's name."""
        return self._members_by_name.get(row.last_name.lower(), ())

    @cached_property
    def _members_by_name(self) -> dict[str, list[SampleMember]]:
        by_name: dict[str, list[SampleMember]] = {}
        for member, _ in self.success_members:
            by_name.setdefault(member.name.lower(), []).append(member)
        return by_name

    def is_heading(self, row: FieldRow) -> bool:
        """Whether a row only introduces the members of a list's items: the X of "Array of X"."""
        if not row.named.name and not row.example:
            return True
        return row.last_name in self._item_types

    @cached_property
    def _item_types(self) -> frozenset[str]:
        types = (each.type for each in self.response)
        return frozenset(each.rpartition(" of ")[2] for each in types if " of " in each)

    def is_parent(self, member: SampleMember) -> bool:
        """Whether rows name a member as the structure that they belong to: Store.Size."""
        return member.name.lower() in self._parents

    @cached_property
    def _parents(self) -> frozenset[str]:
        return frozenset(
            name.lower() for each in self.response for name in each.name.split(".")[:-1]
        )

    @cached_property
    def _fields(self) -> dict[Span, tuple[FieldPath, Field]]:
        walk = self.contract.success.walk() if self.contract else ()
        # A structure without a row cites that of its first member, which comes behind it.
        return {field.origin.span: (path, field) for path, field in walk}

    def path_of(self, row: FieldRow) -> FieldPath:
        """The path of a row's field in the answer, as far as that is known."""
        found = self._fields.get(row.span)
        return found[0] if found else tuple(row.name.split("."))

    def evidence_of(self, row: FieldRow) -> Evidence | None:
        """What shows where a row belongs; nothing where the page could not be compiled."""
        found = self._fields.get(row.span)
        return found[1].evidence if found else None

    def field_of(self, row: FieldRow) -> str:
        """The dotted path of a field's row, and the name of a parameter's."""
        return ".".join(self.path_of(row)) if row.span in self._returned else row.name

    @cached_property
    def _returned(self) -> frozenset[Span]:
        return frozenset(each.span for each in self.response)

    def quote(self, span: Span) -> str:
        """The words on these lines."""
        row = next((each for each in self.rows if each.span == span), None)
        if row is not None:
            return row.quote
        line = self.page.lines[span.first - 1] if span.first <= len(self.page.lines) else ""
        return " ".join(line.split())


def context_of(page: Page, rulings: Rulings = NO_RULINGS) -> PageContext:
    """A page, taken apart as far as it can be.

    Raises BrokenContract if a ruling does not fit the page.
    """
    parts = None
    try:
        parts = parts_of(page)
        contract = interpret(page)
    except UnreadablePage as refusal:
        return PageContext(page, parts, None, None, refusal)
    ruled = interpret(page, rulings) if rulings.ruling else None
    return PageContext(page, parts, contract, ruled, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRule(Rule):
    """One thing that can be wrong with a page, and the function that notices it."""

    family: Family = Family.PAGE
    check: Callable[[PageContext], Iterator[Diagnostic]]
