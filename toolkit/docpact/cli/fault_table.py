"""The catalogue of faults as a table for people."""

from collections.abc import Iterator, Sequence

from docpact.faults import Fault

_HEAD = ("FAULT", "SEEN IN", "WHEN", "WHAT A SERVER WITH IT DOES [RULES THAT NOTICE]")
_BEHAVIOUR = "behaviour"


def fault_table(faults: Sequence[Fault]) -> Iterator[str]:
    """One line for each fault under a line of headings."""
    rows = [_HEAD, *map(_row, faults)]
    *widths, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]])
    if any(each.is_behaviour for each in faults):
        yield ""
        yield f"{_BEHAVIOUR}: only a server shows it, over its calls; no single answer does"


def seen_in(fault: Fault) -> str:
    """The formats in which an answer can have the fault."""
    if fault.is_behaviour:
        return _BEHAVIOUR
    return ", ".join(sorted(each.value.upper() for each in fault.media))


def _row(fault: Fault) -> tuple[str, str, str, str]:
    rules = ", ".join(sorted(fault.breaks))
    return fault.name, seen_in(fault), fault.shows.value, f"{fault.summary} [{rules}]"
