"""The sample request against the syntax, the table of parameters and the sample answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from docpact.check.decode import Text
from docpact.check.json_body import read_json
from docpact.contract import Contract, Place
from docpact.contract.interpret.parts import FieldRow
from docpact.contract.interpret.samples import SampleMember
from docpact.contract.kinds import Kind
from docpact.contract.path_template import PathTemplate
from docpact.core.span import Grade, Span
from docpact.core.violation import Value, plain
from docpact.lint.context import Diagnostic, PageContext, PageRule, folded
from docpact.lint.values import is_placeholder, is_stand_in, same_but_for_masks
from docpact.page import CodeBlock

_METHOD = re.compile(r"(GET|HEAD|POST|PUT|DELETE|PATCH)\s+")
_ACTION = re.compile(r"(?:https?(?:\(s\))?://[^?\s]*|/?)\?\s*(.*)", re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):\s*(.*)")
_UNFILLED = re.compile(r"\[\w+\]|\{\w+\}|<[^<>]+>")
_BODY_NAME = re.compile(r'\\?"([A-Za-z_][A-Za-z0-9_]*)\\?"\s*:')
_COMMON = re.compile(
    r"<.*>|公共请求参数|common ?request ?parameters|action|version|format|timestamp"
    r"|signature\w*|accesskeyid|securitytoken",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """What a sample request passes."""

    path: str  # empty where the operation is named by Action
    values: Mapping[str, str]  # of the query, by name
    span: Span
    headers: frozenset[str] = frozenset()
    body: str = ""
    body_names: frozenset[str] = frozenset()
    body_values: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str | None:
        """The operation that the query names."""
        return next((v for name, v in self.values.items() if name.lower() == "action"), None)


def _parsed(sample: CodeBlock) -> ParsedRequest:
    blank = len(sample.text) - len(sample.text.lstrip("\n"))
    line = min(sample.span.first + 1 + blank, sample.span.last)
    span = Span(sample.span.file, line, line)
    text = _METHOD.sub("", sample.text.strip(), count=1)
    action = _ACTION.match(text)
    if action:
        return ParsedRequest("", _query(re.sub(r"\n\s*", "\n", action[1])), span)
    first, *lines = text.split("\n")
    target = re.sub(r"\s+HTTPS?(/[\d.]+)?\s*$", "", first.strip())
    path, _, query = re.sub(r"^https?(\(s\))?://[^/]*", "", target).partition("?")
    start = next((n for n, line in enumerate(lines) if line.lstrip()[:1] in {"{", "["}), len(lines))
    headers = (_HEADER.match(line.strip()) for line in lines[:start])
    body = "\n".join(lines[start:]).strip()
    value = read_json(Text(body.replace(r"\"", '"'), ())).value if body else None
    return ParsedRequest(
        path,
        _query(query),
        span,
        frozenset(each[1].lower() for each in headers if each),
        body,
        frozenset(value) if isinstance(value, dict) else frozenset(_BODY_NAME.findall(body)),
        _scalars(value),
    )


def _query(text: str) -> dict[str, str]:
    pairs = (each.strip().partition("=") for each in re.split(r"&|\n", text) if each.strip())
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs if name.strip()}


def _scalars(value: Value) -> dict[str, str]:
    members = value.items() if isinstance(value, dict) else ()
    return {
        name: str(member)
        for name, member in members
        if isinstance(member, str | int | float) and not isinstance(member, bool)
    }


def _first(context: PageContext) -> Iterator[tuple[ParsedRequest, Contract]]:
    """The first sample request of a page that can be compiled."""
    if context.contract:
        for sample in context.requests[:1]:
            yield _parsed(sample), context.contract


def _off_syntax(context: PageContext) -> Iterator[Diagnostic]:
    for request, contract in _first(context):
        if message := _difference(request, contract):
            against = contract.operation.origin.span if contract.operation.path else None
            yield Diagnostic(message, request.span, against)


def _difference(request: ParsedRequest, contract: Contract) -> str:
    """Why a request is not one of the operation; empty if it is."""
    operation = contract.operation
    if request.action is not None and operation.path:
        syntax = f"{operation.method} {operation.path}"
        return f"the sample request has Action={request.action}, but the request syntax is {syntax}"
    if request.action is not None and request.action != operation.name:
        return f"the sample request calls the action {request.action}, not {operation.name}"
    if request.path and operation.path and not _is_like(request.path, _template(contract)):
        return f"the sample request calls {request.path}, not a path like {operation.path}"
    return ""


def _template(contract: Contract) -> PathTemplate:
    """The path template, in which names may also be written bare or in another case."""
    path = contract.operation.path.rstrip("/")
    names = {each.name.lower() for each in contract.operation.parameters if each.name}
    bare = {
        each: each.strip("[]")
        for each in path.split("/")
        if each.lower() in names or re.fullmatch(r"\[.+\]", each)
    }
    return PathTemplate.parse(path).naming(bare)


def _is_like(path: str, template: PathTemplate) -> bool:
    """Whether a path is of the template and has something for each name."""
    segments = template.segments(path.rstrip("/"))
    return segments is not None and all(segments)


def _path_values(request: ParsedRequest, contract: Contract) -> dict[str, str]:
    template = _template(contract)
    if not request.path or not _is_like(request.path, template):
        return {}
    return template.match(request.path) or {}


def _fitting(context: PageContext) -> Iterator[tuple[ParsedRequest, Contract]]:
    """The first sample request, if it is one of the operation."""
    return (pair for pair in _first(context) if not _difference(*pair))


def _values(request: ParsedRequest, contract: Contract) -> dict[str, str]:
    """Everything that a request passes by name."""
    return {**_path_values(request, contract), **request.values, **request.body_values}


def _is_unfilled(value: str) -> bool:
    return _UNFILLED.fullmatch(value) is not None or is_placeholder(value)


def unfilled(context: PageContext) -> Iterator[tuple[str, str, Span]]:
    """Name, value and place of what the sample request leaves to be filled in."""
    for request, contract in _fitting(context):
        for name, value in _values(request, contract).items():
            is_common = _COMMON.fullmatch(name) and name.lower() != "action"
            if not is_common and _is_unfilled(value):
                yield name, value, request.span


def body_errors(context: PageContext) -> Iterator[Diagnostic]:
    """What is wrong with the syntax of the sample request's body."""
    for request, _ in _fitting(context):
        if request.body and not read_json(Text(request.body, ())).readable:
            is_escaped = r"\"" in request.body
            why = "its quotation marks are escaped" if is_escaped else "it cannot be parsed"
            message = f"the body of the sample request is not well-formed JSON: {why}"
            yield Diagnostic(message, request.span)


def _unlisted(context: PageContext) -> Iterator[Diagnostic]:
    listed = {each.name.lower() for each in context.parameters}
    operation = context.contract.operation if context.contract else None
    for name in PathTemplate.parse(operation.path).names if operation else ():
        if operation and name.lower() not in listed:
            message = f"the path has {name}, which the table of parameters does not list"
            yield Diagnostic(message, operation.origin.span, field=name)
    listed = {_without_numbers(each.name) for each in context.parameters}
    for request, _ in _fitting(context) if listed else ():
        has_body = any(_carries_body(each) for each in context.parameters)
        in_body = () if has_body else sorted(request.body_names)
        for name in (*request.values, *in_body):
            if _without_numbers(name) not in listed and not _is_common(name):
                message = f"the sample request passes {name}, which the table does not list"
                yield Diagnostic(message, request.span, field=name)


def _is_common(name: str) -> bool:
    """Whether all operations have the parameter, so that no table need list it."""
    return name.lower() == "regionid" or _COMMON.fullmatch(name) is not None


def _without_numbers(name: str) -> str:
    """A name without the numbers of list items: Tag.1.Key is Tag.N.Key is Tag."""
    return name.partition(".")[0].lower()


def _carries_body(row: FieldRow) -> bool:
    """Whether a parameter is the body itself, or a structure in it."""
    named = row.named
    is_structure = named.kind in {Kind.STRUCT, Kind.MAP} or named.name.lower() == "json"
    return not row.name or is_structure


def _unused(context: PageContext) -> Iterator[Diagnostic]:
    for request, contract in _fitting(context):
        text = f"{request.body} {' '.join(request.values.values())}".lower()
        used = {each.lower() for each in _template(contract).names} | request.headers
        used |= {_without_numbers(each) for each in (*request.values, *request.body_names)}
        where = "neither in the path nor in" if contract.operation.path else "not in"
        diagnostics = [
            Diagnostic(
                f"{row.name} is required but is {where} the sample request "
                f"(line {request.span.first})",
                row.span,
                request.span,
                field=row.name,
            )
            for row in context.parameters
            if _must_be_shown(row)
            and _without_numbers(row.name) not in used
            and f'"{row.name.lower()}"' not in text
        ]
        yield from folded(diagnostics, "{} required parameters are not in the sample request: {}")


def _must_be_shown(row: FieldRow) -> bool:
    is_shown = row.required and not row.merged and not row.depth and row.place != Place.HEADER
    return is_shown and not _COMMON.fullmatch(row.name)


def _other_values(context: PageContext) -> Iterator[Diagnostic]:
    for request, contract in _fitting(context):
        for name, value in _values(request, contract).items():
            if _is_unfilled(value) or (is_stand_in(value) and "*" not in value):
                continue
            found = _echoes(name, context)
            if not found or any(same_but_for_masks(value, str(each.value)) for each in found):
                continue
            first, *others = found
            message = (
                f"the sample request has {name} {plain(value)}, but the sample answer has "
                f"{first.dotted} {plain(first.value)} (line {first.span.first})"
            )
            also = (
                *(each.span for each in others),
                *(each.span for each in context.rows_of(first)),
            )
            yield Diagnostic(message, request.span, first.span, first.dotted, also)


def _echoes(name: str, context: PageContext) -> list[SampleMember]:
    """The members of the samples that repeat a parameter: JobName, or Instance.Id."""
    return [
        member
        for member, _ in context.success_members
        if not member.repeated
        and isinstance(member.value, str | int)
        and member.value != ""
        and name.lower() in {member.name.lower(), "".join(member.path[-2:]).lower()}
    ]


REQUEST_RULES: Final = (
    PageRule(
        "parameter-unlisted",
        Grade.STATED,
        "A parameter is used that the table does not list",
        "The path or the sample request has a parameter without a row. Parameters that all "
        "operations share, such as Format and Version, need no row.",
        "/jobs/{jobName} without a row jobName",
        check=_unlisted,
    ),
    PageRule(
        "request-off-syntax",
        Grade.STATED,
        "The sample request is not one of this operation",
        "It does not fit the path of the request syntax, or it names another action.",
        "/?Action=undefined under GET /api/v2/projects/[projectName]",
        check=_off_syntax,
    ),
    PageRule(
        "required-unused",
        Grade.IMPLIED,
        "A required parameter is not used",
        "The table calls it required, but neither the path nor the sample request has it. Headers "
        "are not looked for, since samples seldom print them.",
        "|RegionId|String|Yes|…, and a sample without RegionId",
        check=_unused,
    ),
    PageRule(
        "request-answer-disagree",
        Grade.IMPLIED,
        "The sample answer does not belong to the sample request",
        "A member of the answer repeats a parameter, by its name (jobName, JobName) or by that of "
        "its structure and its own (instanceId, Instance.Id), and has another value.",
        ".../instances/123 and an answer with Id 412536",
        "A page whose two samples were taken from two calls.",
        check=_other_values,
    ),
)
