"""The table against the samples: which members there are, of what type, value and letter case."""

from collections.abc import Iterable, Iterator

from docpact.contract import Evidence, Media
from docpact.contract.interpret.parts import Entry
from docpact.core.span import Span
from docpact.core.violation import plain as as_shown
from docpact.core.violation import scalar
from docpact.lint.context import Subject, last_name, type_of, values_of, within
from docpact.lint.diagnostic import Diagnostic, folded, on_lines
from docpact.lint.sample_document import Printed, Shown
from docpact.lint.values import Type, fits_json, fits_text, is_container, is_stand_in


def check_members(subject: Subject) -> Iterator[Diagnostic]:
    """Where the table and the samples of success contradict each other."""
    if not subject.parts:
        return
    yield from folded(
        tuple(_unlisted(subject)), "{} members of the samples are not in the table: {}"
    )
    yield from folded(
        tuple(_letter_case(subject)),
        "{} names are written in other letter case in the samples: {}",
    )
    if subject.successes:
        unshown = tuple(_unshown(subject))
        yield from folded(
            tuple(each for each in unshown if each.rule == "field-in-no-sample"),
            "{} fields of the table are in no sample: {}",
        )
        yield from folded(
            tuple(each for each in unshown if each.rule == "unplaced-row"),
            "{} fields of the table are in no sample, and nothing tells where they belong: {}",
        )
    yield from folded(
        tuple(_types(subject)),
        "{} members of the samples are of another type than the table says: {}",
    )
    yield from _listed_values(subject)


def _unlisted(subject: Subject) -> Iterator[Diagnostic]:
    found: dict[str, list[Shown]] = {}
    for printed in subject.successes:
        for shown in printed.members:
            if subject.rows_of(shown) or subject.is_parent(shown):
                continue
            if not _is_explained(shown, printed, subject):
                found.setdefault(shown.name, []).append(shown)
    for name, places in found.items():
        spans = tuple(each.span for each in places)
        table = subject.parts.response_span if subject.parts else None
        yield Diagnostic(
            "sample-member-unlisted",
            f"{name} is in the sample ({on_lines(_first_of_each(spans))}) but not in the table",
            spans[0],
            table,
            field=places[0].dotted,
            also=spans[1:],
        )


def _is_explained(shown: Shown, printed: Printed, subject: Subject) -> bool:
    """Whether a member needs no row: it is in a map, in another such member, or wraps items."""
    if any(not each.name and type_of(each) is Type.MAP for each in subject.response):
        return True  # the answer as a whole is a map
    for holder in within(shown, printed):
        rows = subject.rows_of(holder)
        if (
            not rows
            and not subject.is_parent(holder)
            and not _wraps_items(holder, printed, subject)
        ):
            return True  # the holder is told of
        if any(type_of(each) in {Type.MAP, Type.TEXT, Type.OPEN} for each in rows):
            return True
    return _wraps_items(shown, printed, subject)


def _wraps_items(shown: Shown, printed: Printed, subject: Subject) -> bool:
    """Whether it is the Job of <Jobs><Job>…: alone in a list, and only naming its items."""
    parent = shown.path[:-1]
    if not parent or len({each.name for each in printed.members if each.path[:-1] == parent}) > 1:
        return False
    holder = next((each for each in printed.members if each.path == parent), None)
    if holder is None:
        return False
    rows = subject.rows_of(holder)
    lists = any(type_of(each) in {Type.LIST, Type.NONE} for each in rows)
    return lists or shown.repeated or isinstance(shown.value, list)


def _letter_case(subject: Subject) -> Iterator[Diagnostic]:
    found: dict[str, list[Shown]] = {}
    for printed in subject.successes:
        for shown in printed.members:
            rows = subject.rows_of(shown)
            if not rows or _is_in_map(shown, printed, subject):
                continue
            if all(last_name(each) != shown.name for each in rows):
                found.setdefault(shown.name, []).append(shown)
    for name, places in found.items():
        row = subject.rows_of(places[0])[0]
        spans = tuple(each.span for each in places)
        yield Diagnostic(
            "sample-name-case",
            f"the table calls it {last_name(row)}, the sample {name} "
            f"({on_lines(_first_of_each(spans))})",
            spans[0],
            row.span,
            field=subject.field_of(row),
            also=spans[1:],
            expected=last_name(row),
            actual=name,
        )


def _unshown(subject: Subject) -> Iterator[Diagnostic]:
    for entry in subject.response:
        name = last_name(entry)
        if not name or subject.is_heading(entry) or subject.shown_of(entry):
            continue
        evidence = subject.evidence_of(entry)
        rule, place = "field-in-no-sample", ""
        if evidence is Evidence.NOTHING:
            rule, place = "unplaced-row", ", and nothing tells where it belongs"
        elif evidence is not None and evidence.weak:
            parent = ".".join(subject.path_of(entry)[:-1]) or "the top"
            place = f"; only the rows around it tell that it belongs to {parent}"
        yield Diagnostic(
            rule,
            f"{name} is in the table, but in no sample{place}",
            entry.span,
            field=subject.field_of(entry),
            also=tuple(each.span for each in subject.successes),
        )


def _types(subject: Subject) -> Iterator[Diagnostic]:
    """Values in a sample that are of another type than every row of that name says."""
    found: dict[tuple[str, Span], list[Shown]] = {}
    for printed in subject.successes:
        for shown in printed.members:
            rows = subject.rows_of(shown)
            if not rows or _is_in_map(shown, printed, subject):
                continue
            if not _fits(rows, shown, printed) and not _holds_items(rows, shown, printed, subject):
                found.setdefault((shown.name, rows[0].span), []).append(shown)
    for (name, span), places in found.items():
        row = next(each for each in subject.response if each.span == span)
        spans = tuple(each.span for each in places)
        yield Diagnostic(
            "sample-type",
            f"{name} is {_described(places[0], row)} in the sample "
            f"({on_lines(_first_of_each(spans))}); the table says {row.type}",
            spans[0],
            span,
            field=subject.field_of(row),
            also=spans[1:],
            expected=row.type,
            actual=scalar(places[0].value),
        )


def _is_in_map(shown: Shown, printed: Printed, subject: Subject) -> bool:
    return any(
        type_of(row) is Type.MAP
        for holder in within(shown, printed)
        for row in subject.rows_of(holder)
    )


def _fits(rows: Iterable[Entry], shown: Shown, printed: Printed) -> bool:
    kinds = [type_of(each) for each in rows]
    if printed.media is Media.JSON:
        return any(fits_json(kind, shown.value) for kind in kinds)
    if isinstance(shown.value, dict):
        scalars = {Type.TEXT, Type.INTEGER, Type.NUMBER, Type.BOOLEAN}
        return any(kind not in scalars for kind in kinds)
    text = str(shown.value)
    if text.strip() and all(is_container(kind) and kind is not Type.LIST for kind in kinds):
        return False
    return any(fits_text(kind, text) for kind in kinds)


def _holds_items(rows: tuple[Entry, ...], shown: Shown, printed: Printed, subject: Subject) -> bool:
    """Whether the row is that of one item, and the sample has all of them: {"Port": [80, 443]}."""
    if not isinstance(shown.value, list) or not _wraps_items(shown, printed, subject):
        return False
    kinds = [type_of(each) for each in rows]
    return any(all(fits_json(kind, value) for value in shown.value) for kind in kinds)


def _described(shown: Shown, row: Entry) -> str:
    if isinstance(shown.value, str) and not is_container(type_of(row)):
        return f"the text {as_shown(shown.value)}"
    kinds = {bool: "the boolean ", int: "the number ", float: "the number "}
    return f"{kinds.get(type(shown.value), '')}{as_shown(shown.value)}"


def _listed_values(subject: Subject) -> Iterator[Diagnostic]:
    """Values in a sample that no row of that name lists."""
    names = frozenset(last_name(each) for each in (*subject.parameters, *subject.response))
    found: dict[tuple[str, str], list[Shown]] = {}
    for printed in subject.successes:
        for shown in printed.members:
            listed = [values_of(each, names) for each in subject.rows_of(shown)]
            text = _as_listed(shown)
            if not listed or not all(listed) or not text or text in _values(listed):
                continue
            if not _is_in_map(shown, printed, subject):
                found.setdefault((shown.name, text), []).append(shown)
    for (name, text), places in found.items():
        rows = subject.rows_of(places[0])
        known = _values(values_of(each, names) for each in rows)
        spans = tuple(each.span for each in places)
        yield Diagnostic(
            "sample-value-unlisted",
            f"{name} is {as_shown(text)} in the sample ({on_lines(_first_of_each(spans))}); "
            f"the table lists {', '.join(known)}",
            spans[0],
            rows[0].span,
            field=subject.field_of(rows[0]),
            also=spans[1:],
            expected=known,
            actual=text,
        )


def _values(listed: Iterable[tuple[tuple[str, str, Span], ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in listed for value, _, _ in values))


def _as_listed(shown: Shown) -> str:
    if isinstance(shown.value, bool):
        return "true" if shown.value else "false"
    text = str(shown.value).strip() if isinstance(shown.value, str | int | float) else ""
    return "" if is_stand_in(text) else text


def _first_of_each(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Enough lines to find the matter: a list repeats it for each item."""
    return tuple(dict.fromkeys(spans))[:3]
