"""Tell a user that what came is probably of another operation than the contract's."""

from collections import defaultdict

from docpact.contract import Contract
from docpact.finding import Finding, Report

_WAY_OUT = "--contract FILE judges by another contract"
_MOST_NAMED = 3


def why_nothing_was_judged(report: Report, contract: Contract) -> str:
    """Why a run judged nothing though there were calls; empty if there were none."""
    if report.checked or not report.others:
        return ""
    operation = contract.operation
    asked = f" ({operation.method} {operation.path})" if operation.path else ""
    if report.others == 1:
        which = f"the call does not ask for {operation.name}{asked}, or has no answer"
    else:
        which = (
            f"none of the {report.others} calls asks for {operation.name}{asked} and is answered"
        )
    return f"nothing was judged: {which}; {_WAY_OUT}"


def suspicion(report: Report, contract: Contract) -> str:
    """That most answers seem to be of another operation; empty if they do not.

    Each then lacks what this operation's have at the top, and has something else there.
    """
    by_exchange: defaultdict[tuple[str, int], list[Finding]] = defaultdict(list)
    for each in report.findings:
        by_exchange[each.at.file, each.at.exchange].append(each)
    alien = sum(map(_is_alien, by_exchange.values()))
    if 2 * alien <= report.checked:
        return ""
    roots = {str(each.actual) for each in report.findings if each.rule == "xml-wrong-root"}
    named = f" ({', '.join(sorted(roots)[:_MOST_NAMED])})" if roots else ""
    which = "the answer is" if report.checked == 1 else f"{alien} of {report.checked} answers are"
    return f"perhaps {which} of another operation{named} than {contract.operation.name}; {_WAY_OUT}"


def _is_alien(findings: list[Finding]) -> bool:
    rules = {each.rule for each in findings if each.pointer.count("/") <= 1}
    return "missing-field" in rules and not rules.isdisjoint(
        {"undocumented-field", "xml-wrong-root"}
    )
