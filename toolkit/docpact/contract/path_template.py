"""What PROJECT/JOB/ID asks for: the values of a path's parameters, and the request for them."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from docpact.contract import WHOLE_NUMBERS, Contract, Kind, Parameter, Place
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request


def asked_request(asked: str, contract: Contract) -> Request:
    """The request that PROJECT/JOB/ID stands for; each part may be percent-encoded.

    Raises WrongConfiguration if it is of another form.
    """
    operation = contract.operation
    target = operation.path
    for name, value in asked_values(asked, contract).items():
        # A lone dot or two would be taken for steps in the path.
        part = value.replace(".", "%2E") if value in {".", ".."} else quote(value, safe="")
        target = target.replace(f"{{{name}}}", part)
    return Request(operation.method, target)


def asked_values(asked: str, contract: Contract) -> dict[str, str]:
    """The values in PROJECT/JOB/ID, decoded, by the names of the path's parameters, in its order.

    Raises WrongConfiguration if it is of another form.
    """
    if not contract.operation.path:
        raise WrongConfiguration(
            f"{contract.page} shows no path, so nothing can be said of the request"
        )
    parts = asked.split("/")
    known = _in_path(contract)
    if len(parts) != len(known) or not all(parts):
        shape = "/".join(each.name for each in known)
        raise WrongConfiguration(
            f"{asked!r} is not of the form {shape}; write a slash within a part as %2F"
        )
    for parameter, part in zip(known, parts, strict=True):
        if parameter.kind in WHOLE_NUMBERS and not re.fullmatch(r"-?[0-9]+", part):
            kind = "a Long" if parameter.kind is Kind.LONG else "an Integer"
            raise WrongConfiguration(f"{part!r} is no {parameter.name}, which is {kind}")
    return {each.name: unquote(part) for each, part in zip(known, parts, strict=True)}


def asked_text(values: Iterable[str]) -> str:
    """How an instance is asked for: PROJECT/JOB/ID, with a slash within a part encoded."""
    return "/".join(each.replace("%", "%25").replace("/", "%2F") for each in values)


def _in_path(contract: Contract) -> list[Parameter]:
    operation = contract.operation
    found = [each for each in operation.parameters if each.place is Place.PATH]
    return sorted(found, key=lambda each: operation.path.index(f"{{{each.name}}}"))
