"""The command that makes a call again: `docpact call` if that can make it, else a curl script."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from docpact.contract import WHOLE_NUMBERS, Contract, Media
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Exchange, Request, header
from docpact.generate.requests import Signing
from docpact.http.signing import WrongSignature
from docpact.http.snippets import call_line, curl
from docpact.runner.sending import WRONG_ENDING, WRONG_SECRET

_ADDED: Final = frozenset({"authorization", "date", "host", "user-agent"})  # by any client
_OPTIONS: Final = frozenset({"accept", "x-acs-region-id"})  # headers that `docpact call` can send
_MISTAKES: Final = {
    Signing.OTHER_SECRET: WrongSignature(secret=WRONG_SECRET),
    Signing.ALTERED: WrongSignature(ending=WRONG_ENDING),
    Signing.WITHOUT_QUERY: WrongSignature(leaves_out_query=True),
}


def reproducer(
    contract: Contract, url: str, *, signed: bool, contract_file: str = ""
) -> Callable[[Exchange, Signing], str]:
    """Returns the command that makes a call again, with its mistake if the signature has one.

    The command holds no secret. It names the contract's file unless that is the bundled contract.
    """
    file, version = relative_path(contract_file), contract.operation.version

    def reproduce(exchange: Exchange, signing: Signing) -> str:
        request, expected = exchange.request, exchange.expectation
        if request is None:
            return ""
        if signing in _MISTAKES:
            mistake = _MISTAKES[signing]
            script = curl(url, request, signed=True, version=version, wrong=mistake)
        elif expected is not None and expected.about == "signature":
            script = _with_authorization(curl(url, request, signed=False), request)
        else:
            script = curl(url, request, signed=signed, version=version)
            script = _docpact_call(contract, url, request, file) or script
        return script.rstrip("\n")

    return reproduce


def relative_path(path: str) -> str:
    """A path from the current folder, if it is inside it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def _with_authorization(script: str, request: Request) -> str:
    """The script with the Authorization of the request, which is not a valid one."""
    authorization = header(request.headers, "Authorization")
    if authorization is None:
        return script
    option = f"curl \\\n  --header {shlex.quote(f'Authorization: {authorization}')} "
    return script.replace("curl ", option, 1)


def _docpact_call(contract: Contract, url: str, request: Request, file: str) -> str:
    """The `docpact call` that makes exactly this request, if there is one."""
    operation = contract.operation
    template = PathTemplate.parse(operation.path)
    parameters = template.match(request.target)
    path, _, query = request.target.partition("?")
    if not parameters or request.method != operation.method:
        return ""
    values = tuple(parameters.values())
    kinds = {each.name: each.kind for each in operation.parameters}
    numbers = [each for name, each in parameters.items() if kinds.get(name) in WHOLE_NUMBERS]
    if template.fill(values) != path or not all(map(_is_number, numbers)):
        return ""
    body = _body(query)
    others = {name.lower() for name, _ in request.headers} - _OPTIONS - _ADDED
    if (query and not body) or any(not each.startswith("x-acs-") for each in others):
        return ""
    accept = header(request.headers, "Accept") or ""
    region = header(request.headers, "x-acs-region-id") or ""
    return call_line(url, values, body=body, accept=accept, region=region, contract=file)


def _body(query: str) -> str:
    """The value of --body for a query that holds nothing but Format."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "Format":
        return ""
    return next((each.value for each in Media if each.value.upper() == pairs[0][1]), "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
