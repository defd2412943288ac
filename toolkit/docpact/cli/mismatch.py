"""Tell a user that what came is probably of another operation than the contract's."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePath

from docpact.contract import Contract
from docpact.core.finding import Finding, Report

_WAY_OUT = "--contract FILE judges by another contract"
_BODY = "--field body=PATH says where the lines of a log have their bodies"
_RECORDS = "; or, if each line is a record of a log, --field body=PATH says where its answer stands"
_LOGS = frozenset({".ndjson", ".jsonl", ".log"})
_ARCHIVES = frozenset({".har", ".yaml", ".yml", ".flow", ".flows"})
_MOST_NAMED = 3


def why_nothing_was_judged(report: Report, contract: Contract) -> str:
    """Why a run judged nothing though there were calls; empty if there were none."""
    if report.checked or not report.skipped_calls:
        return ""
    why = [*_others(report, contract), *_unread(report)]
    return f"nothing was judged: {'; '.join(why)}"


def _others(report: Report, contract: Contract) -> Iterator[str]:
    operation = contract.operation
    asked = f" ({operation.method} {operation.path})" if operation.path else ""
    count = report.skipped_calls - report.unreadable
    if count == 1 == report.skipped_calls:
        yield f"the call does not ask for {operation.name}{asked}"
    elif count == report.skipped_calls:
        yield f"none of the {count} calls asks for {operation.name}{asked}"
    elif count:
        are = "call does" if count == 1 else "calls do"
        yield f"{count} {are} not ask for {operation.name}{asked}"
    if count:
        yield _WAY_OUT


def _unread(report: Report) -> Iterator[str]:
    if report.unreadable == 1 == report.skipped_calls:
        yield "the call has no answer that can be read"
    elif report.unreadable == report.skipped_calls:
        yield f"none of the {report.unreadable} calls has an answer that can be read"
    elif report.unreadable:
        have = "call has" if report.unreadable == 1 else "calls have"
        yield f"{report.unreadable} {have} no answer that can be read"
    if report.without_body:
        yield _BODY
    elif report.unreadable:
        yield "--all tells why"


def suspicion(report: Report, contract: Contract) -> str:
    """That most answers seem to be of another operation; empty if they do not.

    Each then lacks what this operation's have at the top, and has something else there.
    """
    by_exchange: defaultdict[tuple[str, int], list[Finding]] = defaultdict(list)
    for each in report.findings:
        by_exchange[each.at.file, each.at.exchange].append(each)
    aliens = [place for place, findings in by_exchange.items() if _is_alien(findings)]
    alien = len(aliens)
    if 2 * alien <= report.checked:
        return ""
    roots = {str(each.actual) for each in report.findings if each.rule == "xml-wrong-root"}
    named = f" ({', '.join(sorted(roots)[:_MOST_NAMED])})" if roots else ""
    which = "the answer is" if report.checked == 1 else f"{alien} of {report.checked} answers are"
    why = f"perhaps {which} of another operation{named} than {contract.operation.name}; {_WAY_OUT}"
    return why + _RECORDS if any(_is_in_log(*place) for place in aliens) else why


def _is_in_log(file: str, number: int) -> bool:
    """Whether an answer may be a line of a log; archives and cassettes are known by their form."""
    suffixes = PurePath(file.lower()).suffixes[-2:]  # before that of a packed file
    return not _LOGS.isdisjoint(suffixes) or (number > 1 and _ARCHIVES.isdisjoint(suffixes))


def _is_alien(findings: list[Finding]) -> bool:
    rules = {each.rule for each in findings if each.pointer.count("/") <= 1}
    return "missing-field" in rules and not rules.isdisjoint(
        {"undocumented-field", "xml-wrong-root"}
    )
