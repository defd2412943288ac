"""`docpact compile DIR` compiles the pages of a product, and each contract works everywhere."""

import json
from pathlib import Path

import pytest
import yaml

PAGES = Path(__file__).parents[2] / "samples" / "pages"
CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
NAMES = ("ListQueues", "CreateTag", "GetStore")


@pytest.fixture
def pages(tmp_path):
    """A folder with our own small pages and one that describes no operation."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for path in PAGES.iterdir():
        if path.name.partition(".")[0] in NAMES:
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "Overview.md").write_text("# Overview\n\nWords.\n", "utf-8")
    return folder


def test_a_folder_is_a_product(docpact, pages, tmp_path):
    """Each operation of a folder has its files, and one document has all operations."""
    outcome = docpact("compile", pages, "-o", "made")
    assert CLEAN == outcome.code
    made = {each.name for each in (tmp_path / "made").iterdir()}
    assert {f"{name.lower()}.contract.json" for name in NAMES} < made
    assert "product.openapi.yaml" in made
    assert "docpact: Overview.md skipped: it describes no operation" in outcome.err


def test_the_check_works_for_a_product(docpact, pages, tmp_path):
    """--check of a folder shows what differs and exits with 1."""
    docpact("compile", pages, "-o", "made")
    assert (CLEAN, "") == (docpact("compile", pages, "-o", "made", "--check").code, "")
    (tmp_path / "made" / "product.openapi.yaml").unlink()
    outcome = docpact("compile", pages, "-o", "made", "--check")
    assert FINDINGS == outcome.code
    assert "+++ made/product.openapi.yaml (compiled)" in outcome.out


def test_of_two_pages_the_one_with_the_name_counts(docpact, pages):
    """Of two pages of one operation, the one with its name is used, and a message says so."""
    (pages / "GetStore.2019.md").write_bytes((pages / "GetStore.md").read_bytes())
    outcome = docpact("compile", pages, "-o", "made")
    assert CLEAN == outcome.code
    said = "GetStore has two pages: GetStore.md is used, GetStore.2019.md is skipped"
    assert f"docpact: {said}" in outcome.err


def test_folders_within_are_compiled_as_lint_reviews_them(docpact, pages, tmp_path):
    """Folders are searched at any depth, except hidden ones."""
    for folder in ("old", ".drafts"):
        (pages / folder).mkdir()
        (pages / folder / "GetStore.md").write_bytes((pages / "GetStore.md").read_bytes())
        (pages / folder / "CreateTag.md").write_bytes((pages / "CreateTag.md").read_bytes())
    (pages / "CreateTag.md").unlink()
    outcome = docpact("compile", pages, "-o", "made")
    assert CLEAN == outcome.code
    said = "GetStore has two pages: GetStore.md is used, old/GetStore.md is skipped"
    assert f"docpact: {said}" in outcome.err
    assert ".drafts" not in outcome.err
    assert (tmp_path / "made" / "createtag.contract.json").exists()
    reviewed = docpact("lint", "--summary", pages).out
    assert "old/CreateTag.md" in reviewed
    assert ".drafts" not in reviewed


@pytest.mark.parametrize("parameter", ["storeId", "shopId"])
def test_two_operations_of_one_method_and_path_are_told(docpact, pages, tmp_path, parameter):
    """OpenAPI has one operation for a method and path, and a message says which one."""
    text = (pages / "GetStore.md").read_text("utf-8")
    text = text.replace("GetStore", "AuditStore").replace("storeId", parameter)
    (pages / "AuditStore.md").write_text(text, "utf-8")
    outcome = docpact("compile", pages, "-o", "made")
    assert CLEAN == outcome.code
    assert (
        "docpact: AuditStore (AuditStore.md) and GetStore (GetStore.md) are both GET "
        f"/v1/stores/{{{parameter}}}, so product.openapi.yaml has AuditStore only; "
        "getstore.openapi.yaml has the other"
    ) in outcome.err
    document = yaml.safe_load((tmp_path / "made" / "product.openapi.yaml").read_text("utf-8"))
    operations = [
        each["operationId"] for path in document["paths"].values() for each in path.values()
    ]
    assert ["AuditStore", "CreateTag", "ListQueues"] == sorted(operations)
    assert "GetStoreResponse" not in document["components"]["schemas"]
    assert (tmp_path / "made" / "getstore.openapi.yaml").exists()


def test_operations_of_one_path_and_two_methods_have_room(docpact, pages, tmp_path):
    """Two methods of one path are both in the document, without a message."""
    text = (pages / "GetStore.md").read_text("utf-8").replace("GetStore", "AuditStore")
    (pages / "AuditStore.md").write_text(text.replace("GET /", "HEAD /"), "utf-8")
    outcome = docpact("compile", pages, "-o", "made")
    assert "are both" not in outcome.err
    document = yaml.safe_load((tmp_path / "made" / "product.openapi.yaml").read_text("utf-8"))
    assert {"get", "head"} == document["paths"]["/v1/stores/{storeId}"].keys()


def test_a_page_that_is_refused_ends_in_exit_code_3(docpact, pages, tmp_path):
    """If a page cannot be compiled, the others are compiled and the exit code is 3."""
    (pages / "Bad.md").write_bytes(b"\xff\xfe")
    outcome = docpact("compile", pages, "-o", "made")
    assert FAILED == outcome.code
    assert "docpact: Bad.md cannot be compiled: " in outcome.err
    assert (tmp_path / "made" / "product.openapi.yaml").exists()


def test_a_folder_without_operations_is_a_failure(docpact, tmp_path):
    """A folder without any operation gives exit code 3 and a message."""
    outcome = docpact("compile", tmp_path, "-o", "made")
    assert FAILED == outcome.code
    assert "describes an operation" in outcome.err


def test_rulings_are_for_one_page(docpact, pages):
    """--rulings is refused for a folder."""
    assert USAGE == docpact("compile", pages, "--rulings", "x.toml").code


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_works_with_every_command(docpact, name):
    """Another contract works with every command that judges or generates."""
    docpact("compile", PAGES / f"{name}.md", "-o", "made")
    contract = ("--contract", f"made/{name.lower()}.contract.json")
    for body in ("json", "xml"):
        docpact("generate", *contract, "-n", "20", "--seed", "1", "--body", body, "-o", body)
        assert CLEAN == docpact("validate", *contract, body).code
    made = docpact("generate", *contract, "--invalid", "--seed", "1")
    assert CLEAN == made.code, made.err
    assert {"cut-json", "text-as-number"} < {
        json.loads(line)["fault"] for line in made.out.split("\n")[:-1]
    }
    tested = docpact("test", *contract, "--seed", "1", "--max-requests", "60")
    assert CLEAN == tested.code, tested.out + tested.err


def test_a_fault_that_no_answer_has_is_refused(docpact):
    """A fault that no answer of the contract can have is refused with the operation's name."""
    docpact("compile", PAGES / "GetStore.md", "-o", "made")
    contract = ("--contract", "made/getstore.contract.json")
    outcome = docpact("generate", *contract, "--invalid", "no-end")
    assert USAGE == outcome.code
    assert "no-end shows in no answer of GetStore" in outcome.err
