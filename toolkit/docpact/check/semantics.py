"""What values mean together: every constraint of the contract, on the decoded answer.

JSON and XML were decoded to the same value before, so both get the same verdict. A member that is
absent satisfies everything but the demand that it be there; one that is masked or of a wrong type
satisfies everything, since what is wrong with it is said elsewhere, once.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from docpact.contract import (
    BLANKS,
    Condition,
    Constraints,
    Embedded,
    FieldPath,
    Implication,
    Ordering,
    Pattern,
    Separated,
    Test,
    Unit,
)
from docpact.core.violation import Value, ValuePath, Violation, dotted, is_masked, plain, shown


def check_semantics(
    value: dict[str, Value], constraints: Constraints, unjudged: Set[str] = frozenset()
) -> Iterator[Violation]:
    """Every constraint that the answer breaks; `unjudged` are members with a wrong type."""
    leaves = _Leaves(value, unjudged)
    misfits = tuple(each for unit in constraints.units for each in _unit(unit, leaves))
    yield from misfits
    # A time in seconds would also lie before all others: one mistake, one finding.
    timed = _Leaves(value, unjudged | {".".join(map(str, each.path)) for each in misfits})
    for implication in constraints.implications:
        yield from _implication(implication, leaves)
    for ordering in constraints.orderings:
        yield from _ordering(ordering, timed)
    for embedded in constraints.embedded:
        yield from _embedded(embedded, leaves)
    yield from _patterns(constraints.patterns, leaves)
    for separated in constraints.separated:
        yield from _separated(separated, leaves)


def check_items(
    value: Value, lists: Mapping[FieldPath, Constraints], unjudged: Set[str] = frozenset()
) -> Iterator[Violation]:
    """Every constraint that an item of a list breaks; `lists` has those on each list's items."""
    ordered = sorted(unjudged) if lists else []
    for path, constraints in lists.items():
        for where, item in items_at(value, path, ()):
            inner = _below(".".join(map(str, where)) + ".", ordered)
            for violation in check_semantics(item, constraints, inner):
                yield replace(
                    violation,
                    message=f"{dotted(where)}: {violation.message}",
                    path=(*where, *violation.path),
                )


def _below(prefix: str, ordered: Sequence[str]) -> Set[str]:
    """What stands below an item, by its path within it; sorted paths have it side by side."""
    first = bisect_left(ordered, prefix)
    places = map(ordered.__getitem__, range(first, len(ordered)))
    found = takewhile(lambda each: each.startswith(prefix), places)
    return {each.removeprefix(prefix) for each in found}


def items_at(
    value: Value, path: FieldPath, where: ValuePath
) -> Iterator[tuple[ValuePath, dict[str, Value]]]:
    """The structures that stand in the lists at a path, each with its place."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from items_at(item, path, (*where, index))
    elif isinstance(value, dict):
        if not path:
            yield where, value
        elif path[0] in value:
            yield from items_at(value[path[0]], path[1:], (*where, path[0]))


def check_masks(value: dict[str, Value]) -> Iterator[Violation]:
    """Every value that was masked, so that nobody takes it for judged."""
    for path, leaf in _leaves(value, ()):
        if is_masked(leaf):
            message = f"{dotted(path)} is masked and was not judged"
            yield Violation("masked-value", message, path)


def _leaves(value: Value, path: ValuePath) -> Iterator[tuple[ValuePath, Value]]:
    """Every leaf, in lists too."""
    members: Iterable[tuple[str | int, Value]]
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    else:
        yield path, value
        return
    for name, member in members:
        yield from _leaves(member, (*path, name))


class _Leaves:
    """The values of an answer by dotted path."""

    def __init__(self, value: dict[str, Value], unjudged: Set[str]) -> None:
        self._values: Mapping[str, Value] = {
            ".".join(path): leaf for path, leaf in _walk(value, ())
        }
        self._unjudged = unjudged

    def text(self, path: str) -> str | None:
        """A text that is there, not empty, and can be judged."""
        value = self._values.get(path)
        is_text = isinstance(value, str) and value and self.is_judged(path)
        return str(value) if is_text else None

    def number(self, path: str) -> int | None:
        """A whole number that is there and can be judged."""
        value = self._values.get(path)
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return value if self.is_judged(path) else None

    def is_filled(self, path: str) -> bool:
        """Whether a value is there and is neither null nor an empty text."""
        value = self._values.get(path)
        return value is not None and value != ""

    def is_judged(self, path: str) -> bool:
        """Whether the value is neither masked nor of a wrong type."""
        return path not in self._unjudged and not is_masked(self._values.get(path))

    def shown(self, path: str) -> str:
        """The value for a message."""
        return shown(self._values.get(path)) if path in self._values else "absent"


def _walk(value: Value, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value]]:
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        if isinstance(member, dict):
            yield from _walk(member, (*path, name))
        elif not isinstance(member, list):
            yield (*path, name), member


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as ECMA 262 means it: its last `$` is the end, not before a final newline."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split("."))


def _short(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _implication(rule: Implication, leaves: _Leaves) -> Iterator[Violation]:
    if not _holds(rule.when, leaves) or not _fails(rule.then, leaves):
        return
    then = rule.then.field
    is_text = rule.then.test in {Test.MATCHES, Test.LACKS}
    state = "does not fit" if is_text else f"is {leaves.shown(then)}"
    message = (
        f"{then} {state} while {_short(rule.when.field)} is {leaves.shown(rule.when.field)}: "
        f"{rule.because}"
    )
    yield Violation(
        "fields-disagree",
        message,
        _path(then),
        rule.origin,
        expected=rule.then.values or rule.because,
        actual=None if is_text else leaves.shown(then),
    )


def _holds(condition: Condition, leaves: _Leaves) -> bool:
    """Whether a condition surely holds."""
    if not leaves.is_judged(condition.field):
        return False
    match condition.test:
        case Test.FILLED:
            return leaves.is_filled(condition.field)
        case Test.EMPTY:
            return not leaves.is_filled(condition.field)
        case Test.ONE_OF:
            return leaves.text(condition.field) in condition.values
        case Test.MATCHES | Test.LACKS:
            text = leaves.text(condition.field)
            found = text is not None and compiled(condition.pattern).search(text) is not None
            return text is not None and found is (condition.test is Test.MATCHES)


def _fails(condition: Condition, leaves: _Leaves) -> bool:
    """Whether a condition surely does not hold; what is absent fails no comparison."""
    if not leaves.is_judged(condition.field):
        return False
    if condition.test in {Test.EMPTY, Test.FILLED}:
        return not _holds(condition, leaves)
    return leaves.text(condition.field) is not None and not _holds(condition, leaves)


def _ordering(rule: Ordering, leaves: _Leaves) -> Iterator[Violation]:
    earlier, later = leaves.number(rule.earlier), leaves.number(rule.later)
    if earlier is not None and later is not None and later < earlier:
        message = f"{rule.later} {later} lies before {_short(rule.earlier)} {earlier}"
        expected = f"{earlier} or later"
        yield Violation(
            "times-out-of-order",
            message,
            _path(rule.later),
            rule.origin,
            expected=expected,
            actual=later,
        )


def _embedded(rule: Embedded, leaves: _Leaves) -> Iterator[Violation]:
    text = leaves.text(rule.field)
    if text is None:
        return
    try:
        json.loads(text, parse_constant=_refuse_constant, parse_int=str)
    except (ValueError, RecursionError):
        message = f"{rule.field} is {shown(text)}, which is no {rule.media_type} document"
        yield Violation(
            "embedded-syntax",
            message,
            _path(rule.field),
            rule.origin,
            expected=rule.media_type,
            actual=text,
        )


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _patterns(rules: tuple[Pattern, ...], leaves: _Leaves) -> Iterator[Violation]:
    """The first form that a field breaks: a finer form of the same field adds nothing."""
    broken: set[str] = set()
    for rule in rules:
        text = leaves.text(rule.field)
        if rule.field in broken or text is None or compiled(rule.pattern).search(text):
            continue
        broken.add(rule.field)
        message = f"{rule.field} is {shown(text)}; its form is {rule.form}"
        yield Violation(
            "wrong-format",
            message,
            _path(rule.field),
            rule.origin,
            expected=rule.form,
            actual=text,
        )


def _unit(rule: Unit, leaves: _Leaves) -> Iterator[Violation]:
    number = leaves.number(rule.field)
    if number is None or rule.least <= number <= rule.most:
        return
    message = f"{rule.field} is {shown(number)}, which is no number of {rule.unit}"
    message += next((hint for holds, hint in _looks_like(number, rule) if holds), "")
    yield Violation(
        "wrong-unit", message, _path(rule.field), rule.origin, expected=rule.unit, actual=number
    )


def _looks_like(number: int, rule: Unit) -> Iterator[tuple[bool, str]]:
    yield number == 0, " (an unset time is left out)"
    yield rule.least <= number * 1000 <= rule.most, " (it looks like seconds)"
    yield rule.least <= number // 1000 <= rule.most, " (it looks like microseconds)"


def is_well_separated(text: str, rule: Separated) -> bool:
    """Whether a text is a list as the page has it; a mask or an empty text is another matter."""
    return not any(each in text for each in rule.foreign) and not _lapses(rule)[0].search(text)


def _misseparated(text: str, rule: Separated) -> str:
    """What is wrong with a list; nothing if nothing is."""
    if is_well_separated(text, rule):
        return ""
    foreign = next((each for each in rule.foreign if each in text), None)
    if foreign is not None:
        return f"holds {plain(foreign)}"
    is_empty = _lapses(rule)[1].search(text) is not None
    return "has an empty entry" if is_empty else "has white space at an end of an entry"


@lru_cache(maxsize=256)
def _lapses(rule: Separated) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What no list of that kind has anywhere, and of that an empty entry."""
    # A search for what is wrong needs no memory, however many entries a text has.
    blank, between, other = f"[{BLANKS}]", re.escape(rule.separator), f"[{BLANKS[1:]}]"
    after = rf"{between}(?:{between}|\Z|{other}| (?:{blank}|{between}|\Z))"
    anywhere = rf"\A(?:{blank}|{between})|{blank}(?:{between}|\Z)|{after}"
    return re.compile(anywhere), re.compile(rf"(?:\A|{between}){blank}*(?:{between}|\Z)")


def _separated(rule: Separated, leaves: _Leaves) -> Iterator[Violation]:
    text = leaves.text(rule.field)
    if text is None:
        return
    why = _misseparated(text, rule)
    if why:
        message = (
            f"{rule.field} is {shown(text)}, which {why}; "
            f"entries are separated by {plain(rule.separator)}"
        )
        yield Violation(
            "wrong-separator",
            message,
            _path(rule.field),
            rule.origin,
            expected=rule.separator,
            actual=text,
        )
