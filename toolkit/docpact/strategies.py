"""Hypothesis strategies for testing a client, a gateway or an emulator of GetInstance.

Each draws from the contract that ships, or from another one given as `contract`.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from hypothesis import strategies as st

from docpact.contract import Contract, Media, load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Response
from docpact.faults import FAULTS, Fault, Shows
from docpact.faults.parsed_response import opened
from docpact.generate import requests as made_requests
from docpact.generate import responses as made
from docpact.generate.broken import (
    BrokenResponse,
    faults_named,
    refuse_hidden,
    request_for,
    sample_broken,
    shown_by_answers,
)
from docpact.generate.filters import choice
from docpact.generate.requests import Known, RequestCase
from docpact.generate.response_model import MediaChoice, Value, filters, formats_of

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
    known = contract or _bundled()
    choice(known, state=state, job_type=job_type, api_type=api_type)
    return made.instances(known, media=media, state=state, job_type=job_type, api_type=api_type)


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
    known = contract or _bundled()
    choice(known, state=state, job_type=job_type, api_type=api_type)
    return made.responses(known, media=media, state=state, job_type=job_type, api_type=api_type)


def failures(
    *, contract: Contract | None = None, media: MediaChoice = "both"
) -> st.SearchStrategy[Response]:
    """Failures as the contract knows them, with a status of 4xx or 5xx."""
    return made.failures(contract or _bundled(), media=media)


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
    formats = formats_of(media)
    chosen = choice(known, state=state, job_type=job_type, api_type=api_type)
    wanted = _named(names) if names else _any(with_request=with_request)
    if names:
        refuse_hidden(known, wanted, formats, chosen)
    pairs = [
        (each, one) for one in formats for each in shown_by_answers(known, wanted, one, chosen)
    ]
    return _broken(known, pairs, {"state": state, "job_type": job_type, "api_type": api_type})


def _named(names: Sequence[object]) -> list[Fault]:
    texts = [each for each in names if isinstance(each, str)]
    if len(texts) < len(names):
        raise WrongConfiguration(
            'faults are given by name, one after the other: broken_responses("no-id", "flat")'
        )
    return faults_named(texts)


def _any(*, with_request: bool) -> list[Fault]:
    return [each for each in FAULTS.values() if with_request or not each.needs_request]


def _broken(
    contract: Contract, pairs: Sequence[tuple[Fault, Media]], kept: Mapping[str, str | None]
) -> st.SearchStrategy[BrokenResponse]:
    right = {each: made.responses(contract, media=each.value, **kept) for each in Media}
    failed = {each: made.failures(contract, media=each.value) for each in Media}

    @st.composite
    def broken(draw: st.DrawFn) -> BrokenResponse:
        fault, media = draw(st.sampled_from(pairs))
        valid = draw((failed if fault.shows is Shows.ON_ERRORS else right)[media])
        response = fault.apply(valid, draw(st.randoms(use_true_random=False)), contract)
        if response is not None:
            members = opened(valid, contract).members
            return BrokenResponse(response, fault, request_for(contract, members))
        # Rather than give up on a fault that few answers show, look for one that does.
        seed = draw(st.integers(0, 2**16))
        return next(
            sample_broken(contract, [fault], seed=seed, media=media, chosen=filters(**kept))
        )

    return broken()  # closed over the contract, which would fill pages in a failure's report


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
