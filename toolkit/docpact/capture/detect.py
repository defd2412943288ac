"""Detect the format of a capture from its beginning; the readers are listed in reading.py."""

import re
from typing import Final, Literal, get_args

CaptureFormat = Literal["har", "vcr", "schemathesis", "ndjson", "http", "mitmproxy", "body"]
FORMATS: Final[tuple[CaptureFormat, ...]] = get_args(CaptureFormat)
DETECTED_BYTES: Final = 256 * 1024  # of a capture, by which its format is detected

STATUS_LINE: Final = re.compile(rb"HTTP/[0-9.]{1,3} +([0-9]{3})\b[^\r\n]*\r?\n")
REQUEST_LINE: Final = re.compile(rb"([A-Z]{3,10}) +(\S+)(?: +HTTP/[0-9.]{1,3})?[ \t]*\r?\n")
_CURL_VERBOSE: Final = re.compile(rb"(?:[*{}][^\n]*\n)*> [A-Z]{3,10} \S+ HTTP/")
# The progress that curl shows without --silent; it goes to standard error.
_METER: Final = re.compile(
    rb"^  % Total [^\n]*\n|^ +Dload [^\n]*\n"
    rb"|(?:\r *[0-9]{1,3} [ 0-9.kMGTP]{1,60}(?: +[-0-9:]{7,8}){3} +[0-9.]{1,6}[kMGTP]?)+\n?",
    re.MULTILINE,
)
_FLOW = re.compile(rb"[0-9]{1,12}:[0-9]{1,4}:[a-z_]{2,40};")
_HAR = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')
_CASSETTE_IN_JSON = re.compile(
    rb'\s*\{\s*"(?:version|interactions|http_interactions|recorded_with)"'
)
_CASSETTE_IN_YAML = re.compile(rb"^(?:http_)?interactions:", re.MULTILINE)
_EVENT = re.compile(rb'\s*\{\s*"(?:Initialize|LoadingStarted|EngineStarted)"\s*:\s*\{')
_WRAPPED = re.compile(rb'"(?:body|response|request)"\s*:')
_SPACE = b" \t\r\n"


def has_meter(start: bytes) -> bool:
    """Whether the data begins with the progress that curl shows."""
    return start.startswith(b"  % Total ")


def without_meter(text: bytes) -> bytes:
    """The data without the progress that curl shows."""
    return _METER.sub(b"", text)


def is_http_message(data: bytes) -> bool:
    """Whether the data starts like a response, or like a request with a path."""
    if STATUS_LINE.match(data):
        return True
    request = REQUEST_LINE.match(data)
    return request is not None and request[2].startswith((b"/", b"http"))


def is_curl_verbose(start: bytes) -> bool:
    """Whether the data starts as what `curl -v` prints."""
    return _CURL_VERBOSE.match(start) is not None


def detect_format(start: bytes) -> CaptureFormat:
    """The format of a capture that begins so; what is nothing else is one body."""
    start = start.removeprefix(b"\xef\xbb\xbf")
    if has_meter(start):
        start = without_meter(start)
    if _FLOW.match(start):
        return "mitmproxy"
    if is_http_message(start.lstrip(_SPACE)) or is_curl_verbose(start):
        return "http"
    if start.lstrip(_SPACE).startswith(b"{"):
        return _detect_json(start)
    if _CASSETTE_IN_YAML.search(start):
        return "vcr"
    return "ndjson" if _is_log_behind_a_word(start) else "body"


def _detect_json(start: bytes) -> CaptureFormat:
    if _HAR.match(start):
        return "har"
    if _CASSETTE_IN_JSON.match(start) and b'interactions"' in start:
        return "vcr"
    if _EVENT.match(start):
        return "schemathesis"
    return "ndjson" if _is_lines(start) else "body"


def _is_log_behind_a_word(start: bytes) -> bool:
    """Whether documents begin on the second line, as where a server greets before it logs."""
    greeting, _, rest = start.partition(b"\n")
    is_text = not greeting.lstrip(_SPACE).startswith((b"<", b"["))
    return is_text and rest.startswith(b"{") and _is_lines(rest)


def _is_lines(start: bytes) -> bool:
    """Whether each line is a document of its own, or one that holds a response."""
    lines = [line for line in start.split(b"\n") if line.strip(_SPACE)]
    if len(start) >= DETECTED_BYTES:
        lines.pop()  # it goes on
    if len(lines) > 1:
        return all(is_record(line) for line in lines[:2]) or _are_mostly_objects(lines)
    return bool(lines) and is_record(lines[0]) and _is_wrapped(lines[0])


def is_record(line: bytes) -> bool:
    """Whether a line is a JSON object of its own."""
    line = line.strip(_SPACE)
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    import json

    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _are_mostly_objects(lines: list[bytes]) -> bool:
    """Whether there are only a few damaged lines among whole ones."""
    if not all(line.lstrip(_SPACE).startswith(b"{") for line in lines[:2]):
        return False
    whole = sum(is_record(line) for line in lines[:10])
    return whole * 2 >= min(len(lines), 10)


def _is_wrapped(line: bytes) -> bool:
    return _WRAPPED.search(line) is not None and b'"Instance":' not in line[:200]
