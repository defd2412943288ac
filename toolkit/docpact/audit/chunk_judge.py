"""Judge one chunk of the captures after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docpact.audit.chunks import LONGEST, Chunk
from docpact.audit.partial import Known, Part
from docpact.capture import Damage, Entry, Reading, Skipped, entries_in, sifted
from docpact.capture.buffers import numbered_lines
from docpact.capture.ndjson import LogForm, line_entry
from docpact.check import Checker
from docpact.core.exchange import Exchange, Source
from docpact.core.finding import Finding
from docpact.core.violation import Violation
from docpact.settings import Settings

if TYPE_CHECKING:
    from docpact.check.history import Watch

Progress = Callable[[int], None]  # bytes that were read since it was last told
_TOLD_EVERY = 256  # lines
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """What is wanted of a run besides its findings."""

    most: int | None = None  # findings that are kept
    names_others: bool = False
    statistics: bool = False
    known: Known | None = None  # findings that are not told again
    chunk: int = LONGEST  # bytes of a log that are judged in one go


class Judge:
    """Judges chunks; its validators are built once."""

    def __init__(
        self, checker: Checker, settings: Settings, reading: Reading, options: Options
    ) -> None:
        self._checker = checker
        self._settings = settings
        self._reading = reading
        self._options = options
        self._watch: Watch | None = None
        self._quick = None
        if settings.engine == "fast" and not settings.fragment:
            from docpact.check.prefilter import Quick

            self._quick = Quick(checker.contract)

    def judge(self, chunk: Chunk, progress: Progress | None = None) -> Iterator[Part]:
        """The part that a chunk comes to, growing; what counts is how it ends."""
        part = Part(
            self._options.most,
            continues=chunk.start > 0,
            known=self._options.known,
            drops_known=chunk.end is None and not chunk.is_again,
        )
        if self._options.statistics:
            from docpact.statistics import Statistics

            part.statistics = Statistics.of(self._checker.contract)
        yield part
        file = chunk.file
        if file.problem:
            part.problems.append(f"{file.name} cannot be read: {file.problem}")
        elif not file.is_capture:
            part.skipped += 1
        elif chunk.end is not None:
            self._judge_lines(chunk, part, progress)
        else:
            for entry in entries_in(file, self._reading, progress):
                self._take(entry, part)
        part.size = chunk.size
        part.settled()

    def _judge_lines(self, chunk: Chunk, part: Part, progress: Progress | None) -> None:
        """Judge the lines that begin within a chunk of a log."""
        form, name = self._reading.log_form, chunk.file.name
        is_bare = form.status is None and form.request is None and not form.names_body
        quick = self._quick if is_bare and not self._options.statistics else None
        told = chunk.start
        for number, line, position in _lines_of(chunk):
            part.lines = number
            if line is not None and not line.strip():
                continue
            part.entries += 1
            if quick is not None and line is not None and quick.value_of(line) is not None:
                part.checked += 1
            else:
                entry = _entry_of(line, Source(name, number, part.entries), form)
                self._take(sifted(entry, self._reading), part)
            if progress and number % _TOLD_EVERY == 0:
                progress(position - told)
                told = position
        if part.entries:
            part.files.setdefault(name, True)
        if progress:
            progress((chunk.end or told) - told)

    def _take(self, entry: Entry, part: Part) -> None:
        match entry:
            case Damage():
                violation = Violation("damaged-capture", entry.why, line=1)
                finding = self._checker.diagnostic(violation, entry.source)
                part.checked += 1
                found = self._heeded(entry.source, (finding,), part)
                self._keep(entry.source.file, found, part)
                if part.statistics is not None:
                    part.statistics.add_unread(entry.source.file, self._settings.judged(found))
            case Skipped():
                part.skipped_calls += 1
                part.unreadable += not entry.is_other
                part.without_body += entry.lacks_body
                if self._options.names_others:
                    source = entry.source
                    part.skipped_names.append(f"{source.file}:{source.first_line} {entry.what}")
            case Exchange():
                part.checked += 1
                self._judge_exchange(entry, part)

    def _judge_exchange(self, exchange: Exchange, part: Part) -> None:
        value = self._quick.passes(exchange) if self._quick else None
        if value is not None:
            self._heeded(exchange.source, (), part)
            part.files.setdefault(exchange.source.file, True)
            if part.statistics is not None:
                part.statistics.add(exchange, value, ())
        else:
            judgement = self._checker.judge(exchange)
            value = judgement.value
            findings = self._heeded(exchange.source, judgement.findings, part)
            self._keep(exchange.source.file, findings, part)
            if part.statistics is not None:
                part.statistics.add(exchange, value, self._settings.judged(findings))
        if value and exchange.response.status is not None:
            part.traces.append(self._watched().trace(exchange, value))

    def _heeded(
        self, source: Source, findings: Iterable[Finding], part: Part
    ) -> tuple[Finding, ...]:
        """The findings that no comment beside the exchange wants ignored."""
        if not source.comments:
            return tuple(findings)
        from docpact.settings.suppressions import apply_comments

        left = apply_comments(findings, source.comments, source.file, self._settings)
        part.ignored += left.ignored
        part.add_unused(left.unused)
        return tuple(left.findings)

    def _watched(self) -> "Watch":
        if self._watch is None:
            from docpact.check.history import Watch

            self._watch = Watch.of(self._checker.contract)
        return self._watch

    def _keep(self, file: str, findings: tuple[Finding, ...], part: Part) -> None:
        is_clean = True
        for finding in self._settings.judged(findings):
            part.add(finding)
            is_clean = is_clean and finding.severity not in self._settings.reported
        part.files[file] = part.files.get(file, True) and is_clean


def _lines_of(chunk: Chunk) -> Iterator[tuple[int, bytes | None, int]]:
    """The lines that begin within a chunk, numbered from its start, with where they end."""
    end = chunk.end or 0
    with chunk.file.open() as stream:
        position = chunk.start
        if chunk.start:  # a line that begins before belongs to the chunk before
            stream.seek(chunk.start - 1)
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                continue
            position = stream.tell()
        if position >= end:
            return
        for number, line in numbered_lines(stream):
            position = stream.tell() if line is None else position + len(line)
            yield number, line, position
            if position >= end:
                return


def _entry_of(line: bytes | None, source: Source, form: LogForm) -> Entry:
    if line is None:
        return Damage(source, "the line is longer than any answer and was not judged")
    return line_entry(line.rstrip(b"\r\n"), source, form)
