"""Hostile captures end in findings, in memory and time that are bounded."""

import gzip
import io
import json
import os
import re
import resource
import zipfile
import zlib

import pytest
import zstandard

from docpact.capture import Damage, ReadOptions, Skipped, captured_files, entries_in
from docpact.core.exchange import Exchange

MEGABYTE = 2**20
BOMB = 100 * MEGABYTE  # as it would be unpacked


def packed(packer, size: int, fill: bytes = b" ") -> bytes:
    """So many bytes, packed."""
    chunk = fill * MEGABYTE
    return b"".join([*(packer.compress(chunk) for _ in range(size // MEGABYTE)), packer.flush()])


def gzip_bomb(fill: bytes = b" ", size: int = BOMB) -> bytes:
    """A few hundred kilobytes that would be much more."""
    return packed(zlib.compressobj(9, wbits=31), size, fill)


def zstd_bomb() -> bytes:
    """A few kilobytes that would be much more."""
    return packed(zstandard.ZstdCompressor(19).compressobj(), BOMB)


def zip_bomb() -> bytes:
    """An archive of one such file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made, made.open("a", "w") as member:
        for _ in range(BOMB // MEGABYTE):
            member.write(b" " * MEGABYTE)
    return stream.getvalue()


def nested(depth: int) -> bytes:
    """A file packed again and again."""
    data = b'{"a": 1}'
    for _ in range(depth):
        data = gzip.compress(data)
    return data


@pytest.fixture
def entries(tmp_path):
    """The entries of a file with these bytes, read in no more memory than is decent."""

    def read(data: bytes, **said):
        path = tmp_path / "capture"
        path.write_bytes(data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        (file,) = captured_files([str(path)])
        found = list(entries_in(file, ReadOptions(**said)))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000  # kB
        return found

    return read


@pytest.mark.parametrize("bomb", [gzip_bomb, zstd_bomb, zip_bomb])
@pytest.mark.parametrize("kind", ["ndjson", "har", "http", "vcr"])
def test_a_bomb_is_not_unpacked(entries, bomb, kind):
    """A bomb is damage, or is empty, once it unpacks to too much."""
    found = entries(bomb(), format=kind)
    assert isinstance(found[-1], Damage)


def test_a_body_that_is_too_large_is_a_body_that_is_too_large(entries):
    """Of a body that is too large, only so much is read as is needed to say so."""
    (only,) = entries(gzip_bomb(), format="body")
    assert 16 * MEGABYTE < len(only.response.body) < 18 * MEGABYTE


def test_what_packs_well_is_no_bomb(entries):
    """The same answer ten thousand times over is a capture all the same."""
    line = json.dumps({"RequestId": "a" * 300}).encode() + b"\n"
    found = entries(gzip.compress(line * 10_000))
    assert len(found) == 10_000
    assert all(isinstance(each, Exchange) for each in found)


def test_layer_upon_layer_is_given_up(entries):
    """A capture that is packed four times is not read."""
    assert isinstance(entries(nested(3))[0], Exchange)
    assert isinstance(entries(nested(4))[0], Damage)


def test_what_came_before_a_damage_is_judged(entries):
    """What comes before a damage is judged, however small: a cut log still has its whole lines."""
    lines = [
        b'{"RequestId":"%d%s"}' % (number, os.urandom(40).hex().encode()) for number in range(99)
    ]
    packed = gzip.compress(b"\n".join(lines))
    for data in (packed[: len(packed) // 2], packed + b"junk"):
        *whole, last = entries(data)
        assert [each.response.body for each in whole] == lines[: len(whole)]
        assert len(whole) > 40
        assert isinstance(last, Damage)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b'{"RequestId":"a"}\n{"RequestId":"b"}\n' * 500)[:-20],
        zstandard.compress(os.urandom(100_000))[:5000],
        b"PK\x03\x04nonsense",
        b"\x1f\x8b\x08nonsense",
        b"\x28\xb5\x2f\xfdnonsense",
        b"PK\x05\x06" + bytes(18),
    ],
    ids=["cut-gzip", "cut-zstd", "no-zip", "no-gzip", "no-zstd", "empty-zip"],
)
def test_a_broken_packing_is_damage_behind_what_came_before(entries, data):
    """A broken packed file is damage behind what came before, and not an error of a library."""
    found = entries(data)
    assert not found or isinstance(found[-1], Damage) or not found[-1].response.body


@pytest.mark.parametrize("kind", ["ndjson", "schemathesis", "vcr", "http", "har", "body"])
def test_a_line_of_a_gigabyte_is_passed_over(tmp_path, kind):
    """A line of a gigabyte takes no memory."""
    path = tmp_path / "sparse"
    start = b'{"log": {"entries": [{"a": "' if kind == "har" else b"interactions:\n- "
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(2**30)
        stream.seek(0, os.SEEK_END)
        stream.write(b'\n{"RequestId": "a"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (file,) = captured_files([str(path)])
    found = list(entries_in(file, ReadOptions(format=kind)))
    assert found
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB
    if kind == "ndjson":
        assert [Exchange, Damage, Exchange] == [type(each) for each in found]
        assert found[-1].source.first_line == 3


@pytest.mark.parametrize("depth", [100, 100_000])
@pytest.mark.parametrize(
    ("kind", "start", "opening"),
    [
        ("har", b'{"log": {"entries": [', b'{"a":['),
        ("vcr", b'{"version": 1, "interactions": [', b"["),
        ("vcr", b"interactions:\n- ", b"["),
        ("ndjson", b'{"body": ', b"["),
        ("schemathesis", b'{"ScenarioFinished": ', b"{"),
        ("mitmproxy", b"", b"1:"),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n", b"["),
    ],
)
def test_depth_is_no_danger(entries, kind, start, opening, depth):
    """Deep nesting overflows no stack, neither ours nor that of a library."""
    assert entries(start + opening * depth, format=kind)


def test_entities_that_multiply_are_never_written_out(entries):
    """Anchors in YAML that name the same value often are not written out."""
    lines = [b"- &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [b"  , &a%d [%s]" % (n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)]
    data = b"interactions:\n- request: {a: [" + b"\n".join(lines)[2:] + b"]}\n  response: *a11\n"
    assert len(entries(data)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip_bomb(size=40 * MEGABYTE),
        b"HTTP/1.1 200 OK\r\nContent-Type: a/b; charset=\xff\r\n\r\n\xff\xfe{\x00}\x00",
    ],
    ids=["huge", "negative", "chunk", "bomb", "mixed"],
)
def test_a_message_that_lies_about_its_body_is_read_as_it_is(entries, data):
    """What is wrong with it is a matter for the rules."""
    (only,) = entries(data)
    assert len(only.response.body) < 18 * MEGABYTE


@pytest.mark.parametrize(
    "data",
    [
        b"99999999999:9:websocket;",
        b"12:3:abc,",
        b"10:4:type;4:http;}",
        b"0:}0:}",
        b"-5:abc}",
        b"3:1:a}",
        b"24:7:request;0:}8:response;0:}}x",
        b"13:4:abcd;0:~-4:}",
        b"13:4:abcd;0:~+0:}",
        b"13:4:abcd;0:~ 0:}",
        b":}",
    ],
)
def test_broken_flows_are_damage(entries, data):
    """Flows with wrong lengths end in a finding."""
    found = entries(data, format="mitmproxy")
    assert found
    assert not any(isinstance(each, Exchange) for each in found)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("mitmproxy", b"%d:%s}" % (30 * MEGABYTE, b"0:}" * (10 * MEGABYTE))),
        ("vcr", b"interactions:\n- [" + b"[]," * (10 * MEGABYTE) + b"]\n"),
        ("har", b'{"log": {"entries": [{"x": [' + b"[]," * (2 * MEGABYTE) + b"0]}]}}"),
        ("vcr", b'{"interactions": [{"x": [' + b"[]," * (2 * MEGABYTE) + b"0]}]}"),
        ("schemathesis", b'{"x": [' + b"[]," * (2 * MEGABYTE) + b"0]}"),
    ],
    ids=["mitmproxy", "vcr", "har", "vcr-json", "schemathesis"],
)
def test_values_without_end_are_not_kept(entries, kind, data):
    """An endless list of values is refused, because it takes much memory."""
    (only,) = entries(data, format=kind)
    assert isinstance(only, Damage)
    assert re.search(r"more (than 1,000,000 )?values", only.why)


def test_many_commas_in_a_body_are_no_values(entries):
    """Commas in a text do not count as values."""
    body = json.dumps({"RequestId": "," * (2 * MEGABYTE)})
    (only,) = entries(json.dumps({"body": body, "status": 200}).encode(), format="ndjson")
    assert only.response.body.decode() == body


def test_a_member_without_a_name_is_read(entries):
    """A member of a ZIP archive without a name is read."""
    member = zipfile.ZipInfo("a")
    member.filename = ""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(member, b'{"RequestId": "a"}')
    (only,) = entries(stream.getvalue())
    assert only.response.body == b'{"RequestId": "a"}'


def test_codings_that_nobody_here_undoes_are_skipped_with_the_reason(entries):
    """Such a body says nothing of the answer; one that is plain already does."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n"
    (packed,) = entries(head + b"\x0b\x00\x80{}\x03")
    assert isinstance(packed, Skipped)
    assert "br" in packed.what
    (plain,) = entries(head + b"{}")
    assert isinstance(plain, Exchange)
