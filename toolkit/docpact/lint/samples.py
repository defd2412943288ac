"""The sample answers by themselves: well-formed, of one root, in agreement, and what they claim."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from docpact.check.decode import Text
from docpact.check.json_body import read_json
from docpact.check.xml_parser import parsed
from docpact.contract import Media
from docpact.contract.interpret.samples import SampleDocument, SampleMember, SampleRole
from docpact.core.span import Grade, Span
from docpact.core.text import counted
from docpact.core.violation import Violation, plain, unmarked
from docpact.lint.context import Diagnostic, PageContext, PageRule, folded
from docpact.lint.requests import body_errors
from docpact.lint.values import same_but_for_masks

_LINE = re.compile(r"\bline (\d+)")
_WRAPPER = "docpact-sample"
_OF_WRAPPER = re.compile(rf"Opening and ending tag mismatch: {_WRAPPER} line \d+ and ([\w.:-]+)")


def _syntax(context: PageContext) -> Iterator[Diagnostic]:
    for answer in context.answers:
        above = answer.span.first - answer.comment.count("\n") - 1
        for violation in _violations(answer):
            line = min(above + (violation.line or 1), answer.span.last)
            message = _with_lines_of_page(unmarked(violation.message)[0], above)
            span = Span(answer.span.file, line, line)
            yield Diagnostic(f"the {answer.media.upper()} sample: {message}", span)
    yield from body_errors(context)


def _with_lines_of_page(message: str, above: int) -> str:
    """The parser counts the lines of a sample; readers look at the page."""
    return _LINE.sub(lambda found: f"line {above + int(found[1])}", message)


def _violations(answer: SampleDocument) -> tuple[Violation, ...]:
    text = answer.comment + answer.text.rstrip("\n")
    if answer.media is Media.JSON and answer.text.lstrip()[:1] not in {"{", "["}:
        line = text[: -len(text.lstrip())].count("\n") + 1
        return (Violation("json-syntax", "it does not begin with { or [", line=line),)
    if answer.media is Media.JSON:
        return read_json(Text(text, ())).violations
    read = parsed(text)
    if read.tops or not any("Extra content" in each.message for each in read.violations):
        return read.violations
    # It has several roots and another error, which is the one to report.
    within = parsed(f"<{_WRAPPER}>{text}</{_WRAPPER}>")
    return tuple(
        replace(each, message=_OF_WRAPPER.sub(r"</\1> closes what was never opened", each.message))
        for each in within.violations or read.violations
    )


def _several_roots(context: PageContext) -> Iterator[Diagnostic]:
    for answer in _documents(context):
        if len(answer.tops) > 1:
            names = ", ".join(dict.fromkeys(name for name, _ in answer.tops))
            message = (
                f"the XML sample has {len(answer.tops)} elements at the top ({names}), "
                "but a document has one root"
            )
            also = tuple(span for _, span in answer.tops[1:])
            yield Diagnostic(message, answer.span, also=also)


def _documents(context: PageContext) -> Iterator[SampleDocument]:
    """The XML samples of success, if the page can be compiled."""
    answers = context.answers if context.contract else ()
    return (each for each in answers if each.tops and each.role is not SampleRole.FAILURE)


def _other_roots(context: PageContext) -> Iterator[Diagnostic]:
    for answer in _documents(context):
        (name, span), *others = answer.tops
        usual = f"{context.contract.operation.name}Response" if context.contract else ""
        if not others and not answer.root:
            message = f"the XML sample has no root around its only element, {name}"
            yield Diagnostic(message, answer.span)
        elif answer.root.endswith("Response") and answer.root != usual:
            message = f"the XML sample's root is {answer.root}, not the operation's {usual}"
            yield Diagnostic(message, span, expected=usual)


def _failures(context: PageContext) -> Iterator[Diagnostic]:
    for answer in context.answers:
        is_readable = answer.role is SampleRole.SUCCESS and answer.is_readable
        if is_readable and context.is_failure(answer):
            codes = (each.value for each in answer.members if each.name.lower() == "code")
            code = next(codes, None)
            said = f" ({plain(code)})" if isinstance(code, str) else ""
            message = f"the {answer.media.upper()} sample of success is an error{said}"
            yield Diagnostic(message, answer.span)


def _missing_answer(context: PageContext) -> Iterator[Diagnostic]:
    if context.parts and context.response and not any(map(_shows_something, context.answers)):
        rows = counted(len(context.response), "row")
        message = f"no sample answer shows a field, so nothing shows where to place {rows}"
        yield Diagnostic(message, context.parts.response_span)


def _shows_something(answer: SampleDocument) -> bool:
    """Whether a sample of success shows something, or would if it were well-formed."""
    is_filled = bool(answer.members) or not answer.is_readable
    return answer.role is SampleRole.SUCCESS and is_filled


def _disagreements(context: PageContext) -> Iterator[Diagnostic]:
    """What the first samples in JSON and XML show that differs."""
    readable = [each for each in context.answers if each.is_readable]
    successes = [each for each in readable if each.role is SampleRole.SUCCESS]
    in_json = next((each for each in successes if each.media is Media.JSON), None)
    in_xml = next((each for each in successes if each.media is Media.XML), None)
    if in_json and in_xml:
        yield from _other_case(in_json, in_xml)
        yield from _missing(in_json, in_xml)
        yield from _missing(in_xml, in_json)
        yield from _other_values(in_json, in_xml)


def _firsts(document: SampleDocument) -> dict[str, SampleMember]:
    """The first member of each name."""
    found: dict[str, SampleMember] = {}
    for each in document.members:
        found.setdefault(each.name, each)
    return found


def _other_case(in_json: SampleDocument, in_xml: SampleDocument) -> Sequence[Diagnostic]:
    here, there = _firsts(in_json), _firsts(in_xml)
    lower = {name.lower(): name for name in here}
    pairs = [
        (here[lower[name.lower()]], each)
        for name, each in there.items()
        if name not in here and lower.get(name.lower(), name) not in {name, *there}
    ]
    diagnostics = [
        Diagnostic(
            f"the XML sample has {other.name}, the JSON sample {own.name}",
            other.span,
            own.span,
            own.dotted,
        )
        for own, other in pairs
    ]
    return folded(diagnostics, "{} names are written in other letter case in XML than in JSON: {}")


def _missing(own: SampleDocument, other: SampleDocument) -> Sequence[Diagnostic]:
    """The members that one sample has and the other has not."""
    there = {each.name.lower() for each in other.members}
    lacking = [
        each
        for each in _firsts(own).values()
        if each.name.lower() not in there and not _may_be_left_out(each, other, own)
    ]
    one, another = own.media.upper(), other.media.upper()
    diagnostics = [
        Diagnostic(
            f"the {one} sample has {each.name}, the {another} sample does not",
            each.span,
            other.span,
            each.dotted,
        )
        for each in lacking
        if not any(each.path[: len(x.path)] == x.path for x in lacking if x is not each)
    ]
    return folded(
        diagnostics, f"{{}} members of the {one} sample are not in the {another} one: {{}}"
    )


def _may_be_left_out(each: SampleMember, other: SampleDocument, own: SampleDocument) -> bool:
    """Whether the other format need not have it: an empty member, or the wrapper of list items."""
    parent = each.path[:-1]
    if each.value in (None, [], {}) or not parent:
        return each.value in (None, [], {})
    # <Jobs><Job>… is how XML writes the items of a list that JSON calls "Jobs".
    items = [x for x in own.members if x.path == each.path]
    wraps = len({x.name for x in own.members if x.path[:-1] == parent}) == 1
    holders = [x for x in other.members if x.name.lower() == parent[-1].lower()]
    lists = any(isinstance(x.value, list) for x in (*holders, *items))
    return wraps and (lists or not holders or any(x.value in ("", {}, None) for x in holders))


def _other_values(in_json: SampleDocument, in_xml: SampleDocument) -> Sequence[Diagnostic]:
    """Members that both samples have once, with different values."""
    there = _once(in_xml)
    # Two formats are two calls, so each has a request id of its own.
    pairs = (
        (own, there[name])
        for name, own in _once(in_json).items()
        if name in there and name != "requestid"
    )
    diagnostics = [
        Diagnostic(
            f"{own.name} is {plain(own.value)} in the JSON sample, "
            f"{plain(other.value)} in the XML sample (line {other.span.first})",
            own.span,
            other.span,
            own.dotted,
        )
        for own, other in pairs
        if not _agree(own, other)
    ]
    return folded(diagnostics, "{} values differ between JSON and XML: {}")


def _once(document: SampleDocument) -> dict[str, SampleMember]:
    counts = Counter(each.name.lower() for each in document.members)
    single = (each for each in document.members if not each.repeated)
    return {each.name.lower(): each for each in single if counts[each.name.lower()] == 1}


def _agree(here: SampleMember, there: SampleMember) -> bool:
    containers = isinstance(here.value, dict | list), isinstance(there.value, dict | list)
    if any(containers):
        is_empty = here.value in ({}, [], "", None) or there.value in ("", {}, None)
        return all(containers) or is_empty or isinstance(here.value, list)
    return same_but_for_masks(_text(here), _text(there))


def _text(member: SampleMember) -> str:
    value = member.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


SAMPLE_RULES: Final = (
    PageRule(
        "sample-syntax",
        Grade.STATED,
        "A sample is not well-formed",
        "The sample is not JSON or XML as parsers read it: it has a comment, an ellipsis, a comma "
        "too many, an element that is not closed.",
        "// json response before {",
        check=_syntax,
    ),
    PageRule(
        "sample-several-roots",
        Grade.STATED,
        "An XML sample has several elements at the top",
        "An XML document has one root. The sample was cut to the elements within it, so no parser "
        "reads it.",
        "<RequestId>…</RequestId><Instance>…</Instance>",
        check=_several_roots,
    ),
    PageRule(
        "sample-root",
        Grade.IMPLIED,
        "The root of an XML sample is not the operation's",
        "A root is the operation's name with Response. The sample was cut to its only member, or "
        "its root belongs to another operation.",
        "<APINAMEResponse>…",
        "A product whose roots end in Response after another name than the operation's.",
        check=_other_roots,
    ),
    PageRule(
        "sample-is-failure",
        Grade.STATED,
        "A sample of success is an error",
        "It holds the code and the message of an error, which the table of what is returned does "
        "not list.",
        '{"Code": "InvalidStartTime.Malformed", "Message": "…"}',
        check=_failures,
    ),
    PageRule(
        "samples-disagree",
        Grade.IMPLIED,
        "The JSON and the XML sample do not show the same answer",
        "One has a member that the other does not have, writes a name in other letter case, or has "
        "another value. Request ids differ from call to call and are not compared.",
        '"requestId" in JSON, <RequestId> in XML',
        "A page whose samples were taken from two calls.",
        check=_disagreements,
    ),
    PageRule(
        "no-sample-answer",
        Grade.ASSUMED,
        "No sample answer shows a field",
        "The page has no sample answer, or an empty one, so the place of every field is a guess.",
        "a page that ends with the sample request",
        check=_missing_answer,
    ),
)
