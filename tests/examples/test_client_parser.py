"""How a client's parser is tested with docpact."""

import json
from datetime import UTC, datetime

from hypothesis import given

from docpact.strategies import broken_responses, responses


def end_of(response):
    """The parser under test: when a job has ended, or None while it has not."""
    end = json.loads(response.body)["Instance"].get("EndTime")
    return end and datetime.fromtimestamp(end / 1000, UTC)


@given(response=responses(media="json", state="TERMINATED"))
def test_a_stopped_job_has_ended(response):
    """Every valid answer is understood, however it is laid out and whatever it holds."""
    assert end_of(response) > datetime(2001, 1, 1, tzinfo=UTC)


@given(response=responses(media="json", state="RUNNING"))
def test_a_running_job_has_not(response):
    """A member that is left out, null or empty is no end."""
    assert not end_of(response)


@given(broken=broken_responses("cut-json", "trailing-comma", "two-documents", media="json"))
def test_what_is_no_json_is_refused(broken):
    """A broken answer ends in the error that our callers handle, not in a wrong value."""
    try:
        end_of(broken.response)
    except ValueError:
        return
    raise AssertionError(f"an answer that {broken.fault.summary} was taken for a right one")
