"""What the mock's own pages are sent and send: JSON objects, and reasons instead of traces."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from docpact.errors import DocpactError
from docpact.report.json import as_text

_MOST_READ: Final = 2**20

Handler = Callable[[Request], Awaitable[Response]]


async def json_object(request: Request) -> dict[str, Any]:
    """The request's JSON object; empty without a body.

    Another site's page cannot send this content type without asking, and we never agree.
    """
    whole = b""
    async for part in request.stream():
        whole += part
        if len(whole) > _MOST_READ:
            raise DocpactError("the body is larger than a mebibyte")
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise DocpactError("send a JSON object with Content-Type: application/json")
    try:
        document = json.loads(whole or b"{}")
    except (ValueError, RecursionError) as cause:
        raise DocpactError(f"the body is no JSON: {cause}") from cause
    if not isinstance(document, dict):
        raise DocpactError("the body is no JSON object")
    return document


def told(document: object, status: int = 200) -> Response:
    """A document as JSON; whatever an answer held, it can travel."""
    return Response(as_text(document), status, media_type="application/json")


def explained(handler: Handler) -> Handler:
    """A handler that tells why it could not do its job."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except DocpactError as wrong:
            return told({"error": str(wrong)}, 400)

    return answered
