"""Complete and validate the instances that people list, and report every mistake in them."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date, time
from itertools import islice, product
from random import Random
from typing import Final

from docpact.check import Checker
from docpact.contract import WHOLE_NUMBERS, Constraint, Contract, Field, Kind, Media
from docpact.contract.value_path import scalar_at, with_value
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Finding
from docpact.core.serialize import json_text, xml_text
from docpact.core.text import did_you_mean, near_match
from docpact.core.violation import is_masked
from docpact.generate.response_model import (
    Leaf,
    ResponseModel,
    Value,
    leaves_of,
    response_model_for,
)
from docpact.generate.sampler import Sampler
from docpact.mock.request_parsing import Route, route_of, why_unaddressable
from docpact.mock.world import InstanceKeys, keys_of

_DRAWS: Final = 50  # until a member that answers may leave out has come
_TRIES: Final = 5_000  # of values that are tied to each other; the page's have some hundred
Leaves = dict[str, Leaf]


@dataclass(slots=True)
class Completion:
    """Adds what an instance lacks: the page's examples where they fit, other values elsewhere.

    The same instance is always completed in the same way.
    """

    contract: Contract
    preferred: Mapping[str, str] = field(default_factory=dict)  # rather than the page's examples
    _keys: InstanceKeys = field(init=False)
    _model: ResponseModel = field(init=False)
    _fields: Mapping[str, Field] = field(init=False)
    _key_fields: Collection[str] = field(init=False)
    _ties: Sequence[Constraint] = field(init=False)  # on members with listed values
    _tied: Collection[str] = field(init=False)

    def __post_init__(self) -> None:
        self._keys = keys_of(self.contract)
        self._model = response_model_for(self.contract, self.contract.success)
        self._fields = {
            path: each for path, each in leaves_of(self.contract.success) if "." in path
        }
        self._key_fields = {".".join(path) for path in self._keys.fields}
        ties = ((each, each.fields) for each in self._model.ties)
        self._ties = [
            each for each, fields in ties if any(self._is_listed(path) for path in fields)
        ]
        self._tied = {path for each in self._ties for path in each.fields}

    def completed(self, value: Value) -> Value:
        """The answer with what it lacks; what it has stays, right or wrong."""
        given = {path: leaf for path in self._fields for leaf in _given(value, path.split("."))}
        given |= dict.fromkeys(self._not_needed(value))
        made = self._listed(given)
        for path in self._lacking(given | made):
            made[path] = self._filled(path, given | made, value)
        for path, leaf in made.items():
            if leaf is not None:
                value = with_value(value, path, leaf)
        return value

    def _not_needed(self, value: Value) -> Iterator[str]:
        """The members of optional structures that are missing."""
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
            if each.required and each.values and path not in given and path not in self._key_fields
        ]
        choices = [self._choices(path) for path in lacking]
        for chosen in islice(product(*choices), _TRIES if self._fits(given, lacking) else 0):
            made: Leaves = dict(zip(lacking, chosen, strict=True))
            if self._fits(given | made):
                return made
        # What is given contradicts itself, and that is what must be reported.
        return {path: each[0] for path, each in zip(lacking, choices, strict=True)}

    def _choices(self, path: str) -> list[str]:
        """What to try: the best one alone for a member that nothing is tied to."""
        member = self._fields[path]
        first = (self.preferred.get(path), member.example)
        listed = [each.value for each in member.values]
        listed.sort(key=lambda each: first.index(each) if each in first else len(first))
        return listed if path in self._tied else listed[:1]

    def _is_listed(self, path: str) -> bool:
        return path in self._fields and bool(self._fields[path].values)

    def _fits(self, drawn: Leaves, lacking: Collection[str] = ()) -> bool:
        """Whether the members fit together, except for those that are filled in later."""
        return all(
            each.holds(drawn) or self._will_hold(each.fields[-1], drawn)
            for each in self._ties
            if not any(path in lacking for path in each.fields)
        )

    def _will_hold(self, path: str, drawn: Leaves) -> bool:
        return path not in drawn and self._model.demand_on(path, drawn).is_filled is True

    def _lacking(self, drawn: Leaves) -> Iterator[str]:
        """The members without listed values that must be there and are not."""
        for path in sorted(self._fields, key=lambda each: self._model.order[each]):
            if path in drawn or path in self._key_fields:
                continue
            if self._fields[path].required or self._model.demand_on(path, drawn).is_filled:
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
        demand = self._model.demand_on(path, drawn)
        try:
            example = int(self._fields[path].example)
        except ValueError:
            example = demand.least
        return max(demand.least, min(demand.most, example))

    def _drawn(self, path: str, value: Value) -> Leaf:
        """What a right answer has there, the same one for the same instance."""
        random = Random("\0".join((path, *self._keys.values_of(value))))  # noqa: S311  # repeatable is the point
        sampler = Sampler(self._model)
        found = (scalar_at(sampler.value(random), path) for _ in range(_DRAWS))
        return next((leaf for leaf in found if leaf is not None), None)


def _given(value: object, path: Sequence[str]) -> Iterator[Leaf]:
    """The leaf at a path, if there is something; None for something that is not a leaf."""
    for name in path:
        if not isinstance(value, dict):
            break
        if name not in value:
            return
        value = value[name]
    yield value if isinstance(value, str | int | float) else None


INSTANCE: Final = "Instance"
_A_REQUEST_ID: Final = "9B7BD33D-5F3A-4C4C-BCF5-AD686CAD2370"
_MOST_LISTED: Final = 20
# XML has no control characters and no non-characters.
_NOT_IN_XML: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an instance, or with the file that lists it."""

    message: str
    number: int = 0  # of the instance, from 1; 0 for a mistake outside instances
    key: str = ""  # the member that it is about
    names: str = ""  # of the instance
    rule: str = ""  # of the contract that it breaks

    def __str__(self) -> str:
        if not self.number:
            return self.message
        names = f" ({self.names})" if self.names else ""
        return f"instance {self.number}{names}: {self.message}"


@dataclass(slots=True)
class InstanceValidator:
    """Completes instances, and reports what is wrong with them."""

    checker: Checker
    completion: Completion
    _keys: InstanceKeys = field(init=False)
    _route: Route = field(init=False)
    members: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        contract = self.checker.contract
        self._keys, self._route = keys_of(contract), route_of(contract)
        found = contract.success.find((INSTANCE,))
        self.members = tuple(each.name for each in found.fields) if found else ()

    def validate(
        self, instance: Mapping[str, object], number: int = 1
    ) -> tuple[Value, list[Mistake]]:
        """The completed answer about an instance, and all that is wrong with the instance."""
        unreadable = {
            name: text for name, each in instance.items() if (text := self._unreadable(name, each))
        }
        kept = {name: each for name, each in instance.items() if name not in unreadable}
        written: Value = {INSTANCE: kept}  # type: ignore[dict-item]  # validated next
        named = {path[-1]: scalar_at(written, path) for path in self._keys.fields if path}
        lacking = [name for name, leaf in named.items() if leaf is None and name not in unreadable]
        answer = self.completion.completed(written)
        found = [Mistake(text, key=name) for name, text in unreadable.items()]
        found += self._missing(lacking, unreadable)
        found += self._violations(answer, {*unreadable, *lacking})
        if not found and (why := why_unaddressable(self._route, self._keys.values_of(answer))):
            found.append(Mistake(why))
        names = "/".join("?" if leaf is None else str(leaf) for leaf in named.values())
        return answer, [replaced(each, number=number, names=names) for each in found]

    def names_of(self, answer: Value) -> str:
        """The names by which calls ask for an answer; empty if one is missing."""
        leaves = [scalar_at(answer, path) for path in self._keys.fields if path]
        return "" if None in leaves else "/".join(map(str, leaves))

    def _unreadable(self, name: str, value: object) -> str:
        """Why a member cannot be checked by the contract; empty if it can."""
        if name not in self.members:
            return f"an instance has no member {name}{did_you_mean(name, self.members)}"
        if isinstance(value, date | time):
            return f"{name} is a TOML date; write a time as a number, and other dates in quotes"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{name} is {value}, which JSON cannot represent"
        if isinstance(value, str) and (match := _NOT_IN_XML.search(value)):
            return (
                f"{name} contains the character U+{ord(match[0]):04X}, which XML cannot represent"
            )
        return ""

    def _missing(self, lacking: Collection[str], given: Collection[str]) -> Iterator[Mistake]:
        """The missing members that calls ask by, except those given under a misspelled name."""
        misspelled = {near_match(name, self.members) for name in given}
        for name in lacking:
            if name not in misspelled:
                yield Mistake(f"{name} is missing, and calls ask for an instance by it", key=name)

    def _violations(self, answer: Value, reported: Collection[str]) -> Iterator[Mistake]:
        """The violations in either format, except those of members already reported."""
        found: set[tuple[str, str]] = set()
        whole: Value = {"RequestId": _A_REQUEST_ID, **answer}
        for media in Media:
            try:
                body = _text(whole, media, self.checker.contract.success.root).encode()
            except (TypeError, ValueError, RecursionError) as cause:  # within a member
                yield Mistake(str(cause))
                return
            for finding in self.checker.check(Exchange(Response(body), Source("the world"))):
                key = (*finding.field.split("."), "", "")[1]
                if key not in reported and (finding.rule, key) not in found:
                    found.add((finding.rule, key))
                    yield Mistake(_with_guess(finding), key=key, rule=finding.rule)


def _with_guess(finding: Finding) -> str:
    """What is wrong, with the listed value that is most like the given one."""
    listed = finding.expected if isinstance(finding.expected, tuple) else ()
    if not isinstance(finding.actual, str) or finding.message.endswith("?)"):
        return finding.message
    return finding.message + did_you_mean(finding.actual, listed)


def refuse(whole: str, mistakes: Sequence[Mistake], lines: Sequence[str] = ()) -> None:
    """Refuse what has mistakes, and report all of them at once; `lines` has the text of each.

    Raises WrongConfiguration if there is one.
    """
    if not mistakes:
        return
    texts = [*(lines or map(str, mistakes))]
    rules = sorted({each.rule for each in mistakes if each.rule})
    hint = _next_step(rules) if rules else ""
    if len(texts) == 1:
        raise WrongConfiguration(f"{whole}{'' if lines else ': '}{texts[0]}", hint=hint)
    more = [f"and {len(texts) - _MOST_LISTED} more"] if len(texts) > _MOST_LISTED else []
    raise WrongConfiguration(
        f"{whole} has {len(texts)} mistakes:",
        hint=hint,
        details=(*texts[:_MOST_LISTED], *more),
    )


def _next_step(rules: Sequence[str]) -> str:
    commands = " and ".join(f"`docpact explain {each}`" for each in rules[:3])
    verb = "says" if len(rules) == 1 else "say"
    return f"{commands} {verb} what it must be. To serve what is wrong, use --fault."


def valid_answer(instance: Mapping[str, object], whole: str, validator: InstanceValidator) -> Value:
    """The completed answer about one instance.

    Raises WrongConfiguration if it would break the contract, in either format.
    """
    answer, mistakes = validator.validate(instance)
    refuse(whole, mistakes)
    return answer


def instance_validator(
    checker: Checker, preferred: Mapping[str, str] | None = None
) -> InstanceValidator:
    """Validates by a contract; `preferred` has values that are used instead of examples."""
    return InstanceValidator(checker, Completion(checker.contract, preferred or {}))


def _text(value: Value, media: Media, root: str) -> str:
    """An answer as the mock writes it, by the code that writes generated ones."""
    return json_text(value) if media is Media.JSON else xml_text(root, value)
