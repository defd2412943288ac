"""Write a report as JSON lines: one for each finding, and a last one with the summary."""

from docpact.finding import Report
from docpact.report.json import as_text, as_told, heading


def render(report: Report) -> str:
    """The findings as the JSON report has them; the last line alone has a `docpact` member."""
    lines = [*map(as_told, report.findings), heading(report)]
    return "".join(as_text(each) + "\n" for each in lines)
