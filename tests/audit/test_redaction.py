"""--redact lets no secret of a capture into a report."""

import json

import pytest

from docpact.audit.redaction import SECRET_FIELDS, redacted
from docpact.report import json as as_json

SECRET = "hunter2-secret"  # noqa: S105  # it is the tests' own


@pytest.fixture
def body(checkout):
    """A right answer."""
    path = checkout / "samples" / "responses" / "valid" / "documented.json"
    return json.loads(path.read_text("utf-8"))


def told(run, tmp_path, text: str) -> str:
    """What a redacted report says of a capture."""
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    report = run(path).report
    assert report.findings
    return as_json.render(redacted(report))


@pytest.mark.parametrize("field", sorted(SECRET_FIELDS))
@pytest.mark.parametrize("wrong", [[SECRET], {SECRET: 1}, f"a;{SECRET}|{SECRET}| x"])
def test_no_value_of_a_secret_field_is_told(run, tmp_path, body, field, wrong):
    """Whatever is wrong with it, its value stays out."""
    body["Instance"] |= {field: wrong, "JobType": "X", "Starter": SECRET}
    assert SECRET not in told(run, tmp_path, json.dumps(body))


@pytest.mark.parametrize("text", [SECRET, f"{{}}{SECRET}", f'{{"Code": "{SECRET}', f"<a>{SECRET}"])
def test_no_text_is_told_that_cannot_be_read(run, tmp_path, text):
    """Broken bodies may show their secrets anywhere."""
    assert SECRET not in told(run, tmp_path, text)


def test_other_values_are_told(run, tmp_path, body):
    """A report without them helps nobody."""
    body["Instance"]["JobType"] = "BATCH"
    assert "BATCH" in told(run, tmp_path, json.dumps(body))


def test_access_keys_are_masked_wherever_they_stand(run, tmp_path, body):
    """They have a form of their own."""
    body["Instance"]["JobType"] = "LTAI5tAbCdEfGhIjKlMn"
    assert "LTAI5tAbCdEfGhIjKlMn" not in told(run, tmp_path, json.dumps(body))
