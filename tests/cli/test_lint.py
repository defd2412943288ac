"""`docpact lint` judges pages: what it prints, and how it ends."""

import json
import shutil

import pytest

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3


@pytest.fixture(scope="session")
def pages(root):
    """The folder of our pages."""
    return root / "samples" / "pages"


def test_a_clean_page_is_clean(docpact, pages):
    """A page without findings is reported as clean."""
    outcome = docpact("lint", pages / "clean" / "GetLamp.md")
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert outcome.out.endswith("1 page checked: 0 errors, 0 warnings, 0 notes\n")


def test_a_finding_has_its_line_and_the_line_that_says_otherwise(docpact, root):
    """A finding has its line and the line that contradicts it."""
    outcome = docpact("lint", "samples/pages/GetInstance.md", cwd=root)
    assert outcome.code == FOUND
    assert (
        "samples/pages/GetInstance.md:42\n"
        "  error enum-meanings-disagree: FAILED is “failed (batch job)” for ActualState, "
        "but “failed (stream job)” for ExpectState (line 62); ruling failed-jobs settles it\n"
        "  the page says so: GetInstance.md:62  "
    ) in outcome.out


def test_notes_are_shown(docpact, pages):
    """Notes on a page are always shown and do not fail the run."""
    outcome = docpact("lint", pages / "broken" / "masked-example.md")
    assert outcome.code == CLEAN
    assert "note masked-example" in outcome.out


@pytest.mark.parametrize(
    ("page", "option", "code"),
    [
        ("times-backwards.md", "--no-strict", CLEAN),
        ("times-backwards.md", "--strict", FOUND),
        ("masked-example.md", "--strict", CLEAN),
        ("masked-example.md", "--pedantic", FOUND),
        ("sample-type.md", "--ignore=sample-type", CLEAN),
        ("sample-type.md", "--ignore=sample-type:Lamp.LampId", CLEAN),
        ("sample-type.md", "--ignore=sample-type:Lamp.State", FOUND),
    ],
)
def test_severities_fail_a_run_as_elsewhere(docpact, pages, page, option, code):
    """Errors fail a run, warnings and notes only on request, ignored findings never."""
    assert docpact("lint", pages / "broken" / page, option).code == code


def test_settings_regrade_rules_on_pages(docpact, pages, tmp_path):
    """The settings file also changes the severity of rules on pages."""
    (tmp_path / "docpact.toml").write_text('severity = { "times-backwards" = "error" }\n')
    outcome = docpact("lint", pages / "broken" / "times-backwards.md")
    assert outcome.code == FOUND
    assert "error times-backwards" in outcome.out


def test_rulings_can_be_left_out(docpact, pages):
    """With --no-rulings, no finding mentions a ruling."""
    page = pages / "GetInstance.md"
    with_them, without = (docpact("lint", page, *more) for more in ((), ("--no-rulings",)))
    assert "settles it" in with_them.out
    assert "settles it" not in without.out
    assert with_them.out.count("\n\n") == without.out.count("\n\n")


def test_a_folder_is_searched_and_other_pages_passed_over(docpact, pages, tmp_path):
    """A page without an operation in a folder is skipped and does not fail the run."""
    shutil.copy(pages / "clean" / "GetLamp.md", tmp_path)
    (tmp_path / "About.md").write_text("# About lamps\n\nThere are lamps.\n")
    outcome = docpact("lint", tmp_path)
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert "1 page checked" in outcome.out
    assert "1 file skipped (no operation on the page)" in outcome.out


def test_a_named_page_without_an_operation_is_told(docpact, tmp_path):
    """A named page without an operation fails the run, with the line and the reason."""
    (tmp_path / "About.md").write_text("# About lamps\n\nThere are lamps.\n")
    outcome = docpact("lint", "About.md")
    assert outcome.code == FAILED
    assert "About.md:1: the page has no table of response parameters" in outcome.err


@pytest.mark.parametrize("name", ["missing.md", "nothing"])
def test_what_cannot_be_read_is_told(docpact, name, tmp_path):
    """A missing file and a folder without pages are reported."""
    (tmp_path / "nothing").mkdir()
    outcome = docpact("lint", name)
    assert outcome.code == FAILED
    assert outcome.err.startswith("docpact: ")


@pytest.mark.parametrize("form", ["json", "ndjson", "junit", "sarif", "github"])
def test_every_report_tells_of_pages(docpact, pages, form):
    """Every report format works for pages."""
    outcome = docpact("lint", pages / "broken" / "sample-type.md", "--format", form)
    assert outcome.code == FOUND
    assert "sample-type" in outcome.out


def test_the_json_report_is_that_of_findings(docpact, root):
    """The JSON report of pages has the same form as that of answers."""
    out = docpact("lint", "samples/pages/broken/sample-type.md", "--format=json", cwd=root).out
    (finding,) = json.loads(out)["findings"]
    assert finding["at"]["file"] == "samples/pages/broken/sample-type.md"
    assert finding["field"] == "Lamp.LampId"
    assert finding["expected"] == "Long"
    assert finding["origin"]["line"] < finding["at"]["line"]


def test_junit_has_the_rules_on_pages_alone(docpact, pages):
    """JUnit has only the rules on pages."""
    out = docpact("lint", pages / "clean", "--format", "junit").out
    assert 'name="times-backwards"' in out
    assert 'name="wrong-echo"' not in out


def test_a_summary_has_a_line_for_each_page(docpact, root):
    """The summary has the result of each page, and no finding fails it."""
    outcome = docpact("lint", "--summary", "samples/pages", cwd=root)
    assert (outcome.code, outcome.err) == (CLEAN, "")
    lines = outcome.out.splitlines()
    assert "samples/pages/clean/GetLamp.md: compiled; " in outcome.out
    seed = next(each for each in lines if each.startswith("samples/pages/GetInstance.md: "))
    assert seed.endswith(
        "compiled with 14 findings; evidence: strong 88%, weak 12%, no 0% of 26 rows"
    )
    assert (
        "samples/pages/broken/page-refused.md: refused "
        "(line 1: the page has no table of response parameters)"
    ) in lines
    assert lines[-2].endswith(" compiled with findings, 1 refused")
    assert lines[-1].startswith("rows placed by evidence: strong ")
