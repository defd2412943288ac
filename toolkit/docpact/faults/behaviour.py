"""What a server with a fault of behaviour does otherwise, as hooks that a server calls."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from docpact.contract import Media

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
