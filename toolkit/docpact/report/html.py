"""Write a report as one page for a browser, which asks no network for anything."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from docpact.contract import Answer, Contract
from docpact.core.finding import Finding, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.json import VERSION, as_text, finding_object
from docpact.report.terminal import totals
from docpact.report.wording import missing_from, rules_on
from docpact.statistics import FAILURE, SUCCESS, Counts, Statistics, total

# A page with more is no longer of use to anybody; `ndjson` holds any number.
MOST_FINDINGS: Final = 50_000
MOST_CLEAN: Final = 1_000

_FOLDER: Final = Path(__file__).with_name("html_page")
_STYLES: Final = ("page.css", "findings.css", "tables.css")
# In the order in which they need each other; together they are one module.
_SCRIPTS: Final = (
    "dom.js",
    "finding.js",
    "findings.js",
    "heat.js",
    "fields.js",
    "timelines.js",
    "coverage.js",
    "page.js",
)
# Within a script element, a parser of HTML looks out for these three only.
_IN_MARKUP: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(
    report: Report, statistics: Statistics | None = None, contract: Contract | None = None
) -> str:
    """The page with everything in it; parts that need statistics or a contract only if given."""
    style, script = _assets(_STYLES), _assets(_SCRIPTS)
    return Template(_read("index.html")).substitute(
        policy=_policy(style, script),
        title=escape(_title(contract)),
        told=escape(totals(report.summary, subject=report.subject)),
        style=style,
        data=as_text(_document(report, statistics, contract)).translate(_IN_MARKUP),
        script=script,
    )


def _title(contract: Contract | None) -> str:
    return printable(contract.operation.name) if contract else "Report"


def _policy(style: str, script: str) -> str:
    """What the browser may use: nothing but these two texts and pictures that stand in them."""
    rules = (
        "default-src 'none'",
        f"script-src '{_hash(script)}'",
        f"style-src '{_hash(style)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _assets(names: tuple[str, ...]) -> str:
    return "\n" + "\n".join(_read(name) for name in names)


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _document(
    report: Report, statistics: Statistics | None, contract: Contract | None
) -> dict[str, object]:
    """The JSON report, and beside it what only this page shows."""
    told = report.findings[:MOST_FINDINGS]
    return {
        "docpact": VERSION,
        "summary": asdict(report.summary),
        "findings": [finding_object(each) for each in told],
        "subject": report.subject,
        "left_out": len(report.findings) - len(told),
        "clean": report.clean[:MOST_CLEAN],
        "clean_count": len(report.clean),
        "incomplete": list(missing_from(report)),
        "rules": _rules(report, statistics),
        "cells": _cells(report, statistics),
        "contract": _contract(contract) if contract else None,
        "statistics": _statistics(statistics) if statistics else None,
    }


def _rules(report: Report, statistics: Statistics | None) -> list[dict[str, object]]:
    """The catalogue with how often each rule fired, and the rules that it does not have."""
    counts = _fired(report.findings, statistics)
    known: list[dict[str, object]] = [
        {
            "id": each.id,
            "title": each.title,
            "meaning": each.meaning,
            "family": each.family.value,
            "count": counts.pop(each.id, 0),
        }
        for each in rules_on(report)
    ]
    others: list[dict[str, object]] = [
        {"id": name, "title": "", "meaning": "", "family": "", "count": count}
        for name, count in sorted(counts.items())
    ]
    return known + others


def _fired(findings: Iterable[Finding], statistics: Statistics | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    if statistics:
        for (rule,), (count,) in statistics.rules.sorted():
            counts[rule] = count
    else:
        for each in findings:
            counts[each.rule] += each.count
    return counts


def _cells(report: Report, statistics: Statistics | None) -> dict[str, object]:
    """The heat map: errors, warnings and notes by file and field."""
    cells: dict[tuple[str, str], Counts] = {}
    if statistics:
        cells = dict(statistics.cells.sorted())
    else:
        for each in report.findings:
            counts = tuple(each.count * (each.severity is one) for one in Severity)
            place = each.at.file, each.field
            cells[place] = total(cells.get(place, ()), counts)
    return {
        "kept": [[*place, *counts] for place, counts in sorted(cells.items())],
        "rest": list(statistics.cells.rest) if statistics else [],
    }


def _contract(contract: Contract) -> dict[str, object]:
    operation = contract.operation
    answers = ((SUCCESS, contract.success), (FAILURE, contract.failure))
    return {
        "page": contract.page,
        "operation": operation.name,
        "method": operation.method,
        "path": operation.path,
        "fields": [told for kind, answer in answers if answer for told in _fields(kind, answer)],
    }


def _fields(kind: str, answer: Answer) -> Iterator[dict[str, object]]:
    for path, member in answer.walk():
        yield {
            "kind": kind,
            "path": ".".join(path),
            "type": member.kind.value,
            "line": member.origin.span.first,
            "required": member.required.severity.value if member.required else None,
            "empty": member.empty is not None,
            "values": [
                {"value": each.value, "line": each.origin.span.first} for each in member.values
            ],
        }


def _statistics(statistics: Statistics) -> dict[str, object]:
    return {
        "answers": statistics.answers,
        "sources": [[*key, *counts] for key, counts in statistics.sources.sorted()],
        "fields": [[kind, path, *counts] for (_, kind, path), counts in statistics.fields.sorted()],
        "fields_rest": list(statistics.fields.rest),
        "values": {
            path: {
                "kept": [[text, *counts] for (_, text), counts in values.sorted()],
                "rest": sum(values.rest),
            }
            for path, values in sorted(statistics.values.items())
        },
        "states": statistics.watched.states,
        "instances": [
            {
                "name": name,
                "runs": [[each.states, each.count, each.file, each.exchange] for each in line.runs],
                "more": line.more,
            }
            for name, line in statistics.timelines.sorted()
        ],
        "instances_rest": sum(statistics.timelines.rest),
    }
