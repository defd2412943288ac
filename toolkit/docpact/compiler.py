"""From files to what judges: compile a page, or load a contract with its schemas."""

from os import PathLike
from pathlib import Path

from docpact.contract import Contract, Schemas, load_bundled_schemas, load_contract
from docpact.contract.rulings import NO_RULINGS, Rulings, read_rulings, rulings_beside
from docpact.core.errors import BrokenContract


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
    from docpact.contract.interpret import interpret  # loading a contract needs neither
    from docpact.page import read_file

    path = Path(page)
    parsed = read_file(path)
    chosen = NO_RULINGS
    if take_rulings:
        chosen = read_rulings(Path(rulings)) if rulings else rulings_beside(path)
    _refuse_unknown_rules(chosen)
    return interpret(parsed, chosen)


def load_with_schemas(path: str | PathLike[str] = "") -> tuple[Contract, Schemas]:
    """The contract in a file, or the one that ships, with the schemas to judge by.

    Raises BrokenContract if there is no such file or it is not a contract.
    """
    contract = load_contract(path)
    if not path:
        return contract, load_bundled_schemas()
    from docpact import emit  # the schemas of the contract that ships are stored

    return contract, emit.schemas(contract)


def _refuse_unknown_rules(rulings: Rulings) -> None:
    from docpact.rules import RULES

    for ruling in rulings.ruling:
        for rule in ruling.governs:
            if rule not in RULES:
                message = f"ruling {ruling.id} names an unknown rule {rule!r}"
                raise BrokenContract(message, hint="`docpact explain` lists all rules.")
