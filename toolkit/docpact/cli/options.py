"""What several commands share: output, colour, and which contract is meant."""

import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from docpact.contract import Contract, Schemas, load, load_bundled, load_bundled_schemas
from docpact.core.errors import DocpactError

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.http.client import Endpoint
    from docpact.http.signing import Key

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from docpact.contract import path_template
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request
from docpact.settings import Overrides, Selector, Settings, find_settings, refuse_unknown_fields

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.check import Checker


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


_Command = TypeVar("_Command", bound=Callable[..., object])

_KEY_OPTIONS = (
    click.option(
        "--access-key-id",
        envvar="ALIBABA_CLOUD_ACCESS_KEY_ID",
        help="Sign with this key.  [env: ALIBABA_CLOUD_ACCESS_KEY_ID]",
    ),
    click.option(
        "--access-key-secret",
        envvar="ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        help="Its secret; on the command line, everybody on this machine can see it in `ps`, so "
        "prefer the variable.  [env: ALIBABA_CLOUD_ACCESS_KEY_SECRET]",
    ),
    click.option(
        "--sts-token",
        envvar="ALIBABA_CLOUD_SECURITY_TOKEN",
        help="The token of a temporary key.  [env: ALIBABA_CLOUD_SECURITY_TOKEN]",
    ),
)


def key_options(command: _Command) -> _Command:
    """Give a command the options that name an access key."""
    for option in reversed(_KEY_OPTIONS):
        command = option(command)
    return command


def chosen_key(key_id: str | None, secret: str | None, token: str | None) -> "Key | None":
    """The key that was named, or none.

    Raises UsageError if half of it is missing.
    """
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        lacking = "--access-key-secret" if key_id else "--access-key-id"
        raise click.UsageError(f"a key needs both its parts: {lacking} is missing")
    from docpact.http.signing import Key

    return Key(key_id, secret, token or "")


def warn_of_plain_http(endpoint: "Endpoint") -> None:
    """Say that calls to another machine travel in the open, which the vendor's pages rule out."""
    if endpoint.scheme == "http" and not endpoint.is_local:
        message = "docpact: the call is not encrypted; the vendor's endpoints take https:// only"
        click.echo(message, err=True)


_STRICTNESS = (
    click.option("--strict/--no-strict", default=None, help="Warnings fail the run too."),
    click.option(
        "--pedantic/--no-pedantic", default=None, help="Notes fail the run as well, and are shown."
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULE[:FIELD]",
        shell_complete=complete_rules,
        help="Switch a rule off; repeatable.",
    ),
    click.option(
        "--config",
        multiple=True,
        metavar="KEY=VALUE|FILE",
        help="A setting in TOML, or the settings file to take; repeatable.",
    ),
)
_JUDGING = (
    click.option(
        "--engine",
        type=click.Choice(["fast", "reference"]),
        help="Which validators to use; both give the same findings.  [default: fast]",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show notes too, without failing for them."),
    click.option(
        "--contract", metavar="FILE", help="A compiled contract instead of GetInstance's."
    ),
)


def judging_options(command: _Command) -> _Command:
    """Give a command the options that say how answers are judged.

    All but `verbose` are named like the settings that they stand for.
    """
    for option in reversed(_JUDGING):
        command = option(command)
    return strictness_options(command)


def strictness_options(command: _Command) -> _Command:
    """Give a command the options that say which rules count and what fails a run."""
    for option in reversed(_STRICTNESS):
        command = option(command)
    return command


def chosen_settings(options: dict[str, object]) -> Settings:
    """The folder's settings, with what --config and then the options say put over them."""
    given = {name: value for name, value in options.items() if value is not None}
    found = find_settings(_here(), Overrides(_texts(given.pop("config"))))
    ignored = map(Selector.parse, _texts(given.pop("ignore")))
    return replace(found, ignore=(*found.ignore, *ignored), **given)  # type: ignore[arg-type]  # the options are named like the settings


def _texts(repeated: object) -> tuple[str, ...]:
    return tuple(map(str, repeated)) if isinstance(repeated, tuple) else ()


def chosen_checker(settings: Settings) -> "Checker":
    """What judges by the contract that is meant.

    Raises WrongConfiguration if the settings name fields that the contract has not.
    """
    from docpact.check import Checker

    contract, schemas = chosen_contract(settings.contract)
    refuse_unknown_fields(settings, _fields(contract))
    return Checker(contract, schemas, engine=settings.engine, fragment=settings.fragment)


def asked_request(asked: str, contract: Contract, *, hint: str) -> Request:
    """The request that PROJECT/JOB/ID stands for; each part may be percent-encoded.

    Raises BadParameter, which names `hint` as what to mend.
    """
    with _named(hint):
        return path_template.instance_request(asked, contract)


def asked_values(asked: str, contract: Contract, *, hint: str) -> dict[str, str]:
    """The values in PROJECT/JOB/ID, decoded, by the names of the path's parameters.

    Raises BadParameter, which names `hint` as what to mend.
    """
    with _named(hint):
        return path_template.parse_instance_reference(asked, contract)


@contextmanager
def _named(hint: str) -> Iterator[None]:
    """Let a mistake name the option that holds it."""
    try:
        yield
    except WrongConfiguration as wrong:
        raise click.BadParameter(wrong.message, param_hint=hint) from wrong


def _fields(contract: Contract) -> set[str]:
    answers = (contract.success, contract.failure)
    return {".".join(path) for answer in answers if answer for path, _ in answer.walk()}


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us, and settings with it
        return Path("/")
