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


def test_what_is_broken_is_not_suspected(docpact, broken, valid):
    """A right answer, a broken one, or one of which is said what it is about."""
    for path in (valid, broken):
        assert "perhaps" not in docpact("validate", path).err
    body = json.dumps(ANSWERS["json"]).encode()
    outcome = docpact("validate", "-", "--request", "project1/job1/123", stdin=body)
    assert "perhaps" not in outcome.err
