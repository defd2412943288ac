"""Read captured exchanges out of files."""

from docpact.capture.files import CAPTURE_SUFFIXES, CapturedFile, captured_files
from docpact.capture.http_message import http_exchange
from docpact.capture.kind import is_http_message
from docpact.capture.raw import raw_exchange
from docpact.exchange import Exchange, Request

__all__ = ["CAPTURE_SUFFIXES", "CapturedFile", "captured_files", "exchange_in"]


def exchange_in(
    file: CapturedFile, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """The exchange that a file holds; `status` and `request` fill in what the file does not say."""
    if is_http_message(file.data):
        found = http_exchange(file.data, file.name, request=request)
        if found is not None:
            return found
    return raw_exchange(file.data, file.name, status=status, request=request)
