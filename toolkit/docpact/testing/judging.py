"""How a pytest run judges answers: by the contract, the settings, and a team's own rules.

Failure messages say what was expected, what was received, and which line of the page says so.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final

import pytest

from docpact.check import Checker, Judgement
from docpact.core.exchange import Exchange, Request
from docpact.core.finding import Finding, Location, Report
from docpact.core.span import Grade, Origin, Span
from docpact.core.text import printable
from docpact.report.terminal import block, totals
from docpact.response_adapters import exchange_of
from docpact.settings import Selector, Settings, find_settings
from docpact.testing.options import flag_of, overrides
from docpact.validator import Validator

_MOST_FINDINGS: Final = 10  # in a failure message
_LONGEST_LINE: Final = 160  # characters
_MOST_OF_OWN_RULE: Final = 3  # findings of one own rule about one answer

Members = Mapping[str, object]  # of the answer, decoded, by their documented names
OwnRule = Callable[[Members, Exchange], Iterator[str]]


# --- Judge ----------------------------------------------------------------------------------------


class Findings(tuple[Finding, ...]):  # noqa: SLOT001  # a tuple cannot have slots of its own
    """The findings of one answer; equal to () if it keeps the contract."""

    exchange: Exchange

    def __new__(cls, findings: Iterable[Finding], exchange: Exchange) -> "Findings":
        """The findings and the exchange that they are about."""
        created = super().__new__(cls, findings)
        created.exchange = exchange
        return created


class TeamChecker(Checker):
    """Judges by the contract, and by the rules that a team added."""

    own_rules: tuple[OwnRule, ...] = ()

    def judge(self, exchange: Exchange) -> Judgement:
        """What an exchange says, and what is wrong with it; what the contract says comes first."""
        judgement = super().judge(exchange)
        if not self.own_rules:
            return judgement
        own = own_findings(self.own_rules, judgement.value, exchange)
        return replace(judgement, findings=(*judgement.findings, *own))


class TeamValidator(Validator):
    """Judges answers by the settings and the own rules of a pytest run."""

    def __init__(self, settings: Settings, own_rules: tuple[OwnRule, ...] = ()) -> None:
        super().__init__(settings=settings)
        self._own_rules = own_rules

    @cached_property
    def checker(self) -> Checker:
        """Judges by the contract and the own rules."""
        settings = self.settings
        checker = TeamChecker(
            self.contract, self.schemas, engine=settings.engine, fragment=settings.fragment
        )
        checker.own_rules = self._own_rules
        return checker

    def findings(
        self, answer: object, *, request: Request | str | None = None, status: int | None = None
    ) -> Findings:
        """Everything that is wrong with an answer, as far as the settings keep it."""
        exchange = exchange_of(answer, self.contract, request=request, status=status)
        return Findings(super().findings(exchange), exchange)

    def failing(self, findings: Findings) -> Findings:
        """The findings that fail a test."""
        kept = (each for each in findings if each.severity in self.settings.failing)
        return Findings(kept, findings.exchange)


_KEY = pytest.StashKey[TeamValidator]()


def validator_for(config: pytest.Config) -> TeamValidator:
    """The validator of this run, built once.

    Raises WrongConfiguration if a setting is wrong, DocpactError if the contract that the settings
    name cannot be read.
    """
    if _KEY not in config.stash:
        rules = tuple(rule for rules in config.hook.pytest_docpact_rules() for rule in rules)
        config.stash[_KEY] = TeamValidator(_settings(config), rules)
    return config.stash[_KEY]


def _settings(config: pytest.Config) -> Settings:
    found = find_settings(config.rootpath, *overrides(config))
    ignored = [*(config.getoption("docpact_ignore") or ()), *config.getini("docpact_ignore")]
    return replace(
        found,
        strict=found.strict or flag_of(config, "strict"),
        pedantic=found.pedantic or flag_of(config, "pedantic"),
        ignore=(*found.ignore, *map(Selector.parse, ignored)),
    )


@dataclass(frozen=True, slots=True, repr=False)
class Conformity:
    """Asserts that answers keep the contract, whatever client received them."""

    validator: TeamValidator

    def __repr__(self) -> str:
        return f"<assert_conforms by {self.validator.contract.page}>"

    def __call__(
        self, answer: object, *, request: Request | str | None = None, status: int | None = None
    ) -> None:
        """Fail the test if the answer breaks the contract.

        `request` says what was requested, as in "project1/job1/123", if the answer does not know.
        Raises ContractBroken, an AssertionError with `findings`.
        """
        __tracebackhide__ = True
        failing = self.validator.failing(self.findings(answer, request=request, status=status))
        if failing:
            raise ContractBroken(failing)

    def findings(
        self, answer: object, *, request: Request | str | None = None, status: int | None = None
    ) -> Findings:
        """Everything that is wrong with an answer, warnings and notes too."""
        return self.validator.findings(answer, request=request, status=status)


# --- A team's own rules ---------------------------------------------------------------------------


def own_findings(
    rules: Sequence[OwnRule], members: Members, exchange: Exchange
) -> Iterator[Finding]:
    """What own rules find wrong with an answer; nothing if the answer cannot be read."""
    if not members:
        return
    source = exchange.source
    for rule in rules:
        name, origin = _rule_name(rule), _rule_origin(rule)
        for text in islice(rule(members, exchange), _MOST_OF_OWN_RULE):
            yield Finding(
                rule=name,
                severity=origin.severity,
                message=text,
                at=Location(source.file, None, None, source.number),
                origin=origin,
            )


def _rule_name(rule: OwnRule) -> str:
    return getattr(rule, "__name__", "own-rule").replace("_", "-")


def _rule_origin(rule: OwnRule) -> Origin:
    """Where a rule is written, and what its docstring says."""
    code = inspect.unwrap(rule).__code__ if inspect.isfunction(rule) else None
    file = code.co_filename.replace("\\", "/").rpartition("/")[2] if code else "an own rule"
    line = code.co_firstlineno if code else 1
    quote = (inspect.getdoc(rule) or "").partition("\n")[0]
    return Origin(Span(file, line, line), Grade.STATED, quote, ruling=_rule_name(rule))


# --- Failure messages -----------------------------------------------------------------------------


class ContractBroken(AssertionError):
    """An answer breaks the contract."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(failure_message(findings))
        self.findings = findings


def comparison(op: str, left: object, right: object) -> list[str] | None:
    """The lines that pytest shows if a test compares findings with what it expects."""
    if op != "==":
        return None
    found = next((each for each in (left, right) if isinstance(each, Findings)), None)
    return None if found is None else failure_message(found).splitlines()


def failure_message(findings: Findings) -> str:
    """All that is wrong with one answer."""
    counts = totals(Report(tuple(findings), 1).summary).partition(": ")[2]
    blocks = (_with_excerpt(each, findings.exchange) for each in findings)
    return message_of(f"the answer breaks the contract: {counts}", blocks)


def message_of(head: str, blocks: Iterable[str]) -> str:
    """The head and the first findings, with empty lines between them."""
    every = list(blocks)
    hidden = len(every) - _MOST_FINDINGS
    more = [f"and {hidden} more"] if hidden > 0 else []
    return "\n\n".join([head, *every[:_MOST_FINDINGS], *more])


def _with_excerpt(finding: Finding, exchange: Exchange) -> str:
    first, *rest = block(finding).splitlines()
    return "\n".join([first, *_excerpt(finding, exchange), *rest])


def _excerpt(finding: Finding, exchange: Exchange) -> Iterator[str]:
    """What was expected as a removed line, and what was received as an added one, as in a diff."""
    if finding.expected is not None:
        expected = finding.expected
        text = ", ".join(expected) if isinstance(expected, tuple) else str(expected)
        yield f"  - {printable(text)[:_LONGEST_LINE]}"
    if finding.at.line is None:
        return
    lines = exchange.response.body.splitlines()
    index = finding.at.line - exchange.source.first_line
    if 0 <= index < len(lines) and finding.pointer:
        received = lines[index].decode("utf-8", "replace").strip()
        start = max(0, (finding.at.column or 1) - 1 - _LONGEST_LINE // 2)
        yield f"  + {printable(received[start : start + _LONGEST_LINE])}"
