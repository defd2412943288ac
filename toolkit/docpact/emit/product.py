"""Write all operations of a product as one OpenAPI 3.1 document."""

from collections.abc import Iterable, Iterator, Sequence

import yaml

from docpact.contract import Contract
from docpact.contract.path_template import PathTemplate
from docpact.emit.json_schema import DIALECT, Schema
from docpact.emit.openapi import FAILURE, SECURITY_SCHEMES, operation_of, schemas_of

FILE_NAME = "product.openapi.yaml"


def product_openapi(contracts: Sequence[Contract], title: str) -> str:
    """The document as YAML; an operation whose page shows no method and path is left out.

    So is one that another one stands in the way of, as `clashes` tells. A failure that all
    operations share is one schema; of different ones each has its own.
    """
    hidden = {id(left_out) for _, left_out in clashes(contracts)}
    shown = [each for each in _with_path(contracts) if id(each) not in hidden]
    failures = [each.failure for each in shown if each.failure is not None]
    is_shared = all(each.fields == failures[0].fields for each in failures)
    paths: dict[str, Schema] = {}
    schemas: Schema = {}
    for each in shown:
        failure = FAILURE if is_shared else f"{each.operation.name}{FAILURE}"
        schemas |= schemas_of(each, failure)
        methods = paths.setdefault(each.operation.path, {})
        methods[each.operation.method.lower()] = operation_of(each, failure)
    document = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": title,
            "version": _version(shown),
            "description": f"Compiled from {len(shown)} reference pages.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": SECURITY_SCHEMES,
        },
        "security": [{"signature": []}, {}],
    }
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def clashes(contracts: Iterable[Contract]) -> Iterator[tuple[Contract, Contract]]:
    """Operations of one method and path: the first by name, and one for which there is no room.

    OpenAPI tells operations apart by nothing else: neither by the query, nor by the names of a
    path's parameters.
    """
    first: dict[tuple[str, str], Contract] = {}
    for each in _with_path(contracts):
        place = (each.operation.method, PathTemplate.parse(each.operation.path).shape)
        taken = first.setdefault(place, each)
        if taken is not each:
            yield taken, each


def _with_path(contracts: Iterable[Contract]) -> list[Contract]:
    found = (each for each in contracts if each.operation.path)
    return sorted(found, key=lambda each: each.operation.name)


class _Plain(yaml.SafeDumper):
    """Writes everything out: anchors would tie operations together that only look alike."""

    def ignore_aliases(self, _data: object) -> bool:
        """Whether a value is written again where it comes again."""
        return True


def _version(contracts: Iterable[Contract]) -> str:
    """The version of the API: the latest that a page names."""
    return max((each.operation.version for each in contracts), default="") or "unknown"
