"""Files are found where the user points: one by one, in folders, on standard input."""

import io
import os
import sys

import pytest

from docpact.capture import captured_files


def write(folder, *names):
    """Empty JSON files of these names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")


def test_a_file_is_read_whatever_its_name(tmp_path, names):
    """What the user names is a capture, even if no folder would offer it."""
    write(tmp_path, "answer.log", ".hidden")
    paths = (tmp_path / "answer.log", tmp_path / ".hidden")
    assert names(*paths) == [(str(each), True) for each in paths]


def test_a_folder_is_walked_in_order_of_names(tmp_path, names):
    """Every run sees the same files in the same order."""
    write(tmp_path, "b.json", "a.xml", "C.http", "sub/z.json", "sub/deeper/y.txt", "other/x.body")
    found = [name for name, _ in names(tmp_path)]
    inside = [os.path.relpath(name, tmp_path) for name in found]
    expected = ["C.http", "a.xml", "b.json", "other/x.body", "sub/z.json", "sub/deeper/y.txt"]
    assert inside == expected


def test_paths_keep_the_order_in_which_they_are_named(tmp_path, names):
    """The user's order is the report's."""
    write(tmp_path, "b.json", "a.json")
    paths = (tmp_path / "b.json", tmp_path / "a.json")
    assert [name for name, _ in names(*paths)] == [str(each) for each in paths]


def test_labels_of_generated_answers_are_no_answers(tmp_path):
    """A folder that `docpact generate` wrote can be judged as it is."""
    write(tmp_path, "0001.flat.http", "0001.flat.labels")
    assert [False] == [each.is_capture for each in captured_files([str(tmp_path)])][1:]


def test_hidden_files_and_folders_are_passed_over(tmp_path, names):
    """.git and its like hold no captures."""
    write(tmp_path, ".hidden.json", ".git/x.json", "seen.json")
    assert names(tmp_path) == [(str(tmp_path / "seen.json"), True)]


def test_other_files_in_a_folder_are_counted_and_not_read(tmp_path, names):
    """A README beside the captures is skipped, and that is said."""
    write(tmp_path, "README.md", "a.json", "photo.PNG", "B.JSON")
    assert names(tmp_path) == [
        (str(tmp_path / "B.JSON"), True),
        (str(tmp_path / "README.md"), False),
        (str(tmp_path / "a.json"), True),
        (str(tmp_path / "photo.PNG"), False),
    ]


def test_an_empty_folder_holds_nothing(tmp_path, names):
    """An empty folder has no captures, and that is not a failure."""
    assert names(tmp_path) == []


def test_links_that_lead_back_do_not_make_the_walk_endless(tmp_path, names):
    """A folder that links to its parent is walked once; a link to itself is no file."""
    write(tmp_path, "sub/a.json")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "sub" / "loop.json").symlink_to(tmp_path / "sub" / "loop.json")
    (tmp_path / "sub" / "dangling.json").symlink_to(tmp_path / "none.json")
    assert names(tmp_path) == [(str(tmp_path / "sub" / "a.json"), True)]


def test_a_link_to_a_file_is_read(tmp_path, names):
    """Links to single captures are followed."""
    write(tmp_path, "far/a.json")
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "b.json").symlink_to(tmp_path / "far" / "a.json")
    assert names(tmp_path / "near") == [(str(tmp_path / "near" / "b.json"), True)]


def test_a_pipe_in_a_folder_is_passed_over(tmp_path, names):
    """A pipe in a folder is not opened, because reading it could wait for ever."""
    os.mkfifo(tmp_path / "pipe.json")
    write(tmp_path, "a.json")
    assert names(tmp_path) == [(str(tmp_path / "a.json"), True)]


def test_standard_input_is_a_file_like_any_other(monkeypatch):
    """A dash stands for it, and is its name in reports."""
    stdin = io.TextIOWrapper(io.BytesIO(b'{"a": 1}'))
    monkeypatch.setattr(sys, "stdin", stdin)
    (only,) = captured_files(["-"])
    assert ("-", b'{"a": 1}', True) == (only.name, only.open().read(), only.is_capture)


@pytest.mark.parametrize("name", ["none.json", "a.json/b.json", "x" * 5000, "loop"])
def test_a_path_that_cannot_be_read_says_why(tmp_path, name):
    """A path that cannot be read has a name and a problem, and no data."""
    write(tmp_path, "a.json")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (only,) = captured_files([str(tmp_path / name)])
    assert (str(tmp_path / name), b"") == (only.name, only.data)
    assert only.problem


def test_an_unreadable_path_stops_no_other(tmp_path):
    """What is named before and after it is read."""
    write(tmp_path, "a.json", "b.json")
    paths = [str(tmp_path / name) for name in ("a.json", "none.json", "b.json")]
    files = list(captured_files(paths))
    assert paths == [each.name for each in files]
    assert [False, True, False] == [bool(each.problem) for each in files]


def test_yaml_in_a_folder_is_read_only_if_it_is_a_cassette(tmp_path, names):
    """Configuration lies in most folders, and is no capture."""
    (tmp_path / "cassette.yaml").write_text("interactions:\n- request: {}\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: docs\n")
    assert names(tmp_path) == [
        (str(tmp_path / "cassette.yaml"), True),
        (str(tmp_path / "mkdocs.yml"), False),
    ]


def test_a_pattern_that_no_shell_has_resolved_is(tmp_path, names):
    """A pattern in quotes, or with ``**`` where the shell does not know it, is expanded."""
    write(tmp_path, "a.json", "sub/deep/b.json", "sub/c.xml")
    found = [name for name, _ in names(tmp_path / "**" / "*.json")]
    assert [str(tmp_path / "a.json"), str(tmp_path / "sub" / "deep" / "b.json")] == found


def test_a_pattern_that_means_nothing_is_a_problem(tmp_path):
    """A pattern without a matching file is a problem rather than an empty run."""
    (only,) = captured_files([str(tmp_path / "*.har")])
    assert only.problem
