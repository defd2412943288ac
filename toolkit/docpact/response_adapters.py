"""Accept the responses of any HTTP client or test client; none of them is imported."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from docpact.contract import Contract
from docpact.contract.path_template import instance_request
from docpact.core.errors import DocpactError
from docpact.core.exchange import Exchange, Headers, Request, Response, Source

_TRIPLE: Final = 3
_FORMS: Final = (
    "Give a response of httpx, requests, aiohttp, urllib3, Django, Flask or Starlette, the bytes "
    "of a body, or (status, headers, body)."
)


class UnknownAnswer(DocpactError):
    """An object is not a response that can be judged."""


def exchange_of(
    answer: object,
    contract: Contract,
    *,
    request: Request | str | None = None,
    status: int | None = None,
) -> Exchange:
    """The exchange of an answer; `request` and `status` give what the answer does not have.

    Raises UnknownAnswer if it is not an answer.
    """
    if isinstance(answer, Exchange):
        return answer
    if isinstance(request, str):
        request = instance_request(request, contract)
    response = _response(answer, status)
    request = request or _request(answer)
    source = Source(f"{request.method} {request.target[:200]}" if request else "answer")
    return Exchange(response, source, request)


def parts_of(answer: object) -> tuple[Response, Request | None]:
    """The response, and the request if the answer has it.

    Raises UnknownAnswer if it is not an answer.
    """
    return _response(answer, None), _request(answer)


def _response(answer: object, status: int | None) -> Response:
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, str | bytes | bytearray | memoryview):
        return Response(_bytes(answer), status)
    if isinstance(answer, tuple) and len(answer) == _TRIPLE:
        code, headers, body = answer
        if not isinstance(code, int):
            raise UnknownAnswer(f"the status of an answer cannot be {code!r}", hint=_FORMS)
        return Response(_bytes(body), int(code), _headers(headers))
    code = getattr(answer, "status_code", None)
    if code is None:
        code = getattr(answer, "status", None)
    headers = getattr(answer, "headers", None)
    if not isinstance(code, int) or headers is None:
        raise UnknownAnswer(
            f"{type(answer).__name__} is not an answer that docpact knows", hint=_FORMS
        )
    return Response(_body(answer), int(code), _headers(headers), _seconds(answer))


def _body(answer: Any) -> bytes:  # noqa: ANN401  # duck typing
    """The body of an answer, which must have been read where reading takes an await."""
    client = type(answer).__module__.partition(".")[0]
    if client == "aiohttp":
        if answer._body is None:  # noqa: SLF001  # the only way to tell without awaiting
            raise UnknownAnswer(
                "the body of this aiohttp response was not read yet",
                hint="Await response.read() first.",
            )
        return bytes(answer._body)  # noqa: SLF001  # as above
    if client == "django" and getattr(answer, "streaming", False):
        return bytes(answer.getvalue())
    for name in ("content", "data"):
        found = getattr(answer, name, None)
        if isinstance(found, bytes | bytearray | str):
            return _bytes(found)
    if callable(read := getattr(answer, "read", None)):
        found = read()
        if isinstance(found, bytes):
            return found
    raise UnknownAnswer(f"the body of this {type(answer).__name__} cannot be read", hint=_FORMS)


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise UnknownAnswer(f"a body is bytes or text, not {type(body).__name__}", hint=_FORMS)


def _headers(headers: Any) -> Headers:  # noqa: ANN401  # duck typing
    pairs: Iterable[tuple[object, object]]
    if callable(several := getattr(headers, "multi_items", None)):
        pairs = several()
    elif isinstance(headers, Mapping) or callable(getattr(headers, "items", None)):
        pairs = headers.items()
    else:
        pairs = headers or ()
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _seconds(answer: Any) -> float | None:  # noqa: ANN401  # duck typing
    try:
        return float(answer.elapsed.total_seconds())
    except (AttributeError, RuntimeError):  # httpx knows it only once the body is read
        return None


def _request(answer: object) -> Request | None:
    """The request, if the answer has it."""
    try:
        sent: Any = getattr(answer, "request", None)
    except RuntimeError:  # httpx: "The request instance has not been set"
        return None
    if isinstance(sent, Mapping) and "PATH_INFO" in sent:  # Django's test client
        query = str(sent.get("QUERY_STRING") or "")
        target = _quoted(str(sent["PATH_INFO"])) + (f"?{query}" if query else "")
        return Request(str(sent.get("REQUEST_METHOD", "GET")), target)
    if sent is None:
        method, url = getattr(answer, "method", None), getattr(answer, "url", None)
        path = getattr(url, "raw_path_qs", None)  # aiohttp
        return Request(method, path) if isinstance(method, str) and path else None
    found = _target(sent)
    if found is None:
        return None
    return Request(str(sent.method or "GET"), found, _headers(sent.headers))


def _target(sent: Any) -> str | None:  # noqa: ANN401  # duck typing
    path_url = getattr(sent, "path_url", None)  # requests
    if isinstance(path_url, str):
        return path_url
    raw = getattr(getattr(sent, "url", None), "raw_path", None)  # httpx
    if isinstance(raw, bytes):
        return raw.decode("ascii", "replace")
    full = getattr(sent, "full_path", None)  # Flask
    if isinstance(full, str):
        path, _, query = full.partition("?")
        return _quoted(path) + (f"?{query}" if query else "")
    return None


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/%")
