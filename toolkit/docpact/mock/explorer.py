"""The mock's page for people: fields with page lines, a call without computing a signature."""

import importlib.util
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from docpact.emit import openapi
from docpact.mock.explorer_call import Caller
from docpact.mock.explorer_contract import contract_told
from docpact.mock.responses import Handler, explained, json_object, told

if TYPE_CHECKING:  # the server makes the page, so it is imported after it
    from docpact.mock.server import Mock

_FOLDER: Final = Path(__file__).with_name("explorer_page")
_OWN: Final = (
    "answer.js",
    "dom.js",
    "explorer.css",
    "explorer.js",
    "favicon.svg",
    "faults.js",
    "fields.js",
    "pretty.js",
    "swagger.js",
)
_SWAGGER: Final = ("swagger-ui.css", "swagger-ui-bundle.js")
_NO_SWAGGER: Final = "Swagger UI is not installed here; `pip install flask-swagger-ui` brings it"
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


def explorer_routes(mock: "Mock", prefix: str) -> list[Route]:
    """The page at /, and what it asks for."""
    explorer = _Explorer(mock)
    return [
        Route("/", _file("index.html")),
        Route("/favicon.ico", _file("favicon.svg")),
        *(Route(f"{prefix}/explorer/{name}", _file(name)) for name in _OWN),
        *(Route(f"{prefix}/swagger/{name}", _swagger(name)) for name in _SWAGGER),
        Route(f"{prefix}/contract", explorer.contract),
        Route(f"{prefix}/openapi.json", explained(explorer.openapi)),
        Route(f"{prefix}/call", explained(explorer.call), methods=["POST"]),
        Route(f"{prefix}/sign", explained(explorer.sign), methods=["POST"]),
    ]


class _Explorer:
    """What the page asks of the mock that it is served by."""

    def __init__(self, mock: "Mock") -> None:
        self._mock = mock
        self._caller = Caller(mock)

    async def contract(self, request: Request) -> Response:
        """Tell what is documented, and whether calls are to be signed."""
        del request
        return told({**self._told, "auth": self._mock.app.endpoint.access.auth})

    async def openapi(self, request: Request) -> Response:
        """Tell the OpenAPI document, with this server as its only one."""
        del request
        return told({**self._document, "servers": [{"url": "/"}]})

    async def call(self, request: Request) -> Response:
        """Make a call, and tell what came of it."""
        return told(self._caller.called(await json_object(request)))

    async def sign(self, request: Request) -> Response:
        """Tell the headers that sign a call from elsewhere in the page."""
        return told({"headers": self._caller.signature(await json_object(request))})

    @cached_property
    def _told(self) -> dict[str, Any]:
        return contract_told(self._mock.app.endpoint.contract)

    @cached_property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load(openapi(self._mock.app.endpoint.contract))
        return document


def _file(name: str) -> Handler:
    return _served(_FOLDER / name)


def _swagger(name: str) -> Handler:
    """One of Swagger UI's files, or the way to have it."""
    found = importlib.util.find_spec("flask_swagger_ui")  # its code, and so Flask, stays unloaded
    if found is not None and found.origin is not None:
        path = Path(found.origin).with_name("dist") / name
        if path.is_file():
            return _served(path)

    async def missing(request: Request) -> Response:
        del request
        return told({"error": _NO_SWAGGER}, 404)

    return missing


def _served(path: Path) -> Handler:
    async def served(request: Request) -> Response:
        del request
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_HEADERS)

    return served
