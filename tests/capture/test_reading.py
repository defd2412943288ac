"""The format of a capture is detected, and damage does not hide the rest."""

import base64
import gzip
import io
import json
import zipfile

import pytest
import zstandard

from docpact.capture import CapturedFile, Damage, OperationFilter, ReadOptions, Skipped, entries_in
from docpact.capture.detect import detect_format
from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, header

URL = "http://h/api/v2/projects/p/jobs/j/instances/1"
WANTED = OperationFilter(load_bundled().operation)


@pytest.fixture
def entries():
    """The entries of a capture with these bytes."""

    def read(data: bytes, name: str = "capture", **said):
        return list(
            entries_in(CapturedFile(name, data), ReadOptions(operation_filter=WANTED, **said))
        )

    return read


def call(body: str = "{}", url: str = URL, **response):
    """One entry of an archive."""
    content = {"text": body, "size": len(body), "mimeType": "application/json"}
    answered = {"status": 200, "headers": [], "content": content} | response
    return {
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "time": 12,
        "request": {"method": "GET", "url": url, "headers": []},
        "response": answered,
    }


def archive(*calls) -> bytes:
    """A HAR document."""
    return json.dumps({"log": {"version": "1.2", "entries": calls}}, indent=1).encode()


def cassette(*responses) -> bytes:
    """A cassette in JSON."""
    request = {"method": "GET", "uri": URL, "headers": {}}
    calls = [{"request": request, "response": each} for each in responses]
    return json.dumps({"version": 1, "interactions": calls}).encode()


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("har", b'{"log": {"version": "1.2"'),
        ("har", b'\xef\xbb\xbf{\r\n  "log": {'),
        ("vcr", b"interactions:\n- request:\n"),
        ("vcr", b"---\nhttp_interactions:\n- request:\n"),
        ("vcr", b"command: 'st run'\nhttp_interactions:\n"),
        ("vcr", b'{"version": 1, "interactions": ['),
        ("schemathesis", b'{"Initialize":{"command":"st run"}}\n'),
        ("ndjson", b'{"RequestId":"a"}\n{"RequestId":"b"}\n'),
        ("ndjson", b'{"body":"{}","status":200}\n'),
        ("ndjson", b'{"RequestId":"a"}\n{"RequestId":\n{"RequestId":"c"}\n'),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("http", b"GET /api HTTP/1.1\r\n\r\n"),
        ("http", b"*   Trying 127.0.0.1:80...\n> GET / HTTP/1.1\n"),
        ("mitmproxy", b"3506:9:websocket;0:~8:response;"),
        ("body", b'{"RequestId": "a"}'),
        ("body", b'{\n "RequestId": "a",\n "Instance": {}\n}\n'),
        ("body", b"<Error/>"),
        ("body", b""),
        ("body", b"site_name: docs\n"),
    ],
)
def test_the_format_is_detected_from_the_beginning(kind, start):
    """The format of a capture is detected from its beginning."""
    assert kind == detect_format(start)


def test_a_given_format_overrides_the_detected_one(entries):
    """--from overrides the format that would be detected."""
    (only,) = entries(b'{"RequestId":"a"}\n{"RequestId":"b"}\n', format="body")
    assert only.response.body.count(b"\n") == 2


@pytest.mark.parametrize("pack", ["gzip", "zstd", "zip", "zip of gzip"])
def test_packed_captures_are_unpacked(entries, pack):
    """A compressed capture is read like the plain one."""
    plain = b'{"RequestId":"a"}\n{"RequestId":"b"}\n'
    packed = {
        "gzip": gzip.compress(plain[:18]) + gzip.compress(plain[18:]),
        "zstd": zstandard.compress(plain),
        "zip": zipped(("a.ndjson", plain)),
        "zip of gzip": zipped(("a.ndjson.gz", gzip.compress(plain))),
    }[pack]
    assert [b'{"RequestId":"a"}', b'{"RequestId":"b"}'] == [
        each.response.body for each in entries(packed)
    ]


def zipped(*members) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return stream.getvalue()


def test_files_in_an_archive_have_names(entries):
    """A finding names the file in the archive."""
    found = entries(zipped(("b.json", b"{}"), ("a.json", b"[]")), "all.zip")
    assert ["all.zip!a.json", "all.zip!b.json"] == [each.source.file for each in found]


def test_an_archive_of_calls_tells_all_of_them(entries):
    """Request, status, headers, body, time and duration are the recorded ones."""
    headers = [{"name": "Content-Type", "value": "application/json"}]
    (only,) = entries(archive(call('{"a": 1}', headers=headers)))
    assert ("GET", "/api/v2/projects/p/jobs/j/instances/1") == (
        only.request.method,
        only.request.target,
    )
    assert (200, b'{"a": 1}') == (only.response.status, only.response.body)
    assert header(only.response.headers, "content-type") == "application/json"
    assert (1767323045.678, 0.012) == (only.started, only.response.seconds)


def test_bodies_in_base64_are_decoded(entries):
    """Bodies in Base64 are decoded, as browsers keep binary and compressed ones."""
    content = {"text": base64.b64encode(gzip.compress(b"{}")).decode(), "encoding": "base64"}
    headers = [{"name": "Content-Encoding", "value": "gzip"}]
    (only,) = entries(archive(call(content=content, headers=headers)))
    assert only.response.body == b"{}"


def test_calls_of_other_operations_are_skipped(entries):
    """They are named, and not judged; a prefix before the path is let pass."""
    there = call(url="https://gateway/foas/api/v2/projects/p/jobs/j/instances/1?Format=JSON")
    found = entries(archive(call(url="http://h/other?a=1"), there))
    assert [Skipped, Exchange] == [type(each) for each in found]
    assert found[0].what == "GET /other?a=1"


@pytest.mark.parametrize(
    "response", [{"status": 0}, {"content": {"size": 10, "mimeType": "text/xml"}}]
)
def test_a_call_without_an_answer_or_a_body_is_skipped(entries, response):
    """A call without an answer or a body is skipped, because there is nothing to judge."""
    (only,) = entries(archive(call(**response)))
    assert isinstance(only, Skipped)


def test_a_damaged_entry_keeps_no_other_from_being_read(entries):
    """The entries behind a damaged one are read."""
    data = archive(call('{"a": 1}'), call("DAMAGED"), call('{"b": 2}'))
    found = entries(data.replace(b'"DAMAGED"', b"nonsense"))
    assert [Exchange, Damage, Exchange] == [type(each) for each in found]
    assert [1, 2, 3] == [each.source.number for each in found]


@pytest.mark.parametrize("data", [archive(call(), call()), cassette({"status": {"code": 200}})])
def test_a_capture_that_is_cut_says_so(entries, data):
    """The whole entries of a cut capture are read, and the cut is reported."""
    found = entries(data[: len(data) - 40])
    assert isinstance(found[-1], Damage)
    assert "ends in the middle of an entry" in found[-1].why


def test_an_entry_has_the_line_on_which_its_response_begins(entries):
    """The line of an entry is that on which its response begins."""
    data = archive(call(), call())
    lines = data.split(b"\n")
    places = [each.source.first_line for each in entries(data)]
    assert places == [at + 1 for at, line in enumerate(lines) if b'"response"' in line]


@pytest.mark.parametrize(
    "response",
    [
        {"status": {"code": 200}, "headers": {}, "body": {"string": "{}"}},
        {"status": {"code": "200"}, "headers": {}, "body": {"string": "{}"}},
        {"status_code": 200, "headers": {}, "content": "{}"},
        {"status": {"code": 200}, "headers": {}, "body": {"base64_string": "e30="}},
        {"status": {"code": 200}, "headers": {"X": ["a"]}, "body": "{}"},
    ],
)
def test_cassettes_of_all_tools_are_understood(entries, response):
    """They differ in where they keep status and body."""
    (only,) = entries(cassette(response))
    assert (200, b"{}") == (only.response.status, only.response.body)


def test_a_packed_body_in_a_cassette_is_unpacked(entries):
    """A compressed body in a cassette, which vcrpy keeps as binary YAML, is unpacked."""
    packed = base64.b64encode(gzip.compress(b"{}")).decode()
    data = f"""interactions:
- request: {{method: GET, uri: '{URL}'}}
  response:
    body:
      string: !!binary |
        {packed}
    headers: {{content-encoding: [gzip]}}
    status: {{code: 200}}
version: 1
"""
    (only,) = entries(data.encode())
    assert (200, b"{}") == (only.response.status, only.response.body)


def test_objects_of_python_in_a_cassette_are_not_made(entries):
    """YAML can name any code; such an entry is damage, and nothing runs."""
    data = b"interactions:\n- request: !!python/object/apply:os.system ['true']\n- {request: 1}\n"
    assert [Damage, Skipped] == [type(each) for each in entries(data)]


def test_lines_of_a_log_hold_bodies_or_calls(entries):
    """Both may stand in one log, by the names that loggers commonly use."""
    lines = [
        {"RequestId": "a"},
        {"status": 404, "body": '{"RequestId": "b"}', "url": URL, "method": "GET"},
        {"request": {"url": URL}, "response": {"status": 200, "body": {"RequestId": "c"}}},
        {"request": {"url": "/other"}, "response": {"status": 200, "body": "{}"}},
        {"body": "e30=", "encoding": "base64", "request": "p%2Fq/j/1", "status": 200},
    ]
    found = entries("".join(json.dumps(each) + "\n" for each in lines).encode())
    assert [Exchange, Exchange, Exchange, Skipped, Exchange] == [type(each) for each in found]
    judged = [each for each in found if isinstance(each, Exchange)]
    assert [None, 404, 200, 200] == [each.response.status for each in judged]
    assert judged[-1].request.target == "/api/v2/projects/p%2Fq/jobs/j/instances/1"
    assert [1, 2, 3, 4, 5] == [each.source.first_line for each in found]


def test_a_log_of_ones_own_is_read_by_named_fields(entries):
    """--field says where the lines of a log have their fields."""
    line = {"res": {"payload": '{"a": 1}', "code": 201}, "req": {"u": URL}}
    fields = (("body", "res.payload"), ("status", "res.code"), ("url", "req.u"))
    (only,) = entries(json.dumps(line).encode(), format="ndjson", fields=fields)
    assert (201, b'{"a": 1}') == (only.response.status, only.response.body)


def test_many_messages_stand_in_one_dump(entries):
    """Several messages in one dump are separated, though curl prints no line between them."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    asked = b"GET " + URL[8:].encode() + b" HTTP/1.1\r\nHost: h\r\n\r\n"
    found = entries(head + b'{"a": 1}' + head + b'{"b": 2}\n' + asked + chunked)
    assert [b'{"a": 1}', b'{"b": 2}\n', b"{}"] == [each.response.body for each in found]
    assert [4, 7, 14] == [each.source.first_line for each in found]


def test_a_request_without_an_answer_is_damage(entries):
    """The dump was cut, or the server said nothing."""
    asked = b"GET " + URL[8:].encode() + b" HTTP/1.1\r\nHost: h\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    found = entries(asked + asked + head + b"{}")
    assert [Damage, Exchange] == [type(each) for each in found]


METER = (
    b"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    b"                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
TICK = b"\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
LAST = b"\r100  1882  100  1882    0     0  1386k      0 --:--:-- --:--:-- --:--:-- 1837k\n"
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}'


@pytest.mark.parametrize(
    "data",
    [
        METER + TICK + LAST + ANSWER,
        METER
        + TICK
        + b"*   Trying 127.0.0.1:80...\n> GET %s HTTP/1.1\r\n> Host: h\r\n> \r\n" % URL[8:].encode()
        + b"< HTTP/1.1 200 OK\r\n< Content-Length: 8\r\n< \r\n{ [8 bytes data]\n"
        + LAST
        + b'* Connection #0 to host h left intact\n{"a": 1}',
    ],
    ids=["curl-i", "curl-v"],
)
def test_what_curl_shows_of_its_progress_is_no_part_of_a_message(entries, data):
    """The progress of curl in a dump is not a part of a message."""
    (only,) = entries(data)
    assert b'{"a": 1}' == only.response.body
    assert 200 == only.response.status
