"""Every sample under samples/responses does what its name says; a new one is found by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docpact.capture import captured_files, exchange_in
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.finding import Finding
from docpact.core.span import Severity
from docpact.rules import ANSWER_RULES

RESPONSES = Path(__file__).parents[1] / "samples" / "responses"
VALID = sorted((RESPONSES / "valid").iterdir())
BROKEN = sorted((RESPONSES / "broken").iterdir())
PRINTED = RESPONSES / "printed" / "documented.xml"
RULES = {each.id for each in ANSWER_RULES}
ENGINES = ("fast", "reference")
# What no single file can show: these rules need to know what was expected of a call, how long it
# took, or what came before it.
NEEDS_A_CALL = {
    "no-answer",
    "signature-ignored",
    "slow-answer",
    "unexpected-failure",
    "unexpected-success",
}
NEEDS_A_SESSION = {"repeated-value", "formats-disagree", "changed-field", "impossible-move"}
NEEDS_A_CAPTURE = {"damaged-capture"}  # that holds several calls


def rule_of(sample: Path) -> str:
    """The rule that a broken sample is named for: RULE.EXT or RULE.VARIANT.EXT."""
    return sample.name.partition(".")[0]


@pytest.fixture(scope="module", params=ENGINES)
def checker(request):
    """A checker with each of the two engines."""
    return Checker(load_bundled(), load_bundled_schemas(), engine=request.param)


@pytest.fixture(scope="module", params=ENGINES)
def lenient_checker(request):
    """A checker that accepts the form in which the page prints its XML."""
    return Checker(load_bundled(), load_bundled_schemas(), engine=request.param, fragment=True)


def findings_in(sample: Path, checker: Checker) -> Iterator[Finding]:
    """What is found in a sample file."""
    for file in captured_files([str(sample)]):
        yield from checker.check(exchange_in(file))


def test_there_are_samples():
    """The folders of samples are not empty."""
    assert len(VALID) >= 10
    assert len(BROKEN) >= len(RULES - NEEDS_A_CALL - NEEDS_A_SESSION)


@pytest.mark.parametrize("sample", VALID, ids=lambda each: each.name)
def test_a_valid_sample_has_notes_on_masks_at_most(sample, checker):
    """What a correct server might send has no error and no warning."""
    found = {(each.rule, each.severity) for each in findings_in(sample, checker)}
    assert found <= {("masked-value", Severity.NOTE)}


@pytest.mark.parametrize("sample", BROKEN, ids=lambda each: each.name)
def test_a_broken_sample_trips_exactly_its_rule(sample, checker):
    """A sample is broken in one way, and docpact says that and nothing else."""
    assert {rule_of(sample)} == {each.rule for each in findings_in(sample, checker)}


@pytest.mark.parametrize("sample", BROKEN, ids=lambda each: each.name)
def test_a_finding_cites_the_page_and_a_line(sample, checker):
    """Each finding says which line of the page it rests on, and what is wrong, in words."""
    for each in findings_in(sample, checker):
        assert each.origin.span.file == "GetInstance.md"
        assert each.origin.span.first > 0
        assert each.message
        assert each.at.file == str(sample)


@pytest.mark.parametrize("sample", BROKEN, ids=lambda each: each.name)
def test_a_finding_stands_on_a_line_of_the_file(sample, checker):
    """Where a finding has a line, the file has that line."""
    lines = sample.read_bytes().count(b"\n") + 1
    for each in findings_in(sample, checker):
        assert each.at.line is None or 1 <= each.at.line <= lines


@pytest.mark.parametrize("sample", BROKEN, ids=lambda each: each.name)
def test_both_engines_find_the_same(sample):
    """The fast and the reference engine differ in nothing that a reader sees."""
    contract, schemas = load_bundled(), load_bundled_schemas()
    fast, reference = (
        sorted(findings_in(sample, Checker(contract, schemas, engine=engine)), key=repr)
        for engine in ENGINES
    )
    assert fast == reference


def test_the_printed_form_is_accepted_as_a_fragment(lenient_checker):
    """The page's own XML, cut to two roots, is clean but for its masked values."""
    assert {"masked-value"} == {each.rule for each in findings_in(PRINTED, lenient_checker)}


def test_the_printed_form_is_no_document(checker):
    """Without asking for it, two roots are an error, and everything else is judged all the same."""
    found = {each.rule for each in findings_in(PRINTED, checker)}
    assert found == {"xml-several-roots", "masked-value"}


@pytest.mark.parametrize(
    "sample", [each for each in VALID if each.suffix == ".xml"], ids=lambda each: each.name
)
def test_a_whole_document_is_accepted_as_a_fragment_too(sample, lenient_checker):
    """--fragment allows the printed form; it does not demand it."""
    assert {each.rule for each in findings_in(sample, lenient_checker)} <= {"masked-value"}


def test_every_rule_has_a_broken_sample():
    """Every rule has a sample that trips it, except those that are listed here."""
    assert NEEDS_A_CALL | NEEDS_A_SESSION | NEEDS_A_CAPTURE == RULES - {
        rule_of(each) for each in BROKEN
    }


def test_every_broken_sample_is_named_for_a_rule():
    """A sample of a rule that does not exist is misnamed."""
    assert set() == {rule_of(each) for each in BROKEN} - RULES


@pytest.mark.parametrize("name", ["documented.xml", "documented.json"])
def test_the_documented_samples_are_those_of_the_page(name):
    """The sample bodies are those of the page, byte for byte except for the XML root."""
    media = name.rpartition(".")[2]
    printed = next(each.text for each in load_bundled().samples if each.media == media)
    kept = (RESPONSES / "valid" / name).read_text("utf-8")
    assert "".join(kept.split()) == "".join(printed.split())
