"""What a run tells: how far it is, and what came of it."""

from dataclasses import dataclass

from docpact.finding import Finding, Report
from docpact.har import Call
from docpact.runner.exercised import Exercised


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    sent: int
    seconds: float
    about: str
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    report: Report
    calls: list[Call]
    exercised: Exercised
    remarks: list[str]
    sent: int
    seconds: float
