"""The public strategies draw what their names say, from the contract that ships."""

import re
import subprocess
import sys

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Source
from docpact.faults import FAULTS
from docpact.strategies import broken_responses, failures, instances, requests, responses

CHECKER = Checker(load_bundled(), load_bundled_schemas())


STATE = re.compile(rb'"ActualState": *"[^"]*"')
OTHER_STATES = ("WAITING", "RUNNING", "TERMINATED", "SUCCESS", "FAILED")


def rules_broken_by(response, request=None):
    """The rules that notice something."""
    return {each.rule for each in CHECKER.check(Exchange(response, Source("made"), request))}


def state_of(response):
    """Where a body says the state; nothing if it does not."""
    return b"".join(STATE.findall(response.body))


@given(response=responses() | failures())
def test_responses_and_failures_are_clean(response):
    """What keeps the contract has no finding."""
    assert set() == rules_broken_by(response)


@given(instance=instances(state="PAUSED", api_type="SQL"))
def test_instances_are_values(instance):
    """Members by their documented names, kept to what was chosen."""
    assert ("PAUSED", "SQL") == (instance["ActualState"], instance["ApiType"])


REQUIRED = {"ActualState", "ExpectState", "Id", "JobName", "JobType", "ProjectName", "ApiType"}


def test_a_counterexample_shrinks_to_what_matters():
    """A test that fails for large ids is left with a small instance without optional members."""
    found = find(instances(), lambda each: each["Id"] >= 1000, settings=settings(database=None))
    assert found.keys() <= REQUIRED
    assert found["Id"] in {1000, 2**31 - 1}
    assert {"job1"} == {found["JobName"], found["ProjectName"]}


def test_a_body_shrinks_to_plain_json():
    """A test that fails for one state is left with a short body on one line."""
    found = find(responses(state="FAILED"), lambda _: True, settings=settings(database=None))
    assert b"\n" not in found.body
    assert len(found.body) < 300


STRATEGIES = [instances, responses, broken_responses]


@given(broken=broken_responses())
def test_every_fault_is_noticed(broken):
    """Without the request, for what only the request betrays has to be asked for."""
    assert broken.fault.breaks == rules_broken_by(broken.response)


@given(broken=broken_responses(with_request=True))
def test_every_fault_is_noticed_beside_its_request(broken):
    """Answers about something else too."""
    response, fault, request = broken
    assert fault.breaks == rules_broken_by(response, request)


@given(broken=broken_responses("other-job", "id-of-32-bits", "plus-for-space"))
def test_a_fault_that_only_the_request_betrays_can_be_named(broken):
    """The request is drawn with it."""
    assert {"wrong-echo"} == rules_broken_by(broken.response, broken.request)
    assert set() == rules_broken_by(broken.response)


@pytest.mark.parametrize("name", ["space-for-plus", "twice-escaped-job", "error-under-200"])
@settings(max_examples=20)
@given(data=st.data())
def test_a_fault_that_few_answers_show_is_found(name, data):
    """No health check fails for it."""
    broken = data.draw(broken_responses(name))
    assert FAULTS[name] is broken.fault


@given(broken=broken_responses(media="json", state="PAUSED"))
def test_a_fault_keeps_to_what_was_chosen(broken):
    """No state but the one asked for, and no failure."""
    assert broken.request is not None
    assert not any(f'"{each}"'.encode() in state_of(broken.response) for each in OTHER_STATES)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"state": "RUNING"}, r"cannot be 'RUNING'; .*did you mean RUNNING\?"),
        ({"state": ""}, "cannot be ''"),
        ({"api_type": "zzz"}, "cannot be 'zzz'"),
        ({"state": "SUCCESS", "job_type": "FLINK_STREAM"}, "no answer was found with"),
        ({"media": "yaml"}, "json, xml or both, not 'yaml'"),
    ],
)
def test_what_no_answer_has_is_refused_at_once(strategy, kept, message):
    """Not only when something is drawn."""
    with pytest.raises(WrongConfiguration, match=message):
        strategy(**kept)


def test_failures_know_their_formats():
    """Before anything is drawn."""
    with pytest.raises(WrongConfiguration, match="json, xml or both"):
        failures(media="yaml")


@pytest.mark.parametrize(
    ("names", "kept", "message"),
    [
        (["two-root"], {}, r"did you mean two-roots\?"),
        ([["no-id"]], {}, "by name, one after the other"),
        ([FAULTS["no-id"]], {}, "by name, one after the other"),
        (["slow"], {}, "slow is a fault of a server's behaviour, which no single answer shows"),
        (["flat", "two-roots"], {"media": "json"}, 'two-roots shows only in XML: .*media="xml"'),
        (["no-end"], {"state": "RUNNING"}, "no-end shows only where .*ActualState is TERMINATED"),
        (["error-under-200"], {"state": "RUNNING"}, "which have no ActualState"),
    ],
)
def test_a_fault_that_no_answer_shows_is_refused(names, kept, message):
    """With the reason."""
    with pytest.raises(WrongConfiguration, match=message):
        broken_responses(*names, **kept)


@given(case=requests(running=[("project1", "job1", 412536)]))
def test_requests_say_what_must_come(case):
    """Each has an expectation."""
    assert case.request.method
    assert case.expectation.because


def test_importing_docpact_imports_no_hypothesis():
    """The strategies are heavy, and only who uses them pays."""
    code = "import docpact, sys; sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
