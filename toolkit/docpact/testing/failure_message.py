"""Findings as a failing test shows them: what was expected, what came, and who says so."""

from collections.abc import Iterable, Iterator
from typing import Final

from docpact.core.exchange import Exchange
from docpact.core.finding import Finding, Report
from docpact.core.text import printable
from docpact.report.terminal import block, totals

_MOST_TOLD: Final = 10
_MOST_SHOWN: Final = 160  # characters of a line


class Findings(tuple[Finding, ...]):  # noqa: SLOT001  # a tuple cannot have slots of its own
    """What is wrong with one answer; equal to () if nothing is."""

    exchange: Exchange

    def __new__(cls, found: Iterable[Finding], exchange: Exchange) -> "Findings":
        """The findings and the answer that they are about."""
        made = super().__new__(cls, found)
        made.exchange = exchange
        return made


class ContractBroken(AssertionError):
    """An answer does not keep the contract."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(told(findings))
        self.findings = findings


def comparison(op: str, left: object, right: object) -> list[str] | None:
    """The findings, where a test compares them with what it expects."""
    if op != "==":
        return None
    found = next((each for each in (left, right) if isinstance(each, Findings)), None)
    return None if found is None else told(found).splitlines()


def told(findings: Findings) -> str:
    """All that is wrong with one answer."""
    head = f"the answer breaks the contract: {_counts(findings)}"
    return joined(head, (_with_excerpt(each, findings.exchange) for each in findings))


def joined(head: str, blocks: Iterable[str]) -> str:
    """The head and the first findings, apart from each other."""
    every = list(blocks)
    shown = every[:_MOST_TOLD]
    more = [f"and {len(every) - _MOST_TOLD} more"] if len(every) > _MOST_TOLD else []
    return "\n\n".join([head, *shown, *more])


def _counts(findings: Iterable[Finding]) -> str:
    return totals(Report(tuple(findings), 1).summary).partition(": ")[2]


def _with_excerpt(finding: Finding, exchange: Exchange) -> str:
    first, *rest = block(finding).splitlines()
    return "\n".join([first, *_excerpt(finding, exchange), *rest])


def _excerpt(finding: Finding, exchange: Exchange) -> Iterator[str]:
    """What was expected as removed, the line that came as added, as in a diff."""
    if finding.expected is not None:
        expected = finding.expected
        text = ", ".join(expected) if isinstance(expected, tuple) else str(expected)
        yield f"  - {printable(text)[:_MOST_SHOWN]}"
    line = finding.at.line
    if line is None:
        return
    lines = exchange.response.body.splitlines()
    at = line - exchange.source.first_line
    if 0 <= at < len(lines) and finding.pointer:
        came = lines[at].decode("utf-8", "replace").strip()
        start = max(0, (finding.at.column or 1) - 1 - _MOST_SHOWN // 2)
        yield f"  + {printable(came[start : start + _MOST_SHOWN])}"
