"""Cassettes are read item by item, though YAML lets them name each other and any object."""

import base64
import time

import pytest
import yaml

from docpact.capture import CapturedFile, Damage, ReadOptions, Skipped, entries_in
from docpact.core.exchange import Exchange, header

URL = "http://h/api/v2/projects/p/jobs/j/instances/1"


def entries(data: bytes | str) -> list:
    """What a cassette holds."""
    data = data.encode() if isinstance(data, str) else data
    return list(entries_in(CapturedFile("a.yaml", data), ReadOptions(format="vcr")))


def item(string: str = "'{}'", headers: str = "{content-type: [application/json]}") -> str:
    """One call, its body and headers as they are written."""
    return f"""- request: {{method: GET, uri: '{URL}'}}
  response:
    body: {{string: {string}}}
    headers: {headers}
    status: {{code: 200}}
"""


def cassette(*items: str) -> str:
    """The calls in a cassette."""
    return "interactions:\n" + "".join(items) + "version: 1\n"


def test_what_calls_share_is_written_once_and_read_for_each():
    """A list that several calls share is written once, as an anchor, and read for each of them."""
    headers = {"content-type": ["application/json"], "x-trace": ["7"]}
    calls = [
        {
            "request": {"method": "GET", "uri": URL, "headers": headers},
            "response": {"status": {"code": 200}, "headers": headers, "body": {"string": "{}"}},
        }
        for _ in range(3)
    ]
    data = yaml.dump({"interactions": calls, "version": 1})
    assert data.count("*id") > 4
    found = entries(data)
    assert [Exchange] * 3 == [type(each) for each in found]
    for each in found:
        assert header(each.response.headers, "x-trace") == "7"
        assert header(each.request.headers, "content-type") == "application/json"


def test_what_stands_above_the_calls_may_be_meant_in_them():
    """Anchors above the calls may be used in them, as in cassettes that people keep by hand."""
    head = "usual: &usual\n  content-type: [application/json]\n  x-trace: ['7']\n"
    (only,) = entries(head + cassette(item(headers="{<<: *usual, x-trace: ['8']}")))
    told = only.response.headers
    assert (header(told, "content-type"), header(told, "x-trace")) == ("application/json", "8")


def test_the_last_anchor_of_a_name_counts():
    """The last anchor of a name counts, as in YAML."""
    first, second = item("&body '[1]'"), item("&body '[2]'")
    bodies = [each.response.body for each in entries(cassette(first, second, item("*body")))]
    assert bodies == [b"[1]", b"[2]", b"[2]"]


@pytest.mark.parametrize("name", ["*none", "&it [*it]"])
def test_an_anchor_that_stands_nowhere_is_damage_that_names_it(name):
    """An unknown anchor is damage that names it, and the calls around it are read."""
    found = entries(cassette(item(), item(headers=name), item()))
    assert [Exchange, Damage, Exchange] == [type(each) for each in found]
    assert "anchor" in found[1].why


def test_anchors_are_kept_as_long_as_there_is_room():
    """An anchor that was dropped for lack of room is reported as such."""
    large = item(f"&first '{'x' * 9_000_000}'")
    found = entries(cassette(large, item(f"&second '{'y' * 9_000_000}'"), item("*first")))
    assert "too far before" in found[2].why


def test_a_body_that_is_meant_again_and_again_is_no_bomb():
    """A body that many calls refer to is read, because it takes memory only once."""
    found = entries(cassette(item(f"&it '{'x' * 1_000_000}'"), *[item("*it")] * 100))
    assert {1_000_000} == {len(each.response.body) for each in found}


def nine_times(first: str, before: str, behind: str) -> str:
    """A list in which each value holds the one above it nine times."""
    lines = [f"- &a0 {first}"]
    for n in range(1, 12):
        meant = ", ".join([f"*a{n - 1}"] * 9)
        lines.append(f"  - &a{n} {before}{meant}{behind}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "bomb",
    [nine_times("[x, x]", "[", "]"), nine_times("{k: v}", "{<<: [", "]}")],
    ids=["aliases", "merges"],
)
@pytest.mark.parametrize(
    "place", ["headers: {x: *a11}", "headers: *a11", "body: *a11", "status: *a11"]
)
def test_a_few_lines_do_not_stand_for_terabytes(bomb, place):
    """A few lines that expand to terabytes are refused at once."""
    data = f"interactions:\n- x:\n  {bomb}\n  request: {{uri: /a}}\n  response: {{{place}}}\n"
    began = time.monotonic()
    (only,) = entries(data)
    assert isinstance(only, Damage)
    assert "expand to more" in only.why
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "value",
    [
        "!!bool x",
        '!!int ""',
        "!!timestamp x",
        "!!float x",
        "!!int 0x" + "f" * 9000,
        "!!null x",
        ".nan",
    ],
)
def test_a_scalar_of_any_kind_is_a_text(value):
    """A scalar of any type is read as its text."""
    found = entries(cassette(item(headers=f"{{x: {value}}}"), item(value)))
    assert all(isinstance(each, Exchange | Skipped) for each in found)
    assert len(found) == 2


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [true]",
        "!!binary ä",
        "!!set {a}",
        "!x y",
        "{[a]: b}",
        "{<<: 1}",
    ],
)
def test_what_is_no_text_is_damage(value):
    """An object in a cassette is damage, and is not created."""
    (only,) = entries(cassette(item(headers=f"{{x: {value}}}")))
    assert isinstance(only, Damage)


@pytest.mark.parametrize("tag", ["!!binary", "!binary"])
def test_binary_texts_are_read_as_python_and_ruby_write_them(tag):
    """Binary texts are read with the tag of Python and with that of Ruby."""
    text = base64.b64encode(b'{"a": 1}').decode()
    (only,) = entries(cassette(item(f"{tag} {text}")))
    assert only.response.body == b'{"a": 1}'


def test_headers_that_hold_more_than_texts_are_no_texts():
    """A header that holds a list or mapping has no text, and nothing of it is written out."""
    (only,) = entries(cassette(item(headers="{x: [[a, [b]], {c: d}], y: [1.50, yes]}")))
    assert only.response.headers == (("x", ""), ("x", ""), ("y", "1.50"), ("y", "yes"))


def test_a_large_anchor_that_every_call_means_ends_the_cassette():
    """Some kilobytes must not expand to gigabytes; what came before is read."""
    data = cassette(item(f"&it '{'x' * 8_000_000}'"), *[item("*it")] * 400).encode()
    bodies, last = 0, None
    for last in entries_in(CapturedFile("a.yaml", data), ReadOptions(format="vcr")):
        bodies += isinstance(last, Exchange)
    assert isinstance(last, Damage)
    assert "over and over; the rest was not read" in last.why
    assert 30 < bodies < 50


def test_a_small_anchor_may_be_meant_by_every_call():
    """A long recording may share its headers and short bodies in every call."""
    data = cassette(item(f"&it '{'x' * 60_000}'"), *[item("*it")] * 6000).encode()
    found = entries_in(CapturedFile("a.yaml", data), ReadOptions(format="vcr"))
    assert 6001 == sum(isinstance(each, Exchange) for each in found)
