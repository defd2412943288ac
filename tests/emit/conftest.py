"""What the tests of the emitters share: the compiled page and the schemas it makes."""

import json
from pathlib import Path

import jsonschema
import pytest
import xmlschema
import yaml
from lxml import etree

from docpact import emit
from docpact.contract import Contract
from docpact.contract.interpret import interpret
from docpact.contract.rulings import read_rulings
from docpact.page import read, read_file

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "samples" / "pages"


@pytest.fixture(scope="session")
def committed() -> Path:
    """The folder of compiled schemas that is kept in the repository."""
    return ROOT / "schemas"


@pytest.fixture(scope="session")
def responses() -> Path:
    """The folder of sample bodies."""
    return ROOT / "samples" / "responses"


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The page and its rulings, compiled."""
    rulings = read_rulings(PAGES / "GetInstance.rulings.toml")
    return interpret(read_file(PAGES / "GetInstance.md"), rulings)


@pytest.fixture(scope="session")
def bare_contract() -> Contract:
    """The page alone, compiled."""
    return interpret(read_file(PAGES / "GetInstance.md"))


@pytest.fixture(scope="session")
def files(contract) -> dict[str, str]:
    """Everything that is emitted, by file name."""
    return emit.files(contract)


@pytest.fixture(scope="session")
def success(files):
    """Validates a success by the emitted JSON Schema, with a library that is not ours."""
    return jsonschema.Draft202012Validator(json.loads(files["getinstance.schema.json"]))


@pytest.fixture(scope="session")
def failure(files):
    """Validates a failure by the emitted JSON Schema."""
    return jsonschema.Draft202012Validator(json.loads(files["getinstance.error.schema.json"]))


@pytest.fixture(scope="session", params=["lxml", "xmlschema"])
def accepts(request, files):
    """Says whether an element is valid by the emitted XML Schema, with either library."""
    text = files["getinstance.xsd"]
    if request.param == "lxml":
        return etree.XMLSchema(etree.fromstring(text.encode())).validate
    return xmlschema.XMLSchema10(text).is_valid


@pytest.fixture(scope="session")
def document(files):
    """The emitted OpenAPI document."""
    return yaml.safe_load(files["getinstance.openapi.yaml"])


@pytest.fixture
def made():
    """Interprets a page that a test writes out."""

    def interpreted(text: str) -> Contract:
        return interpret(read(text, "Made.md"))

    return interpreted
