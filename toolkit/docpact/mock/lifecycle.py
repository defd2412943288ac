"""The lifecycle of instances: their states over time, with times that fit them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from docpact.generate.response_model import Leaf, Value

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
