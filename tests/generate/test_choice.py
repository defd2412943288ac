"""What a caller keeps answers to is looked at before anything is drawn."""

import pytest

from docpact.contract import load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.generate.filters import choice

CONTRACT = load_bundled()


def chosen(state=None, job_type=None, api_type=None):
    """The choice from the contract that ships."""
    return choice(CONTRACT, state=state, job_type=job_type, api_type=api_type)


def test_nothing_chosen_is_no_choice():
    """Every answer will do."""
    assert {} == chosen()


def test_a_choice_is_told_by_field():
    """As plans take it."""
    expected = {"Instance.ActualState": ("RUNNING",), "Instance.ApiType": ("SQL",)}
    assert expected == chosen(state="RUNNING", api_type="SQL")


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"state": "RUNING"}, r"ActualState is never 'RUNING'; did you mean RUNNING\?"),
        ({"state": "running"}, r"ActualState is never 'running'; did you mean RUNNING\?"),
        ({"state": ""}, r"ActualState is never ''; the page lists WAITING, "),
        ({"api_type": "zzz"}, r"ApiType is never 'zzz'; the page lists DATASTREAM, SQL"),
        ({"job_type": 7}, r"JobType is never 7"),
        ({"state": "SUCCESS", "job_type": "FLINK_STREAM"}, r"SUCCESS and .*FLINK_STREAM"),
    ],
)
def test_what_no_answer_has_is_refused(kept, message):
    """With the value that may have been meant."""
    with pytest.raises(WrongConfiguration, match=message):
        chosen(**kept)
