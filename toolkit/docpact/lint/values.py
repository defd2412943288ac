"""Whether a value on a page is of a type, is masked or a placeholder, is JSON."""

import json
import re

from docpact.contract.kinds import KINDS, WHOLE_NUMBERS, Kind, TypeName, read_text
from docpact.core.violation import Value, is_masked

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_PLACEHOLDER = re.compile(
    r"undefined|todo|tbd|fixme|x{3,}|your[ ._-]?\w.*|<[^<>]+>|lorem ipsum.*", re.IGNORECASE
)
_ESCAPES = re.compile(r'\\+(["nrt])')
_ELLIPSES = frozenset({"…", "...", "......", "……"})


def fits_json(named: TypeName, value: Value) -> bool:
    """Whether a JSON value is of the type; empty values and stand-ins are of any."""
    if value is None or value == "" or is_stand_in(value):
        return True
    if named.is_list:
        return isinstance(value, list | dict)  # often wrapped: {"Job": [...]}
    if isinstance(value, int) and not isinstance(value, bool) and named.kind is Kind.FLOAT:
        return True
    python = KINDS[named.kind].python
    return isinstance(value, python) and (python is not int or not isinstance(value, bool))


def fits_text(named: TypeName, text: str) -> bool:
    """Whether a text, as XML and tables have it, can be a value of the type."""
    bare = text.strip()
    if not bare or is_stand_in(bare):
        return True
    if named.kind is Kind.BOOLEAN:
        return bare.lower() in {"true", "false"}
    is_number = named.kind is Kind.FLOAT or named.kind in WHOLE_NUMBERS
    return not is_number or isinstance(read_text(named.kind, bare), KINDS[named.kind].python)


def is_stand_in(value: Value) -> bool:
    """Whether a value is masked or a placeholder, so that it says nothing."""
    if not isinstance(value, str):
        return False
    return is_mask(value) or is_placeholder(value) or value.strip() in _ELLIPSES


def is_mask(text: str) -> bool:
    """Whether a value is redacted with asterisks."""
    return is_masked(text.strip())


def is_placeholder(text: str) -> bool:
    """Whether a value is a word that the author should have replaced."""
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
