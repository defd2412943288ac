"""Run a client's test once with each fault of the catalogue."""

from collections.abc import Iterator

import pytest

from docpact.contract import Media
from docpact.errors import WrongConfiguration
from docpact.faults import FAULTS, Fault, Shows
from docpact.generate.broken import faults_named
from docpact.generate.plan import MediaChoice, formats_of

_FIXTURE = "docpact_mock"


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Give docpact_mock each fault that the mark names, or all that any answer shows."""
    __tracebackhide__ = True
    mark = metafunc.definition.get_closest_marker("docpact_faults")
    if mark is None:
        return
    if _FIXTURE not in metafunc.fixturenames:
        message = f"docpact: {metafunc.definition.name} has faults, but does not use {_FIXTURE}"
        raise pytest.Collector.CollectError(message)
    try:
        names = [each.name for each in _chosen(*mark.args, **mark.kwargs)]
    except (TypeError, WrongConfiguration) as wrong:
        raise pytest.Collector.CollectError(f"docpact: docpact_faults: {wrong}") from wrong
    metafunc.parametrize(_FIXTURE, names, indirect=True, ids=names)


def _chosen(*names: str, media: MediaChoice | None = None, rule: str | None = None) -> list[Fault]:
    """The faults of these names, or all that a format can show and that break a rule."""
    formats = formats_of(media) if media else tuple(Media)
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
