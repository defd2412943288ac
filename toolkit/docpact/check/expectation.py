"""Whether what came of a request is what must come of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from docpact.core.exchange import Exchange, Expectation, Outcome, Request, header
from docpact.core.text import printable
from docpact.core.violation import Value, Violation, captured, plain

_OUTCOMES: Final = {2: Outcome.SUCCESS, 4: Outcome.FAILURE, 5: Outcome.FAILURE}
_LONGEST_CODE: Final = 80


def check_expectation(
    exchange: Exchange, value: Mapping[str, Value] | None = None
) -> Iterator[Violation]:
    """The status says success where the call must succeed, and failure where it must fail.

    A status that is neither, or none, says nothing here; another rule judges it. `value` is the
    decoded answer, so that a message can repeat what a failure says of itself.
    """
    expected, status = exchange.expectation, exchange.response.status
    if expected is None or status is None:
        return
    outcome = _OUTCOMES.get(status // 100)
    if outcome is Outcome.SUCCESS and expected.outcome is Outcome.FAILURE:
        message = f"the call succeeded with status {status}, but must fail: {expected.because}"
        if expected.about == "request":
            message += _told(exchange.request, "")
        yield _succeeded(expected, status, message)
    elif outcome is Outcome.FAILURE and expected.outcome is Outcome.SUCCESS:
        message = f"the call failed with status {status}, but must succeed: {expected.because}"
        message += _told(exchange.request, said_by(value or {}))
        yield Violation(
            "unexpected-failure", message, origin=expected.origin, expected="2xx", actual=status
        )


def said_by(value: Mapping[str, Value]) -> str:
    """What a failure says of itself, short and harmless to print: its Code and its Message."""
    code, message = value.get("Code"), value.get("Message")
    parts = (
        printable(code[:_LONGEST_CODE]) if isinstance(code, str) else "",
        plain(message) if isinstance(message, str) and message else "",
    )
    return " ".join(filter(None, parts))


def _succeeded(expected: Expectation, status: int, message: str) -> Violation:
    rule = "signature-ignored" if expected.about == "signature" else "unexpected-success"
    return Violation(rule, message, origin=expected.origin, expected="4xx or 5xx", actual=status)


def _told(request: Request | None, said: str) -> str:
    """The rest of a message: what the answer said, and whether the call had a signature."""
    said = captured(said) if said else ""
    if request is None:
        return f" (the answer: {said})" if said else ""
    kind = "unsigned" if header(request.headers, "Authorization") is None else "signed"
    return f" (the call was {kind}; the answer: {said})" if said else f" (the call was {kind})"
