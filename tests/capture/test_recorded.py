"""Captures that real tools made of our mock are read as what they are, clean and broken."""

from pathlib import Path

import pytest

from docpact.audit import AuditOptions, ReadOptions, audited
from docpact.capture import captured_files
from docpact.settings import Settings

CAPTURES = Path(__file__).parents[2] / "samples" / "captures"
# How many answers each holds, and how many calls of other operations.
HELD = {
    "chromium.har": (4, 4),
    "curl-i.http": (2, 0),
    "curl-v.txt": (1, 1),
    "docpact.har": (3, 0),
    "generated.ndjson": (3, 0),
    "mitmproxy.flows": (2, 1),
    "pytest-recording.yaml": (2, 1),
    "schemathesis.har": (1, 0),
    "schemathesis.ndjson": (1, 0),
    "schemathesis.yaml": (1, 0),
    "vcrpy.json": (2, 0),
    "vcrpy.yaml": (2, 0),
}
CLEAN = sorted((CAPTURES / "clean").iterdir())
BROKEN = sorted((CAPTURES / "broken").iterdir())
OF_RULES = sorted((CAPTURES / "rules").iterdir())


@pytest.fixture
def report_on(checker):
    """What `docpact validate` makes of a capture."""

    def report(path, **options):
        files = captured_files([str(path)])
        return audited(
            files, checker, Settings(), ReadOptions(), options=AuditOptions(), **options
        ).report

    return report


def test_there_is_a_capture_of_each_format():
    """The table above and the folder list the same."""
    assert set(HELD) == {each.name for each in CLEAN}


@pytest.mark.parametrize("capture", CLEAN, ids=lambda each: each.name)
def test_a_clean_capture_has_no_finding(report_on, capture):
    """Every answer in it is judged, none is wrong, and other operations' calls are skipped."""
    report = report_on(capture)
    assert [] == [each.message for each in report.findings]
    assert HELD[capture.name] == (report.checked, report.skipped_calls)
    assert (str(capture),) == report.clean


@pytest.mark.parametrize("capture", BROKEN, ids=lambda each: each.name)
def test_a_broken_capture_shows_its_fault_at_every_answer(report_on, capture):
    """The mock's fault is noticed wherever it was recorded, on a line that the file has."""
    report = report_on(capture)
    states = {"Instance.ActualState", "Instance.ExpectState"}
    assert {"unknown-enum-value"} == {each.rule for each in report.findings}
    assert {each.field for each in report.findings} <= states
    assert report.checked == len({each.at.exchange for each in report.findings})
    lines = capture.read_bytes().count(b"\n") + 1
    assert all(1 <= each.at.line <= lines for each in report.findings)


@pytest.mark.parametrize("capture", OF_RULES, ids=lambda each: each.name)
def test_a_capture_named_for_a_rule_trips_exactly_it(report_on, capture):
    """What no single answer shows is shown by these."""
    assert {capture.stem} == {each.rule for each in report_on(capture).findings}


@pytest.mark.parametrize(
    "capture", [*CLEAN, *BROKEN], ids=lambda each: f"{each.parent.name}-{each.name}"
)
def test_a_capture_holds_no_path_of_the_machine_that_made_it(capture):
    """Samples are the same wherever they are made."""
    data = capture.read_bytes()
    assert not any(each in data for each in (b"/root", b"/work", b"/home", b"/tmp"))


@pytest.mark.parametrize(
    "capture", [*CLEAN, *BROKEN], ids=lambda each: f"{each.parent.name}-{each.name}"
)
def test_two_workers_come_to_the_same_report(report_on, capture):
    """Two workers come to the same report as one."""
    assert report_on(capture) == report_on(capture, workers=2)
