"""Examples and listed values: of their type, of their list and form, and in agreement."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Final, NamedTuple

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import FieldRow
from docpact.contract.kinds import Kind
from docpact.core.span import Grade, Span
from docpact.core.violation import plain
from docpact.lint.context import Diagnostic, PageContext, PageRule, on_lines
from docpact.lint.requests import unfilled
from docpact.lint.values import (
    fits_text,
    has_open_quote,
    is_json,
    is_mask,
    is_placeholder,
    is_stand_in,
    looks_like_json,
)

_LISTED = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)\s*(?:[：:]\s*(.*))?", re.DOTALL)
_QUALIFIED = re.compile(r"(?P<bare>.*?)\s*[（(](?P<qualifier>[^（()）]+)[)）]", re.DOTALL)
_RELATED = 2  # values in common that make two lists be about the same matter


@dataclass(frozen=True, slots=True)
class ListedValue:
    """A value that a row lists."""

    value: str
    meaning: str
    span: Span


def values_of(row: FieldRow, names: frozenset[str]) -> tuple[ListedValue, ...]:
    """The values that a row lists; none unless every bullet names one.

    A bullet that begins with the name of another row is a comment on that one.
    """
    found = []
    for bullet in row.values:
        match = _LISTED.fullmatch(bullet.text)
        if match is None or match[1] in names:
            return ()
        meaning = (match[2] or "").strip().rstrip(lexicon.END_OF_SENTENCE)
        found.append(ListedValue(match[1], meaning, bullet.span))
    return tuple(found)


_SEPARATORS = re.compile(r"\s*[,，、;|]\s*")
_DATE_FORM = re.compile(
    r"[Yy]{4}-[Mm]{2}-[Dd]{2}(?:'?[Tt ]'?[Hh]{2}:[Mm]{2}(?::[Ss]{2})?(?:'?Z'?)?)?"
)


def _types(context: PageContext) -> Iterator[Diagnostic]:
    for row in context.rows:
        named = row.named
        if not named.is_container and not fits_text(named, row.example):
            message = f"{_has_example(row)}, which is not of type {row.type}"
            field = context.field_of(row)
            yield Diagnostic(message, row.span, field=field, expected=row.type)


def _has_example(row: FieldRow) -> str:
    return f"{row.last_name} has the example {plain(row.example)}"


def _unlisted(context: PageContext) -> Iterator[Diagnostic]:
    for row in context.rows:
        values = tuple(each.value for each in values_of(row, context.names))
        example = row.example.strip()
        if not values or not example or is_stand_in(example) or looks_like_json(example):
            continue
        parts = [each for each in _SEPARATORS.split(example) if each]
        if row.named.is_container or example in values or set(parts) <= set(values):
            continue
        message = f"{_has_example(row)}; the row lists {', '.join(values)}"
        field = context.field_of(row)
        yield Diagnostic(message, row.span, field=field, expected=values)


def _other_dates(context: PageContext) -> Iterator[Diagnostic]:
    for row in context.rows:
        form = _DATE_FORM.search(row.description.prose)
        if form is None or is_stand_in(row.example) or not row.example[:1].isdigit():
            continue
        bare = form[0].replace("'", "")
        pattern = re.sub(r"(?![TZ])[A-Za-z]", lambda _: r"\d", bare)
        if re.fullmatch(pattern, row.example.strip()) is None:
            message = f"{_has_example(row)}, which is not of the form {bare}"
            yield Diagnostic(message, row.span, field=context.field_of(row), expected=bare)


def _documents(context: PageContext) -> Iterator[FieldRow]:
    """The rows whose examples are not JSON, as far as that can be seen."""
    rows = (each for each in context.rows if each.example)
    return (each for each in rows if "***" not in each.example and not is_json(each.example))


def _open_quotes(context: PageContext) -> Iterator[Diagnostic]:
    for row in _documents(context):
        if has_open_quote(row.example):
            yield Diagnostic(
                f"{row.last_name} has an example with a quotation mark that is never closed",
                row.span,
                field=context.field_of(row),
                also=tuple(each.span for each in context.members_of(row)),
                actual=row.example[:80],
            )


def _not_json(context: PageContext) -> Iterator[Diagnostic]:
    for row in _documents(context):
        is_map = row.named.kind is Kind.MAP
        if looks_like_json(row.example) and not has_open_quote(row.example) and not is_map:
            members = context.members_of(row)
            is_empty = members and all(each.value in ("", None) for each in members)
            empty = ", and the samples leave it empty" if is_empty else ""
            message = f"{_has_example(row)}, which looks like JSON but is not{empty}"
            also = tuple(each.span for each in members)
            yield Diagnostic(message, row.span, field=context.field_of(row), also=also)
    for row in context.response:
        yield from _not_json_in_samples(row, context)


def _not_json_in_samples(row: FieldRow, context: PageContext) -> Iterator[Diagnostic]:
    """The first text of that name in a sample that looks like JSON and is not."""
    named = row.named
    if named.kind is not Kind.STRING and not named.is_open:
        return
    for member in context.members_of(row):
        text = member.value
        if not isinstance(text, str) or not looks_like_json(text) or "***" in text:
            continue
        if not is_json(text):
            message = f"{member.name} of the sample is {plain(text)}, which is not JSON"
            yield Diagnostic(message, member.span, row.span, field=context.field_of(row))
            return


class StandIn(NamedTuple):
    """A value in place of an example, in a table or in a sample."""

    name: str
    value: str
    span: Span
    field: str


def _stand_ins(context: PageContext, is_such: Callable[[str], bool]) -> Iterator[StandIn]:
    for row in context.rows:
        if is_such(row.example):
            yield StandIn(row.last_name, row.example.strip(), row.span, context.field_of(row))
    for member in (member for each in context.answers for member in each.members):
        if isinstance(member.value, str) and is_such(member.value):
            yield StandIn(member.name, member.value.strip(), member.span, member.dotted)


def _masked(context: PageContext) -> Iterator[Diagnostic]:
    """Masked values: one diagnostic for each name."""
    found = sorted(_stand_ins(context, is_mask), key=lambda each: (each.name, each.span.first))
    for name, group in groupby(found, key=lambda each: each.name):
        first, *others = group
        spans = (first.span, *(each.span for each in others))
        message = f"{name} is masked ({on_lines(spans[:4])}), so the page does not show its form"
        yield Diagnostic(message, first.span, field=first.field, also=spans[1:])


def _placeholders(context: PageContext) -> Iterator[Diagnostic]:
    found: dict[tuple[str, str], list[StandIn]] = {}
    names: dict[str, str] = {}
    for each in _stand_ins(context, is_placeholder):
        names.setdefault(each.name.lower(), each.name)
        found.setdefault((each.name.lower(), each.value), []).append(each)
    for (lower, value), (first, *others) in found.items():
        message = f"{names[lower]} has the placeholder {plain(value)} instead of an example"
        also = tuple(each.span for each in others)
        yield Diagnostic(message, first.span, field=names[lower], also=also)
    for name, value, span in unfilled(context):
        message = f"the sample request has the placeholder {plain(value)} for {name}"
        yield Diagnostic(message, span, field=name)


def _pairs(
    context: PageContext,
) -> Iterator[tuple[FieldRow, dict[str, ListedValue], FieldRow, dict[str, ListedValue]]]:
    """Every two rows that list values, with these by name."""
    lists = [
        (row, {each.value: each for each in values})
        for row in context.rows
        if (values := values_of(row, context.names))
    ]
    for (one, here), (other, there) in combinations(lists, 2):
        yield one, here, other, there


def _differing_meanings(context: PageContext) -> Iterator[Diagnostic]:
    """A value with one meaning that is given to different things in brackets."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for one, here, other, there in _pairs(context):
        shared = here.keys() & there.keys()
        for each in here.values() if len(shared) >= _RELATED else ():
            if each.value not in shared:
                continue
            against = there[each.value]
            first, second = (_QUALIFIED.fullmatch(x.meaning) for x in (each, against))
            if not first or not second or first["bare"] != second["bare"]:
                continue
            key = (each.value, frozenset({first["qualifier"], second["qualifier"]}))
            if first["qualifier"] == second["qualifier"] or key in seen:
                continue
            seen.add(key)
            message = (
                f"{each.value} is “{each.meaning}” for {one.last_name}, "
                f"but “{against.meaning}” for {other.last_name} (line {against.span.first})"
            )
            field = context.field_of(one)
            yield Diagnostic(message, each.span, against.span, field, actual=each.value)


def _differing_lists(context: PageContext) -> Iterator[Diagnostic]:
    """Lists of two fields with one name that differ though they overlap."""
    seen: set[frozenset[frozenset[str]]] = set()
    for one, here, other, there in _pairs(context):
        if one.last_name.lower() != other.last_name.lower():
            continue
        key = frozenset({frozenset(here), frozenset(there)})
        if len(key) == 1 or not here.keys() & there.keys() or key in seen:
            continue
        seen.add(key)
        extra = [f"{each} is only here" for each in here if each not in there]
        extra += [f"{each} only there" for each in there if each not in here]
        message = (
            f"{one.last_name} lists other values than on line {other.span.first}: "
            f"{', '.join(extra)}"
        )
        yield Diagnostic(message, one.span, other.span, context.field_of(one))


EXAMPLE_RULES: Final = (
    PageRule(
        "example-type",
        Grade.STATED,
        "An example value is not of its row's type",
        "Integers are digits, booleans are true or false. Masked values and placeholders are not "
        "checked.",
        "|Id|Long|abc|ID|",
        check=_types,
    ),
    PageRule(
        "example-unlisted",
        Grade.STATED,
        "An example value is not in its row's own list",
        "The description lists the values, and the example is not one of them. Letter case counts.",
        "|State|String|Running|RUNNING: running; PAUSED: paused|",
        check=_unlisted,
    ),
    PageRule(
        "example-form",
        Grade.STATED,
        "An example date is not of the form that its row gives",
        "The description gives a form such as YYYY-MM-DDThh:mm:ssZ, and the example has another.",
        "|EndTime|String|2020-01-31|in the form YYYY-MM-DDThh:mm:ssZ|",
        check=_other_dates,
    ),
    PageRule(
        "example-not-json",
        Grade.IMPLIED,
        "An example looks like JSON but is not",
        "It begins and ends with the brackets of JSON, but no parser reads it: names without "
        "quotation marks, single quotes, a comma too many.",
        "{a:b}",
        "A page that uses another notation.",
        check=_not_json,
    ),
    PageRule(
        "open-quote",
        Grade.STATED,
        "An example has a quotation mark that is never closed",
        "The number of quotation marks, without escaped ones, is odd.",
        '"{}',
        "An example that has a quotation mark for inches.",
        check=_open_quotes,
    ),
    PageRule(
        "masked-example",
        Grade.ASSUMED,
        "An example value is masked",
        "The value has asterisks in place of characters, so the page does not show its form.",
        "rcmp9x37ztfb63g1x7lt****",
        "A page that has to mask values that belong to somebody.",
        check=_masked,
    ),
    PageRule(
        "placeholder-text",
        Grade.ASSUMED,
        "A placeholder is in place of a value",
        "The value is a word that the author should have replaced: undefined, xxxx, your-id, "
        "[name].",
        "Action=undefined",
        check=_placeholders,
    ),
    PageRule(
        "enum-meanings-disagree",
        Grade.STATED,
        "A value in two related lists has different meanings",
        "Two fields list values in common, and the meanings of one value differ only in the words "
        "in brackets, which name different things.",
        "FAILED: failed (batch job) and FAILED: failed (stream job)",
        check=_differing_meanings,
    ),
    PageRule(
        "enums-differ",
        Grade.IMPLIED,
        "Two fields with the same name list different values",
        "A parameter and a field, or fields of two structures, have the same name, and lists "
        "that overlap but are not equal.",
        "a parameter Status without PENDING, and a field Status with it",
        "A page where some states can be returned but cannot be requested.",
        check=_differing_lists,
    ),
)
