"""A request and its response as they were captured: bytes that nothing has parsed yet."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from docpact.core.span import Origin
from docpact.core.text import Comment

# Documented answers take a few kilobytes. What is larger by orders of magnitude is left unread, so
# that a hostile capture costs neither memory nor time.
MAX_BODY: Final = 16 * 1024 * 1024

Headers = tuple[tuple[str, str], ...]

# Headers, in lower case, whose values give access: they are shown to nobody.
SECRET_HEADERS: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-acs-security-token"}
)


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, whatever the letter case of its name."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """The request, as far as the capture has it."""

    method: str
    target: str  # path and query as sent, still percent-encoded
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; the status is unknown where only a body was captured."""

    body: bytes
    status: int | None = None
    headers: Headers = ()
    seconds: float | None = None  # from sending the request to the body's end; mostly unknown

    @property
    def ok(self) -> bool | None:
        """Whether the status says success; unknown without a status."""
        return None if self.status is None else 200 <= self.status < 300  # noqa: PLR2004

    @property
    def content_type(self) -> str | None:
        """The media type without its parameters, in lower case."""
        value = header(self.headers, "Content-Type")
        return value.partition(";")[0].strip().lower() if value else None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an exchange was captured."""

    file: str
    first_line: int = 1  # the file's line on which the response body starts
    number: int = 1  # which exchange of the file
    is_embedded: bool = False  # the body is written within a text: its lines are not the file's
    comments: tuple[Comment, ...] = ()  # beside it in the capture


class Outcome(StrEnum):
    """What the contract says must come of a request."""

    SUCCESS = "success"
    FAILURE = "failure"
    EITHER = "either"  # the page does not say, or nothing is known of what was asked for


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come of a request, as only the one who made the request can know."""

    outcome: Outcome
    because: str  # half a sentence for the reader: "its job is known not to run"
    about: Literal["request", "signature"] = "request"
    origin: Origin | None = None  # the passage that says so, where it is not that of the rule
    parameter: str = ""  # the one whose value the request spoils, if it spoils one


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call: the response, and the request and what must come of it where they are known."""

    response: Response
    source: Source
    request: Request | None = None
    expectation: Expectation | None = None
    started: float | None = None  # when the request was sent, in seconds since 1970
