"""Whatever is asked of a correct mock, what comes is what must come."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from docpact.check import Session
from docpact.contract import load_bundled
from docpact.generate.requests import SIGNATURE_LABELS, known_cases, requests
from docpact.http.client import Client
from docpact.mock import serve
from docpact.mock.server import endpoint_for

CONTRACT = load_bundled()
RUNNING, NOT_RUNNING = endpoint_for().world.known()
KNOWN = {"running": RUNNING, "not_running": NOT_RUNNING}
CASES = list(known_cases(CONTRACT, **KNOWN, signed=True))
# A fixture of the session is the same one for every example.
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
AUTHS = ("off", "required")


def told(findings):
    """The findings as a reader of a failed test needs them."""
    return [(each.rule, each.message) for each in findings]


@pytest.fixture(scope="module")
def endpoints():
    """The default world, with each way to treat signatures."""
    return {auth: endpoint_for(auth=auth) for auth in (*AUTHS, "optional")}


@pytest.fixture(scope="module")
def clients():
    """The same over the wire."""
    with serve() as free, serve(auth="required") as guarded:
        clients = {"off": Client(free.url), "required": Client(guarded.url)}
        yield clients
        for each in clients.values():
            each.close()


@settings(suppress_health_check=QUIET)
@given(case=requests(CONTRACT, **KNOWN))
def test_any_request_unsigned(case, endpoints, judge):
    """Every kind of request is answered as expected without signatures."""
    response = endpoints["off"].respond(case.request).response
    assert [] == told(judge.findings(response, case))


@settings(suppress_health_check=QUIET)
@given(case=requests(CONTRACT, **KNOWN, signed=True))
def test_any_request_signed(case, endpoints, judge, sign):
    """Every kind of request is answered as expected with right and wrong signatures."""
    made = sign(case)
    response = endpoints["required"].respond(made.request).response
    assert [] == told(judge.findings(response, made))


@settings(suppress_health_check=QUIET, max_examples=50)
@given(case=requests(CONTRACT, **KNOWN, signed=True))
def test_signatures_are_ignored_where_they_are_off(case, endpoints, judge):
    """No Authorization changes the answer of a mock that does not check signatures."""
    if case.label in SIGNATURE_LABELS:
        response = endpoints["off"].respond(case.request).response
        assert 200 == response.status
        assert [] == judge(response, case.request)


@settings(suppress_health_check=QUIET, max_examples=50)
@given(case=requests(CONTRACT, **KNOWN, signed=True))
def test_a_signature_is_judged_where_it_is_optional(case, endpoints, judge, sign):
    """Optional signatures may be missing, but not wrong."""
    endpoint = endpoints["optional"]
    made = sign(case)
    unsigned = case.label == "missing-signature"
    expected = ["signature-ignored"] if unsigned else []
    assert expected == judge(endpoint.respond(made.request).response, made)


@settings(suppress_health_check=QUIET, max_examples=50)
@given(case=requests(CONTRACT, running=[("a", "b", 1)]))
def test_in_the_world_any_no_answer_contradicts_itself(case, judge):
    """Every answer of the world `any` keeps the contract."""
    response = endpoint_for(world="any").respond(case.request).response
    assert [] == judge(response, case.request)


@pytest.mark.parametrize("auth", AUTHS)
def test_every_kind_of_request_over_the_wire(auth, clients, judge, sign):
    """Every kind of request is answered by a server, and no RequestId is repeated."""
    session = Session(CONTRACT)
    found = {}
    for case in CASES:
        if auth == "off" and case.label in SIGNATURE_LABELS:
            continue
        made = sign(case) if auth == "required" else case
        response = clients[auth].send(made.request)
        found[case.label, made.request.target] = told(judge.findings(response, made, session))
    assert {} == {label: each for label, each in found.items() if each}


@settings(suppress_health_check=QUIET, max_examples=40)
@given(case=requests(CONTRACT, **KNOWN, signed=True))
def test_any_request_over_the_wire(case, clients, judge, sign):
    """A server sends what the endpoint answers."""
    made = sign(case)
    assert [] == told(judge.findings(clients["required"].send(made.request), made))


def test_the_kinds_are_all_there():
    """The tests of this file cover every kind of request."""
    counted = Counter(case.label for case in CASES)
    assert {"running-instance", "not-running-instance", *SIGNATURE_LABELS} <= counted.keys()
    assert len(RUNNING) == counted["running-instance"]


def test_a_request_that_comes_again_is_refused(sign):
    """A signed request that is sent again is refused."""
    endpoint = endpoint_for(auth="required")
    case = sign(CASES[0])
    first, second = (endpoint.respond(case.request).response for _ in range(2))
    assert (200, 400) == (first.status, second.status)
    assert b"SignatureNonceUsed" in second.body


@pytest.mark.parametrize("query", ["a=%00", "a=%ff", "a=%ed%a0%80", "a=%EF%BF%BF", "a=%0a%1b[2J"])
def test_what_is_repeated_of_a_request_can_be_read(query, sign, judge):
    """The answer to a wrong signature repeats any request in readable characters."""
    (wrong,) = (case for case in CASES if case.label == "wrong-signature")
    request = replace(wrong.request, target=f"{wrong.request.target}?{query}")
    made = sign(replace(wrong, request=request))
    for media in ("application/json", "text/xml"):
        headers = (*made.request.headers, ("Accept", media))
        request = replace(made.request, headers=headers)
        response = endpoint_for(auth="required").respond(request).response
        assert b"SignatureDoesNotMatch" in response.body
        assert [] == judge(response, replace(made, request=request))


@pytest.mark.parametrize("path", ["/\udcff", "/api/v2/projects/\udcff/jobs/\udce4/instances/1"])
def test_bytes_that_are_no_ascii_are_refused(path, judge):
    """A target with bytes outside ASCII is refused."""
    request = replace(CASES[0].request, target=path)
    response = endpoint_for().respond(request).response
    assert response.status in {400, 404}
    assert [] == judge(response, request)
