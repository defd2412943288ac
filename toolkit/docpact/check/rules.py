"""Every rule on answers, in the order of lists; the text of each is beside its check."""

from collections.abc import Iterator
from typing import Final

from docpact.check.context import AnswerContext, AnswerRule, Check, Stage
from docpact.check.decode import BODY_RULES
from docpact.check.envelope import MEMBER_RULES
from docpact.check.history import HISTORY_RULES
from docpact.check.http import HTTP_RULES
from docpact.check.json_body import JSON_RULES
from docpact.check.semantics import MEANING_RULES
from docpact.check.session import SESSION_RULES
from docpact.check.structure import STRUCTURE_RULES
from docpact.check.xml_body import XML_RULES
from docpact.core.violation import Rule, Violation

ANSWER_RULES: Final[tuple[Rule, ...]] = (
    *BODY_RULES,
    *JSON_RULES,
    *XML_RULES,
    *STRUCTURE_RULES,
    *MEMBER_RULES,
    *MEANING_RULES,
    *HTTP_RULES,
    *SESSION_RULES,
    *HISTORY_RULES,
)

RULES_BY_ID: Final = {rule.id: rule for rule in ANSWER_RULES}

CHECKS: Final[dict[Stage, tuple[Check, ...]]] = {
    stage: tuple(
        each.check for each in ANSWER_RULES if isinstance(each, AnswerRule) and each.stage is stage
    )
    for stage in Stage
}


def violations_at(stage: Stage, context: AnswerContext) -> Iterator[Violation]:
    """What every rule of a stage finds."""
    for check in CHECKS[stage]:
        yield from check(context)
