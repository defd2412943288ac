"""Judge every answer that passes during tests, and fail the test or warn."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from docpact.contract.path_template import PathTemplate
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.exchange import Exchange
from docpact.core.text import printable
from docpact.report.terminal import block
from docpact.testing.failure_message import Findings, joined
from docpact.testing.judging import Judging, judging_for
from docpact.testing.patches import Patches, target_of

_WARN: Final = "warn"
_SIGHT: Final = "docpact_sight"
_MOST_HOSTS: Final = 1000
_MOST_TOLD: Final = 10


class ContractWarning(pytest.PytestWarning):
    """An answer that passed during a test does not keep the contract."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Whose answers are judged, and what comes of what is found."""

    patterns: tuple[str, ...]
    only_warns: bool = False

    @classmethod
    def parse(cls, text: str) -> "Hosts":
        """Read HOST[,HOST][=warn]; "warn" alone means every host.

        Raises WrongConfiguration if it is none.
        """
        if text == _WARN:
            return cls(("*",), only_warns=True)
        named, equals, mode = text.partition("=")
        patterns = tuple(each.strip().lower() for each in named.split(",") if each.strip())
        if not patterns or (equals and mode != _WARN) or any("/" in each for each in patterns):
            raise WrongConfiguration(
                f"{text!r} does not say what to watch",
                hint="Write it as in foas.example.com,127.0.0.1:8008 or *.example.com=warn.",
            )
        if any(Path(each).exists() for each in named.split(",")):
            raise WrongConfiguration(
                f"{named!r} is a file here and no host",
                hint="Name the hosts first, as in --docpact-watch '*.example.com' tests/.",
            )
        return cls(patterns, only_warns=bool(mode))

    def cover(self, url: str) -> bool:
        """Whether the host of a URL is meant, with its port or without."""
        split = urlsplit(url)
        names = {split.netloc.rpartition("@")[2].lower(), split.hostname or ""}
        return any(fnmatchcase(name, each) for name in names for each in self.patterns)


@dataclass(slots=True)
class Sight:
    """How much of what passed was of the hosts that are meant, and for the operation."""

    of_hosts: int = 0
    for_operation: int = 0
    others: set[str] = field(default_factory=set)  # hosts that are not meant

    def add(self, url: str, *, is_covered: bool, is_asked_for: bool) -> None:
        """Count a call."""
        self.of_hosts += is_covered
        self.for_operation += is_asked_for
        if not is_covered and len(self.others) < _MOST_HOSTS:
            self.others.add(urlsplit(url).netloc.rpartition("@")[2].lower())

    def told(self) -> dict[str, object]:
        """What a process tells of it to another."""
        return {**asdict(self), "others": sorted(self.others)}

    def merge(self, told: Mapping[str, Any]) -> None:
        """Add what another process saw."""
        self.of_hosts += told["of_hosts"]
        self.for_operation += told["for_operation"]
        self.others |= set(told["others"])

    def complaint(self, hosts: Hosts, operation: str) -> str:
        """Why nothing was judged; empty if something was."""
        named = ", ".join(hosts.patterns)
        if self.for_operation:
            return ""
        if self.of_hosts:
            calls = "call" if self.of_hosts == 1 else "calls"
            return f"none of the {self.of_hosts} {calls} to {named} asks for {operation}"
        if self.others:
            seen = sorted(self.others)
            more = ", …" if len(seen) > _MOST_TOLD else ""
            return f"no call went to {named}; calls went to {', '.join(seen[:_MOST_TOLD])}{more}"
        return (
            f"no call was seen, to {named} or elsewhere; those of requests, httpx, urllib3 and "
            "vcrpy in pytest's own process are"
        )


@dataclass(slots=True)
class Watch:
    """What passed since the last look, and how it is judged."""

    hosts: Hosts
    judging: Judging
    passed: list[Callable[[], Exchange | None]] = field(default_factory=list)
    sight: Sight = field(default_factory=Sight)

    def see(self, url: str, exchange: Callable[[], Exchange | None]) -> None:
        """Remember an answer of the hosts that are meant, if it is for the operation."""
        contract = self.judging.contract
        template = PathTemplate.parse(contract.operation.path)
        is_covered = self.hosts.cover(url)
        is_asked_for = is_covered and template.match(target_of(url)) is not None
        self.sight.add(url, is_covered=is_covered, is_asked_for=is_asked_for)
        if is_asked_for:
            self.passed.append(exchange)

    def findings(self) -> list[str]:
        """What is wrong with the answers since the last look, each thing once."""
        passed, self.passed = self.passed, []
        seen: set[object] = set()
        told: dict[tuple[str, str, str], str] = {}
        for each in self._exchanges(passed):
            key = (each.request and each.request.target, each.response.status, each.response.body)
            if key not in seen:
                seen.add(key)
                for finding in self._failing(each):
                    defect = (finding.rule, finding.field, finding.message)
                    told.setdefault(defect, block(finding))
        return list(told.values())

    def _exchanges(self, passed: list[Callable[[], Exchange | None]]) -> Iterator[Exchange]:
        for each in passed:
            exchange = each()
            method = self.judging.contract.operation.method
            if exchange is not None and (not exchange.request or exchange.request.method == method):
                yield exchange

    def _failing(self, exchange: Exchange) -> Findings:
        return self.judging.failing(self.judging.findings(exchange))


class Watching:
    """Looks at what passed after each step of a test."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._patches = Patches(watch.see)
        self._patches.apply()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        """Judge what the fixtures called."""
        return (yield from self._judged(item, "setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Judge what the test called."""
        return (yield from self._judged(item, "call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        """Judge what was called while it ended."""
        return (yield from self._judged(item, "teardown"))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell what was seen, where another process has the terminal."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_SIGHT] = self._watch.sight.told()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401  # xdist's own
        """Add what a worker of xdist saw."""
        told = getattr(node, "workeroutput", {}).get(_SIGHT)
        if told is not None:
            self._watch.sight.merge(told)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say so if tests ran and nothing of them was judged."""
        operation = self._watch.judging.contract.operation.name
        complaint = self._watch.sight.complaint(self._watch.hosts, operation)
        ran = any(terminalreporter.stats.get(each) for each in ("passed", "failed", "error"))
        if complaint and ran:
            terminalreporter.section("docpact", sep="-")
            terminalreporter.line(printable(f"--docpact-watch judged nothing: {complaint}"))

    def pytest_unconfigure(self) -> None:
        """Let the clients be as they were."""
        self._patches.undo()

    def _judged(self, item: pytest.Item, when: str) -> Generator[None]:
        try:
            yield
        except BaseException:
            found = self._watch.findings()
            if found:  # the test has failed already, and its own reason counts more
                item.add_report_section(when, "docpact", "\n\n".join(found))
            raise
        found = self._watch.findings()
        if not found:
            return
        text = joined("answers that passed during this test break the contract", found)
        if self._watch.hosts.only_warns:
            item.warn(ContractWarning(text))
        else:
            pytest.fail(text, pytrace=False)


def watch_for(config: pytest.Config, text: str) -> Watching:
    """The watch that an option asks for, which has begun.

    Raises WrongConfiguration if it does not say what to watch.
    """
    hosts = Hosts.parse(text)
    try:
        judging = judging_for(config)
    except DocpactError as error:
        raise pytest.UsageError(f"docpact: {error}") from error
    return Watching(Watch(hosts, judging))
