"""Compare what comes back: the members of the answer and of the error."""

from collections.abc import Iterator

from docpact.contract.diff.change import Change, ChangeKind, Part, Side
from docpact.contract.diff.grading import same_words, short
from docpact.contract.diff.members import Listing, Silence, Subject, Words, otherwise, type_name
from docpact.contract.diff.pairing import FieldPairs, paired_fields
from docpact.contract.model import Answer, Contract, Evidence, Field, FieldPath
from docpact.core.span import Origin

_TYPE = Silence(
    ChangeKind.FIELD_RETYPED, ChangeKind.FIELD_TYPE_STATED, ChangeKind.FIELD_TYPE_WITHDRAWN
)
_UNIT = Silence(ChangeKind.UNIT_CHANGED, ChangeKind.UNIT_STATED, ChangeKind.UNIT_WITHDRAWN)
_VALUES = Listing(
    ChangeKind.VALUES_LISTED,
    ChangeKind.VALUES_UNLISTED,
    ChangeKind.VALUE_ADDED,
    ChangeKind.VALUE_REMOVED,
)
_WORDS = Words(
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
        subject = Subject(part, new.root, old.root_origin, new.root_origin)
        yield subject.changed(ChangeKind.ROOT_CHANGED, old.root, new.root)
    subject = Subject(part, new.root, old.origin, new.origin)
    yield from otherwise(ChangeKind.ANSWER_OTHERWISE, subject, old, new, _OF_ANSWER)


def _fields(part: Part, pairs: FieldPairs) -> Iterator[Change]:
    removed, added = set(pairs.removed), set(pairs.added)
    for path in pairs.removed:
        if path[:-1] not in removed:  # what goes with its structure is no change of its own
            field = pairs.old[path]
            kinds = ChangeKind.REQUIRED_FIELD_REMOVED, ChangeKind.FIELD_REMOVED
            kind = kinds[field.required is None]
            yield Change(kind, part, _dotted(path), Side(_told(field), field.origin), None)
    for path in pairs.added:
        if path[:-1] not in added:
            field = pairs.new[path]
            kinds = ChangeKind.REQUIRED_FIELD_ADDED, ChangeKind.FIELD_ADDED
            kind = kinds[field.required is None]
            origin = field.required or field.origin
            yield Change(kind, part, _dotted(path), None, Side(_told(field), origin))
    for one, other in pairs.to_new.items():
        subject = Subject(part, _dotted(other), pairs.old[one].origin, pairs.new[other].origin)
        yield from _place(subject, one, other, pairs)
        yield from _between(subject, pairs.old[one], pairs.new[other])


def _told(field: Field) -> str:
    return type_name(field.kind) or "of no known type"


def _place(subject: Subject, old: FieldPath, new: FieldPath, pairs: FieldPairs) -> Iterator[Change]:
    home = pairs.to_new.get(old[:-1]) if old[:-1] else ()
    if home != new[:-1]:
        weak = pairs.old[old].evidence.weak or pairs.new[new].evidence.weak
        kind = ChangeKind.FIELD_PERHAPS_MOVED if weak else ChangeKind.FIELD_MOVED
        yield subject.changed(
            kind, _placed(old, pairs.old[old].evidence), _placed(new, pairs.new[new].evidence)
        )
    elif old[-1] != new[-1]:
        yield subject.changed(ChangeKind.FIELD_RENAMED, _dotted(old), _dotted(new))


def _placed(path: FieldPath, evidence: Evidence) -> str:
    return f"{_dotted(path)} (placed by {evidence})" if evidence.weak else _dotted(path)


def _between(subject: Subject, old: Field, new: Field) -> Iterator[Change]:
    yield from _TYPE.between(subject, type_name(old.kind), type_name(new.kind))
    yield from _presence(subject, old, new)
    if (old.empty is None) != (new.empty is None):
        kind = ChangeKind.FIELD_NOW_EMPTIABLE if new.empty else ChangeKind.FIELD_NO_LONGER_EMPTIABLE
        yield subject.said_only_by(kind, old=_said(old.empty), new=_said(new.empty))
    yield from _values(subject, old, new)
    yield from _UNIT.between(subject, old.unit, new.unit)
    listed = {each.value for each in (*old.values, *new.values)}
    yield from _WORDS.between(subject, old.description, new.description, listed=listed)
    yield from _WORDS.examples(subject, old.example, new.example)
    yield from otherwise(ChangeKind.FIELD_OTHERWISE, subject, old, new, _OF_FIELD)


def _values(subject: Subject, old: Field, new: Field) -> Iterator[Change]:
    before = {each.value: each for each in old.values}
    after = {each.value: each for each in new.values}
    yield from _VALUES.between(
        subject,
        {value: each.origin for value, each in before.items()},
        {value: each.origin for value, each in after.items()},
    )
    for value in before.keys() & after.keys():
        one, other = before[value], after[value]
        if not same_words(one.meaning, other.meaning):
            told = [f"{value}: {short(each.meaning)}" for each in (one, other)]
            sides = Side(told[0], one.origin), Side(told[1], other.origin)
            yield Change(ChangeKind.VALUE_REWORDED, subject.part, subject.name, *sides)


def _presence(subject: Subject, old: Field, new: Field) -> Iterator[Change]:
    if old.required and new.required:
        before, after = old.required.severity, new.required.severity
        if before is not after:
            sides = Side(before, old.required), Side(after, new.required)
            yield Change(ChangeKind.FIELD_REGRADED, subject.part, subject.name, *sides)
    elif old.required:
        yield subject.said_only_by(ChangeKind.FIELD_NOW_OPTIONAL, old=_said(old.required))
    elif new.required:
        yield subject.said_only_by(ChangeKind.FIELD_NOW_REQUIRED, new=_said(new.required))


def _said(origin: Origin | None) -> Side | None:
    return Side("", origin) if origin else None


def _dotted(path: FieldPath) -> str:
    return ".".join(path)
