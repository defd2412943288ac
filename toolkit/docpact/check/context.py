"""What the check of a rule looks at, and at which stage it runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from docpact.check.decode import Body
from docpact.contract import Answer, Contract, Media
from docpact.core.exchange import Exchange, Response
from docpact.core.violation import Rule, Value, Violation


class Stage(Enum):
    """When a rule is checked; each stage knows more of the answer than the one before."""

    TRANSFER = "transfer"  # status, headers and time, whatever the body
    TEXT = "text"  # a body in JSON or XML, even if it cannot be parsed
    ANSWER = "answer"  # a body that is an object, with its members by their documented names
    OUTCOME = "outcome"  # what the request was to bring, whatever the body


_NO_BODY: Final = Body(Media.JSON, ())


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """One answer, as far as it is known at a stage."""

    exchange: Exchange
    contract: Contract
    body: Body = _NO_BODY
    answer: Answer | None = None  # the contract's success or failure; none without a body
    value: dict[str, Value] = field(default_factory=dict)  # by the documented names

    @property
    def response(self) -> Response:
        """The response itself."""
        return self.exchange.response

    @property
    def is_failure(self) -> bool:
        """Whether the body is that of a failure, whatever the status says."""
        return self.answer is not None and self.answer is self.contract.failure


Check = Callable[[AnswerContext], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule(Rule):
    """One thing that can be wrong with an answer, and the function that notices it.

    What a parser or a walk over all members notices in passing is a Rule without a check.
    """

    stage: Stage
    check: Check
