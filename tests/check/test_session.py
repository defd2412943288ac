"""What shows only over several calls: values that come again, and formats that disagree."""

import json

import pytest

from docpact.check import Checker, Session, compare_formats
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.serialize import json_text, xml_text
from docpact.core.violation import Violation

CONTRACT = load_bundled()
CHECKER = Checker(CONTRACT, load_bundled_schemas())


@pytest.fixture
def answer(checkout):
    """The members of a correct answer."""
    path = checkout / "samples" / "responses" / "valid" / "sql-job.json"
    return json.loads(path.read_text("utf-8"))


def exchange(body, file="a.http", status=200):
    """A response as it was captured."""
    headers = (("Content-Type", "application/json" if body[0] == "{" else "application/xml"),)
    return Exchange(Response(body.encode(), status, headers), Source(file))


def compared(in_json, in_xml):
    """What is found where two answers about one instance are compared."""
    return compare_formats(CHECKER.judge(in_json), CHECKER.judge(in_xml))


def rules(findings):
    """The rules of the findings."""
    return [each.rule for each in findings]


def test_a_request_id_that_comes_again_is_told_with_its_first_place(answer):
    """The finding names where the value came first, and cites the page's row."""
    session = Session(CONTRACT)
    body = json_text(answer)
    assert [] == list(CHECKER.check(exchange(body), session))
    (found,) = CHECKER.check(exchange(body, "b.http"), session)
    assert ("repeated-value", "RequestId", 81) == (
        found.rule,
        found.field,
        found.origin.span.first,
    )
    assert "came before, in a.http" in found.message
    (again,) = CHECKER.check(exchange(body, "c.http"), session)
    assert found.message == again.message


@pytest.mark.parametrize(
    ("number", "where"), [(1, "a.http"), (2, "a.http, exchange 2"), (3, "a.http, exchange 3")]
)
def test_a_first_place_among_several_exchanges_is_counted(answer, number, where):
    """The first of a file, which may be the only one, goes without its number."""
    session = Session(CONTRACT)
    response = Response(json_text(answer).encode(), 200)
    list(CHECKER.check(Exchange(response, Source("a.http", number=number)), session))
    (found,) = CHECKER.check(Exchange(response, Source("b.http")), session)
    assert found.message.endswith(f"came before, in {where}")


def test_failures_need_a_request_id_of_their_own_too(answer):
    """Whatever came of a call, its RequestId is its own."""
    session = Session(CONTRACT)
    list(CHECKER.check(exchange(json_text(answer)), session))
    failure = {
        "RequestId": answer["RequestId"],
        "HostId": "foas.aliyuncs.com",
        "Code": "InstanceNotFound",
        "Message": "no such instance",
    }
    found = CHECKER.check(exchange(json_text(failure), status=404), session)
    assert ["repeated-value"] == rules(found)


def test_a_bare_body_may_have_been_saved_twice(answer):
    """Without a status nobody knows whether two files are two calls."""
    session = Session(CONTRACT)
    for name in ("a.json", "b.json"):
        assert [] == list(CHECKER.check(exchange(json_text(answer), name, None), session))


def test_other_request_ids_are_no_repetition(answer):
    """Two calls with an id each are fine."""
    session = Session(CONTRACT)
    other = {**answer, "RequestId": "0B9E7A52-6C1D-4F38-8E2B-5A7D3C9F1047"}
    for members in (answer, other):
        assert [] == list(CHECKER.check(exchange(json_text(members)), session))


def test_two_formats_of_one_instance_agree(answer):
    """RequestId and measured delay may differ, and so may the ways to be empty."""
    other = {**answer, "RequestId": "0B9E7A52-6C1D-4F38-8E2B-5A7D3C9F1047"}
    other["Instance"] = {**answer["Instance"], "InputDelay": 7}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    assert [] == list(compared(exchange(json_text(answer)), in_xml))


def test_two_formats_that_disagree_are_told_member_by_member(answer):
    """Each member that differs is a finding at its place in the XML answer."""
    other = {**answer, "Instance": {**answer["Instance"], "JobName": "caf?", "Id": 1}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    found = list(compared(exchange(json_text(answer)), in_xml))
    assert {("formats-disagree", "Instance.JobName"), ("formats-disagree", "Instance.Id")} == {
        (each.rule, each.field) for each in found
    }


def test_a_failure_in_one_format_is_compared_with_nothing(answer):
    """That one call failed is another matter."""
    failure = xml_text("Error", {"RequestId": "x", "HostId": "h", "Code": "c", "Message": "m"})
    in_xml = exchange(failure, status=404)
    assert [] == list(compared(exchange(json_text(answer)), in_xml))


def test_a_repeated_value_is_shown(answer):
    """The value that came again is in the message and stands by itself."""
    session = Session(CONTRACT)
    list(CHECKER.check(exchange(json_text(answer)), session))
    (found,) = CHECKER.check(exchange(json_text(answer), "b.http"), session)
    said = f'RequestId "{answer["RequestId"]}" came before, in a.http'
    assert (said, answer["RequestId"]) == (found.message, found.actual)


@pytest.mark.parametrize("value", [5, None, ""])
def test_what_is_no_request_id_is_not_remembered(answer, value):
    """A wrong type is said for itself, and two of them are no repetition."""
    session = Session(CONTRACT)
    body = json_text({**answer, "RequestId": value})
    for name in ("a.http", "b.http"):
        assert "repeated-value" not in rules(CHECKER.check(exchange(body, name), session))


def test_a_difference_between_the_formats_shows_both_values(answer):
    """The finding cites the member's own row."""
    other = {**answer, "Instance": {**answer["Instance"], "Id": 1}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    (found,) = compared(exchange(json_text(answer)), in_xml)
    was = answer["Instance"]["Id"]
    assert f"Instance.Id is {was} in JSON and 1 in XML" == found.message
    assert 63 == found.origin.span.first


def test_a_difference_between_the_formats_stands_where_the_xml_has_it(answer):
    """The line is the one of the XML answer, wherever the JSON answer has the member."""
    other = {**answer, "Instance": {**answer["Instance"], "Id": 1}}
    text = "\n" * 3 + xml_text("GetInstanceResponse", other).partition("?>")[2].strip()
    (found,) = compared(exchange(json_text(answer)), exchange(text, "b.http"))
    line = text[: text.index("<Id>")].count("\n") + 1
    assert ("b.http", line, None) == (found.at.file, found.at.line, found.at.column)


def test_what_is_empty_in_one_format_may_be_left_out_of_the_other(answer):
    """Nothing is lost between an empty text, null and a member that is not there."""
    empty = {**answer, "Instance": {**answer["Instance"], "Packages": ""}}
    absent = {**answer, "Instance": {**answer["Instance"]}}
    del absent["Instance"]["Packages"]
    assert [] == pair(empty, absent)
    assert [] == pair(absent, empty)


@pytest.mark.parametrize(
    ("in_json", "in_xml", "differ"),
    [("", "", False), (None, "", False), ("x", "", True), ("", "x", True), (None, "x", True)],
)
def test_what_is_empty_in_both_formats_agrees(answer, in_json, in_xml, differ):
    """XML tells no null from an empty text; but something differs from nothing."""
    one, other = (
        {**answer, "Instance": {**answer["Instance"], "Packages": value}}
        for value in (in_json, in_xml)
    )
    pair = (exchange(json_text(one)), exchange(xml_text("GetInstanceResponse", other)))
    assert ["formats-disagree"] * differ == rules(compared(*pair))


@pytest.mark.parametrize("text", [" ", "\t\n ", "a\r\nb", "a\rb", "\r"])
@pytest.mark.parametrize("name", ["Properties", "Code"])
def test_what_xml_cannot_say_otherwise_agrees(answer, name, text):
    """A reader of XML folds line ends, and takes what is blank for empty."""
    value = {**answer, "Instance": {**answer["Instance"], name: text}}
    in_xml = xml_text("GetInstanceResponse", value).replace("&#13;", "\r")
    for body in (in_xml, xml_text("GetInstanceResponse", value)):
        assert [] == rules(compared(exchange(json_text(value)), exchange(body)))


def test_long_request_ids_are_compared_whole(answer):
    """They are remembered by the start and a digest."""
    session = Session(CONTRACT)
    for end, repeated in (("a", False), ("b", False), ("a", True)):
        body = json_text({**answer, "RequestId": "x" * 500 + end})
        found = rules(CHECKER.check(exchange(body), session))
        assert repeated is ("repeated-value" in found)


def request_id(number):
    """A RequestId for each number."""
    return f"6D4F2C1A-93B7-4E58-A0C2-{number:012d}"


def told_again(session, answer, numbers):
    """Which of these RequestIds came before, as the session tells while they come."""
    return [
        number
        for number in numbers
        for body in (json_text({**answer, "RequestId": request_id(number)}),)
        if rules(CHECKER.check(exchange(body), session))
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, 2, 1, 2], [1, 2]),  # so many are remembered
        ([1, 2, 3, 1], []),  # the oldest is forgotten
        ([1, 2, 3, 3, 2], [3, 2]),  # the newer ones are not
        ([1, 2, 2, 2, 1], [2, 2, 1]),  # what comes again takes no room
        ([1, 2, 3, 4, 5, 4, 5, 3], [4, 5]),
    ],
)
def test_a_long_session_forgets_the_oldest_values_first(answer, numbers, expected):
    """Memory stays flat, and what came lately is still told."""
    assert expected == told_again(Session(CONTRACT, most=2), answer, numbers)


def test_a_session_remembers_plenty(answer):
    """By default a session is remembered from end to end."""
    assert [0] == told_again(Session(CONTRACT), answer, [*range(200), 0])


def pair(json_members, xml_members):
    """What is found in two answers with these members, one in each format."""
    in_json = exchange(json_text(json_members))
    in_xml = exchange(xml_text("GetInstanceResponse", xml_members))
    return [(each.rule, each.field) for each in compared(in_json, in_xml)]


@pytest.mark.parametrize("broken_in", ["json", "xml", "both"])
@pytest.mark.parametrize(
    ("name", "wrong"), [("Id", "x"), ("ActualState", "DONE"), ("StartTime", 5), ("Starter", "****")]
)
def test_what_is_wrong_by_itself_is_not_compared(answer, broken_in, name, wrong):
    """It is told where it stands; that the other format differs says nothing new."""
    broken = {**answer["Instance"], name: wrong}
    if broken_in == "both":
        other = {**answer["Instance"], name: "y" if isinstance(wrong, str) else 6}
    else:
        other = answer["Instance"]
    other = {**other, "JobName": "another"}  # which is compared all the same
    members = [{**answer, "Instance": broken}, {**answer, "Instance": other}]
    first, second = members[:: -1 if broken_in == "xml" else 1]
    assert [("formats-disagree", "Instance.JobName")] == pair(first, second)


def test_what_a_broken_structure_holds_is_not_compared(answer):
    """No member differs where the whole instance is missing."""
    assert [] == pair({"RequestId": answer["RequestId"]}, answer)
    assert [] == pair(answer, {**answer, "Instance": "x"})


@pytest.mark.parametrize("extra", [" x", "\n{}"])
def test_a_text_that_is_wrong_itself_is_compared_with_nothing(answer, extra):
    """Where the text is doubtful its values are, too."""
    other = {**answer, "Instance": {**answer["Instance"], "Id": 1}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    in_json = exchange(json_text(answer) + extra)
    assert [] == list(compared(in_json, in_xml))
    text = xml_text("GetInstanceResponse", other)
    in_xml = exchange(text.replace("<GetInstanceResponse", '<GetInstanceResponse a="1"', 1))
    assert [] == list(compared(exchange(json_text(answer)), in_xml))


def test_a_text_in_a_wrong_encoding_is_compared_with_nothing(answer):
    """Its characters may be others than were meant."""
    other = {**answer, "Instance": {**answer["Instance"], "Id": 1}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    in_json = Exchange(Response(json_text(answer).encode("utf-16"), 200), Source("a.http"))
    assert ["wrong-encoding"] == rules(CHECKER.check(in_json))
    assert [] == list(compared(in_json, in_xml))


def test_what_is_wrong_with_the_text_of_one_member_is_about_that_member(answer):
    """The others are compared."""
    other = {**answer, "Instance": {**answer["Instance"], "Id": 1, "Starter": "someone"}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    text = json_text({**answer, "Instance": {**answer["Instance"], "Starter": "twice"}})
    twice = text.replace('"Starter"', '"Starter": "x", "Starter"')
    assert ["json-duplicate-key"] == rules(CHECKER.check(exchange(twice)))
    found = compared(exchange(twice), in_xml)
    assert ["Instance.Id"] == [each.field for each in found]


def test_what_is_wrong_with_a_call_keeps_nothing_from_comparison(answer):
    """Neither a slow answer nor a member that nobody knows casts doubt on the others."""
    other = {**answer, "Priority": 1, "Instance": {**answer["Instance"], "Id": 1}}
    response = Response(xml_text("GetInstanceResponse", other).encode(), 200, (), 30.0)
    found = compared(exchange(json_text(answer)), Exchange(response, Source("b.http")))
    assert [("formats-disagree", "Instance.Id", "b.http")] == [
        (each.rule, each.field, each.at.file) for each in found
    ]


@pytest.mark.parametrize(
    ("path", "is_concerned"),
    [
        (("A", "B"), True),
        (("A", "B", "C"), True),
        (("A",), True),
        ((), True),
        (("A", "C"), False),
        (("B",), False),
        (("A", "C", "B"), False),
        (("B", "A"), False),
    ],
)
def test_a_violation_concerns_what_is_above_and_below_it(path, is_concerned):
    """But nothing beside it."""
    assert is_concerned is Violation("wrong-type", "", ("A", "B")).concerns(path)
