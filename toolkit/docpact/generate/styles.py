"""Strategies for the ways in which writers lay out one and the same value."""

from functools import cache

from hypothesis import strategies as st

from docpact.contract import Media
from docpact.exchange import Response
from docpact.generate.plan import Value
from docpact.writing import JsonStyle, XmlStyle, json_text, xml_text

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
