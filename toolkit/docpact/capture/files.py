"""Find the captured files that a user means, and open them."""

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from docpact.capture.detect import LOOKED_AT, kind_of
from docpact.capture.external_bodies import beside, bodies_among

STDIN = "-"
CAPTURE_SUFFIXES: Final = frozenset(
    {
        *(".json", ".xml", ".http", ".txt", ".body", ".response", ".har", ".yaml", ".yml"),
        *(".ndjson", ".jsonl", ".mitm", ".flow", ".flows"),
        *(".gz", ".zst", ".zip"),
    }
)
_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """One file under the name by which the user knows it."""

    name: str
    data: bytes = b""  # its bytes, where they are not on disk
    is_capture: bool = True  # not for a file met in a folder that does not look like one
    problem: str = ""  # why it could not be read
    path: str | None = None  # where its bytes are on disk
    size: int = 0  # of the file on disk, as far as it is known

    def open(self) -> BinaryIO:
        """The file's bytes from the start."""
        if self.path is None:
            return io.BytesIO(self.data)
        if self.path == STDIN:
            return open(sys.stdin.fileno(), "rb", closefd=False) if _has_number() else _stream()
        return Path(self.path).open("rb")

    def beside(self, name: str) -> tuple[BinaryIO, int] | None:
        """Another file of the same folder and its size, where the folder is known."""
        return beside(self.path, name) if self.path and self.is_regular else None

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input, which no other process can read."""
        return self.path == STDIN

    @property
    def is_regular(self) -> bool:
        """Whether it can be read in several places at once."""
        return self.path not in {None, STDIN} and self.size > 0


def captured_files(paths: Iterable[str]) -> Iterator[CapturedFile]:
    """Every file meant by the paths, readable or not; folders are walked in order of names."""
    for path in paths:
        if path == STDIN:
            yield _stdin()
        elif os.path.isdir(path):  # noqa: PTH112  # the name is shown as the user wrote it
            yield from _in_folder(path)
        elif _MAGIC & set(path) and not os.path.lexists(path):
            yield from _matching(path)
        else:
            yield _file(path)


def _matching(pattern: str) -> Iterator[CapturedFile]:
    """What a pattern means where no shell has said so before, as on Windows or in quotes."""
    import glob

    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # names stay as written
    if not found:
        yield CapturedFile(pattern, problem="no file has such a name")
    for path in found:
        if os.path.isfile(path):  # noqa: PTH113
            yield _file(path)


def _in_folder(folder: str) -> Iterator[CapturedFile]:
    # Links to folders are not followed, so a link to a parent cannot make the walk endless.
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        bodies = bodies_among(names, partial(_opened, parent))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or not path.is_file():
                continue
            looks_like_one = path.suffix.lower() in CAPTURE_SUFFIXES and name not in bodies
            if looks_like_one and _may_be_capture(path):
                yield _file(str(path))
            else:
                yield CapturedFile(str(path), is_capture=False)
    for cause in unreadable:
        yield CapturedFile(str(cause.filename), problem=_reason(cause))


def _opened(parent: str, name: str) -> BinaryIO:
    path = Path(parent, name)
    return path.open("rb") if path.is_file() else io.BytesIO()  # a pipe would never end


def _may_be_capture(path: Path) -> bool:
    """Whether a file met in a folder is one; most YAML files are something else."""
    if path.suffix.lower() not in {".yaml", ".yml"}:
        return True
    try:
        with path.open("rb") as stream:
            return kind_of(stream.read(LOOKED_AT)) == "vcr"
    except OSError:
        return True  # it is said of it that it cannot be read


def _stdin() -> CapturedFile:
    if sys.stdin is None:
        return CapturedFile(STDIN, problem="standard input is closed")
    return CapturedFile(STDIN, path=STDIN)


def _file(path: str) -> CapturedFile:
    try:
        known = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(known.st_mode):
            return CapturedFile(path, path=path)  # a pipe can be opened only once
        with Path(path).open("rb"):
            return CapturedFile(path, path=path, size=known.st_size)
    except (OSError, ValueError) as cause:
        return CapturedFile(path, problem=_reason(cause))


def _has_number() -> bool:
    try:
        sys.stdin.fileno()
    except (OSError, ValueError):
        return False
    return True


def _stream() -> BinaryIO:
    return io.BytesIO(sys.stdin.buffer.read())


def _reason(cause: OSError | ValueError) -> str:
    return (isinstance(cause, OSError) and cause.strerror) or str(cause)
