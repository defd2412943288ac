"""A body may hold lines of HTTP: its length or its chunks say how far it goes, if they are true."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.capture import CapturedFile, Damage, ReadOptions, entries_in

LINES = [b"HTTP/1.1 503 Service Unavailable", b"GET /status HTTP/1.1"]
ASKED = b"GET /api/v2/projects/p/jobs/j/instances/1 HTTP/1.1\r\nHost: h\r\n\r\n"


def entries(data: bytes) -> list:
    """What a dump holds."""
    return list(entries_in(CapturedFile("dump.http", data), ReadOptions()))


def bodies(data: bytes) -> list[bytes]:
    """The bodies that a dump holds."""
    return [each.response.body for each in entries(data)]


def spread(line: bytes) -> bytes:
    """A body that was quoted a message of HTTP, on lines of their own."""
    text = f"upstream said:\n{line.decode()}\nServer: x\n\nand no more"
    return f"<Error><Code>E</Code><Message>{text}</Message></Error>".encode()


def message(body: bytes, length: int | None = None, more: bytes = b"") -> bytes:
    """An answer that says how long its body is."""
    told = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n" + told + more + b"\r\n" + body


def chunked(*chunks: bytes) -> bytes:
    """An answer in chunks."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in (*chunks, b""))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n", ASKED, b"\n" + ASKED])
def test_a_body_is_as_long_as_its_head_says(line, between):
    """A body is as long as its head says, whatever its lines look like."""
    body = spread(line)
    assert bodies(message(body) + between + message(b"<a/>")) == [body, b"<a/>"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n\n"])
def test_the_last_body_of_a_dump_is_as_long_as_its_head_says(line, end):
    """Line ends behind the last body of a dump are not a part of it."""
    body = spread(line)
    assert bodies(message(body) + end) == [body]


@pytest.mark.parametrize("line", LINES)
def test_a_body_is_as_long_as_its_chunks_are(line):
    """A body is as long as its chunks, wherever they are cut."""
    body = spread(line)
    for at in range(1, len(body)):
        dump = chunked(body[:at], body[at:]) + chunked(b"{}")
        assert bodies(dump) == [body, b"{}"]


def test_what_curl_tells_beside_a_body_is_none_of_it():
    """Diagnostics that `curl -v` prints before and behind a body are not a part of it."""
    body = spread(LINES[0])
    asked = b"> GET /api HTTP/1.1\n> Host: h\n>\n"
    head = b"< HTTP/1.1 200 OK\n< Content-Length: %d\n<\n" % len(body)
    left = b"* Connection #0 to host h left intact\n"
    once = asked + head + body + left
    assert bodies(b"* Trying h\n" + once * 2) == [body, body]


@pytest.mark.parametrize("off", [-3, -1, 2, 7, 60, 62, 5000])
def test_a_wrong_length_is_noticed_and_takes_nothing_of_the_next_message(checker, off):
    """A wrong length takes nothing of the next message."""
    body = json.dumps({"RequestId": "a" * 80}).encode()
    dump = message(body, len(body) + off) + b"\n" + ASKED + message(body)
    found = entries(dump)
    assert [body, body] == [each.response.body.strip() for each in found]
    wrong = [{each.rule for each in checker.check(one)} & {"wrong-length"} for one in found]
    assert wrong == [{"wrong-length"}, set()]


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_chunks_that_are_cut_take_nothing_of_the_next_message(cut):
    """Cut chunks are judged as far as they go, and take nothing of the next message."""
    dump = chunked(b'{"a": 1}', b" " * 50)[:-cut] + b"\n" + ASKED + message(b"{}")
    assert bodies(dump)[-1] == b"{}"
    assert len(bodies(dump)) == 2


def test_an_answer_to_head_has_no_body_though_it_tells_a_length():
    """The answer to HEAD has no body in spite of its length."""
    asked = ASKED.replace(b"GET", b"HEAD")
    dump = asked + message(b"", 300) + ASKED + message(b"<a/>") + ASKED + message(b"<b/>")
    assert bodies(dump) == [b"", b"<a/>", b"<b/>"]


def test_the_body_of_a_request_may_hold_lines_of_http():
    """A request's body is passed over, as far as its head says that it goes."""
    sent = b"{\n" + LINES[0] + b"\n\n{}\n}"
    asked = b"POST /a HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(sent), sent)
    (only,) = entries(asked + message(b"<a/>"))
    assert (only.request.method, only.response.body) == ("POST", b"<a/>")


def test_the_line_of_a_body_is_the_files_though_others_came_out_even_before():
    """Lines are counted correctly behind bodies that came in one piece."""
    dump = message(spread(LINES[0])) + b"\n\n" + ASKED + message(b"<a/>")
    second = entries(dump)[1]
    assert dump.split(b"\n")[second.source.first_line - 1] == b"<a/>"


@pytest.mark.parametrize("body", [b"{}\n", b"a\n" * 10])
def test_lengths_that_are_all_untrue_cost_no_more_than_a_few_readings(body):
    """Many wrong lengths cost little time, and every message is found."""
    dump = message(body, 16_000_000) * 10_000
    began = time.monotonic()
    found = entries(dump)
    assert len(found) == 10_000
    assert not any(isinstance(each, Damage) for each in found)
    assert time.monotonic() - began < 30


PIECES = st.sampled_from([*LINES, b"{}", b"}", b"\n", b"\r\n", b"a", b"0", b"5\r\n"])
TEXTS = st.lists(PIECES, max_size=12).map(b"".join)


@given(st.lists(TEXTS.filter(lambda text: text.strip()), min_size=1, max_size=4), st.booleans())
def test_true_lengths_tell_any_bodies_apart(texts, is_chunked):
    """Correct lengths separate bodies, whatever is in them."""
    texts = [b"<" + text + b">" for text in texts]
    make = chunked if is_chunked else message
    assert bodies(b"".join(map(make, texts))) == texts
