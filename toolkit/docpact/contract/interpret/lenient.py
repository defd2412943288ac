"""Read what a sample shows even where it is not well-formed: as its reader would mend it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from docpact.contract.model import DEEPEST, is_too_deep

_TOKEN = re.compile(
    r"""
      (?P<diagnostic>//[^\n]*|/\*[^*]{0,500}\*/|\#[^\n]*)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|“[^“”\n]{0,4000}”)
    | (?P<unclosed>"(?:[^"\\\n]|\\.)*\\?|'(?:[^'\\\n]|\\.)*\\?)
    | (?P<sign>[{}\[\]:：,，])
    | (?P<left>\.{2,}|…+)
    | (?P<word>[^\s{}\[\]:：,，"'“”]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[\w.:-]+)(?P<rest>[^<>]*)>", re.ASCII)
_CLOSED_BY = {"}": dict, "]": list}

Loose = dict[str, "Loose"] | list["Loose"] | str | None


@dataclass(slots=True)
class Node:
    """An element of an XML sample, by its name without a namespace."""

    name: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)


def json_value(text: str) -> object:
    """The JSON value of a sample, or nothing if it holds no object or list, or is too deep."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _Json().read(text)
    return None if is_too_deep(value) else value


def is_json(text: str) -> bool:
    """Whether a text is well-formed JSON, but for line breaks within texts, and not too deep."""
    try:
        return not is_too_deep(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return False


def is_deep(text: str) -> bool:
    """Whether a text is JSON with more levels than any answer."""
    try:
        return is_too_deep(json.loads(text, strict=False))
    except RecursionError:
        return True
    except ValueError:
        return False


class _Json:
    """Objects and lists as their brackets tell, whatever is wrong with what parts their members."""

    def __init__(self) -> None:
        self.open: list[dict[str, Loose] | list[Loose]] = []
        self.top: Loose = None
        self.word: str | None = None  # a name, until its colon comes
        self.name: str | None = None  # of the member whose value comes next

    def read(self, text: str) -> Loose:
        for token in _tokens(text):
            if token["sign"]:
                self._sign(token["sign"])
            elif token["text"] or token["word"]:
                self._scalar(token["text"][1:-1] if token["text"] else token["word"])
            if len(self.open) > DEEPEST:
                return None
            if self.top is not None and not self.open:
                break
        return self.top

    def _sign(self, sign: str) -> None:
        if sign in "{[":
            self._begin({} if sign == "{" else [])
        elif sign in "}]":
            kinds = [type(each) for each in self.open]
            if _CLOSED_BY[sign] in kinds:
                while not isinstance(self.open.pop(), _CLOSED_BY[sign]):
                    pass
            self.word = self.name = None
        elif sign in ":：":
            if not self.open and self.word:  # a document that lost its first bracket
                word, self.word = self.word, None
                self._begin({})
                self.word = word
            self.name, self.word = self.word, None
        else:
            self.word = self.name = None

    def _begin(self, value: dict[str, Loose] | list[Loose]) -> None:
        self._put(value)
        if self.top is None:
            self.top = value
        self.open.append(value)

    def _scalar(self, text: str) -> None:
        if (self.open and isinstance(self.open[-1], list)) or self.name is not None:
            self._put(text)
        else:
            self.word = text

    def _put(self, value: Loose) -> None:
        holder = self.open[-1] if self.open else None
        if isinstance(holder, list):
            holder.append(value)
        elif isinstance(holder, dict) and self.name is not None:
            holder[self.name] = value
        self.word = self.name = None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    for token in _TOKEN.finditer(text):
        unclosed = token["unclosed"]
        if unclosed:  # nor does any quote within it begin a text, so none need be tried
            yield from _tokens(unclosed[1:].replace(unclosed[0], " "))
        else:
            yield token


def xml_tops(text: str) -> tuple[Node, ...]:
    """The elements at the top of an XML sample, which may be cut to several."""
    root = _parsed(text)
    if root is not None:
        return tuple(_node(each) for each in root if isinstance(each.tag, str))
    tops = _loose_tops(text)
    # What follows a whole document was pasted there by mistake.
    return tops[:1] if tops and tops[0].name.endswith("Response") else tops


def is_xml(text: str) -> bool:
    """Whether a text is well-formed XML, but for the number of its roots."""
    return _parsed(text) is not None


def _parsed(text: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False)
    bare = text.strip()
    if bare.startswith("<?xml"):
        bare = bare.partition("?>")[2]
    try:
        return etree.fromstring(f"<sample>{bare}</sample>".encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _node(element: etree._Element) -> Node:
    children = [_node(each) for each in element if isinstance(each.tag, str)]
    return Node(etree.QName(element).localname, (element.text or "").strip(), children)


def _loose_tops(text: str) -> tuple[Node, ...]:
    """Elements as their tags tell; a strange end tag ends the element with text that it follows."""
    document = Node("")
    open_nodes = [document]
    for tag, said in _tags(text):
        name = tag["name"].rpartition(":")[2] or tag["name"]
        if not tag["end"]:
            open_nodes[-1].children.append(Node(name, said))
            if not tag["rest"].rstrip().endswith("/"):
                open_nodes.append(open_nodes[-1].children[-1])
                if len(open_nodes) > DEEPEST:
                    return ()
            continue
        places = [at for at, each in enumerate(open_nodes) if each.name.lower() == name.lower()]
        if places:
            del open_nodes[places[-1] :]
        elif len(open_nodes) > 1 and not open_nodes[-1].children and open_nodes[-1].text:
            open_nodes.pop()
    return tuple(document.children)


def _tags(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every tag, with the text behind it."""
    tags = list(_TAG.finditer(text))
    ends = [each.start() for each in tags[1:]] + [len(text)]
    for tag, end in zip(tags, ends, strict=False):
        yield tag, text[tag.end() : end].strip()
