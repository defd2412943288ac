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
from docpact.faults.fault import XML_ONLY, Shows, faults
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
    *faults(
        "fields-disagree",
        (
            "end-while-running",
            "reports an end of a running job",
            set_members(Implication, ActualState="RUNNING", StartTime=START, EndTime=START + 1000),
        ),
        (
            "end-while-waiting",
            "reports an end of a waiting job",
            set_members(Implication, ActualState="WAITING", StartTime=START, EndTime=START + 1000),
        ),
        (
            "end-while-paused",
            "reports an end of a paused job",
            set_members(Implication, ActualState="PAUSED", StartTime=START, EndTime=START + 1000),
        ),
        (
            "no-end",
            "reports no end of a stopped job",
            set_members(Implication, ActualState="TERMINATED", EndTime=LEFT_OUT),
        ),
        (
            "success-of-a-stream",
            "reports success of a stream job",
            set_members(
                Implication,
                ActualState="SUCCESS",
                ExpectState="RUNNING",
                JobType="FLINK_STREAM",
                StartTime=START,
                EndTime=START,
            ),
        ),
        (
            "expected-success-of-a-stream",
            "expects success of a stream job",
            set_members(
                Implication,
                ActualState="RUNNING",
                ExpectState="SUCCESS",
                JobType="FLINK_STREAM",
                EndTime=LEFT_OUT,
            ),
        ),
        (
            "failure-of-a-stream",
            "reports FAILED, a state of batch jobs, for a stream job",
            set_members(
                Implication,
                ActualState="FAILED",
                ExpectState="RUNNING",
                JobType="FLINK_STREAM",
                StartTime=START,
                EndTime=START,
            ),
        ),
        (
            "expected-failure-of-a-batch",
            "expects FAILED for a batch job",
            set_members(
                Implication,
                ActualState="RUNNING",
                ExpectState="FAILED",
                JobType="FLINK_BATCH",
                EndTime=LEFT_OUT,
            ),
        ),
        (
            "error-without-time",
            "reports an error without its time",
            set_members(Implication, LastErrorMessage="boom", LastErrorTime=LEFT_OUT),
        ),
        (
            "time-without-error",
            "reports the time of an error without the error",
            set_members(Implication, LastErrorTime=START, LastErrorMessage=LEFT_OUT),
        ),
        (
            "no-main-class",
            "leaves out the main class of a Datastream job",
            set_members(Implication, ApiType="DATASTREAM", Code="blink.job.name=pipeline"),
        ),
        (
            "sql-with-main-class",
            "reports a main class for an SQL job",
            set_members(Implication, ApiType="SQL", Code=_MAIN_CLASS),
        ),
    ),
    *faults(
        "times-out-of-order",
        (
            "end-before-start",
            "reports an end before the start",
            set_members(Ordering, ActualState="TERMINATED", StartTime=START, EndTime=START - 1),
        ),
    ),
    *faults(
        "wrong-format",
        (
            "handler-of-one-half",
            "writes only the application of a handler",
            set_members(Pattern, EngineJobHandler="application_1597654819348_0011"),
        ),
        (
            "handler-of-three-parts",
            "writes a handler of three parts",
            set_members(
                Pattern,
                EngineJobHandler="application_1597654819348_0011|a|405a6d40d7f4f2618ed532359887d344",
            ),
        ),
        (
            "handler-without-application",
            "writes a handler that does not begin with an application",
            set_members(
                Pattern, EngineJobHandler="job_1597654819348_0011|405a6d40d7f4f2618ed532359887d344"
            ),
        ),
        (
            "handler-with-short-job-id",
            "shortens the job id of a handler",
            set_members(Pattern, EngineJobHandler="application_1597654819348_0011|405a6d40"),
        ),
    ),
    *faults(
        "embedded-syntax",
        (
            "broken-scale-params",
            "writes AutoScaleParams as a text that is not JSON",
            set_members(Embedded, AutoScaleParams="{isOnOff:false}"),
        ),
        (
            "broken-plan",
            "writes PlanJson as a text that is not JSON",
            set_members(Embedded, PlanJson="{a:b}"),
        ),
    ),
    *faults(
        "wrong-separator",
        (
            "packages-by-semicolon",
            "separates packages by semicolons",
            set_members(Separated, Packages="a.jar;b.jar"),
        ),
        (
            "packages-by-full-width-comma",
            "separates packages by full-width commas",
            set_members(Separated, Packages="a.jar，b.jar"),
        ),
        (
            "empty-package",
            "leaves an entry of Packages empty",
            set_members(Separated, Packages="a.jar,,b.jar"),
        ),
    ),
)

_ECHOES = (
    *faults(
        "wrong-echo",
        ("other-job", "answers about another job", ChangeEcho("JobName", lambda name: f"{name}2")),
        ("other-project", "answers about another project", ChangeEcho("ProjectName", "x{}".format)),
    ),
    *faults(
        "wrong-echo",
        ("other-instance", "answers about the next instance", ChangeEcho("Id", _next)),
        (
            "lower-cased-job",
            "writes the job's name in lower case",
            ChangeEcho("JobName", str.lower),
        ),
        (
            "upper-cased-project",
            "writes the project's name in capitals",
            ChangeEcho("ProjectName", str.upper),
        ),
        (
            "cut-job",
            "cuts the last character of the job's name",
            ChangeEcho("JobName", lambda name: name[:-1]),
        ),
        (
            "cut-long-project",
            "cuts the project's name after 18 characters",
            ChangeEcho("ProjectName", lambda name: name[:18]),
        ),
        ("trimmed-job", "trims the job's name", ChangeEcho("JobName", str.strip)),
        (
            "plus-for-space",
            "writes spaces in the job's name as +",
            ChangeEcho("JobName", lambda name: name.replace(" ", "+")),
        ),
        (
            "space-for-plus",
            "writes + in the job's name as a space",
            ChangeEcho("JobName", lambda name: name.replace("+", " ")),
        ),
        (
            "encoded-job",
            "leaves the job's name percent-encoded",
            ChangeEcho("JobName", lambda name: quote(name, safe="")),
        ),
        ("mojibake-job", "reads the job's name as Latin-1", ChangeEcho("JobName", _mojibake)),
        (
            "question-marks",
            "writes ? for characters that are not ASCII",
            ChangeEcho("JobName", lambda name: name.encode("ascii", "replace").decode()),
        ),
        (
            "normalised-job",
            "normalises the job's name to composed characters",
            ChangeEcho("JobName", lambda name: unicodedata.normalize("NFC", name)),
        ),
        (
            "decomposed-job",
            "normalises the job's name to decomposed characters",
            ChangeEcho("JobName", lambda name: unicodedata.normalize("NFD", name)),
        ),
        ("id-of-32-bits", "keeps only 32 bits of the id", ChangeEcho("Id", _narrowed)),
        (
            "id-as-double",
            "converts the id to a double and back",
            ChangeEcho("Id", lambda text: _within_int64(int(float(text)))),
        ),
        (
            "absolute-id",
            "leaves out the sign of the id",
            ChangeEcho("Id", lambda text: _within_int64(abs(int(text)))),
        ),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "wrong-echo",
        (
            "twice-escaped-job",
            "escapes the job's name twice",
            ChangeEcho("JobName", _twice_escaped),
        ),
        media=XML_ONLY,
        shows=Shows.SOME_INPUTS,
    ),
)

MEANING_FAULTS = (*_TIES, *_ECHOES)
