"""The contract: what a reference page promises, each promise with the line that makes it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from docpact.contract.constraints import Constraints, grouped
from docpact.contract.kinds import Kind
from docpact.contract.value_path import steps_of
from docpact.core.span import Frozen, Origin, Severity

FieldPath = tuple[str, ...]


class Place(StrEnum):
    """Where a parameter travels."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"


class Media(StrEnum):
    """The two formats of an answer."""

    JSON = "json"
    XML = "xml"


class Evidence(StrEnum):
    """What shows where in the answer a row of the flat response table belongs."""

    JSON_SAMPLE = "json-sample"
    XML_SAMPLE = "xml-sample"
    MARKER = "marker"  # the row is indented under its parent
    NEIGHBOURS = "neighbours"  # only the rows around it: weak
    NOTHING = "nothing"  # placed at the top for want of a better place: weak
    RULING = "ruling"

    @property
    def weak(self) -> bool:
        """Whether a person should look at the placement."""
        return self in {Evidence.NEIGHBOURS, Evidence.NOTHING}


class EnumValue(Frozen, frozen=True):
    """One value that the page lists, with what it says of it."""

    value: str
    meaning: str
    origin: Origin


class Parameter(Frozen, frozen=True):
    """Something a caller passes."""

    name: str  # as in the page's table
    wire_name: str  # as it travels: RegionId is the header x-acs-region-id
    place: Place
    kind: Kind
    required: bool
    example: str
    description: str
    origin: Origin
    values: tuple[str, ...] = ()
    default: str | None = None


class Field(Frozen, frozen=True):
    """One member of an answer."""

    name: str
    kind: Kind  # of each item, where it is repeated
    origin: Origin
    evidence: Evidence
    required: Origin | None = None  # who says that it must be there; nobody if it may be absent
    empty: Origin | None = None  # who says that it may be null or an empty element
    values: tuple[EnumValue, ...] = ()
    unit: str = ""
    example: str = ""
    description: str = ""
    fields: tuple["Field", ...] = ()
    repeated: bool = False  # a JSON array, or an XML element that may come again


class Answer(Frozen, frozen=True):
    """One of the two kinds of answer: success or failure."""

    root: str  # the XML document's root element; JSON has no such name
    root_origin: Origin
    fields: tuple[Field, ...]
    origin: Origin

    def walk(self) -> Iterator[tuple[FieldPath, Field]]:
        """Every field with its path, parents first."""
        return _walk(self.fields)

    def outside_lists(self) -> Iterator[tuple[FieldPath, Field]]:
        """Every field of which an answer has one at most; of lists, the list as a whole."""
        return _walk(self.fields, enters_lists=False)

    def lists(self) -> Iterator[tuple[FieldPath, Field]]:
        """Every list, those within others too."""
        return ((path, field) for path, field in self.walk() if field.repeated)

    def find(self, path: str | FieldPath) -> Field | None:
        """The field at a path, or nothing."""
        members = self.fields
        found = None
        for name in steps_of(path) if isinstance(path, str) else path:
            found = next((each for each in members if each.name == name), None)
            if found is None:
                return None
            members = found.fields
        return found


def _walk(
    fields: tuple[Field, ...], parent: FieldPath = (), *, enters_lists: bool = True
) -> Iterator[tuple[FieldPath, Field]]:
    for each in fields:
        path = (*parent, each.name)
        yield path, each
        if enters_lists or not each.repeated:
            yield from _walk(each.fields, path, enters_lists=enters_lists)


class Sample(Frozen, frozen=True):
    """An answer that the page prints, as it would travel."""

    media: Media
    text: str
    origin: Origin


class Operation(Frozen, frozen=True):
    """The call that the page describes."""

    name: str
    summary: str
    method: str
    path: str  # with placeholders as in "/projects/{projectName}"; empty if the page shows none
    parameters: tuple[Parameter, ...]
    origin: Origin
    version: str = ""  # of the API, as a date; empty if the page names none


class Ruling(Frozen, frozen=True):
    """What a person decided where the page is silent or contradicts itself."""

    id: str
    decision: str
    reason: str
    origin: Origin
    governs: tuple[str, ...] = ()  # rules that rest on it as a whole
    sources: tuple[str, ...] = ()


class Doubt(Frozen, frozen=True):
    """A place where the interpreter had to guess."""

    kind: str
    message: str
    origin: Origin


class Contract(Frozen, frozen=True):
    """Everything that one page promises about one operation."""

    page: str  # the page's file name
    operation: Operation
    success: Answer
    failure: Answer | None = None
    constraints: Constraints = Constraints()
    samples: tuple[Sample, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    version: int = 1  # of the stored form

    def __repr__(self) -> str:
        """A short text, since the whole would fill screens."""
        return f"<contract of {self.operation.name}>"

    def constraints_on(self, answer: Answer) -> Constraints:
        """The constraints on fields that one kind of answer has."""
        fields = {".".join(path) for path, _ in answer.outside_lists()}
        return grouped(each for each in self.constraints if fields.issuperset(each.fields))

    def constraints_within(self, answer: Answer, path: FieldPath) -> Constraints:
        """The constraints on the members of a list's items, as they read from within an item."""
        parent = ".".join(path)
        dotted = ((".".join(each), field) for each, field in answer.walk())
        inner = {name: field for name, field in dotted if name.startswith(f"{parent}.")}
        deeper = tuple(f"{name}." for name, field in inner.items() if field.repeated)
        own = {name for name in inner if not name.startswith(deeper)}
        every = (each for each in self.constraints if own.issuperset(each.fields))
        return grouped(each.within(parent) for each in every)

    def ruling_on(self, rule: str) -> Ruling | None:
        """The ruling that a rule rests on as a whole."""
        return next((each for each in self.rulings if rule in each.governs), None)


def wraps_list(member: Field) -> bool:
    """Whether a structure holds a list, and so has nothing in it where the list has no items."""
    return any(each.repeated for each in member.fields)


def must_be_there(member: Field) -> bool:
    """Whether a missing member is an error, and not only worth a warning."""
    return member.required is not None and member.required.severity is Severity.ERROR


DEEPEST: Final = 64  # levels, as of bodies


def is_too_deep(value: object) -> bool:
    """Whether a value of JSON has more levels than any answer; some writers fail on such."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values()) or [None]
    return (value or [None]) if isinstance(value, list) else []
