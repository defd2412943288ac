"""How commands report: the options that say in which formats and where, and the writing."""

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from docpact.cli.options import all_of, color_option, output_option, styling, write
from docpact.core.errors import DocpactError
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.report import FORMATS, Format, View, render
from docpact.settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from docpact.contract import Contract
    from docpact.report.statistics import Statistics

_STANDARD_OUTPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Destination:
    """One report to write."""

    format: Format
    file: str | None = None  # standard output if there is none


class _DestinationType(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """FORMAT=FILE on the command line."""

    name = "FORMAT=FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Destination:
        name, equals, file = str(value).partition("=")
        format_ = next((each for each in FORMATS if each == name), None)
        if format_ is None:
            self.fail(f"unknown format {name!r}; choose from {', '.join(FORMATS)}", param, ctx)
        if not equals or not file:
            self.fail(f"{value!r} names no file; write {format_}=FILE", param, ctx)
        click.Path(dir_okay=False, allow_dash=True).convert(file, param, ctx)
        return Destination(format_, _file(file))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        del ctx, param
        return [CompletionItem(f"{each}=") for each in FORMATS if each.startswith(incomplete)]


# They arrive as `format_`, `output`, `reports` and `color`.
reporting_options = all_of(
    click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="terminal",
        show_default=True,
        help="The format of the report.",
    ),
    output_option,
    click.option(
        "--report",
        "reports",
        type=_DestinationType(),
        multiple=True,
        help="Write another report, in this format to this file; repeatable.",
    ),
    color_option,
)


def chosen_destinations(
    format_: Format, output: str | None, reports: Iterable[Destination], inputs: Iterable[str] = ()
) -> tuple[Destination, ...]:
    """Where the reports of a run go; called before the work, so that a bad place is refused early.

    Raises UsageError if two reports would go to one place or one over an input, and DocpactError
    if a file cannot be written.
    """
    read = {os.path.realpath(each) for each in inputs}
    chosen = (Destination(format_, output and _file(output)), *reports)
    places = set[str | None]()
    for each in chosen:
        if each.file and _may_hold_several(each.file):
            continue
        place = each.file and os.path.realpath(each.file)
        if place in places:
            raise click.UsageError(_shared(each.file))
        if place in read:
            raise click.UsageError(f"a report would overwrite {printable(each.file or '')}")
        places.add(place)
    for each in chosen:
        if each.file and (obstacle := _obstacle(each.file)):
            raise DocpactError(f"{each.file} cannot be written: {os.strerror(obstacle)}")
    return chosen


def needs_statistics(destinations: Iterable[Destination]) -> bool:
    """Whether a report shows more than findings."""
    return any(each.format == "html" for each in destinations)


def write_reports(
    report: Report,
    destinations: Iterable[Destination],
    settings: Settings,
    *,
    color: str = "auto",
    notes: bool = False,
    statistics: "Statistics | None" = None,
    contract: "Contract | None" = None,
) -> None:
    """Write every report that was asked for; `notes` says whether people see notes.

    `statistics` and `contract` add to an HTML report. Raises DocpactError if one cannot be
    written, after all others were.
    """
    off = {each.rule for each in settings.ignore if not each.field}
    view = View(settings.failing, off, notes, statistics=statistics, contract=contract)
    failures: list[DocpactError] = []
    for each in destinations:
        try:
            _write(report, each, view, color)
        except DocpactError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def _write(report: Report, destination: Destination, view: View, color: str) -> None:
    if destination.format == "terminal":
        style = styling(color, destination.file)
        text = render(report, "terminal", replace(view, style=style))
        write(text, destination.file, color=style is not None)
    else:
        # Other programs read it, whatever the encoding of the terminal.
        write(render(report, destination.format, view).encode("utf-8"), destination.file)


def _file(named: str) -> str | None:
    return None if named == _STANDARD_OUTPUT else named


def _shared(file: str | None) -> str:
    if file is None:
        return "two reports would go to standard output; give one a file, as in --report json=FILE"
    return f"two reports would go to {printable(file)}; give each its own file"


def _may_hold_several(file: str) -> bool:
    """Whether it is a device or a pipe, such as /dev/null."""
    return Path(file).exists() and not Path(file).is_file()


def _obstacle(file: str) -> int:
    """What would keep a file from being written, as a number of errno; 0 if nothing is known."""
    path = Path(file)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            return errno.ENOENT
        return 0 if os.access(path.parent, os.W_OK | os.X_OK) else errno.EACCES
    except OSError as cause:
        return cause.errno or errno.EIO
    if stat.S_ISDIR(mode):
        return errno.EISDIR
    return 0 if os.access(path, os.W_OK) else errno.EACCES
