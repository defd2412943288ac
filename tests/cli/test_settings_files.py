"""Settings are found in the folder or above it; options on the command line come first."""

import pytest

CLEAN, FINDINGS, USAGE = 0, 1, 2


@pytest.fixture
def folder(tmp_path):
    """A folder in a folder in a project."""
    deep = tmp_path / "project" / "captures"
    deep.mkdir(parents=True)
    return deep


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docpact.toml", "strict = true\n"),
        ("pyproject.toml", "[tool.docpact]\nstrict = true\n"),
    ],
)
def test_settings_are_found_above(docpact, broken, folder, name, text):
    """Both settings files work in any folder above the current one."""
    sample = broken / "undocumented-field.json"
    assert docpact("validate", sample, cwd=folder).code == CLEAN
    (folder.parent / name).write_text(text, "utf-8")
    assert docpact("validate", sample, cwd=folder).code == FINDINGS


def test_options_come_before_settings(docpact, broken, folder):
    """Options override the settings file or add to it."""
    (folder / "docpact.toml").write_text('engine = "reference"\nignore = ["wrong-type"]\n', "utf-8")
    sample = broken / "wrong-type.json"
    assert docpact("validate", sample, cwd=folder).code == CLEAN
    other = broken / "wrong-unit.json"
    options = ("--strict", "--engine", "fast")
    assert docpact("validate", other, *options, cwd=folder).code == FINDINGS
    added = (*options, "--ignore", "wrong-unit")
    assert docpact("validate", sample, other, *added, cwd=folder).code == CLEAN


@pytest.mark.parametrize(
    ("setting", "sample"),
    [
        ("strict", "broken/undocumented-field.json"),
        ("pedantic", "broken/masked-value.json"),
        ("fragment", "printed/documented.xml"),
    ],
)
def test_a_switch_of_the_file_can_be_turned_back(docpact, root, folder, setting, sample):
    """Every switch of the file can be turned on and off on the command line."""
    path = root / "samples" / "responses" / sample
    codes = {True: FINDINGS, False: CLEAN}
    if setting == "fragment":  # which forgives where the others demand
        codes = {True: CLEAN, False: FINDINGS}
    for said in (True, False):
        (folder / "docpact.toml").write_text(f"{setting} = {str(said).lower()}\n", "utf-8")
        assert codes[said] == docpact("validate", path, cwd=folder).code
        assert codes[True] == docpact("validate", path, f"--{setting}", cwd=folder).code
        assert codes[False] == docpact("validate", path, f"--no-{setting}", cwd=folder).code


@pytest.mark.parametrize(
    "text",
    [
        'ignore = ["wrong-type:Instance.EndTim"]\n',
        '[severity]\n"wrong-type:Instance.EndTim" = "note"\n',
    ],
    ids=["ignore", "severity"],
)
def test_an_unknown_field_in_a_file_is_wrong_usage(docpact, valid, folder, text):
    """A settings file with a field that the contract does not have is wrong usage."""
    (folder / "docpact.toml").write_text(text, "utf-8")
    outcome = docpact("validate", valid / "documented.json", cwd=folder)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "did you mean Instance.EndTime?" in outcome.err


def test_a_rule_can_be_regraded(docpact, broken, folder):
    """Settings can make a warning an error, and an error a note."""
    (folder / "docpact.toml").write_text(
        '[severity]\n"wrong-type" = "note"\n"undocumented-field" = "error"\n', "utf-8"
    )
    assert docpact("validate", broken / "wrong-type.json", cwd=folder).code == CLEAN
    assert docpact("validate", broken / "undocumented-field.json", cwd=folder).code == FINDINGS


def test_a_contract_is_named_relative_to_the_settings(docpact, root, valid, folder):
    """The path of a contract in a settings file is relative to that file."""
    contract = (root / "schemas" / "getinstance.contract.json").read_bytes()
    (folder.parent / "mine.json").write_bytes(contract)
    (folder.parent / "docpact.toml").write_text('contract = "mine.json"\n', "utf-8")
    assert docpact("validate", valid / "documented.json", cwd=folder).code == CLEAN
    (folder.parent / "mine.json").unlink()
    assert docpact("validate", valid / "documented.json", cwd=folder).code == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('ignore = ["wrong-tpye"]\n', "did you mean wrong-type?"),
        ("stricct = true\n", "'stricct'"),
        ("strict = \n", "cannot be read"),
        ('strict = "yes"\n', "true or false"),
        ('[severity]\nwrong-type = "fatal"\n', "error, warning, note"),
        ('engine = "magic"\n', "fast, reference"),
    ],
)
def test_a_wrong_setting_is_wrong_usage(docpact, valid, folder, text, said):
    """A wrong setting gives exit code 2, with the file, the mistake and what is expected."""
    (folder / "docpact.toml").write_text(text, "utf-8")
    outcome = docpact("validate", valid / "documented.json", cwd=folder)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "docpact.toml" in outcome.err
    assert said in outcome.err
