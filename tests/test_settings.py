"""Settings say which findings count, and a mistake in them is told in a sentence."""

import pytest

from docpact.core.errors import WrongConfiguration
from docpact.core.finding import Finding, Location
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.settings import Overrides, Selector, Settings, find_plugin_options, find_settings

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def finding(rule="wrong-type", field="Instance.EndTime", severity=ERROR):
    """A finding about a field."""
    origin = Origin(Span("GetInstance.md", 53, 53), Grade.STATED)
    return Finding(rule, severity, "is wrong", Location("a.json"), origin, field)


def judged(settings, *findings):
    """What is left of some findings, with the severity of each."""
    return [(each.rule, each.severity) for each in settings.judged(iter(findings))]


@pytest.fixture
def configured(tmp_path):
    """The settings in a docpact.toml of this text."""

    def settings(text: str, name: str = "docpact.toml") -> Settings:
        (tmp_path / name).write_text(text, "utf-8")
        return find_settings(tmp_path)

    return settings


def wrong(configured, text, name="docpact.toml"):
    """The error that a settings file meets."""
    with pytest.raises(WrongConfiguration) as refused:
        configured(text, name)
    assert name in refused.value.message
    return refused.value


def test_a_selector_is_a_rule_or_a_rule_and_a_field():
    """A selector covers all findings of a rule, or those on one field."""
    assert Selector.parse("wrong-type") == Selector("wrong-type", "")
    assert Selector.parse("wrong-type:Instance.Id") == Selector("wrong-type", "Instance.Id")
    assert Selector.parse("wrong-type").covers(finding())
    assert Selector.parse("wrong-type:Instance.EndTime").covers(finding())
    assert not Selector.parse("wrong-type:Instance.Id").covers(finding())
    assert not Selector.parse("missing-field").covers(finding())


@pytest.mark.parametrize("text", ["wrong-tpye", "wrong-tpye:Instance.Id"])
def test_an_unknown_rule_is_refused_with_a_guess(text):
    """An unknown rule is refused, with the most similar rule."""
    with pytest.raises(WrongConfiguration, match="did you mean wrong-type") as refused:
        Selector.parse(text)
    assert "docpact explain" in refused.value.hint


@pytest.mark.parametrize("text", ["", ":", "Instance.EndTime", "zzz", "Wrong-Type"])
def test_what_is_no_rule_is_refused(text):
    """A field alone or an empty text is not a rule."""
    with pytest.raises(WrongConfiguration, match="unknown rule"):
        Selector.parse(text)


def test_errors_fail_a_run_by_default():
    """Errors fail by default, warnings with strict, notes with pedantic."""
    assert Settings().failing == {ERROR}
    assert Settings(strict=True).failing == {ERROR, WARNING}
    assert Settings(pedantic=True).failing == {ERROR, WARNING, NOTE}


def test_without_settings_every_finding_counts_as_it_is():
    """The default settings change no finding."""
    found = [finding(severity=each) for each in Severity]
    assert list(Settings().judged(iter(found))) == found


def test_ignored_findings_are_left_out():
    """Ignored findings are left out, for all fields or for one."""
    others = (finding(field="Instance.Id"), finding("missing-field"))
    all_fields = Settings(ignore=(Selector("wrong-type"),))
    assert judged(all_fields, finding(), *others) == [("missing-field", ERROR)]
    one_field = Settings(ignore=(Selector("wrong-type", "Instance.EndTime"),))
    kept = [("wrong-type", ERROR), ("missing-field", ERROR)]
    assert judged(one_field, finding(), *others) == kept


@pytest.mark.parametrize("turned", [False, True])
def test_a_severity_for_one_field_comes_before_one_for_all(turned):
    """The severity for a field overrides the one for all, in any order."""
    graded = [
        (Selector("wrong-type"), WARNING),
        (Selector("wrong-type", "Instance.EndTime"), NOTE),
    ]
    settings = Settings(severity=tuple(reversed(graded) if turned else graded))
    found = judged(settings, finding(), finding(field="Instance.Id"), finding("missing-field"))
    assert found == [("wrong-type", NOTE), ("wrong-type", WARNING), ("missing-field", ERROR)]


def test_every_setting_is_read(configured, tmp_path):
    """Every setting of a file is read."""
    settings = configured(
        'strict = true\npedantic = true\nengine = "reference"\nfragment = true\n'
        'contract = "mine/some.json"\nignore = ["wrong-unit", "wrong-type:Instance.Id"]\n'
        '[severity]\n"wrong-type:Instance.EndTime" = "note"\nwrong-echo = "warning"\n'
    )
    assert settings == Settings(
        strict=True,
        pedantic=True,
        ignore=(Selector("wrong-unit"), Selector("wrong-type", "Instance.Id")),
        severity=(
            (Selector("wrong-type", "Instance.EndTime"), NOTE),
            (Selector("wrong-echo"), WARNING),
        ),
        engine="reference",
        fragment=True,
        contract=str(tmp_path / "mine" / "some.json"),
    )


def test_an_absolute_contract_stays_where_it_is(configured):
    """An absolute path of a contract is not changed."""
    assert configured('contract = "/mine/some.json"\n').contract == "/mine/some.json"


def test_pyproject_has_its_own_table(configured):
    """In pyproject.toml only [tool.docpact] is read."""
    settings = configured(
        "[tool.docpact]\nstrict = true\n[tool.other]\nstricct = true\n", "pyproject.toml"
    )
    assert settings == Settings(strict=True)


@pytest.mark.parametrize(
    "text",
    ["", "[project]\nname = 'x'\n", "[project]\nname = 'docpact'\n", "[tool.other]\nx = 1\n"],
)
def test_a_pyproject_without_the_table_is_passed_over(configured, tmp_path, text):
    """After a pyproject.toml without the table, the search goes on above."""
    (tmp_path / "docpact.toml").write_text("strict = true\n", "utf-8")
    (tmp_path / "sub").mkdir()
    assert configured(text, "sub/pyproject.toml") == Settings(strict=True)
    assert find_settings(tmp_path / "sub") == Settings(strict=True)


def test_another_tools_broken_pyproject_is_no_concern_of_ours(configured):
    """A pyproject.toml that does not mention docpact is not parsed."""
    assert configured("[tool.other\n", "pyproject.toml") == Settings()


def test_the_nearest_file_wins(tmp_path):
    """Only the nearest settings file is used; settings are not merged."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "docpact.toml").write_text("strict = true\n", "utf-8")
    (tmp_path / "sub" / "docpact.toml").write_text("fragment = true\n", "utf-8")
    assert find_settings(tmp_path / "sub") == Settings(fragment=True)
    assert find_settings(tmp_path) == Settings(strict=True)


def test_docpact_toml_comes_before_pyproject(tmp_path):
    """In one folder, docpact.toml is used and pyproject.toml is not."""
    (tmp_path / "pyproject.toml").write_text("[tool.docpact]\nstrict = true\n", "utf-8")
    (tmp_path / "docpact.toml").write_text("", "utf-8")
    assert find_settings(tmp_path) == Settings()


def test_no_file_means_defaults(tmp_path):
    """Without a settings file, the defaults apply."""
    assert find_settings(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stricct = true\n", "unknown setting 'stricct'"),
        ("[tool.docpact]\nstrict = true\n", "unknown setting 'tool'"),
        ('strict = "true"\n', "true or false"),
        ("pedantic = 1\n", "true or false"),
        ("fragment = []\n", "true or false"),
        ('ignore = "wrong-type"\n', "expected a list of rules"),
        ("ignore = [1]\n", "ignore is 1; expected a rule"),
        ('ignore = ["wrong-tpye"]\n', "did you mean wrong-type?"),
        ('engine = "magic"\n', "one of fast, reference"),
        ("engine = ['fast']\n", "one of fast, reference"),
        ("contract = 3\n", "the path of a compiled contract"),
        ('severity = "note"\n', "a table"),
        ('[severity]\nwrong-type = "fatal"\n', "one of error, warning, note"),
        ("[severity]\nwrong-type = ['note']\n", "one of error, warning, note"),
        ('[severity]\nwrong-tpye = "note"\n', "did you mean wrong-type?"),
        ("strict = \n", "cannot be read"),
        ("strict = true\nstrict = true\n", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_refused(configured, text, said):
    """The error names the file, the mistake and what is expected."""
    assert said in wrong(configured, text).message


def test_an_unknown_setting_is_refused_with_the_known_ones(configured):
    """The error for an unknown setting lists the known ones."""
    hint = wrong(configured, "stricct = true\n").hint
    assert all(name in hint for name in ("strict", "pedantic", "ignore", "severity", "engine"))


@pytest.mark.parametrize(
    "text", ['tool = "docpact"\n', "[tool]\ndocpact = 'strict'\n", "[[tool.docpact]]\nstrict = 1\n"]
)
def test_a_pyproject_of_another_shape_is_refused(configured, text):
    """A tool.docpact that is not a table is refused."""
    wrong(configured, text, "pyproject.toml")


@pytest.mark.parametrize("name", ["docpact.toml", "pyproject.toml"])
def test_bytes_that_are_no_text_are_refused(tmp_path, name):
    """A settings file that is not UTF-8 is refused."""
    (tmp_path / name).write_bytes(b"# docpact \xff\xfe\n")
    with pytest.raises(WrongConfiguration, match="cannot be read"):
        find_settings(tmp_path)


def test_a_folder_of_that_name_is_passed_over(tmp_path):
    """A folder named docpact.toml is not a settings file."""
    (tmp_path / "docpact.toml").mkdir()
    assert find_settings(tmp_path) == Settings()


def test_what_is_said_on_the_command_line_is_put_over_the_file(configured, tmp_path):
    """The command line overrides the file key by key, and severities rule by rule."""
    configured('strict = true\nignore = ["wrong-type"]\n[severity]\nwrong-unit = "error"\n')
    said = Overrides(
        (
            "pedantic = true",
            'ignore = ["wrong-echo"]',
            'severity."wrong-type:Instance.EndTime" = "note"',
            'severity.wrong-echo = "note"',
            'severity.wrong-echo = "warning"',
        )
    )
    assert find_settings(tmp_path, said) == Settings(
        strict=True,
        pedantic=True,
        ignore=(Selector("wrong-echo"),),
        severity=(
            (Selector("wrong-unit"), ERROR),
            (Selector("wrong-type", "Instance.EndTime"), NOTE),
            (Selector("wrong-echo"), WARNING),
        ),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("mine.toml", "fragment = true\n"), ("pyproject.toml", "[tool.docpact]\nfragment = true\n")],
)
def test_a_file_that_is_named_takes_the_place_of_the_found_one(configured, tmp_path, name, text):
    """A named file replaces the one found, and its paths are relative to it."""
    configured("strict = true\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_text(text + 'contract = "c.json"\n', "utf-8")
    said = Overrides((f"sub/{name}", "pedantic = true"), folder=tmp_path)
    mine = str(tmp_path / "sub" / "c.json")
    assert find_settings(tmp_path, said) == Settings(pedantic=True, fragment=True, contract=mine)


def test_a_contract_on_the_command_line_is_meant_from_there(tmp_path):
    """A contract in --config is relative to the current folder."""
    said = Overrides(('contract = "c.json"',), folder=tmp_path / "here")
    assert find_settings(tmp_path, said).contract == str(tmp_path / "here" / "c.json")


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("stricct = true", ": unknown setting 'stricct' (did you mean strict?)"),
        ("[tool.docpact]\nstrict = true", ": unknown setting 'tool'"),
        ('severity.wrong-tpye = "note"', "did you mean wrong-type?"),
        ('severity.wrong-type = "off"', "expected one of error, warning, note"),
        ('ignore = "wrong-type"', "expected a list of rules"),
        ("engine = reference", "is neither a file nor a setting in TOML"),
        ("strict", "is neither a file nor a setting in TOML"),
        ("", "is empty"),
        ("none.toml", ": no such file"),
        ("pyproject.toml", ": the file has no [tool.docpact]"),
        ("\0", "is neither a file nor a setting in TOML"),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(tmp_path, argument, said):
    """The error for a wrong argument names it, the mistake and what is expected."""
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n", "utf-8")
    with pytest.raises(WrongConfiguration) as refused:
        find_settings(tmp_path, Overrides((argument,), folder=tmp_path))
    assert refused.value.message.startswith(f"--config '{argument}'")
    assert said in refused.value.message


def test_two_settings_files_are_one_too_many(tmp_path):
    """Two settings files are refused."""
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("strict = true\n", "utf-8")
    with pytest.raises(WrongConfiguration, match="a second settings file"):
        find_settings(tmp_path, Overrides(("a.toml", "b.toml"), folder=tmp_path))


def test_the_plugins_table_can_be_put_over_too(configured, tmp_path):
    """The plugin's options can be overridden one by one."""
    configured('[pytest]\nurl = "http://127.0.0.1:1"\nbody = "json"\n')
    options = find_plugin_options(tmp_path, Overrides(('pytest.body = "xml"',)))
    assert options == {"url": "http://127.0.0.1:1", "body": "xml"}
