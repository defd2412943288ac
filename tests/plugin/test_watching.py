"""Judging what passes through clients during tests."""

import httpx
import pytest
import requests
import urllib3
import vcr.cassette

PATH = "/api/v2/projects/project1/jobs/job1/instances/123?Format=JSON"
CALLS = {
    "requests": "import requests; requests.get({url!r})",
    "httpx": "import httpx; httpx.get({url!r})",
    "httpx, awaited": """
        import asyncio, httpx
        async def call():
            async with httpx.AsyncClient() as client:
                await client.get({url!r})
        asyncio.run(call())""",
    "urllib3": "import urllib3; urllib3.PoolManager().request('GET', {url!r})",
    "the vendor's SDK": """
        from aliyunsdkcore.client import AcsClient
        from aliyunsdkfoas.request.v20181111.GetInstanceRequest import GetInstanceRequest
        request = GetInstanceRequest()
        request.set_endpoint({authority!r})
        request.set_protocol_type("http")
        for name, value in (("projectName", "project1"), ("jobName", "job1")):
            request.add_path_param(name, value)
        request.add_path_param("instanceId", "123")
        AcsClient("testid", "testsecret", "cn-hangzhou").do_action_with_exception(request)""",
    "a cassette that is recorded": """
        import vcr, urllib.request
        with vcr.use_cassette("new.yaml"):
            urllib.request.urlopen({url!r}).read()""",
}
TOLD = """\
--- test_it ---
answers received during this test break the contract

GET /api/v2/projects/project1/jobs/job1/instances/123?Format=JSON  body line 1, column 112  \
/Instance/Id
  error wrong-type: Instance.Id is the text "…"; the page says a Long
  the page says so: GetInstance.md:63  “Id | Long | 412536 | Instance ID”"""


def test_of(code, **names):
    """A test that does this and asserts nothing."""
    lines = code.format(**names).strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    body = "\n".join(f"    {line[indent:]}" for line in lines)
    return f"def test_it():\n{body}\n"


test_of.__test__ = False


@pytest.fixture
def watched(team, endpoint):
    """Runs a test that calls the endpoint, watching it."""
    endpoint.fault("id-as-text")
    authority = endpoint.url.removeprefix("http://")

    def run(code, *options, url=endpoint.url + PATH):
        team.write(test_it=test_of(code, url=url, authority=authority))
        return team.run(*options)

    return run


@pytest.mark.parametrize("code", CALLS.values(), ids=CALLS)
@pytest.mark.filterwarnings("ignore")  # what the vendor's SDK says
def test_a_wrong_answer_fails_the_test_that_read_it(watched, code):
    """A wrong answer fails the test that read it, whichever client received it."""
    ran = watched(code, "--docpact-watch", "127.0.0.1", "-p", "no:warnings")
    assert 1 == ran.code, ran.text
    assert "error wrong-type: Instance.Id is the text" in ran.failures
    assert 1 == ran.failures.count("error wrong-type")


def test_the_failure_says_what_passed(watched):
    """The failure names the call, what is wrong, and the page's line."""
    import re

    ran = watched(CALLS["requests"], "--docpact-watch=127.0.0.1")
    assert TOLD == re.sub(r'text "[^"]*"', 'text "…"', ran.failures)


def test_a_cassette_that_is_played_is_judged(watched, endpoint):
    """An answer of a cassette is judged, and the finding names the cassette."""
    code = """
        import vcr, urllib.request
        with vcr.use_cassette("kept.yaml"):
            urllib.request.urlopen({url!r}).read()"""
    assert 0 == watched(code).code
    endpoint.reset()
    ran = watched(code, "--docpact-watch=127.0.0.1")
    assert 1 == ran.code
    assert not endpoint.calls
    assert "kept.yaml (GET /api/v2/projects" in ran.failures


@pytest.mark.parametrize("option", ["127.0.0.1=warn", "warn", "*=warn"])
@pytest.mark.filterwarnings("default")
def test_warn_only_warns(watched, option):
    """With =warn the test passes, and the run shows a warning."""
    ran = watched(CALLS["requests"], "--docpact-watch", option)
    assert (0, {"passed": 1, "warning": 1}) == (ran.code, ran.counts), ran.text
    assert "ContractWarning: answers received during this test break" in ran.text


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (None, 0),
        ("example.com", 0),
        ("127.0.0.1:1", 0),
        ("example.com,127.0.0.*", 1),
        ("{authority}", 1),
    ],
)
def test_only_the_hosts_that_are_named_are_watched(watched, endpoint, option, code):
    """Only the named hosts are watched, with a port or a star; none without the option."""
    authority = endpoint.url.removeprefix("http://")
    options = ["--docpact-watch", option.format(authority=authority)] if option else []
    assert code == watched(CALLS["httpx"], *options).code


def test_other_paths_and_methods_are_no_matter(watched, endpoint):
    """Calls of other operations, and bodies that the test did not read, are not judged."""
    code = """
        import requests
        requests.get({url!r} + "/other")
        requests.post({url!r})
        requests.get({url!r}, stream=True).close()"""
    assert 0 == watched(code, "--docpact-watch=127.0.0.1").code
    assert len(endpoint.calls) == 3


def test_calls_of_fixtures_count_too(team, endpoint):
    """Wrong answers to fixtures fail the test's setup or teardown."""
    endpoint.fault("id-as-text")
    team.write(
        test_it=f"""
        import pytest, requests

        @pytest.fixture
        def before():
            requests.get({endpoint.url + PATH!r})

        @pytest.fixture
        def after():
            yield
            requests.get({endpoint.url + PATH!r})

        def test_before(before): pass
        def test_after(after): pass
        """
    )
    ran = team.run("--docpact-watch=127.0.0.1")
    assert 1 == ran.counts["passed"]
    assert "ERROR at setup of test_before" in ran.text
    assert "ERROR at teardown of test_after" in ran.text


def test_a_test_that_fails_by_itself_keeps_its_reason(watched):
    """A test that fails by itself keeps its reason, and findings are shown beside it."""
    ran = watched(CALLS["requests"] + "\nassert not 'own reason'", "--docpact-watch=warn")
    assert 1 == ran.code
    assert "assert not 'own reason'" in ran.failures
    assert "error wrong-type" in ran.failures


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (CALLS["requests"], "no call to foas.example.com; calls to 127.0.0.1:"),
        (CALLS["httpx"], "no call to foas.example.com; calls to 127.0.0.1:"),
        (
            "pass",
            "no call to foas.example.com or any other host; docpact sees the calls of requests",
        ),
    ],
    ids=["requests", "httpx", "none"],
)
def test_a_watch_that_judged_nothing_says_so(watched, code, told):
    """If no answer was judged, the run names the hosts that were called, and nothing fails."""
    ran = watched(code, "--docpact-watch=foas.example.com")
    assert 0 == ran.code
    assert f"--docpact-watch judged no answer: {told}" in ran.text


def test_hosts_that_are_asked_for_something_else_are_told_of(watched, endpoint):
    """If the watched hosts were only called for other operations, the run says so."""
    code = "import requests\nrequests.get({url!r})\nrequests.get({url!r})"
    ran = watched(code, "--docpact-watch=127.0.0.1", url=f"{endpoint.url}/api/v2/projects")
    told = "judged no answer: none of the 2 calls to 127.0.0.1 is for GetInstance"
    assert told in ran.text


def test_a_watch_with_something_to_judge_keeps_quiet(watched, endpoint):
    """A run that judged an answer, or ran no test, says nothing about it."""
    endpoint.reset()
    assert "judged no answer" not in watched(CALLS["requests"], "--docpact-watch=127.0.0.1").text
    assert "judged no answer" not in watched("pass", "--docpact-watch=x.example", "--co").text
    assert "judged no answer" not in watched("pass", "--docpact-watch=x.example", "-k", "no").text


@pytest.mark.parametrize(("host", "told"), [("x.example", "calls to 127.0.0.1"), ("127.0.0.1", "")])
def test_what_workers_of_xdist_saw_counts(team, endpoint, host, told):
    """The calls in workers of xdist count."""
    call = test_of(CALLS["requests"], url=endpoint.url + PATH)
    team.write(test_it=call, test_other=call, test_idle="def test_idle(): pass\n")
    ran = team.run_apart("-n", "2", "--docpact-watch", host)
    assert 0 == ran.code, ran.text
    assert bool(told) == ("judged no answer" in ran.text)
    assert told in ran.text


def test_everything_is_undone_at_the_end(watched):
    """After the run, the clients are what they were before."""
    owners = [
        (requests.Session, "send"),
        (httpx.Client, "send"),
        (httpx.AsyncClient, "send"),
        (urllib3.HTTPConnectionPool, "urlopen"),
        (vcr.cassette.Cassette, "play_response"),
        (vcr.cassette.Cassette, "append"),
    ]
    before = [owner.__dict__[name] for owner, name in owners]
    assert 1 == watched(CALLS["requests"], "--docpact-watch=127.0.0.1").code
    assert before == [owner.__dict__[name] for owner, name in owners]
