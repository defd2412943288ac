"""Run calls against an endpoint: plan, send, judge and report."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from docpact.check import Checker, Judgement, Session, compare_formats
from docpact.contract import Contract, Schemas
from docpact.core.errors import DocpactError
from docpact.core.exchange import Exchange, header
from docpact.core.finding import Finding, Report
from docpact.generate.requests import RequestCase, Signing
from docpact.http.client import Unreachable
from docpact.http.har import RecordedCall
from docpact.runner.coverage import NO_INSTANCES, Coverage
from docpact.runner.findings import UniqueFindings, reproducer
from docpact.runner.planning import (
    PlannedCall,
    Target,
    planned_calls,
    random_calls,
    signatures_apart,
)
from docpact.runner.sending import Limiter, Limits, Sender, Sent
from docpact.settings import Settings

_MOST_UNANSWERED: Final = 3  # calls in a row, before docpact checks whether the endpoint is there
_RANDOM_SHARE: Final = 0.5  # of what the planned calls leave; schemathesis gets the rest


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    sent: int
    seconds: float
    label: str  # the kind of the last call


@dataclass(frozen=True, slots=True)
class RunResult:
    """The report of a run, and what else is known of it."""

    report: Report
    answered: tuple[tuple[Judgement, float], ...]  # every answer, and when it came
    coverage: Coverage
    diagnostics: tuple[str, ...]
    sent: int
    seconds: float

    @property
    def calls(self) -> tuple[RecordedCall, ...]:
        """Every call as it happened."""
        return tuple(
            RecordedCall(
                exchange.request, exchange.response, came, exchange.response.seconds or 0.0
            )
            for judgement, came in self.answered
            if (exchange := judgement.exchange).request is not None
        )


OnProgress = Callable[[Progress], None]
OnFinding = Callable[[Finding, int], None]  # a new finding, and how many requests were sent


class Run:
    """One run against one endpoint."""

    def __init__(  # noqa: PLR0913  # what a run is made of
        self,
        contract: Contract,
        schemas: Schemas,
        target: Target,
        settings: Settings,
        limits: Limits,
        *,
        on_progress: OnProgress = lambda _: None,
        on_finding: OnFinding = lambda _finding, _sent: None,
        clock: Callable[[], float] = time.monotonic,
        checker: Checker | None = None,
    ) -> None:
        self.contract, self.target, self.settings = contract, target, settings
        self.limiter = Limiter(limits, clock)
        self.checker = checker or Checker(contract, schemas, engine=settings.engine)
        self.session = Session(contract)
        reproduce = reproducer(
            contract,
            target.shown_as or target.url,
            signed=target.key is not None,
            contract_file=settings.contract,
        )
        self.found = UniqueFindings(settings, reproduce)
        self.checked = 0
        self.coverage = Coverage(contract)
        self.problems: list[str] = []
        self._calls: list[tuple[Judgement, float]] = []  # and when they were answered
        self._diagnostics: list[str] = []
        self._on_progress, self._on_finding = on_progress, on_finding
        self._sender = Sender(target, contract.operation.version, self.limiter)
        self._unanswered: list[Sent] = []  # the last calls, if they got no answer
        self._signature_calls: list[tuple[Judgement, RequestCase]] = []  # not reported yet
        self._first_answers: dict[PlannedCall, Judgement] = {}  # of pairs
        self._interrupted = False

    def execute(self) -> RunResult:
        """Make every planned call, then random ones, and report even if it is interrupted.

        Raises Unreachable if the endpoint does not answer at all, DocpactError if it redirects
        every call.
        """
        return self._with_success_check(self._reported(self._make_every_call))

    def execute_only(self, planned: Iterable[PlannedCall]) -> RunResult:
        """Make these calls and no others.

        Raises Unreachable if the endpoint does not answer at all.
        """

        def make_these_calls() -> None:
            self._make_calls(planned)
            if self._unanswered:
                self._check_that_it_answers()

        return self._reported(make_these_calls)

    def interrupt(self) -> None:
        """End the run soon, with an incomplete report; safe in a signal handler."""
        self._interrupted = True
        self.limiter.stopped.set()

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def first_contact(self) -> None:
        """Make sure that the endpoint answers, and does not redirect to another place.

        Raises Unreachable or DocpactError.
        """
        if not self.limiter.acquire():
            return
        case = self._first_call().cases[0]
        exchange = self._sender.send(case)
        status = exchange.response.status or 0
        location = header(exchange.response.headers, "Location")
        if 300 <= status < 400 and location:  # noqa: PLR2004
            raise DocpactError(
                f"{self.target.url} redirects calls (status {status})",
                hint=f"Check that place instead: {location.partition('?')[0][:200]}",
            )
        self.judge(exchange, case.label)

    def explore(self) -> None:
        """Let schemathesis make calls."""
        from docpact.runner.schemathesis_adapter import explore  # slower than all the rest

        known = self.found.defects()
        for problem in explore(self.contract, self.target, self.limiter, self.judge, known):
            if problem not in self.problems:
                self.problems.append(problem)

    def judge(self, exchange: Exchange, label: str) -> list[Finding]:
        """Judge one call, whoever made it, and report what is new."""
        judgement = self.checker.judge(exchange)
        self._record(judgement, label)
        return self._report(judgement, label)

    # --- Plan and send ----------------------------------------------------------------------------

    def _make_every_call(self) -> None:
        self.first_contact()
        self._make_calls(planned_calls(self.contract, self.target))
        if not self.limiter.is_exhausted:
            amount = int(self.limiter.remaining * _RANDOM_SHARE)
            self._send_and_judge(random_calls(self.contract, self.target, amount))
        if self.target.engine and not self.limiter.is_exhausted:
            self.explore()

    def _make_calls(self, planned: Iterable[PlannedCall]) -> None:
        every = tuple(planned)
        made = 0
        for group in signatures_apart(every):
            made += self._send_and_judge(group)
            self._judge_signatures()
        amount = sum(len(each.cases) for each in every)
        reached = self.limiter.reached
        if reached and made < amount:
            limit, option = reached
            self._diagnostics.append(
                f"{limit} was reached: {amount - made} of {amount} planned calls were not made; "
                f"change it with {option}"
            )

    def _send_and_judge(self, planned: Iterable[PlannedCall]) -> int:
        """Judge each call as soon as it is made, and return how many were."""
        made = 0
        with closing(self._sender.send_all(planned)) as calls:
            for sent in calls:
                made += 1
                self._judge_sent(sent)
        return made

    def _first_call(self) -> PlannedCall:
        return next(planned_calls(self.contract, self.target))

    def _check_that_it_answers(self) -> None:
        """See whether the endpoint is there, and only drops calls that look like an attack.

        Raises Unreachable if it is not.
        """
        self._sender.send(self._first_call().cases[0])
        self._judge_unanswered()

    # --- Judge ------------------------------------------------------------------------------------

    def _judge_sent(self, sent: Sent) -> None:
        if sent.no_answer:
            self._unanswered.append(sent)
            if len(self._unanswered) >= _MOST_UNANSWERED:
                self._check_that_it_answers()
            return
        self._judge_unanswered()
        judgement, label = self.checker.judge(sent.exchange), sent.case.label
        self._record(judgement, label)
        if sent.case.expectation.about == "signature":
            self._signature_calls.append((judgement, sent.case))
            return
        self._report(judgement, label)
        if sent.planned.is_pair:
            self._compare(sent.planned, judgement)

    def _compare(self, pair: PlannedCall, judgement: Judgement) -> None:
        """Compare the second answer of a pair with the first one."""
        in_json = self._first_answers.pop(pair, None)
        if in_json is None:
            self._first_answers[pair] = judgement
            return
        findings = compare_formats(in_json, judgement)
        added = self.found.add(findings, judgement.exchange, before=in_json.exchange)
        self._notify(added, pair.cases[0].label)

    def _judge_unanswered(self) -> None:
        """Report the calls that got no answer, now that another one did."""
        unanswered, self._unanswered = self._unanswered, []
        for each in unanswered:
            finding = self.checker.unanswered(each.exchange, each.no_answer)
            self._notify(self.found.add([finding], each.exchange), each.case.label)

    def _judge_signatures(self) -> None:
        """Report the calls with wrong signatures, unless the endpoint checks none at all."""
        calls, self._signature_calls = self._signature_calls, []
        if calls and all(each.exchange.response.ok for each, _ in calls):
            self._diagnostics.append(
                "the endpoint does not check signatures: every call without a valid one succeeded"
            )
            return
        for judgement, case in calls:
            self._report(judgement, case.label, case.signing)

    # --- Report -----------------------------------------------------------------------------------

    def _reported(self, make_calls: Callable[[], None]) -> RunResult:
        complete = True
        try:
            make_calls()
        except Unreachable as cause:
            if not self.checked:
                raise
            self.problems.append(f"the endpoint stopped answering: {cause.message}")
            self._judge_signatures()
        except KeyboardInterrupt:
            complete = False
            self.limiter.stopped.set()
            self._on_progress = lambda _: None
            self._judge_signatures()
        finally:
            self.close()
        report = Report(
            self.found.findings(),
            self.checked,
            problems=tuple(self.problems),
            complete=complete and not self._interrupted,
        )
        calls, diagnostics = tuple(self._calls), tuple(self._diagnostics)
        limiter = self.limiter
        return RunResult(report, calls, self.coverage, diagnostics, limiter.sent, limiter.elapsed)

    def _with_success_check(self, result: RunResult) -> RunResult:
        """The result with what a run that seems clean could not check."""
        known, report = self.target.known, result.report
        why = self.coverage.why_no_success(self.target)
        if why and report.fails(self.settings.failing):
            return replace(result, diagnostics=(*result.diagnostics, why))  # findings come first
        if why and report.complete:
            return replace(result, report=replace(report, problems=(*report.problems, why)))
        if not why and not known.running and not known.everything_exists:
            return replace(result, diagnostics=(*result.diagnostics, NO_INSTANCES))
        return result

    def _record(self, judgement: Judgement, label: str) -> None:
        self._calls.append((judgement, time.time()))
        self.coverage.add(judgement, label)

    def _report(
        self, judgement: Judgement, label: str, signing: Signing = Signing.VALID
    ) -> list[Finding]:
        self.checked += 1
        findings = self.session.check(judgement).findings
        added = self.found.add(findings, judgement.exchange, signing)
        self._notify(added, label)
        return [finding for finding, _ in added]

    def _notify(self, added: list[tuple[Finding, bool]], label: str) -> None:
        for finding, is_new in added:
            if is_new:
                self._on_finding(finding, self.limiter.sent)
            if self.limiter.limits.exit_first and finding.severity in self.settings.failing:
                self.limiter.stopped.set()
        self._on_progress(Progress(self.limiter.sent, self.limiter.elapsed, label))
