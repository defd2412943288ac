"""Whether the answer is the one that the request should get."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from docpact.check.context import AnswerContext, AnswerRule, Stage
from docpact.contract import Contract, Media, Place
from docpact.core.exchange import Expectation, Outcome, Request, header
from docpact.core.rule import Family
from docpact.core.span import Grade
from docpact.core.text import printable
from docpact.core.violation import Value, Violation, captured, plain

_OUTCOMES: Final = {2: Outcome.SUCCESS, 4: Outcome.FAILURE, 5: Outcome.FAILURE}
_LONGEST_CODE: Final = 80
_FORMATS: Final = frozenset(each.value for each in Media)


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


EXPECTATION_RULES: Final = (
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
        "too. Checked only where docpact made the request and so knows what must come of it.",
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
