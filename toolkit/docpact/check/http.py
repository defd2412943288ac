"""Status, headers and time, and whether the answer is the one that the request should get."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from docpact.check.context import AnswerContext, AnswerRule, Stage
from docpact.check.decode import Body, has_no_body
from docpact.contract import Contract, Media, Place
from docpact.core.exchange import MAX_BODY, Expectation, Outcome, Request, Response, header
from docpact.core.span import Grade
from docpact.core.text import printable
from docpact.core.violation import Family, Rule, Value, Violation, captured, plain, shown

_SUCCESS, _FAILURE = range(200, 300), range(400, 600)
_SAYS_NOTHING = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream", "*/*"})
_JSON_TOO = frozenset({"text/javascript", "application/javascript"})
_OF_MEDIA = re.compile(r"[^/]+/(?:[^/]*[+])?(?:x-)?(json|xml)")
_METHOD_NOT_ALLOWED = 405
_PATIENCE = 10.0  # seconds that the vendor's own client waits
_MASK = b"***"
_LENGTH = re.compile(r"[0-9]{1,18}")
_OUTCOMES: Final = {2: Outcome.SUCCESS, 4: Outcome.FAILURE, 5: Outcome.FAILURE}
_LONGEST_CODE: Final = 80
_FORMATS: Final = frozenset(each.value for each in Media)


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


def is_unknown_failure(response: Response, body: Body, contract: Contract) -> bool:
    """Whether it is a failure and the page does not describe failures, so nothing can be wrong."""
    is_described = contract.failure is not None or body.root == contract.success.root
    return not is_described and response.status in _FAILURE


def media_named(content_type: str) -> Media | None:
    """The format that a media type names: application/json, text/xml, application/problem+json."""
    if content_type in _JSON_TOO:
        return Media.JSON
    named = _OF_MEDIA.fullmatch(content_type)
    return Media(named[1]) if named else None


def _check_status(context: AnswerContext) -> Iterator[Violation]:
    status = context.response.status
    if status is not None and status not in _SUCCESS and status not in _FAILURE:
        message = f"the status is {status}; the page documents 2xx, 4xx and 5xx"
        yield Violation("unexpected-status", message, expected="2xx, 4xx or 5xx", actual=status)


def _check_failure_status(context: AnswerContext) -> Iterator[Violation]:
    status = context.response.status
    if context.is_failure and status in _SUCCESS:
        message = f"the body is an error, but the status is {status}; a failure has 4xx or 5xx"
        yield Violation("error-under-success", message, expected="4xx or 5xx", actual=status)


def _check_success_status(context: AnswerContext) -> Iterator[Violation]:
    status = context.response.status
    if not context.is_failure and status in _FAILURE and context.value:
        message = f"the body is not an error, but the status is {status}; a success has 2xx"
        yield Violation("success-under-error", message, expected="2xx", actual=status)


def _check_content_type(context: AnswerContext) -> Iterator[Violation]:
    content_type, media = context.response.content_type, context.body.media
    if not content_type or content_type in _SAYS_NOTHING or media_named(content_type) is media:
        return
    message = f"the Content-Type is {captured(content_type)}, but the body is {media.value.upper()}"
    yield Violation(
        "wrong-content-type", message, expected=f"application/{media.value}", actual=content_type
    )


def _check_has_content_type(context: AnswerContext) -> Iterator[Violation]:
    # Without any header, only a body was captured.
    if context.response.headers and not context.response.content_type:
        expected = f"application/{context.body.media.value}"
        message = "the answer has no Content-Type"
        yield Violation("missing-content-type", message, expected=expected)


def _check_length(context: AnswerContext) -> Iterator[Violation]:
    response = context.response
    said = header(response.headers, "Content-Length")
    if said is None or has_no_body(context.exchange) or not _is_as_sent(response):
        return
    actual = len(response.body)
    if not _LENGTH.fullmatch(said):
        message = f"the Content-Length is {shown(said)}, which is not a number of bytes"
        yield Violation("wrong-length", message, expected=actual, actual=said)
    elif not _fits(int(said), response.body):
        message = f"the Content-Length is {int(said)}, but the body has {actual} bytes"
        yield Violation("wrong-length", message, expected=actual, actual=int(said))


def _is_as_sent(response: Response) -> bool:
    """Whether the body is as it was sent: not unpacked, masked or cut by the capture."""
    coded = (header(response.headers, f"{each}-Encoding") for each in ("Content", "Transfer"))
    return not any(coded) and _MASK not in response.body and len(response.body) <= MAX_BODY


def _fits(length: int, body: bytes) -> bool:
    # An editor that saves a dump ends its last line.
    return len(body) == length or (len(body) > length and body[length:] in {b"\n", b"\r\n"})


def _check_allow(context: AnswerContext) -> Iterator[Violation]:
    response = context.response
    if response.status != _METHOD_NOT_ALLOWED or not response.headers:
        return
    if header(response.headers, "Allow") is None:
        yield Violation("missing-allow", "the answer has status 405, but no Allow header")


def _check_time(context: AnswerContext) -> Iterator[Violation]:
    seconds = context.response.seconds
    if seconds is not None and seconds > _PATIENCE:
        message = f"the answer took {seconds:.1f} seconds; clients give up after {_PATIENCE:.0f}"
        yield Violation("slow-answer", message, expected=_PATIENCE, actual=round(seconds, 1))


def _contradicted(context: AnswerContext, expected: Outcome) -> Expectation | None:
    """What was expected, if it is this outcome and the status says the other one."""
    expectation, status = context.exchange.expectation, context.response.status
    if expectation is None or expectation.outcome is not expected or status is None:
        return None
    outcome = _OUTCOMES.get(status // 100)  # any other status is reported by its own rule
    return expectation if outcome not in {None, expected} else None


def _check_must_succeed(context: AnswerContext) -> Iterator[Violation]:
    expected = _contradicted(context, Outcome.SUCCESS)
    if expected is not None:
        status = context.response.status
        message = f"the call failed with status {status}, but must succeed: {expected.because}"
        message += _details(context.exchange.request, said_by(context.value))
        yield Violation(
            "unexpected-failure", message, origin=expected.origin, expected="2xx", actual=status
        )


def _check_must_fail(context: AnswerContext) -> Iterator[Violation]:
    expected = _contradicted(context, Outcome.FAILURE)
    if expected is not None and expected.about == "request":
        yield _succeeded(
            context, "unexpected-success", expected, _details(context.exchange.request, "")
        )


def _check_signature(context: AnswerContext) -> Iterator[Violation]:
    expected = _contradicted(context, Outcome.FAILURE)
    if expected is not None and expected.about == "signature":
        yield _succeeded(context, "signature-ignored", expected)


def _succeeded(
    context: AnswerContext, rule: str, expected: Expectation, details: str = ""
) -> Violation:
    status = context.response.status
    message = f"the call succeeded with status {status}, but must fail: {expected.because}{details}"
    return Violation(rule, message, origin=expected.origin, expected="4xx or 5xx", actual=status)


def _details(request: Request | None, said: str) -> str:
    """The rest of a message: what the answer said, and whether the call had a signature."""
    said = captured(said) if said else ""
    if request is None:
        return f" (the answer: {said})" if said else ""
    kind = "unsigned" if header(request.headers, "Authorization") is None else "signed"
    return f" (the call was {kind}; the answer: {said})" if said else f" (the call was {kind})"


def said_by(value: Mapping[str, Value]) -> str:
    """What a failure says of itself, short and harmless to print: its Code and its Message."""
    code, message = value.get("Code"), value.get("Message")
    parts = (
        printable(code[:_LONGEST_CODE]) if isinstance(code, str) else "",
        plain(message) if isinstance(message, str) and message else "",
    )
    return " ".join(filter(None, parts))


def _check_format(context: AnswerContext) -> Iterator[Violation]:
    request, body = context.exchange.request, context.body
    is_success = context.answer is context.contract.success and context.response.ok is not False
    if request is None or not is_success or body.members is None:
        return
    expected = _format_requested(request, context.contract)
    if expected is None or expected is body.media:
        return
    message = f"the request asks for {expected.value.upper()}; the answer is "
    message += body.media.value.upper()
    yield Violation(
        "wrong-answer-format", message, expected=expected.value, actual=body.media.value
    )


def _format_requested(request: Request, contract: Contract) -> Media | None:
    """The format that a parameter of the query names, if it is there once."""
    pairs = parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    for parameter in contract.operation.parameters:
        listed = {each.lower() for each in parameter.values}
        if parameter.place is Place.QUERY and set() < listed <= _FORMATS:
            named = [value.lower() for name, value in pairs if name == parameter.wire_name]
            return Media(named[0]) if len(named) == 1 and named[0] in _FORMATS else None
    return None


HTTP_RULES: Final = (
    AnswerRule(
        "unexpected-status",
        Family.HTTP,
        Grade.STATED,
        "The status is neither success nor failure",
        "2xx means success, 4xx and 5xx mean failure. No other status is documented.",
        "HTTP/1.1 302 Found",
        "A server behind a gateway that redirects, for example to a login form; and one that "
        "answers 304 to a client with a cache.",
        stage=Stage.TRANSFER,
        check=_check_status,
    ),
    AnswerRule(
        "error-under-success",
        Family.HTTP,
        Grade.STATED,
        "An error body has a success status",
        "A failure has a status of 4xx or 5xx. With 2xx, a client reads it as an instance.",
        "HTTP/1.1 200 OK with <Error>",
        "A server behind a gateway that answers every call with 200, if its clients look only at "
        "Code.",
        stage=Stage.ANSWER,
        check=_check_failure_status,
    ),
    AnswerRule(
        "success-under-error",
        Family.HTTP,
        Grade.STATED,
        "An instance has an error status",
        "An answer that holds an instance has a status of 2xx.",
        "HTTP/1.1 500 Internal Server Error with an Instance",
        "A server behind a gateway that changes the status, if its clients look only at the body.",
        stage=Stage.ANSWER,
        check=_check_success_status,
    ),
    AnswerRule(
        "wrong-content-type",
        Family.HTTP,
        Grade.STATED,
        "The Content-Type does not fit the body",
        "The Content-Type of a JSON body must not name XML or HTML, and the other way round.",
        "Content-Type: application/xml before {",
        "None known: text/plain and application/octet-stream are accepted for any body.",
        stage=Stage.TEXT,
        check=_check_content_type,
    ),
    AnswerRule(
        "missing-content-type",
        Family.HTTP,
        Grade.ASSUMED,
        "The answer has no Content-Type",
        "Without a Content-Type a client has to guess the format.",
        "headers without Content-Type",
        stage=Stage.TEXT,
        check=_check_has_content_type,
    ),
    AnswerRule(
        "wrong-length",
        Family.HTTP,
        Grade.IMPLIED,
        "The Content-Length is not the length of the body",
        "A client stops reading at the length that the header gives, or waits for bytes that never "
        "come. Checked only where body and header can be compared: without Content-Encoding and "
        "Transfer-Encoding, not for HEAD and 304, not where a value was masked.",
        "Content-Length: 100 before a body of 80 bytes",
        "A dump that an editor or `curl --compressed` changed. A line break that an editor added "
        "at the end is not reported.",
        stage=Stage.TRANSFER,
        check=_check_length,
    ),
    Rule(
        "no-answer",
        Family.HTTP,
        Grade.STATED,
        "A call got no answer",
        "Every call is answered with a status of success or failure. Checked only where docpact "
        "made the call; reported if a second try gets no answer either, while other calls do.",
        "a connection that is closed without a byte",
        "A server behind a gateway that drops requests which look like an attack.",
    ),
    AnswerRule(
        "missing-allow",
        Family.HTTP,
        Grade.IMPLIED,
        "A 405 does not say which methods are allowed",
        "An answer with status 405 has an Allow header, which may be empty (RFC 9110, section "
        "15.5.6). Checked only where headers were captured.",
        "HTTP/1.1 405 Method Not Allowed without Allow",
        "A server behind a gateway that drops the header.",
        stage=Stage.TRANSFER,
        check=_check_allow,
    ),
    AnswerRule(
        "slow-answer",
        Family.HTTP,
        Grade.ASSUMED,
        "The answer took longer than a client waits",
        "The vendor's own client gives up after 10 seconds. Checked only where the time is known.",
        "an answer after 12 seconds",
        "A server behind a slow connection.",
        stage=Stage.TRANSFER,
        check=_check_time,
    ),
    AnswerRule(
        "wrong-answer-format",
        Family.HTTP,
        Grade.STATED,
        "The answer is not in the format that was asked for",
        "The parameter Format asks for JSON or XML, and a success comes in that format. Failures "
        "and the Accept header are not checked.",
        "an XML answer to ?Format=JSON",
        "An endpoint that has only one format: switch the rule off.",
        stage=Stage.OUTCOME,
        check=_check_format,
    ),
    AnswerRule(
        "unexpected-success",
        Family.HTTP,
        Grade.STATED,
        "A request that must fail succeeded",
        "A request that does not follow the page must fail. Where a ruling says so, as for "
        "GetInstance, a request for an instance that does not run or does not exist must fail "
        "too. Checked only where docpact made the request, and so knows the expected result.",
        "HTTP/1.1 200 OK for an instance that does not exist",
        "A server on which an instance that --not-running names has started.",
        stage=Stage.OUTCOME,
        check=_check_must_fail,
    ),
    AnswerRule(
        "unexpected-failure",
        Family.HTTP,
        Grade.STATED,
        "A valid request for a running instance failed",
        "A valid request for an instance that exists and runs must succeed. Checked only where "
        "docpact made the request for an instance that --running names.",
        "HTTP/1.1 404 Not Found for an instance that --running names",
        "A server that throttles, one that is being restarted, or an instance that has ended.",
        stage=Stage.OUTCOME,
        check=_check_must_succeed,
    ),
    AnswerRule(
        "signature-ignored",
        Family.HTTP,
        Grade.STATED,
        "A request without a valid signature succeeded",
        "Every request is signed with the caller's key; a request without a valid signature must "
        "fail. Checked only where docpact made the request and knows that signatures are required.",
        "HTTP/1.1 200 OK without Authorization",
        "A mock or a server in a closed network that leaves signatures to a gateway.",
        stage=Stage.OUTCOME,
        check=_check_signature,
    ),
)
