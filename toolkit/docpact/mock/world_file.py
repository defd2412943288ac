"""Read a world from a file: TOML or JSON, each instance by the names of the page's table."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docpact.check import Checker
from docpact.contract import Contract, Media, Schemas
from docpact.errors import DocpactError, WrongConfiguration
from docpact.exchange import Exchange, Response, Source
from docpact.generate.plan import Value
from docpact.mock.life import Life
from docpact.mock.route import route_of, why_not_asked_for
from docpact.mock.world import AnyWorld, ListedWorld, World, keys_of
from docpact.printable import printable
from docpact.writing import json_text, xml_text

DEFAULT_WORLD: Final = Path(__file__).with_name("default_world.toml")
_ANY: Final = "any"
_VERSION: Final = 1
_MOST_READ: Final = 64 * 1024 * 1024
_A_REQUEST_ID: Final = "9B7BD33D-5F3A-4C4C-BCF5-AD686CAD2370"


def world_named(name: str, contract: Contract, schemas: Schemas, life: Life | None = None) -> World:
    """The world that `--world` names: a file, `any`, `any:SEED`, or nothing for the default one.

    Raises WrongConfiguration if the name or the file's content is no world, DocpactError if the
    file cannot be read.
    """
    kind, colon, seed = name.partition(":")
    if kind == _ANY and not Path(name).exists():
        if colon and not seed.isdecimal():
            raise WrongConfiguration(f"{name!r} has no whole number for its seed; try any:7")
        return AnyWorld(contract, int(seed or 0))
    if contract.success.find(("Instance",)) is None:
        if not name:
            return AnyWorld(contract)
        raise WrongConfiguration(
            f"a world lists instances, and {contract.operation.name} tells of none",
            hint="Try `any`, in which everything exists, or any:7 for another one.",
        )
    path = Path(name) if name else DEFAULT_WORLD
    values = list(_answers(_document(path), path))
    refuse_broken(values, f"the world {path}", Checker(contract, schemas))
    return ListedWorld.of(contract, values, life)


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_READ + 1)
    except OSError as cause:
        raise DocpactError(
            f"the world {path} cannot be read: {cause.strerror}",
            hint="Name a TOML or JSON file, or `any` for a world in which everything exists.",
        ) from cause
    if len(data) > _MOST_READ:
        raise WrongConfiguration(f"the world {path} is larger than {_MOST_READ // 2**20} MiB")
    try:
        text = data.decode("utf-8-sig")
        document = _json(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as cause:
        raise WrongConfiguration(f"the world {path} is neither TOML nor JSON: {cause}") from cause
    return document if isinstance(document, dict) else {}


def _json(text: str) -> Any:  # noqa: ANN401  # whatever it holds
    return json.loads(text, object_pairs_hook=_once_each)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object, each of which must stand once, as TOML has it."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{printable(twice)} stands twice in one object")
    return members


def _answers(document: Mapping[str, Any], path: Path) -> Iterator[Value]:
    if document.get("version") != _VERSION:
        raise WrongConfiguration(f"the world {path} must say version = {_VERSION}")
    if unknown := sorted(document.keys() - {"version", "instance", "$schema"}):
        raise WrongConfiguration(
            f"the world {path} has unknown keys: {', '.join(map(printable, unknown))}",
            hint="It holds `version` and `instance`, a list of tables.",
        )
    instances = document.get("instance")
    if not isinstance(instances, list) or not instances:
        raise WrongConfiguration(f"the world {path} lists no instance: add [[instance]] tables")
    for number, instance in enumerate(instances, 1):
        if not isinstance(instance, dict):
            raise WrongConfiguration(f"the world {path}: instance {number} is no table")
        yield {"Instance": instance}


def refuse_broken(values: Iterable[Value], whole: str, checker: Checker) -> None:
    """Refuse instances that would break the contract, in either format."""
    keys, route = keys_of(checker.contract), route_of(checker.contract)
    for number, value in enumerate(values, 1):
        answer: Value = {"RequestId": _A_REQUEST_ID, **value}
        for media in Media:
            try:
                body = answer_text(answer, media, checker.contract.success.root).encode()
            except (TypeError, ValueError, RecursionError) as cause:  # a date of TOML, for example
                raise WrongConfiguration(f"{whole}: instance {number}: {cause}") from cause
            finding = next(iter(checker.check(Exchange(Response(body), Source(whole)))), None)
            if finding is not None:
                names = "/".join(keys.values_of(value))
                message = printable(f"instance {number} ({names}): {finding.message}")
                raise WrongConfiguration(
                    f"{whole}: {message}",
                    hint=f"`docpact explain {finding.rule}` says what it must be. "
                    "To serve what is wrong, use --fault.",
                )
        if why := why_not_asked_for(route, keys.values_of(value)):
            names = printable("/".join(keys.values_of(value)))
            raise WrongConfiguration(f"{whole}: instance {number} ({names}): {why}")


def answer_text(value: Value, media: Media, root: str) -> str:
    """An answer as the mock writes it, by the code that writes generated ones."""
    return json_text(value) if media is Media.JSON else xml_text(root, value)
