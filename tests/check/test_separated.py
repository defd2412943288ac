"""Lists in a text: the two checks and the emitted schema are of one opinion on every text."""

import json
import re

import jsonschema_rs
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.check.prefilter import Quick
from docpact.check.semantics import check_semantics
from docpact.contract import Constraints, load_bundled, load_bundled_schemas
from docpact.generate.sampler import sample_responses

CONTRACT = load_bundled()
(RULE,) = CONTRACT.constraints.separated
QUICK = Quick(CONTRACT)
ONLY_LISTS = Constraints(separated=(RULE,))
ANSWER = json.loads(next(iter(sample_responses(CONTRACT, seed=1, media="json", count=1))).body)
PARTS = ["a", ".jar", ",", ", ", " ", "  ", "\t", "\r", "\n", "\u00a0", "\u3000", ";", "，", "|"]


def pattern() -> str:
    """What the emitted schema says of Packages, if it is not asserted."""
    schema = json.loads(load_bundled_schemas().success)
    packages = schema["properties"]["Instance"]["properties"]["Packages"]
    (weaker,) = packages["x-docpact-weaker"]
    return weaker["schema"]["pattern"]


PATTERN = pattern()
VALIDATOR = jsonschema_rs.validator_for({"type": "string", "pattern": PATTERN})


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
@example("a, b")
@example(" a,b")
@example("a ,b")
@example("a, , b")
def test_all_who_judge_a_list_agree(text):
    """One space after a comma is the only blank that no entry has at its ends."""
    value = {"Instance": {"Packages": text}}
    is_kept = not any(check_semantics(value, ONLY_LISTS))
    assert is_kept is (re.search(PATTERN.replace("$", r"\Z"), text) is not None)
    assert is_kept is VALIDATOR.is_valid(text)
    answer = {**ANSWER, "Instance": {**ANSWER["Instance"], "Packages": text}}
    passes = QUICK.value_of(json.dumps(answer).encode()) is not None
    assert passes is is_kept


def test_a_list_may_have_another_separator():
    """Which may be several characters, or one that patterns know."""
    for separator in (";", "|", ".", "--"):
        rule = rule_with(separator)
        for text, is_kept in (
            (f"a{separator}b", True),
            (f"a{separator} b", True),
            (f"a{separator}  b", False),
            (f"a {separator}b", False),
            (f"a{separator}", False),
            ("a.b".replace(separator, ""), True),
        ):
            found = check_semantics({"Packages": text}, Constraints(separated=(rule,)))
            assert is_kept is not any(found), text


def rule_with(separator):
    """The rule for a list with another separator, and no foreign one."""
    return replace(RULE, field="Packages", separator=separator, foreign=())
