"""Findings of a baseline fail no run, new ones do."""

import json

import pytest

from docpact.audit.baseline import (
    baseline_of,
    baseline_text,
    gone,
    read_baseline,
    without_baseline,
)
from docpact.audit.partial import PartialResult
from docpact.core.errors import DocpactError, WrongConfiguration


@pytest.fixture
def report(run, tmp_path, lines):
    """A report with some findings in one file."""
    path = tmp_path / "answers.ndjson"
    path.write_bytes(b"\n".join(lines[:30]))
    return run(path).report


def test_what_is_known_is_left_out(report, tmp_path):
    """A baseline that was written is read as the same."""
    known = baseline_of(report.findings)
    path = tmp_path / "known.json"
    path.write_text(baseline_text(known), "utf-8")
    assert known == read_baseline(str(path))
    fresh, count = without_baseline(report, known)
    assert ((), len(report.findings)) == (fresh.findings, count)


def test_one_more_of_what_is_known_is_new(report):
    """A rule that is violated more often than the baseline says has a new finding."""
    fresh, count = without_baseline(report, baseline_of(report.findings[:-1]))
    assert (report.findings[-1:], len(report.findings) - 1) == (fresh.findings, count)


def test_a_baseline_holds_no_captured_value(report):
    """A baseline is committed beside the code, so it holds no captured value."""
    text = baseline_text(baseline_of(report.findings))
    assert '"rule": "wrong-name-case"' in text
    assert "message" not in text


def test_a_baseline_holds_no_name_that_is_none(run, tmp_path):
    """A baseline does not have the names of a map in place of a structure."""
    path, baseline = tmp_path / "answer.json", tmp_path / "known.json"
    path.write_text('{"Instance": {"my secret pass": 1, "LTAI5tAbCdEfGhIjKlMn": 2, "Other": 3}}')
    found = run(path).report
    known = baseline_of(found.findings)
    baseline.write_text(baseline_text(known), "utf-8")
    text = baseline.read_text("utf-8")
    assert '"Instance.***"' in text
    assert '"Instance.Other"' in text
    assert "secret" not in text
    assert "AbCdEf" not in text
    assert known == read_baseline(str(baseline))
    assert () == run(path, baseline=known).report.findings
    assert () == without_baseline(found, known)[0].findings


def test_a_baseline_with_such_names_is_still_known(tmp_path):
    """An older baseline, with such names in it, is still understood."""
    path = tmp_path / "known.json"
    entries = [
        {"rule": "undocumented-field", "file": "a", "field": f"Instance.my {each}", "count": 1}
        for each in ("pass", "word")
    ]
    path.write_text(json.dumps({"docpact-baseline": 1, "known": entries}))
    assert {("undocumented-field", "a", "Instance.***"): 2} == read_baseline(str(path))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"docpact-baseline": 2, "known": []}'])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    """A file that is not a baseline is refused, because it must not let everything pass."""
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(WrongConfiguration):
        read_baseline(str(path))


def test_a_baseline_that_is_not_there_says_how_to_write_it(tmp_path):
    """The message about a missing baseline says how to write it."""
    with pytest.raises(DocpactError, match="update-baseline"):
        read_baseline(str(tmp_path / "none.json"))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("options", [{}, {"chunk": 2_000}])
@pytest.mark.parametrize("most", [0, 2, 1000])
@pytest.mark.parametrize("left", [0, 5, 20, 1000])
def test_what_is_known_is_left_out_as_it_comes(run, tmp_path, lines, workers, options, most, left):  # noqa: PLR0913, PLR0917  # fixtures
    """However a log is cut and whoever judges it: the same is new as with everything kept."""
    log, other = tmp_path / "answers.ndjson", tmp_path / "other.json"
    log.write_bytes(b"\n".join(lines[:150]))
    other.write_bytes(lines[0])
    whole = run(log, other).report
    known = baseline_of(whole.findings[:left])
    fresh, count = without_baseline(whole, known)
    done = run(log, other, workers=workers, most=most, baseline=known, **options)
    assert fresh.findings[:most] == done.report.findings
    assert len(fresh.findings) - len(done.report.findings) == sum(
        each for _, each in done.report.truncated
    )
    assert baseline_of(whole.findings) == done.occurrences
    assert count == (done.occurrences & known).total()
    assert gone(whole, known) == gone(done.report, known, done.occurrences)


def test_known_findings_are_dropped_as_they_come(report):
    """Findings of the baseline take no room, so the maximum holds for the others."""
    (first, *_) = report.findings
    part = PartialResult(2, baseline=baseline_of([first] * 500), drops_known=True)
    for _ in range(505):
        part.add(first)
    assert [first] * 2 == part.findings
    assert 3 == part.truncated[first.severity]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_is_named_twice_has_its_findings_twice(run, tmp_path, lines, workers):
    """The findings of a file that is named twice are new the second time, whoever judges them."""
    path = tmp_path / "answer.json"
    path.write_bytes(lines[0])
    known = baseline_of(run(path).report.findings)
    assert known
    done = run(path, path, workers=workers, baseline=known)
    assert known == baseline_of(done.report.findings)
    assert known.total() * 2 == done.occurrences.total()
