"""What of the contract a run has exercised, and what it could not reach."""

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
from docpact.core.text import printable
from docpact.generate.requests import REQUEST_LABELS


@dataclass(slots=True)
class Exercised:
    """Counts of what was seen over a run."""

    contract: Contract
    fields: Counter[str] = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)  # kinds of calls

    def add(self, judgement: Judgement, label: str) -> None:
        """Count what one call exercised."""
        self.labels[label] += 1
        response = judgement.exchange.response
        if response.status is not None:
            self.statuses[response.status] += 1
        if not response.ok:
            return
        for path, member in self.contract.success.walk():
            dotted = ".".join(path)
            found = value_at(judgement.value, dotted)
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


_UNAUTHORIZED: Final = frozenset({401, 403})
_ABOUT_KEYS: Final = re.compile("authoriz|signature|accesskey|nonce|securitytoken", re.IGNORECASE)
_MOST_KEPT: Final = 1000  # different refusals

UNTOLD: Final = (
    "without --running, whether calls that must succeed do so could not be judged: name an "
    "instance that runs"
)


@dataclass(slots=True)
class Refusals:
    """What came of the calls of a run: whether any succeeded, and what the others were told."""

    answers: int = 0
    successes: int = 0
    _codes: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    _said: dict[tuple[int | None, str], str] = field(default_factory=dict)

    def add(self, judgement: Judgement) -> None:
        """Count one call."""
        response, value = judgement.exchange.response, judgement.value
        self.answers += 1
        if response.ok:
            self.successes += 1
        if self.successes:  # nobody asks for the others any longer
            return
        code = value.get("Code")
        key = (response.status, code if isinstance(code, str) else "")
        if len(self._said) < _MOST_KEPT or key in self._said:
            self._codes[key] += 1
            self._said.setdefault(key, said_by(value))

    def why_none_succeeded(
        self, contract: Contract, url: str, *, has_key: bool, told_what_runs: bool
    ) -> str:
        """Why no call succeeded, with the next step; empty if one did."""
        if self.successes:
            return ""
        if not self.answers:
            return "no call succeeded: none was answered in time"
        (status, code), _ = self._codes.most_common(1)[0]
        said = " ".join(filter(None, (str(status), self._said[status, code])))
        told = f"no call succeeded: {_answers(self.answers)}, most said {said}"
        return f"{told}; {_advice(contract, url, (status, code), has_key, told_what_runs)}"


def _advice(
    contract: Contract,
    url: str,
    most: tuple[int | None, str],
    has_key: bool,  # noqa: FBT001  # what is known of the run
    told_what_runs: bool,  # noqa: FBT001
) -> str:
    whole = as_whole_call(contract, url)
    if whole:
        return whole
    status, code = most
    if _ABOUT_KEYS.search(code) or status in _UNAUTHORIZED:
        named = printable(code) or f"status {status}"
        if has_key:
            return f"the endpoint refuses the key ({named}): give one that it knows"
        return (
            f"the endpoint asks for signatures ({named}): give a key with --access-key-id and "
            "--access-key-secret"
        )
    if told_what_runs:
        return "is this the right URL, and does what --running names run there?"
    return "name an instance that runs with --running"


def as_whole_call(contract: Contract, url: str) -> str:
    """What to give instead, for a URL that is that of a call; empty for any other."""
    split = urlsplit(url)
    template = PathTemplate.parse(contract.operation.path)
    values = template.match(split.path)
    if values is None:
        return ""
    base = f"{split.scheme}://{split.netloc}{template.prefix(split.path)}"
    running = format_instance_reference(values.values())
    given = printable(f"give {base} only, and --running {running}")
    return f"the URL looks like a whole call: {given}"


def _answers(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"
