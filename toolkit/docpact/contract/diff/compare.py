"""Compare one thing on two pages: whether it is stated, its listed values, its wording."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

import msgspec

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.kinds import Kind
from docpact.core.span import Frozen, Origin

# A number that stands alone: no part of a date, a version, a range or a name.
_NUMBER: Final = re.compile(
    r"(?<![\w.:/-])[-\u2212\u2013\uff0d]?\d+(?:\.\d+)?(?![\w:/-]|\.\d)", re.ASCII
)
_LITERAL: Final = re.compile(r"(?<![\w.])(?:true|false|null)(?!\w)", re.ASCII)
_MINUS: Final = re.compile("^[\u2212\u2013\uff0d]")
_LONGEST: Final = 60


def named_values(text: str) -> frozenset[str]:
    """The values that a text gives a meaning to: lone numbers, true, false and null."""
    numbers = (_MINUS.sub("-", each) for each in _NUMBER.findall(text))
    return frozenset((*numbers, *_LITERAL.findall(text)))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in punctuation and layout at most."""
    return one == other or bare(one) == bare(other)


def bare(text: str) -> str:
    """The text without punctuation and white space; a minus sign is part of its number."""
    signs = re.sub(r"[\u2212\u2013\uff0d-](?=\d)", "\N{MODIFIER LETTER MINUS SIGN}", text)
    return re.sub(r"[^\w\N{MODIFIER LETTER MINUS SIGN}]", "", signs)


def without_values(text: str, values: frozenset[str]) -> str:
    """A description without the lines that list values, which are compared by themselves."""
    return "\n".join(
        line
        for line in text.splitlines()
        if re.split(r"[\s:\uff1a]", line, maxsplit=1)[0] not in values
    )


def short(text: str) -> str:
    """The text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Compared:
    """Something that both pages have: its part, its new name, and its row on both of them."""

    part: Part
    name: str
    old: Origin
    new: Origin

    def changed(self, kind: ChangeKind, old: str = "", new: str = "") -> Change:
        """A change that both rows show."""
        return Change(kind, self.part, self.name, Side(old, self.old), Side(new, self.new))

    def said_only_by(
        self, kind: ChangeKind, *, old: Side | None = None, new: Side | None = None
    ) -> Change:
        """A change where one page is silent, so that its row stands for the silence."""
        return Change(
            kind, self.part, self.name, old or Side("", self.old), new or Side("", self.new)
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """The kinds of change where both pages say something, only the new one, or only the old one."""

    changed: ChangeKind
    stated: ChangeKind
    withdrawn: ChangeKind

    def between(self, both: Compared, old: str, new: str) -> Iterator[Change]:
        """The change between two words, of which none is silence."""
        if old != new:
            kind = self.changed if old and new else self.stated if new else self.withdrawn
            yield both.changed(kind, old, new)


@dataclass(frozen=True, slots=True)
class ListedValues:
    """The kinds of change in a list of values."""

    listed: ChangeKind
    unlisted: ChangeKind
    added: ChangeKind
    removed: ChangeKind

    def between(
        self, both: Compared, old: Mapping[str, Origin], new: Mapping[str, Origin]
    ) -> Iterator[Change]:
        """The values that came and went; a list that begins or ends is one change."""
        if old and not new:
            yield both.said_only_by(self.unlisted, old=Side(", ".join(old), both.old))
            return
        if new and not old:
            yield both.said_only_by(self.listed, new=Side(", ".join(new), both.new))
            return
        for value in old.keys() - new.keys():
            yield both.said_only_by(self.removed, old=Side(value, old[value]))
        for value in new.keys() - old.keys():
            yield both.said_only_by(self.added, new=Side(value, new[value]))


@dataclass(frozen=True, slots=True)
class Wording:
    """The kinds of change in a description and an example."""

    added: ChangeKind
    dropped: ChangeKind
    reworded: ChangeKind
    example: ChangeKind

    def between(
        self, both: Compared, old: str, new: str, *, listed: Set[str] = frozenset()
    ) -> Iterator[Change]:
        """The meanings that came and went; only without any, that the words are others."""
        old, new = (without_values(each, frozenset(listed)) for each in (old, new))
        dropped = named_values(old) - named_values(new)
        added = named_values(new) - named_values(old)
        for value in dropped:
            yield both.changed(self.dropped, old=value)
        for value in added:
            yield both.changed(self.added, new=value)
        if not (dropped or added or same_words(old, new)):
            yield both.changed(self.reworded, short(old), short(new))

    def examples(self, both: Compared, old: str, new: str) -> Iterator[Change]:
        """Another example is worth a look at most."""
        if old != new:
            yield both.changed(self.example, short(old), short(new))


def type_name(kind: Kind) -> str:
    """The type that a page names, or nothing if it names none that we know."""
    return "" if kind is Kind.ANY else kind.value


def otherwise(
    kind: ChangeKind, both: Compared, old: Frozen, new: Frozen, compared: Set[str]
) -> Iterator[Change]:
    """A change in anything that is compared nowhere else, so that none is passed over."""
    for name in old.__struct_fields__:
        if name not in compared:
            before, after = _plain(getattr(old, name)), _plain(getattr(new, name))
            if before != after:
                yield both.changed(kind, f"{name} {short(before)}", f"{name} {short(after)}")


def _plain(value: object) -> str:
    if isinstance(value, Origin):
        return value.severity.value  # its line is not a promise
    return msgspec.json.encode(value).decode()
