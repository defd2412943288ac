"""Every rule in one table; an id never changes once released."""

from docpact.core.rule import Family, Rule
from docpact.rules.bodies import BODY_RULES, JSON_RULES, XML_RULES
from docpact.rules.calls import HTTP_RULES, SESSION_RULES
from docpact.rules.members import FIELD_RULES, MEANING_RULES
from docpact.rules.pages import PAGE_RULES

__all__ = ["ANSWER_RULES", "PAGE_RULES", "RULES", "Family", "Rule"]

ANSWER_RULES = (
    *BODY_RULES,
    *JSON_RULES,
    *XML_RULES,
    *FIELD_RULES,
    *MEANING_RULES,
    *HTTP_RULES,
    *SESSION_RULES,
)

RULES: dict[str, Rule] = {rule.id: rule for rule in (*ANSWER_RULES, *PAGE_RULES)}
