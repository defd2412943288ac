"""Measure which faults of a server `docpact test` notices, beside `schemathesis run`.

Both call our mock with one fault at a time. The peer gets our OpenAPI document, valid signatures,
the known instances, and leave to go on after a failure, since a false alarm would end its phases;
in its second column it can read XML as well (see endpoint_hooks.py). What it also reports of the
server without faults is a false alarm and counts as nothing noticed.

By default: every fault of behaviour and every fourth of the others; `--all` for all of them.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import header
from docpact.faults import FAULTS, Fault
from docpact.http.har import RecordedCall
from docpact.http.signing import Key
from docpact.mock import Mock, serve
from docpact.runner import KnownInstances, Limits, Run, Target
from docpact.runner.run import OnFinding
from docpact.settings import Settings

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
DOCUMENT = HERE.parents[1] / "schemas" / "getinstance.openapi.yaml"
CONTRACT, SCHEMAS = load_bundled(), load_bundled_schemas()
KEY = Key("testid", "testsecret")
SEED = 1
PEER_SECONDS = 60  # then it is interrupted, and reports what it has
ROUNDS = 3
EVERY = 4
HOOKS = {"SCHEMATHESIS_HOOKS": str(HERE / "endpoint_hooks.py")}
COLUMNS = {"schemathesis run": HOOKS, "with XML": {**HOOKS, "ENDPOINT_XML": "1"}}
CHANGING = {"authorization", "date", "x-acs-signature-nonce", "x-schemathesis-testcaseid"}
Alarm = tuple[str, str]  # the code and the title of what the peer reports


@dataclass(frozen=True)
class Ours:
    """What came of our run."""

    rules: tuple[str, ...]  # in the order in which they were broken
    fails: bool  # by default; notes do not
    until: int  # requests until the first finding; 0 is never


@dataclass(frozen=True)
class Process:
    """What came of a run of either command."""

    alarms: frozenset[Alarm]
    seconds: float
    calls: tuple[RecordedCall, ...]


@contextmanager
def mocked(fault: str = "") -> Iterator[Mock]:
    """A mock that remembers every call, not the last thousand only."""
    faults = (fault,) if fault else ()
    keys = {KEY.id: KEY.secret}
    with serve(
        contract=CONTRACT, schemas=SCHEMAS, fault=faults, auth="required", keys=keys, seed=SEED
    ) as mock:
        mock.recorded = deque()
        yield mock


def ours(fault: str) -> Ours:
    """A run that stops at the first failure, with the engine only if nothing else noticed."""
    found = our_run(fault, engine=False)
    return found if found.until else our_run(fault, engine=True)


def our_run(fault: str, *, engine: bool) -> Ours:
    """One run as `docpact test` makes it."""
    hits: list[tuple[str, int]] = []
    settings = Settings()
    with mocked(fault) as mock:
        known = KnownInstances(*mock.world.known())
        target = Target(mock.url, known, KEY, timeout=15, seed=SEED, engine=engine)
        limits = Limits(exit_first=True)
        run = Run(CONTRACT, SCHEMAS, target, settings, limits, on_finding=note_in(hits))
        report = run.execute().report
    rules = tuple(dict.fromkeys(rule for rule, _ in hits))
    return Ours(rules, report.fails(settings.failing), hits[0][1] if hits else 0)


def note_in(hits: list[tuple[str, int]]) -> OnFinding:
    """Remember a new finding's rule, and after how many requests it came."""
    return lambda finding, sent: hits.append((finding.rule, sent))


def our_process(number: int) -> Process:
    """One run of `docpact test` against the server without faults, as people start it."""
    with mocked() as mock, tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [str(BIN / "docpact"), "test", mock.url, "--seed", str(number)]
        for option, instances in zip(
            ("--running", "--not-running"), mock.world.known(), strict=True
        ):
            for values in instances:
                command += [option, "/".join(quote(each, safe="") for each in values)]
        key = {"ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret}
        start = time.perf_counter()
        wait_for([*command, "--report", f"json={report}"], folder, key)
        seconds = time.perf_counter() - start
        findings = json.loads(report.read_text("utf-8"))["findings"]
        return Process(frozenset(("", each["rule"]) for each in findings), seconds, mock.calls)


def peer(column: str, fault: str = "", number: int = SEED) -> Process:
    """One run of schemathesis, in a folder and a process of its own."""
    with mocked(fault) as mock, tempfile.TemporaryDirectory() as folder:
        Path(folder, "schemathesis.toml").write_text(configuration(mock), "utf-8")
        report = Path(folder, "report.json")
        options = ["--url", mock.url, "--seed", str(number), "--continue-on-failure"]
        command = [
            *(str(BIN / "schemathesis"), "run", str(DOCUMENT), *options),
            *("--report", "json", "--report-json-path", str(report)),
        ]
        known = json.dumps(list(chain(*mock.world.known())))
        start = time.perf_counter()
        wait_for(command, folder, {"ENDPOINT_KNOWN": known, **COLUMNS[column]})
        seconds = time.perf_counter() - start
        return Process(alarms_in(report), seconds, mock.calls)


def configuration(mock: Mock) -> str:
    """Four ids in five are known ones; the hooks give them the names that they have."""
    up, down = mock.world.known()
    ids = json.dumps([int(values[-1]) for values in (*up, *down)])
    return f"""
        generation.with-security-parameters = false
        dictionaries.ids.values = {ids}
        parameters."path.instanceId" = {{ dictionary = "ids", probability = 0.8 }}
        """


def wait_for(command: list[str], folder: str, variables: dict[str, str]) -> None:
    """Run a command; when its time is up, interrupt it as a person would."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(PEER_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)  # for the call under way, and the report
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def alarms_in(report: Path) -> frozenset[Alarm]:
    """Failures and errors by their titles; killed without a report is an alarm of its own."""
    if not report.exists():
        return frozenset({("", "no report")})
    told = json.loads(report.read_text("utf-8"))
    failures = {(each["code"], each["title"]) for each in told["failures"]}
    errors = {("error", each.get("title") or str(each)) for each in told["errors"]}
    return frozenset(failures | errors)


def distinct(calls: tuple[RecordedCall, ...]) -> int:
    """How many requests differ in more than their signatures."""
    return len(
        {
            (
                call.request.method,
                call.request.target,
                tuple(each for each in call.request.headers if each[0].lower() not in CHANGING),
            )
            for call in calls
        }
    )


def by_engine(calls: tuple[RecordedCall, ...]) -> tuple[RecordedCall, ...]:
    """The calls that schemathesis made, in our process or its own."""
    mark = "X-Schemathesis-TestCaseId"
    return tuple(call for call in calls if header(call.request.headers, mark))


def rate(calls: tuple[RecordedCall, ...]) -> float:
    """The engine's calls a second from its first to its last, so without what starting takes."""
    calls = by_engine(calls)
    return (len(calls) - 1) / (calls[-1].started - calls[0].started)


def correct_server() -> dict[str, frozenset[Alarm]]:
    """Measure the server without faults, print it, and tell each column's false alarms."""
    runs: dict[str, list[Process]] = {name: [] for name in ("docpact test", *COLUMNS)}
    for number in range(SEED, SEED + ROUNDS):
        runs["docpact test"].append(our_process(number))
        for column in COLUMNS:
            runs[column].append(peer(column, number=number))
    heads = f"{'requests':>9}{'distinct':>9}{'s':>7}{'drawn':>7}{'distinct':>9}{'per s':>7}"
    print(f"{'correct server, median of ' + str(ROUNDS):30}{heads}{'ratio':>7}  false alarms")
    ours_per_second = statistics.median(rate(each.calls) for each in runs["docpact test"])
    for name, made in runs.items():
        shown(name, made, ours_per_second)
    return {name: alarms_of(made) for name, made in runs.items()}


def shown(name: str, made: list[Process], our_rate: float) -> None:
    """One line: all requests and the time of the process, then what schemathesis's engine sent."""
    numbers = [
        (
            len(each.calls),
            distinct(each.calls),
            each.seconds,
            len(by_engine(each.calls)),
            distinct(by_engine(each.calls)),
            rate(each.calls),
        )
        for each in made
    ]
    count, apart, seconds, drawn, drawn_apart, speed = map(
        statistics.median, zip(*numbers, strict=True)
    )
    told = ", ".join(sorted(title for _, title in alarms_of(made))) or "none"
    print(
        f"{name:30}{count:9.0f}{apart:9.0f}{seconds:7.1f}{drawn:7.0f}{drawn_apart:9.0f}"
        f"{speed:7.0f}{our_rate / speed:7.2f}  {told}"
    )


def alarms_of(made: list[Process]) -> frozenset[Alarm]:
    """What any of the runs reports."""
    return frozenset().union(*(each.alarms for each in made))


def chosen(*, every: bool) -> list[Fault]:
    """The faults to measure."""
    behaviour = [each for each in FAULTS.values() if each.is_behaviour]
    others = [each for each in FAULTS.values() if not each.is_behaviour]
    return [*behaviour, *others[:: 1 if every else EVERY]]


def main() -> None:
    """Print the correct server, every fault, and the totals."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="measure every fault")
    faults = chosen(every=parser.parse_args().all)
    usual = correct_server()
    print(f"\n{'fault':34}{'requests':>9}  {'rules of docpact':44}" + "  |  ".join(COLUMNS))
    mine = [ours(fault.name) for fault in faults]
    noticed: dict[str, int] = dict.fromkeys(COLUMNS, 0)
    jobs = [(column, fault.name) for fault in faults for column in COLUMNS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(lambda job: peer(*job), jobs)
        for fault, own in zip(faults, mine, strict=True):
            told = []
            for column in COLUMNS:
                new = sorted(title for _, title in next(made).alarms - usual[column])
                noticed[column] += bool(new)
                told.append(", ".join(new) or "-")
            rules = ", ".join(own.rules) or "-"
            until = own.until or "never"
            print(f"{fault.name:34}{until:>9}  {rules:44}{'  |  '.join(told)}", flush=True)
    totals(mine, noticed)


def totals(mine: list[Ours], noticed: dict[str, int]) -> None:
    """How many were noticed, and how soon."""
    until = sorted(each.until for each in mine if each.until)
    print(f"\nnoticed of {len(mine)} faults: docpact test {len(until)}", end="")
    print(f" ({sum(each.fails for each in mine)} fail the run)", end="")
    print("".join(f", {column} {count}" for column, count in noticed.items()))
    tenth = statistics.quantiles(until, n=10, method="inclusive")[-1]
    print(f"requests until noticed: median {statistics.median(until):.0f}, nine in ten {tenth:.0f}")


if __name__ == "__main__":
    main()
