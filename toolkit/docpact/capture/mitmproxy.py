"""Read the flow files of mitmproxy: typed netstrings, one for each flow.

mitmproxy itself would read them, but it pins so many libraries to old versions that it cannot be
installed beside ours, and it reads a flow of any size into memory. The format is a few lines.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.capture.model import (
    CaptureEntry,
    Damage,
    DamagedCapture,
    OpenCapture,
    Skipped,
    recorded_exchange,
    recorded_headers,
    recorded_request,
    seconds,
    timestamp,
)
from docpact.capture.streams import MAX_LINE
from docpact.contract.value_path import value_at
from docpact.core.exchange import Source

_DEEPEST: Final = 32
_CHUNK: Final = 1024 * 1024
_DIGITS: Final = 12
_NOT_A_FLOW: Final = "what follows is not a flow; the rest was not read"
_MOST_VALUES: Final = 100_000  # in one flow, which has some hundred

FlowValue = str | bytes | int | float | bool | list["FlowValue"] | dict[str, "FlowValue"] | None


def mitmproxy_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """Every HTTP flow; those of other protocols are passed over."""
    stream, number = capture.stream, 0
    while (size := _size(stream)) is not None:
        number += 1
        source = Source(capture.name, 1, number, is_embedded=True)
        if size > MAX_LINE:
            _pass_over(stream, size + 1)
            yield Damage(source, "the flow is too long for an answer and was not judged")
            continue
        text = stream.read(size)
        type_ = stream.read(1)
        if len(text) < size or type_ != b"}":
            cut = len(text) < size
            raise DamagedCapture("the file ends in the middle of a flow" if cut else _NOT_A_FLOW)
        try:
            flow = _mapping(text, 0, iter(range(_MOST_VALUES)))
        except (ValueError, IndexError, TypeError) as cause:
            yield Damage(source, f"the flow cannot be read: {cause}")
            continue
        yield _entry(flow, source)


def _size(stream: BinaryIO) -> int | None:
    """The length of the next flow; None at the end."""
    digits = b""
    while (byte := stream.read(1)) != b":":
        if not byte and not digits.strip():
            return None
        digits += byte
        if not byte or len(digits) > _DIGITS or not digits.strip().isdigit():
            raise DamagedCapture(_NOT_A_FLOW)
    if not digits:
        raise DamagedCapture(_NOT_A_FLOW)
    return int(digits)


def _pass_over(stream: BinaryIO, size: int) -> None:
    while size > 0 and (chunk := stream.read(min(size, _CHUNK))):
        size -= len(chunk)


def _entry(flow: dict[str, FlowValue], source: Source) -> CaptureEntry:
    request, response = flow.get("request"), flow.get("response")
    if not isinstance(request, dict):
        return Skipped(source, "a flow that is not HTTP")
    begun, ended = value_at(request, "timestamp_start"), value_at(response, "timestamp_end")
    took = ended - begun if isinstance(begun, float) and isinstance(ended, float) else None
    content = value_at(response, "content")
    headers = recorded_headers(value_at(response, "headers"))
    return recorded_exchange(
        source,
        request=recorded_request(
            _text(value_at(request, "method")),
            _text(value_at(request, "path")),
            value_at(request, "headers"),
        ),
        status=value_at(response, "status_code") or value_at(response, "code"),
        headers=headers,
        body=content if isinstance(content, bytes) else None,
        seconds=seconds(took),
        started=timestamp(begun),
    )


def _text(value: object) -> object:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _mapping(text: bytes, depth: int, room: Iterator[int]) -> dict[str, FlowValue]:
    values = _values(text, depth + 1, room)
    names = (_text(each) for each in values[::2])
    return {str(name): value for name, value in zip(names, values[1::2], strict=True)}


def _values(text: bytes, depth: int, room: Iterator[int]) -> list[FlowValue]:
    if depth > _DEEPEST:
        raise ValueError("it is nested too deep")
    found: list[FlowValue] = []
    position = 0
    while position < len(text):
        colon = text.index(b":", position, position + _DIGITS + 1)
        digits = text[position:colon]
        if not digits.isdigit():  # a length with a sign would lead back to where it came from
            raise ValueError("a value has no length")
        start, end = colon + 1, colon + 1 + int(digits)
        if end >= len(text):
            raise ValueError("a value is longer than what holds it")
        if next(room, None) is None:
            raise ValueError("it holds more values than any flow")
        found.append(_value(text[start:end], text[end : end + 1], depth, room))
        position = end + 1
    return found


def _value(  # noqa: PLR0911  # one for each type
    text: bytes, type_: bytes, depth: int, room: Iterator[int]
) -> FlowValue:
    match type_:
        case b",":
            return text
        case b";":
            return text.decode("utf-8", "surrogateescape")
        case b"#":
            return int(text[:40])
        case b"^":
            return float(text[:40])
        case b"!":
            return text == b"true"
        case b"~":
            return None
        case b"]":
            return _values(text, depth + 1, room)
        case b"}":
            return dict(_mapping(text, depth, room))
        case _:
            raise ValueError(f"unknown type of value: {type_!r}")
