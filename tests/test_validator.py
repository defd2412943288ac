"""Answers are judged in Python by a few lines, from any client."""

from pathlib import Path

import httpx
import pytest

import docpact.mock
from docpact import Selector, Settings, Validator
from docpact.contract import load
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.span import Severity
from docpact.response_adapters import UnknownAnswer

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
    """A broken sample has the findings that the command line reports."""
    assert sample.name.split(".")[0] in {
        each.rule for each in validator.findings(sample.read_bytes())
    }


def test_a_response_of_a_client_is_judged_whole(validator):
    """A response's headers, status and request count too."""
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
    """A contract may be given as a file's name or path, or as it is."""
    assert Validator(contract).is_clean(VALID.read_bytes())


def test_settings_decide_what_counts():
    """Settings decide what counts, as [tool.docpact] does for commands."""
    body = VALID.read_bytes()
    assert not Validator(settings=Settings(pedantic=True)).is_clean(body)  # a masked value
    ignoring = Settings(pedantic=True, ignore=(Selector("masked-value"),))
    assert Validator(settings=ignoring).is_clean(body)
    assert () == Validator(settings=ignoring).findings(body)


@pytest.mark.parametrize("text", ["masked-value", "masked-value:Instance.ClusterId"])
def test_rules_that_do_not_count_are_named_by_texts(text):
    """`ignore` takes what --ignore takes, besides what the settings ignore."""
    body = VALID.read_bytes()
    assert Validator(settings=Settings(pedantic=True), ignore=[text]).is_clean(body)
    elsewhere = Settings(pedantic=True, ignore=(Selector("wrong-type"),))
    assert Validator(settings=elsewhere, ignore=iter([text])).is_clean(body)


def test_the_contract_of_the_settings_holds_where_none_is_given():
    """A contract that is given overrides that of the settings."""
    settings = Settings(contract="none.json")
    assert Validator(CONTRACT, settings).is_clean(VALID.read_bytes())
    with pytest.raises(DocpactError, match=r"none\.json"):
        Validator(settings=settings)
    assert Validator(settings=Settings(contract=str(CONTRACT))).is_clean(VALID.read_bytes())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"engine": "bogus"}, "engine is 'bogus'"),
        ({"ignore": (7,)}, "ignore is 7; expected a rule"),
        ({"ignore": "masked-value"}, "expected a list of rules"),
        ({"ignore": (Selector("masked-valu"),)}, "did you mean masked-value"),
        ({"ignore": (Selector("wrong-type", "Instance.EndTim"),)}, "did you mean Instance.EndTime"),
        ({"severity": ((Selector("wrong-type"), "fatal"),)}, "expected one of error"),
        ({"severity": ((7, Severity.NOTE),)}, "expected a rule"),
        ({"severity": ("wrong-type",)}, "a rule with its severity"),
        ({"severity": "wrong-type"}, "a table of rules"),
        ({"strict": "no"}, "strict is 'no'"),
        ({"contract": 7}, "contract is 7"),
    ],
)
def test_settings_with_wrong_values_are_refused_at_once(wrong, told):
    """They are refused when they are made, not when the first answer comes."""
    with pytest.raises(WrongConfiguration, match=told):
        Validator(settings=Settings(**wrong))


def test_settings_in_python_take_the_values_of_toml():
    """Rules may be texts, and severities a table, as in docpact.toml."""
    settings = Settings(ignore=["wrong-unit"], severity={"wrong-type:Instance.Id": "note"})
    assert settings == Settings(
        ignore=(Selector("wrong-unit"),),
        severity=((Selector("wrong-type", "Instance.Id"), Severity.NOTE),),
    )


@pytest.mark.parametrize(
    "ignore", ["masked-value", [7], ["masked-valu"], ["wrong-type:Instance.X"]]
)
def test_what_is_to_be_ignored_must_exist(ignore):
    """`ignore` must be a list of rules that exist."""
    with pytest.raises(WrongConfiguration):
        Validator(ignore=ignore)


def test_what_cannot_be_judged_is_reported(validator):
    """A missing contract and an object that is not an answer are refused with a reason."""
    with pytest.raises(DocpactError, match=r"none\.json"):
        Validator("none.json")
    with pytest.raises(UnknownAnswer, match="httpx, requests"):
        validator.findings(7)
