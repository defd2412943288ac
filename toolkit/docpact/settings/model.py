"""How findings are judged: what is ignored, what is regraded, what fails a run."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from os import PathLike
from typing import Final, Literal, Self

from docpact.core.errors import WrongConfiguration
from docpact.core.finding import Finding
from docpact.core.span import Severity
from docpact.rules import RULES


@dataclass(frozen=True, slots=True)
class Selector:
    """A rule, for all fields or for one: "wrong-type" or "wrong-type:Instance.EndTime"."""

    rule: str
    field: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a selector.

        Raises WrongConfiguration if there is no such rule.
        """
        rule, _, field = text.partition(":")
        if rule not in RULES:
            hint = "`docpact explain` lists all rules."
            raise WrongConfiguration(f"there is no rule {rule!r}{guess(rule, RULES)}", hint=hint)
        return cls(rule, field)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is meant."""
        return finding.rule == self.rule and self.field in {"", finding.field}


def guess(name: str, known: Collection[str]) -> str:
    """The name that was meant, for the end of a message; nothing if none is like it."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


_ENGINES: Final = ("fast", "reference")


def refuse_unmeant(settings: "Settings") -> None:
    """Raise WrongConfiguration for values that Settings hold though their types forbid them."""
    if settings.engine not in _ENGINES:
        raise WrongConfiguration(
            f"engine is {settings.engine!r}; it is one of {', '.join(_ENGINES)}"
        )
    for name in ("strict", "pedantic", "fragment"):
        value = getattr(settings, name)
        if not isinstance(value, bool):
            raise WrongConfiguration(f"{name} is {value!r}; it is True or False")
    contract: object = settings.contract
    if not isinstance(contract, str | PathLike):
        raise WrongConfiguration(f"contract is {contract!r}; it is the path of a file")
    for each in _listed("ignore", settings.ignore):
        _refuse_no_selector("ignore", each)
    for pair in _listed("severity", settings.severity):
        if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[1], Severity):  # noqa: PLR2004
            message = f"severity has {pair!r}, which is no pair of a Selector and a Severity"
            raise WrongConfiguration(message)
        _refuse_no_selector("severity", pair[0])


def _listed(name: str, value: object) -> tuple[object, ...]:
    if not isinstance(value, tuple | list):
        raise WrongConfiguration(f"{name} is {value!r}; it is a tuple")
    return tuple(value)


def _refuse_no_selector(name: str, value: object) -> None:
    if not isinstance(value, Selector):
        hint = "Validator(ignore=[...]) takes texts." if name == "ignore" else ""
        message = f"{name} has {value!r}, which is no Selector; Selector.parse reads one"
        raise WrongConfiguration(message, hint=hint)
    Selector.parse(value.rule)


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
    def collector(self) -> frozenset[Severity]:
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
