"""Bodies that an archive keeps in files of their own: beside it, or in the same ZIP."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Set
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO, Final

from docpact.capture.model import MAX_READ, DamagedCapture, FindFile

# Many calls may name one file, but a few lines must not stand for terabytes.
_ALWAYS: Final = 64 * 1024 * 1024
_FOR_EACH: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024
_PLAIN: Final = re.compile(r"[\w-][\w.-]{0,254}")
_HASHED: Final = re.compile(r"[0-9a-f]{40}(?:\.\w+)?")
_NAMED: Final = re.compile(rb'"_file"\s{0,9}:\s{0,9}"([^"\\]{1,255})"')
_OVERLAP: Final = 512  # bytes; more than a name and what is around it
# What Windows has no word for is nothing to it.
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


class ExternalBodies:
    """Reads the bodies that one archive keeps in other files, up to a limit."""

    def __init__(self, find: FindFile) -> None:
        self._find = find
        self._seen: set[str] = set()
        self._room = _ALWAYS

    def body(self, name: str) -> bytes | None:
        """What a file holds; None if it is not beside the archive.

        Raises ValueError where it cannot be read, DamagedCapture where it is too much in all.
        """
        found = self._find(name) if _PLAIN.fullmatch(name) else None
        if found is None:
            return None
        stream, size = found
        with closing(stream):
            try:
                data = stream.read(MAX_READ)
            except Exception as cause:  # zipfile, zlib and the disk have errors of their own
                raise ValueError(f"its body in {name} cannot be read: {cause}") from cause
        self._room += _FOR_EACH - len(data) + (0 if name in self._seen else size)
        self._seen.add(name)
        if self._room < 0:
            raise DamagedCapture(
                "it names the same large bodies over and over; the rest was not read"
            )
        return data


def file_beside(path: str, name: str) -> tuple[BinaryIO, int] | None:
    """A regular file in the same folder as another, and its size; links are not followed."""
    place = Path(path).parent / name
    if place.is_symlink():
        return None
    try:
        number = os.open(place, _FLAGS)
    except OSError:
        return None
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode):
        os.close(number)
        return None
    return os.fdopen(number, "rb"), status.st_size


def bodies_among(names: Iterable[str], opened: Callable[[str], BinaryIO]) -> Set[str]:
    """The files of a folder that are bodies of an archive in it, not captures themselves."""
    names = tuple(names)
    hashed = {each for each in names if _HASHED.fullmatch(each)}
    found: set[str] = set()
    for name in filter(is_archive, names if hashed else ()):
        # What is wrong with the archive is reported when it is read.
        with suppress(OSError), opened(name) as stream:
            found |= names_in(stream, hashed)
    return found


def is_archive(name: str) -> bool:
    """Whether a file is named like an HTTP Archive."""
    return name.lower().endswith(".har")


def names_in(stream: BinaryIO, among: Set[str]) -> Set[str]:
    """Which of these files an archive names as bodies of its own."""
    found: set[str] = set()
    rest = b""
    while chunk := stream.read(_CHUNK):
        window = rest + chunk
        named = {each.decode("utf-8", "replace") for each in _NAMED.findall(window)}
        found |= named & among
        rest = window[-_OVERLAP:]
    return found
