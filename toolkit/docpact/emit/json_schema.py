"""Write a contract's answers as JSON Schema (2020-12).

The schema asserts types, and of the constraints those whose violation is an error by the contract's
own grading. What is weaker is beside it under `x-docpact-weaker`. So a plain validator is
stricter than docpact with nulls that the page does not mention and with masked numbers and states.
"""

import json
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from docpact.contract import (
    KINDS,
    Answer,
    Constraint,
    Contract,
    Field,
    FieldPath,
    Kind,
    must_be_there,
    wraps_list,
)
from docpact.core.span import Origin, Severity

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANNOTATIONS = frozenset({"contentMediaType"})  # keywords that assert nothing
_INSTANCE = "Instance"


def success_schema(contract: Contract) -> Schema:
    """The schema of a successful answer."""
    title = f"{contract.operation.name}: a successful answer"
    return _document(contract, contract.success, title, "response")


def failure_schema(contract: Contract) -> Schema | None:
    """The schema of a failure, or nothing where the contract says nothing of failures."""
    if contract.failure is None:
        return None
    title = f"{contract.operation.name}: a failure"
    return _document(contract, contract.failure, title, "error")


def world_schema(contract: Contract) -> Schema | None:
    """The schema of a file that lists what a mock's world holds.

    An instance there is the structure that repeats what a call asks for, and must say all of that;
    what else an answer always has is filled in where it is left out. Nothing where that is no
    instance, for the mock lists nothing else.
    """
    places = [each.field.rpartition(".") for each in contract.constraints.echoes]
    properties = success_schema(contract)["properties"]
    if not isinstance(properties, dict) or not {_INSTANCE} & {place for place, _, _ in places}:
        return None
    asked = [member for place, _, member in places if place == _INSTANCE]
    return {
        "$schema": DIALECT,
        "$id": f"urn:docpact:{contract.operation.name}:world",
        "title": f"{contract.operation.name}: a world for docpact mock",
        "type": "object",
        "required": ["instance"],
        "properties": {
            "$schema": {"type": "string"},
            "version": {"description": "Of the form of this file", "const": 1},
            "instance": {
                "type": "array",
                "minItems": 1,
                "items": {
                    **properties[_INSTANCE],
                    "required": asked,
                    "additionalProperties": False,
                },
            },
        },
        "additionalProperties": False,
    }


def text_of(schema: Schema) -> str:
    """The schema as a file's text."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _document(contract: Contract, answer: Answer, title: str, part: str) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": f"urn:docpact:{contract.operation.name}:{part}",
        "title": title,
        "$comment": _cited(answer.origin),
        **_struct((), answer.fields, list(contract.constraints_on(answer))),
    }


def _struct(path: FieldPath, members: tuple[Field, ...], constraints: list[Constraint]) -> Schema:
    schema: Schema = {"type": "object"}
    required = [each.name for each in members if must_be_there(each)]
    if required:
        schema["required"] = required
    schema["properties"] = {
        each.name: _field((*path, each.name), each, constraints) for each in members
    }
    several = [each for each in constraints if len(each.fields) > 1]
    schema |= _said(each for each in several if _parents(each) == {".".join(path)})
    return schema


def _field(path: FieldPath, field: Field, constraints: list[Constraint]) -> Schema:
    schema: Schema = {}
    if field.description:
        schema["description"] = field.description
    schema["$comment"] = _cited(field.origin)
    schema |= _type(path, field, constraints)
    schema |= _said(each for each in constraints if each.fields == (".".join(path),))
    if field.unit:
        schema["x-docpact-unit"] = field.unit
    return schema


def _type(path: FieldPath, field: Field, constraints: list[Constraint]) -> Schema:
    if field.repeated:
        items = replace(field, repeated=False, required=None, empty=None)
        return {"type": "array", "items": _type(path, items, constraints)}
    schema: Schema
    match field.kind:
        case Kind.STRING:
            schema = _string(field) | ({"minLength": 1} if must_be_there(field) else {})
        case Kind.STRUCT:
            schema = _struct(path, field.fields, constraints)
            must_be_filled = must_be_there(field) and not wraps_list(field)
            schema |= {"minProperties": 1} if must_be_filled else {}
        case Kind.MAP:
            schema = {"type": "object"}
        case Kind.ANY:
            schema = {}
        case _:
            schema = _number_or_boolean(field)
    return schema


def _string(field: Field) -> Schema:
    schema: Schema = {"type": ["string", "null"] if field.empty else "string"}
    if field.values:
        listed: list[str | None] = [each.value for each in field.values]
        schema["enum"] = [*listed, *((None, "") if field.empty else ())]
    return schema


def _number_or_boolean(field: Field) -> Schema:
    kind = KINDS[field.kind]
    if kind.bounds is None:
        return {"type": [kind.json_type, "null"] if field.empty else kind.json_type}
    bounds: Schema = dict(zip(("minimum", "maximum"), kind.bounds, strict=True))
    if field.empty:  # an empty text is let through here, since the page leaves its form open
        types = [kind.json_type, "null", "string"]
        return {"type": types, "maxLength": 0, "format": kind.format, **bounds}
    return {"type": kind.json_type, "format": kind.format, **bounds}


def _said(constraints: Iterable[Constraint]) -> Schema:
    """What constraints demand: of one value by its keywords, of members that go together in all."""
    schema: Schema = {}
    asserted: list[Schema] = []
    weaker: list[Schema] = []
    for each in constraints:
        said = each.json_schema()
        if not said:
            continue
        if "$comment" in said:
            said |= {"$comment": f"{said['$comment']} ({_cited(each.origin)})"}
        if each.origin.severity is not Severity.ERROR and not said.keys() <= _ANNOTATIONS:
            weaker.append({"id": each.id, "grade": each.origin.grade.value, "schema": said})
        elif len(each.fields) > 1:
            asserted.append(said)
        else:
            schema |= said
    if asserted:
        schema["allOf"] = asserted
    if weaker:
        schema["x-docpact-weaker"] = weaker
    return schema


def _parents(constraint: Constraint) -> set[str]:
    """The structures that hold its fields."""
    return {each.rpartition(".")[0] for each in constraint.fields}


def _cited(origin: Origin) -> str:
    return ", ".join(_citation(origin))


def _citation(origin: Origin) -> Iterator[str]:
    yield str(origin.span)
    yield origin.grade.value
    if origin.ruling:
        yield f"ruling {origin.ruling}"
