"""Whatever is sent to the mock, it says why it refuses it and goes on."""

import json
import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docpact.core.exchange import Request
from docpact.mock import app as app_module
from docpact.mock import serve

PATH = "/api/v2/projects/project1/jobs/job1/instances/123"
CALL = f"GET {PATH} HTTP/1.1\r\nHost: a\r\n"
SOON = 0.5  # seconds after which the mock gives up on a client, where a test says so
AT_ONCE = 5.0  # seconds within which even a busy machine does what takes no time


@pytest.fixture
def goes_on(steady, connect):
    """Says whether the mock answers somebody else, and has the world that it had."""
    before = steady.world.known()
    return lambda: connect().ask(PATH).status == 200 and before == steady.world.known()


@pytest.mark.parametrize(
    "data",
    [
        f"GET /{'x' * 70_000} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET {PATH}?{'x' * 500_000} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"{CALL}X-Long: {'x' * 70_000}\r\n\r\n",
        CALL + "X-Many: y\r\n" * 20_000 + "\r\n",
        f"{CALL}{'X' * 200_000}: y\r\n\r\n",
        f"GET {'x' * 100_000}",
    ],
    ids=["path", "query", "header", "headers", "name", "no-end"],
)
def test_what_is_too_long_is_refused(data, connect, goes_on, judge):
    """A request that is too long is refused with 431, and the connection is closed."""
    wire = connect()
    send_what_is_taken(wire, data.encode())
    answer = wire.answer()
    assert (431, []) == (answer.status, judge(answer, Request("GET", PATH)))
    assert b"RequestTooLarge" in answer.body
    assert goes_on()


def send_what_is_taken(wire, data):
    """Send until the server hangs up."""
    with suppress(BrokenPipeError, ConnectionResetError):
        wire.send(data)


@pytest.mark.parametrize("size", [300, 6_000, 60_000])
def test_what_is_long_is_no_reason_to_refuse(size, connect):
    """A long request below the bound is answered."""
    assert 200 == connect().ask(PATH, "GET", f"X-Long: {'x' * size}").status
    assert 400 == connect().ask(f"/api/v2/projects/{'x' * size}/jobs/j/instances/1").status


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /a HTTP/9.9\r\n\r\n",
        b"get / http/1.1\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a\r\nX: y HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nX: y\rZ: y\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET /a HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"CONNECT foas.example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused(data, connect, goes_on, judge):
    """Bytes that are not HTTP are refused with an error body, and the connection is closed."""
    wire = connect()
    wire.send(data)
    wire.socket.shutdown(socket.SHUT_WR)
    if data == b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03":
        assert wire.everything().startswith(b"HTTP/1.1 400 ")
    else:
        answers = []
        while head := wire.socket.recv(1, socket.MSG_PEEK):
            assert head == b"H"
            answers.append(wire.answer())
        assert all(each.status in {400, 404} for each in answers)
        assert all([] == judge(each, Request("GET", PATH)) for each in answers)
    assert goes_on()


# A fixture of the function is the same one for every example: the mock has to live through all.
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(min_size=1, max_size=200)
    | st.tuples(st.binary(max_size=60), st.binary(max_size=60)).map(
        lambda pair: b"GET /" + pair[0] + b" HTTP/1.1\r\nHost: a\r\nX: " + pair[1] + b"\r\n\r\n"
    )
)
def test_any_bytes(data, connect, goes_on):
    """Any bytes are at most refused, and the next client is served."""
    wire = connect()
    wire.send(data)
    wire.socket.shutdown(socket.SHUT_WR)
    came = wire.everything()
    assert came == b"" or came.startswith(b"HTTP/1.1 4")
    wire.close()
    assert goes_on()


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("size", [1, 5_000, 3_000_000])
def test_a_body_is_passed_over(method, size, connect, goes_on):
    """A request's body is skipped, and the next request on the connection is answered."""
    wire = connect()
    body = (b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" * (size // 30 + 1))[:size]
    wire.send(f"{method} {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode())
    wire.send(body)
    assert (405 if method == "POST" else 200) == wire.answer(method).status
    assert 200 == wire.ask(PATH).status
    assert goes_on()


@pytest.mark.parametrize("count", [0, 1, 1_000])
def test_a_body_in_chunks_is_passed_over(count, connect, goes_on):
    """A body in any number of chunks is skipped."""
    wire = connect()
    wire.send(f"{CALL}Transfer-Encoding: chunked\r\n\r\n".encode())
    wire.send(b"7d0\r\n" + b"x" * 2000 + b"\r\n" if count else b"")
    wire.send(b"5;a=b\r\nGET /\r\n" * count + b"0\r\nTrailer: x\r\n\r\n")
    assert 200 == wire.answer().status
    assert 200 == wire.ask(PATH).status
    assert goes_on()


def test_a_huge_body_is_cut_off(connect, goes_on):
    """The sender of a huge body gets an answer, and is disconnected."""
    wire = connect()
    wire.send(f"{CALL}Content-Length: {100 * 2**20}\r\n\r\n".encode())
    assert 200 == wire.answer().status
    with pytest.raises(ConnectionError):
        wire.send(b"x" * 100 * 2**20)
    assert goes_on()


def test_who_is_slow_is_sent_away(monkeypatch, connect):
    """A client whose request is not complete in time is disconnected."""
    monkeypatch.setattr(app_module, "SECONDS_FOR_REQUEST", SOON)
    with serve() as mock:
        beginnings = ["", "GE", "GET / HTTP/1.1\r\n", f"{CALL}X-Y"]
        wires = [connect(mock.url) for _ in beginnings]
        for wire, beginning in zip(wires, beginnings, strict=True):
            wire.send(beginning.encode())
        answers = [wire.everything() for wire in wires]
    assert all(each.startswith(b"HTTP/1.1 408 ") for each in answers)
    assert all(b"RequestTimeout" in each for each in answers)


def test_who_is_slow_with_a_body_has_had_the_answer(monkeypatch, connect):
    """A client with a slow body gets its answer before the body is complete."""
    monkeypatch.setattr(app_module, "SECONDS_FOR_REQUEST", SOON)
    with serve() as mock:
        wire = connect(mock.url)
        wire.send(f"{CALL}Content-Length: 10\r\n\r\nx".encode())
        answer = wire.everything()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"</GetInstanceResponse>")


def test_who_waits_between_two_calls_is_not_sent_away(monkeypatch, connect):
    """The time limit of a request does not count between requests."""
    monkeypatch.setattr(app_module, "SECONDS_FOR_REQUEST", SOON)
    with serve() as mock:
        waiting, late = connect(mock.url), connect(mock.url)
        assert 200 == waiting.ask(PATH).status
        assert late.everything().startswith(b"HTTP/1.1 408 ")  # so the time has passed
        assert 200 == waiting.ask(PATH).status


def test_many_who_say_nothing_keep_nobody_waiting(connect):
    """A thousand silent clients delay nobody."""
    idle = [connect() for _ in range(1_000)]
    wire = connect()
    assert [200] * 20 == [wire.ask(PATH).status for _ in range(20)]
    assert 200 == idle[500].ask(PATH).status


def test_who_hangs_up_is_forgotten(connect, goes_on):
    """A client may disconnect before, within and after a request."""
    for data in (b"", b"GE", CALL.encode(), f"{CALL}\r\n".encode()):
        for linger in (False, True):
            wire = connect()
            wire.send(data)
            if linger:  # a reset instead of an end
                wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            wire.close()
    assert goes_on()


def test_answers_that_nobody_reads(connect, goes_on):
    """A client that does not read its answers delays nobody."""
    wire = connect()
    wire.socket.settimeout(0.2)
    with pytest.raises((TimeoutError, ConnectionError)):
        wire.send(f"{CALL}\r\n".encode() * 100_000)
    assert goes_on()


@pytest.mark.parametrize("open_calls", ["none", "idle", "half", "delayed"])
def test_the_server_ends_with_its_block(open_calls):
    """The server ends with its block, whoever is connected."""
    with ExitStack() as stack:
        mock = stack.enter_context(serve(delay=60 if open_calls == "delayed" else 0))
        threads = threading.active_count()
        data = {"none": None, "idle": "", "half": CALL, "delayed": f"{CALL}\r\n"}[open_calls]
        if data is not None:
            port = int(mock.url.rpartition(":")[2])
            wire = socket.create_connection(("127.0.0.1", port), timeout=20)
            wire.sendall(data.encode())
        began = time.monotonic()
        stack.close()
        assert time.monotonic() - began < AT_ONCE
        assert threading.active_count() == threads - 1
        if data is not None:
            wire.close()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (["Host: evil.example"], b"{}", 403),
        (["Host: 127.0.0.1.evil.example"], b"{}", 403),
        (["Host: [::1"], b"{}", 403),
        (["Host: "], b"{}", 403),
        (["Host: 127.0.0.1", "Origin: http://evil.example"], b"{}", 403),
        (["Host: 127.0.0.1", "Origin: null"], b"{}", 403),
        (["Host: 127.0.0.1", "Origin: http://127.0.0.1:1"], b"{}", 403),
        (["Host: 127.0.0.1", "Origin: http://[::1"], b"{}", 403),
        (["Host: 127.0.0.1", "Origin: x"], b"{}", 403),
        (["Host: 127.0.0.1"], b"{}", 400),
        (["Host: 127.0.0.1", "Content-Type: text/plain"], b"{}", 400),
        (["Host: 127.0.0.1", "Content-Type: multipart/form-data"], b"{}", 400),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b"", 400),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b"[]", 400),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b"nonsense", 400),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b"\xff\xfe", 400),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b'{"a":' * 100_000, 400),
        (
            ["Host: 127.0.0.1", "Content-Type: application/json"],
            b'{"Id":' + b"9" * 5_000 + b"}",
            400,
        ),
        (["Host: 127.0.0.1", "Content-Type: application/json"], b" " * 10 * 2**20 + b"{}", 400),
    ],
    ids=lambda each: None if isinstance(each, list | int) else f"{len(each)}-bytes",
)
def test_controls_that_are_abused(headers, body, status, connect, goes_on):
    """Invalid requests to the controls are refused with a reason, and change nothing."""
    wire = connect()
    lines = ["POST /_docpact/world HTTP/1.1", *headers, f"Content-Length: {len(body)}", "", ""]
    wire.send("\r\n".join(lines).encode() + body)
    answer = wire.answer()
    assert status == answer.status
    assert json.loads(answer.body)["error"]
    assert goes_on()


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_an_instance_that_is_nested_deeply(depth, connect, goes_on):
    """A deeply nested instance is refused like any other invalid one."""
    inner = b'{"a":' * depth + b"1" + b"}" * depth
    body = b'{"ProjectName":"p","JobName":"j","Id":7,"ActualState":"RUNNING","Code":' + inner + b"}"
    wire = connect()
    wire.send(
        b"POST /_docpact/world HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    answer = wire.answer()
    assert (400, True) == (answer.status, bool(json.loads(answer.body)["error"]))
    assert goes_on()
