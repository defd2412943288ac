"""Statuses and headers, and what they promise of the body."""

import pytest
from msgspec.structs import replace

from docpact.check import Checker
from docpact.contract import Place, load_bundled_schemas
from docpact.core.exchange import Exchange, Request, Response, Source

HEAD = Request("HEAD", "/api/v2/projects/project1/jobs/job1/instances/412536")
GET = Request("GET", HEAD.target)
_NO_TYPES = ["json", "xml", "/json", "x-xml", "+xml", "a/b/json", "a/b/c+json", "a/json/x"]


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


@pytest.mark.parametrize(
    "said", ["text/html", "image/png", "application/jsonp", "xhtml", "a/b/c", *_NO_TYPES]
)
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


def asking(query):
    """A request with that query."""
    return Request("GET", f"{HEAD.target}?{query}")


@pytest.mark.parametrize(
    "query", ["Format={}", "a=1&Format={}", "Format={}&Format2=x", "%46ormat={}", "b&Format={}&b"]
)
@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title])
@pytest.mark.parametrize("asked", ["json", "xml"])
def test_a_success_comes_in_the_format_that_was_asked_for(judge, answers, query, spell, asked):
    """Whatever the letter case of the value, and whatever stands beside it."""
    bodies = {"json": answers.json(answers.value()), "xml": answers.xml(answers.value())}
    request = asking(query.format(spell(asked)))
    assert [] == judge(bodies.pop(asked), status=200, request=request).rules
    ((came, body),) = bodies.items()
    for status in (200, None):
        found = judge(body, status=status, request=request).only
        assert ("wrong-answer-format", "error") == (found.rule, found.severity)
        assert (asked, came) == (found.expected, found.actual)
        said = f"the request asks for {asked.upper()}; the answer is {came.upper()}"
        assert said == found.message
        assert "format-parameter" == found.origin.ruling


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Format=",
        "Format",
        "Format=yaml",
        "Format=*",
        "Format=JSON&Format=XML",
        "Format=JSON&Format=JSON",
        "Format=XML&Format=XML",
        "Format=&Format=JSON",
        "Format=XML&Format=",
        "format=JSON&FORMAT=XML",
        "format=JSON",
        "format=XML",
        "Other=JSON&Another=XML",
        "Format=%ff",
        "Format=JSON%00",
    ],
)
def test_a_query_that_names_no_format_asks_for_none(judge, answers, write, query):
    """A value that nobody knows, none, several, or another name: that is not for us to read."""
    assert [] == judge(write(answers.value()), status=200, request=asking(query)).rules


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/xml", "*/*"])
@pytest.mark.parametrize("query", ["", "?a=1"])
def test_accept_binds_nobody(judge, answers, write, accept, query):
    """No page speaks of it, so an answer in the other format breaks no promise."""
    request = Request("GET", HEAD.target + query, (("Accept", accept),))
    assert [] == judge(write(answers.value()), status=200, request=request).rules


@pytest.mark.parametrize("asked", ["JSON", "XML"])
@pytest.mark.parametrize("status", [404, 500])
def test_failures_come_in_any_format(judge, answers, write, asked, status):
    """Gateways answer in their own; what is no error under such a status is that alone."""
    request = asking(f"Format={asked}")
    assert [] == judge(write(answers.failure()), status=status, request=request).rules
    found = judge(write(answers.value()), status=status, request=request)
    assert ["success-under-error"] == found.rules
    found = judge(write(answers.failure()), status=200, request=request)
    assert ["error-under-success"] == found.rules


@pytest.mark.parametrize("values", [(), ("Json", "Yaml"), ("Yaml",)])
def test_a_parameter_of_another_contract_may_be_no_format(contract, answers, write, values):
    """Only one that lists formats, and nothing else, asks for one."""
    parameters = tuple(
        replace(each, values=values) if each.name == "Format" else each
        for each in contract.operation.parameters
    )
    other = replace(contract, operation=replace(contract.operation, parameters=parameters))
    checker = Checker(other, load_bundled_schemas())
    for asked in ("JSON", "XML"):
        response = Response(write(answers.value()).encode(), 200)
        exchange = Exchange(response, Source("capture"), asking(f"Format={asked}"))
        assert [] == list(checker.check(exchange))


def test_a_parameter_of_another_place_asks_for_no_format(contract, answers):
    """What a header or a body would ask for is not read off the query."""
    parameters = tuple(
        replace(each, place=Place.HEADER) if each.name == "Format" else each
        for each in contract.operation.parameters
    )
    other = replace(contract, operation=replace(contract.operation, parameters=parameters))
    response = Response(answers.xml(answers.value()).encode(), 200)
    exchange = Exchange(response, Source("capture"), asking("Format=JSON"))
    assert [] == list(Checker(other, load_bundled_schemas()).check(exchange))


def test_the_parameter_of_formats_is_found_among_others(contract, answers):
    """Another parameter of the query that lists nothing may come before it."""
    (format_,) = (each for each in contract.operation.parameters if each.name == "Format")
    free = replace(format_, name="Free", wire_name="Free", values=())
    parameters = (free, *contract.operation.parameters)
    other = replace(contract, operation=replace(contract.operation, parameters=parameters))
    checker = Checker(other, load_bundled_schemas())
    response = Response(answers.xml(answers.value()).encode(), 200)
    for query, expected in (("Free=JSON", []), ("Free=XML&Format=JSON", ["wrong-answer-format"])):
        exchange = Exchange(response, Source("capture"), asking(query))
        assert expected == [each.rule for each in checker.check(exchange)]


def test_a_call_without_an_answer_is_a_finding(contract):
    """It says why, and where the call stands; of a body that never came it says nothing."""
    checker = Checker(contract, load_bundled_schemas())
    exchange = Exchange(Response(b""), Source("call", number=3), GET)
    found = checker.unanswered(exchange, "the connection was closed")
    assert ("no-answer", "error") == (found.rule, found.severity)
    assert "the call got no answer: the connection was closed" == found.message
    assert ("call", None, None, 3) == (
        found.at.file,
        found.at.line,
        found.at.column,
        found.at.exchange,
    )
    assert ("", "") == (found.field, found.pointer)
    assert contract.ruling_on("no-answer").origin == found.origin


ENVELOPE = {"Code": "200", "Message": "OK", "HostId": "foas.aliyuncs.com"}


@pytest.mark.parametrize("names", [str, str.lower])
@pytest.mark.parametrize("status", [200, None])
@pytest.mark.parametrize("beside", [ENVELOPE, {"Code": 200, "Message": "OK", "Recommend": ""}])
def test_an_instance_within_an_envelope_is_a_success(judge, answers, write, names, status, beside):  # noqa: PLR0913, PLR0917  # fixtures
    """Whatever stands beside an instance: many products add a Code and a Message to each answer."""
    value = answers.value(top={names(name): each for name, each in beside.items()})
    found = judge(write(value), status=status)
    assert [("undocumented-field", "warning")] * len(beside) == found.severities
    assert {each.lower() for each in beside} == {each.field.lower() for each in found.findings}


@pytest.mark.parametrize("status", [404, 500])
def test_an_instance_within_an_envelope_is_no_failure(judge, answers, write, status):
    """Nor is it one under the status of a failure, so long as it lacks what an error has."""
    found = judge(write(answers.value(top={"Code": "x", "Message": "y"})), status=status)
    assert "success-under-error" in found.rules
    assert "missing-field" not in found.rules


def test_an_instance_in_wrong_letters_is_an_instance(judge, answers):
    """Its name is wrong, and the answer a success all the same."""
    value = {**answers.value(top=ENVELOPE), "instance": answers.value()["Instance"]}
    del value["Instance"]
    for body in (answers.json(value), answers.xml(value)):
        found = judge(body, status=200)
        assert ["undocumented-field"] * len(ENVELOPE) + ["wrong-name-case"] == found.rules


@pytest.mark.parametrize("instance", [None, {}, "", "none", {"Reason": "x"}])
def test_an_error_under_success_may_name_an_instance(judge, answers, instance):
    """Where nothing of an instance is in it, the rest decides."""
    found = judge(answers.json(answers.failure({"Instance": instance})), status=200)
    assert "error-under-success" in found.rules


def test_an_envelope_around_the_whole_answer_is_no_error(judge, answers):
    """Code and Message say nothing where the answer stands beside them."""
    body = answers.json({"Code": 200, "Message": "OK", "Data": answers.value()})
    expected = ["misplaced-field", "undocumented-field", "undocumented-field"]
    assert expected == judge(body, status=200).rules


def test_a_whole_error_that_shows_an_instance_further_down_is_an_error(judge, answers):
    """Under success, too: what it is about does not make it one."""
    shown = {"Details": {"Instance": answers.value()["Instance"]}}
    found = judge(answers.json(answers.failure(shown)), status=200)
    assert ["error-under-success", "undocumented-field"] == found.rules


def test_an_instance_laid_flat_beside_a_message_is_a_success(judge, answers):
    """Many members of an instance outweigh what an error would have."""
    value = answers.value()
    flat = {"RequestId": value["RequestId"], **value["Instance"], "Message": "OK"}
    found = judge(answers.json(flat), status=200)
    assert ["misplaced-field", "undocumented-field"] == found.rules
