"""Whether what came of a request is what must come of it."""

from collections.abc import Iterator
from typing import Final

from docpact.check.breach import Breach
from docpact.exchange import Exchange, Expectation, Outcome

_OUTCOMES: Final = {2: Outcome.SUCCESS, 4: Outcome.FAILURE, 5: Outcome.FAILURE}


def check_expectation(exchange: Exchange) -> Iterator[Breach]:
    """The status says success where the call must succeed, and failure where it must fail.

    A status that is neither, or none, says nothing here; another rule judges it.
    """
    expected, status = exchange.expectation, exchange.response.status
    if expected is None or status is None:
        return
    outcome = _OUTCOMES.get(status // 100)
    if outcome is Outcome.SUCCESS and expected.outcome is Outcome.FAILURE:
        yield _succeeded(expected, status)
    elif outcome is Outcome.FAILURE and expected.outcome is Outcome.SUCCESS:
        message = f"the call failed with status {status}, but must succeed: {expected.because}"
        yield Breach(
            "unexpected-failure", message, origin=expected.origin, expected="2xx", actual=status
        )


def _succeeded(expected: Expectation, status: int) -> Breach:
    rule = "signature-ignored" if expected.about == "signature" else "unexpected-success"
    message = f"the call succeeded with status {status}, but must fail: {expected.because}"
    return Breach(rule, message, origin=expected.origin, expected="4xx or 5xx", actual=status)
