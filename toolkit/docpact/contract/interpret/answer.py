"""Build the tree of the answer's fields from the placed rows and what samples show of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from msgspec.structs import replace as changed

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.placement import PlacedRow
from docpact.contract.interpret.samples import SIMPLE, SampleDocument, ValueShape
from docpact.contract.interpret.tables import FieldRow, shortened
from docpact.contract.kinds import WHOLE_NUMBERS, Kind
from docpact.contract.model import Doubt, EnumValue, Evidence, Field, FieldPath, Media
from docpact.core.span import Grade, Origin
from docpact.page import Bullet

_TYPED: Final = SIMPLE - {ValueShape.SCALAR}
_WRITTEN: Final = {
    Kind.STRING: {ValueShape.TEXT},
    **{kind: {ValueShape.NUMBER} for kind in (Kind.FLOAT, *WHOLE_NUMBERS)},
    Kind.BOOLEAN: {ValueShape.TRUTH},
}


class FieldTree:
    """The placed rows as a tree: what holds members is there, even without a row of its own."""

    def __init__(self, placed: Sequence[PlacedRow], samples: Sequence[SampleDocument]) -> None:
        self.shapes: dict[FieldPath, set[ValueShape]] = {}
        self.within: dict[FieldPath, set[str]] = {}  # what samples have in a structure
        for member in (member for each in samples for member in each.members):
            self.shapes.setdefault(member.path, set()).update(
                {member.shape} if member.shape else ()
            )
            self.within.setdefault(member.path[:-1], set()).add(member.name)
        in_json = [each for each in samples if each.media is Media.JSON]
        # JSON shows lists outright, XML only where an element comes again.
        listing = [member for each in in_json or samples for member in each.members]
        self.lists = frozenset(each.path for each in listing if each.is_list)
        self.wrappers = frozenset(each[:-1] for each in self.lists)
        self.objects = frozenset(
            member.path
            for each in in_json
            for member in each.members
            if member.shape is ValueShape.STRUCT
        )
        self.implied: set[FieldPath] = set()  # structures that have members and no row
        self.formless: set[FieldPath] = set()  # structures whose form no sample shows
        self.placed = self._with_parents(_without_item_rows(placed))  # parents come first
        self.by_path = {each.path: each for each in self.placed}
        self.members: dict[FieldPath, list[PlacedRow]] = {}
        for each in self.placed:
            self.members.setdefault(each.path[:-1], []).append(each)
        # A structure without members, right before rows of which nothing shows where they belong:
        # these may be its members, so neither is checked as if that were known.
        self.open_structures = frozenset(
            each.path
            for each, below in pairwise(self.placed)
            if each.row.named.kind is Kind.STRUCT
            and each.path not in self.members
            and below.evidence.weak
        )

    def _with_parents(self, placed: Sequence[PlacedRow]) -> tuple[PlacedRow, ...]:
        """The rows, and what holds members without a row of its own."""
        by_path = {each.path: each for each in placed}
        whole: dict[FieldPath, PlacedRow] = {}
        for each in placed:
            for length in range(1, len(each.path)):
                path = each.path[:length]
                if path not in by_path and path not in whole:
                    row = replace(each.row, name=path[-1], type="", example="")
                    whole[path] = PlacedRow(row, path, each.evidence)
                    is_shown = each.evidence in {Evidence.JSON_SAMPLE, Evidence.XML_SAMPLE}
                    (self.implied if is_shown or each.row.depth else self.formless).add(path)
            whole[each.path] = each
        return tuple(whole.values())

    def has_row(self, path: FieldPath) -> bool:
        """Whether the page has a row of its own for a path."""
        return path not in self.implied and path not in self.formless

    def kind_of(self, each: PlacedRow) -> Kind:
        """The kind of a field, as far as the page is clear about it."""
        if each.path in self.formless or each.path in self.open_structures:
            return Kind.ANY
        if each.path in self.members:
            return Kind.STRUCT
        if self.is_contradicted(each):
            return Kind.ANY
        item = each.row.named.item
        if item is None:
            return each.row.named.kind
        # Without a sample, the form of a list is not known.
        return item.kind if each.path in self.lists else Kind.ANY

    def is_contradicted(self, each: PlacedRow) -> bool:
        """Whether a sample has an object where the table has a simple value, or the reverse."""
        shapes = self.shapes.get(each.path, set())
        kind = each.row.named.kind
        if kind is Kind.ANY or each.path in self.members:
            return False
        if kind in {Kind.STRUCT, Kind.MAP}:
            return bool(SIMPLE & shapes)
        # The items of a list have members of their own.
        return ValueShape.STRUCT in shapes or each.path in self.within

    def is_at_odds(self, each: PlacedRow) -> bool:
        """Whether samples have only values of another simple type than the table says."""
        shapes = self.shapes.get(each.path, set()) & _TYPED
        kind = each.row.named.kind
        return bool(shapes) and kind in _WRITTEN and not shapes & _WRITTEN[kind]

    def is_repeated(self, each: PlacedRow) -> bool:
        """Whether it comes again: by a sample, or by its type where nothing wraps its items."""
        if each.path in self.lists:
            return True
        if each.row.named.is_list:
            is_wrapper = each.path in self.wrappers | self.objects
            return not is_wrapper and not self.wraps_items(each)
        # What is alone in a list's wrapper comes again, though no sample has two of it.
        holder = self.by_path.get(each.path[:-1])
        return holder is not None and holder.row.named.is_list and self.wraps_items(holder)

    def wraps_items(self, each: PlacedRow) -> bool:
        """Whether samples have one structure within a list that they do not show as one.

        XML shows a list of one item like this: "<Queues><Queue>…</Queue></Queues>".
        """
        within = self.within.get(each.path, set())
        if len(within) != 1 or each.path in self.lists or each.path in self.wrappers:
            return False
        (name,) = within
        item = each.row.named.item
        return (*each.path, name) in self.within or (item is not None and name == item.name)

    def shows_list(self, each: PlacedRow) -> bool:
        """Whether a sample shows the list: itself, or in a wrapper."""
        is_shown = {each.path, each.path[:1]} & self.lists or each.path in self.wrappers
        return bool(is_shown) or self.wraps_items(each)


def _without_item_rows(placed: Sequence[PlacedRow]) -> list[PlacedRow]:
    """The rows, but not the Metric below an "Array of Metric" that only introduces its members."""
    items = {item.name for each in placed if (item := each.row.named.item)}
    return [
        each
        for each in placed
        if each.row.type
        or each.row.name not in items
        or not (each.evidence.weak or each.evidence is Evidence.MARKER)
    ]


def fields_of_tree(tree: FieldTree, parent: FieldPath = ()) -> tuple[Field, ...]:
    """The fields directly under a path, each with those under it."""
    return tuple(_field(each, tree) for each in tree.members.get(parent, ()))


def _field(each: PlacedRow, tree: FieldTree) -> Field:
    row = each.row
    has_row = tree.has_row(each.path)
    prose = row.description.prose if has_row else ""
    kind = tree.kind_of(each)
    return Field(
        name=each.path[-1],
        kind=kind,
        origin=_weaker(row.origin) if tree.is_at_odds(each) else row.origin,
        evidence=each.evidence,
        empty=row.origin if lexicon.EMPTY.search(prose) else None,
        values=enum_values(row) if has_row and kind is Kind.STRING else (),
        unit=next((unit for cue, unit in lexicon.UNITS if cue.search(prose)), ""),
        example=row.example,
        description=prose,
        fields=fields_of_tree(tree, each.path) if kind is Kind.STRUCT else (),
        repeated=kind is not Kind.ANY and tree.is_repeated(each),
    )


def doubts_about(tree: FieldTree) -> Iterator[Doubt]:
    """What a person should look at: weak placements, unknown types, half lists of values."""
    for each in tree.placed:
        if tree.has_row(each.path):
            yield from _doubts_about_place(each)
            yield from _doubts_about_type(each, tree)
            yield from _doubts_about_form(each, tree)
        else:
            yield _without_row(each, tree)


def _without_row(each: PlacedRow, tree: FieldTree) -> Doubt:
    name = ".".join(each.path)
    origin = changed(each.row.origin, grade=Grade.ASSUMED)
    if each.path in tree.implied:
        return Doubt("unlisted-parent", f"{name} holds fields and has no row", origin)
    message = f"{name} holds fields, but no row and no sample shows its form, so it is not checked"
    return Doubt("formless-parent", message, origin)


def _doubts_about_place(each: PlacedRow) -> Iterator[Doubt]:
    name, origin = each.row.name, each.row.origin
    if each.evidence.weak:
        where = ".".join(each.path[:-1]) or "the top"
        message = f"its place under {where} is told by {each.evidence.value} alone"
        weak = changed(origin, grade=Grade.ASSUMED)
        yield Doubt("weakly-placed", f"{name} is in no sample; {message}", weak)
    if each.row.merged:
        yield Doubt("merged-cells", f"{name} takes cells that it lacks from the row above", origin)


def _doubts_about_type(each: PlacedRow, tree: FieldTree) -> Iterator[Doubt]:
    name, origin = each.row.name, each.row.origin
    shapes = tree.shapes.get(each.path, set())
    if each.path in tree.open_structures:
        message = f"{name} is a structure, and its members may be the rows beside it"
        yield Doubt("formless-parent", f"{message}, so it is not checked", origin)
    elif tree.is_contradicted(each):
        message = f"{name} is {' and '.join(sorted(shapes))} in a sample"
        message = f"{message} and {each.row.type} in the table, so it is not checked"
        yield Doubt("type-disagrees", message, origin)
    elif tree.kind_of(each) is Kind.ANY:
        yield Doubt("unknown-type", f"{name} has the unknown type {each.row.type!r}", origin)
    if tree.is_at_odds(each):
        message = f"{name} is {' and '.join(sorted(shapes & _TYPED))} in a sample"
        message = f"{message} and {each.row.type} in the table; the table is more likely right"
        yield Doubt("type-disagrees", message, origin)


def _doubts_about_form(each: PlacedRow, tree: FieldTree) -> Iterator[Doubt]:
    name, origin = each.row.name, each.row.origin
    if is_half_a_list(each.row):
        message = f"only some bullets of {name} name a value, so none is taken"
        yield Doubt("half-a-list", message, origin)
    if each.path[-1] != each.row.last_name:
        message = f"{name} is {each.path[-1]} in the sample, which is taken"
        yield Doubt("wire-name", message, origin)
    if each.row.named.is_list and not tree.shows_list(each):
        yield Doubt("formless-list", f"{name} is a list, and no sample shows in which form", origin)


def enum_values(row: FieldRow) -> tuple[EnumValue, ...]:
    """The values that a row's bullets list, if all of them name one.

    Where the row's own example is not among them, the page is at odds with itself about them.
    """
    if is_half_a_list(row) or not _lists_values(row):
        return ()
    found = [each for each in map(_value_of, row.values) if each]
    if row.example in {"", *(each.value for each in found)} or "*" in row.example:
        return tuple(found)
    return tuple(changed(each, origin=_weaker(each.origin)) for each in found)


def _weaker(origin: Origin) -> Origin:
    """An origin that another passage of the page is at odds with."""
    return changed(origin, grade=Grade.IMPLIED)


def _value_of(bullet: Bullet) -> EnumValue | None:
    match = lexicon.ENUM_BULLET.match(bullet.text)
    bare = lexicon.BARE_BULLET.match(bullet.text.rstrip(lexicon.END_OF_SENTENCE))
    if match is None and bare is None:
        return None
    meaning = (match[2] or match[3] or "") if match else ""
    value = match[1] if match else bare[0] if bare else ""
    origin = Origin(bullet.span, Grade.STATED, shortened(bullet.text))
    return EnumValue(value, meaning.strip().rstrip(lexicon.END_OF_SENTENCE), origin)


def _lists_values(row: FieldRow) -> bool:
    """Whether the bullets are values: each with its meaning, or said to be values."""
    explained = any(lexicon.ENUM_BULLET.match(each.text) for each in row.values)
    if explained or not row.values:
        return explained
    words = {each.text.rstrip(lexicon.END_OF_SENTENCE) for each in row.values}
    return bool(lexicon.ANNOUNCES_VALUES.search(row.description.text)) or row.example in words


def is_half_a_list(row: FieldRow) -> bool:
    """Whether only some of the bullets name a value."""
    naming = sum(_value_of(each) is not None for each in row.values)
    return _lists_values(row) and 0 < naming < len(row.values)
