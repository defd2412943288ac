"""What of the contract a run has exercised, and what it could not reach."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from docpact.check import Checker
from docpact.check.session import leaf
from docpact.contract import Contract
from docpact.exchange import Exchange
from docpact.generate.requests import REQUEST_LABELS
from docpact.printable import printable


@dataclass(slots=True)
class Exercised:
    """Counts of what was seen over a run."""

    contract: Contract
    fields: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)  # kinds of calls

    def add(self, exchange: Exchange, label: str, checker: Checker) -> None:
        """Count what one call exercised."""
        self.labels[label] += 1
        if exchange.response.status is not None:
            self.statuses[exchange.response.status] += 1
        if not exchange.response.ok:
            return
        value = checker.decoded(exchange.response.body)
        for path, member in self.contract.success.walk():
            dotted = ".".join(path)
            found = leaf(value, dotted)
            if found is None:
                continue
            self.fields[dotted] += 1
            if member.values:
                self.values[dotted, str(found)] += 1

    def lines(self) -> Iterator[str]:
        """What was exercised and what was not, for people."""
        yield f"statuses: {_counted(self.statuses)}"
        known = [label for label in REQUEST_LABELS if self.labels[label]]
        yield f"kinds of calls: {len(known)} of {len(REQUEST_LABELS)}"
        unseen = [label for label in REQUEST_LABELS if not self.labels[label]]
        if unseen:
            yield "  calls never seen:"
            yield from (f"    {label}: {REQUEST_LABELS[label]}" for label in unseen)
        every = [".".join(path) for path, _ in self.contract.success.walk()]
        yield f"fields in answers: {sum(map(bool, map(self.fields.get, every)))} of {len(every)}"
        yield from _missing("fields", [each for each in every if not self.fields[each]])
        listed = [
            (".".join(path), each.value)
            for path, member in self.contract.success.walk()
            for each in member.values
        ]
        yield f"listed values: {sum(bool(self.values[each]) for each in listed)} of {len(listed)}"
        yield from _missing(
            "values", [f"{name} {one}" for name, one in listed if not self.values[name, one]]
        )
        if not self.labels["running-instance"]:
            yield "nothing is known to run: name instances with --running to reach more"


def _missing(what: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"  {what} never seen: {printable(', '.join(names))}"


def _counted(counts: Counter[int]) -> str:
    return ", ".join(f"{status} ({times})" for status, times in sorted(counts.items())) or "none"
