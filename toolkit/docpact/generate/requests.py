"""Requests with what the contract says must come of them: drawn at random, or one of each kind."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from docpact.contract import Contract
from docpact.generate.request_context import (
    Known,
    Pick,
    RequestCase,
    RequestKind,
    Signing,
    context_of,
)
from docpact.generate.request_kinds import INVALID_KINDS, SIGNATURE_KINDS, VALID_KINDS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

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
) -> "SearchStrategy[RequestCase]":
    """Requests of every kind that applies, the simplest first.

    `running` and `not_running` hold what is known to exist, one value for each parameter of the
    path; `accepted` holds values of optional parameters that the endpoint is known to take, by
    name. With `signed`, the endpoint requires signatures; where `everything_exists`, no call must
    fail because there is no such thing. Only requests with one of `labels` are drawn, by default
    also those that are not `safe`; nothing is drawn if none of them applies.

    Raises BrokenContract if the page shows no path, WrongConfiguration if what is known does not
    fit it.
    """
    from hypothesis import strategies as st

    context = context_of(contract, running, not_running, accepted)
    context = replace(context, everything_exists=everything_exists)
    kinds = (each for each in _kinds(signed=signed) if each.label in labels)
    choices = tuple((each, found) for each in kinds if (found := each.subjects(context)))

    def drawn(random: Random) -> RequestCase:
        kind, subjects = random.choice(choices)
        return kind.case(context, random.choice(subjects), _at_random(random))

    return st.randoms(use_true_random=False).map(drawn) if choices else st.nothing()


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
        subjects = kind.subjects(context.narrowed())
        for subject in subjects if kind.every_subject else subjects[:1]:
            yield kind.case(context, subject, _first)


def _at_random(random: Random) -> Pick:
    def pick(pool: Sequence[T], draw: Callable[[Random], T] | None = None, /) -> T:
        return random.choice(pool) if draw is None or random.randrange(2) == 0 else draw(random)

    return pick


def _kinds(*, signed: bool) -> tuple[RequestKind, ...]:
    kinds = VALID_KINDS + INVALID_KINDS
    return kinds + SIGNATURE_KINDS if signed else kinds


def _first(pool: Sequence[T], _draw: Callable[[Random], T] | None = None, /) -> T:
    return pool[0]
