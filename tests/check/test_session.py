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
