"""Build the tree of the answer's fields from the placed rows."""

from collections.abc import Iterator, Sequence

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import Entry, shortened
from docpact.contract.interpret.placement import Placed
from docpact.contract.model import Doubt, EnumValue, Evidence, Field, FieldPath, Kind
from docpact.span import Grade, Origin

_KINDS = {"string": Kind.STRING, "long": Kind.LONG, "struct": Kind.STRUCT}


def fields_at(parent: FieldPath, placed: Sequence[Placed]) -> tuple[Field, ...]:
    """The fields directly under a path, each with those under it."""
    return tuple(_field(each, placed) for each in placed if each.path[:-1] == parent)


def doubts_about(placed: Sequence[Placed]) -> Iterator[Doubt]:
    """What a person should look at: weak placements, unknown types, half lists of values."""
    for each in placed:
        if each.evidence.weak:
            yield _weakly_placed(each)
        if each.entry.merged:
            message = f"{each.entry.name} takes cells that it lacks from the row above"
            yield Doubt("merged-cells", message, each.entry.origin)
        if _kind(each, placed) is Kind.ANY:
            message = f"{each.entry.name} has the unknown type {each.entry.type!r}"
            yield Doubt("unknown-type", message, each.entry.origin)
        if _half_a_list(each.entry):
            message = f"only some bullets of {each.entry.name} name a value, so none is taken"
            yield Doubt("half-a-list", message, each.entry.origin)


def _weakly_placed(each: Placed) -> Doubt:
    where = ".".join(each.path[:-1]) or "the top"
    return Doubt(
        "weakly-placed",
        f"{each.entry.name} is in no sample; its place under {where} is told by "
        f"{each.evidence.value} alone",
        Origin(each.entry.span, Grade.ASSUMED, each.entry.quote),
    )


def _field(each: Placed, placed: Sequence[Placed]) -> Field:
    entry = each.entry
    prose = entry.description.prose
    return Field(
        name=each.path[-1],
        kind=_kind(each, placed),
        origin=entry.origin,
        evidence=each.evidence,
        empty=entry.origin if lexicon.EMPTY.search(prose) else None,
        values=enum_values(entry),
        unit=next((unit for cue, unit in lexicon.UNITS if cue.search(prose)), ""),
        example=entry.example,
        description=prose,
        fields=fields_at(each.path, placed),
    )


def _kind(each: Placed, placed: Sequence[Placed]) -> Kind:
    named = _KINDS.get(each.entry.type.lower())
    if named is not None:
        return named
    has_members = any(other.path[:-1] == each.path for other in placed)
    return Kind.STRUCT if has_members and each.evidence is Evidence.MARKER else Kind.ANY


def kind_named(name: str) -> Kind:
    """The kind that a parameter's type names."""
    return _KINDS.get(name.lower(), Kind.ANY)


def enum_values(entry: Entry) -> tuple[EnumValue, ...]:
    """The values that a row's bullets list, if all of them name one."""
    if _half_a_list(entry):
        return ()
    found = []
    for bullet in entry.values:
        match = lexicon.ENUM_BULLET.match(bullet.text)
        if match:
            value, meaning = match[1], match[2].strip().rstrip(lexicon.END_OF_SENTENCE)
            origin = Origin(bullet.span, Grade.STATED, shortened(bullet.text))
            found.append(EnumValue(value, meaning, origin))
    return tuple(found)


def _half_a_list(entry: Entry) -> bool:
    bullets = entry.values
    naming = sum(bool(lexicon.ENUM_BULLET.match(each.text)) for each in bullets)
    return 0 < naming < len(bullets)
