"""Path templates match, fill and name what the page's request line shows, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.contract import load_bundled
from docpact.contract.path_template import (
    PathTemplate,
    encoded_segment,
    format_instance_reference,
    instance_request,
    parse_instance_reference,
)
from docpact.core.errors import WrongConfiguration

CONTRACT = load_bundled()
TEMPLATE = PathTemplate.parse("/api/{box}/lids/{lid}.json")
VALUES = st.text(st.characters(codec="utf-8"), min_size=1)


@pytest.mark.parametrize(
    ("target", "values"),
    [
        ("/api/a/lids/1.json", {"box": "a", "lid": "1"}),
        ("/api/a%2Fb/lids/%E4%B8%AD.json?Format=XML#x", {"box": "a/b", "lid": "中"}),
        ("/gateway/api/a/lids/1.json/", {"box": "a", "lid": "1"}),
        ("/api/a/lids/1xjson", None),
        ("/api//lids/1.json", None),
        ("/api/a/b/lids/1.json", None),
    ],
)
def test_a_target_is_matched_after_a_prefix_and_decoded(target, values):
    """A gateway may put a prefix before the path; a segment holds something and no slash."""
    assert values == TEMPLATE.match(target)


def test_segments_are_those_of_exactly_this_path():
    """A server knows no prefix, and decodes by its own rules."""
    assert ("a%2fb", "") == TEMPLATE.segments("/api/a%2fb/lids/.json")
    assert TEMPLATE.segments("/x/api/a/lids/1.json") is None
    assert TEMPLATE.segments("/api/a/lids/1.json/") is None


def test_the_prefix_of_a_path_is_told():
    """What stands before the path in a URL is the base of the endpoint."""
    assert "/gateway" == TEMPLATE.prefix("/gateway/api/a/lids/1.json")
    assert TEMPLATE.prefix("/other") is None


@given(VALUES, VALUES)
def test_what_is_filled_is_matched(box, lid):
    """A path made of values gives the same values back, whatever is in them."""
    assert {"box": box, "lid": lid} == TEMPLATE.match(TEMPLATE.fill([box, lid]))


@pytest.mark.parametrize(
    ("value", "segment"),
    [(".", "%2E"), ("..", "%2E%2E"), ("a.b", "a.b"), ("a/b", "a%2Fb"), ("5%", "5%25")],
)
def test_a_value_is_one_segment(value, segment):
    """A lone dot or two would be a step in the path, and a slash would begin another segment."""
    assert segment == encoded_segment(value)


@pytest.mark.parametrize(
    "printed",
    [
        "/boxes/{box}/lids/{lid}",
        "/boxes/[box]/lids/[lid]?x=y",
        "/boxes/<box>/lids/${lid}",
        "/boxes/:box/lids/:lid",
        "/boxes/box/lids/lid",
    ],
)
def test_the_names_of_a_page_are_marked_in_many_ways(printed):
    """Each way gives the same template; bare words are names if the table has them."""
    assert PathTemplate.parse("/boxes/{box}/lids/{lid}") == PathTemplate.on_page(
        printed, ["box", "lid"]
    )


def test_templates_are_compared_by_shape_and_renamed():
    """Two templates that differ in names only have one shape."""
    other = PathTemplate.parse("/api/{crate}/lids/{lid}.json")
    assert "/api/{}/lids/{}.json" == TEMPLATE.shape == other.shape
    assert "/api//lids/.json" == TEMPLATE.fixed
    assert other == TEMPLATE.renamed({"box": "crate"})
    assert {"box": "/api/", "lid": "/api/{}/lids/"} == TEMPLATE.positions


@given(st.tuples(VALUES, VALUES, st.integers().map(str)))
def test_an_instance_reference_is_parsed_as_it_is_written(values):
    """A reference gives the values back, in the order of the path."""
    parsed = parse_instance_reference(format_instance_reference(values), CONTRACT)
    assert values == tuple(parsed.values())


@pytest.mark.parametrize("reference", ["a/b", "a/b/1/2", "a//1", "a/b/x"])
def test_a_reference_of_another_form_is_refused(reference):
    """The message gives the form, or the name that must be a number."""
    with pytest.raises(WrongConfiguration, match=r"projectName/jobName/instanceId|must be a Long"):
        parse_instance_reference(reference, CONTRACT)


def test_a_reference_has_the_request_of_the_operation():
    """The request has the operation's own method and the values in its path."""
    operation = replace(CONTRACT.operation, method="POST", path="/p/{projectName}/{jobName}")
    request = instance_request("a%2Fb/..", replace(CONTRACT, operation=operation))
    assert ("POST", "/p/a%2Fb/%2E%2E") == (request.method, request.target)


def test_without_a_path_no_reference_says_anything():
    """A page may show no request line."""
    bare = replace(CONTRACT, operation=replace(CONTRACT.operation, path=""))
    with pytest.raises(WrongConfiguration, match="shows no path"):
        parse_instance_reference("a/b/1", bare)
