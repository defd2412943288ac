"""What shows only over a whole capture: repeated values, kinds that change, impossible states.

Each answer leaves a trace that is small and can be sent between processes; traces are judged in the
order of the capture. Memory is bounded: what has not been met for long is forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Generic, NamedTuple, TypeVar
from zlib import crc32

from docpact.check.decode import media_of
from docpact.check.session import as_in_xml, kept, where
from docpact.contract import Contract, Implication, Kind, Media, Test
from docpact.contract.path_template import PathTemplate
from docpact.contract.value_path import value_at
from docpact.core.exchange import Exchange, Source, header
from docpact.core.span import Grade
from docpact.core.violation import Family, Rule, Value, Violation, is_masked, scalar, shown

_MOST: Final = 200_000  # keys that are remembered, at the least
_AT_ONCE: Final = 5.0  # seconds in which three calls count as made at the same time

_DIGEST: Final = 8  # bytes
_SHORT: Final = 100  # characters of a text whose digest is worth remembering

Key = TypeVar("Key")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Trace:
    """What is kept of an answer to judge the ones after it."""

    source: Source
    unique: tuple[str | None, ...]  # the values that must not come again
    body: bytes  # a digest, to know a call that was captured twice
    started: float | None = None
    instance: bytes = b""  # a digest of who it is about; empty if it does not say
    kinds: tuple[str | None, ...] = ()
    states: tuple[str | None, ...] = ()
    media: Media = Media.JSON
    shared: bytes = b""  # digests of the values that both formats must share, one after the other
    dated: int = 0  # a checksum of the server's own time, where it says one

    def shifted(self, lines: int, entries: int) -> "Trace":
        """The trace with its place counted from further up."""
        source = self.source
        moved = replace(
            source, first_line=source.first_line + lines, number=source.number + entries
        )
        return replace(self, source=moved)


@dataclass(frozen=True, slots=True)
class Tracer:
    """Makes traces: knows which fields of a contract are followed over a capture."""

    unique: tuple[str, ...]
    identity: tuple[str, ...]
    kinds: tuple[str, ...]
    states: tuple[str, ...]
    endings: frozenset[tuple[str, str]]  # fields and the values after which nothing comes
    shared: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract) -> "Tracer":
        """What a contract has to follow."""
        unique = tuple(rule.field for rule in contract.constraints.unique)
        states, listed = states_of(contract), listed_values_of(contract)
        return cls(
            unique,
            identity_of(contract),
            tuple(name for name in sorted(listed) if name not in states),
            states,
            frozenset(_endings(contract)),
            tuple(
                ".".join(path)
                for path, member in contract.success.walk()
                if member.kind is not Kind.STRUCT
                and not member.unit
                and ".".join(path) not in unique
            ),
        )

    def trace(self, exchange: Exchange, value: dict[str, Value]) -> Trace:
        """What an answer leaves behind."""
        body, headers = exchange.response.body, exchange.response.headers
        instance = tuple(_text(value_at(value, name)) or "" for name in self.identity)
        return Trace(
            exchange.source,
            tuple(_text(value_at(value, name)) for name in self.unique),
            blake2b(body, digest_size=8).digest(),
            exchange.started,
            _digest_of("\0".join((*instance, *_server(exchange)))) if all(instance) else b"",
            tuple(_text(value_at(value, name)) for name in self.kinds),
            tuple(_text(value_at(value, name)) for name in self.states),
            media_of(body) or Media.JSON,
            self._shared(value) if all(instance) and exchange.started is not None else b"",
            crc32((header(headers, "Date") or "").encode("utf-8", "replace")),
        )

    def _shared(self, value: dict[str, Value]) -> bytes:
        """Digests of the values that both formats must share at the same time."""
        return b"".join(_digest(value_at(value, name)) for name in self.shared)


def identity_of(contract: Contract) -> tuple[str, ...]:
    """The fields that say which instance an answer is about, in the order of the path."""
    names = PathTemplate.parse(contract.operation.path).names
    echoes = sorted(
        contract.constraints.echoes,
        key=lambda each: names.index(each.parameter) if each.parameter in names else -1,
    )
    return tuple(each.field for each in echoes)


def listed_values_of(contract: Contract) -> dict[str, frozenset[str]]:
    """The values that the page lists, by field, in the order of the page."""
    answers = filter(None, (contract.success, contract.failure))
    return {
        ".".join(path): frozenset(each.value for each in member.values)
        for answer in answers
        for path, member in answer.walk()
        if member.values
    }


def states_of(contract: Contract) -> tuple[str, ...]:
    """The fields with listed values that are states; the actual one comes before the expected."""
    return tuple(path for path in listed_values_of(contract) if path.endswith("State"))


def _server(exchange: Exchange) -> Iterator[str]:
    """Which server was called, as far as the capture says: another region has other instances."""
    headers = exchange.request.headers if exchange.request is not None else ()
    for name in ("Host", ":authority", "x-acs-region-id"):
        yield (header(headers, name) or "").lower()


def _endings(contract: Contract) -> Iterator[tuple[str, str]]:
    """States that have an end time, so that the instance has ended."""
    for rule in contract.constraints.implications:
        if _says_ended(rule):
            yield from ((rule.when.field, value) for value in rule.when.values)


def _says_ended(rule: Implication) -> bool:
    return (
        rule.when.test is Test.ONE_OF
        and rule.then.test is Test.FILLED
        and rule.then.field.endswith("EndTime")
    )


def _text(value: Value) -> str | None:
    if value is None or value == "" or isinstance(value, dict | list) or is_masked(value):
        return None
    return kept(str(value))


def _digest_of(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_DIGEST).digest()


_known_digest_of = lru_cache(maxsize=4096)(_digest_of)


def _digest(value: Value) -> bytes:
    value = as_in_xml(value)
    if value is None or value == "":  # absent, null and empty are one in XML
        return bytes(_DIGEST)
    text = f"{type(value).__name__}{value}"
    return _known_digest_of(text) if len(text) <= _SHORT else _digest_of(text)


class _Met(NamedTuple):
    """Where and when a value was met, as small as can be: millions may be remembered."""

    file: int
    number: int
    started: float | None
    dated: int
    body: bytes


@dataclass(slots=True)
class _Memory(Generic[Key, Item]):
    """Remembers the newest keys: the young ones and one generation before them."""

    young: dict[Key, Item] = field(default_factory=dict)
    old: dict[Key, Item] = field(default_factory=dict)

    def get(self, key: Key) -> Item | None:
        """What is remembered."""
        found = self.young.get(key)
        return self.old.get(key) if found is None else found

    def put(self, key: Key, item: Item) -> None:
        """Remember something, and forget the oldest where it has become too much."""
        self.young[key] = item
        if len(self.young) >= _MOST // 2:
            self.old, self.young = self.young, {}


class History:
    """Judges traces one after the other."""

    def __init__(self, contract: Contract) -> None:
        self.tracer = Tracer.of(contract)
        self._origins = {rule.field: rule.origin for rule in contract.constraints.unique}
        self._places: dict[str, int] = {}
        self._names: list[str] = []
        self._seen: _Memory[bytes, _Met] = _Memory()
        self._last: _Memory[bytes, tuple[Trace | None, Trace]] = _Memory()

    def check(self, trace: Trace) -> Iterator[tuple[Source, Violation]]:
        """What is wrong with an answer in the light of those before it."""
        if self._is_captured_twice(trace):
            return  # a call that was captured twice says nothing new
        yield from self._repeated(trace)
        if not trace.instance:
            return
        before = self._last.get(trace.instance)
        if before is not None:
            yield from self._changed(before[1], trace)
            yield from self._moved(before[1], trace)
            yield from self._disagreeing(before[0], before[1], trace)
        # The kinds of the first answer stay the measure; the other two are kept for the formats.
        self._last.put(trace.instance, (before[1] if before else None, trace))

    def _is_captured_twice(self, trace: Trace) -> bool:
        """Whether the call was met already: the same body, and no sign that it was another call."""
        for _, _, key in self._keys(trace):
            met = self._seen.get(key)
            if met is None or met.body != trace.body:
                continue
            is_same_file = met.file == self._number_of(trace.source.file)
            if _are_one_time(met, trace) if is_same_file else not _are_apart(met, trace):
                return True
        return False

    def _keys(self, trace: Trace) -> Iterator[tuple[str, str, bytes]]:
        for name, value in zip(self.tracer.unique, trace.unique, strict=True):
            if value is not None:
                text = f"{name}\0{value}".encode("utf-8", "replace")
                yield name, value, blake2b(text, digest_size=12).digest()

    def _repeated(self, trace: Trace) -> Iterator[tuple[Source, Violation]]:
        for name, value, key in self._keys(trace):
            before = self._seen.get(key)
            if before is None:
                file = self._number_of(trace.source.file)
                met = _Met(file, trace.source.number, trace.started, trace.dated, trace.body)
                self._seen.put(key, met)
            else:
                first = where(Source(self._names[before.file], number=before.number))
                message = f"{name} {shown(value)} came before, in {first}"
                path = tuple(name.split("."))
                violation = Violation(
                    "repeated-value", message, path, self._origins[name], line=1, actual=value
                )
                yield trace.source, violation

    def _number_of(self, file: str) -> int:
        number = self._places.get(file)
        if number is None:
            number = self._places[file] = len(self._names)
            self._names.append(file)
        return number

    def _changed(self, before: Trace, trace: Trace) -> Iterator[tuple[Source, Violation]]:
        for name, old, new in zip(self.tracer.kinds, before.kinds, trace.kinds, strict=True):
            if old is not None and new is not None and old != new:
                message = f"{name} is {shown(new)}; it was {shown(old)} in {where(before.source)}"
                yield trace.source, _turned("changed-field", message, name, old, new)

    def _moved(self, before: Trace, trace: Trace) -> Iterator[tuple[Source, Violation]]:
        if before.started is None or trace.started is None or trace.started <= before.started:
            return
        for name, old, new in zip(self.tracer.states, before.states, trace.states, strict=True):
            if old is not None and new is not None and old != new:
                if (name, old) not in self.tracer.endings:
                    continue
                place = where(before.source)
                message = f"{name} is {shown(new)}, but it had ended as {old} in {place}"
                yield trace.source, _turned("impossible-move", message, name, old, new)

    def _disagreeing(
        self, first: Trace | None, middle: Trace, last: Trace
    ) -> Iterator[tuple[Source, Violation]]:
        """What one format says between two answers in the other that agree with each other."""
        if first is None or first.media is not last.media or middle.media is last.media:
            return
        if not _are_at_once(first, middle, last):
            return
        shared = zip(*(_digests(each.shared) for each in (first, middle, last)), strict=True)
        for name, (before, between, after) in zip(self.tracer.shared, shared, strict=True):
            if before == after != between:
                message = (
                    f"{name} differs in {middle.media.value.upper()} from what "
                    f"{last.media.value.upper()} says before and after, in {where(last.source)}"
                )
                path = tuple(name.split("."))
                yield middle.source, Violation("formats-disagree", message, path, line=1)


def _turned(rule: str, message: str, name: str, old: str, new: str) -> Violation:
    path = tuple(name.split("."))
    return Violation(rule, message, path, line=1, expected=scalar(old), actual=new)


def _digests(shared: bytes) -> Iterator[bytes]:
    return (shared[start : start + _DIGEST] for start in range(0, len(shared), _DIGEST))


def _are_one_time(first: _Met, second: Trace) -> bool:
    return first.started is not None and first.started == second.started


def _are_apart(first: _Met, second: Trace) -> bool:
    """Whether two tools, say at both ends of a gateway, cannot have captured one call."""
    if first.started is not None and second.started is not None:
        return abs(first.started - second.started) > _AT_ONCE
    return bool(first.dated and second.dated) and first.dated != second.dated


def _are_at_once(first: Trace, middle: Trace, last: Trace) -> bool:
    if first.started is None or middle.started is None or last.started is None:
        return False
    return first.started <= middle.started <= last.started <= first.started + _AT_ONCE


HISTORY_RULES: Final = (
    Rule(
        "changed-field",
        Family.SESSION,
        Grade.ASSUMED,
        "A field that is fixed for an instance has changed",
        "The kind of job that an instance runs does not change while the instance exists. This "
        "concerns fields with listed values, except states. Checked only for answers that were "
        "captured with their status.",
        "JobType FLINK_STREAM, and FLINK_BATCH in a later answer about the same instance",
        "A capture of several servers whose instances have the same names and ids.",
    ),
    Rule(
        "impossible-move",
        Family.SESSION,
        Grade.ASSUMED,
        "An instance changed its state after it had ended",
        "An instance that has stopped, succeeded or failed does not run again; a new start makes a "
        "new instance. Checked only where the times of both calls are known.",
        "ActualState SUCCESS, and RUNNING a minute later",
        "A capture of several servers whose instances have the same names and ids.",
    ),
    Rule(
        "damaged-capture",
        Family.SESSION,
        Grade.ASSUMED,
        "A part of a capture cannot be read",
        "An entry that is cut off, or does not fit the format of the capture, may hide anything. "
        "The entries after it are checked. It is not a fault of the server.",
        "an archive that ends within an entry",
        "A capture that was still being written: leave it out, or switch the rule off.",
    ),
)
