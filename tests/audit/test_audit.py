"""However a run is cut into chunks and whoever judges them, the same report comes out."""

from collections import Counter
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.audit.partial import PartialResult
from docpact.core.finding import Finding, Location
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.settings import Selector, Settings

ORIGIN = Origin(Span("page.md", 1, 1), Grade.STATED)


@pytest.fixture
def log(tmp_path, lines):
    """A log of some hundred answers."""
    path = tmp_path / "answers.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.mark.parametrize("longest", [1000, 100_000])
def test_a_log_in_chunks_has_the_statistics_of_the_whole(run, log, longest):
    """The statistics of a log, with the places in them, do not depend on where it is cut."""
    whole = run(log, statistics=True).statistics
    parts = run(log, statistics=True, chunk=longest).statistics
    assert dict(whole.timelines.kept) == dict(parts.timelines.kept)


@pytest.mark.parametrize("longest", [100, 1000, 5000, 100_000])
def test_a_log_in_chunks_has_the_report_of_the_whole(run, log, longest):
    """Lines, entries and counts are those of the file, wherever it is cut."""
    whole = run(log).report
    assert whole.findings
    assert whole.checked == 300
    assert whole == run(log, chunk=longest).report


def test_workers_come_to_the_report_of_one(run, log, tmp_path):
    """The results of several workers are joined in the order of the captures."""
    assert log.parent == tmp_path
    (tmp_path / "one.json").write_bytes(b"{}")
    assert run(tmp_path).report == run(tmp_path, workers=2, chunk=50_000).report


def test_a_log_without_a_last_line_break_is_judged_to_its_end(run, tmp_path, lines):
    """The last line of a log counts, ended or not; blank lines do not."""
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\r\n\r\n".join(lines[:10]))
    report = run(path).report
    assert report.checked == 10
    assert [1, 15] == sorted({each.at.line for each in report.findings})
    assert [1, 8] == sorted({each.at.exchange for each in report.findings})


def test_findings_beyond_the_most_are_counted(run, log):
    """Findings beyond the maximum are counted, and the verdict does not change."""
    whole, short = run(log).report, run(log, most=5).report
    assert whole.findings[:5] == short.findings
    assert whole.summary == short.summary
    nothing = run(log, most=0).report
    assert nothing.fails({Severity.ERROR})


def test_an_interrupted_run_reports_what_it_has(run, log):
    """Ctrl-C ends the run, and the report has what was judged so far."""
    told = []

    def interrupt(size):
        told.append(size)
        if len(told) > 2:
            raise KeyboardInterrupt

    report = run(log, on_progress=interrupt, chunk=20_000).report
    assert not report.complete
    assert report.checked > 0
    assert report.findings


def test_progress_adds_up_to_the_size(run, log):
    """The sizes that progress reports add up to the size of the file."""
    told = []
    run(log, on_progress=told.append)
    assert log.stat().st_size <= sum(told) + 1


def test_damage_is_a_finding_that_can_be_switched_off(run, tmp_path):
    """A damaged capture fails a run by default, because the evidence is lost."""
    path = tmp_path / "cut.har"
    path.write_bytes(b'{"log": {"entries": [')
    report = run(path).report
    assert ["damaged-capture"] == [each.rule for each in report.findings]
    assert report.fails({Severity.ERROR})
    lenient = Settings(ignore=(Selector("damaged-capture"),))
    assert not run(path, settings=lenient).report.findings


def test_what_is_damaged_counts_in_every_overview(run, log, tmp_path):
    """Rules and cells of the statistics add up to the findings of the report."""
    (tmp_path / "cut.har").write_bytes(b'{"log": {"entries": [')
    audit = run(log.parent, statistics=True)
    told = Counter()
    for each in audit.report.findings:
        told[each.rule,] += each.count
    assert told["damaged-capture",] == 1
    assert told == {rule: sum(counts) for rule, counts in audit.statistics.rules.sorted()}
    assert audit.report.checked == sum(audit.statistics.answers.values())


@st.composite
def parts(draw):
    """Chunks of a few files in a row, some of which go on in the next."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        continues = number > 0 and draw(st.booleans())
        part = PartialResult(most=draw(st.just(7)), continues=continues)
        part.lines = part.entries = draw(st.integers(0, 5))
        for line in range(part.lines):
            place = Location("f", line + 1, None, line + 1)
            part.add(Finding("wrong-type", Severity.ERROR, f"{number}", place, ORIGIN))
        part.checked = part.entries
        found.append(part.settled())
    return found


@given(st.data())
def test_joining_is_associative(data):
    """Results may be joined in any grouping, as machines finish them."""
    made = data.draw(parts())
    from copy import deepcopy

    in_a_row = reduce(PartialResult.then, deepcopy(made))
    at = data.draw(st.integers(1, len(made)))
    left, right = deepcopy(made[:at]), deepcopy(made[at:])
    grouped = reduce(PartialResult.then, left)
    if right:
        grouped = grouped.then(reduce(PartialResult.then, right))
    assert in_a_row == grouped
