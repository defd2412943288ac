"""The page as a whole: whether it compiles, and what it says in sentences."""

import re
from collections.abc import Iterator
from typing import Final

from docpact.contract.interpret.samples import SampleRole
from docpact.core.span import Grade, Span
from docpact.lint.context import Diagnostic, PageContext, PageRule
from docpact.page import BulletList, Heading, Paragraph, ProblemKind

_FAILS = re.compile(
    r"[^。.;；\n]*(?:会失败|会报错|调用失败|(?:会|将)?产生报错|返回[^。；]{0,20}(?:报错|错误)信息|则?返回错误"
    r"|\bcalls? (?:will )?fails?\b|\b(?:call|operation|request) (?:will )?fails?\b"
    r"|\berror (?:is|will be) (?:returned|reported)\b|\breturns an error\b)[^。.;；\n]*",
    re.IGNORECASE,
)
_ERRORS = re.compile(r"错误码|异常返回|错误返回|\berror codes?\b|\berrors\b", re.IGNORECASE)


def _refused(context: PageContext) -> Iterator[Diagnostic]:
    refusal = context.refusal
    if refusal is not None:
        line = refusal.span.first if refusal.span else 1
        message = f"the page cannot be compiled: {refusal.message}"
        yield Diagnostic(message, Span(context.page.name, line, line))


def _open_code_blocks(context: PageContext) -> Iterator[Diagnostic]:
    for problem in context.page.problems:
        if problem.kind is ProblemKind.UNCLOSED_FENCE:
            yield Diagnostic(problem.message, problem.span)


def _promised_failures(context: PageContext) -> Iterator[Diagnostic]:
    if not context.parts or _describes_errors(context):
        return
    for block in context.page.blocks:
        found = _FAILS.search(block.text) if isinstance(block, Paragraph) else None
        if found:
            line = block.span.first + found.string.count("\n", 0, found.start())
            message = (
                f"the page says “{' '.join(found[0].split())}”, but describes no error: "
                "it has no error code, no table of errors and no sample of one"
            )
            yield Diagnostic(message, Span(block.span.file, line, line))


def _describes_errors(context: PageContext) -> bool:
    if any(each.role is SampleRole.FAILURE for each in context.answers):
        return True
    blocks = context.page.blocks
    titles = [each.text for each in blocks if isinstance(each, Heading)]
    headers = [cell.text for table in context.tables for cell in table.header.cells]
    lists = (each for each in blocks if isinstance(each, BulletList))
    bullets = [bullet.text for each in lists for bullet in each.bullets]
    return any(_ERRORS.search(each) for each in (*titles[1:], *headers, *bullets))


PROSE_RULES: Final = (
    PageRule(
        "page-refused",
        Grade.STATED,
        "The page cannot be compiled",
        "The page describes an operation, but something keeps docpact from making a contract of "
        "it. The finding gives the line and the reason; the other rules check what they can.",
        "a page without a table of response parameters",
        "A page of a layout that docpact does not know yet.",
        check=_refused,
    ),
    PageRule(
        "open-code-block",
        Grade.STATED,
        "A code block has no end",
        "The rest of the page is read as code.",
        "``` without another ```",
        check=_open_code_blocks,
    ),
    PageRule(
        "failure-undescribed",
        Grade.IMPLIED,
        "The page promises a failure and describes no error",
        "A sentence says that the call fails, but there is no error code, no table of errors and "
        "no sample of one.",
        "the call fails for a job that is not running",
        "A product whose errors are described on a page of their own.",
        check=_promised_failures,
    ),
)
