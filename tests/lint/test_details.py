"""Rules in detail: what each says where a page goes wrong in another way."""

import pytest


def test_many_findings_of_a_kind_are_one(reported):
    """Many findings of one rule become one, with their number and the first names."""
    rows = "".join(f"|Extra{n}|String|x|More |\n" for n in range(12))
    found = reported(("|LitOn|", f"{rows}|LitOn|"))
    assert [rule for rule, _ in found] == ["field-in-no-sample"]
    names = ", ".join(f"Lamp.Extra{n}" for n in range(8))
    assert found[0][1] == f"12 fields of the table are in no sample: {names} and 4 more"


@pytest.mark.parametrize(
    ("kind", "example", "is_right"),
    [
        ("Long", "-5", True),
        ("Integer", "5.0", False),
        ("Float", "5.0e3", True),
        ("Float", "five", False),
        ("Boolean", "true", True),
        ("Boolean", "yes", False),
        ("Boolean", "xxx", True),  # a placeholder, which is reported as such
        ("Array of String", "a", True),
        ("Json", "a", True),
    ],
)
def test_examples_are_of_their_type(reported, kind, example, is_right):
    """An example of another type is reported for the types whose values differ in form."""
    found = reported(
        ("|lampId|Long|Yes|7|", f"|size|{kind}|No|{example}|Size |\n|lampId|Long|Yes|7|")
    )
    assert is_right == ("example-type" not in {rule for rule, _ in found})


@pytest.mark.parametrize(
    ("start", "end", "is_reported"),
    [
        ("StartTime", "EndTime", True),
        ("BeginTs", "FinishTs", True),
        ("CreateTime", "LastModifyTime", True),
        ("gmt_create_time", "update_time", True),
        ("StartTime", "LastOperateTime", True),  # to start it is to operate it
        ("StartTime", "LastErrorTime", False),  # it may have been of the run before
        ("StartTime", "LastFinishTime", False),
        ("CreateTime", "LastErrorTime", True),  # there was none before
        ("TaskStartTime", "TaskEndTime", True),
        ("TaskStartTime", "JobEndTime", False),  # of different things
        ("Start", "End", False),  # no times
    ],
)
def test_times_are_recognised_by_their_names(reported, start, end, is_reported):
    """Two times are compared if their names say that one begins and one ends the same matter."""
    rows = (
        f"|{start}|String|2020-02-02T00:00:00Z|x |\n|{end}|String|2020-02-01T00:00:00Z|x |\n|LitOn|"
    )
    found = reported(
        ("|StartTime|", "|FirstLight|"), ("|EndTime|", "|LastLight|"), ("|LitOn|", rows)
    )
    assert is_reported == ("times-backwards" in {rule for rule, _ in found})


def test_the_same_two_times_are_reported_once(reported):
    """Two times that run backwards in the table and in the samples are one finding."""
    found = reported(("1600000009000", "1500000009000"))
    assert [rule for rule, _ in found] == ["times-backwards"]


@pytest.mark.parametrize("label", ["", "Result", "What a request is answered with", "How it ends"])
def test_a_sample_answer_is_read_whatever_announces_it(reported, label):
    """A sample answer is recognised whatever is above it, also right below the sample request."""
    changes = ("Sample success response\n", f"{label}\n"), ('"LampId": 7', '"LampId": "7"')
    assert [rule for rule, _ in reported(*changes)] == ["sample-type"]


def test_a_body_with_escaped_quotes_is_not_json(reported):
    """A request body that was pasted from code has escaped quotation marks, which is reported."""
    body = '/api/v1/houses/house1/lamps/7\n{\\"HouseName\\":\\"house1\\"}\n'
    found = reported(("/api/v1/houses/house1/lamps/7\n", body))
    assert "sample-syntax" in {rule for rule, _ in found}
    assert "its quotation marks are escaped" in dict(found)["sample-syntax"]


def test_a_line_in_a_parsers_message_is_one_of_the_page(reported):
    """A parser's message about a sample names the line of the page."""
    found = reported(("<Wanted>ON</Wanted>", "<Wanted>ON</wanted>"))
    said = "Opening and ending tag mismatch: Wanted line 61 and wanted"
    assert found == [("sample-syntax", f"the XML sample: not well-formed: {said}")]


def test_of_several_roots_and_another_error_the_error_is_reported(reported):
    """A sample with several roots is a syntax error only if something else is wrong with it."""
    found = reported(
        ("<GetLampResponse>\n", ""),
        ("</GetLampResponse>\n", ""),
        ("<Wanted>ON</Wanted>", "<1>ON</1>"),
    )
    assert "sample-syntax" in {rule for rule, _ in found}
    assert "invalid element name" in dict(found)["sample-syntax"]


def test_a_tag_that_closes_nothing_is_reported(reported):
    """The message names the end tag, and not the wrapper by which it was found."""
    found = reported(("</GetLampResponse>\n", "</GetLampResponse>\n</Lamp>\n"))
    assert dict(found)["sample-syntax"].endswith("</Lamp> closes what was never opened")


def test_a_status_line_and_headers_are_not_part_of_a_sample(reported):
    """A sample may begin with the head of an HTTP message."""
    head = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\n    "RequestId"'
    assert [] == reported(('{\n    "RequestId"', head))


def test_a_sample_of_an_error_is_not_a_sample_of_success(reported):
    """A sample that is announced as an error is not checked against the table."""
    error = 'Sample error response\n\n```\n{"Code": "NoLamp", "Message": "No lamp."}\n```\n'
    assert [] == reported(("`JSON` format", f"{error}\nSample success response\n\n`JSON` format"))


def test_another_action_is_another_operation(reported):
    """A sample request that names another action is reported if the page shows no path."""
    syntax = (
        "## Request syntax\n\n```\nGET /api/v1/houses/[houseName]/lamps/[lampId] HTTPS\n```\n\n"
    )
    sample = "http(s)://[Endpoint]/?Action={}\n&houseName=house1\n&lampId=7\n"
    right, wrong = (
        ("/api/v1/houses/house1/lamps/7\n", sample.format(name)) for name in ("GetLamp", "GetLight")
    )
    assert [] == reported((syntax, ""), right)
    assert reported((syntax, ""), wrong) == [
        ("request-off-syntax", "the sample request calls the action GetLight, not GetLamp")
    ]


def test_a_sample_without_its_first_bracket_is_reported(reported):
    """A JSON sample that was cut to its members is read by the compiler, but by no parser."""
    found = reported(('{\n    "RequestId"', '    "RequestId"'))
    assert ("sample-syntax", "the JSON sample: it does not begin with { or [") in found
