"""Lists: what is wrong with their items, and where."""

import json
from pathlib import Path

import pytest

from docpact.check import compare_formats
from docpact.core.exchange import Exchange, Response, Source

SAMPLE = {
    "RequestId": "5A1E0C0E-64F4-4BE1-9B7C-4C3A2E1D0F01",
    "StoreId": "store-1",
    "Queues": {
        "Queue": [
            {"Id": 7001, "Name": "orders", "State": "ACTIVE", "Topics": ["new", "changed"]},
            {"Id": 7002, "Name": "mails", "State": "PAUSED"},
        ]
    },
}
ENGINES = pytest.mark.parametrize("engine", ["fast", "reference"])
SECOND = "/Queues/Queue/1"


def with_second(**members):
    """The sample with members of the second queue replaced."""
    first, second = SAMPLE["Queues"]["Queue"]
    return {**SAMPLE, "Queues": {"Queue": [first, {**second, **members}]}}


def with_queues(queues):
    """The sample with something else for the list in its wrapper."""
    return {**SAMPLE, "Queues": queues}


def xml_of(queues):
    """The same in XML, with queues written out."""
    head = "<ListQueuesResponse>\n<RequestId>x</RequestId>\n"
    return f"{head}<Queues>\n{queues}\n</Queues>\n</ListQueuesResponse>"


@ENGINES
@pytest.mark.parametrize(
    ("members", "rule", "place"),
    [
        ({"Id": "7002"}, "wrong-type", "Id"),
        ({"Id": 7002.5}, "not-an-integer", "Id"),
        ({"Depth": 2**31}, "out-of-range", "Depth"),
        ({"Load": "much"}, "wrong-type", "Load"),
        ({"IsDurable": 1}, "wrong-type", "IsDurable"),
        ({"State": "BUSY"}, "unknown-enum-value", "State"),
        ({"Name": None}, "missing-field", "Name"),
        ({"Depth": None}, "unexpected-null", "Depth"),
        ({"Labels": "team"}, "wrong-type", "Labels"),
        ({"Colour": "red"}, "undocumented-field", "Colour"),
        ({"Owners": "ann,,ben"}, "wrong-separator", "Owners"),
        ({"CreateTime": 1700000000}, "wrong-unit", "CreateTime"),
        ({"Owners": "a***"}, "masked-value", "Owners"),
        ({"Topics": "new"}, "wrong-type", "Topics"),
        ({"Topics": ["new", 1]}, "wrong-type", "Topics/1"),
        ({"Topics": None}, "unexpected-null", "Topics"),
        ({"Consumers": {"Consumer": [{"Lag": 1}]}}, "missing-field", "Consumers/Consumer/0"),
    ],
)
def test_what_is_wrong_in_an_item_is_reported_at_the_item(queues, engine, members, rule, place):
    """The pointer of a finding counts the items, as JSON Pointer does."""
    ((found, pointer),) = queues.said(json.dumps(with_second(**members)), engine)
    assert rule == found
    assert pointer.startswith(f"{SECOND}/{place}")


@ENGINES
def test_a_member_that_an_item_lacks_is_missing(queues, engine):
    """A member that other items have is still missing from the item without it."""
    value = with_second()
    del value["Queues"]["Queue"][1]["Name"]
    (finding,) = queues.found(json.dumps(value), engine)
    assert ("missing-field", "Queues.Queue.1.Name is missing") == (finding.rule, finding.message)


@ENGINES
def test_items_that_contradict_themselves_are_named(queues, engine):
    """A constraint between two members holds within each item."""
    value = with_second(CreateTime=1700000600000, PauseTime=1700000000000)
    (finding,) = queues.found(json.dumps(value), engine)
    assert "times-out-of-order" == finding.rule
    assert finding.message.startswith("Queues.Queue.1: PauseTime 1700000000000 lies before")
    assert f"{SECOND}/PauseTime" == finding.pointer


@ENGINES
def test_members_of_different_items_are_not_compared(queues, engine):
    """A constraint does not compare a queue with another one."""
    first, second = SAMPLE["Queues"]["Queue"]
    paused = {**first, "CreateTime": 1600000000000, "PauseTime": 1600000000001}
    later = {**second, "CreateTime": 1700000000000}
    assert [] == queues.said(json.dumps(with_queues({"Queue": [paused, later]})), engine)


@ENGINES
@pytest.mark.parametrize("empty", [{"Queue": []}, {}])
def test_a_list_without_items_is_clean(queues, engine, empty):
    """In XML it is a wrapper with nothing in it, so JSON may leave it out as well."""
    assert [] == queues.said(json.dumps(with_queues(empty)), engine)
    assert [] == queues.said(xml_of(""), engine)


@ENGINES
@pytest.mark.parametrize("single", [SAMPLE["Queues"]["Queue"][0], "x", 7])
def test_one_thing_where_a_list_belongs_is_of_a_wrong_type(queues, engine, single):
    """A server that unwraps lists of one breaks its clients."""
    ((rule, pointer),) = queues.said(json.dumps(with_queues({"Queue": single})), engine)
    assert ("wrong-type", "/Queues/Queue") == (rule, pointer)


@ENGINES
def test_a_null_list_is_unexpected(queues, engine):
    """A null in place of a list is reported, as the page says nothing about an empty value."""
    ((rule, pointer),) = queues.said(json.dumps(with_queues({"Queue": None})), engine)
    assert ("unexpected-null", "/Queues/Queue") == (rule, pointer)


@ENGINES
@pytest.mark.parametrize("item", [None, "x", [SAMPLE["Queues"]["Queue"][0]]])
def test_an_item_that_is_not_an_object_is_reported(queues, engine, item):
    """An item that is not an object is reported by its number."""
    value = with_queues({"Queue": [SAMPLE["Queues"]["Queue"][0], item]})
    ((rule, pointer),) = queues.said(json.dumps(value), engine)
    assert ("unexpected-null" if item is None else "wrong-type", SECOND) == (rule, pointer)


@ENGINES
def test_elements_of_a_list_may_come_in_any_order(queues, engine):
    """Elements of a list may have others between them; other elements come once."""
    item = "<Queue><Topics>a</Topics><Id>1</Id><Topics>b</Topics><Name>n</Name>{}</Queue>"
    state = "<State>FULL</State>"
    assert [] == queues.said(xml_of(item.format(state)), engine)
    ((rule, _),) = queues.said(xml_of(item.format(state + state)), engine)
    assert "xml-duplicate-element" == rule


@ENGINES
def test_a_finding_in_xml_has_the_line_of_its_item(queues, engine):
    """A finding on the second of two elements is on its line."""
    item = "<Queue><Id>{}</Id><Name>n</Name><State>FULL</State></Queue>"
    body = xml_of(f"{item.format(1)}\n{item.format('many')}")
    (finding,) = queues.found(body, engine)
    assert ("wrong-type", 5) == (finding.rule, finding.at.line)
    assert f"{SECOND}/Id" == finding.pointer


def test_a_finding_in_json_has_the_line_of_its_item(queues):
    """A finding on the second item of a JSON list is on its line."""
    text = json.dumps(with_second(Id="x"), indent=1)
    (finding,) = queues.found(text)
    assert '"Id": "x"' in text.splitlines()[finding.at.line - 1]


@pytest.mark.parametrize(
    ("xml_state", "rules"), [("PAUSED", []), ("FULL", ["formats-disagree"])], ids=["same", "other"]
)
def test_lists_are_compared_between_the_formats(queues, xml_state, rules):
    """JSON and XML lists are compared item by item, in their order."""
    first = "<Queue><Id>7001</Id><Name>orders</Name><State>ACTIVE</State>"
    first += "<Topics>new</Topics><Topics>changed</Topics></Queue>"
    second = f"<Queue><Id>7002</Id><Name>mails</Name><State>{xml_state}</State></Queue>"
    in_xml = xml_of(f"{first}\n{second}").replace("<Queues>", "<StoreId>store-1</StoreId><Queues>")
    pair = (
        Exchange(Response(text.encode(), 200), Source("made"))
        for text in (json.dumps(SAMPLE), in_xml)
    )
    assert rules == [each.rule for each in compare_formats(*map(queues.fast.judge, pair))]


def test_names_are_those_of_the_sample(tag):
    """The table's own letter case is wrong on the wire, once the sample shows another."""
    page = Path(__file__).parents[2] / "samples" / "pages" / "CreateTag.md"
    assert page.name == tag.contract.page
    assert [] == tag.said('{"requestId": "x", "tag": {"queueId": 1, "aliases": ["a"]}}')
    found = tag.said('{"RequestId": "x", "tag": {"QueueId": 1}}')
    assert ["wrong-name-case"] * 2 == [rule for rule, _ in found]


def test_failures_that_no_page_describes_are_not_judged(tag, queues):
    """A failure is checked only if the contract describes one."""
    body = '{"Code": "NoSuchQueue", "Oops": 1}'
    assert [] == tag.found(body, status=404)
    assert [] != queues.found(body, status=404)
    assert ["json-syntax"] == [each.rule for each in tag.found('{"Code"', status=404)]
