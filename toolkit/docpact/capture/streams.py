"""Streams of captures: their lines, their beginning read twice, what they hold compressed."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from docpact.capture.model import DamagedCapture, FindFile, is_archive, names_in
from docpact.core.exchange import MAX_BODY

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

# A judged body, twice: written as a text within JSON, each quote and line end takes two bytes.
MAX_LINE: Final = 2 * MAX_BODY
_CHUNK = 1024 * 1024


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number; None in place of one that is longer than any entry."""
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            _pass_over(stream)
            yield number, None
        else:
            yield number, line


def _pass_over(stream: BinaryIO) -> None:
    """Read on to the end of the line without keeping it."""
    while rest := stream.readline(_CHUNK):
        if rest.endswith(b"\n"):
            return


class StreamFilter(io.RawIOBase):
    """A stream in front of another; `owns` says that closing it closes the other, too."""

    def __init__(self, stream: BinaryIO, *, owns: bool = False) -> None:
        self.stream = stream
        self._owns = owns

    def read_some(self, size: int) -> bytes:
        """As many bytes as come at once; none at the end."""
        return self.stream.read(size)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what io itself passes
        """Read as much as comes at once."""
        data = self.read_some(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """As the stream behind it."""
        return self.stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """As the stream behind it."""
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream behind it."""
        return self.stream.tell()

    def close(self) -> None:
        """Close it, and the stream behind it if it owns that."""
        if self._owns and not self.closed:
            self.stream.close()
        super().close()


class ProgressStream(StreamFilter):
    """Reports how many bytes were read."""

    def __init__(self, stream: BinaryIO, on_progress: Callable[[int], None]) -> None:
        super().__init__(stream)
        self._on_progress = on_progress

    def read_some(self, size: int) -> bytes:
        """Read and report."""
        data = self.stream.read(size)
        self._on_progress(len(data))
        return data


class Rewound(StreamFilter):
    """A stream from its start again, though its beginning was read already."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__(stream)
        self.start = _start_of(stream, size)
        self._left = memoryview(self.start)

    def read_some(self, size: int) -> bytes:
        """What was read before, then the rest."""
        if not self._left:
            return _read_once(self.stream, size)
        data = bytes(self._left[:size])
        self._left = self._left[size:]
        return data

    def seekable(self) -> bool:
        """Only the stream behind it may be; see `whole`."""
        return False

    def buffered(self) -> BinaryIO:
        """The stream for those who read lines."""
        return io.BufferedReader(cast("io.RawIOBase", self), _BUFFER)

    def whole(self) -> BinaryIO:
        """The stream for those who seek, if it can."""
        if self.stream.seekable():
            self.stream.seek(0)
            return self.stream
        return self.buffered()


def _read_once(stream: BinaryIO, most: int) -> bytes:
    """What comes in one step: with more, what came before a damage would be lost with it."""
    read1 = getattr(stream, "read1", stream.read)
    return bytes(read1(most))


def _start_of(stream: BinaryIO, size: int) -> bytes:
    """The first bytes, also of a packed file that is damaged behind them."""
    start = b""
    try:
        while len(start) < size and (more := _read_once(stream, size - len(start))):
            start += more
    except DamagedCapture:
        if not start:
            raise
    return start


# Traffic is repetitive and packs well, but a bomb packs a thousandfold. Small files may pass.
_ALWAYS: Final = 32 * 1024 * 1024
_MOST_TIMES: Final = 200
_LAYERS: Final = 3  # an archive that holds packed files, and one to spare
_LARGEST_WINDOW: Final = 128 * 1024 * 1024  # what zstd asks for by default at its highest levels
_BUFFER: Final = 256 * 1024
_SPOOLED: Final = 32 * 1024 * 1024

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """One file within a packed one; the name is empty where it has none of its own."""

    name: str
    stream: BinaryIO
    find: FindFile | None = None  # finds what is beside it, where that is known


def is_packed(start: bytes) -> bool:
    """Whether a file is compressed, by its first bytes."""
    return start.startswith((_GZIP, _ZSTD, _ZIP, _ZIP_EMPTY))


def unpacked_files(stream: BinaryIO, start: bytes, depth: int) -> Iterator[UnpackedFile]:
    """What a packed file holds.

    Raises DamagedCapture where it is broken, nested too deep, or would unpack to too much.
    """
    if depth >= _LAYERS:
        raise DamagedCapture("it is packed within packed files; the innermost was not read")
    packed = _PackedSize()
    counted = cast("BinaryIO", ProgressStream(stream, packed.add))
    if start.startswith(_GZIP):
        import gzip

        yield UnpackedFile("", _bounded(gzip.GzipFile(fileobj=counted), packed))
    elif start.startswith(_ZSTD):
        import zstandard

        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        # By its type it is not a stream, but it can be read.
        reader = unpacker.stream_reader(counted, read_across_frames=True)
        # A cut frame ends like a whole one, so it is known by its size, where that is written.
        try:
            least = zstandard.frame_content_size(start)
        except zstandard.ZstdError as cause:
            raise DamagedCapture(f"it cannot be unpacked: {cause}") from cause
        yield UnpackedFile("", _bounded(reader, packed, least))
    else:
        yield from _members(stream)


def _members(stream: BinaryIO) -> Iterator[UnpackedFile]:
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
                            yield UnpackedFile(member.filename, opened, _beside(archive, member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as cause:
            raise DamagedCapture(f"it is not a whole ZIP archive: {cause}") from cause


def _opened(archive: "ZipFile", member: "ZipInfo") -> BinaryIO:
    return _bounded(archive.open(member), _PackedSize(member.compress_size))


def _folder(member: "ZipInfo") -> str:
    return member.filename[: member.filename.rfind("/") + 1]


def _kept_bodies(members: Iterable["ZipInfo"], archive: "ZipFile") -> frozenset[str]:
    """The members that are not captures, but bodies of calls in a HAR beside them."""
    bodies: dict[str, set[str]] = {}
    for each in members:
        if not is_archive(each.filename):
            folder = _folder(each)
            bodies.setdefault(folder, set()).add(each.filename.removeprefix(folder))
    kept: set[str] = set()
    for each in members:
        folder = _folder(each)
        if is_archive(each.filename) and folder in bodies:
            # What is wrong with the HAR is reported when it is read.
            with _opened(archive, each) as opened, suppress(DamagedCapture):
                kept.update(folder + name for name in names_in(opened, bodies[folder]))
    return frozenset(kept)


def _beside(archive: "ZipFile", member: "ZipInfo") -> FindFile:
    def find(name: str) -> tuple[BinaryIO, int] | None:
        try:
            found = archive.getinfo(_folder(member) + name)
            return _opened(archive, found), found.compress_size
        except (KeyError, NotImplementedError, RuntimeError, ValueError):
            return None

    return find


@dataclass(slots=True)
class _PackedSize:
    """The number of packed bytes that were read, or of which an archive says that there are."""

    count: int = 0

    def add(self, size: int) -> None:
        """Count bytes that were read."""
        self.count += size


class _Unpacked(StreamFilter):
    """Unpacks until it is too much for what was packed."""

    def __init__(self, stream: BinaryIO, packed: _PackedSize, least: int) -> None:
        super().__init__(stream, owns=True)
        self._least = least
        self._packed = packed
        self._size = 0

    def read_some(self, size: int) -> bytes:
        """One step at a time, so that what came before a damage is not lost with it."""
        try:
            data: bytes = self.stream.read1(min(size, _BUFFER))  # type: ignore[attr-defined]  # each has it
        except Exception as cause:  # zlib, zstandard and zipfile have errors of their own
            raise DamagedCapture(f"it cannot be unpacked further: {cause}") from cause
        self._size += len(data)
        if not data and self._size < self._least:
            raise DamagedCapture("the packed file ends in the middle")
        if self._size > _ALWAYS + _MOST_TIMES * self._packed.count:
            raise DamagedCapture(
                f"it unpacks to more than {_MOST_TIMES} times its size; the rest was not read"
            )
        return data


def _bounded(stream: object, packed: _PackedSize, least: int = 0) -> BinaryIO:
    unpacked = _Unpacked(cast("BinaryIO", stream), packed, least)
    return io.BufferedReader(cast("io.RawIOBase", unpacked), _BUFFER)
