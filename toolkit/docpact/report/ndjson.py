"""Write a report as JSON lines: one for each finding, and a last one with the summary."""

from dataclasses import asdict

from docpact.finding import Report
from docpact.report.json import VERSION, as_text, as_told


def render(report: Report) -> str:
    """The findings as the JSON report has them; the last line alone has a `docpact` member."""
    closing = {"docpact": VERSION, "summary": asdict(report.summary)}
    lines = [*map(as_told, report.findings), closing]
    return "".join(as_text(each) + "\n" for each in lines)
