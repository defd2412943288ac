"""A run over a cluster comes to the report of one process, whatever becomes of the cluster."""

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from copy import deepcopy
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docpact.audit import (
    AuditOptions,
    PartialResult,
    ReadOptions,
    audit_over_dask,
    audited,
)
from docpact.audit.chunk_judge import JudgeSetup, chunks
from docpact.capture import captured_files
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.errors import DocpactError
from docpact.settings import Settings

distributed = pytest.importorskip("distributed", reason="docpact[dask] is not installed")
fsspec = pytest.importorskip("fsspec", reason="docpact[dask] is not installed")
dask = pytest.importorskip("dask", reason="docpact[dask] is not installed")


CHECKER = Checker(load_bundled(), load_bundled_schemas())
READING = ReadOptions(status=200)  # with a status, answers leave traces


def cluster_of(*, processes: bool):
    """A cluster of two workers that is heard on this machine alone."""
    return distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=processes,
        protocol="tcp://",
        host="127.0.0.1",
        scheduler_port=0,
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        memory_limit=0,
    )


@pytest.fixture(scope="module")
def client():
    """The client of a cluster of two processes."""
    with cluster_of(processes=True) as cluster, distributed.Client(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def here():
    """The client of a cluster within this process, which shares its stores in memory."""
    with cluster_of(processes=False) as cluster, distributed.Client(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A log that `docpact generate` made, with some answers broken and some twice."""
    command = [sys.executable, "-m", "docpact", "generate", "-n", "120", "--seed", "3"]
    made = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    lines = made.splitlines(keepends=True)
    lines[::7] = [line.replace('"ActualState"', '"actualState"') for line in lines[::7]]
    path = tmp_path_factory.mktemp("logs") / "answers.ndjson"
    path.write_text("".join(lines + lines[:20]), "utf-8")
    return path


def alone(*paths, options=None, reading=READING):
    """What one process comes to."""
    files = captured_files(map(str, paths))
    return audited(files, CHECKER, Settings(), reading, options=options)


def over(client, *urls, reading=READING, **how):
    """What a cluster comes to."""
    return audit_over_dask(client, map(str, urls), CHECKER, Settings(), reading, **how)


@pytest.mark.parametrize("folder", ["captures", "responses"])
def test_samples_have_the_report_of_one_process(client, checkout, folder):
    """Every format is read on the workers, and counted as in one process."""
    options = AuditOptions(statistics=True, names_skipped=True)
    path = checkout / "samples" / folder
    expected = alone(path, options=options, reading=ReadOptions())
    assert expected.report.findings
    assert expected == over(client, path, options=options, reading=ReadOptions())


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chunk=st.integers(10_000, 400_000),
    most=st.none() | st.integers(0, 40),
)
def test_any_ranges_have_the_report_of_one_process(client, log, chunk, most):
    """Lines, findings over several answers and counts do not depend on how a log is cut."""
    rules = {each.rule for each in alone(log).report.findings}
    assert {"wrong-name-case", "repeated-value"} <= rules
    expected = alone(log, log, options=AuditOptions(most))
    options = AuditOptions(most, chunk=chunk)
    assert expected == over(client, log, log, options=options)


@pytest.fixture(scope="module")
def parts(log, checkout):
    """The parts of a log in ranges, between other captures."""
    options = AuditOptions(30, chunk=30_000)
    judge = JudgeSetup(CHECKER.made_of, Settings(), READING, options).judge()
    folder = checkout / "samples" / "captures" / "broken"
    files = captured_files([str(folder / "vcrpy.yaml"), str(log), str(folder / "docpact.har")])
    found = [judge.judge(each) for each in chunks(files, None, options.chunk)]
    assert len(found) > 5
    return found


@settings(max_examples=30)
@given(data=st.data())
def test_parts_may_be_joined_in_any_grouping(parts, data):
    """The result is the same whatever neighbours are joined first and sent in between."""
    expected = reduce(PartialResult.then, deepcopy(parts))
    left = deepcopy(parts)
    while len(left) > 1:
        at = data.draw(st.integers(0, len(left) - 2))
        left[at : at + 2] = [pickle.loads(pickle.dumps(left[at])).then(left[at + 1])]  # noqa: S301
    assert expected == left[0]


def test_a_store_is_read_as_a_disk_is(here, log, checkout):
    """Folders, patterns and files of a store have the names that the user gave them."""
    store = fsspec.filesystem("memory")
    store.pipe("/lake/b/answers.ndjson", log.read_bytes())
    store.put(str(checkout / "samples" / "captures" / "broken" / "docpact.har"), "/lake/a.har")
    store.pipe("/lake/notes.md", b"no capture")
    store.pipe("/lake/.hidden/a.json", b"{}")
    options = AuditOptions(chunk=50_000)
    whole = over(here, "memory://lake", options=options).report
    assert (1, {"memory://lake/a.har", "memory://lake/b/answers.ndjson"}) == (
        whole.skipped,
        {each.at.file for each in whole.findings},
    )
    single = over(here, "memory://lake/b/*.ndjson", options=options).report
    assert alone(log).report.summary == single.summary
    assert {"memory://lake/b/answers.ndjson"} == {
        each.at.file.replace("memory:///", "memory://") for each in single.findings
    }


def test_a_url_of_a_disk_is_a_path(client, log):
    """A file:// URL is read on the workers, in ranges."""
    (url,) = {
        each.at.file
        for each in over(
            client, f"file://{log}", options=AuditOptions(chunk=50_000)
        ).report.findings
    }
    assert f"file://{log}" == url


class Torn:
    """A stream that breaks off."""

    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def read(self, size=-1):
        """Read on, but not to the end."""
        if self._stream.tell() > 300_000:
            message = "the line went dead"
            raise ValueError(message)
        return self._stream.read(min(size, 100_000))


class Moody(fsspec.get_filesystem_class("memory")):
    """A store in memory, some of whose files cannot be read."""

    protocol = "moody"

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("moody:/"))

    def _open(self, path, *args, **options):
        if "refused" in path:
            message = "403 at https://u:pw@moody/x?Signature=abc"
            raise RuntimeError(message)
        stream = super()._open(path, *args, **options)
        return Torn(stream) if "torn" in path else stream


def test_what_cannot_be_read_is_a_problem_and_the_rest_is_judged(here, log):
    """A store's own errors end no run, wherever they come, and show no signature."""
    fsspec.register_implementation("moody", Moody, clobber=True)
    store = fsspec.filesystem("memory")
    for name in ("fine", "refused", "torn"):
        store.pipe(f"/moody/{name}.ndjson", log.read_bytes())
    urls = [f"moody://moody/{name}.ndjson" for name in ("refused", "torn", "none", "fine")]
    report = over(here, *urls, options=AuditOptions(chunk=10**9)).report
    told = "\n".join(report.problems)
    assert "refused.ndjson cannot be read: 403 at https://moody/x" in told
    assert "none.ndjson cannot be read: No such file or directory" in told
    assert report.complete
    assert {"moody://moody/torn.ndjson", "moody://moody/fine.ndjson"} <= {
        each.at.file for each in report.findings
    }
    in_ranges = over(here, *urls, options=AuditOptions(chunk=50_000)).report
    assert any("torn.ndjson from byte" in each for each in in_ranges.problems)


def test_an_interrupted_run_reports_what_it_has_and_frees_the_cluster(client, log):
    """Ctrl-C ends the run with a report, and nothing goes on in the cluster."""

    def interrupt(_size):
        signal.raise_signal(signal.SIGINT)

    before = set(client.futures)
    report = over(
        client, log, log, log, options=AuditOptions(chunk=20_000), on_progress=interrupt
    ).report
    assert not report.complete
    assert 0 < report.checked < alone(*[log] * 3).report.checked
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and set(client.futures) - before:
        time.sleep(0.02)
    assert set() == set(client.futures) - before


def test_a_lost_worker_changes_nothing(client, log):
    """The tasks of a lost worker are run again by the others."""
    pids = client.run(os.getpid)

    def kill(_size):
        if pids:
            os.kill(pids.popitem()[1], signal.SIGKILL)
            pids.clear()

    expected = alone(*[log] * 4)
    options = AuditOptions(chunk=20_000)
    assert expected == over(client, *[log] * 4, options=options, on_progress=kill)
    client.wait_for_workers(2, timeout=10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_captures_that_workers_die_of_are_a_problem(log, tmp_path):
    """The run goes on without captures that workers die of."""
    pipe = tmp_path / "deadly.json"
    os.mkfifo(pipe)

    def kill(pids):
        while True:  # until a worker is reading
            try:
                end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                time.sleep(0.01)
            else:
                break
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        os.close(end)  # not before, or the reader could finish, and its lost result be made again

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster_of(processes=True) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = client.run(os.getpid).values()
        thread = threading.Thread(target=kill, args=(pids,))
        thread.start()
        options = AuditOptions(chunk=20_000)
        report = over(client, log, pipe, log, options=options).report
        thread.join()
    assert any(re.search(r"workers died of it .*deadly\.json", each) for each in report.problems)
    assert report.complete


def test_the_loss_of_the_cluster_ends_the_run_with_what_was_found(log):
    """The loss of the cluster ends the run with a report of what was judged so far."""
    with cluster_of(processes=False) as cluster, distributed.Client(cluster) as client:
        report = over(
            client,
            *[log] * 3,
            options=AuditOptions(chunk=20_000),
            on_progress=lambda _: cluster.close(),
        ).report
    assert not report.complete
    assert report.checked
    assert "the workers were lost" in report.problems[0]


def test_without_dask_the_way_out_is_reported(monkeypatch):
    """Without Dask, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DocpactError, match=r"pip install \"docpact\[dask\]\""):
        over("tcp://127.0.0.1:1", "samples")


def test_a_store_without_its_plugin_is_refused_before_anything_is_judged(here, log):
    """The message about a missing plugin names fsspec plugins, not a module of Python."""
    with pytest.raises(DocpactError, match="fsspec plugin"):
        over(here, log, "nosuch://bucket/key")


def test_an_address_where_nobody_answers_is_reported():
    """A wrong address of the scheduler is reported."""
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(DocpactError, match="no scheduler answers at"),
    ):
        over("tcp://127.0.0.1:1", "samples")


def test_the_documented_script_runs(client, checkout, tmp_path):
    """The example of docs/dask.md is a program."""
    text = (checkout / "docs" / "dask.md").read_text("utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    script = Path(tmp_path, "audit_store.py")
    script.write_text(block, "utf-8")
    done = subprocess.run(
        [sys.executable, script, client.scheduler.address, "samples/captures"],
        cwd=checkout,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    told = alone(checkout / "samples" / "captures", reading=ReadOptions()).report.summary
    assert told.checked == json.loads(done.stdout)["summary"]["checked"]
    assert "MB judged" in done.stderr
