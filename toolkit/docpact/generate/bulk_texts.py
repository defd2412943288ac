"""Draw texts from a plain source of randomness: as varied as cheap, for bulk.

The same kinds of text as in texts.py, from fixed characters, so that a seed means the same texts
whatever Python's version knows of Unicode.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Final

from docpact.contract import Media
from docpact.generate.forms import Draw
from docpact.generate.texts import HARD_NAMES, is_plain

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
_TRIES: Final = 100


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
    for _ in range(_TRIES):
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

    kinds = (short, short, _words, _words, name, _lines, _long)
    return lambda random: plain(random.choice(kinds), random)


def _words(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randint(1, 12)))


def _lines(random: Random) -> str:
    return "\n".join([_words(random) for _ in range(random.randint(2, 6))])


def _long(random: Random) -> str:
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
