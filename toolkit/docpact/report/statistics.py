"""Count what was seen over a run: fields, values, states, and where findings stand.

Any part of a run can be counted by itself and merged: the merged statistics is the very one that
counting all of it in a row gives. That holds although the memory is bounded, because what is kept
never depends on what came first: of too many names, those that sort first stay, the rest is summed.
"""

import json
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import add
from typing import Any, Final, Generic, TypeVar

from docpact.check.history import identity_of, listed_values_of, states_of
from docpact.contract.model import Answer, Contract
from docpact.contract.value_path import value_at
from docpact.core.exchange import Exchange
from docpact.core.finding import Finding
from docpact.core.span import Severity

SUCCESS: Final = "success"
FAILURE: Final = "failure"

MOST_SOURCES: Final = 500
MOST_CELLS: Final = 5_000
MOST_FIELDS: Final = 500
MOST_VALUES: Final = 60  # of each field
MOST_INSTANCES: Final = 200
MOST_RUNS: Final = 60  # of each instance
MOST_RULES: Final = 500
_LONGEST = 120  # characters of a captured name or value

Counts = tuple[int, ...]
Key = TypeVar("Key", bound=tuple[Any, ...])
Entry = TypeVar("Entry")


def total(first: Counts, second: Counts) -> Counts:
    """Two rows of counts as one; an empty row counts nothing."""
    if not first or not second:
        return first or second
    return tuple(map(add, first, second))


def _itself(counts: Counts) -> Counts:
    return counts


@dataclass(slots=True)
class BoundedTable(Generic[Key, Entry]):
    """What is known by key, of at most so many keys: those that sort first; the rest is summed."""

    most: int
    join: Callable[[Entry, Entry], Entry]
    size: Callable[[Entry], Counts]  # what of an entry counts where it is not kept
    kept: dict[Key, Entry] = field(default_factory=dict)
    rest: Counts = ()
    _order: list[Key] = field(default_factory=list)

    def add(self, key: Key, entry: Entry) -> None:
        """Take an entry in, after what is held of its key already."""
        held = self.kept.get(key)
        if held is not None:
            self.kept[key] = self.join(held, entry)
        elif len(self.kept) < self.most or key < self._order[-1]:
            insort(self._order, key)
            self.kept[key] = entry
            if len(self.kept) > self.most:
                self.rest = total(self.rest, self.size(self.kept.pop(self._order.pop())))
        else:
            self.rest = total(self.rest, self.size(entry))

    def merge(self, later: "BoundedTable[Key, Entry]") -> None:
        """Take in what came later."""
        for key, entry in later.kept.items():
            self.add(key, entry)
        self.rest = total(self.rest, later.rest)

    def sorted(self) -> Iterator[tuple[Key, Entry]]:
        """What is kept, by its keys."""
        for key in self._order:
            yield key, self.kept[key]


@dataclass(frozen=True, slots=True)
class StateRun:
    """Consecutive answers with the same states of an instance."""

    states: tuple[str, ...]
    count: int
    file: str  # where the first of them stands
    exchange: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The states of an instance in the order in which its answers came."""

    runs: tuple[StateRun, ...]
    more: int = 0  # answers after the last run that is kept

    def then(self, later: "Timeline") -> "Timeline":
        """The timeline with what came later."""
        if self.more:
            return Timeline(self.runs, self.more + later.answers)
        runs = list(self.runs)
        for each in later.runs:
            if runs and runs[-1].states == each.states:
                last = runs[-1]
                runs[-1] = StateRun(last.states, last.count + each.count, last.file, last.exchange)
            else:
                runs.append(each)
        more = later.more + sum(each.count for each in runs[MOST_RUNS:])
        return Timeline(tuple(runs[:MOST_RUNS]), more)

    @property
    def answers(self) -> int:
        """The number of answers it counts."""
        return self.more + sum(each.count for each in self.runs)


def _answers(timeline: Timeline) -> Counts:
    return (timeline.answers,)


@dataclass(frozen=True, slots=True)
class WatchedFields:
    """What of a contract is looked for in every answer."""

    documented: frozenset[tuple[str, str]]  # kind of answer and dotted path
    listed: Mapping[str, frozenset[str]]  # the values that the page lists, by field
    identity: tuple[str, ...]  # the fields that say which instance it is
    states: tuple[str, ...]
    tops: tuple[frozenset[str], frozenset[str]]  # uppermost names of a success, of a failure

    @classmethod
    def of(cls, contract: Contract) -> "WatchedFields":
        """What the page documents, lists and echoes."""
        kinds = {SUCCESS: contract.success}
        if contract.failure is not None:
            kinds[FAILURE] = contract.failure
        return cls(
            frozenset(
                (kind, path) for kind, answer in kinds.items() for path, _ in _dotted(answer)
            ),
            listed_values_of(contract),
            identity_of(contract),
            states_of(contract),
            (_tops(contract.success), _tops(contract.failure)),
        )


def _dotted(answer: Answer) -> Iterator[tuple[str, Any]]:
    return ((".".join(path), member) for path, member in answer.walk())


def _tops(answer: Answer | None) -> frozenset[str]:
    return frozenset(each.name for each in answer.fields) if answer else frozenset()


@dataclass(slots=True)
class Statistics:
    """What the answers of a run had in them; `Statistics.of(contract)` makes an empty one."""

    watched: WatchedFields
    answers: dict[str, int]  # by kind; "unread" are those of which nothing could be read
    sources: BoundedTable[tuple[str], Counts]  # answers by file
    # Errors, warnings and notes by file and field.
    cells: BoundedTable[tuple[str, str], Counts]
    rules: BoundedTable[tuple[str], Counts]  # findings by rule
    # Answers that have it, have it null, have it empty; 0 in the key if it is documented, else 1.
    fields: BoundedTable[tuple[int, str, str], Counts]
    values: dict[str, BoundedTable[tuple[int, str], Counts]]  # of fields whose values are listed
    timelines: BoundedTable[tuple[str, ...], Timeline]

    @classmethod
    def of(cls, contract: Contract) -> "Statistics":
        """An empty statistics for answers that are judged by a contract."""
        watched = WatchedFields.of(contract)
        return cls(
            watched,
            {SUCCESS: 0, FAILURE: 0, "unread": 0},
            BoundedTable(MOST_SOURCES, total, _itself),
            BoundedTable(MOST_CELLS, total, _itself),
            BoundedTable(MOST_RULES, total, _itself),
            BoundedTable(max(MOST_FIELDS, len(watched.documented)), total, _itself),
            {
                path: BoundedTable(max(MOST_VALUES, len(values)), total, _itself)
                for path, values in watched.listed.items()
            },
            BoundedTable(MOST_INSTANCES, Timeline.then, _answers),
        )

    def add(
        self, exchange: Exchange, value: Mapping[str, object], findings: Iterable[Finding]
    ) -> None:
        """Count an answer: its members by their documented names, and what was found wrong."""
        if not value:
            self.add_unread(exchange.source.file, findings)
            return
        self.sources.add((exchange.source.file,), (1,))
        self.add_findings(findings)
        kind = self._kind(exchange, value)
        self.answers[kind] += 1
        self._add_members(kind, value)
        if kind == SUCCESS:
            self._add_states(exchange, value)

    def add_unread(self, file: str, findings: Iterable[Finding]) -> None:
        """Count an answer that says nothing, or what is left of one in a damaged capture."""
        self.sources.add((file,), (1,))
        self.add_findings(findings)
        self.answers["unread"] += 1

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Count findings that belong to no single answer, or whose answers were counted before."""
        for each in findings:
            self.rules.add((each.rule,), (each.count,))
            counts = tuple(each.count * (each.severity is one) for one in Severity)
            self.cells.add((each.at.file, each.field), counts)

    def merge(self, later: "Statistics") -> None:
        """Take in the statistics of what came later in the run."""
        for kind, count in later.answers.items():
            self.answers[kind] += count
        self.sources.merge(later.sources)
        self.cells.merge(later.cells)
        self.rules.merge(later.rules)
        self.fields.merge(later.fields)
        for path, values in later.values.items():
            self.values[path].merge(values)
        self.timelines.merge(later.timelines)

    def shift(self, file: str, entries: int) -> None:
        """Count the places in a file from its start, where the statistics began within it."""
        for name, timeline in self.timelines.kept.items():
            runs = tuple(
                replace(run, exchange=run.exchange + entries) if run.file == file else run
                for run in timeline.runs
            )
            self.timelines.kept[name] = replace(timeline, runs=runs)

    def _kind(self, exchange: Exchange, value: Mapping[str, object]) -> str:
        success, failure = (len(names.intersection(value)) for names in self.watched.tops)
        if success == failure:
            return FAILURE if exchange.response.ok is False else SUCCESS
        return FAILURE if failure > success else SUCCESS

    def _add_members(self, kind: str, value: Mapping[str, object]) -> None:
        seen: dict[str, Counts] = {}
        for path, found in _walked(value, ""):
            seen[path] = (1, int(found is None), int(found == ""))  # once for each answer
            values = self.values.get(path)
            if values is not None and found is not None:
                text = _text(found)
                values.add((int(text not in self.watched.listed[path]), text), (1,))
        for path, counts in seen.items():
            unknown = int((kind, path) not in self.watched.documented)
            self.fields.add((unknown, kind, path), counts)

    def _add_states(self, exchange: Exchange, value: Mapping[str, object]) -> None:
        states = tuple(_text(value_at(value, path) or "") for path in self.watched.states)
        name = tuple(_text(value_at(value, path) or "") for path in self.watched.identity)
        if any(states) and any(name):
            run = StateRun(states, 1, exchange.source.file, exchange.source.number)
            self.timelines.add(name, Timeline((run,)))


def _walked(value: Mapping[str, object], parent: str) -> Iterator[tuple[str, object]]:
    for name, member in value.items():
        path = f"{parent}{name[:_LONGEST]}"
        yield path, member
        if isinstance(member, dict):
            yield from _walked(member, f"{path}.")
        elif isinstance(member, list):
            for each in member:
                if isinstance(each, dict):
                    yield from _walked(each, f"{path}.")


def _text(value: object) -> str:
    """A captured value as it is counted: short, and as JSON if it is not a text."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
