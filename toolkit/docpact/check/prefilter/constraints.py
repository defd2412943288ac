"""Constraints as functions that are quick where they are kept, on decoded answers."""

import re
from collections.abc import Callable, Iterator, Set
from typing import Final

import msgspec

from docpact.check.semantics import compiled, is_well_separated, items_at
from docpact.contract import (
    SCALARS,
    WHOLE_NUMBERS,
    Answer,
    Condition,
    Constraint,
    Constraints,
    Contract,
    Echo,
    Embedded,
    Field,
    FieldPath,
    Implication,
    Kind,
    Ordering,
    Pattern,
    Separated,
    Test,
    Unique,
    Unit,
    fields_of,
)
from docpact.core.violation import Value

Members = dict[str, Value]
_Test = Callable[[Members], bool]  # whether a constraint is surely kept

_JSON: Final = msgspec.json.Decoder(msgspec.Raw)  # reads strictly and makes nothing of it
_TEXTS: Final = frozenset({Kind.STRING})
_MOST_CASES: Final = 10_000
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\][*+?]*|\([^()]*\)[*+?]*")
_WORD = re.compile(r"[A-Za-z0-9_]{3,}(?![?*{])")
_is_unfilled = (None, "").__contains__


class Meaning:
    """What the values of an answer must be to one another.

    Members are taken to have their documented types.
    """

    def __init__(self, contract: Contract, answer: Answer) -> None:
        single = _Rules(contract.constraints_on(answer), answer, ())
        within = (
            (path, _Rules(contract.constraints_within(answer, path), answer, path))
            for path, _ in answer.lists()
        )
        self._single = single
        self._within = tuple((path, rules) for path, rules in within if rules.tests)
        self.is_simple = single.is_simple and all(each.is_simple for _, each in self._within)

    def is_kept(self, value: Members) -> bool:
        """Whether all constraints are surely kept."""
        return self._single.are_kept(value) and all(
            rules.are_kept(item)
            for path, rules in self._within
            for _, item in items_at(value, path, ())
        )


class _Rules:
    """The constraints on one structure and on those in it, sorted by where their fields stand."""

    def __init__(self, constraints: Constraints, answer: Answer, above: FieldPath) -> None:
        # Those of one answer alone.
        own = [each for each in constraints if not isinstance(each, Echo | Unique)]
        holders: dict[FieldPath, list[Constraint]] = {}
        for each in own:
            holders.setdefault(_holder(fields_of(each)[0]), []).append(each)
        members = {path: _members_at(answer, (*above, *path)) for path in holders}
        self.is_simple = all(
            _is_simple(each, members[path]) for path, found in holders.items() for each in found
        )
        self.tests = (
            tuple((path, tuple(_tests(found, members[path]))) for path, found in holders.items())
            if self.is_simple
            else ()
        )

    def are_kept(self, value: Members) -> bool:
        for path, tests in self.tests:
            members = value
            for step in path:
                members = members.get(step) or {}  # type: ignore[assignment]  # it is a structure
            for is_kept in tests:
                if not is_kept(members):
                    return False
        return True


def _members_at(answer: Answer, path: FieldPath) -> dict[str, Field]:
    above = answer.find(path)
    return {each.name: each for each in (above.fields if above else answer.fields)}


def _is_simple(constraint: Constraint, members: dict[str, Field]) -> bool:
    """Whether all its fields are members of one structure, and of kinds that it can speak of."""
    asked = tuple(_asked(constraint))
    return len({_holder(name) for name, _ in asked}) == 1 and all(
        members[_name(name)].kind in kinds and not members[_name(name)].repeated
        for name, kinds in asked
    )


def _asked(constraint: Constraint) -> Iterator[tuple[str, Set[Kind]]]:
    """The fields that a constraint looks at, with the kinds that they can be of."""
    match constraint:
        case Implication(when=when, then=then):
            for each in (when, then):
                looks_within = each.test in {Test.MATCHES, Test.LACKS}
                yield each.field, _TEXTS if looks_within else SCALARS
        case Unit() | Ordering():
            yield from ((name, WHOLE_NUMBERS.keys()) for name in fields_of(constraint))
        case _:
            yield from ((name, _TEXTS) for name in fields_of(constraint))


def _tests(constraints: list[Constraint], fields: dict[str, Field]) -> Iterator[_Test]:
    """Every constraint on members of one structure as a test, some of them in one."""
    few = [each for each in constraints if _has_few_cases(each, fields)]
    if few:
        yield _Cases(few)  # type: ignore[arg-type]  # they are implications
    for each in constraints:
        if each not in few:
            yield _test(each)


def _has_few_cases(constraint: Constraint, fields: dict[str, Field]) -> bool:
    """Whether an implication rests on listed values and on presence alone."""
    return isinstance(constraint, Implication) and all(
        each.test in {Test.FILLED, Test.EMPTY}
        or (each.test is Test.ONE_OF and bool(fields[_name(each.field)].values))
        for each in (constraint.when, constraint.then)
    )


class _Cases:
    """Implications of which there are few cases: each is judged once."""

    def __init__(self, rules: list[Implication]) -> None:
        conditions = [each for rule in rules for each in (rule.when, rule.then)]
        listed = {_name(each.field) for each in conditions if each.test is Test.ONE_OF}
        self._listed = tuple(sorted(listed))
        self._others = tuple(sorted({_name(each.field) for each in conditions} - listed))
        self._tests = tuple(map(_implication, rules))
        self._known: dict[tuple[object, ...], bool] = {}

    def __call__(self, members: Members) -> bool:
        get = members.get
        case = (*map(get, self._listed), *map(_is_unfilled, map(get, self._others)))
        known = self._known.get(case)
        if known is None:
            known = all(is_kept(members) for is_kept in self._tests)
            if len(self._known) < _MOST_CASES:
                self._known[case] = known
        return known


def _test(constraint: Constraint) -> _Test:  # noqa: PLR0911  # one for each kind
    match constraint:
        case Unit():
            return _unit(constraint)
        case Implication():
            return _implication(constraint)
        case Ordering():
            return _ordering(_name(constraint.earlier), _name(constraint.later))
        case Embedded():
            return _embedded(_name(constraint.field))
        case Pattern():
            return _pattern(constraint)
        case Separated():
            return _separated(constraint)
        case Echo() | Unique():
            return lambda _: True


def _holder(dotted: str) -> FieldPath:
    return tuple(dotted.split(".")[:-1])


def _name(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _unit(rule: Unit) -> _Test:
    name, least, most = _name(rule.field), rule.least, rule.most

    def is_kept(members: Members) -> bool:
        number = members.get(name)
        return number is None or least <= number <= most  # type: ignore[operator]  # it is a number

    return is_kept


def _ordering(earlier: str, later: str) -> _Test:
    def is_kept(members: Members) -> bool:
        first, second = members.get(earlier), members.get(later)
        return first is None or second is None or first <= second  # type: ignore[operator]  # both are numbers

    return is_kept


def _embedded(name: str) -> _Test:
    def is_kept(members: Members) -> bool:
        text = members.get(name)
        if not text:
            return True
        try:
            _JSON.decode(text)  # type: ignore[arg-type]  # it is a text
        except (msgspec.DecodeError, RecursionError):
            return False
        return True

    return is_kept


def _pattern(rule: Pattern) -> _Test:
    name, search = _name(rule.field), compiled(rule.pattern).search

    def is_kept(members: Members) -> bool:
        text = members.get(name)
        return not text or search(text) is not None  # type: ignore[arg-type]  # it is a text

    return is_kept


def _separated(rule: Separated) -> _Test:
    name = _name(rule.field)

    def is_kept(members: Members) -> bool:
        text: str = members.get(name)  # type: ignore[assignment]  # it is a text or nothing
        return not text or is_well_separated(text, rule)

    return is_kept


def _implication(rule: Implication) -> _Test:
    applies, holds, then = _condition(rule.when), _condition(rule.then), _name(rule.then.field)
    if rule.then.test in {Test.EMPTY, Test.FILLED}:
        return lambda members: not applies(members) or holds(members)
    # What is absent fails no comparison.
    return lambda members: not applies(members) or not members.get(then) or holds(members)


def _condition(condition: Condition) -> _Test:
    name = _name(condition.field)
    match condition.test:
        case Test.FILLED:
            return lambda members: not _is_unfilled(members.get(name))
        case Test.EMPTY:
            return lambda members: _is_unfilled(members.get(name))
        case Test.ONE_OF:
            values = frozenset(condition.values)
            return lambda members: members.get(name) in values
        case Test.MATCHES:
            return _matching(name, condition.pattern)
        case Test.LACKS:
            matches = _matching(name, condition.pattern)
            return lambda members: bool(members.get(name)) and not matches(members)


def _matching(name: str, pattern: str) -> _Test:
    search, words = compiled(pattern).search, _words(pattern)

    def matches(members: Members) -> bool:
        text: str = members.get(name)  # type: ignore[assignment]  # it is a text or nothing
        return bool(text) and all(each in text for each in words) and search(text) is not None

    return matches


def _words(pattern: str) -> tuple[str, ...]:
    """Words without which the pattern cannot match; none if it offers a choice."""
    bare = _GROUP.sub(" ", pattern)
    return () if "|" in bare or "(" in bare else tuple(_WORD.findall(bare))
