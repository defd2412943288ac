"""What the tests of the command line share: docpact as a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def valid() -> Path:
    """The folder of right answers."""
    return ROOT / "samples" / "responses" / "valid"


@pytest.fixture(scope="session")
def broken() -> Path:
    """The folder of broken answers."""
    return ROOT / "samples" / "responses" / "broken"


@pytest.fixture
def docpact(tmp_path):
    """Runs docpact in an empty folder and makes sure that it never ends in a traceback."""

    def run(*arguments, stdin: bytes = b"", cwd: Path = tmp_path, **env: str) -> Outcome:
        ambient = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "docpact", *map(str, arguments)],
            input=stdin,
            cwd=cwd,
            env=ambient | env,
            capture_output=True,
            check=False,
            timeout=60,
        )
        outcome = Outcome(
            done.returncode,
            done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"),
        )
        assert "Traceback" not in outcome.err, outcome.err
        return outcome

    return run
