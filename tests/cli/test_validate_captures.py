"""`docpact validate` over captures: kinds, workers, baselines, what fails a run, what is masked."""

import json

import pytest

from docpact.capture import FORMATS
from docpact.capture.ndjson import FIELDS

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3


@pytest.fixture
def captures(root):
    """The folder of recorded captures."""
    return root / "samples" / "captures"


def test_what_generate_prints_is_what_validate_reads(docpact, tmp_path):
    """A log of valid answers is clean, with one process or two."""
    made = docpact("generate", "-n", "200", "--seed", "1").out
    (tmp_path / "a.ndjson").write_text(made, "utf-8")
    for workers in ("1", "2"):
        outcome = docpact("validate", "a.ndjson", "--workers", workers)
        assert CLEAN == outcome.code
        assert "200 answers checked: 0 errors" in outcome.out


def test_what_is_broken_on_purpose_is_found_in_a_log(docpact):
    """The labels that `generate --invalid` prints are not part of the answers."""
    made = docpact("generate", "--invalid", "id-as-double", "end-while-running", "-n", "4").out
    outcome = docpact("validate", "-", "--format", "json", stdin=made.encode())
    report = json.loads(outcome.out)
    assert (FINDINGS, 4) == (outcome.code, report["summary"]["checked"])
    assert {1, 2, 3, 4} == {each["at"]["line"] for each in report["findings"]}


def test_skipped_calls_are_counted_and_named_on_demand(docpact, captures):
    """Skipped calls are counted, and listed with --all."""
    outcome = docpact("validate", captures / "clean" / "curl-v.txt")
    assert CLEAN == outcome.code
    assert "1 call skipped" in outcome.err
    assert "GET /elsewhere" in docpact("validate", captures / "clean" / "curl-v.txt", "--all").err


def test_a_baseline_lets_known_findings_pass(docpact, captures):
    """A baseline can be written, lets known findings pass, and without it they fail."""
    broken = captures / "broken" / "vcrpy.json"
    assert FINDINGS == docpact("validate", broken).code
    assert CLEAN == docpact("validate", broken, "--baseline", "k.json", "--update-baseline").code
    outcome = docpact("validate", broken, "--baseline", "k.json")
    assert CLEAN == outcome.code
    assert "(baseline)" in outcome.err
    other = captures / "broken" / "curl-i.http"
    assert FINDINGS == docpact("validate", broken, other, "--baseline", "k.json").code


@pytest.mark.parametrize(
    "options",
    [
        ("--update-baseline",),
        ("--field", "nonsense=a"),
        ("--field", "body"),
        ("--from", "pcap"),
        ("--workers", "0"),
    ],
)
def test_wrong_usage_is_refused(docpact, captures, options):
    """Wrong usage is refused before anything is judged."""
    assert USAGE == docpact("validate", captures / "clean" / "vcrpy.json", *options).code


def test_a_missing_baseline_cannot_be_done(docpact, captures):
    """A missing baseline gives exit code 3."""
    outcome = docpact("validate", captures / "broken" / "vcrpy.json", "--baseline", "none.json")
    assert FAILED == outcome.code
    assert "--update-baseline" in outcome.err


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", CLEAN), ("warning", FINDINGS), ("note", FINDINGS)]
)
def test_fail_on_says_from_where_on_findings_fail(docpact, broken, fail_on, code):
    """--fail-on warning lets an undocumented field fail the run."""
    sample = broken / "undocumented-field.json"
    assert code == docpact("validate", sample, "--fail-on", fail_on).code


def test_fail_on_never_only_reports(docpact, broken):
    """With --fail-on never, findings are reported and the exit code is 0."""
    outcome = docpact("validate", broken / "wrong-type.json", "--fail-on", "never")
    assert CLEAN == outcome.code
    assert "wrong-type" in outcome.out


def test_findings_beyond_the_most_still_fail(docpact, broken):
    """Findings beyond --max-findings are counted, mentioned, and fail the run."""
    outcome = docpact("validate", broken / "wrong-type.json", "--max-findings", "0")
    assert FINDINGS == outcome.code
    assert "1 error" in outcome.out
    assert "1 more finding not shown (--max-findings)" in outcome.err


def test_redaction_is_for_every_report(docpact, tmp_path, valid):
    """With --redact, no report format shows captured values."""
    body = json.loads((valid / "documented.json").read_text("utf-8"))
    body["Instance"]["Starter"] = ["hunter2"]
    body["Instance"]["EngineJobHandler"] = "hunter2"
    (tmp_path / "a.json").write_text(json.dumps(body), "utf-8")
    for form in ("terminal", "json", "ndjson", "junit", "sarif", "html", "github"):
        outcome = docpact("validate", "a.json", "-v", "--redact", "--format", form)
        assert FINDINGS == outcome.code
        assert "hunter2" not in outcome.out


def test_redaction_is_for_the_names_of_skipped_calls(docpact, tmp_path, valid):
    """With --redact, the names in skipped calls are masked."""
    body = (valid / "documented.json").read_text("utf-8")
    content = {"text": body, "mimeType": "application/json"}
    asked = {"method": "GET", "url": "http://x/other?AccessKeyId=hunter1&SecurityToken=hunter2"}
    call = {"request": asked, "response": {"status": 200, "headers": [], "content": content}}
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [call]}}), "utf-8")
    assert "hunter1" in docpact("validate", "a.har", "--all").err
    outcome = docpact("validate", "a.har", "--all", "--redact")
    assert "hunter" not in outcome.out + outcome.err
    assert "/other?AccessKeyId=***&SecurityToken=***" in outcome.err


@pytest.mark.parametrize("name", FIELDS)
def test_everything_that_a_log_may_hold_can_be_named(docpact, tmp_path, valid, name):
    """--field accepts every field that the reader of logs knows."""
    body = (valid / "sql-job.json").read_text("utf-8")
    (tmp_path / "a.log").write_text(json.dumps({"body": body, "own": None}) + "\n", "utf-8")
    arguments = ("validate", "a.log", "--from", "ndjson", "--field", "body=body")
    assert (
        CLEAN == docpact(*arguments, *(() if name == "body" else ("--field", f"{name}=own"))).code
    )


def test_a_named_duration_is_judged(docpact, tmp_path, valid):
    """A duration in seconds is judged if --field names it."""
    body = (valid / "sql-job.json").read_text("utf-8")
    line = {"body": body, "took": 99, "when": 1599794335000}
    (tmp_path / "a.log").write_text(json.dumps(line) + "\n", "utf-8")
    arguments = ("validate", "a.log", "--from", "ndjson", "-v", "--field", "time=when")
    assert "slow-answer" in docpact(*arguments, "--field", "seconds=took").out
    assert "slow-answer" not in docpact(*arguments).out


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_of_capture_can_be_said(docpact, captures, kind):
    """--from accepts every format that can be read."""
    outcome = docpact("validate", captures / "clean" / "vcrpy.json", "--from", kind)
    assert outcome.code in {CLEAN, FINDINGS, FAILED}


def test_a_log_of_ones_own_is_read_by_named_fields(docpact, tmp_path, valid):
    """--field names where a log keeps its fields."""
    body = (valid / "sql-job.json").read_text("utf-8")
    (tmp_path / "a.log").write_text(json.dumps({"res": {"payload": body}}) + "\n", "utf-8")
    arguments = ("validate", "a.log", "--from", "ndjson")
    assert CLEAN == docpact(*arguments, "--field", "body=res.payload").code
    elsewhere = docpact(*arguments, "--field", "body=res.other")
    assert FAILED == elsewhere.code
    assert "--field body=PATH names where" in elsewhere.err
