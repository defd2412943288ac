"""What a team knows of: settings in the command line, comments beside findings, baselines."""

import json

import pytest

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
COMMENT = "<!-- docpact: ignore sample-type:Lamp.LampId -- as printed since 2018 -->"


@pytest.fixture
def pages(root):
    """The folder of our pages."""
    return root / "samples" / "pages"


@pytest.fixture
def lamps(pages, tmp_path):
    """A folder with a page that has one error, and the page's lines."""
    (tmp_path / "pages").mkdir()
    lines = (pages / "broken" / "sample-type.md").read_text("utf-8").split("\n")

    def write(comments: dict[int, str]) -> None:
        """Put comments behind lines, by their numbers; a line 0 has them above the page."""
        told = [f"{line} {comments.get(n, '')}".rstrip() for n, line in enumerate(lines, 1)]
        above = [comments[0]] if 0 in comments else []
        (tmp_path / "pages" / "GetLamp.md").write_text("\n".join([*above, *told]), "utf-8")

    write({})
    return write


def test_every_command_that_judges_takes_settings(docpact, broken, pages):
    """validate, lint, test and call take the same settings."""
    warning = 'severity."wrong-type:Instance.StartTime" = "warning"'
    sample = broken / "wrong-type.json"
    assert FINDINGS == docpact("validate", sample).code
    assert CLEAN == docpact("validate", sample, "--config", warning).code
    strict = ("--config", warning, "--config", "strict = true")
    assert FINDINGS == docpact("validate", sample, *strict).code
    assert CLEAN == docpact("validate", sample, *strict, "--no-strict").code

    page = pages / "broken" / "sample-type.md"
    assert FINDINGS == docpact("lint", page).code
    assert CLEAN == docpact("lint", page, "--config", 'severity.sample-type = "note"').code

    arguments = ("test", "--mock-fault", "id-as-text", "--max-requests", "5", "--seed", "1")
    assert FINDINGS == docpact(*arguments).code
    assert CLEAN == docpact(*arguments, "--config", 'ignore = ["wrong-type"]').code
    assert CLEAN == docpact("call", "project1/job1/123", "--config", "pedantic = true").code


def test_a_settings_file_can_be_named(docpact, broken, tmp_path):
    """A settings file that is named replaces the one in the folder."""
    (tmp_path / "docpact.toml").write_text("nonsense = true\n", "utf-8")
    (tmp_path / "lenient.toml").write_text('ignore = ["wrong-type"]\n', "utf-8")
    assert CLEAN == docpact("validate", broken / "wrong-type.json", "--config", "lenient.toml").code


@pytest.mark.parametrize("command", ["validate", "lint", "test", "call"])
def test_a_wrong_setting_is_wrong_usage(docpact, command):
    """A wrong --config is refused first, with the argument, the key and a proposal."""
    subject = () if command == "test" else ("project1/job1/123",)
    outcome = docpact(command, *subject, "--config", "pedantik = true")
    assert (USAGE, "") == (outcome.code, outcome.out)
    said = "--config 'pedantik = true': unknown setting 'pedantik' (did you mean pedantic?)"
    assert f"docpact: {said}\n" in outcome.err


@pytest.mark.parametrize("place", ["beside", "above the code", "for the page"])
def test_a_comment_on_a_page_ignores_what_stands_there(docpact, lamps, place):
    """A comment on a page ignores the findings there, which are counted."""
    whole = COMMENT.replace("ignore ", "ignore-file ")
    lamps(
        {"beside": {25: COMMENT}, "above the code": {68: COMMENT}, "for the page": {0: whole}}[
            place
        ]
    )
    outcome = docpact("lint", "pages")
    if place == "beside":  # the finding stands on the sample's line, the row only says otherwise
        assert FINDINGS == outcome.code
        assert (
            "pages/GetLamp.md:25: the comment ignores nothing: nothing here breaks" in outcome.err
        )
        return
    assert (CLEAN, "") == (outcome.code, outcome.err)
    assert outcome.out.endswith("; 1 finding ignored by comments\n")
    report = json.loads(docpact("lint", "pages", "--format", "json").out)
    assert (1, []) == (report["summary"]["ignored"], report["findings"])


def test_a_comment_on_a_page_that_cannot_be_meant_is_told(docpact, lamps):
    """A comment with an unknown rule is reported and does not fail the run."""
    lamps({1: "<!-- docpact: ignore sample-tpye -->", 2: "<!-- docpact: ignore -->"})
    outcome = docpact("lint", "pages", "--ignore", "sample-type")
    assert CLEAN == outcome.code
    assert (
        "docpact: pages/GetLamp.md:1: the comment ignores nothing: "
        "unknown rule 'sample-tpye' (did you mean sample-type?)\n"
    ) in outcome.err
    assert "pages/GetLamp.md:2: the comment ignores nothing: it names no rule" in outcome.err


def test_a_summary_heeds_comments(docpact, lamps):
    """The summary of a page leaves out ignored findings."""
    lamps({0: COMMENT.replace("ignore ", "ignore-file ")})
    assert (
        "1 page: 1 compiled, 0 compiled with findings" in docpact("lint", "--summary", "pages").out
    )


def test_a_comment_in_a_cassette_ignores_what_is_wrong_there(docpact, root, tmp_path):
    """A comment above a call in a recorded cassette ignores its findings."""
    text = (root / "samples" / "captures" / "broken" / "vcrpy.yaml").read_text("utf-8")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    above = "# docpact: ignore unknown-enum-value -- the emulator's known bug\n- request:"
    for known in (1, 2):
        (tmp_path / "a.yaml").write_text(text.replace("- request:", above, known), "utf-8")
        outcome = docpact("validate", "a.yaml")
        assert [FINDINGS, CLEAN][known - 1] == outcome.code
        assert (2 - known) == outcome.out.count("error unknown-enum-value")
        said = f"{known} finding{'s' * (known > 1)} ignored by comments\n"
        assert outcome.out.endswith(said)
        assert "" == outcome.err


def test_a_baseline_of_pages_lets_known_findings_pass(docpact, lamps, pages, tmp_path):
    """A baseline works for pages as for captures."""
    del lamps
    known = ("--baseline", "known.json")
    assert CLEAN == docpact("lint", "pages", *known, "--update-baseline").code
    outcome = docpact("lint", "pages", *known)
    assert (CLEAN, "docpact: 1 known finding not reported (baseline)\n") == (
        outcome.code,
        outcome.err,
    )
    (tmp_path / "pages" / "Other.md").write_bytes((pages / "broken" / "open-quote.md").read_bytes())
    assert FINDINGS == docpact("lint", "pages", *known).code
    assert USAGE == docpact("lint", "pages", "--update-baseline").code
    assert USAGE == docpact("lint", "pages", *known, "--summary").code


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [("error", CLEAN), ("warning", FINDINGS), ("note", FINDINGS), ("never", CLEAN)],
)
def test_lint_fails_from_the_severity_that_is_named(docpact, pages, fail_on, code):
    """--fail-on warning lets a warning fail the run of lint."""
    page = pages / "broken" / "times-backwards.md"
    assert code == docpact("lint", page, "--fail-on", fail_on).code


def test_what_has_gone_from_the_baseline_is_told(docpact, broken, tmp_path):
    """Findings of the baseline that are gone are reported for the captures that were judged."""
    (tmp_path / "a.json").write_bytes((broken / "wrong-type.json").read_bytes())
    (tmp_path / "b.json").write_bytes((broken / "wrong-type.json").read_bytes())
    known = ("--baseline", "known.json")
    docpact("validate", "a.json", "b.json", *known, "--update-baseline")
    (tmp_path / "a.json").write_bytes((broken / "undocumented-field.json").read_bytes())
    outcome = docpact("validate", "a.json", *known)
    assert (
        "docpact: 1 finding of the baseline no longer found; --update-baseline removes it\n"
        in outcome.err
    )
    assert "baseline" not in docpact("validate", "a.json").err
