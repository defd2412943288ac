"""`docpact generate` makes answers, right ones and ones that are wrong in a known way."""

import base64
import json
import os
import pty
import subprocess
import sys

import pytest

from docpact.contract import Media, load_bundled
from docpact.faults import FAULTS

CLEAN, USAGE = 0, 2
STATE = ("Instance", "ActualState")


def lines_of(outcome):
    """The lines of a run that went well."""
    assert (outcome.code, outcome.err) == (CLEAN, "")
    return outcome.out.split("\n")[:-1]


def test_ten_json_answers_are_the_default(docpact):
    """By default, ten compact JSON bodies are printed, one on each line."""
    answers = [json.loads(line) for line in lines_of(docpact("generate", "--seed", 1))]
    assert [{"Instance", "RequestId"}] * 10 == [set(answer) for answer in answers]


@pytest.mark.parametrize("options", [(), ("--body", "xml"), ("--invalid",)])
def test_a_seed_repeats_every_byte(docpact, options):
    """The same seed gives the same bytes in any process, whatever its hash seed."""
    runs = [
        docpact("generate", "--seed", 7, "-n", 150, *options, PYTHONHASHSEED=seed).out
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != docpact("generate", "--seed", 8, "-n", 150, *options).out


def test_without_a_seed_the_one_taken_is_told(docpact):
    """A random seed is printed, so that the answers can be made again."""
    outcome = docpact("generate", "-n", 2)
    seed = outcome.err.split()[-1]
    assert outcome.err == f"docpact: made with --seed {seed}\n"
    assert docpact("generate", "-n", 2, "--seed", seed).out == outcome.out


def test_a_longer_run_begins_like_a_shorter_one(docpact):
    """A longer run starts with the answers of a shorter one."""
    short, long = (docpact("generate", "--seed", 1, "-n", number).out for number in (3, 5))
    assert long.startswith(short)


def test_an_xml_answer_is_an_object_on_one_line(docpact):
    """An XML answer is a JSON object with body, status and headers."""
    for line in lines_of(docpact("generate", "--seed", 1, "--body", "xml")):
        answer = json.loads(line)
        assert {"body", "status", "headers"} == set(answer)
        assert "<GetInstanceResponse>" in answer["body"]
        assert "xml" in answer["headers"]["Content-Type"]


def test_filters_hold(docpact):
    """The filters keep to one state or one type."""
    options = ("--state", "FAILED", "--job-type", "FLINK_BATCH", "--api-type", "SQL")
    for line in lines_of(docpact("generate", "--seed", 1, *options)):
        instance = json.loads(line)["Instance"]
        assert (instance["ActualState"], instance["ApiType"]) == ("FAILED", "SQL")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--state", "Running"), "cannot be 'Running'; the page lists"),
        (("--state", "x"), "the page lists WAITING"),
        (("--state", ""), "cannot be ''"),
        (("--state", "SUCCESS", "--job-type", "FLINK_STREAM"), "ties these values"),
        (("--invalid", "two-root"), "did you mean two-roots?"),
        (("--invalid", "wrong-type"), "it is a rule, broken for example by"),
        (("--invalid", "zzzzzz"), "--list-faults"),
        (("--invalid", "two-roots"), "two-roots shows only in XML: --body xml"),
        (("--invalid", "flat", "cut-json", "--body", "xml"), "cut-json shows only in JSON"),
        (("--invalid", "no-end", "--state", "RUNNING"), "only where Instance.ActualState is TERM"),
        (("--invalid", "error-under-200", "--state", "RUNNING"), "failures, which have no ActualS"),
        (("--list-faults", "two-root"), "did you mean two-roots?"),
        (("--list-faults", "two-roots", "--body", "json"), "no answer in JSON shows two-roots"),
        (("-n", "ten"), "'ten' is not a whole number"),
        (("--count", "-3"), "'-3' is not a whole number"),
        (("--count", "٣"), "is not a whole number"),
        (("-o", ""), "is not a folder"),
        (("-o", "-"), "is not a folder"),
        (("--overwrite",), "--overwrite needs -o DIR"),
        (("--invalid", "slow"), "no single answer shows"),
        (("two-roots",), "--invalid two-roots"),
    ],
)
def test_what_cannot_be_made_is_wrong_usage(docpact, options, hint):
    """Options that cannot be combined are refused, with a next step."""
    outcome = docpact("generate", "--seed", 1, *options)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert hint in outcome.err


def test_any_fault_may_break_an_answer(docpact):
    """A broken answer has the name of its fault and the rules that must detect it."""
    options = ("--seed", 1, "--invalid", "--count", 300)
    broken = [json.loads(line) for line in lines_of(docpact("generate", *options))]
    assert len(broken) == 300
    for each in broken:
        assert each["breaks"] == sorted(FAULTS[each["fault"]].breaks)
        assert {"body", "status", "headers"} <= set(each)


def test_named_faults_come_in_turn(docpact):
    """Faults named after --invalid are used in turn."""
    names = ["id-as-double", "end-while-running"]
    lines = lines_of(docpact("generate", "--seed", 1, "-n", 4, "--invalid", *names))
    assert names * 2 == [json.loads(line)["fault"] for line in lines]


def test_a_body_that_is_no_utf_8_comes_in_base64(docpact):
    """A body that is not UTF-8 is written in base64, since JSON has only texts."""
    (line,) = lines_of(docpact("generate", "--seed", 1, "-n", 1, "--invalid", "utf-16"))
    answer = json.loads(line)
    assert answer["encoding"] == "base64"
    assert "Instance" in base64.b64decode(answer["body"]).decode("utf-16")


def test_each_fault_comes_once_by_default(docpact):
    """By default, each fault that an answer in the format can have is made once."""
    for body in Media:
        shown = [
            each.name for each in FAULTS.values() if body in each.media and not each.is_behaviour
        ]
        lines = lines_of(docpact("generate", "--seed", 1, "--invalid", "--body", body.value))
        assert sorted(shown) == sorted(json.loads(line)["fault"] for line in lines)


@pytest.mark.parametrize("names", [(), ("flat", "no-id", "flat")])
def test_what_a_smaller_number_leaves_out_is_told(docpact, names):
    """A smaller number prints how many faults are left out, and the number for all."""
    outcome = docpact("generate", "--seed", 1, "-n", 1, "--invalid", *names)
    every = (
        2
        if names
        else len(
            [each for each in FAULTS.values() if Media.JSON in each.media and not each.is_behaviour]
        )
    )
    said = f"docpact: {every - 1} of {every} faults are left out; use -n {every} for all\n"
    assert (CLEAN, said) == (outcome.code, outcome.err)
    assert outcome.out.count("\n") == 1


def test_a_failure_has_no_request(docpact):
    """A broken error answer has no request, and a broken success has one."""
    names = ("error-under-200", "flat")
    lines = lines_of(docpact("generate", "--seed", 1, "--invalid", *names))
    error, success = (json.loads(line)["request"] for line in lines)
    assert error is None
    assert success.count("/") == 2


def test_no_fault_leaves_the_state_that_was_asked_for(docpact):
    """With --state, faults that change the state or need an error answer are left out."""
    options = ("--state", "PAUSED", "--api-type", "SQL")
    lines = lines_of(docpact("generate", "--seed", 1, "--invalid", *options))
    made = {json.loads(line)["fault"]: json.loads(line)["body"] for line in lines}
    assert not {"no-end", "end-while-running", "error-under-200", "no-main-class"} & set(made)
    assert {"end-while-paused", "flat", "lower-case-state"} <= set(made)
    states = {each.value for each in load_bundled().success.find(STATE).values}
    for fault, body in made.items():
        assert not any(f'"ActualState":"{each}"' in body for each in states - {"PAUSED"}), fault


def test_the_list_of_faults_is_complete(docpact):
    """The list of faults has headings, and for each fault its effect and its rules."""
    head, *lines = lines_of(docpact("generate", "--list-faults"))
    assert head.split()[0] == "FAULT"
    assert [line.split()[0] for line in lines[: len(FAULTS)]] == list(FAULTS)
    for line, fault in zip(lines, FAULTS.values(), strict=False):
        assert fault.shows.value in line
        assert fault.summary in line
        assert all(rule in line for rule in fault.breaks)
        assert ("behaviour" in line.split()) is fault.is_behaviour


def test_the_list_of_faults_keeps_to_a_format(docpact):
    """With --body, the list leaves out the faults that only the other format shows."""
    lines = lines_of(docpact("generate", "--list-faults", "--body", "xml"))
    named = {line.split()[0] for line in lines[1:] if line} & set(FAULTS)
    assert {name for name, each in FAULTS.items() if Media.XML in each.media} == named


def test_the_list_of_faults_keeps_to_names(docpact):
    """Named faults are listed in the order in which they are named."""
    lines = lines_of(docpact("generate", "--list-faults", "two-roots", "flat"))
    assert ["FAULT", "two-roots", "flat"] == [line.split()[0] for line in lines]


def test_a_compiled_contract_can_be_named(docpact, root):
    """--contract takes a compiled contract, such as the one in schemas/."""
    file = root / "schemas" / "getinstance.contract.json"
    options = ("generate", "--seed", "1", "-n", "3")
    assert docpact(*options, "--contract", file).out == docpact(*options).out


def test_a_reader_that_leaves_ends_it_quietly():
    """If the reader closes the pipe, generating stops early and without an error."""
    command = [sys.executable, "-m", "docpact", "generate", "-n", "100000", "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        first = running.stdout.readline()
        running.stdout.close()
        assert running.wait(timeout=30) == CLEAN
        assert running.stderr.read() == b""
    assert json.loads(first)["RequestId"]


def test_many_answers_need_no_more_memory_than_few():
    """Answers are streamed, so their number does not need memory."""
    code = (
        "import resource, sys; from docpact.cli import docpact; sys.stdout = None\n"
        "docpact.main(['generate', '--seed', '1', '-n', sys.argv[1]], standalone_mode=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    few, many = (
        int(subprocess.run([sys.executable, "-c", code, n], capture_output=True, check=True).stderr)
        for n in ("200", "10000")
    )
    assert many < few + 10_000  # kilobytes


@pytest.mark.parametrize(("number", "shown"), [("10000", True), ("100", False)])
def test_progress_is_for_terminals_and_long_runs(number, shown):
    """A bar is shown on standard error only for long runs on a terminal."""
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "docpact", "generate", "-n", number, "--seed", "1"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True, timeout=60)
    os.write(terminal, b".")
    os.close(terminal)
    told = os.read(reader, 100_000)
    os.close(reader)
    assert shown is (b"answers" in told)
