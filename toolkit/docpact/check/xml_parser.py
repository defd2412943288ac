"""Parse XML documents safely: without DTDs, entities and network, within docpact's limits.

Separate from the decoding of bodies because lxml takes long to import and JSON needs none of it.
"""

import re
from dataclasses import dataclass

from lxml import etree

from docpact.check.decode import MAX_DEPTH, MAX_PARTS
from docpact.check.xml_body import own_texts
from docpact.core.violation import Violation, captured

_DOCTYPE = re.compile(
    r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+(<!DOCTYPE)", re.IGNORECASE
)
_TAG = re.compile(r"<[^\s<>/!?]++(?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+')*+")
_ATTRIBUTE = re.compile(r"=\s*+(?:\"[^<\"]*+\"|'[^<']*+')")
_DECLARATION = re.compile(r"<\?xml\b(?:[^?]|\?(?!>))*+\?>")
_WRAPPER = "docpact-tops"
TOO_DEEP = f"the document is nested more than {MAX_DEPTH} levels deep"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's top elements; none where it could not be parsed."""

    tops: tuple[etree._Element, ...] = ()
    violations: tuple[Violation, ...] = ()


def parsed(source: str) -> Parsed:
    """Parse a document, which may have several roots.

    Several roots are not a violation here: the caller may expect them.
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


def _refusal(source: str) -> Violation | None:
    """Why a document is not given to the parser at all."""
    if source.startswith("\ufeff"):
        # The parser would skip a second mark, and our search for a DOCTYPE would not.
        return Violation("xml-syntax", "a second byte order mark comes before the document", line=1)
    doctype = _DOCTYPE.match(source)
    if doctype:
        line = source.count("\n", 0, doctype.start(1)) + 1
        message = "the document has a DOCTYPE, which no documented answer has; it was not read"
        return Violation("xml-doctype", message, line=line)
    if source.count("<") - source.count("</") > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} elements"
        return Violation("body-limit", message, expected=MAX_PARTS)
    if source.count("=") > MAX_PARTS and _attributes(source) > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS:,} attributes"
        return Violation("body-limit", message, expected=MAX_PARTS)
    return None


def _attributes(source: str) -> int:
    """How many attributes a document has; its texts may hold any number of equals signs."""
    return sum(1 for tag in _TAG.finditer(source) for _ in _ATTRIBUTE.finditer(tag[0]))


def _root(source: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # the text was decoded already, whatever the declaration says
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,  # the body was checked against our own limits
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
        wrapper = _root(f"{lines}<{_WRAPPER}>{source[start:]}</{_WRAPPER}>")
    except etree.XMLSyntaxError:
        return ()
    return () if any(own_texts(wrapper)) else tuple(wrapper)


def _syntax(error: etree.XMLSyntaxError) -> Violation:
    line, column = error.position
    what = captured(error.msg.partition(", line ")[0])
    if error.msg.startswith("Excessive depth"):  # the rest is advice for users of the parser
        return Violation("body-limit", TOO_DEEP, expected=MAX_DEPTH)
    if error.code in {etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG}:
        return Violation(
            "body-limit", f"the document is beyond the limits of the parser: {what}", line=line
        )
    return Violation("xml-syntax", f"not well-formed: {what}", line=line, column=column or None)
