"""The sample request against the syntax, the table of parameters and the sample answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from docpact.check.decode import Text
from docpact.check.json_body import read_json
from docpact.contract import Contract, Place
from docpact.contract.interpret.parts import Entry
from docpact.contract.path_template import PathTemplate
from docpact.core.span import Span
from docpact.core.violation import Value
from docpact.core.violation import plain as as_shown
from docpact.lint.context import Subject
from docpact.lint.diagnostic import Diagnostic, folded
from docpact.lint.sample_document import PrintedRequest, Shown
from docpact.lint.values import is_placeholder, is_stand_in, same_but_for_masks

_METHOD = re.compile(r"(GET|HEAD|POST|PUT|DELETE|PATCH)\s+")
_ACTION = re.compile(r"https?(?:\(s\))?://[^?\s]*\?\s*(.*)|/?\?\s*(.*)", re.DOTALL)
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):\s*(.*)")
_UNFILLED = re.compile(r"\[\w+\]|\{\w+\}|<[^<>]+>")
_BODY_NAME = re.compile(r'\\?"([A-Za-z_][A-Za-z0-9_]*)\\?"\s*:')
_COMMON = re.compile(
    r"<.*>|公共请求参数|common ?request ?parameters|action|version|format|timestamp"
    r"|signature\w*|accesskeyid|securitytoken",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sample request asks with."""

    path: str  # empty where the operation is named by Action
    values: Mapping[str, str]  # of the query, by name
    line: Span
    headers: frozenset[str] = frozenset()
    body: str = ""
    body_names: frozenset[str] = frozenset()
    body_values: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str | None:
        """The operation that the query names."""
        return next((v for name, v in self.values.items() if name.lower() == "action"), None)


def check_requests(subject: Subject) -> Iterator[Diagnostic]:
    """What is wrong with the sample request, and what it leaves out."""
    contract = subject.contract
    if contract is None:
        return
    yield from _unlisted_placeholders(subject, contract)
    for printed in subject.requests[:1]:
        asked = _asked(printed)
        off = list(_off(asked, contract))
        yield from off
        if off:
            continue
        yield from _body_syntax(asked)
        given = {**_path_values(asked, contract), **asked.values, **asked.body_values}
        yield from _unfilled(given, asked)
        yield from _unlisted(asked, subject)
        yield from folded(
            tuple(_unused(asked, subject, contract)),
            "{} required parameters are not in the sample request: {}",
        )
        filled = {name: value for name, value in given.items() if not _is_unfilled(value)}
        yield from _other_answer(filled, asked, subject)


def _asked(printed: PrintedRequest) -> Asked:
    text = _METHOD.sub("", printed.text.strip(), count=1)
    action = _ACTION.match(text)
    if action:
        query = action[1] if action[1] is not None else action[2]
        return Asked("", _query(re.sub(r"\n\s*", "\n", query or "")), printed.span)
    first, _, rest = text.partition("\n")
    target = re.sub(r"\s+HTTPS?(/[\d.]+)?\s*$", "", first.strip())
    target = re.sub(r"^https?(\(s\))?://[^/]*", "", target)
    path, _, query = target.partition("?")
    lines = rest.split("\n")
    start = next((n for n, line in enumerate(lines) if line.lstrip()[:1] in {"{", "["}), len(lines))
    headers = [found[1] for line in lines[:start] if (found := _HEADER.match(line.strip()))]
    body = "\n".join(lines[start:]).strip()
    value = read_json(Text(body.replace(r"\"", '"'), ())).value if body else None
    return Asked(
        path,
        _query(query),
        printed.span,
        frozenset(each.lower() for each in headers),
        body,
        frozenset(value) if isinstance(value, dict) else frozenset(_BODY_NAME.findall(body)),
        _scalars(value),
    )


def _query(text: str) -> dict[str, str]:
    pairs = (each.strip().partition("=") for each in re.split(r"&|\n", text) if each.strip())
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs if name.strip()}


def _scalars(value: Value) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        name: str(member)
        for name, member in value.items()
        if isinstance(member, str | int | float) and not isinstance(member, bool)
    }


def _off(asked: Asked, contract: Contract) -> Iterator[Diagnostic]:
    operation = contract.operation
    if asked.action is not None and operation.path:
        message = (
            f"the sample request asks for Action={asked.action}, but the request syntax is "
            f"{operation.method} {operation.path}"
        )
    elif asked.action is not None and asked.action != operation.name:
        message = f"the sample request asks for the action {asked.action}, not {operation.name}"
    elif asked.path and operation.path and not _is_like(asked.path, _template(contract)):
        message = f"the sample request asks for {asked.path}, not for a path like {operation.path}"
    else:
        return
    against = operation.origin.span if operation.path else None
    yield Diagnostic("request-off-syntax", message, asked.line, against)


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


def _path_values(asked: Asked, contract: Contract) -> dict[str, str]:
    template = _template(contract)
    if not asked.path or not _is_like(asked.path, template):
        return {}
    return template.match(asked.path) or {}


def _body_syntax(asked: Asked) -> Iterator[Diagnostic]:
    if asked.body and not read_json(Text(asked.body, ())).readable:
        said = "its quotation marks are escaped" if r"\"" in asked.body else "it cannot be parsed"
        message = f"the body of the sample request is no well-formed JSON: {said}"
        yield Diagnostic("sample-syntax", message, asked.line)


def _unfilled(given: Mapping[str, str], asked: Asked) -> Iterator[Diagnostic]:
    for name, value in given.items():
        if _COMMON.fullmatch(name) and name.lower() != "action":
            continue
        if _is_unfilled(value):
            message = f"the sample request leaves {name} as {as_shown(value)}"
            yield Diagnostic("placeholder-text", message, asked.line, field=name)


def _is_unfilled(value: str) -> bool:
    return _UNFILLED.fullmatch(value) is not None or is_placeholder(value)


def _unlisted_placeholders(subject: Subject, contract: Contract) -> Iterator[Diagnostic]:
    known = {each.name.lower() for each in subject.parameters}
    for name in PathTemplate.parse(contract.operation.path).names:
        if name.lower() not in known:
            message = f"the path has {name}, which the table of parameters does not list"
            yield Diagnostic(
                "parameter-unlisted", message, contract.operation.origin.span, field=name
            )


def _unlisted(asked: Asked, subject: Subject) -> Iterator[Diagnostic]:
    known = {_plain(each.name) for each in subject.parameters}
    if not known or any(_carries_body(each) for each in subject.parameters):
        names = list(asked.values)
    else:
        names = [*asked.values, *sorted(asked.body_names)]
    for name in names:
        if _plain(name) not in known and not _is_common(name) and known:
            message = f"the sample request passes {name}, which the table does not list"
            yield Diagnostic("parameter-unlisted", message, asked.line, field=name)


def _is_common(name: str) -> bool:
    """Whether all operations have the parameter, so that no table need list it."""
    return name.lower() == "regionid" or _COMMON.fullmatch(name) is not None


def _plain(name: str) -> str:
    """A name without the numbers of list items: Tag.1.Key is Tag.N.Key is Tag."""
    return name.partition(".")[0].lower()


def _carries_body(entry: Entry) -> bool:
    """Whether a parameter is the body itself, or a structure in it."""
    return not entry.name or entry.type.lower() in {"struct", "object", "map", "json"}


def _unused(asked: Asked, subject: Subject, contract: Contract) -> Iterator[Diagnostic]:
    in_path = {name.lower() for name in _template(contract).names}
    used = in_path | {_plain(name) for name in (*asked.values, *asked.body_names)} | asked.headers
    printed = f"{asked.body} {' '.join(asked.values.values())}".lower()
    for entry in subject.parameters:
        elsewhere = entry.place == Place.HEADER
        if (
            not entry.required
            or entry.merged
            or elsewhere
            or _plain(entry.name) in used
            or entry.depth
        ):
            continue
        if f'"{entry.name.lower()}"' in printed or _COMMON.fullmatch(entry.name):
            continue
        where = "neither in the path nor in" if contract.operation.path else "not in"
        message = (
            f"{entry.name} is required, but {where} the sample request (line {asked.line.first})"
        )
        yield Diagnostic("required-unused", message, entry.span, asked.line, field=entry.name)


def _other_answer(given: Mapping[str, str], asked: Asked, subject: Subject) -> Iterator[Diagnostic]:
    """Values that the sample answer tells otherwise than the sample request asked."""
    for name, value in given.items():
        if is_stand_in(value) and "*" not in value:
            continue
        found = _echoes(name, subject)
        if not found or any(same_but_for_masks(value, str(each.value)) for each in found):
            continue
        first = found[0]
        message = (
            f"the sample request asks for {name} {as_shown(value)}, "
            f"the sample answer has {first.dotted} {as_shown(first.value)} "
            f"(line {first.span.first})"
        )
        rows = subject.rows_of(first)
        also = (*(each.span for each in found[1:]), *(each.span for each in rows))
        yield Diagnostic(
            "request-answer-disagree",
            message,
            asked.line,
            first.span,
            field=first.dotted,
            also=also,
        )


def _echoes(name: str, subject: Subject) -> list[Shown]:
    """The members of the samples that repeat a parameter: JobName, or Instance.Id."""
    wanted = name.lower()
    return [
        shown
        for printed in subject.successes
        for shown in printed.members
        if not shown.repeated
        and isinstance(shown.value, str | int)
        and shown.value != ""
        and wanted in {shown.name.lower(), "".join(shown.path[-2:]).lower()}
    ]
