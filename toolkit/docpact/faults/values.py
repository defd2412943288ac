"""The catalogue's faults of values: each is wrong by itself."""

from collections.abc import Callable

from docpact.contract import INT64_MAX, INT64_MIN, Answer, Contract, Field, Unit, wraps_list
from docpact.faults.fault import JSON_ONLY, XML_ONLY, Changed, fault
from docpact.faults.members import (
    LeaveOut,
    RewriteListed,
    SetMember,
    SetTopMember,
    is_listed,
    is_number,
    is_number_never_null,
    is_required,
    is_required_text,
    is_required_unlisted_text,
    is_text,
    is_text_never_null,
    is_time,
    is_whole_number,
    set_members,
)
from docpact.faults.parsed_response import Members, ParsedResponse, main_structure, request_id_of

MILLISECONDS = 1599794335000


def _main_field(answer: Answer) -> Field | None:
    """The main structure at the top, or the one there that holds it."""
    field = answer.find(main_structure(answer)[:1])
    return None if field is None or field.repeated else field


def _filled_main_field(answer: Answer) -> Field | None:
    """The same, if it cannot be empty."""
    field = _main_field(answer)
    return None if field is None or wraps_list(field) else field


def _has_main_structure(contract: Contract) -> bool:
    return bool(main_structure(contract.success))


def _replacing_instance(change: Callable[[Members], object]) -> Callable[[ParsedResponse], Changed]:
    """Writes something else in place of the main structure."""

    def changed(answer: ParsedResponse) -> Changed:
        position = answer.main_position
        if position is None:
            return None
        return answer.with_structure(position, change(answer.at(position)))

    return changed


_TYPES = (
    fault(
        "time-as-text",
        "writes a time as text",
        "wrong-type",
        SetMember("StartTime", is_number, "1599794335000", quotes=True),
        JSON_ONLY,
    ),
    fault(
        "id-as-text",
        "writes the id as text",
        "wrong-type",
        SetMember("Id", is_whole_number, "412536", elsewhere=False, quotes=True),
        JSON_ONLY,
    ),
    fault(
        "text-as-number",
        "writes a text as a number",
        "wrong-type",
        SetMember("ClusterId", is_text, 7),
        JSON_ONLY,
    ),
    fault(
        "text-as-boolean",
        "writes a text as a boolean",
        "wrong-type",
        SetMember("Starter", is_text, value=True),
        JSON_ONLY,
    ),
    fault(
        "number-as-words",
        "writes a word instead of a number",
        "wrong-type",
        SetMember("InputDelay", is_number, "unknown"),
    ),
    fault(
        "number-as-boolean",
        "writes true for 1",
        "wrong-type",
        SetMember("InputDelay", is_number, value=True),
        JSON_ONLY,
    ),
    fault(
        "number-as-null-word",
        "writes null as a word",
        "wrong-type",
        SetMember("EndTime", is_number, "null"),
        XML_ONLY,
    ),
    fault(
        "time-as-date",
        "writes a time as a date",
        "wrong-type",
        SetMember("StartTime", is_number, "2020-09-11T03:18Z"),
    ),
    fault(
        "text-as-object",
        "writes an object instead of a text",
        "wrong-type",
        SetMember("QueueName", is_text, {"Name": "root.project1"}),
    ),
    fault(
        "text-as-list",
        "writes a list instead of a text",
        "wrong-type",
        SetMember("Packages", is_text, ["a.jar"]),
        JSON_ONLY,
    ),
    fault(
        "number-as-list",
        "writes a list instead of a number",
        "wrong-type",
        SetMember("InputDelay", is_number, [1]),
        JSON_ONLY,
    ),
    fault(
        "plan-as-object",
        "writes PlanJson as an object instead of a text",
        "wrong-type",
        SetMember("PlanJson", is_text, {"a": 1}, elsewhere=False),
        JSON_ONLY,
    ),
    fault(
        "instance-as-text",
        "writes only the state instead of the instance",
        "wrong-type",
        _replacing_instance(lambda instance: instance.get("ActualState", "RUNNING")),
        fits=_has_main_structure,
    ),
    fault(
        "instance-as-list",
        "writes a list that holds the instance",
        "wrong-type",
        _replacing_instance(lambda instance: [instance]),
        JSON_ONLY,
        fits=_has_main_structure,
    ),
    fault(
        "null-text",
        "writes null for an unset text",
        "unexpected-null",
        SetMember("Starter", is_text_never_null, None),
        JSON_ONLY,
    ),
    fault(
        "null-number",
        "writes null for an unset number",
        "unexpected-null",
        SetMember("InputDelay", is_number_never_null, None),
    ),
    fault(
        "null-time",
        "writes null for an unset time",
        "unexpected-null",
        SetMember("StartTime", is_number_never_null, None, elsewhere=False),
    ),
    fault(
        "empty-text-for-no-end",
        "writes an empty text for a missing end",
        "wrong-type",
        set_members(None, ActualState="RUNNING", EndTime=""),
        JSON_ONLY,
    ),
)

_MISSING = (
    fault("no-request-id", "leaves out RequestId", "missing-field", SetTopMember(request_id_of)),
    fault(
        "empty-request-id",
        "leaves RequestId empty",
        "missing-field",
        SetTopMember(request_id_of, ""),
    ),
    fault(
        "null-request-id",
        "writes null for RequestId",
        "missing-field",
        SetTopMember(request_id_of, None),
    ),
    fault("no-instance", "leaves out the instance", "missing-field", SetTopMember(_main_field)),
    fault(
        "null-instance",
        "writes null for the instance",
        "missing-field",
        SetTopMember(_filled_main_field, None),
    ),
    fault(
        "empty-instance",
        "writes an instance without members",
        "missing-field",
        SetTopMember(_filled_main_field, {}),
        JSON_ONLY,
    ),
    fault(
        "null-job-name",
        "writes null for the job's name",
        "missing-field",
        SetMember("JobName", is_required_text, None),
    ),
    fault(
        "empty-project-name",
        "leaves the project's name empty",
        "missing-field",
        SetMember("ProjectName", is_required_unlisted_text, ""),
    ),
    fault("no-id", "leaves out the instance's Id", "missing-field", LeaveOut("Id", is_required)),
    fault(
        "no-job-name",
        "leaves out the instance's JobName",
        "missing-field",
        LeaveOut("JobName", is_required, elsewhere=False),
    ),
    fault(
        "no-project-name",
        "leaves out the instance's ProjectName",
        "missing-field",
        LeaveOut("ProjectName", is_required, elsewhere=False),
    ),
    fault(
        "no-actual-state",
        "leaves out the instance's ActualState",
        "missing-field",
        LeaveOut("ActualState", is_required, elsewhere=False),
    ),
    fault(
        "no-expected-state",
        "leaves out the instance's ExpectState",
        "missing-field",
        LeaveOut("ExpectState", is_required, elsewhere=False),
    ),
    fault(
        "no-job-type",
        "leaves out the instance's JobType",
        "missing-field",
        LeaveOut("JobType", is_required, elsewhere=False),
    ),
    fault(
        "no-api-type",
        "leaves out the instance's ApiType",
        "missing-field",
        LeaveOut("ApiType", is_required, elsewhere=False),
    ),
)

_LISTED = (
    fault(
        "unknown-state",
        "reports a state that is not listed",
        "unknown-enum-value",
        SetMember("ActualState", is_listed, "DONE"),
    ),
    fault(
        "lower-case-state",
        "writes a state in lower case",
        "unknown-enum-value",
        RewriteListed("ActualState", is_listed, str.lower),
    ),
    fault(
        "capitalised-state",
        "writes a state capitalised, like Running",
        "unknown-enum-value",
        RewriteListed("ExpectState", is_listed, str.capitalize),
    ),
    fault(
        "translated-state",
        "translates a state",
        "unknown-enum-value",
        SetMember("ActualState", is_listed, "运行中"),
    ),
    fault(
        "empty-state",
        "leaves the state empty",
        "unknown-enum-value",
        SetMember("ActualState", is_listed, ""),
    ),
    fault(
        "padded-state",
        "adds a space to a state",
        "unknown-enum-value",
        RewriteListed("ActualState", is_listed, "{} ".format),
        JSON_ONLY,
    ),
    fault(
        "state-as-number",
        "writes a state as a number",
        "wrong-type",
        SetMember("ActualState", is_listed, 2),
        JSON_ONLY,
    ),
    fault(
        "expected-to-wait",
        "reports WAITING as the expected state",
        "unknown-enum-value",
        SetMember("ExpectState", is_listed, "WAITING", elsewhere=False),
    ),
    fault(
        "short-job-type",
        "leaves out the prefix of JobType",
        "unknown-enum-value",
        RewriteListed("JobType", is_listed, lambda text: text.removeprefix("FLINK_")),
    ),
    fault(
        "mixed-case-api-type",
        "writes Datastream for DATASTREAM",
        "unknown-enum-value",
        RewriteListed(
            "ApiType",
            is_listed,
            lambda text: text.replace("DATASTREAM", "Datastream"),
            only="DATASTREAM",
        ),
    ),
)

_NUMBERS = (
    fault(
        "fraction",
        "writes a fraction",
        "not-an-integer",
        SetMember("InputDelay", is_whole_number, 120.5),
    ),
    fault(
        "whole-fraction",
        "writes a whole number as 120.0",
        "not-an-integer",
        SetMember("InputDelay", is_whole_number, 120.0),
    ),
    fault(
        "exponent",
        "writes a large number with an exponent",
        "not-an-integer",
        SetMember("InputDelay", is_whole_number, 1e21),
    ),
    fault(
        "beyond-int64",
        "writes a number larger than 64 bits",
        "out-of-range",
        SetMember("InputDelay", is_whole_number, INT64_MAX + 1),
    ),
    fault(
        "below-int64",
        "writes a negative number larger than 64 bits",
        "out-of-range",
        SetMember("InputDelay", is_whole_number, INT64_MIN - 1),
    ),
    fault(
        "unsigned-id",
        "writes a negative id as an unsigned number",
        "out-of-range",
        SetMember("Id", is_whole_number, 2**64 - 1, elsewhere=False),
    ),
    fault(
        "seconds",
        "writes a time in seconds",
        "wrong-unit",
        SetMember("StartTime", is_time, MILLISECONDS // 1000),
    ),
    fault(
        "microseconds",
        "writes a time in microseconds",
        "wrong-unit",
        SetMember("LastOperateTime", is_time, MILLISECONDS * 1000),
    ),
    fault(
        "negative-time",
        "writes a time before 1970",
        "wrong-unit",
        SetMember("StartTime", is_time, -1),
    ),
    fault(
        "zero-time",
        "writes 0 for an unset time",
        "wrong-unit",
        SetMember("LastOperateTime", is_time, 0),
    ),
    fault(
        "end-in-seconds",
        "writes the end in seconds",
        "wrong-unit",
        set_members(Unit, ActualState="TERMINATED", EndTime=MILLISECONDS // 1000),
    ),
)

VALUE_FAULTS = (*_TYPES, *_MISSING, *_LISTED, *_NUMBERS)
