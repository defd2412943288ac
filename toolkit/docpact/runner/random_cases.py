"""Calls drawn at random from every kind there is, the same ones for the same seed."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
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
    """Let Hypothesis keep its tables of characters out of the working directory.

    They take seconds to compute, so they stay from run to run.
    """
    before = getattr(configuration, _HOME)
    with _folder() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


@contextmanager
def _folder() -> Iterator[Path]:
    """The user's folder for what may be lost, or else one that goes away."""
    ours = _our_folder()
    if ours is not None:
        yield ours / "hypothesis"
        return
    with TemporaryDirectory(prefix="docpact-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _our_folder() -> Path | None:
    """A folder that stays, if it is there or can be made, and nobody else can write into it.

    Where it stands, anybody can make folders, so somebody else may have made this one.
    """
    if sys.platform == "win32":  # tells no owner
        return None
    folder = Path(gettempdir(), f"docpact-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return folder if is_private and found.st_uid == os.getuid() else None
