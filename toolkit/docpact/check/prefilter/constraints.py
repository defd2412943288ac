"""Constraints arranged so that they are quickly judged where they hold, on decoded answers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from docpact.contract import (
    KINDS,
    Answer,
    Constraint,
    Contract,
    Field,
    FieldPath,
    Implication,
    Test,
)
from docpact.contract.value_path import objects_at
from docpact.core.violation import Value

Members = dict[str, Value]
_Test = Callable[[Members], bool]  # whether constraints surely hold for the members of a structure

_MOST_CASES: Final = 10_000
_is_unfilled = (None, "").__contains__


class Meaning:
    """What the values of an answer must be to one another.

    Members are taken to have their documented types.
    """

    def __init__(self, contract: Contract, answer: Answer) -> None:
        single = _Structure(contract.constraints_on(answer), answer, ())
        within = (
            (path, _Structure(contract.constraints_within(answer, path), answer, path))
            for path, _ in answer.lists()
        )
        self._single = single
        self._within = tuple((path, inner) for path, inner in within if inner.tests)
        self.is_simple = single.is_simple and all(each.is_simple for _, each in self._within)

    def is_kept(self, value: Members) -> bool:
        """Whether all constraints surely hold."""
        return self._single.is_kept(value) and all(
            inner.is_kept(item)
            for path, inner in self._within
            for _, item in objects_at(value, path)
        )


class _Structure:
    """The constraints on one structure and on those in it, each where its fields are."""

    def __init__(self, constraints: Iterable[Constraint], answer: Answer, above: FieldPath) -> None:
        holders: dict[str, list[Constraint]] = {}
        for each in constraints:
            parent = each.fields[0].rpartition(".")[0]
            holders.setdefault(parent, []).append(each.within(parent) if parent else each)
        self.is_simple = True
        self.tests: list[tuple[list[str], tuple[_Test, ...]]] = []
        for parent, own in holders.items():
            path = parent.split(".") if parent else []
            members = _members_at(answer, (*above, *path))
            self.is_simple &= all(_is_simple(each, members) for each in own)
            self.tests.append((path, tuple(_tests(own, members)) if self.is_simple else ()))

    def is_kept(self, value: Members) -> bool:
        for path, tests in self.tests:
            members = value
            for step in path:
                members = members.get(step) or {}  # type: ignore[assignment]  # it is a structure
            for holds in tests:
                if not holds(members):
                    return False
        return True


def _members_at(answer: Answer, path: FieldPath) -> dict[str, Field]:
    above = answer.find(path)
    return {each.name: each for each in (above.fields if above else answer.fields)}


def _is_simple(constraint: Constraint, members: dict[str, Field]) -> bool:
    """Whether all its fields are members of the structure, of types that it can judge."""
    return all(
        (field := members.get(name)) is not None
        and KINDS[field.kind].python in types
        and not field.repeated
        for name, types in constraint.looks_at()
    )


def _tests(constraints: list[Constraint], fields: dict[str, Field]) -> Iterator[_Test]:
    """Every constraint on members of one structure as a test, some of them in one."""
    few = [each for each in constraints if _has_few_cases(each, fields)]
    if few:
        yield _Cases(few)  # type: ignore[arg-type]  # they are implications
    yield from (each.holds for each in constraints if each not in few)


def _has_few_cases(constraint: Constraint, fields: dict[str, Field]) -> bool:
    """Whether an implication rests on listed values and on presence alone."""
    return isinstance(constraint, Implication) and all(
        each.is_on_presence or (each.test is Test.ONE_OF and bool(fields[each.field].values))
        for each in (constraint.when, constraint.then)
    )


class _Cases:
    """Implications of which there are few cases: each is judged once."""

    def __init__(self, rules: list[Implication]) -> None:
        conditions = [each for rule in rules for each in (rule.when, rule.then)]
        listed = {each.field for each in conditions if each.test is Test.ONE_OF}
        self._listed = tuple(sorted(listed))
        self._others = tuple(sorted({each.field for each in conditions} - listed))
        self._rules = rules
        self._known: dict[tuple[object, ...], bool] = {}

    def __call__(self, members: Members) -> bool:
        get = members.get
        case = (*map(get, self._listed), *map(_is_unfilled, map(get, self._others)))
        known = self._known.get(case)
        if known is None:
            known = all(each.holds(members) for each in self._rules)
            if len(self._known) < _MOST_CASES:
                self._known[case] = known
        return known
