"""`docpact call`: call an endpoint and judge its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import click

from docpact.cli.console import say
from docpact.cli.options import (
    chosen_checker,
    chosen_key,
    chosen_settings,
    color_option,
    endpoint_option,
    judging_options,
    key_options,
    output_option,
    referenced_request,
    referenced_values,
    styling,
    warn_of_plain_http,
    write,
)
from docpact.contract import Contract, Place
from docpact.core.exchange import SECRET_HEADERS, Exchange, Request, Response, Source
from docpact.core.exit_code import exit_code
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.settings import Settings

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.check import Checker, Judgement
    from docpact.http.signing import Key
    from docpact.report.terminal import Style

_EPILOG = """\b
Examples:
  docpact call project1/job1/123
  docpact call http://127.0.0.1:8000 project1/job1/123 --body json
  docpact call https://foas.cn-hangzhou.aliyuncs.com project1/job1/-1 --include
  docpact call https://foas.cn-hangzhou.aliyuncs.com project1/job1/123 --code curl
"""
_REFERENCE: Final = "PROJECT/JOB/ID"


@dataclass(frozen=True, slots=True)
class _View:
    """How the answer is shown."""

    format: str
    output: str | None
    color: str
    include: bool
    raw: bool
    notes: bool


@dataclass(frozen=True, slots=True)
class _Code:
    """Which code to print, and for which call."""

    language: str
    reference: str
    body: str
    region: str
    signs: bool  # whether there is a key to sign with


@click.command("call", epilog=_EPILOG, short_help="Call an endpoint and judge its answer.")
@click.argument("where", nargs=-1, required=True, metavar=f"[URL] {_REFERENCE}")
@click.option(
    "--body",
    type=click.Choice(["json", "xml"]),
    help="Ask for this format by the query parameter Format.",
)
@click.option("--accept", metavar="TYPE", help="Send this Accept header.")
@click.option("--region", metavar="ID", help="Send this region, as x-acs-region-id.")
@key_options
@click.option("-i", "--include", is_flag=True, help="Show status and headers too.")
@click.option("--raw", is_flag=True, help="Write only the body, byte for byte.")
@click.option(
    "--code",
    type=click.Choice(["python", "curl", "httpx"]),
    help="Print code that makes the call, without making it.",
)
@endpoint_option("insecure")
@endpoint_option("timeout", default=30.0)
@judging_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="The answer and its findings for people, or only the report as JSON.",
)
@output_option
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    where: tuple[str, ...],
    body: str | None,
    accept: str | None,
    region: str | None,
    access_key_id: str | None,
    access_key_secret: str | None,
    sts_token: str | None,
    include: bool,
    raw: bool,
    code: str | None,
    insecure: bool,
    timeout: float,
    format_: str,
    output: str | None,
    color: str,
    verbose: bool,
    **options: object,
) -> None:
    """Call an endpoint, show its answer and judge it against the contract.

    The request is signed if there is a key. Without a URL, the built-in mock answers. An error
    answer of the documented form is not a finding; standard error says that the call failed.
    """
    if raw and (include or format_ == "json"):
        raise click.UsageError("--raw writes only the body; leave out --include and --format")
    settings = chosen_settings(options)
    checker = chosen_checker(settings)
    url, reference = _places(where)
    key = chosen_key(access_key_id, access_key_secret, sts_token)
    if (
        body and not accept and (key or code)
    ):  # a signed request has this header, and it must agree with Format
        accept = f"application/{body}"
    request = _request(reference, checker.contract, body, accept, region)
    if code:
        snippet = _Code(code, reference, body or "", region or "", signs=key is not None)
        write(_text_of(snippet, url, request, checker.contract), output)
        return
    with _endpoint(url, checker) as base:
        response, sent = _sent(base, request, key, checker.contract, timeout, verify=not insecure)
    place = f"{url.rstrip('/')}{request.target}" if url else f"mock:{request.target}"
    judgement = checker.judge(Exchange(response, Source(place), sent))
    report = _report(judgement, settings)
    notes = verbose or settings.pedantic
    _show(response, report, _View(format_, output, color, include, raw, notes))
    _say_failure(judgement)
    ctx.exit(exit_code(report, settings.failing))


def _places(where: tuple[str, ...]) -> tuple[str | None, str]:
    """The endpoint's URL, if there is one, and the instance to ask for."""
    match where:
        case (reference,) if "://" not in reference:
            return None, reference
        case (_,):
            raise click.UsageError(f"name an instance after the URL, as {_REFERENCE}")
        case (url, reference):
            return url, reference
        case _:
            raise click.UsageError(f"expected one URL and one {_REFERENCE}")


def _request(
    reference: str, contract: Contract, body: str | None, accept: str | None, region: str | None
) -> Request:
    request = referenced_request(reference, contract, hint=_REFERENCE)
    if body:
        target = f"{request.target}?{_format_parameter(contract)}={body.upper()}"
        request = replace(request, target=target)
    headers = (
        (name, _fit_for_a_header(value, option))
        for name, value, option in (
            ("Accept", accept, "--accept"),
            ("x-acs-region-id", region, "--region"),
        )
        if value
    )
    return replace(request, headers=tuple(headers))


def _format_parameter(contract: Contract) -> str:
    """The parameter of the query that asks for a format."""
    for each in contract.operation.parameters:
        if each.place is Place.QUERY and {"JSON", "XML"} <= set(each.values):
            return quote(each.wire_name, safe="")
    message = f"{contract.page} has no query parameter for the format; use --accept"
    raise click.BadParameter(message, param_hint="--body")


def _fit_for_a_header(value: str, option: str) -> str:
    if not (value.isascii() and value.isprintable()):
        message = f"{value!r} cannot be sent in a header"
        raise click.BadParameter(message, param_hint=option)
    return value


def _text_of(code: _Code, url: str | None, request: Request, contract: Contract) -> str:
    """The code that makes the call."""
    from docpact.http import snippets
    from docpact.http.client import Endpoint

    if url is None:
        raise click.UsageError("--code needs a URL; `docpact mock` starts an endpoint to try")
    signs = code.signs or not Endpoint.at(url).is_local
    version = contract.operation.version
    if code.language == "curl":
        return snippets.curl(url, request, signed=signs, version=version)
    if code.language == "httpx":
        return snippets.httpx_code(url, request, signed=signs, version=version)
    if not snippets.sdk_can_make(contract.operation):
        message = f"docpact knows no call of the vendor's SDK for {contract.operation.name}"
        raise click.BadParameter(f"{message}; use curl or httpx", param_hint="--code")
    values = referenced_values(code.reference, contract, hint=_REFERENCE)
    call = snippets.SdkCall(values, contract.operation.path, code.body.upper(), code.region)
    return snippets.python_sdk(url, call)


@contextmanager
def _endpoint(url: str | None, checker: "Checker") -> Iterator[str]:
    """The URL to call: the given one, or that of the built-in mock while the call is made."""
    if url is not None:
        yield url
        return
    from docpact.mock import serve

    _, schemas, *_ = checker.made_of
    with serve(contract=checker.contract, schemas=schemas) as mock:
        yield mock.url


def _sent(  # what is sent comes back with what came, for a signature adds to it
    url: str,
    request: Request,
    key: "Key | None",
    contract: Contract,
    timeout: float,
    *,
    verify: bool,
) -> tuple[Response, Request]:
    from docpact.http.client import Client

    with Client(url, timeout=timeout, verify=verify) as client:
        warn_of_plain_http(client.endpoint)
        if key:
            from docpact.http.signing import signed

            prefix = client.endpoint.prefix
            request = signed(request, key, version=contract.operation.version, prefix=prefix)
        return client.send(request), request


def _report(judgement: "Judgement", settings: Settings) -> Report:
    found = tuple(settings.judged(judgement.findings))
    is_clean = not any(each.severity in settings.reported for each in found)
    return Report(found, 1, clean=(judgement.exchange.source.file,) if is_clean else ())


def _show(response: Response, report: Report, view: _View) -> None:
    """Write the answer with its findings, or one of the two."""
    if view.format == "json":
        from docpact.report import json

        write(json.render(report).encode("utf-8"), view.output)
        return
    from docpact.report import terminal

    if view.raw:
        write(response.body, view.output)
        if not report.clean:
            click.echo(terminal.render(report, notes=view.notes), nl=False, err=True)
        return
    style = styling(view.color, view.output)
    text = _answer(response, style or terminal.plain, include=view.include)
    findings = terminal.render(report, style=style or terminal.plain, notes=view.notes)
    write(f"{text}\n{findings}", view.output, color=style is not None)


def _answer(response: Response, style: "Style", *, include: bool) -> str:
    from docpact.check.http import charset_of
    from docpact.cli.pretty import pretty

    body = pretty(response.body, charset=charset_of(response), style=style)
    if not include:
        return body
    lines = [style(f"HTTP {response.status}", "rule")]
    for name, value in response.headers:
        visible = "***" if name.lower() in SECRET_HEADERS else value
        lines.append(f"{style(printable(name), 'name')}: {printable(visible)}")
    return "\n".join([*lines, "", body])


def _say_failure(judgement: "Judgement") -> None:
    """Say that the call failed, since a documented error answer is not a finding."""
    response = judgement.exchange.response
    if response.ok:
        return
    code, message = judgement.value.get("Code"), judgement.value.get("Message")
    reason = ": ".join(each for each in (code, message) if isinstance(each, str) and each)
    say(f"the call failed with status {response.status}" + (f", {reason}" if reason else ""))
