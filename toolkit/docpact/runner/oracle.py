"""What must come of a call that nobody planned, told from the call alone."""

import re
from typing import Final

from docpact.check.echo import parameters_of
from docpact.contract import WHOLE_NUMBERS, Contract, Kind
from docpact.exchange import Expectation, Outcome, Request
from docpact.generate.scene import UNKNOWN, Scene

_DIGITS: Final = re.compile(r"-?[0-9]{1,40}", re.ASCII)


def expectation_of(request: Request, contract: Contract, scene: Scene) -> Expectation:
    """What must come of a request for this operation; nothing is said of any other request."""
    found = parameters_of(request, contract)
    if found is None or request.method != contract.operation.method:
        return UNKNOWN
    for parameter in scene.parameters:
        because = _why_no_number(parameter.kind, found[parameter.name])
        if because:
            return Expectation(
                Outcome.FAILURE, because, origin=parameter.origin, parameter=parameter.name
            )
    _, _, query = request.target.partition("?")
    if query or _has_documented_header(request, scene):
        return UNKNOWN
    return scene.expected_of(tuple(found[each.name] for each in scene.parameters))


def _why_no_number(kind: Kind, value: str) -> str:
    """Why a value is none of its kind, where that is a whole number; empty if it is one."""
    if kind not in WHOLE_NUMBERS:
        return ""
    least, most = WHOLE_NUMBERS[kind]
    if _DIGITS.fullmatch(value) and least <= int(value) <= most:
        return ""
    return f"its id is no integer of {(most + 1).bit_length()} bits"


def _has_documented_header(request: Request, scene: Scene) -> bool:
    names = {each.wire_name.lower() for each in scene.operation.parameters}
    return any(name.lower() in names for name, _ in request.headers)
