"""The emitted XML Schema is understood by two libraries, which judge the samples alike."""

from pathlib import Path
from random import Random

import pytest
from lxml import etree

RESPONSES = Path(__file__).parents[2] / "samples" / "responses"
XS = "{http://www.w3.org/2001/XMLSchema}"
# A masked Long is no xs:long; docpact takes masks off before it judges.
MASKED_NUMBERS = {"masked.xml"}
VALID = [each for each in sorted(RESPONSES.glob("valid/*.xml")) if each.name not in MASKED_NUMBERS]
OF_TYPE_OR_PRESENCE = (
    "wrong-type",
    "not-an-integer",
    "out-of-range",
    "unknown-enum-value",
    "missing-field",
)
WARNED_OF = {"missing-field.identity.xml"}  # expected and not demanded, so the schema lets it be
BROKEN = [
    each
    for each in sorted(RESPONSES.glob("broken/*.xml"))
    if each.name.startswith(OF_TYPE_OR_PRESENCE) and each.name not in WARNED_OF
]


def shuffled(element: etree._Element, random: Random) -> etree._Element:
    """The element with its members, and theirs, in another order."""
    children = [shuffled(each, random) for each in element]
    random.shuffle(children)
    element[:] = children
    return element


@pytest.mark.parametrize("sample", VALID, ids=lambda each: each.name)
def test_valid_samples_are_accepted(sample, accepts):
    """Answers that a correct server sends are valid."""
    assert accepts(etree.parse(sample).getroot())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sample", VALID, ids=lambda each: each.name)
def test_members_come_in_any_order(sample, seed, accepts):
    """The page promises no order, so none is demanded."""
    assert accepts(shuffled(etree.parse(sample).getroot(), Random(seed)))  # an order, no secret


@pytest.mark.parametrize("sample", BROKEN, ids=lambda each: each.name)
def test_broken_samples_are_refused(sample, accepts):
    """Wrong types, values that are not listed and missing members are invalid."""
    assert not accepts(etree.parse(sample).getroot())


def test_there_are_samples_of_every_such_violation():
    """Each of the rules that XML Schema can see has a sample here."""
    assert set(OF_TYPE_OR_PRESENCE) == {each.name.partition(".")[0] for each in BROKEN}


@pytest.mark.parametrize("sample", [RESPONSES / "broken" / each for each in sorted(WARNED_OF)])
def test_what_is_only_expected_may_be_missing(sample, accepts):
    """A missing member that docpact only warns of is valid by the schema."""
    assert accepts(etree.parse(sample).getroot())


def test_the_printed_sample_can_be_checked_piece_by_piece(accepts, responses):
    """Each element that the page prints at the top is valid as a root of its own."""
    text = (responses / "printed" / "documented.xml").read_text("utf-8")
    pieces = list(etree.fromstring(f"<pieces>{text}</pieces>"))
    assert ["RequestId", "Instance"] == [each.tag for each in pieces]
    for each in pieces:
        assert accepts(etree.fromstring(etree.tostring(each, with_tail=False)))


def test_the_sample_in_the_contract_is_valid(accepts, contract):
    """The sample with its root put back is valid by the schema made from the page."""
    samples = [each.text for each in contract.samples if each.media == "xml"]
    assert len(samples) == 1
    assert accepts(etree.fromstring(samples[0].encode()))


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("1548397575000", True),
        ("", True),
        ("-1", True),
        (" 7 ", True),
        ("+7", True),
        ("9223372036854775807", True),
        ("9223372036854775808", False),
        ("1.0", False),
        ("1e3", False),
        ("soon", False),
    ],
)
def test_an_end_time_is_a_long_or_empty(accepts, responses, text, is_valid):
    """The one Long that may be empty takes the forms of xs:long, or none."""
    root = etree.parse(responses / "valid" / "stopped-batch-job.xml").getroot()
    root.find("Instance/EndTime").text = text
    assert is_valid == accepts(root)


def test_another_long_is_not_empty(accepts, responses):
    """A number may be empty only if its line says so."""
    root = etree.parse(responses / "valid" / "stopped-batch-job.xml").getroot()
    root.find("Instance/StartTime").text = ""
    assert not accepts(root)


@pytest.mark.parametrize("root", ["<Other/>", "<ActualState>RUNNING</ActualState>"])
def test_nothing_else_is_a_root(accepts, root):
    """Only the answers and the two members of the printed form stand alone."""
    assert not accepts(etree.fromstring(root))


def test_a_member_comes_once(accepts, responses):
    """A repeated member is invalid."""
    root = etree.parse(responses / "valid" / "documented.xml").getroot()
    root.append(etree.fromstring("<RequestId>x</RequestId>"))
    assert not accepts(root)


def test_elements_cite_the_page(files, contract):
    """Every element of the schema has the page's line in its documentation."""
    schema = etree.fromstring(files["getinstance.xsd"].encode())
    said = {
        each.get("name"): each.findtext(f"{XS}annotation/{XS}documentation")
        for each in schema.iterfind(f"{XS}element[@name='Instance']//{XS}all/{XS}element")
    }
    instance = contract.success.find(("Instance",))
    for field in instance.fields:
        assert f"GetInstance.md:{field.origin.span.first}, stated" in said[field.name]


def test_a_schema_without_failures_compiles(bare_contract):
    """A contract that knows no failure has a schema as well."""
    from docpact import emit

    schema = etree.XMLSchema(etree.fromstring(emit.xsd(bare_contract).encode()))
    root = etree.parse(RESPONSES / "valid" / "documented.xml").getroot()
    assert schema.validate(root)
