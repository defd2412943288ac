"""The mock's controls: its world, its faults and its calls, over HTTP while it runs."""

import json

import httpx
import pytest

from docpact.core.exchange import Request, Response
from docpact.faults import FAULTS
from docpact.mock import serve
from docpact.mock.world import Lifecycle

PATH = "/api/v2/projects/project1/jobs/job1/instances/123"
NEW = {
    "ProjectName": "p",
    "JobName": "j",
    "Id": 7,
    "ActualState": "RUNNING",
    "ExpectState": "RUNNING",
    "JobType": "FLINK_STREAM",
    "ApiType": "SQL",
}
JOB1 = {"ProjectName": "project1", "JobName": "job1", "Id": 123}
NAMES = {name: NEW[name] for name in ("ProjectName", "JobName", "Id")}
TARGET = "/api/v2/projects/p/jobs/j/instances/7?Format=JSON"


@pytest.fixture
def client(mock):
    """A client of the mock."""
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=20) as made:
        yield made


def status_of(client, target=TARGET):
    """The status of a call."""
    return client.get(target).status_code


def test_the_world_is_listed(client, mock):
    """The world lists every instance as it is now, and whether its job runs."""
    listed = client.get("/_docpact/world").json()
    assert not listed["everything"]
    running, stopped = mock.world.known()
    told = {tuple(each["names"]): each["runs"] for each in listed["instances"]}
    assert dict.fromkeys(running, True) | dict.fromkeys(stopped, False) == told
    assert "DATASTREAM" == listed["instances"][0]["Instance"]["ApiType"]


def test_an_instance_is_added_changed_and_removed(client):
    """Calls see each change of the world at once."""
    assert 404 == status_of(client)
    assert 201 == client.post("/_docpact/world", json=NEW).status_code
    assert 200 == status_of(client)
    changed = client.patch("/_docpact/world", json={**NAMES, "ActualState": "PAUSED"})
    assert (200, True) == (changed.status_code, changed.json()["runs"])
    assert "PAUSED" == client.get(TARGET).json()["Instance"]["ActualState"]
    assert 204 == client.request("DELETE", "/_docpact/world", json=NAMES).status_code
    assert 404 == status_of(client)


def test_an_instance_needs_no_more_than_its_names(client, judge):
    """An instance with only its names is completed to a valid one."""
    added = client.post("/_docpact/world", json=NAMES)
    assert (201, True) == (added.status_code, added.json()["runs"])
    answer = client.get(TARGET)
    response = Response(answer.content, answer.status_code, tuple(answer.headers.items()))
    assert (200, []) == (response.status, judge(response, Request("GET", TARGET)))


def test_a_job_is_stopped_and_started(client, judge):
    """The end of an instance is set and removed with its state."""
    client.post("/_docpact/world", json=NEW)
    stopped = client.patch("/_docpact/world", json={**NAMES, "ActualState": "TERMINATED"}).json()
    assert (False, True) == (stopped["runs"], "EndTime" in stopped["Instance"])
    assert 409 == status_of(client)
    started = client.patch("/_docpact/world", json={**NAMES, "ActualState": "RUNNING"}).json()
    assert (True, False) == (started["runs"], "EndTime" in started["Instance"])
    answer = client.get(TARGET)
    response = Response(answer.content, answer.status_code, tuple(answer.headers.items()))
    assert (200, []) == (response.status, judge(response, Request("GET", TARGET)))


def test_null_takes_a_member_away(client):
    """Null removes a member, and members that are not named stay."""
    client.post("/_docpact/world", json={**NEW, "Starter": "me", "LastOperator": "you"})
    changed = client.patch("/_docpact/world", json={**NAMES, "Starter": None}).json()
    assert {**NEW, "LastOperator": "you"} == changed["Instance"]


@pytest.mark.parametrize(
    ("method", "body", "status", "why"),
    [
        ("POST", {**NEW, "Id": "7"}, 400, "Instance.Id"),
        ("POST", {**NEW, "ActualState": "DONE"}, 400, "ActualState"),
        ("POST", {**NEW, "JobName": ".."}, 400, "jobName is not valid"),
        ("POST", {**NEW, **JOB1}, 400, "already"),
        ("POST", {}, 400, "ProjectName is missing"),
        ("POST", {**NEW, "Colour": "red"}, 400, "no member Colour"),
        ("PATCH", {**NAMES, "Starter": "x"}, 404, "there is no instance p/j/7"),
        ("PATCH", {}, 404, "there is no"),
        ("PATCH", {**JOB1, "EndTime": 1}, 400, "EndTime"),
        ("DELETE", NAMES, 404, "there is no instance p/j/7"),
        ("DELETE", {}, 404, "there is no"),
    ],
)
def test_a_change_that_cannot_be_is_refused(method, body, status, why, client):
    """An invalid change is refused with the reason, and the world stays as it was."""
    before = client.get("/_docpact/world").json()
    refused = client.request(method, "/_docpact/world", json=body)
    assert status == refused.status_code
    assert why in refused.json()["error"]
    assert before == client.get("/_docpact/world").json()


def test_reset_makes_everything_what_it_was(client, mock):
    """A reset restores the world, and clears faults and calls."""
    before = client.get("/_docpact/world").json()
    client.post("/_docpact/world", json=NEW)
    client.put("/_docpact/faults", json={"names": ["other-job"]})
    client.get(PATH)
    assert 204 == client.post("/_docpact/reset", json={}).status_code
    assert before == client.get("/_docpact/world").json()
    assert [] == client.get("/_docpact/faults").json()["names"]
    assert () == mock.calls


def test_reset_begins_a_life_anew():
    """A reset restarts the lifecycle of instances."""
    times = iter([0.0, *[100.0] * 1000])
    with serve(lifecycle=Lifecycle(1.0, lambda: next(times))) as mock:
        states = {each["Instance"]["ActualState"] for _, each in mock.world.everything()}
        assert {"TERMINATED", "SUCCESS", "FAILED"} == states
        mock.reset()
        states = {each["Instance"]["ActualState"] for _, each in mock.world.everything()}
        assert {"WAITING", "RUNNING", "PAUSED"} <= states


def test_in_the_world_any_nothing_can_be_changed():
    """The world `any` refuses changes."""
    with (
        serve(world="any:1") as mock,
        httpx.Client(base_url=mock.url, trust_env=False) as client,
    ):
        assert {"everything": True, "instances": []} == client.get("/_docpact/world").json()
        assert 409 == client.post("/_docpact/world", json=NEW).status_code
        assert 200 == status_of(client)
        assert 204 == client.post("/_docpact/reset", json={}).status_code


def test_faults_are_listed_and_chosen(client):
    """Faults can be listed with all that the catalogue says of them, and set."""
    listed = client.get("/_docpact/faults").json()
    assert list(FAULTS) == [each["name"] for each in listed["catalogue"]]
    assert ([], 1.0) == (listed["names"], listed["rate"])
    told = client.put("/_docpact/faults", json={"names": ["no-content"], "rate": 1}).json()
    assert ["no-content"] == told["names"]
    assert 204 == status_of(client, PATH)
    client.put("/_docpact/faults", json={"names": []})
    assert 200 == status_of(client, PATH)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"names": ["two-root"]}, "did you mean two-roots?"),
        ({"names": "two-roots"}, "send"),
        ({"names": [1]}, ""),
        ({"names": [], "rate": "1"}, "send"),
        ({"names": [], "rate": 2}, "send"),
        ({"names": [], "rate": -0.1}, "send"),
    ],
)
def test_faults_that_there_are_not_are_refused(body, why, client):
    """An unknown fault is refused, and the faults that are set stay."""
    client.put("/_docpact/faults", json={"names": ["no-content"]})
    refused = client.put("/_docpact/faults", json=body)
    assert 400 == refused.status_code
    assert why in refused.json()["error"]
    assert ["no-content"] == client.get("/_docpact/faults").json()["names"]


# What HAR 1.2 requires of each of its objects.
REQUIRED = {
    "log": {"version", "creator", "entries"},
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString"}
    | {"headersSize", "bodySize"},
    "response": {"status", "statusText", "httpVersion", "cookies", "headers", "content"}
    | {"redirectURL", "headersSize", "bodySize"},
    "content": {"size", "mimeType"},
    "timings": {"send", "wait", "receive"},
}


def test_calls_are_an_http_archive(client, mock):
    """Calls are returned as a valid HAR 1.2 document."""
    client.get(PATH, params={"Format": "JSON", "x": "a b"})
    client.get(PATH)
    client.post(PATH)
    answer = client.get("/_docpact/calls.har")
    assert "application/json" == answer.headers["content-type"]
    log = answer.json()["log"]
    assert log.keys() >= REQUIRED["log"]
    assert ("1.2", "docpact") == (log["version"], log["creator"]["name"])
    assert 3 == len(log["entries"]) == len(mock.calls)
    for entry in log["entries"]:
        assert entry.keys() >= REQUIRED["entry"]
        for name in ("request", "response", "timings"):
            assert entry[name].keys() >= REQUIRED[name]
        assert entry["response"]["content"].keys() >= REQUIRED["content"]
    first = log["entries"][0]
    assert f"{mock.url}{PATH}?Format=JSON&x=a+b" == first["request"]["url"]
    expected = [{"name": "Format", "value": "JSON"}, {"name": "x", "value": "a b"}]
    assert expected == first["request"]["queryString"]
    told = json.loads(first["response"]["content"]["text"])
    assert 123 == told["Instance"]["Id"]
    assert [200, 200, 405] == [each["response"]["status"] for each in log["entries"]]


def test_calls_can_be_forgotten(client):
    """Recorded calls can be deleted."""
    client.get(PATH)
    assert 204 == client.delete("/_docpact/calls.har").status_code
    assert [] == client.get("/_docpact/calls.har").json()["log"]["entries"]


def test_only_the_last_calls_are_kept(client, mock):
    """The number of recorded calls is bounded."""
    client.get("/first")
    for _ in range(1_000):
        client.get(PATH)
    assert 1_000 == len(mock.calls)
    assert {PATH} == {each.request.target for each in mock.calls}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Authorization", "acs testid:c2VjcmV0", "acs testid:***"),
        (
            "Authorization",
            "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=a;b,Signature=5ec12e7",
            "ACS3-HMAC-SHA256 Credential=testid,***",
        ),
        ("Authorization", "Bearer 5ec12e7", "***"),
        ("Authorization", "acs 5ec12e7", "***"),
        ("Cookie", "session=5ec12e7", "***"),
        ("X-Acs-Security-Token", "5ec12e7", "***"),
        ("Proxy-Authorization", "Basic 5ec12e7", "***"),
    ],
)
def test_secrets_are_masked(name, value, told, client):
    """The archive shows which key signed, but no secret."""
    client.get(PATH, headers={name: value})
    whole = client.get("/_docpact/calls.har").text
    headers = json.loads(whole)["log"]["entries"][0]["request"]["headers"]
    assert [told] == [each["value"] for each in headers if each["name"].lower() == name.lower()]
    assert "5ec12e7" not in whole
    assert "c2VjcmV0" not in whole


def test_without_controls_there_are_none():
    """Without controls, only the operation can be called."""
    with (
        serve(control=False) as mock,
        httpx.Client(base_url=mock.url, trust_env=False) as client,
    ):
        for path in ("/", "/_docpact/world", "/_docpact/faults", "/_docpact/calls.har"):
            assert 404 == status_of(client, path)
        assert 200 == status_of(client, PATH)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "[::1]"])
def test_every_name_of_this_machine_will_do(host, client):
    """The controls accept every loopback name, with any port."""
    for port in ("", ":80"):
        answer = client.get("/_docpact/world", headers={"Host": host + port})
        assert 200 == answer.status_code


def test_the_mocks_own_page_may_use_the_controls(client, mock):
    """The mock's own origin may use the controls."""
    answer = client.post("/_docpact/world", json=NEW, headers={"Origin": mock.url})
    assert 201 == answer.status_code
