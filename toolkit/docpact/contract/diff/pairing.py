"""Which field or parameter of the old contract is which of the new one.

The same name in the same place is the same thing. What remains is paired where the evidence is good
and points to one thing on each side: the same letters in other case, the same words, the same
members, or the same name elsewhere. Everything else was removed, or added.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from docpact.contract.diff.compare import bare
from docpact.contract.model import Field, FieldPath, Operation, Parameter, Place
from docpact.contract.path_template import PathTemplate

_Fields = dict[FieldPath, Field]
_Key = Callable[[FieldPath | None, Field], Hashable]  # None: nothing says which one it is
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class FieldPairs:
    """The fields of two answers, paired; parents come first everywhere."""

    old: Mapping[FieldPath, Field]
    new: Mapping[FieldPath, Field]
    to_new: Mapping[FieldPath, FieldPath]

    @property
    def removed(self) -> tuple[FieldPath, ...]:
        """The old paths without a counterpart."""
        return tuple(path for path in self.old if path not in self.to_new)

    @property
    def added(self) -> tuple[FieldPath, ...]:
        """The new paths without a counterpart."""
        there = set(self.to_new.values())
        return tuple(path for path in self.new if path not in there)


@dataclass(frozen=True, slots=True)
class ParameterPairs:
    """The parameters of two operations, paired."""

    both: tuple[tuple[Parameter, Parameter], ...]
    removed: tuple[Parameter, ...]
    added: tuple[Parameter, ...]

    @property
    def new_names(self) -> dict[str, str]:
        """What the old parameters are called on the new page."""
        return {old.name: new.name for old, new in self.both}


def paired_fields(old: tuple[Field, ...], new: tuple[Field, ...]) -> FieldPairs:
    """Pair the fields of two answers; one without a counterpart stays alone."""
    here, there = _walked(old, ()), _walked(new, ())
    paired: dict[FieldPath, FieldPath] = {(): ()}
    found = paired
    while found:
        _follow_names(here, there, paired)
        found = next(filter(None, (each(here, there, paired) for each in _EVIDENCE)), {})
        paired |= found
    del paired[()]
    return FieldPairs(here, there, paired)


def paired_parameters(old: Operation, new: Operation) -> ParameterPairs:
    """Pair the parameters of two operations; one without a counterpart stays alone."""
    here, there = list(old.parameters), list(new.parameters)
    both: list[tuple[Parameter, Parameter]] = []
    positions = (PathTemplate.parse(old.path).positions, PathTemplate.parse(new.path).positions)
    for keys in (
        (_name, _name),
        (_spelt, _spelt),
        (_positioned(positions[0]), _positioned(positions[1])),
        (_described, _described),
    ):
        found = _agreeing(here, there, *keys)
        both += found
        here = [each for each in here if all(each is not one for one, _ in found)]
        there = [each for each in there if all(each is not one for _, one in found)]
    return ParameterPairs(tuple(both), tuple(here), tuple(there))


def _walked(fields: tuple[Field, ...], parent: FieldPath) -> _Fields:
    found: _Fields = {}
    for each in fields:
        path = (*parent, each.name)
        found[path] = each
        found |= _walked(each.fields, path)
    return found


def _follow_names(old: _Fields, new: _Fields, paired: dict[FieldPath, FieldPath]) -> None:
    """Pair what has the same name under parents that are paired, all the way down."""
    taken = set(paired.values())
    for path in old:
        parent = paired.get(path[:-1])
        if path in paired or parent is None:
            continue
        image = (*parent, path[-1])
        if image in new and image not in taken:
            paired[path] = image


def _by_siblings(
    key: _Key,
) -> Callable[[_Fields, _Fields, Mapping[FieldPath, FieldPath]], dict[FieldPath, FieldPath]]:
    """Evidence that counts among the members of one structure only."""

    def found(
        old: _Fields, new: _Fields, paired: Mapping[FieldPath, FieldPath]
    ) -> dict[FieldPath, FieldPath]:
        homes = set(paired.values())
        here = [each for each in old if each not in paired and each[:-1] in paired]
        there = [each for each in new if each not in homes and each[:-1] in homes]
        return dict(
            _agreeing(
                here,
                there,
                lambda path: key(paired[path[:-1]], old[path]),
                lambda path: key(path[:-1], new[path]),
            )
        )

    return found


def _elsewhere(
    old: _Fields, new: _Fields, paired: Mapping[FieldPath, FieldPath]
) -> dict[FieldPath, FieldPath]:
    """A name that each answer has once, of one kind, was moved.

    But not from a structure that went into one that came: they are two, and share common names.
    """
    homes = set(paired.values())
    lone = _lone_names(old) & _lone_names(new)
    here = [each for each in old if each not in paired and folded(each[-1]) in lone]
    there = [each for each in new if each not in homes and folded(each[-1]) in lone]
    found = _agreeing(
        here,
        there,
        lambda path: (folded(path[-1]), old[path].kind),
        lambda path: (folded(path[-1]), new[path].kind),
    )
    return {one: other for one, other in found if one[:-1] in paired or other[:-1] in homes}


def _lone_names(fields: Iterable[FieldPath]) -> set[str]:
    counted = Counter(folded(path[-1]) for path in fields)
    return {name for name, count in counted.items() if count == 1}


def _same_words(home: FieldPath | None, field: Field) -> Hashable:
    words = bare(field.description)
    return (home, words, field.kind) if words else None


def _same_members(home: FieldPath | None, field: Field) -> Hashable:
    members = frozenset(each.name for each in field.fields)
    return (home, members) if members else None


_EVIDENCE = (
    _by_siblings(lambda home, field: (home, folded(field.name))),
    _by_siblings(_same_words),
    _by_siblings(_same_members),
    _elsewhere,
)


def folded(name: str) -> str:
    """A name without letter case and word separators."""
    return re.sub(r"[_-]", "", name).casefold()


def _agreeing(
    old: Iterable[_Item],
    new: Iterable[_Item],
    old_key: Callable[[_Item], Hashable],
    new_key: Callable[[_Item], Hashable],
) -> list[tuple[_Item, _Item]]:
    """The pairs of one key that nothing else on either side has."""
    here, there = _unique(old, old_key), _unique(new, new_key)
    return [(one, there[key]) for key, one in here.items() if key in there]


def _unique(items: Iterable[_Item], key: Callable[[_Item], Hashable]) -> dict[Hashable, _Item]:
    keyed = [(key(each), each) for each in items]
    counted = Counter(each for each, _ in keyed)
    return {name: each for name, each in keyed if name is not None and counted[name] == 1}


def _name(parameter: Parameter) -> Hashable:
    return parameter.name


def _spelt(parameter: Parameter) -> Hashable:
    return folded(parameter.name)


def _described(parameter: Parameter) -> Hashable:
    words = bare(parameter.description)
    return (words, parameter.kind, parameter.place) if words else None


def _positioned(positions: Mapping[str, str]) -> Callable[[Parameter], Hashable]:
    def key(parameter: Parameter) -> Hashable:
        return positions.get(parameter.name) if parameter.place is Place.PATH else None

    return key
