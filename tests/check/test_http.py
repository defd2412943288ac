"""Statuses and headers, and what they promise of the body."""

import pytest

from docpact.exchange import Request

HEAD = Request("HEAD", "/api/v2/projects/project1/jobs/job1/instances/412536")
GET = Request("GET", HEAD.target)


def typed(content_type: str) -> tuple[tuple[str, str], ...]:
    """Headers with that Content-Type."""
    return (("content-type", content_type),)


@pytest.mark.parametrize("status", [None, 200, 201, 206, 299])
def test_a_success_is_2xx(judge, answers, write, status):
    """Any 2xx will do, and so will a capture without a status."""
    assert [] == judge(write(answers.value()), status=status).rules


@pytest.mark.parametrize("status", [None, 400, 403, 404, 429, 500, 503, 599])
def test_a_failure_is_4xx_or_5xx(judge, answers, write, status):
    """Any 4xx and 5xx will do, and so will a capture without a status."""
    assert [] == judge(write(answers.failure()), status=status).rules


@pytest.mark.parametrize("status", [0, 100, 199, 300, 302, 399, 600, 999, -1])
def test_other_statuses_are_unexpected(judge, answers, write, status):
    """Nothing outside 2xx, 4xx and 5xx is documented, and that is the only finding."""
    found = judge(write(answers.value()), status=status)
    assert [("unexpected-status", "error")] == found.severities
    assert status == found.only.actual


@pytest.mark.parametrize("status", [200, 204, 299])
def test_an_error_under_a_success_status(judge, answers, write, status):
    """A client would take it for an instance."""
    found = judge(write(answers.failure()), status=status)
    assert [("error-under-success", "error")] == found.severities


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_instance_under_an_error_status(judge, answers, write, status):
    """A client would take it for an error."""
    found = judge(write(answers.value()), status=status)
    assert [("success-under-error", "error")] == found.severities


@pytest.mark.parametrize("request_", [None, GET, HEAD], ids=["unknown", "GET", "HEAD"])
def test_not_modified_needs_no_body(judge, request_):
    """HTTP itself leaves out the body of a 304, which is no documented status all the same."""
    assert ["unexpected-status"] == judge(b"", status=304, request=request_).rules


@pytest.mark.parametrize("request_", [None, GET], ids=["unknown", "GET"])
def test_no_content_is_no_success(judge, request_):
    """204 is a 2xx, but a success holds an instance."""
    found = judge(b"", status=204, request=request_)
    assert [("empty-body", "error")] == found.severities


@pytest.mark.parametrize("status", [200, 204, 404])
def test_a_head_request_gets_no_body(judge, status):
    """The answer to HEAD has no body by definition."""
    assert [] == judge(b"", status=status, request=HEAD).rules
    assert ["empty-body"] == judge(b"", status=status, request=GET).rules


@pytest.mark.parametrize("status", [None, 200, 404, 502])
def test_an_empty_body_is_an_error(judge, status):
    """Success and failure alike come with a body."""
    assert [("empty-body", "error")] == judge(b"", status=status).severities


@pytest.mark.parametrize(
    "said",
    [
        "application/json",
        "application/json;charset=utf-8",
        "application/json ; charset=UTF-8",
        "Application/JSON",
        "text/json",
        "text/x-json",
        "application/vnd.aliyun.v2+json",
        "application/problem+json; charset=utf-8",
    ],
)
def test_types_of_json(judge, answers, said):
    """Many types say JSON."""
    assert [] == judge(answers.json(answers.value()), headers=typed(said), status=200).rules
    found = judge(answers.xml(answers.value()), headers=typed(said), status=200)
    assert [("wrong-content-type", "error")] == found.severities


@pytest.mark.parametrize(
    "said",
    [
        "application/xml",
        "text/xml",
        "text/xml;charset=utf-8",
        "APPLICATION/XML",
        "application/vnd.aliyun+xml",
    ],
)
def test_types_of_xml(judge, answers, said):
    """Many types say XML."""
    assert [] == judge(answers.xml(answers.value()), headers=typed(said), status=200).rules
    found = judge(answers.json(answers.value()), headers=typed(said), status=200)
    assert [("wrong-content-type", "error")] == found.severities
    assert "application/json" == found.only.expected


@pytest.mark.parametrize(
    "said", ["text/plain", "text/plain; charset=utf-8", "application/octet-stream"]
)
def test_types_that_say_nothing_are_let_through(judge, answers, write, said):
    """A label that claims nothing claims nothing wrong."""
    assert [] == judge(write(answers.value()), headers=typed(said), status=200).rules


@pytest.mark.parametrize("said", ["text/html", "image/png", "application/jsonp", "xhtml", "a/b/c"])
def test_types_of_something_else(judge, answers, write, said):
    """A label that says something else is wrong."""
    found = judge(write(answers.value()), headers=typed(said), status=200)
    assert ["wrong-content-type"] == found.rules
    assert said == found.only.actual


def test_headers_without_a_type(judge, answers, write):
    """An answer that does not say what it is, is worth a note."""
    headers = (("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),)
    found = judge(write(answers.value()), headers=headers, status=200)
    assert [("missing-content-type", "note")] == found.severities


def test_no_headers_at_all_means_that_none_were_captured(judge, answers, write):
    """Where only a body was captured, nothing is missed."""
    assert [] == judge(write(answers.value()), status=200).rules


def test_a_gateway_page_is_one_finding(judge):
    """A proxy's HTML page under its own type is not called mislabelled, too."""
    body = "<!DOCTYPE html>\n<html><body>502</body></html>"
    assert ["html-body"] == judge(body, status=502, headers=typed("text/html")).rules


def test_a_status_is_judged_beside_a_broken_body(judge):
    """A redirect with a page is both."""
    found = judge("<html></html>", status=302, headers=typed("text/html"))
    assert ["html-body", "unexpected-status"] == found.rules


@pytest.mark.parametrize(
    ("body", "media", "rule"),
    [
        ('{"a": 1', "json", "json-syntax"),
        ('{"a": NaN}', "json", "json-not-a-number"),
        ("[" * 65, "json", "body-limit"),
        (b'{"a": "\xff"}', "json", "wrong-encoding"),
        ("<a>", "xml", "xml-syntax"),
        ("<!DOCTYPE a><a/>", "xml", "xml-doctype"),
        ("<a>" * 66 + "</a>" * 66, "xml", "body-limit"),
        (b"<a>\xff</a>", "xml", "wrong-encoding"),
    ],
    ids=[
        "json-syntax",
        "json-constant",
        "json-depth",
        "json-bytes",
        "xml-syntax",
        "xml-doctype",
        "xml-depth",
        "xml-bytes",
    ],
)
def test_a_body_that_cannot_be_read_has_a_format_all_the_same(judge, body, media, rule):
    """Its label is right or wrong, whatever else is wrong with it."""
    right, wrong = typed(f"application/{media}"), typed("text/html")
    assert [rule] == judge(body, headers=right).rules
    assert sorted([rule, "wrong-content-type"]) == judge(body, headers=wrong).rules
