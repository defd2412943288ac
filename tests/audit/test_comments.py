"""Comments beside answers: ignored findings are counted, unused comments reported."""

import json

import pytest

from docpact.audit.partial import PartialResult
from docpact.core.span import Severity
from docpact.settings import Selector, Settings
from docpact.settings.suppressions import Suppression

PATH = "/api/v2/projects/project1/jobs/job1/instances/123?Format=JSON"
INSTANCE = {
    "Id": 123,
    "ProjectName": "project1",
    "JobName": "job1",
    "ActualState": "RUNNING",
    "ExpectState": "RUNNING",
    "JobType": "FLINK_STREAM",
    "ApiType": "SQL",
    "StartTime": 1599794335000,
    "Code": "INSERT INTO sink SELECT id FROM source;",
}


def body(number: int = 0, **changes: object) -> str:
    """An answer, right but for some members."""
    request = f"6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D{number:04}"
    return json.dumps({"RequestId": request, "Instance": INSTANCE | changes})


def cassette(*calls: tuple[str, str]) -> str:
    """A cassette: what stands above each call, and the answer's body."""
    text = "interactions:\n"
    for above, answer in calls:
        text += f"# {above}\n" if above else ""
        text += (
            f"- request: {{method: GET, uri: 'http://127.0.0.1{PATH}'}}\n"
            "  response:\n    status: {code: 200, message: OK}\n"
            "    headers: {Content-Type: [application/json]}\n"
            f"    body: {{string: {json.dumps(answer)}}}\n"
        )
    return text


@pytest.fixture
def judged(run, tmp_path):
    """The report on a cassette of such calls."""

    def report(*calls: tuple[str, str], **how):
        path = tmp_path / "a.yaml"
        path.write_text(cassette(*calls), "utf-8")
        return run(path, **how).report

    return report


def rules(report) -> list[str]:
    """What was found, in order."""
    return [each.rule for each in report.findings]


def places(report, tmp_path) -> list[str]:
    """The comments that ignore nothing, without the folder."""
    return [each.removeprefix(f"{tmp_path}/") for each in report.unused]


def test_what_a_comment_names_is_ignored_there_and_counted(judged):
    """A comment is about its own call and about no other."""
    wrong = body(1, StartTime="yesterday"), body(2, StartTime="yesterday")
    report = judged(("docpact: ignore wrong-type -- known", wrong[0]), ("", wrong[1]))
    assert (["wrong-type"], 1) == (rules(report), report.ignored)
    assert [2] == [each.at.exchange for each in report.findings]
    assert () == report.unused


def test_a_field_can_be_named(judged, tmp_path):
    """A comment on a field ignores no other field, and is reported if the field is correct."""
    wrong = body(StartTime="yesterday", Id="123")
    report = judged(("docpact: ignore wrong-type:Instance.Id", wrong))
    assert ["Instance.StartTime"] == [each.field for each in report.findings]
    report = judged(("docpact: ignore wrong-type:Instance.Code", wrong))
    assert 2 == len(report.findings)
    said = "a.yaml:2: the comment ignores nothing: nothing here breaks wrong-type:Instance.Code"
    assert [said] == places(report, tmp_path)


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("docpact: ignore wrong-type", "nothing here breaks wrong-type"),
        ("docpact: ignore wrong-tpye", "unknown rule 'wrong-tpye' (did you mean wrong-type?)"),
        ("docpact: ignore", "it names no rule; write docpact: ignore RULE[:FIELD]"),
    ],
)
def test_a_comment_that_ignores_nothing_is_reported(judged, tmp_path, comment, why):
    """A comment that ignores nothing is reported with its place and the reason."""
    report = judged((comment, body()))
    assert ([], 0) == (rules(report), report.ignored)
    assert [f"a.yaml:2: the comment ignores nothing: {why}"] == places(report, tmp_path)


def test_what_shows_over_several_answers_can_be_ignored(judged):
    """The comment stands beside the answer that the finding is about."""
    same = body(1), body(1, InputDelay=7)
    assert ["repeated-value"] == rules(judged(("", same[0]), ("", same[1])))
    report = judged(("", same[0]), ("docpact: ignore repeated-value", same[1]))
    assert ([], 1, ()) == (rules(report), report.ignored, report.unused)


def test_a_call_of_another_operation_is_no_reason_to_complain(run, tmp_path):
    """A comment beside a skipped call is not reported."""
    text = cassette(("docpact: ignore wrong-type", body())).replace("/instances/", "/others/")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    report = run(tmp_path / "a.yaml").report
    assert (0, ()) == (report.checked, report.unused)


def test_a_rule_that_is_switched_off_has_use_for_its_comments(judged):
    """What the settings ignore is not counted as the comment's."""
    settings = Settings(ignore=(Selector("wrong-type"),))
    wrong = body(StartTime="yesterday")
    report = judged(("docpact: ignore wrong-type", wrong), settings=settings)
    assert ([], 0, ()) == (rules(report), report.ignored, report.unused)


def test_an_ignored_finding_leaves_no_trace_in_what_is_counted(judged):
    """An ignored finding counts neither in the summary nor in what makes a capture clean."""
    report = judged(("docpact: ignore wrong-type", body(StartTime="yesterday")))
    assert not report.fails(Severity)
    assert 1 == len(report.clean)
    assert (0, 1) == (report.summary.errors, report.summary.ignored)


def test_workers_apply_the_same_comments(run, tmp_path):
    """Several workers ignore, count and report the same as one."""
    for number in range(4):
        calls = (
            ("docpact: ignore wrong-type", body(2 * number, StartTime="yesterday")),
            ("docpact: ignore wrong-unit", body(2 * number + 1)),
        )
        (tmp_path / f"{number}.yaml").write_text(cassette(*calls), "utf-8")
    alone = run(tmp_path).report
    assert (4, 4) == (alone.ignored, len(alone.unused))
    assert alone == run(tmp_path, workers=2).report


def test_comments_cannot_fill_the_memory():
    """Only so many comments that ignore nothing are kept."""
    part = PartialResult()
    part.add_unused(Suppression("a.yaml", line, "wrong-type") for line in range(5000))
    assert 1000 == len(part.unused)


def test_a_damaged_call_can_be_ignored(run, tmp_path):
    """A comment above a damaged call ignores its finding; inside the call nothing is certain."""
    text = cassette(("", body()), ("docpact: ignore damaged-capture", body(1)))
    at = text.rindex("{code: 200")
    (tmp_path / "a.yaml").write_text(text[:at] + "{" + text[at:], "utf-8")
    report = run(tmp_path / "a.yaml").report
    assert ([], 1, ()) == (rules(report), report.ignored, report.unused)
