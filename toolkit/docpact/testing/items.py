"""The contract's tests as pytest sees them: `docpact::GetInstance::json::running-instance`."""

from collections.abc import Generator, Iterable
from difflib import get_close_matches
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final

import pytest

from docpact.core.errors import DocpactError
from docpact.core.finding import Finding
from docpact.report.terminal import block
from docpact.runner import Outcome
from docpact.testing.failure_message import joined
from docpact.testing.judging import judging_for
from docpact.testing.options import Group, Options
from docpact.testing.subject import NeverReached, Subject, subject_for

_ROOT: Final = "docpact"
_PREFIX: Final = f"{_ROOT}::"
_SELECTED: Final = "docpact_selected"  # an option of ours alone, so that xdist's workers have it
_MOST_DRAWN: Final = 200
_WHERE: Final = Path(_ROOT)


def contract_tests(config: pytest.Config, options: Options) -> "ContractTests":
    """The tests of the endpoint that the options name.

    Raises WrongConfiguration if they name what cannot be.
    """
    if not hasattr(config.option, _SELECTED):
        setattr(config.option, _SELECTED, [each for each in config.args if _is_ours(each)])
    selected: list[str] = getattr(config.option, _SELECTED)
    rest = [each for each in config.args if not _is_ours(each)]
    if selected and config.args_source is not pytest.Config.ArgsSource.ARGS:
        rest = []  # a worker of xdist that was given no files took those of testpaths
    config.args = rest
    judging = judging_for(config)
    return ContractTests(subject_for(options, judging), tuple(selected))


def _is_ours(argument: str) -> bool:
    return argument == _ROOT or argument.startswith(_PREFIX)


class ContractTests:
    """Adds the tests to what pytest collects, and ends the mock when the run ends."""

    def __init__(self, subject: Subject, selected: tuple[str, ...]) -> None:
        self._subject, self._selected = subject, selected

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Collect our tree after the session's own files."""
        report = yield
        if isinstance(collector, pytest.Session):
            tree = Tree.from_parent(
                collector, name=_ROOT, nodeid=_ROOT, path=collector.path / _WHERE
            )
            tree.subject, tree.selected = self._subject, self._selected
            report.result = [*(report.result or ()), tree]
        return report

    def pytest_unconfigure(self) -> None:
        """End the mock."""
        self._subject.close()


class Tree(pytest.Collector):
    """All tests of the endpoint."""

    subject: Subject
    selected: tuple[str, ...] = ()

    def collect(self) -> Iterable[pytest.Collector]:
        """The operation, with its groups of calls."""
        try:
            found = self.subject.groups()
        except DocpactError as error:
            raise self.CollectError(f"docpact: {error}") from error
        operation = self.subject.judging.contract.operation.name
        node = Branch.from_parent(self, name=operation)
        node.subject, node.groups = self.subject, found
        named = [(f"{_PREFIX}{operation}::{each.media}::{each.name}", each) for each in found]
        names = [name for name, _ in named]
        for selected in self.selected:
            if not any(_is_under(name, selected) for name in names):
                guess = _guessed(selected, names)
                raise self.CollectError(f"docpact: there is no test {selected}{guess}")
        node.groups = [
            group
            for name, group in named
            if not self.selected or any(_is_under(name, each) for each in self.selected)
        ]
        return [node]


def _is_under(name: str, selected: str) -> bool:
    return name == selected or name.startswith(f"{selected}::")


def _guessed(selected: str, names: list[str]) -> str:
    """The question whether a name is meant that differs in its first part that is wrong."""
    wanted = selected.split("::")
    known = [name.split("::") for name in names]
    for depth in range(1, len(wanted)):
        known = [parts for parts in known if parts[:depth] == wanted[:depth] and parts[depth:]]
        siblings = sorted({parts[depth] for parts in known})
        if wanted[depth] not in siblings:
            near = get_close_matches(wanted[depth], siblings, n=1)
            meant = "::".join([*wanted[:depth], *near, *wanted[depth + 1 :]])
            return f"; did you mean {meant}?" if near else "; --collect-only -q lists them"
    return ""


class Branch(pytest.Collector):
    """The tests of an operation, or those of one format."""

    subject: Subject
    groups: list[Group]

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The formats."""
        for media, found in groupby(self.groups, attrgetter("media")):
            leaf = Leaves.from_parent(self, name=media)
            leaf.subject, leaf.groups = self.subject, list(found)
            yield leaf


class Leaves(Branch):
    """The tests in one format."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each kind of call."""
        for group in self.groups:
            item = ContractTest.from_parent(self, name=group.name)
            item.subject, item.group = self.subject, group
            item.add_marker("docpact")
            yield item


class ContractTest(pytest.Item):
    """Calls of one kind, whose answers must keep the contract."""

    subject: Subject
    group: Group

    def runtest(self) -> None:
        """Make the calls, and fail with all that they show."""
        __tracebackhide__ = True
        outcome = self._outcome()
        if isinstance(outcome, NeverReached):
            pytest.skip(f"docpact: {outcome}")
        if isinstance(outcome, DocpactError):
            pytest.fail(f"docpact: {outcome}", pytrace=False)
        failing = self.subject.failing(outcome, self.group)
        others = [each for each in outcome.report.findings if each not in failing]
        if others and not self.group.rule:
            self.add_report_section("call", "docpact", "\n\n".join(map(block, others)))
        if failing:
            pytest.fail(_told(failing, outcome.sent), pytrace=False)
        if outcome.report.problems:
            pytest.fail("docpact: " + "; ".join(outcome.report.problems), pytrace=False)
        if outcome.diagnostics:
            pytest.skip(outcome.diagnostics[0])

    def _outcome(self) -> Outcome | DocpactError:
        """What the calls showed, or why they could not be made."""
        seed = _seed(self.config, self.subject.options)
        try:
            return self.subject.outcome(self.group, seed=seed, most_drawn=self._drawn())
        except DocpactError as error:
            return error

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the test stands: in no file."""
        return self.path, None, self.nodeid

    def _drawn(self) -> int:
        wanted = self.subject.options.drawn
        if wanted is not None:
            return wanted
        from hypothesis import settings

        return min(_MOST_DRAWN, settings().max_examples)


def _told(findings: list[Finding], sent: int) -> str:
    calls = "1 call" if sent == 1 else f"{sent} calls"
    defects = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return joined(f"the endpoint breaks the contract: {defects} in {calls}", map(block, findings))


def _seed(config: pytest.Config, options: Options) -> int:
    if options.seed is not None:
        return options.seed
    told = config.getoption("--hypothesis-seed", default=None)
    if told == "random":
        import secrets

        return secrets.randbelow(2**32)
    return int(told) if told else 0
