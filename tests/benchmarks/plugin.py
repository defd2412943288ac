"""Measure what the pytest plugin costs a project that does not use it.

`pytest --collect-only` with the plugin and without it, in alternation, and the import of the plugin
after that of pytest, each in a process of its own.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15
LIMIT = 5.0  # milliseconds for the import
TEST = "def test_{}():\n    assert True\n"
IMPORT = (
    "import time, pytest; start = time.perf_counter(); import docpact.pytest_plugin; "
    "print((time.perf_counter() - start) * 1000)"
)
PYTEST = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
COMMANDS = {"without the plugin": [*PYTEST, "-p", "no:docpact"], "with the plugin": PYTEST}


def milliseconds(command: list[str], folder: str) -> float:
    """The time that one process takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def imported() -> float:
    """The time that the import of the plugin takes."""
    done = subprocess.run([sys.executable, "-c", IMPORT], check=True, capture_output=True)
    return float(done.stdout)


def main() -> int:
    """Print both medians and the import; it fails if the import takes too long."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(10):
            path = Path(folder, f"test_{number}.py")
            path.write_text("".join(TEST.format(each) for each in range(20)), "utf-8")
        for run in range(RUNS + 1):
            for name, command in COMMANDS.items():
                spent = milliseconds(command, folder)
                if run:  # the first round warms the file cache
                    taken[name].append(spent)
    without = statistics.median(taken["without the plugin"])
    print(f"{'collecting 200 tests, median of ' + str(RUNS):38}{'ms':>8}{'of that without':>17}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:38}{median:8.0f}{median / without:17.3f}")
    spent = statistics.median(imported() for _ in range(RUNS))
    print(f"{'import of the plugin after pytest':38}{spent:8.2f}{'limit ' + str(LIMIT):>17}")
    return int(spent > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
