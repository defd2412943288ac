"""What is emitted is what is committed, and depends on the contract alone."""

from docpact import emit
from docpact.contract import store


def test_the_committed_schemas_are_what_the_page_compiles_to(files, committed):
    """Not a byte of schemas/ differs from what the code writes today, and nothing else is there."""
    kept = {path.name: path.read_bytes() for path in committed.iterdir()}
    assert {name: text.encode() for name, text in files.items()} == kept


def test_emitting_twice_gives_the_same_text(contract, files):
    """Two runs write the same: no clock, no order of a set, no memory address is in it."""
    assert emit.files(contract) == files


def test_a_stored_contract_emits_the_same_text(contract, files):
    """Whether a contract was just compiled or read back makes no difference."""
    assert emit.files(store.loads(store.dumps(contract))) == files


def test_every_file_ends_in_one_newline(files):
    """Emitted files are text files with a newline at the end."""
    for name, text in files.items():
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name


def test_no_file_names_a_folder_of_this_machine(files, committed):
    """Paths of the machine that compiled have no place in what is committed."""
    for name, text in files.items():
        assert str(committed.parent) not in text, name


def test_a_page_without_a_path_has_no_openapi_document(made):
    """A page without a path has all files except the OpenAPI document."""
    contract = made(
        "# Ask\n\n## Response parameters\n\n"
        "|Name|Type|Example|Description|\n|--|--|--|--|\n|Total|Long|1|How many |\n"
    )
    assert list(emit.files(contract)) == [
        "ask.contract.json",
        "ask.schema.json",
        "ask.xsd",
        "contract.schema.json",
    ]
