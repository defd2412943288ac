"""Worlds are read from TOML and JSON, and every mistake in one is named."""

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.generate.response_model import response_model_for
from docpact.generate.sampler import Sampler
from docpact.mock import world_named
from docpact.mock.instances import Completion, instance_validator

CONTRACT = load_bundled()
SCHEMAS = load_bundled_schemas()
WORLD_SCHEMA = Path(__file__).parents[2] / "schemas" / "getinstance.world.schema.json"
INSTANCE = {
    "ProjectName": "p",
    "JobName": "j",
    "Id": 7,
    "ActualState": "RUNNING",
    "ExpectState": "RUNNING",
    "JobType": "FLINK_STREAM",
    "ApiType": "SQL",
}
TOML = """
version = 1
[[instance]]
ProjectName = "p"
JobName = "j"
Id = 7
ActualState = "RUNNING"
ExpectState = "RUNNING"
JobType = "FLINK_STREAM"
ApiType = "SQL"
"""


@pytest.fixture
def world_of(tmp_path):
    """Reads a world from a file with this content."""

    def read(content: str | bytes | dict):
        if isinstance(content, dict):
            content = json.dumps(content)
        path = tmp_path / "world"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return world_named(str(path), CONTRACT, SCHEMAS)

    return read


def of_instance(without="", **members):
    """A world of one instance that differs in these members."""
    kept = {name: each for name, each in INSTANCE.items() if name != without}
    return {"version": 1, "instance": [kept | members]}


@pytest.mark.parametrize(
    "content",
    [
        TOML,
        TOML.replace("\n", "\r\n"),
        b"\xef\xbb\xbf" + TOML.encode(),
        {"version": 1, "instance": [INSTANCE]},
        {"$schema": "x", "version": 1, "instance": [INSTANCE]},
        {"instance": [INSTANCE]},
        "\n " + json.dumps({"version": 1, "instance": [INSTANCE]}),
        b"\xef\xbb\xbf" + json.dumps({"version": 1, "instance": [INSTANCE]}).encode(),
    ],
    ids=["toml", "crlf", "toml-bom", "json", "schema", "no-version", "blanks", "json-bom"],
)
def test_a_world_is_read(world_of, content):
    """A world is read in TOML and in JSON, with any line ends and with a byte order mark."""
    world = world_of(content)
    assert ((("p", "j", "7"),), ()) == world.known()
    assert {"Instance": INSTANCE} == world.find(("p", "j", "7"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (of_instance(Id="7"), r"instance 1 \(p/j/7\): Instance.Id is the text \"7\""),
        (of_instance(Id=7.5), r"instance 1 \(p/j/7.5\): "),
        (of_instance(Id=True), r"instance 1 \(p/j/True\): "),
        (of_instance(Id=2**63), r"instance 1 \(p/j/9223372036854775808\): "),
        (of_instance(ActualState="RUNING"), r"FAILED \(did you mean RUNNING\?\)"),
        (of_instance(ActualState="DONE"), r"instance 1 \(p/j/7\): .*ActualState"),
        (of_instance(EndTime=1), r"instance 1 \(p/j/7\): .*EndTime"),
        (of_instance(ActualState="SUCCESS"), r"instance 1 \(p/j/7\): .*JobType"),
        (of_instance(Colour="red"), r"instance 1 \(p/j/7\): .*Colour"),
        (of_instance(jobname="j"), r"instance 1 \(p/j/7\): .*jobname"),
        (of_instance(Code="a\0b"), r"instance 1 \(p/j/7\): "),
        (of_instance(Code="a\ud800b"), r"instance 1(:| \(p/j/7\): )"),
        (of_instance(Code=["a"]), r"instance 1 \(p/j/7\): "),
        (of_instance(Code={"a": 1}), r"instance 1 \(p/j/7\): "),
        (of_instance(Starter="2399****"), r"instance 1 \(p/j/7\): .*"),
        (of_instance(ProjectName=""), r"instance 1 \(/j/7\): "),
        (of_instance(JobName="."), r"instance 1 \(p/./7\): jobName is not valid"),
        (of_instance(JobName="x" * 300), r"instance 1 \(p/x+/7\): jobName is longer than 256"),
        (of_instance(without="JobName"), r"instance 1 \(p/\?/7\): JobName is missing"),
        (of_instance(without="Id"), r"instance 1 \(p/j/\?\): Id is missing"),
        ({"version": 1, "instance": [INSTANCE, INSTANCE]}, "p/j/7 is listed already"),
        ({"version": 1, "instance": [INSTANCE, 7]}, "instance 2: it is not a table"),
        (
            {"version": 1, "instance": INSTANCE},
            r"instance is a single table; write \[\[instance\]\]",
        ),
        ({"version": 1, "instance": []}, "lists no instance"),
        ({"version": 1}, "lists no instance"),
        ({"version": 2, "instance": [INSTANCE]}, "write version = 1"),
        ({"version": True, "instance": [INSTANCE]}, "write version = 1"),
        ({"version": 1, "instances": [INSTANCE]}, r"key instances \(did you mean instance\?\)"),
        ({"version": 1, "\x1b[2J": 1}, r"unknown key [^\x1b]*$"),
        ({"instance": [INSTANCE], "Id": 7}, "Id belongs to an instance"),
        ("", "lists no instance"),
        ("[]", "neither TOML nor JSON|lists no instance"),
        ("{", "neither TOML nor JSON"),
        ('{"version": 1, "version": 1}', "version is twice in one object"),
        ('{"a":' * 100_000, "neither TOML nor JSON"),
        (TOML + "Id = 8\n", "neither TOML nor JSON"),
        (TOML + "StartTime = 2020-09-11\n", r"instance 1 .*: StartTime is a TOML date"),
        (TOML + "InputDelay = nan\n", r"instance 1 .*: InputDelay is nan"),
        (TOML + "Code = 1\n", r"instance 1 \(p/j/7\): "),
        (b"\xff\xfe", "neither TOML nor JSON"),
    ],
    ids=lambda each: None if isinstance(each, str) else "",
)
def test_a_mistake_is_refused(world_of, content, why):
    """A mistake in an instance is reported with the number and the names of the instance."""
    with pytest.raises(WrongConfiguration, match=why):
        world_of(content)


WRONG_TOML = """\
verison = 1

[[instance]]
ProjetName = "p"
JobName = "j"
Id = "7"

[[instance]] # right
ProjectName = "p"
JobName = "k"
Id = 8
Code = '''
[[instance]]
Id = "no key, but a text"
'''

[[instance]]
JobName = "k"
ProjectName = "p"
"actualState" = "RUNNING"
Id = 8
JobType = "FLINK"
StartTime = 2020-09-11
"""
EXPECTED = """\
the world {} has 7 mistakes:
  world:1: unknown key verison (did you mean version?); use version and [[instance]]
  world:4: instance 1 (?/j/7): an instance has no member ProjetName (did you mean ProjectName?)
  world:6: instance 1 (?/j/7): Instance.Id is the text "7"; the page says a Long
  world:17: instance 3 (p/k/8): p/k/8 is listed already, as instance 2
  world:20: instance 3 (p/k/8): an instance has no member actualState (did you mean ActualState?)
  world:22: instance 3 (p/k/8): Instance.JobType is "FLINK"; the page lists {}
  world:23: instance 3 (p/k/8): StartTime is a TOML date; write a time as a number, {}"""


def test_all_mistakes_are_reported_at_once(world_of, tmp_path):
    """Each mistake is reported with its line, in order, and with a suggestion if a name is near."""
    with pytest.raises(WrongConfiguration) as caught:
        world_of(WRONG_TOML)
    told = str(caught.value).splitlines()
    listed = ("FLINK_STREAM, FLINK_BATCH (did you mean FLINK_STREAM?)", "and other dates in quotes")
    assert EXPECTED.format(tmp_path / "world", *listed).splitlines() == told[:-1]
    assert "`docpact explain unknown-enum-value` and `docpact explain wrong-type` say" in told[-1]


@pytest.mark.parametrize(
    "text",
    [
        "\"it says ''' here\"",
        '\'it says """ here\'',
        r'"\"\"\"" # it says """',
        '"""one line"""',
        '"""\n[[instance]]\n\\""" goes on \'\'\' """',
        "'''\n\"\"\"\n'''",
    ],
)
def test_quotes_within_a_text_open_no_other(world_of, text):
    """Quotation marks within a text do not change the lines of later mistakes."""
    content = f"{TOML}Code = {text}\nColour = 1\n"
    with pytest.raises(WrongConfiguration) as caught:
        world_of(content)
    line = 1 + content.splitlines().index("Colour = 1")
    assert re.search(rf":{line}: .*Colour", str(caught.value))


def test_the_mistakes_of_a_json_world_have_lines_too(world_of):
    """The mistakes in a JSON world have the lines of their values."""
    text = json.dumps(
        {"version": 1, "instance": [INSTANCE, {**INSTANCE, "Id": 8.5, "Colour": "red"}]}, indent=1
    )
    with pytest.raises(WrongConfiguration) as caught:
        world_of(text)
    lines = text.splitlines()
    expected = {next(i for i, each in enumerate(lines, 1) if key in each) for key in ("8.5", "red")}
    found = {int(each.split(":")[1]) for each in caught.value.details}
    assert expected == found


def test_of_many_mistakes_the_first_are_listed(world_of):
    """Of many mistakes twenty are listed, with the number of the others."""
    with pytest.raises(WrongConfiguration, match="has 50 mistakes:") as caught:
        world_of({"instance": [of_instance(Id=f"x{n}")["instance"][0] for n in range(50)]})
    assert (21, "and 30 more") == (len(caught.value.details), caught.value.details[-1])


def test_three_lines_make_an_instance(tmp_path):
    """An instance of three names is completed to a valid one, the same one each time."""
    path = tmp_path / "world.toml"
    path.write_text('[[instance]]\nProjectName = "p"\nJobName = "j"\nId = 7\n')
    worlds = [world_named(str(path), CONTRACT, SCHEMAS) for _ in range(2)]
    instance = worlds[0].find(("p", "j", "7"))["Instance"]
    assert dict(worlds[0].everything()) == dict(worlds[1].everything())
    assert {*INSTANCE} == {*instance}
    assert "RUNNING" == instance["ActualState"]
    command = [sys.executable, "-m", "docpact", "test", "--pedantic", "--world", str(path)]
    command += ["--max-requests", "60", "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_the_world_of_the_readme_is_one(world_of, checkout):
    """The world in the README can be read."""
    text = (checkout / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(\[\[instance\]\].*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert ((("project1", "daily", "7"),), ()) == world_of(block).known()


NAMES = {"ProjectName": "p", "JobName": "j", "Id": 7}
VALIDATOR = instance_validator(Checker(CONTRACT, SCHEMAS))
SAMPLER = Sampler(response_model_for(CONTRACT, CONTRACT.success))


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), kept=st.sets(st.sampled_from(VALIDATOR.members)))
def test_what_is_filled_in_fits_what_is_there(seed, kept):
    """Any part of a valid instance is completed to a valid instance."""
    instance = SAMPLER.value(Random(seed))["Instance"] | NAMES
    part = {name: each for name, each in instance.items() if name in {*NAMES, *kept}}
    answer, mistakes = VALIDATOR.validate(part)
    assert [] == mistakes
    assert part.items() <= answer["Instance"].items()


def test_a_contradiction_is_not_tried_away():
    """A contradiction is reported quickly, however many members have listed values."""
    (instance,) = (each for each in CONTRACT.success.fields if each.name == "Instance")
    (state,) = (each for each in instance.fields if each.name == "ActualState")
    extra = tuple(replace(state, name=f"Extra{number}") for number in range(12))
    wide = replace(instance, fields=instance.fields + extra)
    fields = tuple(wide if each is instance else each for each in CONTRACT.success.fields)
    contract = replace(CONTRACT, success=replace(CONTRACT.success, fields=fields))
    given = {**NAMES, "ActualState": "RUNNING", "EndTime": 1599794336000}
    made = Completion(contract).completed({"Instance": given})["Instance"]
    assert given.items() <= made.items()
    assert {each.name for each in extra} <= made.keys()


def test_schema_and_reader_agree(world_of):
    """The reader accepts exactly the worlds that their schema accepts."""
    schema = jsonschema.Draft202012Validator(json.loads(WORLD_SCHEMA.read_text()))
    worlds = [
        {"instance": [NAMES]},
        {"version": 1, "$schema": "x", "instance": [NAMES]},
        {"version": 2, "instance": [NAMES]},
        {"instance": []},
        {"instance": [{**NAMES, "Colour": "red"}]},
        {"instance": [{**NAMES, "ActualState": "DONE"}]},
        {"colour": "red", "instance": [NAMES]},
        *({"instance": [{n: v for n, v in INSTANCE.items() if n != name}]} for name in INSTANCE),
    ]
    for each in worlds:
        assert schema.is_valid(each) == _is_read(world_of, each), each


def _is_read(world_of, content):
    try:
        world_of(content)
    except WrongConfiguration:
        return False
    return True


def test_a_broken_instance_comes_with_the_next_step(world_of):
    """An invalid instance is refused with the command that explains the rule, and with --fault."""
    with pytest.raises(WrongConfiguration) as caught:
        world_of(of_instance(Id="7"))
    assert "`docpact explain wrong-type`" in caught.value.hint
    assert "--fault" in caught.value.hint


def test_a_world_that_is_nested_too_deeply_is_refused(world_of):
    """A deeply nested world is refused without a crash."""
    inner = {"a": "b"}
    for _ in range(600):
        inner = {"a": inner}
    with pytest.raises(WrongConfiguration):
        world_of(of_instance(Code=inner))


@pytest.mark.parametrize("name", ["any:", "any:x", "any:-1", "any:1.5", "any:²"])
def test_a_seed_is_a_whole_number(name):
    """A seed must be a whole number."""
    with pytest.raises(WrongConfiguration, match="as in any:7"):
        world_named(name, CONTRACT, SCHEMAS)


def test_a_file_that_is_not_there_is_named(tmp_path):
    """A missing file is reported with what can be given instead."""
    with pytest.raises(DocpactError, match="nothing-here cannot be read: No such file") as caught:
        world_named(str(tmp_path / "nothing-here"), CONTRACT, SCHEMAS)
    assert "`any`" in caught.value.hint


def test_a_folder_is_no_world(tmp_path):
    """A folder is refused like a file that cannot be read."""
    with pytest.raises(DocpactError, match="cannot be read: Is a directory"):
        world_named(str(tmp_path), CONTRACT, SCHEMAS)


def test_a_file_may_be_called_any(tmp_path, monkeypatch):
    """A file called `any` is read as a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "any").write_text(TOML)
    assert ((("p", "j", "7"),), ()) == world_named("any", CONTRACT, SCHEMAS).known()
