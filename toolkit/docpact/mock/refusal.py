"""Why the mock refuses a call: the status and the vendor's kind of error code."""

from typing import Final

from docpact.signing import Refusal

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
