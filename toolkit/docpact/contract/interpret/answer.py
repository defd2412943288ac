"""Build the tree of the answer's fields from the placed rows."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from docpact.contract.interpret import lexicon
from docpact.contract.interpret.parts import Entry, shortened
from docpact.contract.interpret.placement import Placed
from docpact.contract.model import Doubt, EnumValue, Evidence, Field, FieldPath, Kind
from docpact.span import Grade, Origin

_KINDS: Final = {
    "string": Kind.STRING,
    "text": Kind.STRING,
    "long": Kind.LONG,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
    "bool": Kind.BOOLEAN,
    "float": Kind.FLOAT,
    "double": Kind.FLOAT,
    "struct": Kind.STRUCT,
    "object": Kind.STRUCT,
    "map": Kind.MAP,
}


@dataclass(frozen=True, slots=True)
class Tree:
    """The placed rows, with what the samples show to be lists."""

    placed: tuple[Placed, ...]  # parents before their members
    lists: Set[FieldPath]
    implied: frozenset[FieldPath]  # structures that have members and no row
    formless: frozenset[FieldPath]  # structures whose form no sample shows


def tree_of(placed: Sequence[Placed], lists: Set[FieldPath]) -> Tree:
    """The rows as a tree: what holds members is there, even without a row of its own."""
    items = {_item_type(each.entry) for each in placed} - {None}
    # "Array of Metric" may have a row Metric below it, which only introduces the items' members.
    placed = [each for each in placed if not (_is_unseen(each) and each.entry.name in items)]
    by_path = {each.path: each for each in placed}
    implied: set[FieldPath] = set()
    formless: set[FieldPath] = set()
    whole: dict[FieldPath, Placed] = {}
    for each in placed:
        for length in range(1, len(each.path)):
            path = each.path[:length]
            if path not in by_path and path not in whole:
                row = replace(each.entry, name=path[-1], type="", example="")
                whole[path] = Placed(row, path, each.evidence)
                is_shown = each.evidence in {Evidence.JSON_SAMPLE, Evidence.XML_SAMPLE}
                (implied if is_shown or each.entry.depth else formless).add(path)
        whole[each.path] = each
    return Tree(tuple(whole.values()), lists, frozenset(implied), frozenset(formless))


def _is_unseen(each: Placed) -> bool:
    return not each.entry.type and (each.evidence.weak or each.evidence is Evidence.MARKER)


def fields_of_tree(tree: Tree, parent: FieldPath = ()) -> tuple[Field, ...]:
    """The fields directly under a path, each with those under it."""
    return tuple(_field(each, tree) for each in tree.placed if each.path[:-1] == parent)


def doubts_about(tree: Tree) -> Iterator[Doubt]:
    """What a person should look at: weak placements, unknown types, half lists of values."""
    for each in tree.placed:
        if each.path in tree.implied or each.path in tree.formless:
            yield _without_row(each, tree)
            continue
        if each.evidence.weak:
            yield _weakly_placed(each)
        if each.entry.merged:
            message = f"{each.entry.name} takes cells that it lacks from the row above"
            yield Doubt("merged-cells", message, each.entry.origin)
        if _kind(each, tree) is Kind.ANY:
            message = f"{each.entry.name} has the unknown type {each.entry.type!r}"
            yield Doubt("unknown-type", message, each.entry.origin)
        if _half_a_list(each.entry):
            message = f"only some bullets of {each.entry.name} name a value, so none is taken"
            yield Doubt("half-a-list", message, each.entry.origin)
        if each.path[-1] != each.entry.name.rpartition(".")[2]:
            message = f"{each.entry.name} is {each.path[-1]} in the sample, which is taken"
            yield Doubt("wire-name", message, each.entry.origin)
        if _is_list_type(each.entry) and not _list_at(each, tree):
            message = f"{each.entry.name} is a list, and no sample shows in which form"
            yield Doubt("formless-list", message, each.entry.origin)


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
    has_row = each.path not in tree.implied and each.path not in tree.formless
    prose = entry.description.prose if has_row else ""
    kind = _kind(each, tree)
    holds_members = kind is Kind.STRUCT
    return Field(
        name=each.path[-1],
        kind=kind,
        origin=entry.origin,
        evidence=each.evidence,
        empty=entry.origin if lexicon.EMPTY.search(prose) else None,
        values=enum_values(entry) if has_row and kind is Kind.STRING else (),
        unit=next((unit for cue, unit in lexicon.UNITS if cue.search(prose)), ""),
        example=entry.example,
        description=prose,
        fields=fields_of_tree(tree, each.path) if holds_members else (),
        repeated=kind is not Kind.ANY and _is_repeated(each, tree),
    )


def _kind(each: Placed, tree: Tree) -> Kind:
    if each.path in tree.formless:
        return Kind.ANY
    has_members = any(other.path[:-1] == each.path for other in tree.placed)
    if has_members:
        return Kind.STRUCT
    item = _item_type(each.entry)
    if item is not None:
        if each.path not in tree.lists:
            return Kind.ANY  # a list in a form that nothing shows
        return _KINDS.get(item.lower(), Kind.ANY)
    return _KINDS.get(each.entry.type.lower(), Kind.ANY)


def _is_repeated(each: Placed, tree: Tree) -> bool:
    """Whether it comes again: by a sample, or by its type where nothing wraps its items."""
    if each.path in tree.lists:
        return True
    if not _is_list_type(each.entry):
        return False
    return not any(path[:-1] == each.path for path in tree.lists)


def _list_at(each: Placed, tree: Tree) -> bool:
    """Whether a sample shows the list: itself, or in a wrapper."""
    return any(path in (each.path, path[:1]) or path[:-1] == each.path for path in tree.lists)


def _is_list_type(entry: Entry) -> bool:
    return lexicon.LIST_TYPE.match(entry.type.strip()) is not None


def _item_type(entry: Entry) -> str | None:
    found = lexicon.LIST_TYPE.match(entry.type.strip())
    return None if found is None else found[1] or found[2] or ""


def kind_named(name: str) -> Kind:
    """The kind that a parameter's type names."""
    return _KINDS.get(name.lower(), Kind.ANY)


def enum_values(entry: Entry) -> tuple[EnumValue, ...]:
    """The values that a row's bullets list, if all of them name one."""
    if _half_a_list(entry):
        return ()
    found = []
    for bullet in entry.values:
        match = lexicon.ENUM_BULLET.match(bullet.text)
        if match:
            value, meaning = match[1], match[2].strip().rstrip(lexicon.END_OF_SENTENCE)
            origin = Origin(bullet.span, Grade.STATED, shortened(bullet.text))
            found.append(EnumValue(value, meaning, origin))
    return tuple(found)


def _half_a_list(entry: Entry) -> bool:
    bullets = entry.values
    naming = sum(bool(lexicon.ENUM_BULLET.match(each.text)) for each in bullets)
    return 0 < naming < len(bullets)
