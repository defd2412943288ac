"""The example values of the tables: of their type, of their list, of the form they pretend."""

import re
from collections.abc import Iterator
from itertools import groupby

from docpact.contract.interpret.parts import Entry
from docpact.core.span import Span
from docpact.core.violation import plain as as_shown
from docpact.lint.context import Subject, last_name, type_of, values_of
from docpact.lint.diagnostic import Diagnostic, on_lines
from docpact.lint.values import (
    Type,
    fits_text,
    has_open_quote,
    is_container,
    is_json,
    is_mask,
    is_stand_in,
    looks_like_json,
)

_SEPARATORS = re.compile(r"\s*[,，、;|]\s*")
_DATE_FORM = re.compile(
    r"[Yy]{4}-[Mm]{2}-[Dd]{2}(?:'?[Tt ]'?[Hh]{2}:[Mm]{2}(?::[Ss]{2})?(?:'?Z'?)?)?"
)


def check_examples(subject: Subject) -> Iterator[Diagnostic]:
    """Example values that contradict their own rows."""
    entries = (*subject.parameters, *subject.response)
    names = frozenset(last_name(each) for each in entries)
    for entry in entries:
        if entry.example:
            field = _field(entry, subject)
            yield from _type(entry, field)
            yield from _listed(entry, names, field)
            yield from _document(entry, field, subject)
            yield from _date(entry, field)
    yield from _embedded(subject)
    yield from _masked(subject)


def _field(entry: Entry, subject: Subject) -> str:
    return subject.field_of(entry) if entry.span in subject.returned else entry.name


def _type(entry: Entry, field: str) -> Iterator[Diagnostic]:
    kind = type_of(entry)
    if is_container(kind) or fits_text(kind, entry.example):
        return
    message = (
        f"{last_name(entry)} has the example {as_shown(entry.example)}, which is no {entry.type}"
    )
    yield Diagnostic("example-type", message, entry.span, field=field, expected=entry.type)


def _listed(entry: Entry, names: frozenset[str], field: str) -> Iterator[Diagnostic]:
    values = tuple(value for value, _, _ in values_of(entry, names))
    if not values or is_stand_in(entry.example) or looks_like_json(entry.example):
        return
    if is_container(type_of(entry)):
        return
    parts = [each for each in _SEPARATORS.split(entry.example.strip()) if each]
    if entry.example.strip() in values or all(each in values for each in parts):
        return
    message = (
        f"{last_name(entry)} has the example {as_shown(entry.example)}; "
        f"the row lists {', '.join(values)}"
    )
    yield Diagnostic("example-unlisted", message, entry.span, field=field, expected=values)


def _document(entry: Entry, field: str, subject: Subject) -> Iterator[Diagnostic]:
    """Quotes that are never closed, and what looks like JSON and is none."""
    example = entry.example
    if "***" in example or is_json(example):
        return
    name = last_name(entry)
    shown = subject.shown_of(entry)
    also = tuple(each.span for each in shown)
    if has_open_quote(example):
        message = f"{name} has an example with a quotation mark that is never closed"
        yield Diagnostic(
            "open-quote", message, entry.span, field=field, also=also, actual=example[:80]
        )
    elif looks_like_json(example) and type_of(entry) is not Type.MAP:
        empty = ", and the samples leave it empty" if shown and _all_empty(subject, entry) else ""
        message = f"{name} has the example {as_shown(example)}, which looks like JSON and is none"
        yield Diagnostic("example-not-json", message + empty, entry.span, field=field, also=also)


def _all_empty(subject: Subject, entry: Entry) -> bool:
    return all(each.value in ("", None) for each in subject.shown_of(entry))


def _date(entry: Entry, field: str) -> Iterator[Diagnostic]:
    """A date of another form than the row gives."""
    form = _DATE_FORM.search(entry.description.prose)
    if form is None or is_stand_in(entry.example) or not entry.example[:1].isdigit():
        return
    bare = form[0].replace("'", "")
    pattern = re.sub(r"[A-Za-z]", _sign, bare)
    if re.fullmatch(pattern, entry.example.strip()) is None:
        message = (
            f"{last_name(entry)} has the example {as_shown(entry.example)}, not of the form {bare}"
        )
        yield Diagnostic("example-form", message, entry.span, field=field, expected=bare)


def _sign(letter: re.Match[str]) -> str:
    return letter[0] if letter[0] in "TZ" else r"\d"


def _embedded(subject: Subject) -> Iterator[Diagnostic]:
    """Texts in samples that look like JSON and are none."""
    for entry in subject.response:
        for shown in subject.shown_of(entry):
            text = shown.value
            if not isinstance(text, str) or not looks_like_json(text) or "***" in text:
                continue
            if type_of(entry) in {Type.TEXT, Type.OPEN} and not is_json(text):
                message = f"{shown.name} of the sample is {as_shown(text)}, which is no JSON"
                field = subject.field_of(entry)
                yield Diagnostic("example-not-json", message, shown.span, entry.span, field=field)
                break


def _masked(subject: Subject) -> Iterator[Diagnostic]:
    """Values that show less than they could: one diagnostic for each field."""
    for name, group in groupby(sorted(_masks(subject), key=_name_of), key=_name_of):
        (_, field, first), *rest = sorted(group, key=lambda each: each[2].first)
        spans = (first, *(span for _, _, span in rest))
        message = f"{name} is masked ({on_lines(spans[:4])}), so its form cannot be seen there"
        yield Diagnostic("masked-example", message, first, field=field, also=spans[1:])


def _masks(subject: Subject) -> Iterator[tuple[str, str, Span]]:
    for entry in (*subject.parameters, *subject.response):
        if is_mask(entry.example):
            yield last_name(entry), _field(entry, subject), entry.span
    for printed in subject.answers:
        for shown in printed.members:
            if isinstance(shown.value, str) and is_mask(shown.value):
                yield shown.name, shown.dotted, shown.span


def _name_of(mask: tuple[str, str, Span]) -> str:
    return mask[0]
