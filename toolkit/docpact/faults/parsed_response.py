"""Open a correct answer, change it, and close it again.

Only answers that docpact made itself are opened here, so a plain parser will do.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

from docpact.contract import Contract, Field, FieldPath, Media
from docpact.contract.value_path import value_at, with_value
from docpact.core.exchange import Response
from docpact.core.serialize import json_text, xml_text
from docpact.faults.fault import Change, usual_contract
from docpact.faults.target import holder_of

Members = dict[str, Any]  # of an answer or of a structure in it; numbers are texts in XML
Where = tuple[str | int, ...]  # where a structure stands in an answer; nothing is the top

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """A correct answer, opened."""

    media: Media
    root: str  # of an XML document; empty for JSON
    members: Members
    contract: Contract
    is_success: bool

    @property
    def instance(self) -> Members | None:
        """The structure that tells most of a success: of a list, its first item."""
        where = self.where(holder_of(self.contract.success)) if self.is_success else None
        return None if where is None else self.at(where)

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON."""
        return self.media is Media.JSON

    def where(self, path: FieldPath) -> Where | None:
        """Where a structure stands, by its documented path; nothing if this answer has none."""
        where: Where = ()
        value: Any = self.members
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
            where = (*where, name)
            if isinstance(value, list):
                value = value[0] if value else None
                where = (*where, 0)
        return where if isinstance(value, dict) else None

    def at(self, where: Where) -> Members:
        """A copy of the structure at a place."""
        structure = value_at(self.members, where)
        return dict(structure) if isinstance(structure, dict) else {}

    def with_structure(self, where: Where, structure: object) -> Members:
        """The members with another value at a place."""
        return with_value(self.members, where, structure)

    def text(self, members: Members | None = None, root: str | None = None) -> str:
        """The body with these members, or with its own."""
        content = self.members if members is None else members
        if self.is_json:
            return json_text(content)
        return xml_text(self.root if root is None else root, content)


def opened(response: Response, contract: Contract | None = None) -> ParsedResponse:
    """The answer that a response of ours carries, to a call of the contract that ships if of none.

    A response without a status is taken for a success.
    """
    known = contract or usual_contract()
    is_success = response.ok is not False
    text = response.body.decode()
    if text.lstrip().startswith("{"):
        return ParsedResponse(Media.JSON, "", json.loads(text), known, is_success)
    root = ET.fromstring(text)  # noqa: S314  # made by docpact itself
    answer = known.success if is_success or known.failure is None else known.failure
    return ParsedResponse(Media.XML, root.tag, _members(root, answer.fields), known, is_success)


def _members(element: ET.Element, fields: tuple[Field, ...]) -> Members:
    known = {each.name: each for each in fields}
    members: Members = {}
    for child in element:
        field = known.get(child.tag)
        inner = field.fields if field else ()
        value = _members(child, inner) if len(child) else child.text or ""
        if field is not None and field.repeated:
            members.setdefault(child.tag, []).append(value)
        else:
            members[child.tag] = value
    return members


def with_text(response: Response, text: str, encoding: str = "utf-8") -> Response:
    """The response with another body."""
    return replace(response, body=text.encode(encoding, "surrogatepass"))


def texts_in(members: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The members that are texts, with what they say."""
    return tuple((name, value) for name, value in members.items() if isinstance(value, str))


def changing(change: Callable[[ParsedResponse, Random], Members | None]) -> Change:
    """A change of a success; a change that returns nothing does not fit this one."""

    def changed(response: Response, random: Random, contract: Contract) -> Response | None:
        parsed = opened(response, contract)
        members = change(parsed, random) if parsed.is_success else None
        return None if members is None else with_text(response, parsed.text(members))

    return changed


def changing_structure(
    path_of: Callable[[Contract], FieldPath | None],
    change: Callable[[Members, Random, Contract], object],
) -> Change:
    """A change of the structure at a path that the contract decides."""

    def changed(parsed: ParsedResponse, random: Random) -> Members | None:
        path = path_of(parsed.contract)
        where = None if path is None else parsed.where(path)
        if where is None:
            return None
        structure = change(parsed.at(where), random, parsed.contract)
        return None if structure is None else parsed.with_structure(where, structure)

    return changing(changed)


def changing_failure(change: Callable[[Members], Members | None]) -> Change:
    """A change of a failure's members."""

    def changed(response: Response, _random: Random, contract: Contract) -> Response | None:
        parsed = opened(response, contract)
        if parsed.is_success:
            return None
        members = change(dict(parsed.members))
        return None if members is None else with_text(response, parsed.text(members))

    return changed


def changing_text(media: Media, change: Callable[[ParsedResponse, str], str | None]) -> Change:
    """A change of the text of a success in one format, which is written plainly first."""

    def changed(response: Response, _random: Random, contract: Contract) -> Response | None:
        parsed = opened(response, contract)
        if parsed.media is not media or not parsed.is_success:
            return None
        written = parsed.text()
        text = change(parsed, written)
        return None if text is None or text == written else with_text(response, text)

    return changed
