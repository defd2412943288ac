"""Values that were redacted before the capture was shared."""

import pytest

MASKABLE = [
    "Id",
    "StartTime",
    "EndTime",
    "LastOperateTime",
    "ActualState",
    "ExpectState",
    "JobType",
    "ApiType",
    "JobName",
    "ProjectName",
    "Code",
    "AutoScaleParams",
    "PlanJson",
    "EngineJobHandler",
    "Packages",
    "ClusterId",
    "Starter",
]


@pytest.mark.parametrize("field", MASKABLE)
@pytest.mark.parametrize(
    "mask", ["***", "****", "rcmp****", "****7d", "a***b", "*" * 40, "a*** | b"]
)
def test_a_masked_value_is_a_note_and_nothing_else(judge, answers, write, field, mask):
    """A masked value is not held against its type, list, form or neighbours."""
    found = judge(write(answers.value({field: mask})))
    assert [("masked-value", "note")] == found.severities
    assert f"Instance.{field}" == found.only.field
    assert found.only.at.line is not None


def test_a_masked_request_id(judge, answers, write):
    """The top's members can be masked, too."""
    assert ["masked-value"] == judge(write(answers.value(top={"RequestId": "B2F5****"}))).rules


@pytest.mark.parametrize(
    "value", ["*", "**", "a**b", "*a*b*", "*** a", "a ***", "a *** | b", "no stars"]
)
def test_a_few_asterisks_or_a_sentence_are_no_mask(judge, answers, write, value):
    """A mask has three asterisks in a row and no white space; everything else is judged."""
    assert [] == judge(write(answers.value({"JobName": value}))).rules
    found = judge(write(answers.value({"ApiType": value})))
    assert ["unknown-enum-value"] == found.rules


def test_sql_with_stars_is_judged(judge, answers, write):
    """A text with asterisks among words is no mask."""
    code = "SELECT /*** all ***/ * FROM source;"
    assert [] == judge(write(answers.value({"Code": code}))).rules


def test_the_page_masks_its_own_handler(judge, answers, write):
    """Both halves of the page's example are masked."""
    handler = "application_1597654819348_****|405a6d40d7f4f2618ed532359887****"
    for each in (handler, handler.replace("|", " | ")):
        assert ["masked-value"] == judge(write(answers.value({"EngineJobHandler": each}))).rules


def test_a_masked_undocumented_value_is_undocumented(judge, answers, write):
    """What the page does not know is not called masked."""
    assert ["undocumented-field"] == judge(write(answers.value({"Priority": "****"}))).rules
