"""A team's own rules: functions in a conftest.py that say in words what is wrong with an answer."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from docpact.core.exchange import Exchange
from docpact.core.finding import Finding, Location
from docpact.core.span import Grade, Origin, Span

Members = Mapping[str, object]  # of the answer, decoded, by their documented names
OwnRule = Callable[[Members, Exchange], Iterator[str]]

_MOST = 3  # complaints of one rule about one answer


def complaints(rules: Sequence[OwnRule], members: Members, exchange: Exchange) -> Iterator[Finding]:
    """What these rules find wrong with an answer; nothing with one that cannot be read."""
    if not members:
        return
    for rule in rules:
        for text in islice(rule(members, exchange), _MOST):
            source = exchange.source
            origin = _origin(rule)
            yield Finding(
                rule=_name(rule),
                severity=origin.severity,
                message=text,
                at=Location(source.file, None, None, source.number),
                origin=origin,
            )


def _name(rule: OwnRule) -> str:
    return getattr(rule, "__name__", "own-rule").replace("_", "-")


def _origin(rule: OwnRule) -> Origin:
    """Where a rule is written, and what its docstring says."""
    code = inspect.unwrap(rule).__code__ if inspect.isfunction(rule) else None
    file = code.co_filename.replace("\\", "/").rpartition("/")[2] if code else "an own rule"
    line = code.co_firstlineno if code else 1
    quote = (inspect.getdoc(rule) or "").partition("\n")[0]
    return Origin(Span(file, line, line), Grade.STATED, quote, ruling=_name(rule))
