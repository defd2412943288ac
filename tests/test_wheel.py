"""The wheel works alone: built, installed in a fresh environment, it judges a sample."""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "responses"
SCHEMAS = {
    "contract.schema.json",
    "getinstance.contract.json",
    "getinstance.error.schema.json",
    "getinstance.openapi.yaml",
    "getinstance.schema.json",
    "getinstance.xsd",
}


@dataclass(frozen=True)
class Installed:
    """A fresh environment with nothing but the wheel and what it needs."""

    python: Path
    elsewhere: Path  # a folder that is no checkout

    def run(self, *arguments):
        """Run this environment's Python far from the checkout."""
        ambient = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        return subprocess.run(
            [self.python, *map(str, arguments)],
            cwd=self.elsewhere,
            env=ambient,
            capture_output=True,
            check=False,
            text=True,
            timeout=300,
        )


def succeed(*arguments, cwd=ROOT):
    """Run a step without which there is nothing to test."""
    done = subprocess.run(
        list(map(str, arguments)),
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel that this checkout builds."""
    folder = tmp_path_factory.mktemp("dist")
    succeed(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Installed:
    """The wheel, installed alone."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    pins = ["--constraint", constraints] if constraints.is_file() else []
    succeed(python, "-m", "pip", "install", "--quiet", *pins, wheel)
    return Installed(python, tmp_path_factory.mktemp("elsewhere"))


def test_the_wheel_holds_the_schemas_and_the_marker(wheel):
    """What docpact needs to judge is in it, and so is the sign that it is typed."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"docpact/schemas/{name}" for name in SCHEMAS} <= names
    assert "docpact/py.typed" in names


def test_the_wheel_holds_nothing_else(wheel):
    """Neither tests nor samples, nor anything outside of the package."""
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    package, metadata = sorted(tops)
    assert package == "docpact"
    assert metadata.endswith(".dist-info")


def test_the_wheel_holds_every_module(wheel):
    """No part of the package was forgotten."""
    source = ROOT / "toolkit"
    modules = {str(path.relative_to(source)) for path in source.rglob("*.py")}
    with ZipFile(wheel) as archive:
        assert modules == {name for name in archive.namelist() if name.endswith(".py")}


def test_the_wheel_holds_what_the_modules_read(wheel):
    """The world of the mock and the files of both pages come along, byte for byte."""
    source = ROOT / "toolkit"
    folders = ("explorer_page", "html_page", "web")
    pages = [path for each in folders for path in source.rglob(f"{each}/*.*")]
    kept = [*pages, *source.rglob("mock/*.toml")]
    assert len(kept) > 5
    with ZipFile(wheel) as archive:
        for path in kept:
            assert archive.read(str(path.relative_to(source))) == path.read_bytes(), path.name


def test_the_wheels_schemas_are_the_committed_ones(wheel):
    """They are copied byte for byte."""
    with ZipFile(wheel) as archive:
        for name in SCHEMAS:
            kept = (ROOT / "schemas" / name).read_bytes()
            assert archive.read(f"docpact/schemas/{name}") == kept, name


@pytest.mark.parametrize("name", ["documented.json", "documented.xml"])
@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_the_installed_wheel_judges_a_sample(installed, name, engine):
    """Far from the checkout, it finds its contract and everything it imports."""
    sample = SAMPLES / "valid" / name
    done = installed.run("-m", "docpact", "validate", sample, "--engine", engine)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"clean {sample}" in done.stdout


def test_the_installed_wheel_finds_what_is_wrong(installed):
    """A broken sample is broken there too, with its page line."""
    done = installed.run("-m", "docpact", "validate", SAMPLES / "broken" / "wrong-type.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert "GetInstance.md:79" in done.stdout


def test_the_installed_wheel_does_not_lean_on_the_checkout(installed):
    """Its modules and schemas are its own."""
    code = (
        "import docpact; from docpact.contract import store; "
        "print(docpact.__file__); print(store.bundled_folder())"
    )
    done = installed.run("-c", code)
    assert done.returncode == 0, done.stderr
    environment = installed.python.parents[1].resolve()
    for line in done.stdout.split():
        assert Path(line).resolve().is_relative_to(environment)


def test_the_installed_wheel_compiles_the_page(installed):
    """The compiler needs nothing of the checkout but the page."""
    page = ROOT / "samples" / "pages" / "GetInstance.md"
    done = installed.run("-m", "docpact", "compile", page, "-o", ROOT / "schemas", "--check")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_command_is_installed(installed):
    """There is a program called docpact."""
    done = subprocess.run(
        [installed.python.parent / "docpact", "--version"],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("docpact ")


@pytest.mark.parametrize(("fault", "code"), [((), 0), (("--docpact-mock-fault=id-as-text",), 1)])
def test_the_installed_wheel_brings_the_pytest_plugin(installed, fault, code):
    """In an empty project, a right mock gets a green test and a faulty one a red one."""
    name = "docpact::GetInstance::json::accept-weights"
    done = installed.run("-m", "pytest", "-p", "no:cacheprovider", "--docpact-mock", *fault, name)
    assert code == done.returncode, done.stdout
    assert ("error wrong-type: Instance.Id" in done.stdout) is bool(code)
