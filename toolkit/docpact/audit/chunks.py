"""Cut what was captured into chunks that can be judged by themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from docpact.capture import CapturedFile, KindName
from docpact.capture.detect import LOOKED_AT, kind_of
from docpact.capture.unpacking import is_packed

LONGEST: Final = 8 * 1024 * 1024  # bytes of a log that one worker judges at a time
_MOST_FILES: Final = 64


@dataclass(frozen=True, slots=True)
class Chunk:
    """A file, or the lines of a log that begin between two of its bytes."""

    file: CapturedFile
    start: int = 0
    end: int | None = None  # the file's end, if nothing is said
    is_again: bool = False  # the file was named before

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return (self.file.size if self.end is None else self.end) - self.start


def chunks(
    files: Iterable[CapturedFile], kind: KindName | None, longest: int = LONGEST
) -> Iterator[Chunk]:
    """Every file, a large log in several chunks."""
    names: set[str] = set()
    for file in files:
        if file.size > longest and not file.problem and file.is_capture and _is_log(file, kind):
            for start in range(0, file.size, longest):
                yield Chunk(file, start, min(start + longest, file.size))
        else:
            yield Chunk(file, is_again=file.name in names)
        names.add(file.name)


def batches(found: Iterable[Chunk]) -> Iterator[tuple[Chunk, ...]]:
    """Chunks that are judged in one go, so that small files cost little to hand over."""
    batch: list[Chunk] = []
    size = 0
    for each in found:
        batch.append(each)
        size += each.size
        if size >= LONGEST // 4 or len(batch) >= _MOST_FILES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _is_log(file: CapturedFile, kind: KindName | None) -> bool:
    try:
        with file.open() as stream:
            start = stream.read(LOOKED_AT)
    except OSError:
        return False
    return not is_packed(start) and (kind or kind_of(start)) == "ndjson"
