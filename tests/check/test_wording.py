"""What a finding says: what came, what was expected, and the next step where there is one."""

import pytest
from msgspec.structs import replace

from docpact.check import Checker
from docpact.contract import load_bundled_schemas
from docpact.core.exchange import Exchange, Request, Response, Source

START, LATER = 1599794335000, 1599797935000
LEAST, MOST = 10**12, 10**13 - 1  # of a time in milliseconds
STATES = ("WAITING", "RUNNING", "PAUSED", "TERMINATED", "SUCCESS", "FAILED")
STOPPED = {"ActualState": "TERMINATED"}
DONE = {"JobType": "FLINK_BATCH", "ActualState": "SUCCESS"}


def said(finding):
    """What a finding says of the values."""
    return finding.message, finding.expected, finding.actual


# Structure


@pytest.mark.parametrize(
    ("value", "described", "actual"),
    [
        (5, "the number 5", 5),
        (1.5, "the number 1.5", 1.5),
        (True, "the boolean true", True),
        ([1], "an array", "an array"),
        ({"a": 1}, "an object", "an object"),
    ],
)
def test_a_wrong_type_is_named_beside_the_right_one(judge, answers, value, described, actual):
    """The message says what kind of value came, and what the page calls the right kind."""
    found = judge(answers.json(answers.value({"Code": value}))).only
    message = f"Instance.Code is {described}; the page says a String"
    assert (message, "a String", actual) == said(found)


def test_a_text_in_place_of_a_number_is_shown(judge, answers, write):
    """So it is for a Long, in both formats."""
    found = judge(write(answers.value({"Id": "x"}))).only
    assert ('Instance.Id is the text "x"; the page says a Long', "a Long", "x") == said(found)


def test_a_text_in_place_of_a_structure_is_shown(judge, answers):
    """So it is for a Struct."""
    found = judge(answers.json(answers.value(top={"Instance": "x"}))).only
    assert ('Instance is the text "x"; the page says a Struct', "a Struct", "x") == said(found)


@pytest.mark.parametrize(
    ("body", "described"),
    [
        ("[]", "an array"),
        ('"x"', 'the text "x"'),
        ("5", "the number 5"),
        ("true", "the boolean true"),
        ("null", "null"),
    ],
)
def test_an_answer_that_is_no_object_is_described(judge, body, described):
    """The answer as a whole has a kind, too."""
    found = judge(body).only
    message = f"the answer is {described}; the page documents an object"
    assert (message, "an object") == (found.message, found.expected)


def test_a_number_with_a_fraction_is_shown(judge, answers, write):
    """The page's word for the right number is Long."""
    found = judge(write(answers.value({"Id": 1.5}))).only
    message = "Instance.Id is written with a fraction or an exponent; the page says Long"
    assert (message, "Long", 1.5) == said(found)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**60])
def test_a_number_beyond_a_long_is_told_the_range(judge, answers, write, value):
    """The range is what was expected; a number that long is not repeated."""
    found = judge(write(answers.value({"Id": value}))).only
    message = "Instance.Id is outside the 64 bits of a Long"
    assert (message, f"{-(2**63)} to {2**63 - 1}", None) == said(found)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("running", "RUNNING"),
        ("Running", "RUNNING"),
        ("Run", "RUNNING"),
        ("TERMINATE", "TERMINATED"),
        ("IT", None),  # two letters are too few to guess by
        ("DONE", None),
    ],
)
def test_an_unlisted_value_is_told_the_list(judge, answers, write, value, meant):
    """The message lists what the page lists, and says which of it was probably meant."""
    found = judge(write(answers.value({"ActualState": value}))).only
    message = f'Instance.ActualState is "{value}"; the page lists {", ".join(STATES)}'
    hint = f" (did you mean {meant}?)" if meant else ""
    assert (message + hint, STATES, value) == said(found)


def test_the_same_word_is_meant_before_one_that_holds_it(contract, answers):
    """A difference in letter case alone explains more than half a word."""
    (instance, request_id) = contract.success.fields
    state = contract.success.find(("Instance", "ActualState"))
    listed = tuple(replace(state.values[0], value=value) for value in ("PREPAUSED", "PAUSED"))
    members = (
        replace(each, values=listed) if each.name == "ActualState" else each
        for each in instance.fields
    )
    fields = (replace(instance, fields=tuple(members)), request_id)
    checker = Checker(
        replace(contract, success=replace(contract.success, fields=fields)),
        load_bundled_schemas(),
    )
    body = answers.json(answers.value({"ActualState": "paused"}))
    (found,) = checker.check(Exchange(Response(body.encode()), Source("capture")))
    assert found.message.endswith("the page lists PREPAUSED, PAUSED (did you mean PAUSED?)")


def test_an_unlisted_value_quotes_the_whole_list(judge, answers, write):
    """The quote holds the bullet of every value, as the page's own lines."""
    origin = judge(write(answers.value({"JobType": "x"}))).only.origin
    assert "FLINK_STREAM: stream job. FLINK_BATCH: batch job." == origin.quote


def test_a_null_is_told_that_the_page_says_nothing_of_it(judge, answers):
    """The next step is the reader's: to leave it out, or to have the page say so."""
    found = judge(answers.json(answers.value({"Code": None}))).only
    assert "Instance.Code is null; the page does not mention an empty value" == found.message


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("RequestId", "RequestId is missing"),
        ("Instance", "Instance is missing"),
        ("JobName", "Instance.JobName is missing; every documented answer has it"),
    ],
)
def test_what_is_missing_is_named(judge, answers, write, missing, message):
    """Where nobody demands a member, the message says why it is expected all the same."""
    assert message == judge(write(answers.value(without=[missing]))).only.message


# Names and places


def test_a_name_in_other_letters_is_told_the_right_one(judge, answers, write):
    """What came is the name in the capture, what was expected the page's."""
    value = answers.value({"jobName": "job1"}, without=["JobName"])
    found = judge(write(value)).only
    message = "Instance.jobName is in the wrong letter case; it is JobName"
    assert (message, "JobName", "jobName") == said(found)
    assert 65 == found.origin.span.first


@pytest.mark.parametrize(
    ("flat", "message"),
    [
        (["Id"], "Id is at the top; on the page it is under Instance"),
        (["Id", "JobName"], "Id (and 1 more) is at the top; on the page it is under Instance"),
        (
            ["Id", "JobName", "ApiType"],
            "Id (and 2 more) is at the top; on the page it is under Instance",
        ),
    ],
)
def test_misplaced_members_are_counted(judge, answers, write, flat, message):
    """The first is named, with its place and the right one; the rest are counted."""
    value = answers.value(without=flat)
    found = judge(write({**value, **{name: answers.value()["Instance"][name] for name in flat}}))
    assert (message, "Instance.Id", "Id") == said(found.only)


def test_a_member_of_the_top_that_stands_below(judge, answers, write):
    """The way up is told as the way down."""
    value = answers.value({"RequestId": "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034"})
    del value["RequestId"]
    found = judge(write(value)).only
    assert found.message.startswith("RequestId is at Instance; on the page it is under ")
    assert ("RequestId", "Instance.RequestId") == (found.expected, found.actual)


def test_a_wrapped_answer_says_what_is_in_the_wrapping(judge, answers, write):
    """The members that were looked for are named, and nothing else that is in there."""
    found = judge(write({"Data": {**answers.value(), "Total": 1}})).only
    message = (
        "Instance and RequestId are wrapped in Data, which was not checked further; "
        "they belong at the top"
    )
    assert message == found.message


def test_members_wrapped_below_the_top_belong_below_the_top(judge, answers, write):
    """The place that is told is the one around the wrapping."""
    instance = answers.value()["Instance"]
    found = judge(write(answers.value(top={"Instance": {"Data": instance}}))).only
    assert found.message.startswith("ActualState and ApiType are wrapped in Instance.Data")
    assert found.message.endswith("; they belong under Instance")


def test_one_wrapped_member_is_told_in_the_singular(judge, answers, write):
    """One member is wrapped, and belongs somewhere."""
    value = answers.value(without=["Id"])
    value["Instance"]["Data"] = {"Id": 1}
    message = (
        "Id is wrapped in Instance.Data, which was not checked further; it belongs under Instance"
    )
    assert message == judge(write(value)).only.message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Priority", "Priority is not on the page"),
        ("Message", "Message does not belong in such an answer"),
    ],
)
def test_an_undocumented_member_is_told_from_a_failures(judge, answers, write, name, message):
    """A member that failures have is on the page, if elsewhere."""
    assert message == judge(write(answers.value(top={name: "x"}))).only.message
    below = judge(write(answers.value({name: "x"}))).only
    assert f"Instance.{name} is not on the page" == below.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("JobNames", " (did you mean JobName?)"),
        ("Job_Name", " (did you mean JobName?)"),
        ("JobTitle", ""),
        ("ProjectNames", ""),  # ProjectName is there
    ],
)
def test_a_member_that_is_nearly_a_missing_one(judge, answers, write, name, hint):
    """A misspelt name is told the name that it resembles, if that one is missing."""
    found = judge(write(answers.value({name: "x"}, without=["JobName"])))
    message = f"Instance.{name} is not on the page{hint}"
    assert message == found.of("undocumented-field").message


@pytest.mark.parametrize(("place", "where"), [("Instance", "Instance"), ("", "the top")])
def test_the_place_of_many_undocumented_members_is_named(judge, answers, write, place, where):
    """What is counted is counted for one structure."""
    extra = {f"Extra{each}": 1 for each in range(23)}
    value = answers.value(extra) if place else answers.value(top=extra)
    found = [each for each in judge(write(value)).findings if each.field == place]
    assert [f"3 more members at {where} are not on the page"] == [each.message for each in found]


@pytest.mark.parametrize(
    ("root", "is_failure", "expected"),
    [
        ("Answer", False, "GetInstanceResponse"),
        ("Answer", True, "Error or GetInstanceResponse"),
    ],
)
def test_a_wrong_root_is_told_the_right_one(judge, answers, root, is_failure, expected):
    """Where a failure came, a success would have been another way to answer."""
    value = answers.failure() if is_failure else answers.value()
    found = judge(answers.xml(value, root)).only
    message = f"the root element is {root}; the page says {expected}"
    assert (message, expected, root) == said(found)
    assert "xml-root" == found.origin.ruling or is_failure


# Meaning


@pytest.mark.parametrize(
    ("changes", "sides", "because"),
    [
        (
            {"EndTime": LATER},
            f'EndTime is {LATER} while ActualState is "RUNNING"',
            "a job that has not ended has no EndTime",
        ),
        (
            STOPPED,
            'EndTime is absent while ActualState is "TERMINATED"',
            "a job that has ended has an EndTime",
        ),
        (
            {**STOPPED, "EndTime": None},
            'EndTime is null while ActualState is "TERMINATED"',
            "a job that has ended has an EndTime",
        ),
        (
            {"LastErrorTime": START},
            f"LastErrorMessage is absent while LastErrorTime is {START}",
            "the time of an error comes with its message",
        ),
    ],
)
def test_a_disagreement_shows_both_sides_and_the_reason(  # noqa: PLR0913, PLR0917  # fixtures
    judge, answers, write, changes, sides, because
):
    """The reader sees which field holds what, beside what, and why that cannot be."""
    found = judge(write(answers.value(changes))).only
    assert (f"Instance.{sides}: {because}", because) == (found.message, found.expected)
    assert sides.split()[2] in str(found.actual)


def test_a_disagreement_about_listed_values_expects_those(judge, answers, write):
    """Where certain values would fit, these are what was expected."""
    found = judge(write(answers.value({"ActualState": "SUCCESS", "EndTime": LATER}))).only
    assert 'JobType is "FLINK_STREAM" while ActualState is "SUCCESS"' in found.message
    assert ("FLINK_BATCH",) == found.expected
    assert "FLINK_STREAM" in found.actual


@pytest.mark.parametrize(
    ("kind", "code", "because"),
    [
        ("DATASTREAM", "a=b", "a Datastream job's configuration names its main class"),
        ("SQL", "blink.main.class=a.B", "an SQL job's code is SQL"),
    ],
)
def test_a_disagreement_about_a_text_does_not_repeat_it(  # noqa: PLR0913, PLR0917  # fixtures
    judge, answers, write, kind, code, because
):
    """Pages of code in a message would help nobody."""
    found = judge(write(answers.value({"ApiType": kind, "Code": code}))).only
    message = f'Instance.Code does not fit while ApiType is "{kind}": {because}'
    assert (message, because, None) == said(found)


def test_times_out_of_order_are_both_shown(judge, answers, write):
    """What was expected is a time, or any later one."""
    found = judge(write(answers.value({**DONE, "EndTime": START - 1}))).only
    message = f"Instance.EndTime {START - 1} lies before StartTime {START}"
    assert (message, f"{START} or later", START - 1) == said(found)


@pytest.mark.parametrize(
    ("time", "hint"),
    [
        (0, " (an unset time is left out)"),
        (1, ""),
        (-1, ""),
        (LEAST // 1000 - 1, ""),
        (LEAST // 1000, " (it looks like seconds)"),
        (START // 1000, " (it looks like seconds)"),
        (MOST // 1000, " (it looks like seconds)"),
        (MOST // 1000 + 1, ""),
        (LEAST - 1, ""),
        (MOST + 1, ""),
        (LEAST * 1000 - 1, ""),
        (LEAST * 1000, " (it looks like microseconds)"),
        (START * 1000, " (it looks like microseconds)"),
        (MOST * 1000 + 999, " (it looks like microseconds)"),
        (MOST * 1000 + 1000, ""),
    ],
)
def test_a_time_in_another_unit_is_guessed(judge, answers, write, time, hint):
    """A number that would be a time in another unit is told that unit."""
    found = judge(write(answers.value({"StartTime": time}))).only
    unit = "milliseconds since 1970-01-01 UTC"
    message = f"Instance.StartTime is {time}, which is not a number of {unit}{hint}"
    assert (message, unit, time) == said(found)


@pytest.mark.parametrize("time", [LEAST, MOST])
def test_the_first_and_the_last_time_are_times(judge, answers, write, time):
    """Thirteen digits are milliseconds, from the first such number to the last."""
    assert [] == judge(write(answers.value({"StartTime": time}))).rules


def test_an_embedded_document_that_is_none_is_shown(judge, answers, write):
    """What was expected is its format."""
    found = judge(write(answers.value({"AutoScaleParams": "{"}))).only
    message = 'Instance.AutoScaleParams is "{", which is not valid application/json'
    assert (message, "application/json", "{") == said(found)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("x", "ApplicationID|jobID"),
        ("a|b", "application_<number>_<number>|<32 hexadecimal digits>"),
    ],
)
def test_a_wrong_form_is_told_the_right_one(judge, answers, write, text, form):
    """The form is written for people, and only the first one that is broken is told."""
    found = judge(write(answers.value({"EngineJobHandler": text}))).only
    assert (f'Instance.EngineJobHandler is "{text}"; its form is {form}', form, text) == said(found)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a;b", 'holds ";"'),
        ("a,,b|c", 'holds "|"'),
        ("a,,b", "has an empty entry"),
        ("a,  b", "has white space at an end of an entry"),
    ],
)
def test_a_wrong_separator_is_told_the_right_one(judge, answers, write, text, why):
    """A foreign separator is named; it explains more than an empty entry."""
    found = judge(write(answers.value({"Packages": text}))).only
    message = f'Instance.Packages is "{text}", which {why}; entries are separated by ","'
    assert (message, ",", text) == said(found)


def test_a_masked_value_is_named(judge, answers, write):
    """Nobody takes it for judged."""
    found = judge(write(answers.value({"Starter": "****"}))).only
    assert "Instance.Starter is masked and was not checked" == found.message


@pytest.mark.parametrize(
    ("name", "asked", "came"),
    [("JobName", "job2", "job1"), ("ProjectName", "project2", "project1"), ("Id", "7", 412536)],
)
def test_a_wrong_echo_shows_what_was_asked_for(  # noqa: PLR0913, PLR0917  # fixtures
    judge, answers, write, name, asked, came
):
    """Field and parameter are named, each with its value."""
    target = {"ProjectName": "project1", "JobName": "job1", "Id": "412536"} | {name: asked}
    path = "/api/v2/projects/{ProjectName}/jobs/{JobName}/instances/{Id}".format(**target)
    found = judge(write(answers.value()), request=Request("GET", path)).only
    parameter = {"Id": "instanceId"}.get(name, name[0].lower() + name[1:])
    value = f'"{came}"' if isinstance(came, str) else came
    message = f'Instance.{name} is {value}; the request asked for {parameter} "{asked}"'
    assert (message, asked, came) == said(found)
    assert f"/Instance/{name}" == found.pointer


# HTTP and encodings


@pytest.mark.parametrize(
    ("status", "is_failure", "message", "expected"),
    [
        (302, False, "the status is 302; the page documents 2xx, 4xx and 5xx", "2xx, 4xx or 5xx"),
        (404, False, "the body is not an error, but the status is 404; a success has 2xx", "2xx"),
        (
            200,
            True,
            "the body is an error, but the status is 200; a failure has 4xx or 5xx",
            "4xx or 5xx",
        ),
    ],
)
def test_a_wrong_status_is_told_the_right_ones(  # noqa: PLR0913, PLR0917  # fixtures
    judge, answers, write, status, is_failure, message, expected
):
    """The page's classes of statuses are what was expected."""
    value = answers.failure() if is_failure else answers.value()
    assert (message, expected, status) == said(judge(write(value), status=status).only)


@pytest.mark.parametrize("media", ["JSON", "XML"])
def test_a_wrong_type_of_content_is_told_the_right_one(judge, answers, media):
    """The usual type of what came is what was expected."""
    body = answers.json(answers.value()) if media == "JSON" else answers.xml(answers.value())
    usual = f"application/{media.lower()}"
    wrong = judge(body, status=200, headers=(("Content-Type", "text/html"),)).only
    message = f"the Content-Type is text/html, but the body is {media}"
    assert (message, usual, "text/html") == said(wrong)
    missing = judge(body, status=200, headers=(("Date", "x"),)).only
    assert ("the answer has no Content-Type", usual, None) == said(missing)


@pytest.mark.parametrize(
    ("said_of_it", "message", "actual"),
    [
        ("41", "the Content-Length is 41, but the body has 42 bytes", 41),
        ("many", 'the Content-Length is "many", which is not a number of bytes', "many"),
    ],
)
def test_a_wrong_length_is_told_the_right_one(judge, said_of_it, message, actual):
    """The bytes that came are what was expected."""
    headers = (("Content-Type", "application/json"), ("Content-Length", said_of_it))
    found = judge("{" + " " * 40 + "}", headers=headers).of("wrong-length")
    assert (message, 42, actual) == said(found)


def test_a_405_is_told_what_it_lacks(judge, answers):
    """The header has a name."""
    headers = (("Content-Type", "application/json"),)
    found = judge(answers.json(answers.failure()), status=405, headers=headers).only
    assert "the answer has status 405, but no Allow header" == found.message


def test_a_slow_answer_is_told_how_slow_it_was(contract, answers):
    """To a tenth of a second, beside what clients wait."""
    checker = Checker(contract, load_bundled_schemas())
    response = Response(answers.json(answers.value()).encode(), 200, seconds=12.345)
    (found,) = checker.check(Exchange(response, Source("capture")))
    message = "the answer took 12.3 seconds; clients give up after 10"
    assert (message, 10.0, 12.3) == said(found)


def test_a_false_claim_names_who_claims_what(judge, answers):
    """The XML declaration and the Content-Type may both be wrong."""
    body = answers.xml(answers.value({"Starter": "名"})).replace("UTF-8", "big5")
    headers = (("Content-Type", "text/xml; charset=gbk"),)
    assert [
        ("the XML declaration says big5; the bytes are UTF-8", "UTF-8", "big5"),
        ("the Content-Type says gbk; the bytes are UTF-8", "UTF-8", "gbk"),
    ] == [said(each) for each in judge(body, headers=headers).findings]


@pytest.mark.parametrize(
    ("body", "charset", "claim"),
    [
        (b'{"a": "\xff"}', None, ""),
        (b'{"a": "\xff"}', "gbk", " (it claims to be gbk)"),
        (b'<?xml version="1.0" encoding="big5"?><a>\xff</a>', "gbk", " (it claims to be big5)"),
    ],
)
def test_a_byte_that_is_no_utf_8_is_shown(judge, body, charset, claim):
    """What the body claims to be helps to find the mistake."""
    headers = (("Content-Type", f"text/xml; charset={charset}"),) if charset else ()
    found = judge(body, headers=headers).of("wrong-encoding")
    place = f"byte 0xff at offset {body.index(0xFF)}"
    assert f"{place} is not UTF-8{claim}; the rest was not judged" == found.message
    assert "UTF-8" == found.expected


def test_a_wide_encoding_is_told_the_right_one(judge, answers, write):
    """It is the encoding's family that is named."""
    found = judge(write(answers.value()).encode("utf-16-le")).only
    message = "the body is encoded in UTF-16; answers are encoded in UTF-8"
    assert (message, "UTF-8", "UTF-16") == said(found)


# The body


@pytest.mark.parametrize(
    ("body", "status", "message", "expected", "actual"),
    [
        (b"", None, "the answer has no body", None, None),
        (b"hello", None, 'the body is neither JSON nor XML: "hello"', None, "hello"),
        (b"<html>", None, "the body is an HTML page instead of an answer", None, None),
        (
            b"<html>",
            502,
            "the body is an HTML page instead of an answer with status 502",
            None,
            None,
        ),
        (
            b"{" + b" " * 2**24,
            None,
            "the body is larger than 16 MiB and was not checked",
            2**24,
            None,
        ),
    ],
    ids=["empty", "words", "page", "error-page", "large"],
)
def test_a_body_that_is_no_answer_is_described(judge, body, status, message, expected, actual):  # noqa: PLR0913, PLR0917  # fixtures
    """The reader sees what came instead."""
    assert (message, expected, actual) == said(judge(body, status=status).only)


def test_a_body_of_words_is_shown_from_its_start(judge):
    """The first sixty bytes are enough to recognise it."""
    found = judge("  " + "x" * 100).only
    assert ("x" * 58, 1) == (found.actual, found.at.line)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "the document ends too early (expecting property name enclosed in double quotes)"),
        ('{"a": 1', "the document ends too early (expecting ',' delimiter)"),
        ('{"a": 1  \n', "the document ends too early (expecting ',' delimiter)"),
        ('{"a": 1 2}', "expecting ',' delimiter"),
        ('{"a": tru}', "a value is expected here"),
        ('{"a": "x}', "the string that begins here is never closed"),
        ('{"a": "\t"}', "a control character must be written as an escape"),
    ],
)
def test_broken_json_is_explained(judge, body, message):
    """In words that need no knowledge of a parser."""
    assert f"not well-formed: {message}" == judge(body).only.message


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        ("[NaN]", "json-not-a-number", "NaN is not JSON"),
        ("[-Infinity]", "json-not-a-number", "-Infinity is not JSON"),
        ("{} and so on", "json-trailing-text", 'text follows the document: "and so on"'),
        ('{"a": {"b": 1, "b": 2}}', "json-duplicate-key", "a.b occurs twice in the same object"),
        ('"\\ud83d"', "lone-surrogate", "the text holds half of a surrogate pair"),
        ('{"a": "\\ud83d"}', "lone-surrogate", "a holds half of a surrogate pair"),
        ('{"\\ud83d": 1}', "lone-surrogate", "the name \ufffd holds half of a surrogate pair"),
        ("\ufeff{}", "byte-order-mark", "a byte order mark comes before the JSON document"),
    ],
)
def test_what_is_wrong_with_json_is_named(judge, body, rule, message):
    """Each with what it is about."""
    assert message == judge(body).of(rule).message


@pytest.mark.parametrize(
    ("markup", "message", "actual"),
    [
        ('<Starter a="1"/>', 'Starter has the attribute "a"', "a"),
        (
            '<Starter xmlns="urn:x"/>',
            'Starter is in the namespace "urn:x"; the page has no namespaces',
            "urn:x",
        ),
        ("  stray ", 'Instance holds the text "stray" between its elements', None),
        ("<Id>412536</Id>", "Instance.Id occurs twice in the same element", None),
    ],
)
def test_what_is_wrong_with_xml_is_named(judge, answers, markup, message, actual):
    """Each with what it is about."""
    found = judge(answers.xml_with(markup)).only
    assert (message, actual) == (found.message, found.actual)


def test_stray_text_in_the_root_is_named(judge, answers):
    """The root has no place in the answer, but a name for people."""
    text = answers.xml(answers.value()).replace("<Instance>", "stray<Instance>")
    found = judge(text).only
    assert 'the root element holds the text "stray" between its elements' == found.message


@pytest.mark.parametrize(
    ("body", "roots", "names"),
    [("<a/><b/>", 2, "a, b"), ("<a/><b/><c/><d/><e/><f/>", 6, "a, b, c, d, e")],
)
def test_several_roots_are_named(judge, body, roots, names):
    """The first five of them, with the option that accepts them."""
    found = judge(body).of("xml-several-roots")
    message = f"the document has {roots} roots: {names} (--fragment accepts a cut sample)"
    assert (message, names) == (found.message, found.actual)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "<!DOCTYPE a><a/>",
            "the document has a DOCTYPE, which no documented answer has; it was not read",
        ),
        ("\ufeff\ufeff<a/>", "a second byte order mark comes before the document"),
        ("<a/>b", "not well-formed: Extra content at the end of the document"),
    ],
)
def test_xml_that_cannot_be_read_says_why(judge, body, message):
    """The parser's own line number is not repeated."""
    found = judge(body).only
    assert (message, 1) == (found.message, found.at.line)


@pytest.mark.parametrize(
    ("body", "limit", "what"),
    [
        ("[" * 65, 64, "is nested more than 64 levels deep"),
        ("<a>" * 66 + "</a>" * 66, 64, "is nested more than 64 levels deep"),
        ("[" + "0," * 200_000 + "0]", 200_000, "has more than 200,000 parts"),
        ("<a>" + "<b></b>" * 200_000 + "</a>", 200_000, "has more than 200,000 elements"),
    ],
    ids=["deep-json", "deep-xml", "long-json", "long-xml"],
)
def test_a_limit_is_told(judge, body, limit, what):
    """The limit is what was expected."""
    found = judge(body).only
    assert (f"the document {what}", limit) == (found.message, found.expected)
