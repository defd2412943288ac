"""Read the Markdown of a reference page."""

from docpact.page.blocks import read_blocks
from docpact.page.model import Page
from docpact.page.source import source_of


def read(text: str, name: str) -> Page:
    """The page as its blocks; what makes no sense is a problem of the page, never an error."""
    source = source_of(text, name)
    blocks, problems = read_blocks(source)
    return Page(name, blocks, problems, source.quotable, source.comments)
