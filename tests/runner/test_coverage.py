"""A run that could judge little says why, and never seems clean."""

from docpact.contract import load_bundled
from docpact.runner import KnownInstances, Limits
from docpact.runner.coverage import NO_INSTANCES, call_in_url

FEW = Limits(60)


def test_nothing_exists_there(mock, checked):
    """If no call succeeds, the report says what most answers said, and the next step."""
    outcome = checked(f"{mock.url}/elsewhere", key=None, limits=FEW)
    (problem,) = outcome.report.problems
    assert problem.startswith("no call succeeded: ")
    assert " answers, most of them 404 InvalidApi.NotFound " in problem
    assert problem.endswith("; name an instance that is running with --running")


def test_signatures_are_asked_for(mock, checked):
    """If the endpoint requires signed calls and there is no key, the report asks for one."""
    (problem,) = checked(mock.url, key=None, limits=FEW).report.problems
    assert "; the endpoint requires signed calls (MissingAuthorization): give a key" in problem


def test_a_whole_call_is_no_url(mock, checked):
    """If the URL contains the path of a call, the report says what to give instead."""
    url = f"{mock.url}/api/v2/projects/project1/jobs/a%20b/instances/123"
    (problem,) = checked(url, limits=FEW).report.problems
    wanted = f"the URL contains the path of a call: give {mock.url} and --running project1/a b/123"
    assert problem.endswith(wanted)
    assert call_in_url(load_bundled(), mock.url) == ""


def test_findings_say_it_already(mock, checked):
    """If there are findings, that no call succeeded is a diagnostic and not a problem."""
    known = KnownInstances((("project1", "job1", "123"),))
    outcome = checked(f"{mock.url}/elsewhere", known, limits=FEW)
    assert outcome.report.problems == ()
    assert "unexpected-failure" in {each.rule for each in outcome.report.findings}
    (diagnostic,) = [each for each in outcome.diagnostics if each.startswith("no call succeeded")]
    assert diagnostic.endswith("that the instances of --running are running there")


def test_what_was_not_named_is_remarked_on(mock, known, checked):
    """If calls succeed but no running instance is named, a diagnostic says so."""
    assert NO_INSTANCES in checked(mock.url, limits=FEW).diagnostics
    assert NO_INSTANCES not in checked(mock.url, known(mock), limits=FEW).diagnostics
    assert (
        NO_INSTANCES
        not in checked(mock.url, KnownInstances(everything_exists=True), limits=FEW).diagnostics
    )


def test_what_the_number_of_calls_left_out_is_remarked_on(mock, known, checked):
    """A diagnostic says how many planned calls the limit of calls prevented."""
    (diagnostic,) = checked(mock.url, known(mock), limits=Limits(20)).diagnostics
    assert diagnostic.startswith("the limit of 20 calls was reached: ")
    assert diagnostic.endswith(" planned calls were not made; change it with --max-requests")


def test_the_current_instance_rests_on_its_own_ruling(mock, known, checked):
    """A finding about the current instance cites its own ruling, which is a warning."""
    mock.fault("current-instance-fails")
    (finding,) = checked(mock.url, known(mock)).report.findings
    assert ("unexpected-failure", "warning") == (finding.rule, finding.severity.value)
    assert finding.origin.ruling == "minus-one"
    assert "-1 asks for the current instance" in finding.message
    assert "(the call was signed; the answer: " in finding.message


def test_a_server_that_answers_everything_gets_few_findings(mock, known, checked):
    """That an id or a name is not checked is one finding, however the id or name is spoilt."""
    mock.fault("any-id-answers", "any-project-answers", "unknown-instance-answers")
    findings = checked(mock.url, known(mock)).report.findings
    spoilt = [each for each in findings if each.rule == "unexpected-success"]
    assert 1 <= len(spoilt) <= 3
    assert len({each.message for each in spoilt}) == len(spoilt)
    assert not [each for each in spoilt if "//" in each.at.file]  # a plain example is told first


def test_every_answer_is_judged(mock, known, checked):
    """Every answer is judged, the one to the first contact included."""
    outcome = checked(mock.url, known(mock), limits=FEW)
    assert outcome.sent == outcome.report.checked == len(mock.calls) == 60
