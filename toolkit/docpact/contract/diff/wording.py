"""What can be compared of words: the values they name, and whether they are the same words."""

import re
from typing import Final

# A number that stands alone: no part of a date, a version, a range or a name.
_NUMBER: Final = re.compile(
    r"(?<![\w.:/-])[-\u2212\u2013\uff0d]?\d+(?:\.\d+)?(?![\w:/-]|\.\d)", re.ASCII
)
_LITERAL: Final = re.compile(r"(?<![\w.])(?:true|false|null)(?!\w)", re.ASCII)
_MINUS: Final = re.compile("^[\u2212\u2013\uff0d]")
_LONGEST: Final = 60


def named_values(text: str) -> frozenset[str]:
    """The values that a text gives a meaning to: lone numbers, true, false and null."""
    numbers = (_MINUS.sub("-", each) for each in _NUMBER.findall(text))
    return frozenset((*numbers, *_LITERAL.findall(text)))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in punctuation and layout at most."""
    return one == other or bare(one) == bare(other)


def bare(text: str) -> str:
    """The text without punctuation and white space; a minus sign is part of its number."""
    signs = re.sub(r"[\u2212\u2013\uff0d-](?=\d)", "\N{MODIFIER LETTER MINUS SIGN}", text)
    return re.sub(r"[^\w\N{MODIFIER LETTER MINUS SIGN}]", "", signs)


def without_values(text: str, values: frozenset[str]) -> str:
    """A description without the lines that list values, which are compared by themselves."""
    return "\n".join(
        line
        for line in text.splitlines()
        if re.split(r"[\s:\uff1a]", line, maxsplit=1)[0] not in values
    )


def short(text: str) -> str:
    """The text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
