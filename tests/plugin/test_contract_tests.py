"""The tests that the plugin adds for an endpoint, with no code."""

import re
import socket
from contextlib import ExitStack
from xml.etree import ElementTree as ET

import pytest

from docpact.mock import serve

RUNNING = "docpact::GetInstance::json::running-instance"
WEIGHTS = "docpact::GetInstance::json::accept-weights"
TOLD = """\
--- docpact::GetInstance::json::accept-weights ---
the endpoint breaks the contract: 1 finding in 1 call

GET /api/v2/projects/project1/jobs/job1/instances/123  body line 1, column 112  /Instance/Id
  error wrong-type: Instance.Id is the text …; the page says a Long
  the page says so: GetInstance.md:63  “Id | Long | 412536 | Instance ID”
  reproduce: docpact call http://127.0.0.1:PORT \
'--accept=application/xml;q=0.5, application/json' project1/job1/123"""


def test_a_right_mock_passes_every_test(team):
    """The mock without faults passes every test."""
    ran = team.run("--docpact-mock", "-W", "error")
    assert 0 == ran.code, ran.text
    assert ran.counts["passed"] > 40
    assert {"passed"} == set(ran.counts)


def test_the_names_say_what_is_tried(team):
    """A test is named by operation, format and kind of call; those over several calls are last."""
    names = team.run("--docpact-mock", "--collect-only", "-q").collected
    assert RUNNING == names[0]
    assert "docpact::GetInstance::xml::unknown-id" in names
    assert [
        f"docpact::GetInstance::both::{each}"
        for each in ("signatures", "formats-agree", "unique-values", "drawn-calls")
    ] == names[-4:]
    assert sorted(set(names)) == sorted(names)


def test_they_stand_after_the_projects_own(team):
    """The contract's tests run after the project's own, and -m and -k select among both."""
    team.write(test_own="def test_json(): pass\n")
    assert "test_own.py::test_json" == team.run("--docpact-mock", "--co", "-q").collected[0]
    ran = team.run("--docpact-mock", "-m", "not docpact")
    assert 1 == ran.counts["passed"]
    names = team.run("--docpact-mock", "--co", "-q", "-k", "json and id").collected
    assert names
    assert all("::json::" in each and "id" in each for each in names)


def test_a_fault_is_told_with_call_page_and_command(team):
    """A failure says what was received, what the page says, and how to reproduce it."""
    ran = team.run("--docpact-mock", "--docpact-mock-fault", "id-as-text", WEIGHTS)
    assert (1, {"failed": 1}) == (ran.code, ran.counts)
    assert TOLD == re.sub(r'text "[^"]*"', "text …", ran.failures)
    assert f"FAILED {WEIGHTS}" in ran.text


def test_a_test_is_chosen_by_its_name(team):
    """A name selects one test, or all tests under it."""
    assert [WEIGHTS] == team.run("--docpact-mock", "--co", "-q", WEIGHTS).collected
    names = team.run("--docpact-mock", "--co", "-q", "docpact::GetInstance::both").collected
    assert 4 == len(names)


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("docpact::GetInstance::json::nothing", "--collect-only -q lists the tests"),
        ("docpact::GetInstance::json::accept-wieghts", f"did you mean {WEIGHTS}?"),
        ("docpact::GetInstance::jsn", "did you mean docpact::GetInstance::json?"),
        ("docpact::getInstance", "did you mean docpact::GetInstance?"),
    ],
)
@pytest.mark.parametrize("others", [[], [WEIGHTS]])
def test_a_name_that_no_test_has_is_refused(team, name, way_out, others):
    """An unknown name is an error with the nearest name, also beside names that exist."""
    ran = team.run("--docpact-mock", *others, name)
    assert f"docpact: there is no test {name}; {way_out}" in ran.text
    assert ran.code not in {0, 1}


@pytest.fixture
def dead_url():
    """The address of nobody: a port that is taken, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_an_endpoint_that_is_not_there_fails_once(team, dead_url):
    """If the endpoint cannot be called, the first test says why and the others are skipped."""
    team.write(test_own="def test_own(): pass\n")
    ran = team.run("--docpact-url", dead_url, "-rs", "--docpact-running=project1/job1/123")
    assert 1 == ran.code
    assert (1, 1) == (ran.counts["failed"], ran.counts["passed"])
    assert ran.counts["skipped"] > 30
    assert ran.failures.splitlines()[1:] == [
        f"docpact: {dead_url.removeprefix('http://')} refuses connections".replace(
            dead_url.rpartition(":")[2], "PORT"
        ),
        "  Is it running, and is that its port?",
    ]
    assert "could not be tested; see json::running-instance" in ran.text


def test_an_endpoint_that_ends_midway_fails_each_test_after_that(team):
    """If the endpoint ends midway, each test after that fails."""
    with ExitStack() as stack:
        mock = stack.enter_context(serve())

        class Midway:
            """Ends the endpoint after the first test."""

            def pytest_runtest_teardown(self):
                stack.close()

        result = team.pytester.runpytest_inprocess(
            *("-p", "no:cacheprovider", "-p", "no:xdist"),
            *("--docpact-url", mock.url, "--docpact-running=project1/job1/123"),
            *(RUNNING, WEIGHTS, "docpact::GetInstance::xml::running-instance"),
            plugins=[Midway()],
        )
    result.assert_outcomes(passed=1, failed=2)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("formats-disagree", "both::formats-agree"),
        ("same-request-id", "both::unique-values"),
        ("unsigned-accepted", "both::signatures"),
    ],
)
def test_what_shows_over_several_calls_fails_its_own_test(team, fault, name):
    """A defect over several calls fails its own test and no other one."""
    ran = team.run("--docpact-mock", "--docpact-mock-fault", fault)
    assert 1 == ran.counts["failed"], ran.failures
    assert f"FAILED docpact::GetInstance::{name}" in ran.text


def test_xdist_spreads_them(team):
    """Every worker of xdist collects the same tests, and names select among them."""
    ran = team.run_apart(
        *("--docpact-mock", "--docpact-mock-fault", "id-as-text", "-n", "2"),
        *("docpact::GetInstance::both::formats-agree", "docpact::GetInstance::both::unique-values"),
        WEIGHTS,
    )
    assert 1 == ran.code, ran.text
    assert TOLD.splitlines()[1] in ran.text
    assert "1 failed, 2 passed in" in ran.text


def test_they_run_in_any_order(team):
    """No test needs another one to run before it."""
    ran = team.run("--docpact-mock", "--random-order", "--random-order-seed=3", "-k", "xml or both")
    assert 0 == ran.code, ran.text
    assert ran.counts["passed"] > 20


def test_junit_has_them_as_ordinary_tests(team):
    """In JUnit XML, the class name is operation and format, and the failure is the finding."""
    team.run("--docpact-mock", "--docpact-mock-fault", "id-as-text", "--junitxml", "r.xml", WEIGHTS)
    (case,) = ET.parse(team.folder / "r.xml").iter("testcase")  # noqa: S314  # our own file
    assert ("docpact.GetInstance.json", "accept-weights") == (
        case.get("classname"),
        case.get("name"),
    )
    failure = case.find("failure")
    assert "error wrong-type: Instance.Id" in failure.text


def test_an_endpoint_is_checked_by_its_url(team, endpoint):
    """An endpoint at a URL is checked, and without a key there is no test of signatures."""
    ran = team.run("--docpact-url", endpoint.url, "--docpact-running", "project1/job1/123")
    assert 0 == ran.code, ran.text
    assert endpoint.calls
    names = team.run("--docpact-url", endpoint.url, "--co", "-q").collected
    assert "docpact::GetInstance::json::documented-instance" in names
    assert not any("signatures" in each for each in names)


def test_signatures_are_skipped_where_none_is_asked_for(team, endpoint):
    """The test of signatures is skipped if the endpoint checks no signature."""
    ran = team.run(
        "--docpact-url",
        endpoint.url,
        "--docpact-running=project1/job1/123",
        "--docpact-access-key-id=testid",
        "--docpact-access-key-secret=testsecret",
        "-rs",
        "docpact::GetInstance::both::signatures",
    )
    assert (0, {"skipped": 1}) == (ran.code, ran.counts), ran.text
    assert "the endpoint does not check signatures" in ran.text


def test_the_key_may_come_from_the_environment(team, monkeypatch):
    """The key can be given in the environment variables of the vendor's own tools."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret")
    with serve(auth="required") as mock:
        ran = team.run("--docpact-url", mock.url, "--docpact-running=project1/job1/123", RUNNING)
    assert (0, {"passed": 1}) == (ran.code, ran.counts), ran.text


@pytest.mark.parametrize("form", ["ini", "pyproject.toml", "docpact.toml"])
def test_every_option_is_a_setting(team, endpoint, form):
    """Every option is a setting in pytest's ini and in docpact's own settings."""
    if form == "ini":
        team.pytester.makeini(
            f"[pytest]\ndocpact_url = {endpoint.url}\ndocpact_running = project1/job1/123\n"
            "docpact_body = json\ndocpact_drawn = 3\n"
        )
    else:
        table = "pytest" if form == "docpact.toml" else "tool.docpact.pytest"
        (team.folder / form).write_text(
            f'[{table}]\nurl = "{endpoint.url}"\nrunning = ["project1/job1/123"]\n'
            'body = "json"\ndrawn = 3\n',
            "utf-8",
        )
    names = team.run("--co", "-q").collected
    assert RUNNING in names
    assert "docpact::GetInstance::both::formats-agree" not in names
    drawn = team.run("-q", "docpact::GetInstance::both::drawn-calls")
    assert (0, 4) == (drawn.code, len(endpoint.calls))  # the first makes sure of the endpoint


def test_none_is_a_number_too(team, endpoint):
    """Zero random calls is a setting of its own, and not the same as no setting."""
    (team.folder / "docpact.toml").write_text("[pytest]\ndrawn = 0\n", "utf-8")
    names = team.run("--docpact-url", endpoint.url, "--co", "-q").collected
    assert not [each for each in names if each.endswith("drawn-calls")]


@pytest.mark.parametrize("setting", ['insecure = "false"', "timeout = 0", 'drawn = "many"'])
def test_a_setting_that_cannot_be_meant_ends_the_run(team, setting):
    """A setting of the wrong type ends the run, since the text "false" would count as true."""
    (team.folder / "docpact.toml").write_text(f"[pytest]\n{setting}\n", "utf-8")
    ran = team.run("--docpact-mock", WEIGHTS)
    assert 4 == ran.code
    assert f"docpact-{setting.split()[0]} cannot be" in ran.text


def test_the_command_line_counts_most(team, endpoint):
    """An option of the command line counts more than a setting."""
    team.pytester.makeini("[pytest]\ndocpact_body = json\n")
    names = team.run("--docpact-url", endpoint.url, "--docpact-body=xml", "--co", "-q").collected
    assert "docpact::GetInstance::xml::documented-instance" in names
    assert "docpact::GetInstance::both::formats-agree" not in names


def test_findings_count_as_the_team_decided(team):
    """An ignored rule fails no test, and warnings fail with --docpact-strict."""
    faulty = ("--docpact-mock", "--docpact-mock-fault")
    ran = team.run(*faulty, "id-as-text", "--docpact-ignore", "wrong-type:Instance.Id", WEIGHTS)
    assert 0 == ran.code, ran.text
    assert 0 == team.run(*faulty, "extra-member", WEIGHTS).code
    strict = team.run(*faulty, "extra-member", "--docpact-strict", WEIGHTS)
    assert 1 == strict.code, strict.text
    assert "warning undocumented-field" in strict.failures


def test_the_settings_of_docpact_hold_here_too(team):
    """A rule that [tool.docpact] ignores is ignored in tests and commands alike."""
    team.pyproject('[tool.docpact]\nignore = ["wrong-type:Instance.Id"]\n')
    ran = team.run("--docpact-mock", "--docpact-mock-fault", "id-as-text", WEIGHTS)
    assert (0, {"passed": 1}) == (ran.code, ran.counts)


@pytest.mark.parametrize("place", ["option", "ini"])
def test_a_setting_can_be_said_in_the_run(team, place):
    """A setting can be given by --docpact-config, as commands take it by --config."""
    setting = 'severity."wrong-type:Instance.Id" = "note"'
    if place == "ini":
        team.pytester.makeini(f"[pytest]\ndocpact_config = {setting}\n")
    said = ("--docpact-config", setting) if place == "option" else ()
    ran = team.run("--docpact-mock", "--docpact-mock-fault", "id-as-text", *said, WEIGHTS)
    assert (0, {"passed": 1}) == (ran.code, ran.counts), ran.text


def test_a_settings_file_can_be_named(team):
    """A settings file can hold the plugin's table; a wrong setting ends the run."""
    text = 'ignore = ["wrong-type:Instance.Id"]\n[pytest]\nmock-fault = "id-as-text"\n'
    (team.folder / "mine.toml").write_text(text, "utf-8")
    ran = team.run("--docpact-mock", "--docpact-config", "mine.toml", WEIGHTS)
    assert (0, {"passed": 1}) == (ran.code, ran.counts), ran.text
    ran = team.run("--docpact-mock", "--docpact-config", "stricct = true", WEIGHTS)
    assert 4 == ran.code
    assert "--docpact-config 'stricct = true': unknown setting 'stricct'" in ran.text


def test_a_seed_decides_what_is_drawn(team, endpoint):
    """Random calls are the same by default, and differ with another seed."""

    def drawn(*options):
        endpoint.reset()
        team.run(
            "--docpact-url",
            endpoint.url,
            "--docpact-drawn=20",
            *options,
            "docpact::GetInstance::both::drawn-calls",
        )
        return [each.request.target for each in endpoint.calls][1:]

    usual = drawn()
    assert usual == drawn()
    assert usual != drawn("--docpact-seed=5")
    assert drawn("--hypothesis-seed=5") == drawn("--docpact-seed=5")


def test_how_much_is_drawn_follows_the_profile(team, endpoint):
    """The profile of Hypothesis decides how many random calls are made."""
    team.write(
        conftest="from hypothesis import settings\n"
        'settings.register_profile("little", max_examples=7)\n'
    )
    team.run(
        "--docpact-url",
        endpoint.url,
        "--hypothesis-profile=little",
        "docpact::GetInstance::both::drawn-calls",
    )
    assert 1 <= len(endpoint.calls) - 1 <= 7


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--docpact-mock-fault=id-as-text"], "faults are only for the built-in mock"),
        (["--docpact-running=a/b/1"], "--docpact-running describes an endpoint"),
        (["--docpact-mock", "--docpact-mock-fault=id-as-txt"], "did you mean id-as-text?"),
        (["--docpact-mock", "--docpact-url=http://127.0.0.1"], "leave out one"),
        (["--docpact-mock", "--docpact-running=a/b"], "is not of the form projectName/jobName"),
        (["--docpact-mock", "--docpact-body=yaml"], "it is one of json, xml, both"),
        (["--docpact-mock", "--docpact-seed=x"], "docpact-seed cannot be 'x'"),
        (["--docpact-mock", "--docpact-drawn=-3"], "docpact-drawn cannot be -3"),
        (["--docpact-mock", "--docpact-rate=-1"], "docpact-rate cannot be -1.0"),
        (["--docpact-mock", "--docpact-timeout=nan"], "docpact-timeout cannot be nan"),
        (["--docpact-mock", "--docpact-access-key-id=x"], "docpact-access-key-secret is missing"),
        (["--docpact-watch", "."], "expects a host, and '.' is a file"),
        (["--docpact-mock", "--docpact-ignore=no-such"], "unknown rule 'no-such'"),
        (["--docpact-url=ftp://x"], "is not the URL of an endpoint"),
        (["--docpact-watch==warn"], "--docpact-watch cannot be '=warn'"),
    ],
)
def test_what_cannot_be_meant_is_refused(team, options, told):
    """A wrong option ends the run in one sentence before any test."""
    ran = team.run(*options)
    assert 4 == ran.code, ran.text
    assert told in ran.text
    assert "Traceback" not in ran.text


def test_an_unknown_setting_is_refused(team):
    """An unknown setting of the plugin ends the run."""
    team.pyproject('[tool.docpact.pytest]\nurll = "x"\n')
    ran = team.run()
    assert 4 == ran.code
    assert "the unknown name 'urll'" in ran.text


def test_an_endpoint_that_is_not_there_fails_in_a_sentence(team):
    """An endpoint that is not there fails the test in one sentence without a traceback."""
    ran = team.run("--docpact-url=http://127.0.0.1:9", "--docpact-drawn=0", "-k", "decimal-id")
    assert 1 == ran.code
    assert "docpact: 127.0.0.1:PORT refuses connections" in ran.failures
    assert "During handling" not in ran.text
    assert "Traceback" not in ran.text


def test_a_call_without_an_answer_is_a_finding(team):
    """A call without an answer is a finding if the endpoint answers other calls."""
    ran = team.run("--docpact-mock", "--docpact-mock-fault=hangs-up", "-k", "overlong")
    assert 1 == ran.code
    assert "error no-answer" in ran.failures, ran.text
