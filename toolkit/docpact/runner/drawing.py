"""Calls drawn at random from every kind there is, the same ones for the same seed."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, Phase, configuration, given, seed, settings

from docpact.contract import Contract
from docpact.generate.requests import REQUEST_LABELS as LABELS
from docpact.generate.requests import SIGNATURE_LABELS, RequestCase, requests
from docpact.runner.probes import Known

_HOME: Final = "__hypothesis_home_directory"


def drawn_cases(
    contract: Contract, known: Known, number: int, amount: int
) -> Iterator[RequestCase]:
    """Different calls, at most as many as asked for."""
    strategy = requests(
        contract,
        running=known.running,
        not_running=known.not_running,
        accepted={"RegionId": known.region} if known.region else None,
        everything_exists=known.everything_exists,
        labels=[each for each in LABELS if each not in SIGNATURE_LABELS],
    )
    drawn: dict[str, RequestCase] = {}

    @seed(number)
    @settings(
        max_examples=max(1, amount),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(case: RequestCase) -> None:
        drawn.setdefault(repr(case.request), case)

    with kept_elsewhere():
        draw()
    yield from drawn.values()


@contextmanager
def kept_elsewhere() -> Iterator[None]:
    """Let Hypothesis keep its caches in a folder that goes away, not in the working directory."""
    before = getattr(configuration, _HOME)
    with TemporaryDirectory(prefix="docpact-", ignore_cleanup_errors=True) as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)
