"""Keep what is said of one answer within bounds, however much is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from docpact.core.violation import ValuePath, Violation, documented, dotted
from docpact.rules import RULES, Family

_TOLD_OF_ONE: Final = 20  # violations of a rule at one field, or in one structure of the text
_TOLD_OF_ALL: Final = 1_000  # violations of a rule
_OF_FORMAT: Final = frozenset({Family.JSON, Family.XML})

_Key = tuple[str, tuple[str, ...]]


class Collector:
    """Collects violations: the first ones of a kind are told, the others counted in one more.

    What is wrong with a format may be so in any number of members; what is wrong with a
    documented field, in any number of items of a list.
    """

    def __init__(self, violations: Iterable[Violation] = ()) -> None:
        self._told: list[Violation] = []
        self._met: Counter[_Key] = Counter()
        self._of_rule: Counter[str] = Counter()
        self._more: Counter[_Key] = Counter()
        self.extend(violations)

    def append(self, violation: Violation) -> None:
        """Take a violation in."""
        if violation.more:
            self._told.append(violation)
            return
        key = _key(violation.rule, violation.path)
        if self._of_rule[violation.rule] >= _TOLD_OF_ALL:
            self._more[violation.rule, ()] += 1
        elif self._met[key] >= _TOLD_OF_ONE:
            self._more[key] += 1
        else:
            self._met[key] += 1
            self._of_rule[violation.rule] += 1
            self._told.append(violation)

    def extend(self, violations: Iterable[Violation]) -> None:
        """Take in all of them, without keeping them at once."""
        for each in violations:
            self.append(each)

    def __iter__(self) -> Iterator[Violation]:
        yield from self._told
        for (rule, path), count in self._more.items():
            where = dotted(path) or "the answer"
            yield Violation(rule, f"{count:,} more like this in {where}", path, more=count)


def _key(rule: str, path: ValuePath) -> _Key:
    where = documented(path)
    return rule, where[:-1] if RULES[rule].family in _OF_FORMAT else where
