"""Faults of an answer's shape: members at other places, under other names, too many of them."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

from docpact.contract import Answer, Contract, Field, Kind, Media
from docpact.core.exchange import Response
from docpact.faults.fault import BOTH, JSON_ONLY, XML_ONLY, Change, Fault, fits_any
from docpact.faults.parsed_response import (
    Members,
    ParsedResponse,
    changing,
    changing_text,
    opened,
    with_text,
)
from docpact.faults.target import (
    fields_in,
    holder_of,
    is_within_list,
    names_in,
    request_id_of,
    spot_like,
    spot_named,
)

_Fits = Callable[[Contract], bool]
_EXTRA, _EXTRA_AT_THE_TOP, _ENVELOPE = "Priority", "Success", "data"


def _shape(  # noqa: PLR0913  # one for each part of a fault
    name: str,
    summary: str,
    rules: str,
    change: Callable[[ParsedResponse], Members | None],
    fits: _Fits = fits_any,
    *,
    media: frozenset[Media] = BOTH,
) -> Fault:
    def changed(parsed: ParsedResponse, _random: Random) -> Members | None:
        return change(parsed)

    return Fault(
        name, summary, frozenset(rules.split()), media=media, change=changing(changed), fits=fits
    )


def _renamed(members: Members, fields: tuple[Field, ...], rename: Callable[[str], str]) -> Members:
    """The members with their documented names written otherwise."""
    known = {each.name: each for each in fields}
    return {
        rename(name) if name in known else name: _renamed_within(value, known.get(name), rename)
        for name, value in members.items()
    }


def _renamed_within(value: Any, field: Field | None, rename: Callable[[str], str]) -> Any:
    inner = field.fields if field else ()
    if isinstance(value, list):
        return [_renamed_within(each, field, rename) for each in value]
    return _renamed(value, inner, rename) if isinstance(value, dict) and inner else value


def _renaming(rename: Callable[[str], str]) -> Callable[[ParsedResponse], Members | None]:
    def changed(parsed: ParsedResponse) -> Members | None:
        members = _renamed(parsed.members, parsed.contract.success.fields, rename)
        return None if members == parsed.members else members

    return changed


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _has_no_namesakes(contract: Contract) -> bool:
    """Whether no two members of one structure differ in letter case only."""
    success = contract.success
    structures = [success.fields, *(field.fields for _, field in success.walk())]
    return all(len({each.name.lower() for each in one}) == len(one) for one in structures)


def _changes_names(rename: Callable[[str], str]) -> _Fits:
    """Whether a name differs when it is written otherwise."""

    def fits(contract: Contract) -> bool:
        names = {path[-1] for path, _ in contract.success.walk()}
        return _has_no_namesakes(contract) and any(rename(each) != each for each in names)

    return fits


def _is_loose(contract: Contract) -> bool:
    """Whether a structure tells most, and no list: its members may turn up elsewhere."""
    holder = holder_of(contract.success)
    return bool(holder) and not is_within_list(contract.success, holder)


def _is_beside_the_top(contract: Contract) -> bool:
    """Whether that structure stands at the top and shares no name with it."""
    answer, holder = contract.success, holder_of(contract.success)
    if len(holder) != 1 or not _is_loose(contract):
        return False
    above = {each.name.lower() for each in answer.fields}
    within = {each.name.lower() for each in fields_in(answer, holder)}
    return above.isdisjoint(within)


def _has_a_needed_request_id(contract: Contract) -> bool:
    field = request_id_of(contract.success)
    return field is not None and field.required is not None and _is_beside_the_top(contract)


def _holder(parsed: ParsedResponse) -> tuple[tuple[str | int, ...], Members] | None:
    """Where the structure that tells most stands, and what it tells."""
    where = parsed.where(holder_of(parsed.contract.success))
    return None if where is None else (where, parsed.at(where))


def _without_structure(parsed: ParsedResponse) -> Members:
    (name,) = holder_of(parsed.contract.success)
    return {key: each for key, each in parsed.members.items() if key != name}


def _flat(parsed: ParsedResponse) -> Members | None:
    instance = parsed.instance
    return {**_without_structure(parsed), **instance} if instance else None


def _nested_deeper(parsed: ParsedResponse) -> Members | None:
    found = _holder(parsed)
    if found is None or not found[1]:
        return None
    where, instance = found
    return parsed.with_structure(where, {holder_of(parsed.contract.success)[-1]: instance})


def _may_nest(contract: Contract) -> bool:
    holder = holder_of(contract.success)
    names = {each.name.lower() for each in fields_in(contract.success, holder)}
    return bool(holder) and holder[-1].lower() not in names


def _job_name_above(parsed: ParsedResponse) -> Members | None:
    """A member of the structure moved to the top: JobName, or the first text."""
    contract, found = parsed.contract, _holder(parsed)
    name = _movable(contract)
    if found is None or name is None or name not in found[1]:
        return None
    where, instance = found
    value = instance.pop(name)
    return {**parsed.with_structure(where, instance), name: value} if instance else None


def _movable(contract: Contract) -> str | None:
    named = spot_named(contract, "JobName")
    if named is None:
        named = spot_like(contract, lambda spot: bool(spot.holder) and spot.is_plain)
    return named.field.name if named else None


def _may_move(contract: Contract) -> bool:
    """Whether such a member is known at no other place."""
    name = _movable(contract)
    known = [path[-1].lower() for path, _ in contract.success.walk()]
    failing = names_in(contract.failure)
    return (
        _is_loose(contract)
        and name is not None
        and known.count(name.lower()) == 1
        and name.lower() not in failing
    )


def _request_id_inside(parsed: ParsedResponse) -> Members | None:
    found, field = _holder(parsed), request_id_of(parsed.contract.success)
    if found is None or field is None or field.name not in parsed.members:
        return None
    where, instance = found
    members = parsed.with_structure(where, {**instance, field.name: parsed.members[field.name]})
    return {key: each for key, each in members.items() if key != field.name}


def _may_take_request_id(contract: Contract) -> bool:
    known = [path[-1].lower() for path, _ in contract.success.walk()]
    return bool(holder_of(contract.success)) and known.count("requestid") == 1


def _snake_inside(parsed: ParsedResponse) -> Members | None:
    found = _holder(parsed)
    if found is None:
        return None
    where, instance = found
    fields = fields_in(parsed.contract.success, holder_of(parsed.contract.success))
    documented = [name for name in instance if name in {each.name for each in fields}]
    if all(_snake(name) != name.lower() or name == name.lower() for name in documented):
        return None  # none that only differs in letter case
    renamed = {_snake(name) if name in documented else name: instance[name] for name in instance}
    return parsed.with_structure(where, renamed)


def _has_needed_words(contract: Contract) -> bool:
    """Whether a member of several words must be there, and one of one word may."""
    fields = fields_in(contract.success, holder_of(contract.success))
    needed = any(_snake(each.name) != each.name.lower() for each in fields if each.required)
    plain = any(_snake(each.name) == each.name.lower() != each.name for each in fields)
    return _has_no_namesakes(contract) and needed and plain


def _extra(parsed: ParsedResponse) -> Members | None:
    found = _holder(parsed)
    return parsed.with_structure(found[0], {**found[1], _EXTRA: 3}) if found else None


def _lacks(*names: str) -> _Fits:
    """Whether no answer of a contract has a member of these names."""

    def fits(contract: Contract) -> bool:
        known = names_in(contract.success) | names_in(contract.failure)
        return known.isdisjoint(each.lower() for each in names)

    return fits


def _needs_something(contract: Contract) -> bool:
    return any(each.required for each in contract.success.fields)


def _root_array() -> Change:
    def changed(response: Response, _random: Random, contract: Contract) -> Response | None:
        parsed = opened(response, contract)
        if not parsed.is_json or not parsed.is_success:
            return None
        return with_text(response, f"[{parsed.text()}]")

    return changed


def _twice_in_json(parsed: ParsedResponse, text: str) -> str | None:
    """The first member of the answer written twice."""
    name = next(iter(parsed.members), None)
    return None if name is None else f'{{"{name}":"again",' + text.removeprefix("{")


def _text_at_the_top(answer: Answer) -> Field | None:
    texts = (each for each in answer.fields if each.kind is Kind.STRING and not each.repeated)
    return request_id_of(answer) or next(texts, None)


def _twice_in_xml(parsed: ParsedResponse, text: str) -> str | None:
    field = _text_at_the_top(parsed.contract.success)
    if field is None or field.name not in parsed.members:
        return None
    start = f"<{parsed.root}>"
    return text.replace(start, f"{start}<{field.name}>again</{field.name}>", 1)


def _structure_twice(parsed: ParsedResponse) -> Members | None:
    name = holder_of(parsed.contract.success)[0]
    value = parsed.members.get(name)
    return {**parsed.members, name: [value, value]} if isinstance(value, dict) else None


def _has_a_structure(contract: Contract) -> bool:
    holder = holder_of(contract.success)
    field = contract.success.find(holder[:1])
    return field is not None and not field.repeated


SHAPE_FAULTS = (
    _shape(
        "flat",
        "puts the instance's members beside RequestId",
        "misplaced-field",
        _flat,
        _is_beside_the_top,
    ),
    _shape(
        "nested-deeper",
        "wraps the instance once more",
        "misplaced-field",
        _nested_deeper,
        _may_nest,
    ),
    _shape(
        "wrapped",
        "wraps the answer in an envelope of its own",
        "misplaced-field",
        lambda parsed: {_ENVELOPE: parsed.members} if parsed.members else None,
        _lacks(_ENVELOPE),
    ),
    _shape(
        "member-above",
        "puts JobName beside the instance",
        "misplaced-field",
        _job_name_above,
        _may_move,
    ),
    _shape(
        "request-id-inside",
        "puts RequestId into the instance",
        "misplaced-field",
        _request_id_inside,
        _may_take_request_id,
    ),
    _shape(
        "camel-case",
        "writes names like jobName",
        "wrong-name-case",
        _renaming(_camel),
        _changes_names(_camel),
    ),
    _shape(
        "upper-case",
        "writes names like JOBNAME",
        "wrong-name-case",
        _renaming(str.upper),
        _changes_names(str.upper),
    ),
    _shape(
        "snake-case",
        "writes the instance's names like job_name",
        "undocumented-field missing-field wrong-name-case",
        _snake_inside,
        _has_needed_words,
    ),
    _shape(
        "extra-member",
        "adds a member that the page does not know",
        "undocumented-field",
        _extra,
        _lacks(_EXTRA),
    ),
    _shape(
        "extra-top-member",
        "adds a member beside the instance",
        "undocumented-field",
        lambda parsed: {**parsed.members, _EXTRA_AT_THE_TOP: "true"},
        _lacks(_EXTRA_AT_THE_TOP),
    ),
    _shape(
        "only-the-instance",
        "answers with the bare instance",
        "missing-field misplaced-field",
        lambda parsed: parsed.instance or None,
        _has_a_needed_request_id,
    ),
    _shape(
        "nothing-in-it",
        "answers with an empty document",
        "missing-field",
        lambda _parsed: {},
        _needs_something,
    ),
    Fault(
        "array-root",
        "answers with a list of one answer",
        frozenset({"wrong-type"}),
        media=JSON_ONLY,
        change=_root_array(),
    ),
    Fault(
        "duplicate-key",
        "writes RequestId twice",
        frozenset({"json-duplicate-key"}),
        media=JSON_ONLY,
        change=changing_text(Media.JSON, _twice_in_json),
    ),
    Fault(
        "duplicate-element",
        "writes RequestId twice",
        frozenset({"xml-duplicate-element"}),
        media=XML_ONLY,
        change=changing_text(Media.XML, _twice_in_xml),
        fits=lambda contract: _text_at_the_top(contract.success) is not None,
    ),
    _shape(
        "several-instances",
        "writes the instance twice",
        "xml-duplicate-element",
        _structure_twice,
        _has_a_structure,
        media=XML_ONLY,
    ),
)
