"""Send calls as they are planned: signed rightly, wrongly or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from docpact.core.exchange import Exchange, Headers, Request, Response, Source, header
from docpact.generate.requests import RequestCase, Signing
from docpact.http.client import Client, ConnectionLost
from docpact.http.signing import Key, signed
from docpact.runner.result import Budget

_THROTTLED: Final = 429
_BUSY: Final = 503
_MOST_WAITED: Final = 5.0  # seconds, for an endpoint that says it is called too often
_TRIES: Final = 3
_MOST_SHOWN: Final = 200  # characters of a target, where a call is named
NO_SECRET: Final = "no-secret-of-this-key"  # noqa: S105  # that is the point
OTHER_END: Final = "AAAA="  # of a signature in Base64


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests with a key, if there is one."""

    key: Key | None = None
    version: str = ""  # of the API
    prefix: str = ""  # of the endpoint's URL, which the signature covers

    def prepared(self, case: RequestCase) -> Request:
        """The request as it travels."""
        request = case.request
        if self.key is None or case.signing is Signing.NOT_AT_ALL:
            return request
        match case.signing:
            case Signing.VALID:
                return self._signed(request, self.key)
            case Signing.OTHER_SECRET:
                return self._signed(request, replace(self.key, secret=NO_SECRET))
            case Signing.ALTERED:
                right = self._signed(request, self.key)
                return _with_authorization(right, _altered)
            case Signing.WITHOUT_QUERY:
                path = request.target.partition("?")[0]
                bare = self._signed(replace(request, target=path), self.key)
                return replace(bare, target=request.target)

    def _signed(self, request: Request, key: Key) -> Request:
        return signed(request, key, version=self.version, prefix=self.prefix)


def _with_authorization(request: Request, change: Callable[[str], str]) -> Request:
    headers: Headers = tuple(
        (name, change(value) if name.lower() == "authorization" else value)
        for name, value in request.headers
    )
    return replace(request, headers=headers)


def _altered(authorization: str) -> str:
    """The same with the last bytes of the signature changed, still Base64."""
    last = OTHER_END if not authorization.endswith(OTHER_END) else "BBBB="
    return authorization[: -len(last)] + last


class Sender:
    """Sends one call after the other over one connection."""

    def __init__(self, client: Client, signer: Signer, budget: Budget) -> None:
        self._client = client
        self._signer = signer
        self._budget = budget

    def sent(self, case: RequestCase, number: int) -> Exchange:
        """What comes of a call; one that is refused for coming too often is made again.

        Raises Unreachable if nothing comes at all.
        """
        for attempt in range(_TRIES):
            request, response = self._answered(case)
            if not is_throttled(response) or attempt == _TRIES - 1:
                break
            if not self._budget.take_after(_wait(response, attempt)):
                break
        expectation = None if is_throttled(response) else case.expectation
        return Exchange(response, source_of(case.request, number), request, expectation)

    def _answered(self, case: RequestCase) -> tuple[Request, Response]:
        """A call as it went out, and its answer.

        A connection that was kept may break at any time. The call is then made once more, signed
        anew, for an endpoint that has read the first one would refuse a replay.
        """
        request = self._signer.prepared(case)
        try:
            return request, self._client.send(request, within=self._budget.longest_call)
        except ConnectionLost:
            if not case.safe or not self._budget.take():
                raise
        request = self._signer.prepared(case)
        return request, self._client.send(request, within=self._budget.longest_call)


def source_of(request: Request, number: int) -> Source:
    """Where a call's findings stand: at the request, as people write it."""
    return Source(f"{request.method} {request.target[:_MOST_SHOWN]}", 1, number)


def is_throttled(response: Response) -> bool:
    """Whether the endpoint says that it is called too often, which breaks no promise."""
    if response.status == _THROTTLED:
        return True
    body = response.body[:4096].lower()
    said = b"throttling" in body or header(response.headers, "Retry-After") is not None
    return response.status in {400, 403, _BUSY} and said


def _wait(response: Response, attempt: int) -> float:
    told = header(response.headers, "Retry-After") or ""
    seconds = float(told) if told.isdecimal() else 0.5 * 2**attempt
    return min(seconds, _MOST_WAITED)
