"""Members: which there are, how they are named, where they stand, what they hold."""

import pytest
from msgspec.structs import replace

from docpact import emit
from docpact.check import Checker
from docpact.contract import Condition, Implication
from docpact.contract import Test as Asks
from docpact.core.exchange import Exchange, Response, Source

LISTED = {
    "ActualState": ["WAITING", "RUNNING", "PAUSED", "TERMINATED", "SUCCESS", "FAILED"],
    "ExpectState": ["RUNNING", "PAUSED", "TERMINATED", "SUCCESS", "FAILED"],
    "JobType": ["FLINK_STREAM", "FLINK_BATCH"],
    "ApiType": ["DATASTREAM", "SQL"],
}
TEXTS = [
    "AutoScaleParams",
    "ClusterId",
    "Code",
    "EngineJobHandler",
    "EngineVersion",
    "JobName",
    "LastErrorMessage",
    "LastOperator",
    "PlanJson",
    "ProjectName",
    "Properties",
    "QueueName",
    "Starter",
]
LONGS = ["Id", "InputDelay", "LastErrorTime", "LastOperateTime", "StartTime"]
IDENTITY = ["ActualState", "ApiType", "ExpectState", "Id", "JobName", "JobType", "ProjectName"]
OPTIONAL = [each for each in (*TEXTS, *LONGS) if each not in IDENTITY]
EXPECTED = [
    ("RequestId", "error"),
    ("Instance", "error"),
    *((each, "warning") for each in IDENTITY),
]


def test_a_clean_answer_is_clean(judge, answers, write):
    """What the tests break is clean before they break it."""
    assert [] == judge(write(answers.value())).rules
    assert [] == judge(write(answers.failure())).rules


@pytest.mark.parametrize(("field", "value"), [(f, v) for f in LISTED for v in LISTED[f]])
def test_listed_values_are_accepted(judge, answers, write, field, value):
    """Each value that the page lists is one."""
    assert "unknown-enum-value" not in judge(write(answers.value({field: value}))).rules


@pytest.mark.parametrize("field", LISTED)
@pytest.mark.parametrize("change", [str.lower, str.title, lambda _: "DONE", lambda _: ""])
def test_other_values_are_not(judge, answers, write, field, change):
    """A value that is not listed is an error: in other letter case, and an empty text too."""
    value = change(LISTED[field][0])
    found = judge(write(answers.value({field: value})))
    assert [("unknown-enum-value", "error")] == found.severities
    assert (f"Instance.{field}", value) == (found.only.field, found.only.actual)
    assert tuple(LISTED[field]) == found.only.expected


@pytest.mark.parametrize("field", LISTED)
@pytest.mark.parametrize("space", [" {}", "{} ", "\n  {}\t"])
def test_white_space_around_a_listed_value_is_layout_in_xml_only(judge, answers, field, space):
    """An XML writer may indent a value; in JSON nobody adds spaces by accident."""
    value = space.format(LISTED[field][1])
    body = answers.value({"JobType": "FLINK_BATCH", "ApiType": "SQL", field: value})
    assert "unknown-enum-value" not in judge(answers.xml(body)).rules
    found = judge(answers.json(body))
    assert (f"Instance.{field}", value) == (
        found.of("unknown-enum-value").field,
        found.of("unknown-enum-value").actual,
    )


def test_a_listed_value_in_other_letters_is_suggested(judge, answers, write):
    """The message says which value was probably meant."""
    assert (
        "did you mean RUNNING?"
        in judge(write(answers.value({"ActualState": "running"}))).only.message
    )
    assert "did you mean" not in judge(write(answers.value({"ActualState": "DONE"}))).only.message


def test_waiting_is_expected_by_nobody(judge, answers, write):
    """The two lists of states are two lists."""
    found = judge(write(answers.value({"ExpectState": "WAITING"})))
    assert ["unknown-enum-value"] == found.rules
    assert "Instance.ExpectState" == found.only.field


@pytest.mark.parametrize("field", [*TEXTS, "Packages", *LISTED])
@pytest.mark.parametrize("value", [5, 1.5, True, False, [], ["a"], {}, {"a": 1}])
def test_what_is_no_string_in_json(judge, answers, field, value):
    """A String is a text and nothing else."""
    changes = {"LastErrorTime": 1599794335000} if field == "LastErrorMessage" else {}
    found = judge(answers.json(answers.value({**changes, field: value})))
    assert [("wrong-type", "error")] == found.severities
    assert f"/Instance/{field}" == found.only.pointer


@pytest.mark.parametrize(
    "changes",
    [
        {"JobType": 5, "ActualState": "SUCCESS"},
        {"JobType": "x", "ActualState": "SUCCESS"},
        {"ActualState": "DONE", "EndTime": 1599797935000},
        {"ActualState": ["RUNNING"], "EndTime": 1599797935000},
        {"LastErrorTime": [], "LastErrorMessage": "x"},
        {"LastErrorTime": 1599794335000, "LastErrorMessage": {"a": 1}},
        {"ApiType": "", "Code": "blink.main.class=a.B"},
        {"ApiType": "DATASTREAM", "Code": 5},
        {"StartTime": 5.0},
        {"Packages": [";"]},
    ],
    ids=str,
)
def test_a_wrong_value_is_held_against_nothing_else(judge, answers, changes):
    """One mistake, one finding: no constraint is judged by a value that cannot be meant."""
    body = answers.value(changes)
    if changes.get("ActualState") == "SUCCESS":
        body["Instance"]["EndTime"] = 1599797935000
    found = judge(answers.json(body)).only
    assert found.rule in {"wrong-type", "unknown-enum-value", "not-an-integer"}


@pytest.mark.parametrize("field", OPTIONAL)
def test_null_where_the_page_says_nothing_of_empty_values(judge, answers, field):
    """A null is a warning where only absence or an empty text would do."""
    changes = {"LastErrorMessage": "x", "LastErrorTime": 1599794335000, field: None}
    found = judge(answers.json(answers.value(changes)))
    assert ("unexpected-null", "warning") in found.severities
    assert f"Instance.{field}" == found.of("unexpected-null").field
    assert {"unexpected-null", "fields-disagree"} >= set(found.rules)


@pytest.mark.parametrize("field", ["EndTime", "Packages"])
def test_null_where_the_page_speaks_of_an_empty_value(judge, answers, field):
    """EndTime and Packages may be null."""
    assert [] == judge(answers.json(answers.value({field: None}))).rules


def test_an_empty_text_for_an_empty_end_time_is_only_a_warning(judge, answers):
    """An empty text is one way to read the page, if a poor one: it is no Long."""
    found = judge(answers.json(answers.value({"EndTime": ""})))
    assert [("wrong-type", "warning")] == found.severities
    assert (53, "Instance.EndTime") == (found.only.origin.span.first, found.only.field)


@pytest.mark.parametrize("value", ["x", " ", "1599794335000", True, [], {}])
def test_other_things_are_no_end_time(judge, answers, value):
    """Only emptiness is excused."""
    changes = {"EndTime": value, "ActualState": "SUCCESS", "JobType": "FLINK_BATCH"}
    found = judge(answers.json(answers.value(changes)))
    assert [("wrong-type", "error")] == found.severities


@pytest.mark.parametrize(("field", "severity"), EXPECTED)
def test_null_where_a_value_is_expected_is_missing(judge, answers, field, severity):
    """A null says as little as no member at all, and is as severe; nothing else is said of it."""
    top, changes = (
        ({field: None}, {}) if field in {"RequestId", "Instance"} else ({}, {field: None})
    )
    found = judge(answers.json(answers.value(changes, top=top)))
    assert [("missing-field", severity)] == found.severities
    where = field if top else f"Instance.{field}"
    assert (where, f"{where} is null") == (found.only.field, found.only.message)
    assert "/" + where.replace(".", "/") == found.only.pointer


@pytest.mark.parametrize(
    ("field", "severity"),
    [("RequestId", "error"), ("JobName", "warning"), ("ProjectName", "warning")],
)
def test_an_empty_text_where_one_is_expected_is_missing(judge, answers, write, field, severity):
    """An empty name names nothing."""
    top, changes = ({field: ""}, {}) if field == "RequestId" else ({}, {field: ""})
    found = judge(write(answers.value(changes, top=top)))
    assert [("missing-field", severity)] == found.severities
    where = field if top else f"Instance.{field}"
    assert (where, f"{where} is empty") == (found.only.field, found.only.message)


@pytest.mark.parametrize("field", [each for each in TEXTS if each in OPTIONAL])
def test_empty_texts_are_texts(judge, answers, write, field):
    """An unset text that no answer must have may be written as an empty one."""
    assert [] == judge(write(answers.value({field: ""}))).rules


@pytest.mark.parametrize("value", ["", "x", 5, True, [], [{}]])
def test_an_instance_is_an_object(judge, answers, value):
    """What is no structure is one finding; what it would hold is not missed too."""
    found = judge(answers.json(answers.value(top={"Instance": value})))
    assert ["wrong-type"] == found.rules
    assert "/Instance" == found.only.pointer


def test_an_empty_instance_is_one_error(judge, answers):
    """An instance without members is missing; its members are not listed one by one."""
    found = judge(answers.json(answers.value(top={"Instance": {}})))
    assert [("missing-field", "error")] == found.severities
    assert ("Instance", "Instance is empty") == (found.only.field, found.only.message)


@pytest.mark.parametrize(("missing", "severity"), EXPECTED)
def test_what_is_missing(judge, answers, write, missing, severity):
    """What every answer has must be there; what says which instance it is, is expected."""
    body = write(answers.value(without=[missing]))
    found = judge(body)
    assert [("missing-field", severity)] == found.severities
    where = missing if missing in {"RequestId", "Instance"} else f"Instance.{missing}"
    assert where == found.only.field
    holder = "Instance" if "." in where else "GetInstanceResponse" if "<" in body else "{"
    assert holder in body.split("\n")[found.only.at.line - 1]


@pytest.mark.parametrize("missing", ["StartTime", "Code"])
def test_what_may_be_absent(judge, answers, write, missing):
    """Every other member may be left out."""
    assert [] == judge(write(answers.value(without=[missing]))).rules


@pytest.mark.parametrize("value", ["x", 3, True, None, {"Level": 1, "Deep": {"a": 2}}])
def test_an_undocumented_field_is_a_warning(judge, answers, write, value):
    """Vendors add fields: one warning, whatever the field holds."""
    found = judge(write(answers.value({"Priority": value})))
    assert [("undocumented-field", "warning")] == found.severities
    assert ("Instance.Priority", "/Instance/Priority") == (found.only.field, found.only.pointer)
    found = judge(write(answers.value(top={"Priority": value})))
    assert [("undocumented-field", "warning")] == found.severities
    assert "Priority" == found.only.field


@pytest.mark.parametrize("name", ["a/b", "a~b", "", "/", "~1", "a.b", "名"])
def test_a_pointer_is_escaped(judge, answers, name):
    """A JSON Pointer says ~1 for a slash and ~0 for a tilde."""
    found = judge(answers.json(answers.value({name: 1})))
    assert ["undocumented-field"] == found.rules
    expected = name.replace("~", "~0").replace("/", "~1")
    assert f"/Instance/{expected}" == found.only.pointer


@pytest.mark.parametrize("name", ["Code", "Id", "JobName", "StartTime"])
def test_a_namesake_of_a_field_that_is_in_place_is_undocumented(judge, answers, write, name):
    """A field at its own place is not misplaced because something else has its name.

    Many products of the vendor answer with a Code beside the payload.
    """
    found = judge(write(answers.value(top={name: 200})))
    assert [("undocumented-field", "warning")] == found.severities


@pytest.mark.parametrize("name", ["Code", "Message", "HostId", "Recommend"])
def test_a_failures_member_beside_an_instance_is_undocumented(judge, answers, write, name):
    """It is no misplaced member either, even where the instance lacks one of that name."""
    found = judge(write({**answers.value(without=["Code"]), name: "x"}))
    assert [("undocumented-field", "warning")] == found.severities
    assert name == found.only.field


@pytest.mark.parametrize(("count", "told"), [(19, 19), (20, 20), (21, 21), (22, 21), (500, 21)])
def test_many_undocumented_fields_are_counted(judge, answers, write, count, told):
    """Twenty of a structure are named; one more finding says how many others there are."""
    found = judge(write(answers.value({f"Extra{each}": 1 for each in range(count)})))
    assert ["undocumented-field"] * told == found.rules
    if count > 20:
        last = next(each for each in found.findings if each.field == "Instance")
        assert f"{count - 20} more" in last.message


def test_undocumented_fields_are_counted_for_each_structure(judge, answers, write):
    """Many members at the top hide none of those below."""
    extra = {f"Extra{each}": 1 for each in range(25)}
    found = judge(write(answers.value({"Priority": 1}, top=extra)))
    assert ["undocumented-field"] * 22 == found.rules
    assert "Instance.Priority" in {each.field for each in found.findings}


def test_a_request_id_in_the_instance_too_is_undocumented(judge, answers, write):
    """The same holds for a field of the top that comes again below."""
    found = judge(write(answers.value({"RequestId": "x"})))
    assert [("undocumented-field", "warning")] == found.severities


def test_an_undocumented_structure_with_a_request_id_wraps_nothing(judge, answers, write):
    """The answer is wrapped only if its members are not where they belong."""
    found = judge(write(answers.value({"LastCall": {"RequestId": "x"}})))
    assert [("undocumented-field", "warning")] == found.severities


def test_a_flat_answer_is_one_finding(judge, answers, write):
    """Members of the instance at the top are misplaced, once, and Instance is not missed too."""
    value = answers.value()
    flat = {"RequestId": value["RequestId"], **value["Instance"]}
    found = judge(write(flat))
    assert [("misplaced-field", "error")] == found.severities
    assert "under Instance" in found.only.message


def test_a_wrapped_answer_is_one_finding(judge, answers, write):
    """An answer inside of another member is said as such."""
    found = judge(write({"Data": answers.value()}))
    assert [("misplaced-field", "error")] == found.severities
    assert ("Data", True) == (found.only.field, "wrapped" in found.only.message)


def test_a_request_id_inside_the_instance(judge, answers, write):
    """A member of the top that stands below is misplaced."""
    value = answers.value(without=["RequestId"])
    value["Instance"]["RequestId"] = "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034"
    found = judge(write(value))
    assert "misplaced-field" in found.rules
    assert "/Instance/RequestId" == found.of("misplaced-field").pointer


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("RequestId", "requestId"), ("RequestId", "RequestID"), ("Instance", "instance")],
)
def test_wrong_letters_at_the_top(judge, answers, write, right, wrong):
    """A name in other letter case is said as such, and what it holds is judged."""
    value = answers.value({"ActualState": "DONE"})
    value = {wrong if name == right else name: each for name, each in value.items()}
    found = judge(write(value))
    assert ["unknown-enum-value", "wrong-name-case"] == found.rules
    finding = found.of("wrong-name-case")
    assert (right, wrong, f"/{wrong}") == (finding.expected, finding.actual, finding.pointer)


def test_findings_below_a_wrong_name_point_into_the_capture(judge, answers, write):
    """The pointer leads to what was captured, the field says what it is."""
    value = answers.value({"ActualState": "DONE"})
    value["instance"] = value.pop("Instance")
    finding = judge(write(value)).of("unknown-enum-value")
    assert ("Instance.ActualState", "/instance/ActualState") == (finding.field, finding.pointer)
    assert finding.at.line is not None


@pytest.mark.parametrize("wrong", ["endtime", "EndTIME", "endTime"])
def test_wrong_letters_keep_the_type(judge, answers, write, wrong):
    """A number under a name in other letters is a number."""
    changes = {wrong: 1599797935000, "ActualState": "SUCCESS", "JobType": "FLINK_BATCH"}
    assert ["wrong-name-case"] == judge(write(answers.value(changes))).rules
    assert ["wrong-name-case", "wrong-type"] == judge(
        write(answers.value({**changes, wrong: "x"}))
    ).rules


def test_a_name_in_other_letters_beside_the_right_one_is_undocumented(judge, answers, write):
    """If the right name is there too, the other is something that the page does not know."""
    found = judge(write(answers.value({"id": "abc"})))
    assert [("undocumented-field", "warning")] == found.severities
    assert "/Instance/id" == found.only.pointer


def test_similar_names_are_not_the_same(judge, answers, write):
    """Only letter case is forgiven."""
    assert ["undocumented-field"] == judge(write(answers.value({"Job_Name": "x"}))).rules
    assert ["undocumented-field"] == judge(write(answers.value({"JobNames": "x"}))).rules


def test_every_problem_is_reported(judge, answers, write):
    """A check never stops at the first problem."""
    changes = {"ActualState": "DONE", "Priority": 3, "StartTime": 1599794335, "Starter": {"a": 1}}
    found = judge(write(answers.value(changes, without=["JobName", "RequestId"])))
    expected = [
        "missing-field",
        "missing-field",
        "undocumented-field",
        "unknown-enum-value",
        "wrong-type",
        "wrong-unit",
    ]
    assert expected == found.rules


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_what_a_schema_says_of_several_members_is_no_matter_of_type(  # fixtures
    contract, answers, write, engine
):
    """A member that another one forbids is said to disagree with it, and nothing else."""
    running = Condition("Instance.ActualState", Asks.ONE_OF, ("RUNNING",))
    origin = contract.success.find(("Instance", "Starter")).origin
    empty = Condition("Instance.Starter", Asks.EMPTY)
    rule = Implication("no-starter", running, empty, "nobody starts what runs", origin)
    constraints = replace(
        contract.constraints, implications=(*contract.constraints.implications, rule)
    )
    other = replace(contract, constraints=constraints)
    checker = Checker(other, emit.schemas(other), engine=engine)
    body = write(answers.value({"Starter": "someone"}))
    found = checker.check(Exchange(Response(body.encode()), Source("capture")))
    assert ["fields-disagree"] == [each.rule for each in found]


@pytest.mark.parametrize(
    "inner",
    [
        {"EndTime": 1599794335000, "Count": 3},
        {"ClusterId": "c1"},
        {"ClusterId": "c1", "Nodes": 1, "Region": "x", "EngineVersion": "blink-3"},
    ],
)
def test_an_undocumented_structure_with_a_name_that_may_be_absent_wraps_nothing(
    judge, answers, write, inner
):
    """A structure that is new may have a member that is named like one of the instance's."""
    found = judge(write(answers.value({"Metrics": inner})))
    assert [("undocumented-field", "warning")] == found.severities


def test_a_structure_with_the_only_name_that_is_absent_wraps_nothing(judge, answers, contract):
    """One name is too few to tell, however few others are missing."""
    fields = {each.name for each in contract.success.fields[0].fields}
    every = {name: answers.value()["Instance"].get(name, "x") for name in fields - {"EndTime"}}
    found = judge(answers.json(answers.value({**every, "Metrics": {"EndTime": 1599794335000}})))
    assert "misplaced-field" not in found.rules


def test_most_of_what_is_absent_in_one_structure_is_wrapped(judge, answers, write, contract):
    """Where the structure holds little else, its members belong around it."""
    optional = [each.name for each in contract.success.fields[0].fields if not each.required]
    value = answers.value(without=["StartTime", "Code"])
    value["Instance"]["Details"] = dict.fromkeys(optional, "x")
    assert [("misplaced-field", "error")] == judge(write(value)).severities


def test_a_wrapping_excuses_only_what_stands_in_it(judge, answers, write):
    """What is missing there as well is missing."""
    value = answers.value(without=["Id", "JobName", "ApiType"])
    value["Instance"]["Data"] = {"Id": 412536}
    found = judge(write(value))
    missing = {each.field for each in found.findings if each.rule == "missing-field"}
    assert {"Instance.JobName", "Instance.ApiType"} == missing
    assert ["misplaced-field", "missing-field", "missing-field"] == found.rules


def test_a_wrapping_at_the_top_excuses_only_what_stands_in_it(judge, answers, write):
    """So it is for the answer as a whole."""
    found = judge(write({"Data": {"Instance": answers.value()["Instance"]}}))
    assert ["misplaced-field", "missing-field"] == found.rules
    assert "RequestId" == found.of("missing-field").field
