"""The emitted JSON Schema says of an answer what docpact says, as far as JSON Schema can."""

import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest

from docpact.capture import CapturedFile, exchange_in
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.span import Severity

RESPONSES = Path(__file__).parents[2] / "samples" / "responses"

# What JSON Schema cannot see: it looks at a value that was decoded already, by exact names.
UNSEEN = {
    "json-duplicate-key": "the decoder kept one of the two",
    "not-an-integer": "1.0 and 1e3 are integers to JSON Schema",
    "wrong-encoding": "the decoder took UTF-16",
    "wrong-name-case": "an undocumented name beside a field that is only expected",
}
# What the schema refuses although docpact grades it lower, since a type has no grades.
STRICTER = {
    "unexpected-null": "null is no string; docpact only warns, also where a value is expected",
    "masked-value": "a masked Long is no integer; docpact only notes it",
}


def is_decodable(path: Path) -> bool:
    """Whether a decoder reads a sample at all."""
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


DECODABLE = [each for each in sorted(RESPONSES.glob("*/*.json")) if is_decodable(each)]


@pytest.fixture(scope="module")
def errors_in():
    """The rules by which docpact calls a body wrong, errors only."""
    checker = Checker(load_bundled(), load_bundled_schemas())

    def errors(body: bytes) -> set[str]:
        exchange = exchange_in(CapturedFile("body.json", body, is_capture=True))
        return {each.rule for each in checker.check(exchange) if each.severity is Severity.ERROR}

    return errors


@pytest.fixture(scope="module")
def running():
    """A body that is right."""
    return json.loads((RESPONSES / "valid" / "documented.json").read_bytes())


@pytest.mark.parametrize("name", ["getinstance.schema.json", "getinstance.error.schema.json"])
def test_schemas_are_valid_by_the_metaschema(files, name):
    """The emitted schemas are JSON Schemas of 2020-12, and say so."""
    schema = json.loads(files[name])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", ["documented.json", "sql-job.json", "stopped-batch-job.json"])
def test_successes_are_valid(success, responses, name):
    """The page's own sample and other right answers are valid by the schema."""
    assert [] == list(success.iter_errors(json.loads((responses / "valid" / name).read_bytes())))


def test_the_sample_in_the_contract_is_valid(success, contract):
    """The sample as the page prints it is valid by the schema made from the page."""
    samples = [json.loads(each.text) for each in contract.samples if each.media == "json"]
    assert len(samples) == 1
    assert [] == list(success.iter_errors(samples[0]))


def test_failures_are_valid_by_their_own_schema(failure, responses):
    """An error body has a schema of its own."""
    body = json.loads((responses / "valid" / "error.json").read_bytes())
    assert [] == list(failure.iter_errors(body))
    assert not failure.is_valid({"RequestId": "x"})


@pytest.mark.parametrize("path", DECODABLE, ids=lambda each: each.name)
def test_the_schema_and_docpact_agree(path, errors_in, success, failure):
    """A body is valid exactly if docpact finds no error in it; the exceptions are listed above."""
    value = json.loads(path.read_bytes())
    rule = path.name.partition(".")[0]
    is_failure = isinstance(value, dict) and "HostId" in value
    valid = (failure if is_failure else success).is_valid(value)
    if rule in UNSEEN:
        assert errors_in(path.read_bytes()) == {rule}
        assert valid, f"JSON Schema can see this after all; no longer true: {UNSEEN[rule]}"
    elif rule == "unexpected-null" or path.name == "masked.json":
        assert errors_in(path.read_bytes()) == set()
        assert not valid, f"no longer stricter than docpact: {STRICTER}"
    else:
        assert valid == (not errors_in(path.read_bytes()))


VALUES = ["", "x", "RUNNING", "SQL", "a.jar;b.jar", 0, -1, 10, 2**63 - 1, 2**63, -(2**63) - 1, 1.5]
VALUES += [True, False, [], {}, "a|b|c", "a|b", "application_1_2|" + 32 * "a"]


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
def test_they_agree_on_every_field_and_kind_of_value(value, errors_in, success, running):
    """Whatever value a field gets, schema and docpact call the same ones wrong."""
    disagreed = []
    for path, _ in load_bundled().success.walk():
        body = deepcopy(running)
        holder = body["Instance"] if len(path) > 1 else body
        holder[path[-1]] = value
        if success.is_valid(body) == bool(errors_in(json.dumps(body).encode())):
            disagreed.append(".".join(path))
    assert [] == disagreed


def test_they_agree_on_every_field_that_is_left_out(errors_in, success, running):
    """The schema and docpact require the same members."""
    for path, _ in load_bundled().success.walk():
        body = deepcopy(running)
        (body["Instance"] if len(path) > 1 else body).pop(path[-1], None)
        found = errors_in(json.dumps(body).encode())
        assert success.is_valid(body) == (not found), path


@pytest.mark.parametrize("state", ["WAITING", "RUNNING", "PAUSED", "TERMINATED", "FAILED"])
@pytest.mark.parametrize("end", [None, "", 1599794336000, "absent"])
def test_they_agree_on_the_end_of_a_job(state, end, errors_in, success, running):
    """The tie between ActualState and EndTime is an error in both or in neither."""
    body = deepcopy(running)
    body["Instance"]["ActualState"] = state
    if end != "absent":
        body["Instance"]["EndTime"] = end
    found = errors_in(json.dumps(body).encode())
    assert success.is_valid(body) == (not found)
    is_running = state in {"WAITING", "RUNNING"}
    assert (is_running and isinstance(end, int)) == bool(found)


@pytest.mark.parametrize("value", [None, "", {}])
@pytest.mark.parametrize("name", ["RequestId", "Instance"])
def test_what_must_be_there_must_hold_something(name, value, errors_in, success, running):
    """An empty text or structure is as good as none, to the schema and to docpact."""
    body = running | {name: value}
    assert errors_in(json.dumps(body).encode())
    assert not success.is_valid(body)


def test_what_must_be_there_has_a_least_size(files):
    """An optional text may be empty; only a required one may not."""
    schema = json.loads(files["getinstance.schema.json"])["properties"]
    assert (1, 1) == (schema["RequestId"]["minLength"], schema["Instance"]["minProperties"])
    assert not [
        name for name, each in schema["Instance"]["properties"].items() if "minLength" in each
    ]
    failure = json.loads(files["getinstance.error.schema.json"])["properties"]
    sizes = {name: each.get("minLength") for name, each in failure.items()}
    assert sizes == {"RequestId": 1, "HostId": 1, "Code": 1, "Message": 1, "Recommend": None}


@pytest.mark.parametrize(
    "name", ["Id", "ProjectName", "JobName", "ActualState", "ExpectState", "JobType", "ApiType"]
)
def test_a_null_where_a_value_is_expected_is_refused(name, errors_in, success, running):
    """The schema is stricter here than docpact, which warns: types have no grades."""
    body = deepcopy(running)
    body["Instance"][name] = None
    assert set() == errors_in(json.dumps(body).encode())
    assert not success.is_valid(body)


def test_a_long_has_64_bits(files):
    """Every Long says int64 and its bounds."""
    fields = json.loads(files["getinstance.schema.json"])["properties"]["Instance"]["properties"]
    assert {
        "type": "integer",
        "format": "int64",
        "minimum": -(2**63),
        "maximum": 2**63 - 1,
    }.items() <= fields["Id"].items()


def test_texts_that_hold_json_say_so(files):
    """A text that embeds a document has that document's media type."""
    fields = json.loads(files["getinstance.schema.json"])["properties"]["Instance"]["properties"]
    held = {name for name, each in fields.items() if "contentMediaType" in each}
    assert held == {"AutoScaleParams", "PlanJson"}


def test_every_field_has_its_page_line(files, contract):
    """A comment cites the line, and the description is the page's."""
    schema = json.loads(files["getinstance.schema.json"])
    for path, field in contract.success.walk():
        said = schema
        for step in path:
            said = said["properties"][step]
        assert said["$comment"].startswith(f"GetInstance.md:{field.origin.span.first}")
        assert said["description"] == field.description


def test_what_is_weaker_than_an_error_is_not_asserted(files):
    """A weaker constraint is beside the schema, where a plain validator ignores it."""
    schema = json.loads(files["getinstance.schema.json"])
    start = schema["properties"]["Instance"]["properties"]["StartTime"]
    assert start["minimum"] == -(2**63)
    assert [each["id"] for each in start["x-docpact-weaker"]] == ["times-in-milliseconds-1"]


def test_no_failure_no_schema(bare_contract):
    """Without rulings nothing is known of failures, so there is no schema of them."""
    from docpact import emit

    assert emit.failure_schema(bare_contract) is None
    assert "getinstance.error.schema.json" not in emit.files(bare_contract)
