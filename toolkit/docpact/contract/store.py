"""Keep compiled contracts: write one as JSON, read it back, find the one that ships."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

import msgspec

from docpact.contract.model import Contract
from docpact.core.errors import BrokenContract

DEFAULT_NAME: Final = "getinstance"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Schemas:
    """A contract in the languages that validators read, as text."""

    success: str  # JSON Schema of a successful answer
    failure: str | None  # JSON Schema of a failure, if the contract knows what one looks like
    xsd: str  # XML Schema of both


def dumps(contract: Contract) -> str:
    """The contract as JSON, the same text for the same contract."""
    return msgspec.json.format(msgspec.json.encode(contract), indent=2).decode() + "\n"


def loads(text: str | bytes, name: str = "contract") -> Contract:
    """Read a contract back.

    Raises BrokenContract if the text is not a contract, or has another version.
    """
    try:
        contract = msgspec.json.decode(text, type=Contract)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise BrokenContract(
            f"{name} is not a compiled contract: {cause}",
            hint="Compile it again with `docpact compile PAGE`.",
        ) from cause
    if contract.version != FORMAT_VERSION:
        raise BrokenContract(
            f"{name} has format version {contract.version}; this docpact reads {FORMAT_VERSION}",
            hint="Compile it again with `docpact compile PAGE`.",
        )
    return contract


def contract_schema() -> str:
    """The JSON Schema that describes a stored contract."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A contract compiled by docpact",
        **msgspec.json.schema(Contract),
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def load(path: Path) -> Contract:
    """Read a contract from a file.

    Raises BrokenContract if there is no such file or it is not a contract.
    """
    return loads(_read(path), path.name)


def load_contract(path: str | PathLike[str] = "") -> Contract:
    """A compiled contract: the one in a file that `docpact compile` wrote, or the one that ships.

    Raises BrokenContract if there is no such file or it is not a contract.
    """
    return load(Path(path)) if path else load_bundled()


def load_bundled(name: str = DEFAULT_NAME) -> Contract:
    """The contract that ships with docpact."""
    return load(bundled_folder() / f"{name}.contract.json")


def load_bundled_schemas(name: str = DEFAULT_NAME) -> Schemas:
    """The schemas that ship with docpact."""
    folder = bundled_folder()
    failure = folder / f"{name}.error.schema.json"
    return Schemas(
        success=_read(folder / f"{name}.schema.json").decode(),
        failure=_read(failure).decode() if failure.exists() else None,
        xsd=_read(folder / f"{name}.xsd").decode(),
    )


def bundled_folder() -> Path:
    """The folder `schemas`: inside the package when installed, at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parents[1] / "schemas"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise BrokenContract(f"{path} cannot be read: {cause.strerror}") from cause
