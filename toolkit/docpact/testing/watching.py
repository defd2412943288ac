"""Judge every answer that tests receive, and fail the test or warn."""

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
from docpact.core.text import counted, printable
from docpact.report.terminal import block
from docpact.testing.judging import TeamValidator, message_of, validator_for
from docpact.testing.patches import Patches, target_of

_WARN: Final = "warn"
_WORKER_KEY: Final = "docpact_watched"
_MOST_HOSTS: Final = 1000
_MOST_HOSTS_SHOWN: Final = 10


class ContractWarning(pytest.PytestWarning):
    """An answer that a test received breaks the contract."""


@dataclass(frozen=True, slots=True)
class HostFilter:
    """Whose answers are judged, and whether findings only warn."""

    patterns: tuple[str, ...]
    only_warns: bool = False

    @classmethod
    def parse(cls, text: str) -> "HostFilter":
        """Read HOST[,HOST][=warn]; "warn" alone means every host.

        Raises WrongConfiguration if the text is of another form.
        """
        if text == _WARN:
            return cls(("*",), only_warns=True)
        hosts, equals, mode = text.partition("=")
        patterns = tuple(each.strip().lower() for each in hosts.split(",") if each.strip())
        if not patterns or (equals and mode != _WARN) or any("/" in each for each in patterns):
            raise WrongConfiguration(
                f"--docpact-watch cannot be {text!r}",
                hint="Write hosts, as in foas.example.com,127.0.0.1:8008 or *.example.com=warn.",
            )
        if any(Path(each).exists() for each in hosts.split(",")):
            raise WrongConfiguration(
                f"--docpact-watch expects a host, and {hosts!r} is a file",
                hint="Write the hosts first, as in --docpact-watch '*.example.com' tests/.",
            )
        return cls(patterns, only_warns=bool(mode))

    def matches(self, url: str) -> bool:
        """Whether the host of a URL is watched, with its port or without."""
        split = urlsplit(url)
        names = {_host_of(url), split.hostname or ""}
        return any(fnmatchcase(name, each) for name in names for each in self.patterns)


def _host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


@dataclass(slots=True)
class CallCounts:
    """How many calls went to the watched hosts, and how many of them were for the operation."""

    to_hosts: int = 0
    for_operation: int = 0
    other_hosts: set[str] = field(default_factory=set)

    def add(self, url: str, *, is_watched: bool, is_for_operation: bool) -> None:
        """Count a call."""
        self.to_hosts += is_watched
        self.for_operation += is_for_operation
        if not is_watched and len(self.other_hosts) < _MOST_HOSTS:
            self.other_hosts.add(_host_of(url))

    def as_json(self) -> dict[str, object]:
        """The counts in a form that can be sent to another process."""
        return {**asdict(self), "other_hosts": sorted(self.other_hosts)}

    def merge(self, counts: Mapping[str, Any]) -> None:
        """Add the counts of another process."""
        self.to_hosts += counts["to_hosts"]
        self.for_operation += counts["for_operation"]
        self.other_hosts |= set(counts["other_hosts"])

    def why_nothing(self, hosts: HostFilter, operation: str) -> str:
        """Why no answer was judged; empty if one was."""
        names = ", ".join(hosts.patterns)
        if self.for_operation:
            return ""
        if self.to_hosts:
            return f"none of the {counted(self.to_hosts, 'call')} to {names} is for {operation}"
        if self.other_hosts:
            others = sorted(self.other_hosts)
            more = ", …" if len(others) > _MOST_HOSTS_SHOWN else ""
            return f"no call to {names}; calls to {', '.join(others[:_MOST_HOSTS_SHOWN])}{more}"
        return (
            f"no call to {names} or any other host; docpact sees the calls of requests, httpx, "
            "urllib3 and vcrpy in pytest's own process"
        )


@dataclass(slots=True)
class ReceivedAnswers:
    """The answers that were received since they were last judged."""

    hosts: HostFilter
    validator: TeamValidator
    counts: CallCounts = field(default_factory=CallCounts)
    _pending: list[Callable[[], Exchange | None]] = field(default_factory=list)

    def add(self, url: str, exchange: Callable[[], Exchange | None]) -> None:
        """Keep an answer of the watched hosts if it is for the operation."""
        template = PathTemplate.parse(self.validator.contract.operation.path)
        is_watched = self.hosts.matches(url)
        is_for_operation = is_watched and template.match(target_of(url)) is not None
        self.counts.add(url, is_watched=is_watched, is_for_operation=is_for_operation)
        if is_for_operation:
            self._pending.append(exchange)

    def judge(self) -> list[str]:
        """What is wrong with the answers, each defect once."""
        answers: dict[object, Exchange] = {}
        for each in self._received():
            key = (each.request and each.request.target, each.response.status, each.response.body)
            answers.setdefault(key, each)
        defects: dict[tuple[str, str, str], str] = {}
        for exchange in answers.values():
            for finding in self.validator.failing(self.validator.findings(exchange)):
                defect = (finding.rule, finding.field, finding.message)
                defects.setdefault(defect, block(finding))
        return list(defects.values())

    def _received(self) -> Iterator[Exchange]:
        pending, self._pending = self._pending, []
        method = self.validator.contract.operation.method
        for each in pending:
            exchange = each()
            if exchange is not None and (not exchange.request or exchange.request.method == method):
                yield exchange


class Watcher:
    """Judges the answers that tests receive, after each step of a test."""

    def __init__(self, answers: ReceivedAnswers) -> None:
        self._answers = answers
        self._patches = Patches(answers.add)
        self._patches.apply()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        """Judge the answers to the fixtures."""
        return (yield from self._judged(item, "setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Judge the answers to the test."""
        return (yield from self._judged(item, "call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        """Judge the answers while the test ends."""
        return (yield from self._judged(item, "teardown"))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the counts to the process that has the terminal."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_WORKER_KEY] = self._answers.counts.as_json()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401  # xdist's own
        """Add the counts of a worker of xdist."""
        counts = getattr(node, "workeroutput", {}).get(_WORKER_KEY)
        if counts is not None:
            self._answers.counts.merge(counts)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report that no answer was judged although tests ran."""
        answers = self._answers
        operation = answers.validator.contract.operation.name
        why = answers.counts.why_nothing(answers.hosts, operation)
        ran = any(terminalreporter.stats.get(each) for each in ("passed", "failed", "error"))
        if why and ran:
            terminalreporter.section("docpact", sep="-")
            terminalreporter.line(printable(f"--docpact-watch judged no answer: {why}"))

    def pytest_unconfigure(self) -> None:
        """Restore the clients."""
        self._patches.undo()

    def _judged(self, item: pytest.Item, when: str) -> Generator[None]:
        try:
            yield
        except BaseException:
            found = self._answers.judge()
            if found:  # the test has failed already, and its own reason counts more
                item.add_report_section(when, "docpact", "\n\n".join(found))
            raise
        found = self._answers.judge()
        if not found:
            return
        text = message_of("answers received during this test break the contract", found)
        if self._answers.hosts.only_warns:
            item.warn(ContractWarning(text))
        else:
            pytest.fail(text, pytrace=False)


def watcher_for(config: pytest.Config, text: str) -> Watcher:
    """The watcher of the hosts in an option; it starts at once.

    Raises WrongConfiguration if the option is wrong.
    """
    hosts = HostFilter.parse(text)
    try:
        validator = validator_for(config)
    except DocpactError as error:
        raise pytest.UsageError(f"docpact: {error}") from error
    return Watcher(ReceivedAnswers(hosts, validator))
