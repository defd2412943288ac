"""The endpoint that a pytest run checks: the one at a URL, or a mock that starts when needed."""

from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from docpact.contract import Contract, Media
from docpact.contract.path_template import parse_instance_reference
from docpact.core.errors import DocpactError
from docpact.core.finding import Finding
from docpact.mock import FaultChoice, serve
from docpact.mock.server import endpoint_for
from docpact.runner import Known, Limits, Outcome, Run, Target
from docpact.runner.probes import Probe
from docpact.settings import Selector
from docpact.testing.judging import Judging
from docpact.testing.mock_fixture import MOCK_KEY
from docpact.testing.options import OF_SESSIONS, Group, Options, groups

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOWHERE: Final = "http://127.0.0.1"  # stands for the mock until it is started


class NeverReached(DocpactError):
    """The endpoint could not be called at all, as an earlier test told."""


@dataclass(slots=True)
class Subject:
    """What is checked, how it is called, and by what it is judged."""

    judging: Judging
    options: Options
    target: Target
    _stack: ExitStack = field(default_factory=ExitStack)
    _is_known: bool = False  # whether it answered before, in this process
    _refused: str = ""  # the test that told that it does not

    def groups(self) -> list[Group]:
        """The groups of calls that check it, told without calling it."""
        planned = self._run(self.target).planned()
        return groups(planned, self.judging.contract, drawn=self.options.drawn != 0)

    def outcome(self, group: Group, *, seed: int, most_drawn: int) -> Outcome:
        """Make the calls of a group.

        Raises Unreachable if the endpoint does not answer, DocpactError if it is elsewhere, and
        NeverReached if another group has told so already.
        """
        run = self._run(replace(self._reached_by(group), seed=seed), group)
        planned: Iterator[Probe] = iter(group.probes)
        if group.is_drawn:
            drawn = (Probe((case,)) for case in run.drawn(most_drawn))
            planned = chain(planned, drawn)
        return run.outcome_of(planned)

    def failing(self, outcome: Outcome, group: Group) -> list[Finding]:
        """What fails the test of a group."""
        return [
            each
            for each in outcome.report.findings
            if each.severity in self.judging.settings.failing and group.rule in {"", each.rule}
        ]

    def close(self) -> None:
        """End the mock, if it was started."""
        self._stack.close()

    def _reached_by(self, group: Group) -> Target:
        """The target; where it never answers, the first group alone tells, however often."""
        name = f"{group.media}::{group.name}"
        if self._refused not in {"", name}:
            why = f"{self.target.url} could not be tested, as {self._refused} tells"
            raise NeverReached(why)
        self._refused = name
        target = self._reached()
        self._refused = ""
        return target

    def _reached(self) -> Target:
        """The target, which answers, and no other in its place."""
        if self.options.mock and self.target.url == _NOWHERE:
            mock = self._stack.enter_context(
                serve(
                    contract=self.judging.contract,
                    schemas=self.judging.schemas,
                    fault=self.options.mock_fault,
                    auth="required",
                    keys={MOCK_KEY.id: MOCK_KEY.secret},
                )
            )
            self.target = replace(self.target, url=mock.url)
        if not self._is_known:
            with closing(self._run(self.target)) as run:
                run.first_contact()
            self._is_known = True
        return self.target

    def _run(self, target: Target, group: Group | None = None) -> Run:
        judging, options = self.judging, self.options
        settings = judging.settings
        if group is None or not group.rule:
            left_out = tuple(map(Selector, sorted(OF_SESSIONS)))
            settings = replace(settings, ignore=(*settings.ignore, *left_out))
        limits = Limits(max_requests=10_000, time_limit=options.time_limit, rate=options.rate)
        return Run(
            judging.contract, judging.schemas, target, settings, limits, checker=judging.checker
        )


def subject_for(options: Options, judging: Judging) -> Subject:
    """What these options say is to be checked.

    Raises WrongConfiguration if they name what cannot be.
    """
    contract = judging.contract
    FaultChoice.of(options.mock_fault)  # refuses unknown ones before any test runs
    known = Known(
        tuple(_values(each, contract) for each in options.running),
        tuple(_values(each, contract) for each in options.not_running),
        options.region,
        options.everything_exists,
    )
    key = options.key
    if options.mock:
        up, down = endpoint_for(contract, judging.schemas).world.known()
        known = replace(known, running=known.running or up, not_running=known.not_running or down)
        key = MOCK_KEY
    target = Target(
        options.url or _NOWHERE,
        known,
        key,
        tuple(Media) if options.body == "both" else (Media(options.body),),
        auth_checks=not options.no_auth_checks,
        verify=not options.insecure,
        timeout=options.timeout,
        engine=False,
    )
    return Subject(judging, options, target)


def _values(asked: str, contract: Contract) -> tuple[str, ...]:
    return tuple(parse_instance_reference(asked, contract).values())
