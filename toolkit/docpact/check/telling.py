"""Keep what is said of one answer within bounds, however much is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from docpact.check.breach import Breach, ValuePath, documented, dotted
from docpact.rules import RULES, Family

_TOLD_OF_ONE: Final = 20  # breaches of a rule at one field, or in one structure of the text
_TOLD_OF_ALL: Final = 1_000  # breaches of a rule
_OF_FORMAT: Final = frozenset({Family.JSON, Family.XML})

_Key = tuple[str, tuple[str, ...]]


class Telling:
    """Collects breaches: the first ones of a kind are told, the others counted in one more.

    What is wrong with a format may be so in any number of members; what is wrong with a
    documented field, in any number of items of a list.
    """

    def __init__(self, breaches: Iterable[Breach] = ()) -> None:
        self._told: list[Breach] = []
        self._met: Counter[_Key] = Counter()
        self._of_rule: Counter[str] = Counter()
        self._more: Counter[_Key] = Counter()
        self.extend(breaches)

    def append(self, breach: Breach) -> None:
        """Take a breach in."""
        if breach.more:
            self._told.append(breach)
            return
        key = _key(breach.rule, breach.path)
        if self._of_rule[breach.rule] >= _TOLD_OF_ALL:
            self._more[breach.rule, ()] += 1
        elif self._met[key] >= _TOLD_OF_ONE:
            self._more[key] += 1
        else:
            self._met[key] += 1
            self._of_rule[breach.rule] += 1
            self._told.append(breach)

    def extend(self, breaches: Iterable[Breach]) -> None:
        """Take in all of them, without keeping them at once."""
        for each in breaches:
            self.append(each)

    def __iter__(self) -> Iterator[Breach]:
        yield from self._told
        for (rule, path), count in self._more.items():
            where = dotted(path) or "the answer"
            yield Breach(rule, f"{count:,} more like this in {where}", path, more=count)


def _key(rule: str, path: ValuePath) -> _Key:
    where = documented(path)
    return rule, where[:-1] if RULES[rule].family in _OF_FORMAT else where
