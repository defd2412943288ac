"""The command line: each command in a file of its own, imported only when it runs."""

import sys
from importlib import import_module
from typing import Final, NoReturn

import click

from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.exit_code import ExitCode

# The one-line helps are here so that `docpact --help` imports no command.
COMMANDS: Final = {
    "call": "Call an endpoint and judge its answer.",
    "compile": "Compile a reference page into a contract and its schemas.",
    "diff": "Show what changed between two editions of a page, and what it breaks.",
    "explain": "Explain a rule, a ruling or a fault.",
    "generate": "Make answers that keep the contract, or that break it by a named fault.",
    "lint": "Find where a reference page contradicts itself.",
    "mock": "Serve a mock endpoint that answers as the page says.",
    "test": "Check an endpoint against the contract.",
    "validate": "Judge captured answers against the contract.",
}
_LONGEST_NAME: Final = 80  # characters of a file's name that a message repeats


class _Commands(click.Group):
    """A group that knows its commands by name alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"docpact.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from docpact.core.text import did_you_mean

        hint = did_you_mean(args[0], COMMANDS) or f"; the commands are {', '.join(COMMANDS)}"
        raise click.UsageError(f"unknown command {args[0]!r}{hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _parameter: click.Parameter, is_given: bool) -> None:
    if is_given and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"docpact {version('docpact')}")
        ctx.exit()


@click.group(
    cls=_Commands,
    epilog="Each command has its own help: docpact validate --help",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def docpact() -> None:
    """Check captured API answers against the reference page that promises them.

    Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 the job could not be done.
    """


def main() -> NoReturn:
    """Run the command line; a user's mistake ends in a sentence, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding shows an escape instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(docpact.main(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(ExitCode.USAGE)
    except WrongConfiguration as wrong:
        _fail(wrong, ExitCode.USAGE)
    except DocpactError as error:
        _fail(error, ExitCode.FAILED)
    except OSError as cause:
        _fail(_refusal(cause), ExitCode.FAILED)


def _refusal(cause: OSError) -> DocpactError:
    """An error of the operating system that no command handled, as a sentence."""
    from docpact.core.text import printable

    if cause.filename is None:
        return DocpactError(f"the output cannot be written: {cause.strerror}")
    name = printable(str(cause.filename))
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return DocpactError(f"{short} cannot be used: {cause.strerror}")


def _fail(error: DocpactError, code: int) -> NoReturn:
    click.echo(f"docpact: {error}", err=True)
    sys.exit(code)
