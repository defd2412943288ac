"""Write a report as JUnit XML: a test case for each rule, so that a dashboard shows its history."""

from collections.abc import Collection, Iterable, Iterator
from xml.etree import ElementTree as ET

from docpact.core.finding import Finding, Report
from docpact.core.span import Severity
from docpact.core.text import printable
from docpact.report.terminal import block, missing_from, rules_on
from docpact.rules import Rule


def render(
    report: Report,
    *,
    rules: Iterable[Rule] | None = None,
    failing: Collection[Severity] = (Severity.ERROR,),
    off: Collection[str] = (),
) -> str:
    """A suite of the rules that were judged; a rule fails by its findings of failing severities.

    Rules that are switched off, and all where nothing was checked, are skipped. What kept the run
    from judging everything is a test case of its own with an error.
    """
    suite = ET.Element("testsuite", name="docpact")
    suite.extend(_cases(report, rules or rules_on(report), failing, off))
    suite.extend(_incomplete(report))
    counts = {
        "tests": len(suite),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
    }
    for name, count in counts.items():
        suite.set(name, str(count))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suites = ET.Element("testsuites", {name: str(count) for name, count in counts.items()})
    suites.append(suite)
    ET.indent(suites)
    text = ET.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _cases(
    report: Report, rules: Iterable[Rule], failing: Collection[Severity], off: Collection[str]
) -> Iterator[ET.Element]:
    found: dict[str, list[Finding]] = {}
    for each in report.findings:
        found.setdefault(each.rule, []).append(each)
    for rule in rules:
        case = _case(f"docpact.{rule.family}", rule.id)
        findings = found.pop(rule.id, [])
        reason = _skipped(report, rule, off)
        if reason and not findings:
            ET.SubElement(case, "skipped", message=reason)
        _add(case, findings, failing)
        yield case
    for name in sorted(found):  # of rules that this catalogue does not have
        case = _case("docpact", name)
        _add(case, found[name], failing)
        yield case


def _skipped(report: Report, rule: Rule, off: Collection[str]) -> str:
    if rule.id in off:
        return "switched off"
    return "" if report.checked else "nothing was judged"


def _add(case: ET.Element, findings: list[Finding], failing: Collection[Severity]) -> None:
    """Put the findings of one rule into its test case."""
    wrong = [each for each in findings if each.severity in failing]
    passing = [each for each in findings if each.severity not in failing]
    if wrong:
        # One element for all of them, for most readers show the first element only.
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        failure = ET.SubElement(
            case,
            "failure",
            message=printable(wrong[0].message) + more,
            type=wrong[0].severity.value,
        )
        failure.text = _blocks(wrong)
    if passing:
        ET.SubElement(case, "system-out").text = _blocks(passing)


def _blocks(findings: list[Finding]) -> str:
    return "\n" + "\n\n".join(block(each) for each in findings) + "\n"


def _incomplete(report: Report) -> Iterator[ET.Element]:
    problems = list(missing_from(report))
    if problems:
        case = _case("docpact", "everything-is-judged")
        error = ET.SubElement(case, "error", message=problems[0], type="incomplete")
        error.text = "\n" + "\n".join(problems) + "\n"
        yield case


def _case(classname: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=classname, name=printable(name))
