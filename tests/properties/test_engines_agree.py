"""Two engines, one verdict: over valid, faulted and mangled answers in both formats."""

import json
from copy import deepcopy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.core.exchange import Exchange, Response, Source

RESPONSES = Path(__file__).parents[2] / "samples" / "responses"
BODIES = [
    each
    for folder in ("valid", "broken", "printed")
    for each in sorted((RESPONSES / folder).iterdir())
    if each.suffix in {".json", ".xml", ".txt"}
]
JSON_SAMPLES = [each.read_text("utf-8") for each in sorted((RESPONSES / "valid").glob("*.json"))]
XML_SAMPLES = [each.read_text("utf-8") for each in sorted((RESPONSES / "valid").glob("*.xml"))]

NAMES = sorted({name for text in JSON_SAMPLES for name in json.loads(text).get("Instance", {})})
NAMES += ["RequestId", "Instance", "HostId", "Code", "Message", "Recommend"]
NAMES += ["EndTime", "LastErrorTime", "Priority", "a.b", "a/b", "名", ""]

names = st.sampled_from(NAMES) | st.sampled_from(NAMES).flatmap(
    lambda name: st.sampled_from([name.lower(), name.upper(), name.swapcase(), name + "s"])
)
words = st.sampled_from(
    [
        "",
        " ",
        "****",
        "RUNNING",
        "running",
        "SUCCESS",
        "FAILED",
        "TERMINATED",
        "FLINK_BATCH",
        "SQL",
        "DATASTREAM",
        "a.jar;b.jar",
        "{}",
        "{a:b}",
        "a|b",
        "blink.main.class=x",
        "1599794335",
        "\u0000",
        "\ud83d",
        "<&>",
    ]
)
BOUNDARIES = [0, -1, 1599794335, 1599797935000, 2**53, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1]
HUGE = [2**64, 10**39, 10**40, -(10**41), 10**500]
integers = st.integers() | st.sampled_from(BOUNDARIES) | st.sampled_from(HUGE)
leaves = (
    st.none()
    | st.booleans()
    | integers
    | st.floats()
    | st.sampled_from([0.0, -0.0, 1.0, 1e3, 9.3e18, 1e308])
    | words
    | st.text(max_size=20)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)


def verdicts(exchange_body: bytes, *checkers) -> list[list]:
    """What each checker finds in a body."""
    exchange = Exchange(Response(exchange_body), Source("capture"))
    return [list(checker.check(exchange)) for checker in checkers]


@pytest.mark.parametrize("path", BODIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_on_each_sample(fast, reference, path):
    """Every sample body has one verdict."""
    first, second = verdicts(path.read_bytes(), fast, reference)
    assert first == second


def objects_in(value: object) -> list[dict]:
    """Every object of a JSON value, outermost first."""
    if isinstance(value, dict):
        return [value, *(inner for each in value.values() for inner in objects_in(each))]
    if isinstance(value, list):
        return [inner for each in value for inner in objects_in(each)]
    return []


@st.composite
def changed_json(draw: st.DrawFn) -> bytes:
    """A sample with members removed, renamed, added, moved or given another value."""
    value = json.loads(draw(st.sampled_from(JSON_SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        holder = draw(st.sampled_from(objects_in(value)))
        name = draw(st.sampled_from([*sorted(holder), ""]))
        match draw(st.sampled_from(["replace", "remove", "rename", "add", "move", "wrap"])):
            case "replace":
                holder[name] = draw(values)
            case "remove":
                holder.pop(name, None)
            case "rename":
                holder[draw(names)] = holder.pop(name, None)
            case "add":
                holder[draw(names)] = draw(values)
            case "move":
                draw(st.sampled_from(objects_in(value)))[name] = draw(leaves)
            case "wrap":
                holder[name] = draw(st.sampled_from([list, dict]))()
    return json.dumps(value).encode()


@given(body=changed_json())
def test_on_changed_json(fast, reference, body):
    """Whatever the members of an answer are, both engines say the same."""
    first, second = verdicts(body, fast, reference)
    assert first == second


@given(members=st.dictionaries(names, values, max_size=8), instance=st.booleans())
def test_on_made_up_json(fast, reference, members, instance):
    """The same holds for an answer that is made up from documented names and any values."""
    value = {"RequestId": "x", "Instance": members} if instance else members
    first, second = verdicts(json.dumps(value).encode(), fast, reference)
    assert first == second


@given(value=values)
def test_on_any_json(fast, reference, value):
    """The same holds for any JSON value as the answer as a whole."""
    first, second = verdicts(json.dumps(value).encode(), fast, reference)
    assert first == second


xml_characters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(
    "\n\t \u0085\u00a0\u2003\u2028\u3000\u0661\uff11_+-.eE0123456789"
)
xml_texts = (
    words.filter(lambda text: "\0" not in text and "\ud83d" not in text)
    | st.text(xml_characters, max_size=12)
    | integers.map(str)
    | st.floats().map(str)
    | st.text(st.sampled_from("+-0123456789_. eE\n\u00a0\u0661\u3000"), max_size=8)
    | st.sampled_from(["+5", "007", "-0", "1e400", "NaN", "INF", "0" * 5000 + "5", "9" * 5000])
)
xml_names = names.filter(str.isidentifier)
attributes = st.sampled_from(
    [
        ("type", "long"),
        ("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
        ("{http://www.w3.org/2001/XMLSchema-instance}type", "long"),
        ("{http://www.w3.org/XML/1998/namespace}lang", "zh"),
        ("{urn:x}a", ""),
    ]
)


def altered(draw: st.DrawFn, root: ET.Element) -> None:
    """One change to a document, drawn from what can go wrong in one."""
    elements = list(root.iter())
    element = draw(st.sampled_from(elements))
    match draw(st.sampled_from(["text", "text", "tail", "name", "add", "remove", "copy", "more"])):
        case "text":
            element.text = draw(xml_texts)
        case "tail":
            element.tail = draw(xml_texts) if element is not root else None
        case "name":
            element.tag = draw(xml_names)
        case "add":
            ET.SubElement(element, draw(xml_names)).text = draw(xml_texts)
        case "remove":
            for child in list(element)[: draw(st.integers(1, 30))]:
                element.remove(child)
        case "copy":
            element.append(deepcopy(draw(st.sampled_from(elements))))
        case "more":
            key, value = draw(attributes)
            if draw(st.booleans()):
                element.set(key, value)
            else:
                element.tag = "{urn:x}" + element.tag.rpartition("}")[2]


@st.composite
def changed_xml(draw: st.DrawFn) -> bytes:
    """A sample with elements removed, renamed, added, repeated, filled or decorated."""
    root = ET.fromstring(draw(st.sampled_from(XML_SAMPLES)))  # noqa: S314  # our own sample
    for _ in range(draw(st.integers(1, 4))):
        altered(draw, root)
    return ET.tostring(root, encoding="utf-8")


@given(body=changed_xml())
def test_on_changed_xml(fast, reference, body):
    """Whatever the elements of an answer are, both engines say the same."""
    first, second = verdicts(body, fast, reference)
    assert first == second


@given(field=st.sampled_from(["Id", "EndTime", "InputDelay", "StartTime"]), text=xml_texts)
def test_on_texts_that_look_like_numbers(fast, reference, field, text):
    """What is a Long in XML is not left to the libraries."""
    root = ET.fromstring(XML_SAMPLES[-1])  # noqa: S314  # our own sample
    instance = root.find("Instance")
    for old in instance.findall(field):
        instance.remove(old)
    ET.SubElement(instance, field).text = text
    first, second = verdicts(ET.tostring(root, encoding="utf-8"), fast, reference)
    assert first == second


@given(
    members=st.lists(st.tuples(xml_names, xml_texts), max_size=6),
    root=st.sampled_from(["GetInstanceResponse", "Error", "error", "Instance", "Other"]),
)
def test_on_made_up_xml(fast, reference, members, root):
    """The same holds for a document that is made up from documented names and any texts."""
    document = ET.Element(root)
    for name, text in members:
        ET.SubElement(document, name).text = text
    first, second = verdicts(ET.tostring(document, encoding="utf-8"), fast, reference)
    assert first == second


@given(data=st.data())
def test_on_mangled_text(fast, reference, data):
    """A sample with bytes cut, repeated or replaced has one verdict, too."""
    body = bytearray(data.draw(st.sampled_from(JSON_SAMPLES + XML_SAMPLES)).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        piece = data.draw(
            st.sampled_from([b"", b'"', b"<", b">", b"{", b"}", b",", b"/", b" ", b"0", b"\xff"])
            | st.just(bytes(body[start:end]) * 2)
            | st.binary(max_size=4)
        )
        body[start:end] = piece
    first, second = verdicts(bytes(body), fast, reference)
    assert first == second
