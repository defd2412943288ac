"""`docpact call` makes one call, shows its answer and judges it."""

import json
import socket
import threading
from contextlib import contextmanager

import pytest

from docpact.mock import serve

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
EXISTS = "project1/job1/123"
KEY = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "testid",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "testsecret",
}


@pytest.fixture(scope="module")
def shared():
    """A mock that takes signed requests only."""
    with serve(auth="required") as mock:
        yield mock


@pytest.fixture
def mock(shared):
    """The mock, without faults and calls."""
    shared.reset()
    return shared


@contextmanager
def answering(answer):
    """The URL of a server that gives one answer."""

    def serve_once(listener):
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_once, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def answer_of(body, status="200 OK", content_type="application/json", more=""):
    """An answer as it travels."""
    length = f"Content-Length: {len(body)}\r\n"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{length}{more}\r\n"
    return head.encode() + body


# --- The built-in mock ----------------------------------------------------------------------------


def test_without_a_url_the_built_in_mock_answers(docpact):
    """Without a URL, the built-in mock answers, and in XML by default."""
    outcome = docpact("call", EXISTS)
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert outcome.out.startswith("<GetInstanceResponse>\n  <")
    assert "\n    <Id>123</Id>\n" in outcome.out
    place = "mock:/api/v2/projects/project1/jobs/job1/instances/123"
    assert outcome.out.endswith(
        f"\nclean {place}\n1 answer checked: 0 errors, 0 warnings, 0 notes\n"
    )


def test_json_comes_if_it_is_asked_for(docpact):
    """A JSON answer is shown indented, with its members in their order."""
    outcome = docpact("call", EXISTS, "--body", "json")
    document, _, _ = outcome.out.partition("\n\nclean mock:")
    assert json.loads(document)["Instance"]["Id"] == 123
    assert document.startswith('{\n  "RequestId": "')


def test_a_failed_call_that_keeps_the_contract_is_clean(docpact):
    """A documented error answer is not a finding, and standard error says that the call failed."""
    outcome = docpact("call", "project1/job1/999999", "--body", "json")
    assert outcome.code == CLEAN
    assert outcome.err.startswith("docpact: the call failed with status 404, instanceId.NotFound: ")
    assert len(outcome.err.splitlines()) == 1


# --- Signing --------------------------------------------------------------------------------------


def test_a_key_of_the_environment_signs(docpact, mock):
    """A key in the environment signs the call, as with the vendor's tools."""
    outcome = docpact("call", mock.url, EXISTS, **KEY)
    assert (outcome.code, outcome.err) == (CLEAN, "")


def test_a_key_on_the_command_line_signs(docpact, mock):
    """A key on the command line overrides that of the environment."""
    key = ("--access-key-id", "testid", "--access-key-secret", "testsecret")
    wrong = dict.fromkeys(KEY, "other")
    assert docpact("call", mock.url, EXISTS, *key, **wrong).err == ""


def test_everything_that_can_be_asked_is_signed(docpact, mock):
    """Names in any script, a region, a format and a token are part of the signature."""
    asked = ("项目一/实时作业/412580", "--region", "cn-hangzhou", "--body", "json")
    outcome = docpact("call", mock.url, *asked, "--sts-token", "token", **KEY)
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert '"JobName": "实时作业"' in outcome.out


def test_without_a_key_nothing_is_signed(docpact, mock):
    """A call without a key is not signed, and the endpoint refuses it."""
    outcome = docpact("call", mock.url, EXISTS)
    assert outcome.code == CLEAN
    assert "the call failed with status 400, MissingAuthorization" in outcome.err


def test_another_secret_is_refused_and_never_shown(docpact, mock):
    """A wrong secret is refused, and neither secret is shown."""
    other = KEY | {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hunter2"}
    outcome = docpact("call", mock.url, EXISTS, "-i", **other)
    assert "SignatureDoesNotMatch" in outcome.err
    assert "hunter2" not in outcome.out + outcome.err


@pytest.mark.parametrize("option", ["--access-key-id", "--access-key-secret"])
def test_half_a_key_is_wrong_usage(docpact, option):
    """A key id without its secret is wrong usage, since the call would not be signed."""
    outcome = docpact("call", EXISTS, option, "x")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "is missing" in outcome.err


# --- Judging --------------------------------------------------------------------------------------


def test_a_broken_answer_has_findings(docpact, mock):
    """The findings are below the answer, with the line of the page."""
    mock.fault("unknown-state")
    outcome = docpact("call", mock.url, EXISTS, **KEY)
    assert outcome.code == FINDINGS
    assert "error unknown-enum-value: " in outcome.out
    assert "the page says so: GetInstance.md:37" in outcome.out


def test_an_answer_about_something_else_is_noticed(docpact):
    """The answer is compared with the parameters of the request."""
    body = json.dumps({"RequestId": "r", "Instance": {"Id": 7, "JobName": "other"}}).encode()
    with answering(answer_of(body)) as url:
        outcome = docpact("call", url, EXISTS, "--format", "json")
    wrong = {
        each["field"] for each in json.loads(outcome.out)["findings"] if "echo" in each["rule"]
    }
    assert {"Instance.Id", "Instance.JobName"} == wrong


def test_an_answer_that_was_cut_off_is_judged(docpact):
    """An answer that was cut off has a wrong length and broken syntax."""
    answer = answer_of(b'{"RequestId": "r"}')[:-3]
    with answering(answer) as url:
        outcome = docpact("call", url, EXISTS)
    assert outcome.code == FINDINGS
    assert "wrong-length" in outcome.out
    assert '{"RequestId": "\n' in outcome.out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], CLEAN),
        (["--strict"], FINDINGS),
        (["--strict", "--ignore", "undocumented-field"], CLEAN),
    ],
    ids=["plain", "strict", "ignored"],
)
def test_warnings_fail_only_a_strict_call(docpact, valid, options, code):
    """A warning fails a call only with --strict, as for captures."""
    body = (valid / "documented.json").read_bytes().replace(b"{", b'{"New": 1,', 1)
    asked = "project1/job1/-1"
    with answering(answer_of(body)) as url:
        outcome = docpact("call", url, asked, "--region", "cn", *options)
    assert code == outcome.code, outcome.out
    assert ("--ignore" not in options) is ("undocumented-field" in outcome.out)


# --- Showing --------------------------------------------------------------------------------------


def test_include_shows_status_and_headers(docpact):
    """With --include, status and headers are shown, without secrets."""
    answer = answer_of(b"{}", "404 Nope", more="Set-Cookie: session=hunter2\r\nX-Odd: 1\r\n")
    with answering(answer) as url:
        outcome = docpact("call", url, EXISTS, "--include")
    head, _, _ = outcome.out.partition("\n\n")
    expected = ["HTTP 404", "Content-Type: application/json", "Content-Length: 2"]
    assert [*expected, "Set-Cookie: ***", "X-Odd: 1"] == head.splitlines()


def test_raw_writes_the_body_as_it_came(docpact, tmp_path):
    """With --raw, the body is written byte for byte, and findings go to standard error."""
    for options in ([], ["--output", "body.json"]):
        with answering(answer_of(b'{"a":\t1}')) as url:
            outcome = docpact("call", url, EXISTS, "--raw", *options)
        assert outcome.code == FINDINGS
        assert "1 answer checked" in outcome.err
        assert outcome.out == ("" if options else '{"a":\t1}')
    assert (tmp_path / "body.json").read_bytes() == b'{"a":\t1}'


def test_json_is_shown_as_it_came(docpact):
    """Numbers keep their form, repeated names stay, and empty objects take no extra lines."""
    body = b'{"a":1.0e3,"a":12345678901234567890,"b":{},"c":[ ],"d":[{"x":"\\u00e9"}]}'
    with answering(answer_of(body)) as url:
        outcome = docpact("call", url, EXISTS)
    expected = (
        '{\n  "a": 1.0e3,\n  "a": 12345678901234567890,\n  "b": {},\n  "c": [],\n'
        '  "d": [\n    {\n      "x": "\\u00e9"\n    }\n  ]\n}\n'
    )
    assert outcome.out.startswith(expected)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "\xc2\x9b31m\xe2\x80\xae"}',
        b"<a>\xc2\x9b31m</a>",
        b"\x1b[31mred\x07",
        b'{"a": "\x1b[31m"}',
        b"<a>&#155;</a>",
        b"\xff\x1b]0;x\x07",
    ],
)
def test_nothing_in_an_answer_is_obeyed_by_a_terminal(docpact, body):
    """Control characters of an answer are escaped, whether or not it can be laid out."""
    with answering(answer_of(body, more="X-Odd: \x9b31m\r\n")) as url:
        outcome = docpact("call", url, EXISTS, "-i")
    assert outcome.code == FINDINGS
    assert all(each.isprintable() or each == "\n" for each in outcome.out + outcome.err)


def test_a_document_with_entities_is_shown_as_it_came(docpact, tmp_path):
    """No entity is replaced, and no file is read."""
    (tmp_path / "secret").write_text("hunter2", "utf-8")
    body = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>\n<a>&e;</a>'.encode()
    with answering(answer_of(body, content_type="application/xml")) as url:
        outcome = docpact("call", url, EXISTS)
    assert "<a>&e;</a>\n" in outcome.out
    assert "hunter2" not in outcome.out
    assert "xml-doctype" in outcome.out


@pytest.mark.parametrize("body", [b"[" * 100_000, b"<a>" * 100_000, b"1" * 5000, b"", b"\0"])
def test_odd_bodies_are_shown_somehow(docpact, body):
    """Bodies of any depth and length are shown."""
    with answering(answer_of(body)) as url:
        assert docpact("call", url, EXISTS).code == FINDINGS


def test_colour_comes_when_it_is_wanted(docpact):
    """Colours are used only if they are asked for."""
    outcome = docpact("call", EXISTS, "--body", "json", "--color", "always")
    assert '\x1b[34m"RequestId"\x1b[0m: \x1b[32m"' in outcome.out
    assert "\x1b" not in docpact("call", EXISTS).out


# --- Code -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [("curl", "openssl dgst"), ("python", "GetInstanceRequest()"), ("httpx", "httpx.Client()")],
)
def test_code_is_printed_and_nothing_sent(docpact, mock, language, shown):
    """With --code, code without the secret is printed and no call is made."""
    outcome = docpact("call", mock.url, EXISTS, "--code", language, "--body", "json", **KEY)
    assert (outcome.code, outcome.err) == (CLEAN, "")
    assert shown in outcome.out
    assert "testsecret" not in outcome.out
    assert mock.calls == ()


def test_code_needs_a_url(docpact):
    """--code needs a URL, since the built-in mock has stopped when the code runs."""
    outcome = docpact("call", EXISTS, "--code", "curl")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "docpact mock" in outcome.err


# --- Wrong usage, and calls that cannot be made ---------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["http://127.0.0.1"],
        ["http://127.0.0.1", EXISTS, "more"],
        ["project1/job1"],
        ["project1/job1/abc"],
        ["127.0.0.1:80", EXISTS],
        ["http://127.0.0.1/?a=b", EXISTS],
        [EXISTS, "--region", "中"],
        [EXISTS, "--accept", "a\nb"],
        [EXISTS, "--timeout", "0"],
        [EXISTS, "--timeout", "nan"],
        [EXISTS, "--timeout", "inf"],
        [EXISTS, "--timeout", "1e12"],
        [EXISTS, "--raw", "--include"],
        [EXISTS, "--raw", "--format", "json"],
        [EXISTS, "--ignore", "no-such-rule"],
        [EXISTS, "--code", "cobol"],
    ],
    ids=str,
)
def test_wrong_usage_is_told(docpact, arguments):
    """Wrong usage is reported on standard error only, with exit code 2."""
    outcome = docpact("call", *arguments)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert outcome.err


def test_a_password_in_the_url_is_not_repeated(docpact):
    """A password in the URL is not repeated in messages."""
    outcome = docpact("call", "http://me:hunter2@127.0.0.1", EXISTS)
    assert outcome.code == USAGE
    assert "hunter2" not in outcome.err


def test_an_endpoint_that_is_not_there_is_told(docpact):
    """An endpoint that cannot be reached gives exit code 3 and a next step."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = docpact("call", f"http://127.0.0.1:{port}", EXISTS)
    assert (outcome.code, outcome.out) == (FAILED, "")
    expected = f"docpact: 127.0.0.1:{port} refuses connections\n  Is it running,"
    assert outcome.err.startswith(expected)


def test_plain_http_to_elsewhere_is_warned_of(docpact):
    """A call by http:// to another machine prints a warning."""
    outcome = docpact("call", "http://nowhere.invalid", EXISTS)
    assert outcome.code == FAILED
    assert "docpact: warning: the call is not encrypted" in outcome.err


def test_the_help_warns_of_secrets_on_the_command_line(docpact):
    """The help says that other users can read the command line."""
    outcome = docpact("call", "--help")
    assert "can read the command line" in " ".join(outcome.out.split())
    assert "Examples:" in outcome.out
