"""One breach of the contract before it is known where the capture stands and how severe it is."""

import json
import re
from dataclasses import dataclass

from docpact.finding import Scalar
from docpact.span import Origin

Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None
ValuePath = tuple[str | int, ...]

MASKED = re.compile(r"\S*\*{3}\S*")  # a redacted value: asterisks and no white space
_SHOWN = 80  # characters of a captured value that a message repeats


@dataclass(frozen=True, slots=True)
class Breach:
    """What a check noticed; the origin is set where the rule's own ruling does not say enough."""

    rule: str
    message: str
    path: ValuePath = ()
    origin: Origin | None = None
    line: int | None = None  # of the body; looked up by the path if not set
    column: int | None = None
    expected: Scalar | tuple[str, ...] = None
    actual: Scalar = None


def is_masked(value: object) -> bool:
    """Whether a captured value was redacted."""
    return isinstance(value, str) and MASKED.fullmatch(value) is not None


def shown(value: object) -> str:
    """A captured value for a message: short, on one line, with nothing a terminal would obey."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 2] + '…"'
    return printable(text)


def printable(text: str) -> str:
    """The text with every character that is not printable written as an escape."""
    return text if text.isprintable() else "".join(_escaped(each) for each in text)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def scalar(value: object) -> Scalar:
    """A captured value for a report; structures are only named."""
    if isinstance(value, dict | list):
        return shown(value)
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return value if isinstance(value, int | float) else None


def dotted(path: ValuePath) -> str:
    """A path as people write it: Instance.EndTime."""
    return ".".join(str(step) for step in path)


def pointer(path: ValuePath) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
