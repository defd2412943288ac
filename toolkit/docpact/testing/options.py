"""The options of a pytest run, from the command line, ini, or docpact's own settings."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pytest

from docpact.core.errors import WrongConfiguration
from docpact.endpoint_options import ENDPOINT_OPTIONS
from docpact.http.client import Endpoint
from docpact.http.signing import Key
from docpact.settings import Overrides, find_plugin_options

_UNSET: tuple[object, ...] = (None, "", [])


def _default(name: str) -> Any:  # noqa: ANN401  # as the field of that name has it
    return ENDPOINT_OPTIONS[name].default


@dataclass(frozen=True, slots=True)
class PluginOptions:
    """The plugin's options; those that say how to judge are Settings."""

    url: str = ""
    mock: bool = False
    mock_fault: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    not_running: tuple[str, ...] = ()
    everything_exists: bool = False
    region: str = _default("region")
    body: str = _default("body")
    rate: float = 0.0
    timeout: float = _default("timeout")
    time_limit: float = _default("time-limit")
    seed: int | None = None
    drawn: int | None = None
    insecure: bool = False
    no_auth_checks: bool = False
    access_key_id: str = ""
    access_key_secret: str = ""
    sts_token: str = ""
    watch: str = ""

    @property
    def key(self) -> Key | None:
        """The key to sign with, from the options or the environment."""
        given = [
            getattr(self, name.replace("-", "_")) or os.environ.get(ENDPOINT_OPTIONS[name].env, "")
            for name in ("access-key-id", "access-key-secret", "sts-token")
        ]
        return Key(*given) if given[0] and given[1] else None


_KEY = pytest.StashKey[PluginOptions]()


def options_of(config: pytest.Config) -> PluginOptions:
    """The options of this run; the command line counts most, then ini, then the settings.

    Raises WrongConfiguration if an option is wrong.
    """
    if _KEY not in config.stash:
        config.stash[_KEY] = _read(config)
    return config.stash[_KEY]


def overrides(config: pytest.Config) -> tuple[Overrides, Overrides]:
    """What ini and then the command line set over the settings file."""
    in_ini = tuple(config.getini("docpact_config"))
    given = tuple(config.getoption("docpact_config") or ())
    return (
        Overrides(in_ini, "docpact_config", config.rootpath),
        Overrides(given, "--docpact-config", config.invocation_params.dir),
    )


def flag_of(config: pytest.Config, name: str) -> bool:
    """Whether a flag is set on the command line or in ini."""
    return bool(config.getoption(f"docpact_{name}") or config.getini(f"docpact_{name}"))


def _read(config: pytest.Config) -> PluginOptions:
    table = {
        name.replace("-", "_"): value
        for name, value in find_plugin_options(config.rootpath, *overrides(config)).items()
    }
    known = {each.name for each in fields(PluginOptions)}
    if unknown := sorted(set(table) - known):
        raise WrongConfiguration(
            f"the settings of the pytest plugin have the unknown name {unknown[0]!r}",
            hint=f"Known names: {', '.join(sorted(known))}.",
        )
    given = {name: value for name in known if (value := _value(config, table, name)) is not None}
    options = PluginOptions(**{name: _typed(name, value) for name, value in given.items()})
    _refuse_contradictions(options)
    _refuse_out_of_range(options)
    return options


def _value(config: pytest.Config, table: Mapping[str, object], name: str) -> object:
    """The value of an option where it counts most; None if it is set nowhere."""
    values = (
        config.getoption(f"docpact_{name}"),
        config.getini(f"docpact_{name}"),
        table.get(name),
    )
    return next((each for each in values if each not in _UNSET), None)


def _typed(name: str, value: object) -> Any:  # noqa: ANN401  # as the field of that name has it
    option = ENDPOINT_OPTIONS[name.replace("_", "-")]
    try:
        match option.type:
            case "list":
                return (value,) if isinstance(value, str) else tuple(map(str, value))  # type: ignore[call-overload]  # a TypeError otherwise
            case "flag" | "switch":
                return _flag(value)
            case "number":
                return float(str(value))
            case "integer":
                return int(str(value))
            case "text":
                return str(value)
    except (TypeError, ValueError) as cause:
        raise WrongConfiguration(f"docpact-{option.name} cannot be {value!r}") from cause


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError  # the text "false" would count as true
    return value


def _refuse_contradictions(options: PluginOptions) -> None:
    if options.url and options.mock:
        raise WrongConfiguration("both a URL and the built-in mock are given; leave out one")
    if options.mock_fault and not options.mock:
        raise WrongConfiguration(
            "faults are only for the built-in mock", hint="Add --docpact-mock."
        )
    if options.url:
        Endpoint.at(options.url)
    if bool(options.access_key_id) != bool(options.access_key_secret):
        missing = "secret" if options.access_key_id else "id"
        raise WrongConfiguration(f"a key needs both parts: docpact-access-key-{missing} is missing")


def _refuse_out_of_range(options: PluginOptions) -> None:
    for option in ENDPOINT_OPTIONS.values():
        value = getattr(options, option.name.replace("-", "_"), None)
        if option.choices and value not in option.choices:
            raise WrongConfiguration(
                f"docpact-{option.name} cannot be {value!r}; it is one of "
                f"{', '.join(option.choices)}"
            )
        if value is None or option.type not in {"number", "integer"} or option.name == "seed":
            continue
        if not (math.isfinite(value) and value >= option.least):
            least = option.least if option.type == "number" else int(option.least)
            raise WrongConfiguration(
                f"docpact-{option.name} cannot be {value}; the minimum is {least}"
            )


def refuse_unused(options: PluginOptions) -> None:
    """Refuse options that describe an endpoint if no endpoint is checked.

    Raises UsageError.
    """
    unused = [name for name in ("running", "not_running", "mock_fault") if getattr(options, name)]
    if unused and not (options.url or options.mock):
        raise pytest.UsageError(
            f"docpact: --docpact-{unused[0].replace('_', '-')} describes an endpoint, but none is "
            "checked; add --docpact-url or --docpact-mock"
        )
