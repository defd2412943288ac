"""Write all operations of a product as one OpenAPI 3.1 document."""

from collections.abc import Iterable, Sequence

import yaml

from docpact.contract import Contract
from docpact.emit.json_schema import DIALECT, Schema
from docpact.emit.openapi import FAILURE, SECURITY_SCHEMES, operation_of, schemas_of

FILE_NAME = "product.openapi.yaml"


def product_openapi(contracts: Sequence[Contract], title: str) -> str:
    """The document as YAML; an operation whose page shows no method and path is left out.

    A failure that all operations share is one schema; of different ones each has its own.
    """
    shown = sorted(
        (each for each in contracts if each.operation.path), key=lambda each: each.operation.name
    )
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


class _Plain(yaml.SafeDumper):
    """Writes everything out: anchors would tie operations together that only look alike."""

    def ignore_aliases(self, _data: object) -> bool:
        """Whether a value is written again where it comes again."""
        return True


def _version(contracts: Iterable[Contract]) -> str:
    """The version of the API: the latest that a page names."""
    return max((each.operation.version for each in contracts), default="") or "unknown"
