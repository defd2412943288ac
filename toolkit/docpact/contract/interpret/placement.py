"""Place the rows of a flat response table into the tree of the answer.

A row is placed where the JSON sample has its name, then where the XML sample has it, then by its
neighbours. Where rows carry nesting markers these decide alone. Of several places with one name,
the one beside the row before counts first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from docpact.contract.interpret.parts import FieldRow
from docpact.contract.model import Evidence, FieldPath

# "Queues.N.Name" and "Queues[].Name" are Name in each item of Queues.
_NUMBER = re.compile(r"\.(?:N|n|\d+|\[(?:N|n|\d*)\])(?=\.|$)|\[(?:N|n|\d*)\]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its place in the answer and what told it."""

    entry: FieldRow
    path: FieldPath
    evidence: Evidence


class Shown:
    """The places that a sample shows."""

    def __init__(self, evidence: Evidence, paths: Sequence[FieldPath]) -> None:
        self.evidence = evidence
        self._exact: dict[str, list[FieldPath]] = {}
        self._folded: dict[str, list[FieldPath]] = {}
        for path in paths:
            self._exact.setdefault(path[-1], []).append(path)
            self._folded.setdefault(path[-1].lower(), []).append(path)

    def places_of(self, name: str) -> list[FieldPath]:
        """Where a name stands: to the letter, or else in another letter case.

        A dotted name stands where its first and last parts do.
        """
        first, *_, last = (name.split(".") * 2)[: max(2, name.count(".") + 1)]
        is_dotted = "." in name
        for found in (self._exact.get(last, ()), self._folded.get(last.lower(), ())):
            places = [each for each in found if len(each) > 1 or not is_dotted]
            if places:
                return [each for each in places if each[0] == first] if is_dotted else places
        return []


def place(
    entries: Sequence[FieldRow],
    json_paths: Sequence[FieldPath],
    xml_paths: Sequence[FieldPath],
) -> tuple[Placed, ...]:
    """Give every row its path."""
    samples = (Shown(Evidence.JSON_SAMPLE, json_paths), Shown(Evidence.XML_SAMPLE, xml_paths))
    entries = [replace(each, name=_NUMBER.sub("", each.name) or each.name) for each in entries]
    own = [each for each in entries if not each.owner]
    if any(entry.depth for entry in own):
        placed = _by_markers(own, samples)
    else:
        placed = _by_samples_and_neighbours(own, samples, {each.owner for each in entries})
    return _first_of_each((*placed, *_in_owners(entries, placed, samples)))


def repeated(entries: Sequence[FieldRow], placed: Sequence[Placed]) -> tuple[FieldRow, ...]:
    """The rows that were left out because one before has the same place."""
    kept = {each.entry.span for each in placed}
    return tuple(entry for entry in entries if entry.span not in kept and not entry.owner)


def unplaced(entries: Sequence[FieldRow], placed: Sequence[Placed]) -> tuple[FieldRow, ...]:
    """The rows of tables of their own that no sample shows within what they describe."""
    kept = {each.entry.span for each in placed}
    return tuple(entry for entry in entries if entry.owner and entry.span not in kept)


def _first_of_each(placed: Iterable[Placed]) -> tuple[Placed, ...]:
    by_path: dict[FieldPath, Placed] = {}
    for each in placed:
        by_path.setdefault(each.path, each)
    return tuple(by_path.values())


def _in_owners(
    entries: Sequence[FieldRow], placed: Sequence[Placed], samples: Sequence[Shown]
) -> Iterator[Placed]:
    """The rows of tables of their own, where a sample shows them under what these describe."""
    homes = {each.entry.name: each.path for each in placed}
    for entry in entries:
        home = homes.get(entry.owner) if entry.owner else None
        for sample in samples if home else ():
            under = [each for each in sample.places_of(entry.name) if _is_under(each, home or ())]
            if under:
                path = min(under, key=len)
                homes.setdefault(entry.name, path)
                yield Placed(entry, path, sample.evidence)
                break


def _is_under(path: FieldPath, parent: FieldPath) -> bool:
    return len(path) > len(parent) and path[: len(parent)] == parent


def _by_markers(entries: Sequence[FieldRow], samples: Sequence[Shown]) -> list[Placed]:
    """Rows by their depth; a sample may show a wrapper between a row and those under it."""
    placed: list[Placed] = []
    open_paths: list[FieldPath] = []  # from the top down to the row before
    wrappers: dict[FieldPath, FieldPath] = {}  # where the members of a row stand
    parents: list[FieldPath] = []
    for entry in entries:
        del open_paths[entry.depth :]
        parent = open_paths[-1] if open_paths else ()
        path = _wrapped(parent, entry.name, samples)
        if path is not None and parent:
            wrappers.setdefault(parent, path[:-1])
        parents.append(parent)
        open_paths.append(path or (*parent, entry.name))
        placed.append(Placed(entry, open_paths[-1], Evidence.MARKER))
    return [
        _beside_the_others(each, parent, wrappers)
        for each, parent in zip(placed, parents, strict=True)
    ]


def _beside_the_others(
    placed: Placed, parent: FieldPath, wrappers: dict[FieldPath, FieldPath]
) -> Placed:
    """A row that no sample shows stands in the wrapper in which one shows its siblings."""
    wrapper = wrappers.get(parent)
    is_bare = placed.path == (*parent, placed.entry.name)
    if wrapper is None or wrapper == parent or not is_bare or placed.path in wrappers:
        return placed
    return replace(placed, path=(*wrapper, placed.entry.name))


def _wrapped(parent: FieldPath, name: str, samples: Sequence[Shown]) -> FieldPath | None:
    """Where a sample has a name under a parent: directly, or with one element between."""
    for sample in samples:
        under = [each for each in sample.places_of(name) if each[: len(parent)] == parent]
        near = [each for each in under if len(each) <= len(parent) + 2]
        if near:
            return min(near, key=len)
    return None


def _by_samples_and_neighbours(
    entries: Sequence[FieldRow], samples: Sequence[Shown], owners: Set[str]
) -> list[Placed]:
    known = _by_samples(entries, samples, owners)
    after: list[Placed | None] = []
    following: Placed | None = None
    for found in reversed(known):
        after.append(following)
        following = found or following
    after.reverse()
    placed: list[Placed] = []
    before: Placed | None = None
    for entry, found, behind in zip(entries, known, after, strict=True):
        placed.append(found or _without_sample(entry, before, behind))
        before = found or before
    return placed


def _by_samples(
    entries: Sequence[FieldRow], samples: Sequence[Shown], owners: Set[str]
) -> list[Placed | None]:
    """The rows that a sample shows; what has a table of its own has its members there."""
    known: list[Placed | None] = []
    taken: set[FieldPath] = set()
    before: FieldPath = ()
    for entry in entries:
        found = _by_sample(entry, samples, taken, before, owners)
        if found is not None:
            taken.add(found.path)
            before = found.path
        known.append(found)
    return known


def _by_sample(
    entry: FieldRow,
    samples: Sequence[Shown],
    taken: Set[FieldPath],
    before: FieldPath,
    owners: Set[str],
) -> Placed | None:
    for sample in samples:
        every = sample.places_of(entry.name)
        places = [each for each in every if owners.isdisjoint(each[:-1])] or every
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


def _without_sample(entry: FieldRow, before: Placed | None, after: Placed | None) -> Placed:
    if "." in entry.name:
        return Placed(entry, tuple(entry.name.split(".")), Evidence.MARKER)
    return _by_neighbours(entry, before, after)


def _by_neighbours(entry: FieldRow, before: Placed | None, after: Placed | None) -> Placed:
    parents = {each.path[:-1] for each in (before, after) if each}
    if len(parents) == 1:
        return Placed(entry, (*parents.pop(), entry.name), Evidence.NEIGHBOURS)
    if before and after and after.path[:-1] == before.path:  # the first member of a structure
        return Placed(entry, (*before.path, entry.name), Evidence.NEIGHBOURS)
    return Placed(entry, (entry.name,), Evidence.NOTHING)
