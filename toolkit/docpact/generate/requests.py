"""Requests with what the contract says must come of them: any number drawn, or one of each kind."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from hypothesis import strategies as st

from docpact.contract import Contract
from docpact.generate.invalid_requests import INVALID_KINDS, SIGNATURE_KINDS
from docpact.generate.request_context import (
    Known,
    RequestCase,
    RequestContext,
    RequestKind,
    Signing,
    Spot,
    context_of,
)
from docpact.generate.valid_requests import VALID_KINDS

__all__ = [
    "INVALID_LABELS",
    "REQUEST_LABELS",
    "SIGNATURE_LABELS",
    "VALID_LABELS",
    "Known",
    "RequestCase",
    "Signing",
    "known_cases",
    "requests",
]

T = TypeVar("T")

VALID_LABELS: Final = {each.label: each.summary for each in VALID_KINDS}
INVALID_LABELS: Final = {each.label: each.summary for each in INVALID_KINDS}
SIGNATURE_LABELS: Final = {each.label: each.summary for each in SIGNATURE_KINDS}
REQUEST_LABELS: Final = VALID_LABELS | INVALID_LABELS | SIGNATURE_LABELS


def requests(  # noqa: PLR0913  # all but the contract are named and have defaults
    contract: Contract,
    *,
    running: Sequence[Known] = (),
    not_running: Sequence[Known] = (),
    accepted: Mapping[str, str] | None = None,
    signed: bool = False,
    everything_exists: bool = False,
    labels: Collection[str] = REQUEST_LABELS,
) -> st.SearchStrategy[RequestCase]:
    """Requests of every kind that applies, the simplest first.

    `running` and `not_running` hold what is known to exist, one value for each parameter of the
    path; `accepted` holds values of optional parameters that the endpoint is known to take, by
    name. With `signed`, the endpoint requires signatures; where `everything_exists`, no call must
    fail because there is no such thing. Only requests with one of `labels` are
    drawn, by default also those that are not `safe`; nothing is if none of them applies.

    Raises BrokenContract if the page shows no path, WrongConfiguration if what is known does not
    fit it.
    """
    context = context_of(contract, running, not_running, accepted)
    context = replace(context, everything_exists=everything_exists)
    kinds = (each for each in _kinds(signed=signed) if each.label in labels)
    choices = tuple((each, spots) for each in kinds if (spots := each.spots(context)))
    return _drawn(context, choices) if choices else st.nothing()


def known_cases(  # noqa: PLR0913  # all but the contract are named and have defaults
    contract: Contract,
    *,
    running: Sequence[Known] = (),
    not_running: Sequence[Known] = (),
    accepted: Mapping[str, str] | None = None,
    signed: bool = False,
    everything_exists: bool = False,
) -> Iterator[RequestCase]:
    """The simplest request of each kind that applies, in the order of REQUEST_LABELS.

    What is about a known instance or a name comes once for each of them. Of an endpoint where
    `everything_exists`, no call must fail because there is no such thing.
    """
    context = context_of(contract, running, not_running, accepted)
    context = replace(context, everything_exists=everything_exists)
    for kind in _kinds(signed=signed):
        spots = kind.spots(context.narrowed())
        for spot in spots if kind.every_spot else spots[:1]:
            yield kind.at(context, spot, _first)


@st.composite
def _drawn(
    draw: st.DrawFn,
    context: RequestContext,
    choices: Sequence[tuple[RequestKind, tuple[Spot, ...]]],
) -> RequestCase:
    def pick(pool: Sequence[T], more: st.SearchStrategy[T] | None = None, /) -> T:
        sampled = st.sampled_from(pool)
        return draw(sampled if more is None else sampled | more)

    kind, spots = draw(st.sampled_from(choices))
    return kind.at(context, draw(st.sampled_from(spots)), pick)


def _kinds(*, signed: bool) -> tuple[RequestKind, ...]:
    kinds = VALID_KINDS + INVALID_KINDS
    return kinds + SIGNATURE_KINDS if signed else kinds


def _first(pool: Sequence[T], _more: st.SearchStrategy[T] | None = None, /) -> T:
    return pool[0]
