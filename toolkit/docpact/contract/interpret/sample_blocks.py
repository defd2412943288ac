"""Find the samples on a page: in code blocks, or in plain text that is code."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from docpact.contract.interpret.samples import SampleDocument, SampleRole, read_sample
from docpact.contract.model import Media
from docpact.core.span import Span
from docpact.page import Block, BulletList, CodeBlock, Heading, Page, Paragraph

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
        span = replace(block.span, first=block.span.first + head.count("\n"))
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
