"""docpact as a process: what it shows while it runs, and how it ends before it is done.

The tests decide how far a run is: what they feed through a pipe is read before they go on.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from docpact.contract import load_bundled
from docpact.generate.sampler import sample_responses

ANSWER = next(sample_responses(load_bundled(), seed=1, media="json")).body
LINE = json.dumps(json.loads(ANSWER)).encode() + b"\n"
WRONG = b'{"RequestId": "9B7BD33D-5F3A-4C4C-BCF5-AD686CAD2370"}\n'
STRETCH = 8 * 1024 * 1024  # bytes of a log that are judged in one go
AT_ONCE = 30.0  # seconds within which even a busy machine does what takes one
BAR = re.compile(rb"\r\x1b\[K *\d+%  \d+\.\d MB of \d+\.\d MB  \d+\.\d MB/s  \d+:\d\d left")
ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@dataclass
class Running:
    """A run of docpact that has begun, with what it showed so far on a terminal, if it has one."""

    process: subprocess.Popen
    terminal: int | None = None
    shown: bytes = b""

    def until(self, pattern):
        """Wait until the terminal shows something."""
        while not pattern.search(self.shown):
            assert self.read(), self.shown

    def read(self):
        """Take what the terminal shows next; nothing once everybody has let go of it."""
        ready, _, _ = select.select([self.terminal], [], [], AT_ONCE)
        assert ready, self.shown
        try:
            came = os.read(self.terminal, 65536)
        except OSError:  # as Linux tells the end
            came = b""
        self.shown += came
        return came

    def end(self):
        """The exit code and both streams, which end when the last process lets go of them."""
        if self.terminal is None:
            out, err = self.process.communicate(timeout=AT_ONCE)
            return self.process.returncode, out, err
        out = self.process.stdout.read()
        while self.read():
            pass
        return self.process.wait(AT_ONCE), out, self.shown


@dataclass
class Runs:
    """Starts runs, and leaves none behind."""

    folder: object
    stack: ExitStack = field(default_factory=ExitStack)

    def __call__(self, *words, terminal=False):
        """Start `docpact validate`, with standard error on a terminal if that is wanted."""
        command = [sys.executable, "-m", "docpact", "validate", *map(str, words)]
        master = slave = None
        if terminal:
            master, slave = pty.openpty()
            self.stack.callback(os.close, master)
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=slave if terminal else subprocess.PIPE,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        )
        if slave is not None:
            os.close(slave)
        self.stack.callback(ended, process)
        return Running(process, master)

    def log(self, name, size, line=LINE):
        """A log of at least so many bytes, and how many lines it has."""
        count = size // len(line) + 1
        (self.folder / name).write_bytes(line * count)
        return count

    def pipe(self, name):
        """A log that has yet to be written."""
        os.mkfifo(self.folder / name)
        return self.folder / name


def ended(process):
    """Let nothing of a process be left."""
    process.kill()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None and not stream.closed:
            with suppress(BrokenPipeError):
                stream.close()
    process.wait()


@pytest.fixture
def runs(tmp_path):
    """Starts docpact in an empty folder."""
    started = Runs(tmp_path)
    with started.stack:
        yield started


def fed(stream, size):
    """Write lines until so many bytes were read by the other end; how many those hold at least."""
    held = fcntl.fcntl(stream.fileno(), getattr(fcntl, "F_GETPIPE_SZ", 1032))
    stream.write(LINE * ((size + held) // len(LINE) + 1))
    stream.flush()
    return size // len(LINE)


def fed_for(stream, seconds):
    """Write lines for a while; how many."""
    count, begun = 0, time.monotonic()
    while time.monotonic() < begun + seconds:
        stream.write(LINE)
        count += 1
    return count


def test_a_terminal_sees_how_far_a_run_is(runs):
    """A terminal shows bytes, rate and time left in one line, which is removed at the end."""
    lines = runs.log("b.ndjson", 2 * STRETCH)
    first = runs.pipe("a.ndjson")
    running = runs("a.ndjson", "b.ndjson", "--workers=2", "--format=json", terminal=True)
    with first.open("wb") as stream:  # the bar shows after a second, and so long this goes on
        more = fed_for(stream, 1.2)
    code, out, shown = running.end()
    assert 0 == code, out
    assert BAR.search(shown), shown
    assert shown.endswith(b"\r\x1b[K")
    assert lines + more == json.loads(out)["summary"]["checked"]
    assert b"\x1b" not in out
    assert b"\r" not in out


def test_nothing_is_shown_where_there_is_no_terminal(runs):
    """Without a terminal, no progress is shown, also with several workers."""
    runs.log("a.ndjson", 2 * STRETCH)
    code, out, err = runs("a.ndjson", "--workers=2").end()
    assert (0, b"") == (code, err)
    assert b"\x1b" not in out


@pytest.mark.parametrize("number", ENDS, ids=lambda each: each.name)
def test_an_interrupted_run_ends_with_its_report(runs, number):
    """An interrupted run reports what it judged, and says that it was interrupted."""
    baseline = runs.folder / "known.json"
    baseline.write_text("as it was", "utf-8")
    running = runs("-", "--format=json", "--baseline=known.json", "--update-baseline")
    running.process.stdin.write(WRONG)
    lines = fed(running.process.stdin, 2**20)
    running.process.send_signal(number)
    code, out, err = running.end()
    report = json.loads(out)
    assert (ENDS[number], 1) == (code, report["summary"]["errors"])
    assert report["complete"] is False
    assert "as it was" == baseline.read_text("utf-8")
    assert b"the baseline known.json was not changed" in err
    assert lines // 2 < report["summary"]["checked"]
    assert b"docpact: interrupted; the report covers what was checked so far\n" in err
    assert b"Traceback" not in err


@pytest.mark.parametrize("number", ENDS, ids=lambda each: each.name)
def test_an_interrupted_run_of_several_workers_ends_with_its_report(runs, number):
    """An interrupted run of several workers leaves no process."""
    lines = runs.log("b.ndjson", STRETCH)
    first, last = runs.pipe("a.ndjson"), runs.pipe("c.ndjson")
    names = ("a.ndjson", "b.ndjson", "c.ndjson")
    running = runs(*names, "--workers=2", "--format=json", terminal=True)
    with first.open("wb") as stream:
        more = fed_for(stream, 1.2)
    with last.open("wb") as stream:
        fed(stream, 2**16)
        running.until(BAR)  # which a part shows once it is in the report
        running.process.send_signal(number)
        code, out, shown = running.end()
    assert ENDS[number] == code
    assert more + lines == json.loads(out)["summary"]["checked"]
    assert b"docpact: interrupted; the report covers what was checked so far" in shown
    assert b"Traceback" not in shown


@pytest.mark.parametrize("workers", [1, 2])
def test_a_reader_that_has_enough_ends_a_run_quietly(runs, workers):
    """If the reader closes the pipe, the exit code stays and nothing is printed."""
    runs.log("a.ndjson", 2**17, WRONG)
    running = runs("a.ndjson", f"--workers={workers}", "--format=ndjson")
    with running.process.stdout as out:
        assert json.loads(out.readline())["rule"] == "missing-field"
    err = running.process.stderr.read()
    assert (1, b"") == (running.process.wait(AT_ONCE), err.partition(b"docpact: ")[0])
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


@pytest.mark.parametrize("workers", [1, 2])
def test_standard_input_is_judged_however_many_workers_there_are(runs, workers):
    """Standard input is judged by the main process, since workers cannot read it."""
    lines = runs.log("a.ndjson", STRETCH // 4)
    running = runs("a.ndjson", "-", f"--workers={workers}", "--format=json")
    running.process.stdin.write(LINE * 100)
    code, out, err = running.end()
    assert (0, b"") == (code, err)
    assert lines + 100 == json.loads(out)["summary"]["checked"]
