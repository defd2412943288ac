"""`docpact compile`: from page to contract and schemas."""

import difflib
from collections.abc import Iterator
from pathlib import Path

import click

from docpact.cli.shared import write
from docpact.contract import Contract
from docpact.contract.rulings import Rulings
from docpact.errors import BrokenContract, DocpactError
from docpact.printable import printable
from docpact.rules import RULES

_EPILOG = """\b
Examples:
  docpact compile samples/pages/GetInstance.md -o schemas
  docpact compile samples/pages/GetInstance.md -o schemas --check
  docpact compile GetInstance.2019.md --no-rulings -o /tmp/old
"""


@click.command(
    "compile",
    epilog=_EPILOG,
    short_help="Compile a reference page into a contract and its schemas.",
)
@click.argument("page", type=click.Path())
@click.option(
    "-o", "--output", "folder", default="schemas", show_default=True, help="The folder to write to."
)
@click.option(
    "--rulings", metavar="FILE", help="Rulings on the page.  [default: PAGE's .rulings.toml]"
)
@click.option("--no-rulings", is_flag=True, help="Take the page alone.")
@click.option("--check", is_flag=True, help="Write nothing; show what differs and exit 1.")
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

    Rulings (decisions where the page is silent) are read from the file beside the page that has its
    name and ends in .rulings.toml. Output is the same, byte for byte, for the same input.
    """
    from docpact import emit

    contract = _compiled(Path(page), rulings, take_rulings=not no_rulings)
    files = emit.files(contract)
    _report_doubts(contract)
    if check:
        differences = "".join(_differences(files, Path(folder)))
        write(differences, None)
        ctx.exit(1 if differences else 0)
    _write(files, Path(folder))


def _compiled(path: Path, rulings: str | None, *, take_rulings: bool) -> Contract:
    from docpact.contract.interpret import interpret
    from docpact.contract.rulings import NO_RULINGS, read_rulings
    from docpact.page import read_file

    page = read_file(path)
    found = _rulings_path(path, rulings) if take_rulings else None
    said = read_rulings(found) if found else NO_RULINGS
    _refuse_unknown_rules(said)
    return interpret(page, said)


def _refuse_unknown_rules(rulings: Rulings) -> None:
    for ruling in rulings.ruling:
        for rule in ruling.governs:
            if rule not in RULES:
                hint = "`docpact explain` lists all rules."
                raise BrokenContract(f"ruling {ruling.id} governs {rule!r}, no rule", hint=hint)


def _rulings_path(page: Path, named: str | None) -> Path | None:
    if named:
        return Path(named)
    beside = page.with_suffix(".rulings.toml")
    return beside if beside.is_file() else None


def _report_doubts(contract: Contract) -> None:
    for doubt in contract.doubts:
        click.echo(printable(f"{doubt.origin.span}: {doubt.kind}: {doubt.message}"), err=True)


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
        raise DocpactError(f"{folder} cannot be written: {cause.strerror}") from cause
