"""docpact beside a team's own schemathesis tests."""

import pytest
import schemathesis
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

import docpact.schemathesis
from docpact.core.errors import WrongConfiguration
from docpact.mock import serve
from docpact.settings import Selector, Settings

JOB = "project1/job1/123"
TEST = """
import docpact.schemathesis
from docpact.http.signing import Key
from hypothesis import Phase, settings

key = Key("testid", "testsecret")
schema = docpact.schemathesis.schema({url!r}, running=[{job!r}], key=key)


@schema.parametrize()
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
def test_it(case):
    case.call_and_validate()
"""


def case_of(schema, *, instance=123):
    """A call for what is known to run."""
    names = {"projectName": "project1", "jobName": "job1", "instanceId": instance}
    (operation,) = [each.ok() for each in schema.get_all_operations()]
    return operation.Case(path_parameters=names)


def other_schema(url):
    """A schema that is none of ours, for the same endpoint."""
    document = {
        "openapi": "3.0.2",
        "info": {"title": "other", "version": "1"},
        "paths": {
            "/api/v2/projects/project1/jobs/job1/instances/123": {
                "get": {"responses": {"200": {"description": "any"}}}
            }
        },
    }
    config = schemathesis.Config.from_dict({"base-url": url})
    return schemathesis.openapi.from_dict(document, config=config)


def test_a_right_endpoint_passes(endpoint):
    """call_and_validate passes for an endpoint without faults."""
    schema = docpact.schemathesis.schema(endpoint.url, running=[JOB])
    case_of(schema).call_and_validate()


def test_a_wrong_answer_is_a_failure_of_schemathesis(endpoint):
    """A wrong answer is a Failure with the rule as its title and the page's line in its text."""
    endpoint.fault("xml-wrong-root")
    schema = docpact.schemathesis.schema(endpoint.url, running=[JOB])
    with pytest.raises(FailureGroup) as caught:
        case_of(schema).call_and_validate()
    (failure,) = caught.value.exceptions
    assert "xml-wrong-root" == failure.title
    assert "ruling xml-root says so: GetInstance.md:96" in failure.message


def test_what_is_known_must_succeed(endpoint):
    """A call for an instance that is named as running must succeed."""
    schema = docpact.schemathesis.schema(endpoint.url, running=["project1/job1/5"])
    with pytest.raises(FailureGroup, match="unexpected-failure"):
        case_of(schema, instance=5).call_and_validate()


def test_other_schemas_are_left_alone(endpoint):
    """The check of docpact passes the answers to other schemas."""
    endpoint.fault("xml-wrong-root")
    docpact.schemathesis.schema(endpoint.url)
    other = other_schema(endpoint.url)
    (operation,) = [each.ok() for each in other.get_all_operations()]
    response = operation.Case().call()
    ours = CHECKS.get_one(docpact.schemathesis.CHECK)
    operation.Case().validate_response(response, checks=[ours])


def test_copies_of_the_schema_keep_the_check(endpoint):
    """Copies that parametrize() and include() make of the schema keep the check."""
    endpoint.fault("xml-wrong-root")
    schema = docpact.schemathesis.schema(endpoint.url).include(method="GET")
    with pytest.raises(FailureGroup):
        case_of(schema).call_and_validate()


def test_settings_count(endpoint):
    """A rule that the settings ignore fails nothing."""
    endpoint.fault("xml-wrong-root")
    settings = Settings(ignore=(Selector("xml-wrong-root"),))
    schema = docpact.schemathesis.schema(endpoint.url, running=[JOB], settings=settings)
    case_of(schema).call_and_validate()


def test_it_is_a_teams_own_test(team):
    """Calls are signed, some ask for the running instance, and a defect fails the test."""
    with serve(auth="required", fault="xml-wrong-root") as mock:
        code = TEST.format(url=mock.url, job=JOB)
        (team.folder / "test_fuzzed.py").write_text(code, "utf-8")
        ran = team.run("-q")
        told = [each.response.status for each in mock.calls]
    assert 200 in told
    assert 1 == ran.code
    assert "ruling xml-root says so: GetInstance.md:96" in ran.text


def test_what_is_known_has_its_form(endpoint):
    """A running instance of another form is refused."""
    with pytest.raises(WrongConfiguration, match="is not of the form"):
        docpact.schemathesis.schema(endpoint.url, running=["project1"])


def test_a_run_of_docpact_leaves_the_check_registered(endpoint):
    """A run of docpact removes its own check from schemathesis and no other."""
    from docpact.contract import load_bundled, load_bundled_schemas
    from docpact.runner import KnownInstances, Limits, Run, Target

    docpact.schemathesis.schema(endpoint.url)
    run = Run(
        load_bundled(),
        load_bundled_schemas(),
        Target(endpoint.url, KnownInstances()),
        Settings(),
        Limits(20),
    )
    run.execute()
    assert docpact.schemathesis.CHECK in CHECKS.get_all_names()
