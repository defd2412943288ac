"""Types, listed values, ranges and missing members: what a schema engine notices, as violations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeGuard

from msgspec.structs import replace

from docpact.check.context import AnswerContext, AnswerRule, Stage
from docpact.check.decode import Body
from docpact.check.envelope import Envelope
from docpact.contract import KINDS, WHOLE_NUMBERS, Answer, Field, Kind, must_be_there, wraps_list
from docpact.contract.value_path import scalars_in
from docpact.core.span import Grade, Origin
from docpact.core.violation import (
    Family,
    Rule,
    Value,
    ValuePath,
    Violation,
    documented,
    dotted,
    is_masked,
    scalar,
    shown,
)


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One thing that a schema does not allow; the value says which rule it breaks."""

    path: ValuePath
    is_missing: bool = False


class Engine(Protocol):
    """Validates the structure of an answer by the contract's schemas, with some library."""

    def violations(
        self, body: Body, answer: Answer, value: dict[str, Value]
    ) -> frozenset[SchemaViolation]:
        """Everything that is missing or has a bad value; `value` has the documented names."""


def check_structure(body: Body, envelope: Envelope, engine: Engine) -> Iterator[Violation]:
    """Every member that is missing or has a bad value."""
    found = engine.violations(body, envelope.answer, envelope.value)
    bad = {each.path for each in found if not each.is_missing}
    missing = {each.path for each in found if each.is_missing}
    for path, field, holder in _members(envelope.answer.fields, envelope.value, ()):
        if path[-1] not in holder:
            yield from _missing(path, field, envelope, is_demanded=path in missing)
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

    What is missing or empty itself is not looked into.
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
    """The items of a list that have a bad value."""
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
    """What our schemas accept: 1.0, and an empty text where a number may be empty."""
    if field.repeated or field.kind not in WHOLE_NUMBERS:
        return False
    return isinstance(value, float) or value == ""


def _empty(path: ValuePath, required: Origin, value: Value) -> Violation:
    state = "null" if value is None else "empty"
    return Violation("missing-field", f"{dotted(path)} is {state}", path, required)


def _missing(
    path: ValuePath, field: Field, envelope: Envelope, *, is_demanded: bool
) -> Iterator[Violation]:
    if field.required is None or documented(path) in envelope.elsewhere:
        return
    where = dotted(path)
    if is_demanded:
        yield Violation("missing-field", f"{where} is missing", path, field.required)
    elif not must_be_there(field):  # only expected, which no schema asserts
        message = f"{where} is missing; every documented answer has it"
        yield Violation("missing-field", message, path, field.required)


def _bad_value(path: ValuePath, field: Field, value: Value) -> Iterator[Violation]:
    if is_masked(value):
        return
    where = dotted(path)
    if value is None:
        message = f"{where} is null; the page does not mention an empty value"
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
        message = f"{where} is outside the {bits} bits of {KINDS[field.kind].title}"
        expected = f"{least} to {most}"
        yield Violation("out-of-range", message, path, expected=expected)


def _unlisted(path: ValuePath, field: Field, value: str) -> Violation:
    listed = tuple(each.value for each in field.values)
    message = f"{dotted(path)} is {shown(value)}; the page lists {', '.join(listed)}"
    similar = _similar(value.strip().lower(), listed)
    if similar:
        message += f" (did you mean {similar}?)"
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


def _similar(value: str, listed: tuple[str, ...]) -> str | None:
    """The listed value that differs in letter case only, or that holds this one."""
    same = next((each for each in listed if each.lower() == value), None)
    part = next((each for each in listed if len(value) > 2 and value in each.lower()), None)  # noqa: PLR2004
    return same or part


def _wrong_type(path: ValuePath, field: Field, value: Value) -> Violation:
    expected = "an array" if field.repeated else KINDS[field.kind].title
    message = f"{dotted(path)} is {_described(value)}; the page says {expected}"
    # A page that mentions an empty value may be read as an empty text.
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


def not_an_object(body: Body, answer: Answer) -> Violation:
    """The violation of an answer that is not an object."""
    message = f"the answer is {_described(body.value)}; the page documents an object"
    return Violation("wrong-type", message, (), answer.origin, expected="an object")


def _check_masks(context: AnswerContext) -> Iterator[Violation]:
    for path, leaf in scalars_in(context.value):
        if is_masked(leaf):
            yield Violation("masked-value", f"{dotted(path)} is masked and was not checked", path)


STRUCTURE_RULES: Final = (
    AnswerRule(
        "masked-value",
        Family.FIELD,
        Grade.ASSUMED,
        "A value is masked, so it was not checked",
        "Captures are often redacted with asterisks, like the examples on the page. The type, form "
        "and echo of a masked value are not checked.",
        '"ClusterId": "rcmp9x37ztfb63g1x7lt****"',
        stage=Stage.ANSWER,
        check=_check_masks,
    ),
    Rule(
        "wrong-type",
        Family.FIELD,
        Grade.STATED,
        "A value has another type than the page's table says",
        "A String is a text, a Long a whole number, a Struct an object (JSON) or an element with "
        "elements (XML).",
        '"StartTime": "1599794335000"',
        "A server that writes an empty text as the EndTime of an unfinished job; that is reported "
        "as a warning.",
    ),
    Rule(
        "not-an-integer",
        Family.FIELD,
        Grade.STATED,
        "A Long is written with a fraction or an exponent",
        "The parsers of Go, Java and C# do not accept 1.5, 1.0 and 1e3 as integers, even where the "
        "number is whole.",
        '"Id": 412536.0',
        "A server whose clients all read numbers as JavaScript does, for which 412536.0 is whole.",
    ),
    Rule(
        "out-of-range",
        Family.FIELD,
        Grade.STATED,
        "A Long does not fit into 64 bits",
        "A Long is between -2^63 and 2^63-1.",
        '"Id": 9223372036854775808',
        "A server whose ids are unsigned numbers of 64 bits, unlike the page's Long.",
    ),
    Rule(
        "unknown-enum-value",
        Family.FIELD,
        Grade.STATED,
        "A value is not in the page's list",
        "The page lists the values that this field can have. Letter case counts.",
        '"ActualState": "DONE"',
        "A server that is newer than the page and has more values.",
    ),
    Rule(
        "missing-field",
        Family.FIELD,
        Grade.STATED,
        "A field that must be there is missing",
        "The fields that every answer has, and those that identify the instance, must be there.",
        "an answer without RequestId",
        "A server that leaves out unset fields, if one of them is among the few required ones.",
    ),
    Rule(
        "unexpected-null",
        Family.FIELD,
        Grade.IMPLIED,
        "A field is null though the page does not mention an empty value",
        "Unset fields are left out, and empty texts are written as such. null is accepted where "
        "the page mentions an empty value.",
        '"JobName": null',
        "A server that writes null for each unset field.",
    ),
)
