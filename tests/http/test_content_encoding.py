"""Bodies are unpacked from every coding that is common, and what cannot be is not misread."""

import gzip
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from docpact.core.exchange import MAX_BODY
from docpact.http.content_encoding import joined, left_packed, unpacked

BODY = b'{"RequestId": "9C1B6F5E-3A2D-4F7C-8B1E-0D9A8C7B6E5F"}' * 20


def raw_deflate(data: bytes) -> bytes:
    """What some servers send as deflate: without the head and sum of zlib."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.compress,
}
# What the coder of Brotli makes of b"{}": there is none to ask here.
BROTLI = b"\x0b\x00\x80{}\x03"


@pytest.mark.parametrize("coding", PACKERS)
@given(body=st.binary())
def test_what_was_packed_is_unpacked(coding, body):
    """Any body, also an empty one, is the same after packing and unpacking."""
    assert body == unpacked(PACKERS[coding](body), (("Content-Encoding", coding),))


def test_raw_deflate_is_deflate():
    """Both forms of deflate that servers send are unpacked."""
    assert unpacked(raw_deflate(BODY), (("content-encoding", "deflate"),)) == BODY


@pytest.mark.parametrize(
    "headers",
    [
        (("Content-Encoding", "deflate, GZIP"),),
        (("Content-Encoding", "deflate"), ("Content-Encoding", "gzip")),
        (("Content-Encoding", "identity, deflate,, gzip"),),
    ],
)
def test_several_codings_are_undone_from_the_last(headers):
    """Several codings are undone in the reverse of their order."""
    assert unpacked(gzip.compress(zlib.compress(BODY)), headers) == BODY


def test_chunks_and_what_is_in_them_are_undone():
    """Chunks are joined, and a compressed transfer is unpacked."""
    packed = gzip.compress(BODY)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    assert joined(chunked, (("Transfer-Encoding", "gzip, chunked"),)) == BODY


@pytest.mark.parametrize("coding", [*PACKERS, "br", "gzip, br", "snappy"])
@pytest.mark.parametrize("body", [BODY, b"<Error/>", b"Bad Gateway", '"不"'.encode("gbk"), b""])
def test_what_is_plain_already_is_left_alone(coding, body):
    """A plain body is not changed, whatever its headers say."""
    headers = (("Content-Encoding", coding),)
    assert unpacked(body, headers) == body
    assert left_packed(body, headers) is None


@pytest.mark.parametrize("coding", ["br", "gzip, br", "snappy", "compress"])
def test_what_cannot_be_unpacked_says_in_what_it_is(coding):
    """A body in an unknown coding is reported with the name of the coding."""
    headers = (("Content-Encoding", coding),)
    assert coding == left_packed(unpacked(BROTLI, headers), headers)


def test_a_broken_coding_that_is_known_is_the_servers_fault():
    """A body in a broken coding is judged as it arrived."""
    headers = (("Content-Encoding", "zstd"),)
    broken = b"\x28\xb5\x2f\xfdnonsense"
    assert unpacked(broken, headers) == broken
    assert left_packed(broken, headers) is None


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "zstd, gzip, gzip"])
def test_a_bomb_is_unpacked_up_to_the_limit(coding):
    """A bomb is unpacked up to one byte more than is judged."""
    body = b" " * (4 * MAX_BODY)
    for each in coding.split(", "):
        body = PACKERS[each](body)
    assert len(unpacked(body, (("Content-Encoding", coding),))) <= MAX_BODY + 1


def test_codings_without_end_are_not_followed():
    """More than four codings are not undone."""
    body = BODY
    for _ in range(5):
        body = gzip.compress(body)
    headers = (("Content-Encoding", ", ".join(["gzip"] * 5)),)
    assert unpacked(body, headers) == body
    assert left_packed(body, headers)


def test_a_million_empty_members_take_no_hours():
    """A gzip body of many empty members is unpacked in linear time."""
    body = gzip.compress(b"") * 500_000
    assert unpacked(body, (("Content-Encoding", "gzip"),)) == b""
