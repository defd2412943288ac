"""The how-to does what it says: its files are written, its commands run, its output compared."""

import re
from fnmatch import fnmatchcase

import pytest

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"# (\w+\.py)\n")


def parts_of(text):
    """The page's parts, each a heading and its blocks."""
    for part in re.split(r"^#{1,2} (?!\w+\.py\n)", text, flags=re.MULTILINE)[1:]:
        title = part.partition("\n")[0]
        blocks = _BLOCK.findall(part)
        if any(kind == "console" for kind, _ in blocks):
            yield title, blocks


def pages(checkout):
    """Every part of the how-to pages."""
    for name in ("pytest.md", "own-rules.md"):
        text = (checkout / "docs" / name).read_text("utf-8")
        yield from parts_of(text)


def shows(line, output):
    """Whether a line of the page stands in the output; an ellipsis stands for anything."""
    if line.startswith("___"):
        line = line.strip("_ ")
    pattern = f"*{line.strip().replace('[', '[[]').replace('…', '*').replace('......', '*')}*"
    return any(fnmatchcase(each, pattern) for each in output)


def run(block, team, endpoint, faulty):
    """Run each command of a block and compare what follows it."""
    for command in block.split("$ ")[1:]:
        line, *shown = command.strip().splitlines()
        line = line.replace("http://127.0.0.1:8008", endpoint.url)
        line = line.replace("http://127.0.0.1:8009", faulty.url)
        output = team.run_line(line).text.splitlines()
        missing = [each for each in shown if not shows(each, output)]
        assert [] == missing, "\n".join([line, *output])


@pytest.fixture
def faulty():
    """A second endpoint, which has a fault."""
    from docpact.mock import serve

    with serve(fault="xml-wrong-root") as mock:
        yield mock


TITLES = (
    "Check an endpoint, with no code",
    "Assert in your own tests",
    "A mock in your tests",
    "Prove that your client survives",
    "Watch the calls of your tests",
    "Generate answers with Hypothesis",
    "Beside your schemathesis tests",
    "Your own rules",
)


def test_every_part_is_run(checkout):
    """Every part of the how-to pages with code is run by these tests."""
    assert list(TITLES) == [title for title, _ in pages(checkout)]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.filterwarnings("default")  # the runs are within this one
def test_a_part_does_what_it_says(checkout, team, endpoint, faulty, title):
    """The commands of a part, run in an empty project, print what the page shows."""
    for kind, block in dict(pages(checkout))[title]:
        if kind == "python":
            name = _TITLE.match(block)
            assert name is not None, block
            (team.folder / name[1]).write_text(block, "utf-8")
        elif kind == "toml":
            text = block.replace("http://127.0.0.1:8008", endpoint.url)
            team.pyproject(text)
            assert team.run("--co", "-q").collected
        elif kind == "console":
            run(block, team, endpoint, faulty)


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_the_example_repositories_pass(checkout, team, system):
    """The tests of the example repositories pass against the mock."""
    folder = checkout / "docs" / "ci" / system
    text = (folder / "pyproject.toml").read_text("utf-8")
    team.pyproject(text)
    (team.folder / "tests").mkdir()
    for path in (folder / "tests").glob("*.py"):
        (team.folder / "tests" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    ran = team.run("--docpact-watch", "*.aliyuncs.com")
    assert (0, {"passed": 1}) == (ran.code, ran.counts), ran.text
