"""Read a request strictly: the values in its path, the format it asks for, and why it is refused.

The format is that of the parameter Format, else the one that Accept prefers, else XML.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from docpact.contract import WHOLE_NUMBERS, Contract, Kind, Media
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Headers, Request
from docpact.faults.fault import Behaviour
from docpact.http.signing import Refusal

NO_SUCH_API: Final = Refusal(
    404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method."
)
WRONG_METHOD: Final = Refusal(
    405, "UnsupportedHTTPMethod", "The HTTP method is not supported by this operation."
)
BAD_URL: Final = Refusal(400, "InvalidUrl", "The URL is not validly percent-encoded UTF-8.")
BAD_REQUEST: Final = Refusal(400, "BadRequest", "The request is not valid HTTP.")
TOO_LARGE: Final = Refusal(431, "RequestTooLarge", "The request's URL and headers are too large.")
TOO_SLOW: Final = Refusal(408, "RequestTimeout", "The request did not arrive in time.")
BAD_FORMAT: Final = Refusal(400, "InvalidParameter.Format", "Format must be JSON or XML.")
BAD_VERSION: Final = Refusal(400, "InvalidVersion", "Specified parameter Version is not valid.")
BROKEN: Final = Refusal(500, "InternalError", "The request processing has failed.")
NOT_ACCEPTABLE: Final = Refusal(406, "NotAcceptable", "The Accept header is not understood.")


def bad_parameter(name: str, why: str) -> Refusal:
    """The refusal of a parameter whose value is not valid."""
    return Refusal(400, f"InvalidParameter.{name}", f"The parameter {name} {why}.")


def not_found(name: str) -> Refusal:
    """The refusal of a parameter whose value does not exist."""
    return Refusal(404, f"{name}.NotFound", f"The specified {name} does not exist.")


NOT_RUNNING: Final = Refusal(
    409, "JobNotRunning", "The job is not running, so no instance of it can be returned."
)

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2})")
_LONG: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
# What XML cannot represent: control characters and non-characters.
_NOT_REPRESENTABLE: Final = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME: Final = 256


@dataclass(frozen=True, slots=True)
class Route:
    """The path template of an operation with the kinds of its parameters."""

    template: PathTemplate
    parameters: tuple[tuple[str, Kind], ...]


def route_of(contract: Contract) -> Route:
    """The route of a contract's operation."""
    operation = contract.operation
    kinds = {each.name: each.kind for each in operation.parameters}
    template = PathTemplate.parse(operation.path)
    return Route(template, tuple((name, kinds.get(name, Kind.STRING)) for name in template.names))


def values_at(
    route: Route, path: str, faults: Sequence[Behaviour] = ()
) -> tuple[str, ...] | Refusal:
    """The decoded values in a path, or why it is refused."""
    for each in faults:
        if each.refuses_path(path):
            return BAD_URL
        path = each.reads_path(path)
    segments = route.template.segments(path)
    if segments is None:
        return NO_SUCH_API
    values = []
    for (name, kind), segment in zip(route.parameters, segments, strict=True):
        value = _decoded(segment)
        if isinstance(value, Refusal):
            return value
        if why := _why_not(kind, value):
            return bad_parameter(name, why)
        values.append(str(int(value)) if kind in WHOLE_NUMBERS else value)
    return BAD_URL if any(each.refuses_values(values) for each in faults) else tuple(values)


def texts_at(route: Route, path: str) -> tuple[str, ...] | None:
    """The decoded texts in a path, for a server that does not check ids; None if it is refused."""
    segments = route.template.segments(path)
    values = [_decoded(each) for each in segments or ()]
    texts = tuple(each for each in values if isinstance(each, str) and not _why_not_name(each))
    return texts if segments and len(texts) == len(segments) else None


def why_unaddressable(route: Route, values: tuple[str, ...]) -> str:
    """Why no path can hold these values; empty if one can."""
    named = zip(route.parameters, values, strict=True)
    reasons = (f"{name} {why}" for (name, kind), value in named if (why := _why_not(kind, value)))
    return next(reasons, "")


def representable(text: str) -> str:
    """The text with a question mark for each character that XML cannot represent."""
    return _NOT_REPRESENTABLE.sub(lambda match: match[0] if match[0] == "\n" else "?", text)


def _decoded(segment: str) -> str | Refusal:
    if _BAD_ESCAPE.search(segment):
        return BAD_URL
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeError:  # also of bytes beyond ASCII that were sent unencoded
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
    if value in {".", ".."} or _NOT_REPRESENTABLE.search(value):
        return "is not valid"
    return f"is longer than {_LONGEST_NAME} characters" if len(value) > _LONGEST_NAME else ""


DEFAULT: Final = Media.XML  # by the common parameters page
# The parts of Accept that count for a format: the most specific that is there.
_RANGES: Final = {
    Media.XML: (("application/xml", "text/xml"), ("application/*", "text/*"), ("*/*",)),
    Media.JSON: (("application/json", "text/json"), ("application/*",), ("*/*",)),
}
_WEIGHT: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII | re.IGNORECASE)

Preference = tuple[float, int]  # weight, and minus the position


def media_named(value: str) -> Media | None:
    """The format that `Format` names, in either letter case; None if there is no such format."""
    return {"json": Media.JSON, "xml": Media.XML}.get(value.strip().lower())


def by_accept(headers: Headers) -> Media:
    """The format that `Accept` prefers: by weight, then by order.

    The default if it accepts neither.
    """
    value = ",".join(text for name, text in headers if name.lower() == "accept")
    if not value:
        return DEFAULT
    ranges = _accepted(value)
    weights = {media: _preference(media, ranges) for media in _RANGES}
    best = max(weights, key=lambda media: weights[media])  # the first is the default
    return best if weights[best][0] > 0 else DEFAULT


def _preference(media: Media, ranges: Mapping[str, Preference]) -> Preference:
    for names in _RANGES[media]:
        found = [ranges[name] for name in names if name in ranges]
        if found:
            return max(found)
    return 0.0, 0


def _accepted(value: str) -> dict[str, Preference]:
    """The preference of each media range in Accept."""
    ranges: dict[str, Preference] = {}
    for position, part in enumerate(value.split(",")):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        weights = (_WEIGHT.fullmatch(each) for each in parameters)
        found = next((each for each in weights if each), None)
        ranges.setdefault(name, (float(found[1]) if found else 1.0, -position))
    return ranges


def media_for(request: Request) -> Media:
    """The format of the answer to a request, also if it is refused."""
    _, _, query = request.target.partition("?")
    formats = format_parameters(query)
    return (media_named(formats[0]) if formats else None) or by_accept(request.headers)


def format_parameters(query: str) -> list[str]:
    """The values of the parameter Format in a query."""
    if "ormat" not in query:  # hardly any call has one, and parsing takes its time
        return []
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=None)
    return [value for name, value in pairs if name == "Format"]
