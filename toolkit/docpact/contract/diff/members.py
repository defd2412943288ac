"""Compare two contracts part by part: operation, parameters, answer, error and samples."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.diff.compare import (
    Compared,
    ListedValues,
    Stated,
    Wording,
    otherwise,
    same_words,
    short,
    type_name,
)
from docpact.contract.diff.pairing import FieldPairs, ParameterPairs, paired_fields
from docpact.contract.model import (
    Answer,
    Contract,
    Evidence,
    Field,
    FieldPath,
    Media,
    Operation,
    Parameter,
    Place,
    Sample,
)
from docpact.contract.path_template import PathTemplate
from docpact.core.span import Grade, Origin, Span

_VERSION = Stated(
    ChangeKind.VERSION_CHANGED, ChangeKind.VERSION_STATED, ChangeKind.VERSION_WITHDRAWN
)
_PARAMETER_TYPE = Stated(
    ChangeKind.PARAMETER_RETYPED,
    ChangeKind.PARAMETER_TYPE_STATED,
    ChangeKind.PARAMETER_TYPE_WITHDRAWN,
)
_PARAMETER_VALUES = ListedValues(
    ChangeKind.PARAMETER_VALUES_LISTED,
    ChangeKind.PARAMETER_VALUES_UNLISTED,
    ChangeKind.PARAMETER_VALUE_ADDED,
    ChangeKind.PARAMETER_VALUE_REMOVED,
)
_PARAMETER_WORDS = Wording(
    ChangeKind.PARAMETER_MEANING_ADDED,
    ChangeKind.PARAMETER_MEANING_DROPPED,
    ChangeKind.PARAMETER_REWORDED,
    ChangeKind.PARAMETER_EXAMPLE_CHANGED,
)
_OF_PARAMETER = frozenset(
    {"name", "wire_name", "place", "kind", "required", "example", "description", "origin"}
    | {"values", "default"}
)
_OF_OPERATION = frozenset({"name", "summary", "method", "path", "parameters", "origin", "version"})
_PLACED_BY_THE_PATH = frozenset({Place.PATH, Place.QUERY})


def operation_changes(old: Operation, new: Operation, pairs: ParameterPairs) -> Iterator[Change]:
    """What changed about the operation itself: name, request line, version."""
    both = Compared(Part.OPERATION, new.name, _whole_page(old), _whole_page(new))
    if old.name != new.name:
        yield both.changed(ChangeKind.OPERATION_RENAMED, old.name, new.name)
    request = Compared(Part.OPERATION, new.name, old.origin, new.origin)
    yield from _request_line(request, old, new, pairs)
    yield from _VERSION.between(both, old.version, new.version)
    yield from otherwise(ChangeKind.OPERATION_OTHERWISE, both, old, new, _OF_OPERATION)
    if not same_words(old.summary, new.summary):
        yield both.changed(ChangeKind.SUMMARY_REWORDED, short(old.summary), short(new.summary))


def _whole_page(operation: Operation) -> Origin:
    """A contract keeps no line for name, summary and version, so the page's first one is cited."""
    return Origin(Span(operation.origin.span.file, 1, 1), Grade.STATED)


def _request_line(
    both: Compared, old: Operation, new: Operation, pairs: ParameterPairs
) -> Iterator[Change]:
    before, after = (f"{each.method} {each.path}".strip() for each in (old, new))
    if not before or not after:
        if before != after:
            kind = ChangeKind.REQUEST_LINE_STATED
            yield both.changed(kind if after else ChangeKind.REQUEST_LINE_WITHDRAWN, before, after)
        return
    if old.method != new.method:
        yield both.changed(ChangeKind.METHOD_CHANGED, old.method, new.method)
    here, there = PathTemplate.parse(old.path), PathTemplate.parse(new.path)
    if here.shape != there.shape:
        yield both.changed(ChangeKind.PATH_CHANGED, old.path, new.path)
    elif here.renamed(pairs.new_names) != there:
        yield both.changed(ChangeKind.PLACEHOLDER_RENAMED, old.path, new.path)


def parameter_changes(old: Operation, new: Operation, pairs: ParameterPairs) -> Iterator[Change]:
    """What changed about what a caller passes."""
    for each in pairs.removed:
        yield Change(
            _removed(each), Part.PARAMETERS, each.name, Side(each.place, each.origin), None
        )
    for each in pairs.added:
        yield Change(_added(each), Part.PARAMETERS, each.name, None, Side(each.place, each.origin))
    has_paths = bool(old.path) and bool(new.path)
    for one, other in pairs.both:
        yield from _between_parameters(one, other, has_paths=has_paths)


def _added(parameter: Parameter) -> ChangeKind:
    if parameter.required:
        return ChangeKind.REQUIRED_PARAMETER_ADDED
    return ChangeKind.OPTIONAL_PARAMETER_ADDED


def _removed(parameter: Parameter) -> ChangeKind:
    if parameter.required:
        return ChangeKind.REQUIRED_PARAMETER_REMOVED
    return ChangeKind.OPTIONAL_PARAMETER_REMOVED


def _between_parameters(old: Parameter, new: Parameter, *, has_paths: bool) -> Iterator[Change]:
    both = Compared(Part.PARAMETERS, new.name, old.origin, new.origin)
    yield from _names(both, old, new)
    if old.place is not new.place and (has_paths or not _left_open(old, new)):
        yield both.changed(ChangeKind.PARAMETER_MOVED, f"the {old.place}", f"the {new.place}")
    yield from _PARAMETER_TYPE.between(both, type_name(old.kind), type_name(new.kind))
    if old.required is not new.required:
        required, optional = ChangeKind.PARAMETER_NOW_REQUIRED, ChangeKind.PARAMETER_NOW_OPTIONAL
        yield both.changed(required if new.required else optional)
    yield from _PARAMETER_VALUES.between(both, _parameter_values(old), _parameter_values(new))
    if old.default != new.default:
        kind = ChangeKind.PARAMETER_DEFAULT_CHANGED
        yield both.changed(kind, _default(old), _default(new))
    listed = {*old.values, *new.values}
    yield from _PARAMETER_WORDS.between(both, old.description, new.description, listed=listed)
    yield from _PARAMETER_WORDS.examples(both, old.example, new.example)
    yield from otherwise(ChangeKind.PARAMETER_OTHERWISE, both, old, new, _OF_PARAMETER)


def _left_open(old: Parameter, new: Parameter) -> bool:
    """Whether the place is no more than a guess where a page shows no path."""
    return {old.place, new.place} <= _PLACED_BY_THE_PATH


def _names(both: Compared, old: Parameter, new: Parameter) -> Iterator[Change]:
    if _travelling(old, new) != _travelling(new, old):
        yield both.changed(ChangeKind.PARAMETER_RENAMED, _both_names(old), _both_names(new))
    elif (old.name, old.wire_name) != (new.name, new.wire_name):
        yield both.changed(ChangeKind.PARAMETER_RELABELLED, _both_names(old), _both_names(new))


def _travelling(parameter: Parameter, other: Parameter) -> str:
    """The name as it is seen on the wire: none in the path, in any letter case among headers."""
    if parameter.place is Place.PATH and other.place is Place.PATH:
        return ""
    if parameter.place is Place.HEADER and other.place is Place.HEADER:
        return parameter.wire_name.casefold()
    return parameter.wire_name


def _both_names(parameter: Parameter) -> str:
    if parameter.name == parameter.wire_name:
        return parameter.name
    return f"{parameter.name} ({parameter.wire_name})"


def _parameter_values(parameter: Parameter) -> dict[str, Origin]:
    return dict.fromkeys(parameter.values, parameter.origin)


def _default(parameter: Parameter) -> str:
    return "none" if parameter.default is None else repr(parameter.default)


_FIELD_TYPE = Stated(
    ChangeKind.FIELD_RETYPED, ChangeKind.FIELD_TYPE_STATED, ChangeKind.FIELD_TYPE_WITHDRAWN
)
_UNIT = Stated(ChangeKind.UNIT_CHANGED, ChangeKind.UNIT_STATED, ChangeKind.UNIT_WITHDRAWN)
_FIELD_VALUES = ListedValues(
    ChangeKind.VALUES_LISTED,
    ChangeKind.VALUES_UNLISTED,
    ChangeKind.VALUE_ADDED,
    ChangeKind.VALUE_REMOVED,
)
_FIELD_WORDS = Wording(
    ChangeKind.FIELD_MEANING_ADDED,
    ChangeKind.FIELD_MEANING_DROPPED,
    ChangeKind.FIELD_REWORDED,
    ChangeKind.FIELD_EXAMPLE_CHANGED,
)
_OF_FIELD = frozenset(
    {"name", "kind", "origin", "evidence", "required", "empty", "values", "unit", "example"}
    | {"description", "fields"}
)
_OF_ANSWER = frozenset({"root", "root_origin", "fields", "origin"})


def answer_changes(old: Contract, new: Contract, pairs: FieldPairs) -> Iterator[Change]:
    """What changed about a success, and about a failure."""
    yield from _root(Part.ANSWER, old.success, new.success)
    yield from _fields(Part.ANSWER, pairs)
    if old.failure and new.failure:
        yield from _root(Part.ERROR, old.failure, new.failure)
        yield from _fields(Part.ERROR, paired_fields(old.failure.fields, new.failure.fields))
    elif old.failure:
        side = Side(old.failure.root, old.failure.origin)
        yield Change(ChangeKind.ERROR_WITHDRAWN, Part.ERROR, old.failure.root, side, None)
    elif new.failure:
        side = Side(new.failure.root, new.failure.origin)
        yield Change(ChangeKind.ERROR_DESCRIBED, Part.ERROR, new.failure.root, None, side)


def _root(part: Part, old: Answer, new: Answer) -> Iterator[Change]:
    if old.root != new.root:
        both = Compared(part, new.root, old.root_origin, new.root_origin)
        yield both.changed(ChangeKind.ROOT_CHANGED, old.root, new.root)
    both = Compared(part, new.root, old.origin, new.origin)
    yield from otherwise(ChangeKind.ANSWER_OTHERWISE, both, old, new, _OF_ANSWER)


def _fields(part: Part, pairs: FieldPairs) -> Iterator[Change]:
    removed, added = set(pairs.removed), set(pairs.added)
    for path in pairs.removed:
        if path[:-1] not in removed:  # what goes with its structure is not a change of its own
            field = pairs.old[path]
            kinds = ChangeKind.REQUIRED_FIELD_REMOVED, ChangeKind.FIELD_REMOVED
            kind = kinds[field.required is None]
            yield Change(kind, part, _dotted(path), Side(_type_of(field), field.origin), None)
    for path in pairs.added:
        if path[:-1] not in added:
            field = pairs.new[path]
            kinds = ChangeKind.REQUIRED_FIELD_ADDED, ChangeKind.FIELD_ADDED
            kind = kinds[field.required is None]
            origin = field.required or field.origin
            yield Change(kind, part, _dotted(path), None, Side(_type_of(field), origin))
    for one, other in pairs.to_new.items():
        both = Compared(part, _dotted(other), pairs.old[one].origin, pairs.new[other].origin)
        yield from _place(both, one, other, pairs)
        yield from _between_fields(both, pairs.old[one], pairs.new[other])


def _type_of(field: Field) -> str:
    return type_name(field.kind) or "of unknown type"


def _place(both: Compared, old: FieldPath, new: FieldPath, pairs: FieldPairs) -> Iterator[Change]:
    home = pairs.to_new.get(old[:-1]) if old[:-1] else ()
    if home != new[:-1]:
        weak = pairs.old[old].evidence.weak or pairs.new[new].evidence.weak
        kind = ChangeKind.FIELD_PERHAPS_MOVED if weak else ChangeKind.FIELD_MOVED
        yield both.changed(
            kind, _placed(old, pairs.old[old].evidence), _placed(new, pairs.new[new].evidence)
        )
    elif old[-1] != new[-1]:
        yield both.changed(ChangeKind.FIELD_RENAMED, _dotted(old), _dotted(new))


def _placed(path: FieldPath, evidence: Evidence) -> str:
    return f"{_dotted(path)} (placed by {evidence})" if evidence.weak else _dotted(path)


def _between_fields(both: Compared, old: Field, new: Field) -> Iterator[Change]:
    yield from _FIELD_TYPE.between(both, type_name(old.kind), type_name(new.kind))
    yield from _presence(both, old, new)
    if (old.empty is None) != (new.empty is None):
        kind = ChangeKind.FIELD_NOW_EMPTIABLE if new.empty else ChangeKind.FIELD_NO_LONGER_EMPTIABLE
        yield both.said_only_by(kind, old=_said(old.empty), new=_said(new.empty))
    yield from _field_values(both, old, new)
    yield from _UNIT.between(both, old.unit, new.unit)
    listed = {each.value for each in (*old.values, *new.values)}
    yield from _FIELD_WORDS.between(both, old.description, new.description, listed=listed)
    yield from _FIELD_WORDS.examples(both, old.example, new.example)
    yield from otherwise(ChangeKind.FIELD_OTHERWISE, both, old, new, _OF_FIELD)


def _field_values(both: Compared, old: Field, new: Field) -> Iterator[Change]:
    before = {each.value: each for each in old.values}
    after = {each.value: each for each in new.values}
    yield from _FIELD_VALUES.between(
        both,
        {value: each.origin for value, each in before.items()},
        {value: each.origin for value, each in after.items()},
    )
    for value in before.keys() & after.keys():
        one, other = before[value], after[value]
        if not same_words(one.meaning, other.meaning):
            sides = [Side(f"{value}: {short(each.meaning)}", each.origin) for each in (one, other)]
            yield Change(ChangeKind.VALUE_REWORDED, both.part, both.name, *sides)


def _presence(both: Compared, old: Field, new: Field) -> Iterator[Change]:
    if old.required and new.required:
        before, after = old.required.severity, new.required.severity
        if before is not after:
            sides = Side(before, old.required), Side(after, new.required)
            yield Change(ChangeKind.FIELD_REGRADED, both.part, both.name, *sides)
    elif old.required:
        yield both.said_only_by(ChangeKind.FIELD_NOW_OPTIONAL, old=_said(old.required))
    elif new.required:
        yield both.said_only_by(ChangeKind.FIELD_NOW_REQUIRED, new=_said(new.required))


def _said(origin: Origin | None) -> Side | None:
    return Side("", origin) if origin else None


def _dotted(path: FieldPath) -> str:
    return ".".join(path)


def sample_changes(old: Iterable[Sample], new: Iterable[Sample]) -> Iterator[Change]:
    """The samples that came and went; where both pages print one, whether it is another."""
    here, there = list(old), list(new)
    for media in Media:
        before = [each for each in here if each.media is media]
        after = [each for each in there if each.media is media]
        kept = _common(before, after)
        yield from _of_one_media(
            media,
            [each for each in before if each.text not in kept],
            [each for each in after if each.text not in kept],
        )


def _common(old: list[Sample], new: list[Sample]) -> set[str]:
    return {each.text for each in old} & {each.text for each in new}


def _of_one_media(media: Media, old: list[Sample], new: list[Sample]) -> Iterator[Change]:
    name = media.value.upper()
    for one, other in zip_longest(old, new):
        before, after = (Side(name, each.origin) if each else None for each in (one, other))
        kind = ChangeKind.SAMPLE_CHANGED
        if before is None:
            kind = ChangeKind.SAMPLE_ADDED
        elif after is None:
            kind = ChangeKind.SAMPLE_REMOVED
        yield Change(kind, Part.SAMPLES, name, before, after)
