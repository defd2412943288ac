"""The three guards: what we make is clean, and each fault is noticed by exactly its rules."""

import os
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import randoms

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.core.serialize import json_text, xml_text
from docpact.faults import FAULTS
from docpact.faults.parsed_response import parsed
from docpact.generate.response_model import response_model_for
from docpact.generate.sampler import Sampler, sample_failures, sample_responses
from docpact.strategies import failures, responses

CONTRACT = load_bundled()
SCHEMAS = load_bundled_schemas()
CHECKERS = {
    name: Checker(CONTRACT, SCHEMAS, engine=name)  # type: ignore[arg-type]  # both names exist
    for name in ("fast", "reference")
}
COUNT = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 100
RESPONSE_FAULTS = [fault for fault in FAULTS.values() if not fault.is_behaviour]
PATH = "/api/v2/projects/{}/jobs/{}/instances/{}"


def exchange_of(response, request=None):
    """The response as it was captured."""
    return Exchange(response, Source("made"), request)


def request_for(response):
    """The request that a success answers."""
    instance = parsed(response, CONTRACT).instance
    if instance is None:
        return None
    parts = (instance["ProjectName"], instance["JobName"], instance["Id"])
    return Request("GET", PATH.format(*(quote(str(part), safe="") for part in parts)))


@pytest.fixture(scope="module")
def pool():
    """Correct answers, successes and failures in both formats, with the requests for them."""
    made = [*sample_responses(CONTRACT, seed=1, media="both", count=2 * COUNT)]
    made += [*sample_failures(CONTRACT, seed=1, media="both", count=COUNT)]
    return [(response, request_for(response)) for response in made]


@pytest.mark.parametrize("engine", CHECKERS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(response=responses(contract=CONTRACT))
def test_what_is_generated_is_clean(engine, response):
    """A response made from the contract breaks none of its rules, not even by a note."""
    found = CHECKERS[engine].check(exchange_of(response, request_for(response)))
    assert [] == [(each.rule, each.message) for each in found]


@pytest.mark.parametrize("engine", CHECKERS)
@given(response=failures(contract=CONTRACT))
def test_failures_that_are_generated_are_clean(engine, response):
    """The same holds for failures."""
    found = CHECKERS[engine].check(exchange_of(response))
    assert [] == [(each.rule, each.message) for each in found]


def test_what_is_sampled_is_clean(pool):
    """The fast sampler keeps the same promise."""
    checker = CHECKERS["fast"]
    found = [each for pair in pool for each in checker.check(exchange_of(*pair))]
    assert [] == [(each.rule, each.message) for each in found]


@pytest.mark.parametrize("engine", CHECKERS)
@pytest.mark.parametrize("fault", RESPONSE_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_trips_exactly_its_rules(fault, engine, pool):
    """Wherever a fault shows, its rules notice it, and no other rule cries out."""
    checker = CHECKERS[engine]
    shown = 0
    for response, request in pool:
        faulty = fault.apply(response)
        if faulty is None:
            continue
        shown += 1
        found = {each.rule for each in checker.check(exchange_of(faulty, request))}
        assert fault.breaks == found, faulty
        if engine == "reference" and shown >= COUNT // 4:
            break  # the engines agree by a property of their own; this one is slow
    assert shown, "no answer of the pool shows this fault"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(random=randoms(use_true_random=False))
def test_one_value_is_read_alike_in_both_formats(random):
    """JSON and XML written from one answer decode to the same value, except for empty members."""
    value = Sampler(response_model_for(CONTRACT, CONTRACT.success)).value(random)
    checker = CHECKERS["fast"]
    in_json, in_xml = (
        checker.judge(Exchange(Response(text.encode()), Source("made"))).value
        for text in (json_text(value), xml_text(CONTRACT.success.root, value))
    )
    assert without_empty(in_json) == without_empty(in_xml) == without_empty(value)


def without_empty(value):
    """The value without members that are null or empty: XML has one way to write both."""
    return {
        name: without_empty(member) if isinstance(member, dict) else member
        for name, member in value.items()
        if member not in (None, "")
    }
