"""Write a response as a dump of HTTP, just as it would have travelled."""

from http import HTTPStatus

from docpact.exchange import Request, Response

_END = "\r\n"


def http_dump(response: Response, request: Request | None = None) -> bytes:
    """The request's line if it is known, then status line, headers and the body's own bytes."""
    asked = [f"{request.method} {request.target} HTTP/1.1", ""] if request else []
    status = response.status or HTTPStatus.OK
    headers = [f"{name}: {value}" for name, value in response.headers]
    lines = [*asked, f"HTTP/1.1 {status:d} {_reason(status)}", *headers, "", ""]
    return _END.join(lines).encode("latin-1") + response.body


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
