"""Rulings decide what the page leaves open, and a mistake in one is told in a sentence."""

import pytest

from docpact.contract import Embedded, Unit
from docpact.contract.rulings import read_rulings
from docpact.errors import BrokenContract
from docpact.rules import RULES
from docpact.span import Grade, Severity

# What issue 2 asks to be decided, and the ruling that does.
DECIDED = {
    "optionality": "others-may-be-absent",
    "empty EndTime": "empty-is-absent-or-null",
    "empty Packages": "no-packages",
    "int64": "long-is-int64",
    "masks": "masked-values",
    "XML root and fragment": "xml-root",
    "undocumented fields": "undocumented-fields",
    "JSON in AutoScaleParams": "scale-params-are-json",
    "JSON in PlanJson": "plan-is-json",
    "the handler's halves": "handler-has-two-halves",
    "milliseconds": "times-in-milliseconds",
    "the list of packages": "package-list",
    "states of batch jobs": "failed-jobs",
    "EndTime and ActualState": "unfinished-has-no-end",
    "EndTime and StartTime": "ends-after-start",
    "LastErrorTime and LastErrorMessage": "error-has-a-time",
    "ApiType and Code": "datastream-code",
    "echo of the names": "echo-of-names",
    "echo of the id": "echo-of-id",
    "QueueName's project": "queue-names-no-project",
    "RequestId's form": "request-id-is-uuid",
    "RequestId's uniqueness": "request-id-is-unique",
    "error bodies": "error-body",
    "statuses": "statuses",
    "RegionId": "region-id",
    "-1": "minus-one",
}


def ruling(**changes):
    """One ruling as TOML, right but for what is changed."""
    said = {
        "id": '"some"',
        "line": "53",
        "mentions": '"EndTime"',
        "grade": '"implied"',
        "decision": '"so"',
        "reason": '"because"',
    }
    said |= changes
    lines = [f"{key} = {value}" for key, value in said.items() if value]
    return "\n".join(["[[ruling]]", *lines]) + "\n"


def refused(ruled_by, text):
    """The error that a rulings file meets."""
    with pytest.raises(BrokenContract) as caught:
        ruled_by(text)
    return caught.value


@pytest.mark.parametrize("about", DECIDED)
def test_every_open_question_is_decided(contract, about):
    """Each decision that the page leaves open is on record, with a reason and a line."""
    found = next(each for each in contract.rulings if each.id == DECIDED[about])
    assert found.decision
    assert found.reason
    assert found.origin.span.first


def test_every_ruling_is_in_the_contract(contract, rulings):
    """None is passed over, and they keep their order."""
    assert [each.id for each in contract.rulings] == [each.id for each in rulings.ruling]


def test_rulings_govern_rules_that_exist(rulings):
    """Every name in governs is a rule's id; there is nothing that checks it but this test."""
    named = {rule for each in rulings.ruling for rule in each.governs}
    assert set() == named - RULES.keys()


def test_no_rule_rests_on_two_rulings(rulings):
    """A finding names one ruling, so a rule as a whole may have only one."""
    named = [rule for each in rulings.ruling for rule in each.governs]
    assert sorted(set(named)) == sorted(named)


def test_a_rule_without_a_ruling_is_about_one_field_or_constraint(rulings):
    """Only rules whose breaches cite a field's or a constraint's own line go without a ruling."""
    governed = {rule for each in rulings.ruling for rule in each.governs}
    assert RULES.keys() - governed == {
        "embedded-syntax",
        "fields-disagree",
        "missing-field",
        "repeated-value",
        "times-out-of-order",
        "unknown-enum-value",
        "wrong-echo",
        "wrong-format",
        "wrong-separator",
        "wrong-type",
        "wrong-unit",
    }


def test_a_ruling_makes_a_field_required_and_the_field_names_it(ruled_by):
    """Who says that a field must be there is the ruling, by its grade, on the field's own row."""
    contract = ruled_by(ruling(required='["Instance.EndTime"]'))
    required = contract.success.find(("Instance", "EndTime")).required
    assert ("some", 53, Grade.IMPLIED) == (
        required.ruling,
        required.span.first,
        required.grade,
    )


def test_a_severity_overrides_the_grade(ruled_by):
    """The grade stays what it is; only the severity is raised."""
    contract = ruled_by(ruling(severity='"error"', required='["Instance.EndTime"]'))
    required = contract.success.find(("Instance", "EndTime")).required
    assert (Grade.IMPLIED, Severity.ERROR) == (required.grade, required.severity)


def test_one_entry_may_be_about_several_fields(ruled_by):
    """Each field gets a constraint of its own, numbered in the order given."""
    contract = ruled_by(
        ruling() + "[[ruling.constraint]]\nkind = 'embedded'\n"
        "fields = ['Instance.PlanJson', 'Instance.Code']\nmedia_type = 'application/json'\n"
    )
    found = [(each.id, each.field) for each in contract.constraints if isinstance(each, Embedded)]
    assert found == [("some-1", "Instance.PlanJson"), ("some-2", "Instance.Code")]


def test_a_lone_constraint_has_the_rulings_own_id(ruled_by):
    """A number tells constraints apart, so one alone has none."""
    contract = ruled_by(
        ruling() + "[[ruling.constraint]]\nkind = 'unit'\nfields = ['Instance.EndTime']\n"
        "unit = 's'\nleast = 1\nmost = 2\n"
    )
    assert [each.id for each in contract.constraints if isinstance(each, Unit)] == ["some"]


def test_an_unknown_key_is_refused_by_name(ruled_by):
    """A misspelt key is never passed over; the error says where it is and what to compare with."""
    error = refused(ruled_by, ruling(requird='["RequestId"]'))
    assert "`requird`" in error.message
    assert "some.rulings.toml" in error.message
    assert "$.ruling[0]" in error.message
    assert "GetInstance.rulings.toml" in error.hint


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colour = 'red'\n" + ruling(), "colour"),
        ("[[rulings]]\nid = 'misspelt'\n", "rulings"),
        (
            ruling() + "[[ruling.parameter]]\nname = 'A'\nplace = 'query'\nwire_name = 'A'\n"
            "required = false\ndefualt = 'x'\n",
            "defualt",
        ),
        (ruling() + "[ruling.failure]\nroot = 'E'\nrequired = []\noptionl = ['x']\n", "optionl"),
        (
            ruling() + "[[ruling.constraint]]\nkind = 'implication'\nbecause = 'x'\n"
            "when = { field = 'Instance.Id', test = 'filled', vlaues = ['1'] }\n"
            "then = { field = 'Instance.Code', test = 'filled' }\n",
            "vlaues",
        ),
        (
            ruling()
            + "[[ruling.constraint]]\nkind = 'unique'\nfields = ['RequestId']\nper = 'x'\n",
            "per",
        ),
    ],
    ids=["top", "misspelt-table", "parameter", "failure", "condition", "constraint"],
)
def test_an_unknown_key_is_refused_wherever_it_stands(ruled_by, text, key):
    """Also at the top of the file and inside of what a ruling holds."""
    assert f"`{key}`" in refused(ruled_by, text).message


@pytest.mark.parametrize(
    "entry",
    [
        {"required": '["Instance.Ende"]'},
        {"empty": '["Ende"]'},
        {"required": '["Instance.Id.Ende"]'},
    ],
    ids=["required", "empty", "below-a-leaf"],
)
def test_an_unknown_field_is_refused(ruled_by, entry):
    """A ruling about a field that the page has not is a mistake, and the error names both."""
    error = refused(ruled_by, ruling(**entry))
    assert "Ende" in error.message
    assert "some" in error.message


def test_a_constraint_on_an_unknown_field_is_refused(ruled_by):
    """Fields of constraints must be on the page too."""
    text = ruling() + "[[ruling.constraint]]\nkind = 'unique'\nfields = ['Instance.Ende']\n"
    assert "Instance.Ende" in refused(ruled_by, text).message


def test_both_fields_of_an_implication_must_be_known(ruled_by):
    """The second field of a constraint is looked up like the first."""
    text = (
        ruling() + "[[ruling.constraint]]\nkind = 'ordering'\n"
        "earlier = 'Instance.StartTime'\nlater = 'Instance.Ende'\n"
    )
    assert "Instance.Ende" in refused(ruled_by, text).message


def test_an_unknown_kind_of_constraint_is_refused(ruled_by):
    """The set of kinds is closed, and the error lists it."""
    error = refused(ruled_by, ruling() + "[[ruling.constraint]]\nkind = 'wish'\nfields = ['Id']\n")
    assert "'wish'" in error.message
    assert "implication" in error.hint


def test_a_constraint_without_a_kind_is_refused(ruled_by):
    """A constraint says what it is."""
    error = refused(ruled_by, ruling() + "[[ruling.constraint]]\nfields = ['RequestId']\n")
    assert "some" in error.message


def test_a_constraint_that_lacks_something_is_refused(ruled_by):
    """An embedded document has a media type."""
    text = ruling() + "[[ruling.constraint]]\nkind = 'embedded'\nfields = ['Instance.Code']\n"
    assert "media_type" in refused(ruled_by, text).message


def test_a_pattern_that_is_no_regular_expression_is_refused(ruled_by):
    """A form that nothing can be held against is found when it is compiled, not at a capture."""
    text = (
        ruling() + "[[ruling.constraint]]\nkind = 'pattern'\nfields = ['RequestId']\n"
        "pattern = '('\nform = 'x'\n"
    )
    assert "some" in refused(ruled_by, text).message


@pytest.mark.parametrize("line", ["54", "0", "-3", "99999"])
def test_a_wrong_line_is_refused(ruled_by, line):
    """A line that does not mention the word, or that is not there, is no proof."""
    error = refused(ruled_by, ruling(line=line))
    assert "some" in error.message
    assert "'EndTime'" in error.message
    assert error.hint


def test_two_rulings_with_one_id_are_refused(ruled_by):
    """An id names one ruling."""
    assert "two rulings with the id some" in refused(ruled_by, ruling() * 2).message


@pytest.mark.parametrize(
    "text",
    [
        "[[ruling]\n",
        ruling(grade='"certain"'),
        ruling(line='"53"'),
        ruling(decision=""),
        ruling(severity='"fatal"'),
        "version = 2\n" + ruling(),
        "ruling = 3\n",
        "[ruling]\nid = 'x'\n",
        "ruling = [1, 2]\n",
    ],
    ids=[
        "syntax",
        "unknown-grade",
        "line-as-text",
        "no-decision",
        "unknown-severity",
        "other-version",
        "number",
        "table",
        "list-of-numbers",
    ],
)
def test_what_is_no_rulings_file_is_refused_with_a_hint(ruled_by, text):
    """Broken TOML and wrong shapes end in one sentence and a model to compare with."""
    error = refused(ruled_by, text)
    assert "some.rulings.toml" in error.message
    assert error.hint


def test_a_constraint_that_is_no_table_is_refused(ruled_by):
    """So do wrong shapes further in."""
    assert refused(ruled_by, ruling(constraint="[1]")).message


def test_an_unknown_constraint_cannot_be_regraded(ruled_by):
    """Regrading is by id, and the error lists the ids there are."""
    error = refused(ruled_by, ruling(regrade='["echo-of-nothing"]'))
    assert "echo-of-nothing" in error.message
    assert "echo-jobname" in error.hint


def test_a_missing_file_is_refused(tmp_path):
    """A rulings file that cannot be read is one sentence."""
    with pytest.raises(BrokenContract, match="cannot be read"):
        read_rulings(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    """Bytes that are not UTF-8 are one sentence as well."""
    file = tmp_path / "some.rulings.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenContract, match="cannot be read"):
        read_rulings(file)


def test_an_empty_file_rules_nothing(ruled_by, bare_contract):
    """No rulings and an empty file are the same."""
    assert ruled_by("") == bare_contract
