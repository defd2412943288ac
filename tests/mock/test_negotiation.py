"""Which format an answer has: by Format, then by Accept, else XML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.contract import Media
from docpact.core.exchange import Exchange, Request, Source
from docpact.mock.request_parsing import by_accept
from docpact.mock.server import endpoint_for

PATH = "/api/v2/projects/project1/jobs/job1/instances/123"
TYPES = {Media.JSON: "application/json", Media.XML: "text/xml"}


@pytest.fixture(scope="module")
def endpoint():
    """The default world."""
    return endpoint_for()


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", "json"),
        ("text/json", "json"),
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("APPLICATION/JSON", "json"),
        ("application/json;charset=utf-8", "json"),
        ("application/json ; q=0.5", "json"),
        ("", "xml"),
        ("*/*", "xml"),
        ("application/*", "xml"),
        ("text/*", "xml"),
        ("text/html", "xml"),
        ("application/octet-stream", "xml"),
        # Weights.
        ("application/xml;q=0.5, application/json", "json"),
        ("application/json;q=0.9, application/xml;q=1.0", "xml"),
        ("application/json;q=0.001, application/xml;q=0", "json"),
        ("application/json;q=0, application/xml;q=0", "xml"),
        ("application/json; Q=0.2, text/xml; Q=0.1", "json"),
        # A tie goes to the one that stands first.
        ("application/json, application/xml", "json"),
        ("application/xml, application/json", "xml"),
        ("application/json, text/plain, */*", "json"),
        ("text/html, application/json;q=0.5, text/xml;q=0.5", "json"),
        # What is particular counts before what is general.
        ("application/xml;q=0, */*", "json"),
        ("*/*, application/json;q=0.1", "xml"),
        ("*/*, text/xml;q=0.1, application/xml;q=0.1", "json"),
        ("application/*;q=0.1, text/xml;q=0.5", "xml"),
        ("application/json;q=0.4, */*;q=0.5", "xml"),
        # Java's own, and a browser's.
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"),
        # What is no weight is none, and what is no list is none.
        ("application/json;q=2, application/xml;q=0.5", "json"),
        ("application/json;q=, application/xml;q=0.9", "json"),
        (",,;;=,/", "xml"),
        ("application/json;;q=0.1;x, ,text/xml;q=0.05", "json"),
    ],
)
def test_accept(accept, expected, endpoint):
    """Accept is read by weight, then by order, with XML as the default."""
    headers = (("Accept", accept),)
    assert Media(expected) is by_accept(headers)
    response = endpoint.respond(Request("GET", PATH, headers)).response
    assert (200, TYPES[Media(expected)]) == (response.status, response.content_type)


def test_accept_in_two_headers_is_one_list():
    """Two Accept headers are one list."""
    headers = (("Accept", "text/html"), ("accept", "application/json"))
    assert Media.JSON is by_accept(headers)


@given(value=st.text())
def test_any_accept_names_a_format(value):
    """Any Accept header leads to one of the two formats."""
    assert by_accept((("Accept", value),)) in Media


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("Format=JSON", "", "json"),
        ("Format=json", "", "json"),
        ("Format=XML", "application/json", "xml"),
        ("Format=JSON", "application/xml", "json"),
        ("Format=%4aSON", "", "json"),
        ("x=1&Format=JSON", "", "json"),
        ("Format=JSON&Format=XML", "", "json"),
        ("Format=XML&Format=JSON", "", "xml"),
        ("format=JSON", "", "xml"),  # names of parameters are exact
        ("XFormat=JSON", "", "xml"),
        ("other=Format", "application/json", "json"),
        ("&&;=&%", "application/json", "json"),
    ],
)
def test_format(query, accept, expected, endpoint):
    """Format comes before Accept, and the first of two counts."""
    request = Request("GET", f"{PATH}?{query}", (("Accept", accept),) if accept else ())
    response = endpoint.respond(request).response
    assert (200, TYPES[Media(expected)]) == (response.status, response.content_type)


@pytest.mark.parametrize(
    "value", ["YAML", "", "JSON,XML", "JSONP", "null", "%00", "J%C3%96N", "%FF"]
)
@pytest.mark.parametrize(("accept", "expected"), [("application/json", "json"), ("", "xml")])
def test_a_format_that_does_not_exist(value, accept, expected, endpoint, judge):
    """An unknown Format is refused in the format that Accept asks for."""
    headers = (("Accept", accept),) if accept else ()
    request = Request("GET", f"{PATH}?Format={value}", headers)
    response = endpoint.respond(request).response
    assert (400, TYPES[Media(expected)]) == (response.status, response.content_type)
    assert b"InvalidParameter.Format" in response.body
    assert [] == judge(response, request)


@pytest.mark.parametrize("media", list(Media))
@pytest.mark.parametrize(
    "call",
    [
        ("GET", "/", 404),
        ("GET", "/api/v2/projects/project1/jobs/job1/instances", 404),
        ("GET", f"{PATH}/", 404),
        ("POST", PATH, 405),
        ("GET", PATH.replace("123", "abc"), 400),
        ("GET", PATH.replace("123", "124"), 404),
        ("GET", PATH.replace("job1/instances/123", "stopped-job/instances/412570"), 409),
    ],
)
def test_errors_come_in_the_format_that_was_asked_for(media, call, endpoint, judge):
    """Errors are complete, and in the format that was asked for."""
    method, target, status = call
    by_query = Request(method, f"{target}?Format={media.upper()}")
    by_header = Request(method, target, (("Accept", TYPES[media]),))
    for request in (by_query, by_header):
        response = endpoint.respond(request).response
        assert (status, TYPES[media]) == (response.status, response.content_type)
        error = judge.checker.judge(Exchange(response, Source("body"))).value
        assert {"RequestId", "HostId", "Code", "Message"} == error.keys()
        assert all(error.values())
        assert [] == judge(response, request)
