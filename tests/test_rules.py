"""Every rule explains itself."""

import pytest

from docpact.cli.explain import _explanations, severities_of
from docpact.contract import load_bundled
from docpact.rules import ANSWER_RULES

CONTRACT = load_bundled()


@pytest.mark.parametrize("rule", ANSWER_RULES, ids=lambda each: each.id)
def test_a_rule_that_may_fail_a_run_says_whom_it_might_hurt(rule):
    """The text names a correct server that the rule may hurt, and how to switch the rule off."""
    (told,) = (each for each in _explanations(rule.id, CONTRACT) if "fault)" not in each[0])
    assert any(f"--ignore {rule.id}" in line for line in told)
    if severities_of(rule, CONTRACT) != "note":
        assert rule.caution.endswith(".")
        assert "  Possible false alarms:" in told
