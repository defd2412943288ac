"""What a table of settings says, once it is known that it can say so."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal

from docpact.errors import WrongConfiguration
from docpact.settings.selector import Selector, guess
from docpact.span import Severity

PLUGIN: Final = "pytest"  # the table within, which commands leave alone

Severities = dict[Selector, Severity]


def said_by(table: Mapping[str, object], name: str, folder: Path) -> dict[str, object]:
    """The fields of Settings that a table sets; `folder` is where its paths are meant from.

    Raises WrongConfiguration, which names the table, if it says what settings cannot say.
    """
    for key in table:
        if key not in _READERS and key != PLUGIN:
            hint = f"Known settings: {', '.join(sorted(_READERS))}."
            message = f"{name} has the unknown setting {key!r}{guess(key, _READERS)}"
            raise WrongConfiguration(message, hint=hint)
    try:
        return {
            key: read(key, table[key], folder) for key, read in _READERS.items() if key in table
        }
    except WrongConfiguration as wrong:
        raise WrongConfiguration(f"{name}: {wrong.message}", hint=wrong.hint) from wrong


def plugin_table(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    """What a table of settings says to the pytest plugin.

    Raises WrongConfiguration if that is no table.
    """
    options = table.get(PLUGIN, {})
    if not isinstance(options, dict):
        raise WrongConfiguration(f"{name} has a {PLUGIN} that is no table")
    return options


def _flag(key: str, value: object, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise WrongConfiguration(f"{key} is {value!r}; it is true or false")
    return value


def _selectors(key: str, value: object, _folder: Path) -> tuple[Selector, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongConfiguration(f"{key} is {value!r}; it is a list of texts")
    return tuple(map(Selector.parse, value))


def _engine(key: str, value: object, _folder: Path) -> Literal["fast", "reference"]:
    if value not in ("fast", "reference"):  # a list cannot be looked up in a set
        raise WrongConfiguration(f"{key} is {value!r}; it is one of fast, reference")
    return "reference" if value == "reference" else "fast"


def _contract(key: str, value: object, folder: Path) -> str:
    if not isinstance(value, str):
        raise WrongConfiguration(f"{key} is {value!r}; it is the path of a compiled contract")
    return str(folder / value) if value else ""


def _severities(key: str, value: object, _folder: Path) -> Severities:
    if not isinstance(value, dict):
        raise WrongConfiguration(f"{key} is {value!r}; it is a table of rule = severity")
    allowed = [each.value for each in Severity]
    found: Severities = {}
    for rule, level in value.items():
        if level not in allowed:
            choices = ", ".join(allowed)
            message = f"{key} of {rule} is {level!r}; it is one of {choices}"
            raise WrongConfiguration(message, hint="`ignore` switches a rule off.")
        found[Selector.parse(str(rule))] = Severity(level)
    return found


_READERS: Final[Mapping[str, Callable[[str, object, Path], object]]] = {
    "strict": _flag,
    "pedantic": _flag,
    "ignore": _selectors,
    "severity": _severities,
    "engine": _engine,
    "fragment": _flag,
    "contract": _contract,
}
