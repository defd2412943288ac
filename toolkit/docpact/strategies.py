"""Hypothesis strategies for testing a client, a gateway or an emulator of GetInstance.

Each draws from the contract that ships, or from another one given as `contract`.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from hypothesis import strategies as st

from docpact.contract import Contract, Media, load_bundled
from docpact.errors import WrongConfiguration
from docpact.exchange import Response
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate import requests as made_requests
from docpact.generate import responses as made
from docpact.generate.broken import faults_named, sample_broken, shown_by_answers
from docpact.generate.plan import EVERY_MEDIA, MediaChoice, Value, filters
from docpact.generate.requests import Known, RequestCase

__all__ = ["broken_responses", "failures", "instances", "requests", "responses"]

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
    """
    return made.instances(
        contract or _bundled(), media=media, state=state, job_type=job_type, api_type=api_type
    )


def responses(
    *,
    contract: Contract | None = None,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
) -> st.SearchStrategy[Response]:
    """Successful responses that keep every promise: status, headers, and a body in any layout."""
    return made.responses(
        contract or _bundled(), media=media, state=state, job_type=job_type, api_type=api_type
    )


def failures(
    *, contract: Contract | None = None, media: MediaChoice = "both"
) -> st.SearchStrategy[Response]:
    """Failures as the contract knows them, with a status of 4xx or 5xx."""
    return made.failures(contract or _bundled(), media=media)


def broken_responses(
    *names: str,
    contract: Contract | None = None,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
) -> st.SearchStrategy[tuple[Response, Fault]]:
    """Responses with one fault each, and which: one of those named, or any that an answer can show.

    `docpact generate --list-faults` names them; `fault.breaks` are the rules that must notice.

    Raises WrongConfiguration if there is no such fault, or if no answer in this format shows it.
    """
    known = contract or _bundled()
    wanted = faults_named(names) if names else list(FAULTS.values())
    formats = EVERY_MEDIA if media == "both" else (Media(media),)
    pairs = [(each, one) for one in formats for each in shown_by_answers(known, wanted, one)]
    shown = {fault.name for fault, _ in pairs}
    if names and (hidden := [each for each in names if each not in shown]):
        raise WrongConfiguration(f"no single answer in this format shows {', '.join(hidden)}")
    return _broken(known, pairs, {"state": state, "job_type": job_type, "api_type": api_type})


def _broken(
    contract: Contract, pairs: Sequence[tuple[Fault, Media]], kept: Mapping[str, str | None]
) -> st.SearchStrategy[tuple[Response, Fault]]:
    right = {each: made.responses(contract, media=each.value, **kept) for each in Media}
    failed = {each: made.failures(contract, media=each.value) for each in Media}

    @st.composite
    def broken(draw: st.DrawFn) -> tuple[Response, Fault]:
        fault, media = draw(st.sampled_from(pairs))
        valid = (failed if fault.shows is Shows.ON_ERRORS else right)[media]
        response = fault.apply(draw(valid), draw(st.randoms(use_true_random=False)))
        if response is None:
            # Rather than give up on a fault that few answers show, look for one that does.
            seed = draw(st.integers(0, 2**16))
            chosen = filters(**kept)
            samples = sample_broken(contract, [fault], seed=seed, media=media, chosen=chosen)
            response = next(samples).response
        return response, fault

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
