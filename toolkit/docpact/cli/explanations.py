"""What a rule, a ruling or a fault means, told in full."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docpact.contract import (
    Constraint,
    Contract,
    Echo,
    Embedded,
    Implication,
    Media,
    Ordering,
    Pattern,
    Ruling,
    Separated,
    Unit,
    fields_of,
)
from docpact.core.span import Severity
from docpact.rules import RULES, Family, Rule

if TYPE_CHECKING:  # the catalogue is imported where a fault is asked for
    from docpact.faults import Fault

from collections.abc import Sequence

from docpact.faults import Fault

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


def explanations(name: str, contract: Contract) -> list[list[str]]:
    """Everything of that name, each as lines: a rule and a fault may share theirs."""
    from docpact.faults import FAULTS

    told = [_rule(RULES[name], contract)] if name in RULES else []
    told += [_ruling(each, contract) for each in contract.rulings if each.id == name]
    told += [_fault(FAULTS[name], contract)] if name in FAULTS else []
    return [list(each) for each in told]


def nearest(name: str, contract: Contract) -> str:
    """The name that comes nearest to one that does not exist; empty if none does."""
    from difflib import get_close_matches

    from docpact.faults import FAULTS

    names = [*RULES, *(each.id for each in contract.rulings), *FAULTS]
    return next(iter(get_close_matches(name, names, n=1)), "")


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
        yield "  Rests on: the lines of the page that each finding names"
    else:
        yield f"  Rests on: the field's own line of {contract.page}, named by each finding"
    if rule.caution:
        yield "  Could hurt:"
        yield from wrapped(rule.caution, "    ")
    yield ""
    field = _field_of(rule, contract)
    yield "  Switch it off, or regrade it, on the command line:"
    command = "lint" if rule.family is Family.PAGE else "validate"
    yield f"    docpact {command} … --ignore {rule.id}"
    yield "  or in docpact.toml (in pyproject.toml the same under [tool.docpact]):"
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
        yield f"  A violation is raised to: {ruling.origin.raised_to.value}"
    if ruling.governs:
        yield f"  Rules: {', '.join(ruling.governs)}"
    for each in contract.constraints:
        if each.origin.ruling == ruling.id:
            yield f"  Constraint: {' and '.join(dict.fromkeys(fields_of(each)))}"


def _fault(fault: "Fault", contract: Contract) -> Iterator[str]:
    yield f"{fault.name} (a fault)"
    yield f"  A server with this fault {fault.summary}."
    yield ""
    yield f"  Shows: {_shows(fault)}"
    if fault.needs_request:
        yield "  Looks right to who does not know what was asked, so capture the request too"
    yield "  Noticed by:"
    for rule in sorted(fault.breaks):
        yield f"    {rule} ({severities_of(RULES[rule], contract)}): {RULES[rule].title}"
    yield ""
    if fault.is_behaviour:
        yield "  No single answer shows it; make a server that does:"
    else:
        body = "" if Media.JSON in fault.media else f"--body {Media.XML.value} "
        yield "  Make an answer, or a server, that shows it:"
        yield f"    docpact generate {body}--invalid {fault.name}"
    yield f"    docpact mock --fault {fault.name}"


def _shows(fault: "Fault") -> str:
    if fault.is_behaviour:
        return f"{fault.shows.value}; it is a fault of behaviour"
    formats = " and ".join(sorted(each.value.upper() for each in fault.media))
    return f"{fault.shows.value}, in {formats}"


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


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """A paragraph in lines that a terminal holds."""
    flat = " ".join(text.split())
    return textwrap.wrap(
        flat,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


_HEAD = ("FAULT", "SEEN IN", "WHEN", "WHAT A SERVER WITH IT DOES [RULES THAT NOTICE]")
_BEHAVIOUR = "behaviour"


def fault_table(faults: Sequence[Fault]) -> Iterator[str]:
    """One line for each fault under a line of headings."""
    rows = [_HEAD, *map(_row, faults)]
    *widths, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]])
    if any(each.is_behaviour for each in faults):
        yield ""
        yield f"{_BEHAVIOUR}: only a server shows it, over its calls; no single answer does"


def seen_in(fault: Fault) -> str:
    """The formats in which an answer can have the fault."""
    if fault.is_behaviour:
        return _BEHAVIOUR
    return ", ".join(sorted(each.value.upper() for each in fault.media))


def _row(fault: Fault) -> tuple[str, str, str, str]:
    rules = ", ".join(sorted(fault.breaks))
    return fault.name, seen_in(fault), fault.shows.value, f"{fault.summary} [{rules}]"
