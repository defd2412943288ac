"""Decode an XML body to the value that JSON would have, and note what is wrong with its elements.

The contract says which texts are numbers; everything that it does not know stays text. What is
inside an undocumented element is not checked.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from docpact.check.context import AnswerContext, AnswerRule, Stage
from docpact.check.decode import MAX_DEPTH, Body, Position, Positions, Text
from docpact.contract import Contract, Field, Kind, Media
from docpact.contract.kinds import XML_SPACE, read_text
from docpact.core.span import Grade
from docpact.core.violation import (
    Collector,
    Family,
    Rule,
    Value,
    ValuePath,
    Violation,
    dotted,
    named,
    shown,
)

if TYPE_CHECKING:  # see xml_parser
    from lxml import etree

_HARMLESS_ATTRIBUTES = (
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://www.w3.org/2001/XMLSchema-instance}",
)


def read_xml(text: Text, contract: Contract, *, fragment: bool) -> Body:
    """The body as a value, with everything that is wrong about it as XML.

    With `fragment`, there may be several elements at the top, as in the sample on the page.
    """
    if text.text is None:
        return Body(Media.XML, text.violations)
    from docpact.check.xml_parser import TOO_DEEP, parsed

    document = parsed(text.text)
    violations = Collector([*text.violations, *document.violations], by_structure=True)
    if not document.tops:
        return Body(Media.XML, tuple(violations))
    if len(document.tops) > 1 and not fragment:
        violations.append(_several_roots(document.tops))
    walk = _Walk(contract, violations)
    try:
        root, members = _members(document.tops, walk, fragment=fragment)
    except _TooDeepError:
        walk.violations.append(Violation("body-limit", TOO_DEEP, expected=MAX_DEPTH))
        return Body(Media.XML, tuple(walk.violations))
    return Body(
        Media.XML,
        tuple(walk.violations),
        readable=True,
        value=members,
        root=root,
        texts=walk.texts,
        positions_of=_positions(walk.lines),
    )


def _several_roots(tops: "tuple[etree._Element, ...]") -> Violation:
    names = ", ".join(named(_name(each)) for each in tops[:5])
    message = f"the document has {len(tops)} roots: {names} (--fragment accepts a cut sample)"
    return Violation("xml-several-roots", message, line=tops[1].sourceline, actual=names)


def _members(
    tops: "tuple[etree._Element, ...]", walk: "_Walk", *, fragment: bool
) -> tuple[str | None, dict[str, Value]]:
    """The root's name and members; a fragment has no root."""
    whole = next((each for each in tops if _name(each) == walk.contract.success.root), None)
    single = tops[0] if len(tops) == 1 else None
    is_cut = fragment and single is not None and _is_top_member(single, walk.contract)
    root = single if single is not None and not is_cut else whole
    if root is None:
        return None, walk.fragment(tops)
    return _name(root), walk.struct(root, walk.fields_under(_name(root)), (), 1)


def _is_top_member(element: "etree._Element", contract: Contract) -> bool:
    return contract.success.find((_name(element),)) is not None


class _TooDeepError(ValueError):
    """The document has more levels than any answer."""


@dataclass(slots=True)
class _Walk:
    """One pass over a document: it decodes, and collects violations, lines and texts on the way."""

    contract: Contract
    violations: Collector
    lines: dict[ValuePath, int | None] = field(default_factory=dict)
    texts: dict[ValuePath, str] = field(default_factory=dict)
    namespaced: bool = False

    def fields_under(self, root: str) -> tuple[Field, ...]:
        """The members that the answer with this root has."""
        failure = self.contract.failure
        if failure is not None and root == failure.root:
            return failure.fields
        return self.contract.success.fields

    def fragment(self, tops: "tuple[etree._Element, ...]") -> dict[str, Value]:
        """The members where no root holds them."""
        members: dict[str, Value] = {}
        for each in tops:
            self._add(each, self.contract.success.fields, (), members, 1)
        return members

    def struct(
        self, element: "etree._Element", fields: tuple[Field, ...], path: ValuePath, depth: int
    ) -> dict[str, Value]:
        """The members of an element that holds elements."""
        self._look_at(element, path)
        stray = next(own_texts(element), None)
        if stray is not None:
            where = dotted(path) or "the root element"
            message = f"{where} holds the text {shown(stray.strip(XML_SPACE))} between its elements"
            self.violations.append(Violation("xml-stray-text", message, path))
        members: dict[str, Value] = {}
        for child in element:
            self._add(child, fields, path, members, depth)
        return members

    def _add(
        self,
        element: "etree._Element",
        fields: tuple[Field, ...],
        parent: ValuePath,
        members: dict[str, Value],
        depth: int,
    ) -> None:
        name = _name(element)
        known, path = _field_named(name, fields), (*parent, name)
        if known is not None and known.repeated:
            items = members.setdefault(name, [])
            assert isinstance(items, list)  # made here  # noqa: S101
            items.append(self._member(element, known, (*path, len(items)), depth))
            return
        if name in members and known is not None and known.kind is not Kind.ANY:
            message = f"{dotted(path)} occurs twice in the same element"
            line = element.sourceline
            self.violations.append(Violation("xml-duplicate-element", message, path, line=line))
        members[name] = self._member(element, known, path, depth)

    def _member(
        self, element: "etree._Element", known: Field | None, path: ValuePath, depth: int
    ) -> Value:
        if known is None:
            self.lines[path] = element.sourceline
            return _unknown(element, depth)
        text = element.text or ""
        is_empty = not text.strip(XML_SPACE)
        if known.kind is Kind.STRUCT and (len(element) or is_empty):
            return self.struct(element, known.fields, path, depth + 1)
        self._look_at(element, path)
        if len(element):
            return _unknown(element, depth)
        self.texts[path] = text
        return leaf_of("" if is_empty else text, known)

    def _look_at(self, element: "etree._Element", path: ValuePath) -> None:
        self.lines[path] = element.sourceline
        namespace = str(element.tag).rpartition("}")[0][1:]
        if namespace and not self.namespaced:
            self.namespaced = True  # its children inherit it: once is enough
            name = named(_name(element))
            message = f"{name} is in the namespace {shown(namespace)}; the page has no namespaces"
            self.violations.append(Violation("xml-namespace", message, path, actual=namespace))
        for key in element.attrib:
            attribute = str(key)
            if not attribute.startswith(_HARMLESS_ATTRIBUTES):
                message = f"{named(_name(element))} has the attribute {shown(attribute)}"
                self.violations.append(Violation("xml-attribute", message, path, actual=attribute))


def own_texts(element: "etree._Element") -> Iterator[str]:
    """The texts directly within an element that are more than white space."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip(XML_SPACE):
            yield text


def _name(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _unknown(element: "etree._Element", depth: int) -> Value:
    """The value of an undocumented element; nothing in it is checked."""
    if depth > MAX_DEPTH:
        raise _TooDeepError
    if not len(element):
        return element.text or ""
    return {_name(child): _unknown(child, depth + 1) for child in element}


def _field_named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """The field of that name, or failing that the one whose letter case alone differs."""
    exact = next((each for each in fields if each.name == name), None)
    return exact or next((each for each in fields if each.name.lower() == name.lower()), None)


def leaf_of(text: str, known: Field) -> Value:
    """A text as its field has it; white space around listed values is layout."""
    return read_text(known.kind, text.strip(XML_SPACE) if known.values else text)


def _positions(lines: dict[ValuePath, int | None]) -> Positions:
    def positions_of(paths: Set[ValuePath]) -> Mapping[ValuePath, Position]:
        known = ((path, lines.get(path)) for path in paths)
        return {path: (line, None) for path, line in known if line is not None}

    return positions_of


def _check_root(context: AnswerContext) -> Iterator[Violation]:
    root, answer = context.body.root, context.answer
    if root is not None and answer is not None and root != answer.root:
        expected = " or ".join(sorted({answer.root, context.contract.success.root}))
        yield Violation(
            "xml-wrong-root",
            f"the root element is {named(root)}; the page says {expected}",
            origin=answer.root_origin,
            expected=expected,
            actual=root,
        )


XML_RULES: Final = (
    Rule(
        "xml-syntax",
        Family.XML,
        Grade.STATED,
        "The body is not well-formed XML",
        "The body breaks the grammar of XML 1.0: an element that is not closed, a bare & or <, a "
        "character that XML does not allow.",
        "<Code>a & b</Code>",
        "No server; but a capture that was cut off or changed by hand.",
    ),
    Rule(
        "xml-doctype",
        Family.XML,
        Grade.STATED,
        "The document has a DOCTYPE",
        "No documented answer has a DOCTYPE. It can define entities that read files or grow "
        "without bound, so docpact does not read such a document.",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:…">]>',
        "A server whose framework writes a DOCTYPE without entities, which most clients ignore.",
    ),
    AnswerRule(
        "xml-wrong-root",
        Family.XML,
        Grade.STATED,
        "The root element has another name",
        "The root of a success is the operation's name with Response, that of a failure is Error. "
        "The members are checked all the same.",
        "<GetInstanceResult>…",
        "A server behind a gateway that renames the root; and a fragment of an answer, which "
        "--fragment accepts.",
        stage=Stage.ANSWER,
        check=_check_root,
    ),
    Rule(
        "xml-several-roots",
        Family.XML,
        Grade.STATED,
        "The document has several root elements",
        "An XML document has one root. The sample on the page shows only the inner elements; "
        "--fragment accepts that form.",
        "<RequestId>…</RequestId><Instance>…</Instance>",
        "No server; but an answer of which only the inner elements were saved, as on the page: use "
        "--fragment.",
    ),
    Rule(
        "xml-duplicate-element",
        Family.XML,
        Grade.STATED,
        "An element occurs twice",
        "The page documents one value; docpact checks the last one.",
        "<Id>1</Id><Id>2</Id>",
        "A server that is newer than the page and returns a list where the page has one value.",
    ),
    Rule(
        "xml-attribute",
        Family.XML,
        Grade.IMPLIED,
        "An element has an attribute",
        "No documented element has attributes. Those of XML itself and of XML Schema instances "
        "(xml:lang, xsi:nil) are not reported.",
        '<Id type="long">1</Id>',
        "A server that annotates its elements; clients ignore such attributes.",
    ),
    Rule(
        "xml-namespace",
        Family.XML,
        Grade.STATED,
        "An element is in a namespace",
        "Documented elements are in no namespace, and a client that looks for Instance finds "
        "nothing. The members are checked as if there were no namespace.",
        '<GetInstanceResponse xmlns="urn:x">',
        "A server whose clients look only at local names.",
    ),
    Rule(
        "xml-stray-text",
        Family.XML,
        Grade.STATED,
        "There is text between elements",
        "Between the members of a structure only white space is allowed.",
        "<Instance>ok<Id>1</Id></Instance>",
        "No server that uses an XML library; but a capture into which somebody wrote notes.",
    ),
)
