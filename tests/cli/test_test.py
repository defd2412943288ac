"""`docpact test` checks an endpoint, and by default the built-in mock."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from docpact.cli.console import LiveLine
from docpact.cli.test import command
from docpact.mock import serve
from docpact.runner import Progress

CLEAN, FINDINGS, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
KEY = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "testid",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "testsecret",
}
SOME = ("--max-requests", 40, "--seed", 1)
EXISTS = ("--running", "project1/job1/123")


@pytest.fixture(scope="module")
def shared():
    """A mock that takes signed calls only."""
    with serve(auth="required") as mock:
        yield mock


@pytest.fixture
def mock(shared):
    """The mock, without faults and calls."""
    shared.reset()
    return shared


# --- What it says of itself -----------------------------------------------------------------------


def test_help_has_examples_and_every_option(docpact):
    """The help has examples, and a sentence for every option."""
    outcome = docpact("test", "--help")
    assert outcome.code == CLEAN
    assert "docpact test --mock-fault id-as-double" in outcome.out
    for option in command.params:
        if option.param_type_name == "option":
            assert option.opts[-1] in outcome.out
            assert option.help


# --- The built-in mock ----------------------------------------------------------------------------


def test_without_a_url_the_mock_is_checked(docpact):
    """Without a URL, the built-in mock is tested and has no findings."""
    outcome = docpact("test", "--seed", 1, "--max-requests", 200, "--pedantic")
    assert outcome.code == CLEAN
    assert re.fullmatch(r"\d+ answers checked: 0 errors, 0 warnings, 0 notes\n", outcome.out)
    assert re.search(
        r"docpact: testing the built-in mock at http://127\.0\.0\.1:\d+\n", outcome.err
    )
    assert re.search(r"docpact: \d+ calls in [\d.]+ s \(\d+/s\), seed 1\n", outcome.err)


def test_nothing_is_written_that_was_not_asked_for(docpact, tmp_path):
    """A run writes no files that were not asked for."""
    docpact("test", "--max-requests", 180, "--seed", 1)
    assert [] == list(tmp_path.iterdir())


def test_a_fault_of_the_mock_is_found(docpact):
    """A fault of the mock is reported with the line of the page and commands that reproduce it."""
    outcome = docpact("test", "--mock-fault", "id-as-text", *SOME)
    assert outcome.code == FINDINGS
    assert "error wrong-type: " in outcome.out
    assert "GetInstance.md" in outcome.out
    assert "reproduce: docpact call http://127.0.0.1:8008 " in outcome.out
    again = "`docpact mock --auth required --fault id-as-text` starts it again"
    assert again in outcome.err
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID=testid" in outcome.err


def test_the_place_is_the_call_and_the_line_of_its_answer(docpact):
    """The place of a finding is the call and the line of its answer, not a line of a file."""
    outcome = docpact("test", "--mock-fault", "id-as-text", *SOME)
    place = r"^GET /api/v2/\S+/instances/\S+  body line 1, column \d+  /Instance/Id$"
    assert re.search(place, outcome.out, re.MULTILINE)


def test_hooks_of_the_environment_are_not_loaded(docpact, tmp_path):
    """Schemathesis hooks named in the environment are not loaded."""
    (tmp_path / "hooks.py").write_text("raise ZeroDivisionError", "utf-8")
    options = ("--max-requests", 180, "--seed", 1)
    outcome = docpact("test", *options, SCHEMATHESIS_HOOKS="hooks.py")
    assert outcome.code == CLEAN, outcome.err


def test_several_faults_are_found(docpact):
    """--mock-fault can be repeated, and each fault is found."""
    faults = ("--mock-fault", "id-as-text", "--mock-fault", "same-request-id")
    outcome = docpact("test", *faults, *SOME)
    assert "wrong-type" in outcome.out
    assert "repeated-value" in outcome.out


def test_a_world_is_chosen(docpact):
    """With --world any every instance exists, and nothing is found."""
    assert docpact("test", "--world", "any:3", *SOME).code == CLEAN


@pytest.mark.parametrize(
    "arguments",
    [
        ("http://127.0.0.1:1", "--mock-fault", "id-as-text"),
        ("http://127.0.0.1:1", "--world", "any"),
        ("--mock-fault", "no-such-fault"),
        ("--running", "project1/job1"),
        ("--running", "project1/job1/x"),
        ("--running", "p/j/1", "--not-running", "p/j/1"),
        ("--max-requests", "0"),
        ("--time-limit", "0"),
        ("--rate", "-1"),
        ("--workers", "33"),
        ("--seed", "-1"),
        ("--body", "yaml"),
        ("--access-key-id", "x"),
        ("ftp://127.0.0.1",),
        ("http://user:hunter2@127.0.0.1",),
    ],
)
def test_wrong_usage_is_told(docpact, arguments):
    """Wrong usage is reported before any call, and without a possible password."""
    outcome = docpact("test", *arguments)
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert outcome.err
    assert "hunter2" not in outcome.err


# --- An endpoint ----------------------------------------------------------------------------------


def test_an_endpoint_is_checked(docpact, mock):
    """An endpoint is tested with the instances that are named."""
    known = (*EXISTS, "--not-running", "project1/finished-job/412570")
    outcome = docpact("test", mock.url, *known, *SOME, **KEY)
    assert outcome.code == CLEAN, outcome.out
    assert len(mock.calls) == 40
    assert "built-in" not in outcome.err


def test_every_option_reaches_the_run(docpact, mock):
    """Every option has an effect on the run."""
    options = ["--region=cn-hangzhou", "--body=json", "--rate=500", "--workers=2", "--timeout=9"]
    flags = ["--insecure", "--allow-unsafe-methods", "--no-auth-checks", "--everything-exists"]
    limits = ["--max-requests=50", "--time-limit=50", "--seed=3", "-x"]
    outcome = docpact("test", mock.url, *EXISTS, *options, *flags, *limits, **KEY)
    assert outcome.code == CLEAN, outcome.out
    targets = [each.request.target for each in mock.calls]
    assert not any("Format=XML" in each for each in targets[:8])
    regions = [dict(each.request.headers).get("x-acs-region-id") for each in mock.calls]
    assert {None, "cn-hangzhou"} == set(regions)
    refused = [each for each in mock.calls if b"ignature" in each.response.body]
    assert refused == []


def test_the_same_seed_makes_the_same_calls(docpact, mock):
    """The same seed gives the same calls in the same order, also from schemathesis."""
    asked = []
    for _ in range(2):
        mock.reset()
        docpact("test", mock.url, *EXISTS, "--seed", 7, "--max-requests", 190, **KEY)
        asked.append([(each.request.method, each.request.target) for each in mock.calls])
    assert asked[0] == asked[1]
    assert len(asked[0]) > 180


def test_a_run_that_is_to_stop_at_the_first_finding_stops(docpact, mock):
    """With --exitfirst, the run stops after a few calls."""
    mock.fault("id-as-text")
    outcome = docpact("test", mock.url, *EXISTS, "-x", **KEY)
    assert outcome.code == FINDINGS
    assert len(mock.calls) < 10


def test_settings_decide_what_counts(docpact):
    """Settings apply to `docpact test` as to other commands."""
    fault = ("--mock-fault", "no-content-type", *SOME)
    assert docpact("test", *fault).code == CLEAN
    assert docpact("test", *fault, "--pedantic").code == FINDINGS
    outcome = docpact("test", *fault, "--pedantic", "--ignore", "missing-content-type")
    assert outcome.code == CLEAN


def test_an_endpoint_that_is_not_there_is_told(docpact):
    """An endpoint that cannot be reached gives exit code 3."""
    outcome = docpact("test", "http://127.0.0.1:9", *SOME)
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert outcome.err.startswith("docpact: 127.0.0.1:9 refuses connections")


def test_calls_in_the_open_are_warned_of(docpact):
    """Calls by http:// to another machine print a warning, to this machine they do not."""
    unreachable = ("http://192.0.2.1:9", "--timeout", "0.01", *SOME)
    assert "the call is not encrypted" in docpact("test", *unreachable).err
    assert "encrypted" not in docpact("test", "http://127.0.0.1:9", *SOME).err


def test_an_endpoint_that_asks_for_no_signature_is_remarked_on(docpact):
    """An endpoint that ignores signatures is mentioned, and is not a finding."""
    with serve(auth="off") as mock:
        outcome = docpact("test", mock.url, *EXISTS, *SOME, **KEY)
    assert outcome.code == CLEAN
    assert "docpact: the endpoint does not check signatures" in outcome.err


# --- What it writes -------------------------------------------------------------------------------


def test_reports_are_written(docpact, tmp_path):
    """Reports in every format are written, without the secret."""
    secret = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "someone",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hunter2hunter2",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "hunter3hunter3",
    }
    names = ("json", "junit", "sarif", "ndjson", "github")
    reports = [f"--report={each}=report.{each}" for each in names]
    fault = ("--mock-fault", "id-as-text", "--har", "calls.har")
    outcome = docpact("test", *fault, *reports, "--coverage", *SOME, **secret)
    assert outcome.code == FINDINGS
    texts = {each.name: each.read_text("utf-8") for each in tmp_path.iterdir()}
    assert {f"report.{each}" for each in names} | {"calls.har"} == set(texts)
    report = json.loads(texts["report.json"])
    assert report["findings"][0]["reproduce"].startswith("docpact call http://127.0.0.1")
    assert report["findings"][0]["count"] > 1
    assert ET.fromstring(texts["report.junit"]).tag == "testsuites"  # noqa: S314  # our own
    assert json.loads(texts["report.sarif"])["version"] == "2.1.0"
    assert "::error" in texts["report.github"]
    for text in (*texts.values(), outcome.out, outcome.err):
        assert "hunter" not in text


def test_calls_are_written_as_har(docpact, tmp_path):
    """The HAR file has every call, without signatures."""
    fault = ("--mock-fault", "id-as-text")
    docpact("test", *fault, "--har", "calls.har", *SOME)
    text = (tmp_path / "calls.har").read_text("utf-8")
    entries = json.loads(text)["log"]["entries"]
    assert len(entries) == 40
    assert json.loads(text)["log"]["version"] == "1.2"
    signed = [
        each["value"]
        for entry in entries
        for each in entry["request"]["headers"]
        if each["name"].lower() == "authorization"
    ]
    assert len(signed) > 20
    assert all(each.endswith("***") for each in signed)


def test_a_har_file_that_cannot_be_written_is_told(docpact):
    """A HAR file that cannot be written gives exit code 3."""
    outcome = docpact("test", "--har", "no/such/folder.har", *SOME)
    assert outcome.code == FAILED
    assert "no/such/folder.har cannot be written" in outcome.err


def test_coverage_tells_what_was_reached(docpact):
    """--coverage shows what was covered and what was not."""
    outcome = docpact("test", "--coverage", *SOME)
    assert re.search(r"^statuses: 200 \(\d+\), ", outcome.err, re.MULTILINE)
    assert re.search(r"^kinds of calls: \d+ of \d+$", outcome.err, re.MULTILINE)
    assert re.search(r"^fields in answers: \d+ of 26$", outcome.err, re.MULTILINE)
    assert "  calls never made:\n" in outcome.err
    assert "\n    wrong-method: a method that is not on the page\n" in outcome.err


def test_progress_is_for_terminals(docpact, root):
    """Progress is shown only on a terminal."""
    plain = docpact("test", *SOME)
    assert "\r" not in plain.err
    assert "nothing found" not in plain.err
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "docpact", "test", "--max-requests", "60", "--seed", "1"]
    done = subprocess.run(
        [*arguments, "--mock-fault", "id-as-text"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
        cwd=root / "tests",
        timeout=60,
    )
    os.close(theirs)
    seen = _everything(ours)
    assert done.returncode == FINDINGS
    assert "\r" in seen
    assert re.search(r"call \d+: error wrong-type: ", seen)
    assert b"\r" not in done.stdout


def _everything(terminal) -> str:
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how a terminal says that nobody writes to it any longer
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts).decode()
        parts.append(part)


def test_commands_in_reports_can_be_pasted(docpact, tmp_path):
    """Commands in reports keep their lines, so that they can be pasted."""
    fault = ("--mock-fault", "unsigned-accepted", "--report", "sarif=report.sarif")
    outcome = docpact("test", *fault, "--report", "json=report.json", *SOME)
    assert outcome.code == FINDINGS
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))["findings"][0]["reproduce"]
    run = json.loads((tmp_path / "report.sarif").read_text("utf-8"))["runs"][0]
    assert told == run["results"][0]["properties"]["reproduce"]
    assert told.count("\n") >= 1
    assert "\\u000a" not in told


def test_progress_is_told_now_and_then(capsys, monkeypatch):
    """Without a terminal, a long run prints a line every ten seconds."""
    now = [0.0]
    monkeypatch.setattr("docpact.cli.console.time", SimpleNamespace(monotonic=lambda: now[0]))
    line = LiveLine(is_live=False)
    for second in range(31):
        now[0] = float(second)
        line.progress(Progress(second, float(second), "running-instance"))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[0] == "docpact: 10 calls, 1/s, nothing found; running-instance"


def test_a_run_in_which_no_call_succeeds_is_not_clean(docpact, mock):
    """If no call succeeds, the exit code is 3 and a sentence says why."""
    outcome = docpact("test", mock.url, *SOME)
    assert outcome.code == FAILED
    assert "docpact: no call succeeded: " in outcome.err
    assert "requires signed calls (MissingAuthorization): give a key" in outcome.err


# --- What ends it ---------------------------------------------------------------------------------


def test_an_interrupted_run_tells_what_it_found(monkeypatch):
    """An interrupted run reports its findings and exits with 130."""

    def told(_, progress):
        if progress.sent > 20:
            raise KeyboardInterrupt

    monkeypatch.setattr("docpact.cli.console.LiveLine.progress", told)
    done = CliRunner().invoke(command, ["--mock-fault", "id-as-text", *map(str, SOME)])
    assert done.exit_code == INTERRUPTED
    assert "error wrong-type: " in done.stdout
    assert "docpact: interrupted; the report covers what was checked so far" in done.stderr


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_with_its_report(root, number, code, workers):
    """A signal ends the run with its report, wherever it arrives."""
    arguments = [sys.executable, "-m", "docpact", "test", "--rate", "20", "--workers", str(workers)]
    with subprocess.Popen(
        [*arguments, "--mock-fault", "id-as-text"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root / "tests",
    ) as running:
        assert "testing the built-in mock" in running.stderr.readline()
        time.sleep(1.5)
        running.send_signal(number)
        out, err = running.communicate(timeout=30)
    assert code == running.returncode, err
    assert "error wrong-type: " in out
    assert "interrupted; the report covers what was checked so far" in err
    assert "Traceback" not in err


def test_signals_do_what_they_did_when_the_run_is_over(docpact):
    """After the run, signal handlers are as they were before."""
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    docpact("test", *SOME)
    assert before == [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]


def test_a_run_that_could_not_judge_is_not_clean(monkeypatch):
    """An error within schemathesis is reported, and the run is not clean."""

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("docpact.runner.schemathesis_adapter.exchange_of", broken)
    done = CliRunner().invoke(command, ["--world", "any:1", "--max-requests", "200"])
    assert done.exit_code == FAILED
    assert "schemathesis could not make a call: Runtime Error (ZeroDivisionError)" in done.stderr
