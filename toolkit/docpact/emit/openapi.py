"""Write one contract, or all contracts of a product, as an OpenAPI 3.1 document."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from docpact.contract import (
    KINDS,
    WHOLE_NUMBERS,
    Contract,
    Kind,
    Media,
    Operation,
    Parameter,
    Place,
    Sample,
)
from docpact.contract.model import is_too_deep
from docpact.contract.path_template import PathTemplate
from docpact.core.errors import BrokenContract
from docpact.emit.json_schema import DIALECT, Schema, failure_schema, success_schema

# The vendor's servers label XML as text, others as application.
_MEDIA_TYPES = (
    (Media.JSON, "application/json"),
    (Media.XML, "application/xml"),
    (Media.XML, "text/xml"),
)
PRODUCT_FILE = "product.openapi.yaml"
_FAILURE = "Failure"
_SECURITY_SCHEMES: Schema = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "acs <AccessKeyId>:<signature>, with the vendor's ROA signature.",
    }
}


def openapi(contract: Contract) -> str:
    """The document of one operation, as YAML.

    Raises BrokenContract if the page shows no method and path: OpenAPI has no place for that.
    """
    operation = contract.operation
    if not operation.path:
        raise BrokenContract(
            f"{contract.page} shows no method and path, so there is no OpenAPI document",
            span=operation.origin.span,
        )
    document = _document(
        {
            "title": operation.name,
            "version": operation.version or "unknown",
            "description": f"Compiled from the reference page {contract.page}.",
        },
        {operation.path: {operation.method.lower(): _operation(contract)}},
        _schemas(contract),
    )
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def product_openapi(contracts: Sequence[Contract], title: str) -> str:
    """The document of all operations, as YAML.

    An operation is left out if its page shows no method and path, or if another one has both, as
    `clashes` says. A failure that all operations share is one schema; of different ones each has
    its own.
    """
    hidden = {id(left_out) for _, left_out in clashes(contracts)}
    included = [each for each in _with_path(contracts) if id(each) not in hidden]
    failures = [each.failure for each in included if each.failure is not None]
    is_shared = all(each.fields == failures[0].fields for each in failures)
    paths: dict[str, Schema] = {}
    schemas: Schema = {}
    for each in included:
        failure = _FAILURE if is_shared else f"{each.operation.name}{_FAILURE}"
        schemas |= _schemas(each, failure)
        methods = paths.setdefault(each.operation.path, {})
        methods[each.operation.method.lower()] = _operation(each, failure)
    latest = max((each.operation.version for each in included), default="")
    info: Schema = {
        "title": title,
        "version": latest or "unknown",
        "description": f"Compiled from {len(included)} reference pages.",
    }
    document = _document(info, dict(sorted(paths.items())), dict(sorted(schemas.items())))
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def clashes(contracts: Iterable[Contract]) -> Iterator[tuple[Contract, Contract]]:
    """Pairs of operations with one method and path: the first by name, and one that is left out.

    OpenAPI distinguishes operations by nothing else: neither by the query, nor by the names in a
    path template.
    """
    first: dict[tuple[str, str], Contract] = {}
    for each in _with_path(contracts):
        key = (each.operation.method, PathTemplate.parse(each.operation.path).shape)
        taken = first.setdefault(key, each)
        if taken is not each:
            yield taken, each


def _with_path(contracts: Iterable[Contract]) -> list[Contract]:
    found = (each for each in contracts if each.operation.path)
    return sorted(found, key=lambda each: each.operation.name)


class _Plain(yaml.SafeDumper):
    """Writes everything out: anchors would tie operations together that only look alike."""

    def ignore_aliases(self, _data: object) -> bool:
        """Whether a value that comes again is written again."""
        return True


def _document(info: Schema, paths: Mapping[str, Schema], schemas: Schema) -> Schema:
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": info,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SECURITY_SCHEMES},
        "security": [{"signature": []}, {}],
    }


def _operation(contract: Contract, failure: str = _FAILURE) -> Schema:
    """The operation as it stands under its path and method; `failure` names that schema."""
    operation = contract.operation
    responses: Schema = {
        "2XX": {"description": "Success.", "content": _content(contract.success.root, contract)}
    }
    if contract.failure:
        failed = {"description": "Failure.", "content": _content(failure, None)}
        responses |= {"4XX": failed, "5XX": failed.copy()}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            _parameter(each) for each in operation.parameters if each.place is not Place.BODY
        ],
        **_body(operation),
        "responses": responses,
    }


def _body(operation: Operation) -> Schema:
    """What travels in the body, as one JSON object."""
    members = [each for each in operation.parameters if each.place is Place.BODY]
    if not members:
        return {}
    schema: Schema = {"type": "object"}
    required = [each.wire_name for each in members if each.required]
    if required:
        schema["required"] = required
    schema["properties"] = {
        each.wire_name: {"description": each.description, **_parameter_schema(each)}
        for each in members
    }
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def _parameter(parameter: Parameter) -> Schema:
    in_path = parameter.place is Place.PATH
    said: Schema = {
        "name": parameter.wire_name,
        "in": parameter.place.value,
        "required": in_path or parameter.required,
        "schema": _parameter_schema(parameter),
    }
    if parameter.description:
        said["description"] = parameter.description
    if parameter.example:
        said["example"] = _parameter_example(parameter)
    return said


def _parameter_example(parameter: Parameter) -> str | int:
    is_number = parameter.kind in WHOLE_NUMBERS and re.fullmatch(
        r"-?[0-9]{1,19}", parameter.example
    )
    return int(parameter.example) if is_number else parameter.example


def _parameter_schema(parameter: Parameter) -> Schema:
    kind = KINDS[parameter.kind]
    if parameter.kind not in {Kind.STRING, Kind.ANY}:
        return {"type": kind.json_type, **({"format": kind.format} if kind.format else {})}
    schema: Schema = {"type": "string"}
    if parameter.place is Place.PATH:
        schema["minLength"] = 1
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def _content(name: str, contract: Contract | None) -> Schema:
    """Both media types with one schema, and the page's samples where it prints them."""
    content: Schema = {}
    for media, media_type in _MEDIA_TYPES:
        entry: Schema = {"schema": {"$ref": f"#/components/schemas/{name}"}}
        for sample in contract.samples if contract else ():
            if sample.media is media:
                entry |= _example(sample)
        content[media_type] = entry
    return content


def _example(sample: Sample) -> Schema:
    """The sample, unless it is JSON that nobody can read, or too deep to be written as YAML."""
    if sample.media is Media.XML:
        return {"example": sample.text}
    try:
        example = json.loads(sample.text)
    except (ValueError, RecursionError):
        return {}
    return {} if is_too_deep(example) else {"example": example}


def _schemas(contract: Contract, failure_name: str = _FAILURE) -> Schema:
    """The schemas that an operation refers to."""
    success = _embedded(success_schema(contract), contract.success.root)
    schemas: Schema = {contract.success.root: success}
    failure = failure_schema(contract)
    if failure is not None and contract.failure is not None:
        schemas[failure_name] = _embedded(failure, contract.failure.root)
    return schemas


def _embedded(schema: Schema, root: str) -> Schema:
    """A schema document as a part of another, where it needs no dialect and no id of its own."""
    rest = {key: value for key, value in schema.items() if key not in {"$schema", "$id"}}
    return {**rest, "xml": {"name": root}}
