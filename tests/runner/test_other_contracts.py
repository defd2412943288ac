"""Where another contract than the bundled one is tested, calls and commands go by that one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from docpact import emit
from docpact.contract import Kind, Place, load, load_bundled
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Exchange, Outcome, Request, Response, Source
from docpact.generate.requests import Signing
from docpact.mock import serve
from docpact.runner import KnownInstances
from docpact.runner.findings import reproducer
from docpact.runner.schemathesis_adapter import expectation_of

PAGES = Path(__file__).parents[2] / "samples" / "pages"
KINDS = {"long": Kind.LONG, "integer": Kind.INTEGER}
URL = "http://127.0.0.1:8008"


def docpact(folder, *words):
    """What the command comes to in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "docpact", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module", params=["ListQueues", "CreateTag", "GetStore"])
def compiled(request, tmp_path_factory):
    """A folder with the compiled contract of a page, and that contract."""
    folder = tmp_path_factory.mktemp("compiled")
    done = docpact(folder, "compile", str(PAGES / f"{request.param}.md"))
    assert 0 == done.returncode, done.stderr
    file = f"schemas/{request.param.lower()}.contract.json"
    return folder, file, load(folder / file)


def serving(contract, fault):
    """A mock of a contract, with a fault."""
    return serve(contract=contract, schemas=emit.schemas(contract), fault=fault)


def reproduced(folder, url, *options):
    """The rules that a run finds broken, each with what it says shows it again."""
    limits = ("--everything-exists", "--max-requests=60", "--seed=1", "--format=json")
    done = docpact(folder, "test", url, *options, *limits)
    assert 1 == done.returncode, done.stderr
    found = json.loads(done.stdout)["findings"]
    return [(each["rule"], each["reproduce"]) for each in found if each["severity"] == "error"]


def test_a_command_for_another_contract_works_when_pasted(compiled):
    """The command of a finding names the contract's file and reproduces the finding."""
    folder, file, contract = compiled
    with serving(contract, "trailing-comma") as mock:
        found = reproduced(folder, mock.url, "--contract", file)
        assert found
        for rule, command in found:
            assert command.startswith(f"docpact call {mock.url} ")
            done = pasted(command, folder)
            assert (1, True) == (done.returncode, f"error {rule}: " in done.stdout), done.stderr


def pasted(command, folder):
    """What a shell makes of a command."""
    script = f'docpact() {{ {sys.executable} -m docpact "$@"; }}\n{command}'
    return subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_mock_of_a_contract_keeps_it(compiled):
    """The mock of another contract has no finding."""
    folder, file, contract = compiled
    asked_by = [each for each in contract.operation.parameters if each.place is Place.PATH]
    running = "/".join(each.example or "1" for each in asked_by)
    options = ("--max-requests=150", "--seed=1", "--pedantic", f"--contract={file}")
    with serving(contract, ()) as mock:
        done = docpact(folder, "test", mock.url, "--running", running, *options)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_a_fault_that_no_answer_can_have_is_refused(compiled):
    """A mock refuses a fault that no answer of its contract can have."""
    _, _, contract = compiled
    with pytest.raises(WrongConfiguration, match="no-job-type shows in no answer of"):
        serving(contract, "no-job-type").__enter__()
    with serving(contract, ()) as mock, pytest.raises(WrongConfiguration, match="no-job-type"):
        mock.fault("no-job-type")


def test_a_contract_of_the_settings_is_named_by_its_shortest_path(compiled):
    """Commands name a contract of the settings by its path from the current folder."""
    folder, file, contract = compiled
    (folder / "docpact.toml").write_text(f'contract = "{file}"\n')
    with serving(contract, "trailing-comma") as mock:
        ((_, command),) = reproduced(folder, mock.url)
    assert f" --contract={file} " in command


def test_the_mock_is_started_again_with_that_contract(compiled):
    """The command that starts the mock again names the contract's file."""
    folder, file, _ = compiled
    options = ("--mock-fault", "trailing-comma", "--max-requests", "20", "--seed", "1")
    done = docpact(folder, "test", "--contract", file, *options)
    again = f"`docpact mock --auth required --fault trailing-comma --contract {file}`"
    assert again in done.stderr


def test_a_call_without_a_url_goes_to_a_mock_of_that_contract(compiled):
    """`docpact call` without a URL calls a mock of the contract that is named."""
    folder, file, contract = compiled
    asked = {"ListQueues": "store-1", "CreateTag": "7001", "GetStore": "store-1"}
    done = docpact(folder, "call", "--contract", file, asked[contract.operation.name])
    assert 0 == done.returncode, done.stdout
    assert "the call failed" not in done.stderr


def with_ids_of(kind):
    """The bundled contract, with ids of another kind."""
    contract = load_bundled()
    parameters = tuple(
        replace(each, kind=kind) if each.name == "instanceId" else each
        for each in contract.operation.parameters
    )
    return replace(contract, operation=replace(contract.operation, parameters=parameters))


def asking_for(number):
    """A call for the instance of a number."""
    return Request("GET", f"/api/v2/projects/p/jobs/j/instances/{number}")


@pytest.mark.parametrize(
    ("kind", "number", "because"),
    [
        ("long", "7", ""),
        ("long", "-9223372036854775808", ""),
        ("long", "2147483648", ""),
        ("long", "9223372036854775808", "its id is not an integer of 64 bits"),
        ("long", "7.0", "its id is not an integer of 64 bits"),
        ("long", "seven", "its id is not an integer of 64 bits"),
        ("integer", "7", ""),
        ("integer", "-2147483648", ""),
        ("integer", "2147483648", "its id is not an integer of 32 bits"),
        ("integer", "seven", "its id is not an integer of 32 bits"),
    ],
)
def test_an_id_that_is_no_number_of_its_kind_must_fail(kind, number, because):
    """A call for an id outside the range of its kind must fail."""
    contract = with_ids_of(KINDS[kind])
    context = KnownInstances().context(contract)
    told = expectation_of(asking_for(number), contract, context)
    assert bool(because) == (told.outcome is Outcome.FAILURE)
    assert not because or because == told.because


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("number", "by_docpact"), [("7", True), ("-7", True), ("seven", False), ("7.0", False)]
)
def test_only_a_number_is_asked_for_by_docpact_call(kind, number, by_docpact):
    """Only a call for a number is reproduced by `docpact call`, which refuses anything else."""
    contract = with_ids_of(KINDS[kind])
    again = reproducer(contract, URL, signed=False)
    exchange = Exchange(Response(b"{}", 200), Source("x"), asking_for(number))
    assert by_docpact == again(exchange, Signing.VALID).startswith(f"docpact call {URL} p/j/")


def test_a_call_that_asks_by_nothing_is_made_by_curl():
    """A call for a path without parameters is reproduced by curl."""
    contract = load_bundled()
    operation = replace(contract.operation, path="/v1/queues", parameters=())
    again = reproducer(replace(contract, operation=operation), URL, signed=False)
    exchange = Exchange(Response(b"{}", 200), Source("x"), Request("GET", "/v1/queues"))
    assert again(exchange, Signing.VALID).startswith("curl ")
