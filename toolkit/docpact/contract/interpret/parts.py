"""Find the parts of a page that matter: syntax, tables and samples."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from msgspec.structs import replace as moved

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.samples import SampleDocument, SampleRole, read_sample
from docpact.contract.interpret.tables import FieldRow, Tables, shortened, tables_on
from docpact.contract.model import Doubt, Media
from docpact.core.errors import NoOperation
from docpact.core.span import Grade, Origin, Span
from docpact.page import Block, BulletList, CodeBlock, Heading, Page, Paragraph

__all__ = ["FieldRow", "Parts", "first_line", "parts_of", "requests_on", "samples_on", "shortened"]

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
    paragraphs = (each.text for each in first.blocks if isinstance(each, Paragraph))
    return Parts(
        page=page,
        summary=next(paragraphs, ""),
        request_line=_request_line(first),
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


def _request_line(page: Page) -> CodeBlock | None:
    """The block that begins with method and path, else a line of text that is nothing else."""
    for each in page.blocks:
        if isinstance(each, CodeBlock) and lexicon.REQUEST_LINE.match(each.text):
            return each
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


_REQUEST = re.compile(r"请求|\brequests?\b", re.IGNORECASE)
_ANSWER = re.compile(r"返回|响应|\bresponses?\b|\banswers?\b|\breturn", re.IGNORECASE)
_FAILURE = re.compile(
    r"(异常|错误|失败)(返回|响应)|\b(error|failure|failed) (responses?|answers?)\b", re.IGNORECASE
)
_SYNTAX = re.compile(r"语法|请求格式|\bsyntax\b", re.IGNORECASE)
_MESSAGE_HEAD = re.compile(
    r"\A\s*HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[A-Za-z-]+:[^\n]*\n)*\s*"
    r"|\A(?:[ \t]*(?://|#)[^\n]*\n|[ \t]*\n)+"
)
_FORMS = {
    Media.JSON: re.compile(r"\s*(?:[{\[]|[\"“][A-Za-z_][\w.-]*[\"”]\s*[:：])"),
    Media.XML: re.compile(r"\s*<[\w?!]|\s*<\? xml"),
}
_LOOSE = re.compile(r"\s*(?:[{\[]\s*(?:$|[\"“{])|<[A-Z]|<\?xml)")  # sample without a fence
_ANSWERED = re.compile(r"\"RequestId\"\s*:|<RequestId>")  # whatever the label says
_LONGEST_LABEL = 80


def samples_on(page: Page, names: frozenset[str] = frozenset()) -> Iterator[SampleDocument]:
    """The sample answers, of success and of failure; for the names see `read_sample`."""
    for block, role in _blocks(page):
        if role is SampleRole.REQUEST:
            continue
        found = _MESSAGE_HEAD.match(block.text)
        head = found[0] if found else ""
        span = moved(block.span, first=block.span.first + head.count("\n"))
        document = CodeBlock(block.text[len(head) :], span, block.info)
        for media, form in _FORMS.items():
            if form.match(document.text):
                comment = head if head.lstrip().startswith(("//", "#")) else ""
                yield read_sample(media, role, document, comment, names)


def requests_on(page: Page) -> tuple[CodeBlock, ...]:
    """The sample requests."""
    return tuple(block for block, role in _blocks(page) if role is SampleRole.REQUEST)


def _blocks(page: Page) -> Iterator[tuple[CodeBlock, SampleRole]]:
    """Every sample by what announces it; what shows types alone is none."""
    for block, heading, label in _labelled(page):
        if _SYNTAX.search(f"{heading} {label}"):
            continue
        if _is_request(label) and not _ANSWERED.search(block.text):
            yield block, SampleRole.REQUEST
        else:
            yield block, SampleRole.FAILURE if _FAILURE.search(label) else SampleRole.SUCCESS


def _is_request(label: str) -> bool:
    return _REQUEST.search(label) is not None and _ANSWER.search(label) is None


def _labelled(page: Page) -> Iterator[tuple[CodeBlock, str, str]]:
    """Every block of code with its heading and with what announces it."""
    heading = label = ""
    loose: list[Paragraph] = []
    for block in page.blocks:
        if isinstance(block, Paragraph) and (loose or _LOOSE.match(_line_of(block, page))):
            loose.append(block)
            continue
        yield from ((each, heading, label) for each in _gathered(loose, page))
        loose = []
        if isinstance(block, Heading):
            heading = label = block.text
        elif isinstance(block, CodeBlock):
            yield block, heading, label
        elif (text := _announcement(block)) and _says_what_follows(text):
            label = text
    yield from ((each, heading, label) for each in _gathered(loose, page))


def _line_of(block: Paragraph, page: Page) -> str:
    return page.lines[block.span.first - 1]


def _gathered(loose: list[Paragraph], page: Page) -> Iterator[CodeBlock]:
    """Paragraphs that are the lines of a sample, if they are one."""
    if loose:
        first, last = loose[0].span.first, loose[-1].span.last
        text = "\n".join(page.lines[first - 1 : last])
        media = Media.XML if text.lstrip().startswith("<") else Media.JSON
        block = CodeBlock(text, Span(page.name, first - 1, last))
        if read_sample(media, SampleRole.SUCCESS, block).members:
            yield block


def _announcement(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return block.bullets[-1].text if isinstance(block, BulletList) else ""


def _says_what_follows(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and any(
        each.search(text) for each in (_REQUEST, _ANSWER, _FAILURE)
    )
