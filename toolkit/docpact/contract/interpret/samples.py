"""What the page's sample answers show: which name stands where."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from docpact.contract.interpret.lenient import Node, is_json, is_xml, json_value, xml_tops
from docpact.contract.model import FieldPath, Media


class Shape(StrEnum):
    """What a sample has as a value."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"
    SCALAR = "a simple value"  # in XML and in damaged samples, which do not tell types
    STRUCT = "an object"
    LIST = "a list"


SIMPLE = frozenset({Shape.TEXT, Shape.NUMBER, Shape.TRUTH, Shape.SCALAR})


def is_well_formed(media: Media, text: str) -> bool:
    """Whether a sample is what it claims to be."""
    return is_json(text) if media is Media.JSON else is_xml(text)


def paths_in(media: Media, text: str) -> tuple[FieldPath, ...]:
    """The path of every member of a sample, in order; of a damaged one as far as it shows."""
    return tuple(dict.fromkeys(path for path, _ in shapes_in(media, text)))


def shapes_in(media: Media, text: str) -> Iterator[tuple[FieldPath, Shape | None]]:
    """Every member of a sample with its shape, which is unknown where it is empty."""
    try:
        if media is Media.JSON:
            whole = is_json(text)
            for path, shape in _json_members(json_value(text), ()):
                yield path, shape if whole or shape not in SIMPLE else Shape.SCALAR
        else:
            yield from _xml_members(_start(xml_tops(text)), ())
    except RecursionError:
        return


def lists_in(media: Media, text: str) -> frozenset[FieldPath]:
    """The path of every member that a sample shows to be a list."""
    if media is Media.JSON:
        return frozenset(path for path, shape in shapes_in(media, text) if shape is Shape.LIST)
    return frozenset(_xml_lists(_start(xml_tops(text)), ()))


def is_list(media: Media, text: str) -> bool:
    """Whether a sample is a list as a whole."""
    return media is Media.JSON and isinstance(json_value(text), list)


def top_elements(text: str) -> tuple[str, ...]:
    """The names of the elements at the top of a well-formed XML sample, which may be several."""
    return tuple(each.name for each in xml_tops(text)) if is_xml(text) else ()


def _json_members(value: object, parent: FieldPath) -> Iterator[tuple[FieldPath, Shape | None]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield (*parent, name), _json_shape(member)
            yield from _json_members(member, (*parent, name))
    elif isinstance(value, list):
        for item in value:
            yield from _json_members(item, parent)


def _json_shape(value: object) -> Shape | None:
    if isinstance(value, list):
        return Shape.LIST
    if isinstance(value, dict):
        return Shape.STRUCT
    if isinstance(value, bool):
        return Shape.TRUTH
    if isinstance(value, int | float):
        return Shape.NUMBER
    return Shape.TEXT if value else None


def _start(tops: Sequence[Node]) -> Sequence[Node]:
    """What holds the members: one element at the top is the root, of which JSON knows nothing."""
    return tops[0].children if len(tops) == 1 and tops[0].children else tops


def _xml_members(
    nodes: Sequence[Node], parent: FieldPath
) -> Iterator[tuple[FieldPath, Shape | None]]:
    for each in nodes:
        path = (*parent, each.name)
        empty = None if not each.text else Shape.SCALAR
        yield path, Shape.STRUCT if each.children else empty
        yield from _xml_members(each.children, path)


def _xml_lists(nodes: Sequence[Node], parent: FieldPath) -> Iterator[FieldPath]:
    seen = set()
    for each in nodes:
        path = (*parent, each.name)
        if each.name in seen:
            yield path
        seen.add(each.name)
        yield from _xml_lists(each.children, path)
