"""Read constraints off the words of a page; those that a person writes are in `ruled`."""

from collections.abc import Iterator, Set

from docpact.contract.constraints import (
    Condition,
    Constraints,
    Echo,
    Implication,
    Separated,
    Test,
)
from docpact.contract.interpret import lexicon
from docpact.contract.kinds import Kind
from docpact.contract.model import Answer, EnumValue, Field, Parameter, Place
from docpact.core.span import Grade, Origin

_Named = tuple[str, Field]  # a field with its dotted path

# An item of a list has an id and a name of its own, whatever the path calls so.
_OWN_OF_ITEMS = frozenset({"id", "name", "key", "type", "kind", "status", "state", "version"})


def constraints_in(answer: Answer, parameters: tuple[Parameter, ...]) -> Constraints:
    """The constraints that the page's own text gives rise to."""
    named = [(".".join(path), field) for path, field in answer.walk()]
    return Constraints(
        implications=tuple(_qualified_values(named)),
        echoes=tuple(_echoes(named, parameters, {".".join(each) for each, _ in answer.lists()})),
        separated=tuple(_lists(named)),
    )


def _qualified_values(named: list[_Named]) -> Iterator[Implication]:
    """A value's "(batch job)" ties it to the value of another field that means a batch job."""
    for path, field in named:
        for value in field.values:
            qualifier = lexicon.QUALIFIED.search(value.meaning)
            if qualifier and qualifier[1].strip().lower() not in lexicon.NO_QUALIFIERS:
                yield from _ties(path, value, qualifier[1].strip(), named)


def _ties(
    path: str, value: EnumValue, qualifier: str, named: list[_Named]
) -> Iterator[Implication]:
    for other_path, other in named:
        values = tuple(each.value for each in other.values if each.meaning == qualifier)
        if not values or other_path == path:
            continue
        yield Implication(
            id=f"{path.rpartition('.')[2]}-{value.value}-{other.name}".lower(),
            when=Condition(path, Test.ONE_OF, (value.value,)),
            then=Condition(other_path, Test.ONE_OF, values),
            because=f"the page gives {value.value} to {' and '.join(values)} only",
            origin=_implied(value.origin),
        )


def _echoes(
    named: list[_Named], parameters: tuple[Parameter, ...], lists: Set[str]
) -> Iterator[Echo]:
    """A field with the name of a path parameter repeats it."""
    in_path = [each for each in parameters if each.place is Place.PATH]
    for path, field in named:
        if field.name.lower() in _OWN_OF_ITEMS and _is_within(path, lists):
            continue
        for parameter in in_path:
            if field.name.lower() == parameter.name.lower():
                yield Echo(
                    id=f"echo-{field.name}".lower(),
                    field=path,
                    parameter=parameter.name,
                    unless=(),
                    origin=_implied(field.origin),
                )


def _is_within(path: str, lists: Set[str]) -> bool:
    steps = path.split(".")
    return any(".".join(steps[:length]) in lists for length in range(1, len(steps)))


def _lists(named: list[_Named]) -> Iterator[Separated]:
    for path, field in named:
        if field.kind is Kind.STRING and lexicon.COMMA_SEPARATED.search(field.description):
            yield Separated(f"list-{field.name}".lower(), path, ",", (), _implied(field.origin))


def _implied(origin: Origin) -> Origin:
    return Origin(origin.span, Grade.IMPLIED, origin.quote)
