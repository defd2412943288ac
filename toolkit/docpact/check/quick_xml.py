"""Decode XML answers that are written as they should be, and no others."""

import re

from lxml import etree

from docpact.check.breach import Value
from docpact.contract import Contract, Field, Kind

_SPACE = " \t\r\n"
_LONG = re.compile(r"[+-]?[0-9]{1,19}")
_DECLARATION = re.compile(
    rb"<\?xml version=[\"']1\.[0-9][\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])?\s*\?>"
)
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=True,  # the body was held against our own limits
    remove_comments=True,
    remove_pis=True,
)


def decoded(body: bytes, contract: Contract, holder: Field) -> dict[str, Value] | None:
    """The value of a document in which nothing is unusual; nothing otherwise."""
    if not body.startswith(b"<") or b"<!D" in body or b"<!d" in body:
        return None
    declaration = _DECLARATION.match(body)
    if declaration is None and body.startswith(b"<?"):
        return None
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError:
        return None
    if root.tag != contract.success.root or root.attrib:
        return None
    above: dict[str, Value] = {}
    if not _fill(above, root, contract.success.fields, holder):
        return None
    return above


def _fill(  # noqa: C901, PLR0911  # one loop is what makes it quick
    members: dict[str, Value],
    element: etree._Element,
    fields: tuple[Field, ...],
    holder: Field | None,
) -> bool:
    """Whether all elements are documented, single and plain; they are put into `members`."""
    if element.text is not None and element.text.strip(_SPACE):
        return False
    known = {each.name: each for each in fields}
    for child in element:
        name = child.tag
        tail = child.tail
        if (tail is not None and tail.strip(_SPACE)) or child.attrib or name in members:
            return False
        field = known.get(str(name))
        if field is None:
            return False
        if holder is not None and field is holder:
            inner: dict[str, Value] = {}
            if not _fill(inner, child, field.fields, None):
                return False
            members[field.name] = inner
            continue
        text = child.text
        if len(child):
            return False
        if text is None or not text.strip(_SPACE):
            members[field.name] = "" if field.kind is not Kind.LONG else None
        elif field.kind is not Kind.LONG:
            members[field.name] = text
        elif _LONG.fullmatch(text):
            members[field.name] = int(text)
        else:
            return False
    return True
