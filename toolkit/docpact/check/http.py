"""Status, headers and time: what they promise of the body, and what HTTP itself asks of them."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from docpact.check.decode import Body
from docpact.check.envelope import Envelope
from docpact.contract import Contract, Media, Place
from docpact.core.exchange import MAX_BODY, Exchange, Request, Response, header
from docpact.core.violation import Violation, captured, shown

_SUCCESS, _FAILURE = range(200, 300), range(400, 600)
_SAYS_NOTHING = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream", "*/*"})
_JSON_TOO = frozenset({"text/javascript", "application/javascript"})
_OF_MEDIA = re.compile(r"[^/]+/(?:[^/]*[+])?(?:x-)?(json|xml)")
_NOT_MODIFIED, _METHOD_NOT_ALLOWED = 304, 405
_PATIENCE = 10.0  # seconds that the vendor's own client waits
_MASK = b"***"
_FORMATS = frozenset(each.value for each in Media)
_LENGTH = re.compile(r"[0-9]{1,18}")


def charset_of(response: Response) -> str | None:
    """The charset that the Content-Type names."""
    value = header(response.headers, "Content-Type")
    if value is None:
        return None
    from email.message import Message  # slow to import, and bodies alone have no headers

    message = Message()
    message["Content-Type"] = "".join(each for each in value if each.isprintable())
    charset = message.get_param("charset")
    return charset.strip() or None if isinstance(charset, str) else None


def has_no_body(exchange: Exchange) -> bool:
    """Whether HTTP itself leaves out the body."""
    request, status = exchange.request, exchange.response.status
    return status == _NOT_MODIFIED or (request is not None and request.method == "HEAD")


def check_transfer(exchange: Exchange) -> Iterator[Violation]:
    """What can be judged without reading the body."""
    yield from check_status(exchange.response)
    yield from check_allow(exchange.response)
    yield from check_length(exchange)
    yield from check_time(exchange.response)


def check_status(response: Response) -> Iterator[Violation]:
    """The status is one of success or failure."""
    status = response.status
    if status is not None and status not in _SUCCESS and status not in _FAILURE:
        message = f"the status is {status}; the page knows 2xx, 4xx and 5xx"
        yield Violation("unexpected-status", message, expected="2xx, 4xx or 5xx", actual=status)


def check_outcome(
    response: Response, envelope: Envelope, contract: Contract
) -> Iterator[Violation]:
    """Status and body agree on success or failure."""
    status = response.status
    if status is None:
        return
    failed = envelope.answer is contract.failure
    if failed and status in _SUCCESS:
        message = f"an error body came with status {status}; a failure has 4xx or 5xx"
        yield Violation("error-under-success", message, expected="4xx or 5xx", actual=status)
    elif not failed and status in _FAILURE and envelope.value:
        message = f"an answer that is no error came with status {status}; a success has 2xx"
        yield Violation("success-under-error", message, expected="2xx", actual=status)


def is_unknown_failure(response: Response, body: Body, contract: Contract) -> bool:
    """Whether a failure came of which the page says nothing, so nothing can be wrong in it."""
    told = contract.failure is not None or body.root == contract.success.root
    return not told and response.status in _FAILURE


def check_content_type(response: Response, body: Body) -> Iterator[Violation]:
    """The Content-Type says what the body is."""
    if not response.headers:
        return  # only a body was captured
    said = response.content_type
    if not said:
        message = "the answer has no Content-Type"
        yield Violation("missing-content-type", message, expected=_usual(body.media))
    elif said not in _SAYS_NOTHING and media_named(said) is not body.media:
        media = body.media.value.upper()
        message = f"the Content-Type is {captured(said)}, but the body is {media}"
        yield Violation("wrong-content-type", message, expected=_usual(body.media), actual=said)


def check_format(exchange: Exchange, body: Body, contract: Contract) -> Iterator[Violation]:
    """A success comes in the format that its request names, in whatever letter case."""
    asked = _format_asked(exchange.request, contract) if exchange.request else None
    if asked is not None and asked is not body.media and exchange.response.ok is not False:
        message = (
            f"the request asks for {asked.value.upper()}; the answer is {body.media.value.upper()}"
        )
        yield Violation(
            "wrong-answer-format", message, expected=asked.value, actual=body.media.value
        )


def _format_asked(request: Request, contract: Contract) -> Media | None:
    """The format that a parameter of the query names, if it is there once."""
    pairs = parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    for parameter in contract.operation.parameters:
        listed = {each.lower() for each in parameter.values}
        if parameter.place is Place.QUERY and set() < listed <= _FORMATS:
            named = [value.lower() for name, value in pairs if name == parameter.wire_name]
            return Media(named[0]) if len(named) == 1 and named[0] in _FORMATS else None
    return None


def check_allow(response: Response) -> Iterator[Violation]:
    """A 405 says which methods are allowed; an empty list is one, too."""
    if response.status != _METHOD_NOT_ALLOWED or not response.headers:
        return
    if header(response.headers, "Allow") is None:
        yield Violation("missing-allow", "an answer with status 405 has no Allow header")


def check_length(exchange: Exchange) -> Iterator[Violation]:
    """The Content-Length is that of the body, where the two can be compared."""
    response = exchange.response
    said = header(response.headers, "Content-Length")
    if said is None or has_no_body(exchange) or not _is_as_sent(response):
        return
    if not _LENGTH.fullmatch(said):
        message = f"the Content-Length is {shown(said)}, which is no length"
        yield Violation("wrong-length", message, expected=len(response.body), actual=said)
    elif not _fits(int(said), response.body):
        message = f"the Content-Length is {int(said)}, but the body has {len(response.body)} bytes"
        yield Violation("wrong-length", message, expected=len(response.body), actual=int(said))


def _is_as_sent(response: Response) -> bool:
    """Whether the body is still what travelled: not unpacked, masked or cut by the capture."""
    coded = (header(response.headers, f"{each}-Encoding") for each in ("Content", "Transfer"))
    return not any(coded) and _MASK not in response.body and len(response.body) <= MAX_BODY


def _fits(length: int, body: bytes) -> bool:
    # An editor that saves a dump ends its last line.
    return len(body) == length or (len(body) > length and body[length:] in {b"\n", b"\r\n"})


def check_time(response: Response) -> Iterator[Violation]:
    """The answer comes before a client gives up."""
    seconds = response.seconds
    if seconds is not None and seconds > _PATIENCE:
        message = f"the answer took {seconds:.1f} seconds; clients give up after {_PATIENCE:.0f}"
        yield Violation("slow-answer", message, expected=_PATIENCE, actual=round(seconds, 1))


def media_named(content_type: str) -> Media | None:
    """The format that a media type names: application/json, text/xml, application/problem+json."""
    if content_type in _JSON_TOO:
        return Media.JSON
    named = _OF_MEDIA.fullmatch(content_type)
    return Media(named[1]) if named else None


def _usual(media: Media) -> str:
    return f"application/{media.value}"
