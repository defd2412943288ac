"""Reports in every format: `FORMATS` lists them, `render` knows the writer of each.

A new format is a module here with a function from Report to text, a name in `Format` and a case
in `render`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, assert_never, get_args

from docpact.core.finding import Report
from docpact.core.span import Severity

if TYPE_CHECKING:  # each writer is imported when it is used
    from docpact.contract import Contract
    from docpact.report.statistics import Statistics

Format = Literal["terminal", "json", "ndjson", "junit", "sarif", "html", "github"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


@dataclass(frozen=True, slots=True)
class View:
    """What writers can use besides the report itself."""

    failing: Collection[Severity] = (Severity.ERROR,)
    off: Collection[str] = ()  # rules that are switched off
    notes: bool = False  # whether people see notes
    style: Callable[[str, str], str] | None = None  # colours a text by the role it plays
    statistics: "Statistics | None" = None
    contract: "Contract | None" = None


def render(report: Report, format: Format, view: View = View()) -> str:  # noqa: A002, PLR0911  # the word that options have; one return for each
    """The report as text in a format: terminal, json, ndjson, junit, sarif, html or github."""
    match format:
        case "terminal":
            from docpact.report import terminal

            return terminal.render(report, style=view.style or terminal.plain, notes=view.notes)
        case "json":
            from docpact.report import json

            return json.render(report)
        case "ndjson":
            from docpact.report import json

            return json.render_lines(report)
        case "junit":
            from docpact.report import junit

            return junit.render(report, failing=view.failing, off=view.off)
        case "sarif":
            from docpact.report import sarif

            return sarif.render(report)
        case "html":
            from docpact.report import html

            return html.render(report, view.statistics, view.contract)
        case "github":
            from docpact.report import github

            return github.render(report, notes=view.notes)
        case _:
            assert_never(format)
