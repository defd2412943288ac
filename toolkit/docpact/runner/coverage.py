"""How much of the contract a run has covered, and why it could not cover more."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from docpact.check import Judgement
from docpact.check.http import said_by
from docpact.contract import Contract
from docpact.contract.path_template import PathTemplate, format_instance_reference
from docpact.contract.value_path import value_at
from docpact.core.text import counted, printable
from docpact.core.violation import Value
from docpact.generate.requests import REQUEST_LABELS
from docpact.runner.planning import Target

_UNAUTHORIZED: Final = frozenset({401, 403})
_ABOUT_KEYS: Final = re.compile("authoriz|signature|accesskey|nonce|securitytoken", re.IGNORECASE)
_MOST_FAILURES: Final = 1000  # different ones that are counted

NO_INSTANCES: Final = (
    "without --running, docpact cannot check that calls succeed when they must: name an instance "
    "that is running"
)


@dataclass(slots=True)
class Coverage:
    """Counts what the calls of a run have covered."""

    contract: Contract
    fields: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)  # kinds of calls
    successes: int = 0
    _failures: Counter[tuple[int | None, str]] = field(default_factory=Counter)  # status, code
    _texts: dict[tuple[int | None, str], str] = field(default_factory=dict)  # of failures

    def add(self, judgement: Judgement, label: str) -> None:
        """Count what one call covered."""
        response = judgement.exchange.response
        self.labels[label] += 1
        if response.status is not None:
            self.statuses[response.status] += 1
        if not response.ok:
            self._add_failure(response.status, judgement.value)
            return
        self.successes += 1
        for path, member in self.contract.success.walk():
            dotted = ".".join(path)
            found = value_at(judgement.value, dotted)
            if found is None:
                continue
            self.fields[dotted] += 1
            if member.values:
                self.values[dotted, str(found)] += 1

    def lines(self) -> Iterator[str]:
        """What was covered and what was not, for people."""
        statuses = (f"{status} ({times})" for status, times in sorted(self.statuses.items()))
        yield f"statuses: {', '.join(statuses) or 'none'}"
        unseen = [label for label in REQUEST_LABELS if not self.labels[label]]
        yield f"kinds of calls: {len(REQUEST_LABELS) - len(unseen)} of {len(REQUEST_LABELS)}"
        if unseen:
            yield "  calls never made:"
            yield from (f"    {label}: {REQUEST_LABELS[label]}" for label in unseen)
        members = [(".".join(path), member) for path, member in self.contract.success.walk()]
        missing = [name for name, _ in members if not self.fields[name]]
        yield f"fields in answers: {len(members) - len(missing)} of {len(members)}"
        yield from _missing("fields", missing)
        listed = [(name, each.value) for name, member in members for each in member.values]
        missing = [f"{name} {value}" for name, value in listed if not self.values[name, value]]
        yield f"listed values: {len(listed) - len(missing)} of {len(listed)}"
        yield from _missing("values", missing)
        if not self.labels["running-instance"]:
            yield "no call asked for a running instance: name one with --running to cover more"

    def why_no_success(self, target: Target) -> str:
        """Why no call succeeded, with the next step; empty if one did."""
        if self.successes:
            return ""
        if not self._failures:
            return "no call succeeded: none was answered in time"
        (status, code), _ = self._failures.most_common(1)[0]
        text = " ".join(filter(None, (str(status), self._texts[status, code])))
        advice = call_in_url(self.contract, target.url) or _advice(status, code, target)
        answers = counted(sum(self.labels.values()), "answer")
        return f"no call succeeded: {answers}, most of them {text}; {advice}"

    def _add_failure(self, status: int | None, value: dict[str, Value]) -> None:
        if self.successes:
            return
        code = value.get("Code")
        key = (status, code if isinstance(code, str) else "")
        if len(self._texts) < _MOST_FAILURES or key in self._texts:
            self._failures[key] += 1
            self._texts.setdefault(key, said_by(value))


def _missing(what: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"  {what} never seen: {printable(', '.join(names))}"


def _advice(status: int | None, code: str, target: Target) -> str:
    if _ABOUT_KEYS.search(code) or status in _UNAUTHORIZED:
        named = printable(code) or f"status {status}"
        if target.key is not None:
            return f"the endpoint refuses the key ({named}): give a key that it accepts"
        return (
            f"the endpoint requires signed calls ({named}): give a key with --access-key-id and "
            "--access-key-secret"
        )
    if target.known.running:
        return "check the URL, and that the instances of --running are running there"
    return "name an instance that is running with --running"


def call_in_url(contract: Contract, url: str) -> str:
    """What to give instead of a URL that has the path of a call; empty for any other URL."""
    split = urlsplit(url)
    template = PathTemplate.parse(contract.operation.path)
    values = template.match(split.path)
    if values is None:
        return ""
    base = f"{split.scheme}://{split.netloc}{template.prefix(split.path)}"
    running = format_instance_reference(values.values())
    given = printable(f"give {base} and --running {running}")
    return f"the URL contains the path of a call: {given}"
