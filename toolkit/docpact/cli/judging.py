"""How commands judge: the options that say how strictly and by what, and what is asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from docpact import asked as asked_by
from docpact.cli.shared import chosen_contract, complete_rules
from docpact.contract import Contract
from docpact.errors import WrongConfiguration
from docpact.exchange import Request
from docpact.settings import Said, Selector, Settings, find_settings, refuse_unknown_fields

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.check import Checker

_Command = TypeVar("_Command", bound=Callable[..., object])

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
    found = find_settings(_here(), Said(_texts(given.pop("config"))))
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
        return asked_by.asked_request(asked, contract)


def asked_values(asked: str, contract: Contract, *, hint: str) -> dict[str, str]:
    """The values in PROJECT/JOB/ID, decoded, by the names of the path's parameters.

    Raises BadParameter, which names `hint` as what to mend.
    """
    with _named(hint):
        return asked_by.asked_values(asked, contract)


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
