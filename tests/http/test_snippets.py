"""Every snippet is code that makes the call it was made from."""

import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from docpact.cli.options import referenced_values
from docpact.contract import load_bundled
from docpact.core.exchange import Request
from docpact.http.signing import Verifier
from docpact.http.snippets import TOKEN, SdkCall, call_line, curl, httpx_code, python_sdk

VERSION = "2018-11-11"
PATH = "/api/v2/projects/{projectName}/jobs/{jobName}/instances/{instanceId}"
NAMES = [
    "job1",
    "a b",
    "中文",
    'it\'s "quoted"',
    "$(touch pwned)`touch pwned`",
    "a;b&c|d>e",
    "100%",
    "-n",
    "a\\nb\nc",
    "\x00\x1b\udcff",
    "[x]{y}*?",
    "!history ~",
    "..",
]
QUERIES = [
    "",
    "Format=JSON",
    "b=2&a=1&B=3",
    "a=x%20y%26z&b=it%27s+%22&c",
    "x=%24%28touch%20pwned%29%60id%60%5C%00%0A",
]


def target_of(name, query=""):
    """The target that asks for a job of that name."""
    segment = quote(name, safe="", errors="surrogateescape")
    path = f"/api/v2/projects/{segment}/jobs/{segment}/instances/-1"
    return f"{path}?{query}" if query else path


class Server(ThreadingHTTPServer):
    """Keeps what was asked and what its verifier says of it."""

    def __init__(self):
        self.asked = []
        self.refusals = []
        self.verifier = Verifier({"testid": "testsecret"})
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Answers everything alike."""

    def answer(self):
        """Verify, and answer in JSON."""
        target = self.requestline.split(" ")[1]
        request = Request(self.command, target, tuple(self.headers.items()))
        self.server.asked.append(request)
        self.server.refusals.append(self.server.verifier.refusal(request))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else b"{}")

    do_GET = do_HEAD = do_POST = answer  # noqa: N815  # the library calls them so

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving():
    """The server, in a thread of its own."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def shared():
    """One server for all snippets of this file."""
    with serving() as server:
        yield server


@pytest.fixture
def server(shared):
    """The server, which has forgotten what other tests asked."""
    shared.asked.clear()
    shared.refusals.clear()
    return shared


@pytest.fixture
def run(tmp_path):
    """Runs a program in an empty folder, with a key in the environment."""

    def ran(*words, **env):
        ambient = {each: os.environ[each] for each in ("PATH", "HOME") if each in os.environ}
        key = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "testid",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "testsecret",
        }
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env=ambient | key | env,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert [] == list(tmp_path.iterdir())  # nothing in a name was ever executed
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran


@pytest.fixture
def shell(run):
    """Runs commands by the plainest shell there is."""
    for each in ("sh", "curl", "openssl"):
        if shutil.which(each) is None:
            pytest.skip(f"{each} is not installed")
    return lambda code, **env: run(shutil.which("sh"), "-eu", "-c", code, **env)


# --- curl -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_curl_signs_any_query(server, shell, query):
    """The signature of the curl command covers the query, sorted and decoded."""
    request = Request("GET", target_of("job1", query))
    out = shell(curl(server.url, request, signed=True, version=VERSION))
    assert [None] == server.refusals
    assert request.target == server.asked[0].target
    assert out.startswith("HTTP/1.")
    assert out.endswith("{}")


@pytest.mark.parametrize("name", NAMES)
def test_curl_asks_for_any_name(server, shell, name):
    """The shell takes nothing in a name for a command."""
    request = Request("GET", target_of(name))
    shell(curl(server.url, request, signed=True, version=VERSION))
    assert [None] == server.refusals
    assert request.target == server.asked[0].target


@pytest.mark.parametrize(
    "target", ["/a/../b", "/a//b", "/%7e/[1-3]/{a,b}", "*", "/a#b", "/x?$(id)", "/'\"`"]
)
def test_curl_sends_targets_as_they_are_written(server, shell, target):
    """The curl command does not normalise a target."""
    shell(curl(server.url, Request("GET", target), signed=True, version=VERSION))
    assert ([None], target) == (server.refusals, server.asked[0].target)


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_curl_uses_the_method(server, shell, method):
    """The curl command sends and signs the method of the request."""
    shell(curl(server.url, Request(method, "/x"), signed=True, version=VERSION))
    assert ([None], method) == (server.refusals, server.asked[0].method)


def test_curl_sends_the_headers_of_the_request(server, shell):
    """The curl command signs the request's headers, and renews its signature."""
    headers = (
        ("accept", "text/xml"),
        ("X-Acs-Region-Id", "cn $(touch pwned) 'x'"),
        ("Authorization", "acs old:OLDSIGNATURE"),
        ("Date", "long ago"),
    )
    code = curl(server.url, Request("GET", "/x", headers), signed=True, version=VERSION)
    shell(code)
    assert "OLDSIGNATURE" not in code
    assert [None] == server.refusals
    assert headers[1] in [(name, value) for name, value in server.asked[0].headers]


def test_curl_signs_below_a_prefix(server, shell):
    """The curl command signs the path with the endpoint's prefix."""
    shell(curl(f"{server.url}/gate%20way/", Request("GET", "/x"), signed=True, version=VERSION))
    assert ([None], "/gate%20way/x") == (server.refusals, server.asked[0].target)


def test_curl_sends_the_token_of_a_temporary_key(server, shell):
    """The curl command sends and signs the token in the environment, if there is one."""
    code = curl(server.url, Request("GET", "/x"), signed=True, version=VERSION)
    shell(code, **{TOKEN: "a token"})
    assert [None] == server.refusals
    assert ("x-acs-security-token", "a token") in server.asked[0].headers


def test_curl_sends_nothing_of_its_own_when_unsigned(server, shell):
    """An unsigned curl command adds no Accept, and repeats no secret of the request."""
    headers = (("X-Empty", ""), ("Authorization", "acs id:SIGNATURE"))
    code = curl(server.url, Request("GET", "/x", headers), signed=False)
    shell(code)
    assert {"host", "user-agent", "x-empty"} == {
        name.lower() for name, _ in server.asked[0].headers
    }
    assert "SIGNATURE" not in code


# --- Python ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("signs", [True, False])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("name", ["job1", 'it\'s "中文"\n'])
def test_httpx_code_makes_the_call(server, run, name, query, signs):
    """The httpx code makes the same call, signed if that is asked for."""
    request = Request("GET", target_of(name, query), (("Accept", "application/json"),))
    out = run(sys.executable, "-c", httpx_code(server.url, request, signed=signs, version=VERSION))
    assert request.target == server.asked[0].target
    assert [signs] == [each is None for each in server.refusals]
    assert out == "200\n{}\n"


def test_an_unsigned_call_needs_nothing_of_docpact():
    """Unsigned httpx code needs only the packages in its first line."""
    code = httpx_code("http://127.0.0.1:1", Request("GET", "/x"), signed=False)
    assert code.startswith("# pip install httpx\nimport httpx\n")
    assert "docpact" not in code
    signed = httpx_code("http://127.0.0.1:1", Request("GET", "/x"), signed=True)
    assert signed.startswith("# pip install httpx docpact\n")


@pytest.mark.parametrize("language", ["sdk", "httpx"])
def test_code_without_a_key_says_what_it_needs(language):
    """Code that finds no key ends with a sentence, not with a stack trace."""
    url, request = "http://127.0.0.1:1", Request("GET", "/x")
    call = SdkCall({"projectName": "p", "jobName": "j", "instanceId": "1"}, PATH)
    code = python_sdk(url, call) if language == "sdk" else httpx_code(url, request, signed=True)
    bare = {each: os.environ[each] for each in ("PATH", "HOME") if each in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env=bare, capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["job1", "a b", "中文", 'it\'s "quoted"', "$(x)/%"])
@pytest.mark.parametrize("prefix", ["", "/gateway"])
def test_sdk_code_makes_the_call(server, run, name, prefix):
    """The vendor's SDK signs the call, and our verifier accepts it."""
    values = {"projectName": name, "jobName": name, "instanceId": "-1"}
    call = SdkCall(values, PATH, "JSON", "cn-shanghai")
    out = run(sys.executable, "-c", python_sdk(server.url + prefix, call))
    assert [None] == server.refusals
    path, _, query = server.asked[0].target.partition("?")
    assert path == prefix + target_of(name)
    assert {"Format=JSON", "RegionId=cn-shanghai"} == set(query.split("&"))
    assert out == "{}\n"


# --- docpact call ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [each for each in NAMES if "\udcff" not in each])
def test_a_call_line_is_understood_by_the_command(run, name):
    """The command line names the same instance after the shell has read it."""
    options = {"body": "json", "region": "cn $x", "contract": "my schemas/c.json"}
    line = call_line("http://127.0.0.1:8000", (name, name, "-1"), **options)
    program = "import sys; print(ascii(sys.argv[1:]))"
    shown = f"docpact() {{ {sys.executable} -c '{program}' \"$@\"; }}\n{line}"
    words = eval(run(shutil.which("sh"), "-c", shown))  # noqa: S307  # a list that ascii wrote
    given = ["--body=json", "--region=cn $x", "--contract=my schemas/c.json"]
    assert ["call", "http://127.0.0.1:8000", *given] == words[:-1]
    values = referenced_values(words[-1], load_bundled(), hint="")
    assert (name, name, "-1") == tuple(values.values())


def test_a_call_line_stays_readable():
    """Plain names are neither encoded nor quoted."""
    expected = "docpact call http://127.0.0.1:8000 project1/job1/123"
    assert expected == call_line("http://127.0.0.1:8000", ("project1", "job1", "123"))
