"""Sign requests as the vendor's clients do, wrongly on purpose too, and verify signatures.

All signatures are made here, and `Verifier.refusal` is where one is verified.

ROA signatures are what `aliyun-python-sdk-core` and `@alicloud/pop-core` send, ACS3-HMAC-SHA256 is
what `alibabacloud-tea-openapi` sends.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from docpact.core.exchange import Headers, Request, header

SKEW: Final = 15 * 60  # seconds that the sender's clock may differ from ours
DEFAULT_ACCEPT: Final = "application/xml"  # what the vendor answers with by default
_MOST_NONCES: Final = 100_000  # remembered within the time that a signature is valid
_LONGEST_STRING_TO_SIGN: Final = 2_000  # characters of what a server signed, in its message
_ACS3: Final = "ACS3-HMAC-SHA256"
_ROA = re.compile(r"acs +([^\s:]+):(\S+)")
_ACS3_PARTS = re.compile(
    rf"{_ACS3} +Credential=([^\s,]+), *SignedHeaders=([^\s,]+), *Signature=(\S+)"
)
_SECRET_HEADERS: Final = frozenset({"x-acs-security-token"})


@dataclass(frozen=True, slots=True)
class Key:
    """An access key; its secrets are kept out of its repr."""

    id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)  # of temporary keys (STS), sent along


@dataclass(frozen=True, slots=True)
class WrongSignature:
    """What makes a signature wrong on purpose."""

    secret: str = ""  # another secret, which is nobody's
    ending: str = ""  # what its last characters are replaced by
    leaves_out_query: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not accepted, in the vendor's words for it."""

    status: int
    code: str
    message: str


def signed(  # noqa: PLR0913  # all but two have defaults
    request: Request,
    key: Key,
    *,
    version: str = "",
    now: datetime | None = None,
    nonce: str | None = None,
    prefix: str = "",
) -> Request:
    """The request with a ROA signature and the headers that it covers.

    Headers that the request has already are kept; its Authorization is replaced. `prefix` is what
    travels before the target.
    """
    prepared = _prepared(request, key, version, now, nonce)
    travelling = replace(prepared, target=prefix + request.target)
    signature, _ = roa_signatures(travelling, key.secret)
    return _with_header(prepared, "Authorization", f"acs {key.id}:{signature}")


def wrongly_signed(
    request: Request, key: Key, wrong: WrongSignature, *, version: str = "", prefix: str = ""
) -> Request:
    """The request with a ROA signature that is wrong in one way."""
    target = request.target.partition("?")[0] if wrong.leaves_out_query else request.target
    key = replace(key, secret=wrong.secret or key.secret)
    made = signed(replace(request, target=target), key, version=version, prefix=prefix)
    authorization = header(made.headers, "Authorization") or ""
    if wrong.ending:
        same = authorization.endswith(wrong.ending)
        ending = wrong.ending.swapcase() if same else wrong.ending
        authorization = authorization[: -len(ending)] + ending
    headers = (*_without(made.headers, "Authorization"), ("Authorization", authorization))
    return replace(made, target=request.target, headers=headers)


def signed_acs3(request: Request, key: Key, *, version: str = "", action: str = "") -> Request:
    """The request with an ACS3-HMAC-SHA256 signature over all of its x-acs- headers."""
    made = replace(request, headers=_without(request.headers, "Authorization"))
    for name, value in (
        ("x-acs-action", action),
        ("x-acs-version", version),
        ("x-acs-date", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("x-acs-signature-nonce", secrets.token_hex(16)),
        ("x-acs-content-sha256", hashlib.sha256(b"").hexdigest()),
        ("x-acs-security-token", key.token),
    ):
        if value and header(made.headers, name) is None:
            made = _with_header(made, name, value)
    names = sorted({name.lower() for name, _ in made.headers if _is_covered(name)})
    signature = _acs3_signature(made, names, key.secret)
    said = f"Credential={key.id},SignedHeaders={';'.join(names)},Signature={signature}"
    return _with_header(made, "Authorization", f"{_ACS3} {said}")


def roa_signatures(request: Request, secret: str) -> list[str]:
    """The signatures that a request may have: clients sign its path either encoded or decoded."""
    return [_roa_signature(each, request, secret) for each in _resources(request.target)]


def resource_of(target: str) -> str:
    """What a ROA signature covers of a target that is signed encoded."""
    return _resource(target, decode=False)


@dataclass(slots=True)
class Verifier:
    """Accepts requests that are signed with one of its keys, in time, and not sent before."""

    secrets: Mapping[str, str]  # by the id of an access key
    skew: float = SKEW
    _nonces: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def refusal(self, request: Request, *, now: datetime | None = None) -> Refusal | None:
        """Why a request is refused, or None if its signature is right."""
        authorization = header(request.headers, "Authorization")
        if not authorization:
            return Refusal(
                400, "MissingAuthorization", "Authorization is mandatory for this action."
            )
        claim = _claim(authorization)
        if claim is None:
            message = "The Authorization header is malformed or has an unknown scheme."
            return Refusal(400, "IncompleteSignature", message)
        secret = self.secrets.get(claim.key_id)
        if secret is None:
            message = "Specified access key is not found."
            return Refusal(404, "InvalidAccessKeyId.NotFound", message)
        if not claim.fits(request, secret):
            return _mismatch(request, claim)
        return self._stale(request, now or datetime.now(UTC))

    def _stale(self, request: Request, now: datetime) -> Refusal | None:
        """Why a well-signed request is refused all the same: its time, or its nonce."""
        moment = _moment(request.headers)
        if moment is None:
            return Refusal(400, "MissingDate", "Date or x-acs-date is missing or is not a date.")
        if abs((now - moment).total_seconds()) > self.skew:
            message = "The date differs too much from the server's clock."
            return Refusal(400, "IllegalTimestamp", message)
        nonce = header(request.headers, "x-acs-signature-nonce")
        if nonce and not self._is_new(nonce, now.timestamp()):
            return Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        return None

    def _is_new(self, nonce: str, now: float) -> bool:
        while self._nonces:
            oldest, seen = next(iter(self._nonces.items()))
            if now - seen <= 2 * self.skew and len(self._nonces) < _MOST_NONCES:
                break
            del self._nonces[oldest]
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = now
        return True


@dataclass(frozen=True, slots=True)
class _Claim:
    """What an Authorization header claims."""

    key_id: str
    signature: str
    covered: tuple[str, ...] | None = None  # names of headers; none for a ROA signature

    def fits(self, request: Request, secret: str) -> bool:
        """Whether the signature is that of the request; every candidate takes the same time."""
        if self.covered is not None:
            if not self._covers_enough(request):
                return False
            return _same(self.signature, _acs3_signature(request, self.covered, secret))
        matches = [_same(self.signature, each) for each in roa_signatures(request, secret)]
        return any(matches)

    def _covers_enough(self, request: Request) -> bool:
        """Whether every x-acs- header that was sent is signed."""
        sent = {name.lower() for name, _ in request.headers if name.lower().startswith("x-acs-")}
        return sent <= set(self.covered or ())


def _claim(authorization: str) -> _Claim | None:
    if match := _ROA.fullmatch(authorization.strip()):
        return _Claim(match[1], match[2])
    if match := _ACS3_PARTS.fullmatch(authorization.strip()):
        return _Claim(match[1], match[3], tuple(match[2].lower().split(";")))
    return None


def _mismatch(request: Request, claim: _Claim) -> Refusal:
    if claim.covered is not None:
        names = [each for each in claim.covered if each not in _SECRET_HEADERS]
        ours = _canonical_request(request, names)
    else:
        masked = tuple(
            (name, "***" if name.lower() in _SECRET_HEADERS else value)
            for name, value in request.headers
        )
        resource = _resource(request.target, decode=False)
        ours = _string_to_sign(resource, replace(request, headers=masked))
    message = "Specified signature is not matched with our calculation. server string to sign is:"
    return Refusal(400, "SignatureDoesNotMatch", message + ours[:_LONGEST_STRING_TO_SIGN])


def _prepared(
    request: Request, key: Key, version: str, now: datetime | None, nonce: str | None
) -> Request:
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    made = replace(request, headers=_without(request.headers, "Authorization"))
    for name, value in (
        ("Accept", DEFAULT_ACCEPT),
        ("Date", format_datetime(moment, usegmt=True)),
        ("x-acs-version", version),
        ("x-acs-signature-method", "HMAC-SHA1"),
        ("x-acs-signature-version", "1.0"),
        ("x-acs-signature-nonce", nonce or secrets.token_hex(16)),
        ("x-acs-security-token", key.token),
    ):
        is_dated = name == "Date" and header(made.headers, "x-acs-date") is not None
        if value and not is_dated and header(made.headers, name) is None:
            made = _with_header(made, name, value)
    return made


def _roa_signature(resource: str, request: Request, secret: str) -> str:
    text = _string_to_sign(resource, request)
    digest = hmac.new(secret.encode(), text.encode("utf-8", "surrogateescape"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def _string_to_sign(resource: str, request: Request) -> str:
    firsts = [
        header(request.headers, name) or ""
        for name in ("Accept", "Content-MD5", "Content-Type", "Date")
    ]
    lines = [request.method, *firsts, *_canonical_headers(request.headers)]
    return "\n".join(lines) + f"\n{resource}"


def _canonical_headers(headers: Headers) -> Iterator[str]:
    covered = {name.lower() for name, _ in headers if name.lower().startswith("x-acs-")}
    for name in sorted(covered):
        yield f"{name}:{_values(headers, name)}"


def _values(headers: Headers, name: str) -> str:
    """All values of a header, so that no second value can be added to a signed one."""
    return ",".join(sorted(value.strip() for key, value in headers if key.lower() == name))


def _resources(target: str) -> list[str]:
    """What clients sign of a target: some sign the encoded path, some the decoded one."""
    return [_resource(target, decode=decode) for decode in (False, True)]


def _resource(target: str, *, decode: bool) -> str:
    """The path and the sorted query, whose values are signed as they were before encoding."""
    path, _, query = target.partition("?")
    if decode:
        path = unquote(path, errors="surrogateescape")
    pairs = sorted(_pairs(query), key=lambda pair: pair[0])
    written = "&".join(f"{name}={value}" if value is not None else name for name, value in pairs)
    return f"{path}?{written}" if written else path


def _pairs(query: str) -> Iterator[tuple[str, str | None]]:
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        plain = unquote(value.replace("+", " "), errors="surrogateescape")
        yield unquote(name.replace("+", " "), errors="surrogateescape"), plain if equals else None


def _acs3_signature(request: Request, covered: tuple[str, ...] | list[str], secret: str) -> str:
    whole = _canonical_request(request, covered).encode("utf-8", "surrogateescape")
    text = f"{_ACS3}\n{hashlib.sha256(whole).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _canonical_request(request: Request, covered: tuple[str, ...] | list[str]) -> str:
    path, _, query = request.target.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
    canonical = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs)
    lines = [f"{name}:{_values(request.headers, name)}\n" for name in covered]
    payload = header(request.headers, "x-acs-content-sha256") or ""
    return "\n".join(
        [request.method, path or "/", canonical, "".join(lines), ";".join(covered), payload]
    )


def _escaped(text: str) -> str:
    return quote(text, safe="~", errors="surrogateescape")


def _is_covered(name: str) -> bool:
    lower = name.lower()
    return lower.startswith("x-acs-") or lower in {"host", "content-type"}


def _moment(headers: Headers) -> datetime | None:
    """When a request says it was made."""
    text = header(headers, "x-acs-date") or header(headers, "Date") or ""
    try:
        is_iso = text[10:11] == "T"
        moment = datetime.fromisoformat(text) if is_iso else parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _without(headers: Headers, name: str) -> Headers:
    return tuple(each for each in headers if each[0].lower() != name.lower())


def _with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=(*request.headers, (name, value)))
