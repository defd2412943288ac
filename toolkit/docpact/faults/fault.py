"""What a fault is: a named breakage of a correct answer, or of correct behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from docpact.contract import Media
from docpact.exchange import Response

Change = Callable[[Response, Random], Response | None]

BOTH = frozenset(Media)
JSON_ONLY = frozenset({Media.JSON})
XML_ONLY = frozenset({Media.XML})


class Shows(StrEnum):
    """When a server with a fault shows it."""

    ALWAYS = "always"
    SOME_INPUTS = "only for some inputs"
    SEVERAL_CALLS = "only over several calls"
    ON_ERRORS = "only on errors"
    UNSIGNED = "only without a valid signature"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to be wrong, by a name that never changes once released."""

    name: str
    summary: str  # what a server with this fault does
    breaks: frozenset[str]  # the rules that must notice it, all of them and no others
    shows: Shows = Shows.ALWAYS
    media: frozenset[Media] = BOTH
    gives: tuple[tuple[str, str], ...] = ()  # what members of the instance say with it
    change: Change | None = field(default=None, repr=False)  # none for a fault of behaviour

    @property
    def is_behaviour(self) -> bool:
        """Whether it takes a server to show the fault, and not one answer alone."""
        return self.change is None

    @property
    def needs_request(self) -> bool:
        """Whether the answer looks right to who does not know what was asked."""
        return "wrong-echo" in self.breaks

    def apply(self, response: Response, random: Random) -> Response | None:
        """The response with the fault, or nothing where this response cannot show it."""
        if self.change is None or _media_of(response) not in self.media:
            return None
        return self.change(response, random)


def _media_of(response: Response) -> Media:
    return Media.XML if response.body.lstrip().startswith(b"<") else Media.JSON
