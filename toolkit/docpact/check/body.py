"""A body after parsing: one value for JSON and XML alike, and where each part of it stands."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field

from docpact.check.breach import Breach, Value, ValuePath
from docpact.contract import Media

MAX_DEPTH = 64  # levels of nesting
MAX_PARTS = 200_000  # members, items or elements

Place = tuple[int, int | None]  # line and column within the body, counted from 1
Placing = Callable[[Set[ValuePath]], Mapping[ValuePath, Place]]


def _nowhere(_paths: Set[ValuePath]) -> Mapping[ValuePath, Place]:
    return {}


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says, or nothing where it could not be read."""

    media: Media
    breaches: tuple[Breach, ...]  # of the format itself
    readable: bool = False
    value: Value = None
    root: str | None = None  # of an XML document
    texts: Mapping[ValuePath, str] = field(default_factory=dict)  # XML only: leaves as written
    places_of: Placing = _nowhere  # where some paths stand, looked up all at once

    @property
    def members(self) -> dict[str, Value] | None:
        """The value if it is an object."""
        return self.value if isinstance(self.value, dict) else None
