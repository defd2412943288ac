"""Faults of the text itself: what is no JSON, no XML, or in another encoding than it says."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from docpact.contract import Contract, Media
from docpact.core.exchange import Response
from docpact.core.serialize import xml_members
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Change, Fault, fits_any
from docpact.faults.parsed_response import (
    DECLARATION,
    Members,
    ParsedResponse,
    changing_text,
    opened,
)
from docpact.faults.target import (
    Like,
    Spot,
    holder_of,
    is_number,
    is_plain_text,
    request_id_of,
    spot_like,
    spot_named,
)

_NOT_ASCII = "café 项目"
_Change = Callable[[ParsedResponse, str], str | None]


def _json(
    name: str,
    summary: str,
    rule: str,
    change: _Change,
    fits: Callable[[Contract], bool] = fits_any,
) -> Fault:
    made = changing_text(Media.JSON, change)
    return Fault(name, summary, frozenset({rule}), media=JSON_ONLY, change=made, fits=fits)


def _xml(
    name: str,
    summary: str,
    rule: str,
    change: _Change,
    fits: Callable[[Contract], bool] = fits_any,
) -> Fault:
    made = changing_text(Media.XML, change)
    return Fault(name, summary, frozenset({rule}), media=XML_ONLY, change=made, fits=fits)


def _encoded(encoding: str) -> Change:
    """The answer with a text that is not ASCII, in another encoding."""

    def changed(response: Response, _random: Random, contract: Contract) -> Response | None:
        parsed = opened(response, contract)
        named = _with_text(parsed) if parsed.is_success else None
        if named is None:
            return None
        text = parsed.text(named).removeprefix(f"{DECLARATION}\n")
        return replace(response, body=text.encode(encoding, "replace"))

    return changed


def _spot(contract: Contract, name: str, like: Like) -> Spot | None:
    """The member of that name, or else the first that is like it."""
    named = spot_named(contract, name)
    return named if named is not None and like(named) else spot_like(contract, like)


def _given(parsed: ParsedResponse, name: str, like: Like, value: str) -> Members | None:
    """The members, one of which says something else."""
    spot = _spot(parsed.contract, name, like)
    where = parsed.where(spot.holder) if spot else None
    if spot is None or where is None:
        return None
    return parsed.with_structure(where, {**parsed.at(where), spot.field.name: value})


def _with_text(parsed: ParsedResponse) -> Members | None:
    return _given(parsed, "QueueName", is_plain_text, _NOT_ASCII)


def _has_text(contract: Contract) -> bool:
    return spot_like(contract, is_plain_text) is not None


def _has_number(contract: Contract) -> bool:
    return spot_like(contract, is_number) is not None


def _written(parsed: ParsedResponse, name: str, like: Like, literal: str) -> str | None:
    """The JSON text with a member written just so."""
    marker = "docpact-marker"
    members = _given(parsed, name, like, marker)
    return None if members is None else parsed.text(members).replace(f'"{marker}"', literal, 1)


def _with_delay(parsed: ParsedResponse, literal: str) -> str | None:
    return _written(parsed, "InputDelay", is_number, literal)


def _requoted(parsed: ParsedResponse, text: str, quoted: str) -> str | None:
    """The text with the name of one member quoted otherwise."""
    field = request_id_of(parsed.contract.success)
    known = field.name if field and field.name in parsed.members else None
    name = known or next(iter(parsed.members), None)
    return None if name is None else text.replace(f'"{name}"', quoted.format(name), 1)


def _opening(parsed: ParsedResponse, text: str) -> str:
    """The start of an element that holds a text, or of the root."""
    field = request_id_of(parsed.contract.success)
    start = f"<{field.name}>" if field else ""
    return start if start and start in text else _start(parsed)


def _after_opening(more: str) -> Callable[[ParsedResponse, str], str]:
    def change(parsed: ParsedResponse, text: str) -> str:
        start = _opening(parsed, text)
        return text.replace(start, f"{start}{more}", 1)

    return change


def _structure(parsed: ParsedResponse, text: str) -> str:
    """The start of the element that holds members: the instance, or the root."""
    name = "".join(holder_of(parsed.contract.success)[:1])
    is_filled = isinstance(parsed.members.get(name), dict)
    return f"<{name}>" if is_filled and f"<{name}>" in text else _start(parsed)


def _without_root(parsed: ParsedResponse, _text: str) -> str | None:
    """The members alone, if there are several."""
    counts = (len(each) if isinstance(each, list) else 1 for each in parsed.members.values())
    return xml_members(parsed.members) if sum(counts) > 1 else None


def _claimed_gbk(parsed: ParsedResponse, _text: str) -> str | None:
    members = _with_text(parsed)
    if members is None:
        return None
    return parsed.text(members).replace('encoding="UTF-8"', 'encoding="GBK"', 1)


def _prefixed(parsed: ParsedResponse, text: str) -> str:
    """Every element in a namespace by prefix."""
    return (
        text.replace("</", "</@").replace("<", "<x:").replace("<x:/@", "</x:").replace("<x:?", "<?")
    ).replace(f"<x:{parsed.root}>", f'<x:{parsed.root} xmlns:x="urn:example">', 1)


def _start(parsed: ParsedResponse) -> str:
    return f"<{parsed.root}>"


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
        lambda s, text: _requoted(s, text, "'{}'"),
    ),
    _json(
        "bare-names",
        "quotes no names",
        "json-syntax",
        lambda s, text: _requoted(s, text, "{}"),
    ),
    _json("comment", "writes a comment", "json-syntax", lambda _s, text: "{/* ok */" + text[1:]),
    _json(
        "raw-line-break",
        "breaks a line inside a text",
        "json-syntax",
        lambda _s, text: text.replace('":"', '":"\n', 1),
        _has_text,
    ),
    _json(
        "leading-zero",
        "writes a number with a leading zero",
        "json-syntax",
        lambda s, _text: _with_delay(s, "0120"),
        _has_number,
    ),
    _json(
        "hexadecimal",
        "writes a number in base 16",
        "json-syntax",
        lambda s, _text: _with_delay(s, "0x78"),
        _has_number,
    ),
    _json(
        "nan",
        "writes NaN",
        "json-not-a-number",
        lambda s, _text: _with_delay(s, "NaN"),
        _has_number,
    ),
    _json(
        "infinity",
        "writes -Infinity",
        "json-not-a-number",
        lambda s, _text: _with_delay(s, "-Infinity"),
        _has_number,
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
        lambda s, _text: _written(s, "Starter", is_plain_text, r'"\ud83d"'),
        _has_text,
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
        _after_opening("a & b "),
    ),
    _xml(
        "bare-less-than",
        "writes < as it is",
        "xml-syntax",
        _after_opening("1 < 2 "),
    ),
    _xml(
        "unknown-entity",
        "uses an entity of HTML",
        "xml-syntax",
        _after_opening("&nbsp;"),
    ),
    _xml(
        "control-character",
        "writes a control character",
        "xml-syntax",
        _after_opening("\x01"),
    ),
    _xml(
        "mismatched-tags",
        "closes an element by another name",
        "xml-syntax",
        lambda s, text: text.replace(f"</{s.root}>", f"</{s.root}s>", 1),
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
        lambda contract: contract.success.root[:1].isupper(),
    ),
    _xml(
        "two-roots",
        "leaves out the root",
        "xml-several-roots",
        _without_root,
        lambda contract: len(contract.success.fields) > 1,
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
        lambda s, text: text.replace(
            _structure(s, text), f'{_structure(s, text)[:-1]} type="object">', 1
        ),
    ),
    _xml(
        "stray-text",
        "writes text between elements",
        "xml-stray-text",
        lambda s, text: (
            text.replace(_structure(s, text), f"{_structure(s, text)}ok", 1) if s.members else None
        ),
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
        _claimed_gbk,
        _has_text,
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
        fits=_has_text,
    ),
    Fault(
        "latin-1",
        "sends Latin-1",
        frozenset({"wrong-encoding"}),
        media=BOTH,
        change=_encoded("latin-1"),
        fits=_has_text,
    ),
    Fault(
        "gbk",
        "sends GBK",
        frozenset({"wrong-encoding"}),
        media=BOTH,
        change=_encoded("gbk"),
        fits=_has_text,
    ),
)

TEXT_FAULTS = (*_JSON, *_XML, *_ENCODINGS)
