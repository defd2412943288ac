"""Run schemathesis on the contract, and translate between its calls and docpact's exchanges.

Its engine is importable but not in schemathesis's public reference, so a test of this module runs
a whole exploration and fails loudly when an upgrade changes what is used here.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import schemathesis
import yaml
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from docpact.contract import WHOLE_NUMBERS, Contract, Kind
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Exchange, Expectation, Outcome, Request, Response
from docpact.core.finding import Finding
from docpact.emit import openapi
from docpact.generate.request_context import UNKNOWN, RequestContext
from docpact.http.client import Endpoint
from docpact.http.signing import Key, signed
from docpact.runner.findings import Defect, defect_of
from docpact.runner.planning import Target, hypothesis_home
from docpact.runner.sending import Limiter, is_throttled, source_of

if TYPE_CHECKING:
    import requests
    from hypothesis.strategies import SearchStrategy
    from requests.auth import AuthBase
    from schemathesis.core.transport import Response as SchemathesisResponse
    from schemathesis.hooks import HookContext

LABEL: Final = "schemathesis"  # of its calls
_MOST_EXAMPLES: Final = 60
_VARIABLES: Final = "SCHEMATHESIS_"  # how the names of its environment variables begin
_DIGITS: Final = re.compile(r"-?[0-9]{1,40}", re.ASCII)
# What schemathesis adds to requests by itself, and what may differ between two calls of one kind.
_DEFAULT_HEADERS: Final = {
    "user-agent",
    "accept-encoding",
    "connection",
    "x-schemathesis-testcaseid",
}

JudgeCall = Callable[[Exchange, str], list[Finding]]


# --- Explore an endpoint --------------------------------------------------------------------------


def explore(
    contract: Contract,
    target: Target,
    limiter: Limiter,
    judge: JudgeCall,
    known: frozenset[Defect],
) -> Iterator[str]:
    """Make the calls that schemathesis generates, judge every answer, and yield its problems.

    A defect that is not in `known` makes schemathesis look for a smaller example. Nothing stays
    registered with schemathesis, and nothing is written into the working directory. Raises
    KeyboardInterrupt if the user ended it.
    """
    context = target.known.context(contract)
    prefix = Endpoint.at(target.url).prefix

    def new_findings(response: "SchemathesisResponse") -> list[Finding]:
        exchange = exchange_of(response, contract, context, prefix=prefix, number=limiter.sent)
        findings = judge(exchange, LABEL)
        return [each for each in findings if defect_of(each, exchange) not in known]

    with (
        hypothesis_home(),
        _without_environment(),
        _registered(new_findings) as check,
        _bounded(limiter, target.timeout),
    ):
        config = _configuration(context, target, limiter.remaining, check)
        schema = load_schema(contract, context, target.key, config)
        stream = from_schema(schema).execute()
        schema.hooks.register_hook_with_name(_counting(limiter, stream.stop), "after_call")
        for event in stream:
            if isinstance(event, events.Interrupted) and not limiter.is_exhausted:
                raise KeyboardInterrupt
            problem = "" if limiter.is_out_of_time else _problem(event)
            if problem:
                yield problem


@contextmanager
def _without_environment() -> Iterator[None]:
    """Hide the environment variables that configure schemathesis for a user's own tests.

    A schemathesis.toml is not read if a configuration is given.
    """
    taken = {name: value for name, value in os.environ.items() if name.startswith(_VARIABLES)}
    for name in taken:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(taken)


def _problem(event: events.EngineEvent) -> str:
    """What schemathesis could not do, without the command, which may hold a signature."""
    if isinstance(event, events.NonFatalError):
        title = event.info.title
        return f"schemathesis could not make a call: {title} ({type(event.value).__name__})"
    if isinstance(event, events.FatalError):
        return f"schemathesis stopped with an error ({type(event.exception).__name__})"
    return ""


@contextmanager
def _registered(
    new_findings: Callable[["SchemathesisResponse"], list[Finding]],
) -> Iterator[str]:
    """A check that fails for a new defect, registered as long as the block lasts."""

    def docpact_contract(
        _ctx: object, response: "SchemathesisResponse", case: "schemathesis.Case[Any]"
    ) -> None:
        for finding in new_findings(response):
            # A failure makes schemathesis look for a smaller example, and ends its phase. So only
            # its random calls may fail: all of its planned calls are made.
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


def _configuration(
    context: RequestContext, target: Target, most: int, check: str
) -> dict[str, Any]:
    accepted = context.accepted
    return {
        "seed": target.seed,
        "parameters": {
            each.wire_name: accepted[each.name]
            for each in context.operation.parameters
            if each.name in accepted
        },
        "cache": {"enabled": False},
        "base-url": target.url,
        "request-timeout": target.timeout,
        "tls-verify": target.verify,
        "max-redirects": 0,
        "workers": 1,
        "continue-on-failure": False,
        "checks": {"enabled": False, check: {"enabled": True}},
        "generation": {
            "database": "none",
            "max-examples": min(_MOST_EXAMPLES, max(1, most)),
            "mode": "all",
            "with-security-parameters": False,
        },
        "phases": {
            "coverage": {"unexpected-methods": []},
            "stateful": {"enabled": False},
        },
    }


@contextmanager
def _bounded(limiter: Limiter, timeout: float) -> Iterator[None]:
    """Let no call take longer than the run may still take.

    A hook before calls can only be one for all schemas.
    """

    def before_call(
        _context: "HookContext", _case: "schemathesis.Case[Any]", kwargs: dict[str, Any]
    ) -> None:
        kwargs["timeout"] = min(timeout, limiter.call_timeout)

    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)


def _counting(limiter: Limiter, stop: Callable[[], None]) -> Callable[..., None]:
    def after_call(
        _context: "HookContext", case: "schemathesis.Case[Any]", response: object
    ) -> None:
        del case, response
        limiter.acquire()
        if limiter.is_exhausted:
            stop()

    return after_call


# --- The contract as a schema of schemathesis -----------------------------------------------------


def load_schema(
    contract: Contract, context: RequestContext, key: Key | None, config: dict[str, Any]
) -> Any:  # noqa: ANN401  # schemathesis's own
    """The contract as a schema that signs with the key, and also asks for known instances."""
    document = yaml.safe_load(openapi(contract))
    parsed = schemathesis.Config.from_dict(config)
    schema = schemathesis.openapi.from_dict(document, config=parsed)
    if key is not None:
        schema.auth.set_from_requests(_signature(key, contract.operation.version))
    if context.running:
        hook = _known_instances(context)
        schema.hooks.register_hook_with_name(hook, "before_generate_path_parameters")
    return schema


def _signature(key: Key, version: str) -> "AuthBase":
    """Signs the requests of schemathesis, after everything else in them is settled."""
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


def _known_instances(context: RequestContext) -> Callable[..., Any]:
    """A hook that lets half of the calls ask for an instance that is known to exist."""
    from hypothesis import strategies as st

    names = [each.name for each in context.parameters]
    known = [
        dict(zip(names, values, strict=True)) for values in (*context.running, *context.not_running)
    ]

    def before_generate_path_parameters(
        _context: "HookContext", strategy: "SearchStrategy[Any]"
    ) -> "SearchStrategy[Any]":
        return st.sampled_from(known).map(dict) | strategy

    return before_generate_path_parameters


# --- A call of schemathesis as an exchange --------------------------------------------------------


def exchange_of(
    response: "SchemathesisResponse",
    contract: Contract,
    context: RequestContext,
    *,
    prefix: str = "",
    number: int = 1,
) -> Exchange:
    """A call that schemathesis made; `prefix` is that of the endpoint's URL."""
    request = _request(response.request, prefix)
    headers = tuple((name, value) for name, values in response.headers.items() for value in values)
    received = Response(response.content or b"", response.status_code, headers, response.elapsed)
    source = source_of(request, number)
    if is_throttled(received):
        return Exchange(received, source, request)
    return Exchange(received, source, request, expectation_of(request, contract, context))


def _request(prepared: "requests.PreparedRequest", prefix: str) -> Request:
    headers = tuple(
        (name, value if isinstance(value, str) else value.decode("latin-1"))
        for name, value in prepared.headers.items()
        if name.lower() not in _DEFAULT_HEADERS
    )
    return Request(prepared.method or "GET", prepared.path_url.removeprefix(prefix), headers)


def expectation_of(request: Request, contract: Contract, context: RequestContext) -> Expectation:
    """What must come of a request for the operation; nothing is expected of any other request."""
    found = PathTemplate.parse(contract.operation.path).match(request.target)
    if found is None or request.method != contract.operation.method:
        return UNKNOWN
    for parameter in context.parameters:
        because = _why_not_an_integer(parameter.kind, found[parameter.name])
        if because:
            return Expectation(
                Outcome.FAILURE, because, origin=parameter.origin, parameter=parameter.name
            )
    _, _, query = request.target.partition("?")
    if query or _has_documented_header(request, context):
        return UNKNOWN
    return context.expected_of(tuple(found[each.name] for each in context.parameters))


def _why_not_an_integer(kind: Kind, value: str) -> str:
    """Why a value is not of its kind, if that is an integer; empty if it is."""
    if kind not in WHOLE_NUMBERS:
        return ""
    least, most = WHOLE_NUMBERS[kind]
    if _DIGITS.fullmatch(value) and least <= int(value) <= most:
        return ""
    return f"its id is not an integer of {(most + 1).bit_length()} bits"


def _has_documented_header(request: Request, context: RequestContext) -> bool:
    names = {each.wire_name.lower() for each in context.operation.parameters}
    return any(name.lower() in names for name, _ in request.headers)
