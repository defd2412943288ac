"""What shows only over several calls: values that come again, and formats that disagree."""

import json

import pytest

from docpact.check import Checker, Session
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.exchange import Exchange, Response, Source
from docpact.writing import json_text, xml_text

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
    assert [] == list(CHECKER.check_pair(exchange(json_text(answer)), in_xml))


def test_two_formats_that_disagree_are_told_member_by_member(answer):
    """Each member that differs is a finding at its place in the XML answer."""
    other = {**answer, "Instance": {**answer["Instance"], "JobName": "caf?", "Id": 1}}
    in_xml = exchange(xml_text("GetInstanceResponse", other))
    found = list(CHECKER.check_pair(exchange(json_text(answer)), in_xml))
    assert {("formats-disagree", "Instance.JobName"), ("formats-disagree", "Instance.Id")} == {
        (each.rule, each.field) for each in found
    }


def test_a_failure_in_one_format_is_compared_with_nothing(answer):
    """That one call failed is another matter."""
    failure = xml_text("Error", {"RequestId": "x", "HostId": "h", "Code": "c", "Message": "m"})
    in_xml = exchange(failure, status=404)
    assert [] == list(CHECKER.check_pair(exchange(json_text(answer)), in_xml))


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
    (found,) = CHECKER.check_pair(exchange(json_text(answer)), in_xml)
    was = answer["Instance"]["Id"]
    assert f"Instance.Id is {was} in JSON and 1 in XML" == found.message
    assert 63 == found.origin.span.first


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
    assert ["formats-disagree"] * differ == rules(CHECKER.check_pair(*pair))
