r"""Let right answers pass at little more than the cost of parsing them.

Nearly every captured answer is right. This knows no findings: it either is sure that the full check
would have none, not even a note, or leaves the answer to it. What was learned by profiling:

- The full check took 330 µs for an answer of 3 kB, of which its parsing is 30: most went into
  objects for places, paths and breaches that nobody asked for.
- jiter parses and notices repeated names in one pass. orjson parses in 0.6 of the time, but finding
  a repeated name afterwards costs more than that saves; a validator in Rust walks Python's objects
  and takes longer than a loop over some 25 members.
- A regular expression of the form `(^|\\n) *name` tries each character. Looking for its literal
  words first, by `in`, makes it free for nearly all answers.
- In XML the tree is cheap and asking each element much is not: tag, text and length are all that
  is looked at, and one tuple of tags tells that there are neither strangers nor repetitions.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

import jiter

from docpact.check.body import Body
from docpact.check.breach import Value
from docpact.check.echo import check_echo, parameters_of
from docpact.check.http import check_content_type, check_format, check_transfer
from docpact.contract import (
    INT64_MAX,
    INT64_MIN,
    Condition,
    Constraint,
    Constraints,
    Contract,
    Echo,
    Embedded,
    Field,
    Implication,
    Kind,
    Media,
    Ordering,
    Pattern,
    Separated,
    Test,
    Unique,
    Unit,
    fields_of,
)
from docpact.exchange import MAX_BODY, Exchange, header

_Value = dict[str, Value]
_Test = Callable[[_Value], bool]  # whether a constraint is surely kept

_MASK = "***"
_CLASSES: Final = {Kind.STRING: str, Kind.LONG: int}
_CLAIMS_UTF8 = re.compile(r"[^;]*(?:;\s*charset=\"?utf-?8\"?\s*)?", re.IGNORECASE)
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\][*+?]*|\([^()]*\)[*+?]*")
_WORD = re.compile(r"[A-Za-z0-9_]{3,}(?![?*{])")


class Quick:
    """Tells right answers of one contract; built once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        holders = [each for each in contract.success.fields if each.kind is Kind.STRUCT]
        self.is_able = len(holders) == 1 and all(
            each.kind in _CLASSES and not each.repeated for each in holders[0].fields
        )
        self._holder = holders[0] if holders else contract.success.fields[0]
        tops = [each for each in contract.success.fields if each.kind is not Kind.STRUCT]
        self.is_able = self.is_able and all(
            each.kind in _CLASSES and not each.repeated for each in tops
        )
        self.is_able = self.is_able and not any(each.repeated for each in holders)
        self._within = _Members(self._holder.fields)
        self._above = _Members(tuple(tops))
        constraints = contract.constraints_on(contract.success)
        self._keeps_within = tuple(_compiled(constraints, self._holder.name))
        self._keeps_above = tuple(_compiled(constraints, ""))
        self.is_able = self.is_able and not _spanning(constraints, self._holder.name)

    def value_of(self, body: bytes) -> _Value | None:
        """What a right JSON body says; nothing if it is not surely right."""
        if not self.is_able or len(body) > MAX_BODY:
            return None
        try:
            value = jiter.from_json(
                body, allow_inf_nan=False, cache_mode="keys", catch_duplicate_keys=True
            )
        except ValueError:
            return None
        return value if self._is_right(value) else None

    def passes(self, exchange: Exchange) -> _Value | None:
        """What a right answer says, if all of the exchange is surely right."""
        response = exchange.response
        if exchange.expectation is not None or response.ok is False or response.status == 204:  # noqa: PLR2004  # no content
            return None
        body = response.body
        media = Media.XML if body[:1] == b"<" else Media.JSON
        value = self._value_of_xml(body) if media is Media.XML else self.value_of(body)
        if value is None or not response.headers:
            bare = exchange.request is None and response.status in {None, 200}
            if value is None or (bare and response.seconds is None):
                return value
        claim = header(response.headers, "Content-Type")
        if claim is not None and not _CLAIMS_UTF8.fullmatch(claim):
            return None
        read = Body(media, (), readable=True, value=value)
        return None if any(self._of_http(exchange, read, value)) else value

    def _of_http(self, exchange: Exchange, body: Body, value: _Value) -> Iterator[object]:
        yield from check_transfer(exchange)
        yield from check_content_type(exchange.response, body)
        yield from check_format(exchange, body, self._contract)
        if exchange.request is not None:
            parameters = parameters_of(exchange.request, self._contract)
            yield from check_echo(value, parameters or {}, self._contract)

    def _value_of_xml(self, body: bytes) -> _Value | None:
        if not self.is_able or len(body) > MAX_BODY:
            return None
        from docpact.check.quick_xml import decoded

        value = decoded(body, self._contract, self._holder)
        return value if value is not None and self._is_right(value) else None

    def _is_right(self, value: object) -> bool:
        if value.__class__ is not dict:
            return False
        above: _Value = value
        within = above.get(self._holder.name)
        if within.__class__ is not dict or not within:
            return False
        return (
            self._within.are_right(within, 0)
            and self._above.are_right(above, 1)
            and self._keeps_all(above, within)
        )

    def _keeps_all(self, above: _Value, within: _Value) -> bool:
        for keeps in self._keeps_within:
            if not keeps(within):
                return False
        return all(keeps(above) for keeps in self._keeps_above)


class _Members:
    """What the members of one structure must be."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self._classes = {each.name: _CLASSES.get(each.kind, object) for each in fields}
        self._nullable = frozenset(each.name for each in fields if each.empty)
        self._required = tuple(
            (each.name, each.kind is Kind.STRING and not each.values)
            for each in fields
            if each.required
        )
        self._listed = tuple(
            (each.name, frozenset(listed.value for listed in each.values))
            for each in fields
            if each.values
        )

    def are_right(self, members: _Value, others: int) -> bool:
        """Whether all are documented, of the right type, within range, and none is masked."""
        classes = self._classes
        known = 0
        for name, value in members.items():
            wanted = classes.get(name)
            if value.__class__ is not wanted:
                if value is None and name in self._nullable:
                    known += 1
                elif wanted is not None:
                    return False
                continue
            known += 1
            if wanted is str:
                if _MASK in value:  # type: ignore[operator]  # it is a text
                    return False
            elif not INT64_MIN <= value <= INT64_MAX:  # type: ignore[operator]  # it is a number
                return False
        return known + others == len(members) and self._have_what_they_must(members)

    def _have_what_they_must(self, members: _Value) -> bool:
        for name, must_be_filled in self._required:
            value = members.get(name)
            if value is None or (must_be_filled and not value):
                return False
        for name, listed in self._listed:
            value = members.get(name)
            if value is not None and value not in listed:
                return False
        return True


def _compiled(constraints: Constraints, holder: str) -> Iterator[_Test]:
    """Every constraint on members of one structure, as a function that is quick where it is kept.

    Implications of one value are looked up by it, for at most one of them applies.
    """
    chosen: dict[str, dict[str, list[_Test]]] = {}
    for each in constraints:
        names = [_own(name, holder) for name in fields_of(each)]
        if isinstance(each, Echo | Unique) or not all(names):
            continue  # no matter of one answer alone, or of another structure
        if isinstance(each, Implication) and each.when.test is Test.ONE_OF:
            by_value = chosen.setdefault(names[0], {})
            for value in each.when.values:
                by_value.setdefault(value, []).append(_consequence(each.then, holder))
        else:
            yield _test(each, holder)
    for name, by_value in chosen.items():
        yield _choice(name, by_value)


def _spanning(constraints: Constraints, holder: str) -> bool:
    """Whether some constraint looks at members of several structures, as none does here."""
    for each in constraints:
        places = {name.rpartition(".")[0] for name in fields_of(each)}
        if len(places) > 1 or not places <= {"", holder}:
            return True
    return False


def _test(constraint: Constraint, holder: str) -> _Test:  # noqa: PLR0911  # one for each kind
    match constraint:
        case Unit():
            return _unit(constraint, _own(constraint.field, holder))
        case Implication():
            applies = _condition(constraint.when, holder)
            holds = _consequence(constraint.then, holder)
            return lambda value: not applies(value) or holds(value)
        case Ordering():
            return _ordering(_own(constraint.earlier, holder), _own(constraint.later, holder))
        case Embedded():
            return _embedded(_own(constraint.field, holder))
        case Pattern():
            return _pattern(constraint, _own(constraint.field, holder))
        case Separated():
            return _separated(constraint, _own(constraint.field, holder))
        case Echo() | Unique():
            return lambda _: True


def _own(dotted: str, holder: str) -> str:
    """The member's own name, if it stands in that structure."""
    path, _, name = dotted.rpartition(".")
    return name if path == holder else ""


def _choice(name: str, by_value: dict[str, list[_Test]]) -> _Test:
    def keeps(value: _Value) -> bool:
        text: str = value.get(name)  # type: ignore[assignment]  # it is a text or nothing
        return all(holds(value) for holds in by_value.get(text, ()))

    return keeps


def _unit(rule: Unit, name: str) -> _Test:
    least, most = rule.least, rule.most

    def keeps(value: _Value) -> bool:
        number = value.get(name)
        return number is None or least <= number <= most  # type: ignore[operator]  # it is a number

    return keeps


def _ordering(earlier: str, later: str) -> _Test:
    def keeps(value: _Value) -> bool:
        first, second = value.get(earlier), value.get(later)
        return first is None or second is None or first <= second  # type: ignore[operator]  # both are numbers

    return keeps


def _embedded(name: str) -> _Test:
    def keeps(value: _Value) -> bool:
        text = value.get(name)
        if not text:
            return True
        try:
            jiter.from_json(text.encode(), allow_inf_nan=False)  # type: ignore[union-attr]  # it is a text
        except ValueError:
            return False
        return True

    return keeps


def _pattern(rule: Pattern, name: str) -> _Test:
    search = _search(rule.pattern)

    def keeps(value: _Value) -> bool:
        text = value.get(name)
        return not text or search(text) is not None  # type: ignore[arg-type]  # it is a text

    return keeps


def _separated(rule: Separated, name: str) -> _Test:
    separator, foreign = rule.separator, rule.foreign

    def keeps(value: _Value) -> bool:
        text: str = value.get(name)  # type: ignore[assignment]  # it is a text or nothing
        if not text:
            return True
        if any(each in text for each in foreign):
            return False
        return all(each.strip() for each in text.split(separator))

    return keeps


def _consequence(condition: Condition, holder: str) -> _Test:
    holds, name = _condition(condition, holder), _own(condition.field, holder)
    if condition.test in {Test.EMPTY, Test.FILLED}:
        return holds
    return lambda value: not value.get(name) or holds(value)  # what is absent fails no comparison


def _condition(condition: Condition, holder: str) -> _Test:
    name = _own(condition.field, holder)
    match condition.test:
        case Test.FILLED:
            return lambda value: value.get(name) not in (None, "")
        case Test.EMPTY:
            return lambda value: value.get(name) in (None, "")
        case Test.ONE_OF:
            values = frozenset(condition.values)
            return lambda value: value.get(name) in values
        case Test.MATCHES:
            return _matching(name, condition.pattern)
        case Test.LACKS:
            matches = _matching(name, condition.pattern)
            return lambda value: bool(value.get(name)) and not matches(value)


def _matching(name: str, pattern: str) -> _Test:
    search, words = _search(pattern), _words(pattern)

    def matches(value: _Value) -> bool:
        text: str = value.get(name)  # type: ignore[assignment]  # it is a text or nothing
        return bool(text) and all(each in text for each in words) and search(text) is not None

    return matches


def _search(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """As check.semantics compiles it: a last `$` is the end, not before a final newline."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern).search


def _words(pattern: str) -> tuple[str, ...]:
    """Words without which the pattern cannot match; none if it offers a choice."""
    bare = _GROUP.sub(" ", pattern)
    return () if "|" in bare or "(" in bare else tuple(_WORD.findall(bare))
