"""Answers are judged in Python by a few lines, whatever client brought them."""

from pathlib import Path

import httpx
import pytest

import docpact.mock
from docpact.answers import UnknownAnswer
from docpact.contract import load
from docpact.errors import DocpactError
from docpact.settings import Selector, Settings
from docpact.validator import Validator

CHECKOUT = Path(__file__).parents[1]
CONTRACT = CHECKOUT / "schemas" / "getinstance.contract.json"
BROKEN = CHECKOUT / "samples" / "responses" / "broken"
VALID = CHECKOUT / "samples" / "responses" / "valid" / "documented.json"
PATH = "/api/v2/projects/project1/jobs/job1/instances/123"


@pytest.fixture(scope="module")
def validator():
    """One that judges as docpact ships."""
    return Validator()


@pytest.mark.parametrize(
    "sample", sorted({*BROKEN.iterdir()} - {*BROKEN.glob("*.http")}), ids=lambda each: each.name
)
def test_a_broken_sample_breaks_the_rule_that_it_is_named_after(validator, sample):
    """Just as on the command line."""
    assert sample.name.split(".")[0] in {
        each.rule for each in validator.findings(sample.read_bytes())
    }


def test_a_response_of_a_client_is_judged_whole(validator):
    """Its headers, its status and what it was asked for count too."""
    with docpact.mock.serve() as mock:
        right = httpx.get(mock.url + PATH)
        mock.fault("id-as-text")
        wrong = httpx.get(mock.url + PATH + "?Format=JSON")
    assert validator.is_clean(right)
    assert ["wrong-type"] == [each.rule for each in validator.findings(wrong)]
    assert not validator.is_clean(right.content, status=404)
    assert ["wrong-echo"] == [
        each.rule for each in validator.findings(right, request="project1/job1/124")
    ]


@pytest.mark.parametrize("contract", [str(CONTRACT), CONTRACT, load(CONTRACT)])
def test_a_contract_is_given_in_any_form(contract):
    """As a file's name or path, or as it is."""
    assert Validator(contract).is_clean(VALID.read_bytes())


def test_settings_decide_what_counts():
    """As [tool.docpact] does for commands."""
    body = VALID.read_bytes()
    assert not Validator(settings=Settings(pedantic=True)).is_clean(body)  # a masked value
    ignoring = Settings(pedantic=True, ignore=(Selector("masked-value"),))
    assert Validator(settings=ignoring).is_clean(body)
    assert () == Validator(settings=ignoring).findings(body)


def test_what_cannot_be_judged_is_told(validator):
    """A contract that is not there, and what is no answer."""
    with pytest.raises(DocpactError, match=r"none\.json"):
        Validator("none.json")
    with pytest.raises(UnknownAnswer, match="httpx, requests"):
        validator.findings(7)
