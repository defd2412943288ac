"""`docpact validate`: judge captured answers."""

import signal
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import click

from docpact.audit.baseline import Baseline
from docpact.capture.detect import FORMATS
from docpact.cli.console import interrupt, progress_bar, say_rest, stopped_by_signals
from docpact.cli.options import (
    baseline_options,
    chosen_checker,
    chosen_settings,
    judging_options,
    referenced_request,
)
from docpact.cli.reporting import (
    Destination,
    chosen_destinations,
    needs_statistics,
    reporting_options,
    write_reports,
)
from docpact.contract import Contract
from docpact.core.exit_code import exit_code
from docpact.core.finding import Finding, Report
from docpact.core.text import counted
from docpact.report import Format

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from collections.abc import Iterator

    from docpact.audit import Audit, AuditOptions, ReadOptions
    from docpact.capture import CapturedFile, CaptureFormat
    from docpact.check import Checker
    from docpact.settings import Settings

_MOST: Final = 10_000  # findings that are reported one by one
_MOST_ROOTS: Final = 3
_OTHER_CONTRACT: Final = "--contract FILE chooses another contract"
_LOGS: Final = frozenset({".ndjson", ".jsonl", ".log"})
_ARCHIVES: Final = frozenset({".har", ".yaml", ".yml", ".flow", ".flows"})

_EPILOG = """\b
Examples:
  docpact validate answer.json answer.xml
  docpact validate captures/ --strict
  curl -si "$URL" | docpact validate - --request project1/job1/123
  docpact validate answer.json --ignore undocumented-field --format json
  docpact validate captures/ --report junit=junit.xml --report sarif=docpact.sarif
  docpact validate browser.har 'cassettes/**/*.yaml' traffic.ndjson.gz --workers 2
  docpact validate gateway.log --field body=res.payload --field url=req.path
  docpact validate captures/ --config 'severity.wrong-unit = "error"'
  docpact validate captures/ --baseline known.json
"""


class _FieldType(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """NAME=PATH on the command line."""

    name = "NAME=PATH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        from docpact.capture.ndjson import FIELDS

        name, equals, path = str(value).partition("=")
        if name not in FIELDS:
            self.fail(f"unknown field {name!r}; choose from {', '.join(FIELDS)}", param, ctx)
        if not equals or not path:
            self.fail(f"{value!r} has no path; write {name}=response.{name}", param, ctx)
        return name, path


@click.command(
    "validate", epilog=_EPILOG, short_help="Judge captured answers against the contract."
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--request", "reference", metavar="PROJECT/JOB/ID", help="The instance that was asked for."
)
@click.option("--status", type=click.IntRange(100, 599), help="The HTTP status of the answers.")
@click.option(
    "--fragment/--no-fragment",
    default=None,
    help="Accept XML without its root element, as the page prints it.",
)
@click.option(
    "--from",
    "format_of_capture",
    type=click.Choice(FORMATS),
    help="The format of the captures.  [default: detected from the content]",
)
@click.option(
    "--field",
    "fields",
    type=_FieldType(),
    multiple=True,
    help="Where each line of a log has its body, status, url, …; repeatable.",
)
@click.option("--all", "names_all", is_flag=True, help="List the calls that are skipped.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Number of processes.",
)
@click.option(
    "--max-findings",
    "most",
    type=click.IntRange(0),
    default=_MOST,
    show_default=True,
    help="Maximum number of findings to report; all are counted.",
)
@baseline_options
@click.option(
    "--redact",
    is_flag=True,
    help="Mask captured values in reports, except ids, times and listed values.",
)
@judging_options
@reporting_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    reference: str | None,
    status: int | None,
    format_of_capture: "CaptureFormat | None",
    fields: tuple[tuple[str, str], ...],
    names_all: bool,
    workers: int,
    most: int,
    fail_on: str | None,
    baseline: str | None,
    update_baseline: bool,
    redact: bool,
    format_: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    verbose: bool,
    **options: object,
) -> None:
    """Judge captured answers: bodies, HAR, cassettes, logs, dumps, flows; folders, or - for stdin.

    The format of a capture is detected from its content; .gz, .zst and .zip are unpacked. Calls of
    other operations are skipped. Each finding has its place in the capture and the line of the
    reference page it rests on. Settings are read from docpact.toml or [tool.docpact] in
    pyproject.toml; --config and the other options override them.
    """
    from docpact.audit import AuditOptions, ReadOptions
    from docpact.capture import captured_files

    destinations = chosen_destinations(format_, output, reports, inputs=paths)
    settings = chosen_settings(options, fail_on)
    checker = chosen_checker(settings)
    known = Baseline.of(baseline, update=update_baseline)
    request = None
    if reference is not None:
        request = referenced_request(reference, checker.contract, hint="--request")
    reading = ReadOptions(format_of_capture, status, request, fields=fields)
    wanted = AuditOptions(
        most,
        names_all,
        statistics=needs_statistics(destinations),
        baseline=known.known if known else None,
    )
    with stopped_by_signals(interrupt) as signals:
        done = _audited(captured_files(paths), checker, settings, reading, wanted, workers)
    report = done.report
    if known:
        report = known.compared(report, done.occurrences)
    if redact:
        done, report = _redacted(done, report, checker)
    report = _with_diagnostics(report, done.skipped_names, checker.contract, reference, names_all)
    write_reports(
        report,
        destinations,
        settings,
        color=color,
        notes=verbose or settings.pedantic,
        statistics=done.statistics,
        contract=checker.contract,
    )
    say_rest(report)
    code = exit_code(
        report,
        settings.failing,
        terminated=signal.SIGTERM in signals,
        findings_fail=fail_on != "never" and not update_baseline,
    )
    ctx.exit(code)


def _audited(
    files: "Iterator[CapturedFile]",
    checker: "Checker",
    settings: "Settings",
    reading: "ReadOptions",
    options: "AuditOptions",
    workers: int,
) -> "Audit":
    """Judge everything, showing on a terminal how far it is."""
    from docpact.audit import audited

    total = 0
    if sys.stderr is not None and sys.stderr.isatty():
        listed = list(files)
        total, files = sum(each.size for each in listed), iter(listed)
    with progress_bar(total) as progress:
        return audited(
            files,
            checker,
            settings,
            reading,
            options=options,
            workers=workers,
            on_progress=progress,
        )


def _redacted(done: "Audit", report: Report, checker: "Checker") -> "tuple[Audit, Report]":
    """The outcome of a run without what may be a secret."""
    from docpact.audit.redaction import Redaction, redacted_call

    redaction = Redaction(checker.contract)
    names = tuple(map(redacted_call, done.skipped_names))
    statistics = redaction.statistics(done.statistics) if done.statistics else None
    return replace(done, skipped_names=names, statistics=statistics), redaction.report(report)


def _with_diagnostics(
    report: Report,
    skipped_names: tuple[str, ...],
    contract: Contract,
    reference: str | None,
    names_all: bool,
) -> Report:
    """The report with what there is to know of the run, and why nothing was judged if so."""
    diagnostics = [f"skipped {each}" for each in skipped_names]
    if report.skipped_calls and not names_all:
        calls = counted(report.skipped_calls, "call")
        diagnostics.append(
            f"{calls} skipped: other operation or no readable body (--all lists them)"
        )
    if hidden := sum(count for _, count in report.truncated):
        diagnostics.append(f"{counted(hidden, 'more finding')} not shown (--max-findings)")
    problems = list(report.problems)
    if report.complete and not problems and not report.checked:
        problems.append(_why_nothing_was_judged(report, contract))
    elif report.complete and reference is None and (why := _suspicion(report, contract)):
        diagnostics.append(why)
    return replace(
        report,
        diagnostics=(*diagnostics, *report.diagnostics),
        problems=tuple(problems),
    )


def _why_nothing_was_judged(report: Report, contract: Contract) -> str:
    if not report.skipped_calls:
        from docpact.capture import CAPTURE_SUFFIXES

        suffixes = ", ".join(sorted(CAPTURE_SUFFIXES))
        return f"nothing was judged; in folders, only files named {suffixes} are read"
    operation = contract.operation
    name = f"{operation.name} ({operation.method} {operation.path})" if operation.path else ""
    others, unreadable = report.skipped_calls - report.unreadable, report.unreadable
    why = []
    if others:
        why += [f"{counted(others, 'call')} of another operation than {name or operation.name}"]
        why += [_OTHER_CONTRACT]
    if unreadable:
        why.append(f"{counted(unreadable, 'call')} without a readable answer")
        why.append(
            "--field body=PATH names where the lines of a log have their bodies"
            if report.without_body
            else "--all lists the reasons"
        )
    return f"nothing was judged: {'; '.join(why)}"


def _suspicion(report: Report, contract: Contract) -> str:
    """That most answers seem to be of another operation; empty if they do not.

    Each then lacks what this operation's have at the top, and has something else there.
    """
    by_exchange: defaultdict[tuple[str, int], list[Finding]] = defaultdict(list)
    for each in report.findings:
        by_exchange[each.at.file, each.at.exchange].append(each)
    aliens = [place for place, findings in by_exchange.items() if _is_alien(findings)]
    if 2 * len(aliens) <= report.checked:
        return ""
    roots = {str(each.actual) for each in report.findings if each.rule == "xml-wrong-root"}
    named = f" ({', '.join(sorted(roots)[:_MOST_ROOTS])})" if roots else ""
    count = "the answer" if report.checked == 1 else f"{len(aliens)} of {report.checked} answers"
    why = (
        f"{count} may be of another operation{named} than {contract.operation.name}; "
        f"{_OTHER_CONTRACT}"
    )
    if any(_may_be_log(*place) for place in aliens):
        why += "; if each line is a record of a log, --field body=PATH names where its answer is"
    return why


def _may_be_log(file: str, number: int) -> bool:
    """Whether an answer may be a line of a log; archives and cassettes have known suffixes."""
    suffixes = PurePath(file.lower()).suffixes[-2:]  # before that of a packed file
    return not _LOGS.isdisjoint(suffixes) or (number > 1 and _ARCHIVES.isdisjoint(suffixes))


def _is_alien(findings: list[Finding]) -> bool:
    rules = {each.rule for each in findings if each.pointer.count("/") <= 1}
    return "missing-field" in rules and not rules.isdisjoint(
        {"undocumented-field", "xml-wrong-root"}
    )
