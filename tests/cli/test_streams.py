"""Whatever becomes of its streams and its folder, docpact ends in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
FAILED = 3


@pytest.fixture
def shell(tmp_path):
    """Runs docpact from a shell, which can close streams and remove folders."""

    def run(line: str, sample: Path) -> tuple[int, str]:
        done = subprocess.run(
            ["/bin/sh", "-c", line, sys.executable, str(sample)],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stderr

    return run


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which only Linux has")
def test_a_full_disk_is_a_failure(shell, valid):
    """A report that could not be written is not passed off as clean, nor as findings."""
    code, said = shell('"$0" -m docpact validate "$1" > /dev/full', valid / "documented.json")
    assert code == FAILED
    assert "No space left" in said


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which only Linux has")
def test_a_full_disk_under_output_is_a_failure(shell, valid):
    """A file of --output on a full disk gives exit code 3."""
    line = '"$0" -m docpact validate "$1" --output /dev/full'
    code, said = shell(line, valid / "documented.json")
    assert code == FAILED
    assert "No space left" in said


def test_closed_standard_input_is_a_failure(shell, valid):
    """A dash with closed standard input gives exit code 3."""
    code, said = shell('"$0" -m docpact validate - <&-', valid)
    assert code == FAILED
    assert said.startswith("docpact: ")


def test_closed_standard_output_ends_in_no_traceback(shell, valid):
    """With closed standard output, the exit code is still right."""
    shell('"$0" -m docpact validate "$1" >&-', valid / "documented.json")


def test_a_reader_that_goes_away_ends_in_no_traceback(shell, broken):
    """`docpact … | head` ends without a traceback."""
    shell('"$0" -m docpact validate "$1" --pedantic | true', broken)


def test_a_folder_that_is_gone_ends_in_no_traceback(shell, valid):
    """If the current folder was removed, files elsewhere can still be judged."""
    line = 'mkdir gone; cd gone; rmdir ../gone; "$0" -m docpact validate "$1"'
    code, _ = shell(line, valid / "documented.json")
    assert code in {0, FAILED}


def test_a_name_that_the_system_refuses_is_told(docpact):
    """A file name that the system refuses is reported as such."""
    outcome = docpact("diff", "a" * 5000, "b")
    assert outcome.code == FAILED
    assert "cannot be used: File name too long" in outcome.err
    assert len(outcome.err) < 200
