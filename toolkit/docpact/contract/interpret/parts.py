"""Find the parts of a page that matter: syntax, tables and samples."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from docpact.contract.interpret import lexicon
from docpact.contract.model import Media
from docpact.errors import NoOperation
from docpact.page import Bullet, Cell, CodeBlock, Heading, Page, Paragraph, Row, Table
from docpact.span import Grade, Origin, Span

QUOTE_LENGTH = 160
_EXAMPLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a parameter table, its cells named by their columns."""

    name: str
    depth: int  # how deep the row is nested by its markers; 0 without any
    type: str
    required: bool
    example: str
    description: Cell
    span: Span
    merged: bool = False  # some of its cells are printed once, in a row above
    place: str = ""  # where a parameter travels, in the page's word for it

    @property
    def values(self) -> tuple[Bullet, ...]:
        """The description's bullets that may name a value; nested ones remark on these."""
        return tuple(each for each in self.description.bullets if each.level == 0)

    @property
    def quote(self) -> str:
        """The row, short enough to print."""
        example = shortened(self.example, _EXAMPLE_LENGTH)
        return shortened(f"{self.name} | {self.type} | {example} | {self.description.prose}")

    @property
    def origin(self) -> Origin:
        """The row as an origin: the page states it."""
        return Origin(self.span, Grade.STATED, self.quote)


@dataclass(frozen=True, slots=True)
class Parts:
    """The page, taken apart."""

    page: Page
    summary: str
    request_line: CodeBlock | None
    parameters: tuple[Entry, ...]
    response: tuple[Entry, ...]
    response_span: Span
    samples: tuple[tuple[Media, CodeBlock], ...]


def shortened(text: str, length: int = QUOTE_LENGTH) -> str:
    """The text on one line, cut to the length of a quote."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def parts_of(page: Page) -> Parts:
    """Take a page apart.

    Raises NoOperation if it has no table of what is returned.
    """
    parameters, response, response_span = _tables(page)
    blocks = [each for each in page.blocks if isinstance(each, CodeBlock)]
    return Parts(
        page=page,
        summary=_summary(page),
        request_line=next((each for each in blocks if lexicon.REQUEST_LINE.match(each.text)), None),
        parameters=parameters,
        response=response,
        response_span=response_span,
        samples=tuple(_samples(page)),
    )


def _summary(page: Page) -> str:
    return next((each.text for each in page.blocks if isinstance(each, Paragraph)), "")


def _tables(page: Page) -> tuple[tuple[Entry, ...], tuple[Entry, ...], Span]:
    parameters: list[Entry] = []
    response: list[Entry] = []
    spans: list[Span] = []
    for heading, table in _tables_with_headings(page):
        columns = _columns(table.header)
        if "name" not in columns or "description" not in columns:
            continue
        if "required" in columns:
            parameters += _entries(table, columns)
        elif lexicon.RESPONSE_HEADING.search(heading):
            response += _entries(table, columns)
            spans.append(table.span)
    if not response:
        raise NoOperation(
            "the page has no table of response parameters",
            span=Span(page.name, 1, max(1, len(page.lines))),
            hint="docpact compiles pages that describe one operation and what it returns.",
        )
    return tuple(parameters), tuple(response), spans[0].through(spans[-1])


def _tables_with_headings(page: Page) -> Iterator[tuple[str, Table]]:
    heading = ""
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            yield heading, block


def _columns(header: Row) -> dict[str, int]:
    roles = {
        "name": lexicon.NAME_COLUMNS,
        "type": lexicon.TYPE_COLUMNS,
        "place": lexicon.PLACE_COLUMNS,
        "required": lexicon.REQUIRED_COLUMNS,
        "example": lexicon.EXAMPLE_COLUMNS,
        "description": lexicon.DESCRIPTION_COLUMNS,
    }
    titles = [cell.text.strip() for cell in header.cells]
    return {
        role: index
        for role, words in roles.items()
        for index, title in enumerate(titles)
        if title in words
    }


def _entries(table: Table, columns: dict[str, int]) -> Iterator[Entry]:
    for row in table.rows:
        cells = {role: row.cells[index] for role, index in columns.items()}
        name = cells["name"].text
        bare = name.lstrip(" └")
        yield Entry(
            name=bare.strip(),
            depth=name.count("└"),
            type=_text(cells, "type"),
            required=_text(cells, "required") in lexicon.YES,
            example=_text(cells, "example"),
            description=cells["description"],
            span=row.span,
            merged=any(cell.merged for cell in row.cells),
            place=_text(cells, "place").lower(),
        )


def _text(cells: dict[str, Cell], role: str) -> str:
    return cells[role].prose.strip() if role in cells else ""


def _samples(page: Page) -> Iterator[tuple[Media, CodeBlock]]:
    heading = ""
    for each in page.blocks:
        if isinstance(each, Heading):
            heading = each.text
        elif isinstance(each, CodeBlock) and not lexicon.SYNTAX_HEADING.search(heading):
            block = _without_head(each)
            text = block.text.lstrip()
            if text.startswith("{"):
                yield Media.JSON, block
            elif text.startswith("<"):
                yield Media.XML, block


def _without_head(block: CodeBlock) -> CodeBlock:
    """The body of an HTTP message, where a block shows the status and headers above it."""
    head = lexicon.MESSAGE_HEAD.match(block.text)
    if head is None:
        return block
    first = block.span.first + head[0].count("\n")
    return CodeBlock(block.text[head.end() :], replace(block.span, first=first), block.info)


def first_line(block: CodeBlock) -> Span:
    """The first line of the code itself, without the fence."""
    return replace(block.span, first=block.span.first + 1, last=block.span.first + 1)
