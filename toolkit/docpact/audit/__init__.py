"""Judge everything that was captured and gather what was found, in memory that stays flat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from docpact.audit.chunk_judge import Judge, Options, Progress
from docpact.audit.chunks import Chunk, chunks
from docpact.audit.partial import Known, Part
from docpact.capture import CapturedFile, Reading, Wanted
from docpact.check import Checker
from docpact.core.exchange import Request, Source
from docpact.core.finding import Finding, Report
from docpact.settings import Settings

if TYPE_CHECKING:  # one file alone needs neither, and start-up counts
    from docpact.check.history import History
    from docpact.statistics import Statistics

__all__ = ["Audit", "Options", "Part", "Progress", "Reading", "audit", "audited"]


@dataclass(frozen=True, slots=True)
class Audit:
    """What a run came to."""

    report: Report
    skipped_names: tuple[str, ...] = ()  # calls of other operations, if they were asked for
    statistics: "Statistics | None" = None
    met: Known = field(default_factory=Known)  # how often what was found, if some of it is known


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
    return audited(files, checker, settings, Reading(status=status, request=request)).report


def audited(  # noqa: PLR0913  # what is judged, by what, and how
    files: Iterable[CapturedFile],
    checker: Checker,
    settings: Settings,
    reading: Reading,
    *,
    options: Options | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Audit:
    """Judge each file as `reading` says, by as many processes as are wanted.

    An interruption ends the run with what was found so far.
    """
    reading = replace(reading, wanted=reading.wanted or Wanted(checker.contract.operation))
    options = options or Options()
    found = chunks(files, reading.kind, options.chunk)
    whole = Whole(checker, settings, options)
    is_complete = True
    try:
        for part in _every_part(
            found, _Work(checker, settings, reading, options, workers), progress
        ):
            whole.take(part)
    except KeyboardInterrupt:
        is_complete = False
    return whole.result(complete=is_complete)


@dataclass(frozen=True, slots=True)
class _Work:
    """By what it is judged, and in how many processes."""

    checker: Checker
    settings: Settings
    reading: Reading
    options: Options
    workers: int

    def judge(self) -> Judge:
        return Judge(self.checker, self.settings, self.reading, self.options)


def _every_part(found: Iterator[Chunk], work: _Work, progress: Progress | None) -> Iterator[Part]:
    """The part of every chunk, in order; only this process has its standard input."""
    for is_here, those in groupby(found, lambda each: work.workers == 1 or each.file.is_stdin):
        if is_here:
            yield from _parts(those, work.judge(), progress)
            continue
        from docpact.audit.workers import Recipe, parts_by_workers

        recipe = Recipe(work.checker.made_of, work.settings, work.reading, work.options)
        for part in parts_by_workers(those, recipe, work.workers):
            size = part.size
            yield part  # first, so that an interruption in what follows loses nothing
            if progress:
                progress(size)


def _parts(found: Iterator[Chunk], judge: Judge, progress: Progress | None) -> Iterator[Part]:
    """The part of every chunk; of one that is interrupted, what there is."""
    for chunk in found:
        part = Part()
        try:
            for part in judge.judge(chunk, progress):  # noqa: B007  # the last one counts
                pass
        except KeyboardInterrupt:
            yield part.settled()
            raise
        yield part


class Whole:
    """All parts so far, and what shows only over them together."""

    def __init__(self, checker: Checker, settings: Settings, options: Options) -> None:
        self._checker = checker
        self._settings = settings
        self._whole = Part(options.most, known=options.known, drops_known=True)
        self._late = Part(options.most, known=options.known)  # findings over several answers
        self._history: History | None = None

    def take(self, part: Part) -> None:
        """Put a part behind those before it."""
        self._whole.then(part)
        for trace in self._whole.traces:
            for source, violation in self._known().check(trace):
                finding = self._checker.diagnostic(violation, source)
                for judged in self._settings.judged(self._unless_ignored(finding, source)):
                    self._late.add(judged)
                    if judged.severity in self._settings.reported:
                        self._late.files[source.file] = False
        self._whole.traces.clear()

    def _unless_ignored(self, finding: Finding, source: Source) -> Iterator[Finding]:
        """The finding, if no comment beside its answer wants it ignored."""
        if not source.comments:
            yield finding
            return
        from docpact.settings.suppressions import suppressions_in

        met = [
            each for each in suppressions_in(source.comments, source.file) if each.covers(finding)
        ]
        for each in met:
            self._whole.unused.pop(each, None)
        if not met:
            yield finding
        elif not self._settings.ignores(finding):
            self._whole.ignored += finding.count

    def _known(self) -> "History":
        if self._history is None:
            from docpact.check.history import History

            self._history = History(self._checker.contract)
        return self._history

    def result(self, *, complete: bool) -> Audit:
        """What it all comes to."""
        if self._whole.statistics is not None:
            self._whole.statistics.add_findings(self._late.findings)
        part = self._whole.then(self._late)
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
            # What was not judged might have met the rest.
            unused=tuple(each.unused_because for each in part.unused if complete or each.mistake),
        )
        return Audit(report, tuple(part.skipped_names), part.statistics, part.met)
