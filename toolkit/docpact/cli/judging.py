"""How commands judge: the options that say how strictly and by what, and what is asked for."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote

import click

from docpact.cli.shared import chosen_contract, complete_rules
from docpact.contract import Contract, Kind, Place
from docpact.exchange import Request
from docpact.settings import Selector, Settings, find_settings, refuse_unknown_fields

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.check import Checker

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
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
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen_settings(options: dict[str, object]) -> Settings:
    """The folder's settings, with what the command line says put over them."""
    found = find_settings(_here())
    given = {name: value for name, value in options.items() if value is not None}
    given.pop("ignore")
    ignored = options.get("ignore")
    extra = tuple(Selector.parse(each) for each in ignored) if isinstance(ignored, tuple) else ()
    return replace(found, ignore=(*found.ignore, *extra), **given)  # type: ignore[arg-type]  # the options are named like the settings


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
    operation = contract.operation
    values = asked_values(asked, contract, hint=hint)
    target = operation.path
    for name, value in values.items():
        # A lone dot or two would be taken for steps in the path.
        part = value.replace(".", "%2E") if value in {".", ".."} else quote(value, safe="")
        target = target.replace(f"{{{name}}}", part)
    return Request(operation.method, target)


def asked_values(asked: str, contract: Contract, *, hint: str) -> dict[str, str]:
    """The values in PROJECT/JOB/ID, decoded, by the names of the path's parameters.

    Raises BadParameter, which names `hint` as what to mend.
    """
    operation = contract.operation
    if not operation.path:
        message = f"{contract.page} shows no path, so nothing can be said of the request"
        raise click.BadParameter(message, param_hint=hint)
    parts = asked.split("/")
    known = [each for each in operation.parameters if each.place is Place.PATH]
    known.sort(key=lambda each: operation.path.index(f"{{{each.name}}}"))
    if len(parts) != len(known) or not all(parts):
        shape = "/".join(each.name for each in known)
        message = f"{asked!r} is not of the form {shape}; write a slash within a part as %2F"
        raise click.BadParameter(message, param_hint=hint)
    for parameter, part in zip(known, parts, strict=True):
        if parameter.kind is Kind.LONG and not re.fullmatch(r"-?[0-9]+", part):
            message = f"{part!r} is no {parameter.name}, which is a Long"
            raise click.BadParameter(message, param_hint=hint)
    return {each.name: unquote(part) for each, part in zip(known, parts, strict=True)}


def _fields(contract: Contract) -> set[str]:
    answers = (contract.success, contract.failure)
    return {".".join(path) for answer in answers if answer for path, _ in answer.walk()}


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us, and settings with it
        return Path("/")
