"""Lay out a body for people: complete, and harmless to print.

It is apart from `docpact call`, its only user, because it reads bodies and knows no calls.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from docpact.core.text import printable

Style = Callable[[str, str], str]

_LONGEST: Final = 1024 * 1024  # bytes; who asks for more wants to keep it, not to read it
_INDENT: Final = "  "
_JSON_TOKEN = re.compile(r'\s*+("(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++)\s*+')
_XML_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^<>]*>|[^<]+", re.DOTALL)


def pretty(body: bytes, *, charset: str | None = None, style: Style) -> str:
    """The body as indented JSON or XML, or as plain text if it is neither; ends with a newline."""
    from docpact.check.decode import decoded, media_of
    from docpact.contract import Media

    text = decoded(body, charset).text
    if text is None:
        text = body.decode("utf-8", "backslashreplace")
    laid_out = None
    if len(body) <= _LONGEST:
        media = media_of(body)
        if media is Media.JSON:
            laid_out = _json(text, style)
        elif media is Media.XML:
            laid_out = _xml(text, style)
    if laid_out is None:
        laid_out = "".join(f"{printable(each)}\n" for each in _lines(text))
    return laid_out


def _lines(text: str) -> list[str]:
    lines = text.removesuffix("\n").split("\n") if text else []
    return [each.removesuffix("\r").replace("\t", _INDENT) for each in lines]


def _json(text: str, style: Style) -> str | None:
    """The tokens as they came, so that a number keeps its form and a name its repetition."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    return "".join(_indented(_JSON_TOKEN.findall(text), style)) + "\n"


def _indented(pieces: list[str], style: Style) -> Iterator[str]:
    depth = 0
    following = [*pieces[1:], ""]
    before = ""
    for piece, after in zip(pieces, following, strict=True):
        is_empty = piece + after in {"{}", "[]"}
        if piece in {"}", "]"}:
            depth -= 1
            if before not in {"{", "["}:
                yield f"\n{_INDENT * depth}"
            yield piece
        elif piece in {"{", "["}:
            depth += 1
            yield piece if is_empty else f"{piece}\n{_INDENT * depth}"
        elif piece == ",":
            yield f",\n{_INDENT * depth}"
        elif piece == ":":
            yield ": "
        else:
            role = "value" if piece[0] != '"' else "name" if after == ":" else "text"
            yield style(printable(piece), role)
        before = piece


def _xml(text: str, style: Style) -> str | None:
    """The document with each element on a line of its own; nothing where it has a DOCTYPE."""
    if "<!DOCTYPE" in text:
        return None
    from lxml import etree

    # Without huge_tree, nesting is bounded, too.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    etree.indent(root, _INDENT)
    written = etree.tostring(root, encoding="unicode")
    lines = (_colored(each, style) for each in _lines(written))
    return "".join(f"{each}\n" for each in lines)


def _colored(line: str, style: Style) -> str:
    return "".join(
        style(printable(each), "name" if each.startswith("<") else "text") if each.strip() else each
        for each in _XML_TOKEN.findall(line)
    )
