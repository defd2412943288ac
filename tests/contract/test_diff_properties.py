"""Any two contracts: equal ones have no changes, and the reverse comparison is the mirror."""

import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.contract import (
    Constraints,
    Contract,
    EnumValue,
    Evidence,
    Field,
    FieldPath,
    Kind,
    Media,
    Parameter,
    Place,
    Sample,
    Unique,
    load_bundled,
)
from docpact.contract.constraints import grouped
from docpact.contract.diff import ChangeKind, changes
from docpact.contract.interpret import interpret
from docpact.core.span import Grade, Origin, Severity, Span

HERE = Origin(Span("Made.md", 7, 7), Grade.STATED)
CONTRACT = load_bundled()
PATHS = [path for path, _ in CONTRACT.success.walk()]
LEAVES = [path for path, field in CONTRACT.success.walk() if not field.fields]
NAMES = [each.name for each in CONTRACT.operation.parameters]

# Kinds that look like others when the two contracts change places.
MIRRORED = (
    ("added", "removed"),
    ("added", "dropped"),
    ("listed", "unlisted"),
    ("stated", "withdrawn"),
    ("described", "withdrawn"),
    ("now-required", "now-optional"),
    ("now-emptiable", "no-longer-emptiable"),
)


def mirror(kind: ChangeKind) -> ChangeKind:
    """What a change is called by one who looks back."""
    for pair in MIRRORED:
        for one, other in (pair, pair[::-1]):
            mirrored = kind.removesuffix(one) + other
            if kind.endswith(f"-{one}") and mirrored in set(ChangeKind):
                return ChangeKind(mirrored)
    return kind


def seen(old: Contract, new: Contract, *, back: bool = False):
    """The changes without the names, which are always those of the new contract."""
    found = (
        (mirror(each.kind), each.part, _side(each.new), _side(each.old))
        if back
        else (each.kind, each.part, _side(each.old), _side(each.new))
        for each in changes(old, new)
    )
    return sorted(found, key=repr)


def _side(side):
    return (side.value, side.origin.span) if side else None


# Mutations: one thing is made another, and the change that tells of it


def with_field(
    contract: Contract, path: FieldPath, change: Callable[[Field], tuple[Field, ...]]
) -> Contract:
    """The contract with one field made another, two, or none."""

    def changed(fields: tuple[Field, ...], rest: FieldPath) -> tuple[Field, ...]:
        made: list[Field] = []
        for each in fields:
            if each.name != rest[0]:
                made.append(each)
            elif len(rest) == 1:
                made += change(each)
            else:
                made.append(replace(each, fields=changed(each.fields, rest[1:])))
        return tuple(made)

    success = replace(contract.success, fields=changed(contract.success.fields, path))
    return replace(contract, success=success)


def with_parameter(
    contract: Contract, name: str, change: Callable[[Parameter], tuple[Parameter, ...]]
) -> Contract:
    """The contract with one parameter made another, two, or none."""
    made: list[Parameter] = []
    for each in contract.operation.parameters:
        made += change(each) if each.name == name else (each,)
    return replace(contract, operation=replace(contract.operation, parameters=tuple(made)))


def with_constraints_on(contract: Contract, old: FieldPath, new: FieldPath) -> Contract:
    """The contract with the constraints on one path being on another."""
    text = msgspec.json.encode(contract.constraints).decode()
    text = text.replace(json.dumps(".".join(old)), json.dumps(".".join(new)))
    return replace(contract, constraints=msgspec.json.decode(text, type=Constraints))


def without_loose_constraints(contract: Contract) -> Contract:
    """The contract with no constraints but those on fields that it has."""
    known = {".".join(path) for path, _ in contract.success.walk()}
    kept = (each for each in contract.constraints if known.issuperset(each.fields))
    return replace(contract, constraints=grouped(kept))


def _new_field(name: str) -> Field:
    return Field(name, Kind.STRING, HERE, Evidence.JSON_SAMPLE)


def _new_parameter(name: str, *, required: bool) -> Parameter:
    return Parameter(name, name, Place.QUERY, Kind.STRING, required, "", "", HERE)


OTHER_KIND = {Kind.STRING: Kind.LONG, Kind.LONG: Kind.STRING, Kind.STRUCT: Kind.STRING}
PRESENT = replace(HERE, grade=Grade.STATED)

FIELD_MUTATIONS = {
    "field-added": lambda each: (each, _new_field("Added")),
    "field-retyped": lambda each: (replace(each, kind=OTHER_KIND[each.kind]),),
    "field-type-withdrawn": lambda each: (replace(each, kind=Kind.ANY),),
    "field-renamed": lambda each: (replace(each, name=each.name.swapcase()),),
    "field-reworded": lambda each: (replace(each, description="Quite other words"),),
    "field-example-changed": lambda each: (replace(each, example="quite another"),),
    "field-meaning-added": lambda each: (
        replace(each, description=f"(77 is none) {each.description}"),
    ),
}
PARAMETER_MUTATIONS = {
    "required-parameter-added": lambda each: (each, _new_parameter("added", required=True)),
    "optional-parameter-added": lambda each: (each, _new_parameter("added", required=False)),
    "parameter-retyped": lambda each: (replace(each, kind=OTHER_KIND.get(each.kind, each.kind)),),
    "parameter-default-changed": lambda each: (replace(each, default="another"),),
    "parameter-reworded": lambda each: (replace(each, description="Quite other words"),),
    "parameter-meaning-added": lambda each: (
        replace(each, description=f"{each.description} (-77 is none)"),
    ),
    "parameter-example-changed": lambda each: (replace(each, example="quite another"),),
}


@pytest.mark.parametrize("kind", FIELD_MUTATIONS)
@given(path=st.sampled_from(LEAVES))
def test_a_changed_field_is_exactly_one_change(kind, path):
    """Any change of any field is reported as one change of its own kind."""
    new = with_field(CONTRACT, path, FIELD_MUTATIONS[kind])
    if kind == "field-renamed":
        new = with_constraints_on(new, path, (*path[:-1], path[-1].swapcase()))
    assert [kind] == [each.kind for each in changes(CONTRACT, new)]


@pytest.mark.parametrize("kind", PARAMETER_MUTATIONS)
@given(name=st.sampled_from(NAMES))
def test_a_changed_parameter_is_exactly_one_change(kind, name):
    """Any change of any parameter is reported as one change of its own kind."""
    new = with_parameter(CONTRACT, name, PARAMETER_MUTATIONS[kind])
    assert [kind] == [each.kind for each in changes(CONTRACT, new)]


@given(path=st.sampled_from(PATHS))
def test_a_removed_field_is_exactly_one_change(path):
    """A structure is removed with its members and the constraints on them."""
    field = CONTRACT.success.find(path)
    expected = "required-field-removed" if field.required else "field-removed"
    new = without_loose_constraints(with_field(CONTRACT, path, lambda _: ()))
    found = changes(CONTRACT, new)
    assert [(expected, ".".join(path))] == [(each.kind, each.name) for each in found]


@given(name=st.sampled_from(NAMES))
def test_a_removed_parameter_is_exactly_one_change(name):
    """A removed parameter is reported as required or optional."""
    old = next(each for each in CONTRACT.operation.parameters if each.name == name)
    expected = f"{'required' if old.required else 'optional'}-parameter-removed"
    found = changes(CONTRACT, with_parameter(CONTRACT, name, lambda _: ()))
    assert [(expected, name)] == [(each.kind, each.name) for each in found]


@given(path=st.sampled_from(LEAVES))
def test_presence_is_exactly_one_change(path):
    """A field that becomes required or optional is reported as such."""
    now = CONTRACT.success.find(path).required
    expected = "field-now-optional" if now else "field-now-required"
    new = with_field(
        CONTRACT, path, lambda each: (replace(each, required=None if now else PRESENT),)
    )
    assert [expected] == [each.kind for each in changes(CONTRACT, new)]


@given(path=st.sampled_from(LEAVES))
def test_emptiness_is_exactly_one_change(path):
    """A field that may or may no longer be empty is reported as such."""
    now = CONTRACT.success.find(path).empty
    expected = "field-no-longer-emptiable" if now else "field-now-emptiable"
    new = with_field(CONTRACT, path, lambda each: (replace(each, empty=None if now else PRESENT),))
    assert [expected] == [each.kind for each in changes(CONTRACT, new)]


@given(path=st.sampled_from(LEAVES))
def test_a_listed_value_is_exactly_one_change(path):
    """A first value begins a list, and a further one is added to it."""
    had = CONTRACT.success.find(path).values
    value = EnumValue("ADDED", "meaning", HERE)
    new = with_field(CONTRACT, path, lambda each: (replace(each, values=(*had, value)),))
    assert ["value-added" if had else "values-listed"] == [
        each.kind for each in changes(CONTRACT, new)
    ]


@given(path=st.sampled_from(LEAVES), unit=st.sampled_from(["days", ""]))
def test_a_unit_is_at_most_one_change(path, unit):
    """A unit is stated, withdrawn, changed, or the same."""
    had = CONTRACT.success.find(path).unit
    kinds = {(True, True): "unit-changed", (True, False): "unit-withdrawn"}
    expected = [] if had == unit else [kinds.get((bool(had), bool(unit)), "unit-stated")]
    new = with_field(CONTRACT, path, lambda each: (replace(each, unit=unit),))
    assert expected == [each.kind for each in changes(CONTRACT, new)]


@given(path=st.sampled_from([each for each in LEAVES if len(each) > 1]))
def test_a_moved_field_is_moved(path):
    """A field that is at the top now was moved; perhaps moved where no sample shows it."""
    field = CONTRACT.success.find(path)
    new = with_field(CONTRACT, path, lambda _: ())
    new = replace(new, success=replace(new.success, fields=(*new.success.fields, field)))
    kinds = [each.kind for each in changes(CONTRACT, new) if each.part == "answer"]
    assert ["field-perhaps-moved" if field.evidence.weak else "field-moved"] == kinds


@given(place=st.integers(0, len(tuple(CONTRACT.constraints)) - 1))
def test_a_constraint_is_exactly_one_change(place):
    """A constraint is removed or regraded; another id is not a change."""
    every = list(CONTRACT.constraints)
    one = every.pop(place)

    def found(*more):
        new = replace(CONTRACT, constraints=grouped([*every, *more]))
        return [each.kind for each in changes(CONTRACT, new)]

    assert ["constraint-removed"] == found()
    assert [] == found(replace(one, id="another-name"))
    levels = set(Severity) - {one.origin.severity}
    for level in levels:
        raised = replace(one, origin=replace(one.origin, raised_to=level))
        assert ["constraint-regraded"] == found(raised)


@pytest.mark.parametrize(
    ("expected", "attributes"),
    [
        ("operation-renamed", {"name": "GetOther"}),
        ("method-changed", {"method": "POST"}),
        ("path-changed", {"path": "/other"}),
        ("placeholder-renamed", {"path": CONTRACT.operation.path.replace("jobName", "job")}),
        ("version-changed", {"version": "2020-01-01"}),
        ("version-withdrawn", {"version": ""}),
        ("summary-reworded", {"summary": "Quite other words"}),
    ],
)
def test_a_changed_operation_is_exactly_one_change(expected, attributes):
    """Name, request line and version are compared one by one."""
    new = replace(CONTRACT, operation=replace(CONTRACT.operation, **attributes))
    assert [expected] == [each.kind for each in changes(CONTRACT, new)]


@pytest.mark.parametrize(
    ("expected", "new"),
    [
        ("error-withdrawn", replace(CONTRACT, failure=None)),
        ("root-changed", replace(CONTRACT, success=replace(CONTRACT.success, root="Other"))),
        ("sample-removed", replace(CONTRACT, samples=CONTRACT.samples[:1])),
        (
            "sample-changed",
            replace(CONTRACT, samples=(CONTRACT.samples[0], Sample(Media.JSON, "{}", HERE))),
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_rest_is_exactly_one_change(expected, new):
    """Errors, roots and samples are compared too."""
    assert [expected] == [each.kind for each in changes(CONTRACT, new)]


# Any contracts


@st.composite
def mutants(draw: st.DrawFn) -> Contract:
    """The contract after some mutations, also of what was mutated before."""
    contract = CONTRACT
    for _ in range(draw(st.integers(0, 6))):
        paths = [path for path, _ in contract.success.walk()]
        if paths:
            step = draw(st.sampled_from([_field, _parameter, _drop, _rename, _move, _constrain]))
            contract = step(contract, paths, draw)
    return without_loose_constraints(contract)


def _field(contract: Contract, paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    change = draw(st.sampled_from(sorted(FIELD_MUTATIONS)))
    return with_field(contract, draw(st.sampled_from(paths)), _safe(change))


def _parameter(contract: Contract, _paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    change = PARAMETER_MUTATIONS[draw(st.sampled_from(sorted(PARAMETER_MUTATIONS)))]
    names = [each.name for each in contract.operation.parameters]
    name = draw(st.sampled_from(names))
    return contract if "added" in names else with_parameter(contract, name, change)


def _drop(contract: Contract, paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    return with_field(contract, draw(st.sampled_from(paths)), lambda _: ())


def _rename(contract: Contract, paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    path = draw(st.sampled_from(paths))
    new = (*path[:-1], draw(st.sampled_from(["Light", "Code", "State", "RequestID"])))
    if new in paths:
        return contract
    renamed = with_field(contract, path, lambda each: (replace(each, name=new[-1]),))
    return with_constraints_on(renamed, path, new)


def _move(contract: Contract, paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    path = draw(st.sampled_from(paths))
    if (path[-1],) in paths:
        return contract
    moved = with_field(contract, path, lambda _: ())
    fields = (*moved.success.fields, contract.success.find(path))
    return replace(moved, success=replace(moved.success, fields=fields))


def _constrain(contract: Contract, paths: list[FieldPath], draw: st.DrawFn) -> Contract:
    field = ".".join(draw(st.sampled_from(paths)))
    more = [*contract.constraints, Unique("made", field, HERE)]
    return replace(contract, constraints=grouped(more))


def _safe(kind: str):
    """The mutation, unless a sibling has the name already or the kind has no other."""

    def change(each: Field) -> tuple[Field, ...]:
        if kind in {"field-added", "field-renamed"} or each.kind not in OTHER_KIND:
            return (each,)
        return FIELD_MUTATIONS[kind](each)

    return change


@given(contract=mutants())
def test_a_contract_does_not_differ_from_itself(contract):
    """A contract has no changes against itself, whatever it holds."""
    assert () == changes(contract, contract)


@given(old=mutants(), new=mutants())
def test_looking_back_is_the_mirror(old, new):
    """The reverse comparison removes what was added and swaps the sides of all other changes."""
    assert seen(old, new) == seen(new, old, back=True)


@given(old=mutants(), new=mutants())
def test_the_order_is_fixed(old, new):
    """The same two contracts give the same changes in the same order."""
    assert changes(old, new) == changes(old, new)


def test_the_editions_mirror(old_page, chinese_page):
    """The changes between the pages of 2019 and 2020 are mirrored, too."""
    old, new = interpret(old_page), interpret(chinese_page)
    assert seen(old, new) == seen(new, old, back=True)
