"""Faults of single values: types, missing members, listed values, numbers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from docpact.contract import INT64_MAX, INT64_MIN, Answer, Contract, Field, FieldPath, wraps_list
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Fault
from docpact.faults.specimen import (
    Members,
    Specimen,
    changing,
    changing_structure,
    texts_in,
)
from docpact.faults.target import (
    Like,
    Spot,
    holder_of,
    is_listed,
    is_needed,
    is_needed_plain_text,
    is_needed_text,
    is_number,
    is_number_never_null,
    is_text,
    is_text_never_null,
    is_time,
    is_whole_number,
    request_id_of,
    spot_like,
    spot_named,
)

_MILLISECONDS = 1599794335000


def _setting(  # noqa: PLR0913  # all but the first are what makes one fault another
    name: str,
    summary: str,
    rule: str,
    media: frozenset[Any] = BOTH,
    *,
    like: Like,
    elsewhere: bool = True,
    **members: Any,
) -> Fault:
    """A fault that gives a member another value: the one named, or else the first like it.

    Without `elsewhere` it is about the members that are named and no others.
    """
    (value,) = members.values()

    def is_like(spot: Spot) -> bool:
        return like(spot) and all(value != each.value for each in spot.field.values)

    target = partial(_target, next(iter(members)), is_like, elsewhere=elsewhere)

    def change(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        return None if spot is None else {**structure, spot.field.name: value}

    return Fault(
        name,
        summary,
        frozenset({rule}),
        media=media,
        gives=texts_in(members),
        change=changing_structure(_holder(target), change),
        fits=lambda contract: target(contract) is not None,
    )


def _target(name: str, like: Like, contract: Contract, *, elsewhere: bool = True) -> Spot | None:
    named = spot_named(contract, name)
    if named is not None and like(named):
        return named
    return spot_like(contract, like) if elsewhere else None


def _holder(target: Callable[[Contract], Spot | None]) -> Callable[[Contract], FieldPath | None]:
    def path_of(contract: Contract) -> FieldPath | None:
        spot = target(contract)
        return None if spot is None else spot.holder

    return path_of


def _rewriting(
    name: str,
    summary: str,
    member: str,
    change: Callable[[str], str],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault that writes a listed value otherwise, where that changes anything."""
    target = partial(_target, member, is_listed)

    def changed(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        old = structure.get(spot.field.name) if spot else None
        if spot is None or not old:
            return None
        new = change(str(old))
        listed = {each.value for each in spot.field.values}
        return None if new == old or new in listed else {**structure, spot.field.name: new}

    def fits(contract: Contract) -> bool:
        spot = target(contract)
        listed = {each.value for each in spot.field.values} if spot else set()
        return any(change(each) not in listed for each in listed)

    return Fault(
        name,
        summary,
        frozenset({"unknown-enum-value"}),
        media=media,
        change=changing_structure(_holder(target), changed),
        fits=fits,
    )


def _without(name: str, member: str, *, elsewhere: bool = False) -> Fault:
    target = partial(_target, member, is_needed, elsewhere=elsewhere)

    def change(structure: Members, _random: Random, contract: Contract) -> Members | None:
        spot = target(contract)
        return {key: each for key, each in structure.items() if spot and key != spot.field.name}

    return Fault(
        name,
        f"leaves out the instance's {member}",
        frozenset({"missing-field"}),
        change=changing_structure(_holder(target), change),
        fits=lambda contract: target(contract) is not None,
    )


def _top(
    name: str,
    summary: str,
    change: Callable[[Members, str], Members],
    *,
    named: Callable[[Answer], Field | None],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault of a member at the top that must be there."""

    def changed(specimen: Specimen, _random: Random) -> Members | None:
        field = named(specimen.contract.success)
        return None if field is None else change(dict(specimen.members), field.name)

    return Fault(
        name,
        summary,
        frozenset({"missing-field"}),
        media=media,
        change=changing(changed),
        fits=lambda contract: _is_needed(named(contract.success)),
    )


def _is_needed(field: Field | None) -> bool:
    return field is not None and field.required is not None


def _structure(answer: Answer) -> Field | None:
    """The structure at the top that tells most, or that holds the list that does."""
    field = answer.find(holder_of(answer)[:1])
    return None if field is None or field.repeated else field


def _filled_structure(answer: Answer) -> Field | None:
    """The same, if it cannot be empty."""
    field = _structure(answer)
    return None if field is None or wraps_list(field) else field


def _instance(
    name: str,
    summary: str,
    change: Callable[[Members], object],
    media: frozenset[Any] = BOTH,
) -> Fault:
    """A fault that writes something else where the structure that tells most should stand."""
    return Fault(
        name,
        summary,
        frozenset({"wrong-type"}),
        media=media,
        change=changing_structure(
            lambda contract: holder_of(contract.success),
            lambda structure, _random, _contract: change(structure),
        ),
        fits=lambda contract: bool(holder_of(contract.success)),
    )


def _ending(
    name: str, summary: str, rule: str, media: frozenset[Any] = BOTH, **members: Any
) -> Fault:
    """A fault of EndTime that shows in one state only."""

    def change(instance: Members, _random: Random, _contract: Contract) -> Members:
        return {**instance, **members}

    def fits(contract: Contract) -> bool:
        end = spot_named(contract, "EndTime")
        is_known = end is not None and spot_named(contract, "ActualState") is not None
        return is_known and (rule != "wrong-unit" or (end is not None and is_time(end)))

    return Fault(
        name,
        summary,
        frozenset({rule}),
        media=media,
        gives=texts_in(members),
        change=changing_structure(lambda contract: holder_of(contract.success), change),
        fits=fits,
    )


_TYPES = (
    _setting(
        "time-as-text",
        "quotes a time",
        "wrong-type",
        JSON_ONLY,
        like=is_number,
        StartTime="1599794335000",
    ),
    _setting(
        "id-as-text",
        "quotes the id",
        "wrong-type",
        JSON_ONLY,
        like=is_whole_number,
        elsewhere=False,
        Id="412536",
    ),
    _setting(
        "text-as-number",
        "writes a text as a number",
        "wrong-type",
        JSON_ONLY,
        like=is_text,
        ClusterId=7,
    ),
    _setting(
        "text-as-boolean",
        "writes a text as a boolean",
        "wrong-type",
        JSON_ONLY,
        like=is_text,
        Starter=True,
    ),
    _setting(
        "number-as-words",
        "writes a word for a number",
        "wrong-type",
        like=is_number,
        InputDelay="unknown",
    ),
    _setting(
        "number-as-boolean",
        "writes true for 1",
        "wrong-type",
        JSON_ONLY,
        like=is_number,
        InputDelay=True,
    ),
    _setting(
        "number-as-null-word",
        "writes null as a word",
        "wrong-type",
        XML_ONLY,
        like=is_number,
        EndTime="null",
    ),
    _setting(
        "time-as-date",
        "writes a time as a date",
        "wrong-type",
        like=is_number,
        StartTime="2020-09-11T03:18Z",
    ),
    _setting(
        "text-as-object",
        "nests a text",
        "wrong-type",
        like=is_text,
        QueueName={"Name": "root.project1"},
    ),
    _setting(
        "text-as-list",
        "makes a list of a text",
        "wrong-type",
        JSON_ONLY,
        like=is_text,
        Packages=["a.jar"],
    ),
    _setting(
        "number-as-list",
        "makes a list of a number",
        "wrong-type",
        JSON_ONLY,
        like=is_number,
        InputDelay=[1],
    ),
    _setting(
        "plan-as-object",
        "embeds a JSON text unquoted",
        "wrong-type",
        JSON_ONLY,
        like=is_text,
        elsewhere=False,
        PlanJson={"a": 1},
    ),
    _instance(
        "instance-as-text",
        "writes the state for the whole instance",
        lambda instance: instance.get("ActualState", "RUNNING"),
    ),
    _instance(
        "instance-as-list",
        "makes a list of the one instance",
        lambda instance: [instance],
        JSON_ONLY,
    ),
    _setting(
        "null-text",
        "writes null for an unset text",
        "unexpected-null",
        JSON_ONLY,
        like=is_text_never_null,
        Starter=None,
    ),
    _setting(
        "null-number",
        "writes null for an unset number",
        "unexpected-null",
        like=is_number_never_null,
        InputDelay=None,
    ),
    _setting(
        "null-time",
        "writes null for an unset time",
        "unexpected-null",
        like=is_number_never_null,
        elsewhere=False,
        StartTime=None,
    ),
    _ending(
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
        lambda members, name: {key: each for key, each in members.items() if key != name},
        named=request_id_of,
    ),
    _top(
        "empty-request-id",
        "leaves RequestId empty",
        lambda members, name: {**members, name: ""},
        named=request_id_of,
    ),
    _top(
        "null-request-id",
        "writes null for RequestId",
        lambda members, name: {**members, name: None},
        named=request_id_of,
    ),
    _top(
        "no-instance",
        "leaves out the instance",
        lambda members, name: {key: each for key, each in members.items() if key != name},
        named=_structure,
    ),
    _top(
        "null-instance",
        "writes null for the instance",
        lambda members, name: {**members, name: None},
        named=_filled_structure,
    ),
    _top(
        "empty-instance",
        "writes an instance without members",
        lambda members, name: {**members, name: {}},
        named=_filled_structure,
        media=JSON_ONLY,
    ),
    _setting(
        "null-job-name",
        "writes null for the job's name",
        "missing-field",
        like=is_needed_text,
        JobName=None,
    ),
    _setting(
        "empty-project-name",
        "leaves the project's name empty",
        "missing-field",
        like=is_needed_plain_text,
        ProjectName="",
    ),
    _without("no-id", "Id", elsewhere=True),
    _without("no-job-name", "JobName"),
    _without("no-project-name", "ProjectName"),
    _without("no-actual-state", "ActualState"),
    _without("no-expected-state", "ExpectState"),
    _without("no-job-type", "JobType"),
    _without("no-api-type", "ApiType"),
)

_LISTED = (
    _setting(
        "unknown-state",
        "is in a state of its own",
        "unknown-enum-value",
        like=is_listed,
        ActualState="DONE",
    ),
    _rewriting("lower-case-state", "writes a state in lower case", "ActualState", str.lower),
    _rewriting("capitalised-state", "writes a state like a word", "ExpectState", str.capitalize),
    _setting(
        "translated-state",
        "translates a state",
        "unknown-enum-value",
        like=is_listed,
        ActualState="运行中",
    ),
    _setting(
        "empty-state",
        "leaves the state empty",
        "unknown-enum-value",
        like=is_listed,
        ActualState="",
    ),
    _rewriting("padded-state", "pads a state with spaces", "ActualState", "{} ".format, JSON_ONLY),
    _setting(
        "state-as-number",
        "writes a state as a number",
        "wrong-type",
        JSON_ONLY,
        like=is_listed,
        ActualState=2,
    ),
    _setting(
        "expected-to-wait",
        "expects a state that only comes by itself",
        "unknown-enum-value",
        like=is_listed,
        elsewhere=False,
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
    _setting(
        "fraction", "writes a fraction", "not-an-integer", like=is_whole_number, InputDelay=120.5
    ),
    _setting(
        "whole-fraction",
        "writes a whole number as 120.0",
        "not-an-integer",
        like=is_whole_number,
        InputDelay=120.0,
    ),
    _setting(
        "exponent",
        "writes a large number with an exponent",
        "not-an-integer",
        like=is_whole_number,
        InputDelay=1e21,
    ),
    _setting(
        "beyond-int64",
        "counts beyond 64 bits",
        "out-of-range",
        like=is_whole_number,
        InputDelay=INT64_MAX + 1,
    ),
    _setting(
        "below-int64",
        "counts below 64 bits",
        "out-of-range",
        like=is_whole_number,
        InputDelay=INT64_MIN - 1,
    ),
    _setting(
        "unsigned-id",
        "writes a negative id as unsigned",
        "out-of-range",
        like=is_whole_number,
        elsewhere=False,
        Id=2**64 - 1,
    ),
    _setting(
        "seconds",
        "gives a time in seconds",
        "wrong-unit",
        like=is_time,
        StartTime=_MILLISECONDS // 1000,
    ),
    _setting(
        "microseconds",
        "gives a time in microseconds",
        "wrong-unit",
        like=is_time,
        LastOperateTime=_MILLISECONDS * 1000,
    ),
    _setting("negative-time", "gives a time before 1970", "wrong-unit", like=is_time, StartTime=-1),
    _setting(
        "zero-time", "gives 0 for an unset time", "wrong-unit", like=is_time, LastOperateTime=0
    ),
    _ending(
        "end-in-seconds",
        "gives the end in seconds",
        "wrong-unit",
        ActualState="TERMINATED",
        EndTime=_MILLISECONDS // 1000,
    ),
)

VALUE_FAULTS = (*_TYPES, *_MISSING, *_LISTED, *_NUMBERS)
