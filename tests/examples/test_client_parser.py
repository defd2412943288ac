"""How a client's parser is tested with docpact."""

import json
from datetime import UTC, datetime

from hypothesis import given

from docpact import strategies


def end_of(response):
    """The parser under test: when a job has ended, or None while it has not."""
    end = json.loads(response.body)["Instance"].get("EndTime")
    return end and datetime.fromtimestamp(end / 1000, UTC)


@given(response=strategies.responses(media="json", state="TERMINATED"))
def test_a_stopped_job_has_ended(response):
    """Every valid answer is understood, whatever its layout and its values."""
    assert end_of(response) > datetime(2001, 1, 1, tzinfo=UTC)


@given(response=strategies.responses(media="json", state="RUNNING"))
def test_a_running_job_has_not(response):
    """A member that is absent, null or empty is not an end."""
    assert not end_of(response)


@given(broken=strategies.broken_responses("cut-json", "trailing-comma", media="json"))
def test_broken_json_is_refused(broken):
    """A broken answer raises the error that our callers handle, and gives no wrong value."""
    try:
        end_of(broken.response)
    except ValueError:
        return
    raise AssertionError(f"an answer that {broken.fault.summary} was accepted")
