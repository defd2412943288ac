"""Undo the compression of whole captures, within bounds."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from docpact.capture.entry import DamagedCapture

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
                for member in sorted(archive.infolist(), key=lambda each: each.filename):
                    if not member.is_dir():
                        with archive.open(member) as opened:
                            size = _Known(member.compress_size)
                            yield Layer(member.filename, _bounded(opened, size))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as cause:
            raise DamagedCapture(f"it is no whole ZIP archive: {cause}") from cause


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
            data = self._inner.read(min(len(buffer), _BUFFER))
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


def _bounded(inner: object, packed: _Counted | _Known, least: int = 0) -> BinaryIO:
    bounded = _Bounded(cast("BinaryIO", inner), packed, least)
    return io.BufferedReader(cast("io.RawIOBase", bounded), _BUFFER)
