"""The plan of a run: which calls are made, the cheapest and most revealing first.

Some calls are planned one by one, the others are drawn at random, the same ones for the same seed.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from hypothesis import HealthCheck, Phase, configuration, given, seed, settings

from docpact.contract import Contract, Media
from docpact.contract.path_template import parse_instance_reference
from docpact.core.exchange import Outcome
from docpact.generate.request_context import RequestContext, canonical, context_of, query_with
from docpact.generate.requests import (
    REQUEST_LABELS,
    SIGNATURE_LABELS,
    RequestCase,
    Signing,
    known_cases,
    requests,
)
from docpact.http.client import Endpoint
from docpact.http.signing import Key

_REPEATS: Final = 6  # calls about the same instance, for defects that show only sometimes
_ACCEPT: Final = {Media.JSON: "application/json", Media.XML: "application/xml"}
_SAFE: Final = frozenset({"GET", "HEAD"})
# Calls that must succeed and often do not.
_REVEALING: Final = frozenset({"current-instance", "accept-weights", "bare-delimiters"})
_FORMAT_LABELS: Final = frozenset(
    {
        "listed-parameter",
        "bad-listed-value",
        "repeated-parameter",
        "accept-header",
        "accept-weights",
    }
)
_HOME: Final = "__hypothesis_home_directory"


@dataclass(frozen=True, slots=True)
class KnownInstances:
    """What is known to exist at an endpoint; each instance is the values of the path."""

    running: tuple[tuple[str, ...], ...] = ()
    not_running: tuple[tuple[str, ...], ...] = ()
    region: str = ""
    everything_exists: bool = False  # the endpoint returns any instance that is requested

    @classmethod
    def parse(
        cls,
        contract: Contract,
        running: Sequence[str],
        not_running: Sequence[str] = (),
        *,
        region: str = "",
        everything_exists: bool = False,
    ) -> "KnownInstances":
        """The instances that references like "project1/job1/123" name.

        Raises WrongConfiguration if a reference does not fit the path of the contract.
        """

        def values(references: Sequence[str]) -> tuple[tuple[str, ...], ...]:
            parsed = (parse_instance_reference(each, contract) for each in references)
            return tuple(tuple(each.values()) for each in parsed)

        return cls(values(running), values(not_running), region, everything_exists)

    @property
    def accepted(self) -> dict[str, str]:
        """The values of optional parameters that the endpoint accepts."""
        return {"RegionId": self.region} if self.region else {}

    def context(self, contract: Contract) -> RequestContext:
        """What requests for an operation are made from.

        Raises what `context_of` raises.
        """
        context = context_of(contract, self.running, self.not_running, self.accepted)
        return replace(context, everything_exists=self.everything_exists)


@dataclass(frozen=True, slots=True)
class Target:
    """The endpoint to check, and how to call it."""

    url: str
    known: KnownInstances = field(default_factory=KnownInstances)
    key: Key | None = None
    media: tuple[Media, ...] = tuple(Media)
    auth_checks: bool = True
    unsafe_methods: bool | None = None  # None: only if the endpoint is on this machine
    verify: bool | str = True
    timeout: float = 30.0
    workers: int = 1
    seed: int = 0
    engine: bool = True  # whether schemathesis makes calls too
    shown_as: str = ""  # the URL in the commands of findings, if it is not `url`

    def allows(self, case: RequestCase) -> bool:
        """Whether a call may be sent to this endpoint."""
        allowed = self.unsafe_methods
        if allowed is None:
            allowed = Endpoint.at(self.url).is_local
        return allowed or (case.safe and case.request.method in _SAFE)


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call, or two for the same instance whose answers must agree: JSON first, then XML."""

    cases: tuple[RequestCase, ...]

    @property
    def is_pair(self) -> bool:
        """Whether two answers are compared."""
        return len(self.cases) == len(Media)

    @property
    def is_about_signature(self) -> bool:
        """Whether the call must be refused for its signature."""
        return self.cases[0].expectation.about == "signature"


def planned_calls(contract: Contract, target: Target) -> Iterator[PlannedCall]:
    """The calls of every run against a target, in their order.

    Raises what `context_of` raises.
    """
    for planned in _every_call(contract, target):
        cases = tuple(filter(target.allows, planned.cases))
        if cases:
            yield PlannedCall(cases)


def signatures_apart(planned: Sequence[PlannedCall]) -> Iterator[list[PlannedCall]]:
    """The calls in runs with and without signature checks, which are judged together."""
    for _, group in groupby(planned, lambda each: each.is_about_signature):
        yield list(group)


def random_calls(contract: Contract, target: Target, amount: int) -> Iterator[PlannedCall]:
    """At most `amount` different calls of any kind; the seed decides which ones."""
    known = target.known
    strategy = requests(
        contract,
        running=known.running,
        not_running=known.not_running,
        accepted=known.accepted,
        everything_exists=known.everything_exists,
        labels=[each for each in REQUEST_LABELS if each not in SIGNATURE_LABELS],
    )
    found: dict[str, RequestCase] = {}

    @seed(target.seed)
    @settings(
        max_examples=max(1, amount),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: RequestCase) -> None:
        found.setdefault(repr(case.request), case)

    with hypothesis_home():
        collect()
    return (PlannedCall((case,)) for case in found.values() if target.allows(case))


def _every_call(contract: Contract, target: Target) -> Iterator[PlannedCall]:
    context, media = target.known.context(contract), target.media
    subjects, stopped = context.subjects, context.not_running
    yield from _same_in_both(context, subjects[:1], media)
    for _ in range(_REPEATS):
        yield PlannedCall((_plain(context, subjects[0], media[0]),))
    yield from _plain_in_each(context, stopped[:1], media)
    yield from _one_of_each(contract, context, target)
    yield from _same_in_both(context, subjects[1:], media)
    yield from _plain_in_each(context, stopped[1:], media)


def _plain_in_each(
    context: RequestContext, instances: Sequence[tuple[str, ...]], media: Sequence[Media]
) -> Iterator[PlannedCall]:
    for values in instances:
        yield from (PlannedCall((_plain(context, values, each),)) for each in media)


def _same_in_both(
    context: RequestContext, instances: Sequence[tuple[str, ...]], media: Sequence[Media]
) -> Iterator[PlannedCall]:
    """Each instance in both formats, chosen by parameter and by header."""
    for values in instances:
        yield PlannedCall(tuple(_plain(context, values, each) for each in media))
    for values in instances[:3]:
        yield PlannedCall(tuple(_by_header(context, values, each) for each in media))


def _plain(context: RequestContext, values: tuple[str, ...], media: Media) -> RequestCase:
    label = "running-instance" if values in context.running else "documented-instance"
    if values in context.not_running:
        label = "not-running-instance"
    query = _format_query(context, media)
    case = context.case(canonical(values), context.expected_of(values), query=query)
    return replace(case, label=label)


def _by_header(context: RequestContext, values: tuple[str, ...], media: Media) -> RequestCase:
    headers = (("Accept", _ACCEPT[media]),)
    case = context.case(canonical(values), context.expected_of(values), headers=headers)
    return replace(case, label="accept-header")


def _format_query(context: RequestContext, media: Media) -> str:
    """The query that chooses a format, if the page has a parameter for it."""
    for parameter in context.listed():
        named = [each for each in parameter.values if each.lower() == media.value]
        if named:
            return query_with(parameter, named[0])
    return ""


def _one_of_each(
    contract: Contract, context: RequestContext, target: Target
) -> Iterator[PlannedCall]:
    """Every other kind of call: signatures, what servers get wrong, what must fail, the rest."""
    known = target.known
    cases = tuple(
        known_cases(
            contract,
            running=known.running,
            not_running=known.not_running,
            accepted=known.accepted,
            signed=target.key is not None and target.auth_checks,
            everything_exists=known.everything_exists,
        )
    )
    planned = set()
    for case in sorted(cases, key=_priority(cases)):
        for variant in _variants(context, case, target.media):
            identity = (variant.request, variant.signing)
            if identity not in planned:
                planned.add(identity)
                yield PlannedCall((variant,))


def _priority(cases: Sequence[RequestCase]) -> Callable[[RequestCase], int]:
    plain = {each.request for each in cases if each.label == "running-instance"}

    def priority(case: RequestCase) -> int:
        if case.expectation.about == "signature":
            return 0
        if case.expectation.outcome is Outcome.FAILURE:
            return 2
        # Most names have no delimiter that could be bare, so their calls are the plain ones.
        return 1 if case.label in _REVEALING and case.request not in plain else 3

    return priority


def _variants(
    context: RequestContext, case: RequestCase, media: Sequence[Media]
) -> Iterator[RequestCase]:
    """A call as it is, and in the other format if it does not choose one itself."""
    yield case
    target = case.request.target
    chooses = case.label in _FORMAT_LABELS or "?" in target
    if chooses or case.signing is not Signing.VALID or case.request.method != "GET":
        return
    for each in media:
        query = _format_query(context, each)
        if query and each is not Media.XML:  # the answer is XML by default
            yield replace(case, request=replace(case.request, target=f"{target}?{query}"))


@contextmanager
def hypothesis_home() -> Iterator[None]:
    """Keep the character tables of Hypothesis out of the working directory.

    They take seconds to compute, so they are kept from run to run.
    """
    before = getattr(configuration, _HOME)
    with _cache_folder() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


@contextmanager
def _cache_folder() -> Iterator[Path]:
    private = _private_folder()
    if private is not None:
        yield private / "hypothesis"
        return
    with TemporaryDirectory(prefix="docpact-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _private_folder() -> Path | None:
    """The user's own folder for temporary files, unless somebody else can write into it.

    Anybody can make folders there, so somebody else may have made this one.
    """
    if sys.platform == "win32":  # which does not say who owns a folder
        return None
    folder = Path(gettempdir(), f"docpact-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return folder if is_private and found.st_uid == os.getuid() else None
