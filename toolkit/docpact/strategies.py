"""Hypothesis strategies for testing a client, a gateway or an emulator of GetInstance.

Each draws from the contract that ships, or from another one given as `contract`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from docpact.contract import Contract, load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Response
from docpact.faults import FAULTS, Fault
from docpact.generate import requests as made_requests
from docpact.generate.broken import (
    BrokenResponse,
    ResponseBreaker,
    faults_named,
    refuse_hidden,
    shown_by_answers,
)
from docpact.generate.requests import Known, RequestCase
from docpact.generate.response_model import MediaChoice, Value, media_of, response_model_for
from docpact.generate.sampler import Sampler, checked_filters, failure_sampler

__all__ = [
    "BrokenResponse",
    "Known",
    "RequestCase",
    "broken_responses",
    "failures",
    "instances",
    "requests",
    "responses",
]

T = TypeVar("T")
_bundled = cache(load_bundled)


def instances(
    *,
    contract: Contract | None = None,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
) -> st.SearchStrategy[Value]:
    """Instances as decoded values, by the names of the page's table.

    The filters keep to one value of ActualState, JobType or ApiType. With `media` other than
    "both", texts may hold what only that format can hold.

    Raises WrongConfiguration if no answer has such values.
    """
    sampler = _sampler(contract, media, state, job_type, api_type)
    return _drawn(lambda random: _instance_of(sampler.value(random)))


def responses(
    *,
    contract: Contract | None = None,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
) -> st.SearchStrategy[Response]:
    """Successful responses that keep every promise: status, headers, and a body in any layout.

    Raises WrongConfiguration if no answer has such values.
    """
    return _drawn(_sampler(contract, media, state, job_type, api_type).response)


def failures(
    *, contract: Contract | None = None, media: MediaChoice = "both"
) -> st.SearchStrategy[Response]:
    """Failures as the contract knows them, with a status of 4xx or 5xx."""
    sampler = failure_sampler(contract or _bundled(), media)
    return _drawn(sampler.response) if sampler else st.nothing()


def _sampler(
    contract: Contract | None,
    media: MediaChoice,
    state: str | None,
    job_type: str | None,
    api_type: str | None,
) -> Sampler:
    known = contract or _bundled()
    filters = checked_filters(known, state=state, job_type=job_type, api_type=api_type)
    return Sampler(response_model_for(known, known.success, media=media, filters=filters))


def _instance_of(value: Value) -> Value:
    instance = value["Instance"]
    return instance if isinstance(instance, dict) else {}


def _drawn(draw: Callable[[Random], T]) -> st.SearchStrategy[T]:
    """What a function draws from randomness that Hypothesis controls and shrinks."""
    return st.randoms(use_true_random=False).map(draw)


def broken_responses(  # noqa: PLR0913  # all but the names are named and have defaults
    *names: str,
    contract: Contract | None = None,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
    with_request: bool = False,
) -> st.SearchStrategy[BrokenResponse]:
    """Responses with one fault each: (response, fault, request).

    The fault is one of those named, or any that the response alone betrays; `with_request`, also
    one that shows only beside the request, such as an answer about another job. `fault.breaks` are
    the rules that must notice; `docpact generate --list-faults` names all faults.

    Raises WrongConfiguration if there is no such fault, or if no answer of those asked for has it.
    """
    known = contract or _bundled()
    formats = media_of(media)
    filters = checked_filters(known, state=state, job_type=job_type, api_type=api_type)
    faults = _named(names) if names else _any(with_request=with_request)
    if names:
        refuse_hidden(known, faults, formats, filters)
    pairs = [
        (each, one) for one in formats for each in shown_by_answers(known, faults, one, filters)
    ]
    breakers = {each: ResponseBreaker(known, each, filters) for each in formats}

    def broken(random: Random) -> BrokenResponse:
        fault, one = random.choice(pairs)
        # Rather than give up on a fault that few answers show, look for one that does.
        seeded = Random(random.randrange(2**16))  # noqa: S311  # repeatable is the point
        return breakers[one].attempt(fault, random) or breakers[one].broken(fault, seeded)

    return _drawn(broken)


def _named(names: Sequence[object]) -> list[Fault]:
    texts = [each for each in names if isinstance(each, str)]
    if len(texts) < len(names):
        raise WrongConfiguration(
            'faults are given by name, one after the other: broken_responses("no-id", "flat")'
        )
    return faults_named(texts)


def _any(*, with_request: bool) -> list[Fault]:
    return [each for each in FAULTS.values() if with_request or not each.needs_request]


def requests(
    *,
    contract: Contract | None = None,
    running: Sequence[Known] = (),
    not_running: Sequence[Known] = (),
    signed: bool = False,
) -> st.SearchStrategy[RequestCase]:
    """Requests, right and wrong, each with what must come of it.

    `running` and `not_running` hold the instances that are known to exist, as (project, job, id);
    without any, little can be said of what must come.
    """
    return made_requests.requests(
        contract or _bundled(), running=running, not_running=not_running, signed=signed
    )
