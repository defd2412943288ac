"""The mock's controls under /_docpact/: its world, its faults, and the calls it answered."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from docpact.check import Checker
from docpact.core.errors import DocpactError
from docpact.faults import FAULTS
from docpact.mock.instances import instance_validator, valid_answer
from docpact.mock.state import Mock
from docpact.mock.world import ListedWorld, Values, World, settled
from docpact.report.json import as_text

PREFIX: Final = "/_docpact"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_READ: Final = 2**20

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(mock: Mock) -> list[Route]:
    """What can be looked at and changed while the mock runs."""
    controls = _Controls(mock)
    return [
        Route(f"{PREFIX}/{path}", with_reasons(handler), methods=methods)
        for path, handler, methods in (
            ("world", controls.world, ["GET", "POST", "PATCH", "DELETE"]),
            ("faults", controls.faults, ["GET", "PUT"]),
            ("reset", controls.reset, ["POST"]),
            ("calls.har", controls.calls, ["GET", "DELETE"]),
        )
    ]


class OwnPagesOnly:
    """Refuses what another site's page sends through somebody's browser."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        self._host = urlsplit(url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (why := self._why_not(Request(scope))):
            await json_response({"error": why}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _why_not(self, request: Request) -> str:
        host = _hostname(request.headers.get("host", ""))
        if self._host in _LOOPBACK and host not in _LOOPBACK:
            return "the controls answer to loopback names only"
        origin = request.headers.get("origin")
        if origin and origin.partition("://")[2] != request.headers.get("host"):
            return "the controls answer to their own page only"
        return ""


async def json_object(request: Request) -> dict[str, Any]:
    """The request's JSON object; empty without a body.

    Another site's page cannot send this content type without asking, and we never agree.
    Raises DocpactError if the body is something else.
    """
    whole = b""
    async for part in request.stream():
        whole += part
        if len(whole) > _MOST_READ:
            raise DocpactError("the body is larger than 1 MiB")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if content_type != "application/json":
        raise DocpactError("send a JSON object with Content-Type: application/json")
    try:
        document = json.loads(whole or b"{}")
    except (ValueError, RecursionError) as cause:
        raise DocpactError(f"the body is not JSON: {cause}") from cause
    if not isinstance(document, dict):
        raise DocpactError("the body is not a JSON object")
    return document


def json_response(document: object, status: int = 200) -> Response:
    """A document as JSON, whatever texts of an answer it holds."""
    return Response(as_text(document), status, media_type="application/json")


def with_reasons(handler: Handler) -> Handler:
    """A handler that says why it could not do its job."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except DocpactError as wrong:
            return json_response({"error": str(wrong)}, 400)

    return answered


class _Controls:
    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._validator = instance_validator(Checker(mock.contract, mock.schemas))

    async def world(self, request: Request) -> Response:
        """List the instances, add one, change one, or remove one."""
        world = self._mock.world
        if request.method == "GET":
            return json_response(_world_json(world))
        if not isinstance(world, ListedWorld):
            return json_response({"error": "every instance exists in this world as it is"}, 409)
        instance = await json_object(request)
        names = world.keys.values_of({"Instance": instance})
        if request.method == "POST":
            world.add(valid_answer(instance, "the instance", self._validator))
            return json_response(_instance_json(world, names), 201)
        found = world.stopped(names)
        if found is None:
            return json_response({"error": f"there is no instance {'/'.join(names)}"}, 404)
        if request.method == "DELETE":
            world.remove(names)
            return Response(status_code=204)
        changed = settled(found, instance, world.lifecycle.clock())
        inner = changed["Instance"]
        valid_answer(inner if isinstance(inner, dict) else {}, "the instance", self._validator)
        world.put(names, changed)
        return json_response(_instance_json(world, names))

    async def faults(self, request: Request) -> Response:
        """List all faults and those that are set, or set the latter."""
        if request.method == "PUT":
            body = await json_object(request)
            names, rate = body.get("names", []), body.get("rate", 1.0)
            is_rate = isinstance(rate, int | float) and 0 <= rate <= 1
            if not isinstance(names, list) or not is_rate:
                return json_response({"error": 'send {"names": [...], "rate": 1.0}'}, 400)
            self._mock.fault(*map(str, names), rate=float(rate))
        faults = self._mock.endpoint.faults
        return json_response(
            {
                "names": faults.names,
                "rate": faults.rate,
                "catalogue": [
                    {
                        "name": each.name,
                        "summary": each.summary,
                        "shows": each.shows.value,
                        "breaks": sorted(each.breaks),
                        "media": sorted(media.value for media in each.media),
                    }
                    for each in FAULTS.values()
                ],
            }
        )

    async def reset(self, request: Request) -> Response:
        """Go back to the first world, without faults and without calls."""
        await json_object(request)
        self._mock.reset()
        return Response(status_code=204)

    async def calls(self, request: Request) -> Response:
        """Return the last calls as an HTTP Archive, or forget them."""
        if request.method == "DELETE":
            self._mock.recorded.clear()
            return Response(status_code=204)
        return Response(self._mock.har(), media_type="application/json")


def _world_json(world: World) -> dict[str, Any]:
    if not isinstance(world, ListedWorld):
        return {"everything": True, "instances": []}
    instances = [_instance_json(world, names) for names, _ in world.everything()]
    return {"everything": False, "instances": instances}


def _instance_json(world: ListedWorld, names: Values) -> dict[str, Any]:
    value = world.stopped(names) or {}
    return {"names": names, "runs": world.runs(names), "Instance": value.get("Instance")}


def _hostname(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""
