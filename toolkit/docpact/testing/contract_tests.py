"""The contract's tests as pytest sees them: `docpact::GetInstance::json::running-instance`."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, Literal

import pytest

from docpact.contract import Contract, Media
from docpact.core.errors import DocpactError
from docpact.core.finding import Finding
from docpact.core.text import counted, near_match
from docpact.mock import FaultChoice, serve
from docpact.mock.request_parsing import media_for
from docpact.mock.server import endpoint_for
from docpact.report.terminal import block
from docpact.runner import KnownInstances, Limits, Run, RunResult, Target
from docpact.runner.planning import PlannedCall, planned_calls, random_calls
from docpact.settings import Selector
from docpact.testing.fixtures import MOCK_KEY
from docpact.testing.judging import TeamValidator, message_of, validator_for
from docpact.testing.options import PluginOptions

_ROOT: Final = "docpact"
_PREFIX: Final = f"{_ROOT}::"
_SELECTED: Final = "docpact_selected"  # an option of ours alone, so that xdist's workers have it
_MOST_RANDOM: Final = 200
_MOCK_URL: Final = "http://127.0.0.1"  # until the mock is started
_UNIQUE: Final = "repeated-value"
_PARITY: Final = "formats-disagree"
_BOTH: Final = "both"
_REPEATS: Final = 4  # of a pair, to see whether any value comes again


# --- Groups of calls ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallGroup:
    """The calls of one test."""

    media: str
    name: str
    calls: tuple[PlannedCall, ...] = ()
    rule: str = ""  # the only one that can fail it; without it, every rule on single answers
    is_random: bool = False  # whether random calls are made as well


def call_groups(
    planned: Iterable[PlannedCall], contract: Contract, *, random: bool
) -> list[CallGroup]:
    """The tests that planned calls belong to, in their order; those over several calls are last."""
    single: dict[tuple[str, str], list[PlannedCall]] = {}
    signatures: list[PlannedCall] = []
    pairs: list[PlannedCall] = []
    for each in planned:
        if each.is_about_signature:
            signatures.append(each)
            continue
        if each.is_pair:
            pairs.append(each)
        for case in each.cases:
            key = (media_for(case.request).value, case.label)
            single.setdefault(key, []).append(PlannedCall((case,)))
    every = [CallGroup(media, name, tuple(calls)) for (media, name), calls in single.items()]
    every.sort(key=attrgetter("media"))
    if signatures:
        every.append(CallGroup(_BOTH, "signatures", tuple(signatures)))
    if pairs:
        every.append(CallGroup(_BOTH, "formats-agree", tuple(pairs), _PARITY))
    if pairs and contract.constraints.unique:
        again = tuple(PlannedCall((case,)) for case in pairs[0].cases * _REPEATS)
        every.append(CallGroup(_BOTH, "unique-values", again, _UNIQUE))
    if random:
        every.append(CallGroup(_BOTH, "drawn-calls", is_random=True))
    return every


# --- The endpoint ---------------------------------------------------------------------------------


class NeverReached(DocpactError):
    """The endpoint could not be called at all, as an earlier test reports."""


@dataclass(slots=True)
class CheckedEndpoint:
    """The endpoint that is checked: the one at a URL, or a mock that starts when it is needed."""

    validator: TeamValidator
    options: PluginOptions
    target: Target
    _stack: ExitStack = field(default_factory=ExitStack)
    _has_answered: bool = False  # in this process
    _failed_in: str = ""  # the test that reports that the endpoint cannot be called

    def groups(self) -> list[CallGroup]:
        """The groups of calls that check it; no call is made to find them."""
        contract = self.validator.contract
        planned = planned_calls(contract, self.target)
        return call_groups(planned, contract, random=self.options.drawn != 0)

    def check(self, group: CallGroup, *, seed: int, most_random: int) -> RunResult:
        """Make the calls of a group.

        Raises Unreachable if the endpoint does not answer, DocpactError if it redirects calls, and
        NeverReached if another group has reported so already.
        """
        target = replace(self._reached_for(group), seed=seed)
        planned: Iterator[PlannedCall] = iter(group.calls)
        if group.is_random:
            planned = chain(planned, random_calls(self.validator.contract, target, most_random))
        return self._run(target, group.rule).execute_only(planned)

    def close(self) -> None:
        """Stop the mock, if it was started."""
        self._stack.close()

    def _reached_for(self, group: CallGroup) -> Target:
        """The target; if it cannot be called, only the first group reports why."""
        name = f"{group.media}::{group.name}"
        if self._failed_in not in {"", name}:
            raise NeverReached(f"{self.target.url} could not be tested; see {self._failed_in}")
        self._failed_in = name
        if self.options.mock and self.target.url == _MOCK_URL:
            self._start_mock()
        if not self._has_answered:
            with closing(self._run(self.target)) as run:
                run.first_contact()
            self._has_answered = True
        self._failed_in = ""
        return self.target

    def _start_mock(self) -> None:
        mock = serve(
            contract=self.validator.contract,
            schemas=self.validator.schemas,
            fault=self.options.mock_fault,
            auth="required",
            keys={MOCK_KEY.id: MOCK_KEY.secret},
        )
        self.target = replace(self.target, url=self._stack.enter_context(mock).url)

    def _run(self, target: Target, rule: str = "") -> Run:
        validator, options = self.validator, self.options
        settings = validator.settings
        if not rule:  # rules over several calls have tests of their own
            over_several = (Selector(_PARITY), Selector(_UNIQUE))
            settings = replace(settings, ignore=(*settings.ignore, *over_several))
        limits = Limits(max_requests=10_000, time_limit=options.time_limit, rate=options.rate)
        return Run(
            validator.contract,
            validator.schemas,
            target,
            settings,
            limits,
            checker=validator.checker,
        )


def endpoint_of(options: PluginOptions, validator: TeamValidator) -> CheckedEndpoint:
    """The endpoint that the options name.

    Raises WrongConfiguration if they are wrong.
    """
    contract = validator.contract
    FaultChoice.of(options.mock_fault)  # refuses unknown ones before any test runs
    known = KnownInstances.parse(
        contract,
        options.running,
        options.not_running,
        region=options.region,
        everything_exists=options.everything_exists,
    )
    key = options.key
    if options.mock:
        up, down = endpoint_for(contract, validator.schemas).world.known()
        known = replace(known, running=known.running or up, not_running=known.not_running or down)
        key = MOCK_KEY
    target = Target(
        options.url or _MOCK_URL,
        known,
        key,
        tuple(Media) if options.body == _BOTH else (Media(options.body),),
        auth_checks=not options.no_auth_checks,
        verify=not options.insecure,
        timeout=options.timeout,
        engine=False,
    )
    return CheckedEndpoint(validator, options, target)


# --- The outcome of a test ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What becomes of a test, and what it says."""

    outcome: Literal["passed", "failed", "skipped"]
    message: str = ""
    section: str = ""  # findings that do not fail it


def outcome_of(
    result: RunResult | DocpactError, group: CallGroup, validator: TeamValidator
) -> ItemOutcome:
    """Whether the calls of a group pass, fail or skip its test."""
    if isinstance(result, NeverReached):
        return ItemOutcome("skipped", f"docpact: {result}")
    if isinstance(result, DocpactError):
        return ItemOutcome("failed", f"docpact: {result}")
    report = result.report
    failing: list[Finding] = []
    others: list[Finding] = []
    for each in report.findings:
        fails = each.severity in validator.settings.failing and group.rule in {"", each.rule}
        (failing if fails else others).append(each)
    section = "" if group.rule else "\n\n".join(map(block, others))
    if failing:
        return ItemOutcome("failed", _failure(failing, result.sent), section)
    if report.problems:
        return ItemOutcome("failed", "docpact: " + "; ".join(report.problems), section)
    if result.diagnostics:
        return ItemOutcome("skipped", result.diagnostics[0], section)
    return ItemOutcome("passed", section=section)


def _failure(findings: list[Finding], sent: int) -> str:
    counts = f"{counted(len(findings), 'finding')} in {counted(sent, 'call')}"
    return message_of(f"the endpoint breaks the contract: {counts}", map(block, findings))


# --- Collectors and items -------------------------------------------------------------------------


class ContractTests:
    """Adds the tests to those that pytest collects, and stops the mock when the run ends."""

    def __init__(self, endpoint: CheckedEndpoint, selected: tuple[str, ...]) -> None:
        self._endpoint, self._selected = endpoint, selected

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Collect the contract's tests after the session's own files."""
        report = yield
        if isinstance(collector, pytest.Session):
            root = EndpointCollector.from_parent(
                collector, name=_ROOT, nodeid=_ROOT, path=collector.path / _ROOT
            )
            root.endpoint, root.selected = self._endpoint, self._selected
            report.result = [*(report.result or ()), root]
        return report

    def pytest_unconfigure(self) -> None:
        """Stop the mock."""
        self._endpoint.close()


def contract_tests(config: pytest.Config, options: PluginOptions) -> ContractTests:
    """The tests of the endpoint that the options name.

    Raises WrongConfiguration if the options are wrong.
    """
    if not hasattr(config.option, _SELECTED):
        setattr(config.option, _SELECTED, [each for each in config.args if _is_ours(each)])
    selected: list[str] = getattr(config.option, _SELECTED)
    rest = [each for each in config.args if not _is_ours(each)]
    if selected and config.args_source is not pytest.Config.ArgsSource.ARGS:
        rest = []  # a worker of xdist that was given no files took those of testpaths
    config.args = rest
    return ContractTests(endpoint_of(options, validator_for(config)), tuple(selected))


def _is_ours(argument: str) -> bool:
    return argument == _ROOT or argument.startswith(_PREFIX)


class EndpointCollector(pytest.Collector):
    """All tests of the endpoint."""

    endpoint: CheckedEndpoint
    selected: tuple[str, ...] = ()

    def collect(self) -> Iterable[pytest.Collector]:
        """The operation, with its groups of calls."""
        try:
            groups = self.endpoint.groups()
        except DocpactError as error:
            raise self.CollectError(f"docpact: {error}") from error
        operation = self.endpoint.validator.contract.operation.name
        named = {f"{_PREFIX}{operation}::{each.media}::{each.name}": each for each in groups}
        for selected in self.selected:
            if not any(_is_under(name, selected) for name in named):
                suggestion = _suggestion(selected, list(named))
                raise self.CollectError(f"docpact: there is no test {selected}{suggestion}")
        node = OperationCollector.from_parent(self, name=operation)
        node.endpoint = self.endpoint
        node.groups = [
            group
            for name, group in named.items()
            if not self.selected or any(_is_under(name, each) for each in self.selected)
        ]
        return [node]


def _is_under(name: str, selected: str) -> bool:
    return name == selected or name.startswith(f"{selected}::")


def _suggestion(selected: str, names: list[str]) -> str:
    """A test with another name in the first part that is wrong."""
    parts = selected.split("::")
    known = [name.split("::") for name in names]
    for depth in range(1, len(parts)):
        known = [each for each in known if each[:depth] == parts[:depth] and each[depth:]]
        siblings = sorted({each[depth] for each in known})
        if parts[depth] not in siblings:
            near = near_match(parts[depth], siblings)
            name = "::".join([*parts[:depth], near, *parts[depth + 1 :]])
            return f"; did you mean {name}?" if near else "; --collect-only -q lists the tests"
    return ""


class OperationCollector(pytest.Collector):
    """The tests of an operation."""

    endpoint: CheckedEndpoint
    groups: list[CallGroup]

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The formats."""
        for media, groups in groupby(self.groups, attrgetter("media")):
            node = FormatCollector.from_parent(self, name=media)
            node.endpoint, node.groups = self.endpoint, list(groups)
            yield node


class FormatCollector(OperationCollector):
    """The tests in one format."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each kind of call."""
        for group in self.groups:
            item = ContractTest.from_parent(self, name=group.name)
            item.endpoint, item.group = self.endpoint, group
            item.add_marker("docpact")
            yield item


class ContractTest(pytest.Item):
    """Calls of one kind, whose answers must keep the contract."""

    endpoint: CheckedEndpoint
    group: CallGroup

    def runtest(self) -> None:
        """Make the calls, and fail with all their findings."""
        __tracebackhide__ = True
        found = outcome_of(self._result(), self.group, self.endpoint.validator)
        if found.section:
            self.add_report_section("call", "docpact", found.section)
        if found.outcome == "failed":
            pytest.fail(found.message, pytrace=False)
        if found.outcome == "skipped":
            pytest.skip(found.message)

    def _result(self) -> RunResult | DocpactError:
        """The result of the calls, or why they could not be made."""
        options = self.endpoint.options
        seed, most = _seed(self.config, options), _most_random(options)
        try:
            return self.endpoint.check(self.group, seed=seed, most_random=most)
        except DocpactError as error:
            return error

    def reportinfo(self) -> tuple[Path, None, str]:
        """The place of the test, which is in no file."""
        return self.path, None, self.nodeid


def _most_random(options: PluginOptions) -> int:
    if options.drawn is not None:
        return options.drawn
    from hypothesis import settings

    return min(_MOST_RANDOM, settings().max_examples)


def _seed(config: pytest.Config, options: PluginOptions) -> int:
    if options.seed is not None:
        return options.seed
    given = config.getoption("--hypothesis-seed", default=None)
    if given == "random":
        import secrets

        return secrets.randbelow(2**32)
    return int(given) if given else 0
