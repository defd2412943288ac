"""Read a world from a file: TOML or JSON, each instance by the names of the page's table."""

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from docpact.check import Checker
from docpact.check.decode import Text
from docpact.check.json_body import read_json
from docpact.contract import Contract, Schemas
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.text import did_you_mean, printable
from docpact.generate.response_model import Value
from docpact.mock.instances import InstanceValidator, Mistake, instance_validator, refuse
from docpact.mock.world import FIRST, AnyWorld, Lifecycle, ListedWorld, World

DEFAULT_WORLD: Final = Path(__file__).with_name("default_world.toml")
_ANY: Final = "any"
_VERSION: Final = 1
_MOST_READ: Final = 64 * 1024 * 1024
_LIST: Final = "instance"
_KEYS: Final = frozenset({"version", _LIST, "$schema"})


def world_named(
    name: str, contract: Contract, schemas: Schemas, lifecycle: Lifecycle | None = None
) -> World:
    """The world that `--world` names: a file, `any`, `any:SEED`, or nothing for the default one.

    Raises WrongConfiguration if the name or the content of the file is not valid, DocpactError if
    the file cannot be read.
    """
    kind, colon, seed = name.partition(":")
    if kind == _ANY and not Path(name).exists():
        if colon and not seed.isdecimal():
            raise WrongConfiguration(f"the seed in {name!r} must be a whole number, as in any:7")
        return AnyWorld(contract, int(seed or 0))
    if contract.success.find(("Instance",)) is None:
        if not name:
            return AnyWorld(contract)
        raise WrongConfiguration(
            f"a world file lists instances, and {contract.operation.name} does not return any",
            hint="Use `any`, in which everything exists, or any:7 for other values.",
        )
    path = Path(name) if name else DEFAULT_WORLD
    is_live = lifecycle is not None and lifecycle.pace
    validator = instance_validator(Checker(contract, schemas), FIRST if is_live else {})
    return ListedWorld.of(contract, _answers(_text(path), path, validator), lifecycle)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_READ + 1)
    except OSError as cause:
        raise DocpactError(
            f"the world {path} cannot be read: {cause.strerror}",
            hint="Give a TOML or JSON file, or `any` for a world in which everything exists.",
        ) from cause
    if len(data) > _MOST_READ:
        raise WrongConfiguration(f"the world {path} is larger than {_MOST_READ // 2**20} MiB")
    try:
        return data.decode("utf-8-sig")
    except ValueError as cause:
        raise WrongConfiguration(f"the world {path} is neither TOML nor JSON: {cause}") from cause


def _document(text: str, path: Path) -> dict[str, Any]:
    try:
        # TOML takes both kinds of line ends, and no carriage return alone.
        document = _json(text) if is_json(text) else tomllib.loads(text)
    except (ValueError, RecursionError) as cause:
        raise WrongConfiguration(f"the world {path} is neither TOML nor JSON: {cause}") from cause
    return document if isinstance(document, dict) else {}


def _json(text: str) -> Any:  # noqa: ANN401  # whatever it holds
    return json.loads(text, object_pairs_hook=_once_each)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object, each of which must be unique, as in TOML."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{printable(twice)} is twice in one object")
    return members


def _answers(text: str, path: Path, validator: InstanceValidator) -> list[Value]:
    """The answers about all instances, each completed.

    Raises WrongConfiguration with every mistake that there is.
    """
    document = _document(text, path)
    mistakes = list(_odd_keys(document, validator.members))
    listed = document.get(_LIST)
    if isinstance(listed, dict):
        mistakes.append(
            Mistake("instance is a single table; write [[instance]] for each instance", key=_LIST)
        )
    elif not listed or not isinstance(listed, list):
        mistakes.append(Mistake("it lists no instances; add [[instance]] tables"))
    answers: list[Value] = []
    seen: dict[str, int] = {}
    for number, instance in enumerate(listed if isinstance(listed, list) else [], 1):
        if not isinstance(instance, dict):
            mistakes.append(Mistake("it is not a table", number))
            continue
        answer, found = validator.validate(instance, number)
        answers.append(answer)
        names = validator.names_of(answer)
        first = seen.setdefault(names, number) if names else number
        if first != number:
            message = f"{names} is listed already, as instance {first}"
            found.append(Mistake(message, number, names=names))
        mistakes += found
    refuse(f"the world {path}", mistakes, _with_lines(text, path, mistakes))
    return answers


def _odd_keys(document: Mapping[str, Any], members: Collection[str]) -> Iterator[Mistake]:
    version = document.get("version", _VERSION)
    if version != _VERSION or isinstance(version, bool):
        yield Mistake(f"version is {version!r}; write version = {_VERSION}", key="version")
    for key in document.keys() - _KEYS:
        if key in members:
            why = f"{key} belongs to an instance; write it below [[instance]]"
        else:
            why = f"unknown key {key}{did_you_mean(key, _KEYS)}; use version and [[instance]]"
        yield Mistake(why, key=key)


def _with_lines(text: str, path: Path, mistakes: Sequence[Mistake]) -> list[str]:
    """The mistakes with their lines, in the order of lines."""
    if not mistakes:
        return []
    lines = lines_of(text, {(each.number, each.key) for each in mistakes})
    found = [(lines.get((each.number, each.key), 0), each) for each in mistakes]
    found.sort(key=itemgetter(0))
    alone = len(found) == 1
    name = "" if alone else path.name
    return [f"{name}:{line}: {each}" if line else f"{name}: {each}" for line, each in found]


Position = tuple[int, str]  # the number of an instance, or 0 for the file; a key of it, or none

_NAME: Final = r"""(?:"([^"]*)"|'([^']*)'|([\w-]+))"""
_TABLE: Final = re.compile(rf"\s*\[(\[?)\s*{_NAME}")
_KEY: Final = re.compile(rf"\s*{_NAME}\s*[=.]")
# What may open or close a text of many lines, or has to be passed over since it may look so.
_MARKS: Final = {
    "": re.compile(r"""#.*|(?P<mark>\"{3}|'{3})|"(?:[^"\\]|\\.)*"?|'[^']*'?"""),
    '"""': re.compile(r"""\\.|(?P<mark>"{3})"""),
    "'''": re.compile(r"(?P<mark>'{3})"),
}


def is_json(text: str) -> bool:
    """Whether a world is written as JSON; TOML has no such beginning."""
    return text.lstrip().startswith("{")


def lines_of(text: str, positions: Collection[Position]) -> Mapping[Position, int]:
    """The lines of these positions, counted from 1, as far as they can be found.

    Where a key has no line of its own, that of its instance counts.
    """
    known = dict(_in_json(text, positions) if is_json(text) else _in_toml(text))
    found = (
        (position, known.get(position, known.get((position[0], "")))) for position in positions
    )
    return {position: line for position, line in found if line is not None}


def _in_json(text: str, positions: Collection[Position]) -> Iterator[tuple[Position, int]]:
    paths: dict[tuple[str | int, ...], Position] = {}
    for number, key in positions:
        whole = (_LIST, number - 1) if number else ()
        paths |= {whole: (number, ""), (*whole, key) if key else whole: (number, key)}
    for path, (line, _) in read_json(Text(text, ())).positions_of(paths.keys()).items():
        yield paths[path], line


def _in_toml(text: str) -> Iterator[tuple[Position, int]]:
    """Every table and key at the beginning of a line that is not within a text of many lines."""
    number = 0
    closing = ""  # what ends the text of many lines that is open
    is_ours = True  # not within a table of another name
    for line, content in enumerate(text.split("\n"), 1):
        if not closing and (table := _TABLE.match(content)):
            is_ours = _named(table.groups()[1:]) == _LIST
            number += is_ours and bool(table[1])
            yield (number, "") if is_ours else (0, _named(table.groups()[1:])), line
        elif not closing and is_ours and (key := _KEY.match(content)):
            yield (number, _named(key.groups())), line
        closing = _open_behind(content, closing)


def _open_behind(content: str, closing: str) -> str:
    """What ends the text of many lines that is open behind a line, if one is."""
    at = 0
    while found := _MARKS[closing].search(content, at):
        at = found.end()
        if found["mark"]:
            closing = "" if closing else found["mark"]
    return closing


def _named(forms: tuple[str | None, ...]) -> str:
    return next((each for each in forms if each is not None), "")
