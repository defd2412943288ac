"""`docpact validate`: judge captured answers."""

import signal
from typing import TYPE_CHECKING

import click

from docpact.capture.detect import KINDS
from docpact.cli.baseline import Known, known_options, tell_idle, with_fail_on
from docpact.cli.console import TERMINATED, ending, interrupt
from docpact.cli.options import (
    FAILED,
    INTERRUPTED,
    asked_request,
    chosen_checker,
    chosen_settings,
    judging_options,
)
from docpact.cli.reporting import (
    Destination,
    Format,
    chosen_destinations,
    needs_statistics,
    reporting_options,
    write_reports,
)
from docpact.contract import Contract
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docpact.audit import Audit, Options, Reading
    from docpact.capture import CapturedFile, KindName
    from docpact.check import Checker

_MOST = 10_000  # findings that are told one by one

_EPILOG = """\b
Examples:
  docpact validate answer.json answer.xml
  docpact validate captures/ --strict
  curl -si "$URL" | docpact validate - --request project1/job1/123
  docpact validate answer.json --ignore undocumented-field --format json
  docpact validate captures/ --report junit=junit.xml --report sarif=docpact.sarif
  docpact validate browser.har 'cassettes/**/*.yaml' traffic.ndjson.gz --workers 2
  docpact validate gateway.log --field body=res.payload --field url=req.path
  docpact validate captures/ --config 'severity.wrong-unit = "error"'
  docpact validate captures/ --baseline known.json
"""


class _FieldType(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """NAME=PATH on the command line."""

    name = "NAME=PATH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        from docpact.capture.ndjson import FIELDS

        what, equals, path = str(value).partition("=")
        if what not in FIELDS:
            self.fail(f"there is no {what!r} to name; choose from {', '.join(FIELDS)}", param, ctx)
        if not equals or not path:
            self.fail(f"{value!r} names no path; write {what}=response.{what}", param, ctx)
        return what, path


@click.command(
    "validate", epilog=_EPILOG, short_help="Judge captured answers against the contract."
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--request", "asked", metavar="PROJECT/JOB/ID", help="What the answers are about.")
@click.option(
    "--status", type=click.IntRange(100, 599), help="The HTTP status that the bodies came with."
)
@click.option(
    "--fragment/--no-fragment", default=None, help="Accept XML cut to several roots, as printed."
)
@click.option(
    "--from",
    "kind",
    type=click.Choice(KINDS),
    help="What kind of capture it is; otherwise its content tells.",
)
@click.option(
    "--field",
    "fields",
    type=_FieldType(),
    multiple=True,
    help="Where each line of a log has its body, status, url, …; repeatable.",
)
@click.option("--all", "names_all", is_flag=True, help="Name the calls that are skipped.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="How many processes judge.",
)
@click.option(
    "--max-findings",
    "most",
    type=click.IntRange(0),
    default=_MOST,
    show_default=True,
    help="How many findings are told; the rest is counted.",
)
@known_options
@click.option(
    "--redact",
    is_flag=True,
    help="Mask captured values in reports, but for ids, times and the like.",
)
@judging_options
@reporting_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    asked: str | None,
    status: int | None,
    kind: "KindName | None",
    fields: tuple[tuple[str, str], ...],
    names_all: bool,
    workers: int,
    most: int,
    fail_on: str | None,
    baseline: str | None,
    update_baseline: bool,
    redact: bool,
    form: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    verbose: bool,
    **options: object,
) -> None:
    """Judge captured answers: bodies, HAR, cassettes, logs, dumps, flows; folders, or - for stdin.

    The content tells the kind of a capture; .gz, .zst and .zip are unpacked. Calls of other
    operations are skipped. Each finding names its place in the capture and the line of the
    reference page it rests on. Settings are read from docpact.toml or [tool.docpact] in
    pyproject.toml; --config and other options come first.
    """
    from docpact.audit import Options, Reading
    from docpact.capture import captured_files

    destinations = chosen_destinations(form, output, reports, inputs=paths)
    settings = with_fail_on(chosen_settings(options), fail_on)
    checker = chosen_checker(settings)
    known = Known.of(baseline, update=update_baseline)
    request = None
    if asked is not None:
        request = asked_request(asked, checker.contract, hint="--request")
    reading = Reading(kind, status, request, fields=fields)
    left_out = known.left_out if known else None
    wanted = Options(most, names_all, statistics=needs_statistics(destinations), known=left_out)
    with ending(interrupt) as ended:
        done = _judged(captured_files(paths), checker, settings, reading, wanted, workers)
    report = done.report
    if known:
        known.tell_of(report, done.met)
    if redact:
        done, report = _redacted(done, report, checker)
    write_reports(
        report,
        destinations,
        settings,
        color=color,
        notes=verbose or settings.pedantic,
        statistics=done.statistics,
        contract=checker.contract,
    )
    _diagnostic(done, report, named=names_all)
    code = _exit_code(report, settings, checker.contract, told_what_is_asked=asked is not None)
    if signal.SIGTERM in ended and code == INTERRUPTED:
        code = TERMINATED
    ctx.exit(0 if code == 1 and (fail_on == "never" or update_baseline) else code)


def _judged(
    files: "Iterator[CapturedFile]",
    checker: "Checker",
    settings: Settings,
    reading: "Reading",
    wanted: "Options",
    workers: int,
) -> "Audit":
    """Judge everything, showing on a terminal how far it is."""
    import sys

    from docpact.audit import audited

    total = 0
    if sys.stderr is not None and sys.stderr.isatty():
        listed = list(files)
        total, files = sum(each.size for each in listed), iter(listed)
    from docpact.cli.console import shown_progress

    with shown_progress(total) as progress:
        return audited(
            files,
            checker,
            settings,
            reading,
            options=wanted,
            workers=workers,
            progress=progress,
        )


def _redacted(done: "Audit", report: Report, checker: "Checker") -> "tuple[Audit, Report]":
    """What is told of a run, without what may be a secret."""
    from dataclasses import replace

    from docpact.audit.redaction import Redaction, redacted_call

    redaction = Redaction(checker.contract)
    others = tuple(map(redacted_call, done.skipped_names))
    statistics = redaction.statistics(done.statistics) if done.statistics else None
    return replace(done, skipped_names=others, statistics=statistics), redaction.report(report)


def _diagnostic(done: "Audit", report: Report, *, named: bool) -> None:
    """What else there is to know of the run."""
    for each in done.skipped_names:
        click.echo(f"docpact: skipped {printable(each)}", err=True)
    tell_idle(report)
    if report.skipped_calls and not named:
        calls = "1 call" if report.skipped_calls == 1 else f"{report.skipped_calls} calls"
        click.echo(
            f"docpact: {calls} of other operations or without a readable body skipped "
            "(--all names them)",
            err=True,
        )
    truncated = sum(count for _, count in report.truncated)
    if truncated:
        click.echo(f"docpact: {truncated} more findings are counted, not told", err=True)


def _exit_code(
    report: Report, settings: Settings, contract: Contract, *, told_what_is_asked: bool
) -> int:
    """What the run comes to; what kept it from judging everything is told on the way."""
    from docpact.cli.mismatch import suspicion, why_nothing_was_judged

    for problem in report.problems:
        click.echo(f"docpact: {printable(problem)}", err=True)
    if not report.complete:
        click.echo("docpact: interrupted; the report covers what was judged so far", err=True)
        return INTERRUPTED
    if report.problems:
        return FAILED
    if why := why_nothing_was_judged(report, contract):
        click.echo(f"docpact: {why}", err=True)
        return FAILED
    if not report.checked:
        from docpact.capture import CAPTURE_SUFFIXES

        known = ", ".join(sorted(CAPTURE_SUFFIXES))
        click.echo(
            f"docpact: nothing was judged; in folders, files are read that end in {known}", err=True
        )
        return FAILED
    if not told_what_is_asked and (why := suspicion(report, contract)):
        click.echo(f"docpact: {printable(why)}", err=True)
    return 1 if report.fails(settings.failing) else 0
