"""One row of a parameter table, its cells named by their columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from docpact.contract.interpret import lexicon
from docpact.core.span import Grade, Origin, Span
from docpact.page import Bullet, Cell, Row, Table

QUOTE_LENGTH: Final = 160
_EXAMPLE_LENGTH: Final = 40
_ROLES: Final = {
    "name": lexicon.NAME_COLUMNS,
    "type": lexicon.TYPE_COLUMNS,
    "place": lexicon.PLACE_COLUMNS,
    "required": lexicon.REQUIRED_COLUMNS,
    "example": lexicon.EXAMPLE_COLUMNS,
    "description": lexicon.DESCRIPTION_COLUMNS,
}
# Signs that nest a row under the one before, and the line that joins them to the name.
_BRANCH: Final = re.compile(r"[\s│┃|]*(?P<branch>[└├∟↳┗┣╰]+)[─━—-]*\s*|(?P<sign>[-–—>•●▪‣◦·]+)\s*")
_FOOTNOTE: Final = re.compile(r"\s*(?:\^.*|\[\^?\w{1,3}\]|[*†‡]+|[:：])\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One row of a parameter table, its cells named by their columns."""

    name: str
    depth: int  # how deep the row is nested by its markers; 0 without any
    type: str
    required: bool
    example: str
    description: Cell
    span: Span
    merged: bool = False  # some of its cells are printed once, in a row above
    place: str = ""  # where a parameter travels, as far as the page says it
    says_required: str = ""  # the page's word for whether it must be there
    owner: str = ""  # the row whose members its table describes, where it is a table of such

    @property
    def last_name(self) -> str:
        """The name without those of the structures that it names before it."""
        return self.name.rpartition(".")[2]

    @property
    def values(self) -> tuple[Bullet, ...]:
        """The description's bullets that may name a value; nested ones comment on these."""
        return tuple(each for each in self.description.bullets if each.level == 0)

    @property
    def quote(self) -> str:
        """The row, short enough to print."""
        example = shortened(self.example, _EXAMPLE_LENGTH)
        return shortened(f"{self.name} | {self.type} | {example} | {self.description.prose}")

    @property
    def origin(self) -> Origin:
        """The row as an origin: the page states it."""
        return Origin(self.span, Grade.STATED, self.quote)


def shortened(text: str, length: int = QUOTE_LENGTH) -> str:
    """The text on one line, cut to the length of a quote."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def columns_of(header: Row) -> dict[str, int]:
    """What each column holds, as far as its title tells; of two for one thing the first counts."""
    titles = [lexicon.column_title(cell.prose) for cell in header.cells]
    found = {
        role: [index for index, title in enumerate(titles) if title in words]
        for role, words in _ROLES.items()
    }
    return {role: indices[0] for role, indices in found.items() if indices}


def entries_of(table: Table, columns: Mapping[str, int]) -> tuple[FieldRow, ...]:
    """The rows of a table, each as deep as its markers say."""
    rows = [{role: row.cells[index] for role, index in columns.items()} for row in table.rows]
    names = [_name(cells["name"]) for cells in rows]
    depths = _depths([depth for _, depth in names])
    return tuple(
        _entry(row, cells, name, depth)
        for row, cells, (name, _), depth in zip(table.rows, rows, names, depths, strict=True)
    )


def _entry(row: Row, cells: Mapping[str, Cell], name: str, depth: int) -> FieldRow:
    says = _text(cells, "required")
    return FieldRow(
        name=name,
        depth=depth,
        type=_text(cells, "type"),
        required=word_of(says) in lexicon.YES,
        example=_text(cells, "example"),
        description=cells.get("description") or Cell("", (), (), row.span),
        span=row.span,
        merged=any(cell.merged for cell in row.cells),
        place=lexicon.place_named(_text(cells, "place")),
        says_required=says,
    )


def word_of(says: str) -> str:
    """A word for yes or no, without punctuation."""
    return says.strip(" \t\n*。.，,").lower()


def _text(cells: Mapping[str, Cell], role: str) -> str:
    return cells[role].prose.strip() if role in cells else ""


def _name(cell: Cell) -> tuple[str, tuple[int, int]]:
    """The name, with how many markers and then how many blanks stand before it."""
    text = cell.text or next((each.text for each in cell.bullets), "")
    signs = 0 if cell.text or not text else 1
    bare = text
    while (mark := _BRANCH.match(bare)) and mark.end():
        signs += len(mark["branch"] or mark["sign"])
        bare = bare[mark.end() :]
    bare = bare.strip()
    return (_FOOTNOTE.sub("", bare) or bare), (signs, cell.indent)


def _depths(marks: Sequence[tuple[int, int]]) -> Iterator[int]:
    """How deep each row is: by its markers, and among equal ones by the blanks before them."""
    marked = sorted({mark for mark in marks if mark[0]})
    if not marked:
        # Blanks alone are depth only where they begin below a row without any.
        plain = sorted({indent for _, indent in marks})
        nests = len(plain) > 1 and plain[0] == 0 and marks[0] == (0, 0)
        yield from (plain.index(indent) if nests else 0 for _, indent in marks)
        return
    indents = {signs: sorted({each for own, each in marked if own == signs}) for signs, _ in marked}
    rank = {signs: number for number, signs in enumerate(indents, start=1)}
    least = min(indents)
    for signs, indent in marks:
        if not signs:
            yield 0
        elif len(indents) == 1:
            yield 1 + indents[signs].index(indent)
        else:
            yield signs if least == 1 else rank[signs]


def nested_in(entry: FieldRow, owner: str) -> FieldRow:
    """The row as one of the members of another."""
    return replace(entry, owner=owner)
