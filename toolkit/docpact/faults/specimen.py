"""Open a correct answer, change it, and close it again.

Only answers that docpact made itself are opened here, so a plain parser will do.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

from docpact.contract import Media
from docpact.exchange import Response
from docpact.faults.fault import Change
from docpact.writing import json_text, xml_text

Members = dict[str, Any]  # of an answer or of its instance; numbers are texts in XML

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class Specimen:
    """A correct answer, opened."""

    media: Media
    root: str  # of an XML document; empty for JSON
    members: Members

    @property
    def instance(self) -> Members | None:
        """The instance that a success holds."""
        instance = self.members.get("Instance")
        return instance if isinstance(instance, dict) else None

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON."""
        return self.media is Media.JSON

    def text(self, members: Members | None = None, root: str | None = None) -> str:
        """The body with these members, or with its own."""
        content = self.members if members is None else members
        if self.is_json:
            return json_text(content)
        return xml_text(self.root if root is None else root, content)


def opened(response: Response) -> Specimen:
    """The answer that a response of ours carries."""
    text = response.body.decode()
    if text.lstrip().startswith("{"):
        return Specimen(Media.JSON, "", json.loads(text))
    root = ET.fromstring(text)  # noqa: S314  # made by docpact itself
    return Specimen(Media.XML, root.tag, _members(root))


def _members(element: ET.Element) -> Members:
    return {child.tag: _members(child) if len(child) else child.text or "" for child in element}


def with_text(response: Response, text: str, encoding: str = "utf-8") -> Response:
    """The response with another body."""
    return replace(response, body=text.encode(encoding, "surrogatepass"))


def texts_in(members: Members) -> tuple[tuple[str, str], ...]:
    """The members that are texts, with what they say."""
    return tuple((name, value) for name, value in members.items() if isinstance(value, str))


def changing_instance(change: Callable[[Members, Random], Members | None]) -> Change:
    """A change of a success's instance; a change that returns nothing does not fit this one."""

    def changed(response: Response, random: Random) -> Response | None:
        specimen = opened(response)
        if specimen.instance is None:
            return None
        instance = change(dict(specimen.instance), random)
        if instance is None:
            return None
        return with_text(response, specimen.text({**specimen.members, "Instance": instance}))

    return changed


def changing_success(change: Callable[[Members], Members | None]) -> Change:
    """A change of a success's top members."""

    def changed(response: Response, _random: Random) -> Response | None:
        specimen = opened(response)
        if specimen.instance is None:
            return None
        members = change(dict(specimen.members))
        return None if members is None else with_text(response, specimen.text(members))

    return changed


def changing_failure(change: Callable[[Members], Members | None]) -> Change:
    """A change of a failure's members."""

    def changed(response: Response, _random: Random) -> Response | None:
        specimen = opened(response)
        if specimen.instance is not None:
            return None
        members = change(dict(specimen.members))
        return None if members is None else with_text(response, specimen.text(members))

    return changed


def changing_text(media: Media, change: Callable[[Specimen, str], str | None]) -> Change:
    """A change of the text of a success in one format, which is written plainly first."""

    def changed(response: Response, _random: Random) -> Response | None:
        specimen = opened(response)
        if specimen.media is not media or specimen.instance is None:
            return None
        text = change(specimen, specimen.text())
        return None if text is None else with_text(response, text)

    return changed
