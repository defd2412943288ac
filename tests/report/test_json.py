"""The JSON report is for scripts: complete, sorted, and the same for the same captures."""

import json

import pytest

from docpact.core.finding import Location, Report
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.report.json import render, render_lines


def test_a_report_has_its_version_and_its_counts(finding):
    """The report has its version and its counts."""
    found = (finding(), finding(severity=Severity.NOTE), finding(severity=Severity.WARNING))
    document = json.loads(render(Report(found, checked=3, skipped=2)))
    assert list(document) == ["docpact", "summary", "findings"]
    assert document["docpact"] == 1
    assert document["summary"] == {
        "checked": 3,
        "errors": 1,
        "warnings": 1,
        "notes": 1,
        "skipped": 2,
        "ignored": 0,
    }


def test_a_finding_is_told_whole(finding):
    """A finding has its place, what was expected, what came, and who says so."""
    origin = Origin(
        Span("GetInstance.md", 63, 64), Grade.IMPLIED, "Id | Long", "some", Severity.ERROR
    )
    (told,) = json.loads(render(Report((finding(origin=origin),), checked=1)))["findings"]
    assert told == {
        "rule": "wrong-type",
        "severity": "error",
        "grade": "implied",
        "message": 'Instance.Id is the text "5"; the page says a Long',
        "field": "Instance.Id",
        "pointer": "/Instance/Id",
        "at": {"file": "captures/a.json", "line": 7, "column": 13, "exchange": 1},
        "origin": {
            "page": "GetInstance.md",
            "line": 63,
            "ruling": "some",
            "quote": "Id | Long",
        },
        "expected": "a Long",
        "actual": "5",
        "reproduce": None,
        "count": 1,
    }


def test_what_was_expected_may_be_a_list(finding):
    """A list of expected values is a JSON list."""
    (told,) = json.loads(render(Report((finding(expected=("A", "B")),), checked=1)))["findings"]
    assert told["expected"] == ["A", "B"]


def test_a_report_of_nothing_is_a_report(finding):
    """A report without findings has an empty list."""
    del finding
    assert json.loads(render(Report((), checked=0)))["findings"] == []


def test_the_same_captures_make_the_same_text(report_of, in_checkout):
    """A report has no clock, no set order and no path of this machine."""
    del in_checkout
    assert render(report_of("samples/responses")) == render(report_of("samples/responses"))


def test_relative_paths_stay_relative(report_of, in_checkout):
    """A report on files with relative names has no path of this machine."""
    text = render(report_of("samples/responses"))
    assert str(in_checkout) not in text
    files = {each["at"]["file"] for each in json.loads(text)["findings"]}
    assert all(each.startswith("samples/responses/") for each in files)
    assert len(files) > 50


def test_findings_are_sorted_by_place(report_of, in_checkout):
    """Findings are in the order of the captures, and by line within each."""
    del in_checkout
    findings = json.loads(render(report_of("samples/responses")))["findings"]
    files = [each["at"]["file"] for each in findings]
    assert sorted(files) == files
    for file in set(files):
        lines = [each["at"]["line"] or 0 for each in findings if each["at"]["file"] == file]
        assert sorted(lines) == lines, file


def test_findings_of_one_body_are_sorted_by_line(report_of, tmp_path):
    """Findings of one body are sorted by line, whatever the order of the checks."""
    body = tmp_path / "answer.json"
    body.write_text(
        '{"RequestId": 5,\n "Instance": {"Id": "x",\n  "ActualState": "DONE",\n'
        '  "Priority": 1,\n  "JobName": 7,\n  "projectname": "p"\n}}\n',
        "utf-8",
    )
    findings = json.loads(render(report_of(body)))["findings"]
    lines = [each["at"]["line"] or 0 for each in findings]
    assert len(set(lines)) > 3
    assert sorted(lines) == lines


@pytest.mark.parametrize("text", ["\x1b[31m", "\u202e", "\x00", "\udcff", "工作", "\x85\u2028"])
def test_any_text_makes_a_report_that_can_be_read_back(finding, text):
    """With any text in a capture or a file name, the report is JSON in UTF-8."""
    made = finding(message=text, actual=text, at=Location(text, 1))
    rendered = render(Report((made,), checked=1))
    (told,) = json.loads(rendered.encode("utf-8"))["findings"]
    assert (told["message"], told["actual"], told["at"]["file"]) == (text, text, text)
    assert "\x1b" not in rendered


@pytest.mark.parametrize("render", [render, render_lines])
def test_a_report_that_was_interrupted_says_so(finding, render):
    """The report of an interrupted run says that it is not complete."""
    last = render(Report((finding(),), checked=1, complete=False)).replace("\n", "").rpartition("{")
    assert '"complete"' in "".join(last)
    assert '"complete"' not in render(Report((finding(),), checked=1))
