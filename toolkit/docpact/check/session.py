"""What shows only over the calls of one session: values that come again, formats that disagree."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from docpact.contract import Contract, Kind, Unique
from docpact.contract.value_path import value_at
from docpact.core.exchange import Source
from docpact.core.finding import Finding
from docpact.core.span import Grade
from docpact.core.violation import Family, Rule, Value, Violation, shown

if TYPE_CHECKING:  # which looks up the rules that are listed here
    from docpact.check.judgement import Judgement


@dataclass(slots=True)
class Session:
    """Remembers what must not come again over the calls of one session."""

    contract: Contract
    most: int = 1_000_000  # values; for a new one beyond them the oldest is forgotten
    # A plain dict would search through what was deleted for its first entry.
    _seen: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def check(self, judgement: "Judgement") -> "Judgement":
        """The judgement with every unique value that came before, if the answer has a status."""
        if judgement.exchange.response.status is None:
            return judgement
        return judgement.also(self._repeated(judgement))

    def _repeated(self, judgement: "Judgement") -> Iterator[Violation]:
        for unique in self.contract.constraints.unique:
            found = value_at(judgement.value, unique.field)
            if not isinstance(found, str) or not found:
                continue
            key = (unique.field, kept(found))
            before = self._seen.get(key)
            if before is not None:
                message = f"{unique.field} {shown(found)} came before, in {before}"
                path = tuple(unique.field.split("."))
                yield Violation(unique.rule.id, message, path, unique.origin, actual=found)
                continue
            self._seen[key] = where(judgement.exchange.source)
            if len(self._seen) > self.most:
                self._seen.popitem(last=False)


def compare_formats(in_json: "Judgement", in_xml: "Judgement") -> tuple[Finding, ...]:
    """Every member in which two answers about one instance differ, one in each format.

    The findings are placed in the XML answer. Nothing is compared where one of them is a failure or
    cannot be read, and no member that is wrong by itself.
    """
    both = (in_json, in_xml)
    success = in_json.contract.success
    if any(not each.value or each.answer is not success or each.is_unsure for each in both):
        return ()
    broken = {each.path for one in both for each in one.violations if each.path}
    differing = (
        each
        for each in _differing(in_json.value, in_xml.value, in_json.contract)
        if not any(map(each.concerns, broken))
    )
    return replace(in_xml, findings=(), violations=()).also(differing).findings


def _differing(
    json_value: dict[str, Value], xml_value: dict[str, Value], contract: Contract
) -> Iterator[Violation]:
    """Every member that differs between the formats.

    What must be unique differs by its nature, and a measured quantity moves between two calls.
    """
    moving = {rule.field for rule in contract.constraints.unique}
    # The id of a call is another one for each of the two, also where no ruling says so.
    moving |= {each.name for each in contract.success.fields if each.name.lower() == "requestid"}
    for path, member in contract.success.outside_lists():
        dotted = ".".join(path)
        is_told_below = member.kind in {Kind.STRUCT, Kind.MAP, Kind.ANY} and not member.repeated
        if is_told_below or member.unit or dotted in moving:
            continue
        in_json, in_xml = value_at(json_value, dotted), value_at(xml_value, dotted)
        if not _same(in_json, in_xml):
            message = f"{dotted} is {shown(in_json)} in JSON and {shown(in_xml)} in XML"
            yield Violation("formats-disagree", message, path, member.origin)


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


def where(source: Source) -> str:
    """The place of an answer for a message."""
    return f"{source.file}, exchange {source.number}" if source.number > 1 else source.file


_BLANK: Final = " \t\r\n"
_LONG: Final = 200  # characters from which on a text is not remembered whole


def kept(text: str) -> str:
    """A text as it is remembered: of a long one the start and a digest, so that it takes little."""
    if len(text) <= _LONG:
        return text
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"{text[: _LONG // 2]}…{digest}"


def as_in_xml(value: Value) -> Value:
    """A text as any XML says it: without line ends of a system's own, and empty if it is blank."""
    if not isinstance(value, str):
        return value
    if value[:1] in _BLANK and not value.strip(_BLANK):
        return ""
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


SESSION_RULES: Final = (
    Unique.rule,
    Rule(
        "formats-disagree",
        Family.SESSION,
        Grade.IMPLIED,
        "XML and JSON say different things of the same instance",
        "If it is asked at the same time in both formats, a server gives the same answer, except "
        "for values that are unique to a call or measured anew.",
        '"JobName": "café" in JSON, <JobName>caf?</JobName> in XML',
        "A server whose instance changed between the two calls.",
    ),
)
