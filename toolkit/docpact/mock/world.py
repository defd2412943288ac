"""The world of the mock: which instances of jobs exist, and what a call for one is answered."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from random import Random
from typing import Final, Protocol

from docpact.contract import WHOLE_NUMBERS, Contract, Kind
from docpact.contract.path_template import PathTemplate
from docpact.contract.value_path import scalar_at, with_value
from docpact.core.errors import WrongConfiguration
from docpact.generate.response_model import Leaf, Value, response_model_for
from docpact.generate.sampler import Sampler
from docpact.http.signing import Refusal
from docpact.mock.request_parsing import NOT_RUNNING, not_found

# A job whose instances have all ended is not running, and then the page promises a failure.
ENDED: Final = frozenset({"TERMINATED", "SUCCESS", "FAILED"})
FIRST: Final = {"Instance.ActualState": "WAITING"}  # where the world does not say the state
_STREAM: Final = (("WAITING", 1), ("RUNNING", 3), ("PAUSED", 1), ("RUNNING", 3))
_BATCH: Final = (("WAITING", 1), ("RUNNING", 3))
_MILLISECONDS: Final = 1000


@dataclass(slots=True)
class Lifecycle:
    """Moves instances through their states; without a pace they stay as they were listed."""

    pace: float = 0.0  # seconds of the shortest state
    clock: Callable[[], float] = time.time  # seconds since 1970
    started: float = 0.0
    _pinned: frozenset[tuple[str, ...]] = frozenset()

    def __post_init__(self) -> None:
        self.started = self.started or self.clock()

    def pin(self, names: tuple[str, ...]) -> None:
        """Keep an instance in the state it is in."""
        self._pinned |= {names}

    def at(self, names: tuple[str, ...], value: Value) -> Value:
        """The instance as it is now."""
        instance = value.get("Instance")
        if not self.pace or names in self._pinned or not isinstance(instance, dict):
            return value
        moved = _moved(instance, self.started, self.pace, self.clock() - self.started)
        return {**value, "Instance": moved}


def settled(value: Value, members: Mapping[str, Leaf], now: float) -> Value:
    """The answer with members changed (null removes one), and with times that fit its state."""
    instance = value["Instance"]
    assert isinstance(instance, dict)  # every answer has one  # noqa: S101
    changed = {**instance, **members}
    state = members.get("ActualState")
    if state in ENDED and "EndTime" not in members and not changed.get("EndTime"):
        changed["EndTime"] = _milliseconds(now)
    if state is not None and state not in ENDED and "EndTime" not in members:
        changed["EndTime"] = None
    return {**value, "Instance": {name: leaf for name, leaf in changed.items() if leaf is not None}}


def _moved(instance: Value, born: float, pace: float, elapsed: float) -> Value:
    """The instance some seconds after the start, when it was in the state it is listed in."""
    course = _course(instance)
    if not course or elapsed < course[0][1] * pace:
        return instance
    since = born + course[0][1] * pace
    start = _started(instance, course[0][0], born=born, since=since)
    for state, steps in course[1:]:
        if elapsed < since - born + steps * pace:
            return _in_state(instance, state, start, since, ended=False)
        since += steps * pace
    return _in_state(instance, _end_of(instance), start, since, ended=True)


def _course(instance: Value) -> tuple[tuple[str, int], ...]:
    """The states before its end with their length; none for what has ended already."""
    state = instance.get("ActualState")
    usual = _BATCH if instance.get("JobType") == "FLINK_BATCH" else _STREAM
    if not isinstance(state, str) or state in ENDED:
        return ()
    states = [each for each, _ in usual]
    return usual[states.index(state) :] if state in states else ((state, 1), *usual[1:])


def _started(instance: Value, state: str, *, born: float, since: float) -> float:
    """When it was started: as it is listed, unless it waits still or that is yet to come."""
    listed = instance.get("StartTime")
    if state == "WAITING":
        return since
    return min(born, listed / _MILLISECONDS) if isinstance(listed, int | float) else born


def _end_of(instance: Value) -> str:
    """How it ends: a stream job by being stopped, a batch job well unless an error is listed."""
    if instance.get("JobType") != "FLINK_BATCH":
        return "TERMINATED"
    return "FAILED" if instance.get("LastErrorMessage") else "SUCCESS"


def _in_state(instance: Value, state: str, start: float, since: float, *, ended: bool) -> Value:
    kept: Value = {
        name: leaf
        for name, leaf in instance.items()
        if name not in {"StartTime", "EndTime", "LastErrorTime", "LastErrorMessage"}
    }
    changes: dict[str, Leaf] = {"ActualState": state, "LastOperateTime": _milliseconds(since)}
    if state != "WAITING":
        changes["StartTime"] = _milliseconds(start)
    if ended:
        changes["EndTime"] = _milliseconds(since)
    if state == "FAILED":
        message = str(instance.get("LastErrorMessage") or "error")
        changes |= {"LastErrorTime": _milliseconds(since), "LastErrorMessage": message}
    if instance.get("JobType") != "FLINK_BATCH":
        changes["ExpectState"] = "RUNNING" if state in {"WAITING", "RUNNING"} else state
    return {**kept, **changes}


def _milliseconds(moment: float) -> int:
    return int(moment * _MILLISECONDS)


Values = tuple[str, ...]  # one for each parameter of the path, in its order, decoded

STATE: Final = ("Instance", "ActualState")
_OF_THE_CALL: Final = "requestid"  # and so another one each time
_MOST_KEPT: Final = 10_000  # answers of a world in which everything exists


@dataclass(frozen=True, slots=True)
class InstanceKeys:
    """How the parameters of a path name an answer: by the fields that repeat them."""

    parameters: tuple[str, ...]
    fields: tuple[tuple[str, ...], ...]  # the path of the field that repeats each; may be empty
    kinds: tuple[Kind, ...]  # of these fields
    current: tuple[frozenset[str], ...]  # by parameter: values that ask for the current instance

    def values_of(self, value: Value) -> Values:
        """The values of the path by which an answer is asked for."""
        return tuple(str(scalar_at(value, path)) if path else "" for path in self.fields)

    def with_values(self, value: Value, values: Values) -> Value:
        """The answer with the fields that repeat the path's parameters set to these."""
        for path, kind, text in zip(self.fields, self.kinds, values, strict=True):
            if path and (kind not in WHOLE_NUMBERS or text.removeprefix("-").isdecimal()):
                value = with_value(value, path, int(text) if kind in WHOLE_NUMBERS else text)
        return value

    def asks_for_current(self, values: Values) -> int | None:
        """Which parameter asks for the current instance, if one does."""
        matches = (at for at, text in enumerate(values) if text in self.current[at])
        return next(matches, None)


def keys_of(contract: Contract) -> InstanceKeys:
    """The keys of this contract's instances."""
    names = PathTemplate.parse(contract.operation.path).names
    single = {".".join(path): each.kind for path, each in contract.success.outside_lists()}
    every = (each for each in contract.constraints.echoes if each.field in single)
    echoes = {each.parameter: each for each in every}
    return InstanceKeys(
        names,
        tuple(tuple(echoes[name].field.split(".")) if name in echoes else () for name in names),
        tuple(single[echoes[name].field] if name in echoes else Kind.ANY for name in names),
        tuple(frozenset(echoes[name].unless if name in echoes else ()) for name in names),
    )


class World(Protocol):
    """What exists at an endpoint."""

    def find(self, values: Values) -> Value | Refusal:
        """The answer about an instance, or why there is none."""

    def any_running(self) -> Value | None:
        """An answer about some instance; nothing if none is running."""

    def known(self) -> tuple[tuple[Values, ...], tuple[Values, ...]]:
        """The instances of jobs that run and those of others, as far as they can be listed."""


@dataclass(slots=True)
class ListedWorld:
    """A world of instances that were listed one by one."""

    keys: InstanceKeys
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    _listed: dict[Values, Value] = field(default_factory=dict)
    _jobs: defaultdict[Values, list[Values]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(
        cls, contract: Contract, values: Iterable[Value], lifecycle: Lifecycle | None = None
    ) -> "ListedWorld":
        """The world that holds these answers.

        Raises WrongConfiguration if two have the same names.
        """
        return cls.with_keys(keys_of(contract), values, lifecycle or Lifecycle())

    @classmethod
    def with_keys(
        cls, keys: InstanceKeys, values: Iterable[Value], lifecycle: Lifecycle
    ) -> "ListedWorld":
        """The world that holds these answers, asked for by these keys."""
        world = cls(keys, lifecycle)
        for value in values:
            world.add(value)
        return world

    def add(self, value: Value) -> None:
        """Add an instance.

        Raises WrongConfiguration if it exists already.
        """
        names = self.keys.values_of(value)
        if names in self._listed:
            raise WrongConfiguration(f"{'/'.join(names)} exists already")
        self._listed[names] = value
        self._jobs[names[:-1]].append(names)

    def put(self, names: Values, value: Value) -> None:
        """Set an instance, which then no longer changes by itself."""
        self.lifecycle.pin(names)
        self._listed[names] = value

    def remove(self, values: Values) -> bool:
        """Remove an instance, and return whether it existed."""
        if self._listed.pop(values, None) is None:
            return False
        self._jobs[values[:-1]].remove(values)
        return True

    def everything(self) -> Iterator[tuple[Values, Value]]:
        """Every instance as it is now."""
        for values, value in list(self._listed.items()):
            yield values, self.lifecycle.at(values, value)

    def find(self, values: Values) -> Value | Refusal:
        """The answer about an instance, or why there is none."""
        position = self.keys.asks_for_current(values)
        if position is not None:
            return self._current(values, position)
        found = self._listed.get(values)
        if found is None:
            return self._missing(values)
        return self.lifecycle.at(values, found) if self._runs(values[:-1]) else NOT_RUNNING

    def stopped(self, values: Values) -> Value | None:
        """The answer about an instance even if its job does not run."""
        found = self._listed.get(values)
        return None if found is None else self.lifecycle.at(values, found)

    def any_running(self) -> Value | None:
        """An answer about some instance; nothing if none is running."""
        running, _ = self.known()
        return self.lifecycle.at(running[0], self._listed[running[0]]) if running else None

    def known(self) -> tuple[tuple[Values, ...], tuple[Values, ...]]:
        """The instances of jobs that run, and those of others."""
        every = list(self._listed)  # another thread may add to it
        up = tuple(each for each in every if self._runs(each[:-1]))
        running = frozenset(up)
        return up, tuple(each for each in every if each not in running)

    def runs(self, values: Values) -> bool:
        """Whether an instance is of a job that runs."""
        return values in self._listed and self._runs(values[:-1])

    def copy(self) -> "ListedWorld":
        """An independent copy of the world, whose lifecycle starts again."""
        return ListedWorld.with_keys(
            self.keys, self._listed.values(), replaced(self.lifecycle, started=0)
        )

    def _missing(self, values: Values) -> Refusal:
        """The refusal that names the first of the values that no instance has."""
        known = (
            length
            for length in range(1, len(values))
            if not any(each[:length] == values[:length] for each in list(self._listed))
        )
        return not_found(self.keys.parameters[next(known, len(values)) - 1])

    def _current(self, values: Values, position: int) -> Value | Refusal:
        """The youngest instance that has not ended, of those that fit the other parameters."""
        fits = [
            (names, value)
            for names, value in self.everything()
            if all(name == values[at] for at, name in enumerate(names) if at != position)
        ]
        if not fits:
            return self._missing(values[:position] or values)
        going = [value for _, value in fits if scalar_at(value, STATE) not in ENDED]
        return going[-1] if going else NOT_RUNNING

    def _runs(self, job: Values) -> bool:
        return any(
            scalar_at(self.lifecycle.at(names, self._listed[names]), STATE) not in ENDED
            for names in self._jobs[job]
        )


@dataclass(slots=True)
class AnyWorld:
    """A world in which every instance exists, the same one for the same seed and names."""

    contract: Contract
    seed: int = 0
    _keys: InstanceKeys = field(init=False)
    _sampler: Sampler = field(init=False)
    _kept: dict[Values, Value] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._keys = keys_of(self.contract)
        self._sampler = Sampler(response_model_for(self.contract, self.contract.success))

    def find(self, values: Values) -> Value | Refusal:
        """The answer about an instance, which always exists."""
        position = self._keys.asks_for_current(values)
        if position is not None:
            number = str(self._random(values).randrange(1, 2**53))
            values = (*values[:position], number, *values[position + 1 :])
        if values not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            drawn = self._sampler.value(self._random(values))
            kept = {name: each for name, each in drawn.items() if name.lower() != _OF_THE_CALL}
            self._kept[values] = self._keys.with_values(kept, values)
        return self._kept[values]

    def any_running(self) -> Value | None:
        """An answer about some instance; nothing if none is running."""
        found = self.find(tuple("1" for _ in self._keys.parameters))
        return None if isinstance(found, Refusal) else found

    def known(self) -> tuple[tuple[Values, ...], tuple[Values, ...]]:
        """Nothing, for the instances cannot be listed."""
        return (), ()

    def _random(self, values: Values) -> Random:
        return Random("\0".join((str(self.seed), *values)))  # noqa: S311  # repeatable is the point
