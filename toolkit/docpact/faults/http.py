"""Faults of status, headers and transport, and of failures."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from docpact.contract import Contract, Kind, Media
from docpact.core.exchange import Headers, Response
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Change, Fault, Shows, fits_any, media_of
from docpact.faults.parsed_response import Members, changing_failure, opened, with_text

_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n"


def _success(
    name: str,
    summary: str,
    rule: str,
    change: Callable[[Response], Response],
    fits: Callable[[Contract], bool] = fits_any,
) -> Fault:
    """A fault of a success's status, headers or transport."""

    def changed(response: Response, _random: Random, _contract: Contract) -> Response | None:
        return change(response) if response.ok else None

    return Fault(name, summary, frozenset({rule}), change=changed, fits=fits)


def _tells_apart(contract: Contract) -> bool:
    """Whether every success shows that it is none of the contract's failures."""
    if contract.failure is None:
        return False
    failing = {each.name.lower() for each in contract.failure.fields}
    needed = (each for each in contract.success.fields if each.required)
    return any(each.name.lower() not in failing and each.kind is Kind.STRUCT for each in needed)


def _demands(member: str) -> Callable[[Contract], bool]:
    """Whether the contract's failures must have a member."""

    def fits(contract: Contract) -> bool:
        field = contract.failure.find((member,)) if contract.failure else None
        return field is not None and field.required is not None

    return fits


def _knows_failures(contract: Contract) -> bool:
    return contract.failure is not None


def _fails_as_the_vendor(contract: Contract) -> bool:
    return all(_demands(each)(contract) for each in ("RequestId", "HostId", "Code", "Message"))


def _forms_request_ids(contract: Contract) -> bool:
    """Whether a failure's RequestId has a form."""
    failing = contract.failure
    patterns = contract.constraints_on(failing).patterns if failing else ()
    return any(each.field == "RequestId" for each in patterns)


def _headed(response: Response, name: str, value: str | None) -> Response:
    """The response with a header replaced, or taken away."""
    kept: Headers = tuple(each for each in response.headers if each[0].lower() != name.lower())
    return replace(response, headers=kept if value is None else (*kept, (name, value)))


def _typed(name: str, summary: str, media: frozenset[Media], content_type: str) -> Fault:
    def changed(response: Response, _random: Random, _contract: Contract) -> Response | None:
        if not response.ok or media_of(response) not in media:
            return None
        return _headed(response, "Content-Type", content_type)

    return Fault(name, summary, frozenset({"wrong-content-type"}), media=media, change=changed)


def _failure(  # noqa: PLR0913  # one for each part of a fault
    name: str,
    summary: str,
    rules: str,
    change: Callable[[Members], Members],
    media: frozenset[Media] = BOTH,
    *,
    fits: Callable[[Contract], bool] = _fails_as_the_vendor,
) -> Fault:
    breaks = frozenset(rules.split())
    made = changing_failure(change)
    return Fault(name, summary, breaks, Shows.ON_ERRORS, media, change=made, fits=fits)


def _without(name: str, member: str) -> Fault:
    def change(members: Members) -> Members:
        return {key: value for key, value in members.items() if key != member}

    summary = f"leaves out an error's {member}"
    return _failure(name, summary, "missing-field", change, fits=_demands(member))


def _status(status: int) -> Change:
    def changed(response: Response, _random: Random, _contract: Contract) -> Response | None:
        return None if response.ok else replace(response, status=status)

    return changed


def _wrong_error_root(response: Response, _random: Random, contract: Contract) -> Response | None:
    parsed = opened(response, contract)
    if response.ok or parsed.is_json:
        return None
    return with_text(response, parsed.text(root="ErrorResponse"))


HTTP_FAULTS = (
    _success(
        "redirect", "answers under 302", "unexpected-status", lambda each: replace(each, status=302)
    ),
    _success(
        "informational",
        "answers under 199",
        "unexpected-status",
        lambda each: replace(each, status=199),
    ),
    _success(
        "success-under-500",
        "answers under 500",
        "success-under-error",
        lambda each: replace(each, status=500),
        _tells_apart,
    ),
    _success(
        "success-under-404",
        "answers under 404",
        "success-under-error",
        lambda each: replace(each, status=404),
        _tells_apart,
    ),
    _success(
        "no-content-type",
        "says no Content-Type",
        "missing-content-type",
        lambda each: (
            _headed(each, "Content-Type", None)
            if len(each.headers) > 1
            else _headed(_headed(each, "Content-Type", None), "Server", "x")
        ),
    ),
    _success("empty-body", "sends no body", "empty-body", lambda each: replace(each, body=b"")),
    _success(
        "no-content",
        "answers under 204",
        "empty-body",
        lambda each: replace(each, body=b"", status=204),
    ),
    _success(
        "blank-body", "sends white space", "empty-body", lambda each: replace(each, body=b" \r\n")
    ),
    _success(
        "html-page",
        "sends a page for people",
        "html-body",
        lambda each: replace(_headed(each, "Content-Type", "text/html"), body=_HTML),
    ),
    _success(
        "plain-text",
        "sends a sentence",
        "unknown-format",
        lambda each: replace(_headed(each, "Content-Type", "text/plain"), body=b"OK, it runs\n"),
    ),
    _success(
        "short-transfer",
        "announces more than it sends",
        "wrong-length",
        lambda each: _headed(each, "Content-Length", str(len(each.body) + 10)),
    ),
    _success(
        "long-transfer",
        "announces less than it sends",
        "wrong-length",
        lambda each: _headed(each, "Content-Length", str(max(len(each.body) - 10, 1))),
    ),
    _success(
        "charset-lie",
        "names a charset that the bytes are not in",
        "wrong-encoding",
        lambda each: _headed(
            each,
            "Content-Type",
            "text/xml; charset=utf-16"
            if each.body.lstrip().startswith(b"<")
            else "application/json; charset=utf-16",
        ),
    ),
    _typed("json-labelled-as-xml", "labels JSON as XML", JSON_ONLY, "application/xml"),
    _typed("xml-labelled-as-json", "labels XML as JSON", XML_ONLY, "application/json"),
    _typed("labelled-as-html", "labels its answers as HTML", BOTH, "text/html; charset=utf-8"),
    _failure(
        "error-as-text",
        "leaves an error's members empty",
        "missing-field",
        lambda members: {**members, "Code": "", "Message": ""},
    ),
    _failure(
        "error-code-as-number",
        "writes an error's code as a number",
        "wrong-type",
        lambda members: {**members, "Code": 404},
        JSON_ONLY,
    ),
    _failure(
        "camel-case-error",
        "writes an error's names like requestId",
        "wrong-name-case",
        lambda members: {name[:1].lower() + name[1:]: value for name, value in members.items()},
    ),
    _failure(
        "error-of-its-own",
        "writes errors in a shape of its own",
        "missing-field undocumented-field",
        lambda members: {
            "RequestId": members["RequestId"],
            "HostId": members["HostId"],
            "Error": "not found",
        },
    ),
    _failure(
        "error-with-stack",
        "adds a stack trace to errors",
        "undocumented-field",
        lambda members: {**members, "StackTrace": "at com.example.Server"},
    ),
    _failure(
        "error-request-id",
        "gives errors a RequestId of another form",
        "wrong-format",
        lambda members: {**members, "RequestId": f"r-{members['RequestId'][:8]}"},
        fits=_forms_request_ids,
    ),
    _without("error-without-request-id", "RequestId"),
    _without("error-without-host-id", "HostId"),
    _without("error-without-code", "Code"),
    _without("error-without-message", "Message"),
    Fault(
        "error-under-200",
        "sends errors under 200",
        frozenset({"error-under-success"}),
        Shows.ON_ERRORS,
        change=_status(200),
        fits=_fails_as_the_vendor,
    ),
    Fault(
        "error-under-302",
        "sends errors under 302",
        frozenset({"unexpected-status"}),
        Shows.ON_ERRORS,
        change=_status(302),
        fits=_knows_failures,
    ),
    Fault(
        "error-wrong-root",
        "names an error's root after something else",
        frozenset({"xml-wrong-root"}),
        Shows.ON_ERRORS,
        XML_ONLY,
        change=_wrong_error_root,
        fits=_knows_failures,
    ),
)
