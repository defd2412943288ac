"""Judge one chunk of the captures after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docpact.audit.partial import BaselineCounts, PartialResult
from docpact.capture import (
    CapturedFile,
    CaptureEntry,
    CaptureFormat,
    Damage,
    ReadOptions,
    Skipped,
    entries_in,
    filtered,
)
from docpact.capture.detect import DETECTED_BYTES, detect_format
from docpact.capture.files import error_text
from docpact.capture.ndjson import LogFields, line_entry
from docpact.capture.streams import is_packed, numbered_lines
from docpact.check import Checker
from docpact.core.exchange import Exchange, Source
from docpact.core.finding import Finding
from docpact.core.violation import Violation
from docpact.settings import Settings

if TYPE_CHECKING:
    from docpact.check.history import Tracer

Progress = Callable[[int], None]  # is called with the number of bytes read since the last call
_REPORTED_EVERY = 256  # lines
_BUFFER = 1024 * 1024
LONGEST: Final = 8 * 1024 * 1024  # bytes of a log that one worker judges at a time


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What a run reports besides its findings, and how much of them."""

    most: int | None = None  # findings that are kept
    names_skipped: bool = False  # lists the calls that are skipped
    statistics: bool = False
    baseline: BaselineCounts | None = None  # findings that are not reported again
    chunk: int = LONGEST  # bytes of a log that are judged in one go


@dataclass(frozen=True, slots=True)
class Chunk:
    """A file, or the lines of a log that begin between two of its bytes."""

    file: CapturedFile
    start: int = 0
    end: int | None = None  # the end of the file, if it is not set
    is_again: bool = False  # the file was named before

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return (self.file.size if self.end is None else self.end) - self.start

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.file.name} from byte {self.start}" if self.start else self.file.name


def chunks(
    files: Iterable[CapturedFile], format_: CaptureFormat | None, longest: int = LONGEST
) -> Iterator[Chunk]:
    """Every file, a large log in several chunks."""
    names: set[str] = set()
    for file in files:
        if file.size > longest and not file.problem and file.is_capture and _is_log(file, format_):
            for start in range(0, file.size, longest):
                yield Chunk(file, start, min(start + longest, file.size))
        else:
            yield Chunk(file, is_again=file.name in names)
        names.add(file.name)


def _is_log(file: CapturedFile, format_: CaptureFormat | None) -> bool:
    try:
        with file.open() as stream:
            start = stream.read(DETECTED_BYTES)
    except OSError:
        return False
    return not is_packed(start) and (format_ or detect_format(start)) == "ndjson"


@dataclass(frozen=True, slots=True)
class JudgeSetup:
    """All that a worker needs to judge as the others do."""

    made_of: tuple[object, ...]  # of a checker
    settings: Settings
    reading: ReadOptions
    options: AuditOptions

    def judge(self) -> "ChunkJudge":
        """A judge of one's own."""
        contract, schemas, engine, fragment = self.made_of
        checker = Checker(contract, schemas, engine=engine, fragment=fragment)  # type: ignore[arg-type]  # what a checker was made of
        return ChunkJudge(checker, self)


class ChunkJudge:
    """Judges chunks; its validators are built once."""

    def __init__(self, checker: Checker, setup: JudgeSetup) -> None:
        self._checker = checker
        self._settings = setup.settings
        self._reading = setup.reading
        self._options = setup.options
        self._watch: Tracer | None = None
        self._prefilter = None
        if setup.settings.engine == "fast" and not setup.settings.fragment:
            from docpact.check.prefilter import Quick

            self._prefilter = Quick(checker.contract)

    def begin(self, chunk: Chunk) -> PartialResult:
        """The result of a chunk before anything in it is judged."""
        part = PartialResult(
            self._options.most,
            continues=chunk.start > 0,
            baseline=self._options.baseline,
            drops_known=chunk.end is None and not chunk.is_again,
        )
        if self._options.statistics:
            from docpact.report.statistics import Statistics

            part.statistics = Statistics.of(self._checker.contract)
        return part

    def judge(
        self,
        chunk: Chunk,
        part: PartialResult | None = None,
        on_progress: Progress | None = None,
    ) -> PartialResult:
        """The result of a chunk; a `part` that was begun is filled, also up to an interruption."""
        part = part or self.begin(chunk)
        try:
            self._judge(chunk, part, on_progress)
        except OSError as cause:
            part.problems.append(f"{chunk.place} cannot be read: {error_text(cause)}")
        part.size = chunk.size
        return part.settled()

    def _judge(self, chunk: Chunk, part: PartialResult, on_progress: Progress | None) -> None:
        file = chunk.file
        if file.problem:
            part.problems.append(f"{file.name} cannot be read: {file.problem}")
        elif not file.is_capture:
            part.skipped += 1
        elif chunk.end is not None:
            self._judge_lines(chunk, part, on_progress)
        else:
            for entry in entries_in(file, self._reading, on_progress):
                self._take(entry, part)

    def _judge_lines(self, chunk: Chunk, part: PartialResult, on_progress: Progress | None) -> None:
        """Judge the lines that begin within a chunk of a log."""
        fields, name = LogFields(self._reading), chunk.file.name
        is_bare = fields.is_bare and not self._options.statistics
        prefilter = self._prefilter if is_bare else None
        reported = chunk.start
        for number, line, position in _lines_of(chunk):
            part.lines = number
            if line is not None and not line.strip():
                continue
            part.entries += 1
            if prefilter is not None and line is not None and prefilter.value_of(line) is not None:
                part.checked += 1
            else:
                entry = line_entry(line, Source(name, number, part.entries), fields)
                self._take(filtered(entry, self._reading), part)
            if on_progress and number % _REPORTED_EVERY == 0:
                on_progress(position - reported)
                reported = position
        if part.entries:
            part.add_file(name, is_clean=True)
        if on_progress:
            on_progress((chunk.end or reported) - reported)

    def _take(self, entry: CaptureEntry, part: PartialResult) -> None:
        match entry:
            case Damage():
                violation = Violation("damaged-capture", entry.why, line=1)
                finding = self._checker.diagnostic(violation, entry.source)
                part.checked += 1
                found = self._not_ignored(entry.source, (finding,), part)
                self._keep(entry.source.file, found, part)
                if part.statistics is not None:
                    part.statistics.add_unread(entry.source.file, self._settings.judged(found))
            case Skipped():
                part.skipped_calls += 1
                part.unreadable += not entry.is_other
                part.without_body += entry.lacks_body
                if self._options.names_skipped:
                    source = entry.source
                    part.skipped_names.append(f"{source.file}:{source.first_line} {entry.what}")
            case Exchange():
                part.checked += 1
                self._judge_exchange(entry, part)

    def _judge_exchange(self, exchange: Exchange, part: PartialResult) -> None:
        value = self._prefilter.passes(exchange) if self._prefilter else None
        if value is not None:
            self._not_ignored(exchange.source, (), part)
            part.add_file(exchange.source.file, is_clean=True)
            if part.statistics is not None:
                part.statistics.add(exchange, value, ())
        else:
            judgement = self._checker.judge(exchange)
            value = judgement.value
            findings = self._not_ignored(exchange.source, judgement.findings, part)
            self._keep(exchange.source.file, findings, part)
            if part.statistics is not None:
                part.statistics.add(exchange, value, self._settings.judged(findings))
        if value and exchange.response.status is not None:
            part.traces.append(self._tracer().trace(exchange, value))

    def _not_ignored(
        self, source: Source, findings: Iterable[Finding], part: PartialResult
    ) -> tuple[Finding, ...]:
        """The findings that no comment beside the exchange ignores."""
        if not source.comments:
            return tuple(findings)
        from docpact.settings.suppressions import apply_comments

        left = apply_comments(findings, source.comments, source.file, self._settings)
        part.ignored += left.ignored
        part.add_unused(left.unused)
        return tuple(left.findings)

    def _tracer(self) -> "Tracer":
        if self._watch is None:
            from docpact.check.history import Tracer

            self._watch = Tracer.of(self._checker.contract)
        return self._watch

    def _keep(self, file: str, findings: tuple[Finding, ...], part: PartialResult) -> None:
        is_clean = True
        for finding in self._settings.judged(findings):
            part.add(finding)
            is_clean = is_clean and finding.severity not in self._settings.reported
        part.add_file(file, is_clean=is_clean)


def _lines_of(chunk: Chunk) -> Iterator[tuple[int, bytes | None, int]]:
    """The lines that begin within a chunk, numbered from its start, with where they end."""
    end = chunk.end or 0
    with chunk.file.open() as stream:
        position = chunk.start
        if chunk.start:  # a line that begins before belongs to the chunk before
            stream.seek(chunk.start - 1)
            while (rest := stream.readline(_BUFFER)) and not rest.endswith(b"\n"):
                continue
            position = stream.tell()
        if position >= end:
            return
        for number, line in numbered_lines(stream):
            position = stream.tell() if line is None else position + len(line)
            yield number, line, position
            if position >= end:
                return
