"""A dump of `curl -i` is read as what it is: a response, and the request if it was kept."""

import gzip
import zlib

import pytest

from docpact.core.exchange import Request, header

HEAD = b"HTTP/1.1 200 OK\nContent-Type: application/json\nX-Trace: 7\n\n"
ASKED = Request("GET", "/api/v2/projects/p/jobs/j/instances/1")


def rules(findings):
    """The rules that findings are about."""
    return {each.rule for each in findings}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_status_headers_and_body_are_told_apart(read, body, newline):
    """Whatever ends the lines, the empty one ends the headers."""
    response = read(HEAD.replace(b"\n", newline) + body).response
    assert response.status == 200
    assert header(response.headers, "content-type") == "application/json"
    assert header(response.headers, "X-TRACE") == "7"
    assert response.body == body


@pytest.mark.parametrize(
    "line", [b"HTTP/2 200", b"HTTP/2 200 ", b"HTTP/3 200", b"HTTP/1.0 200 OK", b"HTTP/1.1 200"]
)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_every_version_has_its_status_line(read, body, line, newline):
    """HTTP/2 and later print no reason, and curl leaves a space where it stood."""
    response = read(
        line + newline + b"content-type: application/json" + newline * 2 + body
    ).response
    assert (200, "application/json") == (response.status, response.content_type)
    assert response.body == body


def test_an_interim_answer_is_passed_over(read, body):
    """100 Continue comes before the answer and is not it."""
    exchange = read(b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + body)
    assert (200, body) == (exchange.response.status, exchange.response.body)


def test_several_interim_answers_are_passed_over(read, body):
    """Early hints may come too, with headers of their own."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    exchange = read(b"HTTP/1.1 100 Continue\r\n\r\n" + hints + HEAD + body)
    assert exchange.response.status == 200
    assert header(exchange.response.headers, "Link") is None


def test_a_redirect_is_passed_over(read, body):
    """Of a followed redirect the last answer counts, as `curl -iL` prints it."""
    redirect = b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere\r\n\r\n"
    exchange = read(redirect + HEAD + body)
    assert (200, body) == (exchange.response.status, exchange.response.body)


def test_a_proxys_own_answer_is_passed_over(read, body):
    """A tunnel's answer is not the server's."""
    tunnel = b"HTTP/1.1 200 Connection established\r\n\r\n"
    failed = HEAD.replace(b"200 OK", b"503 Service Unavailable")
    assert read(tunnel + failed + body).response.status == 503


def test_a_redirect_that_was_not_followed_is_the_answer(judged):
    """Without -L the redirect is all there is, and its status is not documented."""
    found = judged(b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere\r\n\r\n")
    assert "unexpected-status" in rules(found)


def test_a_body_that_looks_like_a_status_line_later_on_is_left_alone(read):
    """Only what follows the headers at once can be another answer."""
    text = b'{"Code": "HTTP/1.1 500 Oops\\n"}\nHTTP/1.1 500 Oops\n\n'
    assert read(HEAD + text).response.body == text


@pytest.mark.parametrize("coding", [b"gzip", b"x-gzip", b"GZIP"])
def test_a_packed_body_is_unpacked(read, body, coding):
    """Content-Encoding: gzip is taken off, as a client would."""
    head = HEAD.replace(b"X-Trace: 7", b"Content-Encoding: " + coding)
    assert read(head + gzip.compress(body)).response.body == body


def test_a_body_that_was_unpacked_already_is_left_alone(read, body):
    """`curl --compressed -i` keeps the header and prints the plain body."""
    head = HEAD.replace(b"X-Trace: 7", b"Content-Encoding: gzip")
    assert read(head + body).response.body == body


@pytest.mark.parametrize(
    "packed",
    [b"\x1f\x8b\x08\x00broken", b"\x1f\x8b", gzip.compress(b'{"Instance": {}}')[:20]],
    ids=["broken", "magic-alone", "cut"],
)
def test_a_broken_packed_body_ends_in_a_finding(judged, packed):
    """A body that cannot be unpacked is judged as it came, and does not pass."""
    head = HEAD.replace(b"X-Trace: 7", b"Content-Encoding: gzip")
    assert rules(judged(head + packed)) & {"unknown-format", "json-syntax", "empty-body"}


def test_a_bomb_is_unpacked_up_to_the_limit_only(judged):
    """A small body that would unpack to much more than is judged is reported as too large."""
    packer = zlib.compressobj(9, wbits=31)
    chunk = b" " * 2**20
    packed = b"".join([packer.compress(b"{"), *(packer.compress(chunk) for _ in range(66))])
    head = HEAD.replace(b"X-Trace: 7", b"Content-Encoding: gzip")
    assert {"body-limit"} == rules(judged(head + packed + packer.flush()))


@pytest.mark.parametrize(
    "dump",
    [
        b"HTTP/1.1 200 OK\r\nContent-Ty",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
    ],
)
def test_a_dump_that_was_cut_short_has_no_body(judged, dump):
    """Headers alone are an answer without a body, wherever they end."""
    assert "empty-body" in rules(judged(dump))


@pytest.mark.parametrize(
    "dump", [b"HTTP/1.1 200 OK", b"HTTP/", b"HTTP/1.1 OK\n\n{}", b"HTTP/1.1 2000 OK\n\n{}"]
)
def test_what_only_resembles_a_dump_is_no_answer(judged, dump):
    """Half a status line is neither a dump nor a body."""
    assert rules(judged(dump)) & {"unknown-format", "empty-body"}


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Long: " + b"a" * 100_000 + b"\n",
        b"".join(b"X-%d: a\n" % n for n in range(500)),
        b"no colon here\n",
        b": no name\n",
        b"X-Bytes: \xff\xfe\x80\n",
        b"X-Folded: a\n  b\n",
        b"X-Nul: \x00\n",
    ],
    ids=["long", "many", "no-colon", "no-name", "bytes", "folded", "nul"],
)
def test_strange_headers_end_in_findings_at_worst(judged, body, headers):
    """No header can make the reader crash."""
    dump = b"HTTP/1.1 200 OK\nContent-Type: application/json\n" + headers + b"\n" + body
    assert rules(judged(dump)) <= {"unknown-format", "wrong-content-type", "missing-content-type"}


def test_a_long_header_line_hides_no_body(read, body):
    """Servers send cookies and policies of many kilobytes; the body after them is judged."""
    head = HEAD.replace(b"X-Trace: 7", b"X-Long: " + b"a" * 60_000)
    assert (200, body) == (read(head + body).response.status, read(head + body).response.body)


def test_a_request_before_the_response_is_kept(read, body):
    """The request is kept, because it says whether the answer is about the right instance."""
    asked = b"GET /api/v2/projects/p/jobs/j/instances/1?x=%2F HTTP/1.1\r\nHost: h\r\n\r\n"
    exchange = read(asked + HEAD + body)
    assert exchange.request.method == "GET"
    assert exchange.request.target == "/api/v2/projects/p/jobs/j/instances/1?x=%2F"
    assert header(exchange.request.headers, "host") == "h"
    assert (200, body) == (exchange.response.status, exchange.response.body)


def test_a_request_with_a_whole_url_is_kept(read, body):
    """Proxies log the URL with its scheme."""
    asked = b"GET https://foas.aliyuncs.com/api/v2/projects/p HTTP/1.1\n\n"
    target = read(asked + HEAD + body).request.target
    assert target == "https://foas.aliyuncs.com/api/v2/projects/p"


def test_a_request_alone_is_no_answer(judged):
    """A request without a response has nothing to judge."""
    found = judged(b"GET /api/v2/projects/p HTTP/1.1\r\nHost: h\r\n\r\n")
    assert rules(found) <= {"unknown-format", "empty-body"}
    assert found


def test_the_request_in_a_dump_counts_more_than_the_one_told(read, body):
    """The file knows better than the command line what was asked."""
    asked = b"GET /other HTTP/1.1\nHost: h\n\n"
    assert read(asked + HEAD + body, request=ASKED).request.target == "/other"
    assert read(HEAD + body, request=ASKED).request == ASKED


def test_the_status_in_a_dump_counts_more_than_the_one_told(read, body):
    """A told status fills in what a file leaves out, and this one does not."""
    assert read(HEAD + body, status=404).response.status == 200
    assert read(body, "body.json", status=404).response.status == 404


def test_a_body_alone_has_neither_status_nor_headers(read, body):
    """Nothing is made up of what was not captured."""
    exchange = read(body, "body.json")
    assert (exchange.response.status, exchange.response.headers) == (None, ())
    assert (exchange.request, exchange.source.first_line) == (None, 1)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_lines_count_from_the_top_of_the_dump(judged, broken, newline):
    """A finding's line is that of the file the reader opens, not of the body in it."""
    asked = b"GET /api/v2/projects/p HTTP/1.1\nHost: h\n\n".replace(b"\n", newline)
    head = HEAD.replace(b"\n", newline)
    dump = asked + b"HTTP/1.1 100 Continue\n\n".replace(b"\n", newline) + head + broken
    wrong = next(each for each in judged(dump) if each.rule == "wrong-type")
    assert b'"StartTime"' in dump.split(b"\n")[wrong.at.line - 1]


@pytest.mark.parametrize("name", ["wrong-type.xml", "wrong-type.json", "json-syntax.comma.json"])
def test_lines_move_with_the_headers_before_them(judged, responses, name):
    """The same body stands as many lines lower as it has lines of headers."""
    body = (responses / "broken" / name).read_bytes()
    head = b"HTTP/1.1 200 OK\nX-Trace: 7\nContent-Type: text/plain\n\n"
    alone = [each.at.line for each in judged(body)]
    dumped = [each.at.line for each in judged(head + body)]
    assert dumped == [line + 4 for line in alone]
