"""Measure whole runs of `docpact validate` beside check-jsonschema and `redocly drift`.

check-jsonschema judges files of JSON by our JSON Schema, drift the calls of HTTP Archives by our
OpenAPI document. How fast they are says little without what they notice, so both are counted: of
the broken samples, each a file for the one and an archive of one call for the other.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from docpact.capture import captured_files, exchange_in
from docpact.contract import load_bundled
from docpact.core.exchange import Request, Response
from docpact.generate.sampler import sample_responses
from docpact.http.har import RecordedCall, har_text

CHECKOUT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SCHEMA = CHECKOUT / "schemas" / "getinstance.schema.json"
DOCUMENT = CHECKOUT / "schemas" / "getinstance.openapi.yaml"
SAMPLES = CHECKOUT / "samples"
DRIFT = "@redocly/cli@2"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
FILES, CALLS, ROUNDS = 300, 10_000, 5
TARGET = "/api/v2/projects/project1/jobs/job1/instances/412536"
STARTED = 1.7e9

DOCPACT = [str(BIN / "docpact"), "validate"]
CHECK_JSONSCHEMA = [str(BIN / "check-jsonschema"), "--schemafile", str(SCHEMA)]


def drift() -> list[str] | None:
    """Redocly's command, installed from the npm registry into a folder of its own."""
    folder = CHECKOUT / "build" / "redocly"
    program = folder / "node_modules" / ".bin" / "redocly"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), DRIFT]
        if not shutil.which("npm") or subprocess.run(install, check=False).returncode:
            return None
    options = ["--api", str(DOCUMENT), "--match-mode", "basepath", "--format", "json"]
    return ["node", str(program.resolve()), "drift", *options] if shutil.which("node") else None


def output(command: list[str]) -> str:
    """What a command prints; that it found something is no failure."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | QUIET
    )
    if done.returncode not in {0, 1}:
        sys.exit(f"{command[0]} failed: {done.stderr}")
    return done.stdout


def seconds(commands: dict[str, list[str]]) -> dict[str, float]:
    """The best time of each, in rounds that alternate."""
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(ROUNDS):
        for name, command in commands.items():
            start = time.perf_counter()
            output(command)
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def table(title: str, count: int, commands: dict[str, list[str] | None]) -> None:
    """Print the time of each and its answers a second; what cannot be run is said."""
    print(f"{title:44}{'seconds':>9}{'answers/s':>13}{'of docpact':>13}")
    there = {name: command for name, command in commands.items() if command}
    best = seconds(there)
    for name, spent in best.items():
        print(f"{name:44}{spent:9.2f}{count / spent:13.0f}{spent / best['docpact']:13.2f}")
    for name in commands.keys() - there.keys():
        print(f"{name:44}  not measured: node or npm is not there, or cannot install it")
    print()


def over_files(folder: Path) -> None:
    """One file, and some hundred."""
    bodies = sample_responses(load_bundled(), seed=1, media="json", count=FILES)
    paths = [str(folder / f"{number:03}.json") for number in range(FILES)]
    for path, made in zip(paths, bodies, strict=True):
        Path(path).write_bytes(made.body)
    for chosen in (paths[:1], paths):
        commands = {
            "docpact": [*DOCPACT, *chosen],
            "check-jsonschema": [*CHECK_JSONSCHEMA, *chosen],
        }
        table(f"whole runs over {len(chosen)} JSON files", len(chosen), commands)


def over_archives(folder: Path, peer: list[str] | None) -> None:
    """The recorded archive of three calls, and one of many."""
    made = sample_responses(load_bundled(), seed=1, media="json", count=CALLS)
    long = folder / "long.har"
    long.write_text(archive([(asked_for(each), each) for each in made]), "utf-8")
    recorded = SAMPLES / "captures" / "clean" / "docpact.har"
    for path, count in ((recorded, 3), (long, CALLS)):
        commands = {
            "docpact": [*DOCPACT, str(path), "--fail-on", "never"],
            "redocly drift": peer and [*peer, str(path)],
        }
        table(f"whole runs over an archive of {count} calls", count, commands)


def asked_for(response: Response) -> Request:
    """The request that an answer in JSON is right for."""
    told = json.loads(response.body)["Instance"]
    names = (quote(str(told[each]), safe="") for each in ("ProjectName", "JobName", "Id"))
    return Request("GET", "/api/v2/projects/{}/jobs/{}/instances/{}".format(*names))


def archive(calls: list[tuple[Request, Response]]) -> str:
    """An HTTP Archive of these calls."""
    timed = (RecordedCall(*call, STARTED + number) for number, call in enumerate(calls))
    return har_text(timed, "http://127.0.0.1")


def call_of(sample: Path) -> tuple[Request, Response]:
    """A sample as a call; where it is but a body, the call went as the body says."""
    (file,) = captured_files([str(sample)])
    exchange = exchange_in(file)
    response = exchange.response
    kind = "text/xml" if sample.suffix == ".xml" else "application/json"
    if response.status is None:
        status = 404 if sample.stem == "error" else 200
        response = Response(response.body, status, (("Content-Type", f"{kind};charset=utf-8"),))
    return exchange.request or Request("GET", TARGET), response


def noticed_by_docpact(archives: list[Path]) -> set[str]:
    """The archives in which we find something by the rule that each is named for."""
    told = output([*DOCPACT, "-v", "--format", "json", *map(str, archives)])
    found = {(Path(each["at"]["file"]).name, each["rule"]) for each in json.loads(told)["findings"]}
    return {each.name for each in archives if (each.name, each.name.partition(".")[0]) in found}


def noticed_by_drift(peer: list[str], archives: list[Path]) -> set[str]:
    """The archives in which drift finds something, whatever it is."""

    def finds(path: Path) -> bool:
        return bool(json.loads(output([*peer, str(path)]))["problems"])

    with ThreadPoolExecutor(2) as pool:
        found = pool.map(finds, archives)
        return {each.name for each, is_found in zip(archives, found, strict=True) if is_found}


def noticed_by_check_jsonschema(files: list[Path]) -> set[str]:
    """The files in which check-jsonschema finds something."""
    told = json.loads(output([*CHECK_JSONSCHEMA, "--output-format", "json", *map(str, files)]))
    return {Path(each["filename"]).name for each in told["errors"] + told["parse_errors"]}


def noticing(folder: Path, peer: list[str] | None) -> None:
    """Print how many of the broken samples each notices."""
    samples = sorted((SAMPLES / "responses" / "broken").iterdir())
    valid = [each for each in (SAMPLES / "responses" / "valid").iterdir() if each.suffix != ".http"]
    archives = {each: folder / f"{each.name}.har" for each in (*samples, *valid)}
    for sample, path in archives.items():
        path.write_text(archive([call_of(sample)]), "utf-8")
    broken = [archives[each] for each in samples]
    found = {"docpact": noticed_by_docpact(broken)}
    if peer:
        alarms = noticed_by_drift(peer, [archives[each] for each in valid])
        print(
            f"of {len(valid)} valid samples, redocly drift finds something in",
            *(alarms or ["none"]),
        )
        found["redocly drift"] = noticed_by_drift(peer, broken)
    bodies = [each for each in samples if each.suffix == ".json"]
    by_schema = noticed_by_check_jsonschema(bodies)
    found["check-jsonschema"] = {f"{each}.har" for each in by_schema}
    kinds = {"JSON": ".json", "XML": ".xml", "messages": ".http", "text": ".txt"}
    print(f"{'broken samples noticed':44}" + "".join(f"{each:>12}" for each in kinds))
    for name, names in found.items():
        cells = ""
        for suffix in kinds.values():
            of_kind = {f"{each.name}.har" for each in samples if each.suffix == suffix}
            cells += f"{f'{len(names & of_kind)} of {len(of_kind)}':>12}"
        print(f"{name:44}{cells}")
    print()


def recorded(peer: list[str] | None) -> None:
    """Print how many of the faulty answers in the recorded archives each notices."""
    print(f"{'faulty answers noticed in recorded archives':44}{'docpact':>18}{'redocly drift':>18}")
    for path in sorted((SAMPLES / "captures" / "broken").glob("*.har")):
        told = json.loads(output([*DOCPACT, "--format", "json", str(path)]))
        ours = len({each["at"]["exchange"] for each in told["findings"]})
        problems = json.loads(output([*peer, str(path)]))["problems"] if peer else []
        theirs = sum(each["occurrences"] for each in problems if "enum" in each["message"])
        cell = f"{theirs} of {ours}" if peer else "not there"
        print(f"{path.name:44}{f'{ours} of {ours}':>18}{cell:>18}")
    print()


def main() -> None:
    """Print all tables."""
    peer = drift()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        over_files(folder)
        over_archives(folder, peer)
        noticing(folder, peer)
    recorded(peer)


if __name__ == "__main__":
    main()
