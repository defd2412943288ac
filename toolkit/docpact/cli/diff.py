"""`docpact diff`: what changed between two editions, and whom it breaks."""

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, assert_never

import click

from docpact.cli.options import color_option, output_option, styling, write
from docpact.core.text import printable

if TYPE_CHECKING:  # comparing is imported when it is done
    from docpact.report.changes import Comparison

_EPILOG = """\b
Examples:
  docpact diff GetInstance.2019.md GetInstance.md
  docpact diff HEAD:samples/pages/GetInstance.md samples/pages/GetInstance.md
  docpact diff schemas/getinstance.contract.json GetInstance.md --rulings --for client
  docpact diff old.md new.md --format markdown --fail-on never
"""

_Format = Literal["terminal", "json", "markdown"]
_FailOn = Literal["breaking", "risky", "any", "never"]


@click.command(
    "diff",
    epilog=_EPILOG,
    short_help="Say what changed between two editions of a page, and whom it breaks.",
)
@click.argument("old", type=click.Path(allow_dash=True))
@click.argument("new", type=click.Path(allow_dash=True))
@click.option("--rulings", is_flag=True, help="Carry out the rulings beside each page.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["client", "server", "both"]),
    default="both",
    show_default=True,
    help="Whose program keeps the old edition.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "any", "never"]),
    default="breaking",
    show_default=True,
    help="The least change that makes the exit code 1.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show changes in words and examples, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to report.",
)
@output_option
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    old: str,
    new: str,
    rulings: bool,
    audience: str,
    fail_on: _FailOn,
    verbose: bool,
    form: _Format,
    output: str | None,
    color: str,
) -> None:
    """Say what changed between two editions of a page, and whom it breaks.

    OLD and NEW are pages, compiled contracts (*.contract.json), either of them in git as
    REVISION:PATH, or - for standard input. Pages are compared as they are printed; with --rulings,
    what people decided on them counts, too.
    """
    from docpact.cli.edition import read_edition
    from docpact.contract.diff import Audience, changes
    from docpact.report.changes import Comparison

    _refuse_clashes(old, new, output)
    before = read_edition(old, take_rulings=rulings)
    after = read_edition(new, take_rulings=rulings)
    if bool(before.rulings) is not bool(after.rulings):
        ruled = old if before.rulings else new
        click.echo(
            printable(f"only {ruled} has rulings, so what they decide shows as a change"), err=True
        )
    chosen = tuple(each for each in Audience if audience in {each.value, "both"})
    comparison = Comparison(_shown(old), _shown(new), changes(before, after), chosen)
    _write(comparison, form, output, color=color, words=verbose)
    ctx.exit(1 if _fails(comparison, fail_on) else 0)


def _refuse_clashes(old: str, new: str, output: str | None) -> None:
    if old == new == "-":
        raise click.UsageError("only one of the two can come from standard input")
    if output and os.path.realpath(output) in {os.path.realpath(each) for each in (old, new)}:
        raise click.UsageError(f"the report would overwrite {printable(output)}")


def _shown(argument: str) -> str:
    """How an edition is named in reports: without folders, which differ between machines."""
    revision, colon, inside = argument.rpartition(":")
    return f"{revision}{colon}{PurePath(inside).name}"


def _write(
    comparison: "Comparison", form: _Format, output: str | None, *, color: str, words: bool
) -> None:
    from docpact.report import changes

    match form:
        case "terminal":
            style = styling(color, output)
            text = (
                changes.terminal(comparison, style=style, words=words)
                if style
                else changes.terminal(comparison, words=words)
            )
            write(text, output, color=style is not None)
        case "json":
            # Other programs read it, whatever the encoding of the terminal.
            write(changes.as_json(comparison).encode("utf-8"), output)
        case "markdown":
            write(changes.markdown(comparison, words=words).encode("utf-8"), output)
        case _:
            assert_never(form)


def _fails(comparison: "Comparison", fail_on: _FailOn) -> bool:
    counts = {impact.value: count for impact, count in comparison.counts.items()}
    match fail_on:
        case "breaking":
            return counts["breaking"] > 0
        case "risky":
            return counts["breaking"] + counts["risky"] > 0
        case "any":
            return bool(comparison.changes)
        case "never":
            return False
        case _:
            assert_never(fail_on)
