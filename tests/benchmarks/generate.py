"""Measure how fast answers are made, beside hypothesis-jsonschema, and how many of them are right.

All three make JSON answers for the same contract; the peer reads our emitted schema, which cannot
say everything. Rounds alternate, so that whatever else the machine does hits all alike.
"""

import json
import statistics
import time
import warnings
from collections.abc import Callable  # noqa: TC003  # a script, run as it is
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning
from hypothesis.internal.conjecture import utils
from hypothesis_jsonschema import from_schema

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.span import Severity
from docpact.generate.sampler import sample_responses
from docpact.strategies import responses

SCHEMA = Path(__file__).parents[2] / "schemas" / "getinstance.schema.json"
ROUNDS = 3
EXAMPLES = 60
PEER = "hypothesis-jsonschema from_schema"


class Elements(utils.many):
    """What the peer's last release expects of Hypothesis: `more`, which newer ones do not have."""

    def more(self) -> bool:
        """Whether another element is to be drawn."""
        if not self._iterated:
            self._steps = iter(self.__enter__())
        if next(self._steps, self) is None:
            return True
        self.__exit__(None)
        return False


def drawn(strategy: st.SearchStrategy[Response], seed: int) -> list[Response]:
    """Examples as a test would see them."""
    seen: list[Response] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(response: Response) -> None:
        seen.append(response)

    seeded(seed)(collect)()
    return seen


def peer() -> st.SearchStrategy[Response]:
    """The peer's examples of our schema, as responses."""
    headers = (("Content-Type", "application/json"),)
    values = from_schema(json.loads(SCHEMA.read_text("utf-8")))
    return values.map(lambda value: Response(json.dumps(value).encode(), 200, headers))


def main() -> None:
    """Print examples per second, their ratio to the peer's, and the share that is clean."""
    warnings.simplefilter("ignore", HypothesisWarning)
    utils.many = Elements  # type: ignore[misc]  # the same, and one method more
    contract = load_bundled()
    theirs, ours = peer(), responses(media="json")
    makers: dict[str, Callable[[int], list[Response]]] = {
        PEER: lambda seed: drawn(theirs, seed),
        "docpact.strategies responses": lambda seed: drawn(ours, seed),
        "docpact sampler (docpact generate)": lambda seed: list(
            sample_responses(contract, seed=seed, media="json", count=1000)
        ),
    }
    rates: dict[str, list[float]] = {name: [] for name in makers}
    made: dict[str, list[Response]] = {name: [] for name in makers}
    for seed in range(ROUNDS):
        for name, make in makers.items():
            start = time.perf_counter()
            examples = make(seed)
            rates[name].append(len(examples) / (time.perf_counter() - start))
            made[name] += examples
    show(rates, made, Checker(contract, load_bundled_schemas()))


def show(rates: dict[str, list[float]], made: dict[str, list[Response]], checker: Checker) -> None:
    """One line for each maker; clean means without even a note."""
    peer_rate = statistics.median(rates[PEER])
    heads = f"{'per s':>8}{'of the peer':>13}{'no errors':>11}{'clean':>9}"
    print(f"{'JSON answers, median of ' + str(ROUNDS):36}{heads}")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        found = [
            {finding.severity for finding in checker.check(Exchange(each, Source(name)))}
            for each in made[name]
        ]
        right = sum(Severity.ERROR not in each for each in found) / len(found)
        clean = sum(not each for each in found) / len(found)
        print(f"{name:36}{rate:8.0f}{rate / peer_rate:13.1f}{right:11.1%}{clean:9.1%}")


if __name__ == "__main__":
    main()
