"""`docpact lint`: judge reference pages themselves."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from docpact.cli.baseline import Known, known_options, tell_idle, with_fail_on
from docpact.cli.options import FAILED, chosen_settings, strictness_options, write
from docpact.cli.reporting import (
    Destination,
    Format,
    chosen_destinations,
    reporting_options,
    write_reports,
)
from docpact.core.errors import DocpactError
from docpact.core.finding import Report
from docpact.core.text import printable
from docpact.settings import Settings

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.page_review import Placements, Reviewed

_EPILOG = """\b
Examples:
  docpact lint GetInstance.md
  docpact lint pages/ --strict --ignore masked-example
  docpact lint pages/ --report sarif=pages.sarif
  docpact lint pages/ --baseline known.json
  docpact lint --summary pages/
"""


@click.command("lint", epilog=_EPILOG, short_help="Find where a reference page contradicts itself.")
@click.argument("paths", nargs=-1, required=True, metavar="PAGE…")
@click.option("--summary", is_flag=True, help="A line for each page instead of its findings.")
@click.option("--no-rulings", is_flag=True, help="Take the pages alone.")
@known_options
@strictness_options
@reporting_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    summary: bool,
    no_rulings: bool,
    fail_on: str | None,
    baseline: str | None,
    update_baseline: bool,
    form: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    **options: object,
) -> None:
    """Find where reference pages contradict themselves: Markdown files, or folders of them.

    Rulings beside a page hide nothing, but a finding that one settles says so. Notes are always
    shown. In folders, and in those within them, pages that describe no operation are passed over.
    """
    from docpact.page_review import page_files, review

    settings = with_fail_on(chosen_settings(options), fail_on)
    if summary and baseline:
        raise click.UsageError("--summary counts every finding, so leave out --baseline")
    if summary:
        ctx.exit(_summarize(paths, settings, output, take_rulings=not no_rulings))
    destinations = chosen_destinations(form, output, reports, inputs=paths)
    known = Known.of(baseline, update=update_baseline)
    report = review(page_files(paths), settings, take_rulings=not no_rulings)
    if known:
        report = known.taken_from(report)
    write_reports(report, destinations, settings, color=color, notes=True)
    tell_idle(report)
    code = _exit_code(report, settings)
    ctx.exit(0 if code == 1 and (fail_on == "never" or update_baseline) else code)


def _exit_code(report: Report, settings: Settings) -> int:
    for problem in report.problems:
        _complain(problem)
    if report.problems:
        return FAILED
    if not report.checked:
        _complain("no page describes an operation; name Markdown files or folders of them")
        return FAILED
    return 1 if report.fails(settings.failing) else 0


def _summarize(
    paths: tuple[str, ...], settings: Settings, output: str | None, *, take_rulings: bool
) -> int:
    """Write what comes of each page; only what could not be read fails."""
    from docpact.page_review import page_files, reviewed

    pages: list[Reviewed] = []
    unread = 0
    for file in page_files(paths):
        try:
            pages.append(reviewed(file, settings, take_rulings=take_rulings))
        except DocpactError as error:
            _complain(str(error))
            unread += 1
    write("".join(f"{printable(line)}\n" for line in _summary(pages)), output)
    return FAILED if unread or not pages else 0


def _summary(pages: "list[Reviewed]") -> Iterator[str]:
    from docpact.page_review import Placements

    for page in pages:
        yield f"{page.file}: {_outcome(page)}"
    compiled = [each for each in pages if each.refusal is None]
    clean = sum(not each.findings for each in compiled)
    yield ""
    noun = "page" if len(pages) == 1 else "pages"
    yield (
        f"{len(pages)} {noun}: {clean} compiled, {len(compiled) - clean} compiled with findings, "
        f"{len(pages) - len(compiled)} refused"
    )
    yield f"rows placed by {_shares(sum((each.placements for each in pages), Placements()))}"


def _outcome(page: "Reviewed") -> str:
    if page.refusal is not None:
        line = page.refusal.span.first if page.refusal.span else 1
        kind = "refused" if page.is_operation else "refused, no operation"
        return f"{kind} (line {line}: {page.refusal.message})"
    if not page.findings:
        return f"compiled; {_shares(page.placements)}"
    count = len(page.findings)
    return f"compiled with {count} finding{'s' * (count != 1)}; {_shares(page.placements)}"


def _shares(placements: "Placements") -> str:
    rows = placements.strong + placements.weak + placements.none
    if not rows:
        return "no rows"
    parts = (
        ("strong", placements.strong),
        ("weak", placements.weak),
        ("no", placements.none),
    )
    shares = ", ".join(f"{name} {100 * count / rows:.0f}%" for name, count in parts)
    return f"evidence: {shares} of {rows} rows"


def _complain(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"docpact: {printable(line)}", err=True)
