"""Write calls as an HTTP Archive (HAR 1.2), without the secrets they carried."""

import base64
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import harfile

from docpact.core.exchange import SECRET_HEADERS, Headers, Request, Response, header

_ACCESS_KEY = re.compile(r"(?i)(acs +[^\s:]+:|ACS3-HMAC-SHA256 +Credential=[^\s,]+,).*")


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call as it happened."""

    request: Request
    response: Response
    started: float  # seconds since 1970
    seconds: float = 0.0


def masked(headers: Headers) -> Headers:
    """The headers with their secrets masked; the id of the access key stays visible."""
    return tuple((name, _masked(name, value)) for name, value in headers)


def har_text(calls: Iterable[RecordedCall], url: str) -> str:
    """The calls as a HAR document; `url` is that of the server, without a path."""
    stream = io.StringIO()
    with harfile.HarFile(stream, creator=harfile.Creator(name="docpact", version="1")) as har:
        for call in calls:
            milliseconds = call.seconds * 1000
            har.add_entry(
                startedDateTime=datetime.fromtimestamp(call.started, UTC),
                time=milliseconds,
                request=harfile.Request(
                    method=call.request.method,
                    url=url.rstrip("/") + call.request.target,
                    httpVersion="HTTP/1.1",
                    headers=_records(call.request.headers),
                    queryString=_query(call.request.target),
                ),
                response=harfile.Response(
                    status=call.response.status or 0,
                    statusText="",
                    httpVersion="HTTP/1.1",
                    headers=_records(call.response.headers),
                    content=_content(call.response),
                    bodySize=len(call.response.body),
                ),
                timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
            )
    return stream.getvalue()


def _masked(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS:
        return value
    return _ACCESS_KEY.sub(r"\1***", value) if _ACCESS_KEY.match(value) else "***"


def _records(headers: Headers) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in masked(headers)]


def _query(target: str) -> list[harfile.Record]:
    pairs = parse_qsl(target.partition("?")[2], keep_blank_values=True, errors="replace")
    return [harfile.Record(name=name, value=value) for name, value in pairs]


def _content(response: Response) -> harfile.Content:
    kind = header(response.headers, "Content-Type") or ""
    try:
        text, encoding = response.body.decode(), None
    except UnicodeDecodeError:
        text, encoding = base64.b64encode(response.body).decode(), "base64"
    return harfile.Content(size=len(response.body), mimeType=kind, text=text, encoding=encoding)
