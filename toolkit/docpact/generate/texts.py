"""Draw texts: names and long texts that are hard for clients, and texts that match a pattern.

Patterns are read here because nothing on the shelf will do: rstr takes a third of a millisecond for
a UUID and orders negated sets by hash, so that the same seed gives other texts in each process;
exrex takes no source of randomness; sre_yield does not know Python 3.11's parser.

In each choice the simplest comes first, since Hypothesis shrinks towards it.
"""

import json
import string
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from random import Random
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]  # no public module parses patterns
from typing import Any, Final
from unicodedata import category

from docpact.contract import Media
from docpact.contract.constraints import Demand, searcher
from docpact.core.errors import BrokenContract, WrongConfiguration

Draw = Callable[[Random], str]

HARD_NAMES: Final = (
    "job1",
    "Nightly Load",
    " padded ",
    "a+b",
    "100%",
    "café",  # composed
    "cafe\u0301",  # with a combining mark
    "实时计算",
    "🚀 launch",
    "a & b < c > d",
    'say "hi"',
    "it's",
    "x" * 64,
)
_RANGES: Final = (
    (0x30, 0x7E),  # ASCII, digits and letters first
    (0x20, 0x2F),
    (0xA1, 0x17F),  # Latin
    (0x300, 0x30F),  # combining marks
    (0x391, 0x3A1),  # Greek
    (0x3A3, 0x3C9),
    (0x5D0, 0x5EA),  # Hebrew, written from right to left
    (0x200B, 0x200F),  # without width, and marks of direction
    (0x2028, 0x2029),  # separators of lines and paragraphs
    (0x3001, 0x3003),  # full-width punctuation
    (0x4E00, 0x4E40),  # Chinese
    (0xFF01, 0xFF0F),
    (0xFFFD, 0xFFFD),
    (0x1F600, 0x1F640),  # beyond the basic plane
)
_READABLE: Final = "".join(chr(each) for first, last in _RANGES for each in range(first, last + 1))
_VISIBLE: Final = "".join(each for each in _READABLE if each.isprintable())
_MARKUP: Final = "&<>\"'\t\n\r" * 4  # often enough to matter
_CONTROLS: Final = "".join(map(chr, range(0x20))) + '\x7f"\\/'
_UNREADABLE: Final = {"Cs", "Cc", "Cn"}  # surrogates, controls and code points without a character
_WORDS: Final = (
    *("select", "from", "orders", "where", "x < 5", "&&", "]]>", "--", "null", "0", '"', "\\"),
    *("实时", "计算", "naïve", "🚀", "'quoted'", "https://example.com/?a=1&b=2"),
    "java.lang.RuntimeException:",
)
_LETTERS: Final = string.ascii_lowercase
_TRIES: Final = 1000
_TRIES_OF_TEXT: Final = 100


def is_plain(text: str) -> bool:
    """Neither masked nor mere white space, which are judged in their own way."""
    return "***" not in text and bool(text.strip())


def plain(draw: Draw, random: Random) -> str:
    """A text that is neither masked nor mere white space."""
    for _ in range(_TRIES_OF_TEXT):
        text = draw(random)
        if is_plain(text):
            return text
    return "text"


def name(random: Random) -> str:
    """A name of a job or a project; never masked, never mere white space."""
    return random.choice(HARD_NAMES) if random.choice((True, False)) else plain(line, random)


def line(random: Random) -> str:
    """A text on one line that both formats can hold."""
    return "".join(random.choices(_VISIBLE, k=random.randint(1, 24)))


def letters(random: Random, most: int = 12, characters: str = _LETTERS) -> str:
    """A word of lower-case letters."""
    return "".join(random.choices(characters, k=random.randint(1, most)))


@lru_cache(maxsize=8)
def free_texts(media: tuple[Media, ...]) -> Draw:
    """Draws texts without a form of their own: short, long, of many lines."""
    characters = _READABLE + (_MARKUP if Media.XML in media else _CONTROLS)

    def short(random: Random) -> str:
        return "".join(random.choices(characters, k=random.randint(1, 40)))

    kinds = (short, short, _words, _words, name, _lines, _any_characters, _long_text)
    return lambda random: plain(random.choice(kinds), random)


def _words(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randint(1, 12)))


def _lines(random: Random) -> str:
    return "\n".join([_words(random) for _ in range(random.randint(2, 6))])


def _long_text(random: Random) -> str:
    return (_words(random) + " ") * random.randint(10, 60)


def _any_characters(random: Random) -> str:
    """A few characters from all of Unicode."""
    drawn = (chr(random.randint(0xA1, 0x10FFFF)) for _ in range(random.randint(1, 20)))
    return "".join(each for each in drawn if category(each) not in _UNREADABLE)


def document(random: Random) -> str:
    """A JSON document, as it travels inside a text."""
    content = {line(random): random.choice(_INNER)(random) for _ in range(random.randint(0, 3))}
    text = json.dumps(_scalar(random) if random.randrange(5) == 4 else content)  # noqa: PLR2004
    return text if is_plain(text) else "{}"


_SCALARS: Final = (None, True, False, 0, -(2**53), "", lambda random: random.random(), name)


def _scalar(random: Random) -> object:
    drawn = random.choice(_SCALARS)
    return drawn(random) if callable(drawn) else drawn


def _list(random: Random) -> object:
    return [_scalar(random) for _ in range(random.randint(0, 3))]


def _object(random: Random) -> object:
    return {line(random): _scalar(random) for _ in range(random.randint(0, 3))}


_INNER: Final = (_scalar, _list, _object)


def entries(separator: str, foreign: Sequence[str]) -> Draw:
    """Draws lists in a text, as of packages."""
    parting = (separator, *foreign)

    def stem(random: Random) -> str:
        text = line(random).strip()
        for each in parting:
            text = text.replace(each, "")
        return f"{text.strip()}.jar"

    def joined(random: Random) -> str:
        stems = [stem(random) for _ in range(random.randint(1, 4))]
        return random.choice((separator, f"{separator} ")).join(stems)

    return lambda random: plain(joined, random)


def matching_all(patterns: Sequence[str]) -> Draw:
    """Draws texts that match every pattern; the last is the finest and fits the coarser ones."""
    fits = [searcher(each) for each in patterns[:-1]]
    finest = matching(patterns[-1])

    def drawn(random: Random) -> str:
        for _ in range(_TRIES):
            text = plain(finest, random)
            if all(each(text) for each in fits):
                return text
        raise WrongConfiguration(f"no text was found that matches all of {list(patterns)}")

    return drawn


def text_draw(demand: Demand, media: tuple[Media, ...]) -> Draw:
    """Draws texts in the form that the contract gives a field."""
    if demand.forms:
        return matching_all(demand.forms)
    if demand.media_type:
        return document
    if demand.separators:
        separator, *foreign = demand.separators
        return entries(separator, foreign)
    return name if demand.is_name else free_texts(media)


def line_with(pattern: str, random: Random) -> str:
    """A line that holds what a pattern looks for, as a configuration has it."""
    return matching(pattern)(random).lstrip("\n") + letters(random, 20, f"{_LETTERS}.")


_NOT_SPACE: Final = string.digits + string.ascii_letters + string.punctuation
_PRINTABLE: Final = _NOT_SPACE + " "
_WORD: Final = string.digits + string.ascii_letters + "_"
_SPACE: Final = " \t\n"
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_NOT_DIGIT": "".join(each for each in _PRINTABLE if each not in string.digits),
    "CATEGORY_SPACE": _SPACE,
    "CATEGORY_NOT_SPACE": _NOT_SPACE,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": "".join(each for each in _PRINTABLE if each not in _WORD),
}
_MORE = 12  # how often an open-ended repetition may come beyond its minimum


@lru_cache(maxsize=256)
def matching(pattern: str) -> Draw:
    """Draws texts in which the pattern is found, in ASCII.

    Raises BrokenContract if the pattern holds what cannot be drawn; so does the returned function
    if none of its texts fits.
    """
    draw = _sequence(parser.parse(pattern), pattern)
    fits = searcher(pattern)

    def drawn(random: Random) -> str:
        for _ in range(_TRIES):
            text = draw(random)
            if fits(text) and not text.endswith("\n"):  # a final `$` means the very end
                return text
        raise _too_hard(pattern)

    return drawn


def _too_hard(pattern: str) -> BrokenContract:
    return BrokenContract(
        f"no text was found that matches the pattern {pattern!r}",
        hint="Use letters, sets, groups, alternatives and repetitions in patterns.",
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
