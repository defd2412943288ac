"""The catalogue's faults of meaning: values that do not fit together, or not the request."""

import unicodedata
from typing import Final
from urllib.parse import quote

from docpact.contract import (
    INT64_MAX,
    INT64_MIN,
    Embedded,
    Implication,
    Ordering,
    Pattern,
    Separated,
)
from docpact.faults.fault import XML_ONLY, Shows, fault
from docpact.faults.members import LEFT_OUT, ChangeEcho, set_members

START: Final = 1599794335000
_MAIN_CLASS: Final = "blink.main.class=com.example.Pipeline"


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
    fault(
        "end-while-running",
        "reports an end of a running job",
        "fields-disagree",
        set_members(Implication, ActualState="RUNNING", StartTime=START, EndTime=START + 1000),
    ),
    fault(
        "end-while-waiting",
        "reports an end of a waiting job",
        "fields-disagree",
        set_members(Implication, ActualState="WAITING", StartTime=START, EndTime=START + 1000),
    ),
    fault(
        "end-while-paused",
        "reports an end of a paused job",
        "fields-disagree",
        set_members(Implication, ActualState="PAUSED", StartTime=START, EndTime=START + 1000),
    ),
    fault(
        "no-end",
        "reports no end of a stopped job",
        "fields-disagree",
        set_members(Implication, ActualState="TERMINATED", EndTime=LEFT_OUT),
    ),
    fault(
        "success-of-a-stream",
        "reports success of a stream job",
        "fields-disagree",
        set_members(
            Implication,
            ActualState="SUCCESS",
            ExpectState="RUNNING",
            JobType="FLINK_STREAM",
            StartTime=START,
            EndTime=START,
        ),
    ),
    fault(
        "expected-success-of-a-stream",
        "expects success of a stream job",
        "fields-disagree",
        set_members(
            Implication,
            ActualState="RUNNING",
            ExpectState="SUCCESS",
            JobType="FLINK_STREAM",
            EndTime=LEFT_OUT,
        ),
    ),
    fault(
        "failure-of-a-stream",
        "reports FAILED, a state of batch jobs, for a stream job",
        "fields-disagree",
        set_members(
            Implication,
            ActualState="FAILED",
            ExpectState="RUNNING",
            JobType="FLINK_STREAM",
            StartTime=START,
            EndTime=START,
        ),
    ),
    fault(
        "expected-failure-of-a-batch",
        "expects FAILED for a batch job",
        "fields-disagree",
        set_members(
            Implication,
            ActualState="RUNNING",
            ExpectState="FAILED",
            JobType="FLINK_BATCH",
            EndTime=LEFT_OUT,
        ),
    ),
    fault(
        "end-before-start",
        "reports an end before the start",
        "times-out-of-order",
        set_members(Ordering, ActualState="TERMINATED", StartTime=START, EndTime=START - 1),
    ),
    fault(
        "error-without-time",
        "reports an error without its time",
        "fields-disagree",
        set_members(Implication, LastErrorMessage="boom", LastErrorTime=LEFT_OUT),
    ),
    fault(
        "time-without-error",
        "reports the time of an error without the error",
        "fields-disagree",
        set_members(Implication, LastErrorTime=START, LastErrorMessage=LEFT_OUT),
    ),
    fault(
        "no-main-class",
        "leaves out the main class of a Datastream job",
        "fields-disagree",
        set_members(Implication, ApiType="DATASTREAM", Code="blink.job.name=pipeline"),
    ),
    fault(
        "sql-with-main-class",
        "reports a main class for an SQL job",
        "fields-disagree",
        set_members(Implication, ApiType="SQL", Code=_MAIN_CLASS),
    ),
    fault(
        "handler-of-one-half",
        "writes only the application of a handler",
        "wrong-format",
        set_members(Pattern, EngineJobHandler="application_1597654819348_0011"),
    ),
    fault(
        "handler-of-three-parts",
        "writes a handler of three parts",
        "wrong-format",
        set_members(
            Pattern,
            EngineJobHandler="application_1597654819348_0011|a|405a6d40d7f4f2618ed532359887d344",
        ),
    ),
    fault(
        "handler-without-application",
        "writes a handler that does not begin with an application",
        "wrong-format",
        set_members(
            Pattern, EngineJobHandler="job_1597654819348_0011|405a6d40d7f4f2618ed532359887d344"
        ),
    ),
    fault(
        "handler-with-short-job-id",
        "shortens the job id of a handler",
        "wrong-format",
        set_members(Pattern, EngineJobHandler="application_1597654819348_0011|405a6d40"),
    ),
    fault(
        "broken-scale-params",
        "writes AutoScaleParams as a text that is not JSON",
        "embedded-syntax",
        set_members(Embedded, AutoScaleParams="{isOnOff:false}"),
    ),
    fault(
        "broken-plan",
        "writes PlanJson as a text that is not JSON",
        "embedded-syntax",
        set_members(Embedded, PlanJson="{a:b}"),
    ),
    fault(
        "packages-by-semicolon",
        "separates packages by semicolons",
        "wrong-separator",
        set_members(Separated, Packages="a.jar;b.jar"),
    ),
    fault(
        "packages-by-full-width-comma",
        "separates packages by full-width commas",
        "wrong-separator",
        set_members(Separated, Packages="a.jar，b.jar"),
    ),
    fault(
        "empty-package",
        "leaves an entry of Packages empty",
        "wrong-separator",
        set_members(Separated, Packages="a.jar,,b.jar"),
    ),
)

_ECHOES = (
    fault(
        "other-job",
        "answers about another job",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: f"{name}2"),
    ),
    fault(
        "other-project",
        "answers about another project",
        "wrong-echo",
        ChangeEcho("ProjectName", "x{}".format),
    ),
    fault(
        "other-instance",
        "answers about the next instance",
        "wrong-echo",
        ChangeEcho("Id", _next),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "lower-cased-job",
        "writes the job's name in lower case",
        "wrong-echo",
        ChangeEcho("JobName", str.lower),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "upper-cased-project",
        "writes the project's name in capitals",
        "wrong-echo",
        ChangeEcho("ProjectName", str.upper),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "cut-job",
        "cuts the last character of the job's name",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: name[:-1]),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "cut-long-project",
        "cuts the project's name after 18 characters",
        "wrong-echo",
        ChangeEcho("ProjectName", lambda name: name[:18]),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "trimmed-job",
        "trims the job's name",
        "wrong-echo",
        ChangeEcho("JobName", str.strip),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "plus-for-space",
        "writes spaces in the job's name as +",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: name.replace(" ", "+")),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "space-for-plus",
        "writes + in the job's name as a space",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: name.replace("+", " ")),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "encoded-job",
        "leaves the job's name percent-encoded",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: quote(name, safe="")),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "mojibake-job",
        "reads the job's name as Latin-1",
        "wrong-echo",
        ChangeEcho("JobName", _mojibake),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "question-marks",
        "writes ? for characters that are not ASCII",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: name.encode("ascii", "replace").decode()),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "normalised-job",
        "normalises the job's name to composed characters",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: unicodedata.normalize("NFC", name)),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "decomposed-job",
        "normalises the job's name to decomposed characters",
        "wrong-echo",
        ChangeEcho("JobName", lambda name: unicodedata.normalize("NFD", name)),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "id-of-32-bits",
        "keeps only 32 bits of the id",
        "wrong-echo",
        ChangeEcho("Id", _narrowed),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "id-as-double",
        "converts the id to a double and back",
        "wrong-echo",
        ChangeEcho("Id", lambda text: _within_int64(int(float(text)))),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "absolute-id",
        "leaves out the sign of the id",
        "wrong-echo",
        ChangeEcho("Id", lambda text: _within_int64(abs(int(text)))),
        shows=Shows.SOME_INPUTS,
    ),
    fault(
        "twice-escaped-job",
        "escapes the job's name twice",
        "wrong-echo",
        ChangeEcho("JobName", _twice_escaped),
        XML_ONLY,
        shows=Shows.SOME_INPUTS,
    ),
)

MEANING_FAULTS = (*_TIES, *_ECHOES)
