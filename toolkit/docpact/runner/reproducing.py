"""How to make a call again: with docpact itself where that can say it, and with curl."""

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
from docpact.runner.sending import NO_SECRET, OTHER_END

_ADDED: Final = frozenset({"authorization", "date", "host", "user-agent"})  # by whoever sends it


_MISTAKES: Final = {
    Signing.OTHER_SECRET: WrongSignature(secret=NO_SECRET),
    Signing.ALTERED: WrongSignature(ending=OTHER_END),
    Signing.WITHOUT_QUERY: WrongSignature(leaves_out_query=True),
}


def reproducing(
    contract: Contract, url: str, *, signed: bool, contract_file: str = ""
) -> Callable[[Exchange, Signing], str]:
    """The best command that makes a call again, with its mistake if the signature has one.

    That of docpact if it can say it, else a script for curl. No secret is in it. The contract's
    file is named if it is not the contract that ships.
    """
    file = from_here(contract_file)

    def reproduce(exchange: Exchange, signing: Signing) -> str:
        request = exchange.request
        if request is None:
            return ""
        version = contract.operation.version
        mistake = _MISTAKES.get(signing)
        if mistake is not None:
            wrong = curl(url, request, signed=True, version=version, wrong=mistake)
            return wrong.rstrip("\n")
        told = exchange.expectation
        if told is not None and told.about == "signature":
            return _with_stand_in(curl(url, request, signed=False), request)
        script = curl(url, request, signed=signed, version=version)
        return _line(contract, url, request, file) or script.rstrip("\n")

    return reproduce


def from_here(path: str) -> str:
    """A path as it is shortest: from the current folder if it is within."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def _with_stand_in(script: str, request: Request) -> str:
    """The script with an Authorization that is nobody's."""
    said = header(request.headers, "Authorization")
    if said is None:
        return script.rstrip("\n")
    option = f"curl \\\n  --header {shlex.quote(f'Authorization: {said}')} "
    return script.replace("curl ", option, 1).rstrip("\n")


def _line(contract: Contract, url: str, request: Request, file: str) -> str:
    """The `docpact call` that makes this very request, if there is one."""
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
    if query and not body:
        return ""
    accept = header(request.headers, "Accept") or ""
    region = header(request.headers, "x-acs-region-id") or ""
    others = {name.lower() for name, _ in request.headers} - {"accept", "x-acs-region-id"} - _ADDED
    if any(not each.startswith("x-acs-") for each in others):
        return ""
    return call_line(url, values, body=body, accept=accept, region=region, contract=file)


def _body(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "Format":
        return ""
    return next((each.value for each in Media if each.value.upper() == pairs[0][1]), "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
