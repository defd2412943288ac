"""Interpret a reference page as a contract."""

from msgspec.structs import replace

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.answer import (
    Tree,
    doubts_about,
    fields_of_tree,
    kind_named,
    tree_of,
)
from docpact.contract.interpret.meaning import constraints_in
from docpact.contract.interpret.parts import Entry, Parts, first_line, parts_of, shortened
from docpact.contract.interpret.placement import Placed, place, repeated
from docpact.contract.interpret.ruled import ruled
from docpact.contract.interpret.samples import lists_in, paths_in, top_elements
from docpact.contract.model import (
    Answer,
    Contract,
    Doubt,
    Media,
    Operation,
    Parameter,
    Place,
    Sample,
)
from docpact.contract.rulings import NO_RULINGS, Rulings
from docpact.errors import UnreadablePage
from docpact.page import CodeBlock, Page
from docpact.span import Grade, Origin, Span

__all__ = ["interpret"]


def interpret(page: Page, rulings: Rulings = NO_RULINGS) -> Contract:
    """Read the contract off a page and carry out the rulings on it.

    Raises UnreadablePage if the page describes no operation, and BrokenContract if a ruling does
    not fit the page.
    """
    parts = parts_of(page)
    placed = place(parts.response, _paths(parts, Media.JSON), _paths(parts, Media.XML))
    tree = tree_of(placed, _lists(parts))
    operation = _operation(parts)
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
            *doubts_about(tree),
            *_repeated_rows(parts, placed),
            *_malformed_samples(parts),
            *_doubts_about_root(success, operation),
            *_doubts_about_path(operation),
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


def _lists(parts: Parts) -> frozenset[tuple[str, ...]]:
    """What is a list; JSON tells it outright, XML only where an element comes again."""
    in_json, in_xml = (
        [lists_in(kind, block.text) for kind, block in parts.samples if kind is media]
        for media in (Media.JSON, Media.XML)
    )
    return frozenset().union(*(in_json or in_xml))


def _operation(parts: Parts) -> Operation:
    page = parts.page
    method, path, origin = "", "", Origin(Span(page.name, 1, 1), Grade.STATED, page.title)
    if parts.request_line:
        match = lexicon.REQUEST_LINE.match(parts.request_line.text)
        if match:
            method, path = match[1], lexicon.PLACEHOLDER.sub(r"{\1}", match[2])
            origin = Origin(first_line(parts.request_line), Grade.STATED, shortened(match[0]))
    return Operation(
        name=_operation_name(page),
        summary=parts.summary,
        method=method,
        path=path,
        parameters=tuple(_parameter(entry, path) for entry in parts.parameters),
        origin=origin,
        version=_version(page),
    )


def _operation_name(page: Page) -> str:
    """The name that the title gives, else the link to the vendor's explorer, else the file."""
    linked = next((match for match in map(lexicon.API_NAME.search, page.lines) if match), None)
    titled = lexicon.OPERATION_NAME.search(page.title)
    if titled:
        return titled[0]
    if linked:
        return linked[1]
    named = lexicon.OPERATION_NAME.match(page.name)
    if named:
        return named[0]
    asked = next((match for match in map(lexicon.ACTION.search, page.lines) if match), None)
    if asked:
        return asked[1]
    raise UnreadablePage(
        "neither the title nor a link names the operation",
        span=Span(page.name, 1, 1),
        hint="An operation's name is a word of Latin letters and digits, such as GetInstance.",
    )


def _version(page: Page) -> str:
    found = (lexicon.API_VERSION.search(line) for line in page.lines)
    return next((match[1] for match in found if match), "")


def _parameter(entry: Entry, path: str) -> Parameter:
    in_path = f"{{{entry.name}}}" in path
    told = Place(entry.place) if entry.place in lexicon.PLACES else Place.QUERY
    return Parameter(
        name=entry.name,
        wire_name=entry.name,
        place=Place.PATH if in_path else told,
        kind=kind_named(entry.type),
        required=entry.required,
        example=entry.example,
        description=entry.description.prose,
        origin=entry.origin,
    )


def _problems(page: Page) -> tuple[Doubt, ...]:
    """What the reader could not make sense of is in doubt as well."""
    return tuple(
        Doubt(each.kind, each.message, Origin(each.span, Grade.ASSUMED)) for each in page.problems
    )


def _malformed_samples(parts: Parts) -> tuple[Doubt, ...]:
    return tuple(
        Doubt("malformed-sample", f"the {media.upper()} sample is not well-formed", origin)
        for media, block in parts.samples
        for origin in (_sample_origin(block),)
        if not paths_in(media, block.text)
    )


def _repeated_rows(parts: Parts, placed: tuple[Placed, ...]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(
            "repeated-row", f"{each.name} has a row already, so this one is left out", each.origin
        )
        for each in repeated(parts.response, placed)
    )


def _doubts_about_path(operation: Operation) -> tuple[Doubt, ...]:
    if not operation.path:
        return (Doubt("no-request-line", "the page shows no method and path", operation.origin),)
    listed = {each.name for each in operation.parameters}
    return tuple(
        Doubt("unlisted-parameter", f"{name} is in the path but in no table", operation.origin)
        for name in lexicon.PLACEHOLDER.findall(operation.path)
        if name not in listed
    )


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
