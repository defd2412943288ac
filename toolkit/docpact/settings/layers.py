"""What is said about settings and where: in the file that counts, and on the command line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from docpact.core.errors import WrongConfiguration
from docpact.core.span import Severity
from docpact.settings.model import Selector, Settings, guess

_FILES = ("docpact.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Said:
    """What the command line says: settings in TOML, or the file that has them."""

    arguments: tuple[str, ...]
    option: str = "--config"
    folder: Path = Path()  # from where paths are meant


@dataclass(frozen=True, slots=True)
class Layer:
    """One table of settings."""

    table: Mapping[str, object]
    name: str  # of the file or the argument that has it
    folder: Path  # from where its paths are meant


def find_settings(start: Path, *said: Said) -> Settings:
    """The settings of the folder or the nearest one above it that has any, and what is put over.

    What is said later counts more, key by key; severities are put over rule by rule. Raises
    WrongConfiguration if somebody says what settings cannot say.
    """
    settings = Settings()
    severities: Severities = {}
    for layer in _layers(start, said):
        given = said_by(layer.table, layer.name, layer.folder)
        graded = given.pop("severity", {})
        severities |= graded if isinstance(graded, dict) else {}
        settings = replace(settings, **given)  # type: ignore[arg-type]  # as their readers return
    return replace(settings, severity=tuple(severities.items()))


def find_plugin_options(start: Path, *said: Said) -> Mapping[str, object]:
    """What the same settings say in their table "pytest", which is the plugin's own.

    Raises WrongConfiguration if that is no table.
    """
    options: dict[str, object] = {}
    for layer in _layers(start, said):
        options |= plugin_table(layer.table, layer.name)
    return options


def _layers(start: Path, said: tuple[Said, ...]) -> Iterator[Layer]:
    """Every table that counts, the weakest first.

    A file that is named takes the place of the one that stands nearest. Raises WrongConfiguration
    if one cannot be read.
    """
    named: list[Layer] = []
    inline: list[Layer] = []
    for each in said:
        for argument in each.arguments:
            name = f"{each.option} {_quoted(argument)}"
            path = each.folder / argument
            if not _is_file(argument, path):
                inline.append(Layer(_inline(argument, name), name, each.folder))
                continue
            if named:
                message = f"{name} names a second settings file beside {named[0].name}"
                raise WrongConfiguration(message, hint="Name one; it takes the found one's place.")
            named.append(_named(path, name))
    if not named:
        found = _nearest(start)
        named += [found] if found else []
    yield from named
    yield from inline


def _quoted(argument: str) -> str:
    return f"'{argument}'"


def _is_file(argument: str, path: Path) -> bool:
    try:
        return argument.endswith(".toml") or path.is_file()
    except (OSError, ValueError):  # too long, or with a byte that no name has
        return False


def _named(path: Path, name: str) -> Layer:
    if not path.is_file():
        hint = 'Name a TOML file, or write KEY = VALUE with texts in quotes: engine = "reference".'
        raise WrongConfiguration(f"{name} names no file", hint=hint)
    table = _table(path)
    if table is None:
        raise WrongConfiguration(f"{name} names a file without [tool.docpact]")
    return Layer(table, str(path), path.parent)


def _inline(argument: str, name: str) -> Mapping[str, object]:
    import tomllib

    try:
        table = tomllib.loads(argument)
    except ValueError as cause:
        hint = """Write KEY = VALUE with texts in quotes, as 'severity.wrong-unit = "error"'."""
        message = f"{name} is neither a file nor a setting in TOML: {cause}"
        raise WrongConfiguration(message, hint=hint) from cause
    if not table:
        raise WrongConfiguration(f"{name} says nothing", hint="Write KEY = VALUE, or name a file.")
    return table


def _nearest(start: Path) -> Layer | None:
    """The table of settings nearest to a folder."""
    for folder in (start, *start.parents):
        for name in _FILES:
            path = folder / name
            if path.is_file():
                table = _table(path)
                if table is not None:
                    return Layer(table, str(path), folder)
    return None


def _table(path: Path) -> Mapping[str, object] | None:
    try:
        text = path.read_text("utf-8")
        if "docpact" not in text and path.name == "pyproject.toml":
            return None
        import tomllib  # only where there is something to read: start-up counts

        document = tomllib.loads(text)
    except (OSError, ValueError) as cause:
        raise WrongConfiguration(f"{path} cannot be read: {cause}") from cause
    if path.name != "pyproject.toml":
        return document
    tools = document.get("tool", {})
    table = tools.get("docpact", None) if isinstance(tools, dict) else tools
    if table is not None and not isinstance(table, dict):
        raise WrongConfiguration(f"{path} has a tool.docpact that is no table")
    return table


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
