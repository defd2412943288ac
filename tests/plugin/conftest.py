"""What the tests of the pytest plugin share: a team's project, and pytest runs in it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A run within this process forgets what it has imported, and C extensions cannot be imported twice.
import aiohttp  # noqa: F401
import httpx  # noqa: F401
import pytest
import requests  # noqa: F401
import vcr  # noqa: F401

import docpact.schemathesis
import docpact.strategies
import docpact.testing.contract_tests
import docpact.testing.fixtures
import docpact.testing.patches
import docpact.testing.watching  # noqa: F401
from docpact.mock import Mock, serve

_COUNTS = re.compile(r"(\d+) (passed|failed|skipped|error|deselected|warning)")


@dataclass(frozen=True)
class Ran:
    """How a pytest run ended."""

    code: int
    text: str

    @property
    def counts(self) -> dict[str, int]:
        """How many tests passed, failed and so on."""
        last = self.text.rstrip().rpartition("\n")[2]
        return {what: int(number) for number, what in _COUNTS.findall(last)}

    @property
    def failures(self) -> str:
        """The failures as they are told, without what differs from run to run."""
        match = re.search(r"=+ FAILURES =+\n(.*?)(?=\n=+ )", self.text, re.DOTALL)
        return steady(match[1]) if match else ""

    @property
    def collected(self) -> list[str]:
        """The names of the tests, after --collect-only -q."""
        return [line for line in self.text.splitlines() if "::" in line]


def steady(text: str) -> str:
    """The text without ports, times and rulers."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"[_=-]{3,} (.*?) [_=-]{3,}", r"--- \1 ---", text)
    text = re.sub(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", "REQUEST-ID", text)
    return re.sub(r"in \d+\.\d+s", "in TIME", text)


@dataclass(frozen=True)
class Team:
    """A team's project with docpact installed."""

    pytester: pytest.Pytester

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.pytester.path

    def write(self, **files: str) -> None:
        """Write modules, by their names."""
        self.pytester.makepyfile(**files)

    def pyproject(self, text: str) -> None:
        """Write the settings."""
        (self.folder / "pyproject.toml").write_text(text, "utf-8")

    def run(self, *arguments: object) -> Ran:
        """Run pytest within this process, which is fast."""
        result = self.pytester.runpytest_inprocess(
            "-p", "no:cacheprovider", "-p", "no:xdist", *map(str, arguments)
        )
        return Ran(int(result.ret), result.stdout.str() + result.stderr.str())

    def run_apart(self, *arguments: object, **env: str) -> Ran:
        """Run pytest in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)],
            cwd=self.folder,
            env={key: value for key, value in os.environ.items() if "PYTEST" not in key} | env,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=100,
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def run_line(self, line: str, **env: str) -> Ran:
        """Run a command line that starts with pytest, perhaps after variables."""
        words = shlex.split(line)
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            env[name] = value
        assert "pytest" == words.pop(0)
        for name, value in env.items():
            self.pytester._monkeypatch.setenv(name, value)
        return self.run(*words)


@pytest.fixture
def team(pytester) -> Team:
    """An empty project."""
    return Team(pytester)


@pytest.fixture(scope="session")
def lasting() -> Iterator[Mock]:
    """A mock for all tests of the plugin."""
    with serve() as mock:
        yield mock


@pytest.fixture
def endpoint(lasting) -> Mock:
    """An endpoint that asks for no signature, without faults and calls."""
    lasting.reset()
    return lasting
