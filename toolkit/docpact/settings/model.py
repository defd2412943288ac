"""How findings are judged: what is ignored, what is regraded, what fails a run."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from docpact.errors import WrongConfiguration
from docpact.finding import Finding
from docpact.settings.selector import Selector, guess
from docpact.span import Severity


@dataclass(frozen=True, slots=True)
class Settings:
    """How findings are judged; the defaults are docpact's own."""

    strict: bool = False  # warnings fail a run too
    pedantic: bool = False  # notes as well
    ignore: tuple[Selector, ...] = ()
    severity: tuple[tuple[Selector, Severity], ...] = ()
    engine: Literal["fast", "reference"] = "fast"
    fragment: bool = False
    contract: str = ""  # path of a compiled contract; empty for the one that ships

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that fail a run."""
        failing = {Severity.ERROR}
        if self.strict or self.pedantic:
            failing.add(Severity.WARNING)
        if self.pedantic:
            failing.add(Severity.NOTE)
        return frozenset(failing)

    @property
    def telling(self) -> frozenset[Severity]:
        """The severities of findings that are told one by one."""
        return self.failing | {Severity.WARNING}

    def ignores(self, finding: Finding) -> bool:
        """Whether a finding does not count here."""
        return any(each.covers(finding) for each in self.ignore)

    def judged(self, findings: Iterator[Finding]) -> Iterator[Finding]:
        """The findings that count, each with the severity it has here."""
        for finding in findings:
            if not self.ignores(finding):
                yield self._regraded(finding)

    def _regraded(self, finding: Finding) -> Finding:
        chosen = [(each, severity) for each, severity in self.severity if each.covers(finding)]
        if not chosen:
            return finding
        # A selector with a field says more than one without.
        _, severity = max(chosen, key=lambda pair: bool(pair[0].field))
        return replace(finding, severity=severity)


def refuse_unknown_fields(settings: Settings, known: Collection[str]) -> None:
    """Refuse selectors of fields that the contract has not.

    Undocumented fields may be named all the same. Raises WrongConfiguration.
    """
    for each in (*settings.ignore, *(selector for selector, _ in settings.severity)):
        if each.field and each.field not in known and each.rule != "undocumented-field":
            message = f"the page has no field {each.field!r}{guess(each.field, known)}"
            raise WrongConfiguration(message, hint="Fields are written as in Instance.EndTime.")
