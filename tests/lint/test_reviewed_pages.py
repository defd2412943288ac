"""Ten of the vendor's pages whose findings were reviewed by hand: these, and no others."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the vendor's pages are not part of the project"
)

# Masks and placeholders are left out: there are many, and each is reported by its own asterisks.
PASSED_OVER = {"masked-example", "placeholder-text"}
REVIEWED = {
    "foas/GetClusterMetrics.md": [
        (44, "sample-syntax"),
        (62, "sample-syntax"),
        (84, "sample-name-case"),
        (85, "sample-name-case"),
        (96, "sample-name-case"),
        (97, "sample-name-case"),
    ],
    "foas/GetJob.md": [
        (44, "field-in-no-sample"),
        (58, "example-not-json"),
        (58, "field-in-no-sample"),
        (60, "field-in-no-sample"),
        (69, "request-answer-disagree"),
        (69, "request-answer-disagree"),
        (77, "sample-name-case"),
        (77, "sample-several-roots"),
        (121, "sample-type"),
    ],
    "foas/GetRefPackageJob.md": [
        (53, "times-backwards"),
        (70, "request-answer-disagree"),
        (78, "sample-several-roots"),
    ],
    "foas/ListCluster.md": [
        (26, "example-unlisted"),
        (53, "example-unlisted"),
        (82, "sample-several-roots"),
        (94, "sample-value-unlisted"),
    ],
    "foas/ValidateJob.md": [
        (3, "failure-undescribed"),
        (35, "field-in-no-sample"),
        (42, "field-in-no-sample"),
        (49, "field-in-no-sample"),
        (68, "sample-several-roots"),
    ],
    "foas-2019/BatchGetInstanceRunSummary.md": [
        (69, "example-unlisted"),
        (88, "field-in-no-sample"),
        (91, "field-in-no-sample"),
        (100, "sample-syntax"),
    ],
    "foas-2019/GetClusterResource.md": [
        (13, "no-sample-answer"),
        (16, "merged-cells"),
        (20, "repeated-row"),
    ],
    "cdn/DescribeRefreshTasks.md": [
        (54, "enums-differ"),
        (135, "sample-is-failure"),
        (135, "sample-root"),
        (147, "sample-is-failure"),
    ],
    "kms/ListResourceTags.md": [(40, "sample-member-unlisted")],
    "mse/AttachPolicy.md": [
        (20, "unclear-part"),  # a row without a name: the body as a list
        (51, "field-in-no-sample"),
        (96, "sample-type"),
    ],
}


@pytest.mark.parametrize("name", REVIEWED)
def test_a_reviewed_page_has_the_findings_of_the_review(name, linted):
    """The findings on the reviewed pages are those of the review, and no others."""
    found = [(each.at.line, each.rule) for each in linted(SHARED / name)]
    assert REVIEWED[name] == [each for each in found if each[1] not in PASSED_OVER]


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(SHARED).as_posix() for path in SHARED.glob("*/*.md"))
)
def test_every_real_page_can_be_linted(name, linted):
    """Every finding on a vendor's page is on one of its lines."""
    lines = (SHARED / name).read_text("utf-8").count("\n") + 1
    assert all(1 <= each.at.line <= lines for each in linted(SHARED / name))
