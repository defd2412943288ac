"""Compile a folder of pages: the operations of one product."""

import sys
from collections.abc import Callable, Iterator
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
    """Compile each page directly in a folder, and say on stderr what is left out.

    Raises UnreadablePage if none describes an operation.
    """
    by_name: dict[str, Contract] = {}
    refused = 0
    for path in _shown(sorted(folder.glob("*.md"))):
        try:
            contract = compiled(path)
        except NoOperation:
            _say(f"{path.name} describes no operation and is skipped")
            continue
        except DocpactError as refusal:
            refused += 1
            _say(f"{path.name} is refused: {refusal.message}")
            continue
        name = contract.operation.name
        by_name[name] = _chosen(by_name[name], contract) if name in by_name else contract
    if not by_name and not refused:
        hint = "Name a folder with pages such as samples/pages/GetInstance.md."
        raise UnreadablePage(f"no page in {folder} describes an operation", hint=hint)
    return Product(tuple(by_name[name] for name in sorted(by_name)), refused)


def _chosen(first: Contract, second: Contract) -> Contract:
    """Of two pages of one operation the one that is called after it, or else the first by name."""
    name = first.operation.name
    taken, left = (second, first) if second.page == f"{name}.md" else (first, second)
    _say(f"{name} has two pages: {taken.page} is taken, {left.page} is left out")
    return taken


def _shown(paths: list[Path]) -> Iterator[Path]:
    """The pages, with a bar for people where there are many."""
    if len(paths) < _MANY or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, file=sys.stderr, label="pages") as shown:
        yield from shown


def _say(sentence: str) -> None:
    click.echo(printable(f"docpact: {sentence}"), err=True)
