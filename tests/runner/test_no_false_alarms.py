"""A server that is right is found right, however it goes about it."""

import importlib.util
import os
from pathlib import Path

import pytest

from docpact.contract import Media
from docpact.mock import serve
from docpact.runner import KnownInstances, Limits

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SEEDS = range(50 if DEEP else 2)


def _odd_servers():
    path = Path(__file__).with_name("odd_servers.py")
    spec = importlib.util.spec_from_file_location("odd_servers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ODD = _odd_servers()
# What a person who reads the page would want to be told, and no more than that.
RIGHTLY_TOLD = {"priority": [("undocumented-field", "Instance.Priority")]}


@pytest.fixture(scope="module", params=["", "any:7"], ids=["listed", "any"])
def world(request):
    """What exists: what a file lists, or whatever is asked for."""
    return request.param


@pytest.fixture(scope="module", params=["off", "required"])
def correct(world, request):
    """A mock without faults."""
    with serve(world=world, auth=request.param) as mock:
        yield mock


def known_at(mock):
    """What is known of a mock; one that tells of anything is said to do so."""
    up, down = mock.world.known()
    return KnownInstances(up, down, everything_exists=not up)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mock_has_no_finding(correct, checked, told, key, seed):
    """The mock has no finding and no note in any world, with signatures or without."""
    chosen = key if correct.endpoint.access.auth == "required" else None
    outcome = checked(
        correct.url, known_at(correct), key=chosen, seed=seed, limits=Limits(220 if DEEP else 180)
    )
    assert [] == told(outcome)
    assert outcome.report.problems == ()
    assert outcome.report.checked > 100


@pytest.mark.parametrize("workers", [1, 4])
def test_nothing_is_found_by_several_at_a_time(mock, known, checked, told, workers):
    """Several workers have no finding about the mock, whatever the order of the answers."""
    outcome = checked(mock.url, known(mock), workers=workers, limits=Limits(600 if DEEP else 250))
    assert [] == told(outcome)
    assert outcome.report.checked == outcome.sent


@pytest.mark.parametrize("everything", [False, True])
def test_nothing_is_found_where_nothing_is_known(correct, checked, told, key, everything):
    """Without named instances, the mock has no finding."""
    known = KnownInstances(everything_exists=everything or not correct.world.known()[0])
    chosen = key if correct.endpoint.access.auth == "required" else None
    assert [] == told(checked(correct.url, known, key=chosen))


@pytest.mark.parametrize("media", list(Media))
def test_nothing_is_found_in_one_format(mock, known, checked, told, media):
    """In one format alone, the mock has no finding."""
    assert [] == told(checked(mock.url, known(mock), media=(media,)))


@pytest.mark.parametrize("name", list(ODD.odd_servers()))
@pytest.mark.parametrize("workers", [1, 4] if DEEP else [1])
def test_an_unusual_server_is_right_too(checked, told, key, name, workers):
    """A server that does what the page leaves open has no finding."""
    with ODD.serving(ODD.odd_servers()[name]) as server:
        known = KnownInstances(*server.endpoint.world.known())
        chosen = key if server.odd.signed else None
        outcome = checked(
            server.url, known, key=chosen, workers=workers, limits=Limits(220 if DEEP else 170)
        )
    assert RIGHTLY_TOLD.get(name, []) == [each[:2] for each in told(outcome)], told(outcome)
    assert (outcome.diagnostics, outcome.report.problems) == ((), ())


@pytest.mark.parametrize("name", ["packed", "prefix", "header-names", "json-by-default"])
def test_schemathesis_finds_no_more(checked, told, key, name):
    """The calls of schemathesis, which another library sends, have no finding."""
    with ODD.serving(ODD.odd_servers()[name]) as server:
        known = KnownInstances(*server.endpoint.world.known())
        chosen = key if server.odd.signed else None
        outcome = checked(server.url, known, key=chosen, limits=Limits(260), engine=True)
    assert [] == told(outcome)
    assert outcome.report.problems == ()
    assert outcome.coverage.labels["schemathesis"] > 10
