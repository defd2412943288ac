"""A text holds a document of another format."""

import json
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from docpact.contract.constraints.constraint import Constraint, Demand, Leaves
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation

_DECODER: Final = msgspec.json.Decoder(msgspec.Raw)  # reads strictly and makes nothing of it


class Embedded(Constraint, frozen=True):
    """A filled text holds a document of another format."""

    rule = Rule(
        "embedded-syntax",
        Family.MEANING,
        Grade.IMPLIED,
        "A text that should hold a JSON document does not",
        "Some fields hold JSON inside a string.",
        '"AutoScaleParams": "{isOnOff:false}"',
        "A server that cuts long texts, or whose documents have comments, which some JSON "
        "libraries write.",
    )

    id: str
    field: str
    media_type: str
    origin: Origin

    def holds(self, values: Leaves) -> bool:
        """Whether the text can be read."""
        text = values.get(self.field)
        return not isinstance(text, str) or not text or is_json(text)

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A document of that format."""
        del values
        return replace(demand, media_type=self.media_type)

    def broken(self, values: "Values") -> "Violation":
        """The text that cannot be read."""
        message = f"{self.field} is {values.text(self.field)}, which is not valid {self.media_type}"
        return values.violation(self, message, self.media_type, actual=values.leaves[self.field])

    def json_schema(self) -> dict[str, object]:
        """The media type, which only annotates."""
        return {"contentMediaType": self.media_type}

    def describe(self) -> str:
        """What the text holds."""
        return f"{self.field} holds {self.media_type}"


def is_json(text: str) -> bool:
    """Whether a text is a JSON document."""
    try:
        _DECODER.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _is_json_of_any_characters(text)
    return True


def _is_json_of_any_characters(text: str) -> bool:
    """Whether it is one for the standard library, which also reads halves of surrogate pairs."""
    try:
        json.loads(text, parse_constant=_refuse_constant, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
