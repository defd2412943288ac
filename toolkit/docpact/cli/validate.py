"""`docpact validate`: judge captured answers."""

import click

from docpact.cli.judging import asked_request, chosen_checker, chosen_settings, judging_options
from docpact.cli.reporting import (
    Destination,
    Format,
    chosen_destinations,
    reporting_options,
    write_reports,
)
from docpact.cli.shared import FAILED, INTERRUPTED
from docpact.finding import Report
from docpact.printable import printable
from docpact.settings import Settings

_EPILOG = """\b
Examples:
  docpact validate answer.json answer.xml
  docpact validate captures/ --strict
  curl -si "$URL" | docpact validate - --request project1/job1/123
  docpact validate answer.json --ignore undocumented-field --format json
  docpact validate captures/ --report junit=junit.xml --report sarif=docpact.sarif
"""


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
@judging_options
@reporting_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    asked: str | None,
    status: int | None,
    form: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    verbose: bool,
    **options: object,
) -> None:
    """Judge captured answers: JSON or XML bodies, `curl -i` dumps, folders of them, or - for stdin.

    Each finding names its place in the capture and the line of the reference page it rests on.
    Settings are read from docpact.toml or [tool.docpact] in pyproject.toml; options come first.
    """
    from docpact.audit import audit
    from docpact.capture import captured_files

    destinations = chosen_destinations(form, output, reports, inputs=paths)
    settings = chosen_settings(options)
    checker = chosen_checker(settings)
    request = None
    if asked is not None:
        request = asked_request(asked, checker.contract, hint="--request")
    report = audit(captured_files(paths), checker, settings, status=status, request=request)
    notes = verbose or settings.pedantic
    write_reports(report, destinations, settings, color=color, notes=notes)
    ctx.exit(_exit_code(report, settings))


def _exit_code(report: Report, settings: Settings) -> int:
    """What the run comes to; what kept it from judging everything is told on the way."""
    for problem in report.problems:
        click.echo(f"docpact: {printable(problem)}", err=True)
    if not report.complete:
        click.echo("docpact: interrupted; the report covers what was judged so far", err=True)
        return INTERRUPTED
    if report.problems:
        click.echo("docpact: name files, folders, or - for standard input", err=True)
        return FAILED
    if not report.checked:
        from docpact.capture import CAPTURE_SUFFIXES

        known = ", ".join(sorted(CAPTURE_SUFFIXES))
        click.echo(
            f"docpact: nothing was judged; in folders, files are read that end in {known}", err=True
        )
        return FAILED
    return 1 if report.fails(settings.failing) else 0
