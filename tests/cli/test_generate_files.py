"""`docpact generate -o` fills a folder that `docpact validate` understands as it is."""

import json
from collections import defaultdict

import pytest
from click.testing import CliRunner

from docpact.cli import docpact as program
from docpact.cli.answers import opened_folder
from docpact.contract import Media
from docpact.core.errors import DocpactError
from docpact.core.exchange import Response
from docpact.faults import FAULTS
from docpact.generate.sampler import Sampler

CLEAN, USAGE, FAILED, INTERRUPTED = 0, 2, 3, 130


def names_in(folder):
    """The files in a folder."""
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("body", ["json", "xml"])
def test_what_is_written_validates(docpact, tmp_path, body):
    """Valid answers are bodies that `docpact validate --pedantic` finds clean."""
    made = docpact("generate", "--seed", 1, "-n", 20, "--body", body, "-o", "made")
    assert (CLEAN, "", "docpact: wrote 20 answers to made\n") == (made.code, made.out, made.err)
    assert [f"{number:04}.{body}" for number in range(1, 21)] == names_in(tmp_path / "made")
    assert docpact("validate", "--pedantic", "made").code == CLEAN


@pytest.mark.parametrize("body", list(Media))
def test_every_fault_that_is_written_is_noticed_by_exactly_its_rules(docpact, tmp_path, body):
    """Each written fault is detected by exactly its rules, also in status, headers and echoes."""
    shown = {each.name for each in FAULTS.values() if body in each.media and not each.is_behaviour}
    number = 2 * len(shown)
    docpact("generate", "--seed", 1, "-n", number, "--body", body, "--invalid", "-o", "made")
    found = defaultdict(set)
    for each in json.loads(docpact("validate", "--format", "json", "made").out)["findings"]:
        found[each["at"]["file"]].add(each["rule"])
    paths = sorted((tmp_path / "made").glob("*.labels"))
    labels = {f"made/{path.stem}.http": json.loads(path.read_text("utf-8")) for path in paths}
    assert (number, shown) == (len(labels), {each["fault"] for each in labels.values()})
    assert {name: set(each["breaks"]) for name, each in labels.items()} == found


def test_the_labels_say_how_to_judge_a_body_alone(docpact, tmp_path):
    """The request in the labels is one that `docpact validate --request` takes."""
    docpact("generate", "--seed", 1, "--invalid", "other-job", "-o", "made")
    labels = json.loads((tmp_path / "made" / "0001.other-job.labels").read_text("utf-8"))
    dump = (tmp_path / "made" / "0001.other-job.http").read_bytes()
    body = dump.split(b"\r\n\r\n")[-1]
    outcome = docpact(
        "validate", "--format", "json", "--request", labels["request"], "-", stdin=body
    )
    assert ["wrong-echo"] == [each["rule"] for each in json.loads(outcome.out)["findings"]]


def test_labels_are_not_taken_for_answers(docpact):
    """Labels are not read as answers, in a folder or by a pattern."""
    docpact("generate", "--seed", 1, "--invalid", "flat", "no-id", "-o", "made")
    report = json.loads(docpact("validate", "--format", "json", "made").out)
    assert (2, 2) == (report["summary"]["checked"], report["summary"]["skipped"])


@pytest.mark.parametrize("name", ["0001.json", "0001.flat.http", "answer.xml", "0001.flat.labels"])
def test_a_folder_with_answers_is_left_alone(docpact, tmp_path, name):
    """A folder with answers is refused, and the message says what to do."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / name).write_text("mine")
    outcome = docpact("generate", "--seed", 1, "-o", "made")
    assert outcome.code == USAGE
    assert f"made already holds answers, such as {name}" in outcome.err
    assert "--overwrite" in outcome.err
    assert [name] == names_in(tmp_path / "made")


def test_overwriting_removes_what_was_made_and_nothing_else(docpact, tmp_path):
    """--overwrite removes only files with the names that docpact writes."""
    docpact("generate", "--seed", 1, "--invalid", "flat", "no-id", "-o", "made")
    (tmp_path / "made" / "answer.json").write_text("mine")
    (tmp_path / "made" / "README").write_text("mine")
    outcome = docpact("generate", "--seed", 1, "-n", 1, "-o", "made", "--overwrite")
    assert (CLEAN, "docpact: wrote 1 answer to made\n") == (outcome.code, outcome.err)
    assert ["0001.json", "README", "answer.json"] == names_in(tmp_path / "made")


def test_a_wrong_call_removes_nothing(docpact, tmp_path):
    """Wrong options are refused before anything is removed."""
    docpact("generate", "--seed", 1, "-n", 1, "-o", "made")
    assert docpact("generate", "--state", "x", "-o", "made", "--overwrite").code == USAGE
    assert ["0001.json"] == names_in(tmp_path / "made")


def test_a_folder_that_cannot_be_is_a_failure(docpact, tmp_path):
    """A file in the place of the folder gives exit code 3."""
    (tmp_path / "made").write_text("")
    outcome = docpact("generate", "--seed", 1, "-o", "made")
    assert outcome.code == FAILED
    assert "made cannot be written" in outcome.err


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    """The message names the file that cannot be written, not only its folder."""
    folder = opened_folder(str(tmp_path), 1, overwrite=False)
    (tmp_path / "0001.json").mkdir()
    with pytest.raises(DocpactError, match=r"0001\.json cannot be written"):
        folder.write(1, ((".json", b"{}"),))


@pytest.mark.parametrize("options", [(), ("-o", "made")])
def test_an_interruption_says_how_far_it_came(monkeypatch, tmp_path, options):
    """After Ctrl-C, the message says how many answers were written."""
    answers = iter([Response(b"{}"), Response(b"{}")])

    def interrupted(_sampler, _random):
        for answer in answers:
            return answer
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Sampler, "response", interrupted)
    outcome = CliRunner().invoke(program, ["generate", "--seed", "1", *options])
    said = "docpact: interrupted after 2 of 10 answers\n"
    assert (INTERRUPTED, said) == (outcome.exit_code, outcome.stderr)
