"""What a command shows on standard error while it runs, and how Ctrl-C and SIGTERM end it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import click

from docpact.core.text import counted, printable

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.core.finding import Finding, Report
    from docpact.runner import Progress

_SECONDS_BETWEEN: Final = 0.1  # between two updates of the live line
_SECONDS_UNSEEN: Final = 10.0  # the same where standard error is not a terminal
_SECONDS_OF_BAR: Final = 0.2
_MOST_UNUSED: Final = 20  # comments without effect that are listed
_PATIENCE: Final = 1.0  # seconds; a run that is over before then shows no bar


def say(message: str) -> None:
    """Tell people something about the run."""
    for line in message.splitlines():
        click.echo(f"docpact: {printable(line)}", err=True)


def say_rest(report: "Report") -> None:
    """Tell people what the report knows of the run besides its findings."""
    for each in (*report.diagnostics, *_unused(report), *report.problems):
        say(each)
    if not report.complete:
        say("interrupted; the report covers what was checked so far")


def _unused(report: "Report") -> Iterator[str]:
    """The comments that switch nothing off, so that they are corrected or removed."""
    yield from report.unused[:_MOST_UNUSED]
    more = len(report.unused) - _MOST_UNUSED
    if more > 0:
        yield f"{counted(more, 'more comment')} without effect"


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Let the first Ctrl-C or SIGTERM call `stop`; yields the signals that came.

    The second one does what it did before.
    """
    came: list[int] = []
    before: dict[int, Any] = {}

    def restore() -> None:
        while before:
            signal.signal(*before.popitem())

    def handle(number: int, _frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            stop()
        else:
            # Handlers may not change while another signal waits, so not before there is a second.
            restore()
            os.kill(os.getpid(), number)

    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            before[each] = signal.signal(each, handle)
    except ValueError:  # only the main thread may say what a signal does
        restore()
    try:
        yield came
    finally:
        restore()


def interrupt() -> None:
    """Stop what can be stopped anywhere, as Ctrl-C does."""
    raise KeyboardInterrupt


@dataclass(slots=True)
class LiveLine:
    """The live line on a terminal: what is tried, how fast, and what was found."""

    is_live: bool
    _last: float = field(default_factory=lambda: time.monotonic())  # noqa: PLW0108  # tests turn the clock
    _width: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def progress(self, progress: "Progress") -> None:
        """Show how far the run is."""
        now = time.monotonic()
        if now - self._last < (_SECONDS_BETWEEN if self.is_live else _SECONDS_UNSEEN):
            return
        self._last = now
        rate = progress.sent / progress.seconds if progress.seconds else 0.0
        found = ", ".join(counted(count, name) for name, count in self.counts.items() if count)
        text = f"{progress.sent} calls, {rate:.0f}/s, {found or 'nothing found'}; {progress.label}"
        if self.is_live:
            self._write(text)
        else:
            say(text)

    def found(self, finding: "Finding", sent: int) -> None:
        """Show something new as soon as it is found."""
        name = finding.severity.value
        self.counts[name] = self.counts.get(name, 0) + 1
        if self.is_live:
            self._write("")
            text = f"call {sent}: {name} {finding.rule}: {finding.message}"
            click.echo(printable(text), err=True)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self.is_live:
            self._write("")

    def _write(self, text: str) -> None:
        text = printable(text)[:100]
        click.echo("\r" + text.ljust(self._width) + ("\r" if not text else ""), nl=False, err=True)
        self._width = len(text)


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int], None] | None]:
    """What to call with the number of bytes read; none where standard error is not a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(total)
    try:
        yield bar.add
    finally:
        bar.close()


class _Bar:
    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._next = self._started + _PATIENCE
        self._is_visible = False

    def add(self, size: int) -> None:
        """Count bytes, and show them if the last time is a while ago."""
        self._done += size
        now = time.monotonic()
        if size and now >= self._next:  # the size of a pipe is not known
            self._next = now + _SECONDS_OF_BAR
            self._is_visible = True
            line = progress_line(self._done, self._total, now - self._started)
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def close(self) -> None:
        """Leave the line as it was."""
        if self._is_visible:
            click.echo("\r\x1b[K", nl=False, err=True)


def progress_line(done: int, total: int, seconds: float) -> str:
    """How far a run is: "35%  1.2 of 3.4 GB  210.0 MB/s  0:12 left"."""
    rate = done / seconds if seconds else 0.0
    speed = f"{rate / 1e6:.1f} MB/s"
    if not total:
        return f"{_size(done)}  {speed}"
    share = min(done / total, 1.0)
    left = (total - done) / rate if rate and total > done else 0.0
    clock = f"{int(left) // 60}:{int(left) % 60:02}"
    return f"{share:4.0%}  {_size(done)} of {_size(total)}  {speed}  {clock} left"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"  # noqa: PLR2004  # a gigabyte
