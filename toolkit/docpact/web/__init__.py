"""What the two pages for browsers, the HTML report and the mock's explorer, have in common.

Styles and DOM helpers are files here, which each page takes beside its own; `contract_json` is what
both are given of a contract.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from docpact.contract import Answer, Contract, Field, FieldPath, Parameter
from docpact.core.span import Origin


def contract_json(contract: Contract) -> dict[str, Any]:
    """All that the report and the explorer show of a contract."""
    operation = contract.operation
    answers = {"success": contract.success, "failure": contract.failure}
    return {
        "page": contract.page,
        "operation": {
            "name": operation.name,
            "summary": operation.summary,
            "method": operation.method,
            "path": operation.path,
            "version": operation.version,
            "origin": _origin(operation.origin),
        },
        "parameters": [_parameter(each) for each in operation.parameters],
        "answers": [
            {
                "kind": kind,
                "root": answer.root,
                "fields": [
                    _field(path, member, answer, contract) for path, member in answer.walk()
                ],
            }
            for kind, answer in answers.items()
            if answer is not None
        ],
        "rulings": {
            each.id: {
                "decision": each.decision,
                "reason": each.reason,
                "origin": _origin(each.origin),
            }
            for each in contract.rulings
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "travels_as": parameter.wire_name,
        "place": parameter.place.value,
        "type": parameter.kind.value,
        "required": parameter.required,
        "example": parameter.example,
        "description": parameter.description,
        "values": parameter.values,
        "default": parameter.default,
        "origin": _origin(parameter.origin),
    }


def _field(path: FieldPath, member: Field, answer: Answer, contract: Contract) -> dict[str, Any]:
    return {
        "path": ".".join(path),
        "name": member.name,
        "depth": len(path) - 1,
        "type": member.kind.value,
        "required": None if member.required is None else _origin(member.required),
        "empty": member.empty is not None,
        "values": [
            {"value": each.value, "meaning": each.meaning, "line": each.origin.span.first}
            for each in member.values
        ],
        "unit": member.unit,
        "example": member.example,
        "description": member.description,
        "origin": _origin(member.origin),
        "rules": list(_rules(path, member, answer, contract)),
    }


def _rules(
    path: FieldPath, member: Field, answer: Answer, contract: Contract
) -> Iterator[dict[str, Any]]:
    """What else binds a field: constraints and rulings, each once."""
    dotted = ".".join(path)
    constraints = (
        (each.id, each.origin) for each in contract.constraints_on(answer) if dotted in each.fields
    )
    own = ((None, each) for each in (member.origin, member.required, member.empty) if each)
    decisions = {each.id: each.decision for each in contract.rulings}
    seen = set()
    for constraint, origin in (*own, *constraints):
        name = origin.ruling or constraint
        if name is not None and name not in seen:
            seen.add(name)
            yield {
                "id": name,
                "says": decisions.get(name, origin.quote),
                "severity": origin.severity.value,
                "line": origin.span.first,
            }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "page": origin.span.file,
        "line": origin.span.first,
        "ruling": origin.ruling,
        "quote": origin.quote,
        "severity": origin.severity.value,
    }


SHARED_FILES: Final = tuple(Path(__file__).with_name(each) for each in ("shared.css", "dom.js"))
