"""Let schemathesis draw and shrink calls: the one place that knows its engine.

The engine is importable but not in schemathesis's public reference, so a test of this module runs
a whole exploration and fails loudly when an upgrade changes what is used here.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from docpact.contract import Contract
from docpact.core.exchange import Exchange
from docpact.core.finding import Finding
from docpact.generate.request_context import RequestContext
from docpact.http.client import Endpoint
from docpact.http.signing import Key
from docpact.runner.judge import Defect, Judge, defect_of
from docpact.runner.random_cases import kept_elsewhere
from docpact.runner.result import Budget
from docpact.runner.schemathesis_adapter import exchange_of, loaded

if TYPE_CHECKING:
    import schemathesis
    from schemathesis.core.transport import Response as Answer
    from schemathesis.hooks import HookContext

ABOUT: Final = "schemathesis"
_MOST_EXAMPLES: Final = 60
_VARIABLES: Final = "SCHEMATHESIS_"  # how those of schemathesis begin


class Explored(Protocol):
    """The run that an exploration is a part of."""

    contract: Contract
    context: RequestContext
    judge: Judge
    budget: Budget
    problems: list[str]

    def judge_exchange(self, exchange: Exchange, about: str) -> list[Finding]:
        """Judge one call, wherever it came from."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """How schemathesis calls the endpoint."""

    url: str
    key: Key | None = None
    seed: int = 0
    timeout: float = 30.0
    verify: bool | str = True


def explore(run: Explored, how: Exploration) -> None:
    """Send what schemathesis draws from our OpenAPI document, and judge every answer.

    Nothing is registered with schemathesis any longer when this ends, and nothing is written into
    the working directory. Raises KeyboardInterrupt if the user ended it.
    """
    judged = _Judged(run, Endpoint.at(how.url).prefix, run.judge.defects())
    bounded = _bounded(run.budget, how.timeout)
    with kept_elsewhere(), _unconfigured(), _check(judged) as name, bounded:
        schema = _schema(run, how, name)
        stream = from_schema(schema).execute()
        schema.hooks.register_hook_with_name(_counting(run.budget, stream.stop), "after_call")
        for event in stream:
            if isinstance(event, events.Interrupted) and not run.budget.is_spent:
                raise KeyboardInterrupt
            problem = "" if run.budget.is_out_of_time else _problem(event)
            if problem and problem not in run.problems:
                run.problems.append(problem)


@contextmanager
def _unconfigured() -> Iterator[None]:
    """Keep what the environment tells schemathesis for a user's own tests out of ours.

    A schemathesis.toml is not read where a configuration is given.
    """
    taken = {name: value for name, value in os.environ.items() if name.startswith(_VARIABLES)}
    for name in taken:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(taken)


def _problem(event: events.EngineEvent) -> str:
    """Why schemathesis could not do something, without the command that may hold a signature."""
    if isinstance(event, events.NonFatalError):
        return f"schemathesis could not make a call: {event.info.title}{_kind(event.value)}"
    if isinstance(event, events.FatalError):
        return f"schemathesis could not go on{_kind(event.exception)}"
    return ""


def _kind(error: Exception) -> str:
    return f" ({type(error).__name__})"


@dataclass(frozen=True, slots=True)
class _Judged:
    """Judges answers, and tells which defects schemathesis came upon first."""

    run: Explored
    prefix: str  # of the endpoint's URL
    known: frozenset[Defect]  # what was found before

    def new(self, answer: "Answer") -> list[Finding]:
        """What is wrong with an answer and was not found before schemathesis began."""
        run = self.run
        exchange = exchange_of(
            answer, run.contract, run.context, prefix=self.prefix, number=run.budget.sent
        )
        findings = run.judge_exchange(exchange, ABOUT)
        return [each for each in findings if defect_of(each, exchange) not in self.known]


@contextmanager
def _check(judged: _Judged) -> Iterator[str]:
    """A check that fails for a new defect, registered as long as the block lasts."""

    def docpact_contract(_ctx: object, answer: "Answer", case: "schemathesis.Case[Any]") -> None:
        for finding in judged.new(answer):
            # A failure makes schemathesis look for a smaller example, and ends what it is at. So
            # only what it draws may fail: its list of planned calls is gone through to the end.
            if case.meta is not None and case.meta.phase.name is TestPhase.FUZZING:
                raise Failure(
                    operation=case.operation.label, title=finding.rule, message=finding.message
                )

    name = docpact_contract.__name__
    CHECKS.register(docpact_contract)
    try:
        yield name
    finally:
        CHECKS.unregister(name)


def _schema(run: Explored, how: Exploration, check: str) -> Any:  # noqa: ANN401  # schemathesis's own
    accepted, operation = run.context.accepted, run.context.operation
    config = {
        "seed": how.seed,
        "parameters": {
            each.wire_name: accepted[each.name]
            for each in operation.parameters
            if each.name in accepted
        },
        "cache": {"enabled": False},
        "base-url": how.url,
        "request-timeout": how.timeout,
        "tls-verify": how.verify,
        "max-redirects": 0,
        "workers": 1,
        "continue-on-failure": False,
        "checks": {"enabled": False, check: {"enabled": True}},
        "generation": {
            "database": "none",
            "max-examples": min(_MOST_EXAMPLES, max(1, run.budget.left)),
            "mode": "all",
            "with-security-parameters": False,
        },
        "phases": {
            "coverage": {"unexpected-methods": []},
            "stateful": {"enabled": False},
        },
    }
    return loaded(run.contract, run.context, how.key, config)


@contextmanager
def _bounded(budget: Budget, timeout: float) -> Iterator[None]:
    """Let no call take longer than what is left for the run.

    A hook before calls can only be one for all schemas.
    """

    def before_call(
        _context: "HookContext", _case: "schemathesis.Case[Any]", kwargs: dict[str, Any]
    ) -> None:
        kwargs["timeout"] = min(timeout, budget.longest_call)

    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)


def _counting(budget: Budget, stop: Callable[[], None]) -> Callable[..., None]:
    def after_call(
        _context: "HookContext", case: "schemathesis.Case[Any]", response: object
    ) -> None:
        del case, response
        budget.take()
        if budget.is_spent:
            stop()

    return after_call
