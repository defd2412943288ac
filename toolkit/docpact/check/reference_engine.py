"""The reference engine: jsonschema for JSON, xmlschema for XML; slower, and a second opinion.

Separate because its libraries are slow to import. For XML it gets only the documented members:
xmlschema stops comparing an element's members at the first one that it does not know, while
undocumented members are only worth a warning here.
"""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import jsonschema
import xmlschema
from xmlschema.validators import XsdGroup

from docpact.check.decode import Body
from docpact.check.structure import SchemaViolation
from docpact.contract import Answer, Field, Kind, Media, Schemas, must_be_there
from docpact.core.violation import Value, ValuePath

# xmlschema strips what Python calls white space, which is more than XML does.
_FOREIGN_SPACE = re.compile(r"[^\S \t\r\n]")
_OF_THE_VALUE = frozenset({"type", "enum", "maxLength", "minimum", "maximum"})


class ReferenceEngine:
    """Validators that are built once and used for every answer."""

    def __init__(self, schemas: Schemas, failure: Answer | None) -> None:
        self._success = jsonschema.Draft202012Validator(json.loads(schemas.success))
        self._failure = (
            jsonschema.Draft202012Validator(json.loads(schemas.failure))
            if schemas.failure
            else self._success
        )
        self._failing = failure
        self._xsd = xmlschema.XMLSchema10(schemas.xsd)

    def violations(
        self, body: Body, answer: Answer, value: dict[str, Value]
    ) -> frozenset[SchemaViolation]:
        """Everything that jsonschema or xmlschema reports."""
        if body.media is Media.XML:
            return frozenset(self._in_xml(body, answer, value))
        validator = self._failure if answer is self._failing else self._success
        return frozenset(_in_json(validator, value))

    def _in_xml(
        self, body: Body, answer: Answer, value: dict[str, Value]
    ) -> Iterator[SchemaViolation]:
        document = _Rewriting(body).document(answer, value)
        yield from _unseen_by_schema(answer.fields, value, ())
        for error in self._xsd.iter_errors(document):
            path = _path_of(error.path or "", answer)
            if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
                for name in _missing(error):
                    yield SchemaViolation((*path, name), is_missing=True)
            else:
                yield SchemaViolation(path)


def _path_of(said: str, answer: Answer) -> ValuePath:
    """The path of an element, whose number xmlschema gives only where there are several."""
    path: ValuePath = ()
    fields = answer.fields
    for step in said.split("/")[2:]:
        name, _, number = step.partition("[")
        path = (*path, name)
        found = next((each for each in fields if each.name == name), None)
        if found is not None and found.repeated:
            path = (*path, int(number.rstrip("]")) - 1 if number else 0)
        fields = found.fields if found else ()
    return path


def _unseen_by_schema(
    fields: tuple[Field, ...], value: dict[str, Value], path: ValuePath
) -> Iterator[SchemaViolation]:
    """What is missing beside a list, where XML Schema 1.0 cannot count (see emit/xsd.py).

    And texts in place of maps, which xmlschema does not look at.
    """
    comes_again = any(each.repeated for each in fields)
    for each in fields:
        if each.name not in value:
            if comes_again and must_be_there(each):
                yield SchemaViolation((*path, each.name), is_missing=True)
            continue
        member, here = value[each.name], (*path, each.name)
        items = enumerate(member) if each.repeated and isinstance(member, list) else ()
        inner: list[tuple[ValuePath, Value]] = [((*here, at), item) for at, item in items]
        for where, item in inner or [(here, member)]:
            if each.kind is Kind.MAP and not isinstance(item, dict):
                yield SchemaViolation(where)
            if isinstance(item, dict) and item:
                yield from _unseen_by_schema(each.fields, item, where)


def _missing(error: xmlschema.XMLSchemaChildrenValidationError) -> Iterator[str]:
    """Every member that an element lacks; the error itself names only the next one."""
    group = error.validator
    there = {child.tag for child in error.obj}
    for particle in group.iter_elements() if isinstance(group, XsdGroup) else ():
        if particle.min_occurs and particle.name not in there:
            yield str(particle.name)


def _in_json(
    validator: jsonschema.Draft202012Validator, value: dict[str, Value]
) -> Iterator[SchemaViolation]:
    for error in validator.iter_errors(value):
        path: ValuePath = tuple(error.absolute_path)
        if "allOf" in error.absolute_schema_path:
            continue
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield SchemaViolation((*path, name), is_missing=True)
        elif error.validator in _OF_THE_VALUE:
            yield SchemaViolation(path)


class _Rewriting:
    """Writes the documented members of an answer as a document of their own, texts as captured."""

    def __init__(self, body: Body) -> None:
        self._texts = {_lowered(path): text for path, text in body.texts.items()}
        self._texts |= body.texts  # the exact path comes first

    def document(self, answer: Answer, value: dict[str, Value]) -> ET.Element:
        root = ET.Element(answer.root)
        self._add(root, answer.fields, value, ())
        return root

    def _add(
        self,
        parent: ET.Element,
        fields: tuple[Field, ...],
        value: dict[str, Value],
        path: ValuePath,
    ) -> None:
        for each in fields:
            if each.name not in value:
                continue
            member, here = value[each.name], (*path, each.name)
            if each.repeated and isinstance(member, list):
                for index, item in enumerate(member):
                    self._add_one(parent, each, item, (*here, index))
            else:
                self._add_one(parent, each, member, here)

    def _add_one(self, parent: ET.Element, field: Field, value: Value, path: ValuePath) -> None:
        element = ET.SubElement(parent, field.name)
        if isinstance(value, dict) and field.kind is Kind.STRUCT:
            self._add(element, field.fields, value, path)
        elif isinstance(value, dict) and field.kind is not Kind.MAP:
            ET.SubElement(element, "unexpected")  # elements where a text belongs
        else:
            text = self._texts.get(path) or self._texts.get(_lowered(path), "")
            element.text = _FOREIGN_SPACE.sub("_", text)


def _lowered(path: ValuePath) -> ValuePath:
    return tuple(step.lower() if isinstance(step, str) else step for step in path)
