"""Types, listed values, ranges and missing members: what an engine noticed, said as violations."""

from collections.abc import Iterator
from typing import TypeGuard

from msgspec.structs import replace

from docpact.check.decode import Body
from docpact.check.engines import Engine, Fault
from docpact.check.envelope import Envelope
from docpact.contract import KINDS, WHOLE_NUMBERS, Answer, Field, Kind, must_be_there, wraps_list
from docpact.core.span import Origin
from docpact.core.violation import (
    Value,
    ValuePath,
    Violation,
    documented,
    dotted,
    is_masked,
    scalar,
    shown,
)


def check_structure(body: Body, envelope: Envelope, engine: Engine) -> Iterator[Violation]:
    """Every member that is missing or has a value it cannot have."""
    found = engine.violations(body, envelope.answer, envelope.value)
    bad = {each.path for each in found if each.fault is Fault.BAD_VALUE}
    missing = {each.path for each in found if each.fault is Fault.MISSING}
    for path, field, holder in _members(envelope.answer.fields, envelope.value, ()):
        if path[-1] not in holder:
            yield from _missing(path, field, envelope, demanded=path in missing)
            continue
        value = holder[path[-1]]
        lacks = field.required and _is_empty(field, value)
        if field.required and lacks and not envelope.lacks_members_of(documented(path)):
            yield _empty(path, field.required, value)
        elif path in bad or _is_misspelt_number(field, value):
            yield from _bad_value(path, field, value)
        elif field.repeated and isinstance(value, list):
            yield from _bad_items(path, field, value, bad)


_Member = tuple[ValuePath, Field, dict[str, Value]]


def _members(
    fields: tuple[Field, ...], holder: dict[str, Value], parent: ValuePath
) -> Iterator[_Member]:
    """Every member that should be there, with what should hold it, parents first.

    What is missing or empty itself is not looked into: that is said of it.
    """
    for field in fields:
        path = (*parent, field.name)
        yield path, field, holder
        value = holder.get(field.name)
        items = enumerate(value) if field.repeated and isinstance(value, list) else ()
        inner = [((*path, index), item) for index, item in items] or [(path, value)]
        for where, item in inner:
            if isinstance(item, dict) and item:
                yield from _members(field.fields, item, where)


def _bad_items(
    path: ValuePath, field: Field, items: list[Value], bad: set[ValuePath]
) -> Iterator[Violation]:
    """The items of a list that cannot be in it."""
    single = replace(field, repeated=False)
    for index, item in enumerate(items):
        where = (*path, index)
        if where in bad or _is_misspelt_number(single, item):
            yield from _bad_value(where, single, item)


def _is_empty(field: Field, value: Value) -> bool:
    if field.repeated:
        return value is None
    if value == "":
        return field.kind is Kind.STRING and not field.values
    return value is None or (field.kind is Kind.STRUCT and value == {} and not wraps_list(field))


def _is_misspelt_number(field: Field, value: Value) -> bool:
    """What our schemas let through: 1.0, and an empty text where a number may be empty."""
    if field.repeated or field.kind not in WHOLE_NUMBERS:
        return False
    return isinstance(value, float) or value == ""


def _empty(path: ValuePath, required: Origin, value: Value) -> Violation:
    state = "null" if value is None else "empty"
    return Violation("missing-field", f"{dotted(path)} is {state}", path, required)


def _missing(
    path: ValuePath, field: Field, envelope: Envelope, *, demanded: bool
) -> Iterator[Violation]:
    if field.required is None or documented(path) in envelope.elsewhere:
        return
    where = dotted(path)
    if demanded:
        yield Violation("missing-field", f"{where} is missing", path, field.required)
    elif not must_be_there(field):  # only expected, which no schema asserts
        message = f"{where} is missing; every documented answer has it"
        yield Violation("missing-field", message, path, field.required)


def _bad_value(path: ValuePath, field: Field, value: Value) -> Iterator[Violation]:
    if is_masked(value):
        return
    where = dotted(path)
    if value is None:
        message = f"{where} is null; the page says nothing of an empty value"
        yield Violation("unexpected-null", message, path)
    elif field.repeated:
        yield _wrong_type(path, field, value)
    elif field.kind in WHOLE_NUMBERS and _is_number(value):
        yield from _bad_number(path, field, value)
    elif field.values and isinstance(value, str):
        yield _unlisted(path, field, value)
    else:
        yield _wrong_type(path, field, value)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bad_number(path: ValuePath, field: Field, value: float) -> Iterator[Violation]:
    where = dotted(path)
    name = KINDS[field.kind].title.rpartition(" ")[2]
    least, most = WHOLE_NUMBERS[field.kind]
    if isinstance(value, float):
        message = f"{where} is written with a fraction or an exponent; the page says {name}"
        yield Violation("not-an-integer", message, path, expected=name, actual=value)
    elif not least <= value <= most:  # xmlschema gives up on thousands of leading zeros
        bits = (most + 1).bit_length()
        message = f"{where} is beyond the {bits} bits of {KINDS[field.kind].title}"
        expected = f"{least} to {most}"
        yield Violation("out-of-range", message, path, expected=expected)


def _unlisted(path: ValuePath, field: Field, value: str) -> Violation:
    listed = tuple(each.value for each in field.values)
    message = f"{dotted(path)} is {shown(value)}; the page lists {', '.join(listed)}"
    meant = _meant(value.strip().lower(), listed)
    if meant:
        message += f" (did you mean {meant}?)"
    origin = field.values[0].origin
    span = origin.span.through(field.values[-1].origin.span)
    quote = " ".join(each.origin.quote for each in field.values)
    return Violation(
        "unknown-enum-value",
        message,
        path,
        replace(origin, span=span, quote=quote),
        expected=listed,
        actual=value,
    )


def _meant(value: str, listed: tuple[str, ...]) -> str | None:
    """The listed value that differs in letter case only, or that holds this one."""
    same = next((each for each in listed if each.lower() == value), None)
    part = next((each for each in listed if len(value) > 2 and value in each.lower()), None)  # noqa: PLR2004
    return same or part


def _wrong_type(path: ValuePath, field: Field, value: Value) -> Violation:
    expected = "an array" if field.repeated else KINDS[field.kind].title
    message = f"{dotted(path)} is {_described(value)}; the page says {expected}"
    # An empty text is one way to read a page that speaks of an empty value, if a poor one.
    origin = field.empty if value == "" and field.empty else field.origin
    return Violation("wrong-type", message, path, origin, expected=expected, actual=scalar(value))


def _described(value: Value) -> str:
    match value:
        case bool():
            return f"the boolean {shown(value)}"
        case str():
            return f"the text {shown(value)}"
        case int() | float():
            return f"the number {shown(value)}"
        case _:
            return shown(value)


def check_top(body: Body, answer: Answer) -> Iterator[Violation]:
    """The answer as a whole is an object; only called where it is none."""
    message = f"the answer is {_described(body.value)}; the page shows an object"
    yield Violation("wrong-type", message, (), answer.origin, expected="an object")
