"""Fields of a log line are the answer's where that is plain, and the request's elsewhere."""

import json

import pytest
from msgspec.structs import replace

from docpact.capture import CapturedFile, OperationFilter, ReadOptions, Skipped, entries_in
from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, Request, header

URL = "/api/v2/projects/p/jobs/j/instances/1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TYPED = {"Content-Type": "application/json"}


def entry(record: object, **said) -> Exchange:
    """What a log of this line holds."""
    data = json.dumps(record).encode()
    (only,) = entries_in(CapturedFile("a.log", data), ReadOptions(format="ndjson", **said))
    return only


@pytest.mark.parametrize(
    "record",
    [
        {"method": "GET", "url": URL, "headers": FORM, "response": "{}", "status": 200},
        {"method": "GET", "uri": URL, "headers": FORM, "response": {"body": "{}", "status": 200}},
        {"method": "GET", "path": URL, "headers": FORM, "body": "{}", "status": 200},
        {"headers": FORM, "body": "{}"},
        {"headers": FORM, "response": "{}", "status": 200},
    ],
)
def test_headers_that_may_be_the_requests_are_not_the_answers(record):
    """Headers beside a method and URL are not taken for the answer's."""
    found = entry(record)
    assert (found.response.body, found.response.headers) == (b"{}", ())


@pytest.mark.parametrize(
    "record",
    [
        {"headers": TYPED, "body": "{}", "status": 200},
        {"headers": TYPED, "body": "{}", "status_code": 200},
        {"request": {"url": URL, "method": "GET"}, "headers": TYPED, "body": "{}", "status": 200},
        {"url": URL, "request_headers": FORM, "headers": TYPED, "body": "{}", "status": 200},
        {"headers": FORM, "response_headers": TYPED, "body": "{}", "url": URL},
        {"headers": FORM, "response": {"headers": TYPED, "body": "{}"}, "url": URL},
    ],
)
def test_headers_that_are_plainly_the_answers_are(record):
    """Headers beside a body and its status are the answer's if the request's are elsewhere."""
    assert header(entry(record).response.headers, "content-type") == "application/json"


def test_headers_are_where_somebody_said():
    """--field headers=PATH names the place of the headers."""
    record = {"method": "GET", "url": URL, "headers": TYPED, "response": "{}"}
    found = entry(record, fields=(("headers", "headers"),))
    assert header(found.response.headers, "content-type") == "application/json"
    assert (
        entry(record | {"body": "{}", "status": 200}, fields=(("headers", "x"),)).response.headers
        == ()
    )


@pytest.mark.parametrize(
    ("time", "started"),
    [
        (1599794335, 1599794335.0),
        (1599794335.25, 1599794335.25),
        (1599794335250, 1599794335.25),
        (1599794335250000, 1599794335.25),
        (1599794335250000000, 1599794335.25),
        ("2020-09-11T03:18:55Z", 1599794335.0),
        (10**400, None),
        (10**20 - 1, None),
        (-1, None),
        (0, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ("soon", None),
    ],
)
def test_times_are_read_in_every_unit(time, started):
    """Times are read in seconds and in parts of them; anything else has no time."""
    assert entry({"body": "{}", "time": time}).started == started


def test_seconds_are_where_somebody_said():
    """--field seconds=PATH names the place of the duration."""
    found = entry({"body": "{}", "took": 12.5}, fields=(("seconds", "took"),))
    assert found.response.seconds == 12.5


@pytest.mark.parametrize("greeting", [b"starting server ...", b"time=12 msg=up", b""])
def test_a_log_may_begin_with_a_word(greeting):
    """What a server says before it logs is one damaged entry, and the rest is judged."""
    line = b'{"RequestId": "x", "Instance": {"Id": 1}}'
    data = b"\n".join((greeting, line, line))
    found = list(entries_in(CapturedFile("server.log", data), ReadOptions()))
    bodies = [each.response.body for each in found]
    assert bodies == [each for each in (greeting, line, line) if each]


@pytest.mark.parametrize(
    "record",
    [{"level": "info"}, {"url": "/health", "status": 200}, {"url": URL, "res": {"body": None}}],
)
def test_a_line_without_a_body_is_no_answer(record):
    """A line without a body is counted as skipped, and is not a finding."""
    found = entry(record, fields=(("body", "res.body"), ("url", "url")))
    assert isinstance(found, Skipped)
    assert "holds no body" in found.what
    assert found.what.startswith("GET /" if "url" in record else "a call")


def test_who_says_where_lines_have_their_bodies_has_a_log():
    """A file of a single line is a log if --field says where its body is."""
    data = b'{"url": "/health", "status": 200}\n'
    (only,) = entries_in(CapturedFile("a", data), ReadOptions(fields=(("body", "body"),)))
    assert isinstance(only, Skipped)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_reference_is_a_request_of_the_operations_method(method):
    """A line that names its request as PROJECT/JOB/ID is judged, whatever the method is."""
    operation = replace(load_bundled().operation, method=method)
    found = entry(
        {"request": "p%2Fq/j/1", "body": "{}"}, operation_filter=OperationFilter(operation)
    )
    assert isinstance(found, Exchange)
    assert found.request == Request(method, "/api/v2/projects/p%2Fq/jobs/j/instances/1")
