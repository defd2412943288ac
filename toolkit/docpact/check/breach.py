"""One breach of the contract before it is known where the capture stands and how severe it is."""

import json
from dataclasses import dataclass

from docpact.finding import Scalar
from docpact.printable import printable
from docpact.span import Origin

Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None
ValuePath = tuple[str | int, ...]

_MASK = "***"
_SHOWN = 80  # characters of a captured value that a message repeats
_NAMED = 60  # characters of a captured name


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

    def concerns(self, path: ValuePath) -> bool:
        """Whether this is about a value, about one within it, or about one that it is within."""
        shorter = min(len(path), len(self.path))
        return path[:shorter] == self.path[:shorter]


def is_masked(value: object) -> bool:
    """Whether a captured value was redacted: asterisks in a single word, not in running text."""
    if not isinstance(value, str) or _MASK not in value:
        return False
    word = value.replace(" | ", "|")  # two halves, as a handler has them
    return word.split(maxsplit=1) == [word]


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


def scalar(value: object) -> Scalar:
    """A captured value for a report; structures are only named."""
    if isinstance(value, dict | list):
        return shown(value)
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return value if isinstance(value, int | float) else None


def documented(path: ValuePath) -> tuple[str, ...]:
    """The path of the field that stands there: without the numbers of items."""
    return tuple(step for step in path if isinstance(step, str))


def dotted(path: ValuePath) -> str:
    """A path as people write it: Instance.EndTime."""
    return ".".join(_named(str(step)) for step in path)


def _named(name: str) -> str:
    return name if len(name) <= _NAMED else name[: _NAMED - 1] + "…"


def pointer(path: ValuePath) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
