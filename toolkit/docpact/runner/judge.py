"""Judge what came of calls, and say each defect once, by its smallest example."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from urllib.parse import unquote

from docpact.check import Checker, Session
from docpact.exchange import Exchange
from docpact.finding import Finding
from docpact.rules import RULES
from docpact.settings import Settings
from docpact.span import Severity

Reproduce = Callable[[Exchange], str]
Defect = tuple[str, str, str]  # the rule, the field, and what the call was to show


@dataclass(slots=True)
class _Seen:
    finding: Finding
    size: int
    count: int = 1


@dataclass(slots=True)
class Judge:
    """Gathers the findings of a run; a defect that shows again is counted, not repeated."""

    checker: Checker
    settings: Settings
    reproduce: Reproduce
    session: Session = field(init=False)
    checked: int = 0
    _seen: dict[Defect, _Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = Session(self.checker.contract)

    def exchange(self, exchange: Exchange) -> list[tuple[Finding, bool]]:
        """What is wrong with one call, each with whether it is new."""
        self.checked += 1
        findings = self.checker.check(exchange, self.session)
        if _may_be_refused_before(exchange):
            findings = (each for each in findings if each.rule not in _PAGE_FOR_PEOPLE)
        return list(self._gathered(findings, exchange))

    def pair(self, in_json: Exchange, in_xml: Exchange) -> list[tuple[Finding, bool]]:
        """In what two answers about one instance differ."""
        return list(self._gathered(self.checker.check_pair(in_json, in_xml), in_xml))

    def unanswered(self, exchange: Exchange, why: str) -> list[tuple[Finding, bool]]:
        """That a call got no answer."""
        finding = self.checker.unanswered(exchange, why)
        return list(self._gathered(iter([finding]), exchange))

    def findings(self) -> tuple[Finding, ...]:
        """Every defect so far, in the order in which they were found."""
        return tuple(replaced(each.finding, count=each.count) for each in self._seen.values())

    def defects(self) -> frozenset[Defect]:
        """What makes each defect so far another one."""
        return frozenset(self._seen)

    def _gathered(
        self, findings: Iterator[Finding], exchange: Exchange
    ) -> Iterator[tuple[Finding, bool]]:
        for finding in folded(self.settings.judged(findings)):
            everywhere = (finding.rule, "", "")  # so many fields break it that it is one defect
            defect = everywhere if everywhere in self._seen else defect_of(finding, exchange)
            known = self._seen.get(defect)
            size = _size(exchange)
            if known is None:
                made = replaced(finding, reproduce=self.reproduce(exchange))
                self._seen[defect] = _Seen(made, size)
                yield made, True
                continue
            known.count += 1
            if size < known.size and finding.field == known.finding.field:
                known.finding = replaced(finding, reproduce=self.reproduce(exchange))
                known.size = size
            yield known.finding, False


def folded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of one answer, where a rule that many fields break is one of them."""
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        by_rule.setdefault(each.rule, []).append(each)
    for same in by_rule.values():
        if len(same) <= _MOST_APART:
            yield from same
            continue
        first = min(same, key=lambda each: list(Severity).index(each.severity))
        names = ", ".join(each.field for each in same[:_MOST_APART])
        message = f"{RULES[first.rule].title}, {len(same)} times here ({names}, …); {first.message}"
        yield replaced(first, message=message, field="", pointer="", expected=None, actual=None)


def defect_of(finding: Finding, exchange: Exchange) -> Defect:
    """What makes two findings one: the rule, the field, and where it tells, the kind of call."""
    told = exchange.expectation
    about = told.because if told and finding.rule in _ABOUT_CALLS else ""
    return finding.rule, finding.field, about


_MOST_APART = 3  # fields with the same defect that are told one by one
_ABOUT_CALLS = frozenset({"unexpected-success", "unexpected-failure", "signature-ignored"})


# What a web server says of a path by itself, in a page for people.
_PAGE_FOR_PEOPLE = frozenset({"html-body", "unknown-format", "empty-body"})
_REFUSALS = range(400, 500)


def _may_be_refused_before(exchange: Exchange) -> bool:
    """Whether a web server may have refused the path before the API came to see it.

    Servers put paths in order, so that one with an empty segment or dots is another path to them.
    """
    if exchange.request is None or exchange.response.status not in _REFUSALS:
        return False
    path = exchange.request.target.partition("?")[0]
    return not {"", ".", ".."}.isdisjoint(unquote(path).split("/")[1:])


def _size(exchange: Exchange) -> int:
    target = exchange.request.target if exchange.request else ""
    return 4 * len(target) + len(exchange.response.body)
