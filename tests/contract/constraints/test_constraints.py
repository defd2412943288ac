"""Whether it holds, its violation, its schema and what satisfies it agree, for every constraint."""

import jsonschema_rs
import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from docpact.contract.constraints import (
    CONSTRAINT_KINDS,
    Condition,
    Constraints,
    Demand,
    Echo,
    Embedded,
    Implication,
    Ordering,
    Pattern,
    Separated,
    Unique,
    Unit,
    grouped,
)
from docpact.contract.constraints import Test as How
from docpact.contract.constraints.constraint import Values
from docpact.core.span import Grade, Origin, Span
from docpact.generate.texts import line_with, text_draw
from docpact.rules import RULES

ORIGIN = Origin(Span("Page.md", 1, 1), Grade.STATED)


def implication(when: Condition, then: Condition) -> Implication:
    """An implication between two conditions."""
    return Implication("tie", when, then, "the page says so", ORIGIN)


DONE = Condition("State", How.ONE_OF, ("DONE", "FAILED"))
SINGLE = [
    Embedded("e", "A", "application/json", ORIGIN),
    Pattern("p", "A", "^[a-c]+$", "letters", ORIGIN),
    Unit("u", "A", "seconds", 10, 99, ORIGIN),
    Separated("s", "A", ",", (";", "|"), ORIGIN),
]
TIES = [
    Ordering("o", "Start", "End", ORIGIN),
    implication(DONE, Condition("End", How.FILLED)),
    implication(DONE, Condition("End", How.EMPTY)),
    implication(DONE, Condition("Code", How.ONE_OF, ("a", "b"))),
    implication(Condition("End", How.EMPTY), Condition("Code", How.MATCHES, pattern="a+b")),
    implication(Condition("End", How.FILLED), Condition("Code", How.LACKS, pattern="a+b")),
    implication(Condition("Code", How.MATCHES, pattern="a"), Condition("End", How.FILLED)),
]
OTHERS = [Echo("x", "A", "name", ("-1",), ORIGIN), Unique("q", "A", ORIGIN)]
EVERY = [*SINGLE, *TIES, *OTHERS]
NAMES = st.sampled_from(["State", "Start", "End", "Code", "A"])
TEXTS = st.sampled_from(["", "a", "ab", "aab", "DONE", "FAILED", "{}", "[1]", "a,b", "a;b", "a,,b"])
LEAVES = st.none() | st.booleans() | st.integers(0, 120) | TEXTS | st.just("****")
STRUCTURES = st.dictionaries(NAMES, LEAVES)
each_kind = pytest.mark.parametrize("constraint", EVERY, ids=lambda each: each.describe())


def test_every_kind_is_tested_here():
    """The table of kinds has no kind that these tests leave out."""
    assert set(CONSTRAINT_KINDS.values()) == {type(each) for each in EVERY}


@each_kind
def test_violations_are_reported_by_a_rule_that_explains_itself(constraint):
    """The rule of each kind is in the catalogue."""
    assert constraint.rule is RULES[constraint.rule.id]


@each_kind
@given(STRUCTURES)
def test_nothing_that_holds_is_a_violation(constraint, structure):
    """Values for which a constraint holds have no violation; others may be masked or mistyped."""
    values = Values(structure)
    if constraint.holds(values.leaves):
        assert constraint.violation(values) is None
    elif all(values.can_judge(path, types) for path, types in constraint.looks_at()):
        found = constraint.violation(values)
        assert (constraint.rule.id, constraint.fields[-1], ORIGIN) == (
            found.rule,
            ".".join(found.path),
            found.origin,
        )


@each_kind
@given(STRUCTURES)
def test_values_that_cannot_be_judged_are_no_violation(constraint, structure):
    """A field that is reported already, or masked, is not reported again."""
    for path in constraint.fields:
        assert constraint.violation(Values(structure, {path})) is None
        assert constraint.violation(Values({**structure, path: "***"})) is None


@pytest.mark.parametrize("constraint", SINGLE[1:], ids=lambda each: each.describe())
@given(LEAVES)
def test_the_schema_judges_values_of_the_type_alike(constraint, value):
    """JSON Schema accepts what the constraint accepts, of the type that it can judge."""
    values = Values({"A": value})
    assume(value is not None and values.can_judge("A", constraint.types))
    validator = jsonschema_rs.validator_for(constraint.json_schema())
    assert validator.is_valid(value) is constraint.holds(values.leaves)


@pytest.mark.parametrize("constraint", TIES[1:], ids=lambda each: each.describe())
@given(st.dictionaries(NAMES, TEXTS))
def test_the_schema_judges_structures_alike(constraint, structure):
    """JSON Schema accepts a structure unless the constraint reports a violation of it."""
    validator = jsonschema_rs.validator_for(constraint.json_schema())
    assert validator.is_valid(structure) is (constraint.violation(Values(structure)) is None)


@pytest.mark.parametrize("constraint", SINGLE, ids=lambda each: each.describe())
@given(st.randoms(use_true_random=False))
def test_what_satisfies_a_demand_satisfies_the_constraint(constraint, random):
    """A value drawn as a single constraint demands has no violation."""
    demand = constraint.satisfy(Demand("A"), {})
    is_number = constraint.types == (int,)
    value = (
        random.randint(demand.least, demand.most) if is_number else text_draw(demand, ())(random)
    )
    assert constraint.holds({"A": value})


@pytest.mark.parametrize("constraint", TIES, ids=lambda each: each.describe())
@given(STRUCTURES, st.randoms(use_true_random=False))
def test_a_last_field_that_satisfies_the_demand_makes_a_tie_hold(constraint, structure, random):
    """Whatever the other fields are, a value within the demand on the last one fits them."""
    path = constraint.fields[-1]
    drawn = {name: each for name, each in structure.items() if name != path}
    demand = constraint.satisfy(Demand(path), drawn)
    lines = [line_with(each, random) for each in demand.holds] or ["x"]
    filled = demand.least if isinstance(constraint, Ordering) else "\n".join(lines)
    if demand.listed is not None:
        filled = demand.listed[-1]
    assert constraint.holds({**drawn, path: None if demand.is_filled is False else filled})


@given(st.integers(0, 99), st.integers(0, 99))
def test_an_earlier_time_is_at_most_the_later_one(start, end):
    """An ordering also bounds the earlier time where the later one is given."""
    demand = TIES[0].satisfy(Demand("Start"), {"End": end})
    assert (start <= demand.most) is TIES[0].holds({"Start": start, "End": end})


@each_kind
def test_names_are_cut_to_those_within_a_structure(constraint):
    """A constraint reads the same after its fields are renamed there and back."""
    longer = constraint.renamed("Instance.{}".format)
    assert all(each.startswith("Instance.") for each in longer.fields)
    assert constraint == longer.within("Instance")
    assert constraint.content() != longer.content()


@each_kind
def test_what_a_constraint_is_called_is_not_what_it_demands(constraint):
    """Two constraints that differ in id and origin alone demand the same."""
    other = msgspec.structs.replace(
        constraint, id="other", origin=Origin(Span("Q.md", 2, 2), Grade.ASSUMED)
    )
    assert constraint.content() == other.content()


def test_constraints_are_grouped_by_kind():
    """Each kind has its own list in a contract, in the order given."""
    constraints = grouped(reversed(EVERY))
    assert sorted(map(repr, EVERY)) == sorted(map(repr, constraints))
    assert [each.id for each in constraints.implications] == ["tie"] * 6
    assert [len(getattr(constraints, name)) for name in Constraints.__struct_fields__] == [
        *(6, 1, 1, 1, 1, 1, 1, 1)
    ]


@pytest.mark.parametrize(
    ("value", "asked", "is_repeated"),
    [
        ("job", "job", True),
        ("job", "Job", False),
        ("", "job", False),
        (None, "job", True),
        (True, "1", True),
        (5, "5", True),
        (5, "05", True),
        (5, "6", False),
        (5, "x", True),
        (5, "-1", True),
        ("job", "j***", True),
        ("****", "job", True),
    ],
)
def test_an_echo_compares_names_as_texts_and_ids_as_numbers(value, asked, is_repeated):
    """A masked value or parameter, and one that stands for something else, repeats anything."""
    echo = OTHERS[0]
    assert is_repeated is echo.is_repeated(value, {"name": asked})
    found = echo.violation(Values({"A": value}, parameters={"name": asked}))
    assert is_repeated is (found is None)
    assert echo.is_repeated(value, {})


def test_rulings_name_a_kind_as_its_class():
    """The name of a kind in a rulings file is that of its class in small letters."""
    assert [kind.__name__.lower() for kind in CONSTRAINT_KINDS.values()] == [*CONSTRAINT_KINDS]
