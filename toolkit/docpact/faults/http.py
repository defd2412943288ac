"""The catalogue's faults of status, headers and transfer, and of failures."""

import re
from collections.abc import Callable, Iterator
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
    faults,
    fits_any,
)
from docpact.faults.parsed_response import Members

_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n"


def _success(
    rules: str, *rows: tuple[str, str, Callable[[Response], Response]], fits: Fits = fits_any
) -> Iterator[Fault]:
    """Faults of a success's status, headers or transfer."""
    for name, summary, change in rows:
        yield from faults(rules, (name, summary, _of_response(change)), fits=fits)


def _of_response(change: Callable[[Response], Response]) -> Change:
    return lambda answer: change(answer.response)


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


def _typed(content_type: str) -> Change:
    return lambda answer: _headed(answer.response, "Content-Type", content_type)


def _failure(
    rules: str,
    *rows: tuple[str, str, Callable[[Members], Members]],
    media: frozenset[Media] = BOTH,
    fits: Fits | None = None,
) -> Iterator[Fault]:
    """Faults of a failure's members."""
    fits = fits or _fails_as_the_vendor
    for name, summary, change in rows:
        row = (name, summary, _of_members(change))
        yield from faults(rules, row, media=media, shows=Shows.ON_ERRORS, fits=fits)


def _of_members(change: Callable[[Members], Members]) -> Change:
    return lambda answer: change(answer.members)


def _without(member: str) -> tuple[str, str, Change]:
    """Leaves out a member of a failure."""
    kebab = re.sub("(?<=[a-z])(?=[A-Z])", "-", member).lower()
    return (
        f"error-without-{kebab}",
        f"leaves out an error's {member}",
        lambda answer: answer.without(member),
    )


def _status(status: int) -> Change:
    return lambda answer: replace(answer.response, status=status)


HTTP_FAULTS = (
    *_success(
        "unexpected-status",
        ("redirect", "answers with status 302", lambda each: replace(each, status=302)),
        ("informational", "answers with status 199", lambda each: replace(each, status=199)),
    ),
    *_success(
        "success-under-error",
        ("success-under-500", "answers with status 500", lambda each: replace(each, status=500)),
        ("success-under-404", "answers with status 404", lambda each: replace(each, status=404)),
        fits=_tells_apart,
    ),
    *_success(
        "missing-content-type",
        (
            "no-content-type",
            "sends no Content-Type",
            lambda each: (
                _headed(each, "Content-Type", None)
                if len(each.headers) > 1
                else _headed(_headed(each, "Content-Type", None), "Server", "x")
            ),
        ),
    ),
    *_success(
        "empty-body",
        ("empty-body", "sends no body", lambda each: replace(each, body=b"")),
        ("no-content", "answers with status 204", lambda each: replace(each, body=b"", status=204)),
        ("blank-body", "sends only white space", lambda each: replace(each, body=b" \r\n")),
    ),
    *_success(
        "html-body",
        (
            "html-page",
            "sends an HTML page",
            lambda each: replace(_headed(each, "Content-Type", "text/html"), body=_HTML),
        ),
    ),
    *_success(
        "unknown-format",
        (
            "plain-text",
            "sends a sentence",
            lambda each: replace(
                _headed(each, "Content-Type", "text/plain"), body=b"OK, it runs\n"
            ),
        ),
    ),
    *_success(
        "wrong-length",
        (
            "short-transfer",
            "declares a longer body than it sends",
            lambda each: _headed(each, "Content-Length", str(len(each.body) + 10)),
        ),
        (
            "long-transfer",
            "declares a shorter body than it sends",
            lambda each: _headed(each, "Content-Length", str(max(len(each.body) - 10, 1))),
        ),
    ),
    *_success(
        "wrong-encoding",
        (
            "charset-lie",
            "declares a charset that the body is not in",
            lambda each: _headed(
                each,
                "Content-Type",
                "text/xml; charset=utf-16"
                if each.body.lstrip().startswith(b"<")
                else "application/json; charset=utf-16",
            ),
        ),
    ),
    *faults(
        "wrong-content-type",
        ("json-labelled-as-xml", "labels JSON as XML", _typed("application/xml")),
        media=JSON_ONLY,
    ),
    *faults(
        "wrong-content-type",
        ("xml-labelled-as-json", "labels XML as JSON", _typed("application/json")),
        media=XML_ONLY,
    ),
    *faults(
        "wrong-content-type",
        ("labelled-as-html", "labels its answers as HTML", _typed("text/html; charset=utf-8")),
        media=BOTH,
    ),
    *_failure(
        "missing-field",
        (
            "error-as-text",
            "leaves an error's members empty",
            lambda members: {**members, "Code": "", "Message": ""},
        ),
    ),
    *_failure(
        "wrong-type",
        (
            "error-code-as-number",
            "writes an error's code as a number",
            lambda members: {**members, "Code": 404},
        ),
        media=JSON_ONLY,
    ),
    *_failure(
        "wrong-name-case",
        (
            "camel-case-error",
            "writes an error's names like requestId",
            lambda members: {name[:1].lower() + name[1:]: value for name, value in members.items()},
        ),
    ),
    *_failure(
        "missing-field undocumented-field",
        (
            "error-of-its-own",
            "writes errors with other members",
            lambda members: {
                "RequestId": members["RequestId"],
                "HostId": members["HostId"],
                "Error": "not found",
            },
        ),
    ),
    *_failure(
        "undocumented-field",
        (
            "error-with-stack",
            "adds a stack trace to errors",
            lambda members: {**members, "StackTrace": "at com.example.Server"},
        ),
    ),
    *_failure(
        "wrong-format",
        (
            "error-request-id",
            "writes a RequestId of another form in errors",
            lambda members: {**members, "RequestId": f"r-{members['RequestId'][:8]}"},
        ),
        fits=_forms_request_ids,
    ),
    *(
        each
        for member in ("RequestId", "HostId", "Code", "Message")
        for each in faults(
            "missing-field", _without(member), shows=Shows.ON_ERRORS, fits=_requires(member)
        )
    ),
    *faults(
        "error-under-success",
        ("error-under-200", "sends errors with status 200", _status(200)),
        shows=Shows.ON_ERRORS,
        fits=_fails_as_the_vendor,
    ),
    *faults(
        "unexpected-status",
        ("error-under-302", "sends errors with status 302", _status(302)),
        shows=Shows.ON_ERRORS,
        fits=_has_failures,
    ),
    *faults(
        "xml-wrong-root",
        (
            "error-wrong-root",
            "names the root of an error ErrorResponse",
            lambda answer: answer.text(root="ErrorResponse"),
        ),
        media=XML_ONLY,
        shows=Shows.ON_ERRORS,
        fits=_has_failures,
    ),
)
