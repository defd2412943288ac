"""The report as JUnit XML is for dashboards: a test case for each rule."""

import pytest
from lxml import etree

from docpact.core.finding import Location, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.junit import render
from docpact.report.terminal import block
from docpact.rules import ANSWER_RULES

# No package ships a schema of JUnit files, so what those of Jenkins agree on stands here: the
# children of each element in their order, and its attributes, those in capitals required.
CHILDREN = {
    "testsuites": ("testsuite",),
    "testsuite": ("properties", "testcase", "system-out", "system-err"),
    "testcase": ("skipped", "error", "failure", "system-out", "system-err"),
}
ATTRIBUTES = {
    "testsuites": "name time tests failures errors",
    "testsuite": "NAME TESTS FAILURES ERRORS time skipped timestamp hostname id package",
    "testcase": "NAME time CLASSNAME",
    "failure": "type message",
    "error": "type message",
    "skipped": "type message",
    "system-out": "",
}

RULES = {each.id: each for each in ANSWER_RULES}


def suite_in(text: str) -> etree._Element:
    """The only suite of a report that any reader of JUnit files understands."""
    root = etree.fromstring(text.encode("utf-8"))
    assert "testsuites" == root.tag
    for element in root.iter():
        order = [CHILDREN.get(element.tag, ()).index(child.tag) for child in element]
        assert sorted(order) == order
        attributes = ATTRIBUTES[element.tag]
        required = {each.lower() for each in attributes.split() if each.isupper()}
        assert required <= set(element.attrib) <= set(attributes.lower().split())
    (suite,) = root
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert str(len(suite.findall(f"testcase/{tag}"))) == suite.get(name)
    assert str(len(suite)) == suite.get("tests")
    assert [suite.get(each) for each in ("tests", "failures", "errors")] == [
        root.get(each) for each in ("tests", "failures", "errors")
    ]
    return suite


def outcomes_of(suite: etree._Element) -> dict[str, list[str]]:
    """What became of each test case that did not simply pass."""
    return {case.get("name"): [each.tag for each in case] for case in suite if len(case)}


def test_each_rule_is_a_test_case(finding):
    """A clean run has a passing test case for each rule."""
    del finding
    suite = suite_in(render(Report((), checked=1)))
    named = [(case.get("classname"), case.get("name")) for case in suite]
    assert [(f"docpact.{rule.family.value}", rule.id) for rule in RULES.values()] == named
    assert {} == outcomes_of(suite)


def test_a_finding_fails_its_rule(finding):
    """A failure has the text of the terminal report."""
    report = Report((finding(), finding(at=Location("b.json"))), checked=2)
    suite = suite_in(render(report))
    assert {"wrong-type": ["failure"]} == outcomes_of(suite)
    (failure,) = suite.findall("testcase/failure")
    assert failure.attrib == {
        "message": 'Instance.Id is the text "5"; the page says a Long (and 1 more)',
        "type": "error",
    }
    assert "\n\n".join(map(block, report.findings)) == failure.text.strip()


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.NOTE])
def test_what_fails_is_for_the_settings_to_say(finding, severity):
    """A finding that does not fail the run is shown beside a passing case."""
    report = Report((finding(severity=severity),), checked=1)
    assert {"wrong-type": ["system-out"]} == outcomes_of(suite_in(render(report)))
    assert {"wrong-type": ["failure"]} == outcomes_of(suite_in(render(report, failing=Severity)))


def test_a_rule_may_fail_and_tell_more(finding):
    """One rule can have failing and other findings."""
    report = Report((finding(severity=Severity.NOTE), finding()), checked=1)
    assert {"wrong-type": ["failure", "system-out"]} == outcomes_of(suite_in(render(report)))


def test_a_rule_that_is_switched_off_is_skipped(finding):
    """A rule that is switched off is skipped."""
    del finding
    suite = suite_in(render(Report((), checked=1), off={"wrong-type"}))
    assert {"wrong-type": ["skipped"]} == outcomes_of(suite)


def test_a_run_of_nothing_passes_nothing(finding):
    """If nothing was judged, every rule is skipped."""
    del finding
    suite = suite_in(render(Report((), checked=0)))
    assert {name: ["skipped"] for name in RULES} == outcomes_of(suite)


def test_what_could_not_be_judged_is_an_error(finding):
    """What could not be judged is an error in JUnit."""
    del finding
    problems = ("a.json cannot be read: Permission denied",)
    suite = suite_in(render(Report((), checked=1, problems=problems, complete=False)))
    assert {"everything-is-judged": ["error"]} == outcomes_of(suite)
    (error,) = suite.findall("testcase/error")
    assert problems[0] == error.get("message")
    assert "interrupted" in error.text


def test_a_rule_of_no_catalogue_is_told_all_the_same(finding):
    """A finding of an unknown rule has its own test case."""
    suite = suite_in(render(Report((finding(rule="of-tomorrow"),), checked=1)))
    assert {"of-tomorrow": ["failure"]} == outcomes_of(suite)


def test_any_text_makes_xml_that_can_be_read(hostile):
    """Characters that XML cannot have, or a terminal would obey, are escaped."""
    text = render(hostile)
    suite = suite_in(text)
    assert {
        "wrong-type": ["failure", "system-out"],
        "everything-is-judged": ["error"],
    } == outcomes_of(suite)
    (failure,) = suite.findall("testcase/failure")
    assert printable(hostile.findings[0].message) == failure.get("message")
    assert block(hostile.findings[0]) == failure.text[1:-1]
    assert all(line.isprintable() for line in text.split("\n"))


def test_real_reports_can_be_read(report_of, in_checkout):
    """The report on the samples is JUnit XML without clocks and absolute paths."""
    text = render(report_of("samples/responses"))
    assert int(suite_in(text).get("failures")) > 20
    assert text == render(report_of("samples/responses"))
    assert str(in_checkout) not in text
