"""Each finding says which line of the page it rests on, and where in the capture it stands."""

import pytest
from msgspec.structs import replace

from docpact.check import Checker
from docpact.contract import load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.span import Severity
from docpact.rules import RULES

HTML = "<html></html>"


def table_row(name: str) -> str:
    """How the row of a field begins on the page."""
    return f"|{name}|"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Id": "x"}, ("wrong-type", 63, table_row("Id"))),
        ({"Id": 2**63}, ("out-of-range", 63, table_row("Id"))),
        ({"Id": 1.5}, ("not-an-integer", 63, table_row("Id"))),
        ({"StartTime": "x"}, ("wrong-type", 79, table_row("StartTime"))),
        ({"InputDelay": "x"}, ("wrong-type", 64, table_row("InputDelay"))),
        ({"LastOperateTime": "x"}, ("wrong-type", 72, table_row("LastOperateTime"))),
        ({"Starter": {"a": 1}}, ("wrong-type", 80, table_row("Starter"))),
        ({"QueueName": {"a": 1}}, ("wrong-type", 78, table_row("QueueName"))),
        ({"Properties": {"a": 1}}, ("wrong-type", 77, table_row("Properties"))),
        ({"ClusterId": {"a": 1}}, ("wrong-type", 48, table_row("ClusterId"))),
        ({"ActualState": "DONE"}, ("unknown-enum-value", 37, "WAITING")),
        ({"ExpectState": "DONE"}, ("unknown-enum-value", 58, "RUNNING")),
        ({"ApiType": "DONE"}, ("unknown-enum-value", 45, "DATASTREAM")),
        ({"JobType": "DONE"}, ("unknown-enum-value", 68, "FLINK_STREAM")),
        ({"EndTime": 1599797935000}, ("fields-disagree", 53, table_row("EndTime"))),
        ({"StartTime": 5}, ("wrong-unit", 79, table_row("StartTime"))),
        ({"EngineJobHandler": "x"}, ("wrong-format", 54, table_row("EngineJobHandler"))),
        ({"EngineJobHandler": "a|b"}, ("wrong-format", 165, '"EngineJobHandler"')),
        ({"AutoScaleParams": "x"}, ("embedded-syntax", 169, '"AutoScaleParams"')),
        ({"PlanJson": "x"}, ("embedded-syntax", 75, table_row("PlanJson"))),
        ({"Packages": "a;b"}, ("wrong-separator", 74, table_row("Packages"))),
        ({"Priority": 3}, ("undocumented-field", 32, "|Name|Type|")),
        ({"Starter": "****"}, ("masked-value", 80, table_row("Starter"))),
    ],
)
def test_a_finding_cites_its_line_of_the_page(judge, answers, write, page, changes, expected):  # noqa: PLR0913, PLR0917  # fixtures
    """The page line is the one that says so, in both formats."""
    rule, line, says = expected
    finding = judge(write(answers.value(changes))).of(rule)
    assert (line, "GetInstance.md") == (finding.origin.span.first, finding.origin.span.file)
    assert says in page[line - 1].replace("\\", "")


def test_listed_values_cite_the_whole_list(judge, answers, write, page):
    """The lines of a list of values run from its first to its last."""
    span = judge(write(answers.value({"ActualState": "DONE"}))).only.origin.span
    assert (37, 42) == (span.first, span.last)
    assert "FAILED" in page[span.last - 1]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<Starter a="1"/>', ("xml-attribute", 97)),
        ('<Starter xmlns="urn:x"/>', ("xml-namespace", 96)),
        ("stray", ("xml-stray-text", 96)),
        ("<Id>412536</Id>", ("xml-duplicate-element", 96)),
    ],
)
def test_findings_about_xml_cite_the_sample(judge, answers, page, markup, expected):
    """What the format itself must not have rests on the page's XML sample."""
    rule, line = expected
    finding = judge(answers.xml_with(markup)).of(rule)
    assert line == finding.origin.span.first
    assert page[line - 1].startswith("<")


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("{", "json-syntax", 91),
        ("<", "xml-syntax", 91),
        ("", "empty-body", 91),
        ("=", "unknown-format", 91),
        (HTML, "html-body", 91),
        ("<!DOCTYPE r><r/>", "xml-doctype", 91),
        ("[NaN]", "json-not-a-number", 91),
        (b"\xff\xff{", "wrong-encoding", 11),
    ],
)
def test_findings_about_the_body_cite_their_ruling(judge, body, rule, line):
    """A rule as a whole rests on a ruling, which names its line."""
    finding = judge(body).of(rule)
    assert line == finding.origin.span.first
    assert finding.origin.ruling is not None


def test_an_answer_that_is_no_object_cites_the_answer_it_should_be(judge, contract):
    """A failure is what its ruling says, a success what the table says."""
    failed = judge("[]", status=404).only.origin
    assert (contract.failure.origin.span, "error-body") == (failed.span, failed.ruling)
    succeeded = judge("[]", status=200).only.origin
    assert (contract.success.origin.span, None) == (succeeded.span, succeeded.ruling)


def test_findings_about_the_status_cite_the_page(judge, answers):
    """So do the rules about success and failure."""
    assert 3 == judge(answers.json(answers.value()), status=302).only.origin.span.first
    assert 3 == judge(answers.json(answers.value()), status=500).only.origin.span.first
    assert 3 == judge(answers.json(answers.failure()), status=200).only.origin.span.first
    found = judge(answers.json(answers.failure(without=["Code"])), status=400)
    assert 3 == found.only.origin.span.first


@pytest.mark.parametrize(
    ("name", "line"), [("StartTime", 79), ("EndTime", 53), ("LastErrorTime", 71)]
)
def test_a_ruling_on_several_fields_cites_the_row_of_each(judge, answers, write, name, line):
    """The reader is led to the field's own row; the ruling that decided is named as well."""
    changes = {"ActualState": "TERMINATED", "EndTime": 1599797935000, "LastErrorMessage": "x"}
    changes |= {"LastErrorTime": 1599794335000, name: 5}
    without = ["StartTime"] if name == "EndTime" else []
    found = judge(write(answers.value(changes, without=without))).only
    assert ("wrong-unit", line) == (found.rule, found.origin.span.first)
    assert "times-in-milliseconds" == found.origin.ruling
    assert found.origin.quote.startswith(name)


@pytest.mark.parametrize(
    ("state", "job", "line", "ruling"),
    [
        ("SUCCESS", "FLINK_STREAM", 61, "success-is-for-batch-jobs"),
        ("FAILED", "FLINK_BATCH", 62, "failed-jobs"),
    ],
)
def test_a_regraded_constraint_cites_its_own_line(judge, answers, write, state, job, line, ruling):  # noqa: PLR0913, PLR0917  # fixtures
    """What the page says of ExpectState is not found among the lines of ActualState."""
    found = judge(write(answers.value({"ExpectState": state, "JobType": job}))).only
    assert (line, ruling) == (found.origin.span.first, found.origin.ruling)


@pytest.mark.parametrize(
    ("name", "line", "ruling"),
    [
        ("RequestId", 81, "always-there"),
        ("Instance", 34, "always-there"),
        ("Id", 63, "identity-is-there"),
        ("ProjectName", 76, "identity-is-there"),
        ("JobName", 65, "identity-is-there"),
        ("ActualState", 35, "identity-is-there"),
        ("ExpectState", 56, "identity-is-there"),
        ("JobType", 66, "identity-is-there"),
        ("ApiType", 43, "identity-is-there"),
    ],
)
def test_a_missing_field_cites_its_row(judge, answers, write, name, line, ruling):  # noqa: PLR0913, PLR0917  # fixtures
    """Also where a ruling made it necessary, which is named beside the row."""
    found = judge(write(answers.value(without=[name]))).only
    assert ("missing-field", line) == (found.rule, found.origin.span.first)
    assert ruling == found.origin.ruling


def test_a_poor_empty_value_cites_its_row(judge, answers):
    """An empty text for EndTime rests on EndTime's row and on the ruling about it."""
    origin = judge(answers.json(answers.value({"EndTime": ""}))).only.origin
    assert (53, "empty-is-absent-or-null") == (origin.span.first, origin.ruling)


def test_a_ruling_is_named_where_one_decided(judge, answers, write):
    """A finding that rests on a decision says so, and one that rests on the page alone does not."""
    ruled = judge(write(answers.value({"ActualState": "PAUSED", "EndTime": 1599797935000}))).only
    assert "paused-has-no-end" == ruled.origin.ruling
    assert judge(write(answers.value({"ActualState": "DONE"}))).only.origin.ruling is None


@pytest.mark.parametrize(
    "changes",
    [
        {"Id": "x"},
        {"ActualState": "DONE"},
        {"Starter": {"a": 1}},
        {"Priority": "yes"},
        {"Packages": "a;b"},
        {"EndTime": 1599797935000},
        {"JobName": "****"},
    ],
)
def test_a_finding_stands_on_the_line_of_its_value(judge, answers, write, changes):
    """The capture's line is the one on which the value is written."""
    body = write(answers.value(changes))
    finding = judge(body).only
    (name,) = changes
    assert name in body.split("\n")[finding.at.line - 1]


def test_places_are_found_by_the_names_that_were_captured(judge, answers, write):
    """The line and the pointer lead to what came, also below and beside a wrong name."""
    value = answers.value({"ActualState": "DONE"}, top={"Priority": 1}, without=["JobName"])
    value["instance"] = value.pop("Instance")
    body = write(value)
    found = {each.rule: each for each in judge(body).findings}
    for rule, line_of in (
        ("unknown-enum-value", "DONE"),
        ("missing-field", "instance"),
        ("undocumented-field", "Priority"),
    ):
        assert line_of in body.split("\n")[found[rule].at.line - 1]
    assert "/instance/ActualState" == found["unknown-enum-value"].pointer
    assert "/instance/JobName" == found["missing-field"].pointer
    assert "Instance.JobName" == found["missing-field"].field
    assert "/Priority" == found["undocumented-field"].pointer


@pytest.mark.parametrize("missing", ["Id", "RequestId"])
def test_what_is_missing_is_placed_where_it_is_missed(judge, answers, missing):
    """That is where the value begins that lacks it."""
    body = answers.json(answers.value(without=[missing]))
    at = judge(body).only.at
    holder = body.index("{", 1) if missing == "Id" else 0
    start = body.rindex("\n", 0, holder) + 1 if holder else 0
    assert (body.count("\n", 0, holder) + 1, holder - start + 1) == (at.line, at.column)


def test_what_is_said_of_a_whole_line_comes_before_what_stands_in_it(judge, answers):
    """A place without a column is the line's beginning."""
    headers = (("Content-Type", "text/html; charset=gbk"),)
    body = answers.json(answers.value({"Starter": "名"}))
    found = judge(body, status=200, headers=headers).findings
    assert [("wrong-encoding", 1, None), ("wrong-content-type", 1, 1)] == [
        (each.rule, each.at.line, each.at.column) for each in found
    ]


def test_json_findings_have_a_column(judge, answers):
    """The column is where the value begins, counted from 1."""
    body = answers.json(answers.value({"ActualState": "DONE"}))
    at = judge(body).only.at
    assert '"DONE"' == body.split("\n")[at.line - 1][at.column - 1 :].rstrip(",")


def test_lines_count_from_where_the_body_starts(judge, answers, write):
    """A body that starts further down in its file has its lines counted from there."""
    body = write(answers.value({"ActualState": "DONE"}))
    here = judge(body).only.at.line
    assert here + 10 == judge(body, first_line=11).only.at.line


def test_a_place_names_file_and_exchange(judge, answers):
    """A place says which file it is in, as the user named it."""
    at = judge(answers.json(answers.value({"ActualState": "DONE"}))).only.at
    assert ("capture", 1) == (at.file, at.exchange)
    assert f"capture:{at.line}:{at.column}" == str(at)


def test_windows_line_ends_count_once(judge, answers, write):
    """A line ends once at CR LF."""
    body = write(answers.value({"ActualState": "DONE"}))
    expected = judge(body).only.at.line
    assert expected == judge(body.replace("\n", "\r\n")).only.at.line


@pytest.mark.parametrize("size", [100, 100_000])
def test_messages_stay_short(judge, answers, write, size):
    """A message repeats only the beginning of a long value."""
    finding = judge(write(answers.value({"ActualState": "x" * size}))).only
    assert len(finding.message) < 300
    assert len(str(finding.actual)) <= 100


def test_messages_of_values_obey_nobody(judge, answers):
    """A value's control characters are written as escapes."""
    finding = judge(answers.json(answers.value({"ActualState": "\x1b[31m\u202e\r\n"}))).only
    assert finding.message.isprintable()


def test_findings_come_in_the_order_of_the_capture(judge):
    """What has no place comes first, then line by line and from left to right."""
    body = (
        '{"RequestId": "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034",\n'
        '"Instance": {"Priority": 1, "Id": 1.5, "Starter": [], "Code": 5}} x'
    )
    found = [each for each in judge(body).findings if each.rule != "missing-field"]
    rules = ["undocumented-field", "not-an-integer", "wrong-type", "wrong-type"]
    assert [*rules, "json-trailing-text"] == [each.rule for each in found]
    places = [(each.at.line, each.at.column) for each in judge(body).findings]
    assert sorted(places) == places
    cut = judge.fragment("<Priority/>\n<Weight/>").findings
    assert [None, None, 1, 2] == [each.at.line for each in cut]


def test_without_a_ruling_a_rule_rests_on_the_table(contract, answers):
    """Where nobody decided, the grade is the rule's own and the page's table is cited."""
    checker = Checker(replace(contract, rulings=()), load_bundled_schemas())
    table = contract.success.origin.span
    for body, rule in (
        ("{", "json-syntax"),
        (answers.json(answers.value({"Priority": 1})), "undocumented-field"),
    ):
        (found,) = checker.check(Exchange(Response(body.encode()), Source("capture")))
        assert (rule, table, None) == (found.rule, found.origin.span, found.origin.ruling)
        assert RULES[rule].grade is found.origin.grade


@pytest.mark.parametrize(
    ("changes", "rule", "line"),
    [
        ({"Starter": "****"}, "masked-value", 80),
        ({"Id": 1.5}, "not-an-integer", 63),
        ({"Id": 2**63}, "out-of-range", 63),
    ],
)
def test_without_a_ruling_a_rule_about_fields_rests_on_the_row(  # noqa: PLR0913, PLR0917  # fixtures
    contract, answers, write, changes, rule, line
):
    """The row of the field says more than the table as a whole."""
    checker = Checker(replace(contract, rulings=()), load_bundled_schemas())
    body = write(answers.value(changes))
    (found,) = checker.check(Exchange(Response(body.encode()), Source("capture")))
    origin = found.origin
    assert (rule, line, None) == (found.rule, origin.span.first, origin.ruling)
    assert origin.quote.startswith(found.field.rpartition(".")[2])
    assert RULES[rule].grade is origin.grade


@pytest.mark.parametrize(
    ("value", "rule"),
    [(1.5, "not-an-integer"), (2**63, "out-of-range"), (-(2**63) - 1, "out-of-range")],
)
def test_a_number_that_is_no_long_rests_on_its_row_and_on_what_a_long_is(
    judge, answers, write, value, rule
):
    """The page says Long, and a ruling says what that means."""
    found = judge(write(answers.value({"Id": value}))).only
    origin = found.origin
    assert (rule, 63, "long-is-int64") == (found.rule, origin.span.first, origin.ruling)
    assert origin.quote.startswith("Id | Long")
    assert Severity.ERROR is found.severity


def test_a_ruling_about_fields_quotes_the_row_of_the_field(judge, answers):
    """Where a rule is about one field, its row is shown, and the ruling named."""
    origin = judge(answers.json(answers.value({"Code": None}))).only.origin
    assert (49, True) == (origin.span.first, origin.quote.startswith("Code | String | "))
    assert origin.ruling is not None
    assert origin.severity is Severity.WARNING


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_each_engine_judges_successes_and_failures(contract, answers, engine):
    """Both know the schemas and the constraints of either answer, and accept no cut form."""
    checker = Checker(contract, load_bundled_schemas(), engine=engine)
    cut = "<RequestId>x</RequestId><Instance><Id>x</Id></Instance>"
    for body, rules in (
        (answers.json(answers.value({"Id": "x"})), ["wrong-type"]),
        (answers.xml(answers.value({"Id": "x"})), ["wrong-type"]),
        (answers.json(answers.value({"StartTime": 5})), ["wrong-unit"]),
        (answers.json(answers.failure(without=["HostId"])), ["missing-field"]),
        (answers.xml(answers.failure(without=["HostId"]), "Error"), ["missing-field"]),
    ):
        found = checker.check(Exchange(Response(body.encode()), Source("capture")))
        assert rules == [each.rule for each in found]
    found = checker.check(Exchange(Response(cut.encode()), Source("capture")))
    assert "xml-several-roots" in {each.rule for each in found}


def test_a_checker_takes_the_cut_form_if_it_is_told_to(contract, answers):
    """The page prints its XML sample without the root."""
    lenient = Checker(contract, load_bundled_schemas(), fragment=True)
    text = answers.xml(answers.value())
    cut = text.partition("<GetInstanceResponse>")[2].partition("</GetInstanceResponse>")[0]
    assert [] == list(lenient.check(Exchange(Response(cut.encode()), Source("capture"))))


def test_a_place_names_the_number_of_its_exchange(contract):
    """A capture may hold several exchanges."""
    checker = Checker(contract, load_bundled_schemas())
    (found,) = checker.check(Exchange(Response(b"{"), Source("capture", first_line=5, number=3)))
    assert (3, 5) == (found.at.exchange, found.at.line)
