"""Read what a sample answer shows and on which lines, even where it is not well-formed.

A damaged sample is read as its reader would mend it: by its brackets or by its tags.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lxml import etree

from docpact.contract.model import DEEPEST, FieldPath, Media, is_too_deep
from docpact.core.span import Grade, Origin, Span
from docpact.core.violation import Value, ValuePath
from docpact.page import CodeBlock

_SIGNS: Final = frozenset("{}[]:：,，")
_EXACT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_DAMAGED: Final = re.compile(
    r"""
      (?P<comment>//[^\n]*|/\*[^*]{0,500}\*/|\#[^\n]*)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|“[^“”\n]{0,4000}”)
    | (?P<unclosed>"(?:[^"\\\n]|\\.)*\\?|'(?:[^'\\\n]|\\.)*\\?)
    | (?P<sign>[{}\[\]:：,，])
    | (?P<left>\.{2,}|…+)
    | (?P<word>[^\s{}\[\]:：,，"'“”]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DECLARATION: Final = re.compile(r"\s*<\?xml.*?\?>", re.DOTALL)
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[\w.:-]+)(?P<rest>[^<>]*)>", re.ASCII)


class SampleRole(StrEnum):
    """What a block on a page is a sample of."""

    REQUEST = "request"
    SUCCESS = "success"
    FAILURE = "failure"


class ValueShape(StrEnum):
    """What a sample has as a value."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"
    SCALAR = "a simple value"  # in XML and in damaged samples, which have no types
    STRUCT = "an object"
    LIST = "a list"


SIMPLE: Final = frozenset({ValueShape.TEXT, ValueShape.NUMBER, ValueShape.TRUTH, ValueShape.SCALAR})


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One member that a sample shows."""

    path: FieldPath  # lists are passed through, so all items of one have the same
    where: ValuePath  # the same with the place in each list
    value: Value  # in XML a text, or an object where there are elements within
    shape: ValueShape | None  # unknown where it is empty
    span: Span
    repeated: bool  # it is, or is within, an item of a list

    @property
    def name(self) -> str:
        """The member's own name."""
        return self.path[-1]

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    @property
    def is_list(self) -> bool:
        """Whether the sample shows that it is a list, or in XML that its element comes again."""
        return self.shape is ValueShape.LIST or isinstance(self.where[-1], int)


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A sample answer, well-formed or not."""

    media: Media
    role: SampleRole
    text: str
    span: Span
    comment: str = ""  # the lines above it, if one of them is a comment
    is_well_formed: bool = False
    is_deep: bool = False  # it has more levels than any answer
    is_list: bool = False  # the answer as a whole
    tops: tuple[tuple[str, Span], ...] = ()  # the elements at the top of XML
    root: str = ""  # the element at the top that holds the members
    members: tuple[SampleMember, ...] = ()  # in order

    @property
    def origin(self) -> Origin:
        """The sample as what implies something."""
        return Origin(self.span, Grade.IMPLIED)

    @property
    def is_readable(self) -> bool:
        """Whether a parser reads it, with what is above it."""
        return self.is_well_formed and not self.comment

    @property
    def paths(self) -> tuple[FieldPath, ...]:
        """The path of every member."""
        return tuple(dict.fromkeys(each.path for each in self.members))

    def holders_of(self, member: SampleMember) -> Iterator[SampleMember]:
        """The members that a member is in, from the top down."""
        for length in range(1, len(member.path)):
            path = member.path[:length]
            yield from [each for each in self.members if each.path == path][:1]


@dataclass(slots=True)
class _Node:
    """A value in a sample: it has members, or items, or is simple."""

    line: int  # of the sample, counted from 0
    value: str | int | float | bool | None = None
    members: dict[str, list["_Node"]] | None = None  # of a name several only in XML
    items: list["_Node"] | None = None

    def plain(self) -> Value:
        """The value as JSON has it."""
        if self.items is not None:
            return [each.plain() for each in self.items]
        if self.members is not None:
            return {name: nodes[0].plain() for name, nodes in self.members.items()}
        return self.value

    def shape(self, *, typed: bool) -> ValueShape | None:
        """What it is, as far as the sample has types."""
        if self.items is not None or self.members is not None:
            return ValueShape.STRUCT if self.items is None else ValueShape.LIST
        if self.value is None or not str(self.value).strip():
            return None
        if not typed:
            return ValueShape.SCALAR
        return _SHAPES[type(self.value)]


_SHAPES: Final[Mapping[type, ValueShape]] = {
    bool: ValueShape.TRUTH,
    int: ValueShape.NUMBER,
    float: ValueShape.NUMBER,
    str: ValueShape.TEXT,
}


def read_sample(
    media: Media,
    role: SampleRole,
    block: CodeBlock,
    comment: str = "",
    names: frozenset[str] = frozenset(),
) -> SampleDocument:
    """The sample that a block holds.

    One element at the top of XML is the root, unless it is one of the names of members, which are
    in small letters: then the root was cut off.
    """
    first, last = block.span.first + 1, block.span.last

    def span_of(node: _Node) -> Span:
        line = min(first + node.line, last)
        return Span(block.span.file, line, line)

    tops: list[tuple[str, _Node]] = []
    is_deep = is_root = False
    if media is Media.JSON:
        top, is_well_formed, is_deep = _read_json(block.text)
    else:
        nodes, is_well_formed = _read_xml(block.text)
        tops = [(name, each) for name, group in nodes.items() for each in group]
        is_root = len(tops) == 1 and bool(tops[0][1].members) and tops[0][0].lower() not in names
        top = tops[0][1] if is_root else _Node(0, members=nodes)
    is_typed = media is Media.JSON and is_well_formed
    return SampleDocument(
        media,
        role,
        block.text,
        Span(block.span.file, first, last),
        comment,
        is_well_formed=is_well_formed,
        is_deep=is_deep,
        is_list=top is not None and top.items is not None,
        tops=tuple((name, span_of(each)) for name, each in tops),
        root=tops[0][0] if is_root else "",
        members=tuple(
            SampleMember(
                path, where, node.plain(), node.shape(typed=is_typed), span_of(node), again
            )
            for path, where, again, node in (_walk(top) if top else ())
        ),
    )


def names_in_json(text: str) -> frozenset[str]:
    """The names of the members of a JSON object."""
    top, _, _ = _read_json(text)
    return frozenset(top.members or ()) if top else frozenset()


def _walk(
    node: _Node, path: FieldPath = (), where: ValuePath = (), *, repeated: bool = False
) -> Iterator[tuple[FieldPath, ValuePath, bool, _Node]]:
    """Every member below a node, with whether it is in a list."""
    for number, item in enumerate(node.items or ()):
        yield from _walk(item, path, (*where, number), repeated=True)
    for name, nodes in (node.members or {}).items():
        again = len(nodes) > 1
        for number, each in enumerate(nodes):
            place = (*where, name, number) if again else (*where, name)
            yield (*path, name), place, repeated or again, each
            yield from _walk(each, (*path, name), place, repeated=repeated or again)


def _read_json(text: str) -> tuple[_Node | None, bool, bool]:
    """The top of a JSON document, whether it is well-formed, and whether it is too deep to read."""
    try:
        value = json.loads(text, strict=False)
    except RecursionError:
        return None, False, True
    except ValueError:
        return _JsonReader(text).read(_tokens(text)), False, False
    if is_too_deep(value):
        return None, False, True
    tokens = ((each[0], each.start(), None) for each in _EXACT.finditer(text))
    return _JsonReader(text).read(tokens), True, False


_Token = tuple[str, int, str | None]  # the token, its place, and of a damaged document its text


class _JsonReader:
    """Reads objects and lists by their brackets, whatever is wrong between their members."""

    def __init__(self, text: str) -> None:
        self.ends = [each.start() for each in re.finditer("\n", text)]
        self.open: list[_Node] = []
        self.top: _Node | None = None
        self.word: str | None = None  # a name, until its colon comes
        self.name: str | None = None  # of the member whose value comes next

    def read(self, tokens: Iterable[_Token]) -> _Node | None:
        for token, at, text in tokens:
            line = bisect_right(self.ends, at)
            if token in _SIGNS:
                self._sign(token, line)
            else:
                self._scalar(_decoded(token) if text is None else text, line)
            if len(self.open) > DEEPEST:
                return None
            if self.top is not None and not self.open:
                break
        return self.top

    def _sign(self, sign: str, line: int) -> None:
        if sign in "{[":
            self._begin(_Node(line, members={}) if sign == "{" else _Node(line, items=[]))
        elif sign in "}]":
            self._end(is_list=sign == "]")
        elif sign in ":：":
            if not self.open and self.word:  # a document that lost its first bracket
                word = self.word
                self._begin(_Node(line, members={}))
                self.word = word
            self.name, self.word = self.word, None
        else:
            self.word = self.name = None

    def _begin(self, node: _Node) -> None:
        self._put(node)
        self.top = self.top or node
        self.open.append(node)

    def _end(self, *, is_list: bool) -> None:
        if any((each.items is not None) is is_list for each in self.open):
            while (self.open.pop().items is not None) is not is_list:
                pass
        self.word = self.name = None

    def _scalar(self, value: str | float | None, line: int) -> None:
        if (self.open and self.open[-1].items is not None) or self.name is not None:
            self._put(_Node(line, value))
        else:
            self.word = str(value)

    def _put(self, node: _Node) -> None:
        holder = self.open[-1] if self.open else None
        if holder and holder.items is not None:
            holder.items.append(node)
        elif holder and holder.members is not None and self.name is not None:
            holder.members[self.name] = [node]
        self.word = self.name = None


def _decoded(token: str) -> str | int | float | bool | None:
    value = json.loads(token, strict=False)
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _tokens(text: str, start: int = 0) -> Iterator[_Token]:
    """The tokens of a damaged document, each text as it is between its quotation marks."""
    for token in _DAMAGED.finditer(text):
        at = start + token.start()
        if unclosed := token["unclosed"]:
            # Nor does any quote within it begin a text, so none need be tried.
            yield from _tokens(unclosed[1:].replace(unclosed[0], " "), at + 1)
        elif token["text"]:
            yield token[0], at, token[0][1:-1]
        elif token["sign"] or token["word"]:
            yield token[0], at, token[0]


def _read_xml(text: str) -> tuple[dict[str, list[_Node]], bool]:
    """The elements at the top, which may be several, and whether all else is well-formed."""
    declaration = _DECLARATION.match(text)
    start = declaration.end() if declaration else 0
    lines = "\n" * text.count("\n", 0, start)
    try:
        document = etree.fromstring(
            f"<sample>{lines}{text[start:]}</sample>".encode(),
            etree.XMLParser(resolve_entities=False),
        )
    except etree.XMLSyntaxError:
        tops = _read_tags(text)
        # What follows a whole document was pasted there by mistake.
        first = next(iter(tops), "")
        return {first: tops[first][:1]} if first.endswith("Response") else tops, False
    return _elements(document), True


def _elements(parent: etree._Element) -> dict[str, list[_Node]]:
    found: dict[str, list[_Node]] = {}
    for each in parent:
        if isinstance(each.tag, str):
            node = _Node((each.sourceline or 1) - 1, each.text or "", _elements(each) or None)
            found.setdefault(etree.QName(each).localname, []).append(node)
    return found


def _read_tags(text: str) -> dict[str, list[_Node]]:
    """Elements by their tags; a strange end tag ends the element with text that it follows."""
    document = _Node(0, members={})
    opened = [("", document)]
    tags = list(_TAG.finditer(text))
    ends = [each.start() for each in tags[1:]] + [len(text)]
    line = at = 0
    for tag, end in zip(tags, ends, strict=False):
        line, at = line + text.count("\n", at, tag.start()), tag.start()
        name = tag["name"].rpartition(":")[2] or tag["name"]
        parent = opened[-1][1]
        if not tag["end"]:
            node = _Node(line, text[tag.end() : end].strip())
            parent.members = parent.members or {}
            parent.members.setdefault(name, []).append(node)
            if not tag["rest"].rstrip().endswith("/"):
                opened.append((name, node))
                if len(opened) > DEEPEST:
                    return {}
            continue
        places = [n for n, (each, _) in enumerate(opened) if each.lower() == name.lower()]
        if places:
            del opened[places[-1] :]
        elif len(opened) > 1 and not parent.members and parent.value:
            opened.pop()
    return document.members or {}
