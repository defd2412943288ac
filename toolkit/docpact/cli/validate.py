"""`docpact validate`: judge captured answers."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import click

from docpact.cli.shared import (
    INTERRUPTED,
    chosen_contract,
    color_option,
    output_option,
    styling,
    write,
)
from docpact.contract import Contract, Place
from docpact.exchange import Request
from docpact.settings import Selector, Settings, find_settings

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
@click.option("--fragment", is_flag=True, help="Accept XML cut to several roots, as printed.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--pedantic", is_flag=True, help="Notes fail the run as well, and are shown.")
@click.option(
    "--ignore", multiple=True, metavar="RULE[:FIELD]", help="Switch a rule off; repeatable."
)
@click.option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    help="Which validators to use; both give the same findings.  [default: fast]",
)
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
    checker = Checker(
        contract,
        schemas,
        engine="reference" if settings.engine == "reference" else "fast",
        fragment=settings.fragment,
    )
    request = _request(asked, contract) if asked else None
    report = audit(captured_files(paths), checker, settings, status=status, request=request)
    style = styling(color, output)
    if form == "json":
        from docpact.report import json as renderer

        write(renderer.render(report), output)
    else:
        from docpact.report import terminal

        text = terminal.render(report, style=style or terminal.plain, notes=settings.pedantic)
        write(text, output, color=style is not None)
    if not report.complete:
        click.echo("docpact: interrupted; the report covers what was judged so far", err=True)
        ctx.exit(INTERRUPTED)
    ctx.exit(1 if report.fails(settings.failing) else 0)


def _settings(options: dict[str, object]) -> Settings:
    """The folder's settings, with what the command line says put over them."""
    found = find_settings(Path.cwd())
    given = {name: value for name, value in options.items() if value and name != "ignore"}
    ignored = options.get("ignore")
    extra = tuple(Selector.parse(each) for each in ignored) if isinstance(ignored, tuple) else ()
    return replace(found, ignore=(*found.ignore, *extra), **given)  # type: ignore[arg-type]  # the options are named like the settings


def _request(asked: str, contract: Contract) -> Request:
    """The request that PROJECT/JOB/ID stands for; each part may be percent-encoded."""
    operation = contract.operation
    parts = asked.split("/")
    names = [each.name for each in operation.parameters if each.place is Place.PATH]
    names.sort(key=lambda name: operation.path.index(f"{{{name}}}"))
    if len(parts) != len(names) or not all(parts):
        shape = "/".join(names)
        message = f"{asked!r} is not of the form {shape}; write a slash within a part as %2F"
        raise click.BadParameter(message, param_hint="--request")
    target = operation.path
    for name, part in zip(names, parts, strict=True):
        target = target.replace(f"{{{name}}}", quote(unquote(part), safe=""))
    return Request(operation.method, target)
