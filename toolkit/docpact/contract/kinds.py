"""The kinds of values: what pages call them, and what each is in JSON, XML and their schemas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from docpact.core.violation import Value

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
LARGEST_FLOAT: Final = 1.7e308  # what is beyond is read as this


class Kind(StrEnum):
    """What a field or parameter holds."""

    STRING = "string"
    LONG = "long"  # a signed integer of 64 bits
    INTEGER = "integer"  # a signed integer of 32 bits
    SHORT = "short"  # a signed integer of 16 bits
    FLOAT = "float"
    BOOLEAN = "boolean"
    STRUCT = "struct"
    MAP = "map"  # names that the page does not list, with their values
    ANY = "any"  # the page names no type that we know, or one that is written in many ways


@dataclass(frozen=True, slots=True)
class Representation:
    """One kind, in each language that knows it."""

    title: str  # in messages
    python: type  # what JSON and XML are decoded to
    names: tuple[str, ...]  # what pages call it, in small letters
    json_type: str = ""  # in JSON Schema and OpenAPI
    xsd_type: str = ""
    format: str = ""  # in JSON Schema and OpenAPI
    bounds: tuple[int, int] | None = None


KINDS: Final[Mapping[Kind, Representation]] = {
    Kind.STRING: Representation(
        "a String",
        str,
        ("string", "str", "text", "enum", "字符串", "文本", "枚举"),
        "string",
        "xs:string",
    ),
    Kind.LONG: Representation(
        "a Long",
        int,
        ("long", "int64", "bigint", "长整型", "长整数"),
        "integer",
        "xs:long",
        "int64",
        (INT64_MIN, INT64_MAX),
    ),
    Kind.INTEGER: Representation(
        "an Integer",
        int,
        ("integer", "int", "int32", "整型", "整数"),
        "integer",
        "xs:int",
        "int32",
        (INT32_MIN, INT32_MAX),
    ),
    Kind.SHORT: Representation(
        "a Short",
        int,
        ("short", "int16", "短整型", "短整数"),
        "integer",
        "xs:short",
        "int16",
        (-(2**15), 2**15 - 1),
    ),
    Kind.FLOAT: Representation(
        "a Float",
        float,
        ("float", "double", "number", "decimal", "bigdecimal", "浮点", "浮点型", "浮点数"),
        "number",
        "xs:double",
    ),
    Kind.BOOLEAN: Representation(
        "a Boolean",
        bool,
        ("boolean", "bool", "布尔", "布尔型", "布尔值"),
        "boolean",
        "xs:boolean",
    ),
    Kind.STRUCT: Representation("a Struct", dict, ("struct", "object", "结构体", "对象"), "object"),
    Kind.MAP: Representation("a Map", dict, ("map",), "object"),
    Kind.ANY: Representation(
        "anything",
        object,
        ("json", "any", "date", "datetime", "timestamp", "byte", "binary", "file"),
    ),
}
WHOLE_NUMBERS: Final = {kind: each.bounds for kind, each in KINDS.items() if each.bounds}
SCALARS: Final = frozenset({Kind.STRING, Kind.FLOAT, Kind.BOOLEAN, *WHOLE_NUMBERS})

_KIND_OF_NAME: Final = {name: kind for kind, each in KINDS.items() for name in each.names}
_NO_TYPE: Final = frozenset({"", "-", "无"})
_MAP: Final = re.compile(  # Map<String,String>, string to string map
    r"(?!(?:array|list)\b|.*\[\]$)(?:map\b|.* map$)", re.IGNORECASE
)
_LIST: Final = re.compile(
    r"(?:array|list)\b(?:\s+of\s+|\s*[<(\[]\s*)?(?P<item>\w*)"
    r"|(?P<before>\w+)\s*\[\]$|.*\[\]$|.*(?:array|list)$|.*(?:列表|数组)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypeName:
    """What the cell of a page names as a type."""

    name: str  # empty if the page names none
    kind: Kind  # ANY for a list and for an unknown type
    item: "TypeName | None" = None  # of a list; its name is empty if the page does not give it
    is_known: bool = True

    @property
    def is_list(self) -> bool:
        """Whether values are lists."""
        return self.item is not None

    @property
    def is_container(self) -> bool:
        """Whether values hold other values."""
        return self.is_list or self.kind in {Kind.STRUCT, Kind.MAP}

    @property
    def is_open(self) -> bool:
        """Whether the type is known, but not how its values are written: a date, JSON."""
        return self.is_known and self.kind is Kind.ANY and not self.is_list


@lru_cache(maxsize=512)
def type_named(text: str) -> TypeName:
    """The type that a text of a page names, whatever its letter case."""
    name = " ".join(text.split())
    kind = _KIND_OF_NAME.get(name.lower())
    if kind is not None:
        return TypeName(name, kind)
    if name.lower() in _NO_TYPE:
        return TypeName("", Kind.ANY, is_known=False)
    if _MAP.match(name):
        return TypeName(name, Kind.MAP)
    if found := _LIST.match(name):
        return TypeName(name, Kind.ANY, type_named(found["item"] or found["before"] or ""))
    return TypeName(name, Kind.ANY, is_known=False)


XML_SPACE: Final = " \t\r\n"  # what XML calls white space; Python's own idea of it is wider
_DIGITS: Final = re.compile(r"[+-]?[0-9]++")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]++(?:[.][0-9]*+)?|[.][0-9]++)(?:[eE][+-]?[0-9]++)?")
_MANY_DIGITS: Final = 40  # more than any Long has; Python refuses to read numbers of thousands
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}


def read_text(kind: Kind, text: str) -> Value:
    """The value that a text of XML is; the text itself if it is not of the kind.

    White space around numbers is layout; a number, boolean or structure of white space is empty.
    """
    bare = text.strip(XML_SPACE)
    if kind in {Kind.STRING, Kind.ANY}:
        return text
    if kind in {Kind.STRUCT, Kind.MAP}:
        return text if bare else {}
    if not bare:
        return None
    if kind is Kind.BOOLEAN:
        return _BOOLEANS.get(bare, text)
    if kind in WHOLE_NUMBERS and _DIGITS.fullmatch(bare):
        return read_integer(bare)
    return read_float(bare) if _NUMBER.fullmatch(bare) else text


def read_integer(digits: str) -> int:
    """The number; of one with more digits than any kind has, another one that is as wrong."""
    if len(digits) <= _MANY_DIGITS:
        return int(digits)
    significant = digits.lstrip("+-").lstrip("0") or "0"
    size = int(significant) if len(significant) <= _MANY_DIGITS else 10**_MANY_DIGITS
    return -size if digits.startswith("-") else size


def read_float(digits: str) -> float:
    """The number, no larger than any computer holds."""
    return max(-LARGEST_FLOAT, min(LARGEST_FLOAT, float(digits)))
