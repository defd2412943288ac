"""Measure `docpact validate` over many answers, beside parsing alone and beside other validators.

The peers judge types, listed values and required members by the same schemas, or parse only;
docpact also judges repeated names, masks, constraints and encodings. What is measured alternates,
so that whatever else the machine does hits all alike; the best round counts. `--gigabyte` audits
a gigabyte. Other commands, over files and archives, are in `audit_peers.py`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import audit_peers
import fastjsonschema
import jsonschema
import orjson
import xmlschema
from lxml import etree

from docpact.check.prefilter import Quick
from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, Response, Source
from docpact.generate.sampler import sample_responses

CHECKOUT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COUNT = 5000
FEW = 200  # for what is slow
ROUNDS = 5
MEGABYTE = 1e6

# Runs a command and tells how much memory its largest process held. A child's peak begins with what
# its parent holds, so the parent must be small.
WEIGHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

Judge = Callable[[bytes], object]


def rates(judges: dict[str, tuple[Judge, int]], bodies: list[bytes]) -> dict[str, float]:
    """Bytes a second of each, in the best of several rounds."""
    best = dict.fromkeys(judges, 0.0)
    for _ in range(ROUNDS):
        for name, (judge, count) in judges.items():
            chosen = bodies[:count]
            start = time.perf_counter()
            for body in chosen:
                judge(body)
            spent = time.perf_counter() - start
            best[name] = max(best[name], sum(map(len, chosen)) / spent)
    return best


def table(title: str, found: dict[str, float], peer: str) -> None:
    """Print rates and their share of one of them."""
    print(f"{title:44}{'MB/s':>9}{'of ' + peer:>22}")
    for name, rate in found.items():
        print(f"{name:44}{rate / MEGABYTE:9.1f}{rate / found[peer]:22.2f}")
    print()


def _without_draft(schema: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in schema.items() if key not in {"$schema", "$id"}}


def in_process() -> None:
    """Answers one by one in this process."""
    contract = load_bundled()
    quick = Quick(contract)
    schema = json.loads((CHECKOUT / "schemas" / "getinstance.schema.json").read_text("utf-8"))
    draft = jsonschema.Draft202012Validator(schema)
    # It takes a media type for an assertion, which no draft after the sixth does.
    annotated = json.dumps(schema).replace('"contentMediaType"', '"x-media-type"')
    fast = fastjsonschema.compile(_without_draft(json.loads(annotated)))
    made = [each.body for each in sample_responses(contract, seed=1, media="json", count=COUNT)]
    judges: dict[str, tuple[Judge, int]] = {
        "orjson.loads": (orjson.loads, COUNT),
        "json.loads": (json.loads, COUNT),
        "docpact": (quick.value_of, COUNT),
        "fastjsonschema, orjson": (lambda body: fast(orjson.loads(body)), FEW),
        "jsonschema, orjson": (lambda body: draft.is_valid(orjson.loads(body)), FEW),
    }
    table(f"JSON, {COUNT} answers, one core", rates(judges, made), "orjson.loads")

    xsd = xmlschema.XMLSchema(str(CHECKOUT / "schemas" / "getinstance.xsd"))
    made = [each.body for each in sample_responses(contract, seed=1, media="xml", count=COUNT)]

    def judge(body: bytes) -> object:
        return quick.passes(Exchange(Response(body), Source("x")))

    passed = sum(judge(each) is not None for each in made)
    judges = {
        "lxml": (etree.fromstring, COUNT),
        "docpact": (judge, COUNT),
        "xmlschema": (lambda body: xsd.is_valid(etree.fromstring(body)), FEW // 4),
    }
    table(f"XML, {COUNT} answers ({passed} by the quick check)", rates(judges, made), "lxml")


def whole_runs(size: int) -> None:
    """Whole processes over a log that `docpact generate` has made."""
    with tempfile.TemporaryDirectory() as folder:
        log, one = Path(folder, "log.ndjson"), Path(folder, "one.ndjson")
        with one.open("wb") as stream:
            command = [str(BIN / "docpact"), "generate", "-n", "10000", "--seed", "1"]
            subprocess.run(command, stdout=stream, stderr=subprocess.DEVNULL, check=True)
        data = one.read_bytes()
        with log.open("wb") as stream:
            while stream.tell() < size:
                stream.write(data)
        total = log.stat().st_size
        title = f"whole runs over {total / MEGABYTE:.0f} MB"
        print(f"{title:44}{'MB/s':>9}{'seconds':>11}{'MB held':>9}")
        for workers in (1, 2):
            command = [str(BIN / "docpact"), "validate", str(log), "--workers", str(workers)]
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", WEIGHED, *command], stdout=subprocess.PIPE, check=True
            )
            spent = time.perf_counter() - start
            rate, memory = total / spent / MEGABYTE, int(done.stdout) / 1024
            print(f"{f'--workers {workers}':44}{rate:9.1f}{spent:11.1f}{memory:9.0f}")


def main() -> None:
    """Print all tables."""
    in_process()
    whole_runs(10**9 if "--gigabyte" in sys.argv else 10**8)
    audit_peers.main()


if __name__ == "__main__":
    main()
