"""`docpact explain`: what a rule or a ruling means."""

import textwrap
from collections.abc import Iterator

import click

from docpact.cli.shared import chosen_contract, complete_rules, write
from docpact.contract import (
    Constraint,
    Contract,
    Echo,
    Embedded,
    Implication,
    Ordering,
    Pattern,
    Ruling,
    Separated,
    Unit,
    fields_of,
)
from docpact.printable import printable
from docpact.rules import RULES, Family, Rule
from docpact.span import Severity

_EPILOG = """\b
Examples:
  docpact explain
  docpact explain unknown-enum-value
  docpact explain empty-is-absent-or-null
"""
_WIDTH = 96
_RULE_OF: dict[type[Constraint], str] = {
    Implication: "fields-disagree",
    Ordering: "times-out-of-order",
    Echo: "wrong-echo",
    Embedded: "embedded-syntax",
    Pattern: "wrong-format",
    Unit: "wrong-unit",
    Separated: "wrong-separator",
}


@click.command(
    "explain",
    epilog=_EPILOG,
    short_help="Say what a rule or a ruling means and how to switch it off.",
)
@click.argument("name", required=False, metavar="[RULE]", shell_complete=complete_rules)
@click.option("--contract", metavar="FILE", default="", help="A compiled contract to cite from.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to print the list of all rules.",
)
def command(name: str | None, contract: str, form: str) -> None:
    """Say what a rule or a ruling means, with an example, the page's line and how to switch it off.

    Without a name, list every rule.
    """
    found, _ = chosen_contract(contract)
    if name is None:
        listing = _markdown_table(found) if form == "markdown" else _list(found)
    else:
        listing = _explained(name, found)
    write("\n".join(map(printable, listing)) + "\n", None)


def _explained(name: str, contract: Contract) -> Iterator[str]:
    if name in RULES:
        return _rule(RULES[name], contract)
    ruling = next((each for each in contract.rulings if each.id == name), None)
    if ruling is None:
        from difflib import get_close_matches

        names = [*RULES, *(each.id for each in contract.rulings)]
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `docpact explain` lists all rules"
        raise click.BadParameter(f"there is no rule or ruling {name!r}{hint}", param_hint="RULE")
    return _ruling(ruling, contract)


def _rule(rule: Rule, contract: Contract) -> Iterator[str]:
    yield f"{rule.id} ({severities_of(rule, contract)})"
    yield f"  {rule.title}."
    yield ""
    yield from _wrapped(rule.meaning)
    yield ""
    yield f"  Example: {rule.example}"
    ruling = contract.ruling_on(rule.id)
    if ruling:
        yield f"  Rests on: {ruling.origin.span}, ruling {ruling.id}"
        yield from _wrapped(ruling.decision, "    ")
    else:
        yield f"  Rests on: the field's own line of {contract.page}, named by each finding"
    if rule.caution:
        yield "  Could hurt:"
        yield from _wrapped(rule.caution, "    ")
    yield ""
    field = _field_of(rule, contract)
    yield "  Switch it off, or regrade it, on the command line:"
    yield f"    docpact validate … --ignore {rule.id}"
    yield "  or in docpact.toml (in pyproject.toml the same under [tool.docpact]):"
    yield f'    ignore = ["{rule.id}"]'
    yield f'    severity = {{ "{rule.id}{field}" = "note" }}'


def _ruling(ruling: Ruling, contract: Contract) -> Iterator[str]:
    yield f"{ruling.id} (a ruling, {ruling.origin.grade.value})"
    yield from _wrapped(ruling.decision)
    yield ""
    yield "  Why:"
    yield from _wrapped(ruling.reason, "    ")
    yield f"  Page: {ruling.origin.span}  “{ruling.origin.quote}”"
    if ruling.sources:
        yield f"  Sources: {'; '.join(ruling.sources)}"
    if ruling.origin.raised_to:
        yield f"  A breach is raised to: {ruling.origin.raised_to.value}"
    if ruling.governs:
        yield f"  Rules: {', '.join(ruling.governs)}"
    for each in contract.constraints:
        if each.origin.ruling == ruling.id:
            yield f"  Constraint: {' and '.join(dict.fromkeys(fields_of(each)))}"


def _list(contract: Contract) -> Iterator[str]:
    longest = max(len(name) for name in RULES)
    for rule in RULES.values():
        yield f"{rule.id:<{longest}}  {severities_of(rule, contract):<20}  {rule.title}"
    yield ""
    yield "Rulings, which `docpact explain` knows by name too:"
    yield from _wrapped(", ".join(each.id for each in contract.rulings))


def _markdown_table(contract: Contract) -> Iterator[str]:
    yield "| Rule | Severity | What is wrong |"
    yield "|---|---|---|"
    for rule in RULES.values():
        yield f"| `{rule.id}` | {severities_of(rule, contract)} | {rule.title} |"


def severities_of(rule: Rule, contract: Contract) -> str:
    """The severities that a rule has in a contract, worst first."""
    ruling = contract.ruling_on(rule.id)
    found = {each.origin.severity for each in _constraints_of(rule, contract)}
    if not found:
        found = {ruling.origin.severity if ruling else rule.grade.severity}
    return ", ".join(each.value for each in Severity if each in found)


def _constraints_of(rule: Rule, contract: Contract) -> list[Constraint]:
    return [each for each in contract.constraints if _RULE_OF.get(type(each)) == rule.id]


def _field_of(rule: Rule, contract: Contract) -> str:
    """A field that the rule can be regraded for, as a selector has it; nothing for whole bodies."""
    constraints = _constraints_of(rule, contract)
    if constraints:
        return f":{fields_of(constraints[0])[-1]}"
    return ":Instance.EndTime" if rule.family is Family.FIELD else ""


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    flat = " ".join(text.split())
    return textwrap.wrap(
        flat,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
