"""Judge exchanges against a contract."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Literal, TypeVar

from msgspec.structs import replace

from docpact.check.body import Body, Place
from docpact.check.breach import (
    Breach,
    Value,
    ValuePath,
    documented,
    dotted,
    pointer,
    scalar,
    shown,
    unmarked,
)
from docpact.check.echo import check_echo, parameters_of
from docpact.check.encoding import decoded
from docpact.check.engine import Engine
from docpact.check.envelope import Envelope, check_root, kind_of_answer, opened
from docpact.check.expectation import check_expectation
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
from docpact.check.session import Session, check_parity
from docpact.check.sniff import is_html, media_of
from docpact.check.structure import check_structure, check_top
from docpact.check.telling import Telling
from docpact.contract import Answer, Contract, Field, Media, Schemas
from docpact.errors import BrokenContract
from docpact.exchange import MAX_BODY, Exchange, Response, Source
from docpact.finding import Finding, Location
from docpact.rules import RULES, Family
from docpact.span import Origin

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
            judged.breaches.extend(session.check(judged.value, _where(exchange)))
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
            broken = {each.path for one in (first, second) for each in one.breaches if each.path}
            breaches = [each for each in differing if not any(map(each.concerns, broken))]
            yield from self._findings(replaced(second, breaches=breaches), in_xml)

    def unanswered(self, exchange: Exchange, why: str) -> Finding:
        """The finding that a call got no answer at all."""
        breach = Breach("no-answer", f"the call got no answer: {why}")
        return self._finding(breach, exchange, _Judged([breach]), {})

    def remark(self, breach: Breach, source: Source) -> Finding:
        """The finding for what no single answer shows, at the place of an answer."""
        judged = _Judged([breach], answer=self.contract.success)
        exchange = Exchange(Response(b""), replaced(source, is_embedded=True))
        return self._finding(breach, exchange, judged, {})

    def decoded(self, body: bytes) -> dict[str, Value]:
        """The members of a body by their documented names; empty if it cannot be read."""
        return self._judged(Exchange(Response(body), Source("body"))).value

    def _findings(self, judged: "_Judged", exchange: Exchange) -> Iterator[Finding]:
        paths = {path for breach in judged.breaches for path in judged.places_for(breach)}
        places = judged.body.places_of(paths) if judged.body and paths else {}
        found = (self._finding(breach, exchange, judged, places) for breach in judged.breaches)
        yield from sorted(found, key=_place_in_file)

    def _judged(self, exchange: Exchange) -> "_Judged":
        breaches = list(check_transfer(exchange))
        body = self._body(exchange)
        if not isinstance(body, Body):
            unread = [body] if body else []
            return _Judged([*breaches, *unread, *check_expectation(exchange)])
        answer = kind_of_answer(body, self.contract, ok=exchange.response.ok)
        envelope = opened(body, answer, self.contract)
        telling = Telling(breaches)
        telling.extend(self._of_body(exchange, body, envelope))
        breaches = list(telling)
        # Where status and body contradict each other, that is the problem and not what was asked.
        if _CONTRADICTIONS.isdisjoint(each.rule for each in breaches):
            breaches += check_expectation(exchange, envelope.value)
        return _Judged(breaches, body, envelope.renamed, answer, envelope.value)

    def _body(self, exchange: Exchange) -> Body | Breach | None:
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

    def _of_body(self, exchange: Exchange, body: Body, envelope: Envelope) -> Iterator[Breach]:
        contract, response = self.contract, exchange.response
        yield from check_content_type(response, body)
        yield from body.breaches
        if not body.readable or is_unknown_failure(response, body, contract):
            return
        if body.members is None:
            yield from check_top(body, envelope.answer)
            return
        yield from check_root(body, envelope.answer, contract)
        yield from check_outcome(response, envelope, contract)
        if envelope.answer is contract.success:
            yield from check_format(exchange, body, contract)
        yield from envelope.breaches
        unjudged: set[str] = set()
        for each in check_structure(body, envelope, self._engine):
            unjudged.add(".".join(map(str, each.path)))
            yield each
        yield from check_masks(envelope.value)
        yield from self._of_meaning(exchange, envelope, unjudged)

    def _of_meaning(
        self, exchange: Exchange, envelope: Envelope, unjudged: Set[str]
    ) -> Iterator[Breach]:
        constraints = self._constraints[envelope.answer is self.contract.failure]
        yield from check_semantics(envelope.value, constraints, unjudged)
        if self._lists and envelope.answer is self.contract.success:
            yield from check_items(envelope.value, self._lists, unjudged)
        if exchange.request is not None and envelope.answer is self.contract.success:
            parameters = parameters_of(exchange.request, self.contract)
            yield from check_echo(envelope.value, parameters or {}, self.contract, unjudged)

    def _finding(
        self,
        breach: Breach,
        exchange: Exchange,
        judged: "_Judged",
        places: Mapping[ValuePath, Place],
    ) -> Finding:
        rule = RULES[breach.rule]
        origin = breach.origin or self._origin_of(rule.id, judged.documented(breach.path))
        captured = judged.captured(breach.path)
        message, quoted = unmarked(breach.message)
        return Finding(
            rule=rule.id,
            severity=origin.severity,
            message=message,
            at=_location(breach, judged.places_for(breach), exchange, places),
            origin=origin,
            field=unmarked(dotted(breach.path))[0],
            pointer=pointer(captured),
            expected=_plain(breach.expected),
            actual=_plain(scalar(breach.actual)),
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
            from docpact.check.reference import ReferenceEngine

            return ReferenceEngine(schemas, contract.failure)
        from docpact.check.fast import FastEngine

        return FastEngine(schemas, contract.failure)
    except Exception as cause:  # each library has its own family of errors for a bad schema
        raise BrokenContract(
            f"the contract of {contract.page} has schemas that no validator takes: {cause}",
            hint="Compile the page again with `docpact compile PAGE`.",
        ) from cause


def _unread(exchange: Exchange) -> Breach | None:
    """Why a body is not read at all."""
    data = exchange.response.body
    if not data.strip():
        return None if has_no_body(exchange) else Breach("empty-body", "the answer has no body")
    if len(data) > MAX_BODY:
        message = f"the body is larger than {MAX_BODY // 2**20} MiB and was not judged"
        return Breach("body-limit", message, expected=MAX_BODY)
    if is_html(data):
        status = exchange.response.status
        under = f" with status {status}" if status is not None else ""
        return Breach("html-body", f"an HTML page came instead of an answer{under}", line=1)
    if media_of(data) is None:
        start = data[:60].decode("utf-8", "replace").strip()
        message = f"the body is neither JSON nor XML: {shown(start)}"
        return Breach("unknown-format", message, line=1, actual=start)
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

    breaches: list[Breach]
    body: Body | None = None
    renamed: Mapping[ValuePath, ValuePath] | None = None
    answer: Answer | None = None
    value: dict[str, Value] = field(default_factory=dict)

    @property
    def is_unsure(self) -> bool:
        """Whether something is wrong with the text itself, so that its values may be, too."""
        about_all = (each for each in self.breaches if not each.path and not each.more)
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

    def places_for(self, breach: Breach) -> list[ValuePath]:
        """Where to look for a breach: what is missing is told at what it is missing from."""
        if breach.line is not None:
            return []
        path = breach.path
        return [self.captured(path[:length]) for length in range(len(path), -1, -1)]


def _location(
    breach: Breach,
    paths: list[ValuePath],
    exchange: Exchange,
    places: Mapping[ValuePath, Place],
) -> Location:
    known = next((places[path] for path in paths if path in places), (None, None))
    line, column = (breach.line, breach.column) if breach.line is not None else known
    source = exchange.source
    if source.is_embedded:  # lines of the body are none of the file
        return Location(source.file, source.first_line, None, source.number)
    in_file = None if line is None else source.first_line + line - 1
    return Location(source.file, in_file, column, source.number)
