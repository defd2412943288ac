"""The planned calls: cheapest and most telling first, in the order in which they are sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from docpact.contract import Contract, Media
from docpact.core.exchange import Outcome
from docpact.generate.request_context import RequestContext, canonical, context_of, query_with
from docpact.generate.requests import RequestCase, Signing, known_cases

_REPEATS: Final = 6  # calls of the same thing, for what shows only sometimes
_BY_ACCEPT: Final = {Media.JSON: "application/json", Media.XML: "application/xml"}
# What must succeed and often does not.
_TELLING: Final = frozenset({"current-instance", "accept-weights", "bare-delimiters"})
_FORMAT_LABELS: Final = frozenset(
    {
        "listed-parameter",
        "bad-listed-value",
        "repeated-parameter",
        "accept-header",
        "accept-weights",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller knows of an endpoint."""

    running: tuple[tuple[str, ...], ...] = ()
    not_running: tuple[tuple[str, ...], ...] = ()
    region: str = ""
    everything_exists: bool = False  # the endpoint tells of any instance whatever


@dataclass(frozen=True, slots=True)
class Probe:
    """One call, or two about the same instance whose answers must agree: JSON first, then XML."""

    cases: tuple[RequestCase, ...]

    @property
    def about(self) -> str:
        """What is tried, in a word."""
        return self.cases[0].label

    @property
    def is_pair(self) -> bool:
        """Whether two answers are compared."""
        return len(self.cases) > 1


def probes(
    contract: Contract,
    known: Known,
    media: Sequence[Media] = tuple(Media),
    *,
    signed: bool = False,
) -> Iterator[Probe]:
    """Every planned call, each way of asking once.

    Raises what `context_of` raises.
    """
    context = context_for(contract, known)
    subjects = context.subjects
    yield from _same_in_both(context, subjects[:1], media)
    for _ in range(_REPEATS):
        yield Probe((_plain(context, subjects[0], media[0]),))
    for values in context.not_running[:1]:
        yield from (Probe((_plain(context, values, each),)) for each in media)
    yield from _one_of_each(contract, context, known, media, signed=signed)
    yield from _same_in_both(context, subjects[1:], media)
    for values in context.not_running[1:]:
        yield from (Probe((_plain(context, values, each),)) for each in media)


def context_for(contract: Contract, known: Known) -> RequestContext:
    """The context of an endpoint."""
    accepted = {"RegionId": known.region} if known.region else {}
    context = context_of(contract, known.running, known.not_running, accepted)
    return replace(context, everything_exists=known.everything_exists)


def _same_in_both(
    context: RequestContext, subjects: Sequence[tuple[str, ...]], media: Sequence[Media]
) -> Iterator[Probe]:
    """Each instance in both formats, asked for by parameter and by header."""
    for values in subjects:
        yield Probe(tuple(_plain(context, values, each) for each in media))
    for values in subjects[:3]:
        yield Probe(tuple(_by_header(context, values, each) for each in media))


def _plain(context: RequestContext, values: tuple[str, ...], media: Media) -> RequestCase:
    label = "running-instance" if values in context.running else "documented-instance"
    if values in context.not_running:
        label = "not-running-instance"
    query = _format_query(context, media)
    case = context.case(canonical(values), context.expected_of(values), query=query)
    return replace(case, label=label)


def _by_header(context: RequestContext, values: tuple[str, ...], media: Media) -> RequestCase:
    headers = (("Accept", _BY_ACCEPT[media]),)
    case = context.case(canonical(values), context.expected_of(values), headers=headers)
    return replace(case, label="accept-header")


def _format_query(context: RequestContext, media: Media) -> str:
    """The query that asks for a format, where the page has a parameter for it."""
    for parameter in context.listed():
        named = [each for each in parameter.values if each.lower() == media.value]
        if named:
            return query_with(parameter, named[0])
    return ""


def _one_of_each(
    contract: Contract,
    context: RequestContext,
    known: Known,
    media: Sequence[Media],
    *,
    signed: bool,
) -> Iterator[Probe]:
    """Every other kind of call: signatures, what servers get wrong, what must fail, the rest."""
    cases = tuple(
        known_cases(
            contract,
            running=known.running,
            not_running=known.not_running,
            accepted=dict(context.accepted),
            signed=signed,
            everything_exists=known.everything_exists,
        )
    )
    seen = set()
    for case in sorted(cases, key=_turns(cases)):
        for variant in _variants(context, case, media):
            sent = (variant.request, variant.signing)
            if sent not in seen:
                seen.add(sent)
                yield Probe((variant,))


def _turns(cases: Sequence[RequestCase]) -> Callable[[RequestCase], int]:
    plain = {each.request for each in cases if each.label == "running-instance"}

    def turn(case: RequestCase) -> int:
        if case.expectation.about == "signature":
            return 0
        if case.expectation.outcome is Outcome.FAILURE:
            return 2
        # Most names have no delimiter that could be bare, so their calls are the plain ones.
        return 1 if case.label in _TELLING and case.request not in plain else 3

    return turn


def _variants(
    context: RequestContext, case: RequestCase, media: Sequence[Media]
) -> Iterator[RequestCase]:
    """A call as it is, and in the other format where it does not choose one itself."""
    yield case
    target = case.request.target
    chooses = case.label in _FORMAT_LABELS or "?" in target
    if chooses or case.signing is not Signing.VALID or case.request.method != "GET":
        return
    for each in media:
        query = _format_query(context, each)
        if query and each is not Media.XML:  # without asking, the answer is XML
            yield replace(case, request=replace(case.request, target=f"{target}?{query}"))
