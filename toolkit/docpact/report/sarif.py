"""Write a report as SARIF 2.1.0, which code scanning and editors read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from docpact.core.finding import Finding, Location, Report
from docpact.core.span import Origin
from docpact.core.text import printable
from docpact.report.json import as_text
from docpact.report.terminal import authority, lines_of, missing_from, rules_on
from docpact.rules import Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render(report: Report, *, rules: Iterable[Rule] | None = None) -> str:
    """One run of the catalogue's rules, with a result for each finding."""
    catalogue = {each.id: _descriptor(each) for each in rules or rules_on(report)}
    for name in sorted({each.rule for each in report.findings}):
        catalogue.setdefault(name, {"id": printable(name)})
    run = {
        "tool": {"driver": {"name": "docpact", "rules": list(catalogue.values())}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": list(_results(report.findings, list(catalogue))),
    }
    return as_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _descriptor(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.meaning},
        "help": {
            "text": "\n\n".join(_help(rule, "{}")),
            "markdown": "\n\n".join(_help(rule, "`{}`")),
        },
        "defaultConfiguration": {"level": rule.grade.severity.value},
        "properties": {"tags": ["docpact", rule.family.value]},
    }


def _help(rule: Rule, code: str) -> Iterator[str]:
    """The paragraphs that explain a rule; `code` says how to set what is to be typed."""
    yield rule.meaning
    yield f"Example: {code.format(rule.example)}"
    if rule.caution:
        yield f"Possible false alarms: {rule.caution}"
    yield f"Switch it off with {code.format(f'--ignore {rule.id}')}."


def _invocation(report: Report) -> dict[str, object]:
    problems = list(missing_from(report))
    invocation: dict[str, object] = {"executionSuccessful": not problems}
    if problems:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": _message(each)} for each in problems
        ]
    return invocation


def _results(findings: Iterable[Finding], rules: list[str]) -> Iterator[dict[str, object]]:
    index = {name: position for position, name in enumerate(rules)}
    seen: Counter[str] = Counter()
    for each in findings:
        fingerprint = _fingerprint(each)
        seen[fingerprint] += 1
        yield {
            "ruleId": printable(each.rule),
            "ruleIndex": index[each.rule],
            "level": each.severity.value,
            "message": _message("\n".join(lines_of(each))),
            "locations": [_location(each)],
            "relatedLocations": [_page(each.origin)],
            "partialFingerprints": {"ruleFieldFile/v1": f"{fingerprint}:{seen[fingerprint]}"},
            "properties": dict(_properties(each)),
        }


def _message(text: str) -> dict[str, object]:
    """A text that viewers show as it is.

    They would put an argument in place of {0}, and a link in place of [text](target).
    """
    text = _PLACEHOLDER.sub(r"{{\1}}", text)
    if "](" in text:
        text = text.replace("[", "\\[").replace("]", "\\]")
    return {"text": text}


def _location(finding: Finding) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": _artifact(finding.at.file)}
    region = _region(finding.at)
    if region:
        physical["region"] = region
    location: dict[str, object] = {"physicalLocation": physical}
    if finding.field:
        field = printable(finding.field)
        location["logicalLocations"] = [
            {"name": field.rpartition(".")[2], "fullyQualifiedName": field, "kind": "property"}
        ]
    return location


def _artifact(file: str) -> dict[str, object]:
    if file == "-":
        return {"uri": "-", "description": {"text": "standard input"}}
    path = PurePath(file)
    uri = quote(_bytes(path.as_posix()), safe="/")
    return {"uri": f"file:///{uri.lstrip('/')}" if path.is_absolute() else uri}


def _bytes(name: str) -> bytes:
    """The bytes of a file's name; bytes that are not UTF-8 are half surrogate pairs in it."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no name that an operating system gave
        return name.encode("utf-8", "surrogatepass")


def _region(at: Location) -> dict[str, object]:
    if at.line is None:
        return {}
    region: dict[str, object] = {"startLine": at.line}
    if at.column is not None:
        region["startColumn"] = at.column
    return region


def _page(origin: Origin) -> dict[str, object]:
    quote = f": “{printable(origin.quote)}”" if origin.quote else ""
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(origin.span.file),
            "region": {"startLine": origin.span.first, "endLine": origin.span.last},
        },
        "message": _message(f"{authority(origin)}{quote}"),
    }


def _fingerprint(finding: Finding) -> str:
    """What stays the same when lines move: the rule, the field and the file."""
    named = f"{finding.rule}\0{finding.field}\0{finding.at.file}"
    return sha256(_bytes(named)).hexdigest()[:16]


def _properties(finding: Finding) -> Iterator[tuple[str, object]]:
    yield "grade", finding.origin.grade.value
    yield "exchange", finding.at.exchange
    if finding.pointer:
        yield "pointer", printable(finding.pointer)
    if finding.origin.ruling:
        yield "ruling", printable(finding.origin.ruling)
    if finding.reproduce:
        yield "reproduce", "\n".join(map(printable, finding.reproduce.split("\n")))
