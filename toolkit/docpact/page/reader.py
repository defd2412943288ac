"""Read a page: its file, and the blocks of its text."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePath

from docpact.core.errors import UnreadablePage
from docpact.core.span import Span
from docpact.page.html_table import is_html_table, read_html_table
from docpact.page.inline import plain
from docpact.page.lines import PageSource, source_of
from docpact.page.model import Block, Bullet, BulletList, Heading, Page, Problem, ProblemKind
from docpact.page.prose import ProsePart, fragment_of, read_prose
from docpact.page.table import header_at, read_table

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
        raise _not_text(message, content[:nul], path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_text(f"{path} is not UTF-8", content[: error.start], path) from error


def _not_text(message: str, before: bytes, path: PurePath) -> UnreadablePage:
    line = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    span = Span(path.name, line, line)
    return UnreadablePage(message, span=span, hint="Save the page as UTF-8 text.")


def read(text: str, name: str) -> Page:
    """The page as its blocks; what makes no sense is a problem of the page, never an error."""
    source = source_of(text, name)
    blocks, problems = _read_blocks(source)
    return Page(name, blocks, problems, source.quotable, source.comments)


def _read_blocks(source: PageSource) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """The blocks of a page in reading order, and what makes no sense in them."""
    blocks: list[Block] = []
    problems = list(_unclosed_fences(source))
    line = 0
    while line < len(source.lines):
        if line in source.headings:
            blocks.append(_heading(source, line))
            line += 1
        elif is_html_table(source, line):
            made, last, found = read_html_table(source, line)
            blocks.extend([made] if made else [])
            problems.extend(found)
            line = last + 1
        elif header := header_at(source, line):
            table, found = read_table(source, header)
            blocks.append(table)
            problems.extend(found)
            line = source.after(table.span)
        else:
            end = _end_of_prose(source, line)
            blocks.extend(_prose(source, line, end))
            problems.extend(_rows_outside(source, line, end))
            line = end
    return tuple(blocks), tuple(sorted(problems, key=lambda each: each.span.first))


def _heading(source: PageSource, line: int) -> Heading:
    found = source.headings[line]
    title = _without_closing(_without_anchor(found["title"] or ""))
    return Heading(len(found["signs"]), plain(title), source.span(line, line))


def _without_anchor(title: str) -> str:
    """The title without a trailing "{#anchor .class}"."""
    title = title.rstrip()
    opening = title.rfind("{") if title.endswith("}") else -1
    is_anchor = opening >= 0 and title[opening + 1 :].lstrip().startswith(("#", "."))
    return title[:opening].rstrip() if is_anchor else title


def _without_closing(title: str) -> str:
    """The title without the signs that may follow it, as in "## Title ##"."""
    bare = title.rstrip("#")
    return title if bare and not bare[-1].isspace() else bare


def _end_of_prose(source: PageSource, first: int) -> int:
    line = first
    while line < len(source.lines):
        fence = source.fences.get(line)
        line = fence.last + 1 if fence else line + 1
        if line == len(source.lines) or _begins_block(source, line):
            break
    return line


def _begins_block(source: PageSource, line: int) -> bool:
    if line in source.headings or is_html_table(source, line):
        return True
    return header_at(source, line) is not None


def _prose(source: PageSource, first: int, end: int) -> Iterator[Block]:
    fragments = (fragment_of(line, source.lines[line]) for line in range(first, end))
    parts = read_prose(source, fragments)
    for _, group in groupby(parts, lambda each: isinstance(each, Bullet)):
        yield from _gathered(tuple(group))


def _gathered(parts: Sequence[ProsePart]) -> Iterator[Block]:
    """The parts, with bullets gathered into one list."""
    bullets = tuple(each for each in parts if isinstance(each, Bullet))
    if bullets:
        yield BulletList(bullets, bullets[0].span.through(bullets[-1].span))
    yield from (each for each in parts if not isinstance(each, Bullet))


def _rows_outside(source: PageSource, first: int, end: int) -> Iterator[Problem]:
    """Lines with the pipes of a table's row where no table is."""
    message = "this looks like a table's row, but there is no table"
    for line in source.piped_between(first, end):
        if source.begins_with_pipe(line) or source.ends_with_pipe(line):
            yield Problem(ProblemKind.ROW_OUTSIDE_TABLE, message, source.span(line, line))


def _unclosed_fences(source: PageSource) -> Iterator[Problem]:
    message = "the code block has no end, so the rest of the page is read as code"
    for fence in source.fences.values():
        if not fence.closed:
            span = source.span(fence.first, fence.last)
            yield Problem(ProblemKind.UNCLOSED_FENCE, message, span)
