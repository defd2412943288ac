"""Compare the answers that the pages print."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.model import Media, Sample


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
