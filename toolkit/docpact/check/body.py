"""A body after parsing: one value for JSON and XML alike, and where each part of it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from docpact.check.breach import Breach, Value, ValuePath
from docpact.contract import Media

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 64

Place = tuple[int, int | None]  # line and column within the body, counted from 1
Placing = Callable[[ValuePath], Place | None]


def _nowhere(_path: ValuePath) -> Place | None:
    return None


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says, or nothing where it could not be read."""

    media: Media
    breaches: tuple[Breach, ...]  # of the format itself
    readable: bool = False
    value: Value = None
    root: str | None = None  # of an XML document
    texts: Mapping[ValuePath, str] = field(default_factory=dict)  # XML only: leaves as written
    place_of: Placing = _nowhere

    @property
    def members(self) -> dict[str, Value] | None:
        """The value if it is an object."""
        return self.value if isinstance(self.value, dict) else None
