"""What schemathesis says in our terms, and what we tell it: shared by all that use it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import schemathesis
import yaml

from docpact.contract import Contract
from docpact.core.exchange import Exchange, Request, Response
from docpact.emit import openapi
from docpact.generate.request_context import RequestContext
from docpact.http.signing import Key, signed
from docpact.runner.sending import is_throttled, source_of

if TYPE_CHECKING:
    import requests
    from hypothesis.strategies import SearchStrategy
    from requests.auth import AuthBase
    from schemathesis.core.transport import Response as Answer
    from schemathesis.hooks import HookContext

import re

from docpact.contract import WHOLE_NUMBERS, Kind
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Expectation, Outcome
from docpact.generate.request_context import UNKNOWN

# What schemathesis adds to requests by itself, and what may differ between two calls of one kind.
_DEFAULT_HEADERS: Final = {
    "user-agent",
    "accept-encoding",
    "connection",
    "x-schemathesis-testcaseid",
}


def loaded(
    contract: Contract, context: RequestContext, key: Key | None, config: dict[str, Any]
) -> Any:  # noqa: ANN401  # schemathesis's own
    """The contract as schemathesis has it: signing with the key, asking for what is known."""
    document = yaml.safe_load(openapi(contract))
    made = schemathesis.Config.from_dict(config)
    schema = schemathesis.openapi.from_dict(document, config=made)
    if key is not None:
        schema.auth.set_from_requests(_signature(key, contract.operation.version))
    if context.running:
        schema.hooks.register_hook_with_name(_asking(context), "before_generate_path_parameters")
    return schema


def exchange_of(
    answer: "Answer",
    contract: Contract,
    context: RequestContext,
    *,
    prefix: str = "",
    number: int = 1,
) -> Exchange:
    """A call that schemathesis made; `prefix` is that of the endpoint's URL."""
    request = _request(answer.request, prefix)
    headers = tuple((name, value) for name, values in answer.headers.items() for value in values)
    response = Response(answer.content or b"", answer.status_code, headers, answer.elapsed)
    source = source_of(request, number)
    if is_throttled(response):
        return Exchange(response, source, request)
    return Exchange(response, source, request, expectation_of(request, contract, context))


def _request(prepared: "requests.PreparedRequest", prefix: str) -> Request:
    headers = tuple(
        (name, value if isinstance(value, str) else value.decode("latin-1"))
        for name, value in prepared.headers.items()
        if name.lower() not in _DEFAULT_HEADERS
    )
    return Request(prepared.method or "GET", prepared.path_url.removeprefix(prefix), headers)


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


def _asking(context: RequestContext) -> Callable[..., Any]:
    """Let half of the calls be about what is known to exist."""
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


_DIGITS: Final = re.compile(r"-?[0-9]{1,40}", re.ASCII)


def expectation_of(request: Request, contract: Contract, context: RequestContext) -> Expectation:
    """What must come of a request for this operation; nothing is said of any other request."""
    found = PathTemplate.parse(contract.operation.path).match(request.target)
    if found is None or request.method != contract.operation.method:
        return UNKNOWN
    for parameter in context.parameters:
        because = _why_no_number(parameter.kind, found[parameter.name])
        if because:
            return Expectation(
                Outcome.FAILURE, because, origin=parameter.origin, parameter=parameter.name
            )
    _, _, query = request.target.partition("?")
    if query or _has_documented_header(request, context):
        return UNKNOWN
    return context.expected_of(tuple(found[each.name] for each in context.parameters))


def _why_no_number(kind: Kind, value: str) -> str:
    """Why a value is none of its kind, where that is a whole number; empty if it is one."""
    if kind not in WHOLE_NUMBERS:
        return ""
    least, most = WHOLE_NUMBERS[kind]
    if _DIGITS.fullmatch(value) and least <= int(value) <= most:
        return ""
    return f"its id is no integer of {(most + 1).bit_length()} bits"


def _has_documented_header(request: Request, context: RequestContext) -> bool:
    names = {each.wire_name.lower() for each in context.operation.parameters}
    return any(name.lower() in names for name, _ in request.headers)
