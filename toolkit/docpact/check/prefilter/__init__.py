"""Let right answers pass at little more than the cost of parsing them.

Nearly every captured answer is right. This knows no findings: it either is sure that the full check
would have none, not even a note, or leaves the answer to it. What was learned by profiling:

- The full check takes 330 µs for an answer of 3 kB, of which its parsing is 30: most goes into
  objects for places, paths and violations that nobody asked for.
- jiter parses and notices repeated names in one pass, in twice the time of orjson. Each way to
  notice them after orjson or msgspec (counting quotes, writing the value again) costs as much.
- msgspec holds names, types, ranges and listed values against a type made of the contract in an
  eighth of what parsing costs; a loop over the members in Python takes three times that.
- Implications between listed values and presence have few cases in all traffic: each is judged
  once and looked up from then on. A pattern's literal words are looked for first, by `in`.
- In XML the tree is cheap and asking each element is not: of 27 elements, tag, text, tail and
  attributes take longer than parsing them.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import jiter

from docpact.check.context import AnswerContext, AnswerRule, Stage
from docpact.check.decode import MAX_PARTS, Body
from docpact.check.prefilter.constraints import Meaning, Members
from docpact.check.rules import ANSWER_RULES, violations_at
from docpact.contract import Answer, Contract, Media
from docpact.contract.path_template import PathTemplate
from docpact.contract.value_path import value_at
from docpact.core.exchange import MAX_BODY, Exchange, Response, Source, header

if TYPE_CHECKING:
    from docpact.check.prefilter.xml import Decoder

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from docpact.contract import KINDS, SCALARS, Field, Kind, wraps_list
from docpact.contract.kinds import LARGEST_FLOAT


class Shape:
    """What an answer must look like to have no finding of names, types and values."""

    def __init__(self, answer: Answer) -> None:
        self.is_exact = all(_says_all(each) for _, each in answer.walk())
        self._type = _struct(answer.fields)

    def fits(self, value: object) -> bool:
        """Whether all members are documented and as they must be, and none is missing."""
        try:
            msgspec.convert(value, self._type)
        except msgspec.ValidationError:
            return False
        return True


def _says_all(field: Field) -> bool:
    """Whether a type can say what a field must be: not how deep or large something open is."""
    if field.kind in {Kind.MAP, Kind.ANY}:
        return False
    must_be_filled = field.required and not field.repeated and not wraps_list(field)
    return (
        field.kind in SCALARS or not must_be_filled or any(each.required for each in field.fields)
    )


def _struct(fields: tuple[Field, ...]) -> type[msgspec.Struct]:
    # Their own names need not be such as Python's attributes have.
    names = {f"member_{number}": each.name for number, each in enumerate(fields)}
    members = [
        (name, _type(each)) if each.required else (name, _type(each) | UnsetType, UNSET)
        for name, each in zip(names, fields, strict=True)
    ]
    members.sort(key=len)  # those without a default come first
    return msgspec.defstruct("Answer", members, rename=names, forbid_unknown_fields=True)


def _type(field: Field) -> Any:  # noqa: ANN401  # a type that is made while running has none
    if field.repeated:
        return list[_single(field)]  # type: ignore[misc]  # as above
    may_be_null = field.empty and not field.required
    return _single(field) | None if may_be_null else _single(field)


def _single(field: Field) -> Any:  # noqa: ANN401  # as above
    match field.kind:
        case Kind.STRING if field.values:
            return Literal[tuple(each.value for each in field.values)]
        case Kind.STRING:
            return Annotated[str, Meta(min_length=1)] if field.required else str
        case Kind.STRUCT:
            return _struct(field.fields)
        case Kind.MAP | Kind.ANY:
            return Any
    kind = KINDS[field.kind]
    least, most = kind.bounds or (-LARGEST_FLOAT, LARGEST_FLOAT)
    return bool if kind.python is bool else Annotated[kind.python, Meta(ge=least, le=most)]


_MASK, _ESCAPED = b"***", b"\\u002"  # an asterisk can be escaped
_CLAIMS_UTF8 = re.compile(r"[^;]*(?:;\s*charset=\"?utf-?8\"?\s*)?", re.IGNORECASE)
_NO_CONTENT: Final = 204
_NOTHING: Final = Source("")
# Rules that no value breaks which is right for the kind of answer that the status says.
_COVERED: Final = frozenset(
    {"masked-value", "xml-wrong-root", "error-under-success", "success-under-error"}
)
_OTHERS: Final = tuple(
    each.check
    for each in ANSWER_RULES
    if isinstance(each, AnswerRule) and each.stage is Stage.ANSWER and each.id not in _COVERED
)


class Quick:
    """Tells right answers of one contract; built once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._success = _Right(contract, contract.success)
        self._failure = _Right(contract, contract.failure) if contract.failure else None

    def value_of(self, body: bytes) -> Members | None:
        """What a right JSON body of a success says; nothing if it is not surely right."""
        value = self._success.of_json(body)
        if value is None or not _OTHERS:
            return value
        exchange = Exchange(Response(body), _NOTHING)
        return value if self._keeps_others(self._context(exchange, Media.JSON, value)) else None

    def passes(self, exchange: Exchange) -> Members | None:
        """What a right answer says, if all of the exchange is surely right."""
        response = exchange.response
        right = self._failure if response.ok is False else self._success
        if right is None or exchange.expectation is not None or response.status == _NO_CONTENT:
            return None
        media = Media.XML if response.body[:1] == b"<" else Media.JSON
        value = (right.of_xml if media is Media.XML else right.of_json)(response.body)
        if value is None or (_is_bare(exchange) and not _OTHERS):
            return value
        claim = header(response.headers, "Content-Type")
        if claim is not None and not _CLAIMS_UTF8.fullmatch(claim):
            return None
        context = self._context(exchange, media, value)
        is_right = self._keeps_others(context) and not any(self._of_call(context, value))
        return value if is_right else None

    def _context(self, exchange: Exchange, media: Media, value: Members) -> AnswerContext:
        contract = self._contract
        answer = contract.failure if exchange.response.ok is False else contract.success
        body = Body(media, (), readable=True, value=value)
        return AnswerContext(exchange, contract, body, answer, value)

    def _keeps_others(self, context: AnswerContext) -> bool:
        return not any(violation for check in _OTHERS for violation in check(context))

    def _of_call(self, context: AnswerContext, value: Members) -> Iterator[object]:
        exchange = context.exchange
        for stage in (Stage.TRANSFER, Stage.TEXT, Stage.OUTCOME):
            yield from violations_at(stage, context)
        if exchange.request is not None and exchange.response.ok is not False:
            template = PathTemplate.parse(self._contract.operation.path)
            parameters = template.match(exchange.request.target)
            for each in self._contract.constraints.echoes:
                if not each.is_repeated(value_at(value, each.field), parameters or {}):
                    yield each


class _Right:
    """Tells right answers of one kind: successes or failures."""

    def __init__(self, contract: Contract, answer: Answer) -> None:
        self._answer = answer
        self._shape = Shape(answer)
        self._meaning = Meaning(contract, answer)
        self._xml: Decoder | None = None
        self._is_able = self._shape.is_exact and self._meaning.is_simple

    def of_json(self, body: bytes) -> Members | None:
        """What a JSON body says, if it is surely right."""
        if not self._is_able or len(body) > MAX_BODY or _may_be_masked(body):
            return None
        if len(body) > MAX_PARTS and _parts(body) > MAX_PARTS:
            return None
        try:
            value = jiter.from_json(
                body, allow_inf_nan=False, cache_mode="keys", catch_duplicate_keys=True
            )
        except ValueError:
            return None
        return value if self._is_right(value) else None

    def of_xml(self, body: bytes) -> Members | None:
        """What an XML body says, if it is surely right."""
        if not self._is_able or len(body) > MAX_BODY:
            return None
        if self._xml is None:
            from docpact.check.prefilter.xml import Decoder  # lxml is not needed for JSON

            self._xml = Decoder(self._answer)
        value = self._xml.decoded(body)
        return value if value is not None and self._is_right(value) else None

    def _is_right(self, value: Members) -> bool:
        return self._shape.fits(value) and self._meaning.is_kept(value)


def _parts(body: bytes) -> int:
    """At least as many members and items as a JSON document has."""
    return body.count(b",") + body.count(b"{") + body.count(b"[")


def _may_be_masked(body: bytes) -> bool:
    """Whether three asterisks may stand somewhere: a value that was redacted is worth a note."""
    return (b"*" in body and _MASK in body) or (b"\\u" in body and _ESCAPED in body)


def _is_bare(exchange: Exchange) -> bool:
    """Whether there is a body and nothing else to judge."""
    response = exchange.response
    return (
        exchange.request is None
        and response.status in {None, 200}
        and not response.headers
        and response.seconds is None
    )
