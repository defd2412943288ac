"""How commands report: the options that say in which formats and where, and the writing."""

import errno
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar, assert_never, get_args

import click

from docpact.cli.options import color_option, output_option, styling, write
from docpact.core.errors import DocpactError
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from docpact.contract import Contract
    from docpact.statistics import Statistics

Format = Literal["terminal", "json", "ndjson", "junit", "sarif", "html", "github"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_STANDARD_OUTPUT = "-"

_Command = TypeVar("_Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Destination:
    """One report to write."""

    form: Format
    file: str | None = None  # standard output if there is none


class _DestinationType(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """FORMAT=FILE on the command line."""

    name = "FORMAT=FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Destination:
        name, equals, file = str(value).partition("=")
        form = next((each for each in FORMATS if each == name), None)
        if form is None:
            self.fail(f"there is no format {name!r}; choose from {', '.join(FORMATS)}", param, ctx)
        if not equals or not file:
            self.fail(f"{value!r} names no file; write {form}=FILE", param, ctx)
        click.Path(dir_okay=False, allow_dash=True).convert(file, param, ctx)
        return Destination(form, _file(file))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        del ctx, param
        return [CompletionItem(f"{each}=") for each in FORMATS if each.startswith(incomplete)]


_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="terminal",
    show_default=True,
    help="How to report.",
)
_report_option = click.option(
    "--report",
    "reports",
    type=_DestinationType(),
    multiple=True,
    help="Report in that format too, to that file; repeatable.",
)


def reporting_options(command: _Command) -> _Command:
    """Give a command --format, --output, --report and --color.

    They arrive as `form`, `output`, `reports` and `color`.
    """
    for option in (color_option, _report_option, output_option, _format_option):
        command = option(command)
    return command


def chosen_destinations(
    form: Format, output: str | None, reports: Iterable[Destination], inputs: Iterable[str] = ()
) -> tuple[Destination, ...]:
    """Where the reports of a run go; to be asked before the work, for it refuses what cannot be.

    Raises UsageError if two reports would go to one place or one over an input, and DocpactError
    if a file cannot be written.
    """
    read = {os.path.realpath(each) for each in inputs}
    chosen = (Destination(form, output and _file(output)), *reports)
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
        if each.file:
            _refuse_unwritable(each.file)
    return chosen


def needs_statistics(destinations: Iterable[Destination]) -> bool:
    """Whether a report was asked for that tells more than findings."""
    return any(each.form == "html" for each in destinations)


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
    """Write every report that was asked for; `notes` are shown to people only if asked for.

    `statistics` and `contract` add to an HTML report. Raises DocpactError if one cannot be
    written, after all others were.
    """
    made = _Made(report, settings, color, notes, statistics, contract)
    failures: list[DocpactError] = []
    for each in destinations:
        try:
            _write(made, each)
        except DocpactError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


@dataclass(frozen=True, slots=True)
class _Made:
    """What there is to report, and how people want to see it."""

    report: Report
    settings: Settings
    color: str
    notes: bool
    statistics: "Statistics | None"
    contract: "Contract | None"


def _write(made: _Made, destination: Destination) -> None:
    if destination.form == "terminal":
        from docpact.report import terminal

        style = styling(made.color, destination.file)
        text = terminal.render(made.report, style=style or terminal.plain, notes=made.notes)
        write(text, destination.file, color=style is not None)
    else:
        # Other programs read it, whatever the encoding of the terminal.
        text = _rendered(made, destination.form)
        write(text.encode("utf-8"), destination.file)


def _rendered(
    made: _Made, form: Literal["json", "ndjson", "junit", "sarif", "html", "github"]
) -> str:
    report = made.report
    match form:
        case "json":
            from docpact.report import json

            return json.render(report)
        case "ndjson":
            from docpact.report import json

            return json.render_lines(report)
        case "junit":
            from docpact.report import junit

            off = {each.rule for each in made.settings.ignore if not each.field}
            return junit.render(report, failing=made.settings.failing, off=off)
        case "sarif":
            from docpact.report import sarif

            return sarif.render(report)
        case "html":
            from docpact.report import html

            return html.render(report, made.statistics, made.contract)
        case "github":
            from docpact.report import github

            return github.render(report, notes=made.notes)
        case _:
            assert_never(form)


def _file(named: str) -> str | None:
    return None if named == _STANDARD_OUTPUT else named


def _shared(file: str | None) -> str:
    if file is None:
        return "two reports would go to standard output; give one a file, as in --report json=FILE"
    return f"two reports would go to {printable(file)}; give each a file of its own"


def _may_hold_several(file: str) -> bool:
    """Whether it is a device or a pipe, such as /dev/null."""
    return Path(file).exists() and not Path(file).is_file()


def _refuse_unwritable(file: str) -> None:
    obstacle = _obstacle(file)
    if obstacle:
        raise DocpactError(f"{file} cannot be written: {os.strerror(obstacle)}")


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
