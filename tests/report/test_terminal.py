"""The terminal report is for people: place, violation, page line, and a closing count."""

from docpact.core.finding import Location, Report
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.report.terminal import render

ONE_FINDING = """\
captures/a.json:7:13  /Instance/Id
  error wrong-type: Instance.Id is the text "5"; the page says a Long
  the page says so: GetInstance.md:63  “Id | Long”

1 answer checked: 1 error, 0 warnings, 0 notes
"""


def test_a_finding_has_three_lines(finding):
    """A finding has three lines: its place, the problem, and the line of the page."""
    assert render(Report((finding(),), checked=1)) == ONE_FINDING


def test_a_ruling_is_named(finding):
    """A finding that rests on a ruling names it."""
    origin = Origin(Span("GetInstance.md", 53, 53), Grade.ASSUMED, "EndTime", "paused-has-no-end")
    text = render(Report((finding(origin=origin),), checked=1))
    assert "ruling paused-has-no-end assumes it: GetInstance.md:53  “EndTime”" in text


def test_a_raised_severity_is_told(finding):
    """A finding says if a ruling raised its severity."""
    origin = Origin(
        Span("GetInstance.md", 63, 63), Grade.IMPLIED, "Id", "echo-of-id", Severity.ERROR
    )
    text = render(Report((finding(origin=origin),), checked=1))
    assert "ruling echo-of-id implies it, raised to error: GetInstance.md:63" in text


def test_the_grade_is_put_in_words(finding):
    """An implied statement is not reported as stated."""
    origin = Origin(Span("GetInstance.md", 79, 79), Grade.IMPLIED)
    text = render(Report((finding(origin=origin),), checked=1))
    assert "  the page implies it: GetInstance.md:79\n" in text


def test_clean_captures_are_named(finding):
    """Clean captures are listed, and many of them are counted."""
    del finding
    names = tuple(f"{n}.json" for n in range(15))
    lines = render(Report((), checked=15, clean=names)).splitlines()
    assert lines[0] == "clean 0.json"
    assert lines[12] == "clean and 3 more"
    assert lines[13] == "15 answers checked: 0 errors, 0 warnings, 0 notes"


def test_notes_are_only_counted_by_default(finding):
    """Notes are counted by default, and the count says how to show them."""
    report = Report((finding(severity=Severity.NOTE),), checked=1)
    assert render(report) == ("1 answer checked: 0 errors, 0 warnings, 1 note (-v shows them)\n")
    assert "note wrong-type" in render(report, notes=True)
    assert "shown with" not in render(report, notes=True)


def test_skipped_files_are_counted(finding):
    """Skipped files are counted, with the reason."""
    del finding
    assert render(Report((), checked=1, skipped=2)).endswith("; 2 files skipped (not a capture)\n")


def test_a_style_gets_each_part_with_its_role(finding):
    """A style gets each part of the text with its role."""
    roles = []

    def noted(text: str, role: str) -> str:
        roles.append(role)
        return text

    assert render(Report((finding(),), checked=1), style=noted) == ONE_FINDING
    assert {"place", "faint", "error", "rule"} <= set(roles)


def test_nothing_in_a_capture_steers_the_terminal(finding):
    """Escape sequences in messages, pointers, file names and quotes are escaped."""
    evil = "\x1b[2J\x07\u202e\x9b\r\n\x00\U000e0001\udcff"
    origin = Origin(Span("GetInstance.md", 1, 1), Grade.STATED, evil)
    made = finding(message=evil, pointer=evil, at=Location(evil, 1), origin=origin, reproduce=evil)
    text = render(Report((made,), checked=1, clean=(evil,)))
    assert all(each.isprintable() for each in text.split("\n"))
