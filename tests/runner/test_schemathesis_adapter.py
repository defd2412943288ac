"""Schemathesis draws calls of its own: signed, counted, judged, shrunk, and nothing left behind."""

import os
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import configuration
from schemathesis.checks import CHECKS
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase

from docpact.check import Checker
from docpact.core.exchange import header
from docpact.http.signing import Refusal, Verifier
from docpact.runner import Limits, schemathesis_adapter
from docpact.runner.planning import hypothesis_home

PROBE = "X-Schemathesis-Probe"  # two calls by which schemathesis feels its way; nobody signs them


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def exploring(mock, known, prepared):
    """Lets schemathesis alone call the mock, and gives the run."""

    def explored(limits=None, seed=1, **options):
        run = prepared(mock.url, known(mock), limits=limits or Limits(200), seed=seed, **options)
        run.explore()
        return run

    return explored


def calls_of(mock):
    """What was asked, but for the probes."""
    return [each for each in mock.calls if header(each.request.headers, PROBE) is None]


def test_what_is_used_of_schemathesis_is_there():
    """The parts of schemathesis's engine that docpact uses exist, although they are not public."""
    assert callable(from_schema)
    assert callable(schemathesis.openapi.from_dict)
    assert callable(schemathesis.Config.from_dict)
    for name in ("Interrupted", "NonFatalError", "FatalError"):
        assert isinstance(getattr(events, name), type)
    failure = events.NonFatalError(
        error=ValueError("x"), phase=None, label="x", related_to_operation=False
    )
    assert (failure.info.title, type(failure.value)) == ("Runtime Error", ValueError)
    assert TestPhase.FUZZING.value == "fuzzing"
    assert callable(CHECKS.register)
    assert callable(CHECKS.unregister)
    assert hasattr(configuration, "__hypothesis_home_directory")


def test_every_call_is_signed_judged_and_counted(mock, exploring):
    """Every call of schemathesis is signed, judged and counted."""
    run = exploring()
    calls = calls_of(mock)
    assert len(calls) == run.limiter.sent == run.checked > 50
    assert {"GET"} == {each.request.method for each in calls}
    verifier = Verifier({"testid": "testsecret"})
    assert [] == [
        (each.request.target, refusal)
        for each in calls
        if (refusal := verifier.refusal(each.request)) is not None
    ]
    assert 20 < sum(each.response.status == 200 for each in calls) < len(calls)
    assert run.problems == []
    assert run.found.findings() == ()


def test_it_stops_when_the_budget_is_spent(mock, exploring):
    """Schemathesis makes exactly as many calls as the limit allows."""
    run = exploring(Limits(31))
    assert 31 == run.limiter.sent == len(calls_of(mock))
    assert run.problems == []


def test_it_stops_when_the_time_is_over(mock, exploring):
    """Schemathesis makes no call after the time limit."""
    ticks = iter(range(1_000_000))
    run = exploring(Limits(200, 60.0), clock=lambda: float(next(ticks)))
    assert 0 < run.limiter.sent < 60
    assert len(calls_of(mock)) == run.limiter.sent


def test_a_defect_that_it_finds_first_is_shrunk(mock, exploring):
    """A defect that schemathesis finds is reported by the plainest call that shows it."""
    mock.fault("id-as-text")
    run = exploring()
    (finding,) = run.found.findings()
    assert ("wrong-type", "Instance.Id") == (finding.rule, finding.field)
    assert finding.at.file.endswith("/projects/project1/jobs/job1/instances/123?Format=JSON")
    assert "docpact call" in finding.reproduce


def test_a_defect_that_was_found_before_is_counted_only(mock, known, prepared):
    """Schemathesis does not look for a smaller example of a defect that was found before."""
    mock.fault("id-as-text")
    run = prepared(mock.url, known(mock), limits=Limits(500))
    run.execute()
    (before,) = run.found.findings()
    sent = run.limiter.sent
    again = prepared(mock.url, known(mock), limits=Limits(10_000))
    again.found = run.found
    again.explore()
    (after,) = run.found.findings()
    assert (before.rule, before.field) == (after.rule, after.field)
    assert after.count > before.count
    assert sent
    assert again.limiter.sent > 70  # a failure would have ended it at the first


def hooks_before_and_after_calls():
    """Those that schemathesis has for all schemas."""
    everywhere = schemathesis.hooks.GLOBAL_HOOK_DISPATCHER
    return [list(everywhere.get_all_by_name(f"{each}_call")) for each in ("before", "after")]


def test_nothing_stays_registered(exploring):
    """After a run, no check, hook or signature is registered with schemathesis."""
    before = (
        CHECKS.get_all_names(),
        hooks_before_and_after_calls(),
        list(schemathesis.auths.GLOBAL_AUTH_STORAGE.providers),
        getattr(configuration, "__hypothesis_home_directory"),
    )
    exploring(Limits(20))
    after = (
        CHECKS.get_all_names(),
        hooks_before_and_after_calls(),
        list(schemathesis.auths.GLOBAL_AUTH_STORAGE.providers),
        getattr(configuration, "__hypothesis_home_directory"),
    )
    assert before == after
    assert "docpact_contract" not in after[0]


def test_nothing_is_written_into_the_working_directory(
    mock, known, checked, elsewhere, monkeypatch
):
    """Random calls and schemathesis write nothing into the working directory."""
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", None)
    outcome = checked(mock.url, known(mock), limits=Limits(260), engine=True)
    assert outcome.coverage.labels["schemathesis"] > 5
    assert [] == list(elsewhere.iterdir())


def test_what_a_user_tells_schemathesis_is_not_for_us(exploring, elsewhere, monkeypatch):
    """A user's configuration of schemathesis does not change a run of docpact."""
    hooks = elsewhere / "hooks.py"
    hooks.write_text("raise ZeroDivisionError", "utf-8")
    (elsewhere / "schemathesis.toml").write_text("base-url = 'http://127.0.0.1:9'", "utf-8")
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", str(hooks))
    run = exploring(Limits(40))
    assert ([], 40) == (run.problems, run.limiter.sent)
    assert str(hooks) == os.environ["SCHEMATHESIS_HOOKS"]


def test_its_calls_end_with_the_run(exploring, monkeypatch):
    """No call of schemathesis may take longer than what is left of the time."""
    given = []
    send = requests.Session.send

    def noting(self, request, **options):
        given.append(options["timeout"])
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", noting)
    exploring(Limits(40, 10.0))
    assert len(given) >= 40
    assert all(1 < each <= 11 for each in given[2:])  # the first two are its probes


def home():
    """Where Hypothesis keeps what it keeps."""
    return Path(getattr(configuration, "__hypothesis_home_directory"))


def test_tables_of_characters_stay_where_nobody_else_writes(elsewhere, monkeypatch):
    """Hypothesis keeps its tables in a folder that only the user can write to."""
    monkeypatch.setattr("docpact.runner.planning.gettempdir", lambda: str(elsewhere))
    mine = elsewhere / f"docpact-{os.getuid()}"
    with hypothesis_home():
        assert home() == mine / "hypothesis"
    assert mine.stat().st_mode & 0o777 == 0o700
    mine.chmod(0o777)
    with hypothesis_home():
        assert mine not in home().parents
    mine.rmdir()
    mine.symlink_to(elsewhere / "other")
    with hypothesis_home():
        assert mine not in home().parents


def test_a_system_without_owners_keeps_nothing(elsewhere, monkeypatch):
    """On a system that does not say who owns a folder, the tables are removed after the run."""
    monkeypatch.setattr("docpact.runner.planning.gettempdir", lambda: str(elsewhere))
    monkeypatch.setattr("docpact.runner.planning.sys.platform", "win32")
    monkeypatch.delattr(os, "getuid")
    with hypothesis_home():
        assert home().is_dir()
    assert [] == list(elsewhere.iterdir())


def test_a_check_that_breaks_is_a_problem(exploring, monkeypatch):
    """An exception in the check is a problem of the report."""

    def broken(*_):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(Checker, "judge", broken)
    run = exploring()
    assert ["schemathesis could not make a call: Runtime Error (ZeroDivisionError)"] == run.problems


def test_an_engine_that_breaks_is_a_problem(exploring, monkeypatch):
    """An exception in schemathesis's engine is a problem of the report."""

    class Broken:
        @staticmethod
        def execute():
            class Stream:
                def __iter__(self):
                    yield events.FatalError(exception=RuntimeError("inside"))

                def stop(self):
                    """Nothing is under way."""

            return Stream()

    monkeypatch.setattr(schemathesis_adapter, "from_schema", lambda _: Broken())
    assert ["schemathesis stopped with an error (RuntimeError)"] == exploring().problems


def test_an_endpoint_that_cannot_be_called_is_a_problem(prepared):
    """An endpoint that stops answering is a problem, and its text does not hold the key."""
    run = prepared("http://127.0.0.1:9", limits=Limits(20), timeout=1.0)
    run.explore()
    assert run.problems
    assert all(each.startswith("schemathesis could not make a call") for each in run.problems)
    assert not any("acs testid" in each for each in run.problems)


def test_an_interruption_ends_the_run_and_keeps_the_findings(mock, known, prepared):
    """Ctrl-C during the calls of schemathesis ends the run with a report of what was found."""
    mock.fault("id-as-text")

    def on_progress(progress):
        if progress.label == "schemathesis":
            raise KeyboardInterrupt

    outcome = prepared(
        mock.url, known(mock), engine=True, limits=Limits(400), on_progress=on_progress
    ).execute()
    assert not outcome.report.complete
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.sent < 400


def test_the_same_seed_makes_the_same_calls(mock, exploring):
    """With the same seed, schemathesis makes the same calls in the same order."""
    targets = []
    for _ in range(2):
        mock.reset()
        exploring(Limits(60), seed=7)
        targets.append([each.request.target for each in calls_of(mock)])
    assert targets[0] == targets[1]


def test_nothing_is_expected_of_a_call_that_came_too_often(mock, exploring, monkeypatch):
    """A throttled call of schemathesis is not a finding."""
    refused = Refusal(403, "Throttling.User", "Request was denied due to user flow control.")
    monkeypatch.setattr(type(mock.world), "find", lambda *_: refused)
    assert () == exploring(Limits(60)).found.findings()
