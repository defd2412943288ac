"""The requests that a careful client makes, in each of the ways in which it may write them."""

from typing import Final

from hypothesis import strategies as st

from docpact.contract import INT64_MAX, INT64_MIN
from docpact.contract.path_template import encoded_segment
from docpact.core.exchange import Headers
from docpact.generate.request_context import (
    UNKNOWN,
    Pick,
    RequestCase,
    RequestContext,
    RequestKind,
    Spot,
    Values,
    anyone,
    anyone_if_listed,
    canonical,
    ids,
    names,
    query_with,
)
from docpact.generate.texts import HARD_NAMES, name

_DELIMITERS = "!$&'()*+,;=:@"  # what RFC 3986 lets a segment hold as it is
_TYPES = ("application/json", "application/xml", "text/xml", "*/*")
_WEIGHTS = (
    "application/xml;q=0.5, application/json",
    "application/json;q=0.9, */*;q=0.1",
    "text/xml, application/xml;q=0.9, */*;q=0.8",
    "application/json; q=1.000 , application/xml ; q=0",
)


def _plain(
    context: RequestContext, values: Values, query: str = "", headers: Headers = ()
) -> RequestCase:
    return context.case(
        canonical(values), context.expected_of(values), query=query, headers=headers
    )


def _as_known(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    return _plain(context, spot.values)


def _all_encoded(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    segments = [_hex(each) for each in spot.values]
    return context.case(segments, context.expected_of(spot.values))


def _lower_hex(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    segments = [_hex(each).lower() for each in spot.values]
    return context.case(segments, context.expected_of(spot.values))


def _bare_delimiters(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    segments = [encoded_segment(each, bare=_DELIMITERS) for each in spot.values]
    return context.case(segments, context.expected_of(spot.values))


def _hex(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def _current(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    return _plain(context, spot.with_value(pick(context.current_at(spot.position))))


def _no_such_name(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    # The prefix keeps a drawn name from being one that the endpoint happens to know.
    drawn = st.randoms(use_true_random=False).map(name)
    values = spot.with_value("no-such-" + pick(HARD_NAMES, drawn))
    because = f"there is no such {context.parameters[spot.position].name}"
    return context.case(
        canonical(values), context.must_fail(values, because, position=spot.position)
    )


def _no_such_id(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    taken = {*context.taken(spot.position), *context.current_at(spot.position)}
    # The second is that of a known instance to whoever keeps 32 bits.
    hard = (INT64_MAX, int(spot.value) + 2**32, INT64_MIN, -2)
    fit = [str(each) for each in hard if INT64_MIN <= each <= INT64_MAX]
    pool = [each for each in fit if each not in taken]
    more = st.integers(2**53, INT64_MAX).map(str).filter(lambda each: each not in taken)
    values = spot.with_value(pick(pool, more))
    because = f"there is no such {context.parameters[spot.position].name}"
    return context.case(
        canonical(values), context.must_fail(values, because, position=spot.position)
    )


def _listed(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    return _plain(context, spot.values, query_with(parameter, pick(parameter.values)))


def _accept(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    return _plain(context, spot.values, headers=(("Accept", pick(_TYPES)),))


def _weights(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    return _plain(context, spot.values, headers=(("Accept", pick(_WEIGHTS)),))


def _optional_header(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    parameter = pick(context.headers())
    # The page's example need not be what this endpoint takes.
    expectation = (
        context.expected_of(spot.values) if parameter.name in context.accepted else UNKNOWN
    )
    headers = ((parameter.wire_name, context.header_value(parameter)),)
    return context.case(canonical(spot.values), expectation, headers=headers)


def _running(context: RequestContext) -> tuple[Spot, ...]:
    return tuple(map(Spot, context.running))


def _not_running(context: RequestContext) -> tuple[Spot, ...]:
    return tuple(map(Spot, context.not_running))


def _example(context: RequestContext) -> tuple[Spot, ...]:
    return (Spot(context.example),)


def _jobs(context: RequestContext) -> tuple[Spot, ...]:
    at = [at for at in range(len(context.parameters)) if context.current_at(at)]
    known = (*context.subjects, *context.not_running)
    return tuple(Spot(values, position) for values in known for position in at)


def _if_headers(context: RequestContext) -> tuple[Spot, ...]:
    return anyone(context) if context.headers() else ()


VALID_KINDS: Final = (
    RequestKind(
        "running-instance",
        "an instance that is known to run",
        _running,
        _as_known,
        every_spot=True,
    ),
    RequestKind(
        "encoded-letters",
        "an instance that is known to run, every character percent-encoded",
        _running,
        _all_encoded,
    ),
    RequestKind(
        "lower-case-hex",
        "an instance that is known to run, percent-encoded in lower case",
        _running,
        _lower_hex,
    ),
    RequestKind(
        "bare-delimiters",
        "an instance that is known to run, with + and & and others as they are",
        _running,
        _bare_delimiters,
        every_spot=True,
    ),
    RequestKind(
        "not-running-instance",
        "an instance of a job that is known not to run",
        _not_running,
        _as_known,
        every_spot=True,
    ),
    RequestKind("documented-instance", "the page's own example", _example, _as_known),
    RequestKind("current-instance", "a job's current instance", _jobs, _current, every_spot=True),
    RequestKind(
        "unknown-name",
        "a name that nothing has",
        names,
        _no_such_name,
        every_spot=True,
    ),
    RequestKind("unknown-id", "an id that no instance has", ids, _no_such_id),
    RequestKind("listed-parameter", "a listed value, as of Format", anyone_if_listed, _listed),
    RequestKind("accept-header", "one media type in Accept", anyone, _accept),
    RequestKind("accept-weights", "several media types with weights in Accept", anyone, _weights),
    RequestKind(
        "optional-header", "an optional header, as of RegionId", _if_headers, _optional_header
    ),
)
