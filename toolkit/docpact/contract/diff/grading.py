"""Grade a change: whom it breaks, and no harder than the pages say it."""

import re
from collections.abc import Iterable
from typing import Final

from docpact.contract.diff.change import Audience, Change, Impact
from docpact.contract.diff.reasons import REASONS, Verdict
from docpact.core.span import Severity

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


# A number that stands alone: no part of a date, a version, a range or a name.
_NUMBER: Final = re.compile(
    r"(?<![\w.:/-])[-\u2212\u2013\uff0d]?\d+(?:\.\d+)?(?![\w:/-]|\.\d)", re.ASCII
)
_LITERAL: Final = re.compile(r"(?<![\w.])(?:true|false|null)(?!\w)", re.ASCII)
_MINUS: Final = re.compile("^[\u2212\u2013\uff0d]")
_LONGEST: Final = 60


def named_values(text: str) -> frozenset[str]:
    """The values that a text gives a meaning to: lone numbers, true, false and null."""
    numbers = (_MINUS.sub("-", each) for each in _NUMBER.findall(text))
    return frozenset((*numbers, *_LITERAL.findall(text)))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in punctuation and layout at most."""
    return one == other or bare(one) == bare(other)


def bare(text: str) -> str:
    """The text without punctuation and white space; a minus sign is part of its number."""
    signs = re.sub(r"[\u2212\u2013\uff0d-](?=\d)", "\N{MODIFIER LETTER MINUS SIGN}", text)
    return re.sub(r"[^\w\N{MODIFIER LETTER MINUS SIGN}]", "", signs)


def without_values(text: str, values: frozenset[str]) -> str:
    """A description without the lines that list values, which are compared by themselves."""
    return "\n".join(
        line
        for line in text.splitlines()
        if re.split(r"[\s:\uff1a]", line, maxsplit=1)[0] not in values
    )


def short(text: str) -> str:
    """The text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
