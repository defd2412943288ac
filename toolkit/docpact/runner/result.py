"""What a run tells: how far it is, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Final

from docpact.contract import Media
from docpact.core.finding import Finding, Report
from docpact.http.har import RecordedCall
from docpact.http.signing import Key
from docpact.runner.coverage import Exercised
from docpact.runner.probes import Known


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    sent: int
    seconds: float
    about: str
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    report: Report
    calls: list[RecordedCall]
    exercised: Exercised
    diagnostics: list[str]
    sent: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """The endpoint to test, and how to call it."""

    url: str
    known: Known = field(default_factory=Known)
    key: Key | None = None
    media: tuple[Media, ...] = tuple(Media)
    auth_checks: bool = True
    unsafe_methods: bool | None = None  # only where the endpoint is on this machine
    verify: bool | str = True
    timeout: float = 30.0
    workers: int = 1
    seed: int = 0
    engine: bool = True  # whether schemathesis draws calls too
    shown_as: str = ""  # the URL that commands name, if the endpoint will be found elsewhere


_GRACE: Final = 1.0  # seconds beyond the time limit, for the call that is under way


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run keeps to."""

    max_requests: int = 1500
    time_limit: float = 60.0  # seconds
    rate: float = 0.0  # requests a second; none is no limit
    exit_first: bool = False


@dataclass(slots=True)
class Budget:
    """Counts what was sent, and says when to stop; safe between threads."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    stopped: Event = field(default_factory=Event)
    sent: int = 0
    _started: float = field(init=False)
    _next: float = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._started = self._next = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self._started

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return 0 if self.is_spent else self.limits.max_requests - self.sent

    @property
    def is_spent(self) -> bool:
        """Whether the run must end."""
        return self.stopped.is_set() or self.sent >= self.limits.max_requests or self.is_out_of_time

    @property
    def seconds_left(self) -> float:
        """How long the run may still take."""
        return max(0.0, self.limits.time_limit - self.elapsed)

    @property
    def longest_call(self) -> float:
        """How many seconds the next call may take, so that the run ends about in time."""
        return self.seconds_left + _GRACE

    @property
    def cuts_calls(self) -> bool:
        """Whether the time is over to the point that a call was cut off by it."""
        return self.elapsed >= self.limits.time_limit + _GRACE

    @property
    def is_out_of_time(self) -> bool:
        """Whether it is the time that ends the run."""
        return self.elapsed >= self.limits.time_limit

    @property
    def ended_by(self) -> tuple[str, str] | None:
        """The limit that ended the run, and the option that sets it; none if none did."""
        if self.is_out_of_time:
            return f"the time limit of {self.limits.time_limit:g} seconds", "--time-limit"
        if self.sent >= self.limits.max_requests:
            return f"the limit of {self.limits.max_requests} calls", "--max-requests"
        return None

    def take(self) -> bool:
        """Ask to send one request; waits for its turn, and says whether it may be sent."""
        with self._lock:
            if self.is_spent:
                return False
            self.sent += 1
            now = self.clock()
            turn = max(self._next, now)
            if self.limits.rate:
                self._next = turn + 1 / self.limits.rate
        wait = turn - now
        return wait <= 0 or not self.stopped.wait(min(wait, self.seconds_left))

    def take_after(self, seconds: float) -> bool:
        """Ask to send one request later; waits that long, unless the run ends before."""
        self.stopped.wait(min(seconds, self.seconds_left))
        return self.take()
