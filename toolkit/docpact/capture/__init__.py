"""Read captured exchanges out of files."""

from docpact.capture.detect import KINDS, KindName, is_http_message
from docpact.capture.files import CAPTURE_SUFFIXES, CapturedFile, captured_files
from docpact.capture.http_message import http_exchange
from docpact.capture.model import Damage, DamagedCapture, Entry, Skipped, Wanted, raw_exchange
from docpact.capture.reading import Reading, entries_in, sifted
from docpact.core.exchange import MAX_BODY, Exchange, Request

__all__ = [
    "CAPTURE_SUFFIXES",
    "KINDS",
    "CapturedFile",
    "Damage",
    "DamagedCapture",
    "Entry",
    "KindName",
    "Reading",
    "Skipped",
    "Wanted",
    "captured_files",
    "entries_in",
    "exchange_in",
    "sifted",
]

_MOST_READ = MAX_BODY + 1024 * 1024  # a judged body and its headers; the rest is excess


def exchange_in(
    file: CapturedFile, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """The exchange in a file that holds one; `status` and `request` fill in what it leaves out."""
    with file.open() as stream:
        data = stream.read(_MOST_READ)
    if is_http_message(data):
        found = http_exchange(data, file.name, request=request)
        if found is not None:
            return found
    return raw_exchange(data, file.name, status=status, request=request)
