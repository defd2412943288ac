"""`docpact compile`: from page to contract and schemas."""

import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from docpact.cli.console import say
from docpact.cli.options import unwritable, write
from docpact.contract import Contract
from docpact.core.errors import DocpactError, NoOperation, UnreadablePage
from docpact.core.exit_code import ExitCode
from docpact.core.text import printable

_EPILOG = """\b
Examples:
  docpact compile samples/pages/GetInstance.md -o schemas
  docpact compile samples/pages/GetInstance.md -o schemas --check
  docpact compile GetInstance.2019.md --no-rulings -o /tmp/old
  docpact compile pages/ -o schemas
"""


@click.command(
    "compile",
    epilog=_EPILOG,
    short_help="Compile a reference page into a contract and its schemas.",
)
@click.argument("page", type=click.Path())
@click.option(
    "-o",
    "--output",
    "folder",
    default="schemas",
    show_default=True,
    help="The folder to write into.",
)
@click.option(
    "--rulings", metavar="FILE", help="Rulings on the page.  [default: PAGE's .rulings.toml]"
)
@click.option("--no-rulings", is_flag=True, help="Ignore the rulings beside the page.")
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; show what differs, and exit with 1 if anything does.",
)
@click.pass_context
def command(
    ctx: click.Context,
    page: str,
    folder: str,
    rulings: str | None,
    no_rulings: bool,
    check: bool,
) -> None:
    """Compile a reference page into JSON Schema, XSD, OpenAPI and docpact's own contract.

    A folder is compiled as one product: every page in it, at any depth, that describes an
    operation, and product.openapi.yaml with all of them. Other pages are listed and skipped; the
    exit code is 3 if a page with an operation could not be compiled. If two pages describe one
    operation, the page with the name of the operation is used, or else the first by name.

    Rulings (decisions where the page is silent) are read from the file beside the page that has
    the page's name and ends in .rulings.toml. The same input gives the same output, byte for byte.
    """
    from docpact import emit
    from docpact.compiler import compile_page

    path = Path(page)
    refused = 0
    if path.is_dir():
        if rulings:
            raise click.UsageError(
                "--rulings is for one page; in a folder, rulings are read from beside each page"
            )
        product = compiled_product(
            path, lambda each: compile_page(each, take_rulings=not no_rulings)
        )
        contracts, refused = product.contracts, product.refused
        files = emit.product_files(contracts, title=path.resolve().name)
        _report_clashes(contracts)
    else:
        contracts = (compile_page(path, rulings, take_rulings=not no_rulings),)
        files = emit.files(contracts[0])
    for contract in contracts:
        _report_doubts(contract)
    differences = "".join(_differences(files, Path(folder))) if check else ""
    if check:
        write(differences, None)
    else:
        _write(files, Path(folder))
    if refused:
        ctx.exit(ExitCode.FAILED)
    ctx.exit(ExitCode.FINDINGS if differences else ExitCode.CLEAN)


def _report_doubts(contract: Contract) -> None:
    for doubt in contract.doubts:
        click.echo(printable(f"{doubt.origin.span}: {doubt.kind}: {doubt.message}"), err=True)


def _report_clashes(contracts: tuple[Contract, ...]) -> None:
    from docpact import emit

    for taken, left in emit.clashes(contracts):
        one, other = taken.operation, left.operation
        say(
            f"{one.name} ({taken.page}) and {other.name} ({left.page}) are both "
            f"{one.method} {one.path}, so {emit.PRODUCT_FILE} has {one.name} only; "
            f"{other.name.lower()}.openapi.yaml has the other"
        )


def _differences(files: dict[str, str], folder: Path) -> Iterator[str]:
    for name, text in files.items():
        path = folder / name
        there = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        yield from difflib.unified_diff(
            there.splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"{path} (there)",
            f"{path} (compiled)",
        )


def _write(files: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_bytes(text.encode())
            click.echo(str(folder / name))
    except OSError as cause:
        raise unwritable(folder, cause) from cause


_MANY = 10  # pages; with more, a bar shows the progress


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
    for path in _with_bar(pages_in(folder)):
        file = path.relative_to(folder).as_posix()
        try:
            found = _Compiled(file, compiled(path))
        except NoOperation:
            say(f"{file} skipped: it describes no operation")
            continue
        except DocpactError as refusal:
            refused += 1
            say(f"{file} cannot be compiled: {refusal.message}")
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
    say(f"{name} has two pages: {taken.file} is used, {left.file} is skipped")
    return taken


def _with_bar(paths: Sequence[Path]) -> Iterator[Path]:
    """The pages, with a bar for people where there are many."""
    if len(paths) < _MANY or not sys.stderr.isatty():
        yield from paths
        return
    with click.progressbar(paths, file=sys.stderr, label="pages") as pages:
        yield from pages
