"""Faults of meaning: values that do not fit together, or not the request."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final
from urllib.parse import quote

from docpact.contract import (
    INT64_MAX,
    INT64_MIN,
    Contract,
    Echo,
    Embedded,
    FieldPath,
    Implication,
    Ordering,
    Pattern,
    Separated,
)
from docpact.faults.fault import XML_ONLY, Fault, Shows
from docpact.faults.parsed_response import Members, changing_structure, texts_in
from docpact.faults.target import holder_of, spot_named

_START = 1599794335000
_BREAKING: Final = {
    "fields-disagree": Implication,
    "times-out-of-order": Ordering,
    "wrong-format": Pattern,
    "embedded-syntax": Embedded,
    "wrong-separator": Separated,
}
_MAIN_CLASS = "blink.main.class=com.example.Pipeline"


def _meaning(name: str, summary: str, rule: str, without: str = "", **members: Any) -> Fault:
    """A fault that gives members values that do not fit together."""

    def change(instance: Members, _random: Random, _contract: Contract) -> Members:
        kept = {key: value for key, value in instance.items() if key not in without.split()}
        return {**kept, **members}

    return Fault(
        name,
        summary,
        frozenset({rule}),
        gives=texts_in(members),
        change=changing_structure(_holder, change),
        fits=partial(_is_bound, {*members, *without.split()}, _BREAKING[rule]),
    )


def _holder(contract: Contract) -> FieldPath:
    return holder_of(contract.success)


def _is_bound(names: set[str], kind: type, contract: Contract) -> bool:
    """Whether a ruling of the contract is about these members of the instance alone."""
    holder = holder_of(contract.success)
    paths = {".".join((*holder, name)) for name in names}
    known = all(spot_named(contract, name) is not None for name in names)
    ruled = (each for each in contract.constraints if each.origin.ruling or kind is Echo)
    return known and any(isinstance(each, kind) and paths.issuperset(each.fields) for each in ruled)


def _echo(name: str, summary: str, member: str, change: Callable[[str], str | None]) -> Fault:
    """A fault that answers about something else; where nothing would change, it does not show."""

    def changed(instance: Members, _random: Random, _contract: Contract) -> Members | None:
        old = instance[member]
        new = change(str(old))
        if new is None or new == str(old) or not new.strip() or "***" in new:
            return None
        return {**instance, member: int(new) if isinstance(old, int) else new}

    return Fault(
        name,
        summary,
        frozenset({"wrong-echo"}),
        Shows.SOME_INPUTS,
        change=changing_structure(_holder, changed),
        fits=lambda contract: _is_bound({member}, Echo, contract) and _is_there(contract, member),
    )


def _is_there(contract: Contract, member: str) -> bool:
    """Whether every instance has a member."""
    spot = spot_named(contract, member)
    return spot is not None and spot.field.required is not None


def _within_int64(number: int) -> str | None:
    return str(number) if INT64_MIN <= number <= INT64_MAX else None


def _narrowed(text: str) -> str | None:
    return str((int(text) + 2**31) % 2**32 - 2**31)


def _next(text: str) -> str | None:
    return _within_int64(int(text) + 1)


def _mojibake(text: str) -> str | None:
    return text.encode().decode("latin-1")


def _twice_escaped(text: str) -> str | None:
    return text.replace("&", "&amp;").replace("<", "&lt;")


_TIES = (
    _meaning(
        "end-while-running",
        "gives a running job an end",
        "fields-disagree",
        ActualState="RUNNING",
        StartTime=_START,
        EndTime=_START + 1000,
    ),
    _meaning(
        "end-while-waiting",
        "gives a waiting job an end",
        "fields-disagree",
        ActualState="WAITING",
        StartTime=_START,
        EndTime=_START + 1000,
    ),
    _meaning(
        "end-while-paused",
        "gives a paused job an end",
        "fields-disagree",
        ActualState="PAUSED",
        StartTime=_START,
        EndTime=_START + 1000,
    ),
    _meaning(
        "no-end",
        "gives a stopped job no end",
        "fields-disagree",
        without="EndTime",
        ActualState="TERMINATED",
    ),
    _meaning(
        "success-of-a-stream",
        "lets a stream job succeed",
        "fields-disagree",
        ActualState="SUCCESS",
        ExpectState="RUNNING",
        JobType="FLINK_STREAM",
        StartTime=_START,
        EndTime=_START,
    ),
    _meaning(
        "expected-success-of-a-stream",
        "expects a stream job to succeed",
        "fields-disagree",
        without="EndTime",
        ActualState="RUNNING",
        ExpectState="SUCCESS",
        JobType="FLINK_STREAM",
    ),
    _meaning(
        "failure-of-a-stream",
        "lets a stream job fail like a batch job",
        "fields-disagree",
        ActualState="FAILED",
        ExpectState="RUNNING",
        JobType="FLINK_STREAM",
        StartTime=_START,
        EndTime=_START,
    ),
    _meaning(
        "expected-failure-of-a-batch",
        "expects a batch job to fail",
        "fields-disagree",
        without="EndTime",
        ActualState="RUNNING",
        ExpectState="FAILED",
        JobType="FLINK_BATCH",
    ),
    _meaning(
        "end-before-start",
        "ends a job before it starts",
        "times-out-of-order",
        ActualState="TERMINATED",
        StartTime=_START,
        EndTime=_START - 1,
    ),
    _meaning(
        "error-without-time",
        "gives an error without its time",
        "fields-disagree",
        without="LastErrorTime",
        LastErrorMessage="boom",
    ),
    _meaning(
        "time-without-error",
        "gives the time of no error",
        "fields-disagree",
        without="LastErrorMessage",
        LastErrorTime=_START,
    ),
    _meaning(
        "no-main-class",
        "leaves out a Datastream job's main class",
        "fields-disagree",
        ApiType="DATASTREAM",
        Code="blink.job.name=pipeline",
    ),
    _meaning(
        "sql-with-main-class",
        "gives an SQL job a configuration",
        "fields-disagree",
        ApiType="SQL",
        Code=_MAIN_CLASS,
    ),
    _meaning(
        "handler-of-one-half",
        "gives only the application of a handler",
        "wrong-format",
        EngineJobHandler="application_1597654819348_0011",
    ),
    _meaning(
        "handler-of-three-parts",
        "separates a handler's parts twice",
        "wrong-format",
        EngineJobHandler="application_1597654819348_0011|a|405a6d40d7f4f2618ed532359887d344",
    ),
    _meaning(
        "handler-without-application",
        "names another thing than a YARN application",
        "wrong-format",
        EngineJobHandler="job_1597654819348_0011|405a6d40d7f4f2618ed532359887d344",
    ),
    _meaning(
        "handler-with-short-job-id",
        "cuts a handler's job id",
        "wrong-format",
        EngineJobHandler="application_1597654819348_0011|405a6d40",
    ),
    _meaning(
        "broken-scale-params",
        "writes AutoScaleParams as no JSON",
        "embedded-syntax",
        AutoScaleParams="{isOnOff:false}",
    ),
    _meaning("broken-plan", "writes PlanJson as no JSON", "embedded-syntax", PlanJson="{a:b}"),
    _meaning(
        "packages-by-semicolon",
        "separates packages by semicolons",
        "wrong-separator",
        Packages="a.jar;b.jar",
    ),
    _meaning(
        "packages-by-full-width-comma",
        "separates packages by full-width commas",
        "wrong-separator",
        Packages="a.jar，b.jar",
    ),
    _meaning(
        "empty-package",
        "leaves an entry of Packages empty",
        "wrong-separator",
        Packages="a.jar,,b.jar",
    ),
)

_ECHOES = (
    replace(
        _echo("other-job", "answers about another job", "JobName", lambda name: f"{name}2"),
        shows=Shows.ALWAYS,
    ),
    replace(
        _echo("other-project", "answers about another project", "ProjectName", "x{}".format),
        shows=Shows.ALWAYS,
    ),
    _echo("other-instance", "answers about the next instance", "Id", _next),
    _echo("lower-cased-job", "writes the job's name in lower case", "JobName", str.lower),
    _echo("upper-cased-project", "writes the project's name in capitals", "ProjectName", str.upper),
    _echo("cut-job", "cuts the job's name", "JobName", lambda name: name[:-1]),
    _echo(
        "cut-long-project",
        "cuts the project's name at 18 characters",
        "ProjectName",
        lambda name: name[:18],
    ),
    _echo("trimmed-job", "trims the job's name", "JobName", str.strip),
    _echo(
        "plus-for-space",
        "writes spaces in the job's name as plus",
        "JobName",
        lambda name: name.replace(" ", "+"),
    ),
    _echo(
        "space-for-plus",
        "writes plus in the job's name as a space",
        "JobName",
        lambda name: name.replace("+", " "),
    ),
    _echo(
        "encoded-job",
        "leaves the job's name percent-encoded",
        "JobName",
        lambda name: quote(name, safe=""),
    ),
    _echo("mojibake-job", "reads the job's name as Latin-1", "JobName", _mojibake),
    _echo(
        "question-marks",
        "writes ? for what is not ASCII",
        "JobName",
        lambda name: name.encode("ascii", "replace").decode(),
    ),
    _echo(
        "normalised-job",
        "normalises the job's name",
        "JobName",
        lambda name: unicodedata.normalize("NFC", name),
    ),
    _echo(
        "decomposed-job",
        "decomposes the job's name",
        "JobName",
        lambda name: unicodedata.normalize("NFD", name),
    ),
    _echo("id-of-32-bits", "narrows the id to 32 bits", "Id", _narrowed),
    _echo(
        "id-as-double",
        "passes the id through a double",
        "Id",
        lambda text: _within_int64(int(float(text))),
    ),
    _echo(
        "absolute-id", "drops the sign of the id", "Id", lambda text: _within_int64(abs(int(text)))
    ),
    replace(
        _echo("twice-escaped-job", "escapes the job's name twice", "JobName", _twice_escaped),
        media=XML_ONLY,
    ),
)

MEANING_FAULTS = (*_TIES, *_ECHOES)
