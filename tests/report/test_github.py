"""The report as workflow commands becomes annotations of a change on GitHub."""

from urllib.parse import unquote

from docpact.core.finding import Location, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.github import render


def commands_in(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands of a log, as GitHub's runner takes it apart."""
    found = []
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            command, _, message = line.lstrip()[2:].partition("::")
            name, _, properties = command.partition(" ")
            pairs = (each.partition("=") for each in properties.split(",") if each)
            found.append((name, {key: unquote(value) for key, _, value in pairs}, unquote(message)))
    return found


def test_a_finding_is_a_command(finding):
    """A finding is one workflow command with its place, its message and its authority."""
    assert render(Report((finding(),), checked=1)) == (
        "::error file=captures/a.json,line=7,col=13,title=docpact wrong-type::"
        'Instance.Id is the text "5"; the page says a Long%0A'
        "the page says so: GetInstance.md:63  “Id | Long”\n"
        "1 answer checked: 1 error, 0 warnings, 0 notes\n"
    )


def test_a_command_is_named_by_severity(finding):
    """A note is a notice on GitHub."""
    found = tuple(finding(severity=each) for each in Severity)
    told = commands_in(render(Report(found, checked=1), notes=True))
    assert ["error", "warning", "notice"] == [name for name, _, _ in told]


def test_notes_are_only_counted_by_default(finding):
    """Notes are counted by default, since GitHub shows only ten notices of a step."""
    text = render(Report((finding(severity=Severity.NOTE),), checked=1))
    assert text == "1 answer checked: 0 errors, 0 warnings, 1 note (-v shows them)\n"


def test_a_place_may_be_known_in_part(finding):
    """Without a line there is no column, and standard input has no file."""
    places = (Location("a.json"), Location("a.json", 7), Location("-", 7, 1))
    found = tuple(finding(at=each) for each in places)
    told = [properties for _, properties, _ in commands_in(render(Report(found, checked=1)))]
    title = {"title": "docpact wrong-type"}
    assert told == [{"file": "a.json"} | title, {"file": "a.json", "line": "7"} | title, title]


def test_how_to_see_it_again_is_told(finding):
    """A command that reproduces the finding is a line of the message."""
    report = Report((finding(reproduce="docpact call a/b/1 --body xml"),), checked=1)
    ((_, _, message),) = commands_in(render(report))
    assert message.endswith("\nreproduce: docpact call a/b/1 --body xml")


def test_no_text_makes_a_command_of_its_own(hostile):
    """No text of a capture or a file name starts another workflow command."""
    text = render(hostile, notes=True)
    told = commands_in(text.encode("utf-8").decode("utf-8"))
    assert ["error", "notice"] == [name for name, _, _ in told]
    for each, (_, properties, message) in zip(hostile.findings, told, strict=True):
        assert properties == {
            "file": printable(each.at.file),
            "line": "7",
            "col": "13",
            "title": "docpact wrong-type",
        }
        assert printable(each.message) == message.split("\n")[0]
    assert all(line.isprintable() for line in text.split("\n"))


def test_the_same_captures_make_the_same_text(report_of, in_checkout):
    """A report has no clock, no set order and no path of this machine."""
    text = render(report_of("samples/responses"))
    assert text == render(report_of("samples/responses"))
    assert str(in_checkout) not in text
