"""Compile a page in a file, with the rulings beside it, into a contract."""

from os import PathLike
from pathlib import Path

from docpact.contract import Contract
from docpact.contract.interpret import interpret
from docpact.contract.rulings import NO_RULINGS, Rulings, read_rulings, rulings_beside
from docpact.core.errors import BrokenContract
from docpact.page import read_file
from docpact.rules import RULES


def compile_page(
    page: str | PathLike[str],
    rulings: str | PathLike[str] | None = None,
    *,
    take_rulings: bool = True,
) -> Contract:
    """The contract of a reference page.

    `rulings` names the file of decisions on the page; by default it is the file beside the page
    that ends in .rulings.toml, if there is one. `take_rulings=False` compiles the page alone.

    Raises UnreadablePage if the page cannot be read or describes no operation, and BrokenContract
    if the rulings are wrong or do not fit the page.
    """
    path = Path(page)
    parsed = read_file(path)
    chosen = NO_RULINGS
    if take_rulings:
        chosen = read_rulings(Path(rulings)) if rulings else rulings_beside(path)
    _refuse_unknown_rules(chosen)
    return interpret(parsed, chosen)


def _refuse_unknown_rules(rulings: Rulings) -> None:
    for ruling in rulings.ruling:
        for rule in ruling.governs:
            if rule not in RULES:
                message = f"ruling {ruling.id} names an unknown rule {rule!r}"
                raise BrokenContract(message, hint="`docpact explain` lists all rules.")
