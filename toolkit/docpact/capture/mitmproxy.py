"""Read the flow files of mitmproxy: typed netstrings, one for each flow.

mitmproxy itself would read them, but it pins so many libraries to old versions that it cannot be
installed beside ours, and it reads a flow of any size into memory. The format is a few lines.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from docpact.capture.buffers import MAX_LINE
from docpact.capture.model import Damage, DamagedCapture, Entry, Skipped
from docpact.capture.parts import at, moment, pairs, recorded, request_of, seconds
from docpact.core.exchange import Source

_DEEPEST: Final = 32
_CHUNK: Final = 1024 * 1024
_DIGITS: Final = 12
_MOST_VALUES: Final = 100_000  # in one flow, which has some hundred

Read = str | bytes | int | float | bool | list["Read"] | dict[str, "Read"] | None


def mitmproxy_entries(stream: BinaryIO, file: str) -> Iterator[Entry]:
    """Every HTTP flow; those of other protocols are passed over."""
    number = 0
    while (size := _size(stream)) is not None:
        number += 1
        source = Source(file, 1, number, is_embedded=True)
        if size > MAX_LINE:
            _pass_over(stream, size + 1)
            yield Damage(source, "the flow is larger than any answer and was not judged")
            continue
        text = stream.read(size)
        kind = stream.read(1)
        if len(text) < size or kind != b"}":
            raise DamagedCapture("it ends within a flow" if len(text) < size else "it has no flow")
        try:
            flow = _mapping(text, 0, iter(range(_MOST_VALUES)))
        except (ValueError, IndexError, TypeError) as cause:
            yield Damage(source, f"the flow cannot be read: {cause}")
            continue
        yield _entry(flow, source)


def _size(stream: BinaryIO) -> int | None:
    """The length of the next flow, or nothing at the end."""
    digits = b""
    while (byte := stream.read(1)) != b":":
        if not byte and not digits.strip():
            return None
        digits += byte
        if not byte or len(digits) > _DIGITS or not digits.strip().isdigit():
            raise DamagedCapture("what follows is no flow; the rest was not read")
    if not digits:
        raise DamagedCapture("what follows is no flow; the rest was not read")
    return int(digits)


def _pass_over(stream: BinaryIO, size: int) -> None:
    while size > 0 and (chunk := stream.read(min(size, _CHUNK))):
        size -= len(chunk)


def _entry(flow: dict[str, Read], source: Source) -> Entry:
    request, response = flow.get("request"), flow.get("response")
    if not isinstance(request, dict):
        return Skipped(source, "a flow that is no HTTP")
    begun, ended = at(request, "timestamp_start"), at(response, "timestamp_end")
    took = ended - begun if isinstance(begun, float) and isinstance(ended, float) else None
    content = at(response, "content")
    headers = pairs(at(response, "headers"))
    return recorded(
        source,
        request=request_of(
            _text(at(request, "method")),
            _text(at(request, "path")),
            pairs(at(request, "headers")),
        ),
        status=at(response, "status_code") or at(response, "code"),
        headers=headers,
        body=content if isinstance(content, bytes) else None,
        seconds=seconds(took),
        started=moment(begun),
    )


def _text(value: object) -> object:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _mapping(text: bytes, depth: int, room: Iterator[int]) -> dict[str, Read]:
    values = _values(text, depth + 1, room)
    names = (_text(each) for each in values[::2])
    return {str(name): value for name, value in zip(names, values[1::2], strict=True)}


def _values(text: bytes, depth: int, room: Iterator[int]) -> list[Read]:
    if depth > _DEEPEST:
        raise ValueError("it is nested too deep")
    found: list[Read] = []
    position = 0
    while position < len(text):
        colon = text.index(b":", position, position + _DIGITS + 1)
        digits = text[position:colon]
        if not digits.isdigit():  # a length with a sign would lead back to where it came from
            raise ValueError("a value does not say how long it is")
        start, end = colon + 1, colon + 1 + int(digits)
        if end >= len(text):
            raise ValueError("a value is longer than what holds it")
        if next(room, None) is None:
            raise ValueError("it holds more values than any flow")
        found.append(_value(text[start:end], text[end : end + 1], depth, room))
        position = end + 1
    return found


def _value(  # noqa: PLR0911  # one for each kind
    text: bytes, kind: bytes, depth: int, room: Iterator[int]
) -> Read:
    match kind:
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
            raise ValueError(f"there is no kind {kind!r} of value")
