"""Let schemathesis draw and shrink calls: the one place that knows its engine.

The engine is importable but not in schemathesis's public reference, so a test of this module runs
a whole exploration and fails loudly when an upgrade changes what is used here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import schemathesis
import yaml
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase

from docpact.client import Endpoint
from docpact.contract import Contract
from docpact.emit import openapi
from docpact.exchange import Exchange, Request, Response
from docpact.finding import Finding
from docpact.generate.scene import Scene
from docpact.runner.drawing import kept_elsewhere
from docpact.runner.judge import Defect, Judge, defect_of
from docpact.runner.limits import Budget
from docpact.runner.oracle import expectation_of
from docpact.runner.sending import is_throttled, source_of
from docpact.signing import Key, signed

if TYPE_CHECKING:
    import requests
    from hypothesis.strategies import SearchStrategy
    from requests.auth import AuthBase
    from schemathesis.core.transport import Response as Answer
    from schemathesis.hooks import HookContext

ABOUT: Final = "schemathesis"
_MOST_EXAMPLES: Final = 60
# What schemathesis adds to requests by itself, and what may differ between two calls of one kind.
_DEFAULT_HEADERS: Final = {
    "user-agent",
    "accept-encoding",
    "connection",
    "x-schemathesis-testcaseid",
}


class Explored(Protocol):
    """The run that an exploration is a part of."""

    contract: Contract
    scene: Scene
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
    with kept_elsewhere(), _check(judged) as name:
        schema = _schema(run, how, name)
        stream = from_schema(schema).execute()
        schema.hooks.register_hook_with_name(_counting(run.budget, stream.stop), "after_call")
        for event in stream:
            if isinstance(event, events.Interrupted) and not run.budget.is_spent:
                raise KeyboardInterrupt
            problem = _problem(event)
            if problem and problem not in run.problems:
                run.problems.append(problem)


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
        exchange = self._exchange(answer)
        findings = self.run.judge_exchange(exchange, ABOUT)
        return [each for each in findings if defect_of(each, exchange) not in self.known]

    def _exchange(self, answer: "Answer") -> Exchange:
        run = self.run
        request = _request(answer.request, self.prefix)
        headers = tuple(
            (name, value) for name, values in answer.headers.items() for value in values
        )
        response = Response(answer.content or b"", answer.status_code, headers, answer.elapsed)
        source = source_of(request, run.budget.sent)
        if is_throttled(response):
            return Exchange(response, source, request)
        return Exchange(response, source, request, expectation_of(request, run.contract, run.scene))


def _request(prepared: "requests.PreparedRequest", prefix: str) -> Request:
    headers = tuple(
        (name, value if isinstance(value, str) else value.decode("latin-1"))
        for name, value in prepared.headers.items()
        if name.lower() not in _DEFAULT_HEADERS
    )
    return Request(prepared.method or "GET", prepared.path_url.removeprefix(prefix), headers)


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
    document = yaml.safe_load(openapi(run.contract))
    config = schemathesis.Config.from_dict(
        {
            "seed": how.seed,
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
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    if how.key is not None:
        schema.auth.set_from_requests(_signature(how.key, run.contract.operation.version))
    if run.scene.running:
        schema.hooks.register_hook_with_name(_asking(run.scene), "before_generate_path_parameters")
    return schema


def _signature(key: Key, version: str) -> "AuthBase":
    """What signs the calls of schemathesis, once everything else of them is settled."""
    from requests.auth import AuthBase

    class Signature(AuthBase):
        """Signs a prepared request."""

        def __call__(self, prepared: "requests.PreparedRequest") -> "requests.PreparedRequest":
            headers = tuple((name, str(value)) for name, value in prepared.headers.items())
            request = Request(prepared.method or "GET", prepared.path_url, headers)
            for name, value in signed(request, key, version=version).headers:
                prepared.headers[name] = value
            return prepared

    return Signature()


def _counting(budget: Budget, stop: Callable[[], None]) -> Callable[..., None]:
    def after_call(
        _context: "HookContext", case: "schemathesis.Case[Any]", response: object
    ) -> None:
        del case, response
        budget.take()
        if budget.is_spent:
            stop()

    return after_call


def _asking(scene: Scene) -> Callable[..., Any]:
    """Let half of the calls be about what is known to exist."""
    from hypothesis import strategies as st

    names = [each.name for each in scene.parameters]
    known = [
        dict(zip(names, values, strict=True)) for values in (*scene.running, *scene.not_running)
    ]

    def before_generate_path_parameters(
        _context: "HookContext", strategy: "SearchStrategy[Any]"
    ) -> "SearchStrategy[Any]":
        return st.sampled_from(known).map(dict) | strategy

    return before_generate_path_parameters
