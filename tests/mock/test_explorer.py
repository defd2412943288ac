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
    """Only the page's own scripts run, and only this server is asked."""
    answer = client.get("/")
    assert answer.headers["Content-Type"].startswith("text/html")
    policy = dict(
        each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert "'none'" == policy["default-src"]
    assert "'self'" == policy["script-src"] == policy["connect-src"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_what_the_page_names_is_served_and_nothing_is_missing(client):
    """Every file of the page is served with a type that browsers accept under nosniff."""
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
    """Only the listed files are served."""
    assert 404 == client.get(f"/_docpact/explorer/{name}").status_code
    assert 404 == client.get(f"/_docpact/swagger/{name}").status_code


def test_the_contract_tells_every_field_with_its_line(client):
    """The contract lists each field with the line of its row."""
    told = client.get("/_docpact/contract").json()
    contract = load_bundled()
    expected = {".".join(path): field.origin.span.first for path, field in contract.success.walk()}
    (success,) = (each for each in told["answers"] if each["kind"] == "success")
    assert expected == {each["path"]: each["origin"]["line"] for each in success["fields"]}
    assert "required" == told["auth"]


def test_a_field_tells_its_values_unit_and_rules(client):
    """A field comes with its values, its unit and its rules."""
    told = client.get("/_docpact/contract").json()
    fields = {each["path"]: each for each in told["answers"][0]["fields"]}
    state = fields["Instance.ActualState"]
    assert {"value": "WAITING", "meaning": "waiting", "line": 37} in state["values"]
    assert "milliseconds" == fields["Instance.InputDelay"]["unit"]
    assert "finished-has-an-end" in {each["id"] for each in fields["Instance.EndTime"]["rules"]}
    assert fields["RequestId"]["required"]["line"]


def test_the_parameters_tell_where_they_travel(client):
    """A parameter comes with the place where it is sent."""
    told = client.get("/_docpact/contract").json()
    region = {each["name"]: each for each in told["parameters"]}["RegionId"]
    assert ("header", "x-acs-region-id", 26) == (
        region["place"],
        region["travels_as"],
        region["origin"]["line"],
    )


def test_the_openapi_document_names_this_server_only(client):
    """The only server in the OpenAPI document is the mock."""
    document = client.get("/_docpact/openapi.json").json()
    assert [{"url": "/"}] == document["servers"]
    assert "GetInstance" == document["paths"][load_bundled().operation.path]["get"]["operationId"]


def test_a_call_is_signed_and_keeps_the_contract(client, mock):
    """The explorer signs a call, and the signature is masked in what it shows."""
    call = called(client)
    assert (200, []) == (call["status"], call["findings"])
    assert f"GET {TARGET}?Format=JSON HTTP/1.1" == call["request"]["line"]
    assert "acs testid:***" == dict(call["request"]["headers"])["Authorization"]
    assert 123 == json.loads(call["body"])["Instance"]["Id"]
    assert 1 == len(mock.calls)


def test_a_call_may_be_told_by_its_target(client):
    """A call may be given as a target."""
    call = called(client, names=[], target=f"{TARGET}?Format=XML")
    assert call["body"].startswith("<?xml")


def test_names_are_encoded_so_that_they_arrive(client):
    """Names with slashes, ampersands and letters of other alphabets arrive unchanged."""
    assert 200 == called(client, names=["R&D/streams", "a+b", "412590"])["status"]
    assert 200 == called(client, names=["项目一", "实时作业", "412580"])["status"]


def test_accept_and_region_travel_as_headers(client):
    """Accept and the region are sent as headers, signed and shown."""
    call = called(client, format="", accept="application/json", region="cn-hangzhou")
    headers = dict(call["request"]["headers"])
    assert ("application/json", "cn-hangzhou") == (headers["Accept"], headers["x-acs-region-id"])
    assert json.loads(call["body"])


def test_a_fault_shows_its_finding_as_the_json_report_has_it(client):
    """A finding has the same form as in the JSON report."""
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
    """An answer with invalid UTF-8, a wrong length or no body is shown."""
    assert rules(called(client, fault=fault))


def test_faults_of_behaviour_are_judged_by_what_must_come(client):
    """A call is judged by what a server without faults would have answered."""
    assert ["signature-ignored"] == rules(called(client, sign="none", fault="unsigned-accepted"))
    stopped = ["project1", "stopped-job", "412570"]
    assert ["unexpected-success"] == rules(
        called(client, names=stopped, fault="stopped-job-answers")
    )
    beyond = ["data team", "word count", "3000000000"]
    assert ["unexpected-failure"] == rules(called(client, names=beyond, fault="large-id-fails"))
    assert ["repeated-value"] == rules(called(client, fault="same-request-id"))


def test_a_slow_answer_is_judged_without_waiting_for_it(client):
    """A delay is reported, and the explorer does not wait for it."""
    call = called(client, fault="slow")
    assert call["seconds"] > 10
    assert ["slow-answer"] == rules(call)


@pytest.mark.parametrize(("sign", "status"), [("valid", 200), ("none", 400), ("wrong secret", 400)])
def test_signatures_can_be_left_out_or_spoilt(client, sign, status):
    """A call can be unsigned or wrongly signed, and its refusal keeps the contract."""
    call = called(client, sign=sign)
    assert (status, []) == (call["status"], call["findings"])


def test_the_code_makes_the_same_call(client, mock):
    """The call is shown as code in three languages, without a secret."""
    code = called(client, region="cn-hangzhou")["code"]
    assert {"curl", "python", "httpx"} == code.keys()
    for each in code.values():
        assert "testsecret" not in each
        assert "cn-hangzhou" in each
    assert f"{mock.url}{TARGET}" in code["curl"]


def test_code_that_the_sdk_cannot_run_is_left_out(client):
    """SDK code is left out for calls that the SDK cannot make."""
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
    """A call that cannot be made is answered with status 400 and the reason."""
    answer = client.post("/_docpact/call", json=asked)
    assert 400 == answer.status_code
    assert why in answer.json()["error"]


def test_half_a_character_in_a_name_is_no_accident(client):
    """Half a surrogate pair in a name is refused as a bad URL."""
    asked = r'{"names": ["\ud800", "job1", "1"]}'
    headers = {"Content-Type": "application/json"}
    answer = client.post("/_docpact/call", content=asked, headers=headers)
    assert (200, 400) == (answer.status_code, answer.json()["status"])


@pytest.mark.parametrize("route", ["call", "sign"])
def test_other_sites_can_neither_call_nor_sign(client, route):
    """Requests and forms of other sites are refused."""
    elsewhere = {"Origin": "https://example.com"}
    answer = client.post(f"/_docpact/{route}", json={"names": JOB}, headers=elsewhere)
    assert 403 == answer.status_code
    form = client.post(f"/_docpact/{route}", data={"names": "x"})
    assert 400 == form.status_code


def test_a_signature_fits_a_browsers_request(client):
    """A browser's request is signed with x-acs-date, because browsers set Date themselves."""
    asked = {"method": "GET", "target": TARGET, "headers": {"Accept": "application/json"}}
    headers = client.post("/_docpact/sign", json=asked).json()["headers"]
    assert "Date" not in headers
    answer = client.get(TARGET, headers={"Accept": "application/json", **headers})
    assert 200 == answer.status_code
    other = TARGET.replace("123", "412537")
    assert 400 == client.get(other, headers=headers).status_code


def test_nothing_is_signed_where_nobody_looks():
    """A mock that does not check signatures signs nothing."""
    with serve() as mock, httpx.Client(base_url=mock.url) as client:
        asked = {"method": "GET", "target": TARGET}
        assert {"headers": {}} == client.post("/_docpact/sign", json=asked).json()
        assert "Authorization" not in dict(called(client)["request"]["headers"])
        spoilt = called(client, sign="wrong secret")["request"]["headers"]
        assert "acs testid:***" == dict(spoilt)["Authorization"]


def test_a_world_in_which_everything_exists_can_be_called():
    """In the world `any`, the names in the form can be called."""
    with serve(world="any:7") as mock, httpx.Client(base_url=mock.url) as client:
        call = called(client, names=["any", "thing", "7"])
        assert (200, []) == (call["status"], call["findings"])


def test_swagger_ui_comes_from_its_package(client):
    """Only the files of Swagger UI that the page needs are served."""
    assert 200 == client.get("/_docpact/swagger/swagger-ui-bundle.js").status_code
    assert 200 == client.get("/_docpact/swagger/swagger-ui.css").status_code
    assert 404 == client.get("/_docpact/swagger/index.css").status_code


def test_without_swagger_ui_the_way_to_have_it_is_told(monkeypatch):
    """Without Swagger UI, the answer says how to install it."""
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
    """Without controls there is no explorer."""
    with serve(control=False) as mock:
        for path in ("/", "/_docpact/contract", "/_docpact/explorer/explorer.js"):
            assert 404 == httpx.get(mock.url + path).status_code
