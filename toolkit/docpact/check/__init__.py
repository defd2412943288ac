"""Judge exchanges against a contract."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Literal, TypeVar

from msgspec.structs import replace

from docpact.check.collector import Collector
from docpact.check.decode import Body, Place, decoded, is_html, media_of
from docpact.check.echo import check_echo
from docpact.check.engines import Engine
from docpact.check.envelope import Envelope, check_root, kind_of_answer, opened
from docpact.check.expectation import check_expectation
from docpact.check.history import Session, check_parity
from docpact.check.http import (
    charset_of,
    check_content_type,
    check_format,
    check_outcome,
    check_transfer,
    has_no_body,
    is_unknown_failure,
)
from docpact.check.json_body import read_json
from docpact.check.semantics import check_items, check_masks, check_semantics
from docpact.check.structure import check_structure, check_top
from docpact.contract import Answer, Contract, Field, Media, Schemas
from docpact.contract.path_template import PathTemplate
from docpact.core.errors import BrokenContract
from docpact.core.exchange import MAX_BODY, Exchange, Response, Source
from docpact.core.finding import Finding, Location
from docpact.core.span import Origin
from docpact.core.violation import (
    Value,
    ValuePath,
    Violation,
    documented,
    dotted,
    pointer,
    scalar,
    shown,
    unmarked,
)
from docpact.rules import RULES, Family

__all__ = ["Checker", "EngineName", "Session"]

EngineName = Literal["fast", "reference"]
T = TypeVar("T")

_OF_TEXTS = frozenset({Family.BODY, Family.JSON, Family.XML})
_CONTRADICTIONS = frozenset({"error-under-success", "success-under-error"})


class Checker:
    """Judges one exchange after the other; its validators are built once.

    The checks themselves are pure: they read no files and never stop at the first problem.
    """

    def __init__(
        self,
        contract: Contract,
        schemas: Schemas,
        *,
        engine: EngineName = "fast",
        fragment: bool = False,
    ) -> None:
        self.contract = contract
        self.made_of = (contract, schemas, engine, fragment)  # for another one in another process
        self._engine = _engine(engine, contract, schemas)
        self._fragment = fragment
        self._constraints = {
            answer is contract.failure: contract.constraints_on(answer)
            for answer in (contract.success, contract.failure)
            if answer is not None
        }
        self._lists = {
            path: constraints
            for path, _ in contract.success.lists()
            if any(constraints := contract.constraints_within(contract.success, path))
        }

    def check(self, exchange: Exchange, session: Session | None = None) -> Iterator[Finding]:
        """Everything that is wrong with an exchange, each thing once, in the order of lines.

        A session remembers what must not come again in the exchanges after it.
        """
        judged = self._judged(exchange)
        if session is not None and judged.value and exchange.response.status is not None:
            judged.violations.extend(session.check(judged.value, _where(exchange)))
        yield from self._findings(judged, exchange)

    def check_pair(self, in_json: Exchange, in_xml: Exchange) -> Iterator[Finding]:
        """Every member in which two answers about one instance differ, one in each format.

        The findings stand in the XML answer. Nothing is compared where one of them is a failure or
        cannot be read, and no member that is wrong by itself.
        """
        success = self.contract.success
        first, second = self._judged(in_json), self._judged(in_xml)
        told = first.value and second.value and first.answer is second.answer is success
        if told and not first.is_unsure and not second.is_unsure:
            differing = check_parity(first.value, second.value, self.contract, success)
            broken = {each.path for one in (first, second) for each in one.violations if each.path}
            violations = [each for each in differing if not any(map(each.concerns, broken))]
            yield from self._findings(replaced(second, violations=violations), in_xml)

    def unanswered(self, exchange: Exchange, why: str) -> Finding:
        """The finding that a call got no answer at all."""
        violation = Violation("no-answer", f"the call got no answer: {why}")
        return self._finding(violation, exchange, _Judged([violation]), {})

    def diagnostic(self, violation: Violation, source: Source) -> Finding:
        """The finding for what no single answer shows, at the place of an answer."""
        judged = _Judged([violation], answer=self.contract.success)
        exchange = Exchange(Response(b""), replaced(source, is_embedded=True))
        return self._finding(violation, exchange, judged, {})

    def decoded(self, body: bytes) -> dict[str, Value]:
        """The members of a body by their documented names; empty if it cannot be read."""
        return self._judged(Exchange(Response(body), Source("body"))).value

    def _findings(self, judged: "_Judged", exchange: Exchange) -> Iterator[Finding]:
        paths = {path for violation in judged.violations for path in judged.places_for(violation)}
        places = judged.body.places_of(paths) if judged.body and paths else {}
        found = (
            self._finding(violation, exchange, judged, places) for violation in judged.violations
        )
        yield from sorted(found, key=_place_in_file)

    def _judged(self, exchange: Exchange) -> "_Judged":
        violations = list(check_transfer(exchange))
        body = self._body(exchange)
        if not isinstance(body, Body):
            unread = [body] if body else []
            return _Judged([*violations, *unread, *check_expectation(exchange)])
        answer = kind_of_answer(body, self.contract, ok=exchange.response.ok)
        envelope = opened(body, answer, self.contract)
        collector = Collector(violations)
        collector.extend(self._of_body(exchange, body, envelope))
        violations = list(collector)
        # Where status and body contradict each other, that is the problem and not what was asked.
        if _CONTRADICTIONS.isdisjoint(each.rule for each in violations):
            violations += check_expectation(exchange, envelope.value)
        return _Judged(violations, body, envelope.renamed, answer, envelope.value)

    def _body(self, exchange: Exchange) -> Body | Violation | None:
        """The body after parsing, or the one reason why there is none."""
        data = exchange.response.body
        unread = _unread(exchange)
        if unread or not data.strip():
            return unread
        text = decoded(data, charset_of(exchange.response))
        if media_of(data) is Media.XML:
            from docpact.check.xml_body import read_xml  # lxml is not needed for JSON

            return read_xml(text, self.contract, fragment=self._fragment)
        return read_json(text)

    def _of_body(self, exchange: Exchange, body: Body, envelope: Envelope) -> Iterator[Violation]:
        contract, response = self.contract, exchange.response
        yield from check_content_type(response, body)
        yield from body.violations
        if not body.readable or is_unknown_failure(response, body, contract):
            return
        if body.members is None:
            yield from check_top(body, envelope.answer)
            return
        yield from check_root(body, envelope.answer, contract)
        yield from check_outcome(response, envelope, contract)
        if envelope.answer is contract.success:
            yield from check_format(exchange, body, contract)
        yield from envelope.violations
        unjudged: set[str] = set()
        for each in check_structure(body, envelope, self._engine):
            unjudged.add(".".join(map(str, each.path)))
            yield each
        yield from check_masks(envelope.value)
        yield from self._of_meaning(exchange, envelope, unjudged)

    def _of_meaning(
        self, exchange: Exchange, envelope: Envelope, unjudged: Set[str]
    ) -> Iterator[Violation]:
        constraints = self._constraints[envelope.answer is self.contract.failure]
        yield from check_semantics(envelope.value, constraints, unjudged)
        if self._lists and envelope.answer is self.contract.success:
            yield from check_items(envelope.value, self._lists, unjudged)
        if exchange.request is not None and envelope.answer is self.contract.success:
            template = PathTemplate.parse(self.contract.operation.path)
            parameters = template.match(exchange.request.target)
            yield from check_echo(envelope.value, parameters or {}, self.contract, unjudged)

    def _finding(
        self,
        violation: Violation,
        exchange: Exchange,
        judged: "_Judged",
        places: Mapping[ValuePath, Place],
    ) -> Finding:
        rule = RULES[violation.rule]
        origin = violation.origin or self._origin_of(rule.id, judged.documented(violation.path))
        captured = judged.captured(violation.path)
        message, quoted = unmarked(violation.message)
        return Finding(
            rule=rule.id,
            severity=origin.severity,
            message=message,
            at=_location(violation, judged.places_for(violation), exchange, places),
            origin=origin,
            field=unmarked(dotted(violation.path))[0],
            pointer=pointer(captured),
            expected=_plain(violation.expected),
            actual=_plain(scalar(violation.actual)),
            quoted=quoted,
        )

    def _origin_of(self, rule_id: str, field: Field | None) -> Origin:
        """Where a rule rests: on its ruling, at the field's own row, else on the answer's table."""
        rule, ruling = RULES[rule_id], self.contract.ruling_on(rule_id)
        table = self.contract.success.origin.span
        origin = ruling.origin if ruling else Origin(table, rule.grade)
        if field is None or rule.family is not Family.FIELD:
            return origin
        return replace(origin, span=field.origin.span, quote=field.origin.quote)


def _engine(name: EngineName, contract: Contract, schemas: Schemas) -> Engine:
    # Each engine pulls in libraries that the other does not need.
    try:
        if name == "reference":
            from docpact.check.reference_engine import ReferenceEngine

            return ReferenceEngine(schemas, contract.failure)
        from docpact.check.fast_engine import FastEngine

        return FastEngine(schemas, contract.failure)
    except Exception as cause:  # each library has its own family of errors for a bad schema
        raise BrokenContract(
            f"the contract of {contract.page} has schemas that no validator takes: {cause}",
            hint="Compile the page again with `docpact compile PAGE`.",
        ) from cause


def _unread(exchange: Exchange) -> Violation | None:
    """Why a body is not read at all."""
    data = exchange.response.body
    if not data.strip():
        return None if has_no_body(exchange) else Violation("empty-body", "the answer has no body")
    if len(data) > MAX_BODY:
        message = f"the body is larger than {MAX_BODY // 2**20} MiB and was not judged"
        return Violation("body-limit", message, expected=MAX_BODY)
    if is_html(data):
        status = exchange.response.status
        under = f" with status {status}" if status is not None else ""
        return Violation("html-body", f"an HTML page came instead of an answer{under}", line=1)
    if media_of(data) is None:
        start = data[:60].decode("utf-8", "replace").strip()
        message = f"the body is neither JSON nor XML: {shown(start)}"
        return Violation("unknown-format", message, line=1, actual=start)
    return None


def _plain(value: T) -> T | str:
    return unmarked(value)[0] if isinstance(value, str) else value


def _where(exchange: Exchange) -> str:
    source = exchange.source
    return f"{source.file}, exchange {source.number}" if source.number > 1 else source.file


def _place_in_file(finding: Finding) -> tuple[int, int]:
    return finding.at.line or 0, finding.at.column or 0


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was noticed about an exchange, and how to find its places in the body."""

    violations: list[Violation]
    body: Body | None = None
    renamed: Mapping[ValuePath, ValuePath] | None = None
    answer: Answer | None = None
    value: dict[str, Value] = field(default_factory=dict)

    @property
    def is_unsure(self) -> bool:
        """Whether something is wrong with the text itself, so that its values may be, too."""
        about_all = (each for each in self.violations if not each.path and not each.more)
        return any(RULES[each.rule].family in _OF_TEXTS for each in about_all)

    def documented(self, path: ValuePath) -> Field | None:
        """The documented field at a path."""
        return self.answer.find(documented(path)) if self.answer else None

    def captured(self, path: ValuePath) -> ValuePath:
        """The path by the names that were captured, which a missing member has only above it."""
        renamed = self.renamed or {}
        for length in range(len(path), 0, -1):
            if path[:length] in renamed:
                return *renamed[path[:length]], *path[length:]
        return path

    def places_for(self, violation: Violation) -> list[ValuePath]:
        """Where to look for a violation: what is missing is told at what it is missing from."""
        if violation.line is not None:
            return []
        path = violation.path
        return [self.captured(path[:length]) for length in range(len(path), -1, -1)]


def _location(
    violation: Violation,
    paths: list[ValuePath],
    exchange: Exchange,
    places: Mapping[ValuePath, Place],
) -> Location:
    known = next((places[path] for path in paths if path in places), (None, None))
    line, column = (violation.line, violation.column) if violation.line is not None else known
    source = exchange.source
    if source.is_embedded:  # lines of the body are none of the file
        return Location(source.file, source.first_line, None, source.number)
    in_file = None if line is None else source.first_line + line - 1
    return Location(source.file, in_file, column, source.number)
