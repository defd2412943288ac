"""The explorer's routes: the contract told, calls made and judged, signatures, and its files."""

import importlib.util
import json
from pathlib import Path

import httpx
import pytest

from docpact.contract import load_bundled
from docpact.mock import serve

JOB = ["project1", "job1", "123"]
TARGET = "/api/v2/projects/project1/jobs/job1/instances/123"


@pytest.fixture(scope="module")
def mock():
    """A mock that refuses unsigned calls."""
    with serve(auth="required") as mock:
        yield mock


@pytest.fixture
def client(mock):
    """A client of the explorer's routes, on a mock without faults and calls."""
    mock.reset()
    with httpx.Client(base_url=mock.url) as client:
        yield client


def called(client, **asked):
    """What the explorer tells of a call."""
    answer = client.post("/_docpact/call", json={"names": JOB, "format": "JSON"} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rules(call):
    """The rules that a call's answer breaks."""
    return [each["rule"] for each in call["findings"]]


def test_the_page_is_served_under_a_strict_policy(client):
    """No script but its own runs, and nothing is asked of other hosts."""
    answer = client.get("/")
    assert answer.headers["Content-Type"].startswith("text/html")
    policy = dict(
        each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert "'none'" == policy["default-src"]
    assert "'self'" == policy["script-src"] == policy["connect-src"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_what_the_page_names_is_served_and_nothing_is_missing(client):
    """Each file of the folder has a route and a type that browsers accept under nosniff."""
    folder = Path(importlib.util.find_spec("docpact.mock").origin).with_name("explorer_page")
    shared = importlib.util.find_spec("docpact.web").submodule_search_locations[0]
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for path in (*folder.iterdir(), *Path(shared).iterdir()):
        if path.suffix not in types:
            continue
        answer = client.get(f"/_docpact/explorer/{path.name}")
        assert 200 == answer.status_code, path.name
        assert answer.headers["Content-Type"].startswith(types[path.suffix])
        assert path.read_bytes() == answer.content


@pytest.mark.parametrize("name", ["../explorer.py", "%2e%2e/explorer.py", "index.js", ""])
def test_no_other_file_is_served(client, name):
    """Names are looked up in a list, never on the disk."""
    assert 404 == client.get(f"/_docpact/explorer/{name}").status_code
    assert 404 == client.get(f"/_docpact/swagger/{name}").status_code


def test_the_contract_tells_every_field_with_its_line(client):
    """Each documented member is there, with the line of its row."""
    told = client.get("/_docpact/contract").json()
    contract = load_bundled()
    expected = {".".join(path): field.origin.span.first for path, field in contract.success.walk()}
    (success,) = (each for each in told["answers"] if each["kind"] == "success")
    assert expected == {each["path"]: each["origin"]["line"] for each in success["fields"]}
    assert "required" == told["auth"]


def test_a_field_tells_its_values_unit_and_rules(client):
    """What the page lists, counts in and demands can be read beside the field."""
    told = client.get("/_docpact/contract").json()
    fields = {each["path"]: each for each in told["answers"][0]["fields"]}
    state = fields["Instance.ActualState"]
    assert {"value": "WAITING", "meaning": "waiting", "line": 37} in state["values"]
    assert "milliseconds" == fields["Instance.InputDelay"]["unit"]
    assert "finished-has-an-end" in {each["id"] for each in fields["Instance.EndTime"]["rules"]}
    assert fields["RequestId"]["required"]["line"]


def test_the_parameters_tell_where_they_travel(client):
    """RegionId is a header, whatever the table calls it."""
    told = client.get("/_docpact/contract").json()
    region = {each["name"]: each for each in told["parameters"]}["RegionId"]
    assert ("header", "x-acs-region-id", 26) == (
        region["place"],
        region["travels_as"],
        region["origin"]["line"],
    )


def test_the_openapi_document_names_this_server_only(client):
    """A tool that reads it calls the mock."""
    document = client.get("/_docpact/openapi.json").json()
    assert [{"url": "/"}] == document["servers"]
    assert "GetInstance" == document["paths"][load_bundled().operation.path]["get"]["operationId"]


def test_a_call_is_signed_and_keeps_the_contract(client, mock):
    """A person need not compute a signature; it is masked where it is shown."""
    call = called(client)
    assert (200, []) == (call["status"], call["findings"])
    assert f"GET {TARGET}?Format=JSON HTTP/1.1" == call["request"]["line"]
    assert "acs testid:***" == dict(call["request"]["headers"])["Authorization"]
    assert 123 == json.loads(call["body"])["Instance"]["Id"]
    assert 1 == len(mock.calls)


def test_a_call_may_be_told_by_its_target(client):
    """What the form cannot say can be written as it travels."""
    call = called(client, names=[], target=f"{TARGET}?Format=XML")
    assert call["body"].startswith("<?xml")


def test_names_are_encoded_so_that_they_arrive(client):
    """Slashes, ampersands and letters of all alphabets belong to a name."""
    assert 200 == called(client, names=["R&D/streams", "a+b", "412590"])["status"]
    assert 200 == called(client, names=["项目一", "实时作业", "412580"])["status"]


def test_accept_and_region_travel_as_headers(client):
    """They are sent, signed and shown."""
    call = called(client, format="", accept="application/json", region="cn-hangzhou")
    headers = dict(call["request"]["headers"])
    assert ("application/json", "cn-hangzhou") == (headers["Accept"], headers["x-acs-region-id"])
    assert json.loads(call["body"])


def test_a_fault_shows_its_finding_as_the_json_report_has_it(client):
    """The same object with the same keys, and the line of the page."""
    call = called(client, fault="id-as-text")
    (finding,) = call["findings"]
    assert ("wrong-type", 63) == (finding["rule"], finding["origin"]["line"])
    assert "Instance.Id" == finding["field"]
    keys = {"rule", "severity", "grade", "message", "field", "pointer"}
    assert keys | {"at", "origin", "expected", "actual", "reproduce", "count"} == finding.keys()
    assert 200 == called(client)["status"], "the fault was for one call"
    assert [] == rules(called(client))


@pytest.mark.parametrize("fault", ["utf-16", "short-transfer", "half-a-character", "no-content"])
def test_what_no_client_could_read_is_shown(client, fault):
    """Bytes that are no UTF-8, lying lengths and missing bodies are told, not lost."""
    assert rules(called(client, fault=fault))


def test_faults_of_behaviour_are_judged_by_what_must_come(client):
    """The explorer knows what a server without faults would have answered."""
    assert ["signature-ignored"] == rules(called(client, sign="none", fault="unsigned-accepted"))
    stopped = ["project1", "stopped-job", "412570"]
    assert ["unexpected-success"] == rules(
        called(client, names=stopped, fault="stopped-job-answers")
    )
    beyond = ["data team", "word count", "3000000000"]
    assert ["unexpected-failure"] == rules(called(client, names=beyond, fault="large-id-fails"))
    assert ["repeated-value"] == rules(called(client, fault="same-request-id"))


def test_a_slow_answer_is_judged_without_waiting_for_it(client):
    """The delay is told; nobody sits in front of an empty page."""
    call = called(client, fault="slow")
    assert call["seconds"] > 10
    assert ["slow-answer"] == rules(call)


@pytest.mark.parametrize(("sign", "status"), [("valid", 200), ("none", 400), ("wrong secret", 400)])
def test_signatures_can_be_left_out_or_spoilt(client, sign, status):
    """What the server says of them keeps the contract."""
    call = called(client, sign=sign)
    assert (status, []) == (call["status"], call["findings"])


def test_the_code_makes_the_same_call(client, mock):
    """In three languages, without a secret."""
    code = called(client, region="cn-hangzhou")["code"]
    assert {"curl", "python", "httpx"} == code.keys()
    for each in code.values():
        assert "testsecret" not in each
        assert "cn-hangzhou" in each
    assert f"{mock.url}{TARGET}" in code["curl"]


def test_code_that_the_sdk_cannot_run_is_left_out(client):
    """It knows one operation and one method."""
    assert "python" not in called(client, method="POST")["code"]
    assert "python" not in called(client, names=[], target="/elsewhere")["code"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"names": ["a"]}, "names must hold projectName, jobName, instanceId"),
        ({"names": JOB, "fault": "no-such-fault"}, "no-such-fault"),
        ({"names": JOB, "sign": "twice"}, "the call cannot be read"),
        ({"names": JOB, "verb": "GET"}, "the call cannot be read"),
        ({"names": JOB, "accept": "a\r\nX: y"}, "must be printable ASCII"),
        ({"names": JOB, "region": "é"}, "must be printable ASCII"),
        ({"names": JOB, "method": "get it"}, "the method must be a word"),
        ({"target": "no-slash"}, "must start with /"),
    ],
)
def test_a_call_that_cannot_be_made_says_why(client, asked, why):
    """With status 400 and the reason, never a trace."""
    answer = client.post("/_docpact/call", json=asked)
    assert 400 == answer.status_code
    assert why in answer.json()["error"]


def test_half_a_character_in_a_name_is_no_accident(client):
    """JSON can hold it; the mock refuses it like any bad URL."""
    asked = r'{"names": ["\ud800", "job1", "1"]}'
    headers = {"Content-Type": "application/json"}
    answer = client.post("/_docpact/call", content=asked, headers=headers)
    assert (200, 400) == (answer.status_code, answer.json()["status"])


@pytest.mark.parametrize("route", ["call", "sign"])
def test_other_sites_can_neither_call_nor_sign(client, route):
    """Neither by their pages' requests nor by forms."""
    elsewhere = {"Origin": "https://example.com"}
    answer = client.post(f"/_docpact/{route}", json={"names": JOB}, headers=elsewhere)
    assert 403 == answer.status_code
    form = client.post(f"/_docpact/{route}", data={"names": "x"})
    assert 400 == form.status_code


def test_a_signature_fits_a_browsers_request(client):
    """The time travels as x-acs-date, because browsers set no Date."""
    asked = {"method": "GET", "target": TARGET, "headers": {"Accept": "application/json"}}
    headers = client.post("/_docpact/sign", json=asked).json()["headers"]
    assert "Date" not in headers
    answer = client.get(TARGET, headers={"Accept": "application/json", **headers})
    assert 200 == answer.status_code
    other = TARGET.replace("123", "412537")
    assert 400 == client.get(other, headers=headers).status_code


def test_nothing_is_signed_where_nobody_looks():
    """A mock without signatures shows calls as simple as they can be."""
    with serve() as mock, httpx.Client(base_url=mock.url) as client:
        asked = {"method": "GET", "target": TARGET}
        assert {"headers": {}} == client.post("/_docpact/sign", json=asked).json()
        assert "Authorization" not in dict(called(client)["request"]["headers"])
        spoilt = called(client, sign="wrong secret")["request"]["headers"]
        assert "acs testid:***" == dict(spoilt)["Authorization"]


def test_a_world_in_which_everything_exists_can_be_called():
    """There the form's own names do."""
    with serve(world="any:7") as mock, httpx.Client(base_url=mock.url) as client:
        call = called(client, names=["any", "thing", "7"])
        assert (200, []) == (call["status"], call["findings"])


def test_swagger_ui_comes_from_its_package(client):
    """Only the files that the page needs."""
    assert 200 == client.get("/_docpact/swagger/swagger-ui-bundle.js").status_code
    assert 200 == client.get("/_docpact/swagger/swagger-ui.css").status_code
    assert 404 == client.get("/_docpact/swagger/index.css").status_code


def test_without_swagger_ui_the_way_to_have_it_is_told(monkeypatch):
    """The rest of the page works all the same."""
    real = importlib.util.find_spec
    hidden = {"flask_swagger_ui"}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in hidden else real(name)
    )
    with serve() as mock:
        answer = httpx.get(f"{mock.url}/_docpact/swagger/swagger-ui.css")
        assert 404 == answer.status_code
        assert "pip install flask-swagger-ui" in answer.json()["error"]
        assert 200 == httpx.get(mock.url).status_code


def test_without_control_there_is_no_explorer():
    """Who switches the controls off offers no page either."""
    with serve(control=False) as mock:
        for path in ("/", "/_docpact/contract", "/_docpact/explorer/explorer.js"):
            assert 404 == httpx.get(mock.url + path).status_code
