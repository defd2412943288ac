"""What a made answer is about, as a request."""

import pytest

from docpact.contract import load_bundled
from docpact.generate.broken import request_for

CONTRACT = load_bundled()


def instance(**members):
    """An answer about an instance."""
    return {"Instance": {"ProjectName": "p", "JobName": "a/b", "Id": 7, **members}}


def test_an_answer_tells_its_request():
    """By the fields that repeat the path's parameters, encoded."""
    target = "/api/v2/projects/p/jobs/a%2Fb/instances/7"
    assert target == request_for(CONTRACT, instance()).target


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_asked_for_by_an_empty_name(nothing):
    """Such a path would be that of another operation."""
    assert request_for(CONTRACT, instance(JobName=nothing)) is None
