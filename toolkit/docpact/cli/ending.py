"""End a run with its report when somebody wants it to end."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

TERMINATED = 143  # the exit code of a program that SIGTERM ended


@contextmanager
def ending(end: Callable[[], None]) -> Iterator[list[int]]:
    """Let the first Ctrl-C or SIGTERM end the run in the way given; yields what came.

    The second one does what it did before.
    """
    came: list[int] = []
    before: dict[int, Any] = {}

    def restore() -> None:
        while before:
            signal.signal(*before.popitem())

    def ended(number: int, _frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            end()
        else:
            # Handlers may not change while another signal waits, so not before there is a second.
            restore()
            os.kill(os.getpid(), number)

    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            before[each] = signal.signal(each, ended)
    except ValueError:  # only the main thread may say what a signal does
        restore()
    try:
        yield came
    finally:
        restore()


def interrupt() -> None:
    """End what can be ended anywhere, as Ctrl-C does."""
    raise KeyboardInterrupt
