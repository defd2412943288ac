"""Read captured exchanges out of files."""

from docpact.capture.detect import FORMATS, CaptureFormat, is_http_message
from docpact.capture.files import CAPTURE_SUFFIXES, CapturedFile, captured_files
from docpact.capture.http_message import http_exchange
from docpact.capture.model import (
    MAX_READ,
    CaptureEntry,
    Damage,
    DamagedCapture,
    OperationFilter,
    ReadOptions,
    Skipped,
    body_exchange,
)
from docpact.capture.reading import entries_in, filtered
from docpact.core.exchange import Exchange, Request

__all__ = [
    "CAPTURE_SUFFIXES",
    "FORMATS",
    "CaptureEntry",
    "CaptureFormat",
    "CapturedFile",
    "Damage",
    "DamagedCapture",
    "OperationFilter",
    "ReadOptions",
    "Skipped",
    "captured_files",
    "entries_in",
    "exchange_in",
    "filtered",
]


def exchange_in(
    file: CapturedFile, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """The exchange in a file that holds one; `status` and `request` fill in what it leaves out."""
    with file.open() as stream:
        data = stream.read(MAX_READ)
    found = http_exchange(data, file.name, request=request) if is_http_message(data) else None
    return found or body_exchange(data, file.name, status=status, request=request)
