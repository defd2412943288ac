"""A run that could judge little says why, and never seems clean."""

from docpact.contract import load_bundled
from docpact.runner import Known, Limits
from docpact.runner.coverage import UNTOLD, as_whole_call

FEW = Limits(60)


def test_nothing_exists_there(mock, checked):
    """What most answers said is told, with the next step."""
    outcome = checked(f"{mock.url}/elsewhere", key=None, limits=FEW)
    (problem,) = outcome.report.problems
    assert problem.startswith("no call succeeded: ")
    assert " answers, most said 404 InvalidApi.NotFound " in problem
    assert problem.endswith("; name an instance that runs with --running")


def test_signatures_are_asked_for(mock, checked):
    """And there is no key."""
    (problem,) = checked(mock.url, key=None, limits=FEW).report.problems
    assert "; the endpoint asks for signatures (MissingAuthorization): give a key" in problem


def test_a_whole_call_is_no_url(mock, checked):
    """The sentence has what to give instead."""
    url = f"{mock.url}/api/v2/projects/project1/jobs/a%20b/instances/123"
    (problem,) = checked(url, limits=FEW).report.problems
    wanted = (
        f"the URL looks like a whole call: give {mock.url} only, and --running project1/a b/123"
    )
    assert problem.endswith(wanted)
    assert as_whole_call(load_bundled(), mock.url) == ""


def test_findings_say_it_already(mock, checked):
    """Then it is a diagnostic, and no reason why the job could not be done."""
    known = Known((("project1", "job1", "123"),))
    outcome = checked(f"{mock.url}/elsewhere", known, limits=FEW)
    assert outcome.report.problems == ()
    assert "unexpected-failure" in {each.rule for each in outcome.report.findings}
    (diagnostic,) = [each for each in outcome.diagnostics if each.startswith("no call succeeded")]
    assert diagnostic.endswith("does what --running names run there?")


def test_what_was_not_named_is_remarked_on(mock, known, checked):
    """Where calls succeed, but nobody said which must."""
    assert UNTOLD in checked(mock.url, limits=FEW).diagnostics
    assert UNTOLD not in checked(mock.url, known(mock), limits=FEW).diagnostics
    assert UNTOLD not in checked(mock.url, Known(everything_exists=True), limits=FEW).diagnostics


def test_what_the_number_of_calls_left_out_is_remarked_on(mock, known, checked):
    """As what the time left out is."""
    (diagnostic,) = checked(mock.url, known(mock), limits=Limits(20)).diagnostics
    assert diagnostic.startswith("the limit of 20 calls left out ")
    assert diagnostic.endswith(" planned calls; --max-requests sets another")


def test_the_current_instance_rests_on_its_own_ruling(mock, known, checked):
    """Which is weaker than the one on running instances."""
    mock.fault("current-instance-fails")
    (finding,) = checked(mock.url, known(mock)).report.findings
    assert ("unexpected-failure", "warning") == (finding.rule, finding.severity.value)
    assert finding.origin.ruling == "minus-one"
    assert "-1 asks for the current instance" in finding.message
    assert "(the call was signed; the answer: " in finding.message


def test_a_server_that_answers_everything_gets_few_findings(mock, known, checked):
    """However an id or a name is spoilt, that it is not looked at is one defect."""
    mock.fault("any-id-answers", "any-project-answers", "unknown-instance-answers")
    findings = checked(mock.url, known(mock)).report.findings
    spoilt = [each for each in findings if each.rule == "unexpected-success"]
    assert 1 <= len(spoilt) <= 3
    assert len({each.message for each in spoilt}) == len(spoilt)
    assert not [each for each in spoilt if "//" in each.at.file]  # a plain example is told first


def test_every_answer_is_judged(mock, known, checked):
    """That to the first contact, too."""
    outcome = checked(mock.url, known(mock), limits=FEW)
    assert outcome.sent == outcome.report.checked == len(mock.calls) == 60
