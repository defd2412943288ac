"""What must come of a call that nobody planned, told from the call alone."""

import re
from typing import Final

from docpact.check.echo import parameters_of
from docpact.contract import INT64_MAX, INT64_MIN, Contract, Kind
from docpact.exchange import Expectation, Outcome, Request
from docpact.generate.scene import UNKNOWN, Scene

_LONG: Final = re.compile(r"-?[0-9]{1,40}", re.ASCII)


def expectation_of(request: Request, contract: Contract, scene: Scene) -> Expectation:
    """What must come of a request for this operation; nothing is said of any other request."""
    found = parameters_of(request, contract)
    if found is None or request.method != contract.operation.method:
        return UNKNOWN
    for parameter in scene.parameters:
        value = found[parameter.name]
        if parameter.kind is Kind.LONG and not _is_long(value):
            because = "its id is no integer of 64 bits"
            return Expectation(
                Outcome.FAILURE, because, origin=parameter.origin, parameter=parameter.name
            )
    _, _, query = request.target.partition("?")
    if query or _has_documented_header(request, scene):
        return UNKNOWN
    return scene.expected_of(tuple(found[each.name] for each in scene.parameters))


def _is_long(value: str) -> bool:
    return _LONG.fullmatch(value) is not None and INT64_MIN <= int(value) <= INT64_MAX


def _has_documented_header(request: Request, scene: Scene) -> bool:
    names = {each.wire_name.lower() for each in scene.operation.parameters}
    return any(name.lower() in names for name, _ in request.headers)
