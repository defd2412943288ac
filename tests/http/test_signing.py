"""Signatures are those of the vendor's own clients, and nothing else is accepted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from aliyunsdkcore.auth.algorithm import sha_hmac1
from aliyunsdkcore.auth.composer import roa_signature_composer as composer
from hypothesis import given
from hypothesis import strategies as st

from docpact.core.exchange import Request, header
from docpact.http.signing import (
    Key,
    Verifier,
    WrongSignature,
    roa_signatures,
    signed,
    signed_acs3,
    wrongly_signed,
)

KEY = Key("testid", "testsecret")
TEMPORARY = Key("testid", "testsecret", "sts-token")
VERSION = "2018-11-11"
TARGET = "/api/v2/projects/project1/jobs/job1/instances/123"
ASKED = Request("GET", TARGET)
NOW = datetime(2020, 9, 11, 3, 18, 55, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


def verifier():
    """One that knows the key."""
    return Verifier({KEY.id: KEY.secret})


def code_of(request, *, known=None, now=NOW):
    """Why a request is refused, in a word."""
    refusal = (known or verifier()).refusal(request, now=now)
    return refusal and refusal.code


def made(request=ASKED, key=KEY, *, now=NOW, nonce=None):
    """The request, signed."""
    return signed(request, key, version=VERSION, now=now, nonce=nonce)


def with_header(request, name, value):
    """The request with another value of a header."""
    others = tuple(each for each in request.headers if each[0].lower() != name.lower())
    return replace(request, headers=(*others, (name, value)))


def by_the_vendor(headers, queries, path=TARGET):
    """The ROA signature that the vendor's older SDK computes."""
    text = composer.compose_string_to_sign("GET", dict(queries), path, dict(headers), {})
    return sha_hmac1.get_sign_string(text, KEY.secret)


# --- The vendor's clients -------------------------------------------------------------------------

HEADERS = (
    ("Accept", "application/json"),
    ("Date", "Fri, 11 Sep 2020 03:18:55 GMT"),
    ("x-acs-version", VERSION),
    ("x-acs-region-id", "cn-hangzhou"),
    ("x-acs-signature-method", "HMAC-SHA1"),
    ("x-acs-signature-version", "1.0"),
)


def test_a_known_signature():
    """The signature is the one that the vendor's SDK once computed."""
    target = f"{TARGET}?RegionId=cn-hangzhou"
    expected = "v2crbd69bJ9TOFl8gXL9+DG9GEE="
    assert by_the_vendor(HEADERS, {"RegionId": "cn-hangzhou"}) == expected
    assert expected in roa_signatures(Request("GET", target, HEADERS), KEY.secret)


@pytest.mark.parametrize(
    "queries",
    [
        {},
        {"RegionId": "cn-hangzhou"},
        {"b": "2", "a": "1", "B": "3"},
        {"Format": "JSON", "x": "a b&c=d/e", "y": "中文", "empty": ""},
    ],
    ids=str,
)
def test_the_vendors_older_sdk_signs_like_that(queries):
    """The older SDK signs the decoded query, sorted by name, as we do."""
    query = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in queries.items())
    target = f"{TARGET}?{query}" if query else TARGET
    ours = roa_signatures(Request("GET", target, HEADERS), KEY.secret)
    assert by_the_vendor(HEADERS, queries) in ours


def test_the_vendors_newer_sdk_signs_like_that():
    """The newer SDK's ACS3-HMAC-SHA256 signature is the one that we compute."""
    utils = pytest.importorskip("alibabacloud_tea_openapi.utils").Utils
    query = {"RegionId": "cn-hangzhou", "a": "x y/中"}
    payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    headers = {
        "host": "foas.cn-hangzhou.aliyuncs.com",
        "x-acs-action": "GetInstance",
        "x-acs-version": VERSION,
        "x-acs-date": "2020-09-11T03:18:55Z",
        "x-acs-signature-nonce": "nonce-1",
        "x-acs-content-sha256": payload,
        "accept": "application/json",
    }
    asked = SimpleNamespace(method="GET", pathname=TARGET, query=query, headers=headers)
    told = utils.get_authorization(asked, "ACS3-HMAC-SHA256", payload, KEY.id, KEY.secret)
    encoded = "&".join(f"{name}={quote(value, safe='~')}" for name, value in query.items())
    request = Request("GET", f"{TARGET}?{encoded}", (*headers.items(), ("Authorization", told)))
    assert code_of(request) is None


# --- What is accepted -----------------------------------------------------------------------------


@given(names=st.lists(TEXTS, max_size=3), query=st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_what_we_sign_is_accepted(names, query):
    """The verifier accepts what we sign, for any names and queries."""
    path = "/" + "/".join(quote(each, safe="") for each in names)
    told = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    request = Request("GET", f"{path}?{told}" if query else path)
    assert code_of(made(request)) is None
    acs3 = signed_acs3(request, KEY, version=VERSION, action="GetInstance")
    assert code_of(acs3, now=datetime.now(UTC)) is None


@given(target=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40))
def test_any_target_can_be_signed(target):
    """A target with malformed escapes and queries can be signed, too."""
    assert code_of(made(Request("GET", f"/{target}"))) is None


def test_what_the_reader_set_is_kept_and_covered():
    """Headers of the caller are kept and signed; only Authorization is replaced."""
    headers = (("accept", "text/xml"), ("X-Acs-Region-Id", " cn "), ("Authorization", "acs a:b"))
    request = made(replace(ASKED, headers=headers), nonce="n")
    assert header(request.headers, "Accept") == "text/xml"
    assert [name for name, _ in request.headers].count("Authorization") == 1
    assert code_of(request) is None
    assert code_of(with_header(request, "x-acs-region-id", "us")) == "SignatureDoesNotMatch"


def test_a_temporary_key_sends_its_token_along():
    """The token of a temporary key is sent and signed."""
    request = made(key=TEMPORARY)
    assert header(request.headers, "x-acs-security-token") == "sts-token"
    assert code_of(request) is None


def test_a_prefix_is_signed_but_not_added():
    """The prefix of the endpoint is signed, but not added to the target."""
    request = signed(ASKED, KEY, now=NOW, prefix="/gateway")
    assert request.target == TARGET
    assert code_of(replace(request, target=f"/gateway{TARGET}")) is None
    assert code_of(request) == "SignatureDoesNotMatch"


def test_no_printed_form_holds_a_secret():
    """The repr of a key contains no secret."""
    assert "testsecret" not in repr(KEY)
    assert "sts-token" not in repr(TEMPORARY)


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [made, lambda each: signed_acs3(each, KEY, version=VERSION)])
class TestBothSchemes:
    """What must be refused, whichever scheme signed it."""

    def test_a_changed_target(self, sign):
        """A signature covers the path and the query."""
        now = datetime.now(UTC)
        request = sign(Request("GET", f"{TARGET}?Format=JSON"))
        for target in (f"{TARGET}?Format=XML", TARGET, f"{TARGET}4?Format=JSON"):
            changed = replace(request, target=target)
            assert code_of(changed, now=now) == "SignatureDoesNotMatch"

    def test_a_changed_method(self, sign):
        """A signature for GET is not valid for DELETE."""
        changed = replace(sign(ASKED), method="DELETE")
        assert code_of(changed) == "SignatureDoesNotMatch"

    def test_a_header_that_is_not_covered(self, sign):
        """An x-acs- header that is not signed is refused."""
        request = sign(ASKED)
        added = replace(request, headers=(*request.headers, ("x-acs-region-id", "cn")))
        assert code_of(added, now=datetime.now(UTC)) == "SignatureDoesNotMatch"

    @pytest.mark.parametrize("first", [True, False])
    def test_a_header_beside_the_one_that_is_covered(self, sign, first):
        """A second value beside a signed header is refused."""
        request = sign(replace(ASKED, headers=(("x-acs-region-id", "cn"),)))
        slipped = (("X-Acs-Region-Id", "us"),)
        headers = (*slipped, *request.headers) if first else (*request.headers, *slipped)
        added = replace(request, headers=headers)
        assert code_of(added, now=datetime.now(UTC)) == "SignatureDoesNotMatch"

    def test_an_altered_signature(self, sign):
        """A signature with another last character is refused."""
        request = sign(ASKED)
        value = header(request.headers, "Authorization")
        for altered in (f"{value[:-2]}zz", value[:-1], f"{value}A"):
            changed = with_header(request, "Authorization", altered)
            assert code_of(changed) == "SignatureDoesNotMatch"


def test_another_secret_is_refused():
    """A wrong secret is refused with the string that the server signed, without secrets."""
    request = made(key=Key("testid", "other", "sts-token"))
    refusal = verifier().refusal(request, now=NOW)
    assert (400, "SignatureDoesNotMatch") == (refusal.status, refusal.code)
    assert f"GET\napplication/xml\n\n\n{header(request.headers, 'Date')}\n" in refusal.message
    assert "testsecret" not in refusal.message
    assert "sts-token" not in refusal.message


def test_an_unknown_key_is_refused():
    """An access key id that does not exist is refused."""
    refusal = verifier().refusal(made(key=Key("nobody", "testsecret")), now=NOW)
    assert (404, "InvalidAccessKeyId.NotFound") == (refusal.status, refusal.code)


def test_a_signature_that_leaves_out_the_query_is_refused():
    """A signature must cover the query."""
    request = replace(made(), target=f"{TARGET}?Format=JSON")
    assert code_of(request) == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(0, None), (14, None), (-14, None), (16, "IllegalTimestamp"), (-16, "IllegalTimestamp")],
)
def test_a_date_holds_for_a_quarter_of_an_hour(minutes, code):
    """A date is accepted up to a quarter of an hour before and after now."""
    assert code == code_of(made(), now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "date", ["", "yesterday", "2020-13-45T99:00:00Z", "Fri, 99 Sep 2020 03:18:55 GMT", "9" * 400]
)
def test_a_date_that_is_none_is_refused(date):
    """A malformed date is refused, even if it is signed."""
    request = made(replace(ASKED, headers=(("Date", date),)))
    assert code_of(request) == "MissingDate"


def test_a_nonce_is_good_for_once():
    """A nonce is accepted once."""
    known = verifier()
    first, second = made(nonce="a"), made(nonce="b")
    codes = [code_of(each, known=known) for each in (first, first, second)]
    assert [None, "SignatureNonceUsed", None] == codes


def test_a_refused_request_uses_up_no_nonce():
    """The nonce of a refused request can still be used."""
    known = verifier()
    forged = made(key=Key("testid", "other"), nonce="a")
    codes = [code_of(each, known=known) for each in (forged, made(nonce="a"))]
    assert ["SignatureDoesNotMatch", None] == codes


def test_nonces_are_forgotten_when_their_date_would_be_refused():
    """Old nonces are forgotten, so that memory is bounded."""
    known = verifier()
    later = NOW + timedelta(hours=1)
    assert code_of(made(nonce="a"), known=known) is None
    assert code_of(made(nonce="a", now=later), known=known, now=later) is None
    assert len(known._nonces) == 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "MissingAuthorization"),
        ("", "MissingAuthorization"),
        ("acs", "IncompleteSignature"),
        ("acs testid", "IncompleteSignature"),
        ("acs testid:", "IncompleteSignature"),
        ("acs :abc", "IncompleteSignature"),
        ("Basic dGVzdGlkOnRlc3RzZWNyZXQ=", "IncompleteSignature"),
        ("Bearer testsecret", "IncompleteSignature"),
        ("ACS3-HMAC-SHA256 Credential=testid", "IncompleteSignature"),
        ("acs testid:é\udcff", "SignatureDoesNotMatch"),
        ("acs testid:====", "SignatureDoesNotMatch"),
        ("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=;,Signature=é", "SignatureDoesNotMatch"),
        ("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host,Signature=00", "SignatureDoesNotM"),
    ],
)
def test_a_malformed_authorization_is_refused(value, code):
    """A malformed Authorization has an error code of its own."""
    request = replace(ASKED, headers=() if value is None else (("Authorization", value),))
    assert code_of(request).startswith(code)


@given(value=st.text(max_size=60), target=st.text(max_size=30), date=st.text(max_size=30))
def test_nothing_that_comes_makes_the_verifier_fail(value, target, date):
    """No request makes the verifier crash."""
    headers = (("Authorization", f"acs testid:{value}"), ("Date", date), ("x-acs-a", value))
    assert code_of(Request("GET", target, headers)) in {
        "SignatureDoesNotMatch",
        "IncompleteSignature",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        WrongSignature(secret="another"),  # noqa: S106  # nobody's
        WrongSignature(ending="AAAA="),
        WrongSignature(leaves_out_query=True),
    ],
)
def test_a_wrong_signature_is_refused(wrong):
    """A request that is wrongly signed keeps its target, and is refused for its signature."""
    request = wrongly_signed(Request("GET", "/a?Format=JSON"), Key("testid", "testsecret"), wrong)
    assert "/a?Format=JSON" == request.target
    assert "SignatureDoesNotMatch" == verifier().refusal(request).code
