"""Archives as browsers write them: what no server answered is reported and not judged."""

import base64
import io
import json
import os
import zipfile

import fsspec
import pytest

from docpact.audit import AuditOptions, audited
from docpact.capture import (
    CapturedFile,
    Damage,
    OperationFilter,
    ReadOptions,
    Skipped,
    captured_files,
    entries_in,
)
from docpact.contract import load_bundled
from docpact.core.exchange import MAX_BODY, Exchange, header
from docpact.settings import Settings

URL = "https://gateway/api/v2/projects/project1/jobs/job1/instances/412536"
WANTED = OperationFilter(load_bundled().operation)
HASH = "303a20e223837b8be02b2af9cd3c0a94e2878ece"


@pytest.fixture(scope="session")
def body(responses) -> str:
    """An answer with nothing wrong in it, and nothing masked."""
    text = (responses / "valid" / "documented.json").read_text("utf-8")
    return text.replace("****", "2d40")


def entry(response: dict, url: str = URL, **more) -> dict:
    """A call as DevTools exports it, with an answer of one's own."""
    usual = {
        "status": 200,
        "statusText": "",
        "httpVersion": "http/2.0",
        "headers": [{"name": "content-type", "value": "application/json;charset=utf-8"}],
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_transferSize": 700,
        "_error": None,
        "_fetchedViaServiceWorker": False,
    }
    request = {"method": "GET", "url": url, "headers": [{"name": ":authority", "value": "gateway"}]}
    return {
        "_resourceType": "fetch",
        "request": request,
        "response": usual | response,
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "time": 12,
        "timings": {"blocked": 1, "dns": -1, "connect": -1, "send": 0, "wait": 10, "receive": 1},
    } | more


def content(text: str | None = None, **more) -> dict:
    """The content of an answer, with or without its text."""
    size = {} if text is None else {"size": len(text.encode()), "text": text}
    return {"content": {"mimeType": "application/json"} | size | more}


def archive(*calls) -> bytes:
    """A HAR document on one line, as Playwright writes it."""
    return json.dumps({"log": {"version": "1.2", "entries": calls}}).encode()


def zipped(**members: bytes) -> bytes:
    """A ZIP archive; two underscores in a name stand for its dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "."), data)
    return stream.getvalue()


@pytest.fixture
def entries():
    """The entries of an archive of these calls."""

    def read(*calls, data: bytes = b""):
        file = CapturedFile("x.har", data or archive(*calls))
        return list(entries_in(file, ReadOptions(operation_filter=WANTED)))

    return read


@pytest.fixture
def findings(checker):
    """The rules that archives of these calls trip."""

    def rules(*calls):
        files = iter((CapturedFile("x.har", archive(*calls)),))
        done = audited(
            files, checker, Settings(), ReadOptions(operation_filter=WANTED), options=AuditOptions()
        )
        return sorted(each.rule for each in done.report.findings)

    return rules


@pytest.fixture
def report_on(checker):
    """What `docpact validate` makes of files and folders."""

    def report(*paths):
        files = captured_files([str(each) for each in paths])
        reading = ReadOptions(operation_filter=WANTED)
        return audited(files, checker, Settings(), reading, options=AuditOptions()).report

    return report


@pytest.mark.parametrize(
    ("response", "why"),
    [
        ({"status": 0, "_error": "net::ERR_BLOCKED_BY_CLIENT"}, "net::ERR_BLOCKED_BY_CLIENT"),
        ({"status": 0, "content": {"size": 0, "mimeType": "x-unknown"}}, "no answer"),
        ({"status": -1, "_failureText": "net::ERR_FAILED"} | content(size=-1), "net::ERR_FAILED"),
        ({"_error": "net::ERR_ABORTED"} | content('{"Instance": {'), "cancelled it"),
        ({"_error": "net::ERR_ABORTED"} | content(size=0), "cancelled it"),
        (
            {"_failureText": "net::ERR_CONTENT_LENGTH_MISMATCH"} | content(size=-1),
            "body was not recorded: net::ERR_CONTENT_LENGTH_MISMATCH",
        ),
        (content(size=1638), "body was not recorded"),
        (content(size=1638, text=""), "body was not recorded"),
        ({"bodySize": 1638} | content(size=0), "body was not recorded"),
        ({"status": 304} | content(size=0), "cache"),
        ({"_transferSize": 0} | content("{}"), "cache"),
        ({"bodySize": 0, "_transferSize": 113} | content("{}"), "cache"),
        ({"_fetchedViaServiceWorker": True} | content("{}"), "service worker"),
        (
            {"status": 307, "headers": [{"name": "Non-Authoritative-Reason", "value": "HSTS"}]}
            | content(size=0),
            "by itself",
        ),
    ],
)
def test_what_no_server_answered_is_reported_and_not_judged(entries, response, why):
    """Blocked, cancelled, cached and forgotten answers are neither empty nor damaged ones."""
    (only,) = entries(entry(response))
    assert isinstance(only, Skipped)
    assert only.what.startswith("GET /api/v2/projects/project1/jobs/job1/instances/412536 (")
    assert why in only.what


def test_an_answer_from_the_cache_does_not_repeat_its_request_id(findings, body):
    """The browser shows it again, but the server has answered only once."""
    asked = {"method": "GET", "url": URL, "headers": [{"name": "If-None-Match", "value": '"a"'}]}
    again = (
        entry(content(body), _fromCache="disk"),
        entry({"_transferSize": 0} | content(body)),
        entry({"headers": [{"name": "ETag", "value": '"a"'}]} | content(body), request=asked),
    )
    later = [each | {"startedDateTime": f"2027-01-0{day}"} for day, each in enumerate(again, 1)]
    assert [] == findings(entry(content(body)), *later)


def test_a_server_that_repeats_itself_is_found_in_a_browser_too(findings, body):
    """What came over the network is judged as anywhere else."""
    later = {"startedDateTime": "2026-01-02T03:04:06.678Z"}
    assert ["repeated-value"] == findings(entry(content(body)), entry(content(body), **later))


def test_a_304_that_nobody_asked_for_is_judged(entries, findings):
    """A 304 to an unconditional request is judged, as a client without a cache cannot use it."""
    call = entry({"status": 304} | content(""))
    del call["_resourceType"], call["response"]["_transferSize"]
    assert ["unexpected-status"] == findings(call)
    call["request"]["headers"] = [{"name": "if-none-match", "value": '"a"'}]
    assert isinstance(entries(call)[0], Skipped)


def test_an_empty_answer_is_one(findings):
    """An answer without text, size and length is an empty one."""
    assert ["empty-body"] == findings(entry({"bodySize": 0} | content(size=0)))


def test_headers_of_what_travelled_do_not_belie_the_decoded_body(findings, body):
    """Headers of the compressed body do not contradict the decoded one."""
    headers = [
        {"name": ":status", "value": "200"},
        {"name": "content-encoding", "value": "gzip"},
        {"name": "content-length", "value": "611"},
        {"name": "content-type", "value": "application/json;charset=utf-8"},
    ]
    for coding in ("gzip", "br", "zstd", "deflate"):
        headers[1]["value"] = coding
        assert [] == findings(entry({"headers": headers} | content(body)))


def test_a_length_of_other_bytes_than_the_text_is_no_finding(findings, body):
    """A length that a dropped byte order mark explains is not a finding."""
    headers = [
        {"name": "Content-Type", "value": "application/json"},
        {"name": "Content-Length", "value": str(len(body.encode()) + 3)},
    ]
    call = entry({"headers": headers} | content(body))
    assert [] == findings(call)
    del call["_resourceType"], call["response"]["_transferSize"]
    assert ["wrong-length"] == findings(call)


def test_a_body_in_base64_is_judged(findings, body):
    """A body in Base64 is judged, as DevTools keeps what it does not take for a text."""
    packed = base64.b64encode(body.encode()).decode()
    said = {"mimeType": "application/json", "size": len(body.encode()), "text": packed}
    assert [] == findings(entry({"content": said | {"encoding": "base64"}}))


def test_waiting_for_a_connection_is_not_the_servers_time(entries):
    """The time in a browser's queue does not count as the server's."""
    timings = {"blocked": 15_000, "dns": 20, "connect": 30, "ssl": 25, "send": 1, "wait": 40}
    (only,) = entries(entry(content("{}"), time=15_096, timings=timings | {"receive": 5}))
    assert 0.046 == pytest.approx(only.response.seconds)


def attached(name: str, url: str = URL, **more) -> dict:
    """A call whose body stands in a file of its own."""
    return entry(content(size=20, _file=name, **more), url=url)


def test_bodies_in_the_same_zip_are_those_of_the_calls(checker, body):
    """Bodies in the same ZIP belong to the calls, and are not judged by themselves."""
    data = zipped(
        har__har=archive(
            attached(f"{HASH}.json"),
            attached("a1.html", url="https://gateway/"),
            attached("b.json"),
        ),
        a1__html=b"<html></html>",
        **{f"{HASH}__json": body.encode()},
    )
    file = CapturedFile("x.zip", data)
    done = audited(
        iter((file,)),
        checker,
        Settings(),
        ReadOptions(operation_filter=WANTED),
        options=AuditOptions(),
    )
    assert (1, 2, ()) == (done.report.checked, done.report.skipped_calls, done.report.findings)
    assert ("x.zip!har.har",) == done.report.clean


def test_other_captures_in_a_zip_are_judged_beside_an_archive(body):
    """A body is one of the archive's only if the archive in its folder says so."""
    data = zipped(har__har=archive(attached("a.json")), a__json=b"{}", b__json=body.encode())
    found = [each.source.file for each in entries_in(CapturedFile("x.zip", data), ReadOptions())]
    assert ["x.zip!b.json", "x.zip!har.har"] == found


def test_bodies_beside_an_archive_are_those_of_the_calls(tmp_path, report_on, body):
    """Bodies beside an archive belong to its calls, whether the archive or its folder is named."""
    (tmp_path / "x.har").write_bytes(archive(attached(f"{HASH}.json")))
    (tmp_path / f"{HASH}.json").write_text(body, "utf-8")
    alone, folder = report_on(tmp_path / "x.har"), report_on(tmp_path)
    assert (1, 0) == (alone.checked, alone.skipped_calls)
    assert (1, 1, ()) == (folder.checked, folder.skipped, folder.findings)


def test_bodies_in_a_store_are_those_of_the_calls(checker, body):
    """Bodies in a remote store belong to the calls, as they do on a disk."""
    store = fsspec.filesystem("memory")
    store.pipe("/attached/x.har", archive(attached(f"{HASH}.json"), attached("none.json")))
    store.pipe(f"/attached/{HASH}.json", body.encode())
    files, reading = captured_files(["memory://attached"]), ReadOptions(operation_filter=WANTED)
    report = audited(files, checker, Settings(), reading, options=AuditOptions()).report
    assert (1, 1, 1, ()) == (report.checked, report.skipped_calls, report.skipped, report.findings)


def test_a_fault_in_a_body_of_its_own_is_found(tmp_path, report_on, body):
    """A fault in an external body is found at its call."""
    (tmp_path / "x.har").write_bytes(archive(attached("a.json")))
    (tmp_path / "a.json").write_text(body.replace('"RUNNING"', '"running"'), "utf-8")
    found = report_on(tmp_path / "x.har").findings
    assert {"unknown-enum-value"} == {each.rule for each in found}
    assert {str(tmp_path / "x.har")} == {each.at.file for each in found}


@pytest.mark.parametrize(
    "name", ["none.json", "../secret.json", "/etc/hostname", "", ".", "..", "a\0b", "sub/a.json"]
)
def test_a_body_that_is_not_beside_its_archive_is_reported(tmp_path, name):
    """A missing body is named, and no other folder is looked into."""
    (tmp_path / "secret.json").write_text("{}")
    inner = tmp_path / "in"
    (inner / "sub").mkdir(parents=True)
    (inner / "sub" / "a.json").write_text("{}")
    (inner / "x.har").write_bytes(archive(attached(name)))
    (file,) = captured_files([str(inner / "x.har")])
    (only,) = entries_in(file, ReadOptions())
    assert isinstance(only, Skipped)
    assert f"its body is in {name}, which is not beside the archive" in only.what


def test_links_and_pipes_beside_an_archive_are_left_alone(tmp_path):
    """Links and pipes beside an archive are not read: a link could lead anywhere."""
    (tmp_path / "secret.json").write_text("{}")
    inner = tmp_path / "in"
    inner.mkdir()
    (inner / "link.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(inner / "pipe.json")
    (inner / "x.har").write_bytes(archive(attached("link.json"), attached("pipe.json")))
    (file,) = captured_files([str(inner / "x.har")])
    assert [Skipped, Skipped] == [type(each) for each in entries_in(file, ReadOptions())]


def test_no_more_is_read_of_a_body_than_is_judged(tmp_path):
    """Of a sparse file of a terabyte, only so much is read that it is known to be too large."""
    with (tmp_path / "a.json").open("wb") as stream:
        stream.truncate(2**40)
    (tmp_path / "x.har").write_bytes(archive(attached("a.json")))
    (file,) = captured_files([str(tmp_path / "x.har")])
    (only,) = entries_in(file, ReadOptions())
    assert MAX_BODY < len(only.response.body) < 2 * MAX_BODY


def test_one_large_body_for_many_calls_comes_to_an_end():
    """A few kilobytes of archive must not expand to terabytes."""
    data = zipped(x__har=archive(*[attached("a.json")] * 100), a__json=b" " * 2**24)
    found = list(entries_in(CapturedFile("x.zip", data), ReadOptions()))
    assert isinstance(found[-1], Damage)
    assert "over and over" in found[-1].why
    assert len(found) < 20


def test_many_calls_may_share_a_body(entries):
    """Many calls may share a body, as Playwright keeps equal bodies once."""
    data = zipped(x__har=archive(*[attached("a.json")] * 5000), a__json=b" " * 5000)
    found = entries(data=data)
    assert 5000 == len(found)
    assert all(isinstance(each, Exchange) for each in found)


def test_a_broken_body_in_a_zip_is_damage_of_its_call_alone(entries):
    """A broken body in a ZIP is damage of its call, and the calls around it are judged."""
    calls = archive(attached("a.json"), entry(content("{}")))
    data = bytearray(zipped(x__har=calls, a__json=os.urandom(500)))
    data[data.index(b"a.json") + 40] ^= 0xFF  # in the data of the first member of that name
    assert [Damage, Exchange] == [type(each) for each in entries(data=bytes(data))]


def test_a_mock_of_a_playwright_test_is_judged(entries):
    """Somebody wrote it to be true to the page."""
    (only,) = entries(entry({"_transferSize": 82} | content("{}"), _wasFulfilled=True))
    assert isinstance(only, Exchange)
    assert header(only.response.headers, "Content-Type") == "application/json;charset=utf-8"
