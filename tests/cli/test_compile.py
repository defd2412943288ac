"""`docpact compile` writes the schemas of a page, or says how they differ."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "samples" / "pages" / "GetInstance.md"
SHARED = ROOT.parent / "shared" / "pages"
CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
TABLE = "|Name|Type|Example|Description|\n|--|--|--|--|\n|Total|Long|1|How many |\n"


def test_the_files_are_written_and_named(docpact, root, tmp_path):
    """The folder is made, each file is written, and standard output lists the files."""
    outcome = docpact("compile", PAGE, "-o", "made/schemas")
    assert outcome.code == CLEAN
    made = {each.name: each.read_bytes() for each in (tmp_path / "made/schemas").iterdir()}
    assert made == {each.name: each.read_bytes() for each in (root / "schemas").iterdir()}
    assert outcome.out.splitlines() == [f"made/schemas/{name}" for name in sorted(made)]


def test_doubts_go_to_stderr_with_their_lines(docpact):
    """Doubts about the page go to standard error, and standard output stays clean."""
    outcome = docpact("compile", PAGE, "-o", "made")
    assert "GetInstance.md:53: weakly-placed: EndTime" in outcome.err


def test_the_check_is_clean_when_nothing_differs(docpact, root):
    """The committed files are what the page compiles to."""
    outcome = docpact("compile", PAGE, "-o", root / "schemas", "--check")
    assert (outcome.code, outcome.out) == (CLEAN, "")


def test_the_check_shows_what_differs_and_writes_nothing(docpact, tmp_path):
    """--check gives exit code 1 and a diff with the file's name, and writes nothing."""
    docpact("compile", PAGE, "-o", "made")
    path = tmp_path / "made" / "getinstance.xsd"
    path.write_text(path.read_text("utf-8").replace("xs:long", "xs:int"), "utf-8")
    before = path.read_bytes()
    outcome = docpact("compile", PAGE, "-o", "made", "--check")
    assert outcome.code == FINDINGS
    assert "--- made/getinstance.xsd (there)" in outcome.out
    assert "+++ made/getinstance.xsd (compiled)" in outcome.out
    assert any(line.startswith("-") and "xs:int" in line for line in outcome.out.splitlines())
    assert any(line.startswith("+") and "xs:long" in line for line in outcome.out.splitlines())
    assert path.read_bytes() == before


def test_the_check_notices_missing_files(docpact, tmp_path):
    """For a folder without schemas, --check shows every file as different and makes no folder."""
    outcome = docpact("compile", PAGE, "-o", "none", "--check")
    assert outcome.code == FINDINGS
    assert "+++ none/getinstance.contract.json (compiled)" in outcome.out
    assert not (tmp_path / "none").exists()


def test_the_check_notices_a_file_that_is_no_text(docpact, tmp_path):
    """A file that is not text is different and does not crash --check."""
    docpact("compile", PAGE, "-o", "made")
    (tmp_path / "made" / "getinstance.xsd").write_bytes(b"\xff\xfe\x00")
    assert docpact("compile", PAGE, "-o", "made", "--check").code in {FINDINGS, FAILED}


def test_a_page_alone_can_be_compiled(docpact, tmp_path):
    """--no-rulings compiles the page without its rulings."""
    assert docpact("compile", PAGE, "--no-rulings", "-o", "made").code == CLEAN
    assert not (tmp_path / "made" / "getinstance.error.schema.json").exists()


def test_rulings_can_be_named(docpact, root, tmp_path):
    """--rulings names rulings in another place."""
    (tmp_path / "GetInstance.md").write_bytes(PAGE.read_bytes())
    docpact("compile", "GetInstance.md", "-o", "alone")
    assert not (tmp_path / "alone" / "getinstance.error.schema.json").exists()
    rulings = PAGE.with_suffix(".rulings.toml")
    docpact("compile", "GetInstance.md", "--rulings", rulings, "-o", "ruled")
    for path in (tmp_path / "ruled").iterdir():
        assert path.read_bytes() == (root / "schemas" / path.name).read_bytes()


def test_a_compiled_contract_can_be_judged_by(docpact, valid):
    """Validate reads the contract that compile writes."""
    docpact("compile", PAGE, "-o", "made")
    contract = "made/getinstance.contract.json"
    outcome = docpact("validate", valid / "documented.xml", "--contract", contract)
    assert outcome.code == CLEAN


def test_a_missing_page_is_a_failure(docpact):
    """A missing page gives exit code 3 and a next step."""
    outcome = docpact("compile", "none.md", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "none.md" in outcome.err


def test_a_page_without_tables_is_a_failure_with_a_hint(docpact, tmp_path):
    """For a page without tables, the message says what kind of page docpact compiles."""
    (tmp_path / "words.md").write_text("# Overview\n\nWords.\n", "utf-8")
    outcome = docpact("compile", "words.md", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "words.md:1: the page has no table of response parameters" in outcome.err
    assert "docpact compiles pages that" in outcome.err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b""])
def test_what_is_no_text_is_a_failure(docpact, tmp_path, content):
    """A file that is not text is refused in a sentence."""
    (tmp_path / "some.md").write_bytes(content)
    assert docpact("compile", "some.md", "-o", "made").code == FAILED


@pytest.mark.parametrize("text", [None, "[[ruling]\n", "[[ruling]]\nid = 'x'\n"])
def test_broken_rulings_are_a_failure(docpact, tmp_path, text):
    """Missing or broken rulings give exit code 3, although the page is right."""
    if text is not None:
        (tmp_path / "some.toml").write_text(text, "utf-8")
    outcome = docpact("compile", PAGE, "--rulings", "some.toml", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "some.toml" in outcome.err


def test_a_folder_that_cannot_be_written_is_a_failure(docpact, tmp_path):
    """A file where the folder should be is reported in a sentence."""
    (tmp_path / "made").write_text("in the way", "utf-8")
    outcome = docpact("compile", PAGE, "-o", "made")
    assert outcome.code == FAILED
    assert "made cannot be written" in outcome.err


def test_a_page_without_a_request_line_compiles(docpact, tmp_path):
    """A page without a request line has no OpenAPI document, and a message says why."""
    (tmp_path / "Ask.md").write_text(f"# Ask\n\n## Response parameters\n\n{TABLE}", "utf-8")
    outcome = docpact("compile", "Ask.md", "-o", "made")
    assert outcome.code == CLEAN
    assert "no-request-line" in outcome.err
    assert not (tmp_path / "made" / "ask.openapi.yaml").exists()


def shared_pages():
    """Every page of the seed page's own product."""
    folders = [SHARED / "foas", SHARED / "foas-2019"]
    return [page for folder in folders if folder.is_dir() for page in sorted(folder.glob("*.md"))]


@pytest.mark.skipif(not shared_pages(), reason="needs ../shared/pages, the vendor's own pages")
@pytest.mark.parametrize("page", shared_pages(), ids=lambda each: f"{each.parent.name}-{each.stem}")
def test_no_page_of_the_product_ends_in_a_traceback(docpact, page):
    """Any page is compiled, or refused in a sentence."""
    outcome = docpact("compile", page, "-o", "made")
    assert outcome.code in {CLEAN, FAILED}
    if outcome.code == FAILED:
        assert outcome.err.startswith("docpact: ")
