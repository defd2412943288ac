"""Write a report as one page for a browser, which needs no network."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from docpact.contract import Contract
from docpact.core.finding import Finding, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.json import VERSION, as_text, finding_object
from docpact.report.statistics import Counts, Statistics, total
from docpact.report.terminal import missing_from, rules_on, totals
from docpact.web import SHARED_FILES, contract_json

# A page with more is no longer of use to anybody; `ndjson` holds any number.
MOST_FINDINGS: Final = 50_000
MOST_CLEAN: Final = 1_000

_FOLDER: Final = Path(__file__).with_name("html_page")
_STYLES: Final = ("page.css", "findings.css", "tables.css")
# In the order in which they need each other; together they are one module.
_SCRIPTS: Final = (
    "report.js",
    "finding.js",
    "findings.js",
    "heat.js",
    "fields.js",
    "timelines.js",
    "coverage.js",
    "page.js",
)
# Only these three mean something to a parser of HTML within a script element.
_IN_MARKUP: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(
    report: Report, statistics: Statistics | None = None, contract: Contract | None = None
) -> str:
    """The page; parts that need statistics or a contract say so if there is none."""
    style, script = _assets(".css", _STYLES), _assets(".js", _SCRIPTS)
    return Template(_read(_FOLDER / "index.html")).substitute(
        policy=_policy(style, script),
        title=escape(_title(contract)),
        totals=escape(totals(report.summary, subject=report.subject)),
        style=style,
        data=as_text(_document(report, statistics, contract)).translate(_IN_MARKUP),
        script=script,
    )


def _title(contract: Contract | None) -> str:
    return printable(contract.operation.name) if contract else "Report"


def _policy(style: str, script: str) -> str:
    """What the browser may use: only these two texts, and pictures within them."""
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


def _assets(ending: str, names: tuple[str, ...]) -> str:
    """The shared files and then the page's own; within one script nothing is exported."""
    shared = (each for each in SHARED_FILES if each.suffix == ending)
    texts = map(_read, (*shared, *(_FOLDER / each for each in names)))
    return "\n" + "\n".join(each.replace("\nexport ", "\n") for each in texts)


@cache
def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _document(
    report: Report, statistics: Statistics | None, contract: Contract | None
) -> dict[str, object]:
    """The JSON report, and what only this page shows."""
    kept = report.findings[:MOST_FINDINGS]
    return {
        "docpact": VERSION,
        "summary": asdict(report.summary),
        "findings": [finding_object(each) for each in kept],
        "subject": report.subject,
        "left_out": len(report.findings) - len(kept),
        "clean": report.clean[:MOST_CLEAN],
        "clean_count": len(report.clean),
        "incomplete": list(missing_from(report)),
        "rules": _rules(report, statistics),
        "cells": _cells(report, statistics),
        "contract": contract_json(contract) if contract else None,
        "statistics": _statistics(statistics) if statistics else None,
    }


def _rules(report: Report, statistics: Statistics | None) -> list[dict[str, object]]:
    """All rules, with how often each fired; those of others come last, without a text."""
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
