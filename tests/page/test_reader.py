"""Files that hold a page, and files that cannot."""

from pathlib import Path

import pytest

from docpact.core.errors import UnreadablePage
from docpact.page import read, read_file


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    """The page carries the file's name without its folder."""
    file = tmp_path / "页.md"
    file.write_bytes("# 标题\r\n\r\ntext\r\n".encode())
    assert read_file(file) == read("# 标题\n\ntext\n", "页.md")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A file may begin with a byte order mark, as some editors write it."""
    file = tmp_path / "page.md"
    file.write_bytes(b"\xef\xbb\xbf# A\n")
    assert read_file(file).title == "A"


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"a\r\nb\r\xff\n", "is not UTF-8", 3),
        (b"a\n\0", "holds NUL bytes", 2),
        ("# A".encode("utf-16"), "is not UTF-8|holds NUL bytes", 1),
    ],
)
def test_other_bytes_are_refused_with_their_line(
    tmp_path: Path, content: bytes, message: str, line: int
) -> None:
    """The error names the line of the first wrong byte, and says what to do."""
    file = tmp_path / "page.md"
    file.write_bytes(content)
    with pytest.raises(UnreadablePage, match=message) as caught:
        read_file(file)
    assert caught.value.span is not None
    assert (caught.value.span.file, caught.value.span.first) == ("page.md", line)
    assert caught.value.hint.endswith(".")


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    """A missing file and a folder are refused with different messages."""
    with pytest.raises(UnreadablePage, match="no such page") as caught:
        read_file(tmp_path / "none.md")
    assert caught.value.hint
    with pytest.raises(UnreadablePage, match="is a folder") as caught:
        read_file(tmp_path)
    assert caught.value.hint


def test_a_page_has_at_most_eight_mebibytes(tmp_path: Path) -> None:
    """The limit itself is fine, one byte more is not."""
    file = tmp_path / "page.md"
    file.write_bytes(b"x" * (8 * 1024 * 1024))
    assert len(read_file(file).blocks) == 1
    file.write_bytes(b"x" * (8 * 1024 * 1024 + 1))
    with pytest.raises(UnreadablePage, match="larger than 8 MiB") as caught:
        read_file(file)
    assert caught.value.hint
