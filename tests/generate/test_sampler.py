"""Bulk answers keep every promise, vary, and are the same for the same seed."""

import json
from itertools import islice
from random import Random

import pytest
from lxml import etree

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.contract.constraints import searcher
from docpact.core.errors import BrokenContract, WrongConfiguration
from docpact.core.exchange import Exchange, Source
from docpact.faults import FAULTS, Shows
from docpact.generate.broken import sample_broken, shown_by_answers
from docpact.generate.response_model import EVERY_MEDIA, response_model_for
from docpact.generate.sampler import Sampler, sample_failures, sample_responses
from docpact.generate.texts import matching

CONTRACT = load_bundled()
SAMPLER = Sampler(response_model_for(CONTRACT, CONTRACT.success))


def findings(checker, responses):
    """What is found wrong with any of the responses."""
    return [
        (each.rule, each.message)
        for response in responses
        for each in checker.check(Exchange(response, Source("made")))
    ]


@pytest.fixture(scope="module")
def values():
    """Many sampled values."""
    random = Random(3)  # repeatable
    return [SAMPLER.value(random) for _ in range(2000)]


@pytest.mark.parametrize("media", ["json", "xml"])
@pytest.mark.parametrize(("engine", "count"), [("fast", 2000), ("reference", 100)])
def test_what_is_sampled_is_clean(media, engine, count):
    """No sample has a finding, not even a note."""
    checker = Checker(CONTRACT, load_bundled_schemas(), engine=engine)
    assert [] == findings(checker, sample_responses(CONTRACT, seed=1, media=media, count=count))


def test_failures_are_clean():
    """The same holds for failures."""
    checker = Checker(CONTRACT, load_bundled_schemas())
    made = list(sample_failures(CONTRACT, seed=1, count=500))
    assert all(each.status >= 400 for each in made)
    assert [] == findings(checker, made)


def test_a_seed_means_the_same_answers():
    """The same seed repeats them, and another one does not."""
    first, again, other = (
        list(sample_responses(CONTRACT, seed=seed, count=50)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_without_a_count_there_is_no_end():
    """A stream is cut by whoever reads it."""
    assert len(list(islice(sample_responses(CONTRACT, seed=1), 30))) == 30


def test_every_listed_value_occurs(values):
    """No state and no type is left out."""
    for path, field in CONTRACT.success.walk():
        if field.values:
            assert {each.value for each in field.values} == {
                value["Instance"][path[-1]] for value in values
            }


def test_the_hard_values_occur(values):
    """Limits of 64 bits, ways to be unset, names and texts that are easily spoilt."""
    instances = [value["Instance"] for value in values]
    ids = {each["Id"] for each in instances}
    assert {2**63 - 1, -(2**63), 2**53 + 1, 0} <= ids
    assert -1 not in ids  # in a request it stands for the current instance
    ends = {each.get("EndTime", "absent") for each in instances}
    assert {None, "absent"} <= ends
    packages = [each.get("Packages", "absent") for each in instances]
    assert {None, "", "absent"} <= set(packages)
    names = "".join(each["JobName"] for each in instances)
    assert set("&<>\"'+% é实🚀\u0301") <= set(names)
    texts = [each.get("Properties") or "" for each in instances]
    assert max(map(len, texts)) > 1000
    assert max(text.count("\n") for text in texts) > 3


def test_layouts_differ():
    """Writers differ, and so do samples: on one line or many, with and without declaration."""
    in_json = [each.body for each in sample_responses(CONTRACT, seed=1, media="json", count=50)]
    in_xml = [each.body for each in sample_responses(CONTRACT, seed=1, media="xml", count=50)]
    assert {True, False} == {b"\n" in body.strip() for body in in_json}
    assert {True, False} == {body.startswith(b"<?xml") for body in in_xml}
    assert all(json.loads(body) for body in in_json)
    assert all(etree.fromstring(body).tag == "GetInstanceResponse" for body in in_xml)


def test_the_caller_chooses():
    """Filters hold in every sample."""
    filters = {"Instance.ActualState": ("SUCCESS",), "Instance.ApiType": ("SQL",)}
    for each in sample_responses(CONTRACT, seed=1, media="json", count=50, filters=filters):
        instance = json.loads(each.body)["Instance"]
        kept = (instance["ActualState"], instance["JobType"], instance["ApiType"])
        assert ("SUCCESS", "FLINK_BATCH", "SQL") == kept


def test_a_choice_that_the_page_rules_out_is_refused():
    """Rather than looking for ever."""
    filters = {"Instance.ActualState": ("SUCCESS",), "Instance.JobType": ("FLINK_STREAM",)}
    with pytest.raises(WrongConfiguration, match=r"ActualState SUCCESS and .*JobType"):
        next(sample_responses(CONTRACT, seed=1, filters=filters))


@pytest.mark.parametrize("media", EVERY_MEDIA)
def test_every_fault_of_answers_is_sampled(media):
    """Each fault in turn, with the request that the answer was about."""
    faults = shown_by_answers(CONTRACT, list(FAULTS.values()), media)
    made = list(islice(sample_broken(CONTRACT, faults, seed=1, media=media), 2 * len(faults)))
    assert [each.fault for each in made] == faults * 2
    for each in made:
        assert (each.request is None) is (each.fault.shows is Shows.ON_ERRORS)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9A-F]{8}-[0-9a-f]{4}$",
        "^[^\\s|]+ ?[|] ?[^\\s|]+$",
        "(^|\\n)[ \\t]*blink[.]main[.]class[ \\t]*[=:]",
        "^(a|bc|d+?){2,3}.\\d\\D\\w\\W\\s\\S[^a]$",
        "(?:x(?=y))y",
    ],
)
def test_texts_have_their_form(pattern):
    """A text of a form fits it, is ASCII, and is not always the same."""
    random = Random(1)  # repeatable
    texts = {matching(pattern)(random) for _ in range(100)}
    assert all(searcher(pattern)(text) and text.isascii() for text in texts)
    assert len(texts) > 1 or pattern == "(?:x(?=y))y"


@pytest.mark.parametrize("pattern", ["(a)\\1", "a(?!a)a(?=b)c"])
def test_a_form_that_cannot_be_made_is_refused(pattern):
    """With the form in the message."""
    with pytest.raises(BrokenContract, match="no text was found that matches the pattern"):
        matching(pattern)(Random(1))  # repeatable
