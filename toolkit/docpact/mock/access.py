"""Who may call the mock: signatures, and the faults that a server may have with them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal

from docpact.core.exchange import Request, header
from docpact.http.signing import Refusal, Verifier, roa_signatures

Auth = Literal["off", "optional", "required"]
DEFAULT_KEYS: Final = {"testid": "testsecret"}  # the vendor's pages use this pair as an example
_PREFIX: Final = 8  # characters that a careless server compares


@dataclass(slots=True)
class Access:
    """Whether requests must be signed, may be, or are not looked at."""

    auth: Auth = "off"
    verifier: Verifier = field(default_factory=lambda: Verifier(DEFAULT_KEYS))

    def refusal(self, request: Request, faults: Collection[str] = ()) -> Refusal | None:
        """Why a request is refused for its signature, or nothing."""
        if self.auth == "off":
            return None
        authorization = header(request.headers, "Authorization")
        if not authorization and self.auth == "optional":
            return None
        refusal = self.verifier.refusal(request)
        if refusal is None or (faults and self._is_let_in(request, authorization, refusal, faults)):
            return None
        return refusal

    def _is_let_in(
        self,
        request: Request,
        authorization: str | None,
        refusal: Refusal,
        faults: Collection[str],
    ) -> bool:
        """Whether a server with a fault overlooks what is wrong with a signature."""
        if not authorization:
            return "unsigned-accepted" in faults
        if refusal.code == "IncompleteSignature":
            return "any-scheme-accepted" in faults and not authorization.startswith("acs")
        if refusal.code == "InvalidAccessKeyId.NotFound":
            return "unknown-key-accepted" in faults
        if refusal.code != "SignatureDoesNotMatch":
            return False
        return (
            "any-signature-accepted" in faults
            or ("query-not-covered" in faults and self._fits_without_query(request))
            or (
                "signature-prefix-accepted" in faults and self._begins_right(request, authorization)
            )
        )

    def _fits_without_query(self, request: Request) -> bool:
        path = request.target.partition("?")[0]
        bare = Request(request.method, path, request.headers)
        return self.verifier.refusal(bare) is None

    def _begins_right(self, request: Request, authorization: str) -> bool:
        key_id, _, signature = authorization.removeprefix("acs").strip().partition(":")
        secret = self.verifier.secrets.get(key_id, "")
        return any(
            each[:_PREFIX] == signature[:_PREFIX] for each in roa_signatures(request, secret)
        )
