"""Parse XML without trusting it.

DOCTYPEs are refused before the parser sees them, so no entity is ever defined; size is bounded by
our own limits, which are the same for JSON.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from docpact.check.body import MAX_DEPTH, MAX_PARTS
from docpact.check.breach import Breach, captured

_DOCTYPE = re.compile(
    r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+(<!DOCTYPE)", re.IGNORECASE
)
_TAG = re.compile(r"<[^\s<>/!?]++(?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+')*+")
_ATTRIBUTE = re.compile(r"=\s*+(?:\"[^<\"]*+\"|'[^<']*+')")
_DECLARATION = re.compile(r"<\?xml\b(?:[^?]|\?(?!>))*+\?>")
SPACE = " \t\r\n"  # what XML calls white space; Python's own idea of it is wider
_TOPS = "docpact-tops"
TOO_DEEP = f"the document is nested more than {MAX_DEPTH} levels deep"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's top elements; none where it could not be parsed."""

    tops: tuple[etree._Element, ...] = ()
    breaches: tuple[Breach, ...] = ()


def parsed(source: str) -> Parsed:
    """Parse a document, which may have several roots.

    Several roots are no breach here: whoever asked may have been told to expect them.
    """
    refusal = _refusal(source)
    if refusal:
        return Parsed(breaches=(refusal,))
    try:
        return Parsed((_root(source),))
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_DOCUMENT_END:
            tops = _tops(source)
            if len(tops) > 1:
                return Parsed(tops)
        return Parsed(breaches=(_syntax(error),))


def own_texts(element: etree._Element) -> Iterator[str]:
    """The texts directly within an element that are more than white space."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip(SPACE):
            yield text


def _refusal(source: str) -> Breach | None:
    """Why a document is not handed to the parser at all."""
    if source.startswith("\ufeff"):
        # The parser would skip a second mark, and our look-out for a DOCTYPE would not.
        return Breach("xml-syntax", "a second byte order mark stands before the document", line=1)
    doctype = _DOCTYPE.match(source)
    if doctype:
        line = source.count("\n", 0, doctype.start(1)) + 1
        message = "the document has a DOCTYPE, which no answer needs; it was not read"
        return Breach("xml-doctype", message, line=line)
    if source.count("<") - source.count("</") > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} elements"
        return Breach("body-limit", message, expected=MAX_PARTS)
    if source.count("=") > MAX_PARTS and _attributes(source) > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} attributes"
        return Breach("body-limit", message, expected=MAX_PARTS)
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


def _syntax(error: etree.XMLSyntaxError) -> Breach:
    line, column = error.position
    what = captured(error.msg.partition(", line ")[0])
    if error.msg.startswith("Excessive depth"):  # it goes on with advice for the parser's own users
        return Breach("body-limit", TOO_DEEP, expected=MAX_DEPTH)
    if error.code in {etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG}:
        return Breach("body-limit", f"the document is beyond all limits: {what}", line=line)
    return Breach("xml-syntax", f"not well-formed: {what}", line=line, column=column or None)
