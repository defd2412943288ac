"""What must come of a request against what came of it."""

from dataclasses import replace

import pytest

from docpact.check.context import AnswerContext, Stage
from docpact.check.rules import violations_at
from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, Expectation, Outcome, Request, Response, Source
from docpact.core.span import Grade, Origin, Span
from docpact.core.violation import unmarked

GET = Request("GET", "/api/v2/projects/project1/jobs/job1/instances/412536")
MUST_SUCCEED = Expectation(Outcome.SUCCESS, "the instance is known to run")
MUST_FAIL = Expectation(Outcome.FAILURE, "its job is known not to run")
MUST_BE_REFUSED = Expectation(Outcome.FAILURE, "it is not signed", about="signature")
MAY_DO_EITHER = Expectation(Outcome.EITHER, "nothing is known of what was asked for")
EVERY = (None, MUST_SUCCEED, MUST_FAIL, MUST_BE_REFUSED, MAY_DO_EITHER)


def exchange(status, expectation, body="", headers=()):
    """An exchange of which something was expected."""
    return Exchange(Response(body.encode(), status, headers), Source("live"), GET, expectation)


def check_expectation(exchange, value=None):
    """What the rules on expected outcomes find."""
    context = AnswerContext(exchange, load_bundled(), value=value or {})
    return list(violations_at(Stage.OUTCOME, context))


def rules(status, expectation):
    """The rules that an answer with that status breaks."""
    return [each.rule for each in check_expectation(exchange(status, expectation))]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        (MUST_FAIL, ["unexpected-success"]),
        (MUST_BE_REFUSED, ["signature-ignored"]),
        (MUST_SUCCEED, []),
        (MAY_DO_EITHER, []),
        (None, []),
    ],
)
def test_a_success(status, expectation, expected):
    """A 2xx is wrong where the call must fail, under the rule for what should have stopped it."""
    assert expected == rules(status, expectation)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 429, 500, 503, 599])
@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        (MUST_SUCCEED, ["unexpected-failure"]),
        (MUST_FAIL, []),
        (MUST_BE_REFUSED, []),
        (MAY_DO_EITHER, []),
        (None, []),
    ],
)
def test_a_failure(status, expectation, expected):
    """A 4xx or 5xx is wrong where the call must succeed, and right wherever it must fail."""
    assert expected == rules(status, expectation)


@pytest.mark.parametrize("status", [None, -1, 0, 100, 199, 301, 302, 399, 600, 999])
@pytest.mark.parametrize("expectation", EVERY)
def test_neither_success_nor_failure(status, expectation):
    """Another rule judges a status that is neither, and nobody one that was not captured."""
    assert [] == rules(status, expectation)


def test_a_message_says_what_came_and_why_it_is_wrong():
    """The reason is that of the one who made the request."""
    (success,) = check_expectation(exchange(200, MUST_FAIL))
    assert (
        "the call succeeded with status 200, but must fail: its job is known not to run (the call "
        "was unsigned)" == success.message
    )
    (failure,) = check_expectation(exchange(404, MUST_SUCCEED))
    assert (
        "the call failed with status 404, but must succeed: the instance is known to run (the call "
        "was unsigned)" == failure.message
    )
    assert ("4xx or 5xx", 200) == (success.expected, success.actual)
    assert ("2xx", 404) == (failure.expected, failure.actual)


def test_a_message_repeats_what_the_failure_says():
    """Its Code and its Message, short and harmless to print, and that the call was signed."""
    signed = Request("GET", "/x", (("Authorization", "acs id:x"),))
    failed = replace(exchange(403, MUST_SUCCEED), request=signed)
    value = {"Code": "SignatureDoesNotMatch\x1b[31m", "Message": "y" * 500}
    (failure,) = check_expectation(failed, value)
    told = unmarked(failure.message)[0].partition(" (")[2]
    assert told.startswith('the call was signed; the answer: SignatureDoesNotMatch\\u001b[31m "yy')
    assert len(told) < 200


@pytest.mark.parametrize(
    ("status", "expectation", "expected"),
    [
        (200, MUST_FAIL, ("unexpected-success", "error", 3, "answers-for-what-runs")),
        (200, MUST_BE_REFUSED, ("signature-ignored", "error", 7, "requests-are-signed")),
        (404, MUST_SUCCEED, ("unexpected-failure", "error", 3, "answers-for-what-runs")),
    ],
)
def test_a_finding_rests_on_a_ruling(judge, answers, status, expectation, expected):
    """The page's line and the ruling are named, and the rest of the answer is clean."""
    body = answers.json(answers.value() if status < 400 else answers.failure())
    (found,) = judge.checker.check(exchange(status, expectation, body))
    origin = found.origin
    assert expected == (found.rule, found.severity.value, origin.span.first, origin.ruling)


def test_a_finding_cites_the_passage_that_was_disregarded(judge, answers):
    """Where one line of the page says why a request is wrong, that line is the reason."""
    origin = Origin(Span("GetInstance.md", 23, 23), Grade.STATED, "instanceId | Long")
    expectation = Expectation(Outcome.FAILURE, "its id is no number", origin=origin)
    body = answers.json(answers.value())
    (found,) = judge.checker.check(exchange(200, expectation, body))
    assert ("unexpected-success", origin) == (found.rule, found.origin)


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("expectation", EVERY)
def test_a_body_that_contradicts_its_status_is_one_problem(judge, answers, status, expectation):
    """An error under 200 is told once, not as an unexpected success as well."""
    body = answers.json(answers.failure() if status == 200 else answers.value())
    expected = "error-under-success" if status == 200 else "success-under-error"
    found = judge.checker.check(exchange(status, expectation, body))
    assert [expected] == [each.rule for each in found]


def test_an_answer_without_a_body_is_held_against_the_expectation(judge):
    """The status is enough to tell success from failure."""
    found = judge.checker.check(exchange(204, MUST_FAIL))
    assert ["empty-body", "unexpected-success"] == sorted(each.rule for each in found)


def test_an_unreadable_answer_is_held_against_the_expectation(judge):
    """So it is where the body cannot be read."""
    found = judge.checker.check(exchange(503, MUST_SUCCEED, "<html></html>"))
    assert ["html-body", "unexpected-failure"] == sorted(each.rule for each in found)
