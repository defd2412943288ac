"""Every rule, on answers and on pages, by its id, which never changes once released."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from docpact.check.rules import ANSWER_RULES, RULES_BY_ID
from docpact.core.violation import Family, Rule

if TYPE_CHECKING:  # imported where a rule on pages is asked for: judging answers needs none
    PAGE_RULES: tuple[Rule, ...]

__all__ = ["ANSWER_RULES", "PAGE_RULES", "RULES", "Family", "Rule"]


class _Rules(Mapping[str, Rule]):
    """The rules on answers, then those on pages, which are imported once one is looked for."""

    @cached_property
    def _all(self) -> dict[str, Rule]:
        return RULES_BY_ID | {rule.id: rule for rule in _page_rules()}

    def __getitem__(self, rule_id: str) -> Rule:
        found = RULES_BY_ID.get(rule_id)
        return found or self._all[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


RULES: Final[Mapping[str, Rule]] = _Rules()


def _page_rules() -> tuple[Rule, ...]:
    from docpact.lint import PAGE_RULES

    return PAGE_RULES


def __getattr__(name: str) -> object:
    if name == "PAGE_RULES":
        return _page_rules()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
