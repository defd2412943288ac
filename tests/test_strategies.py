"""The public strategies draw what their names say, from the contract that ships."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.errors import WrongConfiguration
from docpact.exchange import Exchange, Source
from docpact.faults import FAULTS
from docpact.strategies import broken_responses, failures, instances, requests, responses

CHECKER = Checker(load_bundled(), load_bundled_schemas())


def rules_broken_by(response):
    """The rules that notice something."""
    return {each.rule for each in CHECKER.check(Exchange(response, Source("made")))}


@given(response=responses() | failures())
def test_responses_and_failures_are_clean(response):
    """What keeps the contract has no finding."""
    assert set() == rules_broken_by(response)


@given(instance=instances(state="PAUSED", api_type="SQL"))
def test_instances_are_values(instance):
    """Members by their documented names, kept to what was chosen."""
    assert ("PAUSED", "SQL") == (instance["ActualState"], instance["ApiType"])


@given(pair=broken_responses())
def test_a_broken_response_breaks_the_rules_of_its_fault(pair):
    """But for wrong echoes, which only the request betrays."""
    response, fault = pair
    assert fault.breaks - {"wrong-echo"} == rules_broken_by(response)


@pytest.mark.parametrize("name", ["space-for-plus", "twice-escaped-job", "error-under-200"])
@settings(max_examples=20)
@given(data=st.data())
def test_a_fault_that_few_answers_show_is_found(name, data):
    """No health check fails for it."""
    _, fault = data.draw(broken_responses(name))
    assert FAULTS[name] is fault


def test_an_unknown_fault_is_refused():
    """With the nearest name."""
    with pytest.raises(WrongConfiguration, match=r"did you mean two-roots\?"):
        broken_responses("two-root")


@pytest.mark.parametrize(("name", "media"), [("two-roots", "json"), ("slow", "both")])
def test_a_fault_that_no_answer_shows_is_refused(name, media):
    """Neither an XML fault in JSON nor one of behaviour."""
    with pytest.raises(WrongConfiguration, match=f"shows {name}"):
        broken_responses(name, media=media)


@given(case=requests(running=[("project1", "job1", 412536)]))
def test_requests_say_what_must_come(case):
    """Each has an expectation."""
    assert case.request.method
    assert case.expectation.because


def test_importing_docpact_imports_no_hypothesis():
    """The strategies are heavy, and only who uses them pays."""
    code = "import docpact, sys; sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
