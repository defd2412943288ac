"""Decode an XML body to the value that JSON would carry, and note what is wrong with its elements.

The contract tells which texts are numbers; everything that it does not know stays text. What stands
inside an undocumented element is nobody's business.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from lxml import etree

from docpact.check.collector import Collector
from docpact.check.decode import MAX_DEPTH, MAX_PARTS, Body, Place, Placing, Text
from docpact.contract import Contract, Field, Kind, Media
from docpact.contract.kinds import XML_SPACE, read_text
from docpact.core.violation import Value, ValuePath, Violation, captured, dotted, named, shown

_HARMLESS_ATTRIBUTES = (
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://www.w3.org/2001/XMLSchema-instance}",
)


def read_xml(text: Text, contract: Contract, *, fragment: bool) -> Body:
    """The body as a value, with everything that is wrong about it as XML.

    With `fragment`, several elements may stand at the top, as the page prints its sample.
    """
    if text.text is None:
        return Body(Media.XML, text.violations)
    document = parsed(text.text)
    violations = Collector([*text.violations, *document.violations])
    if not document.tops:
        return Body(Media.XML, tuple(violations))
    if len(document.tops) > 1 and not fragment:
        violations.append(_several_roots(document.tops))
    walk = _Walk(contract, violations)
    try:
        root, members = _members(document.tops, walk, fragment=fragment)
    except _TooDeepError:
        walk.violations.append(Violation("body-limit", TOO_DEEP, expected=MAX_DEPTH))
        return Body(Media.XML, tuple(walk.violations))
    return Body(
        Media.XML,
        tuple(walk.violations),
        readable=True,
        value=members,
        root=root,
        texts=walk.texts,
        places_of=_placing(walk.lines),
    )


def _several_roots(tops: tuple[etree._Element, ...]) -> Violation:
    names = ", ".join(named(_name(each)) for each in tops[:5])
    message = f"the document has {len(tops)} roots: {names} (--fragment accepts a cut sample)"
    return Violation("xml-several-roots", message, line=tops[1].sourceline, actual=names)


def _members(
    tops: tuple[etree._Element, ...], walk: "_Walk", *, fragment: bool
) -> tuple[str | None, dict[str, Value]]:
    """The root's name and members; a fragment has no root."""
    whole = next((each for each in tops if _name(each) == walk.contract.success.root), None)
    single = tops[0] if len(tops) == 1 else None
    is_cut = fragment and single is not None and _is_top_member(single, walk.contract)
    root = single if single is not None and not is_cut else whole
    if root is None:
        return None, walk.fragment(tops)
    return _name(root), walk.struct(root, walk.fields_under(_name(root)), (), 1)


def _is_top_member(element: etree._Element, contract: Contract) -> bool:
    return contract.success.find((_name(element),)) is not None


class _TooDeepError(ValueError):
    """The document has more levels than any answer."""


@dataclass(slots=True)
class _Walk:
    """One pass over a document: it decodes, and collects violations, lines and texts on the way."""

    contract: Contract
    violations: Collector
    lines: dict[ValuePath, int | None] = field(default_factory=dict)
    texts: dict[ValuePath, str] = field(default_factory=dict)
    namespaced: bool = False

    def fields_under(self, root: str) -> tuple[Field, ...]:
        """The members that the answer with this root has."""
        failure = self.contract.failure
        if failure is not None and root == failure.root:
            return failure.fields
        return self.contract.success.fields

    def fragment(self, tops: tuple[etree._Element, ...]) -> dict[str, Value]:
        """The members where no root holds them."""
        members: dict[str, Value] = {}
        for each in tops:
            self._add(each, self.contract.success.fields, (), members, 1)
        return members

    def struct(
        self, element: etree._Element, fields: tuple[Field, ...], path: ValuePath, depth: int
    ) -> dict[str, Value]:
        """The members of an element that holds elements."""
        self._look_at(element, path)
        stray = next(own_texts(element), None)
        if stray is not None:
            where = dotted(path) or "the root element"
            message = f"{where} holds the text {shown(stray.strip(XML_SPACE))} between its elements"
            self.violations.append(Violation("xml-stray-text", message, path))
        members: dict[str, Value] = {}
        for child in element:
            self._add(child, fields, path, members, depth)
        return members

    def _add(
        self,
        element: etree._Element,
        fields: tuple[Field, ...],
        parent: ValuePath,
        members: dict[str, Value],
        depth: int,
    ) -> None:
        name = _name(element)
        known, path = _field_named(name, fields), (*parent, name)
        if known is not None and known.repeated:
            items = members.setdefault(name, [])
            assert isinstance(items, list)  # made here  # noqa: S101
            items.append(self._member(element, known, (*path, len(items)), depth))
            return
        if name in members and known is not None and known.kind is not Kind.ANY:
            message = f"{dotted(path)} comes again in the same element"
            line = element.sourceline
            self.violations.append(Violation("xml-duplicate-element", message, path, line=line))
        members[name] = self._member(element, known, path, depth)

    def _member(
        self, element: etree._Element, known: Field | None, path: ValuePath, depth: int
    ) -> Value:
        if known is None:
            self.lines[path] = element.sourceline
            return _unknown(element, depth)
        text = element.text or ""
        is_empty = not text.strip(XML_SPACE)
        if known.kind is Kind.STRUCT and (len(element) or is_empty):
            return self.struct(element, known.fields, path, depth + 1)
        self._look_at(element, path)
        if len(element):
            return _unknown(element, depth)
        self.texts[path] = text
        return leaf_of("" if is_empty else text, known)

    def _look_at(self, element: etree._Element, path: ValuePath) -> None:
        self.lines[path] = element.sourceline
        namespace = etree.QName(element).namespace
        if namespace and not self.namespaced:
            self.namespaced = True  # its children inherit it: once is enough
            name = named(_name(element))
            message = f"{name} is in the namespace {shown(namespace)}; the page knows none"
            self.violations.append(Violation("xml-namespace", message, path, actual=namespace))
        for key in element.attrib:
            attribute = str(key)
            if not attribute.startswith(_HARMLESS_ATTRIBUTES):
                message = f"{named(_name(element))} has the attribute {shown(attribute)}"
                self.violations.append(Violation("xml-attribute", message, path, actual=attribute))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _unknown(element: etree._Element, depth: int) -> Value:
    """An element that the page does not know, without a word on what is in it."""
    if depth > MAX_DEPTH:
        raise _TooDeepError
    if not len(element):
        return element.text or ""
    return {_name(child): _unknown(child, depth + 1) for child in element}


def _field_named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """The field of that name, or failing that the one whose letter case alone differs."""
    exact = next((each for each in fields if each.name == name), None)
    return exact or next((each for each in fields if each.name.lower() == name.lower()), None)


def leaf_of(text: str, known: Field) -> Value:
    """A text as its field has it; white space around listed values is layout."""
    return read_text(known.kind, text.strip(XML_SPACE) if known.values else text)


def _placing(lines: dict[ValuePath, int | None]) -> Placing:
    def places_of(paths: Set[ValuePath]) -> Mapping[ValuePath, Place]:
        known = ((path, lines.get(path)) for path in paths)
        return {path: (line, None) for path, line in known if line is not None}

    return places_of


_DOCTYPE = re.compile(
    r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+(<!DOCTYPE)", re.IGNORECASE
)
_TAG = re.compile(r"<[^\s<>/!?]++(?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+')*+")
_ATTRIBUTE = re.compile(r"=\s*+(?:\"[^<\"]*+\"|'[^<']*+')")
_DECLARATION = re.compile(r"<\?xml\b(?:[^?]|\?(?!>))*+\?>")
_TOPS = "docpact-tops"
TOO_DEEP = f"the document is nested more than {MAX_DEPTH} levels deep"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's top elements; none where it could not be parsed."""

    tops: tuple[etree._Element, ...] = ()
    violations: tuple[Violation, ...] = ()


def parsed(source: str) -> Parsed:
    """Parse a document, which may have several roots.

    Several roots are no violation here: whoever asked may have been told to expect them.
    """
    refusal = _refusal(source)
    if refusal:
        return Parsed(violations=(refusal,))
    try:
        return Parsed((_root(source),))
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_DOCUMENT_END:
            tops = _tops(source)
            if len(tops) > 1:
                return Parsed(tops)
        return Parsed(violations=(_syntax(error),))


def own_texts(element: etree._Element) -> Iterator[str]:
    """The texts directly within an element that are more than white space."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip(XML_SPACE):
            yield text


def _refusal(source: str) -> Violation | None:
    """Why a document is not handed to the parser at all."""
    if source.startswith("\ufeff"):
        # The parser would skip a second mark, and our look-out for a DOCTYPE would not.
        return Violation(
            "xml-syntax", "a second byte order mark stands before the document", line=1
        )
    doctype = _DOCTYPE.match(source)
    if doctype:
        line = source.count("\n", 0, doctype.start(1)) + 1
        message = "the document has a DOCTYPE, which no answer needs; it was not read"
        return Violation("xml-doctype", message, line=line)
    if source.count("<") - source.count("</") > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} elements"
        return Violation("body-limit", message, expected=MAX_PARTS)
    if source.count("=") > MAX_PARTS and _attributes(source) > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} attributes"
        return Violation("body-limit", message, expected=MAX_PARTS)
    return None


def _attributes(source: str) -> int:
    """How many attributes a document has; its texts may hold any number of signs of equality."""
    return sum(1 for tag in _TAG.finditer(source) for _ in _ATTRIBUTE.finditer(tag[0]))


def _root(source: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # the text was decoded already, whatever the declaration says
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,  # the body was held against our own limits
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(source.encode(), parser)


def _tops(source: str) -> tuple[etree._Element, ...]:
    """The elements at the top, or none if the document is broken in another way as well."""
    declaration = _DECLARATION.match(source)
    start = declaration.end() if declaration else 0
    lines = "\n" * source.count("\n", 0, start)
    try:
        wrapper = _root(f"{lines}<{_TOPS}>{source[start:]}</{_TOPS}>")
    except etree.XMLSyntaxError:
        return ()
    return () if any(own_texts(wrapper)) else tuple(wrapper)


def _syntax(error: etree.XMLSyntaxError) -> Violation:
    line, column = error.position
    what = captured(error.msg.partition(", line ")[0])
    if error.msg.startswith("Excessive depth"):  # it goes on with advice for the parser's own users
        return Violation("body-limit", TOO_DEEP, expected=MAX_DEPTH)
    if error.code in {etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG}:
        return Violation("body-limit", f"the document is beyond all limits: {what}", line=line)
    return Violation("xml-syntax", f"not well-formed: {what}", line=line, column=column or None)
