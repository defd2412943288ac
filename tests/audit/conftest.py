"""What the tests of audits share: a checker, captures made from the contract, runs over them."""

import json
from pathlib import Path

import pytest

from docpact.audit import AuditOptions, ReadOptions, audited
from docpact.capture import captured_files
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.generate.sampler import sample_responses
from docpact.settings import Settings


@pytest.fixture(scope="session")
def checker() -> Checker:
    """The checker of the shipped contract."""
    return Checker(load_bundled(), load_bundled_schemas())


@pytest.fixture(scope="session")
def lines() -> list[bytes]:
    """Right answers, each on a line of its own; every seventh is broken."""
    made = sample_responses(load_bundled(), seed=3, media="json", count=300)
    bodies = [json.dumps(json.loads(each.body)).encode() for each in made]
    return [
        body.replace(b'"ActualState"', b'"actualState"') if number % 7 == 0 else body
        for number, body in enumerate(bodies)
    ]


@pytest.fixture
def run(checker):
    """An audit of some paths."""

    def audit(*paths: Path, settings=None, workers: int = 1, on_progress=None, **options):
        files = captured_files(map(str, paths))
        wanted, told = AuditOptions(**options), settings or Settings()
        reading = ReadOptions()
        return audited(
            files, checker, told, reading, options=wanted, workers=workers, on_progress=on_progress
        )

    return audit
