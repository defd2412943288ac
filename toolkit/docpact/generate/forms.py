"""Draw texts that have the form of a regular expression, in ASCII, fast and from a given source.

Written here because nothing on the shelf will do: rstr takes a third of a millisecond for a UUID
and orders negated sets by hash, so that the same seed gives other texts in each process; exrex
takes no source of randomness; sre_yield does not know Python 3.11's parser.
"""

import string
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from random import Random
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]  # no public module parses patterns
from typing import Any, Final

from docpact.core.errors import BrokenContract
from docpact.generate.response_model import found

Draw = Callable[[Random], str]

_VISIBLE: Final = string.digits + string.ascii_letters + string.punctuation
_PRINTABLE: Final = _VISIBLE + " "
_WORD: Final = string.digits + string.ascii_letters + "_"
_SPACE: Final = " \t\n"
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_NOT_DIGIT": "".join(each for each in _PRINTABLE if each not in string.digits),
    "CATEGORY_SPACE": _SPACE,
    "CATEGORY_NOT_SPACE": _VISIBLE,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": "".join(each for each in _PRINTABLE if each not in _WORD),
}
_MORE = 12  # how often an open-ended repetition may come beyond its minimum
_TRIES = 1000


@lru_cache(maxsize=256)
def texts_of(pattern: str) -> Draw:
    """Draws texts in which the pattern is found.

    Raises BrokenContract if the pattern asks for what this cannot make; the drawing does if the
    texts made never fit.
    """
    draw = _sequence(parser.parse(pattern), pattern)
    fits = found(pattern)

    def drawn(random: Random) -> str:
        for _ in range(_TRIES):
            text = draw(random)
            if fits(text) and not text.endswith("\n"):  # a final `$` means the very end
                return text
        raise _too_hard(pattern)

    return drawn


def _too_hard(pattern: str) -> BrokenContract:
    return BrokenContract(
        f"no text was found that has the form {pattern!r}",
        hint="Forms are made of letters, sets, groups, alternatives and repetitions.",
    )


# The parser's own tree is untyped: pairs of an opcode and what belongs to it.
def _sequence(parsed: Any, pattern: str) -> Draw:  # noqa: ANN401
    draws = [each for node in parsed if (each := _node(node, pattern)) is not None]
    if len(draws) == 1:
        return draws[0]
    return lambda random: "".join([draw(random) for draw in draws])


def _node(node: tuple[Any, Any], pattern: str) -> Draw | None:
    """What draws one part of a pattern; nothing for parts without a length."""
    opcode, value = node
    match str(opcode):
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return None
        case "LITERAL":
            literal = chr(value)
            return lambda _random: literal
        case "SUBPATTERN" | "ATOMIC_GROUP":
            return _sequence(value[-1] if str(opcode) == "SUBPATTERN" else value, pattern)
        case "BRANCH":
            branches = [_sequence(each, pattern) for each in value[1]]
            return lambda random: random.choice(branches)(random)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = value
            return _repeated(least, min(int(most), least + _MORE), repeated, pattern)
    characters = _characters(node)
    if not characters:
        raise _too_hard(pattern)
    return lambda random: random.choice(characters)


def _repeated(least: int, most: int, parsed: Any, pattern: str) -> Draw:  # noqa: ANN401
    characters = _characters(parsed[0]) if len(parsed) == 1 else ""
    if characters:
        return lambda random: "".join(random.choices(characters, k=random.randint(least, most)))
    draw = _sequence(parsed, pattern)
    return lambda random: "".join([draw(random) for _ in range(random.randint(least, most))])


def _characters(node: tuple[Any, Any]) -> str:
    """The characters that a part of one character allows; none for other parts."""
    opcode, value = node
    match str(opcode):
        case "ANY":
            return _PRINTABLE
        case "NOT_LITERAL":
            return _PRINTABLE.replace(chr(value), "")
        case "IN":
            return _set(value)
    return ""


def _set(items: Sequence[tuple[Any, Any]]) -> str:
    named = "".join(dict.fromkeys("".join(_members(items))))
    if str(items[0][0]) != "NEGATE":
        return named
    return "".join(each for each in _PRINTABLE if each not in named)


def _members(items: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    for opcode, value in items:
        match str(opcode):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                first, last = value
                # A range beyond ASCII is cut: its beginning is as good as all of it.
                yield "".join(map(chr, range(first, min(last, max(first, 0x7F)) + 1)))
            case "CATEGORY":
                yield _CATEGORIES[str(value)]
            case _:
                pass
