"""What a fault is: a named way for an answer, or for a server's behaviour, to be wrong.

Each row of the catalogue says what must notice its fault: the rules in `breaks`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto
from functools import lru_cache
from typing import Final

from docpact.contract import Contract, Media, load_bundled
from docpact.core.exchange import Response
from docpact.faults.parsed_response import Members, ParsedResponse, parsed

LARGEST_32_BITS: Final = 2**31 - 1
LARGEST_EXACT_DOUBLE: Final = 2**53
_LOWER_HEX: Final = re.compile(r"%(?:[a-f][0-9a-fA-F]|[0-9A-F][a-f])")
_ENCODED_SLASH: Final = re.compile("%2f", re.IGNORECASE)
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)


class RequestDefect(Enum):
    """What is wrong with a request that a correct server refuses."""

    STOPPED_JOB = auto()
    UNKNOWN_INSTANCE = auto()
    ID_NOT_A_NUMBER = auto()
    OTHER_PROJECT = auto()
    UNKNOWN_FORMAT = auto()
    WRONG_METHOD = auto()
    NO_SIGNATURE = auto()
    WRONG_SIGNATURE = auto()
    UNKNOWN_KEY = auto()
    QUERY_NOT_SIGNED = auto()
    OTHER_SCHEME = auto()
    SIGNATURE_END = auto()  # only the beginning of the signature is right


def _never(_input: object) -> bool:
    return False


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What a server with the fault does otherwise: each hook left out is that of a correct one."""

    overlooks: RequestDefect | None = None  # answers requests with this defect
    reads_path: Callable[[str], str] = _as_it_is  # takes a path for another one
    refuses_path: Callable[[str], bool] = _never  # by the path as it is sent
    refuses_values: Callable[[Sequence[str]], bool] = _never  # by the decoded values of the path
    refuses_accept: Callable[[str], bool] = _never  # by the Accept header
    hangs_up: Callable[[str], bool] = _never  # closes the connection, by the request's target
    fails_call: Callable[[int], bool] = _never  # by the number of the call
    repeats_request_id: Callable[[int], bool] = _never  # by the number of the call
    always_in: Media | None = None  # the format of every answer
    differs_in: Media | None = None  # changes a text in answers of this format
    omits_allow: bool = False
    is_slow: bool = False  # answers later than clients wait


def overlooks(behaviours: Collection[Behaviour], defect: RequestDefect) -> bool:
    """Whether a server answers requests with a defect."""
    return any(each.overlooks is defect for each in behaviours)


def every(interval: int) -> Callable[[int], bool]:
    """Whether a call is the last of an interval of that many."""
    return lambda call: call % interval == 0


def splits_encoded_slashes(path: str) -> str:
    """The path with a slash for each %2F."""
    return _ENCODED_SLASH.sub("/", path)


def reads_plus_as_space(path: str) -> str:
    """The path with a space for each plus sign."""
    return path.replace("+", " ")


def has_lower_case_hex(path: str) -> bool:
    """Whether a path has an escape in lower case, as %c3."""
    return _LOWER_HEX.search(path) is not None


def has_number_beyond(most: int) -> Callable[[Sequence[str]], bool]:
    """Whether one of the values is a number beyond a limit."""
    return lambda values: any(
        _WHOLE_NUMBER.fullmatch(each) and abs(int(each)) > most for each in values
    )


def has_non_ascii(values: Sequence[str]) -> bool:
    """Whether one of the values is not ASCII."""
    return not all(map(str.isascii, values))


def has_space(values: Sequence[str]) -> bool:
    """Whether one of the values holds a space."""
    return any(" " in each for each in values)


def is_longer_than(most: int) -> Callable[[str], bool]:
    """Whether a target is longer than a limit."""
    return lambda target: len(target) > most


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
