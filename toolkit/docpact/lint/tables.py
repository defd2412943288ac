"""The tables as such: rows that add up, types that are known, no row twice."""

from collections.abc import Iterator

from docpact.contract.interpret.parts import Entry
from docpact.lint.context import Subject, last_name, type_of
from docpact.lint.diagnostic import Diagnostic, folded
from docpact.lint.values import Type, is_container
from docpact.page import Heading, Paragraph, ProblemKind

_ROWS = frozenset(
    {ProblemKind.ROW_DOES_NOT_ADD_UP, ProblemKind.ROW_OUTSIDE_TABLE, ProblemKind.TEXT_BELOW_ROW}
)
_UNCLEAR = frozenset(
    {
        "nested-table",
        "unread-table",
        "nameless-row",
        "several-operations",
        "unclear-required",
        "path-of-sample",
    }
)


def check_tables(subject: Subject) -> Iterator[Diagnostic]:
    """What cannot be read off a table, or only by a guess."""
    for problem in subject.page.problems:
        rule = "table-does-not-add-up" if problem.kind in _ROWS else "open-code-block"
        yield Diagnostic(rule, problem.message, problem.span)
    for entry in (*subject.parameters, *subject.response):
        yield from _type(entry, subject)
    yield from folded(
        tuple(_merged(subject)), "{} rows lack cells, so those of the rows above are taken: {}"
    )
    yield from _half_lists(subject)
    yield from _unclear(subject)
    for table in subject.tables:
        rows = {row.span for row in table.rows}
        yield from _repeated([each for each in subject.parameters if each.span in rows], subject)
        yield from _repeated([each for each in subject.response if each.span in rows], subject)


def _type(entry: Entry, subject: Subject) -> Iterator[Diagnostic]:
    kind = type_of(entry)
    if kind is Type.UNKNOWN and not _is_defined(entry, subject):
        message = f"{last_name(entry)} has the unknown type {entry.type}"
        yield Diagnostic("unknown-type", message, entry.span, field=_field(entry, subject))
    elif kind is Type.NONE and entry.example:
        message = f"{last_name(entry)} has no type"
        yield Diagnostic("unknown-type", message, entry.span, field=_field(entry, subject))


def _is_defined(entry: Entry, subject: Subject) -> bool:
    """Whether the page speaks of the type elsewhere, or names it like the row itself."""
    if entry.type.lower() == last_name(entry).lower():
        return True
    titles = (each.text for each in subject.page.blocks if isinstance(each, Heading | Paragraph))
    return any(entry.type in each for each in titles)


def _half_lists(subject: Subject) -> Iterator[Diagnostic]:
    if subject.contract is not None:
        for doubt in subject.contract.doubts:
            if doubt.kind == "half-a-list":
                yield Diagnostic("half-a-list", doubt.message, doubt.origin.span)


def _unclear(subject: Subject) -> Iterator[Diagnostic]:
    """What the contract leaves out, or rests on a guess."""
    told = subject.contract or subject.parts
    for doubt in told.doubts if told else ():
        if doubt.kind in _UNCLEAR:
            yield Diagnostic("unclear-part", doubt.message, doubt.origin.span)


def _merged(subject: Subject) -> Iterator[Diagnostic]:
    for entry in (*subject.parameters, *subject.response):
        if entry.merged:
            message = f"{last_name(entry)} lacks cells, so those of the row above are taken"
            yield Diagnostic("merged-cells", message, entry.span, field=_field(entry, subject))


def _field(entry: Entry, subject: Subject) -> str:
    return subject.field_of(entry) if entry.span in subject.returned else entry.name


def _repeated(entries: list[Entry], subject: Subject) -> Iterator[Diagnostic]:
    """A name that comes again while no structure began in between."""
    seen: dict[tuple[int, str], Entry] = {}
    for entry in entries:
        if is_container(type_of(entry)) or type_of(entry) in {Type.NONE, Type.UNKNOWN}:
            seen.clear()
        key = (entry.depth, entry.name)
        first = seen.get(key)
        if first is not None and entry.name and not _is_shown_twice(entry, subject):
            message = f"{entry.name} has a row already, on line {first.span.first}"
            yield Diagnostic(
                "repeated-row", message, entry.span, first.span, field=_field(entry, subject)
            )
        seen[key] = entry


def _is_shown_twice(entry: Entry, subject: Subject) -> bool:
    """Whether a sample has the name at several places, so that several rows are right."""
    return len({each.path for each in subject.shown_of(entry)}) > 1
