"""Show on a terminal how far a run has come: bytes, rate and time left."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docpact.audit import Progress

_EVERY = 0.2  # seconds
_PATIENCE = 1.0  # a run that is over before then shows nothing


@contextmanager
def shown_progress(total: int) -> "Iterator[Progress | None]":
    """What to tell the bytes that were read; nothing where standard error is no terminal."""
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
        self._is_shown = False

    def add(self, size: int) -> None:
        """Count bytes, and show them if the last time is a while ago."""
        self._done += size
        now = time.monotonic()
        if size and now >= self._next:  # of a pipe, nobody knows the size
            self._next = now + _EVERY
            self._is_shown = True
            line = progress_line(self._done, self._total, now - self._started)
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def close(self) -> None:
        """Leave the line as it was."""
        if self._is_shown:
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
