"""Compare what parameters and fields have in common: listed values, meanings and words."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import zip_longest

import msgspec

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.diff.grading import named_values, same_words, short, without_values
from docpact.contract.kinds import Kind
from docpact.contract.model import Media, Sample
from docpact.core.frozen import Frozen
from docpact.core.span import Origin


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that both pages have: its part, its new name, and its row on both of them."""

    part: Part
    name: str
    old: Origin
    new: Origin

    def changed(self, kind: ChangeKind, old: str = "", new: str = "") -> Change:
        """A change of which both rows tell."""
        return Change(kind, self.part, self.name, Side(old, self.old), Side(new, self.new))

    def said_only_by(
        self, kind: ChangeKind, *, old: Side | None = None, new: Side | None = None
    ) -> Change:
        """A change where one page is silent, so that its row stands for the silence."""
        return Change(
            kind, self.part, self.name, old or Side("", self.old), new or Side("", self.new)
        )


@dataclass(frozen=True, slots=True)
class Silence:
    """The kinds of change where both pages say something, only the new one, or only the old one."""

    changed: ChangeKind
    stated: ChangeKind
    withdrawn: ChangeKind

    def between(self, subject: Subject, old: str, new: str) -> Iterator[Change]:
        """The change between two words, of which none is silence."""
        if old != new:
            kind = self.changed if old and new else self.stated if new else self.withdrawn
            yield subject.changed(kind, old, new)


@dataclass(frozen=True, slots=True)
class Listing:
    """The kinds of change in a list of values."""

    listed: ChangeKind
    unlisted: ChangeKind
    added: ChangeKind
    removed: ChangeKind

    def between(
        self, subject: Subject, old: Mapping[str, Origin], new: Mapping[str, Origin]
    ) -> Iterator[Change]:
        """The values that came and went; a list that begins or ends is one change."""
        if old and not new:
            yield subject.said_only_by(self.unlisted, old=Side(", ".join(old), subject.old))
            return
        if new and not old:
            yield subject.said_only_by(self.listed, new=Side(", ".join(new), subject.new))
            return
        for value in old.keys() - new.keys():
            yield subject.said_only_by(self.removed, old=Side(value, old[value]))
        for value in new.keys() - old.keys():
            yield subject.said_only_by(self.added, new=Side(value, new[value]))


@dataclass(frozen=True, slots=True)
class Words:
    """The kinds of change in a description and an example."""

    added: ChangeKind
    dropped: ChangeKind
    reworded: ChangeKind
    example: ChangeKind

    def between(
        self, subject: Subject, old: str, new: str, *, listed: Set[str] = frozenset()
    ) -> Iterator[Change]:
        """The meanings that came and went; only without any, that the words are others."""
        old, new = (without_values(each, frozenset(listed)) for each in (old, new))
        dropped = named_values(old) - named_values(new)
        added = named_values(new) - named_values(old)
        for value in dropped:
            yield subject.changed(self.dropped, old=value)
        for value in added:
            yield subject.changed(self.added, new=value)
        if not (dropped or added or same_words(old, new)):
            yield subject.changed(self.reworded, short(old), short(new))

    def examples(self, subject: Subject, old: str, new: str) -> Iterator[Change]:
        """Another example is worth a look at most."""
        if old != new:
            yield subject.changed(self.example, short(old), short(new))


def type_name(kind: Kind) -> str:
    """The type that a page names, or nothing if it names none that we know."""
    return "" if kind is Kind.ANY else kind.value


def otherwise(
    kind: ChangeKind, subject: Subject, old: Frozen, new: Frozen, compared: Set[str]
) -> Iterator[Change]:
    """A change in anything that is compared nowhere else, so that none is passed over."""
    for name in old.__struct_fields__:
        if name not in compared:
            before, after = _plain(getattr(old, name)), _plain(getattr(new, name))
            if before != after:
                yield subject.changed(kind, f"{name} {short(before)}", f"{name} {short(after)}")


def _plain(value: object) -> str:
    if isinstance(value, Origin):
        return value.severity.value  # the line it stands on is no promise
    return msgspec.json.encode(value).decode()


def sample_changes(old: Iterable[Sample], new: Iterable[Sample]) -> Iterator[Change]:
    """The samples that came and went; where both pages print one, whether it is another."""
    here, there = list(old), list(new)
    for media in Media:
        before = [each for each in here if each.media is media]
        after = [each for each in there if each.media is media]
        kept = _common(before, after)
        yield from _of_one_media(
            media,
            [each for each in before if each.text not in kept],
            [each for each in after if each.text not in kept],
        )


def _common(old: list[Sample], new: list[Sample]) -> set[str]:
    return {each.text for each in old} & {each.text for each in new}


def _of_one_media(media: Media, old: list[Sample], new: list[Sample]) -> Iterator[Change]:
    name = media.value.upper()
    for one, other in zip_longest(old, new):
        before, after = (Side(name, each.origin) if each else None for each in (one, other))
        kind = ChangeKind.SAMPLE_CHANGED
        if before is None:
            kind = ChangeKind.SAMPLE_ADDED
        elif after is None:
            kind = ChangeKind.SAMPLE_REMOVED
        yield Change(kind, Part.SAMPLES, name, before, after)
