"""Error bodies."""

import pytest

MEMBERS = ["RequestId", "HostId", "Code", "Message"]


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("step", [1, -1])
def test_any_order_will_do(judge, answers, write, first, step):
    """The members of an error come in any order."""
    members = list(answers.failure({"Recommend": "https://example.com/?a=1&b=2"}).items())
    turned = (members[first:] + members[:first])[::step]
    assert [] == judge(write(dict(turned)), status=404).rules


@pytest.mark.parametrize("recommend", ["", "https://example.com"])
def test_recommend_is_optional(judge, answers, write, recommend):
    """Recommend comes sometimes, and may be empty."""
    assert [] == judge(write(answers.failure({"Recommend": recommend})), status=400).rules


@pytest.mark.parametrize("missing", MEMBERS)
def test_a_missing_member_is_an_error(judge, answers, missing):
    """Each of the four members must be there, in both formats."""
    value = answers.failure(without=[missing])
    for body in (answers.json(value), answers.xml(value, "Error")):
        found = judge(body, status=404)
        assert [("missing-field", "error")] == found.severities
        assert missing == found.only.field


@pytest.mark.parametrize("present", MEMBERS)
def test_each_missing_member_is_said(judge, answers, present):
    """If several are missing, each is a finding."""
    value = {present: answers.failure()[present]}
    for body in (answers.json(value), answers.xml(value, "Error")):
        fields = [each.field for each in judge(body, status=404).findings]
        assert sorted({*MEMBERS} - {present}) == sorted(fields)


@pytest.mark.parametrize("field", [*MEMBERS, "Recommend"])
@pytest.mark.parametrize("value", [404, True, [], {"a": 1}])
def test_members_of_an_error_are_texts(judge, answers, field, value):
    """A number is no text here either."""
    found = judge(answers.json(answers.failure({field: value})), status=404)
    assert [("wrong-type", "error")] == found.severities
    assert field == found.only.field


def test_what_an_error_adds_is_a_warning(judge, answers, write):
    """Errors may carry more than the page knows."""
    found = judge(write(answers.failure({"AccessDeniedDetail": "x"})), status=403)
    assert [("undocumented-field", "warning")] == found.severities


def test_an_instance_in_an_error_does_not_belong_there(judge, answers):
    """A member that successes have is on the page, if elsewhere."""
    value = answers.failure({"Instance": {"Id": 1}})
    message = "Instance does not belong in such an answer"
    for body in (answers.json(value), answers.xml(value, "Error")):
        found = judge(body, status=404).only
        assert ("undocumented-field", message) == (found.rule, found.message)


def test_wrong_letters_in_an_error(judge, answers, write):
    """Names of an error are exact, too."""
    value = answers.failure(without=["Message"])
    found = judge(write({**value, "message": "x"}), status=404)
    assert ["wrong-name-case"] == found.rules


def test_a_code_beside_a_message_is_an_error_without_any_status(judge):
    """An error is told by its names where no status was captured."""
    found = judge('{"Code": "Throttling", "Message": "Slow down."}')
    assert {"RequestId", "HostId"} == {each.field for each in found.findings}
    assert ["missing-field", "missing-field"] == found.rules


@pytest.mark.parametrize("body", ["{}", '{"error": "x"}', "<Error/>"])
def test_a_failure_that_says_nothing_lacks_its_members(judge, body):
    """Under an error status an answer is measured as an error."""
    found = judge(body, status=500)
    missing = [each.field for each in found.findings if each.rule == "missing-field"]
    assert sorted(MEMBERS) == sorted(missing)
    assert "success-under-error" not in found.rules


def test_an_error_is_held_against_the_forms_of_its_own_fields(judge, answers, write):
    """A RequestId is a UUID here too; an error's Code is not the Code of an instance."""
    changes = {"RequestId": "not a uuid", "Code": "blink.main.class=x"}
    found = judge(write(answers.failure(changes)), status=404)
    assert [("wrong-format", "warning")] == found.severities
    assert ("RequestId", "request-id-is-uuid") == (found.only.field, found.only.origin.ruling)


@pytest.mark.parametrize("field", MEMBERS)
@pytest.mark.parametrize(("value", "state"), [(None, "null"), ("", "empty")])
def test_a_member_that_says_nothing_is_missing(judge, answers, field, value, state):
    """What an error must have must be filled; one mistake is one finding."""
    found = judge(answers.json(answers.failure({field: value})), status=404)
    assert [("missing-field", "error")] == found.severities
    assert (field, f"{field} is {state}") == (found.only.field, found.only.message)


@pytest.mark.parametrize("field", MEMBERS)
@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_element_that_says_nothing_is_missing(judge, answers, field, text):
    """In XML a text of white space is empty as well."""
    found = judge(answers.xml(answers.failure({field: text}), "Error"), status=404)
    assert [("missing-field", "error")] == found.severities
    assert f"{field} is empty" == found.only.message


def test_a_wrong_root_of_an_error(judge, answers):
    """The XML root of an error is Error; in other letters it is another."""
    found = judge(answers.xml(answers.failure(), "error"), status=404)
    assert ["xml-wrong-root"] == found.rules
    assert "Error" in found.only.expected


def test_masked_errors_are_notes(judge, answers, write):
    """A redacted error is noted and not judged."""
    found = judge(write(answers.failure({"HostId": "****"})), status=404)
    assert [("masked-value", "note")] == found.severities
