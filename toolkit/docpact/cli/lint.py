"""`docpact lint`: judge reference pages themselves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from docpact.audit.baseline import Baseline
from docpact.cli.console import say, say_rest
from docpact.cli.options import baseline_options, chosen_settings, strictness_options, write
from docpact.cli.reporting import (
    Destination,
    chosen_destinations,
    reporting_options,
    write_reports,
)
from docpact.core.errors import DocpactError
from docpact.core.exit_code import ExitCode, exit_code
from docpact.core.text import counted, printable
from docpact.report import Format
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
@click.option("--summary", is_flag=True, help="One line for each page instead of its findings.")
@click.option("--no-rulings", is_flag=True, help="Ignore the rulings beside the pages.")
@baseline_options
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
    format_: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    **options: object,
) -> None:
    """Find where reference pages contradict themselves: Markdown files, or folders of them.

    A ruling beside a page hides no finding; a finding on what it decides names the ruling. Notes
    are always shown. Folders are searched at any depth; pages without an operation are skipped.
    """
    from docpact.page_review import page_files, review

    settings = chosen_settings(options, fail_on)
    if summary and baseline:
        raise click.UsageError("--summary counts every finding; leave out --baseline")
    if summary:
        ctx.exit(_summarize(paths, settings, output, take_rulings=not no_rulings))
    destinations = chosen_destinations(format_, output, reports, inputs=paths)
    known = Baseline.of(baseline, update=update_baseline)
    report = review(page_files(paths), settings, take_rulings=not no_rulings)
    if not report.checked and not report.problems:
        why = "no page describes an operation; name Markdown files or folders of them"
        report = replace(report, problems=(why,))
    if known:
        report = known.applied(report)
    write_reports(report, destinations, settings, color=color, notes=True)
    say_rest(report)
    fail = fail_on != "never" and not update_baseline
    ctx.exit(exit_code(report, settings.failing, findings_fail=fail))


def _summarize(
    paths: tuple[str, ...], settings: Settings, output: str | None, *, take_rulings: bool
) -> ExitCode:
    """Write a line for each page; only a page that cannot be read fails."""
    from docpact.page_review import page_files, reviewed

    pages: list[Reviewed] = []
    unreadable = 0
    for file in page_files(paths):
        try:
            pages.append(reviewed(file, settings, take_rulings=take_rulings))
        except DocpactError as error:
            say(str(error))
            unreadable += 1
    write("".join(f"{printable(line)}\n" for line in _summary(pages)), output)
    return ExitCode.FAILED if unreadable or not pages else ExitCode.CLEAN


def _summary(pages: "list[Reviewed]") -> Iterator[str]:
    from docpact.page_review import Placements

    for page in pages:
        yield f"{page.file}: {_outcome(page)}"
    compiled = [each for each in pages if each.refusal is None]
    clean = sum(not each.findings for each in compiled)
    yield ""
    yield (
        f"{counted(len(pages), 'page')}: {clean} compiled, {len(compiled) - clean} compiled with "
        f"findings, {len(pages) - len(compiled)} refused"
    )
    yield f"rows placed by {_shares(sum((each.placements for each in pages), Placements()))}"


def _outcome(page: "Reviewed") -> str:
    if page.refusal is not None:
        line = page.refusal.span.first if page.refusal.span else 1
        kind = "refused" if page.is_operation else "refused, no operation"
        return f"{kind} (line {line}: {page.refusal.message})"
    if not page.findings:
        return f"compiled; {_shares(page.placements)}"
    count = counted(len(page.findings), "finding")
    return f"compiled with {count}; {_shares(page.placements)}"


def _shares(placements: "Placements") -> str:
    rows = placements.strong + placements.weak + placements.none
    if not rows:
        return "no rows"
    parts = (("strong", placements.strong), ("weak", placements.weak), ("no", placements.none))
    shares = ", ".join(f"{name} {100 * count / rows:.0f}%" for name, count in parts)
    return f"evidence: {shares} of {rows} rows"
