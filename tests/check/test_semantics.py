"""What fields mean together: one table of cases, judged in JSON and XML alike."""

from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from docpact.check.semantics import check_items
from docpact.contract import Constraints, load_bundled

START = 1599794335000
LATER = START + 3_600_000
HANDLER = "application_1597654819348_0011|405a6d40d7f4f2618ed532359887d344"
BATCH = {"JobType": "FLINK_BATCH"}
DONE = {**BATCH, "ActualState": "SUCCESS", "EndTime": LATER}
DATASTREAM = {"ApiType": "DATASTREAM"}
DISAGREE, ORDER, FORMAT = "fields-disagree", "times-out-of-order", "wrong-format"
UNIT, EMBEDDED, SEPARATOR = "wrong-unit", "embedded-syntax", "wrong-separator"


@dataclass(frozen=True)
class Case:
    """A change to a clean answer, and what must be found: rule, severity, field, page line."""

    name: str
    changes: dict
    found: list[tuple[str, str, str, int]] = field(default_factory=list)
    top: dict = field(default_factory=dict)
    without: tuple[str, ...] = ()


def violation(rule: str, severity: str, name: str, line: int) -> tuple[str, str, str, int]:
    """What a case finds."""
    return rule, severity, name if name == "RequestId" else f"Instance.{name}", line


CASES = [
    # EndTime and the state
    Case("running, no end", {}),
    Case("running, null end", {"EndTime": None}),
    Case("running with end", {"EndTime": LATER}, [violation(DISAGREE, "error", "EndTime", 53)]),
    Case(
        "waiting with end",
        {"ActualState": "WAITING", "EndTime": LATER},
        [violation(DISAGREE, "error", "EndTime", 53)],
    ),
    Case("waiting, no end", {"ActualState": "WAITING"}),
    Case(
        "paused with end",
        {"ActualState": "PAUSED", "EndTime": LATER},
        [violation(DISAGREE, "note", "EndTime", 53)],
    ),
    Case("paused, no end", {"ActualState": "PAUSED"}),
    Case("stopped with end", {"ActualState": "TERMINATED", "EndTime": LATER}),
    Case(
        "stopped, no end",
        {"ActualState": "TERMINATED"},
        [violation(DISAGREE, "note", "EndTime", 53)],
    ),
    Case(
        "stopped, null end",
        {"ActualState": "TERMINATED", "EndTime": None},
        [violation(DISAGREE, "note", "EndTime", 53)],
    ),
    Case("succeeded with end", DONE),
    Case(
        "masked end of a running job",
        {"EndTime": "****"},
        [
            ("masked-value", "note", "Instance.EndTime", 53),
        ],
    ),
    Case(
        "masked state with end",
        {"ActualState": "****", "EndTime": LATER},
        [
            ("masked-value", "note", "Instance.ActualState", 35),
        ],
    ),
    Case("expected to run, but stopped", {"ActualState": "TERMINATED", "EndTime": LATER}),
    Case("expected to stop, still running", {"ExpectState": "TERMINATED"}),
    # States of batch jobs and stream jobs
    Case(
        "a stream job succeeds",
        {"ActualState": "SUCCESS", "EndTime": LATER},
        [violation(DISAGREE, "warning", "JobType", 41)],
    ),
    Case(
        "a stream job is to succeed",
        {"ExpectState": "SUCCESS"},
        [violation(DISAGREE, "warning", "JobType", 61)],
    ),
    Case("a batch job is to succeed", {**BATCH, "ExpectState": "SUCCESS"}),
    Case("a batch job fails", {**BATCH, "ActualState": "FAILED", "EndTime": LATER}),
    Case(
        "a stream job fails",
        {"ActualState": "FAILED", "EndTime": LATER},
        [violation(DISAGREE, "note", "JobType", 42)],
    ),
    Case("a stream job is to fail", {"ExpectState": "FAILED"}),
    Case(
        "a batch job is to fail",
        {**BATCH, "ExpectState": "FAILED"},
        [violation(DISAGREE, "note", "JobType", 62)],
    ),
    Case("a batch job runs", BATCH),
    Case("a batch job is stopped", {**BATCH, "ExpectState": "TERMINATED"}),
    Case(
        "success of a masked type",
        {**DONE, "JobType": "****"},
        [
            ("masked-value", "note", "Instance.JobType", 66),
        ],
    ),
    # Order of times
    Case("ends as it starts", {**DONE, "EndTime": START}),
    Case(
        "ends before it starts",
        {**DONE, "EndTime": START - 1},
        [violation(ORDER, "warning", "EndTime", 79)],
    ),
    Case("ends without a start", {**DONE, "EndTime": START - 1}, without=("StartTime",)),
    Case("operated before start", {"LastOperateTime": START - 1000}),
    Case("operated after the end", {**DONE, "LastOperateTime": LATER + 1000}),
    Case(
        "failed long before its start",
        {"LastErrorTime": START - 10_000_000, "LastErrorMessage": "x"},
    ),
    # Errors and their times
    Case("an error with its time", {"LastErrorTime": START, "LastErrorMessage": "x"}),
    Case(
        "an error without time",
        {"LastErrorMessage": "x"},
        [violation(DISAGREE, "warning", "LastErrorTime", 71)],
    ),
    Case(
        "a time without error",
        {"LastErrorTime": START},
        [violation(DISAGREE, "warning", "LastErrorMessage", 71)],
    ),
    Case(
        "a time with an empty error",
        {"LastErrorTime": START, "LastErrorMessage": ""},
        [violation(DISAGREE, "warning", "LastErrorMessage", 71)],
    ),
    Case("an empty error", {"LastErrorMessage": ""}),
    Case(
        "a masked error with time",
        {"LastErrorTime": START, "LastErrorMessage": "****"},
        [
            ("masked-value", "note", "Instance.LastErrorMessage", 70),
        ],
    ),
    # Code and the type of job
    Case("a main class", {**DATASTREAM, "Code": "blink.main.class=a.B"}),
    Case("a main class further down", {**DATASTREAM, "Code": "--x\n  blink.main.class = a.B\n"}),
    Case("a main class with a colon", {**DATASTREAM, "Code": "blink.main.class: a.B"}),
    Case("a main class after an old line end", {**DATASTREAM, "Code": "x=1\rblink.main.class=a.B"}),
    Case("a main class after a blank", {**DATASTREAM, "Code": "blink.main.class a.B"}),
    Case("a main class after a tab", {**DATASTREAM, "Code": "x=1\n blink.main.class\ta.B"}),
    Case(
        "a main class that is only begun",
        {**DATASTREAM, "Code": "blink.main.classes=a.B"},
        [violation(DISAGREE, "warning", "Code", 163)],
    ),
    Case(
        "no main class",
        {**DATASTREAM, "Code": "state.backend.type=niagara"},
        [violation(DISAGREE, "warning", "Code", 163)],
    ),
    Case(
        "a main class in a comment",
        {**DATASTREAM, "Code": "--blink.main.class=a.B"},
        [violation(DISAGREE, "warning", "Code", 163)],
    ),
    Case("an empty configuration", {**DATASTREAM, "Code": ""}),
    Case("no configuration", DATASTREAM, without=("Code",)),
    Case(
        "a masked configuration",
        {**DATASTREAM, "Code": "****"},
        [
            ("masked-value", "note", "Instance.Code", 49),
        ],
    ),
    Case(
        "SQL that is a configuration",
        {"Code": "blink.main.class=a.B"},
        [violation(DISAGREE, "warning", "Code", 51)],
    ),
    Case("SQL that mentions it", {"Code": "-- not blink.main.class=a.B\nSELECT 1;"}),
    Case("SQL that comments on it", {"Code": "/*\nblink.main.class is elsewhere */\nSELECT 1;"}),
    Case("SQL that selects it", {"Code": "SELECT 'blink.main.class' AS a;"}),
    # Embedded JSON
    Case("parameters", {"AutoScaleParams": '{"isOnOff":false,"maxCU":null}'}),
    Case("spaced parameters", {"AutoScaleParams": ' {\n"isOnOff" : true } '}),
    Case("empty parameters", {"AutoScaleParams": ""}),
    Case(
        "masked parameters",
        {"AutoScaleParams": "****"},
        [
            ("masked-value", "note", "Instance.AutoScaleParams", 47),
        ],
    ),
    *(
        Case(
            f"parameters {text[:12]}",
            {"AutoScaleParams": text},
            [violation(EMBEDDED, "warning", "AutoScaleParams", 169)],
        )
        for text in ("{isOnOff:false}", '{"a":1', "{'a':1}", '{"a":NaN}', "{} {}", "[" * 100_000)
    ),
    Case("a plan", {"PlanJson": '{"nodes":[1,2.5e3,"名"]}'}),
    Case(
        "the plan of the table",
        {"PlanJson": "{a:b}"},
        [
            violation(EMBEDDED, "note", "PlanJson", 75),
        ],
    ),
    # The handler's two halves
    Case("a handler", {"EngineJobHandler": HANDLER}),
    Case("a spaced handler", {"EngineJobHandler": HANDLER.replace("|", " | ")}),
    Case("a handler in capitals", {"EngineJobHandler": HANDLER[:-32] + HANDLER[-32:].upper()}),
    Case("an empty handler", {"EngineJobHandler": ""}),
    *(
        Case(
            f"handler {text[:20]}",
            {"EngineJobHandler": text},
            [violation(FORMAT, "error", "EngineJobHandler", 54)],
        )
        for text in (HANDLER.partition("|")[0], "a||b", "|a", "a|", "a|b|c", "a  |  b", "a/b")
    ),
    *(
        Case(
            f"handler ids {text[:20]}",
            {"EngineJobHandler": text},
            [violation(FORMAT, "warning", "EngineJobHandler", 165)],
        )
        for text in ("a|b", HANDLER[:-1], HANDLER.replace("application", "job"))
    ),
    # The form of a RequestId
    Case("a lower-case id", {}, top={"RequestId": "6d4f2c1a-93b7-4e58-a0c2-1f7e5b8d9034"}),
    *(
        Case(
            f"request id {text[:12]}",
            {},
            [violation(FORMAT, "warning", "RequestId", 151)],
            top={"RequestId": text},
        )
        for text in (
            "x",
            "6D4F2C1A93B74E58A0C21F7E5B8D9034",
            "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D903",
            "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D903G",
            "{6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034}",
        )
    ),
    # Units of time
    *(
        Case(f"{name} in milliseconds", {**changes, name: value})
        for name, changes in (
            ("StartTime", {}),
            ("EndTime", DONE),
            ("LastErrorTime", {"LastErrorMessage": "x"}),
            ("LastOperateTime", {}),
        )
        for value in (1599797935000,)
    ),
    *(
        Case(
            f"{name} is {value}",
            {**changes, name: value},
            [violation(UNIT, "warning", name, line)],
            without=() if name == "StartTime" else ("StartTime",),
        )
        for name, line, changes in (
            ("StartTime", 79, {}),
            ("EndTime", 53, DONE),
            ("LastErrorTime", 71, {"LastErrorMessage": "x"}),
            ("LastOperateTime", 72, {}),
        )
        for value in (1599794335, 0, -1, 1599794335000000, 999_999_999_999)
    ),
    Case("a delay is no time", {"InputDelay": -99999999}),
    Case("a delay of nothing", {"InputDelay": 0}),
    # Lists of packages; mutmut takes no backslash in a name
    *(
        Case(f"packages {quote(text)}", {"Packages": text})
        for text in ("", "a.jar", "a.jar,b.jar", "a.jar, b.jar", "my job.jar,b.jar", "名.jar", "a")
    ),
    Case("null packages", {"Packages": None}),
    *(
        Case(
            f"packages {quote(text)}",
            {"Packages": text},
            [violation(SEPARATOR, "warning", "Packages", 74)],
        )
        for text in (
            "a.jar;b.jar",
            "a.jar\uff0cb.jar",
            "a.jar|b.jar",
            " a.jar",
            "a.jar ",
            "a.jar ,b.jar",
            "a.jar,  b.jar",
            "a.jar,\tb.jar",
            "\u3000a.jar",
            "a.jar,\u00a0b.jar",
            "a.jar, ",
            ", a.jar",
            "a.jar,",
            ",a.jar",
            "a.jar,,b.jar",
            "a.jar, ,b.jar",
            "a.jar\u3001b.jar",
            "a.jar\nb.jar",
        )
    ),
    # What the page leaves open
    Case("a queue of its own", {"QueueName": "queue1"}),
    Case("a version of something else", {"EngineVersion": "vvr-4.0"}),
    Case("properties that are none", {"Properties": "just a text"}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_meaning_is_judged_alike_in_both_formats(judge, answers, write, case):
    """One constraint gives one verdict, whether the answer is JSON or XML."""
    value = answers.value(case.changes, top=case.top, without=case.without)
    found = judge(write(value)).findings
    assert sorted(case.found) == sorted(
        (each.rule, each.severity.value, each.field, each.origin.span.first) for each in found
    )


def test_each_kind_of_constraint_is_tried(contract):
    """A constraint that no case breaks would go untested."""
    constraints = contract.constraints
    judged = [
        *constraints.implications,
        *constraints.orderings,
        *constraints.embedded,
        *constraints.patterns,
        *constraints.units,
        *constraints.separated,
    ]
    lines = {line for case in CASES for *_, line in case.found}
    assert [] == [each.id for each in judged if each.origin.span.first not in lines]


@pytest.mark.parametrize("value", [[], [1], {}, {"a": 1}, True, 1.5, "x"])
def test_a_value_of_a_wrong_type_is_there(judge, answers, value):
    """What has the wrong type is said once; it is not called absent as well."""
    changes = {"ActualState": "TERMINATED", "EndTime": value}
    found = judge(answers.json(answers.value(changes)))
    assert 1 == len(found.findings)


def test_elements_in_place_of_a_time_are_there(judge, answers):
    """The same in XML."""
    value = answers.value({"ActualState": "TERMINATED", "EndTime": {"a": 1}})
    assert ["wrong-type"] == judge(answers.xml(value)).rules


def test_seconds_are_recognised(judge, answers, write):
    """A time of ten digits is said to look like seconds."""
    found = judge(write(answers.value({"StartTime": 1599794335})))
    assert "seconds" in found.only.message
    found = judge(write(answers.value({"StartTime": 0})))
    assert "looks like seconds" not in found.only.message


def test_a_time_beyond_every_long_is_held_against_nothing_else(judge, answers, write):
    """It is out of range, which says all; no unit and no order are judged by it."""
    changes = {**DONE, "StartTime": 2**63, "EndTime": LATER}
    assert ["out-of-range"] == judge(write(answers.value(changes))).rules


def test_an_embedded_number_may_have_any_size(judge, answers, write):
    """A number of thousands of digits is JSON all the same."""
    params = f'{{"a": {"9" * 5000}}}'
    assert [] == judge(write(answers.value({"AutoScaleParams": params}))).rules


def test_a_wrong_type_in_an_item_is_its_own_matter():
    """It keeps that item from being judged by it, and no other."""
    constraints = load_bundled().constraints_on(load_bundled().success)
    (unit,) = (each for each in constraints.units if each.field == "Instance.StartTime")
    items = [{"Instance": {"StartTime": 5}}] * 11
    found = check_items(
        {"Jobs": items}, {("Jobs",): Constraints(units=(unit,))}, {"Jobs.1.Instance.StartTime"}
    )
    assert [0, *range(2, 11)] == [each.path[1] for each in found]


def test_many_items_with_wrong_types_are_judged_in_one_go():
    """Comparing each item with the mistakes of all others would take many minutes."""
    unjudged = {f"Jobs.{number}.{name}" for number in range(50_000) for name in "abcd"}
    assert [] == list(check_items({"Jobs": [{}] * 50_000}, {("Jobs",): Constraints()}, unjudged))
