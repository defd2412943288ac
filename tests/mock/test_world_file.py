"""Worlds are read from TOML and JSON, and every mistake in one is named."""

import json

import pytest

from docpact.contract import load_bundled, load_bundled_schemas
from docpact.errors import DocpactError, WrongConfiguration
from docpact.mock import world_named

CONTRACT = load_bundled()
SCHEMAS = load_bundled_schemas()
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
        "\n " + json.dumps({"version": 1, "instance": [INSTANCE]}),
        b"\xef\xbb\xbf" + json.dumps({"version": 1, "instance": [INSTANCE]}).encode(),
    ],
    ids=["toml", "crlf", "toml-bom", "json", "schema", "blanks", "json-bom"],
)
def test_a_world_is_read(world_of, content):
    """Whichever the format is, and whatever an editor does at the beginning and the ends."""
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
        (of_instance(ActualState="DONE"), r"instance 1 \(p/j/7\): .*ActualState"),
        (of_instance(EndTime=1), r"instance 1 \(p/j/7\): .*EndTime"),
        (of_instance(ActualState="TERMINATED"), r"instance 1 \(p/j/7\): .*EndTime"),
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
        (of_instance(without="JobName"), r"instance 1 \(p/None/7\): "),
        (of_instance(without="Id"), r"instance 1 \(p/j/None\): "),
        ({"version": 1, "instance": [INSTANCE, INSTANCE]}, "p/j/7 is in the world already"),
        ({"version": 1, "instance": [INSTANCE, 7]}, "instance 2 is no table"),
        ({"version": 1, "instance": INSTANCE}, "lists no instance"),
        ({"version": 1, "instance": []}, "lists no instance"),
        ({"version": 1}, "lists no instance"),
        ({"instance": [INSTANCE]}, "must say version = 1"),
        ({"version": 2, "instance": [INSTANCE]}, "must say version = 1"),
        ({"version": 1, "instances": [INSTANCE]}, "unknown keys: instances"),
        ({"version": 1, "\x1b[2J": 1}, r"unknown keys: [^\x1b]*$"),
        ("", "must say version = 1"),
        ("[]", "neither TOML nor JSON|must say version = 1"),
        ("{", "neither TOML nor JSON"),
        ('{"version": 1, "version": 1}', "version stands twice"),
        ('{"a":' * 100_000, "neither TOML nor JSON"),
        (TOML + "Id = 8\n", "neither TOML nor JSON"),
        (TOML + "StartTime = 2020-09-11\n", r"instance 1"),
        (TOML + "InputDelay = nan\n", r"instance 1"),
        (TOML + "Code = 1\n", r"instance 1 \(p/j/7\): "),
        (b"\xff\xfe", "neither TOML nor JSON"),
    ],
    ids=lambda each: None if isinstance(each, str) else "",
)
def test_a_mistake_is_refused(world_of, content, why):
    """With the number and the name of the instance, where it is one's."""
    with pytest.raises(WrongConfiguration, match=why):
        world_of(content)


def test_a_broken_instance_comes_with_the_next_step(world_of):
    """What the rule means, and how to serve what is wrong on purpose."""
    with pytest.raises(WrongConfiguration) as caught:
        world_of(of_instance(Id="7"))
    assert "`docpact explain wrong-type`" in caught.value.hint
    assert "--fault" in caught.value.hint


def test_a_world_that_is_nested_too_deeply_is_refused(world_of):
    """However the reader survives it."""
    inner = {"a": "b"}
    for _ in range(600):
        inner = {"a": inner}
    with pytest.raises(WrongConfiguration):
        world_of(of_instance(Code=inner))


@pytest.mark.parametrize("name", ["any:", "any:x", "any:-1", "any:1.5", "any:²"])
def test_a_seed_is_a_whole_number(name):
    """Nothing else makes a world."""
    with pytest.raises(WrongConfiguration, match="try any:7"):
        world_named(name, CONTRACT, SCHEMAS)


def test_a_file_that_is_not_there_is_named(tmp_path):
    """With what could be named instead."""
    with pytest.raises(DocpactError, match="nothing-here cannot be read: No such file") as caught:
        world_named(str(tmp_path / "nothing-here"), CONTRACT, SCHEMAS)
    assert "`any`" in caught.value.hint


def test_a_folder_is_no_world(tmp_path):
    """It is refused like a file that cannot be read."""
    with pytest.raises(DocpactError, match="cannot be read: Is a directory"):
        world_named(str(tmp_path), CONTRACT, SCHEMAS)


def test_a_file_may_be_called_any(tmp_path, monkeypatch):
    """What is there comes before what a word means."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "any").write_text(TOML)
    assert ((("p", "j", "7"),), ()) == world_named("any", CONTRACT, SCHEMAS).known()
