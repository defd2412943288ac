"""Whether an answer is about what the request asked for."""

import re
from collections.abc import Iterator, Set

from docpact.contract import Contract, Echo
from docpact.core.violation import Value, Violation, is_masked, shown


def check_echo(
    value: dict[str, Value],
    parameters: dict[str, str],
    contract: Contract,
    unjudged: Set[str] = frozenset(),
) -> Iterator[Violation]:
    """Every field that should repeat a parameter and does not; `unjudged` ones are wrong anyway."""
    for rule in contract.constraints.echoes:
        asked = parameters.get(rule.parameter)
        if asked is None or asked in rule.unless or is_masked(asked) or rule.field in unjudged:
            continue
        answered = _leaf(value, rule)
        if answered is None or is_masked(answered) or _same(answered, asked):
            continue
        yield Violation(
            "wrong-echo",
            f"{rule.field} is {shown(answered)}; the request asked for "
            f"{rule.parameter} {shown(asked)}",
            tuple(rule.field.split(".")),
            rule.origin,
            expected=asked,
            actual=answered,
        )


def _leaf(value: Value, rule: Echo) -> str | int | None:
    for step in rule.field.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return value


def _same(answered: str | int, asked: str) -> bool:
    if isinstance(answered, int):
        return re.fullmatch(r"-?[0-9]{1,40}", asked) is None or int(asked) == answered
    return answered == asked
