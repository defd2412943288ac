"""`docpact explain`: what a rule, a ruling or a fault means."""

from collections.abc import Iterable, Iterator
from typing import Final

import click

from docpact.cli.explanations import explanations, nearest, severities_of, wrapped
from docpact.cli.options import chosen_contract, complete_faults, complete_rules, write
from docpact.contract import Contract
from docpact.core.text import printable
from docpact.rules import ANSWER_RULES, RULES, Family, Rule

_EPILOG = """\b
Examples:
  docpact explain
  docpact explain unknown-enum-value wrong-unit
  docpact explain empty-is-absent-or-null
  docpact explain id-as-double
"""
_WIDTH = 96
_SEVERITIES: Final = (
    "An error fails a run, a warning does so under --strict, a note under --pedantic; a rule with "
    "several severities has one for each passage of the page that it rests on."
)
_HEADINGS: Final = {
    Family.BODY: "The body as a whole",
    Family.JSON: "The body as JSON",
    Family.XML: "The body as XML",
    Family.FIELD: "Single fields",
    Family.MEANING: "What fields mean, together and to the request",
    Family.HTTP: "Status, headers and what a call must come to",
    Family.SESSION: "Several calls",
    Family.PAGE: "The reference page itself (docpact lint)",
}


def complete_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The rules and faults that begin with what was typed so far, for shells."""
    rules = complete_rules(ctx, parameter, incomplete)
    return list(dict.fromkeys([*rules, *complete_faults(ctx, parameter, incomplete)]))


@click.command(
    "explain",
    epilog=_EPILOG,
    short_help="Say what a rule, a ruling or a fault means.",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_names)
@click.option("--contract", metavar="FILE", default="", help="A compiled contract to cite from.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to print the list of all rules.",
)
@click.option("--pages", is_flag=True, help="In Markdown, list the rules on pages instead.")
def command(names: tuple[str, ...], contract: str, form: str, pages: bool) -> None:
    """Say what rules, rulings and faults mean.

    Of a rule: what it notices, an example, the page's line and how to switch it off. Of a ruling:
    what was decided where the page is silent, and why. Of a fault: what a server with it does, when
    it shows and which rules notice. Without a name, list every rule and every ruling.
    """
    found, _ = chosen_contract(contract)
    if names:
        listing = _explained(names, found)
    elif form == "markdown":
        rules = [each for each in RULES.values() if each.family is Family.PAGE]
        listing = list(_markdown_table(rules if pages else ANSWER_RULES, found))
    else:
        listing = list(_list(found))
    write("\n".join(map(printable, listing)) + "\n", None)


def _explained(names: tuple[str, ...], contract: Contract) -> list[str]:
    told: list[str] = []
    for name in dict.fromkeys(names):
        found = explanations(name, contract)
        if not found:
            near = nearest(name, contract)
            hint = f"did you mean {near}?" if near else "`docpact explain` lists all rules"
            message = f"there is no rule, ruling or fault {name!r}; {hint}"
            raise click.BadParameter(message, param_hint="NAME")
        for each in found:
            told += ["", *each] if told else each
    return told


def _list(contract: Contract) -> Iterator[str]:
    yield from wrapped(_SEVERITIES, "")
    longest = max(len(name) for name in RULES)
    for family in Family:
        yield ""
        yield _HEADINGS[family]
        for rule in RULES.values():
            if rule.family is family:
                severity = severities_of(rule, contract)
                yield f"  {rule.id:<{longest}}  {severity:<20}  {rule.title}"
    yield ""
    yield "Rulings: what was decided where the page is silent or contradicts itself"
    longest = max((len(each.id) for each in contract.rulings), default=0)
    for ruling in contract.rulings:
        line = f"  {ruling.id:<{longest}}  {' '.join(ruling.decision.split())}"
        yield _cut(line)
    yield ""
    yield "`docpact explain NAME` tells more; `docpact generate --list-faults` lists the faults."


def _cut(line: str) -> str:
    """The line as far as a terminal holds it, cut between words."""
    if len(line) <= _WIDTH:
        return line
    return f"{line[: _WIDTH - 1].rpartition(' ')[0]} …"


def _markdown_table(rules: Iterable[Rule], contract: Contract) -> Iterator[str]:
    yield "| Rule | Severity | What is wrong |"
    yield "|---|---|---|"
    for rule in rules:
        yield f"| `{rule.id}` | {severities_of(rule, contract)} | {rule.title} |"
