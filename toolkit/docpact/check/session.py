"""What no single answer shows: values that must be unique, and two formats that must agree."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from docpact.check.breach import Breach, Value, shown
from docpact.contract import Answer, Contract, Kind

_BLANK: Final = " \t\r\n"
_LONG: Final = 200  # characters from which on a text is not remembered whole


def kept(text: str) -> str:
    """A text as it is remembered: of a long one the start and a digest, so that it takes little."""
    if len(text) <= _LONG:
        return text
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"{text[: _LONG // 2]}…{digest}"


@dataclass(slots=True)
class Session:
    """Remembers what must not come again over the calls of one session."""

    contract: Contract
    most: int = 1_000_000  # values; for a new one beyond them the oldest is forgotten
    # A plain dict would search through what was deleted for its first entry.
    _seen: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def check(self, value: dict[str, Value], where: str) -> Iterator[Breach]:
        """Every unique value that came before; `where` says where this answer stands."""
        for rule in self.contract.constraints.unique:
            found = leaf(value, rule.field)
            if not isinstance(found, str) or not found:
                continue
            key = (rule.field, kept(found))
            before = self._seen.get(key)
            if before is not None:
                message = f"{rule.field} {shown(found)} came before, in {before}"
                path = tuple(rule.field.split("."))
                yield Breach("repeated-value", message, path, rule.origin, actual=found)
                continue
            self._seen[key] = where
            if len(self._seen) > self.most:
                self._seen.popitem(last=False)


def check_parity(
    json_value: dict[str, Value], xml_value: dict[str, Value], contract: Contract, answer: Answer
) -> Iterator[Breach]:
    """Every member in which two answers about the same thing differ, one in each format.

    What must be unique differs by its nature, and a measured quantity moves between two calls.
    """
    moving = {rule.field for rule in contract.constraints.unique}
    # The id of a call is another one for each of the two, also where no ruling says so.
    moving |= {each.name for each in answer.fields if each.name.lower() == "requestid"}
    for path, member in answer.outside_lists():
        dotted = ".".join(path)
        is_told_below = member.kind in {Kind.STRUCT, Kind.MAP, Kind.ANY} and not member.repeated
        if is_told_below or member.unit or dotted in moving:
            continue
        in_json, in_xml = leaf(json_value, dotted), leaf(xml_value, dotted)
        if not _same(in_json, in_xml):
            message = f"{dotted} is {shown(in_json)} in JSON and {shown(in_xml)} in XML"
            yield Breach("formats-disagree", message, path, member.origin)


def leaf(value: Value, dotted: str) -> Value:
    """The value at a dotted path; null where there is none."""
    for step in _steps(dotted):
        value = value.get(step) if isinstance(value, dict) else None
    return value


@lru_cache(maxsize=1024)
def _steps(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split("."))


def as_in_xml(value: Value) -> Value:
    """A text as any XML says it: without line ends of a system's own, and empty if it is blank."""
    if not isinstance(value, str):
        return value
    if value[:1] in _BLANK and not value.strip(_BLANK):
        return ""
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def _same(in_json: Value, in_xml: Value) -> bool:
    """Whether two values are the same; absent, null and empty are one in XML."""
    empty: tuple[Value, ...] = (None, "", [], {})
    in_json, in_xml = as_in_xml(in_json), as_in_xml(in_xml)
    if isinstance(in_json, list) and isinstance(in_xml, list):
        return len(in_json) == len(in_xml) and all(map(_same, in_json, in_xml))
    if isinstance(in_json, dict) and isinstance(in_xml, dict):
        names = in_json.keys() | in_xml.keys()
        return all(_same(in_json.get(name), in_xml.get(name)) for name in names)
    return in_json == in_xml or (in_json in empty and in_xml in empty)
