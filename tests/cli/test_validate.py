"""`docpact validate` judges captures and says by its exit code what came of it."""

import json
import shutil

import pytest
from click.testing import CliRunner

from docpact.cli import docpact as program

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
DUMP = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n"


def rules_in(outcome):
    """The rules that a JSON report names."""
    return {each["rule"] for each in json.loads(outcome.out)["findings"]}


# --- Exit codes -----------------------------------------------------------------------------------


def test_a_right_answer_is_clean(docpact, valid):
    """A valid answer gives exit code 0 and is listed as clean."""
    outcome = docpact("validate", valid / "documented.json")
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert outcome.out.startswith(f"clean {valid / 'documented.json'}\n")


def test_a_broken_answer_has_findings(docpact, broken):
    """A broken answer gives exit code 1, with its line and the page's line."""
    outcome = docpact("validate", broken / "unknown-enum-value.json")
    assert (outcome.code, outcome.err) == (FINDINGS, "")
    assert "unknown-enum-value.json:" in outcome.out
    assert "the page says so: GetInstance.md:37" in outcome.out


def test_one_broken_answer_among_right_ones_fails_the_run(docpact, valid, broken):
    """One broken answer fails the whole run."""
    outcome = docpact("validate", valid / "documented.xml", broken / "wrong-type.xml")
    assert outcome.code == FINDINGS
    assert "2 answers checked: 1 error" in outcome.out


def test_a_folder_is_judged_whole(docpact, valid):
    """Every capture in a folder is judged."""
    outcome = docpact("validate", valid)
    assert outcome.code == CLEAN
    assert f"{len(list(valid.iterdir()))} answers checked: 0 errors, 0 warnings" in outcome.out


def test_files_that_are_no_captures_are_skipped_and_counted(docpact, valid, tmp_path):
    """Other files in a folder are skipped and counted."""
    shutil.copy(valid / "documented.json", tmp_path / "a.json")
    (tmp_path / "README.md").write_text("captures of today", "utf-8")
    outcome = docpact("validate", ".")
    assert outcome.code == CLEAN
    assert "1 answer checked" in outcome.out
    assert "1 file skipped" in outcome.out


@pytest.mark.parametrize("name", ["documented.json", "documented.xml", "with-request.http"])
def test_standard_input_is_a_dash(docpact, valid, name):
    """A dash is standard input, and its format is detected from the content."""
    outcome = docpact("validate", "-", stdin=(valid / name).read_bytes())
    assert outcome.code == CLEAN
    assert outcome.out.startswith("clean -\n")


def test_a_finding_on_standard_input_stands_at_the_dash(docpact, broken):
    """The place of a finding on standard input is a dash and a line."""
    body = (broken / "wrong-type.json").read_bytes()
    outcome = docpact("validate", "-", stdin=body)
    assert outcome.code == FINDINGS
    assert outcome.out.startswith("-:")


def test_empty_input_is_a_finding(docpact):
    """Empty input is a finding, not a failure of docpact."""
    outcome = docpact("validate", "-")
    assert outcome.code == FINDINGS
    assert "empty-body" in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--no-such-option", "x.json"],
        ["--engine", "magic", "x.json"],
        ["--status", "abc", "x.json"],
        ["--status", "99", "x.json"],
        ["--format", "sonnet", "x.json"],
        ["--color", "blue", "x.json"],
        ["--ignore"],
    ],
    ids=" ".join,
)
def test_wrong_options_are_wrong_usage(docpact, arguments):
    """Wrong options give exit code 2, with the reason on standard error only."""
    outcome = docpact("validate", *arguments)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "Error:" in outcome.err


def test_an_unknown_command_is_wrong_usage(docpact):
    """An unknown command gives exit code 2."""
    outcome = docpact("valdiate", "x.json")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "valdiate" in outcome.err


def test_a_missing_file_is_a_failure(docpact):
    """A missing file gives exit code 3 and the reason."""
    outcome = docpact("validate", "none.json")
    assert outcome.code == FAILED
    assert "none.json cannot be read" in outcome.err
    assert "clean" not in outcome.out


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_missing_file_keeps_no_other_from_being_judged(docpact, valid, broken, place):
    """If one file is missing, the others are judged and the exit code is 3."""
    paths = [valid / "documented.json", broken / "wrong-type.json"]
    paths.insert(place, "none.json")
    outcome = docpact("validate", *paths)
    assert outcome.code == FAILED
    assert "none.json cannot be read" in outcome.err
    assert f"clean {valid / 'documented.json'}\n" in outcome.out
    assert "error wrong-type" in outcome.out
    assert "2 answers checked: 1 error" in outcome.out


def test_a_missing_file_leaves_a_report_that_scripts_can_read(docpact, broken):
    """A missing file is reported on standard error only, so the report stays readable."""
    outcome = docpact("validate", "none.json", broken / "wrong-type.json", "--format", "json")
    assert outcome.code == FAILED
    assert rules_in(outcome) == {"wrong-type"}


@pytest.mark.parametrize("names", [[], ["README.md", "photo.png"]], ids=["empty", "no-captures"])
def test_a_folder_in_which_nothing_is_judged_is_a_failure(docpact, tmp_path, names):
    """If nothing was judged, the exit code is 3 and a message names the files that are read."""
    folder = tmp_path / "captures"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("captures of today", "utf-8")
    outcome = docpact("validate", "captures")
    assert outcome.code == FAILED
    assert "nothing was judged" in outcome.err
    assert ".json" in outcome.err
    assert ".xml" in outcome.err


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b'{"version": 9}', b"[" * 9999])
def test_a_contract_that_cannot_be_read_is_a_failure(docpact, valid, tmp_path, content):
    """A missing, empty or broken contract is reported in a sentence."""
    path = tmp_path / "some.contract.json"
    if content is not None:
        path.write_bytes(content)
    outcome = docpact("validate", valid / "documented.json", "--contract", path)
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "some.contract.json" in outcome.err


def test_a_named_contract_is_judged_by(docpact, root, valid):
    """The shipped contract gives the same findings when it is named."""
    path = root / "schemas" / "getinstance.contract.json"
    outcome = docpact("validate", valid / "documented.xml", "--contract", path)
    assert outcome == docpact("validate", valid / "documented.xml")


# --- What counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "codes"),
    [
        ("undocumented-field.json", [CLEAN, FINDINGS, FINDINGS]),
        ("undocumented-field.xml", [CLEAN, FINDINGS, FINDINGS]),
        ("missing-content-type.http", [CLEAN, CLEAN, FINDINGS]),
        ("wrong-type.json", [FINDINGS, FINDINGS, FINDINGS]),
    ],
)
def test_strict_counts_warnings_and_pedantic_notes(docpact, broken, sample, codes):
    """Errors always fail a run, warnings with --strict, notes with --pedantic."""
    runs = ([], ["--strict"], ["--pedantic"])
    assert codes == [docpact("validate", broken / sample, *options).code for options in runs]


@pytest.mark.parametrize(
    ("sample", "options", "is_clean"),
    [
        ("masked-value.json", [], True),
        ("masked-value.json", ["--strict"], True),
        ("masked-value.json", ["--pedantic"], False),
        ("undocumented-field.json", [], False),
        ("undocumented-field.json", ["--ignore", "undocumented-field"], True),
        ("wrong-type.json", [], False),
    ],
)
def test_clean_is_what_has_nothing_to_tell(docpact, broken, sample, options, is_clean):
    """A capture is clean if it has no error, no warning, and nothing that fails the run."""
    outcome = docpact("validate", broken / sample, *options)
    assert is_clean == outcome.out.startswith(f"clean {broken / sample}\n")


def test_notes_are_shown_when_they_count(docpact, broken):
    """Notes are counted by default, and shown with -v or --pedantic."""
    sample = broken / "masked-value.json"
    assert "note masked-value" not in docpact("validate", sample).out
    assert "1 note (-v shows them)" in docpact("validate", sample).out
    verbose = docpact("validate", sample, "-v")
    assert (verbose.code, "note masked-value" in verbose.out) == (CLEAN, True)
    assert "note masked-value" in docpact("validate", sample, "--pedantic").out


@pytest.mark.parametrize(
    ("ignored", "code"),
    [
        (["wrong-type"], CLEAN),
        (["wrong-type:Instance.StartTime"], CLEAN),
        (["wrong-type:Instance.EndTime"], FINDINGS),
        (["missing-field", "wrong-type"], CLEAN),
        (["missing-field"], FINDINGS),
    ],
)
def test_a_rule_is_switched_off_for_all_fields_or_one(docpact, broken, ignored, code):
    """--ignore takes a rule, or a rule and a field, and repeats."""
    options = [part for each in ignored for part in ("--ignore", each)]
    outcome = docpact("validate", broken / "wrong-type.json", *options)
    assert outcome.code == code


def test_an_unknown_rule_is_wrong_usage_with_a_guess(docpact, broken):
    """An unknown rule in --ignore is refused, with the most similar rule."""
    outcome = docpact("validate", broken / "wrong-type.json", "--ignore", "wrong-tpye")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "did you mean wrong-type?" in outcome.err


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("wrong-type:Instance.EndTim", "Instance.EndTime"),
        ("wrong-type:instance.StartTime", "Instance.StartTime"),
        ("missing-field:HostID", "HostId"),
    ],
)
def test_an_unknown_field_is_wrong_usage_with_a_guess(docpact, broken, given, meant):
    """An unknown field in --ignore is refused, with the most similar field."""
    outcome = docpact("validate", broken / "wrong-type.json", "--ignore", given)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert f"did you mean {meant}?" in outcome.err


def test_a_field_that_nothing_is_like_is_wrong_usage_without_a_guess(docpact, broken):
    """For a field without similar ones, the message shows the form of a field."""
    outcome = docpact("validate", broken / "wrong-type.json", "--ignore", "wrong-type:zzz")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "'zzz'" in outcome.err
    assert "did you mean" not in outcome.err


def test_a_field_of_failures_can_be_ignored_too(docpact, valid):
    """Fields of error answers can be ignored too."""
    options = ("--ignore", "missing-field:HostId")
    assert docpact("validate", valid / "error.json", *options).code == CLEAN


def test_an_undocumented_field_can_be_ignored_by_name(docpact, broken):
    """An undocumented field of any name can be ignored."""
    sample = broken / "undocumented-field.json"
    options = ("--strict", "--ignore", "undocumented-field:Instance.Priority")
    assert docpact("validate", sample, "--strict").code == FINDINGS
    assert docpact("validate", sample, *options).code == CLEAN


@pytest.mark.parametrize(
    "sample", ["wrong-type.xml", "unknown-enum-value.json", "missing-field.xml"]
)
def test_both_engines_report_the_same(docpact, broken, sample):
    """Both engines give the same report."""
    fast, reference = (
        docpact("validate", broken / sample, "--engine", engine, "--format", "json")
        for engine in ("fast", "reference")
    )
    assert fast.code == FINDINGS
    assert fast == reference


def test_the_printed_form_is_clean_as_a_fragment(docpact, root):
    """The page's XML has two roots, which --fragment accepts."""
    printed = root / "samples" / "responses" / "printed" / "documented.xml"
    assert docpact("validate", printed).code == FINDINGS
    assert "xml-several-roots" in docpact("validate", printed).out
    assert docpact("validate", printed, "--fragment").code == CLEAN


def test_a_status_fills_in_what_a_body_does_not_say(docpact, valid):
    """With --status 500, a success body is wrong and an error body is right."""
    right, wrong = valid / "error.json", valid / "documented.json"
    assert docpact("validate", right, "--status", "500").code == CLEAN
    outcome = docpact("validate", wrong, "--status", "500")
    assert outcome.code == FINDINGS
    assert "success-under-error" in outcome.out


# --- The request ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("project1/job1/412536", set()),
        ("project1/job1/-1", set()),
        ("project1/job1/0412536", set()),
        ("project2/job1/412536", {"Instance.ProjectName"}),
        ("project1/job2/412536", {"Instance.JobName"}),
        ("project1/job1/123", {"Instance.Id"}),
        ("a/b/1", {"Instance.ProjectName", "Instance.JobName", "Instance.Id"}),
    ],
)
@pytest.mark.parametrize("sample", ["documented.json", "documented.xml"])
def test_an_answer_is_held_against_the_request(docpact, valid, sample, asked, found):
    """Names and id must repeat those of --request; -1 means any current instance."""
    outcome = docpact("validate", valid / sample, "--request", asked, "--format", "json")
    echoes = [
        each["field"]
        for each in json.loads(outcome.out)["findings"]
        if each["rule"] == "wrong-echo"
    ]
    assert found == set(echoes)
    assert outcome.code == (FINDINGS if found else CLEAN)


@pytest.mark.parametrize(
    "asked",
    [
        "数据平台/实时 订单/2147483650",
        "%E6%95%B0%E6%8D%AE%E5%B9%B3%E5%8F%B0/%E5%AE%9E%E6%97%B6%20%E8%AE%A2%E5%8D%95/2147483650",
    ],
    ids=["plain", "encoded"],
)
def test_parts_of_a_request_may_be_encoded(docpact, valid, asked):
    """A name in --request may be percent-encoded or not."""
    assert docpact("validate", valid / "sql-job.json", "--request", asked).code == CLEAN


def test_a_slash_in_a_name_is_written_encoded(docpact, valid, tmp_path):
    """%2F is a slash within a part of --request."""
    text = (valid / "documented.json").read_text("utf-8").replace('"job1"', '"team/job"')
    (tmp_path / "a.json").write_text(text, "utf-8")
    outcome = docpact("validate", "a.json", "--request", "project1/team%2Fjob/412536")
    assert outcome.code == CLEAN


@pytest.mark.parametrize("asked", ["", "x", "a/b", "a/b/1/2", "a//1", "/a/b", "a/b/"])
def test_a_request_of_another_shape_is_wrong_usage(docpact, valid, asked):
    """A --request of another form is refused, and the message shows the form."""
    outcome = docpact("validate", valid / "documented.json", "--request", asked)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "projectName/jobName/instanceId" in outcome.err


def test_a_request_needs_a_contract_with_a_path(docpact, root, valid, tmp_path):
    """--request is refused for a contract without a path."""
    shipped = root / "schemas" / "getinstance.contract.json"
    path = tmp_path / "pathless.contract.json"
    stored = json.loads(shipped.read_text("utf-8"))
    stored["operation"] |= {"path": "", "method": ""}
    path.write_text(json.dumps(stored), "utf-8")
    options = ("--contract", path, "--request", "a/b/1")
    outcome = docpact("validate", valid / "documented.json", *options)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "--request" in outcome.err


# --- How it is reported ---------------------------------------------------------------------------


def test_the_json_report_has_the_documented_shape(docpact, broken):
    """The JSON report has the keys that scripts use."""
    outcome = docpact("validate", broken / "unknown-enum-value.json", "--format", "json")
    document = json.loads(outcome.out)
    assert document.keys() == {"docpact", "summary", "findings"}
    assert document["docpact"] == 1
    counted = {"checked", "errors", "warnings", "notes", "skipped", "ignored"}
    assert document["summary"].keys() == counted
    (finding,) = document["findings"]
    assert finding["rule"] == "unknown-enum-value"
    assert (finding["severity"], finding["grade"]) == ("error", "stated")
    assert finding["field"] == "Instance.ActualState"
    assert finding["pointer"] == "/Instance/ActualState"
    assert finding["at"].keys() >= {"file", "line", "exchange"}
    assert finding["origin"].keys() == {"page", "line", "ruling", "quote"}
    assert finding["origin"]["page"] == "GetInstance.md"
    assert finding["expected"] == [
        "WAITING",
        "RUNNING",
        "PAUSED",
        "TERMINATED",
        "SUCCESS",
        "FAILED",
    ]
    assert finding["actual"] == "DONE"
    assert finding["reproduce"] is None


def test_a_report_can_go_to_a_file(docpact, broken, tmp_path):
    """With --output, standard output is empty and the exit code is the same."""
    sample = broken / "wrong-type.json"
    outcome = docpact("validate", sample, "--format", "json", "--output", "report.json")
    assert (outcome.code, outcome.out) == (FINDINGS, "")
    written = (tmp_path / "report.json").read_text("utf-8")
    assert written == docpact("validate", sample, "--format", "json").out


def test_a_report_that_cannot_be_written_is_a_failure(docpact, valid):
    """A report into a missing folder is refused in a sentence."""
    outcome = docpact("validate", valid / "documented.json", "--output", "none/report.txt")
    assert outcome.code == FAILED
    assert "none/report.txt cannot be written" in outcome.err


def test_a_relative_path_stays_relative_in_a_report(docpact, root):
    """A report on files with relative names has no path of this machine."""
    outcome = docpact("validate", "samples/responses/broken", "--format", "json", cwd=root)
    assert str(root) not in outcome.out


def test_colour_is_for_terminals_or_on_demand(docpact, broken):
    """A pipe gets plain text, unless colour is requested."""
    sample = broken / "wrong-type.json"
    assert "\x1b[" not in docpact("validate", sample).out
    assert "\x1b[" not in docpact("validate", sample, "--color", "never").out
    coloured = docpact("validate", sample, "--color", "always").out
    assert "\x1b[31m" in coloured
    assert "\x1b[" not in docpact("validate", sample, NO_COLOR="1").out


def test_colour_changes_nothing_but_the_colour(docpact, broken):
    """A coloured report without its colours is the plain report."""
    import click

    sample = broken / "wrong-type.json"
    coloured = docpact("validate", sample, "--color", "always").out
    assert click.unstyle(coloured) == docpact("validate", sample).out


def test_json_is_never_coloured(docpact, broken):
    """The JSON report has no colours."""
    arguments = ("validate", broken / "wrong-type.json", "--format", "json", "--color", "always")
    assert "\x1b" not in docpact(*arguments).out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_gets_a_report(docpact, broken, encoding):
    """Characters that the terminal cannot show are escaped."""
    outcome = docpact("validate", broken / "wrong-type.json", PYTHONIOENCODING=encoding)
    assert outcome.code == FINDINGS
    assert "wrong-type" in outcome.out


# --- Hostile captures -----------------------------------------------------------------------------


ESCAPE = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"
HOSTILE = [
    json.dumps({"RequestId": ESCAPE, "Instance": {"ActualState": ESCAPE, ESCAPE: 1}}),
    json.dumps({"RequestId": ESCAPE, "Instance": {"Id": ESCAPE, "Packages": f"a;{ESCAPE}"}}),
    json.dumps({"RequestId": ESCAPE, ESCAPE: {ESCAPE: {"Instance": {ESCAPE: 1}}}}),
    json.dumps({"HostId": 1, "Code": ESCAPE, ESCAPE: 1}),
    json.dumps({"RequestId": "x", "Instance": {}}) + ESCAPE,
    json.dumps({"RequestId": ESCAPE, "Instance": {"JobName": "\ud83d" + ESCAPE}}),
    '{"Id": ' + ESCAPE,
    ESCAPE,
    "{" + ESCAPE,
    "<" + ESCAPE,
    f"<Get\u202eInstance><Id a\u202e='1'>\u202e</Id>x{ESCAPE}</Get\u202eInstance>",
    "<GetInstanceResponse xmlns='\u202eurn'>\u202e\x9b<Instance/></GetInstanceResponse>",
    f"HTTP/1.1 299 {ESCAPE}\nContent-Type: {ESCAPE}\n\n{{}}",
    f"HTTP/1.1 200 OK\nContent-Type: a/b; charset={ESCAPE}\n\n{{}}",
    '{"RequestId": "\\u001b[2J", "Instance": {"\\u001b[2J": 1, "ApiType": "\\u001b[2J"}}',
]


@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_a_capture_steers_the_terminal(docpact, text, form):
    """Escape sequences in values, keys and headers are escaped."""
    options = ("--pedantic", "--format", form, "--request", "a/b/1")
    outcome = docpact("validate", "-", *options, stdin=text.encode("utf-8", "surrogatepass"))
    assert outcome.code == FINDINGS
    shown = outcome.out + outcome.err
    assert not set("\x1b\x07\x00\r") & set(shown)
    if form == "terminal":
        assert all(line.isprintable() for line in shown.split("\n"))
    else:
        assert json.loads(outcome.out)["findings"]


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_names_of_files_steer_no_terminal_either(docpact, valid, broken, tmp_path, form):
    """Escape sequences in file names are escaped, also in names that are not text."""
    folder = tmp_path / "captures"
    folder.mkdir()
    shutil.copy(valid / "sql-job.json", folder / "\x1b[2Jclean\n.json")
    shutil.copy(broken / "wrong-type.json", folder / "\x1b[2Jbroken\r.json")
    shutil.copy(broken / "wrong-type.json", folder / "\udcff\u202e.json")
    outcome = docpact("validate", "captures", "--format", form)
    assert outcome.code == FINDINGS
    assert not set("\x1b\r\udcff") & set(outcome.out + outcome.err)
    if form == "json":
        assert len(json.loads(outcome.out)["findings"]) == 2


def test_a_report_on_a_file_whose_name_is_no_text_can_be_written(docpact, broken, tmp_path):
    """The report is UTF-8, whatever bytes a file name has."""
    folder = tmp_path / "captures"
    folder.mkdir()
    shutil.copy(broken / "wrong-type.json", folder / "\udcff.json")
    outcome = docpact("validate", "captures", "--format", "json", "--output", "report.json")
    assert outcome.code == FINDINGS
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["findings"]


def test_a_missing_file_of_any_name_steers_no_terminal(docpact):
    """Error messages escape file names too."""
    outcome = docpact("validate", "\x1b]0;owned\x07none.json")
    assert outcome.code == FAILED
    assert not set("\x1b\x07") & set(outcome.err)


# --- In process -----------------------------------------------------------------------------------


def test_the_command_can_be_called_from_a_program(valid, broken):
    """The command runs in click's own runner with the same exit codes."""
    runner = CliRunner()
    clean = runner.invoke(program, ["validate", str(valid / "documented.json")])
    assert (clean.exit_code, clean.stderr) == (CLEAN, "")
    found = runner.invoke(program, ["validate", str(broken / "wrong-type.json")])
    assert (found.exit_code, found.stderr) == (FINDINGS, "")
    wrong = runner.invoke(program, ["validate", "--request", "x", str(valid / "documented.json")])
    assert wrong.exit_code == USAGE


def test_a_dump_keeps_its_own_status(docpact, valid):
    """--status is for bodies; a dump keeps its own status."""
    dump = DUMP + (valid / "error.json").read_bytes()
    assert docpact("validate", "-", "--status", "200", stdin=dump).code == CLEAN
