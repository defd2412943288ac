"""What a fault is: a named way for an answer, or for a server's behaviour, to be wrong.

Each row of the catalogue says what must notice its fault: the rules in `breaks`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from docpact.contract import Contract, Media, load_bundled
from docpact.core.exchange import Response
from docpact.faults.behaviour import Behaviour
from docpact.faults.parsed_response import Members, ParsedResponse, parsed

# Another response, body or value of the body; nothing where this answer cannot show the fault.
Changed = Response | str | Members | None
Change = Callable[[ParsedResponse], Changed]
Fits = Callable[[Contract], bool]

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
    """Answers of every contract can have the fault."""
    return True


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to be wrong, by a name that never changes once released."""

    name: str
    summary: str  # what a server with this fault does
    breaks: frozenset[str]  # the rules that must notice it, all of them and no others
    shows: Shows = Shows.ALWAYS
    media: frozenset[Media] = BOTH
    gives: tuple[tuple[str, str], ...] = ()  # the texts that members of the instance have with it
    change: Change | None = field(default=None, repr=False)  # of a single answer
    behaviour: Behaviour | None = field(default=None, repr=False)  # of a server, instead
    fits: Fits = field(default=fits_any, repr=False)  # whether answers of a contract can have it

    @property
    def is_behaviour(self) -> bool:
        """Whether only a server can have the fault, and not one answer alone."""
        return self.behaviour is not None

    @property
    def needs_request(self) -> bool:
        """Whether the answer looks right without the request."""
        return "wrong-echo" in self.breaks

    def apply(self, response: Response, contract: Contract | None = None) -> Response | None:
        """The response with the fault, or nothing where this response cannot show it.

        It answers a call of the contract; of the one that ships, if none is given.
        """
        known = contract or _bundled()
        if self.change is None or (response.ok is False) is not (self.shows is Shows.ON_ERRORS):
            return None
        answer = parsed(response, known)
        if answer.media not in self.media or not self.fits(known):
            return None
        return _response(answer, self.change(answer))


def _response(answer: ParsedResponse, changed: Changed) -> Response | None:
    if isinstance(changed, dict):
        changed = answer.text(changed)
    elif isinstance(changed, str) and changed == answer.text():
        return None
    if isinstance(changed, str):
        return replace(answer.response, body=changed.encode("utf-8", "surrogatepass"))
    return changed


_bundled = lru_cache(maxsize=1)(load_bundled)


@dataclass(frozen=True, slots=True)
class TargetedChange:
    """A change of members that not every contract has."""

    @property
    def gives(self) -> tuple[tuple[str, str], ...]:
        """The texts that members of the instance have with the fault."""
        return ()

    def fits(self, contract: Contract) -> bool:
        """Whether answers of a contract can have the fault."""
        raise NotImplementedError

    def __call__(self, answer: ParsedResponse) -> Changed:
        """The answer with the fault."""
        raise NotImplementedError


Row = tuple[str, str, Change | TargetedChange | Behaviour]  # name, summary, and what is changed


def faults(
    rules: str,
    *rows: Row,
    media: frozenset[Media] = BOTH,
    shows: Shows = Shows.ALWAYS,
    fits: Fits = fits_any,
) -> Iterator[Fault]:
    """A part of the catalogue: the faults that exactly these rules must notice."""
    breaks = frozenset(rules.split())
    for name, summary, change in rows:
        if isinstance(change, Behaviour):
            yield Fault(name, summary, breaks, shows, behaviour=change)
        elif isinstance(change, TargetedChange):
            gives, needs = change.gives, change.fits
            yield Fault(name, summary, breaks, shows, media, gives, change, fits=needs)
        else:
            yield Fault(name, summary, breaks, shows, media, change=change, fits=fits)
