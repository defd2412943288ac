"""JSON as a format: its syntax, its names, its numbers."""

import pytest


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("{", 1, 2),
        ('{"RequestId": "a"', 1, 18),
        ('{\n  "RequestId": "a",\n}', 3, 1),
        ('{\n  "RequestId" "a"\n}', 2, 15),
        ("{'RequestId': 1}", 1, 2),
        ('{"a": 01}', 1, 8),
        ('{"a": +1}', 1, 7),
        ('{"a": .5}', 1, 7),
        ('{"a": 1.}', 1, 8),
        ('{"a": tru}', 1, 7),
        ('{"a": "\\x"}', 1, 8),
        ('{"a": "line\nbreak"}', 1, 12),
        ('{"a": "tab\there"}', 1, 11),
        ("[1, 2", 1, 6),
        ("[1,, 2]", 1, 4),
    ],
)
def test_broken_syntax_is_placed(judge, body, line, column):
    """What breaks the grammar is reported once, at its line and column."""
    found = judge(body)
    assert ["json-syntax"] == found.rules
    assert (line, column) == (found.only.at.line, found.only.at.column)


def test_a_value_on_the_first_line_is_placed(judge, answers):
    """A document on one line has its columns counted from that line's start."""
    body = answers.json_with("Id", '"x"')
    at = judge(body).only.at
    assert (1, body.index('"x"') + 1) == (at.line, at.column)


@pytest.mark.parametrize(
    "body",
    [
        "not found",
        "null null",
        "true story",
        "nullable",
        "NaN NaN",
        "Infinity war",
        "OK",
        "Error: x",
        "/* why */ {}",
    ],
)
def test_a_body_of_words_is_no_json(judge, body):
    """What starts with words is a message of somebody else's, even if JSON knows the first."""
    found = judge(body)
    assert [("unknown-format", "error")] == found.severities
    assert (1, body) == (found.only.at.line, found.only.actual)


@pytest.mark.parametrize("space", [" ", "\n", "\r\n", "\t", " \n\t \n"])
def test_white_space_around_the_document_is_fine(judge, answers, space):
    """White space before and after a document belongs to JSON."""
    assert [] == judge(space + answers.json(answers.value()) + space).rules


def test_a_document_on_one_line_is_fine(judge, answers):
    """Nothing about layout is a finding."""
    squeezed = answers.json(answers.value()).replace("\n", "").replace("  ", "")
    assert [] == judge(squeezed).rules


def test_escapes_mean_the_same_as_characters(judge, answers):
    r"""A name or value may be written with \u escapes."""
    text = answers.json(answers.value({"JobName": "\U0001f600 名"}))
    escaped = (
        text.replace('"Id"', '"\\u0049d"')
        .replace("名", "\\u540d")
        .replace("\U0001f600", "\\ud83d\\ude00")
        .replace("INSERT", "\\u0049NSERT")
    )
    assert text != escaped
    assert [] == judge(escaped).rules


@pytest.mark.parametrize(
    "rest", ["x", "X", "{}", "]", ",", '"', "null", ";", "\x00", "\x0b", "\u00a0", "\u2028"]
)
def test_text_after_the_document_is_noticed_and_placed(judge, answers, rest):
    """Only white space may follow; the document itself is judged all the same."""
    body = answers.json(answers.value({"ActualState": "DONE"})) + "\n" + rest
    found = judge(body)
    assert ["json-trailing-text", "unknown-enum-value"] == found.rules
    at = found.of("json-trailing-text").at
    assert (body.count("\n") + 1, 1) == (at.line, at.column)


def test_text_after_the_document_is_placed_on_its_line(judge, answers):
    """Line and column are those of the first character that does not belong there."""
    body = answers.json(answers.value())
    at = judge(body + "  x\n\ny").only.at
    assert (body.count("\n") + 1, 4) == (at.line, at.column)
    at = judge(body + "\n\n  x\n").only.at
    assert (body.count("\n") + 3, 3) == (at.line, at.column)


@pytest.mark.parametrize("body", ["1 ]", "1,2", '"a" }', "1 null", "[] ]", '"a":1'])
def test_text_after_a_document_that_is_no_object(judge, body):
    """A scalar or array with text behind it has both findings and crashes nothing."""
    assert ["json-trailing-text", "wrong-type"] == judge(body).rules


@pytest.mark.parametrize("body", ["null", "true", "0", "-1.5", '""', '"text"', "[]", "[{}]"])
def test_an_answer_is_an_object(judge, body):
    """Well-formed JSON that is no object has the wrong type as a whole."""
    found = judge(body)
    assert ["wrong-type"] == found.rules
    assert ("", "", 1) == (found.only.field, found.only.pointer, found.only.at.line)


def test_an_empty_object_lacks_everything(judge):
    """An object without members misses what every answer has, and nothing else."""
    assert ["missing-field", "missing-field"] == judge("{}").rules


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ("NaN", 1),
        ("[Infinity]", 2),
        ('{"Instance": {"Id": -Infinity}}', 21),
        ('{"NaN": "NaN", "a": NaN}', 21),
        ("[NaN1]", 2),
    ],
)
def test_constants_that_json_does_not_know(judge, body, column):
    """NaN and the infinities are named as such and placed."""
    found = judge(body)
    assert ["json-not-a-number"] == found.rules
    assert (1, column) == (found.only.at.line, found.only.at.column)


def test_a_constant_further_down_is_placed(judge):
    """Lines are counted up to the constant and not beyond."""
    at = judge('\n{"a": 1,\n "b": NaN}\n\n').only.at
    assert (3, 7) == (at.line, at.column)
    at = judge("\n[NaN]").only.at
    assert (2, 2) == (at.line, at.column)


def test_a_text_that_says_nan_is_a_text(judge, answers):
    """NaN inside a string is nothing special."""
    assert [] == judge(answers.json(answers.value({"JobName": "NaN", "Starter": "Infinity"}))).rules


def test_a_repeated_name_at_the_top(judge, answers):
    """A name that comes twice is reported at the second one, which is the one that counts."""
    text = answers.json(answers.value())
    body = text[: text.rindex("}")] + ',\n"RequestId": 5\n}'
    found = judge(body)
    assert ["json-duplicate-key", "wrong-type"] == found.rules
    last_line = body.count("\n")
    assert last_line == found.of("json-duplicate-key").at.line
    assert last_line == found.of("wrong-type").at.line
    assert "/RequestId" == found.of("json-duplicate-key").pointer


def test_a_repeated_name_inside_the_instance(judge, answers):
    """Nested objects are looked at too, and each repetition counts."""
    found = judge(answers.json_with("Id", '1, "Id": 2, "Id": 412536'))
    assert ["json-duplicate-key", "json-duplicate-key"] == found.rules
    assert {"Instance.Id"} == {each.field for each in found.findings}


def test_each_repetition_has_its_own_place(judge, answers):
    """The second time is not placed at the third."""
    body = answers.json_with("Id", '1,\n "Id": 2,\n   "Id": 412536')
    first = next(line for line, text in enumerate(body.split("\n"), 1) if '"Id": 1,' in text)
    found = [(each.at.line, each.at.column) for each in judge(body).findings]
    assert [(first + 1, 8), (first + 2, 10)] == found


def test_a_name_that_is_repeated_within_a_list_is_placed(judge, answers):
    """Items are told apart by their number, from 0."""
    body = answers.json(answers.value(top={"Extra": [0, {"a": 1}, [{"b": 1}], {"a": 1, "c": "@"}]}))
    found = judge(body.replace('"c": "@"', '"a": 2')).of("json-duplicate-key")
    assert ("Extra.3.a", "/Extra/3/a") == (found.field, found.pointer)
    assert '"a": 2' == body.replace('"c": "@"', '"a": 2').split("\n")[found.at.line - 1].strip()


def test_a_repeated_name_is_seen_through_its_escapes(judge, answers):
    r"""Names are compared after their escapes are undone."""
    found = judge(answers.json_with("Id", '1, "\\u0049d": 412536'))
    assert ["json-duplicate-key"] == found.rules


def test_equal_names_in_different_objects_are_fine(judge, answers):
    """Only names of one object can repeat."""
    value = answers.value(top={"First": [{"a": 1}, {"a": 1}], "Second": {"a": {"a": 1}}})
    assert ["undocumented-field", "undocumented-field"] == judge(answers.json(value)).rules


@pytest.mark.parametrize("text", ["0", "-0", "7", "-1", "9223372036854775807"])
def test_a_long_in_json(judge, answers, text):
    """Every integer of 64 bits is a Long."""
    assert [] == judge(answers.json_with("InputDelay", text)).rules
    assert [] == judge(answers.json_with("InputDelay", "-9223372036854775808")).rules


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1.5", "not-an-integer"),
        ("1.0", "not-an-integer"),
        ("-0.0", "not-an-integer"),
        ("1e3", "not-an-integer"),
        ("1E+3", "not-an-integer"),
        ("1e400", "not-an-integer"),
        ("-1e400", "not-an-integer"),
        ("9223372036854775808", "out-of-range"),
        ("-9223372036854775809", "out-of-range"),
        ("18446744073709551616", "out-of-range"),
        ("-18446744073709551616", "out-of-range"),
        ("1" + "0" * 39, "out-of-range"),
        ("1" + "0" * 40, "out-of-range"),
        ("9" * 5000, "out-of-range"),
        ("-" + "9" * 5000, "out-of-range"),
        ("true", "wrong-type"),
        ('"5"', "wrong-type"),
        ('""', "wrong-type"),
        ('"1.5"', "wrong-type"),
        ("[]", "wrong-type"),
        ("[5]", "wrong-type"),
        ("{}", "wrong-type"),
        ("null", "unexpected-null"),
    ],
)
def test_what_is_no_long_in_json(judge, answers, text, rule):
    """Each thing that a Long is not has its own name, once."""
    found = judge(answers.json_with("InputDelay", text))
    assert [rule] == found.rules
    assert ("Instance.InputDelay", "/Instance/InputDelay") == (
        found.only.field,
        found.only.pointer,
    )


@pytest.mark.parametrize(("text", "actual"), [("1e400", 1.7e308), ("-1e400", -1.7e308)])
def test_a_report_can_hold_what_was_found(judge, answers, text, actual):
    """A number beyond every float is still reported as something that JSON can write."""
    assert actual == judge(answers.json_with("InputDelay", text)).only.actual


@pytest.mark.parametrize("digits", [19, 40, 41, 5000])
def test_a_number_of_any_size_keeps_its_sign(judge, answers, write, digits):
    """What is beyond every Long is still more or less than nothing."""
    for number, is_negative in (("9" * digits, False), ("-" + "9" * digits, True)):
        body = write(answers.value({"Id": "@"})).replace('"@"', number).replace("@", number)
        instance = judge.value(body)["Instance"]
        assert is_negative is (instance["Id"] < 0)


def test_huge_numbers_elsewhere_are_no_concern(judge, answers):
    """Numbers of any size in fields that the page does not know cost nothing but a warning."""
    body = answers.json_with("Priority", "9" * 5000)
    assert ["undocumented-field"] == judge(body).rules
    body = answers.json_with("AutoScaleParams", f'"[{"9" * 5000}, 1e400]"')
    assert [] == judge(body).rules


def test_half_a_surrogate_pair(judge, answers):
    """Half of a surrogate pair is found in values and does not hide the rest."""
    found = judge(answers.json_with("JobName", '"\\ud83d"'))
    assert ["lone-surrogate"] == found.rules
    assert "Instance.JobName" == found.only.field
    both = judge(answers.json_with("Starter", '"\\udc00 \\ud83d", "ActualState": "DONE"'))
    assert ["json-duplicate-key", "lone-surrogate", "unknown-enum-value"] == both.rules


def test_half_a_surrogate_pair_in_a_name(judge, answers):
    """A name with half of a pair is reported without a crash, under a name that can be printed."""
    found = judge(answers.json_with("Starter", '"x", "\\ud83d": 1'))
    assert ["lone-surrogate", "undocumented-field"] == found.rules
    assert {"/Instance/\ufffd"} == {each.pointer for each in found.findings}
    assert "".join(each.message for each in found.findings).encode()


def test_a_value_under_half_a_surrogate_pair_is_placed(judge, answers):
    """The name is mended for the reader, and still leads to its value."""
    body = answers.json_with("Starter", '"x", "\\ud83d": "here"')
    column = body.index('"here"') + 1
    assert [(1, column)] * 2 == [(each.at.line, each.at.column) for each in judge(body).findings]


def test_half_a_surrogate_pair_within_a_list(judge, answers):
    """Each half is found, wherever it stands, and what is around it is still judged."""
    found = judge(answers.json_with("Extra", '["\\ud83d", "x", ["\\udc00", {"a": "\\ud83d"}]]'))
    assert ["Instance.Extra.0", "Instance.Extra.2.0", "Instance.Extra.2.1.a"] == [
        each.field for each in found.findings if each.rule == "lone-surrogate"
    ]
    assert "undocumented-field" in found.rules
    described = judge(answers.json_with("Code", '["\\ud83d"]')).of("wrong-type")
    assert "an array" == described.actual


def test_what_stands_beside_half_a_surrogate_pair_stays(judge, answers):
    """Only the half is replaced."""
    body = answers.json_with("Code", '["\\ud83d", 1, {"a": "x\\udc00"}, null]')
    instance = judge.value(body)["Instance"]
    assert ["\ufffd", 1, {"a": "x\ufffd"}, None] == instance["Code"]


def test_half_a_surrogate_pair_is_replaced_in_what_is_shown(judge, answers):
    """A report holds whole characters only."""
    found = judge(answers.json_with("ActualState", '"a\\ud83db"')).of("unknown-enum-value")
    assert "a\ufffdb" == found.actual


def test_a_whole_surrogate_pair_is_fine(judge, answers):
    """Two halves in a row are one character."""
    assert [] == judge(answers.json_with("JobName", '"\\ud83d\\ude00"')).rules
    assert [] == judge(answers.json_with("JobName", '"\\\\ud83d"')).rules


@pytest.mark.parametrize("depth", [1, 30, 60])
def test_nesting_within_reason_is_read(judge, answers, depth):
    """What is nested, but not absurdly, is judged as usual."""
    body = answers.json_with("Extra", "[" * depth + "]" * depth)
    assert ["undocumented-field"] == judge(body).rules


@pytest.mark.parametrize("depth", [65, 100, 300])
def test_absurd_nesting_is_left_unread(judge, answers, depth):
    """What is nested beyond the limit is refused by name."""
    assert ["body-limit"] == judge(answers.json_with("Extra", "[" * depth + "]" * depth)).rules
    nested = '{"a":' * depth + "1" + "}" * depth
    assert ["body-limit"] == judge(answers.json_with("Extra", nested)).rules


def test_many_brackets_side_by_side_are_not_deep(judge, answers):
    """Depth is what counts, not the number of brackets, nor brackets inside strings."""
    body = answers.json_with("Extra", "[" + "[], " * 500 + "[]]")
    assert ["undocumented-field"] == judge(body).rules
    assert [] == judge(answers.json(answers.value({"Code": "[{" * 200}))).rules


@pytest.mark.parametrize("space", ["", " ", "\t", "\r\n", "\n \n"])
def test_white_space_may_come_first(judge, answers, space):
    """Only what JSON calls white space does so; a form feed, say, is no such thing."""
    body = answers.json(answers.value())
    assert [] == judge(space + body).rules
    for foreign in "\f\v":
        assert ["unknown-format"] == judge(space + foreign + body).rules
