"""What the page says about the call itself: name, method, path, and its parameters.

The step of `interpret` that needs nothing of the answer.
"""

import re
from collections.abc import Iterator, Sequence

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import FieldRow, Parts, first_line, shortened
from docpact.contract.interpret.samples import names_in_json
from docpact.contract.kinds import type_named
from docpact.contract.model import Doubt, Operation, Parameter, Place
from docpact.contract.path_template import PathTemplate
from docpact.core.errors import UnreadablePage
from docpact.core.span import Grade, Origin, Span
from docpact.page import CodeBlock, Heading, Page

_NUMBERED = re.compile(r"\.[Nn](?=\.|$)")
_SAMPLE_HEADING = re.compile(r"示例|样例|\bexamples?\b|\bsamples?\b", re.IGNORECASE)
# What titles and samples have in Latin letters besides names.
_NO_NAMES = frozenset(
    ("API", "OpenAPI", "SDK", "DNS", "SSL", "HTTPS", "HTTP", "CDN", "RAM", "IP", "undefined")
)
_DIFFERS = re.compile(r"[*]|(?<![vV])[0-9]")  # in a step of a path that names one thing
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def operation_of(parts: Parts) -> tuple[Operation, tuple[Doubt, ...]]:
    """The call that a page describes, with what is in doubt about it.

    Raises UnreadablePage if nothing names the operation.
    """
    page = parts.page
    method, template = "", PathTemplate.parse("")
    origin = Origin(Span(page.name, 1, 1), Grade.STATED, page.title)
    match = lexicon.REQUEST_LINE.match(parts.request_line.text) if parts.request_line else None
    if parts.request_line and match:
        method, template = match[1], _path(match[2], parts.parameters)
        origin = Origin(first_line(parts.request_line), Grade.STATED, shortened(match[0]))
    in_sample = bool(parts.request_line) and _is_sample(parts.request_line, page)
    if in_sample:
        template = _without_examples(template, parts.parameters)
    in_body = _names_in_body(parts) if method in _WITH_BODY else frozenset()
    operation = Operation(
        name=operation_name(page),
        summary=parts.summary,
        method=method,
        path=template.text,
        parameters=tuple(
            _parameter(row, template, in_body) for row in parts.parameters if row.name
        ),
        origin=origin,
        version=_first(lexicon.API_VERSION, page),
    )
    return operation, tuple(_doubts(operation, in_sample=in_sample))


def operation_name(page: Page) -> str:
    """The name that the title gives, else the link to the vendor's explorer, else the file.

    Raises UnreadablePage if none of them names it.
    """
    linked = _first(lexicon.API_NAME, page)
    called = _first(lexicon.ACTION, page)
    words = [each for each in lexicon.OPERATION_NAME.findall(page.title) if each not in _NO_NAMES]
    named = lexicon.OPERATION_NAME.match(page.name)
    found = (
        *(each for each in words if each in {linked, called}),
        *(each for each in words if lexicon.CAMEL_NAME.fullmatch(each)),
        # Of a title in plain words, none is the name if a link knows a better one.
        *(words if len(words) == 1 else ()),
        linked,
        *words,
        named[0] if named else "",
        called,
    )
    name = next((each for each in found if each and each not in _NO_NAMES), "")
    if not name:
        raise UnreadablePage(
            "neither the title nor a link names the operation",
            span=Span(page.name, 1, 1),
            hint="An operation's name is a word of Latin letters and digits, such as GetInstance.",
        )
    return name


def _first(pattern: re.Pattern[str], page: Page) -> str:
    found = (pattern.search(line) for line in page.lines)
    return next((match[1] for match in found if match), "")


def _is_sample(block: CodeBlock | None, page: Page) -> bool:
    """Whether a block is under a heading of examples."""
    heading = ""
    for each in page.blocks:
        if isinstance(each, Heading):
            heading = each.text
        elif block is not None and each.span.last >= block.span.last:
            break
    return _SAMPLE_HEADING.search(heading) is not None


def _path(shown: str, parameters: Sequence[FieldRow]) -> PathTemplate:
    names = (each.name for each in parameters if each.required and each.place in {"", "path"})
    return PathTemplate.on_page(shown, names)


def _without_examples(template: PathTemplate, parameters: Sequence[FieldRow]) -> PathTemplate:
    """The template of a sample request, with the names of parameters in place of their examples."""
    names: dict[str, str] = {}
    for each in parameters:
        if each.example and each.place in {"", "path"}:
            names.setdefault(each.example, each.name)
    return template.naming(names)


def _names_in_body(parts: Parts) -> frozenset[str]:
    """The names of the JSON object that a sample request sends."""
    for block in parts.requests:
        _, brace, rest = block.text.partition("{")
        names = names_in_json((brace + rest).replace('\\"', '"'))
        if names:
            return names
    return frozenset()


def _parameter(row: FieldRow, template: PathTemplate, in_body: frozenset[str]) -> Parameter:
    if row.name in template.names:
        place = Place.PATH
    elif row.place in lexicon.PLACES:
        place = Place(row.place)
    else:
        place = Place.BODY if row.name in in_body else Place.QUERY
    return Parameter(
        name=row.name,
        wire_name=_NUMBERED.sub(".1", row.name),
        place=place,
        kind=type_named(row.type).kind,
        required=row.required,
        example=row.example,
        description=row.description.prose,
        origin=row.origin,
    )


def _doubts(operation: Operation, *, in_sample: bool) -> Iterator[Doubt]:
    if not operation.path:
        yield Doubt("no-request-line", "the page shows no method and path", operation.origin)
    listed = {each.name for each in operation.parameters}
    template = PathTemplate.parse(operation.path)
    for name in template.names:
        if name not in listed:
            message = f"{name} is in the path but in no table"
            yield Doubt("unlisted-parameter", message, operation.origin)
    if in_sample and _DIFFERS.search(template.fixed):
        message = "the path is that of the sample request, so it may be that of one call only"
        yield Doubt("path-of-sample", message, operation.origin)
