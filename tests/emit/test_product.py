"""All operations of a product in one OpenAPI document."""

from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from docpact.contract.interpret import interpret
from docpact.emit import product_openapi
from docpact.page import read_file

PAGES = Path(__file__).parents[2] / "samples" / "pages"


@pytest.fixture(scope="module")
def product():
    """The document of our own small pages."""
    names = ("ListQueues", "GetStore", "CreateTag")
    contracts = [interpret(read_file(PAGES / f"{name}.md")) for name in names]
    return yaml.safe_load(product_openapi(contracts, "queues"))


def test_it_is_an_openapi_document(product):
    """The document of a product is valid by a validator that is not ours."""
    validate(product)


def test_every_operation_stands_under_its_path_and_method(product):
    """Paths are sorted, so the document does not depend on the order of the pages."""
    assert [
        ("/v1/queues/{queueId}/tags", ["post"]),
        ("/v1/stores/{storeId}", ["get"]),
        ("/v1/stores/{storeId}/queues", ["get"]),
    ] == [(path, list(methods)) for path, methods in product["paths"].items()]


def test_each_operation_has_its_own_schema(product):
    """Each answer has a schema that is named after its root."""
    expected = ["CreateTagResponse", "GetStoreResponse", "ListQueuesResponse"]
    assert expected == list(product["components"]["schemas"])


def test_a_body_is_one_object(product):
    """The members of a request body are the parameters that travel in it."""
    post = product["paths"]["/v1/queues/{queueId}/tags"]["post"]
    schema = post["requestBody"]["content"]["application/json"]["schema"]
    assert ["key", "value", "isPublic", "weight"] == list(schema["properties"])
    assert ["key"] == schema["required"]
    assert ["queueId", "RegionId"] == [each["name"] for each in post["parameters"]]
