"""By what answers are judged in a pytest run: the contract, the settings, a team's own rules."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from docpact.check import Checker, Judgement
from docpact.contract import Contract, Schemas, load, load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Request
from docpact.response_adapters import exchange_of
from docpact.settings import Selector, Settings, find_settings, refuse_unknown_fields
from docpact.testing.failure_message import ContractBroken, Findings
from docpact.testing.options import said
from docpact.testing.own_rules import OwnRule, complaints


class TeamChecker(Checker):
    """Judges by the contract, and by the rules that a team added."""

    own_rules: tuple[OwnRule, ...] = ()

    def judge(self, exchange: Exchange) -> Judgement:
        """What an exchange says, and what is wrong with it; what the contract says comes first."""
        judgement = super().judge(exchange)
        if not self.own_rules:
            return judgement
        own = complaints(self.own_rules, judgement.value, exchange)
        return replace(judgement, findings=(*judgement.findings, *own))


@dataclass(frozen=True, slots=True)
class Judging:
    """The contract, its validators, and what the team decided."""

    contract: Contract
    schemas: Schemas
    settings: Settings
    checker: Checker

    def findings(self, exchange: Exchange) -> Findings:
        """What is wrong with an answer and counts here."""
        return Findings(self.settings.judged(self.checker.check(exchange)), exchange)

    def failing(self, findings: Findings) -> Findings:
        """Those that fail a test."""
        kept = (each for each in findings if each.severity in self.settings.failing)
        return Findings(kept, findings.exchange)


_KEY = pytest.StashKey[Judging]()


def judging_for(config: pytest.Config) -> Judging:
    """How this run judges, built once.

    Raises WrongConfiguration if the settings say what they cannot, DocpactError if the contract
    that they name cannot be read.
    """
    if _KEY not in config.stash:
        config.stash[_KEY] = _judging(config)
    return config.stash[_KEY]


def _judging(config: pytest.Config) -> Judging:
    settings = _settings(config)
    contract, schemas = _contract(settings.contract)
    answers = (contract.success, contract.failure)
    refuse_unknown_fields(
        settings, {".".join(path) for each in answers if each for path, _ in each.walk()}
    )
    checker = TeamChecker(contract, schemas, engine=settings.engine, fragment=settings.fragment)
    checker.own_rules = tuple(
        rule for rules in config.hook.pytest_docpact_rules() for rule in rules
    )
    return Judging(contract, schemas, settings, checker)


def _settings(config: pytest.Config) -> Settings:
    found = find_settings(config.rootpath, *said(config))
    ignored = [
        *(config.getoption("docpact_ignore") or ()),
        *config.getini("docpact_ignore"),
    ]
    return replace(
        found,
        strict=found.strict or _flag(config, "strict"),
        pedantic=found.pedantic or _flag(config, "pedantic"),
        ignore=(*found.ignore, *map(Selector.parse, ignored)),
    )


def _flag(config: pytest.Config, name: str) -> bool:
    return bool(config.getoption(f"docpact_{name}") or config.getini(f"docpact_{name}"))


def _contract(path: str) -> tuple[Contract, Schemas]:
    if not path:
        return load_bundled(), load_bundled_schemas()
    from docpact import emit

    contract = load(Path(path))
    return contract, emit.schemas(contract)


@dataclass(frozen=True, slots=True, repr=False)
class Conformity:
    """Asserts that answers keep the contract, whatever client brought them."""

    judging: Judging

    def __repr__(self) -> str:
        return f"<assert_conforms by {self.judging.contract.page}>"

    def __call__(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> None:
        """Fail the test if the answer breaks the contract.

        `request` says what was asked for, as in "project1/job1/123", where the answer does not
        know. Raises ContractBroken, an AssertionError with `findings`.
        """
        __tracebackhide__ = True
        found = self.findings(answer, request=request, status=status)
        failing = self.judging.failing(found)
        if failing:
            raise ContractBroken(failing)

    def findings(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> Findings:
        """Everything that is wrong with an answer, warnings and notes too."""
        exchange = exchange_of(answer, self.judging.contract, request=request, status=status)
        return self.judging.findings(exchange)
