"""What the tests of the reports share: findings made by hand, and reports of real samples."""

from pathlib import Path

import pytest

from docpact.audit import audit
from docpact.capture import captured_files
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.finding import Finding, Location, Report
from docpact.settings import Settings
from docpact.span import Grade, Origin, Severity, Span

ROOT = Path(__file__).parents[2]


@pytest.fixture
def in_checkout(monkeypatch):
    """Works at the top of the checkout, as a user of the samples would."""
    monkeypatch.chdir(ROOT)
    return ROOT


@pytest.fixture(scope="session")
def report_of():
    """The report on some captures."""
    checker = Checker(load_bundled(), load_bundled_schemas())

    def report(*paths) -> Report:
        return audit(captured_files(map(str, paths)), checker, Settings())

    return report


@pytest.fixture
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
