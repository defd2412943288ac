"""The samples that a page prints: what they show, and on which lines."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from docpact.check.decode import Text
from docpact.check.json_body import read_json
from docpact.check.xml_body import Parsed, parsed
from docpact.contract import FieldPath, Media
from docpact.contract.interpret.blocks import SampleRole, printed_on
from docpact.core.span import Span
from docpact.core.violation import Value, ValuePath, Violation, unmarked
from docpact.page import CodeBlock, Page

_STATUS_LINE = re.compile(r"\s*HTTP/\d")
_COMMENT = re.compile(r"\s*(//|#)")
_WRAPPER = "docpact-sample"
_OF_WRAPPER = re.compile(rf"Opening and ending tag mismatch: {_WRAPPER} line \d+ and ([\w.:-]+)")
_SIGNS = frozenset("{[<")
_REQUEST_LINE = re.compile(r"\s*((GET|HEAD|POST|PUT|DELETE|PATCH)\s+)?(/(?!/)|https?(\(s\))?://)")


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One member that a sample shows."""

    path: FieldPath  # lists are passed through, so all items of one have the same
    where: ValuePath  # the same with the place in each list
    value: Value  # in XML a text, or an object where there are elements within
    span: Span
    repeated: bool = False  # it is, or is within, an item of a list

    @property
    def name(self) -> str:
        """The member's own name."""
        return self.path[-1]

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """One sample answer as the page prints it."""

    role: SampleRole
    media: Media
    span: Span  # the first line of the document itself
    members: tuple[SampleMember, ...] = ()
    violations: tuple[tuple[Violation, Span], ...] = ()
    tops: tuple[tuple[str, Span], ...] = ()  # the elements at the top of an XML document
    readable: bool = False

    @property
    def root(self) -> str:
        """The name of an XML document's one root, if it has one that is no member itself."""
        if len(self.tops) != 1 or any(each.path == (self.tops[0][0],) for each in self.members):
            return ""
        return self.tops[0][0]

    def holders_of(self, member: SampleMember) -> Iterator[SampleMember]:
        """The members that a member is in, from the top down."""
        for length in range(1, len(member.path)):
            path = member.path[:length]
            yield from islice((each for each in self.members if each.path == path), 1)


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """The sample request as the page prints it."""

    text: str
    span: Span  # its first line


def requests_on(page: Page) -> tuple[SampleRequest, ...]:
    """The sample requests of a page; its request syntax is none."""
    return tuple(
        SampleRequest(block.text, _line(block, _blank_lines(block.text)))
        for block, role in printed_on(page)
        if role is SampleRole.REQUEST and block.text.strip()
    )


def answers_on(page: Page, members: frozenset[str]) -> tuple[SampleDocument, ...]:
    """The sample answers of a page.

    `members` are the names in the table, which tell an element that is a member from a root.
    """
    found = []
    for block, role in printed_on(page):
        if role is SampleRole.REQUEST or _REQUEST_LINE.match(block.text):
            continue
        skipped, body, start = _document(block.text)
        if start in {"{", "["}:
            found.append(_json(role, block, skipped, body))
        elif start == "<":
            found.append(_xml(role, block, skipped, body, members))
    return tuple(found)


def _document(text: str) -> tuple[int, str, str]:
    """The lines before a document, the document, and the sign with which it begins.

    A comment before it is part of it, for no parser reads over that.
    """
    lines = text.split("\n")
    skipped = next((n for n, line in enumerate(lines) if line.strip()), 0)
    begins = next((n for n, line in enumerate(lines) if line.lstrip()[:1] in _SIGNS), skipped)
    if _STATUS_LINE.match(lines[skipped]):
        skipped = begins
    elif begins > skipped + 1 or not _COMMENT.match(lines[skipped]):
        begins = skipped
    return skipped, "\n".join(lines[skipped:]), lines[begins].lstrip()[:1]


def _blank_lines(text: str) -> int:
    return len(text) - len(text.lstrip("\n")) if text.strip() else 0


def _line(block: CodeBlock, offset: int) -> Span:
    """The page's line that stands so many lines below the first one of a block's code."""
    line = min(block.span.first + 1 + offset, block.span.last)
    return Span(block.span.file, line, line)


def _json(role: SampleRole, block: CodeBlock, skipped: int, body: str) -> SampleDocument:
    read = read_json(Text(body.strip("\n"), ()))
    shown = list(_json_members(read.value, (), (), repeated=False))
    places = read.places_of({each.where for each in shown})
    return SampleDocument(
        role=role,
        media=Media.JSON,
        span=_line(block, skipped),
        members=tuple(
            SampleMember(
                each.path,
                each.where,
                each.value,
                _line(block, skipped + places.get(each.where, (1, None))[0] - 1),
                each.repeated,
            )
            for each in shown
        ),
        violations=_located(read.violations, block, skipped),
        readable=read.readable,
    )


@dataclass(frozen=True, slots=True)
class _Member:
    path: FieldPath
    where: ValuePath
    value: Value
    repeated: bool


def _json_members(
    value: Value, path: FieldPath, where: ValuePath, *, repeated: bool
) -> Iterator[_Member]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield _Member((*path, name), (*where, name), member, repeated)
            yield from _json_members(member, (*path, name), (*where, name), repeated=repeated)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _json_members(item, path, (*where, index), repeated=True)


def _xml(
    role: SampleRole, block: CodeBlock, skipped: int, body: str, members: frozenset[str]
) -> SampleDocument:
    read = _parsed(body.strip("\n"))
    tops = tuple(each for each in read.tops if isinstance(each.tag, str))
    elements: tuple[etree._Element, ...] = tops
    if len(tops) == 1 and not _is_member(tops[0], members):
        elements = tuple(each for each in tops[0] if isinstance(each.tag, str))
    found = _xml_members(elements, (), (), repeated=False)
    return SampleDocument(
        role=role,
        media=Media.XML,
        span=_line(block, skipped),
        members=tuple(
            SampleMember(
                each.path,
                each.where,
                each.value,
                _line(block, skipped + line - 1),
                each.repeated,
            )
            for each, line in found
        ),
        violations=_located(read.violations, block, skipped),
        tops=tuple(
            (_tag(each), _line(block, skipped + (each.sourceline or 1) - 1)) for each in tops
        ),
        readable=bool(tops),
    )


def _parsed(text: str) -> Parsed:
    """The document; of one that has several roots and another error, that error is told."""
    read = parsed(text)
    if read.tops or not any("Extra content" in violation.message for violation in read.violations):
        return read
    within = parsed(f"<{_WRAPPER}>{text}</{_WRAPPER}>")
    told = tuple(
        replace(each, message=_OF_WRAPPER.sub(r"</\1> closes what was never opened", each.message))
        for each in within.violations
    )
    return replace(read, violations=told or read.violations)


def _is_member(top: etree._Element, members: frozenset[str]) -> bool:
    """Whether the only element at the top is a member of the answer, its root cut off."""
    return len(top) == 0 or _tag(top).lower() in members


def _xml_members(
    elements: tuple[etree._Element, ...], path: FieldPath, where: ValuePath, *, repeated: bool
) -> Iterator[tuple[_Member, int]]:
    counts = Counter(_tag(each) for each in elements)
    seen: Counter[str] = Counter()
    for each in elements:
        name = _tag(each)
        again = counts[name] > 1
        place = (*where, name, seen[name]) if again else (*where, name)
        seen[name] += 1
        within = tuple(child for child in each if isinstance(child.tag, str))
        value: Value = {_tag(child): "" for child in within} if within else (each.text or "")
        member = _Member((*path, name), place, value, repeated or again)
        yield member, each.sourceline or 1
        yield from _xml_members(within, (*path, name), place, repeated=repeated or again)


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _located(
    violations: tuple[Violation, ...], block: CodeBlock, skipped: int
) -> tuple[tuple[Violation, Span], ...]:
    return tuple(
        (_told_of_page(each, block, skipped), _line(block, skipped + (each.line or 1) - 1))
        for each in violations
    )


def _told_of_page(violation: Violation, block: CodeBlock, skipped: int) -> Violation:
    """The parser counts lines of the sample; readers look at the page."""

    def counted(found: re.Match[str]) -> str:
        return f"line {_line(block, skipped + int(found[1]) - 1).first}"

    message, _ = unmarked(violation.message)  # what a page shows was not captured
    return replace(violation, message=re.sub(r"\bline (\d+)", counted, message))
