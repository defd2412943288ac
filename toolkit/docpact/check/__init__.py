"""Judge exchanges against a contract."""

from collections.abc import Iterator
from typing import Literal

from docpact.check.body import MAX_BYTES, Body
from docpact.check.breach import Breach, Value, ValuePath, dotted, pointer, scalar
from docpact.check.echo import check_echo, parameters_of
from docpact.check.encoding import decoded
from docpact.check.engine import Engine
from docpact.check.envelope import Envelope, check_root, kind_of_answer, opened
from docpact.check.http import (
    charset_of,
    check_content_type,
    check_outcome,
    check_status,
    has_no_body,
)
from docpact.check.json_body import read_json
from docpact.check.semantics import check_masks, check_semantics
from docpact.check.sniff import is_html, media_of
from docpact.check.structure import check_structure, check_top
from docpact.contract import Contract, Media, Schemas
from docpact.exchange import Exchange
from docpact.finding import Finding, Location
from docpact.rules import RULES
from docpact.span import Origin

__all__ = ["Checker", "EngineName"]

EngineName = Literal["fast", "reference"]


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
        self._engine = _engine(engine, contract, schemas)
        self._fragment = fragment

    def check(self, exchange: Exchange) -> Iterator[Finding]:
        """Everything that is wrong with an exchange, each thing once."""
        for breach, body, renamed in self._breaches(exchange):
            yield self._finding(breach, exchange, body, renamed)

    def _breaches(
        self, exchange: Exchange
    ) -> Iterator[tuple[Breach, Body | None, dict[ValuePath, ValuePath]]]:
        for breach in check_status(exchange.response):
            yield breach, None, {}
        body = self._body(exchange)
        if isinstance(body, Breach):
            yield body, None, {}
            return
        if body is None:
            return
        answer = kind_of_answer(body, self.contract, ok=exchange.response.ok)
        envelope = opened(body, answer)
        for breach in self._of_body(exchange, body, envelope):
            yield breach, body, envelope.renamed

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
        if not body.readable:
            return
        if body.members is None:
            yield from check_top(body, envelope.answer)
            return
        yield from check_root(body, envelope.answer, contract)
        yield from check_outcome(response, envelope, contract)
        yield from envelope.breaches
        yield from check_structure(body, envelope, self._engine)
        yield from check_masks(envelope.value)
        if envelope.answer is contract.success:
            yield from self._of_meaning(exchange, envelope.value)

    def _of_meaning(self, exchange: Exchange, value: dict[str, Value]) -> Iterator[Breach]:
        yield from check_semantics(value, self.contract.constraints)
        if exchange.request is not None:
            parameters = parameters_of(exchange.request, self.contract)
            yield from check_echo(value, parameters or {}, self.contract)

    def _finding(
        self,
        breach: Breach,
        exchange: Exchange,
        body: Body | None,
        renamed: dict[ValuePath, ValuePath],
    ) -> Finding:
        rule = RULES[breach.rule]
        origin = breach.origin or self._origin_of(rule.id)
        captured = renamed.get(breach.path, breach.path)
        return Finding(
            rule=rule.id,
            severity=origin.severity,
            message=breach.message,
            at=_location(breach, captured, exchange, body),
            origin=origin,
            field=dotted(breach.path),
            pointer=pointer(captured),
            expected=breach.expected,
            actual=scalar(breach.actual),
        )

    def _origin_of(self, rule_id: str) -> Origin:
        """Where a rule as a whole rests: on its ruling, else on the table of the answer."""
        ruling = self.contract.ruling_on(rule_id)
        if ruling is not None:
            return ruling.origin
        return Origin(self.contract.success.origin.span, RULES[rule_id].grade)


def _engine(name: EngineName, contract: Contract, schemas: Schemas) -> Engine:
    # Each engine pulls in libraries that the other does not need.
    if name == "reference":
        from docpact.check.reference import ReferenceEngine

        return ReferenceEngine(schemas, contract.failure)
    from docpact.check.fast import FastEngine

    return FastEngine(schemas, contract.failure)


def _unread(exchange: Exchange) -> Breach | None:
    """Why a body is not read at all."""
    data = exchange.response.body
    if not data.strip():
        return None if has_no_body(exchange) else Breach("empty-body", "the answer has no body")
    if len(data) > MAX_BYTES:
        message = f"the body is larger than {MAX_BYTES // 2**20} MiB and was not judged"
        return Breach("body-limit", message, expected=MAX_BYTES)
    if is_html(data):
        return Breach("html-body", "an HTML page came instead of an answer", line=1)
    if media_of(data) is None:
        start = scalar(data[:20].decode("utf-8", "replace"))
        return Breach("unknown-format", "the body is neither JSON nor XML", line=1, actual=start)
    return None


def _location(breach: Breach, path: ValuePath, exchange: Exchange, body: Body | None) -> Location:
    line, column = breach.line, breach.column
    while line is None and body is not None:
        line, column = body.place_of(path) or (None, None)
        if not path:
            break
        path = path[:-1]  # what is missing is reported at the structure it is missing from
    source = exchange.source
    in_file = None if line is None else source.first_line + line - 1
    return Location(source.file, in_file, column, source.number)
