"""Find captures where fsspec reaches, and open them: object stores, other machines, local disks."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from docpact.capture.buffers import Passing
from docpact.capture.detect import LOOKED_AT, kind_of
from docpact.capture.external_bodies import bodies_among
from docpact.capture.files import CAPTURE_SUFFIXES, CapturedFile
from docpact.core.errors import DocpactError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_AT_ONCE: Final = 1024 * 1024  # bytes; what a store sends ahead is up to its file system
_MAGIC: Final = re.compile(r"[*?\[]")
_USER: Final = re.compile(r"(?<=://)[^/@]*@")
_QUERY: Final = re.compile(r"\?\S*")


@dataclass(frozen=True, slots=True)
class StoredFile(CapturedFile):
    """A file in a store; it can be sent to other machines and opened there."""

    store: "AbstractFileSystem | None" = field(default=None, repr=False)  # it may hold keys
    place: str = field(default="", repr=False)  # by which the store knows it

    def open(self) -> BinaryIO:
        """The file's bytes from the start.

        Raises OSError, as reading does, whatever the store's own errors are.
        """
        if self.store is None:
            return CapturedFile.open(self)
        try:
            stream = self.store.open(self.place, "rb")
        except Exception as cause:  # each store has errors of its own
            raise OSError(reason(cause)) from cause
        return io.BufferedReader(cast("io.RawIOBase", _Stored(stream)), _AT_ONCE)

    def beside(self, name: str) -> tuple[BinaryIO, int] | None:
        """Another file of the same folder in the store, and its size; links are not followed."""
        if self.store is None:
            return None
        place = f"{self.place.rpartition('/')[0]}/{name}"
        try:
            known = self.store.info(place)
            if known["type"] != "file" or known.get("islink"):
                return None
            file = _file(self.store, place, name, known)
            return file.open(), file.size
        except Exception:  # noqa: BLE001  # each store has errors of its own
            return None


def stored_files(
    urls: Iterable[str], storage: Mapping[str, object] | None = None
) -> Iterator[CapturedFile]:
    """Every file meant by the URLs or paths, readable or not, in the order of `captured_files`.

    `storage` is what the file system takes, as keys and endpoints. Raises DocpactError where no
    file system knows such a URL.
    """
    known = [(url, *_store_of(url, storage or {})) for url in urls]  # all, before any is judged
    for url, store, place in known:
        name = _shown(url)
        is_pattern = _MAGIC.search(place) and not url.startswith(("http://", "https://"))
        try:
            yield from _matching(store, place, url) if is_pattern else _named(store, place, name)
        except Exception as cause:  # noqa: BLE001  # each store has errors of its own
            yield CapturedFile(name, problem=reason(cause))


def reason(cause: Exception) -> str:
    """What went wrong in a store, without what a signed URL keeps secret."""
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    if isinstance(cause, FileNotFoundError):
        return "No such file or directory"
    return _QUERY.sub("", _USER.sub("", str(cause))) or type(cause).__name__


def _store_of(url: str, storage: Mapping[str, object]) -> tuple["AbstractFileSystem", str]:
    from fsspec.core import url_to_fs

    try:
        store, place = url_to_fs(url, **storage)
    except (ImportError, ValueError) as cause:
        hint = "Install the fsspec plugin for it, as s3fs for s3:// or ossfs for oss://."
        raise DocpactError(
            f"{_shown(url)} cannot be reached: {reason(cause)}", hint=hint
        ) from cause
    return store, str(place)


def _shown(url: str) -> str:
    """The URL as reports name it: without a password or a signature."""
    shown = _USER.sub("", url)
    return shown.partition("?")[0] if shown.startswith(("http://", "https://")) else shown


def _matching(store: "AbstractFileSystem", pattern: str, url: str) -> Iterator[CapturedFile]:
    found = store.glob(pattern, detail=True)
    files = {place: known for place, known in found.items() if known["type"] != "directory"}
    if not files:
        yield CapturedFile(_shown(url), problem="no file has such a name")
    for place in sorted(files):
        name = store.unstrip_protocol(place) if "://" in url else place
        yield _file(store, place, _shown(name), files[place])


def _named(store: "AbstractFileSystem", place: str, name: str) -> Iterator[CapturedFile]:
    known = store.info(place)
    if known["type"] != "directory":
        yield _file(store, place, name, known)
        return
    root, shown = place.rstrip("/"), name.rstrip("/")
    found = store.find(root, detail=True)
    within = {inner.removeprefix(root).lstrip("/"): inner for inner in found}
    bodies = _bodies(store, within)
    for path in sorted(within, key=_as_walked):
        if any(part.startswith(".") for part in path.split("/")):
            continue
        file = _file(store, within[path], f"{shown}/{path}", found[within[path]])
        is_capture = path not in bodies and _may_be_capture(file)
        yield file if is_capture else CapturedFile(file.name, is_capture=False)


def _bodies(store: "AbstractFileSystem", within: Mapping[str, str]) -> frozenset[str]:
    """The files, by their paths in a folder, that archives beside them keep bodies in."""
    folders: dict[str, list[str]] = {}
    for path in within:
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder and f"{folder}/", []).append(name)

    def opened(folder: str, name: str) -> BinaryIO:
        return StoredFile(name, store=store, place=within[folder + name]).open()

    return frozenset(
        folder + name
        for folder, names in folders.items()
        for name in bodies_among(names, partial(opened, folder))
    )


def _as_walked(path: str) -> tuple[tuple[bool, str], ...]:
    """Sorts a folder's files before those of the folders in it."""
    *folders, last = path.split("/")
    return *((True, each) for each in folders), (False, last)


def _may_be_capture(file: CapturedFile) -> bool:
    """Whether a file met in a folder is one; most YAML files are something else."""
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in {".yaml", ".yml"}:
        return suffix in CAPTURE_SUFFIXES
    try:
        with file.open() as stream:
            return kind_of(stream.read(LOOKED_AT)) == "vcr"
    except OSError:
        return True  # it is said of it that it cannot be read


def _file(
    store: "AbstractFileSystem", place: str, name: str, known: Mapping[str, object]
) -> StoredFile:
    size = known.get("size")
    return StoredFile(name, size=cast("int", size or 0), store=store, place=place)


class _Stored(Passing):
    """A stream of a store, all of whose errors are OSErrors."""

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what io itself passes
        """Read as much as comes at once."""
        try:
            data = self._stream.read(len(buffer))
        except Exception as cause:
            raise OSError(reason(cause)) from cause
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what it reads, too."""
        if not self.closed:
            self._stream.close()
        super().close()
