"""Types, listed values, ranges and missing members: what an engine noticed, said as breaches."""

from collections.abc import Iterator

from msgspec.structs import replace

from docpact.check.body import Body
from docpact.check.breach import Breach, Value, ValuePath, dotted, is_masked, scalar, shown
from docpact.check.engine import Engine, Fault
from docpact.check.envelope import Envelope
from docpact.contract import INT64_MAX, INT64_MIN, Answer, Field, FieldPath, Kind, must_be_there
from docpact.span import Origin

_KIND_IN_WORDS = {
    Kind.STRING: "a String",
    Kind.LONG: "a Long",
    Kind.STRUCT: "a Struct",
    Kind.ANY: "anything",
}


def check_structure(body: Body, envelope: Envelope, engine: Engine) -> Iterator[Breach]:
    """Every member that is missing or has a value it cannot have."""
    found = engine.violations(body, envelope.answer, envelope.value)
    bad = {each.path for each in found if each.fault is Fault.BAD_VALUE}
    missing = {each.path for each in found if each.fault is Fault.MISSING}
    for path, field in envelope.answer.walk():
        holder = _member(envelope.value, path[:-1])
        if not isinstance(holder, dict) or (path[:-1] and not holder):
            continue  # the structure itself is missing or empty, which is said of it
        if path[-1] not in holder:
            yield from _missing(path, field, envelope, demanded=path in missing)
            continue
        value = holder[path[-1]]
        if field.required and _is_empty(field, value) and not envelope.lacks_members_of(path):
            yield _empty(path, field.required, value)
        elif path in bad or _is_misspelt_long(field, value):
            yield from _bad_value(path, field, value)


def _is_empty(field: Field, value: Value) -> bool:
    if value == "":
        return field.kind is Kind.STRING and not field.values
    return value is None or (field.kind is Kind.STRUCT and value == {})


def _is_misspelt_long(field: Field, value: Value) -> bool:
    """What our schemas let through: 1.0, and an empty text where a Long may be empty."""
    return field.kind is Kind.LONG and (isinstance(value, float) or value == "")


def _empty(path: FieldPath, required: Origin, value: Value) -> Breach:
    state = "null" if value is None else "empty"
    return Breach("missing-field", f"{dotted(path)} is {state}", path, required)


def _member(value: Value, path: FieldPath) -> Value:
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def _missing(
    path: FieldPath, field: Field, envelope: Envelope, *, demanded: bool
) -> Iterator[Breach]:
    if field.required is None or path in envelope.elsewhere:
        return
    where = dotted(path)
    if demanded:
        yield Breach("missing-field", f"{where} is missing", path, field.required)
    elif not must_be_there(field):  # only expected, which no schema asserts
        message = f"{where} is missing; every documented answer has it"
        yield Breach("missing-field", message, path, field.required)


def _bad_value(path: ValuePath, field: Field, value: Value) -> Iterator[Breach]:
    if is_masked(value):
        return
    where = dotted(path)
    if value is None:
        message = f"{where} is null; the page says nothing of an empty value"
        yield Breach("unexpected-null", message, path)
    elif field.kind is Kind.LONG and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _bad_number(path, value)
    elif field.values and isinstance(value, str):
        yield _unlisted(path, field, value)
    else:
        yield _wrong_type(path, field, value)


def _bad_number(path: ValuePath, value: float) -> Iterator[Breach]:
    where = dotted(path)
    if isinstance(value, float):
        message = f"{where} is written with a fraction or an exponent; the page says Long"
        yield Breach("not-an-integer", message, path, expected="Long", actual=value)
    elif not INT64_MIN <= value <= INT64_MAX:  # xmlschema gives up on thousands of leading zeros
        message = f"{where} is beyond the 64 bits of a Long"
        expected = f"{INT64_MIN} to {INT64_MAX}"
        yield Breach("out-of-range", message, path, expected=expected)


def _unlisted(path: ValuePath, field: Field, value: str) -> Breach:
    listed = tuple(each.value for each in field.values)
    message = f"{dotted(path)} is {shown(value)}; the page lists {', '.join(listed)}"
    meant = _meant(value.strip().lower(), listed)
    if meant:
        message += f" (did you mean {meant}?)"
    origin = field.values[0].origin
    span = origin.span.through(field.values[-1].origin.span)
    quote = " ".join(each.origin.quote for each in field.values)
    return Breach(
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


def _wrong_type(path: ValuePath, field: Field, value: Value) -> Breach:
    expected = _KIND_IN_WORDS[field.kind]
    message = f"{dotted(path)} is {_described(value)}; the page says {expected}"
    # An empty text is one way to read a page that speaks of an empty value, if a poor one.
    origin = field.empty if value == "" and field.empty else field.origin
    return Breach("wrong-type", message, path, origin, expected=expected, actual=scalar(value))


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


def check_top(body: Body, answer: Answer) -> Iterator[Breach]:
    """The answer as a whole is an object; only called where it is none."""
    message = f"the answer is {_described(body.value)}; the page shows an object"
    yield Breach("wrong-type", message, (), answer.origin, expected="an object")
