"""How findings are judged: what is ignored, what is regraded, what fails a run."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from os import PathLike, fspath
from typing import Final, Literal, Self

from docpact.core.errors import WrongConfiguration
from docpact.core.finding import Finding
from docpact.core.span import Severity
from docpact.core.text import did_you_mean
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
            raise WrongConfiguration(f"unknown rule {rule!r}{did_you_mean(rule, RULES)}", hint=hint)
        return cls(rule, field)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is of this rule, and about this field if one is named."""
        return finding.rule == self.rule and self.field in {"", finding.field}


@dataclass(frozen=True, slots=True)
class Settings:
    """How findings are judged; the defaults are docpact's own.

    Values of TOML are taken as well: rules as texts, severities as a table of them. Raises
    WrongConfiguration for a value that cannot be.
    """

    strict: bool = False  # warnings fail a run too
    pedantic: bool = False  # notes as well
    ignore: tuple[Selector, ...] = ()
    severity: tuple[tuple[Selector, Severity], ...] = ()
    engine: Literal["fast", "reference"] = "fast"
    fragment: bool = False  # accept XML cut to several roots
    contract: str = ""  # path of a compiled contract; empty for the one that ships

    def __post_init__(self) -> None:
        for each in fields(self):
            object.__setattr__(
                self, each.name, _READ[each.name](each.name, getattr(self, each.name))
            )

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """Every selector of the settings."""
        return (*self.ignore, *(selector for selector, _ in self.severity))

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
    def reported(self) -> frozenset[Severity]:
        """The severities that make a capture not clean, so that it is reported with findings."""
        return self.failing | {Severity.WARNING}

    def ignores(self, finding: Finding) -> bool:
        """Whether a finding does not count here."""
        return any(each.covers(finding) for each in self.ignore)

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
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


def _refusal(name: str, value: object, expected: str) -> WrongConfiguration:
    return WrongConfiguration(f"{name} is {value!r}; expected {expected}")


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _refusal(name, value, "true or false")
    return value


def _engine(name: str, value: object) -> str:
    if value not in ("fast", "reference"):  # a list cannot be looked up in a set
        raise _refusal(name, value, "one of fast, reference")
    return str(value)


def _contract(name: str, value: object) -> str:
    if not isinstance(value, str | PathLike):
        raise _refusal(name, value, "the path of a compiled contract")
    return fspath(value)


def _selectors(name: str, value: object) -> tuple[Selector, ...]:
    if not isinstance(value, tuple | list):
        raise _refusal(name, value, 'a list of rules, as in ["wrong-type"]')
    return tuple(_selector(name, each) for each in value)


def _selector(name: str, value: object) -> Selector:
    if isinstance(value, Selector):
        value = f"{value.rule}:{value.field}" if value.field else value.rule
    if not isinstance(value, str):
        raise _refusal(name, value, 'a rule, as in "wrong-type"')
    return Selector.parse(value)


def _severities(name: str, value: object) -> tuple[tuple[Selector, Severity], ...]:
    pairs = value.items() if isinstance(value, Mapping) else value
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        raise _refusal(name, value, 'a table of rules, as in {wrong-type = "note"}')
    found = {}
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:  # noqa: PLR2004  # a rule and a severity
            raise _refusal(name, pair, "a rule with its severity")
        rule, severity = pair
        if severity not in tuple(Severity):
            hint = "`ignore` switches a rule off."
            message = f"{name} of {rule} is {severity!r}; expected one of {', '.join(Severity)}"
            raise WrongConfiguration(message, hint=hint)
        found[_selector(name, rule)] = Severity(severity)
    return tuple(found.items())


# How each setting is read, from Python and from TOML alike.
_READ: Final[Mapping[str, Callable[[str, object], object]]] = {
    "strict": _flag,
    "pedantic": _flag,
    "ignore": _selectors,
    "severity": _severities,
    "engine": _engine,
    "fragment": _flag,
    "contract": _contract,
}


def refuse_unknown_fields(settings: Settings, known: Collection[str]) -> None:
    """Refuse selectors of fields that the contract does not have.

    Undocumented fields may be named all the same. Raises WrongConfiguration.
    """
    for each in settings.selectors:
        if each.field and each.field not in known and each.rule != "undocumented-field":
            message = f"unknown field {each.field!r}{did_you_mean(each.field, known)}"
            raise WrongConfiguration(message, hint="Fields are written as in Instance.EndTime.")
