"""Captures that were mangled in any way end in entries, and never in an error of a library."""

import gzip
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from docpact.capture import FORMATS, CapturedFile, Damage, ReadOptions, Skipped, entries_in
from docpact.core.exchange import Exchange

CAPTURES = Path(__file__).parents[2] / "samples" / "captures"
SAMPLES = {each.name: each.read_bytes() for each in sorted((CAPTURES / "clean").iterdir())}

# What has a meaning to one of the readers or another, and what none expects.
PIECES = [
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"\\",
        b"\n",
        b"\r\n\r\n",
        b"- ",
        b"  ",
        b"\t",
        b"'",
    ),
    *(
        b"&a ",
        b"*a",
        b"<<: *a",
        b"!!int ",
        b"!!binary ",
        b"!!timestamp ",
        b"? ",
        b"|",
        b"---",
        b"%",
    ),
    *(b"null", b"true", b"-1", b"1e999", b"NaN", b"0" * 30, b"9" * 400, b"\\ud800", b"\\u0000"),
    *(b"HTTP/1.1 200 OK\r\n", b"GET / HTTP/1.1\r\n", b"Content-Length: 7\r\n", b"< ", b"> ", b"* "),
    *(b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"ffffffff\r\n", b"0\r\n"),
    *(b"0:~", b"-4:", b"1:", b"99999999:", b"~", b"#", b"^", b"!", b";", b"\xff", b"\x00", b"\xe4"),
    *(b'"base64"', b'"text":', b'"headers":', b'"status":', b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"),
]


@st.composite
def mangled(draw: st.DrawFn, data: bytes) -> bytes:
    """The data with some pieces put in, taken out, repeated or moved."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(start + draw(st.integers(0, 40)), len(data))
        match draw(st.sampled_from(["put", "replace", "cut", "repeat", "move", "flip"])):
            case "put":
                data = data[:start] + draw(st.sampled_from(PIECES)) + data[start:]
            case "replace":
                data = data[:start] + draw(st.sampled_from(PIECES)) + data[end:]
            case "cut":
                data = data[:start] + draw(st.sampled_from([b"", data[end:]]))
            case "repeat":
                data = data[:end] + data[start:end] * draw(st.integers(1, 50)) + data[end:]
            case "move":
                data = data[:start] + data[end:] + data[start:end]
            case "flip":
                data = data[:start] + bytes(each ^ 0x20 for each in data[start:end]) + data[end:]
    return data


def zipped(data: bytes) -> bytes:
    """An archive of one file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("capture", data)
    return stream.getvalue()


def assert_read(data: bytes, reading: ReadOptions) -> None:
    """Everything in it is an entry."""
    for each in entries_in(CapturedFile("capture", data), reading):
        assert isinstance(each, Exchange | Damage | Skipped)


@pytest.mark.parametrize("name", SAMPLES)
@settings(deadline=timedelta(seconds=5))
@given(drawn=st.data())
def test_a_mangled_capture_is_read_to_its_end(name, drawn):
    """A mangled capture is read to its end as the format that it then seems to have."""
    assert_read(drawn.draw(mangled(SAMPLES[name])), ReadOptions())


@pytest.mark.parametrize("kind", FORMATS)
@settings(deadline=timedelta(seconds=5))
@given(drawn=st.data())
def test_a_capture_is_read_as_whatever_somebody_says_that_it_is(kind, drawn):
    """A capture is read in the format that somebody says, though it has another or none."""
    data = drawn.draw(st.sampled_from(sorted(SAMPLES.values())).flatmap(mangled) | st.binary())
    assert_read(data, ReadOptions(format=kind))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, zipped])
@settings(deadline=timedelta(seconds=5))
@given(drawn=st.data())
def test_a_mangled_packing_is_read_as_far_as_it_goes(pack, drawn):
    """What is packed and how may both be broken."""
    data = drawn.draw(st.sampled_from(sorted(SAMPLES.values())).flatmap(mangled))
    assert_read(drawn.draw(mangled(pack(data)) | st.just(pack(data))), ReadOptions())
