"""Fill in what an instance leaves out and documented answers always have."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from itertools import islice, product
from random import Random
from typing import Final

from msgspec.structs import replace

from docpact.check.breach import is_masked
from docpact.contract import WHOLE_NUMBERS, Contract, Field, Kind, Test
from docpact.generate.plan import Leaf, Plan, Value, holds, leaves_of, plan_for
from docpact.generate.sampler import Sampler
from docpact.mock.world import Keys, keys_of, leaf_at, with_leaf

_DRAWS: Final = 50  # until a member that answers may leave out has come
_TRIES: Final = 5_000  # of values that are tied to each other; the page's have some hundred
Leaves = dict[str, Leaf]


@dataclass(slots=True)
class Completion:
    """Fills instances in as the page has it: by its examples where they fit, else by others.

    The same instance is always filled in alike.
    """

    contract: Contract
    preferred: Mapping[str, str] = field(default_factory=dict)  # rather than the page's examples
    _keys: Keys = field(init=False)
    _plan: Plan = field(init=False)
    _fields: Mapping[str, Field] = field(init=False)
    _asked_by: Collection[str] = field(init=False)
    _tied: Collection[str] = field(init=False)

    def __post_init__(self) -> None:
        self._keys = keys_of(self.contract)
        self._plan = plan_for(self.contract, self.contract.success)
        self._fields = {
            path: each for path, each in leaves_of(self.contract.success) if "." in path
        }
        self._asked_by = {".".join(path) for path in self._keys.fields}
        implications = self._plan.constraints.implications
        self._tied = {end.field for each in implications for end in (each.when, each.then)}

    def completed(self, value: Value) -> Value:
        """The answer with what it lacks; what it has stays, be it right or wrong."""
        given = {path: leaf for path in self._fields for leaf in _given(value, path.split("."))}
        given |= dict.fromkeys(self._beside_the_matter(value))
        made = self._listed(given)
        for path in self._lacking(given | made):
            made[path] = self._filled(path, given | made, value)
        for path, leaf in made.items():
            if leaf is not None:
                value = with_leaf(value, tuple(path.split(".")), leaf)
        return value

    def _beside_the_matter(self, value: Value) -> Iterator[str]:
        """The members of structures that are not there and need not be."""
        for path in self._fields:
            parents = path.split(".")[:-1]
            for length in range(1, len(parents) + 1):
                struct = self.contract.success.find(tuple(parents[:length]))
                is_there = any(True for _ in _given(value, parents[:length]))
                if struct is not None and not struct.required and not is_there:
                    yield path

    def _listed(self, given: Leaves) -> Leaves:
        """A value for each member that has listed ones, so that all fit together if they can."""
        lacking = [
            path
            for path, each in self._fields.items()
            if each.required and each.values and path not in given and path not in self._asked_by
        ]
        choices = [self._choices(path) for path in lacking]
        for chosen in islice(product(*choices), _TRIES if self._fits(given, lacking) else 0):
            made: Leaves = dict(zip(lacking, chosen, strict=True))
            if self._fits(given | made):
                return made
        # What is given contradicts itself, and that is what has to be told.
        return {path: each[0] for path, each in zip(lacking, choices, strict=True)}

    def _choices(self, path: str) -> list[str]:
        """What to try: the best one alone for a member that nothing is tied to."""
        member = self._fields[path]
        first = (self.preferred.get(path), member.example)
        listed = [each.value for each in member.values]
        listed.sort(key=lambda each: first.index(each) if each in first else len(first))
        return listed if path in self._tied else listed[:1]

    def _fits(self, drawn: Leaves, lacking: Collection[str] = ()) -> bool:
        """Whether the members fit together, but for those that are filled in later."""
        known = tuple(
            each
            for each in self._plan.constraints.implications
            if (each.then.test is not Test.FILLED or each.then.field in drawn)
            and each.when.field not in lacking
            and each.then.field not in lacking
        )
        constraints = replace(self._plan.constraints, implications=known)
        return replaced(self._plan, constraints=constraints).kept(drawn)

    def _lacking(self, drawn: Leaves) -> Iterator[str]:
        """The members without listed values that must be there and are not."""
        filled = {
            each.then.field
            for each in self._plan.constraints.implications
            if each.then.test is Test.FILLED and holds(each.when, drawn)
        }
        for path in sorted(self._fields, key=lambda each: self._plan.order[each]):
            must_be = self._fields[path].required or path in filled
            if must_be and path not in drawn and path not in self._asked_by:
                yield path

    def _filled(self, path: str, drawn: Leaves, value: Value) -> Leaf:
        member = self._fields[path]
        if member.kind in WHOLE_NUMBERS:
            return self._number(path, drawn)
        text = member.example
        if member.kind is Kind.STRING and text and not is_masked(text):
            return text
        return self._drawn(path, value)

    def _number(self, path: str, drawn: Leaves) -> int:
        """The page's example, or the number next to it that fits those around it."""
        least, most = self._plan.range(path, drawn)
        for each in self._plan.constraints.orderings:
            later = drawn.get(each.later)
            if each.earlier == path and isinstance(later, int):
                most = min(most, later)
        try:
            example = int(self._fields[path].example)
        except ValueError:
            example = least
        return max(least, min(most, example))

    def _drawn(self, path: str, value: Value) -> Leaf:
        """What a right answer has there, the same one for the same instance."""
        random = Random("\0".join((path, *self._keys.values_of(value))))  # noqa: S311  # repeatable is the point
        sampler = Sampler(self._plan)
        found = (leaf_at(sampler.value(random), tuple(path.split("."))) for _ in range(_DRAWS))
        return next((leaf for leaf in found if leaf is not None), None)


def _given(value: object, path: Sequence[str]) -> Iterator[Leaf]:
    """What stands at a path, if anything does; null stands for what is no leaf."""
    for name in path:
        if not isinstance(value, dict):
            break
        if name not in value:
            return
        value = value[name]
    yield value if isinstance(value, str | int | float) else None
