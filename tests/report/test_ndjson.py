"""The report as JSON lines is for programs that read a finding at a time."""

import json

from docpact.core.finding import Report
from docpact.core.span import Severity
from docpact.report import json as whole
from docpact.report.json import render_lines as render


def test_each_finding_is_a_line_and_the_summary_comes_last(finding):
    """Each line is a finding of the JSON report, and the last one is the summary."""
    report = Report((finding(), finding(severity=Severity.NOTE)), checked=3, skipped=1)
    *findings, closing = map(json.loads, render(report).splitlines())
    document = json.loads(whole.render(report))
    assert document.pop("findings") == findings
    assert document == closing
    assert not [each for each in findings if "docpact" in each]


def test_a_report_of_nothing_is_its_summary(finding):
    """A report without findings is one line."""
    del finding
    assert render(Report((), checked=1)) == (
        '{"docpact":1,"summary":{"checked":1,"errors":0,"warnings":0,"notes":0,"skipped":0,'
        '"ignored":0}}\n'
    )


def test_no_text_breaks_a_line(hostile):
    """With any text, there are as many lines as findings, and one more."""
    text = render(hostile)
    lines = text.encode("utf-8").decode("utf-8").splitlines()
    assert len(hostile.findings) + 1 == len(lines)
    assert hostile.findings[0].message == json.loads(lines[0])["message"]
    assert "\x1b" not in text


def test_the_same_captures_make_the_same_text(report_of, in_checkout):
    """A report has no clock, no set order and no path of this machine."""
    text = render(report_of("samples/responses"))
    assert text == render(report_of("samples/responses"))
    assert str(in_checkout) not in text
