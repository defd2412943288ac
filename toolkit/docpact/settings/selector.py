"""Which findings are meant: those of a rule, everywhere or about one field."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from docpact.errors import WrongConfiguration
from docpact.finding import Finding
from docpact.rules import RULES


@dataclass(frozen=True, slots=True)
class Selector:
    """A rule, for all fields or for one: "wrong-type" or "wrong-type:Instance.EndTime"."""

    rule: str
    field: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a selector.

        Raises WrongConfiguration if there is no such rule.
        """
        rule, _, field = text.partition(":")
        if rule not in RULES:
            hint = "`docpact explain` lists all rules."
            raise WrongConfiguration(f"there is no rule {rule!r}{guess(rule, RULES)}", hint=hint)
        return cls(rule, field)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is meant."""
        return finding.rule == self.rule and self.field in {"", finding.field}


def guess(name: str, known: Collection[str]) -> str:
    """The name that was meant, for the end of a message; nothing if none is like it."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
