"""Place the rows of a flat response table into the tree of the answer.

A row is placed where the JSON sample has its name, then where the XML sample has it, then by its
neighbours. Where rows have nesting markers these decide alone. Of several places with one name, the
one beside the row before counts first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate

from docpact.contract.interpret.parts import FieldRow
from docpact.contract.model import Evidence, FieldPath

# "Queues.N.Name" and "Queues[].Name" are Name in each item of Queues.
_NUMBER = re.compile(r"\.(?:N|n|\d+|\[(?:N|n|\d*)\])(?=\.|$)|\[(?:N|n|\d*)\]")


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with its place in the answer and what shows that place."""

    row: FieldRow
    path: FieldPath
    evidence: Evidence


class SamplePaths:
    """The paths that the samples of one format show."""

    def __init__(self, evidence: Evidence, paths: Iterable[FieldPath]) -> None:
        self.evidence = evidence
        self._exact: dict[str, list[FieldPath]] = {}
        self._folded: dict[str, list[FieldPath]] = {}
        for path in paths:
            self._exact.setdefault(path[-1], []).append(path)
            self._folded.setdefault(path[-1].lower(), []).append(path)

    def paths_of(self, name: str) -> list[FieldPath]:
        """The paths of a name: to the letter, or else in another letter case.

        A dotted name has those that begin and end with its first and last parts.
        """
        first, _, rest = name.partition(".")
        last = name.rpartition(".")[2]
        for found in (self._exact.get(last, ()), self._folded.get(last.lower(), ())):
            places = [each for each in found if len(each) > 1 or not rest]
            if places:
                return [each for each in places if each[0] == first] if rest else places
        return []


def place(
    rows: Sequence[FieldRow], json_paths: Iterable[FieldPath], xml_paths: Iterable[FieldPath]
) -> tuple[PlacedRow, ...]:
    """Give every row its path; of several with one path the first is kept."""
    samples = (
        SamplePaths(Evidence.JSON_SAMPLE, json_paths),
        SamplePaths(Evidence.XML_SAMPLE, xml_paths),
    )
    rows = [replace(each, name=_NUMBER.sub("", each.name) or each.name) for each in rows]
    own = [each for each in rows if not each.owner]
    if any(row.depth for row in own):
        placed = _by_markers(own, samples)
    else:
        placed = _by_samples_and_neighbours(own, samples, {each.owner for each in rows})
    by_path: dict[FieldPath, PlacedRow] = {}
    for each in (*placed, *_in_owners(rows, placed, samples)):
        by_path.setdefault(each.path, each)
    return tuple(by_path.values())


def _in_owners(
    rows: Sequence[FieldRow], placed: Sequence[PlacedRow], samples: Sequence[SamplePaths]
) -> Iterator[PlacedRow]:
    """The rows of tables of their own, where a sample shows them under what these describe."""
    homes = {each.row.name: each.path for each in placed}
    for row in rows:
        home = homes.get(row.owner) if row.owner else None
        for sample in samples if home else ():
            under = [each for each in sample.paths_of(row.name) if _is_under(each, home or ())]
            if under:
                path = min(under, key=len)
                homes.setdefault(row.name, path)
                yield PlacedRow(row, path, sample.evidence)
                break


def _is_under(path: FieldPath, parent: FieldPath) -> bool:
    return len(path) > len(parent) and path[: len(parent)] == parent


def _by_markers(rows: Sequence[FieldRow], samples: Sequence[SamplePaths]) -> list[PlacedRow]:
    """Rows by their depth; a sample may show a wrapper between a row and those under it."""
    placed: list[tuple[PlacedRow, FieldPath]] = []  # with the path of the row above it
    open_paths: list[FieldPath] = []  # from the top down to the row before
    wrappers: dict[FieldPath, FieldPath] = {}  # what holds the members of a row
    for row in rows:
        del open_paths[row.depth :]
        parent = open_paths[-1] if open_paths else ()
        path = _wrapped(parent, row.name, samples)
        if path is not None and parent:
            wrappers.setdefault(parent, path[:-1])
        open_paths.append(path or (*parent, row.name))
        placed.append((PlacedRow(row, open_paths[-1], Evidence.MARKER), parent))
    return [_beside_the_others(each, parent, wrappers) for each, parent in placed]


def _beside_the_others(
    placed: PlacedRow, parent: FieldPath, wrappers: Mapping[FieldPath, FieldPath]
) -> PlacedRow:
    """A row that no sample shows is in the wrapper in which one shows its siblings."""
    wrapper = wrappers.get(parent)
    is_bare = placed.path == (*parent, placed.row.name)
    if wrapper is None or wrapper == parent or not is_bare or placed.path in wrappers:
        return placed
    return replace(placed, path=(*wrapper, placed.row.name))


def _wrapped(parent: FieldPath, name: str, samples: Sequence[SamplePaths]) -> FieldPath | None:
    """Where a sample has a name under a parent: directly, or with one element between."""
    for sample in samples:
        under = [each for each in sample.paths_of(name) if each[: len(parent)] == parent]
        near = [each for each in under if len(each) <= len(parent) + 2]
        if near:
            return min(near, key=len)
    return None


def _by_samples_and_neighbours(
    rows: Sequence[FieldRow], samples: Sequence[SamplePaths], owners: Set[str]
) -> list[PlacedRow]:
    """Rows where a sample shows them, the others beside them; owners have tables of their own."""
    found: list[PlacedRow | None] = []
    taken: set[FieldPath] = set()
    before: FieldPath = ()
    for row in rows:
        each = _by_sample(row, samples, taken, before, owners)
        found.append(each)
        if each is not None:
            taken.add(each.path)
            before = each.path
    nearest = [list(accumulate(each, _latest)) for each in (found, reversed(found))]
    return [
        each or _without_sample(row, *beside)
        for row, each, *beside in zip(rows, found, nearest[0], reversed(nearest[1]), strict=True)
    ]


def _latest(before: PlacedRow | None, each: PlacedRow | None) -> PlacedRow | None:
    return each or before


def _by_sample(
    row: FieldRow,
    samples: Sequence[SamplePaths],
    taken: Set[FieldPath],
    before: FieldPath,
    owners: Set[str],
) -> PlacedRow | None:
    for sample in samples:
        every = sample.paths_of(row.name)
        # What has a table of its own has its members there.
        places = [each for each in every if owners.isdisjoint(each[:-1])] or every
        free = [each for each in places if each not in taken] or places
        if free:
            path = min(free, key=lambda each: _distance(each, before))
            return PlacedRow(row, path, sample.evidence)
    return None


def _distance(path: FieldPath, before: FieldPath) -> int:
    """How far a place is from that of the row before: its member, its neighbour, or elsewhere."""
    if before and path[:-1] == before:
        return 0
    return 1 if before and path[:-1] == before[:-1] else 2


def _without_sample(row: FieldRow, before: PlacedRow | None, after: PlacedRow | None) -> PlacedRow:
    if "." in row.name:
        return PlacedRow(row, tuple(row.name.split(".")), Evidence.MARKER)
    parents = {each.path[:-1] for each in (before, after) if each}
    if len(parents) == 1:
        return PlacedRow(row, (*parents.pop(), row.name), Evidence.NEIGHBOURS)
    if before and after and after.path[:-1] == before.path:  # the first member of a structure
        return PlacedRow(row, (*before.path, row.name), Evidence.NEIGHBOURS)
    return PlacedRow(row, (row.name,), Evidence.NOTHING)
