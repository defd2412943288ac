"""Run a client's test once with each fault of the catalogue."""

from collections.abc import Iterator
from difflib import get_close_matches

import pytest

from docpact.contract import Media
from docpact.core.errors import WrongConfiguration
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate.broken import faults_named
from docpact.generate.response_model import MediaChoice, media_of
from docpact.rules import RULES

_FIXTURE = "docpact_mock"


def parametrize(metafunc: pytest.Metafunc) -> str:
    """Give docpact_mock each fault that the mark names, or all that any answer shows.

    Returns what is wrong with the mark, if anything is.
    """
    mark = metafunc.definition.get_closest_marker("docpact_faults")
    if mark is None:
        return ""
    if _FIXTURE not in metafunc.fixturenames:
        return f"docpact: {metafunc.definition.name} has faults, but does not use {_FIXTURE}"
    try:
        names = [each.name for each in _chosen(*mark.args, **mark.kwargs)]
    except (TypeError, WrongConfiguration) as wrong:
        return f"docpact: {metafunc.definition.name}: docpact_faults: {wrong}"
    metafunc.parametrize(_FIXTURE, names, indirect=True, ids=names)
    return ""


def _chosen(*names: str, media: MediaChoice | None = None, rule: str | None = None) -> list[Fault]:
    """The faults of these names, or all that a format can show and that break a rule."""
    formats = media_of(media) if media else tuple(Media)
    if rule is not None and rule not in RULES:
        near = get_close_matches(rule, RULES, n=1)
        way_out = f"did you mean {near[0]}?" if near else "`docpact explain` lists all rules"
        raise WrongConfiguration(f"there is no rule {rule!r}; {way_out}")
    chosen = [
        each
        for each in (faults_named(names) if names else _usual())
        if each.media.intersection(formats) and (rule is None or rule in each.breaks)
    ]
    if not chosen:
        raise WrongConfiguration("no fault is left")
    return chosen


def _usual() -> Iterator[Fault]:
    """The faults that show in the answer to a rightful call."""
    for each in FAULTS.values():
        if not each.is_behaviour and each.shows is not Shows.ON_ERRORS:
            yield each
