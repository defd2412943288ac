"""Find the captured files that a user means, and read them within bounds."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docpact.exchange import MAX_BODY

STDIN = "-"
_MOST_READ = MAX_BODY + 1024 * 1024  # a judged body and its headers; the rest is excess
CAPTURE_SUFFIXES: Final = frozenset({".json", ".xml", ".http", ".txt", ".body", ".response"})


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """One file's bytes under the name by which the user knows it."""

    name: str
    data: bytes = b""
    is_capture: bool = True  # not for a file met in a folder that does not look like one
    problem: str = ""  # why it could not be read


def captured_files(paths: Iterable[str]) -> Iterator[CapturedFile]:
    """Every file meant by the paths, readable or not; folders are walked in order of names."""
    for path in paths:
        if path == STDIN:
            yield _stdin()
        elif os.path.isdir(path):  # noqa: PTH112  # the name is shown as the user wrote it
            yield from _in_folder(path)
        else:
            yield _file(path)


def _in_folder(folder: str) -> Iterator[CapturedFile]:
    # Links to folders are not followed, so a link to a parent cannot make the walk endless.
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or not path.is_file():
                continue
            if path.suffix.lower() in CAPTURE_SUFFIXES:
                yield _file(str(path))
            else:
                yield CapturedFile(str(path), is_capture=False)
    for cause in unreadable:
        yield CapturedFile(str(cause.filename), problem=_reason(cause))


def _stdin() -> CapturedFile:
    if sys.stdin is None:
        return CapturedFile(STDIN, problem="standard input is closed")
    return CapturedFile(STDIN, sys.stdin.buffer.read(_MOST_READ))


def _file(path: str) -> CapturedFile:
    try:
        with Path(path).open("rb") as stream:
            return CapturedFile(path, stream.read(_MOST_READ))
    except OSError as cause:
        return CapturedFile(path, problem=_reason(cause))


def _reason(cause: OSError) -> str:
    return cause.strerror or str(cause)
