"""What schemathesis says in our terms, and what we tell it: shared by all that use it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import schemathesis
import yaml

from docpact.contract import Contract
from docpact.emit import openapi
from docpact.exchange import Exchange, Request, Response
from docpact.generate.scene import Scene
from docpact.runner.oracle import expectation_of
from docpact.runner.sending import is_throttled, source_of
from docpact.signing import Key, signed

if TYPE_CHECKING:
    import requests
    from hypothesis.strategies import SearchStrategy
    from requests.auth import AuthBase
    from schemathesis.core.transport import Response as Answer
    from schemathesis.hooks import HookContext

# What schemathesis adds to requests by itself, and what may differ between two calls of one kind.
_DEFAULT_HEADERS: Final = {
    "user-agent",
    "accept-encoding",
    "connection",
    "x-schemathesis-testcaseid",
}


def loaded(contract: Contract, scene: Scene, key: Key | None, config: dict[str, Any]) -> Any:  # noqa: ANN401  # schemathesis's own
    """The contract as schemathesis has it: signing with the key, asking for what is known."""
    document = yaml.safe_load(openapi(contract))
    made = schemathesis.Config.from_dict(config)
    schema = schemathesis.openapi.from_dict(document, config=made)
    if key is not None:
        schema.auth.set_from_requests(_signature(key, contract.operation.version))
    if scene.running:
        schema.hooks.register_hook_with_name(_asking(scene), "before_generate_path_parameters")
    return schema


def exchange_of(
    answer: "Answer", contract: Contract, scene: Scene, *, prefix: str = "", number: int = 1
) -> Exchange:
    """A call that schemathesis made; `prefix` is that of the endpoint's URL."""
    request = _request(answer.request, prefix)
    headers = tuple((name, value) for name, values in answer.headers.items() for value in values)
    response = Response(answer.content or b"", answer.status_code, headers, answer.elapsed)
    source = source_of(request, number)
    if is_throttled(response):
        return Exchange(response, source, request)
    return Exchange(response, source, request, expectation_of(request, contract, scene))


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
