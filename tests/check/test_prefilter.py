"""The quick check lets pass only what the full one finds nothing in, and nearly all of that."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from docpact.check import Checker
from docpact.check.prefilter import Quick
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.faults import FAULTS
from docpact.generate.sampler import sample_failures, sample_responses

CONTRACT = load_bundled()
CHECKER = Checker(CONTRACT, load_bundled_schemas())
QUICK = Quick(CONTRACT)
RESPONSES = Path(__file__).parents[2] / "samples" / "responses"
FAULTED = [each for each in FAULTS.values() if not each.is_behaviour]


def exchange_of(response) -> Exchange:
    """A response as it was captured."""
    return Exchange(response, Source("made"))


@pytest.mark.parametrize("media", ["json", "xml"])
def test_right_answers_pass(media):
    """What is made from the contract needs no second look."""
    made = [*sample_responses(CONTRACT, seed=5, media=media, count=300)]
    passed = [each for each in made if QUICK.passes(exchange_of(each)) is not None]
    # XML can be laid out in ways that are right and rare; those get the full check.
    assert len(passed) >= (300 if media == "json" else 200)


@pytest.mark.parametrize("media", ["json", "xml"])
def test_right_failures_pass(media):
    """So do failures, under the status of one."""
    made = [*sample_failures(CONTRACT, seed=5, media=media, count=300)]
    passed = [each for each in made if QUICK.passes(exchange_of(each)) is not None]
    assert len(passed) >= (300 if media == "json" else 200)


@pytest.mark.parametrize("status", [None, 200])
def test_a_failure_passes_under_its_own_status_only(status):
    """Under that of a success it is a finding, and without one it might be."""
    for each in sample_failures(CONTRACT, seed=5, media="json", count=20):
        assert QUICK.passes(exchange_of(replace(each, status=status))) is None


@pytest.mark.parametrize("media", ["json", "xml"])
def test_what_passes_says_what_the_full_check_reads(media):
    """Rules over a whole capture see the same values whoever has read them."""
    successes = sample_responses(CONTRACT, seed=6, media=media, count=100)
    for each in [*successes, *sample_failures(CONTRACT, seed=6, media=media, count=100)]:
        value = QUICK.passes(exchange_of(each))
        if value is not None:
            assert CHECKER.judge(Exchange(each, Source("body"))).value == value


@pytest.mark.parametrize("fault", FAULTED, ids=lambda each: each.name)
def test_no_fault_passes(fault):
    """A fault that has a finding never has a quick way around it."""
    successes = sample_responses(CONTRACT, seed=8, media="both", count=40)
    for response in [*successes, *sample_failures(CONTRACT, seed=8, media="both", count=40)]:
        faulty = fault.apply(response)
        broken = exchange_of(faulty) if faulty is not None else None
        if broken is not None and QUICK.passes(broken) is not None:
            assert [] == list(CHECKER.check(broken))


@pytest.mark.parametrize(
    "sample", sorted((RESPONSES / "broken").iterdir()), ids=lambda each: each.name
)
def test_no_broken_sample_passes(sample):
    """Nor does what is only a note."""
    assert QUICK.value_of(sample.read_bytes()) is None


def test_mangled_answers_pass_only_if_they_are_right():
    """One byte changed anywhere: the two checks never disagree."""
    random = Random(9)
    for response in sample_responses(CONTRACT, seed=10, media="both", count=400):
        body = bytearray(response.body)
        body[random.randrange(len(body))] = random.choice(b'"{}[]:,0*\\ <>/a\n\xff')
        mangled = Exchange(Response(bytes(body)), Source("made"))
        if QUICK.passes(mangled) is not None:
            assert [] == [(each.rule, each.message) for each in CHECKER.check(mangled)]


@pytest.mark.parametrize(
    "text",
    [
        '{"RequestId": 1, "RequestId": "%s"}',
        '{"RequestId": "%s", "Request\\u0049d": "%s"}',
    ],
)
def test_a_repeated_name_never_passes(text):
    """However it is spelt."""
    assert QUICK.value_of(text.replace("%s", "a").encode()) is None


def test_a_masked_value_never_passes():
    """However it is spelt: it is a note."""
    made = next(iter(sample_responses(CONTRACT, seed=5, media="json", count=1)))
    value = json.loads(made.body)
    value["Instance"]["Starter"] = "a***b"
    text = json.dumps(value)
    assert QUICK.value_of(text.encode()) is None
    assert QUICK.value_of(text.replace("***", "\\u002a" * 3).encode()) is None
