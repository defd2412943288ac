"""Filters are checked before anything is drawn."""

import pytest

from docpact.contract import load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.generate.sampler import checked_filters

CONTRACT = load_bundled()


def filters(state=None, job_type=None, api_type=None):
    """The filters for the contract that ships."""
    return checked_filters(CONTRACT, state=state, job_type=job_type, api_type=api_type)


def test_without_a_choice_nothing_is_filtered():
    """If the caller chooses no value, every answer passes."""
    assert {} == filters()


def test_filters_are_given_by_the_path_of_the_field():
    """The response model looks filters up by dotted path."""
    expected = {"Instance.ActualState": ("RUNNING",), "Instance.ApiType": ("SQL",)}
    assert expected == filters(state="RUNNING", api_type="SQL")


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"state": "RUNING"}, r"ActualState cannot be 'RUNING'; .* \(did you mean RUNNING\?\)"),
        ({"state": "running"}, r"ActualState cannot be 'running'; .* \(did you mean RUNNING\?\)"),
        ({"state": ""}, r"ActualState cannot be ''; the page lists WAITING, "),
        ({"api_type": "zzz"}, r"ApiType cannot be 'zzz'; the page lists DATASTREAM, SQL"),
        ({"job_type": 7}, r"JobType cannot be 7"),
        ({"state": "SUCCESS", "job_type": "FLINK_STREAM"}, r"SUCCESS and .*FLINK_STREAM"),
    ],
)
def test_a_value_that_no_answer_has_is_refused(chosen, message):
    """The message quotes the value, and lists those that are on the page."""
    with pytest.raises(WrongConfiguration, match=message):
        filters(**chosen)
