"""Grade a change: whom it breaks, and no harder than the pages say it."""

from collections.abc import Iterable

from docpact.contract.diff.change import Audience, Change, Impact
from docpact.contract.diff.reasons import REASONS, Verdict
from docpact.span import Severity

_ORDER = tuple(Impact)
_AT_WORST = {
    Severity.ERROR: Impact.BREAKING,
    Severity.WARNING: Impact.RISKY,
    Severity.NOTE: Impact.COMPATIBLE,
}
_ONLY = {
    Severity.WARNING: "but that is only implied",
    Severity.NOTE: "but that is only assumed",
}


def grade(change: Change, audience: Audience) -> Verdict:
    """What a change does to one audience; what is no error to break is not breaking either."""
    verdict = REASONS[change.kind].verdict(audience)
    severity = _weakest(change)
    if severity is Severity.ERROR or _not_worse(verdict.impact, _AT_WORST[severity]):
        return verdict
    return Verdict(_AT_WORST[severity], f"{verdict.reason}, {_ONLY[severity]}")


def impact(change: Change, audiences: Iterable[Audience] = tuple(Audience)) -> Impact:
    """The worst that a change does to any of them."""
    return worst(grade(change, each).impact for each in audiences)


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of several; compatible if there are none."""
    return min(impacts, key=_ORDER.index, default=Impact.COMPATIBLE)


def _not_worse(one: Impact, other: Impact) -> bool:
    return _ORDER.index(one) >= _ORDER.index(other)


def _weakest(change: Change) -> Severity:
    order = tuple(Severity)
    sides = (each for each in (change.old, change.new) if each)
    return max((each.origin.severity for each in sides), key=order.index, default=Severity.ERROR)
