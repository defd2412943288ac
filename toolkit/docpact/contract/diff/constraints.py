"""Compare the constraints; what one is called, or why it holds, is no promise."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

import msgspec

from docpact.contract.constraints import (
    Condition,
    Constraint,
    Echo,
    Embedded,
    Implication,
    Ordering,
    Pattern,
    Separated,
    Test,
    Unique,
    Unit,
    fields_of,
)
from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.diff.pairing import FieldPairs, ParameterPairs

_WORDS = frozenset({"id", "origin", "because", "form"})
_Pair = tuple[Constraint, Constraint]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the new page calls the fields and parameters of the old one."""

    fields: dict[str, str]
    parameters: dict[str, str]

    def content(self, constraint: Constraint) -> Hashable:
        """What a constraint asks for, in the new page's names."""
        said = {
            key: self._renamed(key, value)
            for key, value in msgspec.structs.asdict(constraint).items()
            if key not in _WORDS
        }
        return (type(constraint).__name__, msgspec.json.encode(said, order="sorted"))

    def _renamed(self, key: str, value: object) -> object:
        if isinstance(value, Condition):
            return msgspec.structs.replace(value, field=self.fields.get(value.field, value.field))
        if key == "parameter":
            return self.parameters.get(str(value), value)
        return self.fields.get(str(value), value) if key in {"field", "earlier", "later"} else value

    def subject(self, constraint: Constraint) -> Hashable:
        """Which kind of constraint it is, and on which fields."""
        names = tuple(self.fields.get(each, each) for each in fields_of(constraint))
        return (type(constraint).__name__, names)


def constraint_changes(
    old: Iterable[Constraint],
    new: Iterable[Constraint],
    fields: FieldPairs,
    parameters: ParameterPairs,
) -> Iterator[Change]:
    """The constraints that came, went or changed, but for those on fields that came or went."""
    names = _Names(
        {".".join(path): ".".join(image) for path, image in fields.to_new.items()},
        parameters.new_names,
    )
    same_names = _Names({}, {})
    gone_or_come = {".".join(path) for path in (*fields.removed, *fields.added)}
    here = [each for each in old if gone_or_come.isdisjoint(fields_of(each))]
    there = [each for each in new if gone_or_come.isdisjoint(fields_of(each))]
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
    return (type(constraint).__name__, constraint.id)


def _regraded(old: Constraint, new: Constraint) -> Iterator[Change]:
    before, after = old.origin.severity, new.origin.severity
    if before is not after:
        sides = Side(before, old.origin), Side(after, new.origin)
        yield Change(ChangeKind.CONSTRAINT_REGRADED, Part.CONSTRAINTS, _name(new), *sides)


def _change(kind: ChangeKind, old: Constraint | None, new: Constraint | None) -> Change:
    sides = (Side(told(each), each.origin) if each else None for each in (old, new))
    about = new or old
    return Change(kind, Part.CONSTRAINTS, _name(about) if about else "", *sides)


def _name(constraint: Constraint) -> str:
    return constraint.id


def told(constraint: Constraint) -> str:
    """What a constraint asks for, in half a sentence."""
    match constraint:
        case Implication(when=when, then=then):
            said = f"{_asked(then)} where {_asked(when)}"
        case Ordering(earlier=earlier, later=later):
            said = f"{earlier} is not later than {later}"
        case Echo(field=field, parameter=parameter, unless=unless):
            said = f"{field} repeats the parameter {parameter}" + _but(unless)
        case Embedded(field=field, media_type=media_type):
            said = f"{field} holds {media_type}"
        case Pattern(field=field, form=form, pattern=pattern):
            said = f"{field} has the form {form} ({pattern})"
        case Unit(field=field, unit=unit, least=least, most=most):
            said = f"{field} counts in {unit}, from {least} to {most}"
        case Separated(field=field, separator=separator, foreign=foreign):
            said = f"{field} is a list separated by {separator!r}" + _never(foreign)
        case Unique(field=field):
            said = f"{field} never comes twice"
        case _:
            assert_never(constraint)
    return said


def _never(separators: tuple[str, ...]) -> str:
    return f", never by {' '.join(map(repr, separators))}" if separators else ""


def _but(values: tuple[str, ...]) -> str:
    return f", but for {', '.join(values)}" if values else ""


def _asked(condition: Condition) -> str:
    match condition.test:
        case Test.ONE_OF:
            return f"{condition.field} is {' or '.join(condition.values)}"
        case Test.FILLED | Test.EMPTY:
            return f"{condition.field} is {condition.test}"
        case Test.MATCHES | Test.LACKS:
            return f"{condition.field} {condition.test} {condition.pattern}"
        case _:
            assert_never(condition.test)
