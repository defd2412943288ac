"""Whatever a page calls a type, the compiler and the linter take it for the same kind."""

import json

import pytest
from click.testing import CliRunner

from docpact.cli import docpact
from docpact.contract import KINDS, SCALARS, Kind, store
from docpact.contract.kinds import read_text, type_named
from docpact.core.serialize import json_text, xml_text

PAGE = """# GetLamp

## Response parameters

|Name|Type|Example|Description|
|--|--|--|--|
|Value|{type}|{example}|A value |
"""

# How a page calls a type, the kind, a right value and a wrong one.
NAMED = [
    ("number", Kind.FLOAT, 1.5, "x"),
    ("Decimal", Kind.FLOAT, 3, "1,5"),
    ("BigDecimal", Kind.FLOAT, 1.5, "x"),
    ("double", Kind.FLOAT, 1.5, True),
    ("short", Kind.SHORT, 32767, 32768),
    ("Short", Kind.SHORT, 1, 1.5),
    ("Int32", Kind.INTEGER, 2**31 - 1, 2**31),
    ("bigint", Kind.LONG, 2**63 - 1, 2**63),
    ("长整型", Kind.LONG, -(2**63), "x"),
    ("enum", Kind.STRING, "ON", {"A": "B"}),
    ("字符串", Kind.STRING, "ON", {"A": {"B": "C"}}),
    ("Bool", Kind.BOOLEAN, True, "yes"),
    ("Map<String,String>", Kind.MAP, {"A": "B"}, "x"),
    ("String to String Map", Kind.MAP, {"A": "B"}, 1),
]


@pytest.fixture
def judged(tmp_path):
    """The rules that an answer breaks by the contract of a page with one row of a type."""

    def rules(type_name: str, value: object, form: str, engine: str = "fast") -> set[str]:
        page = tmp_path / "GetLamp.md"
        page.write_text(PAGE.format(type=type_name, example=""), "utf-8")
        assert (
            0 == CliRunner().invoke(docpact, ["compile", str(page), "-o", str(tmp_path)]).exit_code
        )
        text = json_text if form == "json" else lambda value: xml_text(value, "GetLampResponse")
        answer = tmp_path / f"answer.{form}"
        members = {"Value": value}
        text = json_text(members) if form == "json" else xml_text("GetLampResponse", members)
        answer.write_text(text, "utf-8")
        contract = tmp_path / "getlamp.contract.json"
        options = ["--contract", str(contract), "--engine", engine, "--format", "json"]
        outcome = CliRunner().invoke(docpact, ["validate", *options, str(answer)])
        return {
            each["rule"]
            for each in json.loads(outcome.stdout)["findings"]
            if each["severity"] == "error"
        }

    return rules


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("named", NAMED, ids=str)
def test_every_type_that_a_page_names_is_checked(judged, tmp_path, named, form):
    """A right value of the type is clean and a wrong one is found, in both formats."""
    type_name, kind, right, wrong = named
    assert set() == judged(type_name, right, form) | judged(type_name, right, form, "reference")
    contract = store.load(tmp_path / "getlamp.contract.json")
    assert kind is contract.success.fields[0].kind
    found = judged(type_name, wrong, form)
    assert found & {"wrong-type", "out-of-range", "not-an-integer"}
    assert found == judged(type_name, wrong, form, "reference")


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_both_engines_know_the_range_of_a_short(judged, engine):
    """A number of more than 16 bits is out of the range of a Short."""
    assert {"out-of-range"} == judged("Short", 40000, "json", engine)
    assert {"out-of-range"} == judged("Short", 40000, "xml", engine)
    assert set() == judged("Short", -32768, "xml", engine)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Array", ""),
        ("Array of Metric", "Metric"),
        ("List<String>", "String"),
        ("array(object)", "object"),
        ("String[]", "String"),
        ("RepeatList", ""),
        ("数组", ""),
    ],
)
def test_a_list_has_items_of_a_type(text, item):
    """The type of the items is taken where the page names it."""
    named = type_named(text)
    assert named.item is not None
    assert (True, item) == (named.is_container, named.item.name)
    assert type_named(item).kind is named.item.kind


@pytest.mark.parametrize("text", ["", "-", "无", "Lamp", "Lampmap"])
def test_an_unknown_type_is_any(text):
    """Nothing is said of values whose type is unknown or missing."""
    named = type_named(text)
    assert (Kind.ANY, False, False) == (named.kind, named.is_known, named.is_open)
    assert bool(named.name) is text.startswith("Lamp")


@pytest.mark.parametrize("text", ["JSON", "Date", "datetime", "Timestamp"])
def test_an_open_type_is_known_and_any(text):
    """A date is written in many ways, so its values are not checked."""
    named = type_named(text)
    assert (Kind.ANY, True) == (named.kind, named.is_open)


def test_no_name_has_two_kinds():
    """A name stands for one kind, and each kind is found by its own name."""
    names = [name for each in KINDS.values() for name in each.names]
    assert len(names) == len(set(names))
    assert all(type_named(kind.value.capitalize()).kind is kind for kind in Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_representation(kind):
    """A kind that is left out of the table would be found nowhere."""
    assert bool(KINDS[kind].json_type) is (kind is not Kind.ANY)
    assert bool(KINDS[kind].xsd_type) is (kind in SCALARS)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.LONG, " 007 ", 7),
        (Kind.LONG, "1.0", 1.0),
        (Kind.SHORT, "-" + "9" * 5000, -(10**40)),
        (Kind.FLOAT, "1e999", 1.7e308),
        (Kind.FLOAT, "one", "one"),
        (Kind.BOOLEAN, "1", True),
        (Kind.BOOLEAN, "TRUE", "TRUE"),
        (Kind.STRING, " a ", " a "),
        (Kind.MAP, " ", {}),
        (Kind.FLOAT, "", None),
    ],
)
def test_a_text_of_xml_is_read_by_its_kind(kind, text, value):
    """What is not written as the kind is stays a text, which is then of the wrong type."""
    assert value == read_text(kind, text)
