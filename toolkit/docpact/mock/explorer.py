"""The explorer, the mock's page for people: fields with page lines, and calls that it signs.

A browser cannot compute signatures, so the page describes a call and the mock makes it.
"""

import importlib.util
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, TypeVar

import msgspec
from starlette.requests import Request as WebRequest
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from docpact.check import Checker, Session
from docpact.contract import Contract
from docpact.contract.path_template import PathTemplate, encoded_segment
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Expectation, Headers, Outcome, Request, Source, header
from docpact.core.finding import Finding
from docpact.core.span import Frozen
from docpact.http import snippets
from docpact.http.har import RecordedCall, masked
from docpact.http.signing import Key, Verifier, WrongSignature, signed, wrongly_signed
from docpact.mock.behaviour_faults import FAULT_HEADER, FaultChoice
from docpact.mock.control import PREFIX, Handler, json_object, json_response, with_reasons
from docpact.mock.endpoint import Access, DelayedResponse, MockEndpoint
from docpact.mock.state import Mock
from docpact.report.json import finding_object
from docpact.web import SHARED_FILES, contract_json

_FOLDER: Final = Path(__file__).with_name("explorer_page")
_OWN: Final = (
    "answer.js",
    "explorer.css",
    "explorer.js",
    "favicon.svg",
    "faults.js",
    "fields.js",
    "pretty.js",
    "server.js",
    "swagger.js",
)
_SWAGGER: Final = ("swagger-ui.css", "swagger-ui-bundle.js")
_NO_SWAGGER: Final = "Swagger UI is not installed; `pip install flask-swagger-ui` brings it"
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html",
}
# Swagger UI sets styles on elements and carries its pictures as data: URLs.
_ALLOWED: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_ALLOWED),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_REGION: Final = "x-acs-region-id"
_TARGET: Final = re.compile(r"/[!-~]*")
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_HEADER_VALUE: Final = re.compile(r"[ -~]*")

_Form = TypeVar("_Form", bound=Frozen)


def explorer_routes(mock: Mock) -> list[Route]:
    """The page at /, its files, and what it asks the mock."""
    explorer = _Explorer(mock)
    return [
        Route("/", _file(_FOLDER / "index.html")),
        Route("/favicon.ico", _file(_FOLDER / "favicon.svg")),
        *(Route(f"{PREFIX}/explorer/{name}", _file(_FOLDER / name)) for name in _OWN),
        *(Route(f"{PREFIX}/explorer/{path.name}", _file(path)) for path in SHARED_FILES),
        *(Route(f"{PREFIX}/swagger/{name}", _swagger(name)) for name in _SWAGGER),
        Route(f"{PREFIX}/contract", explorer.contract),
        Route(f"{PREFIX}/openapi.json", with_reasons(explorer.openapi)),
        Route(f"{PREFIX}/call", with_reasons(explorer.call), methods=["POST"]),
        Route(f"{PREFIX}/sign", with_reasons(explorer.sign), methods=["POST"]),
    ]


def _file(path: Path) -> Handler:
    async def served(request: WebRequest) -> Response:
        del request
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_HEADERS)

    return served


def _swagger(name: str) -> Handler:
    """One of Swagger UI's files, or how to install it."""
    found = importlib.util.find_spec("flask_swagger_ui")  # its code, and so Flask, stays unloaded
    if found is not None and found.origin is not None:
        path = Path(found.origin).with_name("dist") / name
        if path.is_file():
            return _file(path)

    async def missing(request: WebRequest) -> Response:
        del request
        return json_response({"error": _NO_SWAGGER}, 404)

    return missing


class CallForm(Frozen, frozen=True):
    """A call as the form of the page describes it."""

    names: tuple[str, ...] = ()  # the values of the path's parameters, decoded, in its order
    target: str = ""  # path and query as they travel, in place of names and format
    method: str = ""
    format: str = ""
    accept: str = ""
    region: str = ""
    fault: str = ""  # one or more, between commas
    sign: Literal["valid", "none", "wrong secret"] = "valid"


class RequestToSign(Frozen, frozen=True):
    """A request that another tool is about to make from a browser."""

    method: str
    target: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)


class _Explorer:
    """What the page asks of the mock that it is served by."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._contract = mock.contract
        self._session = Session(mock.contract)
        self._made = 0

    async def contract(self, request: WebRequest) -> Response:
        """Return what is documented, and whether calls are to be signed."""
        del request
        return json_response({**self._contract_json, "auth": self._access.auth})

    async def openapi(self, request: WebRequest) -> Response:
        """Return the OpenAPI document, with this server as its only one."""
        del request
        return json_response({**self._openapi, "servers": [{"url": "/"}]})

    async def call(self, request: WebRequest) -> Response:
        """Make a call, which is one like all others for the mock, and return what came of it."""
        form = _read(await json_object(request), CallForm)
        return json_response(self._outcome(form))

    async def sign(self, request: WebRequest) -> Response:
        """Return the headers that sign a browser's request; none where signatures are not checked.

        A browser sets the header Date itself, so the time travels as x-acs-date.
        """
        form = _read(await json_object(request), RequestToSign)
        headers = tuple(form.headers.items())
        _refuse_unsendable(form.method, form.target, headers)
        if self._access.auth == "off":
            return json_response({"headers": {}})
        dated = ("x-acs-date", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        made = self._signed(Request(form.method, form.target, (*headers, dated)), "valid")
        added = {name: value for name, value in made.headers if (name, value) not in headers}
        return json_response({"headers": added})

    @cached_property
    def _contract_json(self) -> dict[str, Any]:
        return contract_json(self._contract)

    @cached_property
    def _openapi(self) -> dict[str, Any]:
        import yaml  # these two take long to import, and are only for who opens Swagger UI

        from docpact.emit import openapi

        document: dict[str, Any] = yaml.safe_load(openapi(self._contract))
        return document

    @cached_property
    def _checker(self) -> Checker:
        return Checker(self._contract, self._mock.schemas)

    @property
    def _access(self) -> Access:
        return self._mock.endpoint.access

    @property
    def _key(self) -> Key:
        return Key(*next(iter(self._access.verifier.secrets.items())))

    def _outcome(self, form: CallForm) -> dict[str, Any]:
        endpoint = self._mock.endpoint
        request = self._signed(request_for(form, self._contract), form.sign)
        expectation = _expectation(endpoint, request)
        started = time.time()
        made = endpoint.respond(request)
        response = made.response
        self._mock.recorded.append(RecordedCall(request, response, started, made.delay))
        findings = self._findings(request, made, expectation)
        return {
            "request": {
                "line": f"{request.method} {request.target} HTTP/1.1",
                "headers": masked(request.headers),
            },
            "status": response.status,
            "headers": masked(response.headers),
            "body": response.body.decode("utf-8", "replace"),
            "bytes": len(response.body),
            "seconds": made.delay,
            "findings": [finding_object(each) for each in findings],
            "code": self._code(request, form),
        }

    def _signed(self, request: Request, how: str) -> Request:
        if how == "none" or (how == "valid" and self._access.auth == "off"):
            return request
        version = self._contract.operation.version
        if how == "wrong secret":
            wrong = WrongSignature(secret=f"not {self._key.secret}")
            return wrongly_signed(request, self._key, wrong, version=version)
        return signed(request, self._key, version=version)

    def _findings(
        self, request: Request, made: DelayedResponse, expectation: Expectation
    ) -> list[Finding]:
        self._made += 1
        response = replace(made.response, seconds=made.delay)
        source = Source("explorer", number=self._made)
        exchange = Exchange(response, source, request, expectation)
        return list(self._checker.check(exchange, self._session))

    def _code(self, request: Request, form: CallForm) -> dict[str, str]:
        """The call as code; without the SDK's where the SDK cannot make it."""
        operation, url = self._contract.operation, self._mock.url
        is_signed = header(request.headers, "Authorization") is not None
        code = {
            "curl": snippets.curl(url, request, signed=is_signed, version=operation.version),
            "httpx": snippets.httpx_code(url, request, signed=is_signed, version=operation.version),
        }
        values = PathTemplate.parse(operation.path).match(request.target)
        can_make = snippets.sdk_can_make(operation)
        if can_make and values and request.method == operation.method == "GET":
            call = snippets.SdkCall(values, operation.path, form.format, form.region)
            code["python"] = snippets.python_sdk(url, call)
        return code


def request_for(form: CallForm, contract: Contract) -> Request:
    """The request that the form describes, not signed yet.

    Raises WrongConfiguration if it is not one that a client can send.
    """
    method = form.method or contract.operation.method
    target = form.target or _target(form, contract)
    given = (("Accept", form.accept), (_REGION, form.region), (FAULT_HEADER, form.fault))
    headers = tuple((name, value.strip()) for name, value in given if value.strip())
    _refuse_unsendable(method, target, headers)
    return Request(method, target, headers)


def _target(form: CallForm, contract: Contract) -> str:
    template = PathTemplate.parse(contract.operation.path)
    if len(form.names) != len(template.names):
        raise WrongConfiguration(f"names must hold {', '.join(template.names)}, in this order")
    target = template.fill(form.names)
    return f"{target}?Format={encoded_segment(form.format)}" if form.format else target


def _refuse_unsendable(method: str, target: str, headers: Headers) -> None:
    """Refuse what no HTTP client could send."""
    if not _METHOD.fullmatch(method):
        raise WrongConfiguration("the method must be a word in capital letters, like GET")
    if not _TARGET.fullmatch(target):
        raise WrongConfiguration(
            "the target must start with / and be printable ASCII; percent-encode the rest"
        )
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise WrongConfiguration(f"the header {name} must be printable ASCII")


def _expectation(endpoint: MockEndpoint, request: Request) -> Expectation:
    """What must come of a request: what the same server answers without its faults."""
    access = Access(endpoint.access.auth, Verifier(endpoint.access.verifier.secrets))
    if access.refusal(request) is not None:
        because = "a server without faults refuses it, for it has no valid signature"
        return Expectation(Outcome.FAILURE, because, "signature")
    faultless = replace(
        endpoint,
        access=Access(),
        faults=FaultChoice(),
        takes_fault_header=False,
        random=Random(0),  # noqa: S311  # only its RequestId depends on it
    )
    if faultless.respond(request).response.ok:
        return Expectation(Outcome.SUCCESS, "a server without faults answers it")
    return Expectation(Outcome.FAILURE, "a server without faults refuses it")


def _read(document: Mapping[str, Any], form: type[_Form]) -> _Form:
    try:
        return msgspec.convert(document, form)
    except msgspec.ValidationError as wrong:
        raise WrongConfiguration(f"the call cannot be read: {wrong}") from wrong
