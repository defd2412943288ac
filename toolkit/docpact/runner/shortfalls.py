"""Why a run could say little: what refused its calls, and what it was not told."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from docpact.check import Checker
from docpact.check.expectation import said_by
from docpact.contract import Contract
from docpact.exchange import Exchange
from docpact.printable import printable

_UNAUTHORIZED: Final = frozenset({401, 403})
_ABOUT_KEYS: Final = re.compile("authoriz|signature|accesskey|nonce|securitytoken", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
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

    def add(self, exchange: Exchange, checker: Checker) -> None:
        """Count one call."""
        self.answers += 1
        if exchange.response.ok:
            self.successes += 1
        if self.successes:  # nobody asks for the others any longer
            return
        value = checker.decoded(exchange.response.body)
        code = value.get("Code")
        key = (exchange.response.status, code if isinstance(code, str) else "")
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
        told = f"no call succeeded: {_counted(self.answers)}, most said {said}"
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
    fixed = map(re.escape, _PLACEHOLDER.split(contract.operation.path))
    found = re.search("([^/]+)".join(fixed) + "/?$", split.path)
    if found is None:
        return ""
    base = f"{split.scheme}://{split.netloc}{split.path[: found.start()]}"
    asked = "/".join(unquote(each, errors="replace").replace("/", "%2F") for each in found.groups())
    given = printable(f"give {base} only, and --running {asked}")
    return f"the URL looks like a whole call: {given}"


def _counted(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"
