"""Compile a folder of pages: the operations of one product."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from docpact.contract import Contract
from docpact.errors import DocpactError, NoOperation, UnreadablePage
from docpact.printable import printable

_MANY = 10  # pages; from here on, progress is worth showing


@dataclass(frozen=True, slots=True)
class Product:
    """What the pages of a folder compile to."""

    contracts: tuple[Contract, ...]  # one for each operation, by name
    refused: int  # pages that describe an operation and could not be compiled


def compiled_product(folder: Path, compiled: Callable[[Path], Contract]) -> Product:
    """Compile each page in a folder and those within it, and say on stderr what is left out.

    Raises UnreadablePage if none describes an operation.
    """
    from docpact.page import pages_in

    by_name: dict[str, _Compiled] = {}
    refused = 0
    for path in _shown(pages_in(folder)):
        file = path.relative_to(folder).as_posix()
        try:
            found = _Compiled(file, compiled(path))
        except NoOperation:
            _say(f"{file} describes no operation and is skipped")
            continue
        except DocpactError as refusal:
            refused += 1
            _say(f"{file} is refused: {refusal.message}")
            continue
        name = found.contract.operation.name
        by_name[name] = _chosen(by_name[name], found) if name in by_name else found
    if not by_name and not refused:
        hint = "Name a folder with pages such as samples/pages/GetInstance.md."
        raise UnreadablePage(f"no page in {folder} describes an operation", hint=hint)
    return Product(tuple(by_name[name].contract for name in sorted(by_name)), refused)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A page that describes an operation."""

    file: str  # from the folder that is compiled
    contract: Contract


def _chosen(first: _Compiled, second: _Compiled) -> _Compiled:
    """Of two pages of one operation the one that is called after it, or else the first by name."""
    name = first.contract.operation.name
    is_named = [each.contract.page == f"{name}.md" for each in (first, second)]
    taken, left = (second, first) if is_named == [False, True] else (first, second)
    _say(f"{name} has two pages: {taken.file} is taken, {left.file} is left out")
    return taken


def _shown(paths: Sequence[Path]) -> Iterator[Path]:
    """The pages, with a bar for people where there are many."""
    if len(paths) < _MANY or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, file=sys.stderr, label="pages") as shown:
        yield from shown


def _say(sentence: str) -> None:
    click.echo(printable(f"docpact: {sentence}"), err=True)
