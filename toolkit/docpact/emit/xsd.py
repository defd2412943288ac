"""Write a contract's answers as XML Schema 1.0.

Members come in any order (xs:all). XML Schema 1.0 cannot leave such a group open, so an
undocumented element is invalid here, while docpact itself only warns of it.
"""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from docpact.contract import (
    KINDS,
    SCALARS,
    WHOLE_NUMBERS,
    Answer,
    Contract,
    Field,
    Kind,
    must_be_there,
)
from docpact.core.serialize import is_element_name
from docpact.core.span import Origin

_NAMESPACE = "http://www.w3.org/2001/XMLSchema"


def xsd(contract: Contract) -> str:
    """The schema of both kinds of answer, with each top member of a success as a root of its own.

    The latter lets the page's sample be checked, which shows those members only.
    """
    ET.register_namespace("xs", _NAMESPACE)
    schema = ET.Element(_xs("schema"), {"elementFormDefault": "qualified"})
    _annotate(schema, f"{contract.operation.name}: answers in XML", contract.success.origin)
    schema.append(_root(contract.success))
    schema.extend(_element(each) for each in _writable(contract.success.fields))
    if contract.failure:
        schema.append(_whole(contract.failure))
    schema.extend(_simple_types(contract))
    ET.indent(schema)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(schema, "unicode") + "\n"


def _xs(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _root(answer: Answer) -> ET.Element:
    """The root of a success; it refers to its members, since they are declared on their own."""
    element = ET.Element(_xs("element"), {"name": answer.root})
    _annotate(element, "", answer.root_origin)
    members = _group(ET.SubElement(element, _xs("complexType")), answer.fields)
    is_open = _comes_again(answer.fields)
    for each in _writable(answer.fields):
        occurrence = {} if is_open else _occurrence(each)
        ET.SubElement(members, _xs("element"), {"ref": each.name, **occurrence})
    return element


def _comes_again(fields: tuple[Field, ...]) -> bool:
    return any(each.repeated for each in fields)


def _group(complex_type: ET.Element, fields: tuple[Field, ...]) -> ET.Element:
    """What holds members in any order.

    XML Schema 1.0 allows no repeated element in xs:all, so where one comes again the schema leaves
    the number of all of them open; docpact itself counts them.
    """
    if not _comes_again(fields):
        return ET.SubElement(complex_type, _xs("all"))
    open_ended = {"minOccurs": "0", "maxOccurs": "unbounded"}
    return ET.SubElement(complex_type, _xs("choice"), open_ended)


def _whole(answer: Answer) -> ET.Element:
    element = ET.Element(_xs("element"), {"name": answer.root})
    _annotate(element, "", answer.root_origin)
    element.append(_members(answer.fields))
    return element


def _members(fields: tuple[Field, ...]) -> ET.Element:
    struct = ET.Element(_xs("complexType"))
    group = _group(struct, fields)
    is_open = _comes_again(fields)
    for each in _writable(fields):
        group.append(_element(each, {} if is_open else _occurrence(each)))
    return struct


def _any_members() -> ET.Element:
    """Elements of any names, and no text."""
    struct = ET.Element(_xs("complexType"))
    members = ET.SubElement(struct, _xs("sequence"))
    anything = {"minOccurs": "0", "maxOccurs": "unbounded", "processContents": "skip"}
    ET.SubElement(members, _xs("any"), anything)
    return struct


def _writable(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields that can be elements: a name such as "Input Delay" cannot."""
    return (each for each in fields if is_element_name(each.name))


def _occurrence(field: Field) -> dict[str, str]:
    return {} if must_be_there(field) else {"minOccurs": "0"}


def _element(field: Field, occurrence: dict[str, str] | None = None) -> ET.Element:
    element = ET.Element(_xs("element"), {"name": field.name, **(occurrence or {})})
    match field.kind:
        case Kind.STRING:
            _type_as_string(element, field)
        case Kind.STRUCT:
            element.append(_members(field.fields))
        case Kind.MAP:
            element.append(_any_members())
        case Kind.ANY:
            pass  # no type is xs:anyType
        case _:
            element.set("type", _simple_type(field))
    _annotate(element, field.description, field.origin)
    return element


def _type_as_string(element: ET.Element, field: Field) -> None:
    if not field.values:
        element.set("type", "xs:string")
        return
    simple = ET.SubElement(element, _xs("simpleType"))
    restriction = ET.SubElement(simple, _xs("restriction"), {"base": "xs:token"})
    for value in (*(each.value for each in field.values), *([""] if field.empty else [])):
        ET.SubElement(restriction, _xs("enumeration"), {"value": value})


def _simple_type(field: Field) -> str:
    name = _type_name(field.kind)
    return f"{name.removeprefix('xs:').capitalize()}OrEmpty" if field.empty else name


def _type_name(kind: Kind) -> str:
    return kind.value.capitalize() if kind in WHOLE_NUMBERS else KINDS[kind].xsd_type


def _simple_types(contract: Contract) -> Iterator[ET.Element]:
    """The types that elements refer to; those of a Long even where none does."""
    fields = [field for _, field in contract.success.walk()]
    fields += [field for _, field in contract.failure.walk()] if contract.failure else []
    with_empty = {each.kind for each in fields if each.empty} | {Kind.LONG}
    for kind in KINDS:
        if kind in WHOLE_NUMBERS and (kind is Kind.LONG or kind in {each.kind for each in fields}):
            yield _whole_number(_type_name(kind), KINDS[kind].xsd_type)
        if kind in with_empty & SCALARS - {Kind.STRING}:
            name = _type_name(kind)
            yield _or_empty(f"{name.removeprefix('xs:').capitalize()}OrEmpty", name)


def _whole_number(name: str, base: str) -> ET.Element:
    """A number with its digits spelt out: some validators read more than the standard says."""
    simple = ET.Element(_xs("simpleType"), {"name": name})
    restriction = ET.SubElement(simple, _xs("restriction"), {"base": base})
    ET.SubElement(restriction, _xs("pattern"), {"value": "[+\\-]?[0-9]+"})
    return simple


def _or_empty(name: str, base: str) -> ET.Element:
    simple = ET.Element(_xs("simpleType"), {"name": name})
    union = ET.SubElement(simple, _xs("union"), {"memberTypes": base})
    nothing = ET.SubElement(ET.SubElement(union, _xs("simpleType")), _xs("restriction"))
    nothing.set("base", "xs:token")  # white space alone is empty too
    ET.SubElement(nothing, _xs("length"), {"value": "0"})
    return simple


def _annotate(element: ET.Element, description: str, origin: Origin) -> None:
    annotation = ET.Element(_xs("annotation"))
    cited = f"({origin.span}, {origin.grade.value})"
    ET.SubElement(annotation, _xs("documentation")).text = f"{description} {cited}".strip()
    element.insert(0, annotation)
