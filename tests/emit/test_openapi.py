"""The emitted OpenAPI document is accepted by a validator and by a fuzzer."""

import json

import jsonschema
import openapi_spec_validator
import pytest
import schemathesis
import yaml

from docpact import emit
from docpact.core.errors import BrokenContract

PATH = "/api/v2/projects/{projectName}/jobs/{jobName}/instances/{instanceId}"
TABLE = "|Name|Type|Example|Description|\n|--|--|--|--|\n|Total|Long|1|How many |\n"
PARAMETERS = "|Name|Type|Required|Example|Description|\n|--|--|--|--|--|\n"


def page(parameters="", sample=""):
    """A small page with a path, a table of parameters and a sample answer."""
    return (
        "# Ask\n\n## Request syntax\n\n```\nGET /asks/[askId] HTTPS\n```\n\n"
        f"## Request parameters\n\n{PARAMETERS}{parameters}\n"
        f"## Response parameters\n\n{TABLE}\n## Examples\n\n"
        f"```\n{sample}\n```\n"
    )


@pytest.fixture(scope="module")
def operation(document):
    """The one operation of the document."""
    return document["paths"][PATH]["get"]


def test_the_document_is_openapi(document):
    """A validator that is not ours finds nothing wrong."""
    assert document["openapi"] == "3.1.0"
    openapi_spec_validator.validate(document)


def test_schemathesis_finds_the_operation(document):
    """A fuzzer can load it and sees one operation, at its path, with its parameters."""
    schema = schemathesis.openapi.from_dict(document)
    operations = [each.ok() for each in schema.get_all_operations()]
    assert [f"GET {PATH}"] == [each.label for each in operations]
    assert {(each.name, each.location.value) for each in operations[0].iter_parameters()} == {
        ("instanceId", "path"),
        ("jobName", "path"),
        ("projectName", "path"),
        ("x-acs-region-id", "header"),
        ("Format", "query"),
    }


def test_what_is_in_the_path_is_required(operation):
    """Parameters of the path are required, and the others as their rulings say."""
    required = {each["name"]: each["required"] for each in operation["parameters"]}
    assert required == {
        "instanceId": True,
        "jobName": True,
        "projectName": True,
        "x-acs-region-id": False,
        "Format": False,
    }


def test_parameters_have_types_and_values(operation):
    """An id is an int64, a format one of two with its default."""
    schemas = {each["name"]: each["schema"] for each in operation["parameters"]}
    assert schemas["instanceId"] == {"type": "integer", "format": "int64"}
    assert schemas["Format"] == {"type": "string", "enum": ["JSON", "XML"], "default": "XML"}


def test_examples_of_parameters_fit_their_types(operation):
    """What the page shows as an example is valid for the parameter."""
    for each in operation["parameters"]:
        jsonschema.validate(each["example"], each["schema"])


def test_success_and_failure_have_both_formats(operation):
    """2xx, 4xx and 5xx may each be JSON or XML, by either name of the latter."""
    assert set(operation["responses"]) == {"2XX", "4XX", "5XX"}
    for response in operation["responses"].values():
        assert set(response["content"]) == {"application/json", "application/xml", "text/xml"}


def test_examples_are_the_samples_of_the_page(operation, success):
    """The example of a success is the page's, and valid."""
    content = operation["responses"]["2XX"]["content"]
    assert [] == list(success.iter_errors(content["application/json"]["example"]))
    assert content["application/xml"]["example"].startswith("<?xml")
    assert "<GetInstanceResponse>" in content["application/xml"]["example"]


def test_component_schemas_are_the_json_schemas(document, files):
    """A tool that reads OpenAPI judges by the same schema as one that reads JSON Schema."""
    kept = json.loads(files["getinstance.schema.json"])
    found = document["components"]["schemas"]["GetInstanceResponse"]
    assert found["xml"] == {"name": "GetInstanceResponse"}
    assert {key: value for key, value in found.items() if key != "xml"} == {
        key: value for key, value in kept.items() if key not in {"$schema", "$id"}
    }


def test_the_signature_is_a_security_scheme(document):
    """Calls carry a signature in Authorization, and the document says so."""
    scheme = document["components"]["securitySchemes"]["signature"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert {"signature": []} in document["security"]


def test_a_contract_without_a_path_is_refused(contract, made):
    """OpenAPI has no place for an operation without method and path, and the error says so."""
    bare = made(f"# Ask\n\n## Response parameters\n\n{TABLE}")
    with pytest.raises(BrokenContract, match="no method and path"):
        emit.openapi(bare)
    assert emit.openapi(contract)


def test_an_example_that_is_no_number_is_left_out_or_kept_as_text(made):
    """A page may print a placeholder as the example of a Long; the document is made all the same.

    Whatever becomes of it, it must not stop the compiler.
    """
    contract = made(page("|askId|Long|Yes|your id|The id |\n", '{"Total": 1}'))
    document = yaml.safe_load(emit.openapi(contract))
    openapi_spec_validator.validate(document)
    parameter = document["paths"]["/asks/{askId}"]["get"]["parameters"][0]
    assert "example" not in parameter or parameter["example"] == "your id"


@pytest.mark.parametrize("sample", ['{"Total": 1,}', '{"Total": ...}', "{", "<Total>1</Tot>"])
def test_a_broken_sample_does_not_stop_the_compiler(made, sample):
    """Many pages of the family print samples with slips; the rest of the page still compiles."""
    contract = made(page("|askId|Long|Yes|1|The id |\n", sample))
    openapi_spec_validator.validate(yaml.safe_load(emit.openapi(contract)))


def test_a_sample_that_is_nested_too_deeply_does_not_stop_the_compiler(made):
    """A sample that is nested too deep for YAML is left out."""
    contract = made(
        page("|askId|Long|Yes|1|The id |\n", '{"Total": ' + "[" * 600 + "]" * 600 + "}")
    )
    assert "example" not in str(
        yaml.safe_load(emit.openapi(contract))["paths"]["/asks/{askId}"]["get"]["responses"]
    )


def test_a_page_without_rulings_makes_a_document_too(bare_contract):
    """The page without rulings gives a valid document, which has no failures."""
    document = yaml.safe_load(emit.openapi(bare_contract))
    openapi_spec_validator.validate(document)
    assert set(document["paths"][PATH]["get"]["responses"]) == {"2XX"}
