"""What a capture is made of: exchanges, and what stands between them."""

from dataclasses import dataclass

from docpact.contract import Operation
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Exchange, Request, Response, Source


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of a capture that cannot be read; what comes after it is read all the same."""

    source: Source
    why: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a capture that is not judged: another operation's, or without a body."""

    source: Source
    what: str  # the request, or the reason
    is_other: bool = False  # another operation was called
    lacks_body: bool = False  # it is a line of a log, with no body where one was looked for


Entry = Exchange | Damage | Skipped


class DamagedCapture(Exception):
    """The rest of a capture cannot be read; it ends as a Damage."""


_METHOD_NOT_ALLOWED = 405


@dataclass(frozen=True, slots=True)
class Wanted:
    """What calls are judged: those of one operation, and those whose request is not known."""

    operation: Operation

    def covers(self, exchange: Exchange) -> bool:
        """Whether an exchange is the operation's; one with a wrong method is, if it is refused."""
        request = exchange.request
        if request is None or not self.operation.path:
            return True
        if PathTemplate.parse(self.operation.path).match(request.target) is None:
            return False
        is_refused = exchange.response.status == _METHOD_NOT_ALLOWED
        return is_refused or request.method in {self.operation.method, "HEAD"}


def raw_exchange(
    data: bytes, file: str, *, status: int | None = None, request: Request | None = None
) -> Exchange:
    """The body as an exchange; status and request are what the user says of it."""
    return Exchange(Response(data, status), Source(file), request)
