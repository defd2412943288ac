"""`docpact validate`: judge captured answers."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import click

from docpact.cli.shared import (
    FAILED,
    INTERRUPTED,
    chosen_contract,
    color_option,
    complete_rules,
    output_option,
    styling,
    write,
)
from docpact.contract import Contract, Kind, Place
from docpact.exchange import Request
from docpact.finding import Report
from docpact.printable import printable
from docpact.settings import Selector, Settings, find_settings, refuse_unknown_fields

_EPILOG = """\b
Examples:
  docpact validate answer.json answer.xml
  docpact validate captures/ --strict
  curl -si "$URL" | docpact validate - --request project1/job1/123
  docpact validate answer.json --ignore undocumented-field --format json
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
@click.option("--strict/--no-strict", default=None, help="Warnings fail the run too.")
@click.option(
    "--pedantic/--no-pedantic", default=None, help="Notes fail the run as well, and are shown."
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE[:FIELD]",
    shell_complete=complete_rules,
    help="Switch a rule off; repeatable.",
)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    help="Which validators to use; both give the same findings.  [default: fast]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show notes too, without failing for them.")
@click.option("--contract", metavar="FILE", help="A compiled contract instead of GetInstance's.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="How to report.",
)
@output_option
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    asked: str | None,
    status: int | None,
    form: str,
    output: str | None,
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
    from docpact.check import Checker

    settings = _settings(options)
    contract, schemas = chosen_contract(settings.contract)
    refuse_unknown_fields(settings, _fields(contract))
    checker = Checker(contract, schemas, engine=settings.engine, fragment=settings.fragment)
    request = None if asked is None else _request(asked, contract)
    report = audit(captured_files(paths), checker, settings, status=status, request=request)
    _write(report, form, output, color, notes=verbose or settings.pedantic)
    ctx.exit(_exit_code(report, settings))


def _write(report: Report, form: str, output: str | None, color: str, *, notes: bool) -> None:
    if form == "json":
        from docpact.report import json as renderer

        write(renderer.render(report), output)
        return
    from docpact.report import terminal

    style = styling(color, output)
    text = terminal.render(report, style=style or terminal.plain, notes=notes)
    write(text, output, color=style is not None)


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


def _fields(contract: Contract) -> set[str]:
    answers = (contract.success, contract.failure)
    return {".".join(path) for answer in answers if answer for path, _ in answer.walk()}


def _settings(options: dict[str, object]) -> Settings:
    """The folder's settings, with what the command line says put over them."""
    found = find_settings(_here())
    given = {name: value for name, value in options.items() if value is not None}
    given.pop("ignore")
    ignored = options.get("ignore")
    extra = tuple(Selector.parse(each) for each in ignored) if isinstance(ignored, tuple) else ()
    return replace(found, ignore=(*found.ignore, *extra), **given)  # type: ignore[arg-type]  # the options are named like the settings


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us, and settings with it
        return Path("/")


def _request(asked: str, contract: Contract) -> Request:
    """The request that PROJECT/JOB/ID stands for; each part may be percent-encoded."""
    operation = contract.operation
    if not operation.path:
        message = f"{contract.page} shows no path, so nothing can be said of the request"
        raise click.BadParameter(message, param_hint="--request")
    parts = asked.split("/")
    known = [each for each in operation.parameters if each.place is Place.PATH]
    known.sort(key=lambda each: operation.path.index(f"{{{each.name}}}"))
    names = [each.name for each in known]
    if len(parts) != len(names) or not all(parts):
        shape = "/".join(names)
        message = f"{asked!r} is not of the form {shape}; write a slash within a part as %2F"
        raise click.BadParameter(message, param_hint="--request")
    for parameter, part in zip(known, parts, strict=True):
        if parameter.kind is Kind.LONG and not re.fullmatch(r"-?[0-9]+", part):
            message = f"{part!r} is no {parameter.name}, which is a Long"
            raise click.BadParameter(message, param_hint="--request")
    target = operation.path
    for name, part in zip(names, parts, strict=True):
        target = target.replace(f"{{{name}}}", quote(unquote(part), safe=""))
    return Request(operation.method, target)
