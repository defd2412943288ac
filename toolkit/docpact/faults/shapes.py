"""The catalogue's faults of shape: members at other places, under other names, too many of them."""

import re
from collections.abc import Callable
from typing import Any

from docpact.contract import Answer, Contract, Field, Kind
from docpact.faults.fault import JSON_ONLY, XML_ONLY, Changed, Fits, faults
from docpact.faults.members import is_free_text, member_like, member_named
from docpact.faults.parsed_response import (
    Members,
    ParsedResponse,
    Position,
    fields_in,
    is_within_list,
    main_structure,
    names_in,
    request_id_of,
)

_EXTRA, _EXTRA_AT_THE_TOP, _ENVELOPE = "Priority", "Success", "data"


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


def _renaming(rename: Callable[[str], str]) -> Callable[[ParsedResponse], Changed]:
    def changed(answer: ParsedResponse) -> Members | None:
        members = _renamed(answer.members, answer.contract.success.fields, rename)
        return None if members == answer.members else members

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


def _changes_names(rename: Callable[[str], str]) -> Fits:
    """Whether a name differs when it is written otherwise."""

    def fits(contract: Contract) -> bool:
        names = {path[-1] for path, _ in contract.success.walk()}
        return _has_no_namesakes(contract) and any(rename(each) != each for each in names)

    return fits


def _is_loose(contract: Contract) -> bool:
    """Whether the main structure is not in a list: its members may turn up elsewhere."""
    path = main_structure(contract.success)
    return bool(path) and not is_within_list(contract.success, path)


def _is_beside_the_top(contract: Contract) -> bool:
    """Whether the main structure is at the top and shares no name with it."""
    answer, path = contract.success, main_structure(contract.success)
    if len(path) != 1 or not _is_loose(contract):
        return False
    above = {each.name.lower() for each in answer.fields}
    within = {each.name.lower() for each in fields_in(answer, path)}
    return above.isdisjoint(within)


def _has_a_needed_request_id(contract: Contract) -> bool:
    field = request_id_of(contract.success)
    return field is not None and field.required is not None and _is_beside_the_top(contract)


def _main(answer: ParsedResponse) -> tuple[Position, Members] | None:
    """Where the main structure is, and a copy of it."""
    position = answer.main_position
    return None if position is None else (position, answer.at(position))


def _flat(answer: ParsedResponse) -> Members | None:
    instance = answer.instance
    return (
        {**answer.without(*main_structure(answer.contract.success)), **instance}
        if instance
        else None
    )


def _nested_deeper(answer: ParsedResponse) -> Members | None:
    found = _main(answer)
    if found is None or not found[1]:
        return None
    position, instance = found
    return answer.with_structure(position, {main_structure(answer.contract.success)[-1]: instance})


def _may_nest(contract: Contract) -> bool:
    path = main_structure(contract.success)
    names = {each.name.lower() for each in fields_in(contract.success, path)}
    return bool(path) and path[-1].lower() not in names


def _job_name_above(answer: ParsedResponse) -> Members | None:
    """A member of the structure moved to the top: JobName, or the first text."""
    contract, found = answer.contract, _main(answer)
    name = _movable(contract)
    if found is None or name is None or name not in found[1]:
        return None
    position, instance = found
    value = instance.pop(name)
    return {**answer.with_structure(position, instance), name: value} if instance else None


def _movable(contract: Contract) -> str | None:
    named = member_named(contract, "JobName")
    if named is None:
        named = member_like(
            contract, lambda member: bool(member.structure) and is_free_text(member)
        )
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


def _request_id_inside(answer: ParsedResponse) -> Members | None:
    found, field = _main(answer), request_id_of(answer.contract.success)
    if found is None or field is None or field.name not in answer.members:
        return None
    position, instance = found
    members = answer.with_structure(position, {**instance, field.name: answer.members[field.name]})
    return {key: each for key, each in members.items() if key != field.name}


def _may_take_request_id(contract: Contract) -> bool:
    known = [path[-1].lower() for path, _ in contract.success.walk()]
    return bool(main_structure(contract.success)) and known.count("requestid") == 1


def _snake_inside(answer: ParsedResponse) -> Members | None:
    found = _main(answer)
    if found is None:
        return None
    position, instance = found
    fields = fields_in(answer.contract.success, main_structure(answer.contract.success))
    documented = [name for name in instance if name in {each.name for each in fields}]
    if all(_snake(name) != name.lower() or name == name.lower() for name in documented):
        return None  # none that only differs in letter case
    renamed = {_snake(name) if name in documented else name: instance[name] for name in instance}
    return answer.with_structure(position, renamed)


def _has_needed_words(contract: Contract) -> bool:
    """Whether a member of several words must be there, and one of one word may."""
    fields = fields_in(contract.success, main_structure(contract.success))
    needed = any(_snake(each.name) != each.name.lower() for each in fields if each.required)
    plain = any(_snake(each.name) == each.name.lower() != each.name for each in fields)
    return _has_no_namesakes(contract) and needed and plain


def _extra(answer: ParsedResponse) -> Members | None:
    found = _main(answer)
    return answer.with_structure(found[0], {**found[1], _EXTRA: 3}) if found else None


def _lacks(*names: str) -> Fits:
    """Whether no answer of a contract has a member of these names."""

    def fits(contract: Contract) -> bool:
        known = names_in(contract.success) | names_in(contract.failure)
        return known.isdisjoint(each.lower() for each in names)

    return fits


def _needs_something(contract: Contract) -> bool:
    return any(each.required for each in contract.success.fields)


def _twice_in_json(answer: ParsedResponse) -> str | None:
    """The first member of the answer written twice."""
    name = next(iter(answer.members), None)
    return None if name is None else f'{{"{name}":"again",' + answer.text().removeprefix("{")


def _text_at_the_top(answer: Answer) -> Field | None:
    texts = (each for each in answer.fields if each.kind is Kind.STRING and not each.repeated)
    return request_id_of(answer) or next(texts, None)


def _twice_in_xml(answer: ParsedResponse) -> str | None:
    field = _text_at_the_top(answer.contract.success)
    if field is None or field.name not in answer.members:
        return None
    start = f"<{answer.root}>"
    return answer.text().replace(start, f"{start}<{field.name}>again</{field.name}>", 1)


def _structure_twice(answer: ParsedResponse) -> Members | None:
    name = main_structure(answer.contract.success)[0]
    value = answer.members.get(name)
    return {**answer.members, name: [value, value]} if isinstance(value, dict) else None


def _has_a_structure(contract: Contract) -> bool:
    path = main_structure(contract.success)
    field = contract.success.find(path[:1])
    return field is not None and not field.repeated


SHAPE_FAULTS = (
    *faults(
        "misplaced-field",
        ("flat", "puts the instance's members beside RequestId", _flat),
        fits=_is_beside_the_top,
    ),
    *faults(
        "misplaced-field",
        ("nested-deeper", "wraps the instance once more", _nested_deeper),
        fits=_may_nest,
    ),
    *faults(
        "misplaced-field",
        (
            "wrapped",
            "wraps the answer in another object",
            lambda answer: {_ENVELOPE: answer.members} if answer.members else None,
        ),
        fits=_lacks(_ENVELOPE),
    ),
    *faults(
        "misplaced-field",
        ("member-above", "puts JobName beside the instance", _job_name_above),
        fits=_may_move,
    ),
    *faults(
        "misplaced-field",
        ("request-id-inside", "puts RequestId into the instance", _request_id_inside),
        fits=_may_take_request_id,
    ),
    *faults(
        "wrong-name-case",
        ("camel-case", "writes names like jobName", _renaming(_camel)),
        fits=_changes_names(_camel),
    ),
    *faults(
        "wrong-name-case",
        ("upper-case", "writes names like JOBNAME", _renaming(str.upper)),
        fits=_changes_names(str.upper),
    ),
    *faults(
        "undocumented-field missing-field wrong-name-case",
        ("snake-case", "writes the instance's names like job_name", _snake_inside),
        fits=_has_needed_words,
    ),
    *faults(
        "undocumented-field",
        ("extra-member", "adds a member that is not on the page", _extra),
        fits=_lacks(_EXTRA),
    ),
    *faults(
        "undocumented-field",
        (
            "extra-top-member",
            "adds a member beside the instance",
            lambda answer: {**answer.members, _EXTRA_AT_THE_TOP: "true"},
        ),
        fits=_lacks(_EXTRA_AT_THE_TOP),
    ),
    *faults(
        "missing-field misplaced-field",
        (
            "only-the-instance",
            "answers with the bare instance",
            lambda answer: answer.instance or None,
        ),
        fits=_has_a_needed_request_id,
    ),
    *faults(
        "missing-field",
        ("nothing-in-it", "answers with an empty document", lambda _answer: {}),
        fits=_needs_something,
    ),
    *faults(
        "wrong-type",
        ("array-root", "answers with a list of one answer", lambda answer: f"[{answer.text()}]"),
        media=JSON_ONLY,
    ),
    *faults(
        "json-duplicate-key",
        ("duplicate-key", "writes RequestId twice", _twice_in_json),
        media=JSON_ONLY,
    ),
    *faults(
        "xml-duplicate-element",
        ("duplicate-element", "writes the element RequestId twice", _twice_in_xml),
        media=XML_ONLY,
        fits=lambda contract: _text_at_the_top(contract.success) is not None,
    ),
    *faults(
        "xml-duplicate-element",
        ("several-instances", "writes the instance twice", _structure_twice),
        media=XML_ONLY,
        fits=_has_a_structure,
    ),
)
