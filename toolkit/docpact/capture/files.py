"""Find the captured files that a user means, and read them within bounds."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from docpact.errors import UnreadableCapture

STDIN = "-"
_MOST_READ = 64 * 1024 * 1024 + 1024 * 1024  # a judged body and its headers; the rest is excess
_CAPTURE_SUFFIXES = frozenset({".json", ".xml", ".http", ".txt", ".body", ".response"})


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """One file's bytes under the name by which the user knows it."""

    name: str
    data: bytes
    is_capture: bool  # whether a file that was met in a folder looks like a capture


def captured_files(paths: Iterable[str]) -> Iterator[CapturedFile]:
    """Every file meant by the paths; folders are walked in order of names.

    Raises UnreadableCapture for a path that does not exist or cannot be read.
    """
    for path in paths:
        if path == STDIN:
            yield CapturedFile(STDIN, sys.stdin.buffer.read(_MOST_READ), is_capture=True)
        elif os.path.isdir(path):  # noqa: PTH112  # the name is shown as the user wrote it
            yield from _in_folder(path)
        else:
            yield CapturedFile(path, _read(path), is_capture=True)


def _in_folder(folder: str) -> Iterator[CapturedFile]:
    # Links to folders are not followed, so a link to a parent cannot make the walk endless.
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or not path.is_file():
                continue
            if path.suffix.lower() in _CAPTURE_SUFFIXES:
                yield CapturedFile(str(path), _read(str(path)), is_capture=True)
            else:
                yield CapturedFile(str(path), b"", is_capture=False)


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            return stream.read(_MOST_READ)
    except OSError as cause:
        raise _unreadable(path, cause) from cause


def _refuse(cause: OSError) -> None:
    raise _unreadable(str(cause.filename), cause) from cause


def _unreadable(path: str, cause: OSError) -> UnreadableCapture:
    hint = "Name a file, a folder, or - for standard input."
    return UnreadableCapture(f"{path} cannot be read: {cause.strerror}", hint=hint)
