"""`docpact test`: check an endpoint."""

import secrets
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from docpact.cli.console import LiveLine, say, say_rest, stopped_by_signals
from docpact.cli.options import (
    chosen_key,
    chosen_settings,
    complete_faults,
    endpoint_option,
    judging_options,
    key_options,
    referenced_values,
    unwritable,
    warn_of_plain_http,
)
from docpact.cli.reporting import (
    Destination,
    chosen_destinations,
    needs_statistics,
    reporting_options,
    write_reports,
)
from docpact.compiler import load_with_schemas
from docpact.contract import Contract, Media, Schemas
from docpact.core.exit_code import exit_code
from docpact.core.text import printable
from docpact.report import Format

if TYPE_CHECKING:  # importing them takes longer than printing a help text
    from docpact.http.signing import Key
    from docpact.report.statistics import Statistics
    from docpact.runner import KnownInstances, RunResult

_EPILOG = """\b
Examples:
  docpact test
  docpact test --mock-fault id-as-double
  docpact test http://127.0.0.1:8000 --running project1/job1/123
  docpact test https://foas.cn-hangzhou.aliyuncs.com --running p/j/1 --not-running p/k/2
  docpact test http://127.0.0.1:8000 --report junit=junit.xml --har calls.har
"""
_MOCK_KEY: Final = ("testid", "testsecret")
_MOCK_VARIABLES: Final = (
    "ALIBABA_CLOUD_ACCESS_KEY_ID=testid",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET=testsecret",
)
_MOCK_PLACE: Final = "http://127.0.0.1:8008"  # of `docpact mock` where nothing else is said


@click.command("test", epilog=_EPILOG, short_help="Check an endpoint against the contract.")
@click.argument("url", required=False, metavar="[URL]")
@endpoint_option("running")
@endpoint_option("not-running")
@endpoint_option("everything-exists")
@key_options
@endpoint_option("no-auth-checks")
@endpoint_option("region")
@endpoint_option("body")
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    default=1500,
    show_default=True,
    help="Maximum number of calls.",
)
@endpoint_option("time-limit")
@endpoint_option("rate")
@click.option(
    "--workers",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="Number of calls at the same time.",
)
@endpoint_option("seed", note="[default: random, printed on stderr]")
@click.option("-x", "--exitfirst", is_flag=True, help="Stop at the first finding that fails.")
@click.option(
    "--allow-unsafe-methods",
    is_flag=True,
    default=None,
    help="Send POST, PUT, DELETE and PATCH too.  [default: only to loopback addresses]",
)
@endpoint_option("insecure")
@endpoint_option("timeout")
@endpoint_option("mock-fault", "mock_faults", complete=complete_faults)
@click.option(
    "--world",
    default="",
    metavar="FILE|any[:SEED]",
    help="Without URL: the instances of the built-in mock.",
)
@click.option("--har", type=click.Path(dir_okay=False), help="Write every call to this HAR file.")
@click.option("--coverage", is_flag=True, help="Show which parts of the contract were covered.")
@judging_options
@reporting_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    url: str | None,
    running: tuple[str, ...],
    not_running: tuple[str, ...],
    everything_exists: bool,
    access_key_id: str | None,
    access_key_secret: str | None,
    sts_token: str | None,
    no_auth_checks: bool,
    region: str,
    body: str,
    max_requests: int,
    time_limit: float,
    rate: float | None,
    workers: int,
    seed: int | None,
    exitfirst: bool,
    allow_unsafe_methods: bool | None,
    insecure: bool,
    timeout: float,
    mock_faults: tuple[str, ...],
    world: str,
    har: str | None,
    coverage: bool,
    format_: Format,
    output: str | None,
    reports: tuple[Destination, ...],
    color: str,
    verbose: bool,
    **options: object,
) -> None:
    """Check an endpoint: every kind of call that the page describes, and many random ones.

    Name instances that run (--running): without them, few answers can be predicted. Each defect is
    reported once, by its smallest example, with a command that reproduces it. Without a URL, the
    built-in mock is tested.
    """
    from docpact.runner import KnownInstances, Limits, Run, Target

    if url is not None and (mock_faults or world):
        raise click.UsageError(
            "--mock-fault and --world are for the built-in mock: leave out the URL"
        )
    settings = chosen_settings(options)
    destinations = chosen_destinations(format_, output, reports)
    contract, schemas = load_with_schemas(settings.contract)
    up = _known(running, contract, "--running")
    down = _known(not_running, contract, "--not-running")
    known = KnownInstances(up, down, region, everything_exists)
    key = chosen_key(access_key_id, access_key_secret, sts_token)
    if seed is None:
        seed = secrets.randbelow(2**32)
    line = LiveLine(sys.stderr is not None and sys.stderr.isatty())
    with _endpoint(url, contract, schemas, known, key, mock_faults, world) as place:
        target = Target(
            place.url,
            place.known,
            place.key,
            tuple(Media) if body == "both" else (Media(body),),
            auth_checks=not no_auth_checks,
            unsafe_methods=allow_unsafe_methods,
            verify=not insecure,
            timeout=timeout,
            workers=workers,
            seed=seed,
            shown_as=place.shown_as,
        )
        limits = Limits(max_requests, time_limit, rate or 0.0, exit_first=exitfirst)
        run = Run(
            contract,
            schemas,
            target,
            settings,
            limits,
            on_progress=line.progress,
            on_finding=line.found,
        )
        # As an exception it would get lost wherever Python runs code that nobody called.
        with stopped_by_signals(run.interrupt) as signals:
            try:
                outcome = run.execute()
            finally:
                line.end()
        _write_har(outcome, har, place.url)
    write_reports(
        outcome.report,
        destinations,
        settings,
        color=color,
        notes=verbose or settings.pedantic,
        statistics=_statistics(outcome, contract) if needs_statistics(destinations) else None,
        contract=contract,
    )
    rate = outcome.sent / outcome.seconds if outcome.seconds else 0.0
    say(f"{outcome.sent} calls in {outcome.seconds:.1f} s ({rate:.0f}/s), seed {seed}")
    for each in outcome.diagnostics:
        say(each)
    if url is None and outcome.report.findings:
        say(_start_again(mock_faults, world, settings.contract, own_key=key is not None))
    say_rest(outcome.report)
    if coverage:
        for each in outcome.coverage.lines():
            click.echo(each, err=True)
    code = exit_code(
        outcome.report,
        settings.failing,
        terminated=signal.SIGTERM in signals,
        findings_first=True,
    )
    ctx.exit(code)


@dataclass(frozen=True, slots=True)
class _Place:
    """The endpoint that is tested, and the instances known to exist there."""

    url: str
    known: "KnownInstances"
    key: "Key | None"
    shown_as: str = ""  # where it will be when somebody makes its calls again


def _start_again(faults: tuple[str, ...], world: str, contract: str, *, own_key: bool) -> str:
    """How to serve the built-in mock as it was, for the commands of the findings."""
    from docpact.runner.findings import relative_path

    words = ["docpact", "mock", "--auth", "required"]
    for fault in faults:
        words += ["--fault", fault]
    words += ["--world", world] if world else []
    words += ["--contract", relative_path(contract)] if contract else []
    how = "with the same key" if own_key else f"with {' '.join(_MOCK_VARIABLES)}"
    return (
        f"the built-in mock has ended: `{printable(shlex.join(words))}` starts it again for the "
        f"calls above, which it takes {how}"
    )


@contextmanager
def _endpoint(  # what the mock is made of
    url: str | None,
    contract: Contract,
    schemas: Schemas,
    known: "KnownInstances",
    key: "Key | None",
    faults: tuple[str, ...],
    world: str,
) -> Iterator[_Place]:
    """The endpoint that is checked: the one named, or the built-in mock."""
    from docpact.http.client import Endpoint

    if url is not None:
        warn_of_plain_http(Endpoint.at(url))
        yield _Place(url, known, key)
        return
    from docpact.http.signing import Key
    from docpact.mock import AnyWorld, serve

    own = key or Key(*_MOCK_KEY)
    with serve(
        contract=contract,
        schemas=schemas,
        world=world,
        fault=faults,
        auth="required",
        keys={own.id: own.secret},
    ) as mock:
        up, down = mock.world.known()
        everything = isinstance(mock.world, AnyWorld) or known.everything_exists
        at_mock = replace(
            known,
            running=known.running or up,
            not_running=known.not_running or down,
            everything_exists=everything,
        )
        say(f"testing the built-in mock at {mock.url}")
        yield _Place(mock.url, at_mock, own, _MOCK_PLACE)


def _known(named: tuple[str, ...], contract: Contract, hint: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(referenced_values(each, contract, hint=hint).values()) for each in named)


def _write_har(outcome: "RunResult", file: str | None, url: str) -> None:
    if file is None:
        return
    from docpact.http.har import har_text

    try:
        Path(file).write_text(har_text(outcome.calls, url), "utf-8")
    except OSError as cause:
        raise unwritable(file, cause) from cause


def _statistics(outcome: "RunResult", contract: Contract) -> "Statistics":
    """What the answers had in them."""
    from docpact.core.exchange import Source
    from docpact.report.statistics import Statistics

    statistics = Statistics.of(contract)
    for number, (judgement, _) in enumerate(outcome.answered, 1):
        exchange = replace(judgement.exchange, source=Source("calls", number=number))
        statistics.add(exchange, judgement.value, ())
    statistics.add_findings(outcome.report.findings)
    return statistics
