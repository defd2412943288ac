"""Make a call that somebody put together in the explorer: sign it, judge it, tell it as code."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import msgspec

from docpact.check import Checker, Session
from docpact.contract import Contract
from docpact.contract.path_template import PathTemplate, encoded_segment
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Expectation, Headers, Outcome, Request, Source, header
from docpact.core.finding import Finding
from docpact.core.frozen import Frozen
from docpact.http import snippets
from docpact.http.har import Call, masked
from docpact.http.signing import Key, Verifier, signed
from docpact.mock.access import Access
from docpact.mock.behaviour_faults import FAULT_HEADER, FaultChoice
from docpact.mock.endpoint import Endpoint, Reply
from docpact.report.json import finding_object

if TYPE_CHECKING:  # the server makes the explorer, so it is imported after it
    from docpact.mock.server import Mock

_REGION: Final = "x-acs-region-id"
_TARGET: Final = re.compile(r"/[!-~]*")
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_HEADER_VALUE: Final = re.compile(r"[ -~]*")

_Form = TypeVar("_Form", bound=Frozen)


class Asked(Frozen, frozen=True):
    """A call as the form of the page describes it."""

    names: tuple[str, ...] = ()  # the values of the path's parameters, decoded, in its order
    target: str = ""  # path and query as they travel, in place of names and format
    method: str = ""
    format: str = ""
    accept: str = ""
    region: str = ""
    fault: str = ""  # one or more, between commas
    sign: Literal["valid", "none", "wrong secret"] = "valid"


class ToSign(Frozen, frozen=True):
    """A request that another tool is about to make from a browser."""

    method: str
    target: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass
class Caller:
    """Makes the calls of the page, which are calls like all others for the mock."""

    mock: "Mock"
    _made: int = field(default=0, init=False)

    def called(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """What came of a call.

        Raises WrongConfiguration if it cannot be made: names missing, an unknown fault.
        """
        asked = _read(document, Asked)
        endpoint = self.mock.app.endpoint
        request = self._signed(request_for(asked, endpoint.contract), asked.sign)
        expectation = _expectation(endpoint, request)
        started = time.time()
        reply = endpoint.reply(request)
        self.mock.app.calls.append(Call(request, reply.response, started, reply.delay))
        return {
            "request": {
                "line": f"{request.method} {request.target} HTTP/1.1",
                "headers": masked(request.headers),
            },
            "status": reply.response.status,
            "headers": masked(reply.response.headers),
            "body": reply.response.body.decode("utf-8", "replace"),
            "bytes": len(reply.response.body),
            "seconds": reply.delay,
            "findings": [
                finding_object(each) for each in self._findings(request, reply, expectation)
            ],
            "code": self._code(request, asked),
        }

    def signature(self, document: Mapping[str, Any]) -> dict[str, str]:
        """The headers that make a browser's request a signed one; none where nobody looks.

        A browser sets the header Date itself, so the time travels as x-acs-date.
        """
        asked = _read(document, ToSign)
        headers = tuple(asked.headers.items())
        _refuse_untravelling(asked.method, asked.target, headers)
        if self._access.auth == "off":
            return {}
        dated = ("x-acs-date", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        request = Request(asked.method, asked.target, (*headers, dated))
        made = signed(request, self._key, version=self._version)
        return {name: value for name, value in made.headers if (name, value) not in headers}

    @cached_property
    def _checker(self) -> Checker:
        return Checker(self.mock.app.endpoint.contract, self.mock.schemas)

    @cached_property
    def _session(self) -> Session:
        return Session(self.mock.app.endpoint.contract)

    @property
    def _access(self) -> Access:
        return self.mock.app.endpoint.access

    @property
    def _key(self) -> Key:
        return Key(*next(iter(self._access.verifier.secrets.items())))

    @property
    def _version(self) -> str:
        return self.mock.app.endpoint.contract.operation.version

    def _signed(self, request: Request, how: str) -> Request:
        if how == "none" or (how == "valid" and self._access.auth == "off"):
            return request
        key = self._key
        if how == "wrong secret":
            key = replace(key, secret=f"not {key.secret}")
        return signed(request, key, version=self._version)

    def _findings(self, request: Request, reply: Reply, expectation: Expectation) -> list[Finding]:
        self._made += 1
        response = replace(reply.response, seconds=reply.delay)
        source = Source("explorer", number=self._made)
        exchange = Exchange(response, source, request, expectation)
        return list(self._checker.check(exchange, self._session))

    def _code(self, request: Request, asked: Asked) -> dict[str, str]:
        """The call as code; without the SDK's where the SDK cannot make it."""
        contract, url = self.mock.app.endpoint.contract, self.mock.url
        is_signed = header(request.headers, "Authorization") is not None
        code = {
            "curl": snippets.curl(url, request, signed=is_signed, version=self._version),
            "httpx": snippets.httpx_code(url, request, signed=is_signed, version=self._version),
        }
        values = PathTemplate.parse(contract.operation.path).match(request.target)
        can_make = snippets.sdk_can_make(contract.operation)
        if can_make and values and request.method == contract.operation.method == "GET":
            call = snippets.Call(values, contract.operation.path, asked.format, asked.region)
            code["python"] = snippets.python_sdk(url, call)
        return code


def request_for(asked: Asked, contract: Contract) -> Request:
    """The request that the form describes, not signed yet.

    Raises WrongConfiguration if nothing of that kind can travel.
    """
    method = asked.method or contract.operation.method
    target = asked.target or _target(asked, contract)
    told = (("Accept", asked.accept), (_REGION, asked.region), (FAULT_HEADER, asked.fault))
    headers = tuple((name, value.strip()) for name, value in told if value.strip())
    _refuse_untravelling(method, target, headers)
    return Request(method, target, headers)


def _target(asked: Asked, contract: Contract) -> str:
    template = PathTemplate.parse(contract.operation.path)
    if len(asked.names) != len(template.names):
        raise WrongConfiguration(f"names must hold {', '.join(template.names)}, in this order")
    target = template.fill(asked.names)
    return f"{target}?Format={encoded_segment(asked.format)}" if asked.format else target


def _refuse_untravelling(method: str, target: str, headers: Headers) -> None:
    """Refuse what no HTTP client could send."""
    if not _METHOD.fullmatch(method):
        raise WrongConfiguration("a method is a word in capitals, like GET")
    if not _TARGET.fullmatch(target):
        raise WrongConfiguration("a target starts with / and is percent-encoded where not ASCII")
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise WrongConfiguration(f"the header {name} holds what is not printable ASCII")


def _expectation(endpoint: Endpoint, request: Request) -> Expectation:
    """What must come of a request: what the same server tells without its faults."""
    access = Access(endpoint.access.auth, Verifier(endpoint.access.verifier.secrets))
    if access.refusal(request) is not None:
        because = "without a valid signature a faultless server refuses it"
        return Expectation(Outcome.FAILURE, because, "signature")
    faultless = replace(
        endpoint,
        access=Access(),
        faults=FaultChoice(),
        takes_fault_header=False,
        random=Random(0),  # noqa: S311  # only its RequestId depends on it
    )
    if faultless.reply(request).response.ok:
        return Expectation(Outcome.SUCCESS, "a faultless server answers it")
    return Expectation(Outcome.FAILURE, "a faultless server refuses it")


def _read(document: Mapping[str, Any], form: type[_Form]) -> _Form:
    try:
        return msgspec.convert(document, form)
    except msgspec.ValidationError as wrong:
        raise WrongConfiguration(f"this is no call: {wrong}") from wrong
