"""Faults of single values: types, missing members, listed values, numbers."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from docpact.contract import INT64_MAX, INT64_MIN
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Fault
from docpact.faults.specimen import Members, changing_instance, changing_success, texts_in

_MILLISECONDS = 1599794335000


def _setting(
    name: str, summary: str, rule: str, media: frozenset[Any] = BOTH, **members: Any
) -> Fault:
    """A fault that gives members of the instance other values."""

    def change(instance: Members, _random: Random) -> Members:
        return {**instance, **members}

    return Fault(
        name,
        summary,
        frozenset({rule}),
        media=media,
        gives=texts_in(members),
        change=changing_instance(change),
    )


def _rewriting(
    name: str,
    summary: str,
    member: str,
    change: Callable[[str], str],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault that writes a listed value otherwise, where that changes anything."""

    def changed(instance: Members, _random: Random) -> Members | None:
        old = str(instance[member])
        new = change(old)
        return None if new == old else {**instance, member: new}

    rules = frozenset({"unknown-enum-value"})
    return Fault(name, summary, rules, media=media, change=changing_instance(changed))


def _without(name: str, member: str) -> Fault:
    def change(instance: Members, _random: Random) -> Members:
        del instance[member]
        return instance

    summary = f"leaves out the instance's {member}"
    return Fault(name, summary, frozenset({"missing-field"}), change=changing_instance(change))


def _top(
    name: str,
    summary: str,
    rule: str,
    change: Callable[[Members], Members],
    media: frozenset[Any] = BOTH,
) -> Fault:
    return Fault(name, summary, frozenset({rule}), media=media, change=changing_success(change))


_TYPES = (
    _setting("time-as-text", "quotes a time", "wrong-type", JSON_ONLY, StartTime="1599794335000"),
    _setting("id-as-text", "quotes the id", "wrong-type", JSON_ONLY, Id="412536"),
    _setting("text-as-number", "writes a text as a number", "wrong-type", JSON_ONLY, ClusterId=7),
    _setting(
        "text-as-boolean", "writes a text as a boolean", "wrong-type", JSON_ONLY, Starter=True
    ),
    _setting("number-as-words", "writes a word for a number", "wrong-type", InputDelay="unknown"),
    _setting("number-as-boolean", "writes true for 1", "wrong-type", JSON_ONLY, InputDelay=True),
    _setting(
        "number-as-null-word", "writes null as a word", "wrong-type", XML_ONLY, EndTime="null"
    ),
    _setting(
        "time-as-date", "writes a time as a date", "wrong-type", StartTime="2020-09-11T03:18Z"
    ),
    _setting("text-as-object", "nests a text", "wrong-type", QueueName={"Name": "root.project1"}),
    _setting("text-as-list", "makes a list of a text", "wrong-type", JSON_ONLY, Packages=["a.jar"]),
    _setting("number-as-list", "makes a list of a number", "wrong-type", JSON_ONLY, InputDelay=[1]),
    _setting(
        "plan-as-object", "embeds a JSON text unquoted", "wrong-type", JSON_ONLY, PlanJson={"a": 1}
    ),
    _top(
        "instance-as-text",
        "writes the state for the whole instance",
        "wrong-type",
        lambda members: {**members, "Instance": members["Instance"]["ActualState"]},
    ),
    _top(
        "instance-as-list",
        "makes a list of the one instance",
        "wrong-type",
        lambda members: {**members, "Instance": [members["Instance"]]},
        JSON_ONLY,
    ),
    _setting(
        "null-text", "writes null for an unset text", "unexpected-null", JSON_ONLY, Starter=None
    ),
    _setting("null-number", "writes null for an unset number", "unexpected-null", InputDelay=None),
    _setting("null-time", "writes null for an unset time", "unexpected-null", StartTime=None),
    _setting(
        "empty-text-for-no-end",
        "writes an empty text for no end",
        "wrong-type",
        JSON_ONLY,
        ActualState="RUNNING",
        EndTime="",
    ),
)

_MISSING = (
    _top(
        "no-request-id",
        "leaves out RequestId",
        "missing-field",
        lambda members: {"Instance": members["Instance"]},
    ),
    _top(
        "empty-request-id",
        "leaves RequestId empty",
        "missing-field",
        lambda members: {**members, "RequestId": ""},
    ),
    _top(
        "null-request-id",
        "writes null for RequestId",
        "missing-field",
        lambda members: {**members, "RequestId": None},
    ),
    _top(
        "no-instance",
        "leaves out the instance",
        "missing-field",
        lambda members: {"RequestId": members["RequestId"]},
    ),
    _top(
        "null-instance",
        "writes null for the instance",
        "missing-field",
        lambda members: {**members, "Instance": None},
    ),
    _top(
        "empty-instance",
        "writes an instance without members",
        "missing-field",
        lambda members: {**members, "Instance": {}},
        JSON_ONLY,
    ),
    _setting("null-job-name", "writes null for the job's name", "missing-field", JobName=None),
    _setting(
        "empty-project-name", "leaves the project's name empty", "missing-field", ProjectName=""
    ),
    _without("no-id", "Id"),
    _without("no-job-name", "JobName"),
    _without("no-project-name", "ProjectName"),
    _without("no-actual-state", "ActualState"),
    _without("no-expected-state", "ExpectState"),
    _without("no-job-type", "JobType"),
    _without("no-api-type", "ApiType"),
)

_LISTED = (
    _setting("unknown-state", "is in a state of its own", "unknown-enum-value", ActualState="DONE"),
    _rewriting("lower-case-state", "writes a state in lower case", "ActualState", str.lower),
    _rewriting("capitalised-state", "writes a state like a word", "ExpectState", str.capitalize),
    _setting("translated-state", "translates a state", "unknown-enum-value", ActualState="运行中"),
    _setting("empty-state", "leaves the state empty", "unknown-enum-value", ActualState=""),
    _rewriting("padded-state", "pads a state with spaces", "ActualState", "{} ".format, JSON_ONLY),
    _setting(
        "state-as-number", "writes a state as a number", "wrong-type", JSON_ONLY, ActualState=2
    ),
    _setting(
        "expected-to-wait",
        "expects a state that only comes by itself",
        "unknown-enum-value",
        ExpectState="WAITING",
    ),
    _rewriting(
        "short-job-type",
        "drops the prefix of JobType",
        "JobType",
        lambda text: text.removeprefix("FLINK_"),
    ),
    replace(
        _rewriting(
            "mixed-case-api-type",
            "writes Datastream for DATASTREAM",
            "ApiType",
            lambda text: text.replace("DATASTREAM", "Datastream"),
        ),
        gives=(("ApiType", "DATASTREAM"),),
    ),
)

_NUMBERS = (
    _setting("fraction", "writes a fraction", "not-an-integer", InputDelay=120.5),
    _setting(
        "whole-fraction", "writes a whole number as 120.0", "not-an-integer", InputDelay=120.0
    ),
    _setting(
        "exponent", "writes a large number with an exponent", "not-an-integer", InputDelay=1e21
    ),
    _setting("beyond-int64", "counts beyond 64 bits", "out-of-range", InputDelay=INT64_MAX + 1),
    _setting("below-int64", "counts below 64 bits", "out-of-range", InputDelay=INT64_MIN - 1),
    _setting("unsigned-id", "writes a negative id as unsigned", "out-of-range", Id=2**64 - 1),
    _setting("seconds", "gives a time in seconds", "wrong-unit", StartTime=_MILLISECONDS // 1000),
    _setting(
        "microseconds",
        "gives a time in microseconds",
        "wrong-unit",
        LastOperateTime=_MILLISECONDS * 1000,
    ),
    _setting("negative-time", "gives a time before 1970", "wrong-unit", StartTime=-1),
    _setting("zero-time", "gives 0 for an unset time", "wrong-unit", LastOperateTime=0),
    _setting(
        "end-in-seconds",
        "gives the end in seconds",
        "wrong-unit",
        ActualState="TERMINATED",
        EndTime=_MILLISECONDS // 1000,
    ),
)

VALUE_FAULTS = (*_TYPES, *_MISSING, *_LISTED, *_NUMBERS)
