"""Judge everything that was captured and gather what was found."""

from collections.abc import Iterable

from docpact.capture import CapturedFile, exchange_in
from docpact.check import Checker, Session
from docpact.exchange import Request
from docpact.finding import Finding, Report
from docpact.settings import Settings


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
    findings: list[Finding] = []
    clean: list[str] = []
    problems: list[str] = []
    checked = skipped = 0
    complete = True
    session = Session(checker.contract)
    try:
        for file in files:
            if file.problem:
                problems.append(f"{file.name} cannot be read: {file.problem}")
                continue
            if not file.is_capture:
                skipped += 1
                continue
            exchange = exchange_in(file, status=status, request=request)
            found = tuple(settings.judged(checker.check(exchange, session)))
            checked += 1
            findings += found
            if not any(each.severity in settings.telling for each in found):
                clean.append(file.name)
    except KeyboardInterrupt:
        complete = False
    return Report(tuple(findings), checked, skipped, tuple(clean), tuple(problems), complete)
