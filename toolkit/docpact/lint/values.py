"""What the page's types hold, and whether a printed value is of one."""

import json
import re
from enum import StrEnum

from docpact.core.violation import Value, is_masked

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_PLACEHOLDER = re.compile(
    r"undefined|todo|tbd|fixme|x{3,}|your[ ._-]?\w.*|<[^<>]+>|lorem ipsum.*", re.IGNORECASE
)
_ESCAPES = re.compile(r'\\+(["nrt])')
_ELLIPSES = frozenset({"…", "...", "......", "……"})


class Type(StrEnum):
    """The types that pages of the family name."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    STRUCTURE = "structure"
    MAP = "map"
    LIST = "list"
    OPEN = "open"  # a date, JSON: known, but nothing is said of how it is written
    NONE = "none"  # the page names no type
    UNKNOWN = "unknown"


_NAMED = {
    "string": Type.TEXT,
    "str": Type.TEXT,
    "text": Type.TEXT,
    "enum": Type.TEXT,
    "integer": Type.INTEGER,
    "int": Type.INTEGER,
    "int32": Type.INTEGER,
    "int64": Type.INTEGER,
    "long": Type.INTEGER,
    "short": Type.INTEGER,
    "float": Type.NUMBER,
    "double": Type.NUMBER,
    "number": Type.NUMBER,
    "decimal": Type.NUMBER,
    "bigdecimal": Type.NUMBER,
    "boolean": Type.BOOLEAN,
    "bool": Type.BOOLEAN,
    "struct": Type.STRUCTURE,
    "object": Type.STRUCTURE,
    "map": Type.MAP,
    "string to string map": Type.MAP,
    "array": Type.LIST,
    "list": Type.LIST,
    "json": Type.OPEN,
    "any": Type.OPEN,
    "date": Type.OPEN,
    "datetime": Type.OPEN,
    "timestamp": Type.OPEN,
    "byte": Type.OPEN,
    "binary": Type.OPEN,
    "file": Type.OPEN,
    "": Type.NONE,
    "-": Type.NONE,
    "无": Type.NONE,
}
_LIST = re.compile(r"(array|list)\b|.*\[\]$|repeatlist$|.*(list|array)$|列表|数组")
_MAP = re.compile(r"map\b|.* map$")
_NUMERIC = frozenset({Type.INTEGER, Type.NUMBER})
_IN_JSON: dict[Type, type | tuple[type, ...]] = {
    Type.TEXT: str,
    Type.INTEGER: int,
    Type.NUMBER: (int, float),
    Type.BOOLEAN: bool,
    Type.STRUCTURE: dict,
    Type.MAP: dict,
    Type.LIST: (list, dict),  # often wrapped: {"Job": [...]}
}
_CONTAINERS = frozenset({Type.STRUCTURE, Type.MAP, Type.LIST})


def type_named(name: str) -> Type:
    """The type that a cell of the table names."""
    bare = " ".join(name.lower().split())
    if bare in _NAMED:
        return _NAMED[bare]
    if _MAP.match(bare):
        return Type.MAP
    return Type.LIST if _LIST.match(bare) else Type.UNKNOWN


def is_container(kind: Type) -> bool:
    """Whether values of the type hold other values."""
    return kind in _CONTAINERS


def fits_json(kind: Type, value: Value) -> bool:
    """Whether a JSON value is of the type; what is empty, masked or a stand-in is of any."""
    if value is None or value == "" or is_stand_in(value):
        return True
    if kind in _NUMERIC and isinstance(value, bool):
        return False
    return isinstance(value, _IN_JSON.get(kind, object))


def fits_text(kind: Type, text: str) -> bool:
    """Whether a text, as XML and tables have it, can be a value of the type."""
    bare = text.strip()
    if not bare or is_stand_in(bare):
        return True
    match kind:
        case Type.INTEGER:
            return _INTEGER.fullmatch(bare) is not None
        case Type.NUMBER:
            return _NUMBER.fullmatch(bare) is not None
        case Type.BOOLEAN:
            return bare.lower() in {"true", "false"}
        case _:
            return True


def is_stand_in(value: Value) -> bool:
    """Whether a value is masked or a placeholder, so that nothing can be said of it."""
    if not isinstance(value, str):
        return False
    return is_mask(value) or is_placeholder(value) or value.strip() in _ELLIPSES


def is_mask(text: str) -> bool:
    """Whether a value is redacted with asterisks."""
    return is_masked(text.strip())


def is_placeholder(text: str) -> bool:
    """Whether a value is a word that the author meant to replace."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def looks_like_json(text: str) -> bool:
    """Whether a text begins and ends as an object or a list of JSON does."""
    bare = text.strip()
    return bare[:1] + bare[-1:] in {"{}", "[]"} and len(bare) > 1


def is_json(text: str) -> bool:
    """Whether a text is JSON, as it is or escaped as within a string."""
    return _parses(text) or ("\\" in text and _parses(_ESCAPES.sub(_unescaped, text)))


def _unescaped(escape: re.Match[str]) -> str:
    return '"' if escape[1] == '"' else " "


def _parses(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def has_open_quote(text: str) -> bool:
    """Whether a quotation mark is opened and never closed; escaped ones are text."""
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', text)) % 2 == 1


def same_but_for_masks(one: str, other: str) -> bool:
    """Whether two values agree as far as both can be seen."""
    left, right = (" ".join(each.split()).lower() for each in (one, other))
    if left == right:
        return True
    masked = [each.partition("*")[0] for each in (left, right) if "*" in each]
    if not masked:
        return _same_number(left, right)
    shortest = min(map(len, masked))
    return left[:shortest] == right[:shortest]


def _same_number(one: str, other: str) -> bool:
    if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
        return False
    return float(one) == float(other) if "." in one + other or "e" in one + other else False
