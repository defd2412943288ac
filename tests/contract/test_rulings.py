"""Rulings decide what the page leaves open, and a mistake in one is reported in a sentence."""

import pytest

from docpact.contract import Embedded, Kind, Place, Unit
from docpact.contract.rulings import read_rulings
from docpact.core.errors import BrokenContract
from docpact.core.span import Grade, Severity
from docpact.rules import ANSWER_RULES, RULES, Family

# What must be decided, and the ruling that does.
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

CONSTRAINT = "[[ruling.constraint]]\n"


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
    """All rulings are read, and they keep their order."""
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
    """Only rules whose violations cite a field's or a constraint's own line go without a ruling."""
    governed = {rule for each in rulings.ruling for rule in each.governs}
    free = [each for each in ANSWER_RULES if each.id not in governed]
    by_a_field = {each.id for each in free if each.family is Family.FIELD}
    by_a_constraint = {each.id for each in free if each.family is Family.MEANING}
    assert {"missing-field", "unknown-enum-value", "wrong-type"} <= by_a_field
    assert {"fields-disagree", "wrong-echo", "wrong-format", "wrong-unit"} <= by_a_constraint
    assert {each.id for each in free} - by_a_field - by_a_constraint == {"repeated-value"}


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
    """A single constraint has the ruling's id without a number."""
    contract = ruled_by(
        ruling() + "[[ruling.constraint]]\nkind = 'unit'\nfields = ['Instance.EndTime']\n"
        "unit = 's'\nleast = 1\nmost = 2\n"
    )
    assert [each.id for each in contract.constraints if isinstance(each, Unit)] == ["some"]


def test_an_unknown_key_is_refused_by_name(ruled_by):
    """A misspelt key is an error that says where it is and what to compare with."""
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
    """A misspelt key is an error at the top of the file and inside of a ruling, too."""
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
    """A constraint on a field that is not on the page is an error."""
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
    """A constraint without a kind is an error."""
    error = refused(ruled_by, ruling() + "[[ruling.constraint]]\nfields = ['RequestId']\n")
    assert "some" in error.message


def test_a_constraint_that_lacks_something_is_refused(ruled_by):
    """A constraint on an embedded document without a media type is an error."""
    text = ruling() + "[[ruling.constraint]]\nkind = 'embedded'\nfields = ['Instance.Code']\n"
    assert "media_type" in refused(ruled_by, text).message


def test_a_number_written_as_a_text_is_refused(ruled_by):
    """A member of a constraint with the wrong type is an error."""
    text = "kind = 'unit'\nfield = 'Instance.EndTime'\nunit = 's'\nleast = '1'\nmost = 2\n"
    message = refused(ruled_by, ruling() + CONSTRAINT + text).message
    assert message.startswith("ruling some has a broken constraint: Expected `int`, got `str`")


def test_a_pattern_that_is_no_regular_expression_is_refused(ruled_by):
    """A form that nothing can be held against is found when it is compiled, not at a capture."""
    text = (
        ruling() + "[[ruling.constraint]]\nkind = 'pattern'\nfields = ['RequestId']\n"
        "pattern = '('\nform = 'x'\n"
    )
    assert "some" in refused(ruled_by, text).message


@pytest.mark.parametrize("line", ["0", "-1"])
def test_no_line_comes_before_the_first(ruled_by, line):
    """A line that is not on the page is an error, even if the ruling names no word of it."""
    assert f"cites line {line} " in refused(ruled_by, ruling(line=line, mentions='""')).message


@pytest.mark.parametrize("line", ["54", "0", "-3", "99999"])
def test_a_wrong_line_is_refused(ruled_by, line):
    """A line that does not mention the word, or is not there, is an error."""
    error = refused(ruled_by, ruling(line=line))
    assert "some" in error.message
    assert "'EndTime'" in error.message
    assert error.hint


def test_two_rulings_with_one_id_are_refused(ruled_by):
    """Two rulings with one id are an error."""
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
    """A wrong shape deep inside of a rulings file is an error in one sentence, too."""
    assert refused(ruled_by, ruling(constraint="[1]")).message


def test_an_unknown_constraint_cannot_be_regraded(ruled_by):
    """Regrading is by id, and the error lists the ids there are."""
    error = refused(ruled_by, ruling(regrade='["echo-of-nothing"]'))
    assert "echo-of-nothing" in error.message
    assert "echo-jobname" in error.hint


def test_a_missing_file_is_refused(tmp_path):
    """A rulings file that cannot be read is reported in one sentence."""
    with pytest.raises(BrokenContract, match="cannot be read"):
        read_rulings(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    """A rulings file that is not UTF-8 is reported in one sentence."""
    file = tmp_path / "some.rulings.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenContract, match="cannot be read"):
        read_rulings(file)


def test_an_empty_file_rules_nothing(ruled_by, bare_contract):
    """No rulings and an empty file are the same."""
    assert ruled_by("") == bare_contract


@pytest.mark.parametrize(
    ("constraint", "problem"),
    [
        ("kind = 'unit'\nunit = 's'\nleast = 1\nmost = 2\nfields = ['{text}']\n", "{text}"),
        ("kind = 'ordering'\nearlier = '{number}'\nlater = '{text}'\n", "{text}"),
        ("kind = 'embedded'\nmedia_type = 'x/y'\nfields = ['{number}']\n", "{number}"),
        ("kind = 'pattern'\npattern = 'x'\nform = 'x'\nfields = ['{number}']\n", "{number}"),
        ("kind = 'separated'\nseparator = ','\nforeign = []\nfield = '{number}'\n", "{number}"),
    ],
    ids=["unit", "ordering", "embedded", "pattern", "separated"],
)
def test_a_constraint_on_a_field_of_another_kind_is_refused(ruled_by, constraint, problem):
    """A constraint that could never be violated is an error."""
    fields = {"text": "Instance.Code", "number": "Instance.EndTime"}
    error = refused(ruled_by, ruling() + CONSTRAINT + constraint.format(**fields))
    kind = "a Long" if "text" in problem else "a String"
    expected = f"ruling some has a constraint on {problem}, which is not {kind}"
    assert expected.format(**fields) == error.message


def test_an_echo_of_an_unknown_parameter_is_refused(ruled_by):
    """A field that repeats an unknown parameter is an error."""
    text = "kind = 'echo'\nfield = 'Instance.Id'\nparameter = 'box'\nunless = []\n"
    error = refused(ruled_by, ruling() + CONSTRAINT + text)
    assert "ruling some names box, which the page does not have" == error.message


@pytest.mark.parametrize("fields", ["[]", "'RequestId'"])
def test_a_constraint_on_no_fields_is_refused(ruled_by, fields):
    """A constraint on an empty list of fields is an error."""
    error = refused(ruled_by, ruling() + CONSTRAINT + f"kind = 'unique'\nfields = {fields}\n")
    assert error.message.startswith("ruling some has a broken constraint")


@pytest.mark.parametrize(("separator", "foreign"), [("''", "[';']"), ("','", "['']")])
def test_an_empty_separator_is_refused(ruled_by, separator, foreign):
    """Neither the right separator nor a wrong one may be an empty text."""
    text = f"kind = 'separated'\nseparator = {separator}\nforeign = {foreign}\n"
    error = refused(ruled_by, ruling() + CONSTRAINT + text + "field = 'Instance.Packages'\n")
    message = "ruling some has a broken constraint: an empty text separates nothing"
    assert error.message.startswith(message)


def test_a_broken_pattern_is_shown(ruled_by):
    """An error about a pattern shows the pattern and what is wrong with it."""
    text = "kind = 'pattern'\npattern = '('\nform = 'x'\nfield = 'RequestId'\n"
    message = refused(ruled_by, ruling() + CONSTRAINT + text).message
    assert "'(' is not a regular expression: missing ), unterminated subpattern" in message


def test_hints_list_what_there_is(ruled_by):
    """Kinds and ids are listed in order, separated by commas."""
    kinds = refused(ruled_by, ruling() + CONSTRAINT + "kind = 'wish'\n").hint
    expected = "echo, embedded, implication, ordering, pattern, separated, unique, unit"
    assert f"Known kinds: {expected}." == kinds
    known = refused(ruled_by, ruling(regrade='["x"]')).hint
    assert known.startswith("Known constraints: actualstate-failed-jobtype, actualstate-success-")


def test_refusals_name_the_file_and_the_next_step(ruled_by):
    """The error says where the line is and what to do."""
    twice = refused(ruled_by, ruling() * 2)
    assert "some.rulings.toml has two rulings with the id some" == twice.message
    broken = refused(ruled_by, "[[ruling]\n")
    assert "Compare it with samples/pages/GetInstance.rulings.toml." == broken.hint
    moved = refused(ruled_by, ruling(line="54"))
    assert "Correct the ruling's line, or leave the rulings out with --no-rulings." == moved.hint


def test_the_first_and_the_last_line_can_be_cited(ruled_by, english_page):
    """A page begins with line 1 and ends with its last one."""
    last = len(english_page.lines)
    for line, mentions in ((1, "GetInstance"), (last, "")):
        contract = ruled_by(ruling(line=str(line), mentions=f'"{mentions}"'))
        assert line == contract.rulings[0].origin.span.first
    assert f"line {last + 1} " in refused(ruled_by, ruling(line=str(last + 1))).message


def test_a_cited_word_reads_as_it_would_travel(ruled_by):
    """Backslashes of Markdown belong neither to a word nor to the quote."""
    contract = ruled_by(ruling(line="48", mentions='"rcmp9x37ztfb63g1x7lt****"'))
    quote = contract.rulings[0].origin.quote
    assert "ClusterId | String | rcmp9x37ztfb63g1x7lt**** | Cluster ID" == quote


def test_a_ruled_root_is_the_root(ruled_by):
    """The XML root is what the ruling says, on the ruling's line."""
    success = ruled_by(ruling(root='"Answer"')).success
    assert ("Answer", "some") == (success.root, success.root_origin.ruling)


def test_a_ruled_parameter_keeps_its_kind(ruled_by):
    """A ruling keeps what the table says of a parameter; a new one is a text without example."""
    entry = "[[ruling.parameter]]\nname = '{}'\nplace = 'path'\nwire_name = 'x'\nrequired = true\n"
    contract = ruled_by(ruling() + entry.format("instanceId") + entry.format("fresh"))
    found = {each.name: each for each in contract.operation.parameters}
    old, new = found["instanceId"], found["fresh"]
    assert (Kind.LONG, "123", Place.PATH) == (old.kind, old.example, old.place)
    assert (Kind.STRING, "", "", None) == (new.kind, new.example, new.description, new.default)


def test_a_ruling_on_two_fields_cites_the_row_of_each(ruled_by):
    """A ruling about one field alone cites its own line."""
    text = CONSTRAINT + "kind = 'embedded'\nmedia_type = 'x/y'\nfields = {}\n"
    two = ruled_by(ruling() + text.format("['Instance.PlanJson', 'Instance.Code']"))
    assert [75, 49] == [each.origin.span.first for each in two.constraints.embedded]
    one = ruled_by(ruling() + text.format("['Instance.PlanJson']"))
    assert [53] == [each.origin.span.first for each in one.constraints.embedded]


def test_a_rule_that_no_ruling_governs(contract, bare_contract):
    """Without rulings no rule rests on a ruling."""
    assert contract.ruling_on("json-syntax") is not None
    assert bare_contract.ruling_on("json-syntax") is None
