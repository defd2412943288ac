"""How the mock speaks HTTP."""

import socket

import pytest

from docpact.core.exchange import Request, header
from docpact.http.client import Client
from docpact.mock import serve
from docpact.mock.server import endpoint_for

PATH = "/api/v2/projects/project1/jobs/job1/instances/123"
STOPPED = "/api/v2/projects/project1/jobs/stopped-job/instances/412570"


def without_date(response):
    """The headers but for the one that is the clock's."""
    return sorted((name.lower(), text) for name, text in response.headers if name.lower() != "date")


@pytest.mark.parametrize("target", [PATH, f"{PATH}?Format=JSON", STOPPED, "/nothing"])
def test_head_is_get_without_the_body(target, connect):
    """HEAD has the status and headers of GET, and the connection stays open."""
    wire = connect()
    got, headed = wire.ask(target), wire.ask(target, "HEAD")
    assert b"" == headed.body
    assert got.status == headed.status
    assert without_date(got) == without_date(headed)
    assert str(len(got.body)) == header(headed.headers, "Content-Length")
    assert got.status == wire.ask(target).status


def test_a_connection_is_kept(connect):
    """A connection is kept for any number of calls."""
    wire = connect()
    assert [200] * 50 == [wire.ask(PATH).status for _ in range(50)]


def test_a_connection_is_closed_where_it_is_asked_for(connect):
    """A connection is closed after the answer if the client asks for that."""
    wire = connect()
    assert "close" == header(wire.ask(PATH, "GET", "Connection: close").headers, "Connection")
    assert b"" == wire.everything()


def test_calls_may_be_sent_before_the_answers_come(connect):
    """Pipelined calls are answered in their order."""
    numbers = [123, 124] * 400
    calls = (f"GET {PATH[:-3]}{each} HTTP/1.1\r\nHost: a\r\n\r\n" for each in numbers)
    wire = connect()
    wire.send("".join(calls).encode())
    assert [200, 404] * 400 == [wire.answer().status for _ in numbers]


def test_calls_that_come_byte_by_byte(connect):
    """A call that arrives byte by byte is answered."""
    wire = connect()
    wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for each in f"GET {PATH} HTTP/1.1\r\nHost: a\r\n\r\n".encode():
        wire.send(bytes([each]))
    assert 200 == wire.answer().status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "LINK"])
def test_other_methods_are_refused(method, connect, judge):
    """Another method is refused with the allowed ones, and the connection stays open."""
    wire = connect()
    answer = wire.ask(PATH, method)
    assert (405, "GET, HEAD") == (answer.status, header(answer.headers, "Allow"))
    assert [] == judge(answer, Request(method, PATH))
    assert 200 == wire.ask(PATH).status


def test_an_answer_comes_in_one_piece(connect):
    """Head and body are sent in one segment."""
    wire = connect()
    for target in (PATH, f"{PATH}?Format=JSON", STOPPED):
        wire.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        whole = wire.socket.recv(65536)
        head, _, body = whole.partition(b"\r\n\r\n")
        assert b"content-length: %d" % len(body) in head


def test_expect_continue_gets_the_answer_at_once(connect):
    """A client that expects 100-continue gets the answer at once."""
    wire = connect()
    answer = wire.ask(PATH, "POST", "Expect: 100-continue", "Content-Length: 1000000")
    assert 405 == answer.status


@pytest.mark.parametrize("more", ["", "\r\nConnection: keep-alive"])
def test_http_1_0(more, connect):
    """An HTTP/1.0 call gets an answer without chunks, and the connection is closed."""
    wire = connect()
    wire.send(f"GET {PATH} HTTP/1.0{more}\r\n\r\n".encode())
    head, _, body = wire.everything().partition(b"\r\n\r\n")
    assert b" 200 " in head.partition(b"\r\n")[0]
    assert b"transfer-encoding" not in head.lower()
    assert body.endswith(b"</GetInstanceResponse>")


def test_a_call_by_a_whole_url(connect):
    """A call with a whole URL as its target is answered."""
    assert 200 == connect().ask(f"http://foas.example.com{PATH}").status


def test_an_offer_to_upgrade_is_left_unheard(connect):
    """An offer to upgrade to WebSockets is ignored."""
    offer = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    assert 200 == connect().ask(PATH, "GET", *offer, "Sec-WebSocket-Key: AAAA").status


@pytest.mark.parametrize(
    "case",
    [
        ("project1", "job1", "123", 200),
        ("%70roject1", "%6Aob1", "%31%32%33", 200),
        ("%70%72oject1", "%6a%6f%62%31", "123", 200),
        ("%E9%A1%B9%E7%9B%AE%E4%B8%80", "%E5%AE%9E%E6%97%B6%E4%BD%9C%E4%B8%9A", "412580", 200),
        ("%e9%a1%b9%e7%9b%ae%e4%b8%80", "%e5%ae%9e%e6%97%b6%e4%bd%9c%e4%b8%9a", "412580", 200),
        ("data%20team", "word%20count", "3000000000", 200),
        ("data+team", "word+count", "3000000000", 404),  # a plus is a plus in a path
        ("R&D%2Fstreams", "a+b", "412590", 200),
        ("R%26D%2fstreams", "a%2Bb", "412590", 200),
        ("R&D%2Fstreams", "a%20b", "412590", 404),
        ("R&D/streams", "a+b", "412590", 404),
        ("R&D%252Fstreams", "a+b", "412590", 404),  # decoded once and no more
        ("project1", "Mixed.Case_Job-1", "9007199254740993", 200),
        ("project1", "mixed.case_job-1", "9007199254740993", 404),
        ("project1", "Mixed.Case_Job-1", "9007199254740992", 404),
        ("project1", "job1", "0123", 200),  # the same number
        ("project1", "job1", "-1", 200),
        ("project1", "job1", "+123", 400),
        ("project1", "job1", "%2B123", 400),
        ("project1", "job1", "123%20", 400),
        ("project1", "job1", "%EF%BC%91", 400),  # a digit, but of another script
        ("project1", "job1", "1_2_3", 400),
        ("project1", "job1", "", 400),
        ("project1", "job1", "9223372036854775807", 404),
        ("project1", "job1", "9223372036854775808", 400),
        ("project1", "job1%00", "123", 400),
        ("project1", "job1%0A", "123", 400),
        ("project1", "job1%", "123", 400),
        ("project1", "job1%4", "123", 400),
        ("project1", "%zz", "123", 400),
        ("project1", "%ff", "123", 400),
        ("project1", "%C0%AF", "123", 400),
        ("project1", "%ED%A0%80", "123", 400),
        ("project1", "..", "123", 400),
        ("project1", "%2e%2E", "123", 400),
        ("project1", "job1;v=1", "123", 404),
        ("project1", "%20", "123", 400),
    ],
)
def test_percent_encoding(case, connect, judge):
    """Names are decoded once and strictly, and ids must be numbers."""
    project, job, number, status = case
    target = f"/api/v2/projects/{project}/jobs/{job}/instances/{number}"
    answer = connect().ask(target)
    assert status == answer.status
    assert [] == judge(answer, Request("GET", target))


def test_request_ids_never_come_twice():
    """RequestIds are unique over thousands of calls."""
    endpoint = endpoint_for()
    calls = [Request("GET", each) for each in (f"{PATH}?Format=JSON", "/nothing?Format=JSON")]
    bodies = [endpoint.respond(each).response.body for _ in range(2000) for each in calls]
    ids = {body.partition(b'"RequestId":"')[2][:36] for body in bodies}
    assert 4000 == len(ids)


def test_with_a_seed_answers_can_be_repeated():
    """The same seed gives the same bytes, and another seed gives others."""

    def bodies(seed):
        endpoint = endpoint_for(seed=seed, faults=["other-job", "empty-body"], fault_rate=0.5)
        return [endpoint.respond(Request("GET", PATH)).response for _ in range(20)]

    assert bodies(7) == bodies(7)
    assert bodies(7) != bodies(8)


def test_a_delay_comes_before_each_answer():
    """A delay applies to each answer."""
    assert 1.5 == endpoint_for(delay=1.5).respond(Request("GET", PATH)).delay


def test_another_version_is_refused(connect, judge):
    """A version other than the page's is refused."""
    wire = connect()
    assert 200 == wire.ask(PATH, "GET", "x-acs-version: 2018-11-11").status
    answer = wire.ask(PATH, "GET", "x-acs-version: 2013-01-01")
    assert (400, []) == (answer.status, judge(answer, Request("GET", PATH)))
    assert b"InvalidVersion" in answer.body


def test_ipv6(judge):
    """The mock can listen on an IPv6 address."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 address of its own")
    with serve(host="::1") as mock, Client(mock.url) as client:
        assert mock.url.startswith("http://[::1]:")
        request = Request("GET", PATH)
        assert [] == judge(client.send(request), request)
