"""Turn the bytes of a body into text: answers are UTF-8, whatever they claim."""

import codecs
import re
from dataclasses import dataclass

from docpact.check.breach import Breach, captured

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
    """A decoded body; the text is missing where the bytes are in no encoding that we know."""

    text: str | None
    breaches: tuple[Breach, ...]
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
    """UTF-16 or UTF-32, by the mark or by the zero bytes beside the first character."""
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
    breach = Breach(
        "wrong-encoding",
        f"the body is encoded in {name}; answers are encoded in UTF-8",
        line=1,
        expected="UTF-8",
        actual=name,
    )
    try:
        return Text(body.decode(encoding), (breach,))
    except UnicodeDecodeError:
        return Text(None, (breach,))


def _not_utf8(body: bytes, error: UnicodeDecodeError, charset: str | None) -> Breach:
    before = body[: error.start]
    claim = _declared(body) or charset
    as_claimed = f" (it claims to be {captured(claim)})" if claim else ""
    return Breach(
        "wrong-encoding",
        f"byte 0x{body[error.start]:02x} at offset {error.start} is not UTF-8{as_claimed}; "
        "the rest was not judged",
        line=before.count(b"\n") + 1,
        column=error.start - (before.rfind(b"\n") + 1) + 1,
        expected="UTF-8",
    )


def _false_claims(body: bytes, charset: str | None, *, is_ascii: bool) -> list[Breach]:
    """What the XML declaration or the Content-Type wrongly says of a body in UTF-8."""
    claims = [
        ("the XML declaration", _declared(body)),
        ("the Content-Type", charset),
    ]
    return [
        Breach(
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
