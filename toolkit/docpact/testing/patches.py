"""See the calls of HTTP clients without changing them, by patches that can be undone."""

import functools
import importlib
import importlib.util
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.http.content_encoding import left_packed, unpacked

OnCall = Callable[[str, Callable[[], Exchange | None]], None]  # a URL, and its exchange once read

_INSIDE: ContextVar[bool] = ContextVar("docpact_inside", default=False)

# Where clients send: the module, the class, the method, and whether it is awaited.
_CLIENTS: Final = (
    ("requests.sessions", "Session", "send", False),
    ("aliyunsdkcore.vendored.requests.sessions", "Session", "send", False),
    ("httpx", "Client", "send", False),
    ("httpx", "AsyncClient", "send", True),
    ("httpx2", "Client", "send", False),
    ("httpx2", "AsyncClient", "send", True),
    ("urllib3.connectionpool", "HTTPConnectionPool", "urlopen", False),
)
_CASSETTE: Final = ("vcr.cassette", "Cassette")


@dataclass(slots=True)
class Patches:
    """Patches of the clients that are installed, until `undo`."""

    on_call: OnCall
    _undo_steps: list[Callable[[], None]] = field(default_factory=list)

    def apply(self) -> None:
        """Patch every client that can be imported."""
        for module, owner, name, is_async in _CLIENTS:
            found = _class(module, owner)
            if found is not None:
                wrap = _async if is_async else _sync
                self._replace(found, name, wrap(getattr(found, name), self.on_call))
        cassette = _class(*_CASSETTE)
        if cassette is not None:
            self._replace(
                cassette, "play_response", _replaying(cassette.play_response, self.on_call)
            )
            self._replace(cassette, "append", _recording(cassette.append, self.on_call))

    def undo(self) -> None:
        """Restore the clients."""
        while self._undo_steps:
            self._undo_steps.pop()()

    def _replace(self, owner: Any, name: str, made: object) -> None:  # noqa: ANN401  # any class
        before = owner.__dict__[name]
        setattr(owner, name, made)
        self._undo_steps.append(lambda: setattr(owner, name, before))


def _class(module: str, name: str) -> Any:  # noqa: ANN401  # any class
    top = module.partition(".")[0]
    if importlib.util.find_spec(top) is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # not about the tests
            found = importlib.import_module(module)
    except ImportError:
        return None
    return getattr(found, name, None)


@contextmanager
def _outermost() -> Iterator[bool]:
    """Whether no other client makes this call through the patched one: requests uses urllib3."""
    is_outermost = not _INSIDE.get()
    token = _INSIDE.set(True)
    try:
        yield is_outermost
    finally:
        _INSIDE.reset(token)


def _sync(original: Callable[..., Any], on_call: OnCall) -> Callable[..., Any]:
    @functools.wraps(original)
    def send(client: object, *arguments: object, **options: object) -> object:
        with _outermost() as is_outermost:
            response = original(client, *arguments, **options)
        if is_outermost:
            _report(client, arguments, response, on_call)
        return response

    return send


def _async(original: Callable[..., Any], on_call: OnCall) -> Callable[..., Any]:
    @functools.wraps(original)
    async def send(client: object, *arguments: object, **options: object) -> object:
        with _outermost() as is_outermost:
            response = await original(client, *arguments, **options)
        if is_outermost:
            _report(client, arguments, response, on_call)
        return response

    return send


def _report(client: Any, arguments: tuple[Any, ...], response: Any, on_call: OnCall) -> None:  # noqa: ANN401  # any client
    request = getattr(response, "request", None)
    if request is None:  # urllib3
        if len(arguments) > 1:
            sent = Request(str(arguments[0]), str(arguments[1]))
            url = f"{client.scheme}://{client.host}:{client.port}{sent.target}"
            on_call(url, lambda: _read(response, sent))
        return
    for each in (*(getattr(response, "history", None) or ()), response):
        on_call(str(each.request.url), functools.partial(_read, each))


def _read(response: Any, sent: Request | None = None) -> Exchange | None:  # noqa: ANN401  # any client
    """The exchange as the test has read it; None if it has not read the body."""
    from docpact.response_adapters import parts_of

    unread: object = False
    names = ("_content",) if sent is None else ("_body",)
    body = next((getattr(response, name, unread) for name in names), unread)
    if not isinstance(body, bytes):
        return None
    received, request = parts_of(response)
    request = sent or request
    where = f"{request.method} {request.target[:200]}" if request else "answer"
    return Exchange(received, Source(where), request)


def _replaying(original: Callable[..., Any], on_call: OnCall) -> Callable[..., Any]:
    @functools.wraps(original)
    def play_response(cassette: Any, request: Any) -> object:  # noqa: ANN401  # vcrpy's own
        response = original(cassette, request)
        _report_cassette(cassette, request, response, on_call)
        return response

    return play_response


def _recording(original: Callable[..., Any], on_call: OnCall) -> Callable[..., Any]:
    @functools.wraps(original)
    def append(cassette: Any, request: Any, response: Any) -> object:  # noqa: ANN401  # vcrpy's own
        _report_cassette(cassette, request, response, on_call)
        return original(cassette, request, response)

    return append


def _report_cassette(cassette: Any, request: Any, response: Any, on_call: OnCall) -> None:  # noqa: ANN401  # vcrpy's own
    if isinstance(response, dict):
        url, path = str(request.uri), str(getattr(cassette, "_path", "cassette"))
        on_call(url, lambda: _in_cassette(path, request, response))


def _in_cassette(path: str, request: Any, response: dict[str, Any]) -> Exchange | None:  # noqa: ANN401  # vcrpy's own
    """The exchange of a cassette; None if its body cannot be decompressed here."""
    headers = tuple(
        (str(name), str(value))
        for name, values in (response.get("headers") or {}).items()
        for value in ([values] if isinstance(values, str) else values)
    )
    body = (response.get("body") or {}).get("string") or b""
    body = body.encode() if isinstance(body, str) else body
    target = target_of(str(request.uri))
    sent = Request(
        str(request.method), target, tuple((str(k), str(v)) for k, v in request.headers.items())
    )
    status = int((response.get("status") or {}).get("code", 0)) or None
    source = Source(f"{path} ({sent.method} {target[:200]})")
    body = unpacked(body, headers)
    if left_packed(body, headers):
        return None
    return Exchange(Response(body, status, headers), source, sent)


def target_of(url: str) -> str:
    """Path and query of a URL, as they are sent."""
    rest = url.partition("://")[2]
    slash = rest.find("/")
    return rest[slash:].partition("#")[0] if slash >= 0 else "/"
