"""Faults of the text itself: what is no JSON, no XML, or in another encoding than it says."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from docpact.contract import Media
from docpact.exchange import Response
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Fault
from docpact.faults.specimen import (
    DECLARATION,
    Specimen,
    changing_instance,
    changing_text,
    opened,
)
from docpact.writing import xml_members

_NOT_ASCII = "café 项目"


def _json(
    name: str, summary: str, rule: str, change: Callable[[Specimen, str], str | None]
) -> Fault:
    return Fault(
        name, summary, frozenset({rule}), media=JSON_ONLY, change=changing_text(Media.JSON, change)
    )


def _xml(
    name: str, summary: str, rule: str, change: Callable[[Specimen, str], str | None]
) -> Fault:
    return Fault(
        name, summary, frozenset({rule}), media=XML_ONLY, change=changing_text(Media.XML, change)
    )


def _encoded(encoding: str) -> Callable[[Response, Random], Response | None]:
    """The answer with a text that is not ASCII, in another encoding."""
    with_name = changing_instance(lambda instance, _random: {**instance, "QueueName": _NOT_ASCII})

    def changed(response: Response, random: Random) -> Response | None:
        named = with_name(response, random)
        if named is None:
            return None
        text = opened(named).text().removeprefix(f"{DECLARATION}\n")
        return replace(named, body=text.encode(encoding, "replace"))

    return changed


def _written(specimen: Specimen, member: str, literal: str) -> str:
    """The JSON text with a member of the instance written just so."""
    marker = "docpact-marker"
    instance = {**(specimen.instance or {}), member: marker}
    text = specimen.text({**specimen.members, "Instance": instance})
    return text.replace(f'"{marker}"', literal, 1)


def _with_delay(specimen: Specimen, literal: str) -> str:
    return _written(specimen, "InputDelay", literal)


def _prefixed(specimen: Specimen, text: str) -> str:
    """Every element in a namespace by prefix."""
    return (
        text.replace("</", "</@").replace("<", "<x:").replace("<x:/@", "</x:").replace("<x:?", "<?")
    ).replace(f"<x:{specimen.root}>", f'<x:{specimen.root} xmlns:x="urn:example">', 1)


def _start(specimen: Specimen) -> str:
    return f"<{specimen.root}>"


_JSON = (
    _json(
        "cut-json", "stops in the middle", "json-syntax", lambda _s, text: text[: len(text) // 2]
    ),
    _json(
        "trailing-comma",
        "ends an object with a comma",
        "json-syntax",
        lambda _s, text: f"{text[:-1]},}}",
    ),
    _json(
        "single-quotes",
        "quotes names in single quotes",
        "json-syntax",
        lambda _s, text: text.replace('"RequestId"', "'RequestId'", 1),
    ),
    _json(
        "bare-names",
        "quotes no names",
        "json-syntax",
        lambda _s, text: text.replace('"RequestId"', "RequestId", 1),
    ),
    _json("comment", "writes a comment", "json-syntax", lambda _s, text: "{/* ok */" + text[1:]),
    _json(
        "raw-line-break",
        "breaks a line inside a text",
        "json-syntax",
        lambda _s, text: text.replace('"RequestId":"', '"RequestId":"\n', 1),
    ),
    _json(
        "leading-zero",
        "writes a number with a leading zero",
        "json-syntax",
        lambda s, _text: _with_delay(s, "0120"),
    ),
    _json(
        "hexadecimal",
        "writes a number in base 16",
        "json-syntax",
        lambda s, _text: _with_delay(s, "0x78"),
    ),
    _json("nan", "writes NaN", "json-not-a-number", lambda s, _text: _with_delay(s, "NaN")),
    _json(
        "infinity",
        "writes -Infinity",
        "json-not-a-number",
        lambda s, _text: _with_delay(s, "-Infinity"),
    ),
    _json(
        "trailing-text",
        "writes something behind the document",
        "json-trailing-text",
        lambda _s, text: f"{text}{{}}",
    ),
    _json(
        "two-documents",
        "writes the document twice",
        "json-trailing-text",
        lambda _s, text: text + text,
    ),
    _json(
        "byte-order-mark",
        "writes a byte order mark",
        "byte-order-mark",
        lambda _s, text: f"\ufeff{text}",
    ),
    _json(
        "half-a-character",
        "cuts an emoji in half",
        "lone-surrogate",
        lambda s, _text: _written(s, "Starter", r'"\ud83d"'),
    ),
    _json(
        "deep-nesting",
        "nests lists a hundred deep",
        "body-limit",
        lambda _s, text: "[" * 100 + text + "]" * 100,
    ),
    _json(
        "callback",
        "wraps the document in a callback",
        "unknown-format",
        lambda _s, text: f"callback({text})",
    ),
)

_XML = (
    _xml("cut-xml", "stops in the middle", "xml-syntax", lambda _s, text: text[: len(text) // 2]),
    _xml(
        "unclosed-element",
        "leaves the root open",
        "xml-syntax",
        lambda s, text: text.removesuffix(f"</{s.root}>"),
    ),
    _xml(
        "bare-ampersand",
        "writes & as it is",
        "xml-syntax",
        lambda _s, text: text.replace("<RequestId>", "<RequestId>a & b ", 1),
    ),
    _xml(
        "bare-less-than",
        "writes < as it is",
        "xml-syntax",
        lambda _s, text: text.replace("<RequestId>", "<RequestId>1 < 2 ", 1),
    ),
    _xml(
        "unknown-entity",
        "uses an entity of HTML",
        "xml-syntax",
        lambda _s, text: text.replace("<RequestId>", "<RequestId>&nbsp;", 1),
    ),
    _xml(
        "control-character",
        "writes a control character",
        "xml-syntax",
        lambda _s, text: text.replace("<RequestId>", "<RequestId>\x01", 1),
    ),
    _xml(
        "mismatched-tags",
        "closes an element by another name",
        "xml-syntax",
        lambda _s, text: text.replace("</RequestId>", "</RequestID>", 1),
    ),
    _xml(
        "xml-wrong-root",
        "names the root after something else",
        "xml-wrong-root",
        lambda s, _text: s.text(root="Response"),
    ),
    _xml(
        "lower-case-root",
        "writes the root in other letters",
        "xml-wrong-root",
        lambda s, _text: s.text(root=s.root[:1].lower() + s.root[1:]),
    ),
    _xml(
        "two-roots",
        "leaves out the root",
        "xml-several-roots",
        lambda s, _text: xml_members(s.members),
    ),
    _xml(
        "namespace",
        "puts the document into a namespace",
        "xml-namespace",
        lambda s, text: text.replace(_start(s), f'<{s.root} xmlns="urn:example">', 1),
    ),
    _xml("prefix", "puts every element into a namespace by prefix", "xml-namespace", _prefixed),
    _xml(
        "attribute",
        "adds an attribute",
        "xml-attribute",
        lambda _s, text: text.replace("<Instance>", '<Instance type="object">', 1),
    ),
    _xml(
        "stray-text",
        "writes text between elements",
        "xml-stray-text",
        lambda _s, text: text.replace("<Instance>", "<Instance>ok", 1),
    ),
    _xml(
        "doctype",
        "declares a document type",
        "xml-doctype",
        lambda s, text: text.replace(_start(s), f"<!DOCTYPE {s.root}>{_start(s)}", 1),
    ),
    _xml(
        "entity",
        "declares an entity",
        "xml-doctype",
        lambda s, text: text.replace(
            _start(s), f'<!DOCTYPE {s.root} [<!ENTITY e "x">]>{_start(s)}', 1
        ),
    ),
    _xml(
        "encoding-lie",
        "declares GBK and sends UTF-8",
        "wrong-encoding",
        lambda s, _text: s.text(
            {**s.members, "Instance": {**(s.instance or {}), "QueueName": _NOT_ASCII}}
        ).replace('encoding="UTF-8"', 'encoding="GBK"', 1),
    ),
    _xml(
        "utf-16-lie",
        "declares UTF-16 and sends UTF-8",
        "wrong-encoding",
        lambda _s, text: text.replace('encoding="UTF-8"', 'encoding="UTF-16"', 1),
    ),
)

_ENCODINGS = (
    Fault(
        "utf-16",
        "sends UTF-16",
        frozenset({"wrong-encoding"}),
        media=BOTH,
        change=_encoded("utf-16"),
    ),
    Fault(
        "latin-1",
        "sends Latin-1",
        frozenset({"wrong-encoding"}),
        media=BOTH,
        change=_encoded("latin-1"),
    ),
    Fault("gbk", "sends GBK", frozenset({"wrong-encoding"}), media=BOTH, change=_encoded("gbk")),
)

TEXT_FAULTS = (*_JSON, *_XML, *_ENCODINGS)
