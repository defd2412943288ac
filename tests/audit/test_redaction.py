"""--redact lets no secret of a capture into a report."""

import json
from dataclasses import replace

import pytest

from docpact.audit.redaction import Redaction, redacted_call
from docpact.contract import load_bundled
from docpact.core.exchange import Source
from docpact.core.finding import Report
from docpact.core.serialize import json_text, xml_text
from docpact.core.violation import Violation
from docpact.report import github, html, junit, sarif
from docpact.report import json as as_json

SECRET = "password=hunter2 db"  # noqa: S105  # it is the tests' own
CONTRACT = load_bundled()
REDACTION = Redaction(CONTRACT)
TEXTS = [
    ".".join(path[1:])
    for path, field in CONTRACT.success.walk()
    if len(path) > 1 and not field.values and field.name not in {"ProjectName", "JobName"}
]


@pytest.fixture
def body(checkout):
    """A right answer."""
    path = checkout / "samples" / "responses" / "valid" / "documented.json"
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def told(run, tmp_path):
    """What redacted reports say of a capture, in all formats, and their statistics."""

    def said(text: str) -> str:
        path = tmp_path / "captured"
        path.write_text(text, "utf-8")
        done = run(path, statistics=True)
        assert done.report.findings
        report, statistics = REDACTION.report(done.report), REDACTION.statistics(done.statistics)
        forms = (as_json.render, as_json.render_lines, junit.render, sarif.render, github.render)
        page = html.render(report, statistics, CONTRACT)
        return "\n".join([*(render(report) for render in forms), page])

    return said


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("wrong", [[SECRET], {SECRET: 1}, f"a;{SECRET}|{SECRET}| x", SECRET])
@pytest.mark.parametrize("write", [json_text, lambda value: xml_text(CONTRACT.success.root, value)])
def test_no_value_of_a_field_is_reported(told, body, field, wrong, write):
    """A wrong value is masked, because any text may be in place of a number or time."""
    if write is not json_text and not isinstance(wrong, str):
        wrong = {"a": SECRET}
    body["Instance"] |= {"JobType": "X", field: wrong}
    assert "hunter2" not in told(write(body))


@pytest.mark.parametrize(
    "field", ["Code", "Properties", "PlanJson", "AutoScaleParams", "LastErrorMessage", "Starter"]
)
def test_no_number_of_a_secret_field_is_reported(told, body, field):
    """A number in place of a text is masked as a value."""
    body["Instance"][field] = 12345678
    assert "12345678" not in told(json_text(body))


@pytest.mark.parametrize("instance", [SECRET, [SECRET], {"Id": SECRET}, {SECRET: 1}])
def test_no_text_in_place_of_a_structure_is_reported(told, body, instance):
    """A text in place of a structure is masked, and so is a name that is not a member's."""
    assert "hunter2" not in told(json_text({**body, "Instance": instance}))


@pytest.mark.parametrize(
    "change",
    [
        ("<Id>", f"{SECRET} <Id>"),
        ("<Instance>", f'<Instance xmlns="http://x/?{SECRET}">'),
        ("<Id>", f"<{SECRET}><Id>"),
        ("</Instance>", "</hunter2>"),
        ("<Id>", "&hunter2;<Id>"),
        ("<Id>", '<Id a="hunter2" a="hunter2">'),
        ("<Instance>", "<Instance hunter2>"),
        ("<?xml", f"{SECRET}<?xml"),
    ],
)
def test_no_text_of_broken_xml_is_reported(told, body, change):
    """Texts between elements are masked, and so is what a parser repeats."""
    text = xml_text(CONTRACT.success.root, body)
    text = text if text.startswith("<?xml") else f'<?xml version="1.0"?>{text}'
    if change[0] not in text:
        text = text.replace("<Id ", "<Id>")
    assert "hunter2" not in told(text.replace(*change))


@pytest.mark.parametrize(
    "text",
    [SECRET, f"{{}}{SECRET}", f'{{"Code": "{SECRET}', f"<a>{SECRET}", "hunter2", '"hunter2"'],
)
def test_no_text_is_told_that_cannot_be_read(told, text):
    """Nothing of an unreadable body is shown, because it may have its secrets anywhere."""
    assert "hunter2" not in told(text)


@pytest.mark.parametrize("name", ["ActualState", "ExpectState", "JobType", "ApiType"])
def test_no_unlisted_text_is_reported(told, body, name):
    """A listed field may hold anything; the page of findings counts its values and states."""
    body["Instance"][name] = SECRET
    said = told(json_text(body))
    assert "hunter2" not in said
    assert "the page lists" in said


def test_no_name_is_told_that_is_none(told, body):
    """The names of a map in place of a structure are data, and masked."""
    body["Instance"] |= {f"{SECRET}": {"a": 1}, "a" * 80: 2, "Priority": 3}
    said = told(json_text(body))
    assert "hunter2" not in said
    assert "Instance.Priority is not on the page" in said


def test_no_name_below_a_value_is_told_as_a_field(run, tmp_path, body):
    """The table of fields ends where the page does."""
    body["Instance"] |= {"Starter": {SECRET: {"c": {"hunter2": 1}}, "hunter2": 1}}
    (tmp_path / "a.json").write_text(json_text(body), "utf-8")
    statistics = REDACTION.statistics(run(tmp_path / "a.json", statistics=True).statistics)
    paths = {path for (_, _, path), _ in statistics.fields.sorted()}
    assert "Instance.Starter" in paths
    assert not any("hunter2" in each or "***" in each for each in paths)


def test_other_values_are_told(told, body):
    """A report without them helps nobody."""
    body["Instance"] |= {"JobType": "BATCH", "StartTime": 1599, "Id": -7.5}
    said = told(json_text(body))
    assert all(each in said for each in ("BATCH", "1599", "FLINK_BATCH"))


def test_access_keys_are_masked_wherever_they_stand(told, body):
    """Access keys have a form of their own, by which they are masked anywhere."""
    body["Instance"] |= {"ClusterId": ["x"], "JobType": "LTAI5tAbCdEfGhIjKlMn"}
    body["LTAI5tAbCdEfGhIjKlMn"] = 1
    assert "LTAI5tAbCdEfGhIjKlMn" not in told(json_text(body))


@pytest.mark.parametrize("name", ["LTAI5tAbCdEfGhIjKlMn", "my_LTAI5tAbCdEfGhIjKlMn"])
def test_access_keys_are_masked_where_names_are_told(told, body, name):
    """Access keys are masked in messages, values and timelines."""
    body["Instance"] |= {"JobName": name, "JobType": "FLINK"}
    request = {"method": "GET", "url": "/api/v2/projects/project1/jobs/job1/instances/412536"}
    record = {"request": request, "status": 200, "body": body}
    said = told("\n".join([json.dumps(record)] * 2))
    assert "wrong-echo" in said
    assert "AbCdEfGhIjKlMn" not in said


def test_what_one_field_may_show_another_may_not(told, body):
    """A number where a text belongs may be one of a card, though it is quoted beside a time."""
    body["Instance"]["LastErrorMessage"] = "4111111111111111"
    body["Instance"].pop("LastErrorTime", None)
    said = told(json_text(body))
    assert "LastErrorTime is absent while LastErrorMessage is " in said
    assert "4111111111111111" not in said


def test_no_text_of_markup_is_told_as_if_it_were_the_value(told, body):
    """Attributes and namespaces of a field are masked, because they are not its value."""
    text = xml_text(CONTRACT.success.root, body)
    written = "<JobName>" if "<JobName>" in text else "<JobName "
    changed = written.replace("JobName", 'JobName xmlns="hunter2"')
    assert "hunter2" not in told(text.replace(written, changed))


def test_of_unlisted_texts_one_word_is_reported(told, body):
    """An unlisted text of one word may be a new value of the page; several words are masked."""
    assert "PAUSED_NOW" in told(json_text(body).replace('"RUNNING"', '"PAUSED_NOW"'))
    assert "hunter" not in told(json_text(body).replace('"RUNNING"', '"hunter secret word"'))


def test_the_separator_of_the_page_is_reported(told, body):
    """The page's own separator is not masked."""
    body["Instance"]["Packages"] = "a.jar;b.jar"
    said = told(json_text(body))
    assert "entries are separated by" in said
    assert 'separated by \\"…' not in said


@pytest.mark.parametrize(
    "why",
    [
        "it is no YAML that is read: password=hunter2",
        "the tag !hunter2 is not supported",
        "it refers to the anchor hunter2, which is nowhere",
        "there is no kind 'hunter2' of value",
    ],
)
def test_no_text_of_a_damaged_capture_is_reported(checker, why):
    """What the reader of a damaged capture quotes may be anything, and is masked."""
    finding = checker.diagnostic(Violation("damaged-capture", why, line=1), Source("a"))
    assert finding.message == why
    (masked,) = REDACTION.report(Report((finding,), 1)).findings
    assert "hunter2" not in masked.message
    assert masked.message.split()[:2] == why.split()[:2]


def test_what_is_masked_keeps_its_sentence(run, tmp_path, body):
    """A masked message still says what was wrong."""
    body["Instance"]["Properties"] = 12345678
    (tmp_path / "a.json").write_text(json_text(body), "utf-8")
    findings = REDACTION.report(run(tmp_path / "a.json").report).findings
    (found,) = (each for each in findings if each.rule == "wrong-type")
    message = 'Instance.Properties is the number "…" (masked); the page says a String'
    assert (message, "***") == (found.message, found.actual)
    assert found == replace(found, quoted=())


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            "GET /other?AccessKeyId=a&SecurityToken=b+c%3D",
            "GET /other?AccessKeyId=***&SecurityToken=***",
        ),
        (
            "a.har:7 GET https://u:p@x/y?b=1#z=2 (blocked)",
            "a.har:7 GET https://***@x/y?b=***#*** (blocked)",
        ),
        ("a#1.har:7 GET /x#SEKRIT", "a#1.har:7 GET /x#***"),
        ("a.har:7 GET /x?SEKRIT&a=b c&SEKRIT", "a.har:7 GET /x?***&a=***&***"),
        (
            "a.har:7 GET /x (no answer was recorded: net::ERR_TIMED_OUT)",
            "a.har:7 GET /x (no answer was recorded: net::ERR_TIMED_OUT)",
        ),
        (
            "a.har:7 GET /x (no answer was recorded: net::ERR SEKRIT)",
            "a.har:7 GET /x (no answer was recorded: ***)",
        ),
        (
            "a.har:7 GET /x#a (its body was not recorded: SEKRIT (x))",
            "a.har:7 GET /x#*** (its body was not recorded: ***)",
        ),
        ("GET /other", "GET /other"),
    ],
)
def test_calls_that_are_skipped_are_named_without_what_they_ask(call, expected):
    """A query may carry keys and tokens."""
    assert expected == redacted_call(call)
