"""Refuse settings that were made in Python and cannot be meant; tables are looked at as read."""

from os import PathLike
from typing import Final

from docpact.errors import WrongConfiguration
from docpact.settings.model import Settings
from docpact.settings.selector import Selector
from docpact.span import Severity

_ENGINES: Final = ("fast", "reference")


def refuse_unmeant(settings: Settings) -> None:
    """Raise WrongConfiguration for values that Settings hold though their types forbid them."""
    if settings.engine not in _ENGINES:
        raise WrongConfiguration(
            f"engine is {settings.engine!r}; it is one of {', '.join(_ENGINES)}"
        )
    for name in ("strict", "pedantic", "fragment"):
        value = getattr(settings, name)
        if not isinstance(value, bool):
            raise WrongConfiguration(f"{name} is {value!r}; it is True or False")
    contract: object = settings.contract
    if not isinstance(contract, str | PathLike):
        raise WrongConfiguration(f"contract is {contract!r}; it is the path of a file")
    for each in _listed("ignore", settings.ignore):
        _refuse_no_selector("ignore", each)
    for pair in _listed("severity", settings.severity):
        if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[1], Severity):  # noqa: PLR2004
            message = f"severity has {pair!r}, which is no pair of a Selector and a Severity"
            raise WrongConfiguration(message)
        _refuse_no_selector("severity", pair[0])


def _listed(name: str, value: object) -> tuple[object, ...]:
    if not isinstance(value, tuple | list):
        raise WrongConfiguration(f"{name} is {value!r}; it is a tuple")
    return tuple(value)


def _refuse_no_selector(name: str, value: object) -> None:
    if not isinstance(value, Selector):
        hint = "Validator(ignore=[...]) takes texts." if name == "ignore" else ""
        message = f"{name} has {value!r}, which is no Selector; Selector.parse reads one"
        raise WrongConfiguration(message, hint=hint)
    Selector.parse(value.rule)
