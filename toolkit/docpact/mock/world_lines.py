"""Find the lines of a world file on which its instances and their members stand."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from docpact.check.encoding import Text
from docpact.check.json_body import read_json

Spot = tuple[int, str]  # the number of an instance, or 0 for the file; a key of it, or none

_LIST: Final = "instance"
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


def lines_of(text: str, spots: Collection[Spot]) -> Mapping[Spot, int]:
    """The lines of these spots, counted from 1, as far as they can be told.

    Where a key has no line of its own, that of its instance counts.
    """
    known = dict(_in_json(text, spots) if is_json(text) else _in_toml(text))
    found = ((spot, known.get(spot, known.get((spot[0], "")))) for spot in spots)
    return {spot: line for spot, line in found if line is not None}


def _in_json(text: str, spots: Collection[Spot]) -> Iterator[tuple[Spot, int]]:
    paths: dict[tuple[str | int, ...], Spot] = {}
    for number, key in spots:
        whole = (_LIST, number - 1) if number else ()
        paths |= {whole: (number, ""), (*whole, key) if key else whole: (number, key)}
    for path, (line, _) in read_json(Text(text, ())).places_of(paths.keys()).items():
        yield paths[path], line


def _in_toml(text: str) -> Iterator[tuple[Spot, int]]:
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
