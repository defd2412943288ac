"""Judge everything that was captured and gather what was found, in memory that stays flat."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from docpact.audit.chunk_judge import (
    AuditOptions,
    Chunk,
    ChunkJudge,
    JudgeSetup,
    Progress,
    chunks,
)
from docpact.audit.partial import BaselineCounts, PartialResult
from docpact.capture import CapturedFile, OperationFilter, ReadOptions, captured_files
from docpact.check import Checker
from docpact.core.exchange import Request, Source
from docpact.core.finding import Finding, Report
from docpact.settings import Settings

if TYPE_CHECKING:  # one file alone needs none of them, and start-up counts
    from collections.abc import Callable

    from distributed import Client

    from docpact.audit.executors import Workers
    from docpact.check.history import History
    from docpact.report.statistics import Statistics

    MakeWorkers = Callable[[], AbstractContextManager[Workers]]

__all__ = [
    "Audit",
    "AuditOptions",
    "PartialResult",
    "Progress",
    "ReadOptions",
    "audit",
    "audit_over_dask",
    "audited",
]

_ON_CLUSTERS = AuditOptions(most=10_000, chunk=16 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of a run."""

    report: Report
    skipped_names: tuple[str, ...] = ()  # calls of other operations, if they are listed
    statistics: "Statistics | None" = None
    occurrences: BaselineCounts = field(
        default_factory=BaselineCounts
    )  # of every finding, with a baseline


def audit(
    files: Iterable[CapturedFile],
    checker: Checker,
    settings: Settings,
    *,
    status: int | None = None,
    request: Request | None = None,
) -> Report:
    """Judge each file; `status` and `request` say what the files themselves leave out.

    An interruption ends the run with what was found so far.
    """
    return audited(files, checker, settings, ReadOptions(status=status, request=request)).report


def audited(  # noqa: PLR0913  # what is judged, by what, and how
    files: Iterable[CapturedFile],
    checker: Checker,
    settings: Settings,
    reading: ReadOptions,
    *,
    options: AuditOptions | None = None,
    workers: int = 1,
    on_progress: Progress | None = None,
) -> Audit:
    """Judge each file as `reading` says; a single worker is this process itself.

    An interruption ends the run with what was found so far.
    """
    run = _Run(checker, settings, reading, options or AuditOptions(), on_progress)
    if workers == 1:
        return run.of(files)
    from docpact.audit.executors import process_workers

    return run.of(files, lambda: process_workers(workers))


def audit_over_dask(  # noqa: PLR0913  # what is judged, by what, where and how
    client: "Client | str",
    urls: Iterable[str],
    checker: Checker,
    settings: Settings,
    reading: ReadOptions,
    *,
    options: AuditOptions | None = None,
    storage: Mapping[str, object] | None = None,
    on_progress: Progress | None = None,
) -> Audit:
    """Judge each file by the cluster of a client, or by the one whose scheduler has that address.

    An interruption, or the loss of the cluster, ends the run with what was found so far.
    Raises DocpactError if Dask is not installed, here or there, or no file system knows a URL.
    """
    from docpact.audit.executors import dask_workers

    run = _Run(checker, settings, reading, options or _ON_CLUSTERS, on_progress)
    with dask_workers(client) as workers:
        return run.of(captured_files(urls, storage), lambda: nullcontext(workers))


class _Run:
    """One run over files, in this process or by workers."""

    def __init__(
        self,
        checker: Checker,
        settings: Settings,
        reading: ReadOptions,
        options: AuditOptions,
        on_progress: Progress | None,
    ) -> None:
        only = reading.operation_filter or OperationFilter(checker.contract.operation)
        reading = replace(reading, operation_filter=only)
        self._checker = checker
        self._setup = JudgeSetup(checker.made_of, settings, reading, options)
        self._on_progress = on_progress

    def of(self, files: Iterable[CapturedFile], workers: "MakeWorkers | None" = None) -> Audit:
        totals = AuditTotals(self._checker, self._setup.settings, self._setup.options)
        found = chunks(files, self._setup.reading.format, self._setup.options.chunk)
        is_complete = True
        try:
            for part in self._results(found, workers):
                totals.take(part)
        except KeyboardInterrupt:
            is_complete = False
        return totals.result(complete=is_complete)

    def _results(
        self, found: Iterator[Chunk], workers: "MakeWorkers | None"
    ) -> Iterator[PartialResult]:
        """The result of every chunk, in order; only this process has its standard input."""
        for is_here, those in groupby(found, lambda each: workers is None or each.file.is_stdin):
            if workers is None or is_here:
                yield from self._here(those)
                continue
            from docpact.audit.executors import results_by

            with workers() as made:
                for part in results_by(made, those, self._setup):
                    size = part.size
                    yield part  # first, so that an interruption in what follows loses nothing
                    if self._on_progress:
                        self._on_progress(size)

    def _here(self, found: Iterator[Chunk]) -> Iterator[PartialResult]:
        """The result of every chunk; of one that is interrupted, as far as it was judged."""
        judge = ChunkJudge(self._checker, self._setup)
        for chunk in found:
            part = judge.begin(chunk)
            try:
                judge.judge(chunk, part, self._on_progress)
            except KeyboardInterrupt:
                yield part.settled()
                raise
            yield part


class AuditTotals:
    """All results so far, and what shows only over them together."""

    def __init__(self, checker: Checker, settings: Settings, options: AuditOptions) -> None:
        self._checker = checker
        self._settings = settings
        self._totals = PartialResult(options.most, baseline=options.baseline, drops_known=True)
        self._late = PartialResult(
            options.most, baseline=options.baseline
        )  # findings over several answers
        self._history: History | None = None

    def take(self, part: PartialResult) -> None:
        """Put a result behind those before it."""
        self._totals.then(part)
        for trace in self._totals.traces:
            for source, violation in self._session().check(trace):
                finding = self._checker.diagnostic(violation, source)
                for judged in self._settings.judged(self._unless_ignored(finding, source)):
                    self._late.add(judged)
                    is_clean = judged.severity not in self._settings.reported
                    self._late.add_file(source.file, is_clean=is_clean)
        self._totals.traces.clear()

    def _unless_ignored(self, finding: Finding, source: Source) -> Iterator[Finding]:
        """The finding, if no comment beside its answer ignores it."""
        if not source.comments:
            yield finding
            return
        from docpact.settings.suppressions import suppressions_in

        beside = suppressions_in(source.comments, source.file)
        applied = [each for each in beside if each.covers(finding)]
        for each in applied:
            self._totals.unused.pop(each, None)
        if not applied:
            yield finding
        elif not self._settings.ignores(finding):
            self._totals.ignored += finding.count

    def _session(self) -> "History":
        if self._history is None:
            from docpact.check.history import History

            self._history = History(self._checker.contract)
        return self._history

    def result(self, *, complete: bool) -> Audit:
        """The result of the run."""
        if self._totals.statistics is not None:
            self._totals.statistics.add_findings(self._late.findings)
        part = self._totals.then(self._late)
        complete = complete and part.complete
        report = Report(
            tuple(part.findings),
            part.checked,
            part.skipped,
            tuple(name for name, is_clean in part.files.items() if is_clean),
            tuple(part.problems),
            complete,
            skipped_calls=part.skipped_calls,
            unreadable=part.unreadable,
            without_body=part.without_body,
            truncated=tuple(sorted(part.truncated.items())),
            ignored=part.ignored,
            # The other comments may apply to what was not judged.
            unused=tuple(each.unused_because for each in part.unused if complete or each.mistake),
        )
        return Audit(report, tuple(part.skipped_names), part.statistics, part.occurrences)
