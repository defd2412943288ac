"""The mock's controls under /_docpact/: its world, its faults, and the calls it answered."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from docpact.check import Checker
from docpact.core.errors import DocpactError
from docpact.faults import FAULTS
from docpact.mock.behaviour_faults import FaultChoice
from docpact.mock.explorer import explorer_routes
from docpact.mock.instances import judge_of, refuse_broken
from docpact.mock.lifecycle import settled
from docpact.mock.responses import json_object
from docpact.mock.world import ListedWorld, Values

if TYPE_CHECKING:  # the server makes the controls, so it is imported after them
    from docpact.generate.response_model import Value
    from docpact.mock.server import Mock

PREFIX: Final = "/_docpact"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

Handler = Callable[[Request], Awaitable[Response]]


def pages(mock: "Mock") -> Starlette:
    """The controls and the page for people, as an application of their own."""
    controls = _Controls(mock)
    routes = [
        Route(f"{PREFIX}/world", controls.world, methods=["GET", "POST", "PATCH", "DELETE"]),
        Route(f"{PREFIX}/faults", controls.faults, methods=["GET", "PUT"]),
        Route(f"{PREFIX}/reset", controls.reset, methods=["POST"]),
        Route(f"{PREFIX}/calls.har", controls.calls, methods=["GET", "DELETE"]),
        *explorer_routes(mock, PREFIX),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_OwnPagesOnly, url=mock.url)])


class _OwnPagesOnly:
    """Refuses what another site's page sends through somebody's browser."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        self._host = urlsplit(url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (why := self._why_not(Request(scope))):
            await JSONResponse({"error": why}, 403)(scope, receive, send)
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


def _answered(handler: Callable[["_Controls", Request], Awaitable[Response]]) -> Any:  # noqa: ANN401  # a method again
    @wraps(handler)
    async def answered(controls: "_Controls", request: Request) -> Response:
        try:
            return await handler(controls, request)
        except DocpactError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)

    return answered


class _Controls:
    """What can be looked at and changed while the mock runs."""

    def __init__(self, mock: "Mock") -> None:
        self._mock = mock
        contract = mock.app.endpoint.contract
        self._judge = judge_of(Checker(contract, mock.schemas))

    @_answered
    async def world(self, request: Request) -> Response:
        """List the instances, add one, change one, or remove one."""
        world = self._mock.world
        if request.method == "GET":
            return JSONResponse(_listed(world))
        if not isinstance(world, ListedWorld):
            return JSONResponse({"error": "in this world everything exists as it is"}, 409)
        instance = await json_object(request)
        value: Value = {"Instance": instance}
        names = world.keys.values_of(value)
        if request.method == "POST":
            value = refuse_broken(instance, "the instance", self._judge)
            world.add(value)
            return JSONResponse(_told(world, names), 201)
        found = world.stopped(names)
        if found is None:
            return JSONResponse({"error": f"there is no {'/'.join(names)}"}, 404)
        if request.method == "DELETE":
            world.remove(names)
            return Response(status_code=204)
        changed = settled(found, instance, world.life.clock())
        inner = changed["Instance"]
        refuse_broken(inner if isinstance(inner, dict) else {}, "the instance", self._judge)
        world.put(names, changed)
        return JSONResponse(_told(world, names))

    @_answered
    async def faults(self, request: Request) -> Response:
        """Tell the faults there are and those that show, or set the latter."""
        endpoint = self._mock.app.endpoint
        if request.method == "PUT":
            body = await json_object(request)
            names, rate = body.get("names", []), body.get("rate", 1.0)
            is_rate = isinstance(rate, int | float) and 0 <= rate <= 1
            if not isinstance(names, list) or not is_rate:
                return JSONResponse({"error": 'send {"names": [...], "rate": 1.0}'}, 400)
            endpoint.faults = FaultChoice.of(map(str, names), float(rate), endpoint.contract)
        return JSONResponse(
            {
                "names": endpoint.faults.names,
                "rate": endpoint.faults.rate,
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

    @_answered
    async def reset(self, request: Request) -> Response:
        """Make the world what it was, without faults and without calls."""
        await json_object(request)
        self._mock.reset()
        return Response(status_code=204)

    @_answered
    async def calls(self, request: Request) -> Response:
        """The last calls as an HTTP Archive, or none any more."""
        if request.method == "DELETE":
            self._mock.app.calls.clear()
            return Response(status_code=204)
        return Response(self._mock.har(), media_type="application/json")


def _listed(world: object) -> dict[str, Any]:
    if not isinstance(world, ListedWorld):
        return {"everything": True, "instances": []}
    instances = [_told(world, names) for names, _ in world.everything()]
    return {"everything": False, "instances": instances}


def _told(world: ListedWorld, names: Values) -> dict[str, Any]:
    value = world.stopped(names) or {}
    return {"names": names, "runs": world.runs(names), "Instance": value.get("Instance")}


def _hostname(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""
