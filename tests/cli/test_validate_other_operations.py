"""`docpact validate` says so when the answers are of another operation than the contract."""

import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
CAPTURES = SAMPLES / "captures" / "clean"
CLEAN, FINDINGS, FAILED = 0, 1, 3
QUEUES = "/v1/stores/store-1/queues"
ANSWERS = {
    "json": {
        "Queues": {"Queue": []},
        "RequestId": "5A1E0C0E-64F4-4BE1-9B7C-4C3A2E1D0F01",
        "PageIndex": 1,
    },
    "xml": "<ListQueuesResponse><RequestId>5A1E0C0E-64F4-4BE1-9B7C-4C3A2E1D0F01</RequestId>"
    "<PageIndex>1</PageIndex></ListQueuesResponse>",
}


@pytest.fixture
def queues(docpact, tmp_path):
    """The compiled contract of ListQueues."""
    outcome = docpact("compile", SAMPLES / "pages" / "ListQueues.md", "-o", "queues")
    assert CLEAN == outcome.code
    return tmp_path / "queues" / "listqueues.contract.json"


def archive(folder, *targets):
    """An archive of calls for these targets, each with an answer of ListQueues."""
    entries = [
        {
            "request": {"method": "GET", "url": f"http://127.0.0.1{target}", "headers": []},
            "response": {
                "status": 200,
                "headers": [],
                "content": {"text": json.dumps(ANSWERS["json"])},
            },
        }
        for target in targets
    ]
    path = folder / "calls.har"
    path.write_text(json.dumps({"log": {"entries": entries}}))
    return path


@pytest.mark.parametrize("name", ["docpact.har", "vcrpy.yaml", "schemathesis.har"])
def test_calls_of_getinstance_alone_are_nothing_for_another_contract(docpact, queues, name):
    """A run that judged no answer has failed, and reports none as clean."""
    outcome = docpact("validate", "--contract", queues, CAPTURES / name)
    assert FAILED == outcome.code
    assert "ListQueues (GET /v1/stores/{storeId}/queues)" in outcome.err
    assert "; --contract FILE chooses another contract" in outcome.err
    assert "in folders, files are read" not in outcome.err


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (1, "1 call of another operation than GetInstance (GET /api/v2/"),
        (3, "3 calls of another operation than GetInstance (GET /api/v2/"),
    ],
)
def test_calls_of_another_operation_are_nothing_for_getinstance(docpact, tmp_path, amount, told):
    """A run over calls of another operation fails and says so; --all lists the calls."""
    outcome = docpact("validate", archive(tmp_path, *[QUEUES] * amount), "--all")
    assert FAILED == outcome.code
    assert f"docpact: nothing was judged: {told}" in outcome.err
    assert amount == outcome.err.count(f" GET {QUEUES}\n")


def test_one_answer_of_the_operation_is_enough(docpact, queues, tmp_path):
    """If one answer is judged, calls of other operations are counted and do not fail the run."""
    path = archive(tmp_path, "/v1/other", QUEUES, "/v1/other")
    outcome = docpact("validate", "--contract", queues, path)
    assert CLEAN == outcome.code, outcome.out
    assert "2 calls skipped: other operation or no readable body" in outcome.err
    assert "nothing was judged" not in outcome.err


def test_calls_without_an_answer_are_told_apart(docpact, tmp_path):
    """For calls without an answer, the message does not propose another contract."""
    path = archive(tmp_path, *["/api/v2/projects/project1/jobs/job1/instances/123"] * 2)
    document = json.loads(path.read_text())
    for each in document["log"]["entries"]:
        each["response"] = {"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"}
    path.write_text(json.dumps(document))
    outcome = docpact("validate", path)
    assert FAILED == outcome.code
    why = "2 calls without a readable answer; --all lists the reasons"
    assert f"docpact: nothing was judged: {why}\n" in outcome.err
    assert "--contract" not in outcome.err


def test_each_reason_why_nothing_was_judged_has_its_own_way_out(docpact, tmp_path):
    """Calls of another operation and calls without an answer each have their own next step."""
    path = archive(tmp_path, QUEUES, QUEUES)
    document = json.loads(path.read_text())
    document["log"]["entries"][0]["response"] = {"status": 0}
    path.write_text(json.dumps(document))
    outcome = docpact("validate", path)
    assert FAILED == outcome.code
    assert "1 call of another operation than GetInstance" in outcome.err
    assert "chooses another contract; 1 call without a readable answer" in outcome.err


def test_lines_without_a_body_are_told_the_way_to_it(docpact, tmp_path):
    """If no line of a log has a body, the message names the option that says where it is."""
    path = tmp_path / "gateway.ndjson"
    path.write_text('{"request": {"path": "/"}, "status": 200, "answer": "{}"}\n' * 2)
    outcome = docpact("validate", path, "--field", "body=payload")
    assert FAILED == outcome.code
    assert "--field body=PATH names where the lines of a log have their bodies" in outcome.err
    assert "--all lists the reasons" not in outcome.err


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_body_of_another_operation_is_suspected(docpact, tmp_path, form):
    """A body alone is judged, and a message says that it may be of another operation."""
    answer = ANSWERS[form]
    path = tmp_path / f"answer.{form}"
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    outcome = docpact("validate", path)
    assert FINDINGS == outcome.code
    root = " (ListQueuesResponse)" if form == "xml" else ""
    told = f"docpact: the answer may be of another operation{root} than GetInstance; --contract"
    assert told in outcome.err


def test_bodies_of_getinstance_are_suspected_by_another_contract(docpact, queues, valid):
    """The suspicion counts success answers, since error answers look alike for all operations."""
    outcome = docpact("validate", "--contract", queues, valid)
    assert FINDINGS == outcome.code
    assert (
        "answers may be of another operation (GetInstanceResponse) than ListQueues" in outcome.err
    )


@pytest.mark.parametrize(("name", "count"), [("gateway.log", 1), ("traffic", 2)])
def test_records_of_an_unknown_log_are_suspected(docpact, tmp_path, name, count):
    """For records of a log that were judged as answers, the message proposes --field."""
    record = {"req": {"path": "/"}, "res": {"status": 200, "payload": "{}"}}
    path = tmp_path / name
    path.write_text(f"{json.dumps(record)}\n" * count)
    outcome = docpact("validate", path, "--from", "ndjson")
    assert FINDINGS == outcome.code
    told = "if each line is a record of a log, --field body=PATH names where its answer is"
    assert told in outcome.err
    alone = tmp_path / "answer.json"
    alone.write_text(json.dumps(record))
    assert "--field" not in docpact("validate", alone).err


def test_what_is_broken_is_not_suspected(docpact, broken, valid):
    """No suspicion is raised for valid answers, broken ones, or with --request."""
    for path in (valid, broken):
        assert "may be of another operation" not in docpact("validate", path).err
    body = json.dumps(ANSWERS["json"]).encode()
    outcome = docpact("validate", "-", "--request", "project1/job1/123", stdin=body)
    assert "may be of another operation" not in outcome.err
