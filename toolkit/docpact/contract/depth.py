"""Tell what is nested deeper than any answer."""

from typing import Final

DEEPEST: Final = 64  # levels, as of bodies


def is_too_deep(value: object) -> bool:
    """Whether a value of JSON has more levels than any answer; some writers fail on such."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values()) or [None]
    return (value or [None]) if isinstance(value, list) else []
