"""Judge instances that somebody wrote, and name every mistake in them."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from difflib import get_close_matches
from typing import Final

from docpact.check import Checker
from docpact.contract import Media
from docpact.errors import WrongConfiguration
from docpact.exchange import Exchange, Response, Source
from docpact.finding import Finding
from docpact.generate.plan import Value
from docpact.mock.completing import Completion
from docpact.mock.route import Route, route_of, why_not_asked_for
from docpact.mock.world import Keys, keys_of, leaf_at
from docpact.writing import json_text, xml_text

INSTANCE: Final = "Instance"
_A_REQUEST_ID: Final = "9B7BD33D-5F3A-4C4C-BCF5-AD686CAD2370"
_MOST_TOLD: Final = 20
# XML knows no control characters and no non-characters.
_UNSPEAKABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an instance, or with the file that lists it."""

    message: str
    number: int = 0  # of the instance, from 1; 0 for what is about none
    key: str = ""  # the member that it is about
    names: str = ""  # of the instance
    rule: str = ""  # that the contract has for it

    def __str__(self) -> str:
        if not self.number:
            return self.message
        names = f" ({self.names})" if self.names else ""
        return f"instance {self.number}{names}: {self.message}"


@dataclass(slots=True)
class Instances:
    """Completes instances by what their authors left out, and judges them."""

    checker: Checker
    completion: Completion
    _keys: Keys = field(init=False)
    _route: Route = field(init=False)
    members: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        contract = self.checker.contract
        self._keys, self._route = keys_of(contract), route_of(contract)
        found = contract.success.find((INSTANCE,))
        self.members = tuple(each.name for each in found.fields) if found else ()

    def judged(
        self, instance: Mapping[str, object], number: int = 1
    ) -> tuple[Value, list[Mistake]]:
        """The completed answer about an instance, with all that is wrong with the instance."""
        complaints = {
            name: text for name, each in instance.items() if (text := self._odd(name, each))
        }
        kept = {name: each for name, each in instance.items() if name not in complaints}
        written: Value = {INSTANCE: kept}  # type: ignore[dict-item]  # judged next
        named = {path[-1]: leaf_at(written, path) for path in self._keys.fields if path}
        lacking = [name for name, leaf in named.items() if leaf is None and name not in complaints]
        answer = self.completion.completed(written)
        found = [Mistake(text, key=name) for name, text in complaints.items()]
        found += self._missing(lacking, complaints)
        found += self._breaches(answer, {*complaints, *lacking})
        if not found and (why := why_not_asked_for(self._route, self._keys.values_of(answer))):
            found.append(Mistake(why))
        names = "/".join("?" if leaf is None else str(leaf) for leaf in named.values())
        return answer, [replace(each, number=number, names=names) for each in found]

    def names_of(self, answer: Value) -> str:
        """How an answer is asked for; empty if it cannot be."""
        leaves = [leaf_at(answer, path) for path in self._keys.fields if path]
        return "" if None in leaves else "/".join(map(str, leaves))

    def _odd(self, name: str, value: object) -> str:
        """Why a member cannot even be judged; empty if it can."""
        if name not in self.members:
            return f"an instance has no member {name}{meant(name, self.members)}"
        if isinstance(value, date | time):
            return f"{name} is a date of TOML; write a time as a number, and any other in quotes"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{name} is {value}, which JSON cannot hold"
        if isinstance(value, str) and (match := _UNSPEAKABLE.search(value)):
            return f"{name} holds the character U+{ord(match[0]):04X}, which XML cannot hold"
        return ""

    def _missing(self, lacking: Collection[str], odd: Collection[str]) -> Iterator[Mistake]:
        """What calls ask by and is not there, unless it seems to be there under a wrong name."""
        misspelt = {near(name, self.members) for name in odd}
        for name in lacking:
            if name not in misspelt:
                yield Mistake(f"{name} is missing, and calls ask by it", key=name)

    def _breaches(self, answer: Value, known: Collection[str]) -> Iterator[Mistake]:
        """Where the answer breaks the contract, in either format, but for what is told already."""
        told: set[tuple[str, str]] = set()
        whole: Value = {"RequestId": _A_REQUEST_ID, **answer}
        for media in Media:
            try:
                body = _text(whole, media, self.checker.contract.success.root).encode()
            except (
                TypeError,
                ValueError,
                RecursionError,
            ) as cause:  # something odd within a member
                yield Mistake(str(cause))
                return
            for finding in self.checker.check(Exchange(Response(body), Source("the world"))):
                key = (*finding.field.split("."), "", "")[1]
                if key not in known and (finding.rule, key) not in told:
                    told.add((finding.rule, key))
                    yield Mistake(_with_guess(finding), key=key, rule=finding.rule)


def _with_guess(finding: Finding) -> str:
    """What is wrong, with the listed value that was probably meant."""
    listed = finding.expected if isinstance(finding.expected, tuple) else ()
    if not isinstance(finding.actual, str) or finding.message.endswith("?)"):
        return finding.message
    return finding.message + meant(finding.actual, listed)


def near(name: str, known: Collection[str]) -> str:
    """Which of the known names is probably meant; empty if none is."""
    lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), lower, n=1)
    return lower[found[0]] if found else ""


def meant(name: str, known: Collection[str]) -> str:
    """The question whether another name is meant, if one is near."""
    found = near(name, known)
    return f" (did you mean {found}?)" if found else ""


def refuse(whole: str, mistakes: Sequence[Mistake], told: Sequence[str] = ()) -> None:
    """Refuse what has mistakes, telling all of them at once; `told` has each with its line.

    Raises WrongConfiguration if there is one.
    """
    if not mistakes:
        return
    lines = [*(told or map(str, mistakes))]
    rules = sorted({each.rule for each in mistakes if each.rule})
    hint = _way_out(rules) if rules else ""
    if len(lines) == 1:
        raise WrongConfiguration(f"{whole}{'' if told else ': '}{lines[0]}", hint=hint)
    more = [f"and {len(lines) - _MOST_TOLD} more"] if len(lines) > _MOST_TOLD else []
    raise WrongConfiguration(
        f"{whole} has {len(lines)} mistakes:",
        hint=hint,
        details=(*lines[:_MOST_TOLD], *more),
    )


def _way_out(rules: Sequence[str]) -> str:
    commands = " and ".join(f"`docpact explain {each}`" for each in rules[:3])
    verb = "says" if len(rules) == 1 else "say"
    return f"{commands} {verb} what it must be. To serve what is wrong, use --fault."


def refuse_broken(instance: Mapping[str, object], whole: str, judge: Instances) -> Value:
    """The completed answer about one instance.

    Raises WrongConfiguration if it would break the contract, in either format.
    """
    answer, mistakes = judge.judged(instance)
    refuse(whole, mistakes)
    return answer


def judge_of(checker: Checker, preferred: Mapping[str, str] | None = None) -> Instances:
    """Judges instances by a contract; `preferred` has what is filled in rather than examples."""
    return Instances(checker, Completion(checker.contract, preferred or {}))


def _text(value: Value, media: Media, root: str) -> str:
    """An answer as the mock writes it, by the code that writes generated ones."""
    return json_text(value) if media is Media.JSON else xml_text(root, value)
