"""Find the settings that count: in the nearest file, and over it what the command line says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from docpact.core.errors import WrongConfiguration
from docpact.core.text import did_you_mean
from docpact.settings.model import Settings

_FILES: Final = ("docpact.toml", "pyproject.toml")
_PLUGIN: Final = "pytest"  # the table of the pytest plugin, which commands leave alone
_KNOWN: Final = tuple(sorted(each.name for each in fields(Settings)))


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says: settings in TOML, or the file that has them."""

    arguments: tuple[str, ...]
    option: str = "--config"
    folder: Path = Path()  # relative paths start here


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of settings."""

    values: Mapping[str, object]
    name: str  # of the file or the argument that has it
    folder: Path  # its relative paths start here


def find_settings(start: Path, *overrides: Overrides) -> Settings:
    """The settings of the folder or the nearest one above it that has any, with the overrides.

    A later override wins, key by key; severities are merged rule by rule. Raises
    WrongConfiguration, which names the file or argument, for what cannot be set.
    """
    settings = Settings()
    for table in _tables(start, overrides):
        try:
            settings = _with(settings, table)
        except WrongConfiguration as wrong:
            raise WrongConfiguration(f"{table.name}: {wrong.message}", hint=wrong.hint) from wrong
    return settings


def find_plugin_options(start: Path, *overrides: Overrides) -> Mapping[str, object]:
    """What the same settings say in their table "pytest", which is the plugin's own.

    Raises WrongConfiguration if it is not a table.
    """
    options: dict[str, object] = {}
    for table in _tables(start, overrides):
        given = table.values.get(_PLUGIN, {})
        if not isinstance(given, dict):
            raise WrongConfiguration(f"{table.name}: {_PLUGIN} is {given!r}; expected a table")
        options |= given
    return options


def _with(settings: Settings, table: _Table) -> Settings:
    """The settings with what a table sets; Settings itself refuses what cannot be."""
    given: dict[str, Any] = {key: each for key, each in table.values.items() if key != _PLUGIN}
    for key in given:
        if key not in _KNOWN:
            hint = f"Known settings: {', '.join(_KNOWN)}."
            message = f"unknown setting {key!r}{did_you_mean(key, _KNOWN)}"
            raise WrongConfiguration(message, hint=hint)
    own = Settings(**given)
    if own.contract:
        given["contract"] = table.folder / own.contract
    return replace(settings, **{**given, "severity": settings.severity + own.severity})


def _tables(start: Path, overrides: tuple[Overrides, ...]) -> Iterator[_Table]:
    """Every table that counts, the weakest first.

    A file that is named takes the place of the nearest one. Raises WrongConfiguration if one
    cannot be read.
    """
    files: list[_Table] = []
    inline: list[_Table] = []
    for each in overrides:
        for argument in each.arguments:
            name = f"{each.option} '{argument}'"
            path = each.folder / argument
            if not _is_file(argument, path):
                inline.append(_Table(_inline(argument, name), name, each.folder))
                continue
            if files:
                message = f"{name} names a second settings file after {files[0].name}"
                raise WrongConfiguration(message, hint="Name one; it replaces the file found.")
            files.append(_named(path, name))
    if not files:
        files += _nearest(start)
    yield from (*files, *inline)


def _is_file(argument: str, path: Path) -> bool:
    try:
        return argument.endswith(".toml") or path.is_file()
    except (OSError, ValueError):  # too long, or with a byte that no name has
        return False


def _named(path: Path, name: str) -> _Table:
    if not path.is_file():
        hint = 'Name a TOML file, or write KEY = VALUE with texts in quotes: engine = "reference".'
        raise WrongConfiguration(f"{name}: no such file", hint=hint)
    values = _read(path)
    if values is None:
        raise WrongConfiguration(f"{name}: the file has no [tool.docpact]")
    return _Table(values, str(path), path.parent)


def _inline(argument: str, name: str) -> Mapping[str, object]:
    import tomllib

    try:
        values = tomllib.loads(argument)
    except ValueError as cause:
        hint = """Write KEY = VALUE with texts in quotes, as 'severity.wrong-unit = "error"'."""
        message = f"{name} is neither a file nor a setting in TOML: {cause}"
        raise WrongConfiguration(message, hint=hint) from cause
    if not values:
        raise WrongConfiguration(f"{name} is empty", hint="Write KEY = VALUE, or name a file.")
    return values


def _nearest(start: Path) -> Iterator[_Table]:
    """The table of settings nearest to a folder, if there is one."""
    for folder in (start, *start.parents):
        for path in (folder / name for name in _FILES):
            values = _read(path) if path.is_file() else None
            if values is not None:
                yield _Table(values, str(path), folder)
                return


def _read(path: Path) -> Mapping[str, object] | None:
    """The settings in a file; nothing for a pyproject.toml without any."""
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
        raise WrongConfiguration(f"{path}: tool.docpact is not a table")
    return table
