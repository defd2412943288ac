"""Compare how the operation is called."""

from collections.abc import Iterator

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.diff.grading import same_words, short
from docpact.contract.diff.members import Listing, Silence, Subject, Words, otherwise, type_name
from docpact.contract.diff.pairing import ParameterPairs
from docpact.contract.model import Operation, Parameter, Place
from docpact.contract.path_template import PathTemplate
from docpact.core.span import Grade, Origin, Span

_VERSION = Silence(
    ChangeKind.VERSION_CHANGED, ChangeKind.VERSION_STATED, ChangeKind.VERSION_WITHDRAWN
)
_TYPE = Silence(
    ChangeKind.PARAMETER_RETYPED,
    ChangeKind.PARAMETER_TYPE_STATED,
    ChangeKind.PARAMETER_TYPE_WITHDRAWN,
)
_VALUES = Listing(
    ChangeKind.PARAMETER_VALUES_LISTED,
    ChangeKind.PARAMETER_VALUES_UNLISTED,
    ChangeKind.PARAMETER_VALUE_ADDED,
    ChangeKind.PARAMETER_VALUE_REMOVED,
)
_WORDS = Words(
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
    subject = Subject(Part.OPERATION, new.name, _whole_page(old), _whole_page(new))
    if old.name != new.name:
        yield subject.changed(ChangeKind.OPERATION_RENAMED, old.name, new.name)
    request = Subject(Part.OPERATION, new.name, old.origin, new.origin)
    yield from _request_line(request, old, new, pairs)
    yield from _VERSION.between(subject, old.version, new.version)
    yield from otherwise(ChangeKind.OPERATION_OTHERWISE, subject, old, new, _OF_OPERATION)
    if not same_words(old.summary, new.summary):
        yield subject.changed(ChangeKind.SUMMARY_REWORDED, short(old.summary), short(new.summary))


def _whole_page(operation: Operation) -> Origin:
    """A contract keeps no line for name, summary and version, so the page's first one is cited."""
    return Origin(Span(operation.origin.span.file, 1, 1), Grade.STATED)


def _request_line(
    subject: Subject, old: Operation, new: Operation, pairs: ParameterPairs
) -> Iterator[Change]:
    before, after = (f"{each.method} {each.path}".strip() for each in (old, new))
    if not before or not after:
        if before != after:
            kind = ChangeKind.REQUEST_LINE_STATED
            yield subject.changed(
                kind if after else ChangeKind.REQUEST_LINE_WITHDRAWN, before, after
            )
        return
    if old.method != new.method:
        yield subject.changed(ChangeKind.METHOD_CHANGED, old.method, new.method)
    here, there = PathTemplate.parse(old.path), PathTemplate.parse(new.path)
    if here.shape != there.shape:
        yield subject.changed(ChangeKind.PATH_CHANGED, old.path, new.path)
    elif here.renamed(pairs.new_names) != there:
        yield subject.changed(ChangeKind.PLACEHOLDER_RENAMED, old.path, new.path)


def parameter_changes(old: Operation, new: Operation, pairs: ParameterPairs) -> Iterator[Change]:
    """What changed about what a caller passes."""
    for each in pairs.removed:
        yield Change(
            _removed(each), Part.PARAMETERS, each.name, Side(each.place, each.origin), None
        )
    for each in pairs.added:
        yield Change(_added(each), Part.PARAMETERS, each.name, None, Side(each.place, each.origin))
    tell_places = bool(old.path) and bool(new.path)
    for one, other in pairs.both:
        yield from _between(one, other, tell_places=tell_places)


def _added(parameter: Parameter) -> ChangeKind:
    if parameter.required:
        return ChangeKind.REQUIRED_PARAMETER_ADDED
    return ChangeKind.OPTIONAL_PARAMETER_ADDED


def _removed(parameter: Parameter) -> ChangeKind:
    if parameter.required:
        return ChangeKind.REQUIRED_PARAMETER_REMOVED
    return ChangeKind.OPTIONAL_PARAMETER_REMOVED


def _between(old: Parameter, new: Parameter, *, tell_places: bool) -> Iterator[Change]:
    subject = Subject(Part.PARAMETERS, new.name, old.origin, new.origin)
    yield from _names(subject, old, new)
    if old.place is not new.place and (tell_places or not _left_open(old, new)):
        yield subject.changed(ChangeKind.PARAMETER_MOVED, f"the {old.place}", f"the {new.place}")
    yield from _TYPE.between(subject, type_name(old.kind), type_name(new.kind))
    if old.required is not new.required:
        required, optional = ChangeKind.PARAMETER_NOW_REQUIRED, ChangeKind.PARAMETER_NOW_OPTIONAL
        yield subject.changed(required if new.required else optional)
    yield from _VALUES.between(subject, _values(old), _values(new))
    if old.default != new.default:
        kind = ChangeKind.PARAMETER_DEFAULT_CHANGED
        yield subject.changed(kind, _default(old), _default(new))
    listed = {*old.values, *new.values}
    yield from _WORDS.between(subject, old.description, new.description, listed=listed)
    yield from _WORDS.examples(subject, old.example, new.example)
    yield from otherwise(ChangeKind.PARAMETER_OTHERWISE, subject, old, new, _OF_PARAMETER)


def _left_open(old: Parameter, new: Parameter) -> bool:
    """Whether the place is no more than a guess where a page shows no path."""
    return {old.place, new.place} <= _PLACED_BY_THE_PATH


def _names(subject: Subject, old: Parameter, new: Parameter) -> Iterator[Change]:
    if _travelling(old, new) != _travelling(new, old):
        yield subject.changed(ChangeKind.PARAMETER_RENAMED, _both_names(old), _both_names(new))
    elif (old.name, old.wire_name) != (new.name, new.wire_name):
        yield subject.changed(ChangeKind.PARAMETER_RELABELLED, _both_names(old), _both_names(new))


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


def _values(parameter: Parameter) -> dict[str, Origin]:
    return dict.fromkeys(parameter.values, parameter.origin)


def _default(parameter: Parameter) -> str:
    return "none" if parameter.default is None else repr(parameter.default)
