"""Reference pages: Markdown of the vendor's family, read into blocks that know their lines."""

from docpact.page.model import (
    Block,
    Bullet,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Page,
    Paragraph,
    Problem,
    ProblemKind,
    Row,
    Table,
)
from docpact.page.reader import page_text, pages_in, read, read_file

__all__ = [
    "Block",
    "Bullet",
    "BulletList",
    "Cell",
    "CodeBlock",
    "Heading",
    "Page",
    "Paragraph",
    "Problem",
    "ProblemKind",
    "Row",
    "Table",
    "page_text",
    "pages_in",
    "read",
    "read_file",
]
