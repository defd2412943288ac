"""The file that a page comes from."""

from pathlib import Path, PurePath

from docpact.core.errors import UnreadablePage
from docpact.core.span import Span
from docpact.page.blocks import read_blocks
from docpact.page.model import Page
from docpact.page.source import source_of

MAX_BYTES = 8 * 1024 * 1024


def pages_in(folder: Path) -> tuple[Path, ...]:
    """The Markdown files of a folder and of those within it, by name; hidden ones are left out."""
    found = (each for each in folder.rglob("*.md") if each.is_file())
    return tuple(sorted(each for each in found if not _is_hidden(each.relative_to(folder))))


def _is_hidden(path: Path) -> bool:
    return any(each.startswith(".") for each in path.parts)


def read_file(path: Path) -> Page:
    """The page in a UTF-8 file, with or without a byte order mark."""
    return read(page_text(_content(path), path), path.name)


def _content(path: Path) -> bytes:
    if path.is_dir():
        message = f"{path} is a folder, not a page"
        raise UnreadablePage(message, hint="Name one Markdown file in it.")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        message = f"no such page: {path}"
        raise UnreadablePage(message, hint="Check the path; a page is a Markdown file.") from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise UnreadablePage(message, hint="Check the permissions of the file.") from error
    if len(content) > MAX_BYTES:
        message = f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB"
        raise UnreadablePage(message, hint="A reference page is smaller; is this the right file?")
    return content


def page_text(content: bytes, path: PurePath) -> str:
    """The text of a page.

    Raises UnreadablePage, with the line, if it is not UTF-8.
    """
    if (nul := content.find(b"\0")) >= 0:
        message = f"{path} holds NUL bytes, so it is not Markdown in UTF-8"
        raise UnreadablePage(
            message, span=_place(content, nul, path), hint="Save the page as UTF-8 text."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8"
        raise UnreadablePage(
            message, span=_place(content, error.start, path), hint="Save the page as UTF-8 text."
        ) from error


def _place(content: bytes, offset: int, path: PurePath) -> Span:
    before = content[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    return Span(path.name, line, line)


def read(text: str, name: str) -> Page:
    """The page as its blocks; what makes no sense is a problem of the page, never an error."""
    source = source_of(text, name)
    blocks, problems = read_blocks(source)
    return Page(name, blocks, problems, source.quotable, source.comments)
