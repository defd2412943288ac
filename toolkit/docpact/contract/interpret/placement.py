"""Place the rows of a flat response table into the tree of the answer.

A row is placed where the JSON sample has its name, then where the XML sample has it, then by its
neighbours. Where rows carry nesting markers these decide alone.
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


def place(
    entries: Sequence[Entry],
    json_paths: Sequence[FieldPath],
    xml_paths: Sequence[FieldPath],
) -> tuple[Placed, ...]:
    """Give every row its path."""
    if any(entry.depth for entry in entries):
        return _first_of_each(_by_markers(entries))
    known = [_by_samples(entry, json_paths, xml_paths) for entry in entries]
    return _first_of_each(
        found or _by_neighbours(entry, known, index)
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


def _by_markers(entries: Sequence[Entry]) -> tuple[Placed, ...]:
    placed: list[Placed] = []
    open_names: list[str] = []  # the names from the top down to the row before
    for entry in entries:
        del open_names[entry.depth :]
        path = (*open_names, entry.name)
        open_names.append(entry.name)
        placed.append(Placed(entry, path, Evidence.MARKER))
    return tuple(placed)


def _by_samples(
    entry: Entry, json_paths: Sequence[FieldPath], xml_paths: Sequence[FieldPath]
) -> Placed | None:
    for evidence, paths in (
        (Evidence.JSON_SAMPLE, json_paths),
        (Evidence.XML_SAMPLE, xml_paths),
    ):
        found = next((path for path in paths if path[-1] == entry.name), None)
        if found is not None:
            return Placed(entry, found, evidence)
    return None


def _by_neighbours(entry: Entry, known: Sequence[Placed | None], index: int) -> Placed:
    before = next((each for each in reversed(known[:index]) if each), None)
    after = next((each for each in known[index + 1 :] if each), None)
    parents = {each.path[:-1] for each in (before, after) if each}
    if len(parents) == 1:
        return Placed(entry, (*parents.pop(), entry.name), Evidence.NEIGHBOURS)
    if before and after and after.path[:-1] == before.path:  # the first member of a structure
        return Placed(entry, (*before.path, entry.name), Evidence.NEIGHBOURS)
    return Placed(entry, (entry.name,), Evidence.NOTHING)
