"""`docpact explain` says what a rule or a ruling means."""

import pytest

from docpact.contract import load_bundled
from docpact.rules import RULES

CLEAN, USAGE, FAILED = 0, 2, 3


def test_without_a_name_every_rule_is_listed(docpact):
    """One line for each: id, severity, title."""
    outcome = docpact("explain")
    lines = outcome.out.splitlines()
    assert (outcome.code, outcome.err) == (CLEAN, "")
    rules = lines[: len(RULES)]
    assert [line.split()[0] for line in rules] == list(RULES)
    assert all(line.split()[1].rstrip(",") in {"error", "warning", "note"} for line in rules)


def test_without_a_name_rulings_are_named_too(docpact):
    """Nobody has to read the rulings file to find their names."""
    out = docpact("explain").out
    assert all(each.id in out for each in load_bundled().rulings)


def test_the_list_can_be_a_markdown_table(docpact):
    """As documentation has it."""
    lines = docpact("explain", "--format", "markdown").out.splitlines()
    assert lines[0] == "| Rule | Severity | What is wrong |"
    assert len(lines) == len(RULES) + 2


@pytest.mark.parametrize("rule", ["unknown-enum-value", "xml-wrong-root", "wrong-unit"])
def test_a_rule_is_explained(docpact, rule):
    """What it means, an example, what it rests on and how to switch it off."""
    outcome = docpact("explain", rule)
    assert outcome.code == CLEAN
    assert outcome.out.startswith(f"{rule} (")
    assert RULES[rule].example in outcome.out
    assert "Rests on: " in outcome.out
    assert f"--ignore {rule}" in outcome.out
    assert "[tool.docpact]" in outcome.out


def test_a_rule_with_a_ruling_names_the_page_line(docpact):
    """The line and the decision are those of the ruling."""
    outcome = docpact("explain", "undocumented-field")
    assert "GetInstance.md:32, ruling undocumented-fields" in outcome.out


def test_a_ruling_is_explained(docpact):
    """What was decided, why, and where the page left it open."""
    outcome = docpact("explain", "empty-is-absent-or-null")
    assert outcome.code == CLEAN
    assert outcome.out.startswith("empty-is-absent-or-null (a ruling, implied)")
    assert "Why:" in outcome.out
    assert "GetInstance.md:53" in outcome.out


def test_every_rule_and_ruling_can_be_explained():
    """None of them lacks what explaining needs."""
    from click.testing import CliRunner

    from docpact.cli import docpact as program

    runner = CliRunner()
    for name in (*RULES, *(each.id for each in load_bundled().rulings)):
        told = runner.invoke(program, ["explain", name])
        assert told.exit_code == CLEAN, name
        assert told.output.startswith(name)


def test_an_unknown_name_is_wrong_usage_with_a_guess(docpact):
    """The nearest name is offered."""
    outcome = docpact("explain", "unknown-enum-vale")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "did you mean unknown-enum-value?" in outcome.err


def test_a_name_like_no_other_is_wrong_usage(docpact):
    """Without a near one, the list is offered."""
    outcome = docpact("explain", "zzzzzz")
    assert outcome.code == USAGE
    assert "docpact explain" in outcome.err


def test_a_contract_that_is_not_there_is_a_failure(docpact):
    """To cite from it, it must be there."""
    assert docpact("explain", "--contract", "none.json").code == FAILED
