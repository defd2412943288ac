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
from docpact.runner import Limits
from docpact.runner import engine as engine_module
from docpact.runner.engine import Exploration, explore
from docpact.runner.random_cases import kept_elsewhere

PROBE = "X-Schemathesis-Probe"  # two calls by which schemathesis feels its way; nobody signs them


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def exploring(mock, known, prepared, key):
    """Lets schemathesis alone call the mock, and gives the run."""

    def explored(limits=None, seed=1, **options):
        run = prepared(mock.url, known(mock), limits=limits or Limits(200), **options)
        explore(run, Exploration(mock.url, key, seed))
        return run

    return explored


def calls_of(mock):
    """What was asked, but for the probes."""
    return [each for each in mock.calls if header(each.request.headers, PROBE) is None]


def test_what_is_used_of_schemathesis_is_there():
    """Its engine is no public interface: an upgrade that changes it must fail here, and loudly."""
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
    """Over the URL as it travels: the endpoint refuses none for its signature."""
    run = exploring()
    calls = calls_of(mock)
    assert len(calls) == run.budget.sent == run.judge.checked > 50
    assert {"GET"} == {each.request.method for each in calls}
    verifier = Verifier({"testid": "testsecret"})
    assert [] == [
        (each.request.target, refusal)
        for each in calls
        if (refusal := verifier.refusal(each.request)) is not None
    ]
    assert 20 < sum(each.response.status == 200 for each in calls) < len(calls)
    assert run.problems == []
    assert run.judge.findings() == ()


def test_it_stops_when_the_budget_is_spent(mock, exploring):
    """To the call."""
    run = exploring(Limits(31))
    assert 31 == run.budget.sent == len(calls_of(mock))
    assert run.problems == []


def test_it_stops_when_the_time_is_over(mock, exploring):
    """By the clock of the run."""
    ticks = iter(range(1_000_000))
    run = exploring(Limits(200, 60.0), clock=lambda: float(next(ticks)))
    assert 0 < run.budget.sent < 60
    assert len(calls_of(mock)) == run.budget.sent


def test_a_defect_that_it_finds_first_is_shrunk(mock, exploring):
    """The smallest example is the plainest call that shows it."""
    mock.fault("id-as-text")
    run = exploring()
    (finding,) = run.judge.findings()
    assert ("wrong-type", "Instance.Id") == (finding.rule, finding.field)
    assert finding.at.file.endswith("/projects/project1/jobs/job1/instances/123?Format=JSON")
    assert "docpact call" in finding.reproduce


def test_a_defect_that_was_found_before_is_counted_only(mock, known, prepared, key):
    """Schemathesis draws as many calls as ever, instead of looking for a smaller example."""
    mock.fault("id-as-text")
    run = prepared(mock.url, known(mock), limits=Limits(500))
    run.outcome()
    (before,) = run.judge.findings()
    sent = run.budget.sent
    again = prepared(mock.url, known(mock), limits=Limits(10_000))
    again.judge = run.judge
    explore(again, Exploration(mock.url, key, 1))
    (after,) = run.judge.findings()
    assert (before.rule, before.field) == (after.rule, after.field)
    assert after.count > before.count
    assert sent
    assert again.budget.sent > 70  # a failure would have ended it at the first


def hooks_before_and_after_calls():
    """Those that schemathesis has for all schemas."""
    everywhere = schemathesis.hooks.GLOBAL_HOOK_DISPATCHER
    return [list(everywhere.get_all_by_name(f"{each}_call")) for each in ("before", "after")]


def test_nothing_stays_registered(exploring):
    """Neither a check, nor a hook, nor a way to sign."""
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
    """Neither .hypothesis nor .schemathesis, by drawn calls or by schemathesis's."""
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", None)
    outcome = checked(mock.url, known(mock), limits=Limits(260), engine=True)
    assert outcome.exercised.labels["schemathesis"] > 5
    assert [] == list(elsewhere.iterdir())


def test_what_a_user_tells_schemathesis_is_not_for_us(exploring, elsewhere, monkeypatch):
    """Neither hooks that the environment names nor a file in the working directory."""
    hooks = elsewhere / "hooks.py"
    hooks.write_text("raise ZeroDivisionError", "utf-8")
    (elsewhere / "schemathesis.toml").write_text("base-url = 'http://127.0.0.1:9'", "utf-8")
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", str(hooks))
    run = exploring(Limits(40))
    assert ([], 40) == (run.problems, run.budget.sent)
    assert str(hooks) == os.environ["SCHEMATHESIS_HOOKS"]


def test_its_calls_end_with_the_run(exploring, monkeypatch):
    """None may take longer than what is left of the time."""
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
    """They take seconds to compute; a folder that somebody else made is not trusted."""
    monkeypatch.setattr("docpact.runner.random_cases.gettempdir", lambda: str(elsewhere))
    mine = elsewhere / f"docpact-{os.getuid()}"
    with kept_elsewhere():
        assert home() == mine / "hypothesis"
    assert mine.stat().st_mode & 0o777 == 0o700
    mine.chmod(0o777)
    with kept_elsewhere():
        assert mine not in home().parents
    mine.rmdir()
    mine.symlink_to(elsewhere / "other")
    with kept_elsewhere():
        assert mine not in home().parents


def test_a_system_without_owners_keeps_nothing(elsewhere, monkeypatch):
    """Where nobody can tell whose a folder is, it goes away with the run."""
    monkeypatch.setattr("docpact.runner.random_cases.gettempdir", lambda: str(elsewhere))
    monkeypatch.setattr("docpact.runner.random_cases.sys.platform", "win32")
    monkeypatch.delattr(os, "getuid")
    with kept_elsewhere():
        assert home().is_dir()
    assert [] == list(elsewhere.iterdir())


def test_a_check_that_breaks_is_a_problem(exploring, monkeypatch):
    """And not a clean bill."""

    def broken(*_):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(Checker, "judge", broken)
    run = exploring()
    assert ["schemathesis could not make a call: Runtime Error (ZeroDivisionError)"] == run.problems


def test_an_engine_that_breaks_is_a_problem(exploring, monkeypatch):
    """Whatever it says of itself."""

    class Broken:
        @staticmethod
        def execute():
            class Stream:
                def __iter__(self):
                    yield events.FatalError(exception=RuntimeError("inside"))

                def stop(self):
                    """Nothing is under way."""

            return Stream()

    monkeypatch.setattr(engine_module, "from_schema", lambda _: Broken())
    assert ["schemathesis could not go on (RuntimeError)"] == exploring().problems


def test_an_endpoint_that_cannot_be_called_is_a_problem(prepared, key):
    """One that went away since the planned calls."""
    run = prepared("http://127.0.0.1:9", limits=Limits(20))
    explore(run, Exploration("http://127.0.0.1:9", key, 1, 1.0))
    assert run.problems
    assert all(each.startswith("schemathesis could not make a call") for each in run.problems)
    assert not any("acs testid" in each for each in run.problems)


def test_an_interruption_ends_the_run_and_keeps_the_findings(mock, known, prepared):
    """Ctrl-C comes through schemathesis, too."""
    mock.fault("id-as-text")

    def told(progress):
        if progress.about == "schemathesis":
            raise KeyboardInterrupt

    outcome = prepared(mock.url, known(mock), engine=True, limits=Limits(400), told=told).outcome()
    assert not outcome.report.complete
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.sent < 400


def test_the_same_seed_makes_the_same_calls(mock, exploring):
    """In the same order."""
    targets = []
    for _ in range(2):
        mock.reset()
        exploring(Limits(60), seed=7)
        targets.append([each.request.target for each in calls_of(mock)])
    assert targets[0] == targets[1]


def test_nothing_is_expected_of_a_call_that_came_too_often(mock, exploring, monkeypatch):
    """It breaks no promise, whatever is known to run."""
    refused = Refusal(403, "Throttling.User", "Request was denied due to user flow control.")
    monkeypatch.setattr(type(mock.world), "find", lambda *_: refused)
    assert () == exploring(Limits(60)).judge.findings()
