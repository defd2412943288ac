"""The catalogue's faults of status, headers and transfer, and of failures."""

from collections.abc import Callable
from dataclasses import replace

from docpact.contract import Contract, Kind, Media
from docpact.core.exchange import Headers, Response
from docpact.faults.fault import (
    BOTH,
    JSON_ONLY,
    XML_ONLY,
    Change,
    Fault,
    Fits,
    Shows,
    fault,
    fits_any,
)
from docpact.faults.parsed_response import Members, ParsedResponse

_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n"


def _success(
    name: str,
    summary: str,
    rule: str,
    change: Callable[[Response], Response],
    fits: Fits = fits_any,
) -> Fault:
    """A fault of a success's status, headers or transfer."""
    return fault(name, summary, rule, lambda answer: change(answer.response), fits=fits)


def _tells_apart(contract: Contract) -> bool:
    """Whether every success differs from the contract's failures by a structure."""
    if contract.failure is None:
        return False
    failing = {each.name.lower() for each in contract.failure.fields}
    needed = (each for each in contract.success.fields if each.required)
    return any(each.name.lower() not in failing and each.kind is Kind.STRUCT for each in needed)


def _requires(member: str) -> Callable[[Contract], bool]:
    """Whether the contract's failures must have a member."""

    def fits(contract: Contract) -> bool:
        field = contract.failure.find((member,)) if contract.failure else None
        return field is not None and field.required is not None

    return fits


def _has_failures(contract: Contract) -> bool:
    return contract.failure is not None


def _fails_as_the_vendor(contract: Contract) -> bool:
    return all(_requires(each)(contract) for each in ("RequestId", "HostId", "Code", "Message"))


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
    def change(answer: ParsedResponse) -> Response:
        return _headed(answer.response, "Content-Type", content_type)

    return fault(name, summary, "wrong-content-type", change, media)


def _failure(  # noqa: PLR0913  # the columns of the catalogue
    name: str,
    summary: str,
    rules: str,
    change: Callable[[Members], Members],
    media: frozenset[Media] = BOTH,
    *,
    fits: Fits | None = None,
) -> Fault:
    """A fault of a failure's members."""
    fits = fits or _fails_as_the_vendor
    return fault(
        name, summary, rules, lambda answer: change(answer.members), media, Shows.ON_ERRORS, fits
    )


def _without(name: str, member: str) -> Fault:
    def change(answer: ParsedResponse) -> Members:
        return answer.without(member)

    summary = f"leaves out an error's {member}"
    return fault(
        name, summary, "missing-field", change, shows=Shows.ON_ERRORS, fits=_requires(member)
    )


def _status(status: int) -> Change:
    return lambda answer: replace(answer.response, status=status)


HTTP_FAULTS = (
    _success(
        "redirect",
        "answers with status 302",
        "unexpected-status",
        lambda each: replace(each, status=302),
    ),
    _success(
        "informational",
        "answers with status 199",
        "unexpected-status",
        lambda each: replace(each, status=199),
    ),
    _success(
        "success-under-500",
        "answers with status 500",
        "success-under-error",
        lambda each: replace(each, status=500),
        _tells_apart,
    ),
    _success(
        "success-under-404",
        "answers with status 404",
        "success-under-error",
        lambda each: replace(each, status=404),
        _tells_apart,
    ),
    _success(
        "no-content-type",
        "sends no Content-Type",
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
        "answers with status 204",
        "empty-body",
        lambda each: replace(each, body=b"", status=204),
    ),
    _success(
        "blank-body",
        "sends only white space",
        "empty-body",
        lambda each: replace(each, body=b" \r\n"),
    ),
    _success(
        "html-page",
        "sends an HTML page",
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
        "declares a longer body than it sends",
        "wrong-length",
        lambda each: _headed(each, "Content-Length", str(len(each.body) + 10)),
    ),
    _success(
        "long-transfer",
        "declares a shorter body than it sends",
        "wrong-length",
        lambda each: _headed(each, "Content-Length", str(max(len(each.body) - 10, 1))),
    ),
    _success(
        "charset-lie",
        "declares a charset that the body is not in",
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
        "writes errors with other members",
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
        "writes a RequestId of another form in errors",
        "wrong-format",
        lambda members: {**members, "RequestId": f"r-{members['RequestId'][:8]}"},
        fits=_forms_request_ids,
    ),
    _without("error-without-request-id", "RequestId"),
    _without("error-without-host-id", "HostId"),
    _without("error-without-code", "Code"),
    _without("error-without-message", "Message"),
    fault(
        "error-under-200",
        "sends errors with status 200",
        "error-under-success",
        _status(200),
        shows=Shows.ON_ERRORS,
        fits=_fails_as_the_vendor,
    ),
    fault(
        "error-under-302",
        "sends errors with status 302",
        "unexpected-status",
        _status(302),
        shows=Shows.ON_ERRORS,
        fits=_has_failures,
    ),
    fault(
        "error-wrong-root",
        "names the root of an error ErrorResponse",
        "xml-wrong-root",
        lambda answer: answer.text(root="ErrorResponse"),
        XML_ONLY,
        Shows.ON_ERRORS,
        _has_failures,
    ),
)
