"""What values mean together: every constraint of the contract, on the decoded answer.

JSON and XML were decoded to the same value before, so both get the same verdict. A member that is
masked or of a wrong type satisfies everything, since what is wrong with it is reported elsewhere,
once.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import takewhile
from typing import Final

from docpact.contract import Constraint, FieldPath
from docpact.contract.constraints.values import Values
from docpact.contract.value_path import objects_at
from docpact.core.rule import Family, Rule
from docpact.core.span import Grade
from docpact.core.violation import Value, Violation, dotted


def check_semantics(
    value: dict[str, Value],
    constraints: Iterable[Constraint],
    unjudged: Set[str] = frozenset(),
    parameters: Mapping[str, str] | None = None,
) -> Iterator[Violation]:
    """Every constraint that the answer breaks; `unjudged` are members with a wrong type."""
    values = Values(value, unjudged, parameters)
    reported: set[tuple[str, str]] = set()
    for each in sorted(constraints, key=lambda each: bool(each.yields_to)):
        if each.yields_to and any((each.yields_to, path) in reported for path in each.fields):
            continue
        violation = each.violation(values)
        if violation is not None:
            reported.add((each.rule, each.fields[-1]))
            yield violation


def check_items(
    value: Value, lists: Mapping[FieldPath, Iterable[Constraint]], unjudged: Set[str] = frozenset()
) -> Iterator[Violation]:
    """Every constraint that an item of a list breaks; `lists` has those on each list's items."""
    ordered = sorted(unjudged) if lists else []
    for path, constraints in lists.items():
        for where, item in objects_at(value, path):
            inner = _below(".".join(map(str, where)) + ".", ordered)
            for violation in check_semantics(item, constraints, inner):
                yield replace(
                    violation,
                    message=f"{dotted(where)}: {violation.message}",
                    path=(*where, *violation.path),
                )


def _below(prefix: str, ordered: Sequence[str]) -> Set[str]:
    """What is below an item, by its path within it; sorted paths have it side by side."""
    first = bisect_left(ordered, prefix)
    places = map(ordered.__getitem__, range(first, len(ordered)))
    found = takewhile(lambda each: each.startswith(prefix), places)
    return {each.removeprefix(prefix) for each in found}


MEANING_RULES: Final = (
    Rule(
        "fields-disagree",
        Family.MEANING,
        Grade.IMPLIED,
        "Two fields contradict each other",
        "The page relates the values of two fields, for example: a running job has no EndTime.",
        '"ActualState": "RUNNING" with "EndTime": 1599794335000',
        "A server that answers at the very moment at which the instance changes its state.",
    ),
    Rule(
        "times-out-of-order",
        Family.MEANING,
        Grade.IMPLIED,
        "A time is before another one that it must follow",
        "A job does not end before it starts.",
        '"StartTime": 1599794335000 with "EndTime": 1548397575000',
        "A server on several machines whose clocks differ.",
    ),
    Rule(
        "wrong-echo",
        Family.MEANING,
        Grade.IMPLIED,
        "The answer is about something else than the request",
        "A field should repeat a parameter of the request, but has another value. Checked only "
        "where the request is known.",
        '"JobName": "job2" for …/jobs/job1/…',
        "A server that knows instances by several ids.",
    ),
    Rule(
        "embedded-syntax",
        Family.MEANING,
        Grade.IMPLIED,
        "A text that should hold a JSON document does not",
        "Some fields hold JSON inside a string.",
        '"AutoScaleParams": "{isOnOff:false}"',
        "A server that cuts long texts, or whose documents have comments, which some JSON "
        "libraries write.",
    ),
    Rule(
        "wrong-format",
        Family.MEANING,
        Grade.IMPLIED,
        "A text does not have the form that the page gives",
        "The page describes or shows the form of this value.",
        '"EngineJobHandler": "application_1597654819348_0011"',
        "A server whose identifiers look different from those on the page.",
    ),
    Rule(
        "wrong-unit",
        Family.MEANING,
        Grade.IMPLIED,
        "A number is in another unit",
        "Times are milliseconds since 1970, which have 13 digits; a time of 10 digits is in "
        "seconds.",
        '"StartTime": 1599794335',
        "A server that writes 0 for an unset time.",
    ),
    Rule(
        "wrong-separator",
        Family.MEANING,
        Grade.IMPLIED,
        "A list in a text has another separator or an empty entry",
        "The page says how entries are separated. One space may follow a separator; apart from "
        "that, entries do not begin or end with white space.",
        '"Packages": "a.jar;b.jar"',
        "A server with file names that hold such characters.",
    ),
)
