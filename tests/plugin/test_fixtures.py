"""The fixtures, in the hands of this very run, which has the plugin loaded."""

import asyncio
import re
import urllib.request
from types import SimpleNamespace

import aiohttp
import django
import httpx
import pytest
import requests
import urllib3
from starlette.applications import Starlette
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route

from docpact.contract import Contract
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request, Response
from docpact.response_adapters import UnknownAnswer
from docpact.testing.judging import ContractBroken

PATH = "/api/v2/projects/project1/jobs/job1/instances/123"
BODY = (
    b'{"RequestId": "9B7BD33D-5F3A-4C4C-BCF5-AD686CAD2370", "Instance": {"Id": 5, '
    b'"ActualState": "DONE"}}'
)
TOLD = """\
the answer breaks the contract: 1 error, 0 warnings, 0 notes

answer:2:16  /Instance/ActualState
  - WAITING, RUNNING, PAUSED, TERMINATED, SUCCESS, FAILED
  + "ActualState": "DONE"}}
  error unknown-enum-value: Instance.ActualState is "DONE"; the page lists WAITING, RUNNING, \
PAUSED, TERMINATED, SUCCESS, FAILED
  the page says so: GetInstance.md:37"""


async def _by_aiohttp(url, *, read=True):
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        if read:
            await response.read()
        return response


CLIENTS = {
    "requests": requests.get,
    "httpx": httpx.get,
    "urllib3": lambda url: urllib3.PoolManager().request("GET", url),
    "urllib": urllib.request.urlopen,
    "aiohttp": lambda url: asyncio.run(_by_aiohttp(url)),
}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_a_response_of_any_client_is_judged(docpact_mock, assert_conforms, client):
    """assert_conforms judges the response of any client."""
    url = f"{docpact_mock.url}{PATH}?Format=JSON"
    assert_conforms(client(url))
    docpact_mock.fault("id-as-text")
    with pytest.raises(ContractBroken, match="error wrong-type"):
        assert_conforms(client(url))


@pytest.mark.parametrize("client", ["requests", "httpx", "aiohttp"])
def test_the_answer_knows_what_was_asked(docpact_mock, assert_conforms, client):
    """The request is taken from the response, so an answer about another instance is noticed."""
    docpact_mock.fault("other-job")
    findings = assert_conforms.findings(CLIENTS[client](docpact_mock.url + PATH))
    assert ["wrong-echo"] == [each.rule for each in findings]


def answers_of(body):
    """The same answer as test clients and plain values have it."""
    app = Starlette(routes=[Route("/x", lambda _: StarletteResponse(body, 200, None, "text/json"))])
    from starlette.testclient import TestClient

    yield TestClient(app).get("/x")
    from django.conf import settings
    from django.http import HttpResponse

    if not settings.configured:
        settings.configure()
        django.setup()
    yield HttpResponse(body, "application/json")
    from werkzeug.test import Client
    from werkzeug.wrappers import Response as Werkzeug

    yield Client(Werkzeug(body, 200, content_type="application/json")).get("/x")
    headers = {"Content-Type": "application/json"}
    yield (200, headers, body)
    yield (200, list(headers.items()), body.decode())
    yield body
    yield bytearray(body)
    yield body.decode()
    yield Response(body)


@pytest.mark.filterwarnings("ignore")  # what the frameworks say of themselves
def test_test_clients_and_plain_values_are_judged(assert_conforms):
    """assert_conforms judges responses of test clients, bytes, text and (status, headers, body)."""
    for right, wrong in zip(
        answers_of(BODY.replace(b"DONE", b"RUNNING")), answers_of(BODY), strict=True
    ):
        assert_conforms(right)
        with pytest.raises(ContractBroken):
            assert_conforms(wrong)


@pytest.mark.filterwarnings("ignore")
def test_djangos_test_client_says_what_was_asked(assert_conforms):
    """The request of Django's test client, whose path is decoded, is understood."""
    answer = SimpleNamespace(
        status_code=200,
        headers={"Content-Type": "application/json"},
        content=BODY,
        request={"PATH_INFO": PATH, "REQUEST_METHOD": "GET", "QUERY_STRING": "Format=JSON"},
    )
    rules = {each.rule for each in assert_conforms.findings(answer)}
    assert "wrong-echo" in rules


def test_a_failure_shows_what_was_expected_and_what_came(assert_conforms):
    """A failure shows the expected and the received line like a diff, and the page's line."""
    with pytest.raises(ContractBroken) as caught:
        assert_conforms(BODY.replace(b'5, "', b'5,\n"'))
    assert TOLD == str(caught.value).partition("  “")[0]
    assert ("unknown-enum-value",) == tuple(each.rule for each in caught.value.findings)


def test_a_request_can_be_named(assert_conforms):
    """A request can be given as a reference to an instance or as a Request."""
    body = BODY.replace(b"DONE", b"RUNNING")
    assert_conforms(body, request="project1/job1/5")
    with pytest.raises(ContractBroken, match="wrong-echo"):
        assert_conforms(body, request="project1/job1/6")
    with pytest.raises(ContractBroken, match="wrong-echo"):
        assert_conforms(body, request=Request("GET", PATH))
    with pytest.raises(ContractBroken, match="success-under-error"):
        assert_conforms(body, status=404)
    with pytest.raises(WrongConfiguration, match="is not of the form"):
        assert_conforms(body, request="project1")


@pytest.mark.parametrize("answer", [None, 7, object(), (1, 2), (200, {}, 5), ("x", {}, b"")])
def test_what_is_no_answer_is_refused(assert_conforms, answer):
    """A value that is not an answer is refused with the forms that are accepted."""
    with pytest.raises(UnknownAnswer, match="requests, aiohttp"):
        assert_conforms(answer)


def test_a_body_that_was_not_awaited_is_refused(docpact_mock, assert_conforms):
    """A response of aiohttp is refused if its body was not read."""
    response = asyncio.run(_by_aiohttp(docpact_mock.url + PATH, read=False))
    with pytest.raises(UnknownAnswer, match=r"Await response\.read"):
        assert_conforms(response)


def test_the_contract_is_a_fixture(docpact_contract):
    """docpact_contract is the contract."""
    assert isinstance(docpact_contract, Contract)
    assert "GetInstance" == docpact_contract.operation.name


def test_each_test_has_a_world_of_its_own(team):
    """Instances, faults and calls of docpact_mock last for one test; the server stays."""
    team.write(
        test_it="""
        import requests
        PATH = "/api/v2/projects/mine/jobs/daily/instances/7"
        URLS = []

        def test_one(docpact_mock):
            assert docpact_mock.add(
                {"Instance": {"ProjectName": "mine", "JobName": "daily", "Id": 7}}
            ) == "mine/daily/7"
            docpact_mock.fault("id-as-text")
            assert "mine/daily/7" in docpact_mock.running
            assert requests.get(docpact_mock.url + PATH).status_code == 200
            URLS.append(docpact_mock.url)

        def test_two(docpact_mock, docpact_fault):
            assert docpact_fault is None
            assert docpact_mock.requests == ()
            assert requests.get(docpact_mock.url + PATH).status_code == 404
            assert [each.target for each in docpact_mock.requests] == [PATH]
            assert URLS == [docpact_mock.url]
        """
    )
    ran = team.run("-W", "error")
    assert (0, {"passed": 2}) == (ran.code, ran.counts), ran.text


def test_an_instance_that_breaks_the_contract_is_refused(docpact_mock):
    """docpact_mock.add refuses a wrong instance, and replaces one of the same names."""
    with pytest.raises(WrongConfiguration, match="ActualState"):
        docpact_mock.add({"ActualState": "DONE"})
    assert docpact_mock.add({"Starter": "a"}) == docpact_mock.add({"Starter": "b"})
    docpact_mock.remove("project1/job1/123")
    assert "project1/job1/123" not in docpact_mock.running


def test_the_client_signs(docpact_mock, docpact_client, assert_conforms):
    """docpact_client signs with the mock's key, and requests a format if one is named."""
    in_json = docpact_client.call("project1/job1/123", body="json")
    in_xml = docpact_client.call("project1/job1/123", accept="application/xml")
    assert_conforms(in_json)
    assert_conforms(in_xml)
    assert in_json.response.body.startswith(b"{")
    assert in_xml.response.body.startswith(b"<")
    for request in docpact_mock.requests:
        assert any(name == "authorization" for name, _ in request.headers)
    assert re.fullmatch(r"<docpact_client of http://127\.0\.0\.1:\d+>", repr(docpact_client))


def test_the_client_calls_the_endpoint_that_is_checked(team, endpoint):
    """docpact_client calls the endpoint at --docpact-url, and the mock is not started."""
    team.write(
        test_it="""
        def test_it(docpact_client, assert_conforms):
            assert_conforms(docpact_client.call("project1/job1/123"))
        """
    )
    ran = team.run("--docpact-url", endpoint.url, "test_it.py", "-m", "not docpact")
    assert 1 == ran.counts["passed"], ran.text
    assert 1 == len(endpoint.calls)


@pytest.mark.docpact_faults("cut-json", "xml-wrong-root")
def test_a_mark_gives_each_fault_to_a_test(docpact_mock, docpact_fault, assert_conforms):
    """A test with the mark docpact_faults runs once with each fault, which docpact_fault names."""
    media = "json" if "json" in docpact_fault.name else "xml"
    response = requests.get(f"{docpact_mock.url}{PATH}?Format={media.upper()}")  # noqa: S113
    found = {each.rule for each in assert_conforms.findings(response)}
    assert docpact_fault.breaks & found


def test_the_mark_takes_the_catalogue_or_a_part(team):
    """The mark selects all faults that any answer shows, or those of a format or a rule."""
    team.write(
        test_it="""
        import pytest

        @pytest.mark.docpact_faults()
        def test_all(docpact_mock): pass

        @pytest.mark.docpact_faults(media="xml", rule="wrong-type")
        def test_some(docpact_mock): pass
        """
    )
    names = team.run("--co", "-q").collected
    every = [each for each in names if "test_all" in each]
    some = [each for each in names if "test_some" in each]
    assert len(every) > 50
    assert 0 < len(some) < 15
    assert "test_it.py::test_all[xml-wrong-root]" in every


@pytest.mark.parametrize(
    ("mark", "arguments", "told"),
    [
        ('"no-such"', "docpact_mock", "unknown fault 'no-such'"),
        ('"id-as-txt"', "docpact_mock", "test_it: docpact_faults: unknown fault 'id-as-txt'"),
        ('"id-as-txt"', "docpact_mock", "did you mean id-as-text?"),
        ("", "", "test_it has the mark docpact_faults, but does not use docpact_mock"),
        ('rule="no-such"', "docpact_mock", "unknown rule 'no-such'"),
        ('rule="wrong-typ"', "docpact_mock", "did you mean wrong-type?"),
        ('"id-as-text", rule="html-body"', "docpact_mock", "no fault matches"),
        ("colour=3", "docpact_mock", "unexpected keyword argument"),
    ],
)
def test_a_mark_that_means_nothing_is_refused(team, mark, arguments, told):
    """A wrong mark is an error in one sentence when tests are collected."""
    team.write(
        test_it=f"""
        import pytest

        @pytest.mark.docpact_faults({mark})
        def test_it({arguments}): pass
        """
    )
    ran = team.run("-W", "always")
    assert 2 == ran.code
    assert told in ran.text
    assert "Warning" not in ran.text


@pytest.mark.parametrize("in_class", [True, False])
def test_every_mark_that_means_nothing_is_told_of(team, in_class):
    """All wrong marks of a module or class are reported at once; other modules are collected."""
    head, margin = ("class Test:", "    ") if in_class else ("", "")
    tests = "\n".join(
        f"{margin}@pytest.mark.docpact_faults('{name}')\n{margin}def {test}"
        for name, test in (
            ("no-such", f"test_a({'self, ' * in_class}docpact_mock): pass"),
            ("cut-jsn", f"test_b({'self, ' * in_class}docpact_mock): pass"),
        )
    )
    team.write(test_it=f"import pytest\n{head}\n{tests}\n", test_own="def test_own(): pass\n")
    ran = team.run("--continue-on-collection-errors")
    assert "test_a: docpact_faults: unknown fault 'no-such'" in ran.text
    assert "test_b: docpact_faults: unknown fault 'cut-jsn' (did you mean cut-json?)" in ran.text
    assert {"passed": 1, "error": 1} == ran.counts


def test_findings_are_told_where_they_are_compared(team):
    """A failed comparison of findings shows them instead of a long repr."""
    team.write(
        test_it="""
        def test_it(assert_conforms):
            assert assert_conforms.findings(b"{") == ()
        """
    )
    ran = team.run()
    assert 1 == ran.code
    assert "E       assert the answer breaks the contract: 1 error" in ran.text
    assert "error json-syntax" in ran.text


def test_a_teams_own_rule_is_held_everywhere(team):
    """A team's own rule counts in assert_conforms and in the contract's tests."""
    team.write(
        conftest='''
        def no_such_project(members, exchange):
            """Projects called project1 are gone."""
            if members.get("Instance", {}).get("ProjectName") == "project1":
                yield "the project is project1"

        def pytest_docpact_rules():
            return [no_such_project]
        ''',
        test_it="""
        def test_it(assert_conforms, docpact_client):
            assert_conforms(docpact_client.call("project1/job1/123"))
        """,
    )
    ran = team.run("--docpact-mock", "test_it.py", "-k", "test_it or accept-header")
    assert 1 == ran.code
    assert 3 == ran.counts["failed"], ran.text
    assert "error no-such-project: the project is project1" in ran.text
    assert "ruling no-such-project says so: conftest.py:1  “Projects called project1" in ran.text
