"""A text is a list of entries."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from docpact.contract.constraints.constraint import MASKED, Constraint, Demand, Leaves, Search
from docpact.core.span import Grade, Origin
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:
    from docpact.contract.constraints.constraint import Values
    from docpact.core.violation import Violation

BLANKS: Final = " \t\n\r\u00a0\u3000"  # what nobody sees at the ends of an entry of a list
_ESCAPES: Final = str.maketrans(
    {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\\": r"\\", "]": r"\]", "^": r"\^", "-": r"\-"}
)  # within a class of characters


class Separated(Constraint, frozen=True):
    """A filled text is a list of entries with one separator, after which a space may stand.

    No entry is empty, or begins or ends with a blank.
    """

    rule = Rule(
        "wrong-separator",
        Family.MEANING,
        Grade.IMPLIED,
        "A list in a text has another separator or an empty entry",
        "The page says how entries are separated. One space may follow a separator; apart from "
        "that, entries do not begin or end with white space.",
        '"Packages": "a.jar;b.jar"',
        "A server with file names that hold such characters.",
    )

    id: str
    field: str
    separator: str
    foreign: tuple[str, ...]  # what others use to separate; none of it occurs in an entry
    origin: Origin

    def __post_init__(self) -> None:
        if not self.separator or not all(self.foreign):
            raise ValueError("an empty text separates nothing")

    def holds(self, values: Leaves) -> bool:
        """Whether the text is such a list."""
        text = values.get(self.field)
        if not isinstance(text, str) or not text:
            return True
        return not any(each in text for each in self.foreign) and not _lapse(self.separator)(text)

    def satisfy(self, demand: Demand, values: Leaves) -> Demand:
        """A list with that separator."""
        del values
        return replace(demand, separators=(self.separator, *self.foreign))

    def broken(self, values: "Values") -> "Violation":
        """The text, with the first thing that is wrong with it."""
        from docpact.core.violation import plain

        text = str(values.leaves[self.field])
        message = (
            f"{self.field} is {values.text(self.field)}, which {self._why(text)}; "
            f"entries are separated by {plain(self.separator)}"
        )
        return values.violation(self, message, self.separator, actual=text)

    def _why(self, text: str) -> str:
        from docpact.core.violation import plain

        foreign = next((each for each in self.foreign if each in text), None)
        if foreign is not None:
            return f"holds {plain(foreign)}"
        is_empty = _empty_entry(self.separator)(text) is not None
        return "has an empty entry" if is_empty else "has white space at an end of an entry"

    def json_schema(self) -> dict[str, object]:
        """A pattern that every such list has; empty and masked texts pass."""
        taken = "".join((self.separator, *self.foreign)).translate(_ESCAPES)
        edge = f"[^{taken}{BLANKS.translate(_ESCAPES)}]"
        entry = f"{edge}([^{taken}]*{edge})?"
        separator = f"[{self.separator.translate(_ESCAPES)}]"
        return {"pattern": f"^$|^{entry}({separator} ?{entry})*$|{MASKED}"}

    def describe(self) -> str:
        """The separator, and what is none."""
        never = f", never by {' '.join(map(repr, self.foreign))}" if self.foreign else ""
        return f"{self.field} is a list separated by {self.separator!r}{never}"


# A search for what is wrong needs no memory, however many entries a text has.
_BLANK, _OTHER = f"[{BLANKS}]", f"[{BLANKS[1:]}]"


@lru_cache(maxsize=256)
def _lapse(separator: str) -> Search:
    """Finds what such a list has nowhere."""
    between = re.escape(separator)
    after = rf"{between}(?:{between}|\Z|{_OTHER}| (?:{_BLANK}|{between}|\Z))"
    return re.compile(rf"\A(?:{_BLANK}|{between})|{_BLANK}(?:{between}|\Z)|{after}").search


@lru_cache(maxsize=256)
def _empty_entry(separator: str) -> Search:
    """Finds an empty entry."""
    between = re.escape(separator)
    return re.compile(rf"(?:\A|{between}){_BLANK}*(?:{between}|\Z)").search
