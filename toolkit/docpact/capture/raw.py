"""A file that holds nothing but one response body."""

from docpact.exchange import Exchange, Request, Response, Source


def raw_exchange(
    data: bytes, file: str, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """The body as an exchange; status and request are what the user says of it."""
    return Exchange(Response(data, status), Source(file), request)
