"""Measure whole processes: `docpact validate` of one file beside check-jsonschema.

Both judge the same body by the same schema; docpact also judges all that a schema cannot say. The
runs alternate, so that whatever else the machine does hits both alike.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
RUNS = 21
BODY = "samples/responses/valid/documented.json"
BIN = Path(sys.executable).parent

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "docpact --version": [str(BIN / "docpact"), "--version"],
    "docpact validate one.json": [str(BIN / "docpact"), "validate", BODY],
    "docpact validate one.xml": [str(BIN / "docpact"), "validate", BODY.replace("json", "xml")],
    "check-jsonschema one.json": [
        str(BIN / "check-jsonschema"),
        "--schemafile",
        "schemas/getinstance.schema.json",
        BODY,
    ],
}


def milliseconds(command: list[str]) -> float:
    """The time that one process takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print the median of each command, and its share of the peer's."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            spent = milliseconds(command)
            if run:  # the first round warms the file cache
                taken[name].append(spent)
    peer = statistics.median(taken["check-jsonschema one.json"])
    print(f"{'whole process, median of ' + str(RUNS):34}{'ms':>8}{'of the peer':>13}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:34}{median:8.0f}{median / peer:13.2f}")


if __name__ == "__main__":
    main()
