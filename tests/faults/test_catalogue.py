"""The catalogue of faults is complete, and its names can be relied on."""

import re

import pytest

from docpact.faults import FAULTS, Shows
from docpact.rules import ANSWER_RULES

RULES = {each.id for each in ANSWER_RULES}


def test_there_are_many_faults():
    """Eighty is the promise; behaviour counts as well."""
    assert len(FAULTS) >= 80
    assert sum(fault.is_behaviour for fault in FAULTS.values()) >= 20


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_described(name):
    """A name in kebab-case, a summary in a few words, and rules that exist."""
    fault = FAULTS[name]
    assert fault.name == name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert fault.summary
    assert fault.breaks
    assert fault.breaks <= RULES


def test_no_two_faults_say_the_same():
    """Two faults with one summary and one format would be one fault."""
    said = [(fault.summary, tuple(sorted(fault.media))) for fault in FAULTS.values()]
    assert len(set(said)) == len(said)


def test_only_a_wrong_echo_needs_the_request():
    """Whatever else is wrong with an answer shows in the answer."""
    needing = {each.breaks for each in FAULTS.values() if each.needs_request}
    assert {frozenset({"wrong-echo"})} == needing


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("no-end", {"ActualState": "TERMINATED"}),
        ("mixed-case-api-type", {"ApiType": "DATASTREAM"}),
        ("lower-case-state", {}),
    ],
)
def test_a_fault_says_what_it_gives_an_instance(name, given):
    """So that it is not made where another state or type is asked for."""
    assert given == dict(FAULTS[name].gives)


def test_every_way_to_show_is_there():
    """Always, for some inputs, over several calls, on errors, without a valid signature."""
    assert {fault.shows for fault in FAULTS.values()} == set(Shows)


def test_every_rule_is_tripped(checkout):
    """A rule that no fault and no sample trips is not known to work; pages have their own."""
    broken = (checkout / "samples" / "responses" / "broken").iterdir()
    by_samples = {path.name.partition(".")[0] for path in broken}
    by_faults = {rule for fault in FAULTS.values() for rule in fault.breaks}
    assert set() == RULES - by_samples - by_faults
