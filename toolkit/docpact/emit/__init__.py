"""Write contracts in the languages that other tools read; pure and deterministic."""

from collections.abc import Sequence

from docpact.contract import Contract, Schemas, store
from docpact.emit.json_schema import failure_schema, success_schema, text_of, world_schema
from docpact.emit.openapi import PRODUCT_FILE, clashes, openapi, product_openapi
from docpact.emit.xsd import xsd

__all__ = [
    "PRODUCT_FILE",
    "clashes",
    "failure_schema",
    "files",
    "openapi",
    "product_files",
    "product_openapi",
    "schemas",
    "success_schema",
    "xsd",
]


def schemas(contract: Contract) -> Schemas:
    """The schemas by which answers are judged."""
    failure = failure_schema(contract)
    return Schemas(
        success=text_of(success_schema(contract)),
        failure=text_of(failure) if failure is not None else None,
        xsd=xsd(contract),
    )


def files(contract: Contract) -> dict[str, str]:
    """Everything that `docpact compile` writes: file name to text.

    A page without method and path yields no OpenAPI document.
    """
    name = contract.operation.name.lower()
    made = schemas(contract)
    written = {
        "contract.schema.json": store.contract_schema(),
        f"{name}.contract.json": store.dumps(contract),
        f"{name}.schema.json": made.success,
        f"{name}.xsd": made.xsd,
    }
    if made.failure is not None:
        written[f"{name}.error.schema.json"] = made.failure
    world = world_schema(contract)
    if world is not None:
        written[f"{name}.world.schema.json"] = text_of(world)
    if contract.operation.path:
        written[f"{name}.openapi.yaml"] = openapi(contract)
    return dict(sorted(written.items()))


def product_files(contracts: Sequence[Contract], title: str) -> dict[str, str]:
    """The files of every operation, and one OpenAPI document that has all of them."""
    written = {name: text for each in contracts for name, text in files(each).items()}
    if any(each.operation.path for each in contracts):
        written[PRODUCT_FILE] = product_openapi(contracts, title)
    return dict(sorted(written.items()))
