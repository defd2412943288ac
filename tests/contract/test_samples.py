"""Samples on a page: one reader gives their members with places, values and lines."""

import pytest

from docpact.contract import Media
from docpact.contract.interpret.parts import samples_on
from docpact.contract.interpret.samples import SampleDocument, SampleRole, ValueShape
from docpact.page import read

JSON = """{
  "Id": 7,
  "Lids": [
    {"Name": "a"},
    {"Name": "b"}
  ]
}"""
XML = """<BoxResponse>
  <Id>7</Id>
  <Lid><Name>a</Name></Lid>
  <Lid><Name>b</Name></Lid>
</BoxResponse>"""


def sample_of(text: str) -> SampleDocument:
    """The one sample answer on a page that begins with this code; line 2 is its first line."""
    (sample,) = samples_on(read(f"```\n{text}\n```\n", "Box.md"))
    return sample


def test_members_of_json_have_their_places_values_and_lines():
    """Items of a list share a path, and each has its own place and line."""
    sample = sample_of(JSON)
    found = [(each.where, each.value, each.span.first) for each in sample.members]
    assert found == [
        (("Id",), 7, 3),
        (("Lids",), [{"Name": "a"}, {"Name": "b"}], 4),
        (("Lids", 0, "Name"), "a", 5),
        (("Lids", 1, "Name"), "b", 6),
    ]
    assert (("Id",), ("Lids",), ("Lids", "Name")) == sample.paths
    assert [("Lids",)] == [each.path for each in sample.members if each.is_list]


def test_members_of_xml_are_those_of_its_root():
    """An element that comes again is an item of a list, and XML has no types."""
    sample = sample_of(XML)
    assert (Media.XML, "BoxResponse", True) == (sample.media, sample.root, sample.is_well_formed)
    found = [(each.where, each.value, each.span.first) for each in sample.members]
    assert found == [
        (("Id",), "7", 3),
        (("Lid", 0), {"Name": "a"}, 4),
        (("Lid", 0, "Name"), "a", 4),
        (("Lid", 1), {"Name": "b"}, 5),
        (("Lid", 1, "Name"), "b", 5),
    ]
    assert ValueShape.SCALAR is sample.members[0].shape


@pytest.mark.parametrize(
    "damaged",
    [
        JSON.replace('"Id": 7,', '"Id": 7'),
        JSON.replace("{\n", "{ // a comment\n", 1),
        JSON.replace('"b"}', '"b"},'),
        JSON[:-1],
    ],
    ids=["comma", "comment", "surplus", "end"],
)
def test_a_damaged_sample_keeps_its_lines(damaged):
    """What is wrong between members moves none of them, and no parser reads the sample."""
    sample = sample_of(damaged)
    assert not sample.is_well_formed
    whole = [(each.where, each.span.first) for each in sample_of(JSON).members]
    assert whole == [(each.where, each.span.first) for each in sample.members]


def test_the_head_of_a_message_and_a_comment_are_above_the_document():
    """A status line is left out; a comment is kept, since no parser reads the sample with it."""
    message = sample_of('HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"Id": 7}')
    comment = sample_of('// what comes back\n{"Id": 7}')
    assert (SampleRole.SUCCESS, 5, True) == (message.role, message.span.first, message.is_readable)
    assert (3, False) == (comment.span.first, comment.is_readable)
    assert [3] == [each.span.first for each in comment.members]
