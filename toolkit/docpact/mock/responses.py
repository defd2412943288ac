"""What the mock's own pages are sent and send: JSON objects, and reasons instead of traces."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from docpact.core.errors import DocpactError
from docpact.http.signing import Refusal
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


NO_SUCH_API: Final = Refusal(
    404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method."
)
WRONG_METHOD: Final = Refusal(
    405, "UnsupportedHTTPMethod", "The HTTP method is not supported by this operation."
)
BAD_URL: Final = Refusal(400, "InvalidUrl", "The URL is not validly percent-encoded UTF-8.")
BAD_REQUEST: Final = Refusal(400, "BadRequest", "The request is not valid HTTP.")
TOO_LARGE: Final = Refusal(431, "RequestTooLarge", "The request's URL and headers are too large.")
TOO_SLOW: Final = Refusal(408, "RequestTimeout", "The request did not arrive in time.")
BAD_FORMAT: Final = Refusal(400, "InvalidParameter.Format", "Format must be JSON or XML.")
BAD_VERSION: Final = Refusal(400, "InvalidVersion", "Specified parameter Version is not valid.")
BROKEN: Final = Refusal(500, "InternalError", "The request processing has failed.")
NOT_ACCEPTABLE: Final = Refusal(406, "NotAcceptable", "The Accept header is not understood.")


def bad_parameter(name: str, why: str) -> Refusal:
    """A parameter of the path that cannot be what it should be."""
    return Refusal(400, f"InvalidParameter.{name}", f"The parameter {name} {why}.")


def not_found(name: str) -> Refusal:
    """A parameter of the path that names nothing that exists."""
    return Refusal(404, f"{name}.NotFound", f"The specified {name} does not exist.")


NOT_RUNNING: Final = Refusal(
    409, "JobNotRunning", "The job is not running, so it has no instance to tell of."
)
