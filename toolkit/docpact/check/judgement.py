"""What was found out about one exchange: its decoded value and its findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from msgspec.structs import replace as with_fields

from docpact.check.decode import Body, Position
from docpact.check.rules import RULES_BY_ID
from docpact.contract import Answer, Contract, Field
from docpact.core.exchange import Exchange
from docpact.core.finding import Finding, Location
from docpact.core.span import Origin
from docpact.core.violation import (
    Family,
    Value,
    ValuePath,
    Violation,
    documented,
    dotted,
    pointer,
    scalar,
    unmarked,
)

T = TypeVar("T")

_OF_TEXTS = frozenset({Family.BODY, Family.JSON, Family.XML})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one exchange says, and everything that is wrong with it."""

    exchange: Exchange
    contract: Contract = field(repr=False)
    answer: Answer | None = None  # the contract's success or failure; none without a readable body
    value: dict[str, Value] = field(default_factory=dict)  # by documented names; may be empty
    findings: tuple[Finding, ...] = ()  # each thing once, in the order of lines
    violations: tuple[Violation, ...] = field(default=(), repr=False)  # the same, before placing
    body: Body | None = field(default=None, repr=False)
    renamed: Mapping[ValuePath, ValuePath] = field(default_factory=dict, repr=False)

    @property
    def is_failure(self) -> bool:
        """Whether the body is that of a failure, whatever the status says."""
        return self.answer is not None and self.answer is self.contract.failure

    @property
    def is_unsure(self) -> bool:
        """Whether something is wrong with the text itself, so that its values may be, too."""
        about_all = (each for each in self.violations if not each.path and not each.more)
        return any(RULES_BY_ID[each.rule].family in _OF_TEXTS for each in about_all)

    def also(self, violations: Iterable[Violation]) -> "Judgement":
        """The judgement with more violations, and a finding for each."""
        new = tuple(violations)
        if not new:
            return self
        paths = {path for violation in new for path in self._candidates(violation)}
        positions = self.body.positions_of(paths) if self.body and paths else {}
        found = (*self.findings, *(self._finding(each, positions) for each in new))
        ordered = sorted(found, key=lambda each: (each.at.line or 0, each.at.column or 0))
        return replace(self, findings=tuple(ordered), violations=(*self.violations, *new))

    def _finding(self, violation: Violation, positions: Mapping[ValuePath, Position]) -> Finding:
        origin = violation.origin or self._origin_of(violation)
        message, quoted = unmarked(violation.message)
        return Finding(
            rule=violation.rule,
            severity=origin.severity,
            message=message,
            at=self._location(violation, positions),
            origin=origin,
            field=unmarked(dotted(violation.path))[0],
            pointer=pointer(self._captured(violation.path)),
            expected=_plain(violation.expected),
            actual=_plain(scalar(violation.actual)),
            quoted=quoted,
        )

    def _origin_of(self, violation: Violation) -> Origin:
        """Where a rule rests: on its ruling, at the field's own row, else on the answer's table."""
        rule, ruling = RULES_BY_ID[violation.rule], self.contract.ruling_on(violation.rule)
        table = self.contract.success.origin.span
        origin = ruling.origin if ruling else Origin(table, rule.grade)
        field = self._documented(violation.path)
        if field is None or rule.family is not Family.FIELD:
            return origin
        return with_fields(origin, span=field.origin.span, quote=field.origin.quote)

    def _documented(self, path: ValuePath) -> Field | None:
        return self.answer.find(documented(path)) if self.answer else None

    def _captured(self, path: ValuePath) -> ValuePath:
        """The path by the names that were captured, which a missing member has only above it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.renamed:
                return *self.renamed[path[:length]], *path[length:]
        return path

    def _candidates(self, violation: Violation) -> list[ValuePath]:
        """Where to look for a violation: what is missing is reported at what should hold it."""
        if violation.line is not None:
            return []
        path = violation.path
        return [self._captured(path[:length]) for length in range(len(path), -1, -1)]

    def _location(self, violation: Violation, positions: Mapping[ValuePath, Position]) -> Location:
        line, column = violation.line, violation.column
        if line is None:
            paths = self._candidates(violation)
            line, column = next(
                (positions[each] for each in paths if each in positions), (None, None)
            )
        source = self.exchange.source
        if source.is_embedded:  # lines of the body are not those of the file
            return Location(source.file, source.first_line, None, source.number)
        in_file = None if line is None else source.first_line + line - 1
        return Location(source.file, in_file, column, source.number)


def _plain(value: T) -> T | str:
    return unmarked(value)[0] if isinstance(value, str) else value
