"""A correct answer, parsed so that a fault can change it.

Only answers that docpact made itself are parsed here, so a plain parser will do.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from docpact.contract import Answer, Contract, Field, FieldPath, Kind, Media
from docpact.contract.value_path import value_at, with_value
from docpact.core.exchange import Response
from docpact.core.serialize import json_text, xml_text

Members = dict[str, Any]  # of an answer or of a structure in it; numbers are texts in XML
Position = tuple[str | int, ...]  # of a structure in an answer; nothing is the top

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """A correct answer, parsed."""

    response: Response
    contract: Contract
    media: Media
    root: str  # of an XML document; empty for JSON
    members: Members

    @property
    def instance(self) -> Members | None:
        """The main structure of a success: of a list, its first item."""
        position = self.main_position
        return None if self.response.ok is False or position is None else self.at(position)

    @property
    def main_position(self) -> Position | None:
        """Where the main structure is; nothing if this answer has none."""
        return self.position(main_structure(self.contract.success))

    def position(self, path: FieldPath) -> Position | None:
        """Where a structure is, by its documented path; nothing if this answer has none."""
        position: Position = ()
        value: Any = self.members
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
            position = (*position, name)
            if isinstance(value, list):
                value = value[0] if value else None
                position = (*position, 0)
        return position if isinstance(value, dict) else None

    def at(self, position: Position) -> Members:
        """A copy of a structure."""
        structure = value_at(self.members, position)
        return dict(structure) if isinstance(structure, dict) else {}

    def with_structure(self, position: Position, structure: object) -> Members:
        """The members with another value in place of a structure."""
        return with_value(self.members, position, structure)

    def without(self, name: str) -> Members:
        """The members at the top, except one."""
        return {key: each for key, each in self.members.items() if key != name}

    def text(self, members: Members | None = None, root: str | None = None) -> str:
        """The body with these members, or with its own."""
        content = self.members if members is None else members
        if self.media is Media.JSON:
            return json_text(content)
        return xml_text(self.root if root is None else root, content)


def parsed(response: Response, contract: Contract) -> ParsedResponse:
    """The answer in a response to a call of the contract.

    A response without a status is taken for a success.
    """
    text = response.body.decode()
    if text.lstrip().startswith("{"):
        return ParsedResponse(response, contract, Media.JSON, "", json.loads(text))
    root = ET.fromstring(text)  # noqa: S314  # made by docpact itself
    failed = contract.failure if response.ok is False else None
    members = _members(root, (failed or contract.success).fields)
    return ParsedResponse(response, contract, Media.XML, root.tag, members)


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


def main_structure(answer: Answer) -> FieldPath:
    """The structure with the most members, as Instance; nothing for the top itself.

    Of a list it is each item.
    """
    best: FieldPath = ()
    most = _leaves(answer.fields)
    for path, field in answer.walk():
        if field.kind is Kind.STRUCT and _leaves(field.fields) > most:
            best, most = path, _leaves(field.fields)
    return best


def _leaves(fields: tuple[Field, ...]) -> int:
    return sum(each.kind is not Kind.STRUCT for each in fields)


def fields_in(answer: Answer, path: FieldPath) -> tuple[Field, ...]:
    """The members of a structure; those at the top for no path."""
    field = answer.find(path) if path else None
    return field.fields if field else answer.fields


def request_id_of(answer: Answer) -> Field | None:
    """The member at the top that names the request."""
    return next((each for each in answer.fields if each.name.lower() == "requestid"), None)


def is_within_list(answer: Answer, path: FieldPath) -> bool:
    """Whether a structure is a list's item, or is in one."""
    found = (answer.find(path[:length]) for length in range(1, len(path) + 1))
    return any(each is not None and each.repeated for each in found)


def names_in(answer: Answer | None) -> frozenset[str]:
    """The names of all members, in lower case."""
    return frozenset(path[-1].lower() for path, _ in answer.walk()) if answer else frozenset()
