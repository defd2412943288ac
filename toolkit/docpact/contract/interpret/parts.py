"""Find the parts of a page that matter: syntax, tables and samples."""

from dataclasses import dataclass, replace

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.sample_blocks import requests_on, samples_on
from docpact.contract.interpret.samples import SampleDocument, SampleRole
from docpact.contract.interpret.tables import FieldRow, Tables, shortened, tables_on
from docpact.contract.model import Doubt
from docpact.core.errors import NoOperation
from docpact.core.span import Grade, Origin, Span
from docpact.page import CodeBlock, Heading, Page, Paragraph

__all__ = ["FieldRow", "Parts", "first_line", "parts_of", "shortened"]

_MOST_TITLES = 9  # where a second operation may begin


@dataclass(frozen=True, slots=True)
class Parts:
    """The page, taken apart."""

    page: Page
    summary: str
    request_line: CodeBlock | None
    parameters: tuple[FieldRow, ...]
    response: tuple[FieldRow, ...]
    response_span: Span
    samples: tuple[SampleDocument, ...]  # of success
    requests: tuple[CodeBlock, ...] = ()  # the sample requests
    doubts: tuple[Doubt, ...] = ()  # what was left out, and why
    whole: Span | None = None  # a row that makes a list or a map of the answer as a whole


def parts_of(page: Page) -> Parts:
    """Take a page apart.

    Raises NoOperation if it has no table of what is returned.
    """
    first, doubts = _first_operation(page)
    tables = tables_on(first)
    blocks = [each for each in first.blocks if isinstance(each, CodeBlock)]
    return Parts(
        page=page,
        summary=_summary(first),
        request_line=_request_line(first, blocks),
        parameters=tuple(tables.parameters),
        response=tuple(tables.response),
        response_span=_response_span(tables, page),
        samples=tuple(each for each in samples_on(first) if each.role is SampleRole.SUCCESS),
        requests=requests_on(first),
        doubts=(*doubts, *tables.doubts),
        whole=tables.whole,
    )


def _first_operation(page: Page) -> tuple[Page, tuple[Doubt, ...]]:
    """The page up to where a second operation begins: a title of its own, and tables below."""
    headings = [each for each in page.blocks if isinstance(each, Heading)]
    titles = [each for each in headings if each.level == headings[0].level]
    named = [each for each in titles[1:] if lexicon.CAMEL_NAME.match(each.text)]
    for other in named[:_MOST_TITLES]:
        at = page.blocks.index(other)
        before, rest = (
            replace(page, blocks=blocks) for blocks in (page.blocks[:at], page.blocks[at:])
        )
        if tables_on(before).response and tables_on(rest).response:
            message = f"another operation begins here ({other.text}), which is left out"
            doubt = Doubt("several-operations", message, Origin(other.span, Grade.ASSUMED))
            return before, (doubt,)
    return page, ()


def _summary(page: Page) -> str:
    return next((each.text for each in page.blocks if isinstance(each, Paragraph)), "")


def _request_line(page: Page, blocks: list[CodeBlock]) -> CodeBlock | None:
    """The block that begins with method and path, else a line of text that is nothing else."""
    for block in blocks:
        if lexicon.REQUEST_LINE.match(block.text):
            return block
    for each in page.blocks:
        if isinstance(each, Paragraph) and lexicon.LONE_REQUEST_LINE.fullmatch(each.text):
            return CodeBlock(each.text, Span(each.span.file, each.span.first - 1, each.span.last))
    return None


def _response_span(tables: Tables, page: Page) -> Span:
    if not tables.response:
        raise NoOperation(
            "the page has no table of response parameters",
            span=Span(page.name, 1, max(1, len(page.lines))),
            hint="docpact compiles pages that describe one operation and what it returns.",
        )
    return tables.spans[0].through(tables.spans[-1])


def first_line(block: CodeBlock) -> Span:
    """The first line of the code itself, without the fence."""
    return Span(block.span.file, block.span.first + 1, block.span.first + 1)
