"""Strategies for texts: names, identifiers and long texts that are hard for clients and servers.

Every strategy is made once: making one anew for each example costs more than drawing from it.
"""

import json
import re
from functools import cache, lru_cache
from typing import Final

from hypothesis import strategies as st

from docpact.contract import Media
from docpact.core.exchange import Response
from docpact.core.serialize import JsonStyle, XmlStyle, json_text, xml_text
from docpact.generate.response_model import Value

HARD_NAMES: Final = (
    "job1",
    "Nightly Load",
    " padded ",
    "a+b",
    "100%",
    "café",  # composed
    "cafe\u0301",  # with a combining mark
    "实时计算",
    "🚀 launch",
    "a & b < c > d",
    'say "hi"',
    "it's",
    "x" * 64,
)
_LAYOUT = "\t\n\r"
_MARKUP = "&<>\"'"
_once = lru_cache(maxsize=64)


@_once
def characters(media: tuple[Media, ...]) -> st.SearchStrategy[str]:
    """Characters that every one of the formats can hold."""
    # XML 1.0 has no surrogates, no controls but layout, and no noncharacters.
    readable = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
    if Media.XML in media:
        return readable | st.sampled_from(_LAYOUT + _MARKUP)
    return readable | st.characters(max_codepoint=0x1F) | st.sampled_from('\x7f"\\/')


@_once
def printable_texts(most: int) -> st.SearchStrategy[str]:
    """Texts on one line that both formats can hold."""
    visible = characters((Media.XML,)).filter(str.isprintable)
    return st.text(visible, min_size=1, max_size=most)


@_once
def names() -> st.SearchStrategy[str]:
    """Names of jobs and projects; never masked, never mere white space."""
    return (st.sampled_from(HARD_NAMES) | printable_texts(24)).filter(is_plain)


@_once
def free_texts(media: tuple[Media, ...]) -> st.SearchStrategy[str]:
    """Texts without a form of their own: short, long, of many lines; never mere white space."""
    short = st.text(characters(media), max_size=40)
    many = st.lists(short, min_size=2, max_size=6).map("\n".join)
    long = st.integers(20, 200).map(lambda times: "long text " * times)
    return st.one_of(short, many, long).filter(lambda text: not text or is_plain(text))


@_once
def matching(pattern: str) -> st.SearchStrategy[str]:
    """Texts of a form; the pattern's anchors stand at its ends."""
    bare = pattern.removeprefix("^").removesuffix("$")
    return st.from_regex(re.compile(bare, re.ASCII), fullmatch=True)


@_once
def lines(pattern: str) -> st.SearchStrategy[str]:
    """Lines that hold what a pattern looks for, as a configuration has them."""
    rest = st.text("abcdefghijklmnopqrstuvwxyz.", min_size=1, max_size=20)
    return st.builds(lambda found, end: found.lstrip("\n") + end, matching(pattern), rest)


@_once
def documents() -> st.SearchStrategy[str]:
    """JSON documents, as they travel inside a text."""
    leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
    inner = st.lists(leaves, max_size=3) | st.dictionaries(printable_texts(8), leaves, max_size=3)
    keyed = st.dictionaries(printable_texts(8), leaves | inner, max_size=3)
    return (keyed | inner | leaves).map(json.dumps).filter(is_plain)


@_once
def entries(separator: str, foreign: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Lists in a text, as of packages."""
    taken = re.compile("|".join(re.escape(each) for each in (separator, *foreign)))
    stems = printable_texts(12).filter(lambda text: not taken.search(text) and is_plain(text))
    files = st.lists(stems.map(lambda stem: f"{stem.strip()}.jar"), min_size=1, max_size=4)
    joined = st.builds(lambda between, each: between.join(each), _separators(separator), files)
    return joined.filter(is_plain)


def _separators(separator: str) -> st.SearchStrategy[str]:
    return st.sampled_from((separator, f"{separator} "))


def is_plain(text: str) -> bool:
    """Neither masked nor mere white space, which are judged in their own way."""
    return "***" not in text and bool(text.strip())


DECLARATIONS = (
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
)
JSON_TYPES = ("application/json", "application/json;charset=UTF-8", "text/json; charset=utf-8")
XML_TYPES = ("application/xml", "text/xml;charset=utf-8", "application/xml; charset=UTF-8")


@cache
def json_styles() -> st.SearchStrategy[JsonStyle]:
    """Layouts of JSON; the plain one is the simplest."""
    return st.builds(
        JsonStyle,
        indent=st.none() | st.sampled_from((0, 2, 4)),
        ascii_only=st.booleans(),
        escape_slashes=st.booleans(),
        spaced=st.booleans(),
        final_newline=st.booleans(),
    )


@cache
def xml_styles() -> st.SearchStrategy[XmlStyle]:
    """Layouts of XML; the plain one is the simplest."""
    return st.builds(
        XmlStyle,
        declaration=st.sampled_from(DECLARATIONS),
        indent=st.sampled_from((0, 2, 4)),
        cdata=st.booleans(),
        long_empty=st.booleans(),
        quotes_escaped=st.booleans(),
        comment=st.booleans(),
        final_newline=st.booleans(),
    )


@st.composite
def written(
    draw: st.DrawFn,
    values: st.SearchStrategy[Value],
    root: str,
    media: tuple[Media, ...],
    *,
    statuses: tuple[int, ...],
) -> Response:
    """Responses that carry a drawn value, in one of the formats and in any style."""
    value = draw(values)
    if draw(st.sampled_from(media)) is Media.JSON:
        body = json_text(value, draw(json_styles()))
        content_type = draw(st.sampled_from(JSON_TYPES))
    else:
        body = xml_text(root, value, draw(xml_styles()))
        content_type = draw(st.sampled_from(XML_TYPES))
    status = draw(st.sampled_from(statuses))
    return Response(body.encode(), status, (("Content-Type", content_type),))
