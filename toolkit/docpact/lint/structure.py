"""The page as such: it compiles, its tables add up, its types are known, its errors described."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from docpact.contract.interpret.parts import FieldRow
from docpact.contract.interpret.samples import SampleRole
from docpact.core.span import Grade, Span
from docpact.lint.context import Diagnostic, PageContext, PageRule, folded
from docpact.page import BulletList, Heading, Paragraph, ProblemKind

_FAILS = re.compile(
    r"[^。.;；\n]*(?:会失败|会报错|调用失败|(?:会|将)?产生报错|返回[^。；]{0,20}(?:报错|错误)信息|则?返回错误"
    r"|\bcalls? (?:will )?fails?\b|\b(?:call|operation|request) (?:will )?fails?\b"
    r"|\berror (?:is|will be) (?:returned|reported)\b|\breturns an error\b)[^。.;；\n]*",
    re.IGNORECASE,
)
_ERRORS = re.compile(r"错误码|异常返回|错误返回|\berror codes?\b|\berrors\b", re.IGNORECASE)
_UNCLEAR: Final = frozenset(
    {
        "nested-table",
        "unread-table",
        "nameless-row",
        "several-operations",
        "unclear-required",
        "path-of-sample",
    }
)


def _misfits(context: PageContext) -> Iterator[Diagnostic]:
    for problem in context.page.problems:
        if problem.kind is not ProblemKind.UNCLOSED_FENCE:
            yield Diagnostic(problem.message, problem.span)


def _merged(context: PageContext) -> Iterator[Diagnostic]:
    diagnostics = [
        Diagnostic(
            f"{row.last_name} lacks cells, so those of the row above are taken",
            row.span,
            field=context.field_of(row),
        )
        for row in context.rows
        if row.merged
    ]
    yield from folded(diagnostics, "{} rows lack cells, so those of the rows above are taken: {}")


def _unknown_types(context: PageContext) -> Iterator[Diagnostic]:
    for row in context.rows:
        named = row.named
        if named.name and not named.is_known and not _is_defined(row, context):
            message = f"{row.last_name} has the unknown type {row.type}"
            yield Diagnostic(message, row.span, field=context.field_of(row))
        elif not named.name and row.example:
            message = f"{row.last_name} has no type"
            yield Diagnostic(message, row.span, field=context.field_of(row))


def _is_defined(row: FieldRow, context: PageContext) -> bool:
    """Whether the page mentions the type elsewhere, or names it like the row itself."""
    if row.type.lower() == row.last_name.lower():
        return True
    titles = (each.text for each in context.page.blocks if isinstance(each, Heading | Paragraph))
    return any(row.type in each for each in titles)


def _half_lists(context: PageContext) -> Iterator[Diagnostic]:
    for doubt in context.contract.doubts if context.contract else ():
        if doubt.kind == "half-a-list":
            yield Diagnostic(doubt.message, doubt.origin.span)


def _unclear_parts(context: PageContext) -> Iterator[Diagnostic]:
    source = context.contract or context.parts
    for doubt in source.doubts if source else ():
        if doubt.kind in _UNCLEAR:
            yield Diagnostic(doubt.message, doubt.origin.span)


def _repeated_rows(context: PageContext) -> Iterator[Diagnostic]:
    for table in context.tables:
        spans = {row.span for row in table.rows}
        for rows in (context.parameters, context.response):
            yield from _repeated([each for each in rows if each.span in spans], context)


def _repeated(rows: Sequence[FieldRow], context: PageContext) -> Iterator[Diagnostic]:
    """A name that comes again while no structure began in between."""
    seen: dict[tuple[int, str], FieldRow] = {}
    for row in rows:
        named = row.named
        if named.is_container or not named.is_known:
            seen.clear()
        first = seen.get((row.depth, row.name))
        # A sample may have the name at several places, so that several rows are right.
        places = {each.path for each in context.members_of(row)}
        if first is not None and row.name and len(places) <= 1:
            message = f"{row.name} has a row already, on line {first.span.first}"
            yield Diagnostic(message, row.span, first.span, field=context.field_of(row))
        seen[row.depth, row.name] = row


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


STRUCTURE_RULES: Final = (
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
    PageRule(
        "table-does-not-add-up",
        Grade.STATED,
        "A row has more or fewer cells than its table's header",
        "A row has more or fewer cells than the header, it has no closing bar, or text that "
        "belongs in a cell is on the line below.",
        "|Id|Long|",
        check=_misfits,
    ),
    PageRule(
        "merged-cells",
        Grade.ASSUMED,
        "A row lacks cells and takes those of the row above",
        "Older pages print a cell once for several rows. A row that lost a cell looks the same.",
        "|Resource.AllocatedMB|1024|memory in use| below a row of four cells",
        "A page that merges cells on purpose.",
        check=_merged,
    ),
    PageRule(
        "unknown-type",
        Grade.IMPLIED,
        "A row has no type, or one that docpact does not know",
        "Pages of this family do not use such a type; often it is a spelling mistake. A row that "
        "only introduces the members of a structure needs no type.",
        "|Id|Lnog|1|ID|",
        "A page of a product with types of its own.",
        check=_unknown_types,
    ),
    PageRule(
        "half-a-list",
        Grade.ASSUMED,
        "Only some bullets of a description start with a value",
        "If each bullet starts with a value, the field has those values and no others. If only "
        "some do, docpact takes none of them, so that it refuses nothing that the page may allow.",
        "the bullets `ON: lit.` and `Everything else is dark.`",
        "A page whose bullets are sentences, some of which begin like a value.",
        check=_half_lists,
    ),
    PageRule(
        "unclear-part",
        Grade.ASSUMED,
        "A part of the page is left out, or read by a guess",
        "docpact leaves out a table that describes what is in a parameter or a field, a row "
        "without a name, and a second operation. It guesses if the column for required parameters "
        "has something other than yes or no, or if only the sample request shows the path.",
        "The fields of options are these: |dim|Boolean|No|…|",
        "A page of an edition in which such a part means something else.",
        check=_unclear_parts,
    ),
    PageRule(
        "repeated-row",
        Grade.STATED,
        "A field has two rows",
        "The same name comes again in one table, and no structure begins in between.",
        "|Id|Long|1|ID| and |Id|String|a|ID|",
        "A page that leaves out the row of the structure to which the second one belongs.",
        check=_repeated_rows,
    ),
)
