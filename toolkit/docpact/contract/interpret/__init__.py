"""Interpret a reference page as a contract."""

from collections.abc import Iterator

from msgspec.structs import replace

from docpact.contract.interpret.answer import FieldTree, doubts_about, fields_of_tree
from docpact.contract.interpret.lexicon import constraints_in
from docpact.contract.interpret.parts import FieldRow, Parts, parts_of
from docpact.contract.interpret.placement import PlacedRow, place
from docpact.contract.interpret.request import operation_of
from docpact.contract.interpret.ruled import ruled
from docpact.contract.interpret.samples import SampleDocument
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
from docpact.page import Page

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
    tree = FieldTree(placed, parts.samples)
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
    return replace(
        contract, samples=tuple(_as_sent(each, contract.success.root) for each in parts.samples)
    )


def _paths(parts: Parts, media: Media) -> tuple[FieldPath, ...]:
    return tuple(path for each in parts.samples if each.media is media for path in each.paths)


def _root(parts: Parts, tree: FieldTree, usual: str, table: Origin) -> tuple[str, Origin]:
    """The XML root: the one that a sample shows, else the vendor's usual one."""
    members = {each.path[0].lower() for each in tree.placed}
    for sample in parts.samples:
        names = _top_names(sample)
        if len(names) == 1 and names[0].lower() not in members:
            return names[0], sample.origin
    return usual, replace(table, grade=Grade.ASSUMED)


def _top_names(sample: SampleDocument) -> tuple[str, ...]:
    return tuple(name for name, _ in sample.tops) if sample.is_well_formed else ()


def _doubts_about_root(success: Answer, operation: Operation) -> tuple[Doubt, ...]:
    if success.root == f"{operation.name}Response":
        return ()
    message = f"the XML sample's root is {success.root}, not {operation.name}Response"
    return (Doubt("other-root", message, success.root_origin),)


def _refuse_lists(parts: Parts) -> None:
    """An answer that is not an object has no place in a contract, and would be refused by any."""
    in_json = [each for each in parts.samples if each.media is Media.JSON]
    span = parts.whole
    if in_json and all(each.is_list for each in in_json):
        span = in_json[0].span
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


def _malformed_samples(parts: Parts) -> Iterator[Doubt]:
    for each in parts.samples:
        deep = f"nested more than {DEEPEST} levels deep"
        mistake = deep if each.is_deep else "not well-formed"
        if not each.is_well_formed:
            message = f"the {each.media.upper()} sample is {mistake}"
            yield Doubt("malformed-sample", message, each.origin)


def _left_out(rows: tuple[FieldRow, ...], placed: tuple[PlacedRow, ...]) -> Iterator[Doubt]:
    """The rows without a place: those of a path that another row has, and unseen members."""
    kept = {each.row.span for each in placed}
    left = [each for each in rows if each.span not in kept]
    for each in sorted(left, key=lambda each: bool(each.owner)):
        if each.owner:
            message = f"{each.name} is a member of {each.owner}, where no sample shows it"
            yield Doubt("nested-table", f"{message}, so it is left out", each.origin)
        else:
            message = f"{each.name} has a row already, so this one is left out"
            yield Doubt("repeated-row", message, each.origin)


def _as_sent(sample: SampleDocument, root: str) -> Sample:
    """The sample as it travels: an XML sample that was cut to the inner elements gets its root."""
    text = sample.text.strip("\n") + "\n"
    if sample.media is Media.XML and _top_names(sample) not in {(root,), ()}:
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{text}</{root}>\n'
    return Sample(sample.media, text, sample.origin)
