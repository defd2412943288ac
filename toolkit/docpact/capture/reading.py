"""Read captures of any format, entry by entry."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import BinaryIO, Final, cast

from docpact.capture.detect import DETECTED_BYTES, CaptureFormat, detect_format, is_record
from docpact.capture.files import CapturedFile, error_text
from docpact.capture.model import (
    MAX_READ,
    CaptureEntry,
    Damage,
    DamagedCapture,
    FindFile,
    OpenCapture,
    ReadOptions,
    Skipped,
    body_exchange,
    name_of_call,
)
from docpact.capture.streams import ProgressStream, Rewound, is_packed, unpacked_files
from docpact.core.exchange import Exchange, Source
from docpact.http.content_encoding import left_packed

Reader = Callable[[OpenCapture], Iterator[CaptureEntry]]

# To add a format: its reader here, and how it is detected in detect.py. The module of a reader is
# imported when the first capture of its format is met.
READERS: Final[Mapping[CaptureFormat, tuple[str, str]]] = {
    "har": ("har", "har_entries"),
    "vcr": ("cassettes", "vcr_entries"),
    "schemathesis": ("cassettes", "schemathesis_entries"),
    "ndjson": ("ndjson", "ndjson_entries"),
    "http": ("http_message", "http_entries"),
    "mitmproxy": ("mitmproxy", "mitmproxy_entries"),
    "body": ("reading", "body_entries"),
}


def entries_in(
    file: CapturedFile, options: ReadOptions, on_progress: Callable[[int], None] | None = None
) -> Iterator[CaptureEntry]:
    """Every entry of a file: exchanges, damages, and what is skipped as another operation's.

    Raises OSError if the file cannot be opened.
    """
    with file.open() as opened:
        stream = cast("BinaryIO", ProgressStream(opened, on_progress)) if on_progress else opened
        try:
            for entry in _entries(stream, file.name, options, 0, file.beside):
                yield filtered(entry, options)
        except OSError as cause:
            yield Damage(Source(file.name), f"it cannot be read further: {error_text(cause)}")


def filtered(entry: CaptureEntry, options: ReadOptions) -> CaptureEntry:
    """The entry, or that it is skipped: another operation was called, or nobody can read it."""
    if not isinstance(entry, Exchange):
        return entry
    request, response = entry.request, entry.response
    if request and options.operation_filter and not options.operation_filter.covers(entry):
        return Skipped(entry.source, name_of_call(request), is_other=True)
    encoding = left_packed(response.body, response.headers)
    if encoding is not None:
        why = f"its body is compressed as {encoding}, which is not supported"
        return Skipped(entry.source, f"{name_of_call(request)} ({why})")
    return entry


def _entries(
    stream: BinaryIO, name: str, options: ReadOptions, depth: int, find: FindFile
) -> Iterator[CaptureEntry]:
    number = 0
    try:
        rewound = Rewound(stream, DETECTED_BYTES)
        start = rewound.start
        if is_packed(start):
            packed = rewound.whole() if start.startswith(b"PK") else rewound.buffered()
            for file in unpacked_files(packed, start, depth):
                inner = f"{name}!{file.name}" if file.name else name
                yield from _entries(file.stream, inner, options, depth + 1, file.find or find)
            return
        capture = OpenCapture(rewound.buffered(), name, start, find, options)
        for entry in _reader(capture)(capture):
            number = entry.source.number
            yield entry
    except DamagedCapture as damage:
        yield Damage(Source(name, 1, number + 1, is_embedded=True), str(damage))


def _reader(capture: OpenCapture) -> Reader:
    """The reader of the capture's format: the one that was said, or else that is detected."""
    name = capture.options.format or detect_format(capture.start)
    if name == "body" and capture.options.fields and is_record(capture.start.partition(b"\n")[0]):
        name = "ndjson"  # somebody says where each line has its body
    module, function = READERS[name]
    return cast("Reader", getattr(import_module(f"docpact.capture.{module}"), function))


def body_entries(capture: OpenCapture) -> Iterator[CaptureEntry]:
    """The one body that a file of no other format is."""
    data = capture.stream.read(MAX_READ)
    options = capture.options
    yield body_exchange(data, capture.name, status=options.status, request=options.request)
