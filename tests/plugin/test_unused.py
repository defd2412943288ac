"""A project that does not use docpact does not notice it."""

import subprocess
import sys

PROBE = """
import sys

def pytest_unconfigure():
    print("\\nIMPORTED", *sorted(each for each in sys.modules if each.startswith("docpact")))
"""
LOADED = ["docpact", "docpact.endpoint_options", "docpact.pytest_plugin"]
TEST = "def test_it():\n    assert True\n"


def imported(ran):
    """The modules of docpact that a run had imported at its end."""
    line = next(line for line in ran.text.splitlines() if line.startswith("IMPORTED"))
    return line.split()[1:]


def test_a_run_that_asks_for_nothing_imports_nothing(team):
    """A run that does not use docpact imports only the plugin and its table of options."""
    team.write(conftest=PROBE, test_it=TEST)
    ran = team.run_apart("-q", "-W", "error")
    assert (0, {"passed": 1}) == (ran.code, ran.counts) or "1 passed" in ran.text
    assert LOADED == imported(ran)


def test_settings_for_commands_alone_start_nothing(team):
    """Settings in [tool.docpact] alone neither import more of docpact nor add tests."""
    team.pyproject('[tool.docpact]\nstrict = true\n[project]\nname = "docpact-user"\n')
    team.write(conftest=PROBE, test_it=TEST)
    ran = team.run_apart("-q")
    assert LOADED == imported(ran)
    assert "1 passed" in ran.text


def test_the_plugin_imports_only_pytest():
    """The plugin imports only what pytest has imported, and its table of options."""
    code = (
        "import pytest, sys; before = set(sys.modules); import docpact.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    assert LOADED == done.stdout.split()


def test_the_plugin_can_be_left_out(team):
    """With -p no:docpact there are no options and no fixtures."""
    team.write(conftest=PROBE, test_it=TEST, test_fixture="def test_it(docpact_mock): pass\n")
    ran = team.run_apart("-q", "-p", "no:docpact")
    assert [] == imported(ran)
    assert "fixture 'docpact_mock' not found" in ran.text
    refused = team.run_apart("-p", "no:docpact", "--docpact-mock")
    assert 4 == refused.code
    assert "unrecognized arguments: --docpact-mock" in refused.text


def test_every_option_is_in_the_help_and_in_the_how_to(team, checkout):
    """Every option is in the help of pytest and in docs/pytest.md."""
    text = team.run("--help").text
    options = {word for word in text.split() if word.startswith("--docpact-")}
    options = {each.partition("=")[0].rstrip(".,)") for each in options}
    assert len(options) >= 22
    told = (checkout / "docs" / "pytest.md").read_text("utf-8")
    assert [] == [
        each for each in sorted(options) if f"{each}`" not in told and f"{each} " not in told
    ]


def test_the_marks_are_registered(team):
    """The marks are registered, so --strict-markers accepts them."""
    text = team.run("--markers").text
    assert "@pytest.mark.docpact:" in text
    assert "@pytest.mark.docpact_faults(" in text
