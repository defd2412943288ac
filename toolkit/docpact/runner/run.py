"""Run every planned call against an endpoint, then as many drawn ones as the budget allows."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import Final

from docpact.check import Checker, Judgement
from docpact.contract import Contract, Media, Schemas
from docpact.core.errors import DocpactError
from docpact.core.exchange import Exchange, Response, header
from docpact.core.finding import Finding, Report
from docpact.generate.requests import RequestCase, Signing
from docpact.http.client import Client, Endpoint, Unreachable
from docpact.http.har import RecordedCall
from docpact.runner.coverage import UNTOLD, Exercised, Refusals
from docpact.runner.judge import Judge
from docpact.runner.probes import Probe, context_for, probes
from docpact.runner.random_cases import drawn_cases
from docpact.runner.reproducing import reproducing
from docpact.runner.result import Budget, Limits, Outcome, Progress, Target
from docpact.runner.sending import Sender, Signer, source_of
from docpact.settings import Settings

_SAFE: Final = frozenset({"GET", "HEAD"})
_MOST_SILENT: Final = 3  # calls in a row without any answer, before the endpoint counts as dead
_SHARE_DRAWN: Final = 0.5  # of what the planned calls leave; the engine gets the rest


Told = Callable[[Progress], None]
Found = Callable[[Finding, int], None]  # a new finding, and after how many requests


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
        told: Told = lambda _: None,
        found: Found = lambda _finding, _sent: None,
        clock: Callable[[], float] = time.monotonic,
        checker: Checker | None = None,
    ) -> None:
        self.contract, self.target, self.budget = contract, target, Budget(limits, clock)
        checker = checker or Checker(contract, schemas, engine=settings.engine)
        signed = target.key is not None
        place = target.shown_as or target.url
        reproduce = reproducing(contract, place, signed=signed, contract_file=settings.contract)
        self.judge = Judge(checker, settings, reproduce)
        self.exercised = Exercised(contract)
        self.refusals = Refusals()
        self.calls: list[RecordedCall] = []
        self.diagnostics: list[str] = []
        self.problems: list[str] = []
        self._told, self._found = told, found
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._clients: list[Client] = []
        self._silent: list[_Unanswered] = []  # the last calls, if nothing came of them
        self._is_local = Endpoint.at(target.url).is_local
        self._signature_answers: list[tuple[Judgement, Signing]] = []
        self._made = 0  # calls of those that were planned
        self._interrupted = False
        self.context = context_for(contract, target.known)

    def outcome(self) -> Outcome:
        """Do the run; what was found so far is told even when it is interrupted.

        Raises Unreachable if the endpoint does not answer at all, DocpactError if it sends every
        call elsewhere.
        """
        outcome = self._outcome_of(self._do_everything)
        self._tell_shortfalls(outcome)
        return outcome

    def outcome_of(self, planned: Iterable[Probe]) -> Outcome:
        """Make these calls and no others.

        Raises Unreachable if the endpoint does not answer at all.
        """

        def do_these() -> None:
            self._send_planned(planned)
            if self._silent:
                self._make_sure_of_silence()

        return self._outcome_of(do_these)

    def interrupt(self) -> None:
        """End the run soon, with a report that says it is not whole; safe in a signal handler."""
        self._interrupted = True
        self.budget.stopped.set()

    def _tell_shortfalls(self, outcome: Outcome) -> None:
        """Say what a run that seems clean could not judge."""
        known = self.target.known
        why = self.refusals.why_none_succeeded(
            self.contract,
            self.target.url,
            has_key=self.target.key is not None,
            told_what_runs=bool(known.running),
        )
        if why and outcome.report.fails(self.judge.settings.failing):
            self.diagnostics.append(why)  # the findings say what is wrong
        elif why and outcome.report.complete:
            problems = (*outcome.report.problems, why)
            outcome.report = replace(outcome.report, problems=problems)
        elif not why and not known.running and not known.everything_exists:
            self.diagnostics.append(UNTOLD)

    def _outcome_of(self, work: Callable[[], None]) -> Outcome:
        complete = True
        try:
            work()
        except Unreachable as cause:
            if not self.judge.checked:
                raise
            self.problems.append(f"the endpoint answers no longer: {cause.message}")
            self._settle_signatures()
        except KeyboardInterrupt:
            complete = False
            self.budget.stopped.set()
            self._told = lambda _: None
            self._settle_signatures()
        finally:
            self.close()
        report = Report(
            self.judge.findings(),
            self.judge.checked,
            problems=tuple(self.problems),
            complete=complete and not self._interrupted,
        )
        return Outcome(
            report,
            self.calls,
            self.exercised,
            self.diagnostics,
            self.budget.sent,
            self.budget.elapsed,
        )

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.close()

    def _do_everything(self) -> None:
        self.first_contact()
        self._send_planned(self.planned())
        if not self.budget.is_spent:
            amount = int(self.budget.left * _SHARE_DRAWN)
            self._send_all(map(_single, self.drawn(amount)))
        if self.target.engine and not self.budget.is_spent:
            self._explore()

    def _send_planned(self, planned: Iterable[Probe]) -> None:
        everything = tuple(planned)
        self._made = 0
        # Calls with wrong signatures are judged together, so all of them are over before.
        for _, group in groupby(everything, _is_about_signature):
            self._send_all(group)
            self._settle_signatures()
        amount = sum(len(each.cases) for each in everything)
        cause = self.budget.ended_by
        if cause and self._made < amount:
            what, option = cause
            self.diagnostics.append(
                f"{what} left out {amount - self._made} of {amount} planned calls; {option} sets "
                "another"
            )

    def _explore(self) -> None:
        from docpact.runner.engine import Exploration, explore  # takes longer than all the rest

        target = self.target
        explore(
            self, Exploration(target.url, target.key, target.seed, target.timeout, target.verify)
        )

    def judge_exchange(self, exchange: Exchange, about: str) -> list[Finding]:
        """Judge one call, wherever it came from, and tell what is new."""
        return self._take(self.judge.checker.judge(exchange), about)

    def _take(self, judgement: Judgement, about: str) -> list[Finding]:
        with self._lock:
            self._remember(judgement, about)
            findings = self.judge.take(judgement)
            self._tell(findings, about)
        return [finding for finding, _ in findings]

    def planned(self) -> Iterator[Probe]:
        """The calls that are made in any case, in their order."""
        target = self.target
        signed = target.key is not None and target.auth_checks
        for probe in probes(self.contract, target.known, target.media, signed=signed):
            cases = tuple(filter(self._may_send, probe.cases))
            if cases:
                yield Probe(cases)

    def drawn(self, amount: int) -> Iterator[RequestCase]:
        """Calls that the seed decides on, at most so many."""
        for case in drawn_cases(self.contract, self.target.known, self.target.seed, amount):
            if self._may_send(case):
                yield case

    def _may_send(self, case: RequestCase) -> bool:
        """Whether a call may go to this endpoint."""
        allowed = self.target.unsafe_methods
        if allowed is None:
            allowed = self._is_local
        return allowed or (case.safe and case.request.method in _SAFE)

    def first_contact(self) -> None:
        """Make sure that somebody answers here, and no one elsewhere.

        Raises Unreachable or DocpactError.
        """
        if not self.budget.take():
            return
        case = next(self.planned()).cases[0]
        exchange = self._sender().sent(case, next(self._numbers))
        status = exchange.response.status or 0
        moved = header(exchange.response.headers, "Location")
        if 300 <= status < 400 and moved:  # noqa: PLR2004
            raise DocpactError(
                f"{self.target.url} sends calls elsewhere with status {status}",
                hint=f"Test that place instead: {moved.partition('?')[0][:200]}",
            )
        self.judge_exchange(exchange, case.label)

    def _send_all(self, planned: Iterable[Probe]) -> None:
        """Send the calls, several at a time if there are workers for it."""
        workers = max(1, self.target.workers)
        if workers == 1:
            for probe in planned:
                if not self._send(probe):
                    return
            return
        with ThreadPoolExecutor(workers) as pool:
            running: set[Future[bool]] = set()
            for probe in planned:
                running.add(pool.submit(self._send, probe))
                if len(running) >= 2 * workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    if not all(each.result() for each in done):
                        break
            for each in running:
                each.result()

    def _send(self, probe: Probe) -> bool:
        """Send the calls of a probe and judge them; whether the run goes on."""
        judgements = []
        for case in probe.cases:
            if not self.budget.take():
                return False
            number = next(self._numbers)
            try:
                exchange = self._sender().sent(case, number)
            except Unreachable as cause:
                return self._goes_on_without(case, number, cause)
            if self.budget.cuts_calls:
                return False
            self._tell_of_silence()
            judgement = self.judge.checker.judge(exchange)
            judgements.append(judgement)
            if case.expectation.about == "signature":
                with self._lock:
                    self._made += 1
                    self._signature_answers.append((judgement, case.signing))
                    self._remember(judgement, case.label)
                continue
            with self._lock:
                self._made += 1
            self._take(judgement, probe.about)
        if len(judgements) == len(Media) and probe.is_pair:
            with self._lock:
                self._tell(self.judge.pair(judgements[0], judgements[1]), probe.about)
        return not self.budget.is_spent

    def _goes_on_without(self, case: RequestCase, number: int, cause: Unreachable) -> bool:
        """Make a call again that got no answer; too many such calls end the run."""
        if self.budget.is_out_of_time:
            return False  # it was not given the time for an answer
        try:
            exchange = self._sender().sent(case, number)
        except Unreachable:
            if self.budget.is_out_of_time:
                return False
            exchange = Exchange(
                Response(b""), source_of(case.request, number), case.request, case.expectation
            )
            with self._lock:
                self._silent.append(_Unanswered(exchange, cause.message, case.label))
            if len(self._silent) >= _MOST_SILENT:
                self._make_sure_of_silence()
        else:
            if self.budget.cuts_calls:
                return False
            self._tell_of_silence()
            self.judge_exchange(exchange, case.label)
        return not self.budget.is_spent

    def _make_sure_of_silence(self) -> None:
        """See whether the endpoint only drops what it takes for an attack."""
        self._sender().sent(next(self.planned()).cases[0], next(self._numbers))
        self._tell_of_silence()

    def _tell_of_silence(self) -> None:
        """Judge the calls that got no answer, now that another one did."""
        with self._lock:
            silent, self._silent = self._silent, []
            for each in silent:
                self._tell(self.judge.unanswered(each.exchange, each.why), each.about)

    def _settle_signatures(self) -> None:
        """Judge the calls with wrong signatures, unless the endpoint asks for none at all."""
        answers = self._signature_answers
        if answers and all(each.exchange.response.ok for each, _ in answers):
            answers.clear()
            self.diagnostics.append(
                "the endpoint asks for no signature: every call without a valid one succeeded"
            )
        while answers:
            with self._lock:
                findings = self.judge.take(*answers.pop(0))
                self._tell(findings, "signatures")

    def _tell(self, findings: list[tuple[Finding, bool]], about: str) -> None:
        for finding, is_new in findings:
            if is_new:
                self._found(finding, self.budget.sent)
            if self.budget.limits.exit_first and finding.severity in self.judge.settings.failing:
                self.budget.stopped.set()
        self._told(Progress(self.budget.sent, self.budget.elapsed, about, self.judge.findings()))

    def _remember(self, judgement: Judgement, label: str) -> None:
        exchange = judgement.exchange
        if exchange.request is not None:
            self.calls.append(
                RecordedCall(
                    exchange.request,
                    exchange.response,
                    time.time(),
                    exchange.response.seconds or 0.0,
                )
            )
        self.exercised.add(judgement, label)
        self.refusals.add(judgement)

    def _sender(self) -> Sender:
        """The connection of the thread that asks."""
        if not hasattr(self._local, "sender"):
            target = self.target
            client = Client(target.url, timeout=target.timeout, verify=target.verify)
            signer = Signer(target.key, self.contract.operation.version, client.endpoint.prefix)
            self._clients.append(client)
            self._local.sender = Sender(client, signer, self.budget)
        sender: Sender = self._local.sender
        return sender


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """A call that got no answer, at a second try either."""

    exchange: Exchange
    why: str
    about: str


def _is_about_signature(probe: Probe) -> bool:
    return probe.cases[0].expectation.about == "signature"


def _single(case: RequestCase) -> Probe:
    return Probe((case,))
