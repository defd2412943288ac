"""What changed between two contracts, and whom it breaks."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from docpact.contract.constraints import Constraint
from docpact.contract.diff.change import Audience, Change, ChangeKind, Impact, Part, Side
from docpact.contract.diff.members import (
    answer_changes,
    operation_changes,
    parameter_changes,
    sample_changes,
)
from docpact.contract.diff.pairing import (
    FieldPairs,
    ParameterPairs,
    paired_fields,
    paired_parameters,
)
from docpact.contract.diff.reasons import REASONS, Reason, Verdict, grade, impact, worst
from docpact.contract.model import Contract

__all__ = [
    "REASONS",
    "Audience",
    "Change",
    "ChangeKind",
    "Impact",
    "Part",
    "Reason",
    "Side",
    "Verdict",
    "changes",
    "grade",
    "impact",
    "worst",
]


def changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Everything that the new contract promises otherwise than the old one, in a fixed order."""
    parameters = paired_parameters(old.operation, new.operation)
    fields = paired_fields(old.success.fields, new.success.fields)
    return _sorted(
        (
            *operation_changes(old.operation, new.operation, parameters),
            *parameter_changes(old.operation, new.operation, parameters),
            *answer_changes(old, new, fields),
            *constraint_changes(old.constraints, new.constraints, fields, parameters),
            *sample_changes(old.samples, new.samples),
        )
    )


def _sorted(found: Iterable[Change]) -> tuple[Change, ...]:
    parts = {each: place for place, each in enumerate(Part)}
    return tuple(sorted(found, key=lambda each: (parts[each.part], *_in_part(each))))


def _in_part(change: Change) -> tuple[str, ...]:
    sides = (each.value if each else "" for each in (change.old, change.new))
    return (change.name, change.kind, *sides)


_Pair = tuple[Constraint, Constraint]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the new page calls the fields and parameters of the old one."""

    fields: dict[str, str]
    parameters: dict[str, str]

    def content(self, constraint: Constraint) -> Hashable:
        """What a constraint demands, in the new page's names."""
        return constraint.renamed(
            lambda path: self.fields.get(path, path), lambda name: self.parameters.get(name, name)
        ).content()

    def subject(self, constraint: Constraint) -> Hashable:
        """Which kind of constraint it is, and on which fields."""
        return type(constraint), tuple(self.fields.get(each, each) for each in constraint.fields)


def constraint_changes(
    old: Iterable[Constraint],
    new: Iterable[Constraint],
    fields: FieldPairs,
    parameters: ParameterPairs,
) -> Iterator[Change]:
    """The constraints added, removed or changed, except on fields that were added or removed."""
    names = _Names(
        {".".join(path): ".".join(image) for path, image in fields.to_new.items()},
        parameters.new_names,
    )
    same_names = _Names({}, {})
    gone_or_come = {".".join(path) for path in (*fields.removed, *fields.added)}
    here = [each for each in old if gone_or_come.isdisjoint(each.fields)]
    there = [each for each in new if gone_or_come.isdisjoint(each.fields)]
    for one, other in _taken(here, there, names.content, same_names.content):
        yield from _regraded(one, other)
    for key in (_id, None):
        keys = (key, key) if key else (names.subject, same_names.subject)
        for one, other in _taken(here, there, *keys):
            yield _change(ChangeKind.CONSTRAINT_CHANGED, one, other)
    yield from (_change(ChangeKind.CONSTRAINT_REMOVED, each, None) for each in here)
    yield from (_change(ChangeKind.CONSTRAINT_ADDED, None, each) for each in there)


def _taken(
    old: list[Constraint],
    new: list[Constraint],
    old_key: Callable[[Constraint], Hashable],
    new_key: Callable[[Constraint], Hashable],
) -> list[_Pair]:
    """The pairs with equal keys, in order, which are taken out of both lists."""
    waiting = defaultdict[Hashable, list[Constraint]](list)
    for each in new:
        waiting[new_key(each)].append(each)
    pairs = [(each, waiting[key].pop(0)) for each in old if waiting[key := old_key(each)]]
    for one, other in pairs:
        _take(old, one)
        _take(new, other)
    return pairs


def _take(constraints: list[Constraint], one: Constraint) -> None:
    del constraints[next(place for place, each in enumerate(constraints) if each is one)]


def _id(constraint: Constraint) -> Hashable:
    return (type(constraint), constraint.id)


def _regraded(old: Constraint, new: Constraint) -> Iterator[Change]:
    before, after = old.origin.severity, new.origin.severity
    if before is not after:
        sides = Side(before, old.origin), Side(after, new.origin)
        yield Change(ChangeKind.CONSTRAINT_REGRADED, Part.CONSTRAINTS, new.id, *sides)


def _change(kind: ChangeKind, old: Constraint | None, new: Constraint | None) -> Change:
    sides = (Side(each.describe(), each.origin) if each else None for each in (old, new))
    about = new or old
    return Change(kind, Part.CONSTRAINTS, about.id if about else "", *sides)
