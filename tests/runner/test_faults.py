"""Every fault of the catalogue is noticed at an endpoint that has it, soon and in few words."""

import os
from types import SimpleNamespace

import pytest

from docpact.faults import FAULTS
from docpact.http import client
from docpact.http.connection import Unreachable
from docpact.mock import endpoint as endpoint_module
from docpact.runner import Limits

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
# A sixth of the catalogue by default, another part of it in each kind of fault.
NAMES = list(FAULTS) if DEEP else [name for at, name in enumerate(FAULTS) if at % 6 == 0]
SOON = 100  # calls, as many as the planned ones that matter most
MOST = 3  # findings that one fault may come to

# What becomes of a fault where the caller sees something else than its rules.
NO_ANSWER = {"informational": "a 1xx announces another answer, and none comes"}
# Faults that break other rules beside their own, since a whole run sees more than one answer.
BESIDE = {
    "empty-text-for-no-end": {"formats-disagree"},
}


@pytest.mark.parametrize("name", [each for each in NAMES if each not in {*NO_ANSWER, "slow"}])
def test_a_fault_is_noticed(mock, known, checked, name):
    """A fault is noticed by one of its rules within the first calls, with few other findings."""
    first = {}
    mock.fault(name)

    def on_finding(finding, sent):
        first.setdefault(finding.rule, sent)

    outcome = checked(mock.url, known(mock), on_finding=on_finding)
    rules = {each.rule for each in outcome.report.findings}
    told = [(each.rule, each.field, each.message) for each in outcome.report.findings]
    assert rules & FAULTS[name].breaks, told
    assert rules <= FAULTS[name].breaks | BESIDE.get(name, set()), told
    assert len(told) <= MOST, told
    assert min(first[rule] for rule in rules & FAULTS[name].breaks) <= SOON
    assert outcome.report.problems == ()


def test_a_slow_answer_is_noticed(mock, known, checked, monkeypatch):
    """A slow answer is noticed by the clock of the client, which the test moves."""
    monkeypatch.setattr(endpoint_module, "SLOW", 0.0)
    ticks = iter(range(0, 10**9, 11))
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))
    mock.fault("slow")
    outcome = checked(mock.url, known(mock), limits=Limits(5))
    assert {"slow-answer"} == {each.rule for each in outcome.report.findings}


@pytest.mark.parametrize("name", NO_ANSWER)
def test_a_fault_that_leaves_no_answer_ends_the_run(mock, known, prepared, name):
    """If a fault leaves no answer to judge, the run ends and says why."""
    mock.fault(name)
    with pytest.raises(Unreachable, match="did not answer in HTTP"):
        prepared(mock.url, known(mock)).execute()


def test_the_exceptions_are_faults():
    """Each exception in these tests names a fault that exists."""
    assert {*NO_ANSWER, *BESIDE} <= set(FAULTS)


@pytest.mark.parametrize("name", ["id-as-text", "unsigned-accepted", "no-request-id"])
def test_several_at_a_time_find_the_same(mock, known, checked, name):
    """Several workers find the same as one, whatever the order of the answers."""
    mock.fault(name)
    outcome = checked(mock.url, known(mock), workers=4)
    assert FAULTS[name].breaks == {each.rule for each in outcome.report.findings}
