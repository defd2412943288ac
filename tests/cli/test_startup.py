"""docpact starts fast, for it imports only what a command needs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "responses"
PROBE = """
import sys
sys.argv = ["docpact", *sys.argv[1:]]
try:
    from docpact.cli import main
    main()
finally:
    print("\\n".join(sorted(sys.modules)), file=sys.stderr)
"""


def modules_of(*arguments) -> set[str]:
    """The modules that a run has imported by its end."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, arguments)],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_and_version_import_no_command(option):
    """--help and --version import no command and nothing that commands need."""
    imported = modules_of(option)
    assert "docpact.cli" in imported
    ours = {name for name in imported if name.startswith("docpact")}
    light = {
        "docpact",
        "docpact.cli",
        "docpact.core",
        "docpact.core.errors",
        "docpact.core.exit_code",
        "docpact.core.text",
        "docpact.core.span",
    }
    assert ours <= light
    assert not imported & {"lxml", "jsonschema_rs", "msgspec", "jsonschema", "xmlschema", "yaml"}


def test_judging_json_imports_nothing_for_xml():
    """A JSON body is judged without the libraries of XML, of reports and of generation."""
    imported = modules_of("validate", SAMPLES / "valid" / "documented.json")
    unwanted = {"lxml", "lxml.etree", "xmlschema", "jsonschema", "yaml", "rich", "hypothesis"}
    assert not imported & (unwanted | {"docpact.emit", "docpact.page", "email.message"})


def test_judging_xml_imports_no_reference_engine():
    """The fast engine needs nothing but lxml."""
    imported = modules_of("validate", SAMPLES / "valid" / "documented.xml")
    assert "lxml.etree" in imported
    assert not imported & {"xmlschema", "jsonschema", "yaml", "rich", "hypothesis"}


def test_one_commands_help_imports_no_other_command():
    """The help of one command imports no other command."""
    imported = modules_of("validate", "--help")
    assert "docpact.cli.validate" in imported
    assert not imported & {"docpact.cli.compile", "docpact.cli.explain", "docpact.emit"}


def test_the_help_lists_every_command(docpact):
    """The help lists every command with one line, and the exit codes."""
    outcome = docpact("--help")
    assert (outcome.code, outcome.err) == (0, "")
    for name in ("compile", "explain", "generate", "validate"):
        assert f"\n  {name}  " in outcome.out
    assert "Exit codes: 0 clean, 1 findings, 2 wrong usage, 3" in outcome.out


@pytest.mark.parametrize("command", ["compile", "explain", "generate", "validate"])
def test_every_command_has_help_with_examples(docpact, command):
    """The help of each command has examples."""
    outcome = docpact(command, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Examples:" in outcome.out
    assert f"docpact {command}" in outcome.out


def test_the_short_help_of_a_command_is_that_of_the_list():
    """The one-line help of each command is the same in the list and in the command."""
    from importlib import import_module

    from docpact.cli import COMMANDS

    for name, said in COMMANDS.items():
        assert said == import_module(f"docpact.cli.{name}").command.short_help


def test_the_version_is_told(docpact):
    """--version prints the name and the version only."""
    from importlib.metadata import version

    assert docpact("--version").out == f"docpact {version('docpact')}\n"


def test_without_a_command_the_help_is_shown(docpact):
    """Without a command, the help is shown and the exit code is 2."""
    outcome = docpact()
    assert outcome.code == 2
    assert "validate" in outcome.out + outcome.err
