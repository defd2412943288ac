"""The calls that check an endpoint, in groups that can be made and judged one without the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from docpact.contract import Contract
from docpact.mock.endpoint import media_for
from docpact.runner.probes import Probe

UNIQUE: Final = "repeated-value"
PARITY: Final = "formats-disagree"
OF_SESSIONS: Final = frozenset({UNIQUE, PARITY})
_BOTH: Final = "both"
_TIMES: Final = 4  # that a pair is asked for, to see whether anything comes again


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of one kind, in one format or in both, and by which rules they are judged."""

    media: str
    name: str
    probes: tuple[Probe, ...] = ()
    rule: str = ""  # the only one by which they are judged; none for all that see single answers
    is_drawn: bool = False  # calls that chance decides on, besides


def groups(planned: Iterable[Probe], contract: Contract, *, drawn: bool) -> list[Group]:
    """Every group of these calls, in their order; those over several calls come last."""
    single: dict[tuple[str, str], list[Probe]] = {}
    signatures: list[Probe] = []
    pairs: list[Probe] = []
    for probe in planned:
        if probe.cases[0].expectation.about == "signature":
            signatures.append(probe)
            continue
        if probe.is_pair:
            pairs.append(probe)
        for case in probe.cases:
            key = (media_for(case.request).value, case.label)
            single.setdefault(key, []).append(Probe((case,)))
    every = [Group(media, name, tuple(found)) for (media, name), found in single.items()]
    every.sort(key=lambda each: each.media)
    return [*every, *_over_several(signatures, pairs, contract, drawn=drawn)]


def _over_several(
    signatures: list[Probe], pairs: list[Probe], contract: Contract, *, drawn: bool
) -> Iterator[Group]:
    if signatures:
        yield Group(_BOTH, "signatures", tuple(signatures))
    if pairs:
        yield Group(_BOTH, "formats-agree", tuple(pairs), PARITY)
    if pairs and contract.constraints.unique:
        again = tuple(Probe((case,)) for case in pairs[0].cases * _TIMES)
        yield Group(_BOTH, "unique-values", again, UNIQUE)
    if drawn:
        yield Group(_BOTH, "drawn-calls", is_drawn=True)
