"""Interpret a reference page as a contract."""

from msgspec.structs import replace

from docpact.contract.interpret.answer import Shown, Tree, doubts_about, fields_of_tree, tree_of
from docpact.contract.interpret.lenient import is_deep
from docpact.contract.interpret.meaning import constraints_in
from docpact.contract.interpret.parts import FieldRow, Parts, parts_of
from docpact.contract.interpret.placement import Placed, place, repeated, unplaced
from docpact.contract.interpret.request import operation_of
from docpact.contract.interpret.ruled import ruled
from docpact.contract.interpret.samples import (
    Shape,
    is_list,
    is_well_formed,
    lists_in,
    paths_in,
    shapes_in,
    top_elements,
)
from docpact.contract.model import (
    DEEPEST,
    Answer,
    Contract,
    Doubt,
    FieldPath,
    Media,
    Operation,
    Sample,
)
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.core.errors import UnreadablePage
from docpact.core.span import Grade, Origin
from docpact.page import CodeBlock, Page

__all__ = ["interpret"]


def interpret(page: Page, rulings: Rulings = NO_RULINGS) -> Contract:
    """Read the contract off a page and carry out the rulings on it.

    Raises UnreadablePage if the page describes no operation, and BrokenContract if a ruling does
    not fit the page.
    """
    parts = parts_of(page)
    _refuse_lists(parts)
    named = tuple(each for each in parts.response if each.name)
    placed = place(named, _paths(parts, Media.JSON), _paths(parts, Media.XML))
    tree = tree_of(placed, _shown(parts))
    operation, doubts = operation_of(parts)
    table = Origin(parts.response_span, Grade.STATED)
    root, root_origin = _root(parts, tree, f"{operation.name}Response", table)
    success = Answer(
        root=root,
        root_origin=root_origin,
        fields=fields_of_tree(tree),
        origin=table,
    )
    contract = Contract(
        page=page.name,
        operation=operation,
        success=success,
        constraints=constraints_in(success, operation.parameters),
        doubts=(
            *_problems(page),
            *parts.doubts,
            *doubts_about(tree),
            *_left_out(named, placed),
            *_malformed_samples(parts),
            *_doubts_about_root(success, operation),
            *doubts,
        ),
    )
    contract = ruled(contract, rulings, page)
    return replace(contract, samples=_samples(parts, contract.success.root))


def _paths(parts: Parts, media: Media) -> tuple[tuple[str, ...], ...]:
    return tuple(
        path
        for kind, block in parts.samples
        if kind is media
        for path in paths_in(kind, block.text)
    )


def _root(parts: Parts, tree: Tree, usual: str, table: Origin) -> tuple[str, Origin]:
    """The XML root: the one that a sample shows, else the vendor's usual one."""
    members = {each.path[0].lower() for each in tree.placed}
    for media, block in parts.samples:
        tops = top_elements(block.text) if media is Media.XML else ()
        if len(tops) == 1 and tops[0].lower() not in members:
            return tops[0], _sample_origin(block)
    return usual, replace(table, grade=Grade.ASSUMED)


def _doubts_about_root(success: Answer, operation: Operation) -> tuple[Doubt, ...]:
    if success.root == f"{operation.name}Response":
        return ()
    message = f"the XML sample's root is {success.root}, not {operation.name}Response"
    return (Doubt("other-root", message, success.root_origin),)


def _shown(parts: Parts) -> Shown:
    """What the samples show; JSON tells lists outright, XML only where an element comes again."""
    in_json, in_xml = (
        [block.text for kind, block in parts.samples if kind is media]
        for media in (Media.JSON, Media.XML)
    )
    shapes: dict[FieldPath, set[Shape]] = {}
    for media, block in parts.samples:
        for path, shape in shapes_in(media, block.text):
            shapes.setdefault(path, set()).update({shape} if shape else ())
    listed = [lists_in(Media.JSON, each) for each in in_json]
    listed = listed or [lists_in(Media.XML, each) for each in in_xml]
    return Shown(
        lists=frozenset().union(*listed),
        shapes=shapes,
        objects=frozenset(
            path
            for each in in_json
            for path, shape in shapes_in(Media.JSON, each)
            if shape is Shape.STRUCT
        ),
    )


def _refuse_lists(parts: Parts) -> None:
    """An answer that is no object has no place in a contract, and would be refused by any."""
    in_json = [block for media, block in parts.samples if media is Media.JSON]
    span = parts.whole
    if in_json and all(is_list(Media.JSON, each.text) for each in in_json):
        span = _sample_origin(in_json[0]).span
    if span is None:
        return
    raise UnreadablePage(
        "the answer as a whole is a list or a map, not an object with the names of the table",
        span=span,
        hint="docpact compiles pages whose answer is one object with named members.",
    )


def _problems(page: Page) -> tuple[Doubt, ...]:
    """What the reader could not make sense of is in doubt as well."""
    return tuple(
        Doubt(each.kind, each.message, Origin(each.span, Grade.ASSUMED)) for each in page.problems
    )


def _malformed_samples(parts: Parts) -> tuple[Doubt, ...]:
    return tuple(
        Doubt("malformed-sample", f"the {media.upper()} sample is {_mistake(block.text)}", origin)
        for media, block in parts.samples
        for origin in (_sample_origin(block),)
        if not is_well_formed(media, block.text)
    )


def _mistake(text: str) -> str:
    return f"nested more than {DEEPEST} levels deep" if is_deep(text) else "not well-formed"


def _left_out(entries: tuple[FieldRow, ...], placed: tuple[Placed, ...]) -> tuple[Doubt, ...]:
    repeats = (
        Doubt(
            "repeated-row", f"{each.name} has a row already, so this one is left out", each.origin
        )
        for each in repeated(entries, placed)
    )
    members = (
        Doubt(
            "nested-table",
            f"{each.name} is a member of {each.owner}, where no sample shows it, so it is left out",
            each.origin,
        )
        for each in unplaced(entries, placed)
    )
    return (*repeats, *members)


def _samples(parts: Parts, root: str) -> tuple[Sample, ...]:
    return tuple(
        Sample(media, _as_sent(media, block, root), _sample_origin(block))
        for media, block in parts.samples
    )


def _as_sent(media: Media, block: CodeBlock, root: str) -> str:
    """The sample as it travels: an XML sample that was cut to the inner elements gets its root."""
    text = block.text.strip("\n") + "\n"
    if media is Media.JSON or top_elements(text) in {(root,), ()}:
        return text
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{text}</{root}>\n'


def _sample_origin(block: CodeBlock) -> Origin:
    return Origin(replace(block.span, first=block.span.first + 1), Grade.IMPLIED)
