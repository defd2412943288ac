"""Known findings fail no run, new ones do."""

import pytest

from docpact.audit.baseline import baseline_of, baseline_text, read_baseline, without_known
from docpact.errors import DocpactError, WrongConfiguration


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
    fresh, count = without_known(report, known)
    assert ((), len(report.findings)) == (fresh.findings, count)


def test_one_more_of_what_is_known_is_new(report):
    """A rule that is broken more often than it was has got worse."""
    fresh, count = without_known(report, baseline_of(report.findings[:-1]))
    assert (report.findings[-1:], len(report.findings) - 1) == (fresh.findings, count)


def test_a_baseline_holds_no_captured_value(report):
    """It is committed beside the code."""
    text = baseline_text(baseline_of(report.findings))
    assert '"rule": "wrong-name-case"' in text
    assert "message" not in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"docpact-baseline": 2, "known": []}'])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    """A wrong file must not let everything pass."""
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(WrongConfiguration):
        read_baseline(str(path))


def test_a_baseline_that_is_not_there_says_how_to_write_it(tmp_path):
    """The way out is named."""
    with pytest.raises(DocpactError, match="update-baseline"):
        read_baseline(str(tmp_path / "none.json"))
