"""Turn the bytes of a body into text, which must be UTF-8 whatever the headers claim."""

import codecs
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from docpact.contract import Media
from docpact.core.exchange import MAX_BODY, Exchange
from docpact.core.span import Grade
from docpact.core.violation import Family, Rule, Value, ValuePath, Violation, captured, shown

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Four zero bytes in a row of UTF-32 look like two of UTF-16, so it comes first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded body; the text is missing where the encoding of the bytes is unknown."""

    text: str | None
    violations: tuple[Violation, ...]
    has_mark: bool = False  # a UTF-8 byte order mark came first and was taken off


def decoded(body: bytes, charset: str | None) -> Text:
    """The body as text, with what is wrong about its encoding.

    `charset` is what the Content-Type names, if anything.
    """
    wide = _wide_encoding(body)
    if wide:
        return _decoded_wide(body, wide)
    mark = body.startswith(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Text(None, (_not_utf8(body, error, charset),), mark)
    return Text(text, tuple(_false_claims(body, charset, is_ascii=text.isascii())), mark)


def _wide_encoding(body: bytes) -> str | None:
    """UTF-16 or UTF-32, by the mark or by the zero bytes next to the first character."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    if body[:1] in {b"{", b"[", b"<"} and body[1:2] == b"\0":
        return "utf-32-le" if body[1:4] == b"\0\0\0" else "utf-16-le"
    if body[:3] == b"\0\0\0":
        return "utf-32-be"
    if body[:1] == b"\0" and body[1:2] in {b"{", b"[", b"<"}:
        return "utf-16-be"
    return None


def _decoded_wide(body: bytes, encoding: str) -> Text:
    name = encoding[:6].upper()
    violation = Violation(
        "wrong-encoding",
        f"the body is encoded in {name}; answers are encoded in UTF-8",
        line=1,
        expected="UTF-8",
        actual=name,
    )
    try:
        return Text(body.decode(encoding), (violation,))
    except UnicodeDecodeError:
        return Text(None, (violation,))


def _not_utf8(body: bytes, error: UnicodeDecodeError, charset: str | None) -> Violation:
    before = body[: error.start]
    claim = _declared(body) or charset
    as_claimed = f" (it claims to be {captured(claim)})" if claim else ""
    return Violation(
        "wrong-encoding",
        f"byte 0x{body[error.start]:02x} at offset {error.start} is not UTF-8{as_claimed}; "
        "the rest was not judged",
        line=before.count(b"\n") + 1,
        column=error.start - (before.rfind(b"\n") + 1) + 1,
        expected="UTF-8",
    )


def _false_claims(body: bytes, charset: str | None, *, is_ascii: bool) -> list[Violation]:
    """What the XML declaration or the Content-Type wrongly says of a body in UTF-8."""
    claims = [
        ("the XML declaration", _declared(body)),
        ("the Content-Type", charset),
    ]
    return [
        Violation(
            "wrong-encoding",
            f"{who} says {captured(claim)}; the bytes are UTF-8",
            line=1,
            expected="UTF-8",
            actual=claim,
        )
        for who, claim in claims
        if claim is not None and not _is_true(claim, is_ascii=is_ascii)
    ]


def _declared(body: bytes) -> str | None:
    declared = _DECLARED.match(body)
    return declared[1].decode("ascii") if declared else None


def _is_true(claim: str, *, is_ascii: bool) -> bool:
    """Whether bytes that are UTF-8 are in the claimed encoding too, as ASCII is in most."""
    try:
        return codecs.lookup(claim).name == "utf-8" or (is_ascii and "a".encode(claim) == b"a")
    except (LookupError, ValueError):
        return False


_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?xml[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_JSON = re.compile(rb"[{\[\"]|-?[0-9]|(?:true|false|null|NaN|-?Infinity)\s*+\Z")
_LOOKED_AT = 4096  # bytes, behind the blanks that some servers send to keep a connection alive
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def media_of(body: bytes) -> Media | None:
    """The format that the first characters can belong to, or nothing."""
    start = _start_of(body)
    if start.startswith(b"<"):
        return Media.XML
    return Media.JSON if _JSON.match(start) else None


def _start_of(body: bytes) -> bytes:
    return body.lstrip(_BLANK)[:_LOOKED_AT]


_NOT_MODIFIED: Final = 304


def has_no_body(exchange: Exchange) -> bool:
    """Whether HTTP itself leaves out the body."""
    request, status = exchange.request, exchange.response.status
    return status == _NOT_MODIFIED or (request is not None and request.method == "HEAD")


def why_unread(exchange: Exchange) -> Violation | None:
    """Why a body cannot be decoded at all; nothing if it can, or if HTTP leaves it out."""
    data = exchange.response.body
    if not data.strip():
        return None if has_no_body(exchange) else Violation("empty-body", "the answer has no body")
    if len(data) > MAX_BODY:
        message = f"the body is larger than {MAX_BODY // 2**20} MiB and was not checked"
        return Violation("body-limit", message, expected=MAX_BODY)
    if _HTML.match(_start_of(data)):
        status = exchange.response.status
        with_status = f" with status {status}" if status is not None else ""
        message = f"the body is an HTML page instead of an answer{with_status}"
        return Violation("html-body", message, line=1)
    if media_of(data) is None:
        start = data[:60].decode("utf-8", "replace").strip()
        message = f"the body is neither JSON nor XML: {shown(start)}"
        return Violation("unknown-format", message, line=1, actual=start)
    return None


MAX_DEPTH = 64  # levels of nesting
MAX_PARTS = 200_000  # members, items or elements

Position = tuple[int, int | None]  # line and column within the body, counted from 1
Positions = Callable[[Set[ValuePath]], Mapping[ValuePath, Position]]


def _nowhere(_paths: Set[ValuePath]) -> Mapping[ValuePath, Position]:
    return {}


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says; nothing where it cannot be parsed."""

    media: Media
    violations: tuple[Violation, ...]  # of the format itself
    readable: bool = False
    value: Value = None
    root: str | None = None  # of an XML document
    texts: Mapping[ValuePath, str] = field(default_factory=dict)  # XML only: leaves as written
    positions_of: Positions = _nowhere  # where some paths are, looked up all at once

    @property
    def members(self) -> dict[str, Value] | None:
        """The value if it is an object."""
        return self.value if isinstance(self.value, dict) else None


BODY_RULES: Final = (
    Rule(
        "empty-body",
        Family.BODY,
        Grade.STATED,
        "The answer has no body",
        "Successes and failures have a body in JSON or XML.",
        "HTTP/1.1 200 OK with Content-Length: 0",
        "None known: an answer to HEAD has no body by definition and is not reported.",
    ),
    Rule(
        "unknown-format",
        Family.BODY,
        Grade.STATED,
        "The body is neither JSON nor XML",
        "The body starts with something that no JSON or XML document can start with.",
        "Service Unavailable",
        "A server behind a gateway that answers in plain text when it is overloaded or refuses a "
        "call.",
    ),
    Rule(
        "html-body",
        Family.BODY,
        Grade.STATED,
        "The body is an HTML page",
        "The body is a web page instead of an answer, often from a proxy or a login form.",
        "<!DOCTYPE html><html>…",
        "A server behind a proxy or a web server that answers with its own pages, for example for "
        "502 or 404. Where `docpact test` sends a malformed request, such a refusal is not "
        "reported.",
    ),
    Rule(
        "body-limit",
        Family.BODY,
        Grade.STATED,
        "The body is beyond docpact's limits and was not checked",
        "The body is much larger or more deeply nested than any documented answer. It is reported "
        "and not read, so that a hostile body costs neither memory nor time.",
        "[[[[… a hundred levels deep",
        "An answer of more than 16 MiB, 200,000 members, as many attributes, or 64 levels.",
    ),
    Rule(
        "wrong-encoding",
        Family.BODY,
        Grade.STATED,
        "The body is not in UTF-8, or claims to be in another encoding",
        "Answers are encoded in UTF-8. The bytes are not UTF-8, or an XML declaration or a charset "
        "names an encoding that the bytes are not in.",
        '<?xml version="1.0" encoding="GBK"?> before UTF-8 bytes',
        "A server whose clients all use the encoding that its headers or its XML declaration name; "
        "and a capture that was saved again in another encoding.",
    ),
    Rule(
        "byte-order-mark",
        Family.BODY,
        Grade.IMPLIED,
        "A UTF-8 byte order mark comes before the body",
        "JSON must not start with a byte order mark (RFC 8259, section 8.1) and many parsers "
        "refuse it. XML allows one, so only JSON is checked.",
        "EF BB BF 7B …",
        "A server whose clients all skip the mark.",
    ),
)
