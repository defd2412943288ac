"""What is masked wherever it stands: access keys, and names that are none."""

import re
from functools import lru_cache
from typing import Final

from docpact.check.breach import is_plain_name

MASK: Final = "***"
_ACCESS_KEY = re.compile(r"(?<![A-Za-z0-9])(?:LTAI|STS\.)[A-Za-z0-9]{8,}|(?i:\bacs +)[^\s:]+:\S+")


def without_keys(text: str) -> str:
    """The text without access keys and signatures, which have a form of their own."""
    return _ACCESS_KEY.sub(MASK, text)


def told_step(name: str) -> str:
    """A member's name, if it looks like one: in place of a structure, names are data."""
    is_told = not name or name.isdecimal() or is_plain_name(name)
    return without_keys(name) if is_told else MASK


@lru_cache(maxsize=1024)
def told_path(path: str) -> str:
    """A dotted path without names that are none, whichever contract has it."""
    return ".".join(map(told_step, path.split(".")))
