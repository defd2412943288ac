"""The table of request kinds: requests as a careful client writes them, and wrong ones.

In each pool the first value is the one for a probe, and the simplest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Final, TypeVar

from docpact.contract import INT64_MAX, INT64_MIN, Kind, Parameter
from docpact.contract.path_template import encoded_segment
from docpact.core.exchange import Expectation, Headers, Outcome
from docpact.generate.request_context import (
    UNKNOWN,
    Pick,
    RequestCase,
    RequestContext,
    RequestKind,
    RequestSubject,
    Signing,
    canonical,
    query_with,
)
from docpact.generate.texts import HARD_NAMES, letters, name

T = TypeVar("T")

_DELIMITERS: Final = "!$&'()*+,;=:@"  # what RFC 3986 lets a segment hold as it is
_TYPES: Final = ("application/json", "application/xml", "text/xml", "*/*")
_WEIGHTS: Final = (
    "application/xml;q=0.5, application/json",
    "application/json;q=0.9, */*;q=0.1",
    "text/xml, application/xml;q=0.9, */*;q=0.8",
    "application/json; q=1.000 , application/xml ; q=0",
)
_METHODS: Final = ("POST", "PUT", "DELETE", "PATCH", "GET")
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DOTS: Final = ("%2e%2e", "..", "%2E", ".", ".%2e")
_CONTROLS: Final = ("\0", "\n", "\r\nX-Injected: yes", "\x1b[31m", "\x7f", "\u0085")
_BAD_ESCAPES: Final = ("%zz", "%", "%4", "%e4%b8", "%c0%af", "%ff", "%u5B9E", "%%35")
_BAD_CHOICES: Final = ("YAML", "HTML", "JSONP", "0", "JSON,XML", "../JSON")

# Placeholders: no key of theirs exists, and no secret made these signatures.
_KEY_ID: Final = "testid"
_NO_SIGNATURE: Final = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="  # Base64 of 20 bytes, as HMAC-SHA1 has them
_PLACEHOLDER: Final = f"acs {_KEY_ID}:{_NO_SIGNATURE}"  # for a sender without a key of its own
_MALFORMED: Final = (
    "acs",
    f"acs {_KEY_ID}",
    f"acs {_KEY_ID}:",
    f"acs :{_NO_SIGNATURE}",
    f"acs {_KEY_ID}:no Base64!",
    f"{_KEY_ID}:{_NO_SIGNATURE}",
    f"acs {_KEY_ID}:{_NO_SIGNATURE}:{_NO_SIGNATURE}",
)
_OTHER_SCHEMES: Final = (
    f"Bearer {_KEY_ID}",
    "Basic dGVzdGlkOnRlc3Q=",
    f"AWS {_KEY_ID}:{_NO_SIGNATURE}",
    f'Digest username="{_KEY_ID}"',
)


def _any(context: RequestContext) -> tuple[RequestSubject, ...]:
    return tuple(map(RequestSubject, context.subjects))


def _any_if_listed(context: RequestContext) -> tuple[RequestSubject, ...]:
    return _any(context) if context.listed() else ()


def _any_if_headers(context: RequestContext) -> tuple[RequestSubject, ...]:
    return _any(context) if context.headers() else ()


def _each_name(context: RequestContext) -> tuple[RequestSubject, ...]:
    return context.each_parameter(Kind.STRING)


def _each_id(context: RequestContext) -> tuple[RequestSubject, ...]:
    return context.each_parameter(Kind.LONG)


def _running(context: RequestContext) -> tuple[RequestSubject, ...]:
    return tuple(map(RequestSubject, context.running))


def _not_running(context: RequestContext) -> tuple[RequestSubject, ...]:
    return tuple(map(RequestSubject, context.not_running))


def _example(context: RequestContext) -> tuple[RequestSubject, ...]:
    return (RequestSubject(context.example),)


def _each_job(context: RequestContext) -> tuple[RequestSubject, ...]:
    positions = [at for at in range(len(context.parameters)) if context.current_at(at)]
    known = (*context.subjects, *context.not_running)
    return tuple(RequestSubject(values, position) for values in known for position in positions)


def _valid(
    context: RequestContext, subject: RequestSubject, query: str = "", headers: Headers = ()
) -> RequestCase:
    expectation = context.expected_of(subject.values)
    return context.case(canonical(subject.values), expectation, query=query, headers=headers)


def _as_known(context: RequestContext, subject: RequestSubject, _: Pick) -> RequestCase:
    return _valid(context, subject)


def _encoded(encode: Callable[[str], str]) -> Callable[..., RequestCase]:
    """A request for a known instance, its values encoded in some way."""

    def make(context: RequestContext, subject: RequestSubject, _: Pick) -> RequestCase:
        return context.case(
            [encode(each) for each in subject.values], context.expected_of(subject.values)
        )

    return make


def _hex(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def _current(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    value = pick(context.current_at(subject.position))
    return _valid(context, RequestSubject(subject.with_value(value)))


def _listed(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    return _valid(context, subject, query_with(parameter, pick(parameter.values)))


def _accept(pool: Sequence[str]) -> Callable[..., RequestCase]:
    """A request with one of these Accept headers."""

    def make(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
        return _valid(context, subject, headers=(("Accept", pick(pool)),))

    return make


def _optional_header(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    parameter = pick(context.headers())
    case = _valid(
        context, subject, headers=((parameter.wire_name, context.header_value(parameter)),)
    )
    # The page's example need not be what this endpoint takes.
    return case if parameter.name in context.accepted else replace(case, expectation=UNKNOWN)


def _failing(  # noqa: PLR0913, PLR0917  # what is wrong, and why
    context: RequestContext,
    subject: RequestSubject,
    value: str,
    because: str,
    blame: Parameter | None = None,
    segment: str | None = None,
) -> RequestCase:
    """A request with a value that must fail, whatever is made of its spelling."""
    values = subject.with_value(value)
    segments = list(canonical(values))
    if segment is not None:
        segments[subject.position] = segment
    expectation = context.must_fail(values, because, blame, position=subject.position)
    return context.case(segments, expectation)


def _unknown_name(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    # The prefix keeps a drawn name from being one that the endpoint happens to know.
    value = "no-such-" + pick(HARD_NAMES, name)
    return _failing(context, subject, value, f"there is no such {_name_of(context, subject)}")


def _unknown_id(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    taken = {*context.taken(subject.position), *context.current_at(subject.position)}
    # The second is that of a known instance to whoever keeps 32 bits.
    hard = (INT64_MAX, int(subject.value) + 2**32, INT64_MIN, -2)
    fit = [str(each) for each in hard if INT64_MIN <= each <= INT64_MAX]
    free = [each for each in fit if each not in taken]
    drawn = pick(free, lambda random: str(random.randint(2**53, INT64_MAX)))
    value = free[0] if drawn in taken else drawn
    return _failing(context, subject, value, f"there is no such {_name_of(context, subject)}")


def _name_of(context: RequestContext, subject: RequestSubject) -> str:
    return context.parameters[subject.position].name


def _bad_id(
    because: str,
    pool: Callable[[str], Sequence[str]],
    draw: Callable[[Random], str] | None = None,
) -> Callable[..., RequestCase]:
    """A request with an id that is not one; the pool may be made from a known id."""

    def make(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
        value = pick(pool(subject.value), draw)
        return _failing(context, subject, value, because, context.parameters[subject.position])

    return make


def _not_numbers(known: str) -> Sequence[str]:
    # Some parsers stop at the first letter, and some skip underscores.
    return ("abc", f"{known}abc", f"0x{abs(int(known)):x}", f"0_{abs(int(known))}", "null", "一")


def _beyond_int64(known: str) -> Sequence[str]:
    # The second is the known id to whoever drops the bits beyond the 64th.
    hard = (INT64_MAX + 1, abs(int(known)) + 2**64, INT64_MIN - 1, 10**30)
    return tuple(map(str, hard))


def _decimals(known: str) -> Sequence[str]:
    return tuple(known + each for each in (".5", ".0", "e0", "E+2", "."))


def _bad_name(
    spell: Callable[[str, Pick], tuple[str, str | None]],
) -> Callable[..., RequestCase]:
    """A request for a name that nothing has: the name, and its segment if that is unusual."""

    def make(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
        value, segment = spell(subject.value, pick)
        parameter = _name_of(context, subject)
        because = f"there is no such {parameter}" if value else f"its {parameter} is empty"
        return _failing(context, subject, value, because, segment=segment)

    return make


def _slash(known: str, pick: Pick) -> tuple[str, None]:
    return pick(("no/such", f"x/../{known}", "../../x")), None


def _dots(_known: str, pick: Pick) -> tuple[str, str]:
    segment = pick(_DOTS)
    return segment.lower().replace("%2e", "."), segment


def _long(_known: str, pick: Pick) -> tuple[str, None]:
    pool = ("x" * 300, "x" * 5000, "实" * 300)
    return pick(pool, lambda random: "x" * random.randint(257, 6000)), None


def _control(known: str, pick: Pick) -> tuple[str, None]:
    return known + pick(_CONTROLS, lambda random: chr(random.randint(0, 0x1F))), None


def _bad_escape(known: str, pick: Pick) -> tuple[str, str]:
    escape = pick(_BAD_ESCAPES)
    return known + escape, encoded_segment(known) + escape


def _bad_choice(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    known = {each.casefold() for each in parameter.values}
    pool = [each for each in _BAD_CHOICES if each.casefold() not in known]
    drawn = pick(pool, letters)
    value = pool[0] if drawn.casefold() in known else drawn
    because = f"{parameter.name} has none of its listed values"
    expectation = Expectation(Outcome.FAILURE, because, origin=parameter.origin)
    return context.case(canonical(subject.values), expectation, query=query_with(parameter, value))


def _twice(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    parameter = pick(context.listed())
    because = f"the page does not say which {parameter.name} counts"
    query = query_with(parameter, parameter.values[0], pick(parameter.values[::-1]))
    return context.case(
        canonical(subject.values), Expectation(Outcome.EITHER, because), query=query
    )


def _other_method(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
    documented = context.operation.method
    method = pick([each for each in _METHODS if each != documented])
    because = f"the page documents only {documented}"
    expectation = Expectation(Outcome.FAILURE, because, origin=context.operation.origin)
    case = context.case(canonical(subject.values), expectation, method=method)
    return replace(case, safe=method in _SAFE_METHODS)


def _signature(
    because: str,
    signing: Signing,
    authorization: Callable[[Pick], str] | None = None,
    *,
    with_query: bool = False,
) -> Callable[..., RequestCase]:
    """A request with a wrong signature, or without one."""

    def make(context: RequestContext, subject: RequestSubject, pick: Pick) -> RequestCase:
        headers = (("Authorization", authorization(pick)),) if authorization else ()
        parameter = pick(context.listed()) if with_query else None
        query = query_with(parameter, pick(parameter.values)) if parameter else ""
        return context.case(
            canonical(subject.values),
            Expectation(Outcome.FAILURE, because, about="signature"),
            query=query,
            headers=headers,
            signing=signing,
        )

    return make


def _placeholder(_pick: Pick) -> str:
    return _PLACEHOLDER


def _unknown_key(pick: Pick) -> str:
    return f"acs no-such-key{pick(('', '-2'), letters)}:{_NO_SIGNATURE}"


VALID_KINDS: Final = (
    RequestKind("running-instance", "a running instance", _running, _as_known, every_subject=True),
    RequestKind(
        "encoded-letters",
        "a running instance, every character percent-encoded",
        _running,
        _encoded(_hex),
    ),
    RequestKind(
        "lower-case-hex",
        "a running instance, percent-encoded in lower case",
        _running,
        _encoded(lambda value: _hex(value).lower()),
    ),
    RequestKind(
        "bare-delimiters",
        "a running instance, with + and & and others not encoded",
        _running,
        _encoded(lambda value: encoded_segment(value, bare=_DELIMITERS)),
        every_subject=True,
    ),
    RequestKind(
        "not-running-instance",
        "an instance of a job that is not running",
        _not_running,
        _as_known,
        every_subject=True,
    ),
    RequestKind("documented-instance", "the page's own example", _example, _as_known),
    RequestKind(
        "current-instance", "a job's current instance", _each_job, _current, every_subject=True
    ),
    RequestKind("unknown-name", "an unknown name", _each_name, _unknown_name, every_subject=True),
    RequestKind("unknown-id", "an unknown id", _each_id, _unknown_id),
    RequestKind(
        "listed-parameter", "a listed value of a parameter, such as Format", _any_if_listed, _listed
    ),
    RequestKind("accept-header", "one media type in Accept", _any, _accept(_TYPES)),
    RequestKind(
        "accept-weights", "several media types with weights in Accept", _any, _accept(_WEIGHTS)
    ),
    RequestKind(
        "optional-header",
        "an optional header, such as that of RegionId",
        _any_if_headers,
        _optional_header,
    ),
)

INVALID_KINDS: Final = (
    RequestKind(
        "id-not-a-number",
        "an id that is not a number",
        _each_id,
        _bad_id("its id is not a number", _not_numbers, letters),
    ),
    RequestKind(
        "id-beyond-int64",
        "an id larger than 64 bits",
        _each_id,
        _bad_id(
            "its id is larger than 64 bits",
            _beyond_int64,
            lambda random: str(random.randint(INT64_MAX + 1, 10**60)),
        ),
    ),
    RequestKind(
        "decimal-id",
        "an id with a fraction or an exponent",
        _each_id,
        _bad_id("its id is not a whole number", _decimals),
    ),
    RequestKind(
        "empty-segment", "an empty name", _each_name, _bad_name(lambda _known, _pick: ("", ""))
    ),
    RequestKind(
        "encoded-slash", "an unknown name with an encoded slash", _each_name, _bad_name(_slash)
    ),
    RequestKind(
        "dot-segment", "one or two dots as a name, encoded or not", _each_name, _bad_name(_dots)
    ),
    RequestKind(
        "overlong-name",
        "a name of hundreds or thousands of characters",
        _each_name,
        _bad_name(_long),
    ),
    RequestKind(
        "control-character",
        "a known name with a control character",
        _each_name,
        _bad_name(_control),
    ),
    RequestKind(
        "bad-percent-encoding", "a name with a broken escape", _each_name, _bad_name(_bad_escape)
    ),
    RequestKind(
        "bad-listed-value",
        "a value that is not listed of a parameter, such as Format",
        _any_if_listed,
        _bad_choice,
    ),
    RequestKind("repeated-parameter", "a parameter twice, such as Format", _any_if_listed, _twice),
    RequestKind("wrong-method", "a method that is not on the page", _any, _other_method),
)

SIGNATURE_KINDS: Final = (
    RequestKind(
        "missing-signature",
        "no Authorization",
        _any,
        _signature("it is not signed", Signing.NOT_AT_ALL),
    ),
    RequestKind(
        "wrong-signature",
        "a signature with another secret",
        _any,
        _signature(
            "its signature was made with another secret", Signing.OTHER_SECRET, _placeholder
        ),
    ),
    RequestKind(
        "altered-signature",
        "a signature whose end was changed",
        _any,
        _signature("its signature was altered", Signing.ALTERED, _placeholder),
    ),
    RequestKind(
        "unsigned-query",
        "a query that the signature leaves out",
        _any_if_listed,
        _signature(
            "its signature does not cover the query",
            Signing.WITHOUT_QUERY,
            _placeholder,
            with_query=True,
        ),
    ),
    RequestKind(
        "unknown-access-key",
        "an unknown access key",
        _any,
        _signature("its access key is unknown", Signing.NOT_AT_ALL, _unknown_key),
    ),
    RequestKind(
        "malformed-authorization",
        "a malformed Authorization",
        _any,
        _signature(
            "its Authorization is malformed", Signing.NOT_AT_ALL, lambda pick: pick(_MALFORMED)
        ),
    ),
    RequestKind(
        "other-scheme",
        "an Authorization of another scheme",
        _any,
        _signature(
            "its Authorization is of another scheme",
            Signing.NOT_AT_ALL,
            lambda pick: pick(_OTHER_SCHEMES),
        ),
    ),
)
