"""Place the rows of a flat response table into the tree of the answer.

A row is placed where the JSON sample has its name, then where the XML sample has it, then by its
neighbours. Where rows carry nesting markers these decide alone. Of several places with one name,
the one beside the row before counts first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docpact.contract.interpret.parts import Entry
from docpact.contract.model import Evidence, FieldPath


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its place in the answer and what told it."""

    entry: Entry
    path: FieldPath
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Shown:
    """The places that a sample shows."""

    evidence: Evidence
    paths: Sequence[FieldPath]

    def places_of(self, name: str) -> list[FieldPath]:
        """Where a name stands: to the letter, or else in another letter case.

        A dotted name stands where its first and last parts do.
        """
        first, *_, last = (name.split(".") * 2)[: max(2, name.count(".") + 1)]
        dotted = [each for each in self.paths if len(each) > 1 or "." not in name]
        exact = [each for each in dotted if each[-1] == last]
        found = exact or [each for each in dotted if each[-1].lower() == last.lower()]
        return [each for each in found if each[0] == first] if "." in name else found


def place(
    entries: Sequence[Entry],
    json_paths: Sequence[FieldPath],
    xml_paths: Sequence[FieldPath],
) -> tuple[Placed, ...]:
    """Give every row its path."""
    samples = (Shown(Evidence.JSON_SAMPLE, json_paths), Shown(Evidence.XML_SAMPLE, xml_paths))
    if any(entry.depth for entry in entries):
        return _first_of_each(_by_markers(entries, samples))
    known = _by_samples(entries, samples)
    return _first_of_each(
        found or _without_sample(entry, known, index)
        for index, (entry, found) in enumerate(zip(entries, known, strict=True))
    )


def repeated(entries: Sequence[Entry], placed: Sequence[Placed]) -> tuple[Entry, ...]:
    """The rows that were left out because one before has the same place."""
    kept = {id(each.entry) for each in placed}
    return tuple(entry for entry in entries if id(entry) not in kept)


def _first_of_each(placed: Iterable[Placed]) -> tuple[Placed, ...]:
    by_path: dict[FieldPath, Placed] = {}
    for each in placed:
        by_path.setdefault(each.path, each)
    return tuple(by_path.values())


def _by_markers(entries: Sequence[Entry], samples: Sequence[Shown]) -> tuple[Placed, ...]:
    """Rows by their depth; a sample may show a wrapper between a row and those under it."""
    placed: list[Placed] = []
    open_paths: list[FieldPath] = []  # from the top down to the row before
    for entry in entries:
        del open_paths[entry.depth :]
        parent = open_paths[-1] if open_paths else ()
        path = _wrapped(parent, entry.name, samples) or (*parent, entry.name)
        open_paths.append(path)
        placed.append(Placed(entry, path, Evidence.MARKER))
    return tuple(placed)


def _wrapped(parent: FieldPath, name: str, samples: Sequence[Shown]) -> FieldPath | None:
    """Where a sample has a name under a parent: directly, or with one element between."""
    for sample in samples:
        under = [each for each in sample.places_of(name) if each[: len(parent)] == parent]
        near = [each for each in under if len(each) <= len(parent) + 2]
        if near:
            return min(near, key=len)
    return None


def _by_samples(entries: Sequence[Entry], samples: Sequence[Shown]) -> list[Placed | None]:
    known: list[Placed | None] = []
    taken: set[FieldPath] = set()
    before: FieldPath = ()
    for entry in entries:
        found = _by_sample(entry, samples, taken, before)
        if found is not None:
            taken.add(found.path)
            before = found.path
        known.append(found)
    return known


def _by_sample(
    entry: Entry, samples: Sequence[Shown], taken: set[FieldPath], before: FieldPath
) -> Placed | None:
    for sample in samples:
        places = sample.places_of(entry.name)
        free = [each for each in places if each not in taken] or places
        if free:
            path = min(free, key=lambda each: _distance(each, before))
            return Placed(entry, path, sample.evidence)
    return None


def _distance(path: FieldPath, before: FieldPath) -> int:
    """How far a place is from that of the row before: its member, its neighbour, or elsewhere."""
    if before and path[:-1] == before:
        return 0
    return 1 if before and path[:-1] == before[:-1] else 2


def _without_sample(entry: Entry, known: Sequence[Placed | None], index: int) -> Placed:
    if "." in entry.name:
        return Placed(entry, tuple(entry.name.split(".")), Evidence.MARKER)
    return _by_neighbours(entry, known, index)


def _by_neighbours(entry: Entry, known: Sequence[Placed | None], index: int) -> Placed:
    before = next((each for each in reversed(known[:index]) if each), None)
    after = next((each for each in known[index + 1 :] if each), None)
    parents = {each.path[:-1] for each in (before, after) if each}
    if len(parents) == 1:
        return Placed(entry, (*parents.pop(), entry.name), Evidence.NEIGHBOURS)
    if before and after and after.path[:-1] == before.path:  # the first member of a structure
        return Placed(entry, (*before.path, entry.name), Evidence.NEIGHBOURS)
    return Placed(entry, (entry.name,), Evidence.NOTHING)
