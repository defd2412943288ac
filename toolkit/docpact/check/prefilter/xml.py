"""Decode XML answers that are written as they should be, and no others."""

import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from docpact.check.decode import MAX_PARTS
from docpact.check.prefilter.constraints import Members
from docpact.check.xml_body import leaf_of
from docpact.contract import WHOLE_NUMBERS, Answer, Field, Kind
from docpact.core.violation import Value

_Element = etree._Element  # noqa: SLF001  # the name that its type has
_Read = Callable[[_Element], Value]
_Fill = Callable[[Members, _Element], bool]  # whether all was put into the members

_SPACE: Final = " \t\r\n"
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_ESCAPED = re.compile(rb"&#(?:0*42|x0*2[aA]);")
_DECLARATION = re.compile(
    rb"<\?xml version=[\"']1\.[0-9][\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])?\s*\?>"
)
_UNSURE: Final[Value] = [{}]  # what no field of ours comes to
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=True,  # the body was held against our own limits
    remove_comments=True,
    remove_pis=True,
)


class Decoder:
    """Decodes answers of one kind."""

    def __init__(self, answer: Answer) -> None:
        self._root = answer.root
        self._fill = _filling(answer.fields)

    def decoded(self, body: bytes) -> Members | None:
        """The value of a document in which nothing is unusual; nothing otherwise."""
        if _is_unusual(body) or (len(body) > MAX_PARTS and _has_many_parts(body)):
            return None
        try:
            root = etree.fromstring(body, _PARSER)
        except etree.XMLSyntaxError:
            return None
        if root.tag != self._root or root.attrib:
            return None
        members: Members = {}
        return members if self._fill(members, root) else None


def _has_many_parts(body: bytes) -> bool:
    """Whether there may be more elements, or more attributes, than are read at all."""
    return body.count(b"<") > MAX_PARTS or body.count(b"=") > MAX_PARTS


def _is_unusual(body: bytes) -> bool:
    """Whether there is a document type, another encoding, or three asterisks, which mask values."""
    return (
        (b"<!" in body and (b"<!D" in body or b"<!d" in body))
        or (body.startswith(b"<?") and not _DECLARATION.match(body))
        or (b"*" in body and b"***" in body)
        or (b"&#" in body and _ESCAPED.search(body) is not None)
    )


def _filling(fields: tuple[Field, ...]) -> _Fill:
    """Put the elements of a structure into its members, if all are documented and plain."""
    readers = {each.name: _reader(each) for each in fields}
    texts = {each.name for each in fields if each.kind is Kind.STRING}
    lists = {each.name for each in fields if each.repeated}

    def fill(members: Members, element: _Element) -> bool:
        if element.text is not None and not _is_layout(element.text):
            return False
        for child in element:
            name, tail = str(child.tag), child.tail
            if name not in readers or child.attrib or (tail is not None and not _is_layout(tail)):
                return False
            # Not left to the reader: a call for each text would cost as much as all the rest.
            text = child.text if name in texts and not len(child) else None
            value = text if text and text[0] > " " else readers[name](child)
            if name in lists:
                members.setdefault(name, []).append(value)  # type: ignore[union-attr]  # a list
            elif name in members or value is _UNSURE:
                return False
            else:
                members[name] = value
        return True

    return fill


def _is_layout(text: str) -> bool:
    # Of what ASCII calls a space, XML admits only what it calls white space itself.
    return text.isspace() and text.isascii()


def _reader(field: Field) -> _Read:
    """What an element comes to, by the kind of its field."""
    if field.kind is Kind.STRUCT:
        fill = _filling(field.fields)

        def structure(element: _Element) -> Value:
            members: Members = {}
            return members if fill(members, element) else _UNSURE

        return structure

    def leaf(element: _Element) -> Value:
        text = element.text or ""
        if len(element):
            return _UNSURE
        if field.kind in WHOLE_NUMBERS and _NUMBER.fullmatch(text):
            return int(text)
        return leaf_of(text if text.strip(_SPACE) else "", field)

    return leaf
