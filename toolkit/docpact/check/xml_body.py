"""Read an XML body without trusting it, and decode it to the value that JSON would carry.

The contract tells which texts are numbers; everything it does not know stays text. DOCTYPEs are
refused before the parser sees them, so no entity is ever defined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from docpact.check.body import Body, Place, Placing
from docpact.check.breach import Breach, Value, ValuePath, dotted, shown
from docpact.check.encoding import Text
from docpact.contract import Answer, Contract, Field, Kind, Media

_DOCTYPE = re.compile(
    r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+(<!DOCTYPE)", re.IGNORECASE
)
_DECLARATION = re.compile(r"\s*<\?xml\b(?:[^?]|\?(?!>))*+\?>")
_LONG = re.compile(r"[ \t\r\n]*([+-]?[0-9]+)[ \t\r\n]*")
_NUMBER = re.compile(r"[ \t\r\n]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?[ \t\r\n]*")
_MANY_DIGITS = 40
_HUGE: Final[int] = 10**_MANY_DIGITS
_HARMLESS_ATTRIBUTES = (
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://www.w3.org/2001/XMLSchema-instance}",
)
_FRAGMENT = "docpact-fragment"


def read_xml(text: Text, contract: Contract, *, fragment: bool = False) -> Body:
    """The body as a value, with everything that is wrong about it as XML.

    With `fragment`, several elements may stand at the top, as the page prints its sample.
    """
    source = text.text
    if source is None:
        return Body(Media.XML, text.breaches)
    doctype = _DOCTYPE.match(source)
    if doctype:
        line = source.count("\n", 0, doctype.start(1)) + 1
        message = "the document has a DOCTYPE, which no answer needs; it was not read"
        return Body(Media.XML, (*text.breaches, Breach("xml-doctype", message, line=line)))
    try:
        root = _parsed(source)
    except etree.XMLSyntaxError as error:
        wrapper = _wrapped(source)
        if error.code != etree.ErrorTypes.ERR_DOCUMENT_END or wrapper is None:
            return Body(Media.XML, (*text.breaches, _syntax(error)))
        breaches = () if fragment else (_several_roots(wrapper),)
        return _decoded(wrapper, contract, (*text.breaches, *breaches), is_fragment=True)
    is_fragment = fragment and root.tag in {each.name for each in contract.success.fields}
    if is_fragment:
        wrapper = etree.Element(_FRAGMENT)
        wrapper.append(root)
        root = wrapper
    return _decoded(root, contract, text.breaches, is_fragment=is_fragment)


def _parsed(source: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # the text was decoded already, whatever the declaration says
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(source.encode("utf-8", "surrogatepass"), parser)


def _wrapped(source: str) -> etree._Element | None:
    """The top elements under an element of ours, or nothing if the document is broken otherwise."""
    declaration = _DECLARATION.match(source)
    start = declaration.end() if declaration else 0
    lines = "\n" * source.count("\n", 0, start)
    try:
        wrapper = _parsed(f"{lines}<{_FRAGMENT}>{source[start:]}</{_FRAGMENT}>")
    except etree.XMLSyntaxError:
        return None
    stray = any(text and not text.isspace() for text in _own_texts(wrapper))
    return None if stray or len(wrapper) < 2 else wrapper  # noqa: PLR2004


def _syntax(error: etree.XMLSyntaxError) -> Breach:
    line, column = error.position
    if error.code in {etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG}:
        message = "the document goes beyond the parser's limits of depth and length"
        return Breach("body-limit", message, line=line)
    what = (error.msg or "the document is empty").partition(", line ")[0]
    return Breach("xml-syntax", f"not well-formed: {what}", line=line, column=column or None)


def _several_roots(wrapper: etree._Element) -> Breach:
    names = [str(child.tag) for child in wrapper]
    message = f"the document has {len(names)} roots: {', '.join(names[:5])}"
    return Breach(
        "xml-several-roots", message, line=wrapper[1].sourceline, actual=", ".join(names[:5])
    )


def _decoded(
    root: etree._Element, contract: Contract, breaches: tuple[Breach, ...], *, is_fragment: bool
) -> Body:
    if is_fragment:
        whole = next((each for each in root if each.tag == contract.success.root), None)
        root = root if whole is None else whole
    name = etree.QName(root).localname
    failure = contract.failure
    answer = failure if failure and name == failure.root else contract.success
    walk = _Walk(list(breaches))
    members = walk.struct(root, answer.fields, ())
    return Body(
        Media.XML,
        tuple(walk.breaches),
        readable=True,
        value=members,
        root=contract.success.root if is_fragment else name,
        texts=walk.texts,
        place_of=_placing(walk.lines),
    )


@dataclass(slots=True)
class _Walk:
    """One pass over a document: it decodes, and collects breaches, lines and texts on the way."""

    breaches: list[Breach]
    lines: dict[ValuePath, int] = field(default_factory=dict)
    texts: dict[ValuePath, str] = field(default_factory=dict)
    namespaced: bool = False

    def struct(
        self, element: etree._Element, fields: tuple[Field, ...], path: ValuePath
    ) -> dict[str, Value]:
        """The members of an element that holds elements."""
        self._look_at(element, path)
        if any(text and not text.isspace() for text in _own_texts(element)):
            text = next(text for text in _own_texts(element) if text and not text.isspace())
            where = dotted(path) or "the root element"
            message = f"{where} holds the text {shown(text.strip())} between its elements"
            self.breaches.append(Breach("xml-stray-text", message, path))
        members: dict[str, Value] = {}
        for child in element:
            name = etree.QName(child).localname
            if name in members:
                self._repeated(child, (*path, name))
            members[name] = self._member(child, _field_named(name, fields), (*path, name))
        return members

    def _member(self, element: etree._Element, known: Field | None, path: ValuePath) -> Value:
        is_struct = known is not None and known.kind is Kind.STRUCT
        text = "".join(element.itertext()) if not len(element) else ""
        if len(element) or (is_struct and not text.strip()):
            return self.struct(element, known.fields if known else (), path)
        self._look_at(element, path)
        self.texts[path] = text
        return _leaf(text, known)

    def _look_at(self, element: etree._Element, path: ValuePath) -> None:
        self.lines[path] = element.sourceline or 1
        namespace = etree.QName(element).namespace
        if namespace and not self.namespaced:
            self.namespaced = True  # its children inherit it: once is enough
            message = (
                f"{_named(element)} is in the namespace {shown(namespace)}; the page knows none"
            )
            self.breaches.append(Breach("xml-namespace", message, path, actual=namespace))
        for key in element.attrib:
            attribute = str(key)
            if not attribute.startswith(_HARMLESS_ATTRIBUTES):
                message = f"{_named(element)} has the attribute {shown(attribute)}"
                self.breaches.append(Breach("xml-attribute", message, path, actual=attribute))

    def _repeated(self, element: etree._Element, path: ValuePath) -> None:
        message = f"{dotted(path)} comes again in the same element"
        line = element.sourceline
        self.breaches.append(Breach("xml-duplicate-element", message, path, line=line))


def _named(element: etree._Element) -> str:
    return etree.QName(element).localname


def _own_texts(element: etree._Element) -> Iterator[str | None]:
    yield element.text
    for child in element:
        yield child.tail


def _field_named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """The field of that name, or failing that the one whose letter case alone differs."""
    exact = next((each for each in fields if each.name == name), None)
    return exact or next((each for each in fields if each.name.lower() == name.lower()), None)


def _leaf(text: str, known: Field | None) -> Value:
    if known is None or known.kind is not Kind.LONG:
        return text
    whole = _LONG.fullmatch(text)
    if whole:
        digits = whole[1]
        return int(digits) if len(digits) <= _MANY_DIGITS else _beyond_any_long(digits)
    if known.empty and not text.strip():
        return None
    return float(text) if _NUMBER.fullmatch(text) else text


def _beyond_any_long(digits: str) -> int:
    """A stand-in for a number so long that Python itself would refuse to read it."""
    significant = digits.lstrip("+-").lstrip("0")
    if len(significant) <= _MANY_DIGITS:
        return int(significant or "0") * (-1 if digits.startswith("-") else 1)
    return -_HUGE if digits.startswith("-") else _HUGE


def _placing(lines: dict[ValuePath, int]) -> Placing:
    def place_of(path: ValuePath) -> Place | None:
        line = lines.get(path)
        return None if line is None else (line, None)

    return place_of


def answer_by_root(root: str, contract: Contract) -> Answer | None:
    """The kind of answer that a root element announces."""
    answers = (contract.success, contract.failure)
    return next((each for each in answers if each and each.root == root), None)
