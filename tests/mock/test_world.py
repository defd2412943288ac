"""The worlds that the mock serves keep the contract, at every moment of their life."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docpact.check import Checker, Session, compare_formats
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Request, Source
from docpact.http.signing import Refusal
from docpact.mock import ListedWorld, world_named
from docpact.mock.server import endpoint_for
from docpact.mock.world import ENDED, Lifecycle

CONTRACT = load_bundled()
SCHEMAS = load_bundled_schemas()
CHECKER = Checker(CONTRACT, SCHEMAS)
STREAM = ["WAITING", "RUNNING", "PAUSED", "RUNNING", "TERMINATED"]
BATCH = ["WAITING", "RUNNING", "SUCCESS"]
LIVES = [  # how it is listed, and the states that follow
    ("FLINK_STREAM", {"ActualState": "WAITING"}, STREAM),
    ("FLINK_STREAM", {"ActualState": "RUNNING"}, STREAM[1:]),
    ("FLINK_STREAM", {"ActualState": "PAUSED"}, STREAM[2:]),
    ("FLINK_STREAM", {"ActualState": "TERMINATED", "EndTime": 1599797940000}, STREAM[4:]),
    ("FLINK_BATCH", {"ActualState": "WAITING"}, BATCH),
    ("FLINK_BATCH", {"ActualState": "RUNNING"}, BATCH[1:]),
    ("FLINK_BATCH", {"ActualState": "PAUSED"}, ["PAUSED", *BATCH[1:]]),
    ("FLINK_BATCH", {"ActualState": "SUCCESS", "EndTime": 1599797940000}, BATCH[2:]),
    ("FLINK_BATCH", {"ActualState": "FAILED", "EndTime": 1599797940000}, ["FAILED"]),
    (
        "FLINK_BATCH",
        {"ActualState": "RUNNING", "LastErrorMessage": "no input", "LastErrorTime": 1599797940000},
        ["RUNNING", "FAILED"],
    ),
    ("FLINK_STREAM", {}, STREAM),  # nobody says
    ("FLINK_BATCH", {}, BATCH),
]
BORN = 1_700_000_000.0


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = BORN

    def __call__(self) -> float:
        """The time that it shows."""
        return self.now


def live_world(pace=1.0):
    """The default world as it lives, and its clock."""
    clock = Clock()
    return world_named("", CONTRACT, SCHEMAS, Lifecycle(pace, clock)), clock


def call_for(values, media="JSON"):
    """The call that asks for an instance."""
    project, job, number = (quote(each, safe="") for each in values)
    target = f"/api/v2/projects/{project}/jobs/{job}/instances/{number}?Format={media}"
    return Request("GET", target)


def value_of(response):
    """What an answer says, by the documented names."""
    return CHECKER.judge(Exchange(response, Source("body"))).value


def found_in(endpoint, values, session=None):
    """What is wrong with the answers about one instance, in both formats and between them."""
    exchanges = []
    for media in ("JSON", "XML"):
        request = call_for(values, media)
        exchanges.append(Exchange(endpoint.respond(request).response, Source(media), request))
    found = [each for exchange in exchanges for each in CHECKER.check(exchange, session)]
    return [
        (each.rule, each.message)
        for each in (*found, *compare_formats(*map(CHECKER.judge, exchanges)))
    ]


def test_the_default_world_is_clean():
    """Every instance of the default world keeps the contract in both formats."""
    endpoint = endpoint_for()
    running, stopped = endpoint.world.known()
    session = Session(CONTRACT)
    assert [] == [
        each for names in running + stopped for each in found_in(endpoint, names, session)
    ]
    for names in running + stopped:
        status = 200 if names in running else 409
        assert status == endpoint.respond(call_for(names)).response.status


def test_the_default_world_has_one_of_each_kind():
    """The default world has every state, job type and API type, and hard names and ids."""
    world = world_named("", CONTRACT, SCHEMAS)
    instances = [value["Instance"] for _, value in world.everything()]
    states = {each["ActualState"] for each in instances}
    assert {"WAITING", "RUNNING", "PAUSED", "TERMINATED", "SUCCESS", "FAILED"} == states
    assert {"FLINK_STREAM", "FLINK_BATCH"} == {each["JobType"] for each in instances}
    assert {"SQL", "DATASTREAM"} == {each["ApiType"] for each in instances}
    names = "".join(each["ProjectName"] + each["JobName"] for each in instances)
    assert not names.isascii()
    assert set(" +&/") <= set(names)
    assert max(each["Id"] for each in instances) > 2**53


def test_an_earlier_run_of_a_job_that_runs_is_told():
    """An ended instance of a running job can be asked for."""
    response = endpoint_for().respond(call_for(("project1", "batch-job", "412540"))).response
    assert 200 == response.status
    assert "SUCCESS" == value_of(response)["Instance"]["ActualState"]


def test_the_current_instance_is_the_one_that_has_not_ended():
    """The id -1 asks for the instance that has not ended, and the answer has its real id."""
    response = endpoint_for().respond(call_for(("project1", "batch-job", "-1"))).response
    assert 412542 == value_of(response)["Instance"]["Id"]


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        (("project1", "stopped-job", "412570"), 409, "JobNotRunning"),
        (("project1", "stopped-job", "-1"), 409, "JobNotRunning"),
        (("nowhere", "job1", "123"), 404, "projectName.NotFound"),
        (("project1", "nothing", "123"), 404, "jobName.NotFound"),
        (("project1", "job1", "124"), 404, "instanceId.NotFound"),
        (("nowhere", "job1", "-1"), 404, "projectName.NotFound"),
        (("project1", "nothing", "-1"), 404, "jobName.NotFound"),
    ],
)
def test_a_refusal_names_the_first_thing_that_is_not_there(values, status, code):
    """A refusal names the first parameter that nothing has."""
    response = endpoint_for().respond(call_for(values)).response
    assert (status, code) == (response.status, value_of(response)["Code"])


@settings(max_examples=50)
@given(
    seed=st.integers(0, 2**32),
    names=st.tuples(
        *2 * [st.text("abz 项+&<-_", min_size=1, max_size=20).filter(str.strip)],
        st.integers(-(2**63), 2**63 - 1).map(str),
    ),
)
def test_in_the_world_any_everything_exists_and_is_clean(seed, names):
    """In the world `any`, the same call always has the same valid answer."""
    endpoint = endpoint_for(world=f"any:{seed}")
    assert [] == found_in(endpoint, names, Session(CONTRACT))
    again = endpoint_for(world=f"any:{seed}").world.find(names)
    assert again == endpoint.world.find(names)


def test_another_seed_makes_another_world():
    """Worlds of different seeds have different instances."""
    values = ("project1", "job1", "1")
    worlds = [world_named(f"any:{seed}", CONTRACT, SCHEMAS) for seed in range(20)]
    assert 20 == len({str(each.find(values)) for each in worlds})


@settings(max_examples=25)
@given(elapsed=st.floats(0, 12), pace=st.floats(0.01, 3))
def test_a_living_world_is_clean_at_every_moment(elapsed, pace):
    """Every answer keeps the contract at every moment of the lifecycle."""
    world, clock = live_world(pace)
    clock.now = BORN + elapsed * pace
    endpoint = endpoint_for(world=world)
    running, stopped = world.known()
    assert [] == [each for names in running + stopped for each in found_in(endpoint, names)]
    for _, value in world.everything():
        assert_is_consistent(value["Instance"], clock.now)


def assert_is_consistent(instance, now):
    """Times are in order and past, and only what has ended has an end."""
    order = ["StartTime", "LastErrorTime", "EndTime"]
    times = [instance[name] for name in order if name in instance]
    assert sorted(times) == times
    assert all(each <= now * 1000 for each in times)
    assert (instance["ActualState"] in ENDED) == ("EndTime" in instance)
    assert (instance["ActualState"] == "WAITING") == ("StartTime" not in instance)
    assert instance.get("LastOperateTime", 0) <= now * 1000


def one_that_lives(tmp_path, **members):
    """A living world of one instance that is listed so, and its clock."""
    clock = Clock()
    path = tmp_path / "world.json"
    instance = {"ProjectName": "p", "JobName": "j", "Id": 7, **members}
    path.write_text(json.dumps({"instance": [instance]}))
    return world_named(str(path), CONTRACT, SCHEMAS, Lifecycle(1.0, clock)), clock


@pytest.mark.parametrize(("kind", "listed", "expected"), LIVES)
def test_a_life_begins_in_the_state_that_is_listed(kind, listed, expected, tmp_path):
    """A lifecycle starts in the listed state, or in WAITING; ended instances stay as they are."""
    world, clock = one_that_lives(tmp_path, JobType=kind, **listed)
    states = []
    for step in range(120):
        clock.now = BORN + step / 10
        ((_, value),) = world.everything()
        if states[-1:] != [value["Instance"]["ActualState"]]:
            states.append(value["Instance"]["ActualState"])
    assert expected == states


@pytest.mark.parametrize("start", [1599794335000, int(BORN * 1000) + 3_600_000])
@pytest.mark.parametrize(("kind", "listed", "_expected"), LIVES)
def test_a_life_is_clean_wherever_it_begins(kind, listed, _expected, start, tmp_path):
    """A lifecycle keeps the contract even if the listed start is in the future."""
    world, clock = one_that_lives(tmp_path, JobType=kind, **listed, **_started(listed, start))
    endpoint = endpoint_for(world=world)
    for step in range(0, 100, 5):
        clock.now = BORN + step / 10
        ((names, _),) = world.everything()
        assert [] == found_in(endpoint, names)


def _started(listed, start):
    """When it started, where that goes with the rest."""
    return {} if "EndTime" in listed else {"StartTime": start}


def test_a_start_that_is_listed_stays(tmp_path):
    """A listed start time stays in every later state."""
    world, clock = one_that_lives(tmp_path, ActualState="RUNNING", StartTime=1599794335000)
    for step in (0, 4, 100):
        clock.now = BORN + step
        ((_, value),) = world.everything()
        assert 1599794335000 == value["Instance"]["StartTime"]


@settings(max_examples=25)
@given(moments=st.lists(st.floats(0, 12), min_size=2, max_size=8).map(sorted))
def test_what_was_told_of_the_past_stays_true(moments):
    """Start and end times do not change once they are set."""
    world, clock = live_world()
    before = {}
    for moment in moments:
        clock.now = BORN + moment
        for names, value in world.everything():
            instance = value["Instance"]
            for name in ("StartTime", "EndTime"):
                earlier = before.get(names, {}).get(name)
                assert earlier in (None, instance.get(name))
            operated = before.get(names, {}).get("LastOperateTime", 0)
            assert operated <= instance.get("LastOperateTime", 0)
            before[names] = instance


def test_a_clock_that_is_set_back_breaks_nothing():
    """If the clock is set back, the world is as it was at the start."""
    world, clock = live_world()
    clock.now = BORN - 3600
    assert dict(world_named("", CONTRACT, SCHEMAS).everything()) == dict(world.everything())


def test_a_job_can_be_told_of_until_it_ends():
    """An instance can be asked for until its job ends."""
    world, clock = live_world()
    values = ("project1", "job1", "123")
    assert not isinstance(world.find(values), Refusal)
    clock.now = BORN + 8.5
    assert "JobNotRunning" == world.find(values).code
    assert () == world.known()[0]


def test_what_somebody_set_stays_as_it_is():
    """An instance that somebody set no longer changes."""
    world, clock = live_world()
    values = ("project1", "job1", "123")
    world.put(values, world.stopped(values))
    clock.now = BORN + 100
    assert "RUNNING" == world.find(values)["Instance"]["ActualState"]


def test_a_copy_begins_its_life_anew():
    """The lifecycle of a copy starts again."""
    world, clock = live_world()
    clock.now = BORN + 100
    copy = world.copy()
    assert {"TERMINATED", "SUCCESS", "FAILED"} == states_of(world)
    assert {"WAITING", "RUNNING", "PAUSED"} <= states_of(copy)


def states_of(world):
    """Every state that an instance is in."""
    return {value["Instance"]["ActualState"] for _, value in world.everything()}


def test_a_world_can_be_changed():
    """Instances can be added once and removed."""
    world = ListedWorld.of(CONTRACT, [])
    value = {"Instance": {"ProjectName": "p", "JobName": "j", "Id": 7, "ActualState": "RUNNING"}}
    world.add(value)
    assert (("p", "j", "7"),) == world.known()[0]
    with pytest.raises(WrongConfiguration, match="p/j/7 exists already"):
        world.add(value)
    assert world.remove(("p", "j", "7"))
    assert not world.remove(("p", "j", "7"))
    assert ((), ()) == world.known()
    assert None is world.any_running()
