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

from docpact.core.errors import DocpactError
from docpact.core.exchange import Outcome as Expected
from docpact.core.exchange import Response, header
from docpact.http.client import Client
from docpact.http.connection import Unreachable
from docpact.mock.endpoint import DelayedResponse
from docpact.runner import Known, Limits
from docpact.runner.result import Budget
from docpact.runner.sending import Sender

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
    """Whatever they are for, and whoever makes them."""
    outcome = checked(mock.url, known(mock), limits=Limits(most), workers=workers)
    assert most == outcome.sent == len(mock.calls)
    assert outcome.report.complete


def test_schemathesis_keeps_to_the_same_number(mock, known, checked):
    """Its two probes are no calls of the operation."""
    outcome = checked(mock.url, known(mock), limits=Limits(190), engine=True)
    asked = [each for each in mock.calls if "schemathesis-probe" not in each.request.target]
    assert outcome.sent == len(asked) == 190
    assert outcome.exercised.labels["schemathesis"]


def test_no_call_is_made_when_the_time_is_over(mock, known, checked):
    """By the clock of the run."""
    ticks = iter(range(1_000_000))
    outcome = checked(
        mock.url, known(mock), limits=Limits(1500, 60.0), clock=lambda: float(next(ticks))
    )
    assert 0 < outcome.sent < 60
    assert outcome.report.complete


def test_calls_keep_their_distance():
    """The first goes at once, the others wait for their turn."""
    waited = []

    class Stopped:
        @staticmethod
        def is_set():
            return False

        @staticmethod
        def wait(seconds):
            waited.append(round(seconds, 3))
            return False

    budget = Budget(Limits(10, 60.0, rate=4.0), clock=lambda: 100.0, stopped=Stopped())
    assert all(budget.take() for _ in range(4))
    assert [0.25, 0.5, 0.75] == waited


def test_a_run_ends_at_its_first_finding(mock, known, checked):
    """Where that is asked for."""
    mock.fault("id-as-text")
    outcome = checked(mock.url, known(mock), limits=Limits(160, exit_first=True))
    assert outcome.sent < 10
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.report.complete


def test_a_note_does_not_end_it(mock, known, checked):
    """Only what fails the run does."""
    mock.fault("no-content-type")
    outcome = checked(mock.url, known(mock), limits=Limits(60, exit_first=True))
    assert ["note"] == [each.severity.value for each in outcome.report.findings]
    assert outcome.sent == 60


def test_a_call_that_came_too_often_is_made_again(mock, known, checked, monkeypatch):
    """After as long as the endpoint says; that counts as a call, too."""
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
    """But for a second, so that what is under way can end."""
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
    """Or a slow endpoint would seem to be checked as a fast one is."""
    ticks = count()
    outcome = checked(
        mock.url, known(mock), limits=Limits(1500, 60.0), clock=lambda: float(next(ticks))
    )
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.startswith("the time limit of 60 seconds left out ")
    left_out, planned = map(int, re.findall(r"(\d+) of (\d+) planned calls", diagnostic)[0])
    first_contact = 1
    assert planned == left_out + outcome.report.checked - first_contact > 100


@pytest.mark.parametrize("whole", [True, False])
def test_a_call_that_the_time_cut_off_is_not_judged(mock, known, checked, monkeypatch, whole):
    """Whether something of its answer came or nothing."""
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
    """Ctrl-C ends the run, and the report says that it is not whole."""
    mock.fault("id-as-text")

    def told(progress):
        if progress.sent > 30:
            raise KeyboardInterrupt

    outcome = checked(mock.url, known(mock), told=told, workers=workers)
    assert not outcome.report.complete
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    assert outcome.sent < 60


def test_an_interruption_between_signatures_keeps_what_they_showed(
    mock, known, checked, monkeypatch
):
    """They are judged together, so those that were made are judged when it ends."""
    mock.fault("unsigned-accepted")
    made, right = count(1), Sender.sent

    def sent(self, case, number):
        if next(made) > 16:
            raise KeyboardInterrupt
        return right(self, case, number)

    monkeypatch.setattr(Sender, "sent", sent)
    outcome = checked(mock.url, known(mock))
    assert not outcome.report.complete
    assert ["signature-ignored"] == [each.rule for each in outcome.report.findings]
    assert outcome.diagnostics == []


# --- Who is not there -----------------------------------------------------------------------------


def test_an_endpoint_where_nobody_listens_is_told(prepared):
    """There is no report on nothing."""
    with pytest.raises(Unreachable, match="refuses connections"):
        prepared(closed_port()).outcome()


def test_an_endpoint_that_sends_calls_elsewhere_is_told(prepared):
    """With the place to test instead, without what may be a secret in its query."""
    with (
        answering(MOVED) as url,
        pytest.raises(DocpactError, match="sends calls elsewhere") as caught,
    ):
        prepared(url).outcome()
    assert "https://elsewhere.example/x" in str(caught.value)
    assert "token" not in str(caught.value)


def test_an_untrusted_certificate_is_told(prepared, tmp_path):
    """With the sentence of the client."""
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
            prepared(url).outcome()
        with pytest.raises(DocpactError, match="sends calls elsewhere"):
            prepared(url, verify=False).outcome()


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
    """Of what was found, and of the death: that its last calls got no answer is no finding."""
    mock.fault("id-as-text")
    mute(mock, lambda number, _: number > 40)
    outcome = checked(mock.url, known(mock), workers=workers)
    assert ["wrong-type"] == [each.rule for each in outcome.report.findings]
    (problem,) = outcome.report.problems
    assert problem.startswith("the endpoint answers no longer: 127.0.0.1:")
    assert 30 < outcome.report.checked <= 40
    assert outcome.report.complete


@pytest.mark.parametrize("workers", [1, 4])
def test_calls_that_are_never_answered_are_a_finding(mock, known, checked, mute, workers):
    """Many in a row, too, as long as others are answered: some gateways drop what they suspect."""
    mute(mock, lambda _, request: "%" in request.target or "xxx" in request.target)
    outcome = checked(mock.url, known(mock), workers=workers)
    assert ["no-answer"] == [each.rule for each in outcome.report.findings]
    assert outcome.report.findings[0].count > 5
    assert outcome.report.problems == ()


def test_a_call_that_is_answered_at_the_second_try_is_no_finding(mock, known, checked, mute):
    """A connection may break."""
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
    """Unless they are allowed to go further."""
    run = prepared(url, Known((("p", "j", "1"),), (("p", "k", "2"),)), unsafe_methods=allowed)
    methods = {case.request.method for probe in run.planned() for case in probe.cases}
    drawn = {case.request.method for case in run.drawn(120)}
    assert expected == bool({"POST", "PUT", "DELETE", "PATCH"} & methods)
    assert expected == bool({"POST", "PUT", "DELETE", "PATCH"} & drawn)
    assert "GET" in methods & drawn


# --- What comes first -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["current-instance", "accept-weights", "bare-delimiters"])
def test_what_servers_often_get_wrong_comes_early(mock, known, prepared, label):
    """The other calls are sent all the same."""
    cases = [each for probe in prepared(mock.url, known(mock)).planned() for each in probe.cases]
    first = next(at for at, each in enumerate(cases) if each.label == label)
    assert first < 30
    assert cases[first].expectation.outcome is Expected.SUCCESS
    assert len(cases) > 130
