"""Read the items of a YAML document one by one, without trusting them.

In YAML, a few lines can expand to terabytes, by anchors that name anchors, and to any object that
Python can make. So it is read event by event: texts stay texts, the value of an anchor counts each
time it is expanded, and anchors are kept for later items while there is room. Only cassettes are in
YAML; this is apart from their reader because it knows nothing of calls.
"""

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from docpact.capture.model import DamagedCapture
from docpact.capture.streams import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

Value = str | bytes | list["Value"] | dict[str | bytes | None, "Value"] | None

_DEEPEST: Final = 100  # a call has some ten levels
_EACH: Final = 64  # bytes that a value takes besides its characters
_MOST_EXPANDED: Final = MAX_LINE  # of the anchors within one item
_MOST_VALUES: Final = 100_000  # in one item, which has some hundred
_MOST_KEPT: Final = MAX_LINE // 2
# Every item may refer to the same large value, but a few lines must not expand to terabytes.
_ALWAYS: Final = 256 * 1024 * 1024
_FOR_EACH: Final = 64 * 1024

_STANDARD: Final = "tag:yaml.org,2002:"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE: Final = "<<"
_UNTAGGED: Final = frozenset({None, "!"})
_TEXTS: Final = frozenset(
    {"!", "str", "int", "float", "bool", "timestamp", "python/str", "python/unicode"}
)
_BINARY: Final = frozenset({"!binary", f"{_STANDARD}binary"})  # the first is Ruby's
_LISTS: Final = frozenset({f"{_STANDARD}seq", f"{_STANDARD}python/tuple"}) | _UNTAGGED
_MAPPINGS: Final = frozenset({f"{_STANDARD}map"}) | _UNTAGGED


@dataclass(frozen=True, slots=True)
class _Read:
    """A value, and how much memory it would take with all its anchors written out."""

    value: Value
    size: int
    is_plain: bool = False  # a scalar without quotes


_NOTHING: Final = _Read(None, 0)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not closed yet."""

    is_mapping: bool
    anchor: str | None
    parts: list[_Read] = field(default_factory=list)

    def closed(self) -> _Read:
        """What it came to."""
        size = _EACH + sum(each.size for each in self.parts)
        if not self.is_mapping:
            return _Read([each.value for each in self.parts], size)
        members: dict[str | bytes | None, Value] = {}
        merged: list[Value] = []
        for name, value in zip(self.parts[::2], self.parts[1::2], strict=True):
            if name.value == _MERGE and name.is_plain:
                merged += value.value if isinstance(value.value, list) else [value.value]
            elif isinstance(name.value, list | dict):
                raise ValueError("a name in it is not a text")
            else:
                members[name.value] = value.value
        for each in merged:
            if not isinstance(each, dict):
                raise ValueError("what it merges is not a mapping")  # noqa: TRY004  # bad data
            for known, value_of in each.items():
                members.setdefault(known, value_of)
        return _Read(members, size)


class YamlItems:
    """Reads items of one document in order; later ones may refer to anchors of earlier ones."""

    def __init__(self) -> None:
        self._anchored: dict[str, _Read] = {}
        self._kept = 0  # how much all of it takes
        self._room = _ALWAYS  # for what anchors may still expand to in the document
        self._has_forgotten = False

    def read(self, text: bytes) -> Value:
        """The value of a piece of the document.

        Raises ValueError where it is not YAML or too large for a call, and DamagedCapture where the
        anchors of all pieces expand to too much.
        """
        import yaml

        loader = yaml.CSafeLoader(text)
        try:
            return self._document(iter(loader.get_event, None))
        except yaml.YAMLError as cause:
            raise ValueError(getattr(cause, "problem", None) or str(cause)) from cause
        finally:
            loader.dispose()

    def _document(self, events: "Iterator[Event]") -> Value:
        import yaml

        opened: list[_Open] = []
        whole: _Read | None = None
        expanded = 0
        for number, event in enumerate(events):
            if number > 2 * _MOST_VALUES:  # each list has a start and an end
                raise ValueError("it holds more values than any call")
            match event:
                case yaml.ScalarEvent():
                    found = self._anchoring(event.anchor, _scalar(event))
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    opened.append(self._opened(event, len(opened)))
                    continue
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    closed = opened.pop()
                    found = self._anchoring(closed.anchor, closed.closed())
                case yaml.AliasEvent():
                    found = self._referred(event.anchor)
                    expanded += found.size
                case yaml.DocumentStartEvent() if whole is not None:
                    raise ValueError("another document begins in it")
                case _:
                    continue
            self._weigh(expanded)
            if opened:
                opened[-1].parts.append(found)
            else:
                whole = found
        self._room += _FOR_EACH - expanded
        return whole.value if whole else None

    def _weigh(self, expanded: int) -> None:
        """Refuse anchors of one piece that expand to too much."""
        if expanded > _MOST_EXPANDED:
            raise ValueError("its anchors expand to more than a call can hold")
        if expanded > self._room:
            why = "its anchors expand to too much, over and over"
            raise DamagedCapture(f"{why}; the rest was not read")

    def _opened(self, event: "SequenceStartEvent | MappingStartEvent", depth: int) -> _Open:
        is_mapping = type(event).__name__ == "MappingStartEvent"
        if depth >= _DEEPEST:
            raise ValueError("it is nested deeper than any call")
        if event.tag not in (_MAPPINGS if is_mapping else _LISTS):
            raise ValueError(f"the tag {event.tag} is not supported")
        if event.anchor in self._anchored:  # from here on the name is another's
            self._kept -= self._anchored.pop(event.anchor).size
        return _Open(is_mapping, event.anchor)

    def _referred(self, anchor: str | None) -> _Read:
        found = self._anchored.get(anchor or "")
        if found is None:
            why = "too far before it to be kept" if self._has_forgotten else "nowhere before it"
            raise ValueError(f"it refers to the anchor {anchor}, which is {why}")
        return found

    def _anchoring(self, anchor: str | None, read: _Read) -> _Read:
        """The value, which is kept under its anchor if it has one; the oldest make room."""
        if anchor is None:
            return read
        self._kept += read.size - self._anchored.pop(anchor, _NOTHING).size
        self._anchored[anchor] = read
        while self._kept > _MOST_KEPT:
            oldest = next(iter(self._anchored))
            self._kept -= self._anchored.pop(oldest).size
            self._has_forgotten = True
        return read


def _scalar(event: "ScalarEvent") -> _Read:
    text, tag = event.value, event.tag
    size = _EACH + len(text)
    is_plain = tag in _UNTAGGED and event.implicit[0]
    if tag == f"{_STANDARD}null" or (is_plain and text in _NULLS):
        return _Read(None, size)
    if tag in _BINARY:
        return _Read(base64.b64decode(text.encode("ascii")), size)
    if tag is not None and tag.removeprefix(_STANDARD) not in _TEXTS:
        raise ValueError(f"the tag {tag} is not supported")
    return _Read(text, size, is_plain)
