"""The documentation says what the product does today."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import docpact
from docpact.cli import COMMANDS
from docpact.rules import ANSWER_RULES, PAGE_RULES

FOLDER = Path(__file__).parent

_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _generated() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generated", FOLDER / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = _generated()


@pytest.mark.parametrize("name", GENERATED.DOCUMENTS)
def test_transcripts_and_tables_are_fresh(name, checkout):
    """Every transcript and table is what the code writes today; `make docs` writes them again."""
    text = (checkout / name).read_text("utf-8")
    assert GENERATED.fresh(text) == text


def test_the_readme_names_every_command(checkout):
    """The README mentions every command."""
    text = (checkout / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"docpact {name}" not in text] == []


def test_the_readme_lists_every_rule(checkout):
    """The table of rules in the README is complete."""
    text = (checkout / "README.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert {each.id for each in ANSWER_RULES} <= listed


def test_every_rule_on_pages_is_listed(checkout):
    """The table of rules on pages in docs/lint.md is complete."""
    text = (checkout / "docs" / "lint.md").read_text("utf-8")
    assert [each.id for each in PAGE_RULES] == re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)


def test_the_readme_quotes_the_example_that_is_tested(checkout):
    """The example in the README is the file that it names."""
    text = (checkout / "README.md").read_text("utf-8")
    example = (checkout / "tests" / "examples" / "test_client_parser.py").read_text("utf-8")
    assert example in _PYTHON.findall(text)


def test_every_other_python_block_of_the_readme_runs(checkout):
    """Every Python block of the README runs."""
    blocks = _PYTHON.findall((checkout / "README.md").read_text("utf-8"))
    others = [each for each in blocks if "import given" not in each]
    assert others
    for block in others:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102  # our own document


def test_documents_import_public_names_only(checkout):
    """What a document imports is in `docpact.__all__`, so that it does not break with an update."""
    pages = [checkout / "README.md", *(checkout / "docs").rglob("*.md")]
    imports = re.compile(
        r"^(?:from (docpact[\w.]*) import (.+)|import (docpact[\w.]*))$", re.MULTILINE
    )
    for path in pages:
        for module, names, whole in imports.findall(path.read_text("utf-8")):
            assert "docpact" == (module or whole), path
            assert set(names.split(", ") if names else ()) <= set(docpact.__all__), path


def test_every_public_name_can_be_imported():
    """Each name of `__all__` leads to an object, and each object is named once."""
    assert sorted(set(docpact.__all__)) == docpact.__all__ == dir(docpact)
    assert all(getattr(docpact, name) is not None for name in docpact.__all__)
    with pytest.raises(AttributeError, match="no attribute 'validator_'"):
        _ = docpact.validator_


def test_links_lead_somewhere(checkout):
    """Every relative link of the documents names a file that is there."""
    broken = [
        (name, target)
        for name in (*GENERATED.DOCUMENTS, "CHANGELOG.md")
        for target in re.findall(r"\]\(([^)#:]+)\)", (checkout / name).read_text("utf-8"))
        if not ((checkout / name).parent / target).exists()
    ]
    assert [] == broken
