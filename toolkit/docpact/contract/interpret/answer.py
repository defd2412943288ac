"""Build the tree of the answer's fields from the placed rows."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import msgspec

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import FieldRow, shortened
from docpact.contract.interpret.placement import Placed
from docpact.contract.interpret.samples import SIMPLE, ValueShape
from docpact.contract.kinds import WHOLE_NUMBERS, Kind, type_named
from docpact.contract.model import Doubt, EnumValue, Evidence, Field, FieldPath
from docpact.core.span import Grade, Origin
from docpact.page import Bullet

_TYPED: Final = SIMPLE - {ValueShape.SCALAR}
_WRITTEN: Final = {
    Kind.STRING: {ValueShape.TEXT},
    **{kind: {ValueShape.NUMBER} for kind in (Kind.FLOAT, *WHOLE_NUMBERS)},
    Kind.BOOLEAN: {ValueShape.TRUTH},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the samples show, by its place."""

    lists: Set[FieldPath]
    shapes: Mapping[FieldPath, Set[ValueShape]]
    objects: Set[FieldPath]  # what JSON shows as an object


class Tree:
    """The placed rows, with what the samples show of them."""

    def __init__(self, placed: Sequence[Placed], shown: Shown) -> None:
        self.lists, self.shapes, self.objects = shown.lists, shown.shapes, shown.objects
        self.implied: set[FieldPath] = set()  # structures that have members and no row
        self.formless: set[FieldPath] = set()  # structures whose form no sample shows
        self.placed = self._whole(placed)  # parents before their members
        self.members: dict[FieldPath, list[Placed]] = {}
        for each in self.placed:
            self.members.setdefault(each.path[:-1], []).append(each)
        self.shown_within: dict[FieldPath, set[str]] = {}  # what samples have in a structure
        for path in shown.shapes:
            self.shown_within.setdefault(path[:-1], set()).add(path[-1])
        self.wrappers = frozenset(each[:-1] for each in shown.lists)
        self.by_path = {each.path: each for each in self.placed}
        self.open_structures = frozenset(_open_structures(self))

    def _whole(self, placed: Sequence[Placed]) -> tuple[Placed, ...]:
        """The rows and what holds members without a row of its own."""
        by_path = {each.path: each for each in placed}
        whole: dict[FieldPath, Placed] = {}
        for each in placed:
            for length in range(1, len(each.path)):
                path = each.path[:length]
                if path not in by_path and path not in whole:
                    row = replace(each.entry, name=path[-1], type="", example="")
                    whole[path] = Placed(row, path, each.evidence)
                    is_shown = each.evidence in {Evidence.JSON_SAMPLE, Evidence.XML_SAMPLE}
                    (self.implied if is_shown or each.entry.depth else self.formless).add(path)
            whole[each.path] = each
        return tuple(whole.values())

    def has_row(self, path: FieldPath) -> bool:
        """Whether the page has a row of its own for what stands there."""
        return path not in self.implied and path not in self.formless


def _open_structures(tree: Tree) -> Iterator[FieldPath]:
    """Structures without members, right before rows of which nothing tells where they belong.

    These may be the members, so neither is judged as if it were known.
    """
    for each, below in pairwise(tree.placed):
        is_holder = type_named(each.entry.type).kind is Kind.STRUCT
        if is_holder and each.path not in tree.members and below.evidence.weak:
            yield each.path


def tree_of(placed: Sequence[Placed], shown: Shown) -> Tree:
    """The rows as a tree: what holds members is there, even without a row of its own."""
    items = {item.name for each in placed if (item := type_named(each.entry.type).item)}
    # "Array of Metric" may have a row Metric below it, which only introduces the items' members.
    kept = [each for each in placed if not (_is_unseen(each) and each.entry.name in items)]
    return Tree(kept, shown)


def _is_unseen(each: Placed) -> bool:
    return not each.entry.type and (each.evidence.weak or each.evidence is Evidence.MARKER)


def fields_of_tree(tree: Tree, parent: FieldPath = ()) -> tuple[Field, ...]:
    """The fields directly under a path, each with those under it."""
    return tuple(_field(each, tree) for each in tree.members.get(parent, ()))


def doubts_about(tree: Tree) -> Iterator[Doubt]:
    """What a person should look at: weak placements, unknown types, half lists of values."""
    for each in tree.placed:
        if tree.has_row(each.path):
            yield from _doubts_about(each, tree)
        else:
            yield _without_row(each, tree)


def _doubts_about(each: Placed, tree: Tree) -> Iterator[Doubt]:
    name, origin = each.entry.name, each.entry.origin
    if each.evidence.weak:
        yield _weakly_placed(each)
    if each.entry.merged:
        yield Doubt("merged-cells", f"{name} takes cells that it lacks from the row above", origin)
    if each.path in tree.open_structures:
        message = f"{name} is a structure whose members are not told from those beside it"
        yield Doubt("formless-parent", f"{message}, so it is not judged", origin)
    elif _contradicted(each, tree):
        shape = " and ".join(sorted(tree.shapes[each.path]))
        message = f"{name} is {shape} in a sample and {each.entry.type} in the table"
        yield Doubt("type-disagrees", f"{message}, so it is not judged", origin)
    elif _kind(each, tree) is Kind.ANY:
        yield Doubt("unknown-type", f"{name} has the unknown type {each.entry.type!r}", origin)
    if _at_odds(each, tree):
        shape = " and ".join(sorted(tree.shapes[each.path] & _TYPED))
        message = f"{name} is {shape} in a sample and {each.entry.type} in the table"
        yield Doubt("type-disagrees", f"{message}, which is taken for the likelier", origin)
    if is_half_a_list(each.entry):
        message = f"only some bullets of {name} name a value, so none is taken"
        yield Doubt("half-a-list", message, origin)
    if each.path[-1] != name.rpartition(".")[2]:
        message = f"{name} is {each.path[-1]} in the sample, which is taken"
        yield Doubt("wire-name", message, origin)
    if type_named(each.entry.type).is_list and not _list_at(each, tree):
        yield Doubt("formless-list", f"{name} is a list, and no sample shows in which form", origin)


def _without_row(each: Placed, tree: Tree) -> Doubt:
    name = ".".join(each.path)
    origin = Origin(each.entry.span, Grade.ASSUMED, each.entry.quote)
    if each.path in tree.implied:
        return Doubt("unlisted-parent", f"{name} holds fields and has no row", origin)
    message = f"{name} holds fields, but no row and no sample shows its form, so it is not judged"
    return Doubt("formless-parent", message, origin)


def _weakly_placed(each: Placed) -> Doubt:
    where = ".".join(each.path[:-1]) or "the top"
    return Doubt(
        "weakly-placed",
        f"{each.entry.name} is in no sample; its place under {where} is told by "
        f"{each.evidence.value} alone",
        Origin(each.entry.span, Grade.ASSUMED, each.entry.quote),
    )


def _field(each: Placed, tree: Tree) -> Field:
    entry = each.entry
    has_row = tree.has_row(each.path)
    prose = entry.description.prose if has_row else ""
    kind = _kind(each, tree)
    return Field(
        name=each.path[-1],
        kind=kind,
        origin=_weaker(entry.origin) if _at_odds(each, tree) else entry.origin,
        evidence=each.evidence,
        empty=entry.origin if lexicon.EMPTY.search(prose) else None,
        values=enum_values(entry) if has_row and kind is Kind.STRING else (),
        unit=next((unit for cue, unit in lexicon.UNITS if cue.search(prose)), ""),
        example=entry.example,
        description=prose,
        fields=fields_of_tree(tree, each.path) if kind is Kind.STRUCT else (),
        repeated=kind is not Kind.ANY and _is_repeated(each, tree),
    )


def _kind(each: Placed, tree: Tree) -> Kind:
    if each.path in tree.formless or each.path in tree.open_structures:
        return Kind.ANY
    if each.path in tree.members:
        return Kind.STRUCT
    if _contradicted(each, tree):
        return Kind.ANY
    named = type_named(each.entry.type)
    if named.item is None:
        return named.kind
    # Without a sample, the form of a list is not known.
    return named.item.kind if each.path in tree.lists else Kind.ANY


def _contradicted(each: Placed, tree: Tree) -> bool:
    """Whether a sample has an object where the table has a text or a number, or the reverse."""
    shapes = tree.shapes.get(each.path, frozenset())
    named = type_named(each.entry.type)
    if named.kind is Kind.ANY or each.path in tree.members:
        return False
    if named.kind in {Kind.STRUCT, Kind.MAP}:
        return bool(SIMPLE & shapes)
    # The items of a list have members of their own.
    return ValueShape.STRUCT in shapes or each.path in tree.shown_within


def _at_odds(each: Placed, tree: Tree) -> bool:
    """Whether samples have only values of another simple type than the table says."""
    shapes = tree.shapes.get(each.path, frozenset()) & _TYPED
    kind = type_named(each.entry.type).kind
    return bool(shapes) and kind in _WRITTEN and not shapes & _WRITTEN[kind]


def _is_repeated(each: Placed, tree: Tree) -> bool:
    """Whether it comes again: by a sample, or by its type where nothing wraps its items."""
    if each.path in tree.lists:
        return True
    if not type_named(each.entry.type).is_list:
        return _is_wrapped_item(each, tree)
    known = tree.wrappers | tree.objects
    return each.path not in known and not _wraps_items(each, tree)


def _is_wrapped_item(each: Placed, tree: Tree) -> bool:
    """Whether it is what alone stands in a list's wrapper, though no sample has two of it."""
    holder = tree.by_path.get(each.path[:-1])
    return (
        holder is not None and type_named(holder.entry.type).is_list and _wraps_items(holder, tree)
    )


def _wraps_items(each: Placed, tree: Tree) -> bool:
    """Whether samples have one structure within a list that they do not show as one.

    XML shows a list of one item like this: "<Queues><Queue>…</Queue></Queues>".
    """
    within = tree.shown_within.get(each.path, set())
    if len(within) != 1 or each.path in tree.lists or each.path in tree.wrappers:
        return False
    (name,) = within
    item = type_named(each.entry.type).item
    return (*each.path, name) in tree.shown_within or (item is not None and name == item.name)


def _list_at(each: Placed, tree: Tree) -> bool:
    """Whether a sample shows the list: itself, or in a wrapper."""
    is_shown = {each.path, each.path[:1]} & tree.lists or each.path in tree.wrappers
    return bool(is_shown) or _wraps_items(each, tree)


def enum_values(entry: FieldRow) -> tuple[EnumValue, ...]:
    """The values that a row's bullets list, if all of them name one.

    Where the row's own example is not among them, the page is at odds with itself about them.
    """
    if is_half_a_list(entry) or not _lists_values(entry):
        return ()
    found = [each for each in map(_value_of, entry.values) if each]
    if entry.example in {"", *(each.value for each in found)} or "*" in entry.example:
        return tuple(found)
    return tuple(msgspec.structs.replace(each, origin=_weaker(each.origin)) for each in found)


def _weaker(origin: Origin) -> Origin:
    """An origin that another passage of the page is at odds with."""
    return msgspec.structs.replace(origin, grade=Grade.IMPLIED)


def _value_of(bullet: Bullet) -> EnumValue | None:
    match = lexicon.ENUM_BULLET.match(bullet.text)
    bare = lexicon.BARE_BULLET.match(bullet.text.rstrip(lexicon.END_OF_SENTENCE))
    if match is None and bare is None:
        return None
    meaning = (match[2] or match[3] or "") if match else ""
    value = match[1] if match else bare[0] if bare else ""
    origin = Origin(bullet.span, Grade.STATED, shortened(bullet.text))
    return EnumValue(value, meaning.strip().rstrip(lexicon.END_OF_SENTENCE), origin)


def _lists_values(entry: FieldRow) -> bool:
    """Whether the bullets are values: each with its meaning, or said to be values."""
    explained = any(lexicon.ENUM_BULLET.match(each.text) for each in entry.values)
    if explained or not entry.values:
        return explained
    words = {each.text.rstrip(lexicon.END_OF_SENTENCE) for each in entry.values}
    return bool(lexicon.ANNOUNCES_VALUES.search(entry.description.text)) or entry.example in words


def is_half_a_list(entry: FieldRow) -> bool:
    """Whether only some of the bullets name a value."""
    naming = sum(_value_of(each) is not None for each in entry.values)
    return _lists_values(entry) and 0 < naming < len(entry.values)
