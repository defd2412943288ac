"""What a fault is: a named breakage of a correct answer, or of correct behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from random import Random

from docpact.contract import Contract, Media, load_bundled
from docpact.core.exchange import Response

Change = Callable[[Response, Random, Contract], Response | None]

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


def fits_any(_contract: Contract) -> bool:
    """Of a fault that answers of every contract can have."""
    return True


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
    fits: Callable[[Contract], bool] = field(default=fits_any, repr=False)  # if answers can have it

    @property
    def is_behaviour(self) -> bool:
        """Whether it takes a server to show the fault, and not one answer alone."""
        return self.change is None

    @property
    def needs_request(self) -> bool:
        """Whether the answer looks right to who does not know what was asked."""
        return "wrong-echo" in self.breaks

    def apply(
        self, response: Response, random: Random, contract: Contract | None = None
    ) -> Response | None:
        """The response with the fault, or nothing where this response cannot show it.

        It answers a call of the contract; of the one that ships, if none is given.
        """
        known = contract or usual_contract()
        if self.change is None or media_of(response) not in self.media or not self.fits(known):
            return None
        return self.change(response, random, known)


@lru_cache(maxsize=1)
def usual_contract() -> Contract:
    """The contract that ships with docpact."""
    return load_bundled()


def media_of(response: Response) -> Media:
    """The format of an answer that docpact made itself."""
    return Media.XML if response.body.lstrip().startswith(b"<") else Media.JSON
