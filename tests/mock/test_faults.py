"""Every fault of the catalogue is noticed when the mock has it, by exactly its rules."""

import http.client
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest

from docpact.check import Session, compare_formats
from docpact.contract import Media, load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.faults import FAULTS, Shows
from docpact.generate.requests import SIGNATURE_LABELS, known_cases
from docpact.http.client import Client, Unreachable
from docpact.mock import endpoint as endpoint_module
from docpact.mock import serve
from docpact.mock.server import endpoint_for

CONTRACT = load_bundled()
RUNNING, NOT_RUNNING = endpoint_for().world.known()
CASES = list(known_cases(CONTRACT, running=RUNNING, not_running=NOT_RUNNING, signed=True))
SILENT = "hangs-up"  # brings no answer that could be judged
BEHAVIOURS = [each for each in FAULTS.values() if each.is_behaviour and each.name != SILENT]
RESPONSES = [each for each in FAULTS.values() if not each.is_behaviour]
JOB1 = ("project1", "job1", "123")

# Which requests bring a fault of behaviour to light; SEVERAL stands for any of them, in a row.
ANY = frozenset({"any"})
PROBES = {
    "stopped-job-answers": {"not-running-instance"},
    "unknown-instance-answers": {"unknown-name", "unknown-id", "encoded-slash"},
    "any-id-answers": {"id-not-a-number", "decimal-id"},
    "any-project-answers": {"unknown-name", "encoded-slash"},
    "any-format-answers": {"bad-listed-value"},
    "format-ignored": {"listed-parameter"},
    "any-method-answers": {"wrong-method"},
    "no-allow": {"wrong-method"},
    "large-id-fails": {"running-instance", "bare-delimiters"},
    "very-large-id-fails": {"running-instance", "bare-delimiters"},
    "current-instance-fails": {"current-instance"},
    "non-ascii-name-fails": {"running-instance", "bare-delimiters"},
    "spaced-name-fails": {"running-instance", "bare-delimiters"},
    "plus-is-a-space": {"bare-delimiters"},
    "encoded-slash-splits": {"running-instance", "bare-delimiters"},
    "lower-case-hex-fails": {"lower-case-hex"},
    "accept-fails": {"accept-weights"},
    "same-request-id": ANY,
    "nearly-unique-request-id": ANY,
    "every-fifth-call-fails": ANY,
    "formats-disagree": ANY,
    "slow": ANY,
    "unsigned-accepted": {"missing-signature"},
    "any-signature-accepted": {"wrong-signature", "altered-signature", "unsigned-query"},
    "unknown-key-accepted": {"unknown-access-key"},
    "query-not-covered": {"unsigned-query"},
    "any-scheme-accepted": {"other-scheme"},
    "signature-prefix-accepted": {"altered-signature"},
}

# What becomes of a fault on its way, where a client sees something else than the fault's rules.
# docpact's own client reads on behind the announced end of a body; Python's library does not.
NOT_SEEN_BY_OURS = {
    "informational": "a 1xx announces another answer, and none comes: Unreachable",
}
NOT_SEEN_BY_PYTHONS = {
    "informational": "a 1xx has no body: empty-body beside its own rule",
    "long-transfer": "the body is cut where its length says: json-syntax or xml-syntax",
    "short-transfer": "the connection ends before the body: IncompleteRead",
}


def call_for(values, media):
    """The call for an instance, in a format."""
    project, job, number = (quote(each, safe="") for each in values)
    target = f"/api/v2/projects/{project}/jobs/{job}/instances/{number}?Format={media.upper()}"
    return Request("GET", target)


def rules_by_label(send, judge, cases):
    """The rules that were broken, and the labels of the requests by which each was."""
    session, broken = Session(CONTRACT), {}
    for case in cases:
        for each in judge.findings(send(case.request), case, session):
            broken.setdefault(each.rule, set()).add(case.label)
    return broken


def timed(endpoint):
    """Sends to an endpoint in this process, as if its delays had passed."""

    def send(request):
        reply = endpoint.respond(request)
        return replace(reply.response, seconds=reply.delay)

    return send


def pair_rules(send, judge):
    """The rules that an answer in JSON and one in XML break together."""
    exchanges = [
        Exchange(send(call_for(JOB1, media)), Source(media), call_for(JOB1, media))
        for media in Media
    ]
    return {each.rule for each in compare_formats(*map(judge.checker.judge, exchanges))}


def test_every_fault_of_behaviour_has_its_probes():
    """So that none is added without a request that brings it to light."""
    assert {each.name for each in BEHAVIOURS} == PROBES.keys()


@pytest.mark.parametrize("auth", ["off", "required"])
@pytest.mark.parametrize("fault", BEHAVIOURS, ids=lambda fault: fault.name)
def test_a_fault_of_behaviour_is_noticed_by_its_probes(fault, auth, judge, sign):
    """By its rules and no others, by those requests that it concerns and no others."""
    endpoint = endpoint_for(faults=[fault.name], auth=auth, seed=1)
    cases = [sign(each) if auth == "required" else each for each in CASES]
    cases = [each for each in cases if auth == "required" or each.label not in SIGNATURE_LABELS]
    broken = rules_by_label(timed(endpoint), judge, cases)
    pair = pair_rules(timed(endpoint_for(faults=[fault.name])), judge)
    if fault.name == "formats-disagree":
        assert ({}, fault.breaks) == (broken, pair)
        return
    assert set() == pair
    if auth == "off" and fault.shows is Shows.UNSIGNED:
        assert {} == broken
        return
    assert fault.breaks == broken.keys()
    (labels,) = broken.values()
    assert PROBES[fault.name] in (ANY, labels)


@pytest.mark.parametrize("fault", BEHAVIOURS, ids=lambda fault: fault.name)
def test_a_fault_of_behaviour_is_noticed_over_the_wire(fault, judge, sign, monkeypatch):
    """The same where the mock is a server."""
    monkeypatch.setattr(endpoint_module, "SLOW", 0.0)  # nobody waits in a test
    wanted = PROBES[fault.name]
    cases = [sign(each) for each in CASES if wanted is ANY or each.label in wanted]
    with serve(fault=fault.name, auth="required", seed=1) as mock, Client(mock.url) as client:
        broken = rules_by_label(client.send, judge, cases).keys()
        mock.endpoint.access.auth = "off"
        broken |= pair_rules(client.send, judge)
    assert broken == (set() if fault.name == "slow" else fault.breaks)


def test_who_hangs_up_sends_nothing_at_all():
    """The client is told so, and other calls are answered."""
    by_label = {each.label: each.request for each in CASES}
    with serve(fault=SILENT) as mock, Client(mock.url) as client:
        with pytest.raises(Unreachable):
            client.send(by_label["overlong-name"])
        assert 200 == client.send(by_label["running-instance"]).status


def test_slow_takes_longer_than_clients_wait():
    """The vendor's client gives up after ten seconds."""
    assert endpoint_for(faults=["slow"]).respond(call_for(JOB1, "json")).delay > 10


@pytest.fixture(scope="module")
def faulty():
    """A mock whose faults each test sets anew."""
    with serve() as mock:
        yield mock


def calls(mock, media):
    """Calls for the page's example, for all that is hard to repeat, and for what is not there."""
    plain, hard = mock.world.known()[0][:1], mock.world.known()[0][-8:]
    return [call_for(each, media) for each in (*plain, *hard, ("nowhere", "job1", "1"))]


@pytest.mark.parametrize("media", list(Media))
@pytest.mark.parametrize("fault", RESPONSES, ids=lambda fault: fault.name)
def test_a_fault_of_an_answer_is_noticed_over_the_wire(fault, media, faulty, judge):
    """By exactly its rules wherever it shows; what does not show is clean."""
    faulty.fault(fault.name)
    seen = set()
    with Client(faulty.url) as client:
        for request in calls(faulty, media):
            try:
                seen.add(frozenset(judge(client.send(request), request)))
            except Unreachable:
                seen.add("Unreachable")
    if media not in fault.media:
        assert {frozenset()} == seen
    elif fault.name in NOT_SEEN_BY_OURS:
        assert {"Unreachable"} == seen - {frozenset()}
    else:
        assert {fault.breaks} == seen - {frozenset()}


@pytest.mark.parametrize("media", list(Media))
@pytest.mark.parametrize("name", NOT_SEEN_BY_PYTHONS)
def test_what_pythons_own_client_sees_instead(name, media, faulty, judge):
    """Some faults are faults of transport, which clients notice in their own ways."""
    faulty.fault(name)
    request = call_for(JOB1, media)
    with closing(http.client.HTTPConnection(urlsplit(faulty.url).netloc, timeout=20)) as connection:
        connection.request("GET", request.target)
        answer = connection.getresponse()
        if name == "short-transfer":
            with pytest.raises(http.client.IncompleteRead):
                answer.read()
            return
        response = Response(answer.read(), answer.status)
    expected = {"informational": ["empty-body", "unexpected-status"]}
    assert expected.get(name, [f"{media}-syntax"]) == judge(response, request)


def test_faults_by_header_are_faults_of_that_call_alone(judge):
    """One call's header changes nothing for the next."""
    endpoint = endpoint_for(seed=1)
    request = call_for(JOB1, "json")
    faulty = replace(request, headers=(("X-Docpact-Fault", "other-job , "),))
    assert ["wrong-echo"] == judge(endpoint.respond(faulty).response, request)
    assert [] == judge(endpoint.respond(request).response, request)


@pytest.mark.parametrize(("media", "kind"), [("json", "application/json"), ("xml", "text/xml")])
def test_an_unknown_fault_in_a_header_is_refused(mock, judge, media, kind):
    """In the format that was asked for, with the nearest name; the mock goes on."""
    request = call_for(JOB1, media)
    with Client(mock.url) as client:
        answer = client.send(replace(request, headers=(("X-Docpact-Fault", "other-jo"),)))
        assert (400, kind) == (answer.status, answer.content_type)
        assert b"did you mean other-job?" in answer.body
        assert [] == judge(answer, request)
        assert 200 == client.send(request).status


def test_a_mock_without_controls_takes_no_faults_by_header(judge):
    """Others may reach it, and they may not break it."""
    with serve(control=False) as mock, Client(mock.url) as client:
        request = call_for(JOB1, "json")
        asked = replace(request, headers=(("X-Docpact-Fault", "other-job"),))
        assert [] == judge(client.send(asked), request)


def test_an_unknown_fault_is_refused_at_once():
    """Before anything is served."""
    with (
        pytest.raises(WrongConfiguration, match=r"did you mean two-roots\?"),
        serve(fault="two-root"),
    ):
        pass


@pytest.mark.parametrize(("rate", "least", "most"), [(0, 0, 0), (0.5, 60, 140), (1, 200, 200)])
def test_a_rate_says_in_what_part_of_the_calls_a_fault_shows(judge, rate, least, most):
    """Of two hundred calls."""
    endpoint = endpoint_for(faults=["other-job"], fault_rate=rate, seed=3)
    request = call_for(JOB1, "json")
    shown = sum(bool(judge(endpoint.respond(request).response, request)) for _ in range(200))
    assert least <= shown <= most


def test_of_several_faults_each_shows(judge):
    """One in each call, whichever fits."""
    endpoint = endpoint_for(faults=["other-job", "empty-body", "error-without-code"], seed=3)
    request, unknown = call_for(JOB1, "json"), call_for(("nowhere", "job1", "1"), "json")
    found = {tuple(judge(endpoint.respond(request).response, request)) for _ in range(50)}
    assert {("wrong-echo",), ("empty-body",)} == found
    assert ["missing-field"] == judge(endpoint.respond(unknown).response, unknown)


def test_faults_are_those_of_the_catalogue(judge):
    """What the mock sends is what the catalogue makes of its answer."""
    request = call_for(JOB1, "xml")
    right = endpoint_for(seed=5).respond(request).response
    wrong = endpoint_for(seed=5, faults=["two-roots"]).respond(request).response
    assert wrong == FAULTS["two-roots"].apply(right)
    assert sorted(FAULTS["two-roots"].breaks) == judge(wrong, request)


def test_a_fault_that_cannot_show_is_not_passed_over_in_silence():
    """A header says so: in XML all values are texts."""
    asked = (("X-Docpact-Fault", "id-as-text"),)
    endpoint = endpoint_for()
    in_xml = endpoint.respond(replace(call_for(JOB1, "xml"), headers=asked)).response
    in_json = endpoint.respond(replace(call_for(JOB1, "json"), headers=asked)).response
    assert ("X-Docpact-Fault", "not shown: this answer cannot have it") in in_xml.headers
    assert "X-Docpact-Fault" not in dict(in_json.headers)
