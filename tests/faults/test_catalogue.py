"""The catalogue of faults is complete, and its names can be relied on."""

import re

import pytest

from docpact.contract import load_bundled
from docpact.contract.interpret import interpret
from docpact.faults import FAULTS, Shows
from docpact.page import read
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
    by_captures = {path.stem for path in (checkout / "samples" / "captures" / "rules").iterdir()}
    by_faults = {rule for fault in FAULTS.values() for rule in fault.breaks}
    assert set() == RULES - by_samples - by_captures - by_faults


def small(text):
    """The contract of a page with one table and no rulings."""
    head = "# Ask\n\n## Response parameters\n\n|Name|Type|Description|\n|--|--|--|\n"
    return interpret(read(head + text, "Ask.md"))


@pytest.mark.parametrize(
    ("rows", "shown", "hidden"),
    [
        ("|Total|Long|How many |\n", "time-as-text", "text-as-number"),
        ("|Total|Integer|How many |\n", "beyond-int64", "seconds"),
        ("|Name|String|Its name |\n", "text-as-list", "fraction"),
        ("|Name|String|Its name |\n", "extra-member", "flat"),
        ("|State|String|One of:\n\n -   ON: on.\n-   OFF: off. |\n", "unknown-state", "no-end"),
        ("|State|String|One of:\n\n -   on: on.\n-   off: off. |\n", "cut-xml", "lower-case-state"),
        ("|Name|String|Its name |\n", "null-text", "no-id"),
        ("|name|String|Its name |\n", "upper-case", "camel-case"),
    ],
)
def test_a_fault_fits_only_what_can_show_it(rows, shown, hidden):
    """In another contract it changes a member like the one that it is named after."""
    contract = small(rows)
    assert FAULTS[shown].fits(contract)
    assert not FAULTS[hidden].fits(contract)


def test_every_fault_fits_the_contract_that_ships():
    """The catalogue was written for it."""
    contract = load_bundled()
    assert [] == [each.name for each in FAULTS.values() if not each.fits(contract)]
