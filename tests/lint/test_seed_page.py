"""Everything that contradicts itself on the seed page is found, by general rules, and no more."""

from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "samples" / "pages"
SHARED = Path(__file__).parents[3] / "shared" / "pages"
EDITIONS = {"ours": PAGES / "GetInstance.md", "the vendor's": SHARED / "foas" / "GetInstance.md"}

# Line, rule, field, and the passage that says otherwise.
CONTRADICTIONS = [
    (3, "failure-undescribed", "", 3),
    (26, "required-unused", "RegionId", 88),
    (42, "enum-meanings-disagree", "Instance.ActualState", 62),
    (47, "open-quote", "Instance.AutoScaleParams", 47),
    (48, "masked-example", "Instance.ClusterId", 48),
    (53, "field-in-no-sample", "Instance.EndTime", 53),
    (53, "times-backwards", "Instance.EndTime", 79),
    (54, "masked-example", "Instance.EngineJobHandler", 54),
    (70, "field-in-no-sample", "Instance.LastErrorMessage", 70),
    (71, "field-in-no-sample", "Instance.LastErrorTime", 71),
    (72, "times-backwards", "Instance.LastOperateTime", 79),
    (75, "example-not-json", "Instance.PlanJson", 75),
    (88, "request-answer-disagree", "Instance.Id", 141),
    (96, "sample-several-roots", "", 96),
]
SETTLED = {
    "failure-undescribed": "error-body",
    "required-unused": "region-id",
    "enum-meanings-disagree": "failed-jobs",
    "open-quote": "scale-params-are-json",
    "example-not-json": "plan-is-json",
    "request-answer-disagree": "echo-of-id",
    "sample-several-roots": "xml-root",
}


@pytest.fixture(params=EDITIONS)
def page(request) -> Path:
    """Each edition of the seed page that is at hand."""
    path = EDITIONS[request.param]
    if not path.is_file():
        pytest.skip("the vendor's page is not beside this checkout")
    return path


def test_every_contradiction_is_found_and_nothing_else(page, linted):
    """Every contradiction is found with its line, its field and the line that says otherwise."""
    found = [(each.at.line, each.rule, each.field, each.origin.span.first) for each in linted(page)]
    assert found == CONTRADICTIONS


def test_rulings_hide_nothing_but_are_named(page, linted, rulings):
    """A finding that a person has settled says by which ruling."""
    found = linted(page, rulings)
    assert [(each.at.line, each.rule) for each in found] == [each[:2] for each in CONTRADICTIONS]
    for each in found:
        settling = SETTLED.get(each.rule)
        if settling:
            assert each.message.endswith(f"; ruling {settling} settles it")


def test_a_ruling_on_one_pair_of_times_settles_no_other(page, linted, rulings):
    """Both pairs are ruled on, each by a ruling of its own."""
    times = [each for each in linted(page, rulings) if each.rule == "times-backwards"]
    settled = [each.message.rpartition("; ruling ")[2].partition(" ")[0] for each in times]
    assert settled == ["ends-after-start", "operated-before-start"]


def test_messages_say_what_contradicts_what(linted):
    """A message uses the page's own words and names both lines."""
    reported = {(each.at.line, each.rule): each.message for each in linted(EDITIONS["ours"])}
    assert reported[(42, "enum-meanings-disagree")] == (
        "FAILED is “failed (batch job)” for ActualState, "
        "but “failed (stream job)” for ExpectState (line 62)"
    )
    assert reported[(75, "example-not-json")] == (
        'PlanJson has the example "{a:b}", which looks like JSON but is not, '
        "and the samples leave it empty"
    )
    assert reported[(88, "request-answer-disagree")] == (
        'the sample request has instanceId "123", '
        'but the sample answer has Instance.Id "412536" (line 141)'
    )
    assert reported[(53, "field-in-no-sample")] == (
        "EndTime is in the table but in no sample; "
        "only the rows around it suggest that it belongs to Instance"
    )
