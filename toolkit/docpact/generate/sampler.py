"""Draw valid answers in bulk: the promises of plan.py, kept by plain random choices.

Hypothesis explores and shrinks; this is for a hundred thousand answers at a time.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count as counting
from random import Random
from typing import Final

from msgspec.structs import replace

from docpact.contract import (
    WHOLE_NUMBERS,
    Answer,
    Condition,
    Constraint,
    Constraints,
    Contract,
    Field,
    Implication,
    Kind,
    Media,
    Ordering,
    Test,
    fields_of,
)
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Response
from docpact.core.serialize import JsonStyle, XmlStyle, json_text, xml_text
from docpact.generate.forms import Draw, texts_of
from docpact.generate.response_model import (
    HARD_LONGS,
    Leaf,
    MediaChoice,
    Plan,
    Value,
    found,
    leaves_of,
    plan_for,
    ways_to_be_empty,
    writable,
)
from docpact.generate.responses import FAILURE_STATUSES
from docpact.generate.texts import DECLARATIONS, HARD_NAMES, JSON_TYPES, XML_TYPES, is_plain

_TRIES: Final = 1000
_COINS: Final = (False, True)
_MOST_ITEMS: Final = 3


def sample(plan: Plan, random: Random) -> Value:
    """One answer as a decoded value."""
    return Sampler(plan).value(random)


def sample_responses(
    contract: Contract,
    *,
    seed: int,
    media: MediaChoice = "both",
    count: int | None = None,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Response]:
    """Successful responses without end, or as many as asked for; the same for the same seed.

    `chosen` keeps members to some of their listed values; `plan.filters` makes it.
    """
    sampler = Sampler(plan_for(contract, contract.success, media=media, chosen=chosen))
    random = Random(seed)  # noqa: S311  # repeatable is the point
    for _ in range(count) if count is not None else counting():
        yield sampler.response(random)


def sample_failures(
    contract: Contract, *, seed: int, media: MediaChoice = "both", count: int | None = None
) -> Iterator[Response]:
    """Failures as the contract knows them, or none at all."""
    if contract.failure is None:
        return
    plan = plan_for(contract, contract.failure, media=media)
    sampler = Sampler(plan, statuses=FAILURE_STATUSES)
    random = Random(seed)  # noqa: S311  # repeatable is the point
    for _ in range(count) if count is not None else counting():
        yield sampler.response(random)


@dataclass(frozen=True, slots=True)
class _Member:
    """What is the same for every value of a member."""

    path: str
    field: Field
    decided: bool  # other members decide on it
    unset: tuple[tuple[Leaf, ...], ...]  # each way to be unset: left out, or with one value
    text: Draw


class Sampler:
    """Draws answers of one plan; what is the same in all of them is worked out once."""

    def __init__(
        self, plan: Plan, *, statuses: tuple[int, ...] = (200,), one_line: bool = False
    ) -> None:
        self._plan = plan
        self._reserved = {path: plan.reserved(path) for path in plan.order}
        self._statuses = statuses
        self._indents = (None,) if one_line else (None, None, 0, 2, 4)
        self._one_line = one_line
        leaves = [_member(path, field, plan) for path, field in leaves_of(plan.answer)]
        self._items = {path: _item_draw(path, items, plan) for path, items in plan.lists.items()}
        leaves.sort(key=lambda each: plan.order[each.path])
        # Members that are tied may turn out not to fit, so those that hardly ever do can wait.
        tied = {each for rule in plan.constraints for each in fields_of(rule) if _ties(rule)}
        self._tied = tuple(each for each in leaves if each.path in tied)
        self._free = tuple(each for each in leaves if each.path not in tied)

    def response(self, random: Random) -> Response:
        """A response with status, headers and a body in any style that a writer may have."""
        return self.written(self.value(random), random)

    def value(self, random: Random) -> Value:
        """An answer as a decoded value.

        Raises WrongConfiguration if none is found that keeps to what the caller chose.
        """
        for _ in range(_TRIES):
            drawn: dict[str, Leaf] = {}
            fits = self._draw(self._tied, drawn, random) and self._plan.kept(drawn)
            if fits and self._draw(self._free, drawn, random):
                return self._struct(self._plan.answer.fields, "", drawn, random)
        wanted = " and ".join(f"{path} {' or '.join(v)}" for path, v in self._plan.chosen.items())
        raise WrongConfiguration(
            f"no answer was found with {wanted or 'every promise kept'}",
            hint="The page ties these values to each other; ask for fewer of them.",
        )

    def written(self, value: Value, random: Random) -> Response:
        """The response that carries a value, in one of the formats and in any style."""
        if random.choice(self._plan.media) is Media.JSON:
            body = json_text(value, self._json_style(random))
            content_type = random.choice(JSON_TYPES)
        else:
            body = xml_text(self._plan.answer.root, value, _xml_style(random))
            content_type = random.choice(XML_TYPES)
        status = random.choice(self._statuses)
        return Response(body.encode(), status, (("Content-Type", content_type),))

    def _json_style(self, random: Random) -> JsonStyle:
        return JsonStyle(
            indent=random.choice(self._indents),
            ascii_only=random.choice(_COINS),
            escape_slashes=random.choice(_COINS),
            spaced=random.choice(_COINS),
            final_newline=not self._one_line and random.choice(_COINS),
        )

    def _draw(self, members: tuple[_Member, ...], drawn: dict[str, Leaf], random: Random) -> bool:
        """Draw members one after the other; stop if the first leave no choice for another."""
        for member in members:
            fired = self._plan.fired(member.path, drawn) if member.decided else []
            tests = {each.test for each in fired}
            may_be_unset = not member.field.required and Test.FILLED not in tests
            if Test.EMPTY in tests or (may_be_unset and random.random() < 1 / 3):
                for leaf in random.choice(member.unset):
                    drawn[member.path] = leaf
                continue
            leaf = self._filled(member, fired, drawn, random)
            if leaf is None:
                return False
            drawn[member.path] = leaf
        return True

    def _filled(
        self,
        member: _Member,
        fired: list[Condition],
        drawn: Mapping[str, Leaf],
        random: Random,
    ) -> Leaf:
        """A value for a member; nothing if none fits what was drawn before."""
        if member.field.values:
            listed = self._plan.listed(member.path, member.field, fired)
            return random.choice(listed) if listed else None
        if member.field.kind in WHOLE_NUMBERS:
            least, most = self._plan.range(member.path, drawn)
            number = _long(least, most, random) if least <= most else None
            return None if str(number) in self._reserved.get(member.path, ()) else number
        if member.field.kind is Kind.FLOAT:
            return random.randint(-(10**6), 10**6) / 8  # a number that both formats write alike
        if member.field.kind is Kind.BOOLEAN:
            return random.choice(_COINS)
        text = member.text(random)
        for condition in fired:
            if condition.test is Test.MATCHES:
                text = f"{text}\n{_line(condition.pattern, random)}"
            elif condition.test is Test.LACKS and found(condition.pattern)(text):
                return None
        return text

    def _struct(
        self, fields: tuple[Field, ...], parent: str, drawn: Mapping[str, Leaf], random: Random
    ) -> Value:
        """The members in their structures; writers differ in the order of members."""
        made: Value = {}
        for field in _ordered(writable(fields, self._plan.media), random):
            path = f"{parent}{field.name}"
            if field.repeated:
                amount = random.randrange(0 if not field.required else 1, _MOST_ITEMS + 1)
                if amount:  # an XML list without items is no element at all
                    made[field.name] = [self._items[path](random) for _ in range(amount)]
            elif field.kind is Kind.STRUCT:
                made[field.name] = self._struct(field.fields, f"{path}.", drawn, random)
            elif field.kind is Kind.MAP:
                made[field.name] = {"k1": "v1", "k2": "v2"}
            elif path in drawn:
                made[field.name] = drawn[path]
        return made


def _item_draw(path: str, items: Plan | None, plan: Plan) -> Callable[[Random], Leaf | Value]:
    """What draws the items of a list."""
    if items is not None:
        return Sampler(items).value
    field = plan.answer.find(tuple(path.split(".")))
    assert field is not None  # the plan is made from the answer  # noqa: S101
    alone = (replace(field, repeated=False, required=field.origin),)
    single = Answer("", field.origin, alone, field.origin)
    sampler = Sampler(Plan(single, Constraints(), plan.media, {}, {field.name: 0}))

    def drawn(random: Random) -> Leaf | Value:
        leaf = sampler.value(random)[field.name]
        return None if isinstance(leaf, list) else leaf

    return drawn


def _ties(rule: Constraint) -> bool:
    return isinstance(rule, Implication | Ordering)


def _member(path: str, field: Field, plan: Plan) -> _Member:
    decided = any(each.then.field == path for each in plan.constraints.implications)
    unset = ((), *((leaf,) for leaf in ways_to_be_empty(field)))
    return _Member(path, field, decided, unset, _texts(path, plan))


def _texts(path: str, plan: Plan) -> Draw:
    """What draws texts in the form that the contract gives a field."""
    constraints = plan.constraints
    forms = [each.pattern for each in constraints.patterns if each.field == path]
    if forms:
        return _formed(forms)
    if any(each.field == path for each in constraints.embedded):
        return document
    for each in constraints.separated:
        if each.field == path:
            return entries(each.separator, each.foreign)
    if any(each.field == path for each in constraints.echoes):
        return name
    return free_texts(plan.media)


def _formed(forms: list[str]) -> Draw:
    """Draws texts of every one of the forms; the last is the finest and fits the coarser ones."""
    fits: list[Callable[[str], bool]] = [found(form) for form in forms[:-1]]
    finest = texts_of(forms[-1])

    def drawn(random: Random) -> str:
        for _ in range(_TRIES):
            text = plain(finest, random)
            if all(each(text) for each in fits):
                return text
        raise WrongConfiguration(f"no text was found that has all of the forms {forms}")

    return drawn


def _line(pattern: str, random: Random) -> str:
    """A line that holds what a pattern looks for, as a configuration has it."""
    rest = random.choices("abcdefghijklmnopqrstuvwxyz.", k=random.randint(1, 20))
    return texts_of(pattern)(random).lstrip("\n") + "".join(rest)


def _long(least: int, most: int, random: Random) -> int:
    kind = random.randrange(4)
    if kind == 0:
        hard = [each for each in (least, most, *HARD_LONGS) if least <= each <= most]
        return random.choice(hard)
    if kind == 1:  # not far from the least: a job that ends soon after its start
        return random.randint(least, min(most, least + 100_000))
    return random.randint(least, most)


def _ordered(fields: tuple[Field, ...], random: Random) -> tuple[Field, ...]:
    kind = random.randrange(4)
    if kind == 0:
        return tuple(random.sample(fields, len(fields)))
    return fields[::-1] if kind == 1 else fields


def _xml_style(random: Random) -> XmlStyle:
    return XmlStyle(
        declaration=random.choice(DECLARATIONS),
        indent=random.choice((0, 2, 4)),
        cdata=random.choice(_COINS),
        long_empty=random.choice(_COINS),
        quotes_escaped=random.choice(_COINS),
        comment=random.choice(_COINS),
        final_newline=random.choice(_COINS),
    )


_RANGES: Final = (
    (0x20, 0x7E),  # ASCII
    (0xA1, 0x17F),  # Latin
    (0x300, 0x30F),  # combining marks
    (0x391, 0x3C9),  # Greek, with a hole that is no character
    (0x5D0, 0x5EA),  # Hebrew, written from right to left
    (0x200B, 0x200F),  # without width, and marks of direction
    (0x2028, 0x2029),  # separators of lines and paragraphs
    (0x3001, 0x3003),  # full-width punctuation
    (0x4E00, 0x4E40),  # Chinese
    (0xFF01, 0xFF0F),
    (0xFFFD, 0xFFFD),
    (0x1F600, 0x1F640),  # beyond the basic plane
)
_READABLE: Final = "".join(
    chr(each)
    for first, last in _RANGES
    for each in range(first, last + 1)
    if each != 0x3A2  # noqa: PLR2004
)
_VISIBLE: Final = "".join(each for each in _READABLE if each.isprintable())
_MARKUP: Final = "&<>\"'\t\n\r" * 4  # often enough to matter
_CONTROLS: Final = "".join(map(chr, range(0x20))) + '\x7f"\\/'
_WORDS: Final = (
    *("select", "from", "orders", "where", "x < 5", "&&", "]]>", "--", "null", "0", '"', "\\"),
    *("实时", "计算", "naïve", "🚀", "'quoted'", "https://example.com/?a=1&b=2"),
    "java.lang.RuntimeException:",
)
_TRIES_OF_TEXT: Final = 100


def name(random: Random) -> str:
    """A name of a job or a project; never masked, never mere white space."""
    if random.random() < 0.5:  # noqa: PLR2004
        return random.choice(HARD_NAMES)
    return plain(line, random)


def line(random: Random) -> str:
    """A text on one line that both formats can hold."""
    return "".join(random.choices(_VISIBLE, k=random.randint(1, 24)))


def plain(draw: Draw, random: Random) -> str:
    """A text that is neither masked nor mere white space."""
    for _ in range(_TRIES_OF_TEXT):
        text = draw(random)
        if is_plain(text):
            return text
    return "text"


@lru_cache(maxsize=8)
def free_texts(media: tuple[Media, ...]) -> Draw:
    """Draws texts without a form of their own: short, long, of many lines."""
    characters = _READABLE + (_MARKUP if Media.XML in media else _CONTROLS)

    def short(random: Random) -> str:
        return "".join(random.choices(characters, k=random.randint(1, 40)))

    kinds = (short, short, _words, _words, name, _lines, _long_text)
    return lambda random: plain(random.choice(kinds), random)


def _words(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randint(1, 12)))


def _lines(random: Random) -> str:
    return "\n".join([_words(random) for _ in range(random.randint(2, 6))])


def _long_text(random: Random) -> str:
    return (_words(random) + " ") * random.randint(10, 60)


def document(random: Random) -> str:
    """A JSON document, as it travels inside a text."""
    inner: tuple[Callable[[Random], object], ...] = (_scalar, _list, _object)
    content = {line(random): random.choice(inner)(random) for _ in range(random.randint(0, 3))}
    whole: object = content if random.random() < 0.8 else _scalar(random)  # noqa: PLR2004
    text = json.dumps(whole)
    return text if is_plain(text) else "{}"


def _scalar(random: Random) -> object:
    return random.choice((None, True, False, 0, -(2**53), "", random.random(), name(random)))


def _list(random: Random) -> object:
    return [_scalar(random) for _ in range(random.randint(0, 3))]


def _object(random: Random) -> object:
    return {line(random): _scalar(random) for _ in range(random.randint(0, 3))}


def entries(separator: str, foreign: Sequence[str]) -> Draw:
    """Draws lists in a text, as of packages."""
    parting = (separator, *foreign)
    between = (separator, f"{separator} ")

    def stem(random: Random) -> str:
        text = line(random).strip()
        for each in parting:
            text = text.replace(each, "")
        return f"{text.strip()}.jar"

    def joined(random: Random) -> str:
        stems = [stem(random) for _ in range(random.randint(1, 4))]
        return random.choice(between).join(stems)

    return lambda random: plain(joined, random)
