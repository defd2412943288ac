"""Measure the mock beside Prism mocking our OpenAPI document: calls a second, and CPU for each.

Needs wrk (Debian: `apt-get install wrk`), node and npm; what is missing is said and left out.
Both servers run on the same two cores as wrk and are measured in turn.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PRISM = "@stoplight/prism-cli@5"
TARGET = "/api/v2/projects/project1/jobs/job1/instances/123"
SECONDS = 4
ROUNDS = 3
CONNECTIONS = (1, 16)
FORMATS = ("application/json", "application/xml")


@dataclass(frozen=True)
class Run:
    """What one round came to."""

    rate: float  # calls a second
    cpu: float  # milliseconds of the server's CPU for each call


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(command: list[str], port: int) -> Iterator[int]:
    """The id of a server's process while it runs."""
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log)
        try:
            wait_for(port)
            yield server.pid
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int) -> None:
    """Come back when somebody listens."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit(f"nobody listens on {port}")


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(pid: int, port: int, connections: int, accept: str) -> Run:
    """One round of wrk."""
    before = cpu_seconds(pid)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-H", f"Accept: {accept}"]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{TARGET}"], capture_output=True, text=True, check=True
    )
    calls = int(re.search(r"(\d+) requests in", done.stdout)[1])
    if "Non-2xx" in done.stdout:
        sys.exit(done.stdout)
    return Run(calls / SECONDS, (cpu_seconds(pid) - before) * 1000 / calls)


def prism() -> list[str]:
    """Prism's command, installed from the npm registry into a folder of its own."""
    folder = CHECKOUT / "build" / "prism"
    program = folder / "node_modules" / ".bin" / "prism"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), PRISM],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    # The program itself, not a shell in front of it, so that its CPU time can be read.
    return ["node", str(program.resolve())]


def main() -> None:
    """Print both servers side by side."""
    missing = [each for each in ("wrk", "node", "npm") if shutil.which(each) is None]
    if missing:
        print(f"not measured, because {', '.join(missing)} is not there")
        return
    document = str(CHECKOUT / "schemas" / "getinstance.openapi.yaml")
    ours, theirs = free_port(), free_port()
    commands = {
        "docpact mock": ([str(Path(sys.executable).parent / "docpact"), "mock"], ours),
        "prism mock": ([*prism(), "mock", document, "-h", "127.0.0.1"], theirs),
    }
    runs: dict[tuple[str, str, int], list[Run]] = {}
    for name, (command, port) in commands.items():
        options = ["--port", str(port)] if name == "docpact mock" else ["-p", str(port)]
        with serving([*command, *options], port) as pid:
            measured(pid, port, 16, FORMATS[0])  # warms it up
            for accept in FORMATS:
                for connections in CONNECTIONS:
                    made = [measured(pid, port, connections, accept) for _ in range(ROUNDS)]
                    runs[name, accept, connections] = made
    print(f"{'server, format, connections':44}{'calls/s':>9}{'CPU ms/call':>13}{'of Prism':>10}")
    for (name, accept, connections), made in runs.items():
        best = max(made, key=lambda each: each.rate)
        peer = max(runs["prism mock", accept, connections], key=lambda each: each.rate)
        label = f"{name}, {accept}, {connections}"
        ratio = best.rate / peer.rate
        print(f"{label:44}{best.rate:9.0f}{best.cpu:13.2f}{ratio:10.1f}")


if __name__ == "__main__":
    main()
