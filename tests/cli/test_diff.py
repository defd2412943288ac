"""`docpact diff` says what changed between two editions, wherever they are."""

import json
import os
import re
import shutil
import subprocess

import pytest

from docpact.cli.diff import read_edition
from docpact.core.errors import DocpactError

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
ESCAPE = "\x1b["


@pytest.fixture
def old(root):
    """The older edition of a page of ours."""
    return root / "samples" / "editions" / "GetLamp.2023.md"


@pytest.fixture
def new(root):
    """The newer one."""
    return root / "samples" / "editions" / "GetLamp.2024.md"


@pytest.fixture
def git(tmp_path):
    """Asks git in the test's folder, untouched by the settings of this machine."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("needs git")

    def run(*arguments):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(
            [program, *who, *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(tmp_path)},
        )

    return run


@pytest.fixture
def repository(git, tmp_path, old, new):
    """A repository with the old edition committed and the new one in the folder."""
    page = tmp_path / "pages" / "GetLamp.md"
    page.parent.mkdir()
    page.write_bytes(old.read_bytes())
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "old")
    page.write_bytes(new.read_bytes())
    return tmp_path


def kinds(outcome):
    """The kinds of change in a report as JSON, without those in words alone."""
    report = json.loads(outcome.out)
    return [each["kind"] for each in report["changes"] if not each["words_only"]]


# What it says


def test_the_worst_comes_first_with_both_lines(docpact, old, new):
    """The worst change is first, with its reasons and the lines of both pages."""
    outcome = docpact("diff", old, new)
    assert FINDINGS == outcome.code
    assert outcome.out.startswith("breaking\n\n  required-parameter-added: ")
    assert (
        "  field-retyped: the field Lamp.Watts was retyped from long to string\n"
        "    client breaking: it expects the old type\n"
        "    server breaking: it sends the old type\n"
        "    old GetLamp.2023.md:30  “Watts | Long | 9 | Power that it draws”\n"
        "    new GetLamp.2024.md:31  “Watts | String | 9 W | Power that it draws”\n"
    ) in outcome.out
    assert outcome.out.index("\nrisky\n") < outcome.out.index("\ncompatible\n")


def test_the_last_lines_sum_up(docpact, old, new):
    """The last lines count the changes, say what did not happen, and what is not shown."""
    assert docpact("diff", old, new).out.endswith(
        "from GetLamp.2023.md to GetLamp.2024.md: 6 breaking, 2 risky, 1 compatible\n"
        "no parameter or field was removed\n"
        "4 changes only in wording or examples (-v shows them)\n"
    )


def test_words_are_shown_if_asked_for(docpact, old, new):
    """Changes of wording are shown with -v."""
    assert "field-reworded" not in docpact("diff", old, new).out
    outcome = docpact("diff", old, new, "-v")
    assert "field-reworded: the description of the field Lamp.OnSince was reworded" in outcome.out
    assert "-v shows them" not in outcome.out


def test_nothing_changed(docpact, old):
    """Two equal editions are reported as unchanged."""
    outcome = docpact("diff", old, old)
    expected = "no change from GetLamp.2023.md to GetLamp.2023.md\n"
    assert (CLEAN, expected, "") == (outcome.code, outcome.out, outcome.err)


def test_colour_is_a_matter_of_choice(docpact, old, new):
    """The text is the same with and without colours."""
    plain, coloured = (docpact("diff", old, new, "--color", how).out for how in ("never", "always"))
    assert ESCAPE not in plain
    assert plain == re.sub(r"\x1b\[[0-9;]*m", "", coloured) != coloured


def test_the_vendors_editions(docpact, vendor_pages):
    """The changes from 2019 to 2020 are those that a careful reader finds."""
    pages = (vendor_pages / "foas" / f"GetInstance{each}.md" for each in (".2019", ""))
    outcome = docpact("diff", *pages)
    assert FINDINGS == outcome.code
    for expected in (
        "the parameter RegionId was added as required",
        "the field Instance.AutoScaleParams was added",
        "the meaning of -1 was dropped from the parameter instanceId",
        "a sample was added: JSON",
        "a sample was added: XML",
        "no parameter or field was removed, renamed, moved or retyped",
    ):
        assert expected in outcome.out


# When it fails


@pytest.mark.parametrize(
    ("row", "fail_on", "code"),
    [
        ("|lamp|Long|Yes|7|Lamp |", "breaking", CLEAN),
        ("|lamp|Long|Yes|7|Lamp |", "any", CLEAN),
        ("|lamp|Long|Yes|8|Lamp |", "risky", CLEAN),
        ("|lamp|Long|Yes|8|Lamp |", "any", FINDINGS),
        ("|lamp|Long|Yes|7|Lamp; -1 for all. |", "breaking", CLEAN),
        ("|lamp|Long|Yes|7|Lamp; -1 for all. |", "risky", FINDINGS),
        ("|lamp|Blob|Yes|7|Lamp |", "breaking", CLEAN),
        ("|lamp|String|Yes|7|Lamp |", "breaking", FINDINGS),
        ("|lamp|String|Yes|7|Lamp |", "risky", FINDINGS),
        ("|lamp|String|Yes|7|Lamp |", "never", CLEAN),
    ],
)
def test_what_fails_is_a_matter_of_choice(docpact, tmp_path, row, fail_on, code):
    """Breaking changes fail the run by default, and --fail-on changes that."""
    before = _page(tmp_path / "Old.md", "|lamp|Long|Yes|7|Lamp |")
    after = _page(tmp_path / "New.md", row)
    assert code == docpact("diff", before, after, "--fail-on", fail_on).code


def test_it_can_be_asked_for_one_side(docpact, tmp_path):
    """A removed parameter breaks a server that needs it, and no client."""
    before = _page(tmp_path / "Old.md", "|lamp|Long|Yes|7|Lamp |\n|key|Long|Yes|7|Key |")
    after = _page(tmp_path / "New.md", "|lamp|Long|Yes|7|Lamp |")
    client = docpact("diff", before, after, "--for", "client")
    server = docpact("diff", before, after, "--for", "server")
    assert (CLEAN, FINDINGS) == (client.code, server.code)
    assert "server" not in client.out
    assert "client" not in server.out


def _page(path, rows):
    request = (
        "## Request parameters\n\n|Name|Type|Required|Example|Description|\n|--|--|--|--|--|\n"
    )
    response = "## Response parameters\n\n|Name|Type|Description|\n|--|--|--|\n|On|Long|x |\n"
    path.write_text(f"# Ask\n\n{request}{rows}\n\n{response}", "utf-8")
    return path


# For programs and reviews


def test_the_report_for_programs(docpact, old, new):
    """The JSON report has a version, every change, both sides and both verdicts."""
    outcome = docpact("diff", old, new, "--format", "json")
    report = json.loads(outcome.out)
    assert (1, "GetLamp.2023.md", "GetLamp.2024.md") == (
        report["docpact"],
        report["old"],
        report["new"],
    )
    assert {"changes": 13, "breaking": 6, "risky": 2, "compatible": 5} == report["summary"]
    change = next(each for each in report["changes"] if each["kind"] == "field-moved")
    assert {
        "kind": "field-moved",
        "part": "answer",
        "name": "Maker",
        "message": "the field Lamp.Maker was moved to Maker",
        "impact": "breaking",
        "words_only": False,
        "client": {"impact": "breaking", "reason": "it reads the old place"},
        "server": {"impact": "breaking", "reason": "it sends it in the old place"},
        "old": {
            "value": "Lamp.Maker",
            "page": "GetLamp.2023.md",
            "line": 32,
            "grade": "stated",
            "ruling": None,
            "quote": "Maker | String | ACME | Who made it",
        },
        "new": {
            "value": "Maker",
            "page": "GetLamp.2024.md",
            "line": 34,
            "grade": "stated",
            "ruling": None,
            "quote": "Maker | String | ACME | Who made it",
        },
    } == change


def test_a_side_without_anything_is_null(docpact, old, new):
    """A change that was added has null for the old page."""
    report = json.loads(docpact("diff", old, new, "--format", "json").out)
    change = next(each for each in report["changes"] if each["kind"].endswith("parameter-added"))
    assert (None, 18) == (change["old"], change["new"]["line"])


def test_the_report_for_reviews(docpact, tmp_path, old, new):
    """The Markdown report is tables, and can be written to a file."""
    outcome = docpact("diff", old, new, "--format", "markdown", "--output", "report.md")
    assert (FINDINGS, "") == (outcome.code, outcome.out)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert text.startswith(
        "## From GetLamp.2023.md to GetLamp.2024.md\n\n### Breaking\n\n| Change "
    )
    assert "| `field-retyped`: the field Lamp.Watts was retyped from long to string |" in text


def test_nothing_on_a_page_breaks_the_table_or_the_terminal(docpact, tmp_path):
    """Bars are escaped in tables, and control characters on the terminal."""
    before = _page(tmp_path / "Old.md", "|lamp|Long|Yes|7|Lamp |")
    after = _page(tmp_path / "New.md", "|lamp|Long|Yes|7|Lamp |\n|a\\|b\x1b[2J<b>|Long|Yes|7|Key |")
    for form in ("terminal", "markdown", "json"):
        assert ESCAPE not in docpact("diff", before, after, "--format", form).out
    table = docpact("diff", before, after, "--format", "markdown").out
    row = next(each for each in table.splitlines() if "required-parameter-added" in each)
    assert 6 == len(re.findall(r"(?<!\\)\|", row))
    assert "\\<b\\>" in row


# Where editions are


def test_a_compiled_contract_is_an_edition(docpact, root):
    """A compiled contract equals its page only if the rulings are applied to the page."""
    page = root / "samples" / "pages" / "GetInstance.md"
    compiled = root / "schemas" / "getinstance.contract.json"
    ruled = docpact("diff", page, compiled, "--rulings")
    assert (CLEAN, "") == (ruled.code, ruled.err)
    bare = docpact("diff", page, compiled, "--fail-on", "any")
    assert FINDINGS == bare.code
    assert (
        f"docpact: only {compiled} has rulings, so their decisions are shown as changes\n"
        == bare.err
    )


@pytest.mark.parametrize("where", ["HEAD:pages/GetLamp.md", ":pages/GetLamp.md"])
def test_a_revision_is_an_edition(docpact, repository, where):
    """A page can be read from a git revision or from the index."""
    outcome = docpact("diff", where, "pages/GetLamp.md", "--format", "json")
    assert FINDINGS == outcome.code
    assert "field-retyped" in kinds(outcome)
    assert where == json.loads(outcome.out)["old"].replace(":", ":pages/")
    back = docpact("diff", where, where, cwd=repository / "pages")
    assert CLEAN == back.code


def test_a_path_from_here_is_an_edition_too(docpact, repository):
    """A path after REVISION: can start with ./, as in git."""
    here = repository / "pages"
    outcome = docpact("diff", "HEAD:./GetLamp.md", "GetLamp.md", "--format", "json", cwd=here)
    assert "field-retyped" in kinds(outcome)


def test_a_revision_has_its_own_rulings(docpact, git, repository, root):
    """With --rulings, a revision uses the rulings that were committed with it."""
    for name in ("GetInstance.md", "GetInstance.rulings.toml"):
        shutil.copy(root / "samples" / "pages" / name, repository / "pages")
    git("add", ".")
    git("commit", "--quiet", "--message", "ruled")
    rulings = repository / "pages" / "GetInstance.rulings.toml"
    rulings.unlink()
    pages = ("HEAD:pages/GetInstance.md", "pages/GetInstance.md")
    assert CLEAN == docpact("diff", *pages, "--fail-on", "any").code
    outcome = docpact("diff", *pages, "--rulings", "--format", "json")
    assert "error-withdrawn" in kinds(outcome)


def test_standard_input_is_an_edition(docpact, old, new):
    """One of the two editions can come from standard input."""
    outcome = docpact("diff", old, "-", "--format", "json", stdin=new.read_bytes())
    assert "field-retyped" in kinds(outcome)
    both = docpact("diff", "-", "-")
    assert USAGE == both.code
    assert "only one of the two can come from standard input" in both.err


# What cannot be done


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("none.md", "no such file: none.md"),
        ("pages", "pages cannot be read"),
        ("HEAD:none.md", "HEAD:none.md is neither a file nor a file of a git"),
        ("none:pages/GetLamp.md", "none:pages/GetLamp.md is neither a file nor"),
        ("HEAD:pages", "HEAD:pages is not a file"),
        ("HEAD:", "HEAD: names no file"),
        ("--output=here:x", "--output=here:x is neither a file nor"),
        ("x;touch y:pages/GetLamp.md", "x;touch y:pages/GetLamp.md is neither a file nor"),
    ],
)
def test_what_is_not_there_is_told(docpact, repository, where, said):
    """A missing edition is reported, and no argument is taken for an option or a command."""
    before = sorted(each.name for each in repository.iterdir())
    outcome = docpact("diff", "--", where, "pages/GetLamp.md")
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert said in outcome.err
    assert before == sorted(each.name for each in repository.iterdir())


def test_a_revision_outside_of_a_repository_is_told(docpact, old, tmp_path):
    """Outside of a repository, the message says what to do instead."""
    outcome = docpact("diff", "HEAD:x.md", old, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert "git finds no revision here" in outcome.err


def test_a_machine_without_git_is_told(monkeypatch):
    """Without git, the message says that revisions cannot be read."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(DocpactError, match="git is not installed"):
        read_edition("HEAD:page.md", take_rulings=False)


def test_no_report_overwrites_an_edition(docpact, tmp_path, old):
    """A report that would overwrite an edition is refused."""
    page = tmp_path / "Old.md"
    page.write_bytes(old.read_bytes())
    outcome = docpact("diff", "Old.md", old, "--output", "Old.md")
    assert USAGE == outcome.code
    assert old.read_bytes() == page.read_bytes()


@pytest.mark.parametrize("content", [b"", b"\xff", b"# A\x00", b"{}", b"[]", b"# Words\n"])
def test_what_is_neither_page_nor_contract_is_told(docpact, tmp_path, old, content):
    """A file that is neither page nor contract is named in the message."""
    (tmp_path / "some.md").write_bytes(content)
    outcome = docpact("diff", old, "some.md")
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert "some.md" in outcome.err
