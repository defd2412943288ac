"""Read the tables of what a caller passes and of what is returned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from docpact.contract.interpret import lexicon
from docpact.contract.kinds import SCALARS, Kind, TypeName, type_named
from docpact.contract.model import Doubt
from docpact.core.span import Grade, Origin, Span
from docpact.page import Bullet, BulletList, Cell, Heading, Page, Paragraph, Row, Table

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
    merged: bool = False  # some of its cells are written once, in a row above
    place: str = ""  # where a parameter travels, as far as the page says it
    says_required: str = ""  # the page's word for whether it must be there
    owner: str = ""  # the row whose members its table describes, where it is a table of such

    @property
    def last_name(self) -> str:
        """The name without those of the structures that it names before it."""
        return self.name.rpartition(".")[2]

    @property
    def named(self) -> TypeName:
        """What its type means."""
        return type_named(self.type)

    @property
    def values(self) -> tuple[Bullet, ...]:
        """The description's bullets that may name a value; nested ones comment on these."""
        return tuple(each for each in self.description.bullets if each.level == 0)

    @property
    def quote(self) -> str:
        """The row, short enough for a message."""
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


def _columns_of(header: Row) -> dict[str, int]:
    """What each column holds, as far as its title says; of two for one thing the first counts."""
    titles = [lexicon.column_title(cell.prose) for cell in header.cells]
    found = {
        role: [index for index, title in enumerate(titles) if title in words]
        for role, words in _ROLES.items()
    }
    return {role: indices[0] for role, indices in found.items() if indices}


def _rows_of(table: Table, columns: Mapping[str, int]) -> tuple[FieldRow, ...]:
    """The rows of a table, each as deep as its markers say."""
    rows = [{role: row.cells[index] for role, index in columns.items()} for row in table.rows]
    names = [_name(cells["name"]) for cells in rows]
    depths = _depths([depth for _, depth in names])
    return tuple(
        _row(row, cells, name, depth)
        for row, cells, (name, _), depth in zip(table.rows, rows, names, depths, strict=True)
    )


def _row(row: Row, cells: Mapping[str, Cell], name: str, depth: int) -> FieldRow:
    says = _text(cells, "required")
    return FieldRow(
        name=name,
        depth=depth,
        type=_text(cells, "type"),
        required=_word_of(says) in lexicon.YES,
        example=_text(cells, "example"),
        description=cells.get("description") or Cell("", (), (), row.span),
        span=row.span,
        merged=any(cell.merged for cell in row.cells),
        place=lexicon.place_named(_text(cells, "place")),
        says_required=says,
    )


def _word_of(says: str) -> str:
    """A word for yes or no, without punctuation."""
    return says.strip(" \t\n*。.，,").lower()


def _text(cells: Mapping[str, Cell], role: str) -> str:
    return cells[role].prose.strip() if role in cells else ""


def _name(cell: Cell) -> tuple[str, tuple[int, int]]:
    """The name, with how many markers and then how many blanks are before it."""
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


_WORD = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_LABEL = 40  # a longer line above a table is a sentence, and no heading
_LONGEST_INTRODUCTION = 200


class PageSection(Enum):
    """The parts of a page that tables belong to."""

    REQUEST = auto()
    RESPONSE = auto()
    OTHER = auto()
    UNKNOWN = auto()


_HEADINGS: Final = {
    PageSection.REQUEST: lexicon.REQUEST_HEADING,
    PageSection.RESPONSE: lexicon.RESPONSE_HEADING,
}


@dataclass(frozen=True, slots=True)
class AnnouncedTable:
    """A table with what is above it."""

    table: Table
    section: PageSection
    place: str  # where its parameters travel, if a heading says so
    introduction: str  # what announces this table alone, within its section


def _announced_tables(page: Page) -> Iterator[AnnouncedTable]:
    """Every table with what it is about."""
    headings: list[Heading] = []
    title = next((each for each in page.blocks if isinstance(each, Heading)), None)
    above = ""
    for block in page.blocks:
        if isinstance(block, Heading):
            headings = [each for each in headings if each.level < block.level] + [block]
            above = ""
        elif isinstance(block, Table):
            yield _announced(block, [each.text for each in headings if each is not title], above)
            above = ""
        else:
            above = _line(block)


def _line(block: object) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return block.bullets[-1].text if isinstance(block, BulletList) else ""


def _announced(table: Table, headings: Sequence[str], above: str) -> AnnouncedTable:
    label = above if len(above) <= _LONGEST_LABEL else ""
    # A line of its own above the table counts only if it names a section.
    labels = [label] if _section(label) in {PageSection.REQUEST, PageSection.RESPONSE} else []
    nearest = [*labels, *reversed(headings)]
    known = [each for each in nearest if _section(each) is not PageSection.UNKNOWN]
    text = known[0] if known else ""
    below = nearest[: nearest.index(text)] if known else nearest
    introduction = above if above and above != text else ""
    return AnnouncedTable(
        table,
        _section(text),
        next(filter(None, map(lexicon.place_named, [*reversed(below), text])), ""),
        "\n".join([*below, introduction]).strip()[:_LONGEST_INTRODUCTION],
    )


def _section(text: str) -> PageSection:
    if lexicon.OTHER_HEADING.search(text):
        return PageSection.OTHER
    found = {section: each for section, form in _HEADINGS.items() if (each := form.search(text))}
    # "What the request returns" is about what comes last.
    return max(found, key=lambda each: found[each].start(), default=PageSection.UNKNOWN)


_TYPE_NAME = re.compile(
    r"\b(?!(?:array|list|of|struct|object|map|string|text|json|any|type)\b)[A-Za-z]\w{2,}",
    re.IGNORECASE,
)
_WORD_LENGTH = 40
_LINK_WITHIN = "](#"  # to a table further down that describes the type
_NESTED_IN_TEXT = re.compile(
    r"字段|子参数|成员|结构|\bfields?\b|\bmembers?\b|\bstruct|\bsub-?parameters?\b", re.IGNORECASE
)


@dataclass(slots=True)
class Tables:
    """The rows of a page's tables of parameters, with doubts about what is left out."""

    page: Page
    parameters: list[FieldRow] = field(default_factory=list)
    response: list[FieldRow] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)  # of the tables of what is returned
    doubts: list[Doubt] = field(default_factory=list)
    whole: Span | None = None  # a row that makes a list or a map of the answer as a whole
    # The names of rows, and of their types, each with the row.
    _owners: dict[PageSection, dict[str, str]] = field(default_factory=dict)
    _links: set[PageSection] = field(default_factory=set)  # where types are described further down

    def add(self, said: AnnouncedTable) -> None:
        """Take the rows of one table."""
        columns = _columns_of(said.table.header)
        if "name" not in columns or not {"description", "type"} & columns.keys():
            if said.section is PageSection.RESPONSE and said.table.rows:
                self._doubt("unread-table", "no column has names, so the table is left out", said)
            return
        section = said.section
        if section is not PageSection.RESPONSE and "required" in columns:
            section = PageSection.REQUEST
        rows = _rows_of(said.table, columns)
        if section is PageSection.RESPONSE:
            self._add_response(said, rows)
        elif section is PageSection.REQUEST and ("required" in columns or "type" in columns):
            self._add_parameters(said, rows)

    def _add_response(self, said: AnnouncedTable, rows: Sequence[FieldRow]) -> None:
        owner = self._owner(PageSection.RESPONSE, said)
        if owner is None:
            message = "nothing shows whose members the table describes, so it is left out"
            self._doubt("nested-table", message, said)
            return
        for each in rows:
            if not each.name:  # such as the answer as a whole, whose members follow
                self._nameless(each)
                if not (self.response or owner) and (
                    each.named.is_list or each.named.kind is Kind.MAP
                ):
                    self.whole = self.whole or each.span
        self.response += [replace(each, owner=owner) for each in rows] if owner else rows
        self.spans.append(said.table.span)
        self._remember(PageSection.RESPONSE, rows)

    def _add_parameters(self, said: AnnouncedTable, rows: Sequence[FieldRow]) -> None:
        owner = self._owner(PageSection.REQUEST, said)
        if owner != "":
            message = f"the table describes what is in {owner or 'a parameter'}, so it is left out"
            self._doubt("nested-table", message, said)
            return
        for each in rows:
            if not each.name:  # such as the body as a whole, whose members follow
                self._nameless(each)
            elif _word_of(each.says_required) not in lexicon.YES | lexicon.NO:
                word = shortened(each.says_required, _WORD_LENGTH)
                message = f"whether {each.name} is required is unclear: {word!r} is taken for no"
                self.doubts.append(Doubt("unclear-required", message, each.origin))
        self.parameters += [replace(each, place=each.place or said.place) for each in rows]
        self._remember(PageSection.REQUEST, rows)

    def _nameless(self, row: FieldRow) -> None:
        message = f"a row without a name ({row.type or 'no type'}) is left out"
        self.doubts.append(Doubt("nameless-row", message, row.origin))

    def _owner(self, section: PageSection, said: AnnouncedTable) -> str | None:
        """The row whose members a table describes; empty if none, nothing if that is unknown."""
        owners = self._owners.get(section)
        if owners is None:
            return ""
        name = next((each for each in _WORD.findall(said.introduction) if each in owners), "")
        if name and (section is PageSection.RESPONSE or _NESTED_IN_TEXT.search(said.introduction)):
            return owners[name]
        return None if section in self._links and not said.introduction else ""

    def _remember(self, section: PageSection, rows: Sequence[FieldRow]) -> None:
        owners = self._owners.setdefault(section, {})
        for each in rows:
            kind = each.named.kind
            if kind in SCALARS and (kind is not Kind.STRING or section is PageSection.RESPONSE):
                continue
            owners.setdefault(each.last_name, each.name)
            for word in _TYPE_NAME.findall(each.type):
                owners.setdefault(word, each.name)
            if _LINK_WITHIN in self.page.lines[each.span.first - 1]:
                self._links.add(section)

    def _doubt(self, kind: str, message: str, said: AnnouncedTable) -> None:
        self.doubts.append(Doubt(kind, message, Origin(said.table.span, Grade.ASSUMED)))


def tables_on(page: Page) -> Tables:
    """The rows of all tables of parameters."""
    tables = Tables(page)
    for said in _announced_tables(page):
        tables.add(said)
    return tables
