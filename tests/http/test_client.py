"""The client sends what is written, byte for byte, and brings back whatever comes."""

import base64
import gzip
import os
import resource
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import MAX_BODY, Request, header
from docpact.http.client import Client, ConnectionLost, Endpoint, Unreachable

ASKED = Request("GET", "/x")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Server:
    """Answers each connection's requests by a script; keeps what was asked."""

    def __init__(self, *script):
        self.script = list(script)
        self.asked = []
        self.connections = 0
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._talk(connection)

    def _talk(self, connection):
        while self.script:
            asked = b""
            while not asked.endswith(b"\r\n\r\n"):
                more = connection.recv(65536)
                if not more:
                    return
                asked += more
            self.asked.append(asked)
            answer = self.script.pop(0)
            try:
                if callable(answer):
                    answer(connection, self.over)
                    return
                connection.sendall(answer)
            except OSError:
                return
            if b"Content-Length: 2\r\n" not in answer or not answer.endswith(b"{}"):
                return  # only a whole answer keeps the connection


@contextmanager
def serving(*script):
    """A server with a script."""
    server = Server(*script)
    try:
        yield server
    finally:
        server.over.set()
        server.listener.close()


def answer_to(request, *script, **options):
    """What comes of a request, and what the server saw."""
    with serving(*script) as server, Client(server.url, **options) as client:
        return client.send(request), server.asked[-1]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    """The proxies of whoever runs the tests are none of ours."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# --- What is sent ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    ["/a/../b", "/a/%2e%2E/b", "//a//b", "/%7e%7E", "/?a=b?c&d", "/a b", "*", "/é", "/[x]{y}|'\""],
)
def test_a_target_travels_as_it_is_written(target):
    """A target is not normalised, encoded or decoded."""
    _, seen = answer_to(Request("GET", target), OK)
    assert seen.split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()


@pytest.mark.parametrize("method", ["get", "DELETE", "M-SEARCH", "GeT"])
def test_a_method_travels_as_it_is_written(method):
    """A method in small letters, which is another method, is sent as it is."""
    _, seen = answer_to(Request(method, "/"), OK)
    assert seen.startswith(f"{method} / HTTP/1.1\r\n".encode())


def test_no_header_is_added_but_host_and_user_agent():
    """Only Host and User-Agent are added; Accept is up to the caller."""
    with serving(OK) as server, Client(server.url) as client:
        client.send(Request("GET", "/x", (("X-ODD-case", "1"), ("x-odd-CASE", "2"))))
    expected = (
        f"GET /x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        "X-ODD-case: 1\r\nx-odd-CASE: 2\r\nUser-Agent: docpact\r\n\r\n"
    )
    assert server.asked == [expected.encode()]


def test_a_host_and_a_user_agent_that_are_given_are_kept():
    """A Host and a User-Agent of the caller are not replaced."""
    _, seen = answer_to(Request("GET", "/x", (("host", "h"), ("user-agent", "me"))), OK)
    assert seen == b"GET /x HTTP/1.1\r\nhost: h\r\nuser-agent: me\r\n\r\n"


def test_the_prefix_of_the_url_stands_before_the_target():
    """The prefix of the URL is sent before the target, without a double slash."""
    with serving(OK) as server, Client(f"{server.url}/pre/fix/") as client:
        client.send(ASKED)
    assert server.asked[0].startswith(b"GET /pre/fix/x HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/x\r\nX-Evil: 1"),
        Request("GET\n", "/x"),
        Request("GET", "/x", (("A", "b\r\nX-Evil: 1"),)),
        Request("GET", "/x", (("A\0", "b"),)),
    ],
)
def test_a_request_cannot_smuggle_another_line(request_):
    """A request with a line end in it is refused before anything is sent."""
    with serving(OK) as server, Client(server.url) as client:
        with pytest.raises(WrongConfiguration):
            client.send(request_)
        assert server.connections == 0


# --- What comes back ------------------------------------------------------------------------------


def test_status_headers_and_body_come_as_they_are():
    """Headers keep their order, their letter case and their repetition."""
    headers = b"X-B: 1\r\nx-a: 2\r\nX-B: 3\r\nContent-Length: 2\r\n\r\n{}"
    response, _ = answer_to(ASKED, b"HTTP/1.1 404 Nope\r\n" + headers)
    assert (404, b"{}") == (response.status, response.body)
    assert (("X-B", "1"), ("x-a", "2"), ("X-B", "3"), ("Content-Length", "2")) == response.headers
    assert response.seconds is not None
    assert 0 <= response.seconds < 30


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_a_compressed_body_is_unpacked(coding, packed):
    """A compressed body is unpacked, and the header that names the compression is kept."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    response, _ = answer_to(ASKED, head + packed(b'{"a": 1}'))
    assert response.body == b'{"a": 1}'
    assert header(response.headers, "content-encoding") == coding


def test_a_bomb_is_unpacked_within_bounds():
    """A bomb is unpacked up to one byte more than is judged, so that the excess is noticed."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    response, _ = answer_to(ASKED, head + gzip.compress(bytes(4 * MAX_BODY)))
    assert len(response.body) == MAX_BODY + 1


def test_a_body_without_end_is_cut():
    """A body without end is read only as far as it is judged."""
    block = bytes(1024 * 1024)

    def endless(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            connection.sendall(block)

    response, _ = answer_to(ASKED, endless)
    assert len(response.body) == MAX_BODY + 1


def test_chunks_are_joined():
    """A body sent in chunks arrives as a whole."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response, _ = answer_to(ASKED, head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
    assert response.body == b"{}"


@pytest.mark.parametrize(
    "head", [b"Content-Length: 10", b"Transfer-Encoding: chunked"], ids=["length", "chunks"]
)
def test_an_answer_that_is_cut_off_comes_as_far_as_it_came(head):
    """A body that is cut off is returned as far as it arrived, with its headers."""
    body = b"2\r\n{}\r\n" if b"chunked" in head else b"{}"
    response, _ = answer_to(ASKED, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)
    assert response.body == b"{}"
    assert ((*head.decode().split(": "),),) == response.headers


def test_more_than_the_length_says_is_kept_so_that_it_is_noticed():
    """A body that is longer than its Content-Length is returned whole."""
    body = '{"a": "中文"}'.encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
    response, _ = answer_to(ASKED, head + body)
    assert response.body == body


def test_what_is_too_much_does_not_become_the_next_answer():
    """A connection with excess bytes is not used again."""
    with serving(OK + b"x", OK) as server, Client(server.url) as client:
        assert client.send(ASKED).body == b"{}x"
        assert client.send(ASKED).body == b"{}"
        assert server.connections == 2


def test_interim_answers_are_passed_over():
    """Interim answers are skipped, and the final one is returned."""
    response, _ = answer_to(ASKED, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)
    assert (200, (("Content-Length", "2"),)) == (response.status, response.headers)


def test_an_answer_to_head_has_no_body():
    """The answer to HEAD has no body, whatever its Content-Length says."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"
    response, _ = answer_to(Request("HEAD", "/x"), head)
    assert response.body == b""


def test_a_redirect_is_not_followed():
    """A redirect is returned, not followed."""
    there = b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 2\r\n\r\n{}"
    response, _ = answer_to(ASKED, there)
    assert (302, "/y") == (response.status, header(response.headers, "Location"))


# --- The connection -------------------------------------------------------------------------------


def test_a_connection_is_kept():
    """Several calls use one connection."""
    with serving(OK, OK, OK) as server, Client(server.url) as client:
        assert [200] * 3 == [client.send(ASKED).status for _ in range(3)]
        assert server.connections == 1


def test_a_connection_is_kept_among_more_files_than_select_takes():
    """A connection is kept even if more than 1,024 files are open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    try:
        with ExitStack() as others, serving(OK, OK) as server:
            for _ in range(1100):
                others.enter_context(Path(os.devnull).open("rb"))
            with Client(server.url) as client:
                assert [200] * 2 == [client.send(ASKED).status for _ in range(2)]
            assert server.connections == 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_connection_that_was_given_up_is_opened_again():
    """After the server closed a connection, the next call opens another one."""
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(closing, OK) as server, Client(server.url) as client:
        assert [200] * 2 == [client.send(ASKED).status for _ in range(2)]
        assert server.connections == 2


def test_a_connection_that_was_found_closed_is_opened_again():
    """A connection found closed before a call is replaced without an error."""
    closed = threading.Event()

    def answer_and_close(connection, _):
        connection.sendall(OK)
        connection.close()
        closed.set()

    with serving(answer_and_close, OK) as server, Client(server.url) as client:
        assert client.send(ASKED).status == 200
        assert closed.wait(10)
        assert client.send(ASKED).status == 200
        assert (2, 2) == (server.connections, len(server.asked))


def test_what_may_have_been_read_is_not_sent_again():
    """A request that the server may have read is not sent again, for that would be a replay."""
    with serving(OK, b"", OK) as server, Client(server.url) as client:
        assert client.send(ASKED).status == 200
        with pytest.raises(ConnectionLost, match="closed the connection without an answer"):
            client.send(ASKED)
        assert len(server.asked) == 2
        assert client.send(ASKED).status == 200


# --- What cannot be done --------------------------------------------------------------------------


def failure_of(*script, scheme="http", request=ASKED, **options):
    """What is told where there is no answer."""
    with (
        serving(*script) as server,
        Client(f"{scheme}://127.0.0.1:{server.port}", **options) as client,
        pytest.raises(Unreachable) as caught,
    ):
        client.send(request)
    return str(caught.value).replace(str(server.port), "PORT")


def test_a_refused_connection_is_told():
    """A refused connection is reported with the next step."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}") as client, pytest.raises(Unreachable) as caught:
        client.send(ASKED)
    expected = f"127.0.0.1:{port} refuses connections\n  Is it running, and is that its port?"
    assert expected == str(caught.value)


def test_an_unknown_host_name_is_reported():
    """A host name that cannot be resolved is reported as such."""
    with (
        Client("http://nowhere.invalid") as client,
        pytest.raises(Unreachable, match="cannot be resolved"),
    ):
        client.send(ASKED)


@pytest.mark.parametrize("answer", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 90])
def test_what_is_no_http_is_told(answer):
    """An answer that is not HTTP is reported as such."""
    assert "127.0.0.1:PORT did not answer in HTTP" in failure_of(answer)


def test_headers_without_end_are_no_answer():
    """Headers are read within bounds."""
    many = b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 2_000_000
    assert "did not answer in HTTP" in failure_of(many)


def test_a_server_that_hangs_up_is_told():
    """A server that closes the connection without an answer is reported."""
    assert failure_of(b"") == "127.0.0.1:PORT closed the connection without an answer"


def test_a_server_that_says_nothing_runs_out_of_time():
    """A server that sends nothing runs into the timeout of the call."""
    told = failure_of(lambda _, over: over.wait(20), timeout=0.1)
    assert "127.0.0.1:PORT did not answer within 0.1 seconds\n  Wait longer" in told


def test_one_call_may_be_given_less_time():
    """A call may have a shorter timeout than others, but not a longer one."""
    for within in (0.1, 50):
        with (
            serving(lambda _, over: over.wait(20)) as server,
            Client(server.url, timeout=0.2) as client,
            pytest.raises(Unreachable, match=r"did not answer within 0\.[12] seconds"),
        ):
            client.send(ASKED, within=within)


@pytest.mark.parametrize("drop", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["byte", "interim"])
def test_a_server_that_drips_runs_out_of_time(drop):
    """A server that sends a few bytes at a time runs into the timeout, too."""

    def drip(connection, over):
        while not over.wait(0.01):
            connection.sendall(drop)

    told = failure_of(drip, timeout=0.2)
    assert "did not answer" in told or "did not answer in HTTP" in told


def test_a_body_that_drips_is_taken_as_far_as_it_came():
    """A body that is too slow is returned as far as it arrived."""

    def drip(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not over.wait(0.01):
            connection.sendall(b" ")

    response, _ = answer_to(ASKED, drip, timeout=0.2)
    assert 0 < len(response.body) < 1000


def test_plain_http_under_https_is_told():
    """Plain HTTP where https:// was expected is reported with the next step."""
    told = failure_of(lambda line, _: line.sendall(OK), scheme="https", timeout=1)
    assert "TLS handshake" in told


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that signs itself, with its key, for 127.0.0.1."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    wanted = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=docpact"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file, "-out", f"{file}.crt"]
    subprocess.run([openssl, *wanted.split(), *names], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + (file.parent / f"{file.name}.crt").read_bytes())
    return file


@contextmanager
def serving_tls(certificate):
    """A server that takes one connection by TLS, and answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(listener):
        with suppress(OSError):
            connection, _ = listener.accept()
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(65536)
                secured.sendall(OK)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def test_a_certificate_that_nobody_vouches_for_is_told(certificate):
    """An untrusted certificate is reported with both next steps."""
    with (
        serving_tls(certificate) as url,
        Client(url) as client,
        pytest.raises(Unreachable, match="is not trusted: self") as caught,
    ):
        client.send(ASKED)
    assert "--insecure" in caught.value.hint


def test_a_certificate_is_trusted_by_its_file(certificate):
    """A certificate is trusted if its authority's file is given."""
    with serving_tls(certificate) as url, Client(url, verify=f"{certificate}.crt") as client:
        assert client.send(ASKED).status == 200


def test_a_certificate_goes_unchecked_where_that_is_wanted(certificate):
    """A certificate is not checked if the caller switches that off."""
    with serving_tls(certificate) as url, Client(url, verify=False) as client:
        assert client.send(ASKED).status == 200


def test_a_file_without_certificates_is_refused():
    """A file without certificates is a mistake of the caller."""
    with pytest.raises(WrongConfiguration, match="contains no certificates"):
        Client("https://127.0.0.1", verify=__file__)


def test_no_secret_is_told():
    """Neither messages nor reprs contain a secret."""
    headers = (("Authorization", "acs id:SECRET"), ("x-acs-security-token", "SECRET"))
    assert "SECRET" not in failure_of(b"", request=Request("GET", "/x", headers))


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://",
        "http://user:hunter2@127.0.0.1",
        "user:hunter2@127.0.0.1",
        "http://user:hunter2@[",
        "http://h:hunter2",
        "http://h/?a=b",
        "http://h/#a",
        "http://h/a b",
        "",
    ],
)
def test_a_wrong_url_is_refused_with_the_way_out(url):
    """A wrong URL is refused with the next step, and a password in it is not repeated."""
    with pytest.raises(WrongConfiguration) as caught:
        Client(url)
    assert caught.value.hint
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1", True),
        ("http://127.8.9.1:80", True),
        ("http://[::1]:8000", True),
        ("http://LOCALHOST", True),
        ("http://app.localhost", True),
        ("http://10.0.0.1", False),
        ("https://localhost.example.com", False),
    ],
)
def test_loopback_is_local(url, local):
    """Only loopback addresses and names are local."""
    assert local is Endpoint.at(url).is_local


def test_an_address_of_version_6_is_written_in_brackets():
    """An IPv6 address is in brackets in the header Host, as in the URL."""
    endpoint = Endpoint.at("http://[::1]:8000/p/")
    assert ("[::1]:8000", "http://[::1]:8000/p") == (endpoint.authority, str(endpoint))


# --- Proxies --------------------------------------------------------------------------------------


def test_a_proxy_of_the_environment_is_used(monkeypatch):
    """A proxy of the environment gets the whole URL and the login."""
    with serving(OK) as proxy:
        url = f"http://me:pass%20word@127.0.0.1:{proxy.port}"
        monkeypatch.setenv("http_proxy", url)
        with Client("http://foas.invalid/p") as client:
            assert client.send(ASKED).status == 200
    login = base64.b64encode(b"me:pass word")
    assert proxy.asked[0].startswith(b"GET http://foas.invalid/p/x HTTP/1.1\r\nHost: foas.invalid")
    assert b"\r\nProxy-Authorization: Basic " + login + b"\r\n" in proxy.asked[0]


def test_loopback_needs_no_proxy(monkeypatch):
    """Calls to loopback addresses use no proxy."""
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    response, _ = answer_to(ASKED, OK)
    assert response.status == 200


def test_a_host_that_needs_no_proxy_is_called_directly(monkeypatch):
    """A host in NO_PROXY is called directly."""
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "foas.invalid")
    with Client("http://foas.invalid") as client, pytest.raises(Unreachable, match=r"of foas\.inv"):
        client.send(ASKED)


def test_a_proxy_that_refuses_is_told(monkeypatch):
    """The refusal of a proxy is reported without the proxy's password."""
    with serving(b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:hunter2@127.0.0.1:{proxy.port}")
        with Client("https://foas.invalid") as client, pytest.raises(Unreachable) as caught:
            client.send(ASKED)
    assert proxy.asked[0].startswith(b"CONNECT foas.invalid:443 HTTP/1.1\r\n")
    assert "refuses connections to foas.invalid:443: 403 Forbidden" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_proxy_of_another_kind_is_refused(monkeypatch):
    """A proxy that is not http:// is refused, not ignored."""
    monkeypatch.setenv("http_proxy", "socks5://me:hunter2@127.0.0.1:1080")
    with pytest.raises(WrongConfiguration) as caught:
        Client("http://foas.invalid")
    assert "hunter2" not in str(caught.value)
