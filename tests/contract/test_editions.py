"""The editions of the page agree: ours is the vendor's line for line, in other words."""

import re

import msgspec
import pytest

from docpact.contract import Evidence, Kind
from docpact.contract.interpret import interpret

# What is written in the language of an edition; everything else is a fact and must agree.
WORDS = frozenset({"quote", "description", "meaning", "summary"})


def without_words(value):
    """A contract as plain data, without what is worded differently in each language."""
    if isinstance(value, dict):
        return {key: without_words(each) for key, each in value.items() if key not in WORDS}
    if isinstance(value, list | tuple):
        return [without_words(each) for each in value]
    return value


def facts_of(contract):
    """What a contract says in any language."""
    return without_words(msgspec.to_builtins(contract))


def test_both_editions_make_the_same_contract(contract, chinese_page, rulings):
    """Ours and the vendor's page differ in words alone: fields, lines, samples are the same."""
    assert facts_of(interpret(chinese_page, rulings)) == facts_of(contract)


def test_both_editions_make_the_same_contract_without_rulings(bare_contract, chinese_page):
    """What is read off the text itself does not depend on the language either."""
    assert facts_of(interpret(chinese_page)) == facts_of(bare_contract)


def test_only_words_are_left_out_of_the_comparison(contract):
    """The comparison still sees names, values, lines, samples and rulings."""
    facts = facts_of(contract)
    assert len(facts["samples"]) == 2
    assert len(facts["success"]["fields"]) == 2
    assert facts["rulings"]
    assert not WORDS & facts["operation"].keys()


def test_both_editions_have_the_same_payloads(contract, chinese_page, rulings):
    """Example answers are facts, so they are the same in both editions to the letter."""
    original = interpret(chinese_page, rulings)
    assert [each.text for each in original.samples] == [each.text for each in contract.samples]
    examples = {path: each.example for path, each in contract.success.walk()}
    assert {path: each.example for path, each in original.success.walk()} == examples


def test_every_ruling_cites_a_line_that_mentions_its_word(rulings, english_page, chinese_page):
    """A line number that moved would be noticed in either edition."""
    for page in (english_page, chinese_page):
        for each in rulings.ruling:
            line = page.lines[each.line - 1].replace("\\", "")
            assert each.mentions in line, f"{each.id}: line {each.line}"
            assert line.strip(), f"{each.id} cites the empty line {each.line}"


def test_a_ruling_mentions_no_word_only_where_the_editions_share_none(
    rulings, english_page, chinese_page
):
    """A ruling can do without a word only on a line that is in one language altogether."""
    for each in rulings.ruling:
        if not each.mentions:
            words = [
                set(re.findall(r"[A-Za-z]{2,}", page.lines[each.line - 1]))
                for page in (english_page, chinese_page)
            ]
            assert set() == words[0] & words[1], each.id


@pytest.fixture(scope="module")
def old_contract(old_page):
    """The edition of 2019, for which nobody made rulings."""
    return interpret(old_page)


def test_the_edition_of_2019_nests_by_its_markers(old_contract):
    """Rows that are marked as nested are members of Instance, whatever the samples say."""
    walked = list(old_contract.success.walk())
    assert {Evidence.MARKER} == {field.evidence for _, field in walked}
    assert [each.name for each in old_contract.success.fields] == ["RequestId", "Instance"]
    assert old_contract.success.find(("Instance",)).kind is Kind.STRUCT


def test_the_edition_of_2019_has_the_same_fields(old_contract, bare_contract):
    """Names and kinds of 2019 were those of today, except AutoScaleParams, which came later."""
    found = {path: field.kind for path, field in old_contract.success.walk()}
    today = {path: field.kind for path, field in bare_contract.success.walk()}
    added = {path: kind for path, kind in today.items() if path not in found}
    assert added == {("Instance", "AutoScaleParams"): Kind.STRING}
    assert found.items() <= today.items()


def test_the_edition_of_2019_has_the_same_values(old_contract, bare_contract):
    """The lists of values are those of the edition of 2019."""
    for path, field in old_contract.success.walk():
        today = bare_contract.success.find(path)
        assert [each.value for each in today.values] == [each.value for each in field.values], path


def test_the_edition_of_2019_shows_no_path(old_contract):
    """A page without a request line compiles, with a doubt."""
    assert (old_contract.operation.method, old_contract.operation.path) == ("", "")
    assert "no-request-line" in {each.kind for each in old_contract.doubts}
    assert old_contract.samples == ()
