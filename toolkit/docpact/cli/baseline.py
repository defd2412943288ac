"""What a team lives with: the options for findings that are known, and what is told of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar

import click

from docpact.core.errors import DocpactError
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.settings import Settings

if TYPE_CHECKING:
    from docpact.audit.partial import Known as Entries

_MOST_TOLD: Final = 20
_MANY: Final = ("findings of the baseline are", "them")

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "note", "never"]),
        help="From which severity on findings fail the run.  [default: error]",
    ),
    click.option(
        "--baseline", metavar="FILE", help="Findings that are known, and do not fail the run."
    ),
    click.option(
        "--update-baseline", is_flag=True, help="Write what is found now into the baseline."
    ),
)


def known_options(command: _Command) -> _Command:
    """Give a command --fail-on, --baseline and --update-baseline."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def with_fail_on(settings: Settings, fail_on: str | None) -> Settings:
    """The settings with the severity from which on findings fail the run."""
    if fail_on is None:
        return settings
    return replace(settings, strict=fail_on == "warning", pedantic=fail_on == "note")


@dataclass(frozen=True, slots=True)
class Known:
    """A baseline: read before the run, and taken from what the run has found."""

    file: str
    entries: "Entries | None"  # nothing where it is written anew

    @classmethod
    def of(cls, file: str | None, *, update: bool) -> Self | None:
        """The baseline that is named, if one is.

        Raises UsageError if none is to be written anew, and DocpactError if it cannot be read.
        """
        if file is None:
            if update:
                raise click.UsageError("--update-baseline needs --baseline FILE")
            return None
        from docpact.audit.baseline import read_baseline

        return cls(file, None if update else read_baseline(file))

    def taken_from(self, report: Report) -> Report:
        """The report on what is new."""
        from docpact.audit.baseline import baseline_of, without_known

        self.tell_of(report, baseline_of(report.findings))
        return without_known(report, self.left_out)[0]

    @property
    def left_out(self) -> "Entries":
        """What is not told again; nothing where the baseline is written anew."""
        return Counter() if self.entries is None else self.entries

    def tell_of(self, report: Report, found: "Entries") -> None:
        """Write the baseline, or say how much of it was found and how much is gone."""
        from docpact.audit.baseline import gone

        if self.entries is None:
            if report.complete and not report.problems:
                _write(found, self.file)
            else:
                why = "not all was judged, so nothing was written into"
                click.echo(f"docpact: {why} the baseline {printable(self.file)}", err=True)
            return
        _tell_gone(sum(gone(report, self.entries, found).values()))
        count = (found & self.entries).total()
        if count:
            click.echo(f"docpact: {count} known findings are in the baseline", err=True)


def tell_idle(report: Report) -> None:
    """Say which comments ignore nothing, so that they are mended or removed."""
    for each in report.unused[:_MOST_TOLD]:
        click.echo(f"docpact: {printable(each)}", err=True)
    more = len(report.unused) - _MOST_TOLD
    if more > 0:
        click.echo(f"docpact: {more} more comments ignore nothing", err=True)


def _tell_gone(count: int) -> None:
    if count:
        are, them = ("finding of the baseline is", "it") if count == 1 else _MANY
        click.echo(f"docpact: {count} {are} gone; --update-baseline takes {them} out", err=True)


def _write(found: "Entries", file: str) -> None:
    from docpact.audit.baseline import baseline_text

    try:
        Path(file).write_text(baseline_text(found), "utf-8")
    except OSError as cause:
        raise DocpactError(f"{file} cannot be written: {cause.strerror}") from cause
