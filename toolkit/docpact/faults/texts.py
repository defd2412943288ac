"""The catalogue's faults of text: not JSON, not XML, or in another encoding than declared."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from docpact.contract import Contract
from docpact.core.exchange import Response
from docpact.core.serialize import xml_members
from docpact.faults.fault import JSON_ONLY, XML_ONLY, Change, Fault, Fits, Row, faults, fits_any
from docpact.faults.members import (
    Like,
    TargetMember,
    is_free_text,
    is_number,
    member_like,
    member_named,
)
from docpact.faults.parsed_response import (
    DECLARATION,
    Members,
    ParsedResponse,
    main_structure,
    request_id_of,
)

_NOT_ASCII: Final = "café 项目"
_Edit = Callable[[ParsedResponse, str], str | None]
_Row = tuple[str, str, _Edit]


def _json(rules: str, *rows: _Row, fits: Fits = fits_any) -> Iterator[Fault]:
    return faults(rules, *map(_edited, rows), media=JSON_ONLY, fits=fits)


def _xml(rules: str, *rows: _Row, fits: Fits = fits_any) -> Iterator[Fault]:
    return faults(rules, *map(_edited, rows), media=XML_ONLY, fits=fits)


def _edited(row: _Row) -> Row:
    name, summary, edit = row
    return name, summary, lambda answer: edit(answer, answer.text())


def _in_encoding(encoding: str) -> Change:
    """The answer with a text that is not ASCII, in another encoding."""

    def change(answer: ParsedResponse) -> Response | None:
        members = _with_text(answer)
        if members is None:
            return None
        text = answer.text(members).removeprefix(f"{DECLARATION}\n")
        return replace(answer.response, body=text.encode(encoding, "replace"))

    return change


def _target(contract: Contract, name: str, like: Like) -> TargetMember | None:
    """The member of that name, or else the first that is like it."""
    named = member_named(contract, name)
    return named if named is not None and like(named) else member_like(contract, like)


def _given(answer: ParsedResponse, name: str, like: Like, value: str) -> Members | None:
    """The members, one of them with another value."""
    member = _target(answer.contract, name, like)
    position = answer.position(member.structure) if member else None
    if member is None or position is None:
        return None
    return answer.with_structure(position, {**answer.at(position), member.field.name: value})


def _with_text(answer: ParsedResponse) -> Members | None:
    return _given(answer, "QueueName", is_free_text, _NOT_ASCII)


def _has_text(contract: Contract) -> bool:
    return member_like(contract, is_free_text) is not None


def _has_number(contract: Contract) -> bool:
    return member_like(contract, is_number) is not None


def _written(answer: ParsedResponse, name: str, like: Like, literal: str) -> str | None:
    """The JSON text with a member written just so."""
    marker = "docpact-marker"
    members = _given(answer, name, like, marker)
    return None if members is None else answer.text(members).replace(f'"{marker}"', literal, 1)


def _with_delay(answer: ParsedResponse, literal: str) -> str | None:
    return _written(answer, "InputDelay", is_number, literal)


def _requoted(answer: ParsedResponse, text: str, quoted: str) -> str | None:
    """The text with the name of one member quoted otherwise."""
    field = request_id_of(answer.contract.success)
    known = field.name if field and field.name in answer.members else None
    name = known or next(iter(answer.members), None)
    return None if name is None else text.replace(f'"{name}"', quoted.format(name), 1)


def _opening(answer: ParsedResponse, text: str) -> str:
    """The start of an element that holds a text, or of the root."""
    field = request_id_of(answer.contract.success)
    start = f"<{field.name}>" if field else ""
    return start if start and start in text else _start(answer)


def _after_opening(more: str) -> Callable[[ParsedResponse, str], str]:
    def change(answer: ParsedResponse, text: str) -> str:
        start = _opening(answer, text)
        return text.replace(start, f"{start}{more}", 1)

    return change


def _structure(answer: ParsedResponse, text: str) -> str:
    """The start of the element that holds members: the instance, or the root."""
    name = "".join(main_structure(answer.contract.success)[:1])
    is_filled = isinstance(answer.members.get(name), dict)
    return f"<{name}>" if is_filled and f"<{name}>" in text else _start(answer)


def _without_root(answer: ParsedResponse, _text: str) -> str | None:
    """The members alone, if there are several."""
    counts = (len(each) if isinstance(each, list) else 1 for each in answer.members.values())
    return xml_members(answer.members) if sum(counts) > 1 else None


def _claimed_gbk(answer: ParsedResponse, _text: str) -> str | None:
    members = _with_text(answer)
    if members is None:
        return None
    return answer.text(members).replace('encoding="UTF-8"', 'encoding="GBK"', 1)


def _prefixed(answer: ParsedResponse, text: str) -> str:
    """Every element in a namespace by prefix."""
    return (
        text.replace("</", "</@").replace("<", "<x:").replace("<x:/@", "</x:").replace("<x:?", "<?")
    ).replace(f"<x:{answer.root}>", f'<x:{answer.root} xmlns:x="urn:example">', 1)


def _start(answer: ParsedResponse) -> str:
    return f"<{answer.root}>"


_JSON = (
    *_json(
        "json-syntax",
        ("cut-json", "stops in the middle", lambda _s, text: text[: len(text) // 2]),
        ("trailing-comma", "ends an object with a comma", lambda _s, text: f"{text[:-1]},}}"),
        (
            "single-quotes",
            "quotes names in single quotes",
            lambda s, text: _requoted(s, text, "'{}'"),
        ),
        ("bare-names", "quotes no names", lambda s, text: _requoted(s, text, "{}")),
        ("comment", "writes a comment", lambda _s, text: "{/* ok */" + text[1:]),
    ),
    *_json(
        "json-syntax",
        (
            "raw-line-break",
            "breaks a line inside a text",
            lambda _s, text: text.replace('":"', '":"\n', 1),
        ),
        fits=_has_text,
    ),
    *_json(
        "json-syntax",
        (
            "leading-zero",
            "writes a number with a leading zero",
            lambda s, _text: _with_delay(s, "0120"),
        ),
        ("hexadecimal", "writes a number in base 16", lambda s, _text: _with_delay(s, "0x78")),
        fits=_has_number,
    ),
    *_json(
        "json-not-a-number",
        ("nan", "writes NaN", lambda s, _text: _with_delay(s, "NaN")),
        ("infinity", "writes -Infinity", lambda s, _text: _with_delay(s, "-Infinity")),
        fits=_has_number,
    ),
    *_json(
        "json-trailing-text",
        ("trailing-text", "writes something behind the document", lambda _s, text: f"{text}{{}}"),
        ("two-documents", "writes the document twice", lambda _s, text: text + text),
    ),
    *_json(
        "byte-order-mark",
        ("byte-order-mark", "writes a byte order mark", lambda _s, text: f"\ufeff{text}"),
    ),
    *_json(
        "lone-surrogate",
        (
            "half-a-character",
            "cuts an emoji in half",
            lambda s, _text: _written(s, "Starter", is_free_text, '"\\ud83d"'),
        ),
        fits=_has_text,
    ),
    *_json(
        "body-limit",
        (
            "deep-nesting",
            "nests lists a hundred deep",
            lambda _s, text: "[" * 100 + text + "]" * 100,
        ),
    ),
    *_json(
        "unknown-format",
        ("callback", "wraps the document in a callback", lambda _s, text: f"callback({text})"),
    ),
)

_XML = (
    *_xml(
        "xml-syntax",
        ("cut-xml", "stops in the middle", lambda _s, text: text[: len(text) // 2]),
        (
            "unclosed-element",
            "leaves the root open",
            lambda s, text: text.removesuffix(f"</{s.root}>"),
        ),
        ("bare-ampersand", "writes & as it is", _after_opening("a & b ")),
        ("bare-less-than", "writes < as it is", _after_opening("1 < 2 ")),
        ("unknown-entity", "uses an entity of HTML", _after_opening("&nbsp;")),
        ("control-character", "writes a control character", _after_opening("\x01")),
        (
            "mismatched-tags",
            "closes an element by another name",
            lambda s, text: text.replace(f"</{s.root}>", f"</{s.root}s>", 1),
        ),
    ),
    *_xml(
        "xml-wrong-root",
        (
            "xml-wrong-root",
            "names the root after something else",
            lambda s, _text: s.text(root="Response"),
        ),
    ),
    *_xml(
        "xml-wrong-root",
        (
            "lower-case-root",
            "writes the root in other letters",
            lambda s, _text: s.text(root=s.root[:1].lower() + s.root[1:]),
        ),
        fits=lambda contract: contract.success.root[:1].isupper(),
    ),
    *_xml(
        "xml-several-roots",
        ("two-roots", "leaves out the root", _without_root),
        fits=lambda contract: len(contract.success.fields) > 1,
    ),
    *_xml(
        "xml-namespace",
        (
            "namespace",
            "puts the document into a namespace",
            lambda s, text: text.replace(_start(s), f'<{s.root} xmlns="urn:example">', 1),
        ),
        ("prefix", "puts every element into a namespace by prefix", _prefixed),
    ),
    *_xml(
        "xml-attribute",
        (
            "attribute",
            "adds an attribute",
            lambda s, text: text.replace(
                _structure(s, text), f'{_structure(s, text)[:-1]} type="object">', 1
            ),
        ),
    ),
    *_xml(
        "xml-stray-text",
        (
            "stray-text",
            "writes text between elements",
            lambda s, text: (
                text.replace(_structure(s, text), f"{_structure(s, text)}ok", 1)
                if s.members
                else None
            ),
        ),
    ),
    *_xml(
        "xml-doctype",
        (
            "doctype",
            "declares a document type",
            lambda s, text: text.replace(_start(s), f"<!DOCTYPE {s.root}>{_start(s)}", 1),
        ),
        (
            "entity",
            "declares an entity",
            lambda s, text: text.replace(
                _start(s), f'<!DOCTYPE {s.root} [<!ENTITY e "x">]>{_start(s)}', 1
            ),
        ),
    ),
    *_xml(
        "wrong-encoding",
        ("encoding-lie", "declares GBK and sends UTF-8", _claimed_gbk),
        fits=_has_text,
    ),
    *_xml(
        "wrong-encoding",
        (
            "utf-16-lie",
            "declares UTF-16 and sends UTF-8",
            lambda _s, text: text.replace('encoding="UTF-8"', 'encoding="UTF-16"', 1),
        ),
    ),
)

_ENCODINGS = (
    *faults(
        "wrong-encoding",
        ("utf-16", "sends UTF-16", _in_encoding("utf-16")),
        ("latin-1", "sends Latin-1", _in_encoding("latin-1")),
        ("gbk", "sends GBK", _in_encoding("gbk")),
        fits=_has_text,
    ),
)

TEXT_FAULTS = (*_JSON, *_XML, *_ENCODINGS)
