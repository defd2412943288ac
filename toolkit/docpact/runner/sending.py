"""Send planned calls within the limits of a run: signed rightly, wrongly or not at all."""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from docpact.core.exchange import Exchange, Headers, Request, Response, Source, header
from docpact.generate.requests import RequestCase, Signing
from docpact.http.client import Client, ConnectionLost, Endpoint, Unreachable
from docpact.http.signing import Key, signed
from docpact.runner.planning import PlannedCall, Target

_THROTTLED: Final = 429
_BUSY: Final = 503
_LONGEST_WAIT: Final = 5.0  # seconds, for an endpoint that throttles calls
_TRIES: Final = 3
_LONGEST_TARGET: Final = 200  # characters, where a call is named
_GRACE: Final = 1.0  # seconds beyond the time limit, for the call that is under way
WRONG_SECRET: Final = "no-secret-of-this-key"  # noqa: S105  # that is the point
WRONG_ENDING: Final = "AAAA="  # of a signature in Base64


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a run."""

    max_requests: int = 1500
    time_limit: float = 60.0  # seconds
    rate: float = 0.0  # requests a second; 0 is no limit
    exit_first: bool = False


@dataclass(slots=True)
class Limiter:
    """Counts requests, and says when a run must wait or end; safe between threads."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    stopped: threading.Event = field(default_factory=threading.Event)
    sent: int = 0
    _started: float = field(init=False)
    _next: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._started = self._next = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self._started

    @property
    def remaining(self) -> int:
        """How many requests may still be sent."""
        return 0 if self.is_exhausted else self.limits.max_requests - self.sent

    @property
    def is_exhausted(self) -> bool:
        """Whether the run must end."""
        return self.stopped.is_set() or self.sent >= self.limits.max_requests or self.is_out_of_time

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time limit is over."""
        return self.elapsed >= self.limits.time_limit

    @property
    def is_past_grace(self) -> bool:
        """Whether the time limit is over by so much that it has cut off the last call."""
        return self.elapsed >= self.limits.time_limit + _GRACE

    @property
    def call_timeout(self) -> float:
        """How many seconds the next call may take, so that the run ends about in time."""
        return self._seconds_left + _GRACE

    @property
    def reached(self) -> tuple[str, str] | None:
        """The limit that was reached, and the option that sets it; None if none was."""
        if self.is_out_of_time:
            return f"the time limit of {self.limits.time_limit:g} seconds", "--time-limit"
        if self.sent >= self.limits.max_requests:
            return f"the limit of {self.limits.max_requests} calls", "--max-requests"
        return None

    @property
    def _seconds_left(self) -> float:
        return max(0.0, self.limits.time_limit - self.elapsed)

    def acquire(self) -> bool:
        """Wait until one more request may be sent; False if none may."""
        with self._lock:
            if self.is_exhausted:
                return False
            self.sent += 1
            now = self.clock()
            turn = max(self._next, now)
            if self.limits.rate:
                self._next = turn + 1 / self.limits.rate
        delay = turn - now
        return delay <= 0 or not self.stopped.wait(min(delay, self._seconds_left))

    def acquire_after(self, seconds: float) -> bool:
        """Wait so long, unless the run ends before, and then as `acquire` does."""
        self.stopped.wait(min(seconds, self._seconds_left))
        return self.acquire()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests with a key, if there is one."""

    key: Key | None = None
    version: str = ""  # of the API
    prefix: str = ""  # of the endpoint's URL, which the signature covers

    def prepared(self, case: RequestCase) -> Request:
        """The request as it is sent."""
        request = case.request
        if self.key is None or case.signing is Signing.NOT_AT_ALL:
            return request
        match case.signing:
            case Signing.VALID:
                return self._signed(request, self.key)
            case Signing.OTHER_SECRET:
                return self._signed(request, replace(self.key, secret=WRONG_SECRET))
            case Signing.ALTERED:
                right = self._signed(request, self.key)
                return replace(right, headers=_with_altered_signature(right.headers))
            case Signing.WITHOUT_QUERY:
                path = request.target.partition("?")[0]
                bare = self._signed(replace(request, target=path), self.key)
                return replace(bare, target=request.target)

    def _signed(self, request: Request, key: Key) -> Request:
        return signed(request, key, version=self.version, prefix=self.prefix)


def _with_altered_signature(headers: Headers) -> Headers:
    """The headers with the last bytes of the signature changed, still Base64."""

    def altered(signature: str) -> str:
        ending = WRONG_ENDING if not signature.endswith(WRONG_ENDING) else "BBBB="
        return signature[: -len(ending)] + ending

    return tuple(
        (name, altered(value) if name.lower() == "authorization" else value)
        for name, value in headers
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that was made, and what came back."""

    planned: PlannedCall
    case: RequestCase  # of the planned call
    exchange: Exchange
    no_answer: str = ""  # why there is no answer, after two tries


class Sender:
    """Sends calls to a target, over one connection for each thread."""

    def __init__(self, target: Target, version: str, limiter: Limiter) -> None:
        self._target, self._limiter = target, limiter
        self._signer = Signer(target.key, version, Endpoint.at(target.url).prefix)
        self._numbers = count(1)
        self._local = threading.local()
        self._clients: list[Client] = []

    def send(self, case: RequestCase, number: int = 0) -> Exchange:
        """The exchange of a call, which is made again if it was throttled.

        Raises Unreachable if there is no answer.
        """
        source = source_of(case.request, number or next(self._numbers))
        for attempt in range(_TRIES):
            request, response = self._exchanged(case)
            if not is_throttled(response) or attempt == _TRIES - 1:
                break
            if not self._limiter.acquire_after(_delay(response, attempt)):
                break
        expectation = None if is_throttled(response) else case.expectation
        return Exchange(response, source, request, expectation)

    def send_all(self, planned: Iterable[PlannedCall]) -> Generator[Sent]:
        """Each call that was made, until a limit is reached; several at a time with workers."""
        if self._target.workers <= 1:
            for each in planned:
                yield from self._sent(each)
                if self._limiter.is_exhausted:
                    return
            return
        with ThreadPoolExecutor(self._target.workers) as pool:
            yield from self._in_pool(pool, planned)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            client.close()

    def _in_pool(self, pool: ThreadPoolExecutor, planned: Iterable[PlannedCall]) -> Iterator[Sent]:
        running: set[Future[list[Sent]]] = set()
        for each in planned:
            if self._limiter.is_exhausted:
                break
            running.add(pool.submit(self._all_sent, each))
            if len(running) >= 2 * self._target.workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        for future in running:
            yield from future.result()

    def _all_sent(self, planned: PlannedCall) -> list[Sent]:
        return list(self._sent(planned))

    def _sent(self, planned: PlannedCall) -> Iterator[Sent]:
        """The calls that were made; a call without an answer is made again, and is the last."""
        for case in planned.cases:
            if not self._limiter.acquire():
                return
            number = next(self._numbers)
            no_answer = ""
            try:
                exchange = self.send(case, number)
            except Unreachable as cause:
                if self._limiter.is_out_of_time:
                    return  # it had no time to answer
                exchange, no_answer = self._sent_again(case, number, cause)
            if self._limiter.is_past_grace or (no_answer and self._limiter.is_out_of_time):
                return
            yield Sent(planned, case, exchange, no_answer)
            if no_answer:
                return

    def _sent_again(
        self, case: RequestCase, number: int, cause: Unreachable
    ) -> tuple[Exchange, str]:
        try:
            return self.send(case, number), ""
        except Unreachable:
            source = source_of(case.request, number)
            return Exchange(Response(b""), source, case.request, case.expectation), cause.message

    def _exchanged(self, case: RequestCase) -> tuple[Request, Response]:
        """A call as it was sent, and its answer.

        A connection that was kept may break at any time. The call is then made once more, signed
        anew: an endpoint that has read the first one would refuse a replay.
        """
        client, request = self._client(), self._signer.prepared(case)
        try:
            return request, client.send(request, within=self._limiter.call_timeout)
        except ConnectionLost:
            if not case.safe or not self._limiter.acquire():
                raise
        request = self._signer.prepared(case)
        return request, client.send(request, within=self._limiter.call_timeout)

    def _client(self) -> Client:
        """The connection of this thread."""
        if not hasattr(self._local, "client"):
            target = self._target
            self._local.client = Client(target.url, timeout=target.timeout, verify=target.verify)
            self._clients.append(self._local.client)
        client: Client = self._local.client
        return client


def source_of(request: Request, number: int) -> Source:
    """The place of a call's findings: the request, as people write it."""
    return Source(f"{request.method} {request.target[:_LONGEST_TARGET]}", 1, number)


def is_throttled(response: Response) -> bool:
    """Whether the endpoint says that it is called too often, which breaks no promise."""
    if response.status == _THROTTLED:
        return True
    body = response.body[:4096].lower()
    throttles = b"throttling" in body or header(response.headers, "Retry-After") is not None
    return response.status in {400, 403, _BUSY} and throttles


def _delay(response: Response, attempt: int) -> float:
    after = header(response.headers, "Retry-After") or ""
    seconds = float(after) if after.isdecimal() else 0.5 * 2**attempt
    return min(seconds, _LONGEST_WAIT)
