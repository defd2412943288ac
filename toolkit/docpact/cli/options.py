"""What several commands share: their options, and what the options choose."""

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from docpact.cli.console import say
from docpact.contract import (
    Contract,
    path_template,
)
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.exchange import Request
from docpact.endpoint_options import ENDPOINT_OPTIONS
from docpact.settings import Overrides, Settings, find_settings

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.check import Checker
    from docpact.http.client import Endpoint
    from docpact.http.signing import Key

_Command = TypeVar("_Command", bound=Callable[..., object])

_STYLES: Final[dict[str, dict[str, object]]] = {
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


class Amount(click.FloatRange):
    """A finite number within a range: "nan" and "inf" are refused."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number.

        Raises BadParameter if it is out of range or not finite.
        """
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{number} is not a finite number.", param, ctx)
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


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to color the output; NO_COLOR is honoured.",
)
output_option = click.option(
    "--output", type=click.Path(dir_okay=False), help="Write to this file, not to standard output."
)
contract_option = click.option(
    "--contract",
    metavar="FILE",
    default="",
    help="A compiled contract to use instead of GetInstance's.",
)


def all_of(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """A decorator that gives a command several options, in this order."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def endpoint_option(
    name: str,
    *parameter: str,
    default: float | None = None,
    note: str = "",
    complete: Callable[[click.Context, click.Parameter, str], list[str]] | None = None,
) -> Callable[[_Command], _Command]:
    """An option that pytest has, too; `note` is added to its help."""
    option = ENDPOINT_OPTIONS[name]
    notes = (option.help, f"[env: {option.env}]" if option.env else "", note)
    flags, value = f"--{name}", option.default if default is None else default
    settings: dict[str, Any] = {
        "help": "  ".join(filter(None, notes)),
        "envvar": option.env or None,
        "metavar": option.metavar or None,
        "shell_complete": complete,
    }
    match option.type:
        case "flag":
            settings["is_flag"] = True
        case "switch":
            flags = f"--{name}/--no-{name}"
            settings["default"] = None
        case "list":
            settings["multiple"] = True
        case "integer":
            settings["type"] = click.IntRange(0)
        case "number":
            settings["type"] = Amount(option.least, option.most, min_open=not option.least)
        case "text" if option.choices:
            settings |= {"type": click.Choice(option.choices), "metavar": None}
    if value is not None:
        settings |= {"default": value, "show_default": bool(value)}
    return click.option(flags, *parameter, **settings)


key_options = all_of(*map(endpoint_option, ("access-key-id", "access-key-secret", "sts-token")))
# Which rules count and what fails a run.
strictness_options = all_of(
    endpoint_option("strict"),
    endpoint_option("pedantic"),
    endpoint_option("ignore", complete=complete_rules),
    endpoint_option("config"),
)
# How answers are judged; all but `verbose` are named like the settings they stand for.
judging_options = all_of(
    strictness_options,
    click.option(
        "--engine",
        type=click.Choice(["fast", "reference"]),
        help="Which validators to use; both give the same findings.  [default: fast]",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show notes; they do not fail the run."),
    click.option(
        "--contract", metavar="FILE", help="A compiled contract to use instead of GetInstance's."
    ),
)
baseline_options = all_of(
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "note", "never"]),
        help="The lowest severity that fails the run.  [default: error]",
    ),
    click.option(
        "--baseline", metavar="FILE", help="A file of known findings, which are not reported."
    ),
    click.option("--update-baseline", is_flag=True, help="Write the findings into the baseline."),
)


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
        raise unwritable(output, cause) from cause


def unwritable(file: str | Path, cause: OSError) -> DocpactError:
    """The error for a file that cannot be written."""
    return DocpactError(f"{file} cannot be written: {cause.strerror}")


def chosen_key(key_id: str | None, secret: str | None, token: str | None) -> "Key | None":
    """The key that was named, or none.

    Raises UsageError if half of it is missing.
    """
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        missing = "--access-key-secret" if key_id else "--access-key-id"
        raise click.UsageError(f"a key has two parts; {missing} is missing")
    from docpact.http.signing import Key

    return Key(key_id, secret, token or "")


def warn_of_plain_http(endpoint: "Endpoint") -> None:
    """Warn that a call to another machine is not encrypted, which the vendor's pages rule out."""
    if endpoint.scheme == "http" and not endpoint.is_local:
        say("warning: the call is not encrypted; the vendor's endpoints accept https:// only")


def chosen_settings(options: dict[str, object], fail_on: str | None = None) -> Settings:
    """The folder's settings, with --config and then the other options on top."""
    given = {name: value for name, value in options.items() if value is not None}
    found = find_settings(_here(), Overrides(_texts(given.pop("config"))))
    ignore = (*found.ignore, *_texts(given.pop("ignore")))
    if fail_on is not None:
        given |= {"strict": fail_on == "warning", "pedantic": fail_on == "note"}
    return replace(found, ignore=ignore, **given)  # type: ignore[arg-type]  # Settings checks its values


def _texts(repeated: object) -> tuple[str, ...]:
    return tuple(map(str, repeated)) if isinstance(repeated, tuple) else ()


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us, and settings with it
        return Path("/")


def chosen_checker(settings: Settings) -> "Checker":
    """What judges by the contract that the settings choose.

    Raises WrongConfiguration if the settings name fields that the contract does not have.
    """
    from docpact.validator import Validator

    return Validator(settings=settings).checker


def referenced_request(reference: str, contract: Contract, *, hint: str) -> Request:
    """The request for PROJECT/JOB/ID; each part may be percent-encoded.

    Raises BadParameter, which names `hint` as the option to correct.
    """
    with _named(hint):
        return path_template.instance_request(reference, contract)


def referenced_values(reference: str, contract: Contract, *, hint: str) -> dict[str, str]:
    """The values in PROJECT/JOB/ID, decoded, by the names of the path's parameters.

    Raises BadParameter, which names `hint` as the option to correct.
    """
    with _named(hint):
        return path_template.parse_instance_reference(reference, contract)


@contextmanager
def _named(hint: str) -> Iterator[None]:
    """Let a mistake name the option that holds it."""
    try:
        yield
    except WrongConfiguration as wrong:
        raise click.BadParameter(wrong.message, param_hint=hint) from wrong
