"""How far a run is: a live line on a terminal, a line now and then elsewhere."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from docpact.printable import printable

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.finding import Finding
    from docpact.runner import Progress

_SECONDS_BETWEEN: Final = 0.1  # of two progress lines
_SECONDS_UNSEEN: Final = 10.0  # the same where nobody watches a terminal


@dataclass(slots=True)
class LiveLine:
    """The live line on a terminal: what is tried, how fast, and what was found."""

    shown: bool
    _last: float = field(default_factory=lambda: time.monotonic())  # noqa: PLW0108  # tests turn the clock
    _width: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def progress(self, progress: "Progress") -> None:
        """Show how far the run is."""
        now = time.monotonic()
        if now - self._last < (_SECONDS_BETWEEN if self.shown else _SECONDS_UNSEEN):
            return
        self._last = now
        rate = progress.sent / progress.seconds if progress.seconds else 0.0
        found = ", ".join(_counted(count, name) for name, count in self.counts.items() if count)
        text = f"{progress.sent} calls, {rate:.0f}/s, {found or 'nothing found'}; {progress.about}"
        if self.shown:
            self._write(text)
        else:
            click.echo(f"docpact: {printable(text)}", err=True)

    def found(self, finding: "Finding", sent: int) -> None:
        """Tell of something new as soon as it is found."""
        name = finding.severity.value
        self.counts[name] = self.counts.get(name, 0) + 1
        if self.shown:
            self._write("")
            text = f"call {sent}: {name} {finding.rule}: {finding.message}"
            click.echo(printable(text), err=True)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self.shown:
            self._write("")

    def _write(self, text: str) -> None:
        text = printable(text)[:100]
        click.echo("\r" + text.ljust(self._width) + ("\r" if not text else ""), nl=False, err=True)
        self._width = len(text)


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
