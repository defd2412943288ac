"""The names, types, ranges and listed values of an answer, as a type that msgspec knows."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from docpact.contract import KINDS, SCALARS, Answer, Field, Kind, wraps_list
from docpact.contract.kinds import LARGEST_FLOAT


class Shape:
    """What an answer must look like to have no finding of names, types and values."""

    def __init__(self, answer: Answer) -> None:
        self.is_exact = all(_says_all(each) for _, each in answer.walk())
        self._type = _struct(answer.fields)

    def fits(self, value: object) -> bool:
        """Whether all members are documented and as they must be, and none is missing."""
        try:
            msgspec.convert(value, self._type)
        except msgspec.ValidationError:
            return False
        return True


def _says_all(field: Field) -> bool:
    """Whether a type can say what a field must be: not how deep or large something open is."""
    if field.kind in {Kind.MAP, Kind.ANY}:
        return False
    must_be_filled = field.required and not field.repeated and not wraps_list(field)
    return (
        field.kind in SCALARS or not must_be_filled or any(each.required for each in field.fields)
    )


def _struct(fields: tuple[Field, ...]) -> type[msgspec.Struct]:
    # Their own names need not be such as Python's attributes have.
    names = {f"member_{number}": each.name for number, each in enumerate(fields)}
    members = [
        (name, _type(each)) if each.required else (name, _type(each) | UnsetType, UNSET)
        for name, each in zip(names, fields, strict=True)
    ]
    members.sort(key=len)  # those without a default come first
    return msgspec.defstruct("Answer", members, rename=names, forbid_unknown_fields=True)


def _type(field: Field) -> Any:  # noqa: ANN401  # a type that is made while running has none
    if field.repeated:
        return list[_single(field)]  # type: ignore[misc]  # as above
    may_be_null = field.empty and not field.required
    return _single(field) | None if may_be_null else _single(field)


def _single(field: Field) -> Any:  # noqa: ANN401  # as above
    match field.kind:
        case Kind.STRING if field.values:
            return Literal[tuple(each.value for each in field.values)]
        case Kind.STRING:
            return Annotated[str, Meta(min_length=1)] if field.required else str
        case Kind.STRUCT:
            return _struct(field.fields)
        case Kind.MAP | Kind.ANY:
            return Any
    kind = KINDS[field.kind]
    least, most = kind.bounds or (-LARGEST_FLOAT, LARGEST_FLOAT)
    return bool if kind.python is bool else Annotated[kind.python, Meta(ge=least, le=most)]
