"""The table against the samples: which members there are, of what type, value and letter case."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from docpact.contract import Evidence, Media
from docpact.contract.interpret.parts import FieldRow
from docpact.contract.interpret.samples import SampleDocument, SampleMember
from docpact.contract.kinds import SCALARS, Kind
from docpact.core.span import Grade
from docpact.core.violation import plain, scalar
from docpact.lint.context import Diagnostic, PageContext, PageRule, folded, on_lines
from docpact.lint.examples import values_of
from docpact.lint.values import (
    fits_json,
    fits_text,
    is_stand_in,
)

_Key = TypeVar("_Key", bound=Hashable)


def _grouped(
    pairs: Iterable[tuple[_Key, SampleMember]],
) -> Iterator[tuple[_Key, Sequence[SampleMember], str]]:
    """The members with one key: a list repeats them for each item; and the lines of the first."""
    groups: dict[_Key, list[SampleMember]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    for key, members in groups.items():
        # Enough lines to find the matter.
        yield key, members, on_lines(list(dict.fromkeys(each.span for each in members))[:3])


def _unlisted(context: PageContext) -> Iterator[Diagnostic]:
    pairs = (
        (member.name, member)
        for member, sample in (context.success_members if context.parts else ())
        if not context.rows_of(member)
        and not context.is_parent(member)
        and not _is_explained(member, sample, context)
    )
    table = context.parts.response_span if context.parts else None
    diagnostics = [
        Diagnostic(
            f"{name} is in the sample ({lines}) but not in the table",
            members[0].span,
            table,
            members[0].dotted,
            also=tuple(each.span for each in members[1:]),
        )
        for name, members, lines in _grouped(pairs)
    ]
    yield from folded(diagnostics, "{} members of the samples are not in the table: {}")


def _is_explained(member: SampleMember, sample: SampleDocument, context: PageContext) -> bool:
    """Whether a member needs no row: it is in a map, in another such member, or wraps items."""
    if any(not each.name and each.named.kind is Kind.MAP for each in context.response):
        return True  # the answer as a whole is a map
    for holder in sample.holders_of(member):
        rows = context.rows_of(holder)
        is_listed = rows or context.is_parent(holder) or _wraps_items(holder, sample, context)
        if not is_listed:
            return True  # the holder is reported
        named = [each.named for each in rows]
        if any(each.is_open or each.kind in {Kind.MAP, Kind.STRING} for each in named):
            return True
    return _wraps_items(member, sample, context)


def _wraps_items(member: SampleMember, sample: SampleDocument, context: PageContext) -> bool:
    """Whether it is the Job of <Jobs><Job>…: alone in a list, and only naming its items."""
    parent = member.path[:-1]
    siblings = {each.name for each in sample.members if each.path[:-1] == parent}
    holder = next((each for each in sample.members if each.path == parent), None)
    if holder is None or len(siblings) > 1:
        return False
    named = [each.named for each in context.rows_of(holder)]
    lists = any(each.is_list or not each.name for each in named)
    return lists or member.repeated or isinstance(member.value, list)


def _with_rows(
    context: PageContext,
) -> Iterator[tuple[SampleMember, SampleDocument, tuple[FieldRow, ...]]]:
    """The members of samples of success with the rows of their names, except within maps."""
    for member, sample in context.success_members:
        rows = context.rows_of(member)
        if rows and not any(
            row.named.kind is Kind.MAP
            for holder in sample.holders_of(member)
            for row in context.rows_of(holder)
        ):
            yield member, sample, rows


def _diagnostic(
    message: str, members: Sequence[SampleMember], row: FieldRow, context: PageContext
) -> Diagnostic:
    """A diagnostic on members of one name, which their row contradicts."""
    also = tuple(each.span for each in members[1:])
    return Diagnostic(message, members[0].span, row.span, context.field_of(row), also)


def _other_case(context: PageContext) -> Iterator[Diagnostic]:
    pairs = (
        (member.name, member)
        for member, _, rows in _with_rows(context)
        if all(each.last_name != member.name for each in rows)
    )
    diagnostics = []
    for name, members, lines in _grouped(pairs):
        row = context.rows_of(members[0])[0]
        message = f"the table has {row.last_name}, the sample {name} ({lines})"
        found = _diagnostic(message, members, row, context)
        diagnostics.append(replace(found, expected=row.last_name, actual=name))
    yield from folded(diagnostics, "{} names are written in other letter case in the samples: {}")


def _unshown(context: PageContext, *, placed: bool) -> Iterator[tuple[FieldRow, str]]:
    """The fields that no sample has, which are placed or not, with the start of a message."""
    for row in context.response if context.successes else ():
        if not row.last_name or context.is_heading(row) or context.members_of(row):
            continue
        if placed is (context.evidence_of(row) is not Evidence.NOTHING):
            yield row, f"{row.last_name} is in the table but in no sample"


def _in_no_sample(context: PageContext) -> Iterator[Diagnostic]:
    diagnostics = []
    for row, message in _unshown(context, placed=True):
        evidence = context.evidence_of(row)
        parent = ".".join(context.path_of(row)[:-1]) or "the top"
        guess = f"; only the rows around it suggest that it belongs to {parent}"
        is_guess = evidence is not None and evidence.weak
        diagnostics.append(_on_row(message + guess * is_guess, row, context))
    yield from folded(diagnostics, "{} fields of the table are in no sample: {}")


def _unplaced(context: PageContext) -> Iterator[Diagnostic]:
    diagnostics = [
        _on_row(f"{message}, and nothing shows where it belongs", row, context)
        for row, message in _unshown(context, placed=False)
    ]
    yield from folded(
        diagnostics,
        "{} fields of the table are in no sample, and nothing shows where they belong: {}",
    )


def _on_row(message: str, row: FieldRow, context: PageContext) -> Diagnostic:
    also = tuple(each.span for each in context.successes)
    return Diagnostic(message, row.span, field=context.field_of(row), also=also)


def _other_types(context: PageContext) -> Iterator[Diagnostic]:
    """Values in a sample that are of another type than every row of that name says."""
    pairs = (
        ((member.name, rows[0].span), member)
        for member, sample, rows in _with_rows(context)
        if not _fits(rows, member, sample) and not _holds_items(rows, member, sample, context)
    )
    diagnostics = []
    for (name, span), members, lines in _grouped(pairs):
        row = next(each for each in context.response if each.span == span)
        said = f"{name} is {_described(members[0], row)} in the sample ({lines})"
        message = f"{said}; the table says {row.type}"
        found = _diagnostic(message, members, row, context)
        actual = scalar(members[0].value)
        diagnostics.append(replace(found, expected=row.type, actual=actual))
    yield from folded(
        diagnostics, "{} members of the samples are of another type than the table says: {}"
    )


def _fits(rows: Iterable[FieldRow], member: SampleMember, sample: SampleDocument) -> bool:
    named = [each.named for each in rows]
    if sample.media is Media.JSON:
        return any(fits_json(each, member.value) for each in named)
    if isinstance(member.value, dict):
        return any(each.kind not in SCALARS for each in named)
    text = str(member.value)
    if text.strip() and all(each.is_container and not each.is_list for each in named):
        return False
    return any(fits_text(each, text) for each in named)


def _holds_items(
    rows: tuple[FieldRow, ...], member: SampleMember, sample: SampleDocument, context: PageContext
) -> bool:
    """Whether the row is that of one item, and the sample has all of them: {"Port": [80, 443]}."""
    values = member.value
    if not isinstance(values, list) or not _wraps_items(member, sample, context):
        return False
    named = [each.named for each in rows]
    return any(all(fits_json(each, value) for value in values) for each in named)


def _described(member: SampleMember, row: FieldRow) -> str:
    names = {bool: "the boolean ", int: "the number ", float: "the number "}
    if not row.named.is_container:
        names[str] = "the text "
    return f"{names.get(type(member.value), '')}{plain(member.value)}"


def _other_values(context: PageContext) -> Iterator[Diagnostic]:
    """Values in a sample that no row of that name lists."""
    pairs = (
        ((member.name, text), member)
        for member, _, rows in _with_rows(context)
        if (text := _text(member)) and text not in _listed(rows, context, (text,))
    )
    for (name, text), members, lines in _grouped(pairs):
        rows = context.rows_of(members[0])
        listed = _listed(rows, context)
        said = f"{name} is {plain(text)} in the sample ({lines})"
        message = f"{said}; the table lists {', '.join(listed)}"
        found = _diagnostic(message, members, rows[0], context)
        yield replace(found, expected=listed, actual=text)


def _listed(
    rows: Iterable[FieldRow], context: PageContext, default: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The values that rows of one name list, or the default if not all of them list any."""
    listed = [values_of(each, context.names) for each in rows]
    if not all(listed):
        return default
    return tuple(dict.fromkeys(each.value for values in listed for each in values))


def _text(member: SampleMember) -> str:
    if isinstance(member.value, bool):
        return "true" if member.value else "false"
    text = str(member.value).strip() if isinstance(member.value, str | int | float) else ""
    return "" if is_stand_in(text) else text


MEMBER_RULES: Final = (
    PageRule(
        "unplaced-row",
        Grade.IMPLIED,
        "Nothing shows where a field belongs",
        "The table is flat, the field is in no sample, and the rows around it belong to different "
        "structures.",
        "|Tag|String|…, in no sample, between the members of two structures",
        check=_unplaced,
    ),
    PageRule(
        "sample-type",
        Grade.STATED,
        "A value in a sample is not of the type that the table says",
        "The table says one type, the sample shows another. Empty values, masked ones and "
        "placeholders are not checked; in XML only texts that cannot be of the type are reported.",
        '|Weight|Integer|… and "Weight": "100"',
        check=_other_types,
    ),
    PageRule(
        "sample-value-unlisted",
        Grade.STATED,
        "A value in a sample is not in the table's list",
        "The row lists the values of the field, and the sample shows another one. Letter case "
        "counts.",
        '|State|…RUNNING: running… and "State": "Running"',
        check=_other_values,
    ),
    PageRule(
        "sample-name-case",
        Grade.STATED,
        "A sample writes a name in other letter case than the table",
        "Clients distinguish names by letter case, so one of the two is wrong, more likely that of "
        "the table.",
        '|RequestId|… and "requestId"',
        check=_other_case,
    ),
    PageRule(
        "sample-member-unlisted",
        Grade.IMPLIED,
        "A member of a sample is not in the table",
        "The sample shows a member without a row. Members of maps, and elements that only wrap the "
        "items of a list, need no row.",
        '"Priority": 1 without a row Priority',
        check=_unlisted,
    ),
    PageRule(
        "field-in-no-sample",
        Grade.IMPLIED,
        "A field of the table is in no sample",
        "The page does not say whether an answer may leave the field out. Where the table is flat, "
        "only the rows around it suggest where it belongs.",
        "|EndTime|Long|…, which no sample shows",
        "A page whose sample is of an answer that cannot have the field.",
        check=_in_no_sample,
    ),
)
