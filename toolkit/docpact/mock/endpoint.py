"""Answer calls as the page says, and with the faults that a call has.

`MockEndpoint.respond` picks the answer: the request is parsed, its signature checked, the instance
looked up in the world, the result written, and a fault applied.
"""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random, SystemRandom
from typing import Final, Literal

from docpact.contract import Contract, Media
from docpact.core.exchange import Headers, Request, Response, header
from docpact.core.serialize import json_text, xml_text
from docpact.faults import FAULTS
from docpact.faults.fault import Behaviour, RequestDefect, overlooks
from docpact.generate.response_model import Value
from docpact.http.signing import Refusal, Verifier, roa_signatures
from docpact.mock.behaviour_faults import (
    FAULT_HEADER,
    NOT_SHOWN,
    FaultChoice,
    ParsedPath,
    answer_despite,
    behaviours_of,
    with_fault,
    with_other_text,
)
from docpact.mock.request_parsing import (
    BAD_FORMAT,
    BAD_VERSION,
    BROKEN,
    NO_SUCH_API,
    NOT_ACCEPTABLE,
    WRONG_METHOD,
    Route,
    format_parameters,
    media_for,
    media_named,
    representable,
    route_of,
    values_at,
)
from docpact.mock.world import World, keys_of

HOST_ID: Final = "mock.docpact"
CONTENT_TYPES: Final = {
    Media.JSON: "application/json;charset=utf-8",
    Media.XML: "text/xml;charset=utf-8",
}
SLOW: Final = 10.5  # seconds, just more than the vendor's client waits
Auth = Literal["off", "optional", "required"]
DEFAULT_KEYS: Final = {"testid": "testsecret"}  # the vendor's pages use this pair as an example
_PREFIX: Final = 8  # characters that a careless server compares


@dataclass(slots=True)
class Access:
    """Whether requests must be signed, may be, or are not checked: `Verifier` checks them."""

    auth: Auth = "off"
    verifier: Verifier = field(default_factory=lambda: Verifier(DEFAULT_KEYS))

    def refusal(self, request: Request, faults: Sequence[Behaviour] = ()) -> Refusal | None:
        """Why a request is refused for its signature; None if it is not."""
        if self.auth == "off":
            return None
        authorization = header(request.headers, "Authorization")
        if not authorization and self.auth == "optional":
            return None
        refusal = self.verifier.refusal(request)
        if refusal is None or not faults:
            return refusal
        defects = self._defects(request, refusal)
        return None if any(overlooks(faults, each) for each in defects) else refusal

    def _defects(self, request: Request, refusal: Refusal) -> Iterator[RequestDefect]:
        """What is wrong with a signature, as far as a server may overlook it."""
        authorization = header(request.headers, "Authorization")
        if not authorization:
            yield RequestDefect.NO_SIGNATURE
        elif refusal.code == "IncompleteSignature" and not authorization.startswith("acs"):
            yield RequestDefect.OTHER_SCHEME
        elif refusal.code == "InvalidAccessKeyId.NotFound":
            yield RequestDefect.UNKNOWN_KEY
        elif refusal.code == "SignatureDoesNotMatch":
            yield RequestDefect.WRONG_SIGNATURE
            path = request.target.partition("?")[0]
            if self.verifier.refusal(replace(request, target=path)) is None:
                yield RequestDefect.QUERY_NOT_SIGNED
            if self._begins_right(request, authorization):
                yield RequestDefect.SIGNATURE_END

    def _begins_right(self, request: Request, authorization: str) -> bool:
        key_id, _, signature = authorization.removeprefix("acs").strip().partition(":")
        secret = self.verifier.secrets.get(key_id, "")
        return any(
            each[:_PREFIX] == signature[:_PREFIX] for each in roa_signatures(request, secret)
        )


@dataclass(frozen=True, slots=True)
class DelayedResponse:
    """A response, and how long to wait before it is sent."""

    response: Response
    delay: float = 0.0  # seconds
    hangs_up: bool = False  # instead of sending anything


@dataclass(slots=True)
class MockEndpoint:
    """One operation of a server: its contract, its world, and who may call it."""

    contract: Contract
    world: World
    access: Access = field(default_factory=Access)
    faults: FaultChoice = field(default_factory=FaultChoice)
    delay: float = 0.0  # seconds before each answer
    takes_fault_header: bool = True
    random: Random = field(default_factory=SystemRandom)
    _route: Route = field(init=False)
    _calls: int = field(init=False, default=0)
    _last_id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self._route = route_of(self.contract)

    def respond(self, request: Request) -> DelayedResponse:
        """What to send for a request, whatever it contains."""
        self._calls += 1
        names = self._faults_of(request)
        faults = behaviours_of(names)
        found = self._found(request, faults)
        always = (each.always_in for each in faults if each.always_in)
        media = next(always, None) or media_for(request)
        response = self._written(found, media, faults)
        if request.method == "HEAD":
            response = _without_body(response)
        elif names:
            response = self._with_fault(response, request, names)
        hangs_up = any(each.hangs_up(request.target) for each in faults)
        delay = self.delay + (SLOW if any(each.is_slow for each in faults) else 0)
        return DelayedResponse(response, delay, hangs_up)

    def _with_fault(self, response: Response, request: Request, names: Collection[str]) -> Response:
        """The response with a fault; a header says if a fault of the request cannot show here."""
        made = with_fault(response, names, self.random, self.contract)
        by_header = header(request.headers, FAULT_HEADER) and self.takes_fault_header
        if (
            not by_header
            or made is not response
            or any(FAULTS[each].is_behaviour for each in names)
        ):
            return made
        return replace(made, headers=(*made.headers, (FAULT_HEADER, NOT_SHOWN)))

    def refuse(self, refusal: Refusal, media: Media) -> Response:
        """The answer that refuses a call."""
        return self._written(refusal, media, ())

    def _faults_of(self, request: Request) -> tuple[str, ...]:
        named = header(request.headers, FAULT_HEADER) if self.takes_fault_header else None
        if named:
            return FaultChoice.of(filter(None, (each.strip() for each in named.split(",")))).names
        return self.faults.for_call(self.random)

    def _found(self, request: Request, faults: Sequence[Behaviour]) -> Value | Refusal:
        """The answer's value, or the first reason to refuse the call."""
        path, _, query = request.target.partition("?")
        values = values_at(self._route, path, faults)
        if values is NO_SUCH_API:
            return values
        refusal = (
            self._wrong_method(request, faults)
            or self.access.refusal(request, faults)
            or _wrong_query(query, faults)
            or self._wrong_header(request, faults)
        )
        if refusal is not None:
            return refusal
        if any(each.fails_call(self._calls) for each in faults):
            return BROKEN
        found = values if isinstance(values, Refusal) else self.world.find(values)
        if isinstance(found, Refusal) and faults:
            parsed = ParsedPath(self._route, path, values)
            return (
                answer_despite(parsed, found, self.world, keys_of(self.contract), faults) or found
            )
        return found

    def _wrong_method(self, request: Request, faults: Sequence[Behaviour]) -> Refusal | None:
        allowed = request.method in self._methods()
        ignored = overlooks(faults, RequestDefect.WRONG_METHOD)
        return None if allowed or ignored else WRONG_METHOD

    def _wrong_header(self, request: Request, faults: Sequence[Behaviour]) -> Refusal | None:
        version = header(request.headers, "x-acs-version")
        documented = self.contract.operation.version
        if version and documented and version != documented:
            return BAD_VERSION
        accept = header(request.headers, "Accept") or ""
        return NOT_ACCEPTABLE if any(each.refuses_accept(accept) for each in faults) else None

    def _written(
        self, found: Value | Refusal, media: Media, faults: Sequence[Behaviour]
    ) -> Response:
        if isinstance(found, Refusal):
            return self._refused(found, media, faults)
        value: Value = {**self._named(faults), **found}
        if any(each.differs_in is media for each in faults):
            value = with_other_text(value, self.contract)
        return _response(200, value, media, self.contract.success.root)

    def _named(self, faults: Sequence[Behaviour]) -> Value:
        """The call's id under the name that the page gives it, if there is one."""
        fields = self.contract.success.fields
        name = next((each.name for each in fields if each.name.lower() == "requestid"), None)
        return {} if name is None else {name: self._request_id(faults)}

    def _refused(self, refusal: Refusal, media: Media, faults: Sequence[Behaviour]) -> Response:
        value: Value = {
            "RequestId": self._request_id(faults),
            "HostId": HOST_ID,
            "Code": refusal.code,
            "Message": representable(refusal.message),  # it may repeat what was sent
        }
        root = self.contract.failure.root if self.contract.failure else "Error"
        response = _response(refusal.status, value, media, root)
        if refusal is not WRONG_METHOD or any(each.omits_allow for each in faults):
            return response
        allowed = ("Allow", ", ".join(self._methods()))
        return replace(response, headers=(*response.headers, allowed))

    def _methods(self) -> tuple[str, ...]:
        """The methods that are answered; HEAD goes with GET alone."""
        method = self.contract.operation.method
        return (method, "HEAD") if method == "GET" else (method,)

    def _request_id(self, faults: Sequence[Behaviour]) -> str:
        repeats = any(each.repeats_request_id(self._calls) for each in faults)
        if not self._last_id or not repeats:
            made = uuid.UUID(int=self.random.getrandbits(128), version=4)
            self._last_id = str(made).upper()
        return self._last_id


def _response(status: int, value: Value, media: Media, root: str) -> Response:
    text = json_text(value) if media is Media.JSON else xml_text(root, value)
    headers: Headers = (("Content-Type", CONTENT_TYPES[media]),)
    return Response(text.encode(), status, headers)


def _without_body(response: Response) -> Response:
    """The response to HEAD: that to GET without its body."""
    length = ("Content-Length", str(len(response.body)))
    return replace(response, body=b"", headers=(*response.headers, length))


def _wrong_query(query: str, faults: Sequence[Behaviour]) -> Refusal | None:
    formats = format_parameters(query)
    if not formats or overlooks(faults, RequestDefect.UNKNOWN_FORMAT):
        return None
    return BAD_FORMAT if media_named(formats[0]) is None else None
