"""Find the captured files that a user names and open them: local ones, or those fsspec reaches."""

import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

from docpact.capture.detect import DETECTED_BYTES, detect_format
from docpact.capture.model import bodies_among, file_beside
from docpact.capture.streams import StreamFilter
from docpact.core.errors import DocpactError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

STDIN = "-"
CAPTURE_SUFFIXES: Final = frozenset(
    {
        *(".json", ".xml", ".http", ".txt", ".body", ".response", ".har", ".yaml", ".yml"),
        *(".ndjson", ".jsonl", ".mitm", ".flow", ".flows"),
        *(".gz", ".zst", ".zip"),
    }
)
_MAGIC: Final = re.compile(r"[*?\[]")
_READ_AHEAD: Final = 1024 * 1024  # bytes; what a store sends ahead is up to its file system
_USER: Final = re.compile(r"(?<=://)[^/@]*@")
_QUERY: Final = re.compile(r"\?\S*")
_WEB: Final = ("http://", "https://")


class FileSystem(Protocol):
    """Where files are: the few operations that captures need."""

    def open(self, path: str) -> BinaryIO:
        """A file's bytes from the start; raises OSError."""

    def beside(self, path: str, name: str) -> tuple[BinaryIO, int] | None:
        """Another file of the same folder and its size; links are not followed."""


class _LocalFiles:
    """The files of this machine."""

    def open(self, path: str) -> BinaryIO:
        if path == STDIN:
            return _standard_input()
        return Path(path).open("rb")

    def beside(self, path: str, name: str) -> tuple[BinaryIO, int] | None:
        return file_beside(path, name) if path not in {"", STDIN} else None

    def find(self, path: str) -> "Iterator[CapturedFile]":
        if os.path.isdir(path):  # noqa: PTH112  # the name stays as the user wrote it
            return self._in_folder(path)
        if _MAGIC.search(path) and not os.path.lexists(path):
            return self._matching(path)
        return iter((self.file(path),))

    def file(self, path: str) -> "CapturedFile":
        try:
            place = str(Path(path).absolute())  # workers may run in another folder
            status = os.stat(path)  # noqa: PTH116
            if not stat.S_ISREG(status.st_mode):
                return CapturedFile(path, path=place)  # a pipe can be opened only once
            with Path(path).open("rb"):
                return CapturedFile(path, path=place, size=status.st_size)
        except (OSError, ValueError) as cause:
            return CapturedFile(path, problem=error_text(cause))

    def _matching(self, pattern: str) -> "Iterator[CapturedFile]":
        """The files of a pattern that no shell has expanded, as on Windows or in quotes."""
        import glob

        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # names stay as written
        if not found:
            yield CapturedFile(pattern, problem="no file matches this pattern")
        yield from (self.file(each) for each in found if os.path.isfile(each))  # noqa: PTH113

    def _in_folder(self, folder: str) -> "Iterator[CapturedFile]":
        # Links to folders are not followed, so a link to a parent cannot make the walk endless.
        errors: list[OSError] = []
        for parent, folders, names in os.walk(folder, onerror=errors.append):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            paths = {each: str(Path(parent, each)) for each in names}
            files = {
                name: CapturedFile(path, path=path)
                for name, path in paths.items()
                if os.path.isfile(path)  # noqa: PTH113  # a pipe would never end
            }
            for each in _sorted_out(files):
                yield self.file(each.name) if each.is_capture else each
        for cause in errors:
            yield CapturedFile(str(cause.filename), problem=error_text(cause))


@dataclass(frozen=True, slots=True)
class _RemoteFiles:
    """The files of a file system of fsspec; it can be sent to other machines."""

    store: "AbstractFileSystem"

    def open(self, path: str) -> BinaryIO:
        try:
            stream = self.store.open(path, "rb")
        except Exception as cause:  # each store has errors of its own
            raise OSError(error_text(cause)) from cause
        opened = io.BufferedReader(
            cast("io.RawIOBase", _RemoteStream(stream, owns=True)), _READ_AHEAD
        )
        opened.peek(1)  # many stores only answer to a read, even where there is no such file
        return opened

    def beside(self, path: str, name: str) -> tuple[BinaryIO, int] | None:
        place = f"{path.rpartition('/')[0]}/{name}"
        try:
            info = self.store.info(place)
            if info["type"] != "file" or info.get("islink"):
                return None
            return self.open(place), info.get("size") or 0
        except Exception:  # noqa: BLE001  # each store has errors of its own
            return None

    def find(self, path: str, url: str) -> "Iterator[CapturedFile]":
        is_pattern = _MAGIC.search(path) and not url.startswith(_WEB)
        try:
            yield from self._matching(path, url) if is_pattern else self._named(path, url)
        except Exception as cause:  # noqa: BLE001  # each store has errors of its own
            yield CapturedFile(_without_secrets(url), problem=error_text(cause))

    def _matching(self, pattern: str, url: str) -> "Iterator[CapturedFile]":
        found = self.store.glob(pattern, detail=True)
        files = {path: info for path, info in found.items() if info["type"] != "directory"}
        if not files:
            yield CapturedFile(_without_secrets(url), problem="no file matches this pattern")
        for path in sorted(files):
            yield self._file(_without_secrets(self.store.unstrip_protocol(path)), path, files[path])

    def _named(self, path: str, url: str) -> "Iterator[CapturedFile]":
        info = self.store.info(path)
        if info["type"] != "directory":
            yield self._file(_without_secrets(url), path, info)
            return
        root, shown = path.rstrip("/"), _without_secrets(url).rstrip("/")
        found = self.store.find(root, detail=True)
        inner = {each: each.removeprefix(root).lstrip("/") for each in found}
        walked = sorted(inner, key=lambda each: _walking_order(inner[each]))
        for folder, paths in groupby(walked, lambda each: inner[each].rpartition("/")[0]):
            if any(each.startswith(".") for each in folder.split("/")):
                continue
            files = {
                PurePosixPath(each).name: self._file(f"{shown}/{inner[each]}", each, found[each])
                for each in paths
            }
            yield from _sorted_out(files)

    def _file(self, name: str, path: str, info: Mapping[str, object]) -> "CapturedFile":
        return CapturedFile(name, path=path, size=cast("int", info.get("size") or 0), files=self)


_LOCAL: Final = _LocalFiles()


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """One file under the name by which the user knows it; it can be opened on another machine."""

    name: str
    data: bytes = b""  # its bytes, where it has no path
    is_capture: bool = True  # not for a file met in a folder that does not look like one
    problem: str = ""  # why it cannot be read
    path: str | None = field(default=None, repr=False)  # by which its file system knows it
    size: int = 0  # of the file, as far as it is known
    files: FileSystem = field(default=_LOCAL, repr=False)  # it may hold keys

    def open(self) -> BinaryIO:
        """The file's bytes from the start; raises OSError, as reading does."""
        return io.BytesIO(self.data) if self.path is None else self.files.open(self.path)

    def beside(self, name: str) -> tuple[BinaryIO, int] | None:
        """Another file of the same folder and its size, where the folder is known."""
        return self.files.beside(self.path, name) if self.path and self.size else None

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input, which no other process can read."""
        return self.path == STDIN


def captured_files(
    paths: Iterable[str], storage: Mapping[str, object] | None = None
) -> Iterator[CapturedFile]:
    """Every file that paths, patterns and URLs name, readable or not; folders in order of names.

    `storage` is what the file systems of URLs take, as keys and endpoints. Raises DocpactError
    where no file system knows a URL.
    """
    # All URLs are resolved before any file is judged.
    found = [(each, _resolved(each, storage or {}) if "://" in each else None) for each in paths]
    for path, remote in found:
        if remote is not None:
            yield from remote[0].find(remote[1], path)
        elif path != STDIN:
            yield from _LOCAL.find(path)
        elif sys.stdin is None:
            yield CapturedFile(STDIN, problem="standard input is closed")
        else:
            yield CapturedFile(STDIN, path=STDIN)


def error_text(cause: Exception) -> str:
    """What went wrong with a file, without what a signed URL keeps secret."""
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    if isinstance(cause, FileNotFoundError):
        return "No such file or directory"
    return _QUERY.sub("", _USER.sub("", str(cause))) or type(cause).__name__


def _resolved(url: str, storage: Mapping[str, object]) -> tuple[_RemoteFiles, str]:
    try:
        from fsspec.core import url_to_fs

        store, path = url_to_fs(url, **storage)
    except (ImportError, ValueError) as cause:
        hint = "Install the fsspec plugin for it, as s3fs for s3:// or ossfs for oss://."
        why = f"{_without_secrets(url)} cannot be reached: {error_text(cause)}"
        raise DocpactError(why, hint=hint) from cause
    return _RemoteFiles(store), str(path)


def _without_secrets(url: str) -> str:
    """The URL as reports name it: without a password or a signature."""
    name = _USER.sub("", url)
    return name.partition("?")[0] if name.startswith(_WEB) else name


def _sorted_out(files: Mapping[str, CapturedFile]) -> Iterator[CapturedFile]:
    """The files of one folder by name, those that are not captures marked as such."""
    bodies = bodies_among(files, lambda name: files[name].open())
    for name in sorted(each for each in files if not each.startswith(".")):
        is_capture = name not in bodies and _may_be_capture(files[name])
        yield files[name] if is_capture else CapturedFile(files[name].name, is_capture=False)


def _may_be_capture(file: CapturedFile) -> bool:
    """Whether a file met in a folder is a capture; most YAML files are something else."""
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in {".yaml", ".yml"}:
        return suffix in CAPTURE_SUFFIXES
    try:
        with file.open() as stream:
            return detect_format(stream.read(DETECTED_BYTES)) == "vcr"
    except OSError:
        return True  # that it cannot be read is reported


def _walking_order(path: str) -> tuple[tuple[bool, str], ...]:
    """Sorts a folder's files before those of the folders in it."""
    *folders, last = path.split("/")
    return *((True, each) for each in folders), (False, last)


class _RemoteStream(StreamFilter):
    """A stream of a store, all of whose errors are OSErrors."""

    def read_some(self, size: int) -> bytes:
        try:
            return self.stream.read(size)
        except Exception as cause:
            raise OSError(error_text(cause)) from cause


def _standard_input() -> BinaryIO:
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError):  # it was replaced by a stream in memory
        return io.BytesIO(sys.stdin.buffer.read())
