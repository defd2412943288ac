"""The quick check serves every operation: it agrees with the full one, and passes nearly all."""

import os
from random import Random

import pytest

from docpact.check.prefilter import Quick
from docpact.contract import Kind
from docpact.core.exchange import Exchange, Response, Source
from docpact.faults import FAULTS
from docpact.generate.sampler import sample_failures, sample_responses

COUNT = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 40


def exchange_of(response) -> Exchange:
    """A response as it was captured."""
    return Exchange(response, Source("made"))


@pytest.mark.parametrize("media", ["json", "xml"])
def test_right_answers_pass(operation, media):
    """What is made from a contract passes, where a type can say all of it."""
    contract = operation.contract
    quick = Quick(contract)
    made = [*sample_responses(contract, seed=2, media=media, count=COUNT)]
    passed = [each for each in made if quick.passes(exchange_of(each)) is not None]
    if any(each.kind in {Kind.MAP, Kind.ANY} for _, each in contract.success.walk()):
        pytest.skip("the answer has a part that the page leaves open")
    assert len(passed) >= len(made) * (0.9 if media == "json" else 0.5)


def test_what_passes_is_clean(operation):
    """Right, faulty or mangled: what passes has no finding, and says what the full check reads."""
    contract, random = operation.contract, Random(3)
    quick = Quick(contract)
    right = [*sample_responses(contract, seed=3, media="both", count=COUNT)]
    failed = [*sample_failures(contract, seed=3, media="both", count=COUNT)]
    faulty = [
        made
        for fault in FAULTS.values()
        if not fault.is_behaviour and fault.fits(contract)
        for response in (right + failed)[:: max(1, COUNT // 8)]
        if (made := fault.apply(response, contract)) is not None
    ]
    for response in [*right, *failed, *faulty, *(mangled(each, random) for each in right + failed)]:
        exchange = exchange_of(response)
        value = quick.passes(exchange)
        if value is not None:
            found = operation.fast.check(exchange)
            assert [] == [(each.rule, each.message) for each in found], response
            assert operation.fast.judge(Exchange(response, Source("body"))).value == value


def mangled(response, random) -> Response:
    """The response with one byte changed anywhere."""
    body = bytearray(response.body)
    body[random.randrange(len(body))] = random.choice(b'"{}[]:,0*\\ <>/a\n\xff')
    return Response(bytes(body), response.status)
