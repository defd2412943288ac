"""Requests that are wrong in one way, which their label names."""

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from docpact.contract import INT64_MAX, INT64_MIN
from docpact.contract.path_template import encoded_segment
from docpact.core.exchange import Expectation, Headers, Outcome
from docpact.generate.request_context import (
    Pick,
    RequestCase,
    RequestContext,
    RequestKind,
    Signing,
    Spot,
    anyone,
    anyone_if_listed,
    canonical,
    ids,
    names,
    query_with,
)

# Placeholders: no key of theirs exists, and no secret made these signatures.
_KEY_ID = "testid"
_NO_SIGNATURE = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="  # Base64 of 20 bytes, as HMAC-SHA1 has them
_STAND_IN = f"acs {_KEY_ID}:{_NO_SIGNATURE}"  # goes where the sender has no key of its own
_MALFORMED = (
    "acs",
    f"acs {_KEY_ID}",
    f"acs {_KEY_ID}:",
    f"acs :{_NO_SIGNATURE}",
    f"acs {_KEY_ID}:no Base64!",
    f"{_KEY_ID}:{_NO_SIGNATURE}",
    f"acs {_KEY_ID}:{_NO_SIGNATURE}:{_NO_SIGNATURE}",
)
_OTHER_SCHEMES = (
    f"Bearer {_KEY_ID}",
    "Basic dGVzdGlkOnRlc3Q=",
    f"AWS {_KEY_ID}:{_NO_SIGNATURE}",
    f'Digest username="{_KEY_ID}"',
)

_METHODS = ("POST", "PUT", "DELETE", "PATCH", "GET")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DOTS = ("%2e%2e", "..", "%2E", ".", ".%2e")
_CONTROLS = ("\0", "\n", "\r\nX-Injected: yes", "\x1b[31m", "\x7f", "\u0085")
_BAD_ESCAPES = ("%zz", "%", "%4", "%e4%b8", "%c0%af", "%ff", "%u5B9E", "%%35")
_BAD_CHOICES = ("YAML", "HTML", "JSONP", "0", "JSON,XML", "../JSON")
_LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


def _bad_id(context: RequestContext, spot: Spot, value: str, because: str) -> RequestCase:
    blame = context.parameters[spot.position]
    values = spot.with_value(value)
    expectation = context.must_fail(values, because, blame, position=spot.position)
    return context.case(canonical(values), expectation)


def _no_number(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    known = spot.value
    # Some parsers stop at the first letter, and some skip underscores.
    pool = ("abc", f"{known}abc", f"0x{abs(int(known)):x}", f"0_{abs(int(known))}", "null", "一")
    return _bad_id(context, spot, pick(pool, _LETTERS), "its id is no number")


def _no_int64(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    # The second is the known id to whoever drops the bits beyond the 64th.
    hard = (INT64_MAX + 1, abs(int(spot.value)) + 2**64, INT64_MIN - 1, 10**30)
    value = pick(hard, st.integers(INT64_MAX + 1, 10**60))
    return _bad_id(context, spot, str(value), "its id is beyond 64 bits")


def _no_whole_number(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    pool = tuple(spot.value + each for each in (".5", ".0", "e0", "E+2", "."))
    return _bad_id(context, spot, pick(pool), "its id is no whole number")


def _bad_name(
    context: RequestContext, spot: Spot, name: str, segment: str | None = None
) -> RequestCase:
    """A request for a name that nothing has, whatever is made of its spelling."""
    values = spot.with_value(name)
    segments = list(canonical(values))
    if segment is not None:
        segments[spot.position] = segment
    parameter = context.parameters[spot.position].name
    because = f"there is no such {parameter}" if name else f"its {parameter} is empty"
    return context.case(segments, context.must_fail(values, because, position=spot.position))


def _empty(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    return _bad_name(context, spot, "", "")


def _slash(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    return _bad_name(context, spot, pick(("no/such", f"x/../{spot.value}", "../../x")))


def _dots(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    segment = pick(_DOTS)
    return _bad_name(context, spot, segment.lower().replace("%2e", "."), segment)


def _long(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    drawn = st.integers(257, 6000).map(lambda times: "x" * times)
    return _bad_name(context, spot, pick(("x" * 300, "x" * 5000, "实" * 300), drawn))


def _control(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    drawn = st.characters(min_codepoint=0, max_codepoint=0x1F)
    return _bad_name(context, spot, spot.value + pick(_CONTROLS, drawn))


def _bad_escape(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    escape = pick(_BAD_ESCAPES)
    return _bad_name(context, spot, spot.value + escape, encoded_segment(spot.value) + escape)


def _bad_choice(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    known = {each.casefold() for each in parameter.values}
    pool = [each for each in _BAD_CHOICES if each.casefold() not in known]
    value = pick(pool, _LETTERS.filter(lambda each: each.casefold() not in known))
    because = f"{parameter.name} has none of its listed values"
    expectation = Expectation(Outcome.FAILURE, because, origin=parameter.origin)
    return context.case(canonical(spot.values), expectation, query=query_with(parameter, value))


def _twice(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    because = f"the page does not say which {parameter.name} counts"
    first, second = parameter.values[0], pick(parameter.values[::-1])
    query = query_with(parameter, first, second)
    return context.case(canonical(spot.values), Expectation(Outcome.EITHER, because), query=query)


def _other_method(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    documented = context.operation.method
    method = pick([each for each in _METHODS if each != documented])
    because = f"the page documents {documented} alone"
    expectation = Expectation(Outcome.FAILURE, because, origin=context.operation.origin)
    made = context.case(canonical(spot.values), expectation, method=method)
    return replace(made, safe=method in _SAFE_METHODS)


def _signed_otherwise(  # noqa: PLR0913, PLR0917  # only names what a request is made of
    context: RequestContext,
    spot: Spot,
    because: str,
    signing: Signing,
    authorization: str | None = None,
    query: str = "",
) -> RequestCase:
    expectation = Expectation(Outcome.FAILURE, because, about="signature")
    headers: Headers = () if authorization is None else (("Authorization", authorization),)
    segments = canonical(spot.values)
    return context.case(segments, expectation, query=query, headers=headers, signing=signing)


def _unsigned(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    return _signed_otherwise(context, spot, "it is not signed", Signing.NOT_AT_ALL)


def _other_secret(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    because = "its signature was made with another secret"
    return _signed_otherwise(context, spot, because, Signing.OTHER_SECRET, _STAND_IN)


def _altered(context: RequestContext, spot: Spot, _: Pick) -> RequestCase:
    because = "its signature was altered"
    return _signed_otherwise(context, spot, because, Signing.ALTERED, _STAND_IN)


def _query_added(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    query = query_with(parameter, pick(parameter.values))
    because = "its signature does not cover the query"
    return _signed_otherwise(context, spot, because, Signing.WITHOUT_QUERY, _STAND_IN, query)


def _unknown_key(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    key = "no-such-key" + pick(("", "-2"), _LETTERS)
    authorization = f"acs {key}:{_NO_SIGNATURE}"
    because = "nobody has its access key"
    return _signed_otherwise(context, spot, because, Signing.NOT_AT_ALL, authorization)


def _malformed(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    because = "its Authorization is malformed"
    return _signed_otherwise(context, spot, because, Signing.NOT_AT_ALL, pick(_MALFORMED))


def _other_scheme(context: RequestContext, spot: Spot, pick: Pick) -> RequestCase:
    because = "its Authorization is of another scheme"
    return _signed_otherwise(context, spot, because, Signing.NOT_AT_ALL, pick(_OTHER_SCHEMES))


INVALID_KINDS: Final = (
    RequestKind("id-not-a-number", "an id that is no number", ids, _no_number),
    RequestKind("id-beyond-int64", "an id beyond 64 bits", ids, _no_int64),
    RequestKind("decimal-id", "an id with a fraction or an exponent", ids, _no_whole_number),
    RequestKind("empty-segment", "an empty name", names, _empty),
    RequestKind("encoded-slash", "a name with an encoded slash that nothing has", names, _slash),
    RequestKind("dot-segment", "a dot or two for a name, encoded or not", names, _dots),
    RequestKind("overlong-name", "a name of hundreds or thousands of characters", names, _long),
    RequestKind("control-character", "a known name with a control character", names, _control),
    RequestKind("bad-percent-encoding", "a name with a broken escape", names, _bad_escape),
    RequestKind(
        "bad-listed-value",
        "a value that is not listed, as of Format",
        anyone_if_listed,
        _bad_choice,
    ),
    RequestKind("repeated-parameter", "a parameter twice, as Format", anyone_if_listed, _twice),
    RequestKind("wrong-method", "a method that the page does not have", anyone, _other_method),
)

SIGNATURE_KINDS: Final = (
    RequestKind("missing-signature", "no Authorization", anyone, _unsigned),
    RequestKind("wrong-signature", "a signature with another secret", anyone, _other_secret),
    RequestKind("altered-signature", "a signature whose end was changed", anyone, _altered),
    RequestKind(
        "unsigned-query", "a query that the signature leaves out", anyone_if_listed, _query_added
    ),
    RequestKind("unknown-access-key", "an access key that nobody has", anyone, _unknown_key),
    RequestKind("malformed-authorization", "a malformed Authorization", anyone, _malformed),
    RequestKind("other-scheme", "an Authorization of another scheme", anyone, _other_scheme),
)
