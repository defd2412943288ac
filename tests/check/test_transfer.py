"""What HTTP itself asks of an answer, and how long it may take."""

import math
from dataclasses import replace

import pytest

from docpact.core.exchange import MAX_BODY, Exchange, Request, Response, Source

GET = Request("GET", "/api/v2/projects/project1/jobs/job1/instances/412536")
JSON = ("Content-Type", "application/json")


@pytest.fixture
def body(answers) -> str:
    """A clean success."""
    return answers.json(answers.value())


def lengthened(by, body, *more):
    """Headers whose Content-Length is off by that much."""
    return (JSON, ("content-length", str(len(body.encode()) + by)), *more)


@pytest.mark.parametrize("by", [-1, -20, 1, 5000])
def test_a_length_that_is_not_the_bodys(judge, body, by):
    """Too much and too little are wrong alike."""
    found = judge(body, status=200, headers=lengthened(by, body))
    assert [("wrong-length", "warning")] == found.severities
    assert (len(body), len(body) + by) == (found.only.expected, found.only.actual)
    assert "content-length" == found.only.origin.ruling


def test_a_length_that_is_the_bodys(judge, body):
    """Bytes count, not characters."""
    body = body.replace("INSERT", "插入")
    assert len(body) != len(body.encode())
    assert [] == judge(body, status=200, headers=lengthened(0, body)).rules
    assert [] == judge(body, status=200, headers=(JSON,)).rules


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_that_an_editor_added(judge, body, end):
    """A dump that was saved by hand ends with a line break that never travelled."""
    assert [] == judge(body + end, status=200, headers=lengthened(0, body)).rules
    assert ["wrong-length"] == judge(body + end * 2, status=200, headers=lengthened(0, body)).rules


@pytest.mark.parametrize("said", ["", "many", "-5", "1.5", "0x10", "1" * 40, "５"])
def test_a_length_that_is_none(judge, body, said):
    """What is no number is no length."""
    found = judge(body, status=200, headers=(JSON, ("Content-Length", said)))
    assert ["wrong-length"] == found.rules
    assert "is not a number of bytes" in found.only.message


@pytest.mark.parametrize(
    "coding",
    [("Content-Encoding", "gzip"), ("content-encoding", "br"), ("Transfer-Encoding", "chunked")],
)
def test_a_coded_body_has_another_length(judge, body, coding):
    """What travelled was longer or shorter than what was captured."""
    assert [] == judge(body, status=200, headers=lengthened(-30, body, coding)).rules


def test_a_masked_body_has_another_length(judge, answers):
    """Whoever masked a value did not count again."""
    body = answers.json(answers.value({"Starter": "2399****"}))
    assert ["masked-value"] == judge(body, status=200, headers=lengthened(8, body)).rules


@pytest.mark.parametrize(("status", "method"), [(200, "HEAD"), (404, "HEAD"), (304, "GET")])
def test_an_answer_without_a_body_tells_the_length_it_would_have(judge, status, method):
    """HTTP says so of HEAD and 304."""
    headers = (JSON, ("Content-Length", "412"))
    request = replace(GET, method=method)
    assert "wrong-length" not in judge(b"", status=status, headers=headers, request=request).rules


def test_a_body_beyond_the_limits_was_cut_by_the_capture(judge):
    """Its length is not known."""
    headers = (JSON, ("Content-Length", "5"))
    assert ["body-limit"] == judge(b"{" * (MAX_BODY + 1), status=200, headers=headers).rules


def test_the_largest_body_that_is_read_has_a_length(judge):
    """A capture cuts what is larger, and nothing else."""
    headers = (JSON, ("Content-Length", "5"))
    assert "wrong-length" in judge(b"{}".ljust(MAX_BODY), status=200, headers=headers).rules


def test_a_405_without_allow(judge, answers):
    """A client cannot tell what it may do instead."""
    found = judge(answers.json(answers.failure()), status=405, headers=(JSON,))
    assert [("missing-allow", "warning")] == found.severities
    assert (16, "allowed-methods") == (found.only.origin.span.first, found.only.origin.ruling)


@pytest.mark.parametrize("allowed", ["GET", "GET, HEAD", ""])
def test_a_405_with_allow(judge, answers, allowed):
    """Any list will do, also an empty one."""
    headers = (JSON, ("allow", allowed))
    assert [] == judge(answers.json(answers.failure()), status=405, headers=headers).rules


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_other_failures_need_no_allow(judge, answers, status):
    """The header belongs to 405."""
    assert [] == judge(answers.json(answers.failure()), status=status, headers=(JSON,)).rules


def test_a_405_whose_headers_were_not_captured(judge, answers):
    """What was not captured is not missed."""
    assert [] == judge(answers.json(answers.failure()), status=405).rules


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, []),
        (0.0, []),
        (9.99, []),
        (10.0, []),
        (10.01, ["slow-answer"]),
        (3600.0, ["slow-answer"]),
        (math.nan, []),
    ],
)
def test_an_answer_that_takes_its_time(judge, body, seconds, expected):
    """Ten seconds are borne; more is worth a note."""
    response = Response(body.encode(), 200, (JSON,), seconds)
    found = list(judge.checker.check(Exchange(response, Source("live"), GET)))
    assert expected == [each.rule for each in found]
    assert {"note"} >= {each.severity.value for each in found}
