"""Find what a target asks for: the values of the path's parameters, strictly decoded."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from docpact.contract import WHOLE_NUMBERS, Contract, Kind
from docpact.contract.path_template import PathTemplate
from docpact.http.signing import Refusal
from docpact.mock.responses import BAD_URL, NO_SUCH_API, bad_parameter

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2})")
_LOWER_HEX: Final = re.compile(r"%(?:[a-f][0-9a-fA-F]|[0-9A-F][a-f])")
_LONG: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
# What neither format can hold: XML knows no control characters and no non-characters.
_UNSPEAKABLE: Final = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME: Final = 256
_MOST_32, _MOST_53 = 2**31 - 1, 2**53


@dataclass(frozen=True, slots=True)
class Route:
    """The path of an operation, taken apart once."""

    template: PathTemplate
    parameters: tuple[tuple[str, Kind], ...]


def route_of(contract: Contract) -> Route:
    """The route of a contract's operation."""
    operation = contract.operation
    kinds = {each.name: each.kind for each in operation.parameters}
    template = PathTemplate.parse(operation.path)
    return Route(template, tuple((name, kinds.get(name, Kind.STRING)) for name in template.names))


def values_at(route: Route, path: str, faults: Collection[str] = ()) -> tuple[str, ...] | Refusal:
    """The decoded values that a path asks for, or why it asks for nothing."""
    if "lower-case-hex-fails" in faults and _LOWER_HEX.search(path):
        return BAD_URL
    if "encoded-slash-splits" in faults:
        path = path.replace("%2F", "/").replace("%2f", "/")
    segments = route.template.segments(path)
    if segments is None:
        return NO_SUCH_API
    values = []
    for (name, kind), segment in zip(route.parameters, segments, strict=True):
        text = segment.replace("+", " ") if "plus-is-a-space" in faults else segment
        value = _decoded(text)
        if isinstance(value, Refusal):
            return value
        if why := _why_not(kind, value):
            return bad_parameter(name, why)
        values.append(str(int(value)) if kind in WHOLE_NUMBERS else value)
    return _spoilt(tuple(values), faults) or tuple(values)


def values_after(route: Route, path: str) -> tuple[str, ...] | None:
    """The decoded values whatever they are, for a server that asks nothing of an id."""
    segments = route.template.segments(path)
    values = [_decoded(each) for each in segments or ()]
    texts = tuple(each for each in values if isinstance(each, str) and not _why_not_name(each))
    return texts if segments and len(texts) == len(segments) else None


def why_not_asked_for(route: Route, values: tuple[str, ...]) -> str:
    """Why no path can ask for these values; empty if one can."""
    named = zip(route.parameters, values, strict=True)
    faults = (f"{name} {why}" for (name, kind), value in named if (why := _why_not(kind, value)))
    return next(faults, "")


def speakable(text: str) -> str:
    """The text with a question mark for what neither format can hold, but for line ends."""
    return _UNSPEAKABLE.sub(lambda match: match[0] if match[0] == "\n" else "?", text)


def _decoded(segment: str) -> str | Refusal:
    if _BAD_ESCAPE.search(segment):
        return BAD_URL
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeError:  # neither are bytes beyond ASCII that travelled as they are
        return BAD_URL


def _why_not(kind: Kind, value: str) -> str:
    if kind not in WHOLE_NUMBERS:
        return _why_not_name(value)
    least, most = WHOLE_NUMBERS[kind]
    if not _LONG.fullmatch(value) or not least <= int(value) <= most:
        return f"must be an integer of {(most + 1).bit_length()} bits"
    return ""


def _why_not_name(value: str) -> str:
    if not value.strip():  # blanks alone are nothing in XML
        return "must not be empty"
    if value in {".", ".."} or _UNSPEAKABLE.search(value):
        return "is not valid"
    return f"is longer than {_LONGEST_NAME} characters" if len(value) > _LONGEST_NAME else ""


def _spoilt(values: tuple[str, ...], faults: Collection[str]) -> Refusal | None:
    """Why a server with a fault in what it can read refuses these values."""
    if not faults:
        return None
    numbers = [abs(int(each)) for each in values if _LONG.fullmatch(each)]
    most = max(numbers, default=0)
    spoils = {
        "large-id-fails": most > _MOST_32,
        "very-large-id-fails": most > _MOST_53,
        "current-instance-fails": "-1" in values,
        "non-ascii-name-fails": not all(map(str.isascii, values)),
        "spaced-name-fails": any(" " in each for each in values),
    }
    return BAD_URL if any(spoils[name] for name in spoils if name in faults) else None
