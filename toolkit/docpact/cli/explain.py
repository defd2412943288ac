"""`docpact explain`: what a rule, a ruling or a fault means."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from docpact.cli.options import (
    complete_faults,
    complete_rules,
    contract_option,
    write,
)
from docpact.contract import (
    Constraint,
    Contract,
    Media,
    Ruling,
    load_contract,
)
from docpact.core.span import Severity
from docpact.core.text import did_you_mean, printable
from docpact.rules import ANSWER_RULES, RULES, Family, Rule

if TYPE_CHECKING:  # the catalogue is imported where a fault is asked for
    from docpact.faults import Fault

_EPILOG = """\b
Examples:
  docpact explain
  docpact explain unknown-enum-value wrong-unit
  docpact explain empty-is-absent-or-null
  docpact explain id-as-double
"""
_WIDTH = 96
_SEVERITIES: Final = (
    "An error fails a run, a warning only with --strict, a note only with --pedantic. A rule with "
    "several severities rests on several passages of the page, each with its own severity."
)
_HEADINGS: Final = {
    Family.BODY: "The body as a whole",
    Family.JSON: "The body as JSON",
    Family.XML: "The body as XML",
    Family.FIELD: "Single fields",
    Family.MEANING: "What fields mean, together and to the request",
    Family.HTTP: "Status, headers and what a call must return",
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
    short_help="Explain a rule, a ruling or a fault.",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_names)
@contract_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "markdown"]),
    default="terminal",
    show_default=True,
    help="The format of the list of all rules.",
)
@click.option(
    "--pages", is_flag=True, help="With --format markdown: list the rules on pages instead."
)
def command(names: tuple[str, ...], contract: str, format_: str, pages: bool) -> None:
    """Explain rules, rulings and faults.

    For a rule: what it checks, an example, the page's line and how to switch it off. For a ruling:
    what was decided where the page is silent, and why. For a fault: what a server with it does,
    when it shows and which rules detect it. Without a name, list all rules and rulings.
    """
    found = load_contract(contract)
    if names:
        listing = _explained(names, found)
    elif format_ == "markdown":
        rules = [each for each in RULES.values() if each.family is Family.PAGE]
        listing = list(_markdown_table(rules if pages else ANSWER_RULES, found))
    else:
        listing = list(_list(found))
    write("\n".join(map(printable, listing)) + "\n", None)


def _explained(names: tuple[str, ...], contract: Contract) -> list[str]:
    lines: list[str] = []
    for name in dict.fromkeys(names):
        found = _explanations(name, contract)
        if not found:
            hint = did_you_mean(name, _names(contract)) or "; `docpact explain` lists all rules"
            raise click.BadParameter(f"unknown rule, ruling or fault {name!r}{hint}")
        for each in found:
            lines += ["", *each] if lines else each
    return lines


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
    yield "`docpact explain NAME` says more; `docpact generate --list-faults` lists the faults."


def _cut(line: str) -> str:
    """The line, cut between words where it is too long for a terminal."""
    if len(line) <= _WIDTH:
        return line
    return f"{line[: _WIDTH - 1].rpartition(' ')[0]} …"


def _markdown_table(rules: Iterable[Rule], contract: Contract) -> Iterator[str]:
    yield "| Rule | Severity | What is wrong |"
    yield "|---|---|---|"
    for rule in rules:
        yield f"| `{rule.id}` | {severities_of(rule, contract)} | {rule.title} |"


def _explanations(name: str, contract: Contract) -> list[list[str]]:
    """Everything of that name, each as lines: a rule and a fault may share theirs."""
    from docpact.faults import FAULTS

    found = [_rule(RULES[name], contract)] if name in RULES else []
    found += [_ruling(each, contract) for each in contract.rulings if each.id == name]
    found += [_fault(FAULTS[name], contract)] if name in FAULTS else []
    return [list(each) for each in found]


def _names(contract: Contract) -> list[str]:
    from docpact.faults import FAULTS

    return [*RULES, *(each.id for each in contract.rulings), *FAULTS]


def _rule(rule: Rule, contract: Contract) -> Iterator[str]:
    yield f"{rule.id} ({severities_of(rule, contract)})"
    yield f"  {rule.title}."
    yield ""
    yield from wrapped(rule.meaning)
    yield ""
    yield f"  Example: {rule.example}"
    ruling = contract.ruling_on(rule.id)
    if ruling:
        yield f"  Rests on: {ruling.origin.span}, ruling {ruling.id}"
        yield from wrapped(ruling.decision, "    ")
    elif rule.family is Family.PAGE:
        yield "  Rests on: the lines of the page named in each finding"
    else:
        yield f"  Rests on: the field's own line of {contract.page}, named in each finding"
    if rule.caution:
        yield "  Possible false alarms:"
        yield from wrapped(rule.caution, "    ")
    yield ""
    field = _field_of(rule, contract)
    yield "  Switch it off on the command line:"
    command = "lint" if rule.family is Family.PAGE else "validate"
    yield f"    docpact {command} … --ignore {rule.id}"
    yield "  or switch it off, or change its severity, in docpact.toml (in pyproject.toml under"
    yield "  [tool.docpact]):"
    yield f'    ignore = ["{rule.id}"]'
    yield f'    severity = {{ "{rule.id}{field}" = "note" }}'
    comment = f"docpact: ignore {rule.id} -- reason"
    if rule.family is Family.PAGE:
        yield "  or for one finding, at the end of its line or above it:"
        yield f"    <!-- {comment} -->"
    else:
        yield "  or for one call, above it in a YAML cassette or as the comment of a HAR entry:"
        yield f"    # {comment}"


def _ruling(ruling: Ruling, contract: Contract) -> Iterator[str]:
    yield f"{ruling.id} (a ruling, {ruling.origin.grade.value})"
    yield from wrapped(ruling.decision)
    yield ""
    yield "  Why:"
    yield from wrapped(ruling.reason, "    ")
    yield f"  Page: {ruling.origin.span}  “{ruling.origin.quote}”"
    if ruling.sources:
        yield f"  Sources: {'; '.join(ruling.sources)}"
    if ruling.origin.raised_to:
        yield f"  Severity: raised to {ruling.origin.raised_to.value}"
    if ruling.governs:
        yield f"  Rules: {', '.join(ruling.governs)}"
    for each in contract.constraints:
        if each.origin.ruling == ruling.id:
            yield f"  Constraint: {' and '.join(dict.fromkeys(each.fields))}"


def _fault(fault: "Fault", contract: Contract) -> Iterator[str]:
    yield f"{fault.name} (a fault)"
    yield f"  A server with this fault {fault.summary}."
    yield ""
    yield f"  Shows: {_shows(fault)}"
    if fault.needs_request:
        yield "  Looks right unless the request is known too, so capture the request as well"
    yield "  Detected by:"
    for rule in sorted(fault.breaks):
        yield f"    {rule} ({severities_of(RULES[rule], contract)}): {RULES[rule].title}"
    yield ""
    if fault.is_behaviour:
        yield "  No single answer shows it; start a server that does:"
    else:
        body = "" if Media.JSON in fault.media else f"--body {Media.XML.value} "
        yield "  Make an answer, or start a server, that shows it:"
        yield f"    docpact generate {body}--invalid {fault.name}"
    yield f"    docpact mock --fault {fault.name}"


def _shows(fault: "Fault") -> str:
    if fault.is_behaviour:
        return f"{fault.shows.value}; only a server shows it"
    formats = " and ".join(sorted(each.value.upper() for each in fault.media))
    return f"{fault.shows.value}, in {formats}"


def severities_of(rule: Rule, contract: Contract) -> str:
    """The severities that a rule has in a contract, the worst first."""
    ruling = contract.ruling_on(rule.id)
    found = {each.origin.severity for each in _constraints_of(rule, contract)}
    if not found:
        found = {ruling.origin.severity if ruling else rule.grade.severity}
    return ", ".join(each.value for each in Severity if each in found)


def _constraints_of(rule: Rule, contract: Contract) -> list[Constraint]:
    return [each for each in contract.constraints if each.rule.id == rule.id]


def _field_of(rule: Rule, contract: Contract) -> str:
    """A field of the rule as a selector names it; nothing for rules on whole bodies."""
    constraints = _constraints_of(rule, contract)
    if constraints:
        return f":{constraints[0].fields[-1]}"
    return ":Instance.EndTime" if rule.family is Family.FIELD else ""


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """A paragraph in lines that fit on a terminal."""
    flat = " ".join(text.split())
    return textwrap.wrap(
        flat,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


_HEAD = ("FAULT", "SEEN IN", "WHEN", "WHAT A SERVER WITH IT DOES [RULES THAT DETECT IT]")
_BEHAVIOUR = "behaviour"


def fault_table(faults: "Sequence[Fault]") -> Iterator[str]:
    """One line for each fault under a line of headings."""
    rows = [_HEAD, *map(_row, faults)]
    *widths, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]])
    if any(each.is_behaviour for each in faults):
        yield ""
        yield f"{_BEHAVIOUR}: only a server shows it, over several calls; no single answer does"


def _seen_in(fault: "Fault") -> str:
    """The formats in which an answer can have the fault."""
    if fault.is_behaviour:
        return _BEHAVIOUR
    return ", ".join(sorted(each.value.upper() for each in fault.media))


def _row(fault: "Fault") -> tuple[str, str, str, str]:
    rules = ", ".join(sorted(fault.breaks))
    return fault.name, _seen_in(fault), fault.shows.value, f"{fault.summary} [{rules}]"
