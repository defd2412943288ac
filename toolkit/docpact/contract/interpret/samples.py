"""What the page's sample answers show: which name stands where."""

import json
from collections.abc import Iterator

from lxml import etree

from docpact.contract.model import FieldPath, Media

_WRAPPER = "sample"


def paths_in(media: Media, text: str) -> tuple[FieldPath, ...]:
    """The path of every member of a sample, in order; empty if it is not well-formed."""
    return tuple(dict.fromkeys(_json_paths(text) if media is Media.JSON else _xml_paths(text)))


def lists_in(media: Media, text: str) -> frozenset[FieldPath]:
    """The path of every member that a sample shows to be a list."""
    if media is Media.JSON:
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return frozenset()
        return frozenset(_json_lists(value, ()))
    wrapped = _wrapped(text)
    return frozenset() if wrapped is None else frozenset(_xml_lists(_start(wrapped), ()))


def _json_lists(value: object, parent: FieldPath) -> Iterator[FieldPath]:
    if isinstance(value, dict):
        for name, member in value.items():
            path = (*parent, name)
            if isinstance(member, list):
                yield path
            yield from _json_lists(member, path)
    elif isinstance(value, list):
        for item in value:
            yield from _json_lists(item, parent)


def _xml_lists(element: etree._Element, parent: FieldPath) -> Iterator[FieldPath]:
    seen = set()
    for child in element:
        if isinstance(child.tag, str):
            path = (*parent, child.tag)
            if child.tag in seen:
                yield path
            seen.add(child.tag)
            yield from _xml_lists(child, path)


def _json_paths(text: str) -> Iterator[FieldPath]:
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    yield from _members(value, ())


def _members(value: object, parent: FieldPath) -> Iterator[FieldPath]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield (*parent, name)
            yield from _members(member, (*parent, name))
    elif isinstance(value, list):
        for item in value:
            yield from _members(item, parent)


def top_elements(text: str) -> tuple[str, ...]:
    """The names of the elements at the top of an XML sample, which may be cut to several."""
    wrapped = _wrapped(text)
    return () if wrapped is None else tuple(_elements(wrapped))


def _xml_paths(text: str) -> Iterator[FieldPath]:
    wrapped = _wrapped(text)
    if wrapped is None:
        return
    yield from _element_paths(_start(wrapped), ())


def _start(wrapped: etree._Element) -> etree._Element:
    """What holds the members: one element at the top is the root, of which JSON knows nothing."""
    tops = [child for child in wrapped if isinstance(child.tag, str)]
    return tops[0] if len(tops) == 1 and len(tops[0]) else wrapped


def _element_paths(element: etree._Element, parent: FieldPath) -> Iterator[FieldPath]:
    for child in element:
        if isinstance(child.tag, str):
            path = (*parent, child.tag)
            yield path
            yield from _element_paths(child, path)


def _elements(element: etree._Element) -> Iterator[str]:
    return (child.tag for child in element if isinstance(child.tag, str))


def _wrapped(text: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False)
    bare = text.strip()
    if bare.startswith("<?xml"):
        bare = bare.partition("?>")[2]
    try:
        return etree.fromstring(f"<{_WRAPPER}>{bare}</{_WRAPPER}>".encode(), parser)
    except etree.XMLSyntaxError:
        return None
