"""Listed values of related fields: one value means one thing, one name has one list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import FieldRow
from docpact.core.span import Grade, Span
from docpact.lint.context import Diagnostic, PageContext, PageRule

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


def _meanings(context: PageContext) -> Iterator[Diagnostic]:
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


def _lists(context: PageContext) -> Iterator[Diagnostic]:
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


ENUM_RULES: Final = (
    PageRule(
        "enum-meanings-disagree",
        Grade.STATED,
        "One value of two related lists is given to different things",
        "Two fields list values in common, and one of these has the same meaning except for the "
        "words in brackets, which tie it to different things.",
        "FAILED: failed (batch job) and FAILED: failed (stream job)",
        check=_meanings,
    ),
    PageRule(
        "enums-differ",
        Grade.IMPLIED,
        "Two fields of one name list different values",
        "A parameter and a field, or fields of two structures, have one name and lists that "
        "overlap but are not the same.",
        "a parameter Status without PENDING, and a field Status with it",
        "A page on which some states cannot be asked for.",
        check=_lists,
    ),
)
