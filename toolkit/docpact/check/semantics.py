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
from docpact.contract.constraints import CONSTRAINT_KINDS
from docpact.contract.constraints.constraint import Values
from docpact.contract.value_path import objects_at
from docpact.core.violation import Family, Value, Violation, dotted


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
            reported.add((each.rule.id, each.fields[-1]))
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


MEANING_RULES: Final = tuple(
    kind.rule for kind in CONSTRAINT_KINDS.values() if kind.rule.family is Family.MEANING
)
