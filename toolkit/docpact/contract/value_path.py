"""The values at dotted paths of a document, such as "Instance.EndTime", and at places in lists."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, overload

from docpact.core.violation import Value, ValuePath

Scalar = str | int | float | bool | None

_OBJECTS: Final = (dict, Mapping)  # the usual one first, which is found faster


@lru_cache(maxsize=1024)
def steps_of(path: str) -> tuple[str, ...]:
    """The names in a dotted path."""
    return tuple(path.split("."))


@overload
def value_at(document: Value, path: str | Sequence[str | int]) -> Value: ...
@overload
def value_at(document: object, path: str | Sequence[str | int]) -> object: ...
def value_at(document: object, path: str | Sequence[str | int]) -> object:
    """The value at a path, or at a place with the numbers of list items; None if there is none."""
    for step in steps_of(path) if isinstance(path, str) else path:
        if isinstance(document, _OBJECTS):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def scalar_at(document: object, path: str | Sequence[str | int]) -> Scalar:
    """The value at a path if it is neither an object nor a list; None otherwise."""
    value = value_at(document, path)
    return value if isinstance(value, str | int | float) else None


def with_value(
    document: Mapping[str, Any], path: str | Sequence[str | int], value: object
) -> dict[str, Any]:
    """A copy of the document with another value at a path; objects that are missing are made."""
    changed: dict[str, Any] = _replaced(
        document, steps_of(path) if isinstance(path, str) else tuple(path), value
    )
    return changed


def _replaced(document: Any, path: ValuePath, value: object) -> Any:  # noqa: ANN401  # any part of it
    if not path:
        return value
    step, *rest = path
    if isinstance(document, list):
        return [
            _replaced(each, tuple(rest), value) if index == step else each
            for index, each in enumerate(document)
        ]
    members = document if isinstance(document, Mapping) else {}
    return {**members, step: _replaced(members.get(step), tuple(rest), value)}


def objects_at(
    document: Value, path: Sequence[str], place: ValuePath = ()
) -> Iterator[tuple[ValuePath, dict[str, Value]]]:
    """The objects at a path that may lead through lists, each with its place."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from objects_at(item, path, (*place, index))
    elif isinstance(document, dict):
        if not path:
            yield place, document
        elif path[0] in document:
            yield from objects_at(document[path[0]], path[1:], (*place, path[0]))


def scalars_in(document: Value, place: ValuePath = ()) -> Iterator[tuple[ValuePath, Scalar]]:
    """Every value that is neither an object nor a list, with its place; those in lists too."""
    if isinstance(document, dict):
        for name, member in document.items():
            yield from scalars_in(member, (*place, name))
    elif isinstance(document, list):
        for index, item in enumerate(document):
            yield from scalars_in(item, (*place, index))
    else:
        yield place, document
