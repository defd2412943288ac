"""`docpact explain` says what a rule, a ruling or a fault means."""

import pytest

from docpact.contract import load_bundled
from docpact.faults import FAULTS
from docpact.rules import ANSWER_RULES, PAGE_RULES, RULES, Family

CLEAN, USAGE, FAILED = 0, 2, 3


def test_without_a_name_every_rule_is_listed(docpact):
    """Each rule is listed under its family with id, severity and title."""
    outcome = docpact("explain")
    assert (outcome.code, outcome.err) == (CLEAN, "")
    rows = [line.split() for line in outcome.out.splitlines() if line.startswith("  ")]
    rules = rows[: len(RULES)]
    assert [row[0] for row in rules] == list(RULES)
    assert all(row[1].rstrip(",") in {"error", "warning", "note"} for row in rules)
    headings = [line for line in outcome.out.splitlines() if line and not line.startswith("  ")]
    assert len(headings) > len(Family)


def test_without_a_name_severities_are_told(docpact):
    """The list starts with what the severities mean."""
    head = " ".join(docpact("explain").out.partition("\n\n")[0].split())
    assert "An error fails a run, a warning only with --strict, a note" in head


def test_without_a_name_rulings_are_listed_too(docpact):
    """Each ruling is one line, with as much of its decision as fits."""
    lines = docpact("explain").out.splitlines()
    rulings = load_bundled().rulings
    rows = [line.split() for line in lines if line.startswith("  ")][len(RULES) :]
    assert [each.id for each in rulings] == [row[0] for row in rows]
    for row, ruling in zip(rows, rulings, strict=True):
        words = row[1:-1] if row[-1] == "…" else row[1:]
        assert words == ruling.decision.split()[: len(words)]
    assert all(len(line) <= 96 for line in lines[-len(rulings) :])


def test_the_list_can_be_a_markdown_table(docpact):
    """The list can be printed as a Markdown table for documentation."""
    lines = docpact("explain", "--format", "markdown").out.splitlines()
    assert lines[0] == "| Rule | Severity | What is wrong |"
    assert len(lines) == len(ANSWER_RULES) + 2


def test_the_rules_on_pages_are_a_table_of_their_own(docpact):
    """--pages lists the rules on pages, which are not about answers."""
    lines = docpact("explain", "--format", "markdown", "--pages").out.splitlines()
    assert [each.id for each in PAGE_RULES] == [line.split("`")[1] for line in lines[2:]]


def test_a_rule_on_pages_is_switched_off_where_pages_are_judged(docpact):
    """A rule on pages is switched off in `docpact lint`, not in `docpact validate`."""
    out = docpact("explain", "times-backwards").out
    assert "docpact lint … --ignore times-backwards" in out
    assert "<!-- docpact: ignore times-backwards -- reason -->" in out
    assert "Rests on: the lines of the page named in each finding" in out


@pytest.mark.parametrize("rule", ["unknown-enum-value", "xml-wrong-root", "wrong-unit"])
def test_a_rule_is_explained(docpact, rule):
    """A rule has its meaning, an example, what it rests on and how to switch it off."""
    outcome = docpact("explain", rule)
    assert outcome.code == CLEAN
    assert outcome.out.startswith(f"{rule} (")
    assert RULES[rule].example in outcome.out
    assert "Rests on: " in outcome.out
    assert f"--ignore {rule}" in outcome.out
    assert "[tool.docpact]" in outcome.out
    assert f"# docpact: ignore {rule} -- reason" in outcome.out


def test_a_rule_with_a_ruling_names_the_page_line(docpact):
    """A rule that rests on a ruling shows the ruling's line and decision."""
    outcome = docpact("explain", "undocumented-field")
    assert "GetInstance.md:32, ruling undocumented-fields" in outcome.out


def test_a_ruling_is_explained(docpact):
    """A ruling has its decision, its reason, and the line of the page that left it open."""
    outcome = docpact("explain", "empty-is-absent-or-null")
    assert outcome.code == CLEAN
    assert outcome.out.startswith("empty-is-absent-or-null (a ruling, implied)")
    assert "Why:" in outcome.out
    assert "GetInstance.md:53" in outcome.out


def test_a_fault_is_explained(docpact):
    """A fault has its effect, when it shows, which rules detect it and how to make one."""
    outcome = docpact("explain", "two-roots")
    assert outcome.code == CLEAN
    assert outcome.out.startswith(
        "two-roots (a fault)\n  A server with this fault leaves out the ro"
    )
    assert "Shows: always, in XML" in outcome.out
    assert "xml-several-roots (error): The document has several root elements" in outcome.out
    assert "docpact generate --body xml --invalid two-roots" in outcome.out


def test_a_fault_that_needs_the_request_says_so(docpact):
    """A fault that is visible only with the request says so."""
    assert "capture the request as well" in docpact("explain", "other-job").out


def test_a_fault_of_behaviour_takes_a_server(docpact):
    """For a fault of behaviour, the explanation starts a server, since no answer shows it."""
    out = docpact("explain", "slow").out
    assert "No single answer shows it" in out
    assert "docpact generate" not in out


def test_several_names_are_explained_in_turn(docpact):
    """Several names are explained once each, separated by empty lines."""
    outcome = docpact("explain", "wrong-unit", "flat", "wrong-unit")
    assert outcome.out.count("wrong-unit (warning)") == 1
    assert "\n\nflat (a fault)" in outcome.out


def test_a_rule_and_a_fault_of_one_name_are_both_explained(docpact):
    """If a rule and a fault have the same name, the rule is explained first."""
    out = docpact("explain", "byte-order-mark").out
    assert out.startswith("byte-order-mark (warning)")
    assert "\n\nbyte-order-mark (a fault)" in out


def test_every_name_can_be_explained():
    """Every rule, ruling and fault can be explained."""
    from click.testing import CliRunner

    from docpact.cli import docpact as program

    runner = CliRunner()
    for name in (*RULES, *(each.id for each in load_bundled().rulings), *FAULTS):
        told = runner.invoke(program, ["explain", name])
        assert told.exit_code == CLEAN, name
        assert told.output.startswith(name)


def test_an_unknown_name_is_wrong_usage_with_a_guess(docpact):
    """For an unknown name, the most similar name is proposed."""
    outcome = docpact("explain", "unknown-enum-vale")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "did you mean unknown-enum-value?" in outcome.err


def test_a_name_like_no_other_is_wrong_usage(docpact):
    """For a name without similar ones, the list is proposed."""
    outcome = docpact("explain", "zzzzzz")
    assert outcome.code == USAGE
    assert "docpact explain" in outcome.err


def test_one_unknown_name_spoils_the_call(docpact):
    """If one name is unknown, nothing is printed about the others."""
    outcome = docpact("explain", "flat", "flta")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "did you mean flat?" in outcome.err


def test_a_contract_that_is_not_there_is_a_failure(docpact):
    """A missing contract gives exit code 3."""
    assert docpact("explain", "--contract", "none.json").code == FAILED
