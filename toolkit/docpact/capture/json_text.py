"""Read JSON documents within captures, unless they hold more values than any call."""

import json
import re
from typing import Final

MOST_VALUES: Final = 1_000_000  # five times those of the largest answer that is judged

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{,]', re.DOTALL)


def parsed(text: bytes) -> object:
    """The document as a value.

    Raises ValueError if it is no JSON, or holds too many values: a few bytes of each would become
    a hundred; RecursionError if it is too deep.
    """
    if len(text) > MOST_VALUES and _holds_too_many(text):
        raise ValueError(f"it holds more than {MOST_VALUES:,} values")
    return json.loads(text)


def _holds_too_many(text: bytes) -> bool:
    if sum(map(text.count, (b",", b"[", b"{"))) <= MOST_VALUES:
        return False
    # Bodies are texts here, and what stands in a text is no value.
    values = (each for each in _TOKEN.finditer(text) if text[each.start()] != ord('"'))
    return any(number >= MOST_VALUES for number, _ in enumerate(values))
