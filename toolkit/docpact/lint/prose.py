"""What the page says in sentences, and words that were meant to be replaced."""

import re
from collections.abc import Iterator

from docpact.contract.interpret.blocks import Role
from docpact.core.span import Span
from docpact.core.violation import plain as as_shown
from docpact.lint.context import Subject, last_name
from docpact.lint.diagnostic import Diagnostic
from docpact.lint.values import is_placeholder
from docpact.page import BulletList, Heading, Paragraph

_FAILS = re.compile(
    r"[^。.;；\n]*(?:会失败|会报错|调用失败|(?:会|将)?产生报错|返回[^。；]{0,20}(?:报错|错误)信息|则?返回错误"
    r"|\bcalls? (?:will )?fails?\b|\b(?:call|operation|request) (?:will )?fails?\b"
    r"|\berror (?:is|will be) (?:returned|reported)\b|\breturns an error\b)[^。.;；\n]*",
    re.IGNORECASE,
)
_ERRORS = re.compile(r"错误码|异常返回|错误返回|\berror codes?\b|\berrors\b", re.IGNORECASE)


def check_prose(subject: Subject) -> Iterator[Diagnostic]:
    """Failures that are promised without a word on what comes, and placeholders."""
    if subject.parts:
        yield from _promised_failures(subject)
    yield from _placeholders(subject)


def _promised_failures(subject: Subject) -> Iterator[Diagnostic]:
    if _describes_errors(subject):
        return
    for block in subject.page.blocks:
        if not isinstance(block, Paragraph):
            continue
        found = _FAILS.search(block.text)
        if found:
            line = block.span.first + block.text.count("\n", 0, found.start())
            message = (
                f"the page says “{' '.join(found[0].split())}”, but describes no error: "
                "no code, no table and no sample"
            )
            yield Diagnostic("failure-undescribed", message, Span(block.span.file, line, line))


def _describes_errors(subject: Subject) -> bool:
    if any(each.role is Role.FAILURE for each in subject.answers):
        return True
    titles = [each.text for each in subject.page.blocks if isinstance(each, Heading)]
    headers = [cell.text for table in subject.tables for cell in table.header.cells]
    words = [
        bullet.text
        for block in subject.page.blocks
        if isinstance(block, BulletList)
        for bullet in block.bullets
    ]
    return any(_ERRORS.search(each) for each in (*titles[1:], *headers, *words))


def _placeholders(subject: Subject) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, str], list[Span]] = {}
    names: dict[str, str] = {}

    def note(name: str, value: str, span: Span) -> None:
        names.setdefault(name.lower(), name)
        seen.setdefault((name.lower(), value.strip()), []).append(span)

    for entry in (*subject.parameters, *subject.response):
        if is_placeholder(entry.example):
            note(last_name(entry), entry.example, entry.span)
    for printed in subject.answers:
        for shown in printed.members:
            if isinstance(shown.value, str) and is_placeholder(shown.value):
                note(shown.name, shown.value, shown.span)
    for (lower, value), spans in seen.items():
        name = names[lower]
        message = f"{name} has the placeholder {as_shown(value)} where an example belongs"
        yield Diagnostic("placeholder-text", message, spans[0], field=name, also=tuple(spans[1:]))
