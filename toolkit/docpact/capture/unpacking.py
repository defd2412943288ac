"""Undo the compression of whole captures, within bounds."""

import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from docpact.capture.external_bodies import Find, is_archive, names_in
from docpact.capture.model import DamagedCapture

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

# Traffic is repetitive and packs well, but a bomb packs a thousandfold. What is small is let pass.
_ALWAYS: Final = 32 * 1024 * 1024
_MOST_TIMES: Final = 200
_LAYERS: Final = 3  # an archive that holds packed files, and one to spare
_LARGEST_WINDOW: Final = 128 * 1024 * 1024  # what zstd asks for by default at its highest levels
_BUFFER: Final = 256 * 1024
_SPOOLED: Final = 32 * 1024 * 1024

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"
LONGEST_MAGIC: Final = 4


@dataclass(frozen=True, slots=True)
class Layer:
    """One file within a packed one; the name is empty where it has none of its own."""

    name: str
    stream: BinaryIO
    find: Find | None = None  # what stands beside it, where that is known


def is_packed(start: bytes) -> bool:
    """Whether a file is compressed, by its first bytes."""
    return start.startswith((_GZIP, _ZSTD, _ZIP, _ZIP_EMPTY))


def unpacked_files(stream: BinaryIO, start: bytes, depth: int) -> Iterator[Layer]:
    """What a packed file holds.

    Raises DamagedCapture where it is broken, nested too deep, or would unpack to too much.
    """
    if depth >= _LAYERS:
        raise DamagedCapture("it is packed within packed files; the innermost was not read")
    counted = _Counted(stream)
    if start.startswith(_GZIP):
        import gzip

        yield Layer("", _bounded(gzip.GzipFile(fileobj=counted), counted))
    elif start.startswith(_ZSTD):
        import zstandard

        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        # It reads, which is all that is asked of it; but it is no IO by its type.
        reader = unpacker.stream_reader(cast("BinaryIO", counted), read_across_frames=True)
        # A cut frame ends like a whole one, so its size has to tell, where it says it.
        try:
            least = zstandard.frame_content_size(start)
        except zstandard.ZstdError as cause:
            raise DamagedCapture(f"it cannot be unpacked: {cause}") from cause
        yield Layer("", _bounded(reader, counted, least))
    else:
        yield from _members(stream)


def _members(stream: BinaryIO) -> Iterator[Layer]:
    import tempfile
    import zipfile

    with tempfile.SpooledTemporaryFile(_SPOOLED) as spool:
        if not stream.seekable():
            while chunk := stream.read(_BUFFER):
                spool.write(chunk)
            stream = spool  # type: ignore[assignment]  # it is a file in all but name
        try:
            with zipfile.ZipFile(stream) as archive:
                # A name may be empty, which is_dir() does not expect.
                members = [each for each in archive.infolist() if not each.filename.endswith("/")]
                kept = _kept_bodies(members, archive)
                for member in sorted(members, key=lambda each: each.filename):
                    if member.filename not in kept:
                        with _opened(archive, member) as opened:
                            yield Layer(member.filename, opened, _beside(archive, member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as cause:
            raise DamagedCapture(f"it is no whole ZIP archive: {cause}") from cause


def _opened(archive: "ZipFile", member: "ZipInfo") -> BinaryIO:
    return _bounded(archive.open(member), _Known(member.compress_size))


def _folder(member: "ZipInfo") -> str:
    return member.filename[: member.filename.rfind("/") + 1]


def _kept_bodies(members: Iterable["ZipInfo"], archive: "ZipFile") -> frozenset[str]:
    """The members that are no captures, but bodies of calls that a HAR beside them tells."""
    bodies: dict[str, set[str]] = {}
    for each in members:
        if not is_archive(each.filename):
            folder = _folder(each)
            bodies.setdefault(folder, set()).add(each.filename.removeprefix(folder))
    kept: set[str] = set()
    for each in members:
        folder = _folder(each)
        if is_archive(each.filename) and folder in bodies:
            # What is wrong with the HAR is told when it is read.
            with _opened(archive, each) as opened, suppress(DamagedCapture):
                kept.update(folder + name for name in names_in(opened, bodies[folder]))
    return frozenset(kept)


def _beside(archive: "ZipFile", member: "ZipInfo") -> Find:
    def find(name: str) -> tuple[BinaryIO, int] | None:
        try:
            known = archive.getinfo(_folder(member) + name)
            return _opened(archive, known), known.compress_size
        except (KeyError, NotImplementedError, RuntimeError, ValueError):
            return None

    return find


@dataclass(slots=True)
class _Known:
    """How many packed bytes there are, where an archive says so."""

    came: int


class _Counted(io.RawIOBase):
    """Passes on what it reads and counts it."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.came = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self.came += len(data)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what io itself passes
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Bounded(io.RawIOBase):
    """Unpacks until it came to be too much for what it was."""

    def __init__(self, inner: BinaryIO, packed: _Counted | _Known, least: int) -> None:
        self._inner = inner
        self._least = least
        self._packed = packed
        self._came = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what io itself passes
        try:
            # One step at a time, so that what came before a damage is not lost with it.
            data = self._inner.read1(min(len(buffer), _BUFFER))  # type: ignore[attr-defined]  # each has it
        except (OSError, EOFError, zlib.error, MemoryError) as cause:
            raise DamagedCapture(f"it cannot be unpacked further: {cause}") from cause
        except Exception as cause:  # zstandard and zipfile have errors of their own
            raise DamagedCapture(f"it cannot be unpacked further: {cause}") from cause
        self._came += len(data)
        if not data and self._came < self._least:
            raise DamagedCapture("it is cut")
        if self._came > _ALWAYS + _MOST_TIMES * self._packed.came:
            raise DamagedCapture(
                f"it unpacks to more than {_MOST_TIMES} times its size; the rest was not read"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what it unpacks, too."""
        if not self.closed:
            self._inner.close()
        super().close()


def _bounded(inner: object, packed: _Counted | _Known, least: int = 0) -> BinaryIO:
    bounded = _Bounded(cast("BinaryIO", inner), packed, least)
    return io.BufferedReader(cast("io.RawIOBase", bounded), _BUFFER)
