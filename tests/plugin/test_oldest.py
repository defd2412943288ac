"""The plugin works with the oldest pytest that schemathesis takes, too."""

import os
import subprocess
import sys

import pytest

OLDEST = "8.4.0"

pytestmark = [
    pytest.mark.skipif(
        os.environ.get("HYPOTHESIS_PROFILE") != "deep", reason="installs another pytest"
    ),
]


@pytest.fixture(scope="module")
def oldest(tmp_path_factory):
    """A folder with that pytest, to stand before all others."""
    folder = tmp_path_factory.mktemp("oldest")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
    subprocess.run([*command, f"pytest=={OLDEST}"], check=True, timeout=300)
    return folder


def test_an_endpoint_is_checked(team, oldest):
    """With the oldest supported pytest, endpoints are checked, alone and with xdist."""
    path = {"PYTHONPATH": str(oldest)}
    ran = team.run_apart("--docpact-mock", "-W", "error", **path)
    assert 0 == ran.code, ran.text
    assert f"pytest-{OLDEST}" in ran.text
    name = "docpact::GetInstance::json::accept-weights"
    faulty = ("--docpact-mock", "--docpact-mock-fault", "id-as-text", name)
    for options in ((), ("-n", "2")):
        ran = team.run_apart(*faulty, *options, **path)
        assert 1 == ran.code, ran.text
        assert "error wrong-type: Instance.Id is the text" in ran.text
        assert "1 failed" in ran.text


def test_fixtures_marks_and_the_watch_work(team, oldest, endpoint):
    """With the oldest supported pytest, fixtures, marks and --docpact-watch work."""
    endpoint.fault("xml-wrong-root")
    url = f"{endpoint.url}/api/v2/projects/project1/jobs/job1/instances/123"
    team.write(
        test_it=f"""
        import pytest, requests

        @pytest.mark.docpact_faults("cut-json", "xml-wrong-root")
        def test_faults(docpact_mock, docpact_client, assert_conforms):
            media = "json" if "json" in docpact_mock.current_fault.name else "xml"
            found = assert_conforms.findings(docpact_client.call("project1/job1/123", body=media))
            assert found != ()

        def test_watched():
            requests.get({url!r})
        """
    )
    ran = team.run_apart("--docpact-watch=127.0.0.1", PYTHONPATH=str(oldest))
    assert 1 == ran.code
    assert "1 failed, 2 passed" in ran.text
    assert "error xml-wrong-root" in ran.text
