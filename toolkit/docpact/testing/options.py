"""What a pytest run is asked to do: from the command line, ini, or docpact's own settings."""

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import pytest

from docpact.contract import Contract
from docpact.core.errors import WrongConfiguration
from docpact.http.client import Endpoint
from docpact.http.signing import Key
from docpact.http.snippets import KEY_ID, KEY_SECRET, TOKEN
from docpact.mock.request_parsing import media_for
from docpact.runner.probes import Probe
from docpact.settings import Overrides, find_plugin_options

_BODIES = ("json", "xml", "both")
_LEAST = 0.001  # seconds
_UNSAID: tuple[object, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Options:
    """The plugin's options; those that say how to judge are Settings."""

    url: str = ""
    mock: bool = False
    mock_fault: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    not_running: tuple[str, ...] = ()
    everything_exists: bool = False
    region: str = ""
    body: str = "both"
    rate: float = 0.0
    timeout: float = 15.0
    time_limit: float = 60.0
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
        key_id = self.access_key_id or os.environ.get(KEY_ID, "")
        secret = self.access_key_secret or os.environ.get(KEY_SECRET, "")
        token = self.sts_token or os.environ.get(TOKEN, "")
        return Key(key_id, secret, token) if key_id and secret else None


_KEY = pytest.StashKey[Options]()


def options_of(config: pytest.Config) -> Options:
    """What this run is asked to do; the command line counts most, then ini, then the settings.

    Raises WrongConfiguration if an option cannot mean anything.
    """
    if _KEY not in config.stash:
        config.stash[_KEY] = _read(config)
    return config.stash[_KEY]


def _read(config: pytest.Config) -> Options:
    table = {
        name.replace("-", "_"): value
        for name, value in find_plugin_options(config.rootpath, *said(config)).items()
    }
    known = {each.name for each in fields(Options)}
    if unknown := sorted(set(table) - known):
        raise WrongConfiguration(
            f"the settings of the pytest plugin have the unknown name {unknown[0]!r}",
            hint=f"Known ones: {', '.join(sorted(known))}.",
        )
    named = {name: value for name in known if (value := _value(config, table, name)) is not None}
    options = Options(**{name: _typed(name, value) for name, value in named.items()})
    return _consistent(options)


def said(config: pytest.Config) -> tuple[Overrides, Overrides]:
    """What ini and then the command line say over the settings file."""
    in_ini = tuple(config.getini("docpact_config"))
    given = tuple(config.getoption("docpact_config") or ())
    return (
        Overrides(in_ini, "docpact_config", config.rootpath),
        Overrides(given, "--docpact-config", config.invocation_params.dir),
    )


def _value(config: pytest.Config, table: Mapping[str, object], name: str) -> object:
    """What is said of an option where it counts most; nothing if nobody says anything."""
    said_of = (config.getoption(f"docpact_{name}"), config.getini(f"docpact_{name}"))
    return next((each for each in (*said_of, table.get(name)) if each not in _UNSAID), None)


def _typed(name: str, value: object) -> Any:  # noqa: ANN401  # as the field of that name has it
    default = getattr(Options(), name)
    try:
        if isinstance(default, tuple):
            return (value,) if isinstance(value, str) else tuple(map(str, value))  # type: ignore[call-overload]  # a TypeError otherwise
        if isinstance(default, bool):
            return _flag(value)
        if isinstance(default, float):
            return float(str(value))
        return int(str(value)) if name in {"seed", "drawn"} else str(value)
    except (TypeError, ValueError) as cause:
        raise WrongConfiguration(f"docpact-{name.replace('_', '-')} cannot be {value!r}") from cause


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError  # the text "false" would count as true
    return value


def _consistent(options: Options) -> Options:
    if options.url and options.mock:
        raise WrongConfiguration("there is a URL and the built-in mock; leave out one of them")
    if options.mock_fault and not options.mock:
        raise WrongConfiguration("faults are for the built-in mock", hint="Add --docpact-mock.")
    if options.url:
        Endpoint.at(options.url)
    if options.body not in _BODIES:
        raise WrongConfiguration(f"body is {options.body!r}; it is one of {', '.join(_BODIES)}")
    if bool(options.access_key_id) != bool(options.access_key_secret):
        lacking = "secret" if options.access_key_id else "id"
        raise WrongConfiguration(
            f"a key needs both its parts: docpact-access-key-{lacking} is missing"
        )
    _refuse_odd_numbers(options)
    return options


def _refuse_odd_numbers(options: Options) -> None:
    numbers = (
        ("rate", options.rate, 0.0),
        ("timeout", options.timeout, _LEAST),
        ("time-limit", options.time_limit, _LEAST),
        ("drawn", options.drawn or 0, 0),
    )
    for name, number, least in numbers:
        if not (math.isfinite(number) and number >= least):
            raise WrongConfiguration(f"docpact-{name} cannot be {number}; it is {least} or more")


UNIQUE: Final = "repeated-value"
PARITY: Final = "formats-disagree"
OF_SESSIONS: Final = frozenset({UNIQUE, PARITY})
_BOTH: Final = "both"
_TIMES: Final = 4  # that a pair is asked for, to see whether anything comes again


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of one kind, in one format or in both, and by which rules they are judged."""

    media: str
    name: str
    probes: tuple[Probe, ...] = ()
    rule: str = ""  # the only one by which they are judged; none for all that see single answers
    is_drawn: bool = False  # calls that chance decides on, besides


def groups(planned: Iterable[Probe], contract: Contract, *, drawn: bool) -> list[Group]:
    """Every group of these calls, in their order; those over several calls come last."""
    single: dict[tuple[str, str], list[Probe]] = {}
    signatures: list[Probe] = []
    pairs: list[Probe] = []
    for probe in planned:
        if probe.cases[0].expectation.about == "signature":
            signatures.append(probe)
            continue
        if probe.is_pair:
            pairs.append(probe)
        for case in probe.cases:
            key = (media_for(case.request).value, case.label)
            single.setdefault(key, []).append(Probe((case,)))
    every = [Group(media, name, tuple(found)) for (media, name), found in single.items()]
    every.sort(key=lambda each: each.media)
    return [*every, *_over_several(signatures, pairs, contract, drawn=drawn)]


def _over_several(
    signatures: list[Probe], pairs: list[Probe], contract: Contract, *, drawn: bool
) -> Iterator[Group]:
    if signatures:
        yield Group(_BOTH, "signatures", tuple(signatures))
    if pairs:
        yield Group(_BOTH, "formats-agree", tuple(pairs), PARITY)
    if pairs and contract.constraints.unique:
        again = tuple(Probe((case,)) for case in pairs[0].cases * _TIMES)
        yield Group(_BOTH, "unique-values", again, UNIQUE)
    if drawn:
        yield Group(_BOTH, "drawn-calls", is_drawn=True)
