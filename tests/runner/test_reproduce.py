"""One defect is one finding, by its smallest example, with commands that show it again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.runner import Limits

SHOWN_BY_ANY_CALL = ["id-as-text", "no-request-id", "unknown-state"]
ENVIRONMENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "testid",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "testsecret",
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
}


def run_in_a_shell(script, folder, stdin=b""):
    """What a POSIX shell makes of a script."""
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        env=ENVIRONMENT,
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr
    return done


def is_one_command(finding):
    """Whether a line of docpact stands alone."""
    return finding.reproduce.startswith("docpact call ") and "\n" not in finding.reproduce


def test_a_defect_that_shows_often_is_told_once(mock, known, checked):
    """A defect of many answers is one finding with their count."""
    mock.fault("id-as-text")
    outcome = checked(mock.url, known(mock))
    (finding,) = outcome.report.findings
    shown = sum(b'"Id":"' in each.response.body.replace(b" ", b"") for each in outcome.calls)
    assert shown == finding.count > 20


def test_the_smallest_example_is_told(mock, known, checked):
    """A finding names the shortest call and answer that show it."""
    mock.fault("id-as-text")
    outcome = checked(mock.url, known(mock))
    (finding,) = outcome.report.findings
    shown = [each for each in outcome.calls if b'"Id":"' in each.response.body.replace(b" ", b"")]
    smallest = min(shown, key=lambda each: 4 * len(each.request.target) + len(each.response.body))
    assert f"GET {smallest.request.target}" == finding.at.file


def test_many_fields_with_one_defect_are_one_finding(mock, known, checked):
    """A rule that many fields break is one finding that names them."""
    mock.fault("camel-case")
    findings = checked(mock.url, known(mock)).report.findings
    assert len(findings) <= 3


@pytest.mark.parametrize("fault", SHOWN_BY_ANY_CALL)
def test_the_line_of_docpact_shows_it_again(mock, known, checked, fault, tmp_path):
    """The command of a finding reproduces it, with the key in the environment."""
    mock.fault(fault)
    finding = checked(mock.url, known(mock), limits=Limits(60)).report.findings[0]
    assert finding.reproduce.startswith(f"docpact call {mock.url} ")
    assert is_one_command(finding)
    done = run_in_a_shell(finding.reproduce, tmp_path)
    assert (1, True) == (done.returncode, f"{finding.rule}: ".encode() in done.stdout + done.stderr)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("fault", SHOWN_BY_ANY_CALL)
def test_the_script_for_curl_shows_it_again(mock, known, checked, fault, tmp_path):
    """The curl script that `docpact call --code curl` prints reproduces the finding."""
    mock.fault(fault)
    finding = checked(mock.url, known(mock), limits=Limits(60)).report.findings[0]
    script = run_in_a_shell(f"{finding.reproduce} --code curl", tmp_path).stdout.decode()
    answer = run_in_a_shell(script, tmp_path)
    assert answer.stdout.startswith(b"HTTP/1.1 200")
    response = Response(answer.stdout.partition(b"\r\n\r\n")[2], 200)
    checker = Checker(load_bundled(), load_bundled_schemas())
    found = checker.check(Exchange(response, Source("curl")))
    assert finding.rule in {each.rule for each in found}


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize(
    "fault",
    ["unsigned-accepted", "unknown-key-accepted", "any-scheme-accepted", "any-method-answers"],
)
def test_what_must_fail_succeeds_again(mock, known, checked, fault, tmp_path):
    """A call without a valid signature or by another method is reproduced by curl."""
    mock.fault(fault)
    finding = checked(mock.url, known(mock)).report.findings[0]
    assert "docpact call" not in finding.reproduce
    answer = run_in_a_shell(finding.reproduce, tmp_path)
    assert answer.stdout.startswith(b"HTTP/1.1 200"), answer.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize(
    "fault", ["query-not-covered", "signature-prefix-accepted", "any-signature-accepted"]
)
def test_a_wrong_signature_is_made_again(mock, known, checked, fault, tmp_path):
    """A wrong signature is reproduced, and a server without the fault refuses it."""
    mock.fault(fault)
    findings = checked(mock.url, known(mock)).report.findings
    assert findings
    for finding in findings:
        assert "testsecret" not in finding.reproduce
        answer = run_in_a_shell(finding.reproduce, tmp_path)
        assert answer.stdout.startswith(b"HTTP/1.1 200"), (answer.stdout, finding.reproduce)
    mock.reset()
    for finding in findings:
        answer = run_in_a_shell(finding.reproduce, tmp_path)
        assert answer.stdout.startswith(b"HTTP/1.1 4"), (answer.stdout, finding.reproduce)


def test_hard_names_survive_the_shell(mock, known, checked, tmp_path):
    """A command makes exactly the same call even if its names have special characters."""
    faults = ("encoded-slash-splits", "spaced-name-fails", "non-ascii-name-fails")
    for fault in faults:
        mock.fault(fault)
        finding = checked(mock.url, known(mock)).report.findings[0]
        mock.recorded.clear()
        run_in_a_shell(finding.reproduce, tmp_path)
        assert finding.at.file == f"GET {mock.calls[-1].request.target}"
        assert mock.calls[-1].response.status >= 400


@pytest.mark.parametrize(
    ("fault", "rule"),
    [("same-request-id", "repeated-value"), ("formats-disagree", "formats-disagree")],
)
def test_what_takes_two_calls_names_both(mock, known, checked, fault, rule):
    """A defect that takes two calls is reproduced by two commands."""
    mock.fault(fault)
    findings = checked(mock.url, known(mock)).report.findings
    finding = next(each for each in findings if each.rule == rule)
    first, second = finding.reproduce.split("\n")
    assert first.startswith("docpact call ")
    assert second.startswith("docpact call ")
    assert (first == second) == (rule == "repeated-value")


def test_commands_name_the_place_where_the_endpoint_will_be(mock, known, checked):
    """Commands name the URL where the endpoint will be, if it is another one."""
    mock.fault("id-as-text")
    place = "http://127.0.0.1:8008"
    findings = checked(mock.url, known(mock), limits=Limits(20), shown_as=place).report.findings
    assert findings[0].reproduce.startswith(f"docpact call {place} ")


def test_no_secret_is_told(mock, known, checked):
    """A report holds neither the secret of the key nor a signature."""
    mock.fault("id-as-text", "no-request-id")
    outcome = checked(mock.url, known(mock))
    shown = repr(outcome.report)
    signatures = {
        dict(each.request.headers).get("Authorization", "").rpartition(":")[2]
        for each in outcome.calls
    }
    assert "testsecret" not in shown
    assert not [
        each for each in signatures if len(each) > 20 and each in shown and "AAA" not in each
    ]
