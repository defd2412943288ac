"""Judge exchanges against a contract."""

from collections.abc import Iterator, Set
from dataclasses import replace
from typing import Literal

from docpact.check.context import AnswerContext, Stage
from docpact.check.decode import Body, decoded, media_of, why_unread
from docpact.check.envelope import Envelope, kind_of_answer, opened
from docpact.check.http import charset_of, is_unknown_failure
from docpact.check.json_body import read_json
from docpact.check.judgement import Judgement
from docpact.check.rules import violations_at
from docpact.check.semantics import check_items, check_semantics
from docpact.check.session import Session, compare_formats
from docpact.check.structure import Engine, check_structure, not_an_object
from docpact.contract import Contract, Media, Schemas
from docpact.contract.path_template import PathTemplate
from docpact.core.errors import BrokenContract
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Finding
from docpact.core.violation import Collector, Violation

__all__ = ["Checker", "EngineName", "Judgement", "Session", "compare_formats"]

EngineName = Literal["fast", "reference"]

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

    def judge(self, exchange: Exchange) -> Judgement:
        """What an exchange says, and everything that is wrong with it."""
        contract = self.contract
        body = self._body(exchange)
        if not isinstance(body, Body):
            context, unread = AnswerContext(exchange, contract), [body] if body else []
            violations = [*violations_at(Stage.TRANSFER, context), *unread]
            violations += violations_at(Stage.OUTCOME, context)
            return Judgement(exchange, contract).also(violations)
        answer = kind_of_answer(body, contract, ok=exchange.response.ok)
        envelope = opened(body, answer, contract)
        context = AnswerContext(exchange, contract, body, answer, envelope.value)
        collector = Collector(violations_at(Stage.TRANSFER, context))
        collector.extend(self._of_body(context, envelope))
        violations = list(collector)
        # Where status and body contradict each other, that is the problem and not what was asked.
        if _CONTRADICTIONS.isdisjoint(each.rule for each in violations):
            violations += violations_at(Stage.OUTCOME, context)
        judgement = Judgement(
            exchange, contract, answer, envelope.value, body=body, renamed=envelope.renamed
        )
        return judgement.also(violations)

    def check(self, exchange: Exchange, session: Session | None = None) -> Iterator[Finding]:
        """The findings of an exchange alone, with those of a session if there is one."""
        judgement = self.judge(exchange)
        yield from (session.check(judgement) if session is not None else judgement).findings

    def unanswered(self, exchange: Exchange, why: str) -> Finding:
        """The finding that a call got no answer at all."""
        violation = Violation("no-answer", f"the call got no answer: {why}")
        return Judgement(exchange, self.contract).also([violation]).findings[0]

    def diagnostic(self, violation: Violation, source: Source) -> Finding:
        """The finding for what no single answer shows, at the place of an answer."""
        exchange = Exchange(Response(b""), replace(source, is_embedded=True))
        judgement = Judgement(exchange, self.contract, self.contract.success)
        return judgement.also([violation]).findings[0]

    def _body(self, exchange: Exchange) -> Body | Violation | None:
        """The body after parsing, or the one reason why there is none."""
        data = exchange.response.body
        unread = why_unread(exchange)
        if unread or not data.strip():
            return unread
        text = decoded(data, charset_of(exchange.response))
        if media_of(data) is Media.XML:
            from docpact.check.xml_body import read_xml  # lxml is not needed for JSON

            return read_xml(text, self.contract, fragment=self._fragment)
        return read_json(text)

    def _of_body(self, context: AnswerContext, envelope: Envelope) -> Iterator[Violation]:
        contract, body = self.contract, context.body
        yield from violations_at(Stage.TEXT, context)
        yield from body.violations
        if not body.readable or is_unknown_failure(context.response, body, contract):
            return
        if body.members is None:
            yield not_an_object(body, envelope.answer)
            return
        yield from violations_at(Stage.ANSWER, context)
        yield from envelope.violations
        unjudged: set[str] = set()
        for each in check_structure(body, envelope, self._engine):
            unjudged.add(".".join(map(str, each.path)))
            yield each
        yield from self._of_meaning(context.exchange, envelope, unjudged)

    def _of_meaning(
        self, exchange: Exchange, envelope: Envelope, unjudged: Set[str]
    ) -> Iterator[Violation]:
        contract, is_success = self.contract, envelope.answer is self.contract.success
        parameters = None
        if exchange.request is not None and is_success:
            template = PathTemplate.parse(contract.operation.path)
            parameters = template.match(exchange.request.target)
        constraints = self._constraints[envelope.answer is contract.failure]
        yield from check_semantics(envelope.value, constraints, unjudged, parameters)
        if self._lists and is_success:
            yield from check_items(envelope.value, self._lists, unjudged)


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
