"""--format, --output and --report: any number of reports, refused before the work if at all."""

import json
import os

import pytest
from click.shell_completion import ShellComplete
from lxml import etree

from docpact.cli import docpact as program
from docpact.report import FORMATS

CLEAN, FINDINGS, USAGE, FAILED = range(4)


def parsed(text: str) -> etree._Element:
    """An XML document."""
    return etree.fromstring(text.encode("utf-8"))


@pytest.fixture
def sample(broken):
    """An answer with a finding."""
    return broken / "wrong-type.json"


def test_several_reports_of_one_run(docpact, sample, tmp_path):
    """Each file holds what --format would print, and the exit code is the same."""
    wanted = [f"--report={form}={form}.txt" for form in FORMATS]
    outcome = docpact("validate", sample, *wanted)
    assert (FINDINGS, "") == (outcome.code, outcome.err)
    assert docpact("validate", sample).out == outcome.out
    for form in FORMATS:
        written = (tmp_path / f"{form}.txt").read_text("utf-8")
        assert docpact("validate", sample, "--format", form).out == written, form


def test_every_format_is_told_apart(docpact, sample):
    """Each format is what its name says."""
    told = {form: docpact("validate", sample, "--format", form).out for form in FORMATS}
    assert told["terminal"].endswith("1 answer checked: 1 error, 0 warnings, 0 notes\n")
    assert 1 == json.loads(told["json"])["docpact"]
    assert 1 == json.loads(told["ndjson"].splitlines()[-1])["docpact"]
    assert "testsuites" == parsed(told["junit"]).tag
    assert "2.1.0" == json.loads(told["sarif"])["version"]
    assert told["html"].startswith("<!doctype html>")
    assert told["github"].startswith("::error file=")


def test_the_main_report_may_go_to_a_file_too(docpact, sample, tmp_path):
    """With --output, nothing is printed on standard output."""
    outcome = docpact(
        "validate", sample, "--format=json", "--output=a.json", "--report=terminal=a.txt"
    )
    assert (FINDINGS, "", "") == (outcome.code, outcome.out, outcome.err)
    assert {"a.json", "a.txt"} == {each.name for each in tmp_path.iterdir()}


def test_a_dash_is_standard_output(docpact, sample, tmp_path):
    """A dash means standard output, and no file of that name is made."""
    outcome = docpact("validate", sample, "--output=a.txt", "--report=json=-")
    assert 1 == json.loads(outcome.out)["docpact"]
    assert docpact("validate", sample, "--output=-").out == docpact("validate", sample).out
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("sonnet=a.txt", "unknown format 'sonnet'; choose from terminal, json, ndjson, junit"),
        ("a.txt", "unknown format 'a.txt'"),
        ("", "unknown format ''"),
        ("=a.txt", "unknown format ''"),
        ("JSON=a.txt", "unknown format 'JSON'"),
        ("json", "'json' names no file; write json=FILE"),
        ("json=", "'json=' names no file; write json=FILE"),
        ("json=.", "is a directory"),
    ],
)
def test_a_report_must_have_a_format_and_a_file(docpact, sample, tmp_path, report, reason):
    """A --report without a known format or a file is refused before anything is judged."""
    outcome = docpact("validate", sample, "--report", report)
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert reason in " ".join(outcome.err.split())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options",
    [
        ("--report=json=a.txt", "--report=junit=a.txt"),
        ("--report=json=a.txt", "--report=json=./a.txt"),
        ("--output=a.txt", "--report=json=a.txt"),
        ("--report=json=a.txt", "--report=junit=link.txt"),
    ],
    ids=" ".join,
)
def test_one_file_holds_one_report(docpact, sample, tmp_path, options):
    """Two reports into one file are refused, however the file is named."""
    (tmp_path / "link.txt").symlink_to("a.txt")
    outcome = docpact("validate", sample, *options)
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert "give each its own file" in outcome.err
    assert not (tmp_path / "a.txt").exists()


def test_standard_output_holds_one_report(docpact, sample):
    """Two reports on standard output are refused, with a way to write the second."""
    outcome = docpact("validate", sample, "--report=json=-")
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert "two reports would go to standard output" in outcome.err


def test_a_device_takes_any_number_of_reports(docpact, sample):
    """A device such as /dev/null takes any number of reports."""
    outcome = docpact("validate", sample, "--report=json=/dev/null", "--report=sarif=/dev/null")
    assert (FINDINGS, "") == (outcome.code, outcome.err)


@pytest.mark.parametrize("file", ["none/a.txt", "file/a.txt"])
def test_a_file_that_cannot_be_written_is_told_first(docpact, sample, tmp_path, file):
    """A file that cannot be written is reported before any work."""
    (tmp_path / "file").touch()
    outcome = docpact("validate", sample, "--report=json=a.json", f"--report=junit={file}")
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert f"docpact: {file} cannot be written: " in outcome.err
    assert not (tmp_path / "a.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_protected_file_is_told_first(docpact, sample, tmp_path):
    """A file without write permission is reported before the work."""
    protected = tmp_path / "protected.txt"
    protected.touch(0o444)
    outcome = docpact("validate", sample, "--report=json=protected.txt")
    assert (FAILED, "") == (outcome.code, outcome.out)
    assert "protected.txt cannot be written: Permission denied" in outcome.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has it")  # noqa: PTH110  # no path is worked with
def test_a_report_that_fails_keeps_no_other_from_being_written(docpact, sample, tmp_path):
    """If one report cannot be written, the others are still written."""
    outcome = docpact("validate", sample, "--report=json=/dev/full", "--report=json=a.json")
    assert FAILED == outcome.code
    assert "/dev/full cannot be written: No space left on device" in outcome.err
    assert "1 answer checked" in outcome.out
    assert (tmp_path / "a.json").exists()


def test_a_refused_report_of_no_answers_is_still_refused(docpact):
    """Mistakes in the reports are reported before mistakes in the captures."""
    outcome = docpact("validate", "none.json", "--report=json=none/a.json")
    assert FAILED == outcome.code
    assert "none/a.json cannot be written" in outcome.err
    assert "none.json" not in outcome.err


def test_the_settings_decide_what_fails(docpact, broken):
    """In JUnit, a warning fails its case only with --strict."""
    arguments = ("validate", broken, "--format=junit")
    text = docpact(*arguments, "--ignore=wrong-type").out
    (case,) = parsed(text).iterfind(".//testcase[@name='wrong-type']")
    assert ["skipped"] == [each.tag for each in case]
    counts = [
        int(parsed(docpact(*arguments, *extra).out).get("failures", ""))
        for extra in ((), ("--strict",), ("--pedantic",))
    ]
    assert sorted(set(counts)) == counts


def test_notes_are_annotations_if_asked_for(docpact, broken):
    """With -v, notes are annotations on GitHub too."""
    arguments = ("validate", broken, "--format=github")
    assert "::notice " not in docpact(*arguments).out
    assert "::notice " in docpact(*arguments, "-v").out


@pytest.mark.parametrize("form", [each for each in FORMATS if each != "terminal"])
def test_programs_read_utf_8_whatever_the_terminal(docpact, tmp_path, form):
    """Reports for programs are UTF-8, whatever the encoding of the terminal."""
    (tmp_path / "工𠀀.json").write_text('{"RequestId": 5}', "utf-8")
    options = ("validate", "工𠀀.json", "--format", form)
    outcome = docpact(*options, PYTHONIOENCODING="latin-1", PYTHONUTF8="1")
    assert docpact(*options, PYTHONUTF8="1").out == outcome.out
    assert ("工𠀀.json" if form != "sarif" else "%E5%B7%A5%F0%A0%80%80.json") in outcome.out


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_names_of_files_end_in_no_traceback(docpact, tmp_path, form):
    """Every report can name any file that the disk can have."""
    names = (b"a\nb.json", b"\xff.json", b"%0A::error::.json", b"]]>.json", "\u202e.json".encode())
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text('{"RequestId": 5}', "utf-8")
    outcome = docpact("validate", ".", "--format", form)
    assert (FINDINGS, "") == (outcome.code, outcome.err)
    outcome.out.encode("utf-8")


def test_shells_complete_the_formats():
    """What may stand before the equals sign."""
    shell = ShellComplete(program, {}, "docpact", "_DOCPACT_COMPLETE")
    offered = [each.value for each in shell.get_completions(["validate", "--report"], "j")]
    assert ["json=", "junit="] == offered


def test_a_report_overwrites_no_capture(docpact, sample, tmp_path):
    """A slip of the hand costs nobody an answer that cannot be had again."""
    (tmp_path / "a.json").write_bytes(sample.read_bytes())
    outcome = docpact("validate", "a.json", "--format=json", "--output=./a.json")
    assert (USAGE, "") == (outcome.code, outcome.out)
    assert "a report would overwrite ./a.json" in outcome.err
    assert sample.read_bytes() == (tmp_path / "a.json").read_bytes()


def test_the_help_lists_every_format(docpact):
    """A format that the help does not name does not exist for its reader."""
    told = docpact("validate", "--help").out
    assert [] == [form for form in FORMATS if form not in told]
    assert "--report FORMAT=FILE" in told
