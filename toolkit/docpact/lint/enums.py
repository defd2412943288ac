"""Listed values of related fields: one value means one thing, one name has one list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from docpact.contract.interpret.parts import Entry
from docpact.core.span import Span
from docpact.lint.context import Subject, last_name, values_of
from docpact.lint.diagnostic import Diagnostic

_QUALIFIED = re.compile(r"(?P<bare>.*?)\s*[（(](?P<qualifier>[^（()）]+)[)）]", re.DOTALL)
_RELATED = 2  # values in common that make two lists speak of the same matter


@dataclass(frozen=True, slots=True)
class Listing:
    """A row with the values that it lists."""

    entry: Entry
    field: str
    values: tuple[tuple[str, str, Span], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The values alone."""
        return tuple(value for value, _, _ in self.values)


def check_enums(subject: Subject) -> Iterator[Diagnostic]:
    """Contradicting meanings, and lists of one name that differ."""
    entries = (*subject.parameters, *subject.response)
    others = frozenset(last_name(each) for each in entries)
    listings = [
        Listing(each, _field(each, subject), values)
        for each in entries
        if (values := values_of(each, others))
    ]
    yield from _meanings(listings)
    yield from _lists(listings)


def _field(entry: Entry, subject: Subject) -> str:
    return subject.field_of(entry) if entry.span in subject.returned else entry.name


def _meanings(listings: list[Listing]) -> Iterator[Diagnostic]:
    """A value with one meaning that is given to different things in brackets."""
    told: set[tuple[str, frozenset[str]]] = set()
    for one, other in combinations(listings, 2):
        shared = set(one.names) & set(other.names)
        if len(shared) < _RELATED:
            continue
        meanings = {value: (meaning, span) for value, meaning, span in other.values}
        for value, meaning, span in one.values:
            if value not in shared:
                continue
            there, place = meanings[value]
            here_of, there_of = _QUALIFIED.fullmatch(meaning), _QUALIFIED.fullmatch(there)
            if not here_of or not there_of or here_of["bare"] != there_of["bare"]:
                continue
            key = (value, frozenset({here_of["qualifier"], there_of["qualifier"]}))
            if here_of["qualifier"] == there_of["qualifier"] or key in told:
                continue
            told.add(key)
            message = (
                f"{value} is “{meaning}” for {last_name(one.entry)}, "
                f"but “{there}” for {last_name(other.entry)} (line {place.first})"
            )
            yield Diagnostic(
                "enum-meanings-disagree", message, span, place, field=one.field, actual=value
            )


def _lists(listings: list[Listing]) -> Iterator[Diagnostic]:
    """Lists of two fields with one name that differ though they overlap."""
    told: set[frozenset[frozenset[str]]] = set()
    for one, other in combinations(listings, 2):
        if last_name(one.entry).lower() != last_name(other.entry).lower():
            continue
        here, there = set(one.names), set(other.names)
        key = frozenset({frozenset(here), frozenset(there)})
        if here == there or not here & there or key in told:
            continue
        told.add(key)
        extra = [f"{each} is only here" for each in one.names if each not in there]
        extra += [f"{each} only there" for each in other.names if each not in here]
        message = (
            f"{last_name(one.entry)} lists other values than on line {other.entry.span.first}: "
            f"{', '.join(extra)}"
        )
        yield Diagnostic("enums-differ", message, one.entry.span, other.entry.span, field=one.field)
