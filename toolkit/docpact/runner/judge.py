"""Judge what came of calls, and say each defect once, by its smallest example."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes

from docpact.check import Checker, Judgement, Session, compare_formats
from docpact.core.exchange import Exchange
from docpact.core.finding import Finding
from docpact.core.span import Severity
from docpact.generate.requests import Signing
from docpact.rules import RULES, Family, Rule
from docpact.settings import Settings

Reproduce = Callable[[Exchange, Signing], str]
Defect = tuple[str, str, str]  # the rule, the field, and what the call was to show


@dataclass(slots=True)
class _Seen:
    finding: Finding
    size: tuple[bool, int]
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

    def take(
        self, judgement: Judgement, signing: Signing = Signing.VALID
    ) -> list[tuple[Finding, bool]]:
        """What is wrong with one call, each with whether it is new."""
        self.checked += 1
        exchange = judgement.exchange
        findings: Iterable[Finding] = self.session.check(judgement).findings
        if is_refused_as_malformed(exchange):
            findings = (each for each in findings if not _is_about_form(RULES[each.rule]))
        return list(self._gathered(findings, exchange, signing))

    def pair(self, in_json: Judgement, in_xml: Judgement) -> list[tuple[Finding, bool]]:
        """In what two answers about one instance differ."""
        findings = compare_formats(in_json, in_xml)
        return list(self._gathered(findings, in_xml.exchange, before=in_json.exchange))

    def unanswered(self, exchange: Exchange, why: str) -> list[tuple[Finding, bool]]:
        """That a call got no answer."""
        finding = self.checker.unanswered(exchange, why)
        return list(self._gathered([finding], exchange))

    def _again(
        self, rule: str, exchange: Exchange, signing: Signing, before: Exchange | None
    ) -> str:
        """The commands that show a defect again: two where it takes two calls."""
        if before is None and rule in _TAKES_TWO:
            before = exchange
        earlier = self.reproduce(before, signing) if before else ""
        return "\n".join(filter(None, (earlier, self.reproduce(exchange, signing))))

    def findings(self) -> tuple[Finding, ...]:
        """Every defect so far, in the order in which they were found."""
        return tuple(replaced(each.finding, count=each.count) for each in self._seen.values())

    def defects(self) -> frozenset[Defect]:
        """What makes each defect so far another one."""
        return frozenset(self._seen)

    def _gathered(
        self,
        findings: Iterable[Finding],
        exchange: Exchange,
        signing: Signing = Signing.VALID,
        before: Exchange | None = None,
    ) -> Iterator[tuple[Finding, bool]]:
        for finding in folded(self.settings.judged(findings)):
            everywhere = (finding.rule, "", "")  # so many fields break it that it is one defect
            defect = everywhere if everywhere in self._seen else defect_of(finding, exchange)
            known = self._seen.get(defect)
            size = _size(exchange)
            if known is None:
                again = self._again(finding.rule, exchange, signing, before)
                made = replaced(finding, reproduce=again)
                self._seen[defect] = _Seen(made, size)
                yield made, True
                continue
            known.count += 1
            if size < known.size and finding.field == known.finding.field:
                again = self._again(finding.rule, exchange, signing, before)
                known.finding = replaced(finding, reproduce=again)
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
    if told is None or finding.rule not in _ABOUT_CALLS:
        return finding.rule, finding.field, ""
    # However a value is spoilt, a server that takes it has one defect: it does not look at it.
    about = f"{told.outcome} {told.parameter}" if told.parameter else told.because
    return finding.rule, finding.field, about


_TAKES_TWO = frozenset({"repeated-value"})
_MOST_APART = 3  # fields with the same defect that are told one by one
_ABOUT_CALLS = frozenset({"unexpected-success", "unexpected-failure", "signature-ignored"})


_REFUSALS: Final = range(400, 500)
_TOO_LONG: Final = frozenset({414, 431})  # the target, the headers: no API sees such a request
_LONGEST_NAME: Final = 255  # bytes; file systems and web servers take no more
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORMS: Final = frozenset({Family.BODY, Family.JSON, Family.XML, Family.FIELD})
_FORM_RULES: Final = frozenset({"wrong-content-type", "missing-content-type"})


def is_refused_as_malformed(exchange: Exchange) -> bool:
    """Whether the request is such that a web server may have refused it before the API saw it.

    The page says nothing of such requests, so it does not say what their refusal looks like.
    """
    if exchange.request is None or exchange.response.status not in _REFUSALS:
        return False
    if exchange.response.status in _TOO_LONG:
        return True
    return is_malformed(exchange.request.target.partition("?")[0])


def is_malformed(path: str) -> bool:
    """Whether a path is none to some web servers, or another one when it is put in order."""
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeError:
        return True
    segments = decoded.split("/")[1:]
    return (
        not {"", ".", ".."}.isdisjoint(segments)
        or "%2f" in path.lower()
        or any(len(each.encode()) > _LONGEST_NAME for each in segments)
        or _BAD_ESCAPE.search(path) is not None
        or _CONTROL.search(decoded) is not None
    )


def _is_about_form(rule: Rule) -> bool:
    """Whether a rule looks at how an answer is written, and not at what came of the call."""
    return rule.family in _FORMS or rule.id in _FORM_RULES


def _size(exchange: Exchange) -> tuple[bool, int]:
    """How hard an example is to read and to repeat: oddly written paths come last."""
    target = exchange.request.target if exchange.request else ""
    path = target.partition("?")[0]
    told = exchange.expectation
    is_about_signature = told is not None and told.about == "signature"
    is_odd = (
        is_about_signature
        or is_malformed(path)
        or any(
            each != quote(unquote(each, errors="replace"), safe="", errors="replace")
            for each in path.split("/")
        )
    )
    return is_odd, 4 * len(target) + len(exchange.response.body)
