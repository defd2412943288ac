"""The catalogue's faults of values: each is wrong by itself."""

from collections.abc import Callable

from docpact.contract import INT64_MAX, INT64_MIN, Answer, Contract, Field, Unit, wraps_list
from docpact.faults.fault import JSON_ONLY, XML_ONLY, Changed, faults
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
    *faults(
        "wrong-type",
        (
            "time-as-text",
            "writes a time as text",
            SetMember("StartTime", is_number, "1599794335000", quotes=True),
        ),
        (
            "id-as-text",
            "writes the id as text",
            SetMember("Id", is_whole_number, "412536", elsewhere=False, quotes=True),
        ),
        ("text-as-number", "writes a text as a number", SetMember("ClusterId", is_text, 7)),
        (
            "text-as-boolean",
            "writes a text as a boolean",
            SetMember("Starter", is_text, value=True),
        ),
        ("number-as-boolean", "writes true for 1", SetMember("InputDelay", is_number, value=True)),
        (
            "text-as-list",
            "writes a list instead of a text",
            SetMember("Packages", is_text, ["a.jar"]),
        ),
        (
            "number-as-list",
            "writes a list instead of a number",
            SetMember("InputDelay", is_number, [1]),
        ),
        (
            "plan-as-object",
            "writes PlanJson as an object instead of a text",
            SetMember("PlanJson", is_text, {"a": 1}, elsewhere=False),
        ),
        (
            "empty-text-for-no-end",
            "writes an empty text for a missing end",
            set_members(None, ActualState="RUNNING", EndTime=""),
        ),
        media=JSON_ONLY,
    ),
    *faults(
        "wrong-type",
        (
            "number-as-words",
            "writes a word instead of a number",
            SetMember("InputDelay", is_number, "unknown"),
        ),
        (
            "time-as-date",
            "writes a time as a date",
            SetMember("StartTime", is_number, "2020-09-11T03:18Z"),
        ),
        (
            "text-as-object",
            "writes an object instead of a text",
            SetMember("QueueName", is_text, {"Name": "root.project1"}),
        ),
    ),
    *faults(
        "wrong-type",
        ("number-as-null-word", "writes null as a word", SetMember("EndTime", is_number, "null")),
        media=XML_ONLY,
    ),
    *faults(
        "wrong-type",
        (
            "instance-as-text",
            "writes only the state instead of the instance",
            _replacing_instance(lambda instance: instance.get("ActualState", "RUNNING")),
        ),
        fits=_has_main_structure,
    ),
    *faults(
        "wrong-type",
        (
            "instance-as-list",
            "writes a list that holds the instance",
            _replacing_instance(lambda instance: [instance]),
        ),
        media=JSON_ONLY,
        fits=_has_main_structure,
    ),
    *faults(
        "unexpected-null",
        (
            "null-text",
            "writes null for an unset text",
            SetMember("Starter", is_text_never_null, None),
        ),
        media=JSON_ONLY,
    ),
    *faults(
        "unexpected-null",
        (
            "null-number",
            "writes null for an unset number",
            SetMember("InputDelay", is_number_never_null, None),
        ),
        (
            "null-time",
            "writes null for an unset time",
            SetMember("StartTime", is_number_never_null, None, elsewhere=False),
        ),
    ),
)

_MISSING = (
    *faults(
        "missing-field",
        ("no-request-id", "leaves out RequestId", SetTopMember(request_id_of)),
        ("empty-request-id", "leaves RequestId empty", SetTopMember(request_id_of, "")),
        ("null-request-id", "writes null for RequestId", SetTopMember(request_id_of, None)),
        ("no-instance", "leaves out the instance", SetTopMember(_main_field)),
        ("null-instance", "writes null for the instance", SetTopMember(_filled_main_field, None)),
        (
            "null-job-name",
            "writes null for the job's name",
            SetMember("JobName", is_required_text, None),
        ),
        (
            "empty-project-name",
            "leaves the project's name empty",
            SetMember("ProjectName", is_required_unlisted_text, ""),
        ),
        ("no-id", "leaves out the instance's Id", LeaveOut("Id", is_required)),
        (
            "no-job-name",
            "leaves out the instance's JobName",
            LeaveOut("JobName", is_required, elsewhere=False),
        ),
        (
            "no-project-name",
            "leaves out the instance's ProjectName",
            LeaveOut("ProjectName", is_required, elsewhere=False),
        ),
        (
            "no-actual-state",
            "leaves out the instance's ActualState",
            LeaveOut("ActualState", is_required, elsewhere=False),
        ),
        (
            "no-expected-state",
            "leaves out the instance's ExpectState",
            LeaveOut("ExpectState", is_required, elsewhere=False),
        ),
        (
            "no-job-type",
            "leaves out the instance's JobType",
            LeaveOut("JobType", is_required, elsewhere=False),
        ),
        (
            "no-api-type",
            "leaves out the instance's ApiType",
            LeaveOut("ApiType", is_required, elsewhere=False),
        ),
    ),
    *faults(
        "missing-field",
        (
            "empty-instance",
            "writes an instance without members",
            SetTopMember(_filled_main_field, {}),
        ),
        media=JSON_ONLY,
    ),
)

_LISTED = (
    *faults(
        "unknown-enum-value",
        (
            "unknown-state",
            "reports a state that is not listed",
            SetMember("ActualState", is_listed, "DONE"),
        ),
        (
            "lower-case-state",
            "writes a state in lower case",
            RewriteListed("ActualState", is_listed, str.lower),
        ),
        (
            "capitalised-state",
            "writes a state capitalised, like Running",
            RewriteListed("ExpectState", is_listed, str.capitalize),
        ),
        ("translated-state", "translates a state", SetMember("ActualState", is_listed, "运行中")),
        ("empty-state", "leaves the state empty", SetMember("ActualState", is_listed, "")),
        (
            "expected-to-wait",
            "reports WAITING as the expected state",
            SetMember("ExpectState", is_listed, "WAITING", elsewhere=False),
        ),
        (
            "short-job-type",
            "leaves out the prefix of JobType",
            RewriteListed("JobType", is_listed, lambda text: text.removeprefix("FLINK_")),
        ),
        (
            "mixed-case-api-type",
            "writes Datastream for DATASTREAM",
            RewriteListed(
                "ApiType",
                is_listed,
                lambda text: text.replace("DATASTREAM", "Datastream"),
                only="DATASTREAM",
            ),
        ),
    ),
    *faults(
        "unknown-enum-value",
        (
            "padded-state",
            "adds a space to a state",
            RewriteListed("ActualState", is_listed, "{} ".format),
        ),
        media=JSON_ONLY,
    ),
    *faults(
        "wrong-type",
        ("state-as-number", "writes a state as a number", SetMember("ActualState", is_listed, 2)),
        media=JSON_ONLY,
    ),
)

_NUMBERS = (
    *faults(
        "not-an-integer",
        ("fraction", "writes a fraction", SetMember("InputDelay", is_whole_number, 120.5)),
        (
            "whole-fraction",
            "writes a whole number as 120.0",
            SetMember("InputDelay", is_whole_number, 120.0),
        ),
        (
            "exponent",
            "writes a large number with an exponent",
            SetMember("InputDelay", is_whole_number, 1e21),
        ),
    ),
    *faults(
        "out-of-range",
        (
            "beyond-int64",
            "writes a number larger than 64 bits",
            SetMember("InputDelay", is_whole_number, INT64_MAX + 1),
        ),
        (
            "below-int64",
            "writes a negative number larger than 64 bits",
            SetMember("InputDelay", is_whole_number, INT64_MIN - 1),
        ),
        (
            "unsigned-id",
            "writes a negative id as an unsigned number",
            SetMember("Id", is_whole_number, 2**64 - 1, elsewhere=False),
        ),
    ),
    *faults(
        "wrong-unit",
        (
            "seconds",
            "writes a time in seconds",
            SetMember("StartTime", is_time, MILLISECONDS // 1000),
        ),
        (
            "microseconds",
            "writes a time in microseconds",
            SetMember("LastOperateTime", is_time, MILLISECONDS * 1000),
        ),
        ("negative-time", "writes a time before 1970", SetMember("StartTime", is_time, -1)),
        ("zero-time", "writes 0 for an unset time", SetMember("LastOperateTime", is_time, 0)),
        (
            "end-in-seconds",
            "writes the end in seconds",
            set_members(Unit, ActualState="TERMINATED", EndTime=MILLISECONDS // 1000),
        ),
    ),
)

VALUE_FAULTS = (*_TYPES, *_MISSING, *_LISTED, *_NUMBERS)
