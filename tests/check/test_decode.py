"""Bytes and the encodings they are in, or claim to be in."""

import codecs

import pytest

from docpact.core.exchange import Headers

CJK = {"JobName": "实时 订单"}


def charset(name: str, media: str = "json") -> Headers:
    """Headers that name a charset."""
    return (("Content-Type", f"application/{media}; charset={name}"),)


def test_bytes_that_are_no_utf_8_are_placed(judge, answers):
    """The first byte that is not UTF-8 is reported with its place, and nothing else."""
    body = answers.json(answers.value({"JobName": "caf\u00e9"})).encode("latin-1")
    found = judge(body)
    assert ["wrong-encoding"] == found.rules
    offset = next(index for index, byte in enumerate(body) if byte > 0x7F)
    line = body[:offset].count(b"\n") + 1
    column = offset - body[:offset].rfind(b"\n")
    assert (line, column) == (found.only.at.line, found.only.at.column)


def test_xml_in_another_encoding_is_refused_even_if_it_says_so(judge, answers):
    """Answers are UTF-8, whatever the declaration says."""
    text = answers.xml(answers.value(CJK)).replace("UTF-8", "GBK")
    assert ["wrong-encoding"] == judge(text.encode("gbk")).rules


@pytest.mark.parametrize("name", ["GBK", "ISO-8859-1", "UTF-16", "US-ASCII", "no-such-encoding"])
def test_a_declaration_that_lies_is_noticed(judge, answers, name):
    """A declared encoding that the bytes are not in is reported; the text is judged as UTF-8."""
    text = answers.xml(answers.value({**CJK, "ActualState": "DONE"})).replace("UTF-8", name)
    found = judge(text)
    assert ["unknown-enum-value", "wrong-encoding"] == found.rules
    assert (name, 1) == (found.of("wrong-encoding").actual, found.of("wrong-encoding").at.line)


@pytest.mark.parametrize("name", ["UTF-8", "utf-8", "utf8", "UTF8"])
def test_a_declaration_of_utf_8_is_fine(judge, answers, name):
    """UTF-8 has several spellings."""
    assert [] == judge(answers.xml(answers.value(CJK)).replace("UTF-8", name)).rules


@pytest.mark.parametrize("name", ["GBK", "ISO-8859-1", "US-ASCII"])
def test_ascii_fits_every_encoding_that_holds_it(judge, answers, name):
    """Bytes that mean the same in both encodings are in both."""
    text = answers.xml(answers.value()).replace("UTF-8", name)
    assert [] == judge(text, headers=charset(name, "xml"), status=200).rules
    assert [] == judge(answers.json(answers.value()), headers=charset(name), status=200).rules


@pytest.mark.parametrize("name", ["UTF-16", "utf-16le", "UTF-32"])
def test_plain_bytes_are_not_in_a_wide_encoding(judge, answers, name):
    """One byte for each character is neither UTF-16 nor UTF-32, even for ASCII."""
    text = answers.xml(answers.value()).replace("UTF-8", name)
    assert ["wrong-encoding"] == judge(text).rules
    body = answers.json(answers.value())
    assert ["wrong-encoding"] == judge(body, headers=charset(name), status=200).rules


@pytest.mark.parametrize("name", ["gbk", "iso-8859-1", "utf-16", "us-ascii", "bogus"])
def test_a_charset_that_lies_is_noticed(judge, answers, name):
    """The same holds for the charset of the Content-Type."""
    body = answers.json(answers.value(CJK))
    found = judge(body, headers=charset(name), status=200)
    assert [("wrong-encoding", name)] == [(each.rule, each.actual) for each in found.findings]


@pytest.mark.parametrize("name", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
def test_a_charset_of_utf_8_is_fine(judge, answers, name):
    """Quotes and letter case do not matter."""
    body = answers.json(answers.value(CJK))
    assert [] == judge(body, headers=charset(name), status=200).rules


@pytest.mark.parametrize("name", ["a\0b", "ü", "\ud800", '"', "", "x" * 10_000, "hex", ".."])
def test_a_charset_of_garbage_crashes_nothing(judge, answers, name):
    """Whatever a header says, the body is judged."""
    body = answers.json(answers.value({**CJK, "ActualState": "DONE"}))
    assert "unknown-enum-value" in judge(body, headers=charset(name), status=200).rules


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_wide_encodings_are_named_and_read(judge, answers, encoding):
    """UTF-16 and UTF-32 are recognised with and without a mark, and judged."""
    value = answers.value({**CJK, "ActualState": "DONE"})
    found = judge(answers.json(value).encode(encoding))
    assert ["unknown-enum-value", "wrong-encoding"] == found.rules
    wide = found.of("wrong-encoding")
    assert (encoding[:6].upper(), "UTF-8", 1) == (wide.actual, wide.expected, wide.at.line)
    found = judge(answers.xml(value).encode(encoding))
    assert ["unknown-enum-value", "wrong-encoding"] == found.rules


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_array_is_told_by_its_bracket(judge, encoding):
    """Each character that JSON can begin an answer with tells the encoding."""
    assert ["wrong-encoding", "wrong-type"] == judge("[]".encode(encoding)).rules


def test_half_of_a_wide_character_is_no_text(judge, answers):
    """Wide bytes that end in the middle of a character are reported once."""
    body = answers.json(answers.value()).encode("utf-16")[:-1]
    found = judge(body).only
    assert ("wrong-encoding", 1) == (found.rule, found.at.line)


def test_a_byte_order_mark_before_bytes_that_are_no_utf_8(judge):
    """What is wrong with the rest hides no mark."""
    assert ["byte-order-mark", "wrong-encoding"] == judge(codecs.BOM_UTF8 + b'{"a": "\xff"}').rules


def test_a_byte_order_mark_before_json(judge, answers):
    """The mark is worth a warning and hides nothing."""
    body = codecs.BOM_UTF8 + answers.json(answers.value({"ActualState": "DONE"})).encode()
    found = judge(body)
    assert [("byte-order-mark", "warning"), ("unknown-enum-value", "error")] == found.severities
    assert (1, 1) == (found.of("byte-order-mark").at.line, found.of("byte-order-mark").at.column)


def test_a_byte_order_mark_is_placed_before_all_else(judge):
    """Whatever comes after it, and even if nothing can be read there."""
    for body in (b"\n\n[]", b"\n{"):
        at = judge(codecs.BOM_UTF8 + body).of("byte-order-mark").at
        assert (1, 1) == (at.line, at.column)


def test_a_byte_order_mark_before_xml_is_fine(judge, answers):
    """XML allows the mark."""
    assert [] == judge(codecs.BOM_UTF8 + answers.xml(answers.value(CJK)).encode()).rules


def test_a_mark_inside_a_value_is_a_character(judge, answers):
    """U+FEFF elsewhere is text."""
    assert [] == judge(answers.json(answers.value({"JobName": "a\ufeffb"}))).rules


@pytest.mark.parametrize("body", [b"", b" ", b"\n\r\n\t "])
def test_nothing_is_an_empty_body(judge, body):
    """A body without content is empty, whatever white space it holds."""
    assert ["empty-body"] == judge(body).rules


@pytest.mark.parametrize(
    "body",
    ["Service Unavailable", "OK", "=", "a: b", "\x00\x00", "\ufeff", "\u00a0{}", "\x0b{}", "X{}"],
)
def test_what_starts_like_nothing_is_of_unknown_format(judge, body):
    """A body that starts with what neither format can start with is named so."""
    assert ["unknown-format"] == judge(body).rules


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (b"Nom\xe9", "Nom\ufffd"),
        (b"x" * 59 + "é".encode(), "x" * 59 + "\ufffd"),  # cut in the middle of a character
    ],
    ids=["latin-1", "cut"],
)
def test_words_in_any_encoding_are_shown(judge, body, start):
    """What is no character of UTF-8 is replaced."""
    found = judge(body).only
    assert ("unknown-format", start) == (found.rule, found.actual)


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html></html>",
        "<!doctype HTML>",
        "  <html lang='en'>",
        "<HTML>",
        "<!-- saved --><html>",
        "<head><title>502</title></head>",
        "<body>",
    ],
)
def test_a_page_for_people_is_named_so(judge, body):
    """HTML is one finding, not a list of what XML has against it; it is about the first line."""
    found = judge(body).only
    assert ("html-body", 1) == (found.rule, found.at.line)


@pytest.mark.parametrize("root", ["HtmlResponse", "Header", "Bodyguard"])
def test_a_root_that_starts_like_html_is_xml(judge, answers, root):
    """Only whole names count."""
    assert ["xml-wrong-root"] == judge(answers.xml(answers.value(), root)).rules


def test_comments_before_the_root_are_no_html(judge, answers):
    """Any number of comments may come before an XML root."""
    text = answers.xml(answers.value()).partition("?>")[2]
    assert [] == judge("<!-- note -->" * 20 + text).rules


def test_a_body_beyond_the_limit_is_left_unread(judge):
    """A body of more than 16 MiB is refused by its length, before anyone looks into it."""
    assert ["body-limit"] == judge(b"{" + b" " * (16 * 1024 * 1024)).rules
