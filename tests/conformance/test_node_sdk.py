"""The vendor's client for Node.js takes the mock for the real endpoint."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from docpact.mock import serve

PACKAGES = (
    "@alicloud/pop-core@1.8.0",
    "@types/node@20.19.43",
    "bignumber.js@9.3.1",
    "debug@3.2.7",
    "httpx@2.3.3",
    "json-bigint@1.0.0",
    "kitx@1.3.0",
    "ms@2.1.3",
    "sax@1.6.1",
    "undici-types@6.21.0",
    "xml2js@0.5.0",
    "xmlbuilder@11.0.1",
)
SCRIPT = Path(__file__).with_name("pop_core.js")
INSTANCE = "/api/v2/projects/{}/jobs/{}/instances/{}"
JOB1 = INSTANCE.format("project1", "job1", "123")
STOPPED = INSTANCE.format("project1", "stopped-job", "412570")
UNKNOWN = INSTANCE.format("project1", "job1", "999")
JSON, XML = "application/json", "text/xml"
KEY = {"key": "an-id", "secret": "a secret"}
MINUTES = 60.0


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """The folder in which the client is installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("there is no node or no npm on this machine")
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"private": true}')
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            [npm, "install", *quiet, *PACKAGES],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * MINUTES,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry does not answer")
    if done.returncode:
        pytest.skip(f"npm cannot install the client: {done.stderr[-300:]}")
    return folder


@pytest.fixture(scope="module")
def mock():
    """A mock that takes signed calls alone."""
    with serve(auth="required", keys={"an-id": "a secret"}) as served:
        yield served


@pytest.fixture
def call(installed, mock):
    """Makes one call and tells what came of it."""

    def called(path, accept=JSON, **given):
        asked = {"url": mock.url, "path": path, "accept": accept, "query": {}, **KEY, **given}
        done = subprocess.run(
            [shutil.which("node"), str(SCRIPT)],
            input=json.dumps([asked]),
            env={**os.environ, "NODE_PATH": str(installed / "node_modules")},
            capture_output=True,
            text=True,
            check=False,
            timeout=MINUTES,
        )
        assert not done.returncode, done.stderr
        (outcome,) = json.loads(done.stdout)
        return outcome

    return called


def test_json(call):
    """The SDK parses the JSON answer exactly, also its big numbers."""
    instance = call(JOB1)["answer"]["Instance"]
    assert ("project1", "job1", 123) == tuple(
        instance[name] for name in ("ProjectName", "JobName", "Id")
    )


def test_xml(call):
    """The SDK parses the XML answer, in which every element is a list to it."""
    (instance,) = call(JOB1, XML)["answer"]["GetInstanceResponse"]["Instance"]
    assert (["project1"], ["123"]) == (instance["ProjectName"], instance["Id"])


@pytest.mark.parametrize(
    ("path", "project"),
    [
        (INSTANCE.format("project1", "batch-job", "-1"), "project1"),
        (INSTANCE.format("data%20team", "word%20count", "3000000000"), "data team"),
        (
            INSTANCE.format(
                "%E9%A1%B9%E7%9B%AE%E4%B8%80", "%E5%AE%9E%E6%97%B6%E4%BD%9C%E4%B8%9A", "412580"
            ),
            "项目一",
        ),
        (INSTANCE.format("R%26D%2Fstreams", "a%2Bb", "412590"), "R&D/streams"),
    ],
)
def test_hard_names(call, path, project):
    """The SDK sends and signs an encoded path as it is given."""
    assert project == call(path)["answer"]["Instance"]["ProjectName"]


def test_a_query_is_signed(call):
    """The SDK signs the query as it was before encoding."""
    query = {"RegionId": "cn hangzhou+/&=实", "Format": "XML", "Empty": ""}
    assert "GetInstanceResponse" in call(JOB1, JSON, query=query)["answer"]


@pytest.mark.parametrize(
    ("path", "options", "status", "code"),
    [
        (STOPPED, {}, 409, "JobNotRunning"),
        (UNKNOWN, {}, 404, "instanceId.NotFound"),
        (JOB1, {"secret": "another"}, 400, "SignatureDoesNotMatch"),
        (JOB1, {"key": "nobody"}, 404, "InvalidAccessKeyId.NotFound"),
    ],
)
def test_refusals(call, path, options, status, code):
    """A refusal becomes the SDK's error, with its code."""
    error = call(path, JSON, **options)["error"]
    assert (status, code) == (error["status"], error["code"])
    error = call(path, XML, **options)["error"]
    assert code == error["code"]
    assert "hostid: mock.docpact, requestid: " in error["message"]
