"""What several commands share: output, colour, and which contract is meant."""

import math
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from docpact.contract import Contract, Schemas, load, load_bundled, load_bundled_schemas
from docpact.errors import DocpactError

FAILED = 3  # the job could not be done
INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended

_STYLES: dict[str, dict[str, object]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan"},
    "rule": {"bold": True},
    "place": {"bold": True},
    "clean": {"fg": "green"},
    "faint": {"dim": True},
    "name": {"fg": "blue"},
    "text": {"fg": "green"},
    "value": {"fg": "magenta"},
}

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour on the terminal; NO_COLOR is honoured.",
)
output_option = click.option(
    "--output", type=click.Path(dir_okay=False), help="Write there instead of to standard output."
)


class Amount(click.FloatRange):
    """A number that one can count with, which "nan" and "inf" are not."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number.

        Raises BadParameter if it is out of range, endless or none at all.
        """
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{number} cannot be counted with.", param, ctx)
        return number


def seconds(least: float = 0.001, most: float = 86_400.0) -> Amount:
    """A length of time, up to a day."""
    return Amount(least, most)


def complete_rules(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The rules that begin with what was typed so far, for shells."""
    from docpact.rules import RULES

    return [name for name in RULES if name.startswith(incomplete)]


def complete_faults(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The faults that begin with what was typed so far, for shells."""
    from docpact.faults import FAULTS

    return [name for name in FAULTS if name.startswith(incomplete)]


def styling(color: str, output: str | None) -> Callable[[str, str], str] | None:
    """How to colour text, or nothing if it is to stay plain."""
    # There is no standard output at all where it was closed.
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    automatic = output is None and is_terminal and not os.environ.get("NO_COLOR")
    if color == "never" or (color == "auto" and not automatic):
        return None
    return lambda text, role: click.style(text, **_STYLES.get(role, {}))  # type: ignore[arg-type]  # the table holds keyword arguments of click.style


def write(text: str | bytes, output: str | None, *, color: bool = False) -> None:
    """Write a result to a file or to standard output.

    Raises DocpactError if the file cannot be written.
    """
    if output is None:
        try:
            click.echo(text, nl=False, color=color)
        except BrokenPipeError:  # the reader has enough (`docpact … | head`); the verdict stands
            sys.stdout = None
        return
    try:
        Path(output).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    except OSError as cause:
        raise DocpactError(f"{output} cannot be written: {cause.strerror}") from cause


def chosen_contract(path: str) -> tuple[Contract, Schemas]:
    """The contract in a file, or the one that ships, with the schemas to judge by."""
    if not path:
        return load_bundled(), load_bundled_schemas()
    from docpact import emit

    contract = load(Path(path))
    return contract, emit.schemas(contract)
