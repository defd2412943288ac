"""The vendor's own Python clients take the mock for the real endpoint."""

import gc
import json
from xml.etree import ElementTree as ET

import pytest

from docpact.mock import serve

KEYS = {"an-id": "a secret"}
PATH = "/api/v2/projects/{}/jobs/{}/instances/{}"
JOB1 = ("project1", "job1", "123")
STOPPED = ("project1", "stopped-job", "412570")
UNKNOWN = ("project1", "job1", "999")
REFUSED = [
    (STOPPED, {}, 409, "JobNotRunning"),
    (UNKNOWN, {}, 404, "instanceId.NotFound"),
    (("nowhere", "job1", "123"), {}, 404, "projectName.NotFound"),
    (JOB1, {"secret": "another"}, 400, "SignatureDoesNotMatch"),
    (JOB1, {"key": "nobody"}, 404, "InvalidAccessKeyId.NotFound"),
]
# Their import and their sessions leave warnings behind that are no matter of ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::SyntaxWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _collected():
    """Connections that a client leaves open are closed before the next test."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Whatever this machine's environment says, calls go to the mock itself."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def mock():
    """A mock that takes signed calls alone."""
    with serve(auth="required", keys=KEYS) as served:
        yield served


class TestCore:
    """`aliyun-python-sdk-foas` over `aliyun-python-sdk-core`: ROA signatures with HMAC-SHA1."""

    @staticmethod
    def prepared(mock, values, media="JSON", *, key="an-id", secret=KEYS["an-id"]):
        """The SDK's client, and its request for an instance."""
        core = pytest.importorskip("aliyunsdkcore.client")
        foas = pytest.importorskip("aliyunsdkfoas.request.v20181111.GetInstanceRequest")
        request = foas.GetInstanceRequest()
        project, job, number = values
        request.set_projectName(project)
        request.set_jobName(job)
        request.set_instanceId(number)
        request.set_endpoint(mock.url.removeprefix("http://"))
        request.set_protocol_type("http")
        request.set_accept_format(media)
        return core.AcsClient(key, secret, "cn-hangzhou", auto_retry=False), request

    def answer(self, mock, values):
        """The instance that the SDK hands to its caller."""
        client, request = self.prepared(mock, values)
        return json.loads(client.do_action_with_exception(request))["Instance"]

    def test_json(self, mock):
        """The SDK gets the instance that it asked for."""
        instance = self.answer(mock, JOB1)
        assert JOB1 == (instance["ProjectName"], instance["JobName"], str(instance["Id"]))
        sent = mock.calls[-1].request
        assert f"{PATH.format(*JOB1)}?RegionId=cn-hangzhou" == sent.target
        assert "application/json" == dict(sent.headers)["accept"]

    def test_xml(self, mock):
        """The SDK's lower call gets the instance in XML; the upper one always asks for JSON."""
        client, request = self.prepared(mock, JOB1, "XML")
        status, headers, body, *_ = client.get_response(request)
        root = ET.fromstring(body)  # noqa: S314  # the mock's own
        assert (200, "GetInstanceResponse") == (status, root.tag)
        assert "text/xml;charset=utf-8" == headers["content-type"]
        assert "123" == root.findtext("Instance/Id")

    @pytest.mark.parametrize(("values", "options", "status", "code"), REFUSED)
    def test_refusals(self, mock, values, options, status, code):
        """A refusal becomes the SDK's exception, with our code, status and RequestId."""
        exceptions = pytest.importorskip("aliyunsdkcore.acs_exception.exceptions")
        client, request = self.prepared(mock, values, **options)
        with pytest.raises(exceptions.ServerException) as caught:
            client.do_action_with_exception(request)
        error = caught.value
        assert (status, code) == (error.get_http_status(), error.get_error_code())
        assert error.get_request_id().encode() in mock.calls[-1].response.body

    def test_the_current_instance(self, mock):
        """The SDK asks for the current instance by -1."""
        assert 412542 == self.answer(mock, ("project1", "batch-job", "-1"))["Id"]

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (("data team", "word count", "3000000000"), ("data team", "word count")),
            (("项目一", "实时作业", "412580"), ("项目一", "实时作业")),
            (
                ("project1", "Mixed.Case_Job-1", "9007199254740993"),
                ("project1", "Mixed.Case_Job-1"),
            ),
            (("R&D%2Fstreams", "a+b", "412590"), ("R&D/streams", "a+b")),
            (("data%20team", "word%20count", "3000000000"), ("data team", "word count")),
        ],
    )
    def test_hard_names(self, mock, values, expected):
        """The SDK signs a name as it is given, and then encodes it unless it is encoded already."""
        instance = self.answer(mock, values)
        assert expected == (instance["ProjectName"], instance["JobName"])

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            (("R&D/streams", "a+b", "412590"), "InvalidApi.NotFound"),
            (("what?", "job1", "123"), "InvalidApi.NotFound"),
            (("c#", "job1", "123"), "InvalidApi.NotFound"),
        ],
    )
    def test_what_it_cannot_send(self, mock, values, code):
        """The SDK does not encode /, ? and # in a name, so its callers must."""
        exceptions = pytest.importorskip("aliyunsdkcore.acs_exception.exceptions")
        client, request = self.prepared(mock, values)
        with pytest.raises(exceptions.ServerException) as caught:
            client.do_action_with_exception(request)
        assert code == caught.value.get_error_code()


class TestTea:
    """`alibabacloud-tea-openapi`, under all current SDKs: ACS3-HMAC-SHA256."""

    @staticmethod
    def call(mock, values, *, query=None, **given):
        """The call, by the general client that product SDKs are made of."""
        pytest.importorskip("alibabacloud_tea_openapi")
        from alibabacloud_tea_openapi import models
        from alibabacloud_tea_openapi.client import Client
        from darabonba.runtime import RuntimeOptions

        config = models.Config(
            access_key_id=given.get("key", "an-id"),
            access_key_secret=given.get("secret", "a secret"),
            security_token=given.get("token"),
            endpoint=mock.url.removeprefix("http://"),
            protocol="http",
            region_id="cn-hangzhou",
        )
        params = models.Params(
            action="GetInstance",
            version="2018-11-11",
            protocol="HTTP",
            pathname=PATH.format(*values),
            method="GET",
            auth_type="AK",
            style="ROA",
            req_body_type="json",
            body_type="json",
        )
        request = models.OpenApiRequest(query=query)
        return Client(config).call_api(params, request, RuntimeOptions())

    @pytest.mark.parametrize(
        ("values", "project"),
        [
            (JOB1, "project1"),
            (("data%20team", "word%20count", "3000000000"), "data team"),
            (
                ("%E9%A1%B9%E7%9B%AE%E4%B8%80", "%E5%AE%9E%E6%97%B6%E4%BD%9C%E4%B8%9A", "412580"),
                "项目一",
            ),
            (("R%26D%2Fstreams", "a%2Bb", "412590"), "R&D/streams"),
            (("project1", "job1", "-1"), "project1"),
        ],
    )
    def test_answers(self, mock, values, project):
        """The SDK gets the instance that it asked for; its callers encode names themselves."""
        answer = self.call(mock, values)
        assert 200 == answer["statusCode"]
        assert project == answer["body"]["Instance"]["ProjectName"]
        assert dict(mock.calls[-1].request.headers)["authorization"].startswith("ACS3-HMAC-SHA256 ")

    def test_a_query_and_a_token_are_signed_with_the_rest(self, mock):
        """The SDK signs the query and the token of a temporary key."""
        query = {"RegionId": "cn hangzhou/~*", "Format": "JSON"}
        temporary = {"token": "a token"}
        assert 200 == self.call(mock, JOB1, query=query, **temporary)["statusCode"]

    @pytest.mark.parametrize(("values", "options", "status", "code"), REFUSED)
    def test_refusals(self, mock, values, options, status, code):
        """A refusal becomes the SDK's exception, with our code and status."""
        exceptions = pytest.importorskip("Tea.exceptions")
        with pytest.raises(exceptions.TeaException) as caught:
            self.call(mock, values, **options)
        assert (code, status) == (caught.value.code, caught.value.statusCode)
