"""`docpact compile` writes the schemas of a page, or says how they differ."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "samples" / "pages" / "GetInstance.md"
SHARED = ROOT.parent / "shared" / "pages"
CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
TABLE = "|Name|Type|Example|Description|\n|--|--|--|--|\n|Total|Long|1|How many |\n"


def test_the_files_are_written_and_named(docpact, root, tmp_path):
    """The folder is made, each file is written, and stdout lists them."""
    outcome = docpact("compile", PAGE, "-o", "made/schemas")
    assert outcome.code == CLEAN
    made = {each.name: each.read_bytes() for each in (tmp_path / "made/schemas").iterdir()}
    assert made == {each.name: each.read_bytes() for each in (root / "schemas").iterdir()}
    assert outcome.out.splitlines() == [f"made/schemas/{name}" for name in sorted(made)]


def test_doubts_go_to_stderr_with_their_lines(docpact):
    """Where the page had to be guessed at, the reader is told, and stdout stays clean."""
    outcome = docpact("compile", PAGE, "-o", "made")
    assert "GetInstance.md:53: weakly-placed: EndTime" in outcome.err


def test_the_check_is_clean_when_nothing_differs(docpact, root):
    """What is committed is what the page compiles to."""
    outcome = docpact("compile", PAGE, "-o", root / "schemas", "--check")
    assert (outcome.code, outcome.out) == (CLEAN, "")


def test_the_check_shows_what_differs_and_writes_nothing(docpact, tmp_path):
    """Exit code 1 and a diff that names the file."""
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
    """A folder without schemas differs in all of them, and is not made."""
    outcome = docpact("compile", PAGE, "-o", "none", "--check")
    assert outcome.code == FINDINGS
    assert "+++ none/getinstance.contract.json (compiled)" in outcome.out
    assert not (tmp_path / "none").exists()


def test_the_check_notices_a_file_that_is_no_text(docpact, tmp_path):
    """A file that was spoilt differs; it is no reason to crash."""
    docpact("compile", PAGE, "-o", "made")
    (tmp_path / "made" / "getinstance.xsd").write_bytes(b"\xff\xfe\x00")
    assert docpact("compile", PAGE, "-o", "made", "--check").code in {FINDINGS, FAILED}


def test_a_page_alone_can_be_compiled(docpact, tmp_path):
    """--no-rulings takes nothing but the page."""
    assert docpact("compile", PAGE, "--no-rulings", "-o", "made").code == CLEAN
    assert not (tmp_path / "made" / "getinstance.error.schema.json").exists()


def test_rulings_can_be_named(docpact, root, tmp_path):
    """Rulings that stand elsewhere are named; without them the page stands alone."""
    (tmp_path / "GetInstance.md").write_bytes(PAGE.read_bytes())
    docpact("compile", "GetInstance.md", "-o", "alone")
    assert not (tmp_path / "alone" / "getinstance.error.schema.json").exists()
    rulings = PAGE.with_suffix(".rulings.toml")
    docpact("compile", "GetInstance.md", "--rulings", rulings, "-o", "ruled")
    for path in (tmp_path / "ruled").iterdir():
        assert path.read_bytes() == (root / "schemas" / path.name).read_bytes()


def test_a_compiled_contract_can_be_judged_by(docpact, valid):
    """What compile writes is what validate reads."""
    docpact("compile", PAGE, "-o", "made")
    contract = "made/getinstance.contract.json"
    outcome = docpact("validate", valid / "documented.xml", "--contract", contract)
    assert outcome.code == CLEAN


def test_a_missing_page_is_a_failure(docpact):
    """Exit code 3 and a way out."""
    outcome = docpact("compile", "none.md", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "none.md" in outcome.err


def test_a_page_without_tables_is_a_failure_with_a_hint(docpact, tmp_path):
    """The reader is told what kind of page docpact compiles."""
    (tmp_path / "words.md").write_text("# Overview\n\nWords.\n", "utf-8")
    outcome = docpact("compile", "words.md", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "words.md:1: the page has no table of response parameters" in outcome.err
    assert "docpact compiles pages that" in outcome.err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b""])
def test_what_is_no_text_is_a_failure(docpact, tmp_path, content):
    """Bytes that are no page are told in a sentence."""
    (tmp_path / "some.md").write_bytes(content)
    assert docpact("compile", "some.md", "-o", "made").code == FAILED


@pytest.mark.parametrize("text", [None, "[[ruling]\n", "[[ruling]]\nid = 'x'\n"])
def test_broken_rulings_are_a_failure(docpact, tmp_path, text):
    """So are rulings that are missing or broken, though the page is right."""
    if text is not None:
        (tmp_path / "some.toml").write_text(text, "utf-8")
    outcome = docpact("compile", PAGE, "--rulings", "some.toml", "-o", "made")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "some.toml" in outcome.err


def test_a_folder_that_cannot_be_written_is_a_failure(docpact, tmp_path):
    """A file where the folder should be is told in a sentence."""
    (tmp_path / "made").write_text("in the way", "utf-8")
    outcome = docpact("compile", PAGE, "-o", "made")
    assert outcome.code == FAILED
    assert "made cannot be written" in outcome.err


def test_a_page_without_a_request_line_compiles(docpact, tmp_path):
    """It has no OpenAPI document, and the reader is told why."""
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
    """Any page compiles or is refused in a sentence."""
    outcome = docpact("compile", page, "-o", "made")
    assert outcome.code in {CLEAN, FAILED}
    if outcome.code == FAILED:
        assert outcome.err.startswith("docpact: ")
