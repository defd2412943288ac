"""What a reference page holds: blocks of text, code and tables, each with its lines."""

from dataclasses import dataclass
from enum import StrEnum

from docpact.core.span import Span
from docpact.core.text import Comment


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title."""

    level: int  # 1 for the page's own title
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text outside tables, with its Markdown markup undone."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Bullet:
    """One entry of a bulleted or numbered list, in a table's cell or outside."""

    text: str
    span: Span
    level: int = 0  # how many bullets it is nested in


@dataclass(frozen=True, slots=True)
class BulletList:
    """A bullet list outside tables."""

    bullets: tuple[Bullet, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block, verbatim; line N of `text` is page line `span.first + N`.

    The span covers the fences, so the first line of code is `span.first + 1`.
    """

    text: str
    span: Span
    info: str = ""  # what follows the opening fence: "json", "{#xml_return_success_demo}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text up to the first bullet, then its bullets, then its notes."""

    text: str
    bullets: tuple[Bullet, ...]
    notes: tuple[Paragraph, ...]  # further paragraphs of the cell, after the first or after bullets
    span: Span
    indent: int = 0  # blanks before the text where there are more than one: depth in older pages
    code: tuple[CodeBlock, ...] = ()
    merged: bool = False  # written once for several rows, in a row above

    @property
    def prose(self) -> str:
        """Everything the cell says, one part a line."""
        further: tuple[Bullet | Paragraph | CodeBlock, ...] = (
            *self.bullets,
            *self.notes,
            *self.code,
        )
        parts = (self.text, *(each.text for each in further))
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; it may spread over many lines."""

    cells: tuple[Cell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header; each row has as many cells as the header."""

    header: Row
    rows: tuple[Row, ...]
    span: Span


Block = Heading | Paragraph | BulletList | CodeBlock | Table


class ProblemKind(StrEnum):
    """The ways in which a page can fail to make sense."""

    ROW_DOES_NOT_ADD_UP = "row-does-not-add-up"  # more or fewer cells than the table's header
    ROW_OUTSIDE_TABLE = "row-outside-table"  # a line with a table's pipes where no table is
    TEXT_BELOW_ROW = "text-below-row"  # right under a table, but in none of its cells
    UNCLOSED_FENCE = "unclosed-fence"  # a code block without an end


@dataclass(frozen=True, slots=True)
class Problem:
    """Something on the page that the reader could not make sense of."""

    kind: ProblemKind
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """A reference page as its blocks, in reading order."""

    name: str  # the file's name
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]  # the source, for quotes
    comments: tuple[Comment, ...] = ()  # what it asks docpact to ignore

    @property
    def title(self) -> str:
        """The first heading, or nothing."""
        return next((each.text for each in self.blocks if isinstance(each, Heading)), "")
