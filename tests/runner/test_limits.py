"""A run keeps to its limits, and tells what it found when it is ended."""

import re
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count

import pytest

from docpact.contract import load_bundled
from docpact.core.errors import DocpactError
from docpact.core.exchange import Outcome as Expected
from docpact.core.exchange import Response, header
from docpact.http.client import Client
from docpact.http.connection import Unreachable
from docpact.mock.endpoint import DelayedResponse
from docpact.runner import KnownInstances, Limits
from docpact.runner.planning import planned_calls, random_calls
from docpact.runner.sending import Limiter, Sender

CONTRACT = load_bundled()
MOVED = b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/x?token=1\r\n\r\n"


def closed_port():
    """The URL of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def answering(answer, context=None):
    """The URL of a server that always gives one answer, and hangs up."""

    def talk(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), _wrapped(connection, context) as line:
                line.recv(65536)
                line.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,), daemon=True)
        thread.start()
        scheme = "https" if context else "http"
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _wrapped(connection, context):
    if context is None:
        return connection
    try:
        return context.wrap_socket(connection, server_side=True)
    except OSError:
        connection.close()
        raise


# --- How much -------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("most", [1, 2, 17, 60])
def test_no_more_calls_are_made_than_allowed(mock, known, checked, most, workers):
    """A run never makes more calls than its limit, with one worker or several."""
    outcome = checked(mock.url, known(mock), limits=Limits(most), workers=workers)
    assert most == outcome.sent == len(mock.calls)
    assert outcome.report.complete


def test_schemathesis_keeps_to_the_same_number(mock, known, checked):
    """The calls of schemathesis count too, except its two probes."""
    outcome = checked(mock.url, known(mock), limits=Limits(190), engine=True)
    asked = [each for each in mock.calls if "schemathesis-probe" not in each.request.target]
    assert outcome.sent == len(asked) == 190
    assert outcome.coverage.labels["schemathesis"]


def test_no_call_is_made_when_the_time_is_over(mock, known, checked):
    """A run makes no call after its time limit."""
    ticks = iter(range(1_000_000))
    outcome = checked(
        mock.url, known(mock), limits=Limits(1500, 60.0), clock=lambda: float(next(ticks))
    )
    assert 0 < outcome.sent < 60
    assert outcome.report.complete


def test_calls_keep_their_distance():
    """With a rate, the first call is sent at once and the others wait for their turn."""
    waited = []

    class Stopped:
        @staticmethod
        def is_set():
            return False

        @staticmethod
        def wait(seconds):
            waited.append(round(seconds, 3))
            return False

    limiter = Limiter(Limits(10, 60.0, rate=4.0), clock=lambda: 100.0, stopped=Stopped())
    assert all(limiter.acquire() for _ in range(4))
    assert [0.25, 0.5, 0.75] == waited


def test_a_run_ends_at_its_first_finding(mock, known, checked):
    """With exit_first, a run ends at its first finding."""
    mock.fault("id-as-text")
    outcome = checked(mock.url, known(mock), limits=Limits(160, exit_first=True))
    assert outcome.sent < 10
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.report.complete


def test_a_note_does_not_end_it(mock, known, checked):
    """With exit_first, a finding that does not fail the run does not end it."""
    mock.fault("no-content-type")
    outcome = checked(mock.url, known(mock), limits=Limits(60, exit_first=True))
    assert ["note"] == [each.severity.value for each in outcome.report.findings]
    assert outcome.sent == 60


def test_a_call_that_came_too_often_is_made_again(mock, known, checked, monkeypatch):
    """A throttled call is made again after the time that the endpoint names, and counts again."""
    endpoint, replies = mock.endpoint, [0]
    right = type(endpoint).respond

    def throttled(self, request):
        replies[0] += 1
        reply = right(self, request)
        if replies[0] % 2 == 0:
            return reply
        refused = Response(b"", 429, (("Retry-After", "0"),))
        return type(reply)(refused)

    monkeypatch.setattr(type(endpoint), "respond", throttled)
    outcome = checked(mock.url, known(mock), limits=Limits(41))
    assert 41 == outcome.sent == replies[0]
    assert all(each.response.status != 429 for each in outcome.calls[:-1])


def test_no_call_takes_longer_than_the_run(mock, known, checked, monkeypatch):
    """A call may last one second longer than the run, so that it can end."""
    ticks, given = count(), []
    right = Client.send

    def send(self, request, *, within):
        given.append((within, 60.0 - next(ticks)))
        return right(self, request)

    monkeypatch.setattr(Client, "send", send)
    checked(mock.url, known(mock), limits=Limits(500, 60.0), clock=lambda: float(next(ticks)))
    assert given
    assert all(0 < within <= left + 3 for within, left in given)


def test_what_the_time_left_out_is_remarked_on(mock, known, checked):
    """A diagnostic says how many planned calls the time limit prevented."""
    ticks = count()
    outcome = checked(
        mock.url, known(mock), limits=Limits(1500, 60.0), clock=lambda: float(next(ticks))
    )
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.startswith("the time limit of 60 seconds was reached: ")
    left_out, planned = map(int, re.findall(r"(\d+) of (\d+) planned calls", diagnostic)[0])
    first_contact = 1
    assert planned == left_out + outcome.report.checked - first_contact > 100


@pytest.mark.parametrize("whole", [True, False])
def test_a_call_that_the_time_cut_off_is_not_judged(mock, known, checked, monkeypatch, whole):
    """A call that the time limit cut off is not judged, even if part of its answer came."""
    now, calls = [0.0], count(1)
    right = Client.send

    def send(self, request, **_):
        response = right(self, request)
        if next(calls) < 9:
            return response
        now[0] = 61.5
        if not whole:
            raise Unreachable("it did not answer")
        return replace(response, body=response.body[:9])

    monkeypatch.setattr(Client, "send", send)
    outcome = checked(mock.url, known(mock), clock=lambda: now[0])
    assert ((), ()) == (outcome.report.findings, outcome.report.problems)
    assert outcome.report.checked == 8


# --- Who ends it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 4])
def test_an_interruption_keeps_what_was_found(mock, known, checked, workers):
    """Ctrl-C ends the run with an incomplete report of what was found."""
    mock.fault("id-as-text")

    def on_progress(progress):
        if progress.sent > 30:
            raise KeyboardInterrupt

    outcome = checked(mock.url, known(mock), on_progress=on_progress, workers=workers)
    assert not outcome.report.complete
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.sent < 60


def test_an_interruption_between_signatures_keeps_what_they_showed(
    mock, known, checked, monkeypatch
):
    """Calls with wrong signatures that were made before an interruption are judged."""
    mock.fault("unsigned-accepted")
    made, right = count(1), Sender.send

    def send(self, case, number=0):
        if next(made) > 16:
            raise KeyboardInterrupt
        return right(self, case, number)

    monkeypatch.setattr(Sender, "send", send)
    outcome = checked(mock.url, known(mock))
    assert not outcome.report.complete
    assert ["signature-ignored"] == [each.rule for each in outcome.report.findings]
    assert outcome.diagnostics == ()


# --- Who is not there -----------------------------------------------------------------------------


def test_an_endpoint_where_nobody_listens_is_told(prepared):
    """A run raises Unreachable if nobody listens at the URL."""
    with pytest.raises(Unreachable, match="refuses connections"):
        prepared(closed_port()).execute()


def test_an_endpoint_that_sends_calls_elsewhere_is_told(prepared):
    """A redirect is an error that names the other place without its query."""
    with (
        answering(MOVED) as url,
        pytest.raises(DocpactError, match="redirects calls") as caught,
    ):
        prepared(url).execute()
    assert "https://elsewhere.example/x" in str(caught.value)
    assert "token" not in str(caught.value)


def test_an_untrusted_certificate_is_told(prepared, tmp_path):
    """An untrusted certificate is an error with the message of the client."""
    path = tmp_path / "certificate.pem"
    wanted = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        ["/usr/bin/env", "openssl", *wanted.split(), "-keyout", path, "-out", path],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with answering(MOVED, context=context) as url:
        with pytest.raises(Unreachable, match="is not trusted"):
            prepared(url).execute()
        with pytest.raises(DocpactError, match="redirects calls"):
            prepared(url, verify=False).execute()


@pytest.fixture
def mute(monkeypatch):
    """Lets a mock hang up on the calls that a test chooses."""

    def muted(mock, chosen):
        endpoint, asked = mock.endpoint, count(1)
        right = type(endpoint).respond

        def reply(self, request):
            if chosen(next(asked), request):
                return DelayedResponse(Response(b""), hangs_up=True)
            return right(self, request)

        monkeypatch.setattr(type(endpoint), "respond", reply)

    return muted


@pytest.mark.parametrize("workers", [1, 4])
def test_an_endpoint_that_dies_leaves_a_report(mock, known, checked, mute, workers):
    """If the endpoint stops answering, the report has the findings so far and a problem."""
    mock.fault("id-as-text")
    mute(mock, lambda number, _: number > 40)
    outcome = checked(mock.url, known(mock), workers=workers)
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    (problem,) = outcome.report.problems
    assert problem.startswith("the endpoint stopped answering: 127.0.0.1:")
    assert 30 < outcome.report.checked <= 40
    assert outcome.report.complete


@pytest.mark.parametrize("workers", [1, 4])
def test_calls_that_are_never_answered_are_a_finding(mock, known, checked, mute, workers):
    """Calls without an answer are a finding as long as other calls are answered."""
    mute(mock, lambda _, request: "%" in request.target or "xxx" in request.target)
    outcome = checked(mock.url, known(mock), workers=workers)
    assert ["no-answer"] == [each.rule for each in outcome.report.findings]
    assert outcome.report.findings[0].count > 5
    assert outcome.report.problems == ()


def test_a_call_that_is_answered_at_the_second_try_is_no_finding(mock, known, checked, mute):
    """A call that is answered at the second try is not a finding."""
    mute(mock, lambda number, _: number % 10 == 0)
    outcome = checked(mock.url, known(mock))
    assert ((), ()) == (outcome.report.findings, outcome.report.problems)
    nonces = [header(each.request.headers, "x-acs-signature-nonce") for each in mock.calls]
    signed = [each for each in nonces if each]
    assert len(signed) == len(set(signed)) > 100  # each try is signed anew


# --- What may go where ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "allowed", "expected"),
    [
        ("http://127.0.0.1:1", None, True),
        ("http://localhost:1", None, True),
        ("http://127.0.0.1:1", False, False),
        ("https://foas.example.com", None, False),
        ("https://foas.example.com", False, False),
        ("https://foas.example.com", True, True),
        ("http://192.0.2.1", None, False),
    ],
)
def test_methods_that_may_change_something_stay_on_this_machine(prepared, url, allowed, expected):
    """Methods that may change something are sent to other machines only if that is allowed."""
    run = prepared(
        url, KnownInstances((("p", "j", "1"),), (("p", "k", "2"),)), unsafe_methods=allowed
    )
    planned = planned_calls(CONTRACT, run.target)
    drawn = {call.cases[0].request.method for call in random_calls(CONTRACT, run.target, 120)}
    methods = {case.request.method for call in planned for case in call.cases}
    assert expected == bool({"POST", "PUT", "DELETE", "PATCH"} & methods)
    assert expected == bool({"POST", "PUT", "DELETE", "PATCH"} & drawn)
    assert "GET" in methods & drawn


# --- What comes first -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["current-instance", "accept-weights", "bare-delimiters"])
def test_what_servers_often_get_wrong_comes_early(mock, known, prepared, label):
    """Calls that servers often get wrong are among the first, and the others are made too."""
    planned = planned_calls(CONTRACT, prepared(mock.url, known(mock)).target)
    cases = [each for call in planned for each in call.cases]
    first = next(at for at, each in enumerate(cases) if each.label == label)
    assert first < 30
    assert cases[first].expectation.outcome is Expected.SUCCESS
    assert len(cases) > 130
