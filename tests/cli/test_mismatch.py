"""What came and the contract are of two operations: the command line makes it plain."""

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
    """The job could not be done: no answer was judged, and none is clean by that."""
    outcome = docpact("validate", "--contract", queues, CAPTURES / name)
    assert FAILED == outcome.code
    assert "ListQueues (GET /v1/stores/{storeId}/queues)" in outcome.err
    assert "; --contract FILE judges by another contract" in outcome.err
    assert "in folders, files are read" not in outcome.err


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (1, "the call does not ask for GetInstance (GET /api/v2/"),
        (3, "none of the 3 calls asks for GetInstance (GET /api/v2/"),
    ],
)
def test_calls_of_another_operation_are_nothing_for_getinstance(docpact, tmp_path, amount, told):
    """Nor the other way round; --all names them."""
    outcome = docpact("validate", archive(tmp_path, *[QUEUES] * amount), "--all")
    assert FAILED == outcome.code
    assert f"docpact: nothing was judged: {told}" in outcome.err
    assert amount == outcome.err.count(f" GET {QUEUES}\n")


def test_one_answer_of_the_operation_is_enough(docpact, queues, tmp_path):
    """Then the others are counted and no matter."""
    path = archive(tmp_path, "/v1/other", QUEUES, "/v1/other")
    outcome = docpact("validate", "--contract", queues, path)
    assert CLEAN == outcome.code, outcome.out
    assert "2 calls of other operations" in outcome.err
    assert "nothing was judged" not in outcome.err


def test_calls_without_an_answer_are_told_apart(docpact, tmp_path):
    """Another contract would not help them."""
    path = archive(tmp_path, *["/api/v2/projects/project1/jobs/job1/instances/123"] * 2)
    document = json.loads(path.read_text())
    for each in document["log"]["entries"]:
        each["response"] = {"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"}
    path.write_text(json.dumps(document))
    outcome = docpact("validate", path)
    assert FAILED == outcome.code
    why = "none of the 2 calls has an answer that can be read; --all tells why"
    assert f"docpact: nothing was judged: {why}\n" in outcome.err
    assert "--contract" not in outcome.err


def test_each_reason_why_nothing_was_judged_has_its_own_way_out(docpact, tmp_path):
    """Where there are both."""
    path = archive(tmp_path, QUEUES, QUEUES)
    document = json.loads(path.read_text())
    document["log"]["entries"][0]["response"] = {"status": 0}
    path.write_text(json.dumps(document))
    outcome = docpact("validate", path)
    assert FAILED == outcome.code
    assert "1 call does not ask for GetInstance" in outcome.err
    assert "judges by another contract; 1 call has no answer that can be read" in outcome.err


def test_lines_without_a_body_are_told_the_way_to_it(docpact, tmp_path):
    """It stands elsewhere in that log."""
    path = tmp_path / "gateway.ndjson"
    path.write_text('{"request": {"path": "/"}, "status": 200, "answer": "{}"}\n' * 2)
    outcome = docpact("validate", path, "--field", "body=payload")
    assert FAILED == outcome.code
    assert "--field body=PATH says where the lines of a log have their bodies" in outcome.err
    assert "--all tells why" not in outcome.err


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_body_of_another_operation_is_suspected(docpact, tmp_path, form):
    """It is judged, for nothing says what it is; where that may come from is told beside it."""
    answer = ANSWERS[form]
    path = tmp_path / f"answer.{form}"
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    outcome = docpact("validate", path)
    assert FINDINGS == outcome.code
    root = " (ListQueuesResponse)" if form == "xml" else ""
    told = f"docpact: perhaps the answer is of another operation{root} than GetInstance; --contract"
    assert told in outcome.err


def test_bodies_of_getinstance_are_suspected_by_another_contract(docpact, queues, valid):
    """Of many, those that report a failure look alike for all operations."""
    outcome = docpact("validate", "--contract", queues, valid)
    assert FINDINGS == outcome.code
    assert "answers are of another operation (GetInstanceResponse) than ListQueues" in outcome.err


@pytest.mark.parametrize(("name", "count"), [("gateway.log", 1), ("traffic", 2)])
def test_records_of_an_unknown_log_are_suspected(docpact, tmp_path, name, count):
    """Each is judged as if it were the answer that stands somewhere in it."""
    record = {"req": {"path": "/"}, "res": {"status": 200, "payload": "{}"}}
    path = tmp_path / name
    path.write_text(f"{json.dumps(record)}\n" * count)
    outcome = docpact("validate", path, "--from", "ndjson")
    assert FINDINGS == outcome.code
    told = "if each line is a record of a log, --field body=PATH says where its answer stands"
    assert told in outcome.err
    alone = tmp_path / "answer.json"
    alone.write_text(json.dumps(record))
    assert "--field" not in docpact("validate", alone).err


def test_what_is_broken_is_not_suspected(docpact, broken, valid):
    """A right answer, a broken one, or one of which is said what it is about."""
    for path in (valid, broken):
        assert "perhaps" not in docpact("validate", path).err
    body = json.dumps(ANSWERS["json"]).encode()
    outcome = docpact("validate", "-", "--request", "project1/job1/123", stdin=body)
    assert "perhaps" not in outcome.err
