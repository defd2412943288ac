"""What is there in place of an example: masked values and placeholders."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from docpact.core.span import Grade, Span
from docpact.core.violation import plain
from docpact.lint.context import Diagnostic, PageContext, PageRule, on_lines
from docpact.lint.requests import unfilled
from docpact.lint.values import is_mask, is_placeholder


class StandIn(NamedTuple):
    """A value that is no example, in a table or in a sample."""

    name: str
    value: str
    span: Span
    field: str


def _stand_ins(context: PageContext, is_such: Callable[[str], bool]) -> Iterator[StandIn]:
    for row in context.rows:
        if is_such(row.example):
            yield StandIn(row.last_name, row.example.strip(), row.span, context.field_of(row))
    for member in (member for each in context.answers for member in each.members):
        if isinstance(member.value, str) and is_such(member.value):
            yield StandIn(member.name, member.value.strip(), member.span, member.dotted)


def _masked(context: PageContext) -> Iterator[Diagnostic]:
    """Masked values: one diagnostic for each name."""
    found = sorted(_stand_ins(context, is_mask), key=lambda each: (each.name, each.span.first))
    for name, group in groupby(found, key=lambda each: each.name):
        first, *others = group
        spans = (first.span, *(each.span for each in others))
        message = f"{name} is masked ({on_lines(spans[:4])}), so the page does not show its form"
        yield Diagnostic(message, first.span, field=first.field, also=spans[1:])


def _placeholders(context: PageContext) -> Iterator[Diagnostic]:
    found: dict[tuple[str, str], list[StandIn]] = {}
    names: dict[str, str] = {}
    for each in _stand_ins(context, is_placeholder):
        names.setdefault(each.name.lower(), each.name)
        found.setdefault((each.name.lower(), each.value), []).append(each)
    for (lower, value), (first, *others) in found.items():
        message = f"{names[lower]} has the placeholder {plain(value)} instead of an example"
        also = tuple(each.span for each in others)
        yield Diagnostic(message, first.span, field=names[lower], also=also)
    for name, value, span in unfilled(context):
        message = f"the sample request has the placeholder {plain(value)} for {name}"
        yield Diagnostic(message, span, field=name)


STAND_IN_RULES: Final = (
    PageRule(
        "masked-example",
        Grade.ASSUMED,
        "An example value is masked",
        "The value has asterisks in place of characters, so the page does not show its form.",
        "rcmp9x37ztfb63g1x7lt****",
        "A page that has to mask values that belong to somebody.",
        check=_masked,
    ),
    PageRule(
        "placeholder-text",
        Grade.ASSUMED,
        "A placeholder is in place of a value",
        "The value is a word that the author should have replaced: undefined, xxxx, your-id, "
        "[name].",
        "Action=undefined",
        check=_placeholders,
    ),
)
