"""Bodies that mean harm, or mean nothing: each ends in a finding, none in a crash or a hang."""

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.rules import RULES

VALID = Path(__file__).parents[2] / "samples" / "responses" / "valid"
SAMPLES = [each for each in sorted(VALID.iterdir()) if each.suffix in {".json", ".xml"}]
MANY = 200_000  # enough for anything that grows with the square to take minutes
KEYS = 20_000


def json_with(name: str, value: object) -> bytes:
    """An answer in JSON whose instance has one member."""
    return json.dumps({"RequestId": "x", "Instance": {name: value}}).encode()


def xml_with(name: str, markup: str) -> bytes:
    """An answer in XML whose instance has one member."""
    instance = f"<Instance><{name}>{markup}</{name}></Instance>"
    return f"<GetInstanceResponse>{instance}</GetInstanceResponse>".encode()


BALANCED = "[],"
HOSTILE = {
    # depth
    "arrays": b"[" * MANY,
    "closed arrays": b"[" * MANY + b"]" * MANY,
    "objects": b'{"a":' * MANY,
    "closed objects": b'{"a":' * MANY + b"1" + b"}" * MANY,
    "closing only": b"[1" + b"]" * MANY,
    "arrays inside a value": json_with("JobName", 0).replace(b"0", b"[" * 5000 + b"]" * 5000),
    "elements": b"<a>" * MANY,
    "closed elements": b"<a>" * MANY + b"</a>" * MANY,
    "elements inside a value": xml_with("JobName", "<a>" * 5000 + "</a>" * 5000),
    "elements just below the parser's limit": xml_with("JobName", "<a>" * 250 + "</a>" * 250),
    "embedded arrays": json_with("PlanJson", "[" * MANY),
    "embedded closed arrays": json_with("AutoScaleParams", "[" * MANY + "]" * MANY),
    "embedded arrays in XML": xml_with("AutoScaleParams", "[" * MANY),
    # length
    "a long text": json_with("ActualState", "x" * 5_000_000),
    "a long text in XML": xml_with("ActualState", "x" * 5_000_000),
    "a text beyond the parser's limit": xml_with("ActualState", "x" * 11_000_000),
    "a long unclosed text": b'{"' + b"x" * 5_000_000,
    "a long name": json_with("x" * 5_000_000, 1),
    "a long element name": b"<" + b"x" * 5_000_000 + b"/>",
    "a long attribute": b'<GetInstanceResponse a="' + b"x" * 5_000_000 + b'"/>',
    "a long number": b"9" * 5_000_000,
    "a long fraction": b"0." + b"9" * 5_000_000,
    "a long exponent": json_with("Id", 0).replace(b"0", b"1e" + b"9" * 100_000),
    "a long number in a Long": json_with("Id", 0).replace(b"0", b"9" * MANY),
    "a long number in XML": xml_with("Id", "9" * MANY),
    "many keys": json.dumps({f"k{each}": each for each in range(KEYS)}).encode(),
    "many lines": json.dumps({f"k{each}": each for each in range(KEYS)}, indent=1).encode(),
    "many keys of one name": b"{" + b'"Id":1,\n' * KEYS + b'"Id":1}',
    "many wrappings": json.dumps({f"k{each}": {"Instance": 1} for each in range(KEYS)}).encode(),
    "many letter cases": json.dumps(
        {
            "".join(
                letter.upper() if each >> place & 1 else letter.lower()
                for place, letter in enumerate("LastErrorMessage")
            ): 1
            for each in range(KEYS)
        }
    ).encode(),
    "many lone surrogates": b'["' + b'\\ud800","' * KEYS + b'"]',
    "many elements": xml_with("JobName", "<a/>" * KEYS),
    "many unknown elements": b"<GetInstanceResponse>" + b"<a/>" * KEYS + b"</GetInstanceResponse>",
    "many roots": b"<a/>" * KEYS,
    "many attributes": b"<r " + b" ".join(b'a%d=""' % each for each in range(KEYS)) + b"/>",
    "many namespaces": b"<r " + b" ".join(b'xmlns:a%d="a"' % each for each in range(KEYS)) + b"/>",
    "many packages": json_with("Packages", "," * MANY),
    # what makes a pattern try again and again
    "comments": b"<!---->" * MANY,
    "comments and then nothing": b"<!---->" * 100 + b"x",
    "comments before a root": b"<!-- a -->\n" * MANY + b"<a/>",
    "a few comments before a root": b"<!-- a -->\n" * 100 + b"<a/>",
    "open comments": b"<!--" * MANY,
    "dashes": b"<!--" + b"-" * MANY,
    "instructions": b"<?x ?>" * MANY + b"<a/>",
    "open instructions": b"<?" * MANY,
    "question marks": b"<?xml " + b"?" * MANY,
    "a declaration without end": b'<?xml version="1.0" ' + b"encoding=" * MANY,
    "openings": b"<" * MANY,
    "exclamations": b"<!" * MANY,
    "doctypes": b"<!DOCTYPE " * MANY,
    "CDATA": b"<![CDATA[" * MANY,
    "references": b"<a>" + b"&amp;" * 1000 + b"&" * MANY,
    "spaces before nothing": b" " * MANY,
    "spaces before something": b" " * MANY + b"=",
    "spaces inside JSON": b"{" + b" " * MANY,
    "spaces inside XML": b"<a" + b" " * MANY,
    "spaces behind JSON": b"{}" + b" " * MANY + b"x",
    "quotes": b'"' * MANY,
    "quotes in an array": b"[" + b'"' * MANY,
    "backslashes": b'"' + b"\\" * MANY,
    "escaped quotes": b'"' + b'\\"' * MANY,
    "escaped quotes behind brackets": f"[{BALANCED * 80}".encode() + b'"' + b'\\"' * MANY,
    "escaped quotes behind NaN": b'[NaNx,"' + b'\\"' * MANY,
    "brackets in an unclosed text": b'["' + b"[" * MANY,
    "stars": json_with("JobName", "*" * MANY + " "),
    "stars in XML": xml_with("JobName", "*" * MANY + " "),
    "stars and letters": json_with("JobName", "***a" * MANY + " "),
    "stars in a request id": json_with("RequestId", "*" * MANY + "\n"),
    "digits and then a letter": xml_with("Id", "1" * MANY + "x"),
    "digits, a point, and then a letter": xml_with("Id", "1" * MANY + "." + "1" * MANY + "x"),
    "signs": xml_with("Id", "+" * MANY),
    "spaces in a Long": xml_with("Id", " " * MANY + "x"),
    "spaces around a Long": xml_with("EndTime", " " * MANY + "1" + " " * MANY + "x"),
    "bars": json_with("EngineJobHandler", "|" * MANY),
    "no bar": json_with("EngineJobHandler", "a" * MANY),
    "spaces around a bar": json_with("EngineJobHandler", "a" + " " * MANY + "|"),
    "application digits": json_with("EngineJobHandler", "application_" + "1" * MANY + "|"),
    "lines of spaces in code": json.dumps(
        {"Instance": {"ApiType": "DATASTREAM", "Code": "\n" + " \t" * MANY}}
    ).encode(),
    "main classes without value": json.dumps(
        {"Instance": {"ApiType": "DATASTREAM", "Code": "\nblink.main.class   " * KEYS}}
    ).encode(),
    "hexadecimal digits": json_with("RequestId", "a" * MANY),
    # encodings
    "NUL": b"\0",
    "NULs": b"\0" * MANY,
    "NULs behind a bracket": b"{" + b"\0" * MANY,
    "NULs behind an angle": b"<" + b"\0" * MANY,
    "a NUL in a text": b'{"RequestId": "\0"}',
    "a NUL in an element": b"<GetInstanceResponse>\0</GetInstanceResponse>",
    "an escaped NUL": json_with("ActualState", "\0"),
    "nothing": b"",
    "white space": b" \r\n\t",
    "a mark": codecs.BOM_UTF8,
    "marks": codecs.BOM_UTF8 * MANY,
    "marks before a DOCTYPE": codecs.BOM_UTF8 * 3 + b'<!DOCTYPE r [<!ENTITY x "">]><r>&x;</r>',
    "half of UTF-16": b"{\0\xff",
    "an odd mark": codecs.BOM_UTF16_LE + b"x",
    "a mark of UTF-32": codecs.BOM_UTF32_LE,
    "bytes that are no text": bytes(range(128, 256)) * 100,
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "HTML": b"<html>" * MANY,
    "a billion laughs": b'<!DOCTYPE r [<!ENTITY a "aaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 20))
    + b"]><r>&t;</r>",
}


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_ends_in_a_finding(found_in, name):
    """Nothing that a server can send stops the check, and none of it passes as an answer."""
    assert [] != found_in(HOSTILE[name])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_in_wide_characters_ends_in_a_finding(found_in, path, encoding):
    """Answers are UTF-8; anything else is found, with and without a byte order mark."""
    text = path.read_text("utf-8")
    assert [] != found_in(text.encode(encoding))
    assert [] != found_in(("\ufeff" + text).encode(encoding))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_truncated_sample_ends_in_a_finding(fast, path):
    """Wherever a body was cut, something is found."""
    whole = path.read_bytes().rstrip()
    for length in range(len(whole)):
        exchange = Exchange(Response(whole[:length]), Source("capture"))
        assert [] != list(fast.check(exchange)), length


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_beheaded_sample_ends_in_a_finding(fast, path):
    """The same from the other side, where more than an XML declaration is gone."""
    whole = path.read_bytes().partition(b"?>")[2] or path.read_bytes()
    for length in range(1, len(whole.strip())):
        exchange = Exchange(Response(whole.strip()[length:]), Source("capture"))
        assert [] != list(fast.check(exchange)), length


anything = st.text(st.characters(), max_size=30)
headers = st.lists(
    st.tuples(
        st.sampled_from(["Content-Type", "content-type", "X"]) | anything,
        anything
        | st.builds(
            "application/{}; charset={}".format, st.sampled_from(["json", "xml"]), anything
        ),
    ),
    max_size=3,
).map(tuple)
targets = anything | st.builds(
    "{}/api/v2/projects/{}/jobs/{}/instances/{}".format, anything, anything, anything, anything
)
requests = st.none() | st.builds(Request, st.sampled_from(["GET", "HEAD", "get", ""]), targets)
starts = st.sampled_from(
    [
        b"",
        b"{",
        b'{"',
        b"[",
        b"<",
        b"</",
        b"<?xml ",
        b"<!--",
        b'{"Instance":{"Id":',
        b"\xef\xbb\xbf",
    ]
)
bodies = (
    st.binary(max_size=200)
    | st.builds(bytes.__add__, starts, st.binary(max_size=60))
    | st.builds(bytes.__add__, starts, st.text(max_size=60).map(str.encode))
    | st.sampled_from([each.read_bytes() for each in SAMPLES])
)
statuses = st.none() | st.integers() | st.sampled_from([200, 204, 302, 404, 500])


@given(body=bodies, status=statuses, headers=headers, request_=requests)
def test_no_exchange_crashes_a_check(checker, body, status, headers, request_):
    """Whatever was captured, a check ends, and says only what a report can hold."""
    exchange = Exchange(Response(body, status, headers), Source("capture"), request_)
    for finding in checker.check(exchange):
        assert finding.rule in RULES
        assert finding.at.line is None or finding.at.line >= 1
        assert finding.at.column is None or finding.at.column >= 1
        assert finding.pointer == "" or finding.pointer.startswith("/")
        assert json.dumps([finding.message, finding.expected, finding.actual], allow_nan=False)


@given(body=bodies)
def test_a_check_of_the_same_finds_the_same(checker, body):
    """A checker remembers nothing between exchanges."""
    exchange = Exchange(Response(body), Source("capture"))
    assert list(checker.check(exchange)) == list(checker.check(exchange))
