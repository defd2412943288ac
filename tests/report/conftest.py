"""What the tests of the reports share: findings made by hand, and reports of real samples."""

from dataclasses import replace
from pathlib import Path

import pytest

from docpact.audit import audit
from docpact.capture import captured_files
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.finding import Finding, Location, Report
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.settings import Settings

ROOT = Path(__file__).parents[2]

# What has a meaning to terminals, XML, GitHub's runner, SARIF viewers, URIs or encoders.
HOSTILE = (
    "line\nline\r\nline",
    "\x1b[31mred\x1b[0m\x07\x00\x85",
    "]]></failure><!-- & -- > &amp; \"'",
    "::error::gone",
    "\n::error file=a,line=1::gone\n##[error]gone",
    "%0A%25::,=",
    "\udcff\ud800",
    "工作流\u2028\u3000，𠀀",
    "\u202egnp.exe\u2066\u200b\ufeff\ufffe",
    "{0} {{1}} {",
    "[click](http://example.com) [1](1)",
    "../a b?c#d;e:f\\g",
    "",
)


@pytest.fixture
def in_checkout(monkeypatch):
    """Works at the top of the checkout, as a user of the samples would."""
    monkeypatch.chdir(ROOT)
    return ROOT


@pytest.fixture(params=HOSTILE, ids=ascii)
def hostile(request, finding) -> Report:
    """A report whose every text from outside is one that might steer a reader of it."""
    text: str = request.param
    origin = Origin(Span(f"{text}.md", 63, 64), Grade.IMPLIED, text, text or None)
    made = finding(
        message=text,
        at=Location(f"captures/{text}", 7, 13),
        origin=origin,
        field=text,
        pointer=text,
        expected=(text, text),
        actual=text,
        reproduce=text or None,
    )
    note = replace(made, severity=Severity.NOTE)
    return Report((made, note), checked=1, clean=(text,), problems=(text,))


@pytest.fixture(scope="session")
def report_of():
    """The report on some captures."""
    checker = Checker(load_bundled(), load_bundled_schemas())

    def report(*paths) -> Report:
        return audit(captured_files(map(str, paths)), checker, Settings())

    return report


@pytest.fixture(scope="session")
def finding():
    """A finding whose every part is known, but for what is changed."""

    def made(**changes) -> Finding:
        said = {
            "rule": "wrong-type",
            "severity": Severity.ERROR,
            "message": 'Instance.Id is the text "5"; the page says a Long',
            "at": Location("captures/a.json", 7, 13),
            "origin": Origin(Span("GetInstance.md", 63, 63), Grade.STATED, "Id | Long"),
            "field": "Instance.Id",
            "pointer": "/Instance/Id",
            "expected": "a Long",
            "actual": "5",
        }
        return Finding(**(said | changes))

    return made
