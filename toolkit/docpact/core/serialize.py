"""Write an answer's value as a JSON or XML body, plainly or in any style a writer may have."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

Written = Mapping[str, "Written"] | Sequence["Written"] | str | int | float | bool | None

_ELEMENT_NAME = re.compile(r"[^\W\d][\w.-]*")
_XML_ENTITIES = {"\r": "&#13;"}  # a bare carriage return would be read as a line feed


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a JSON writer lays out what it writes."""

    indent: int | None = None
    ascii_only: bool = False
    escape_slashes: bool = False
    spaced: bool = False  # a space behind each comma and colon
    final_newline: bool = False


@dataclass(frozen=True, slots=True)
class XmlStyle:
    """How an XML writer lays out what it writes."""

    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>'
    indent: int = 0
    cdata: bool = False  # texts that need escapes go into CDATA sections
    long_empty: bool = False  # <X></X> instead of <X/>
    quotes_escaped: bool = False
    comment: bool = False  # a comment before the root
    final_newline: bool = False


PLAIN_JSON = JsonStyle()
PLAIN_XML = XmlStyle()


def is_element_name(name: str) -> bool:
    """Whether a name can be that of an XML element; "Input Delay" cannot."""
    return _ELEMENT_NAME.fullmatch(name) is not None


def json_text(value: Written, style: JsonStyle = PLAIN_JSON) -> str:
    """The value as JSON."""
    separators = (", ", ": ") if style.spaced else (",", ":")
    if style.indent is not None:
        separators = (",", ": ")
    text = json.dumps(
        value, ensure_ascii=style.ascii_only, indent=style.indent, separators=separators
    )
    if style.escape_slashes:
        text = text.replace("/", "\\/")  # a slash stands in strings only
    return text + "\n" * style.final_newline


def xml_text(root: str, value: Mapping[str, Written], style: XmlStyle = PLAIN_XML) -> str:
    """The value as an XML document; null and the empty text are elements without content."""
    newline = "\n" if style.indent else ""
    parts = [style.declaration + "\n" if style.declaration else ""]
    if style.comment:
        parts.append(f"<!-- {root} -->\n")
    parts.append(f"<{root}>{newline}{xml_members(value, style, 1)}</{root}>")
    return "".join(parts) + "\n" * style.final_newline


def xml_members(value: Mapping[str, Written], style: XmlStyle = PLAIN_XML, depth: int = 0) -> str:
    """The members as elements, one after the other; items of a list repeat theirs."""
    return "".join(
        _element(name, each, style, depth)
        for name, member in value.items()
        for each in (member if isinstance(member, list | tuple) else (member,))
    )


def _element(name: str, value: Written, style: XmlStyle, depth: int) -> str:
    margin = " " * (style.indent * depth)
    newline = "\n" if style.indent else ""
    if isinstance(value, Mapping):
        inner = xml_members(value, style, depth + 1)
        return f"{margin}<{name}>{newline}{inner}{margin}</{name}>{newline}"
    text = _text(value, style)
    if not text and not style.long_empty:
        return f"{margin}<{name}/>{newline}"
    return f"{margin}<{name}>{text}</{name}>{newline}"


def _text(value: Written, style: XmlStyle) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if style.cdata and "\r" not in text and "]]>" not in text and escape(text) != text:
        return f"<![CDATA[{text}]]>"
    entities = _XML_ENTITIES | ({'"': "&quot;", "'": "&apos;"} if style.quotes_escaped else {})
    return escape(text, entities)
