"""A compiled contract is kept as JSON and comes back the same, or not at all."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from docpact.contract import load, load_bundled, load_bundled_schemas
from docpact.contract.store import bundled_folder, contract_schema, dumps, loads
from docpact.core.errors import BrokenContract

SCHEMAS = Path(__file__).parents[2] / "schemas"


def test_a_contract_comes_back_as_it_was(contract):
    """Writing and reading lose nothing: fields, origins, constraints, rulings, doubts."""
    assert contract == loads(dumps(contract))


def test_a_contract_without_rulings_comes_back_too(bare_contract):
    """A contract without a failure is written and read back the same."""
    assert bare_contract == loads(dumps(bare_contract))


def test_the_same_contract_is_the_same_text(contract):
    """The text depends on the contract alone."""
    text = dumps(contract)
    assert text == dumps(loads(text))
    assert text.startswith('{\n  "page": "GetInstance.md",\n  "operation": {\n    "name"')
    assert text.endswith("}\n")


def test_the_shipped_contract_is_the_compiled_page(contract):
    """What ships is what the page and the rulings say today."""
    assert contract == load_bundled()


def test_the_shipped_schemas_are_found_in_a_checkout():
    """The three schemas are read from the folder at the top of the checkout."""
    found = load_bundled_schemas()
    assert bundled_folder() == SCHEMAS
    assert found.success == (SCHEMAS / "getinstance.schema.json").read_text("utf-8")
    assert found.failure == (SCHEMAS / "getinstance.error.schema.json").read_text("utf-8")
    assert found.xsd == (SCHEMAS / "getinstance.xsd").read_text("utf-8")


def test_a_contract_may_ship_without_a_schema_of_failures(tmp_path, monkeypatch):
    """A page without a ruling on failures has no schema of failures."""
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    (tmp_path / "schemas" / "getinstance.error.schema.json").unlink()
    monkeypatch.setattr("docpact.contract.store.bundled_folder", lambda: tmp_path / "schemas")
    assert load_bundled_schemas().failure is None


def test_the_committed_contract_fits_the_schema_of_contracts():
    """A stored contract is itself described by a JSON Schema."""
    text = contract_schema()
    assert text.startswith('{\n  "$schema": "')
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator.META_SCHEMA["$id"] == schema["$schema"]
    assert "A contract compiled by docpact" == schema["title"]
    stored = json.loads((SCHEMAS / "getinstance.contract.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(stored)


def test_the_schema_of_contracts_refuses_what_is_none():
    """The schema of a stored contract refuses a contract that lacks a member."""
    validator = jsonschema.Draft202012Validator(json.loads(contract_schema()))
    assert not validator.is_valid({})
    assert not validator.is_valid({"page": "GetInstance.md"})


def test_another_version_is_refused_with_the_way_out(contract):
    """A contract of a later format version is refused."""
    stored = json.loads(dumps(contract)) | {"version": 2}
    with pytest.raises(BrokenContract) as refused:
        loads(json.dumps(stored), "later.json")
    assert "later.json has format version 2; this docpact reads 1" == refused.value.message
    assert "Compile it again with `docpact compile PAGE`." == refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"page": 1}',
        b"\xff\xfe",
        b'{"page": "\xff"}',
        "[" * 100_000,
        '{"x": ' * 100_000,
    ],
    ids=[
        "empty",
        "cut",
        "array",
        "null",
        "nothing-in-it",
        "wrong-type",
        "no-text",
        "not-utf-8",
        "deep-array",
        "deep-object",
    ],
)
def test_what_is_no_contract_is_refused_with_the_way_out(text):
    """Broken JSON and wrong shapes end in one sentence and a next step."""
    with pytest.raises(BrokenContract) as refused:
        loads(text, "some.json")
    assert refused.value.message.startswith("some.json is not a compiled contract: ")
    assert "Compile it again with `docpact compile PAGE`." == refused.value.hint


def test_a_stored_pattern_that_is_no_regular_expression_is_refused(contract):
    """A contract that was edited by hand fails when it is read, not at some capture."""
    stored = json.loads(dumps(contract))
    stored["constraints"]["patterns"][0]["pattern"] = "("
    with pytest.raises(BrokenContract, match=r"^contract is not a compiled contract: "):
        loads(json.dumps(stored))


def test_a_missing_file_is_refused(tmp_path):
    """A missing file is reported in one sentence."""
    with pytest.raises(BrokenContract, match="cannot be read"):
        load(tmp_path / "none.json")


def test_a_file_that_is_no_contract_is_named(tmp_path):
    """The message names the file, since there may be several."""
    file = tmp_path / "mine.json"
    file.write_text("{}")
    with pytest.raises(BrokenContract, match=r"^mine\.json is not a compiled contract"):
        load(file)


def test_a_folder_is_refused(tmp_path):
    """A folder in place of a file is reported in one sentence."""
    with pytest.raises(BrokenContract, match="cannot be read"):
        load(tmp_path)
