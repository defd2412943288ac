"""Apply the rulings to what was read off the page: the last step of `interpret`."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from msgspec.structs import replace

from docpact.contract.constraints import (
    Constraint,
    Echo,
    Embedded,
    Ordering,
    Pattern,
    Separated,
    Unit,
    grouped,
)
from docpact.contract.interpret.parts import shortened
from docpact.contract.kinds import KINDS, Kind
from docpact.contract.model import (
    Answer,
    Contract,
    Evidence,
    Field,
    FieldPath,
    Parameter,
    Ruling,
)
from docpact.contract.rulings import ParameterRuling, RuledPoint, Rulings, constraints_of
from docpact.core.errors import BrokenContract
from docpact.core.span import Origin
from docpact.page import Page

_KIND_OF: dict[type[Constraint], Kind] = {
    Ordering: Kind.LONG,
    Unit: Kind.LONG,
    Pattern: Kind.STRING,
    Embedded: Kind.STRING,
    Separated: Kind.STRING,
}


@dataclass(frozen=True, slots=True)
class _Point:
    """A ruling with the line that it cites."""

    said: RuledPoint
    origin: Origin

    def on(self, row: Origin) -> Origin:
        """The ruling as it bears on a row of its own: the row is cited, the ruling decides."""
        return replace(self.origin, span=row.span, quote=row.quote)


def ruled(contract: Contract, rulings: Rulings, page: Page) -> Contract:
    """The contract with every ruling carried out.

    Raises BrokenContract if a ruling names a line, a field or a constraint that is not there.
    """
    for said in rulings.ruling:
        point = _Point(said, said.origin(page.name, _quote(said, page)))
        for step in (_answers, _parameters, _constraints, _recorded):
            contract = step(contract, point)
    return contract


def _quote(said: RuledPoint, page: Page) -> str:
    line = page.lines[said.line - 1] if 0 < said.line <= len(page.lines) else None
    if line is None or said.mentions not in line.replace("\\", ""):
        raise BrokenContract(
            f"ruling {said.id} cites line {said.line} of {page.name} "
            f"for {said.mentions!r}, which is not there",
            hint="Correct the ruling's line, or leave the rulings out with --no-rulings.",
        )
    if not line.startswith("|"):
        return shortened(line)
    cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return shortened(re.sub(r"\\(.)", r"\1", " | ".join(cells)))


def _recorded(contract: Contract, point: _Point) -> Contract:
    said = point.said
    ruling = Ruling(said.id, said.decision, said.reason, point.origin, said.governs, said.sources)
    return replace(contract, rulings=(*contract.rulings, ruling))


def _answers(contract: Contract, point: _Point) -> Contract:
    said, success = point.said, contract.success
    for attribute, names in (("required", said.required), ("empty", said.empty)):
        for dotted in names:
            path = tuple(dotted.split("."))
            if success.find(path) is None:
                raise _unknown(point, dotted)
            success = replace(success, fields=_marked(success.fields, path, attribute, point))
    if said.root:
        success = replace(success, root=said.root, root_origin=point.origin)
    return replace(contract, success=success, failure=_failure(point) or contract.failure)


def _marked(
    members: tuple[Field, ...], path: FieldPath, attribute: str, point: _Point
) -> tuple[Field, ...]:
    """The fields with one that the ruling makes required, or says to be empty at times."""

    def changed(each: Field) -> Field:
        if each.name != path[0]:
            return each
        if len(path) == 1:
            return replace(each, **{attribute: point.on(each.origin)})
        return replace(each, fields=_marked(each.fields, path[1:], attribute, point))

    return tuple(map(changed, members))


def _failure(point: _Point) -> Answer | None:
    said, origin = point.said.failure, point.origin
    if said is None:
        return None
    required = dict.fromkeys(said.required, origin) | dict.fromkeys(said.optional)
    return Answer(
        root=said.root,
        root_origin=origin,
        origin=origin,
        fields=tuple(
            Field(name, Kind.STRING, origin, Evidence.RULING, required=each)
            for name, each in required.items()
        ),
    )


def _parameters(contract: Contract, point: _Point) -> Contract:
    operation = contract.operation
    known = {each.name: each for each in operation.parameters}
    for said in point.said.parameter:
        known[said.name] = _parameter(said, known.get(said.name), point.origin)
    return replace(contract, operation=replace(operation, parameters=tuple(known.values())))


def _parameter(said: ParameterRuling, old: Parameter | None, origin: Origin) -> Parameter:
    return Parameter(
        name=said.name,
        wire_name=said.wire_name,
        place=said.place,
        kind=old.kind if old else Kind.STRING,
        required=said.required,
        example=old.example if old else (said.default or ""),
        description=old.description if old else "",
        origin=origin,
        values=said.values,
        default=said.default,
    )


def _constraints(contract: Contract, point: _Point) -> Contract:
    known = {".".join(path): field for path, field in contract.success.walk()}
    parameters = {each.name for each in contract.operation.parameters}
    added = constraints_of(point.said, point.origin)
    for each in added:
        _refuse_misfit(each, known, parameters, point)
    added = [_on_its_row(each, known, point) for each in added]
    kept = list(contract.constraints)
    for constraint_id in point.said.regrade:
        kept = _regraded(kept, constraint_id, point)
    kept = [each for each in kept if not any(_supersedes(new, each) for new in added)]
    return replace(contract, constraints=grouped([*kept, *added]))


def _on_its_row(constraint: Constraint, known: Mapping[str, Field], point: _Point) -> Constraint:
    """Where a ruling is about several fields, each constraint cites the row of its own."""
    if not any(len(names) > 1 for names in point.said.field_lists):
        return constraint
    return replace(constraint, origin=point.on(known[constraint.fields[0]].origin))


def _refuse_misfit(
    constraint: Constraint, known: Mapping[str, Field], parameters: Set[str], point: _Point
) -> None:
    """A constraint is on fields that the page has, of a type that it can check."""
    kind = _KIND_OF.get(type(constraint))
    for dotted in constraint.fields:
        if dotted not in known:
            raise _unknown(point, dotted)
        if kind is not None and known[dotted].kind is not kind:
            title = KINDS[kind].title
            message = f"ruling {point.said.id} has a constraint on {dotted}, which is not {title}"
            raise BrokenContract(message)
    if isinstance(constraint, Echo) and constraint.parameter not in parameters:
        raise _unknown(point, constraint.parameter)


def _unknown(point: _Point, name: str) -> BrokenContract:
    return BrokenContract(f"ruling {point.said.id} names {name}, which the page does not have")


def _regraded(constraints: list[Constraint], constraint_id: str, point: _Point) -> list[Constraint]:
    if not any(each.id == constraint_id for each in constraints):
        known = ", ".join(sorted(each.id for each in constraints))
        raise BrokenContract(
            f"ruling {point.said.id} regrades {constraint_id}, which the page does not give",
            hint=f"Known constraints: {known}.",
        )
    return [
        replace(each, origin=point.on(each.origin)) if each.id == constraint_id else each
        for each in constraints
    ]


def _supersedes(new: Constraint, old: Constraint) -> bool:
    """A ruled constraint takes the place of one of its kind that was read off the same fields."""
    return type(new) is type(old) and old.origin.ruling is None and new.fields == old.fields
