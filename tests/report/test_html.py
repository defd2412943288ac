"""The HTML report is one file that holds the findings exactly, and asks nobody for anything."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Finding, Location, Report
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.report import html
from docpact.report.html import render
from docpact.report.json import render as as_json
from docpact.report.statistics import Statistics
from docpact.rules import ANSWER_RULES

CONTRACT = load_bundled()
INSTANCE = {"ProjectName": "p", "JobName": "j", "Id": 7, "ActualState": "RUNNING", "EndTime": None}


class Page(HTMLParser):
    """What a parser of HTML makes of a report."""

    def __init__(self, text):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Remember each element."""
        self.tags.append((tag, dict(attrs)))
        self._within = f"{tag} {dict(attrs).get('type', '')}".strip()

    def handle_data(self, data):
        """Gather the texts of each kind of element."""
        self.texts[self._within] = self.texts.get(self._within, "") + data

    def all(self, tag):
        """The attributes of every such element."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def data(self):
        """What the script reads."""
        return json.loads(self.texts["script application/json"])


def statistics() -> Statistics:
    """A statistics of two answers."""
    made = Statistics.of(CONTRACT)
    for number in (1, 2):
        made.add(Exchange(Response(b""), Source("a.json", 1, number)), {"Instance": INSTANCE}, ())
    return made


def test_the_page_holds_the_json_report(finding):
    """The page contains the JSON report for scripts."""
    report = Report((finding(), finding(severity=Severity.NOTE)), checked=2)
    expected = json.loads(as_json(report))
    assert expected == {key: Page(render(report)).data[key] for key in expected}


def test_a_hostile_text_is_only_data(hostile):
    """No text from outside becomes an element, an attribute or a comment."""
    quiet = Page(render(Report((), checked=0), statistics(), CONTRACT))
    page = Page(render(hostile, statistics(), CONTRACT))
    assert quiet.tags == page.tags, "the elements are those of a page without findings"
    assert json.loads(as_json(hostile))["findings"] == page.data["findings"]


@pytest.mark.parametrize(
    "text", ["</script><i>", "<!--<script>", "]]>&lt;", "\u2028\x00\ud800\u202e"]
)
def test_nothing_ends_the_script_before_its_end(finding, text):
    """Texts that would end the script, or cannot be printed, are escaped."""
    written = render(Report((finding(message=text, actual=text),), checked=1))
    assert text not in written
    assert written.encode("utf-8")
    (told,) = Page(written).data["findings"]
    assert (text, text) == (told["message"], told["actual"])


TEXTS = st.text(st.characters(), max_size=20) | st.sampled_from(["</script>", "<!--", "&amp;"])
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    severity=st.sampled_from(Severity),
    message=TEXTS,
    at=st.builds(Location, TEXTS, st.none() | st.integers(1), st.none() | st.integers(1)),
    origin=st.builds(
        Origin,
        st.builds(Span, TEXTS, st.integers(1, 9), st.just(9)),
        st.sampled_from(Grade),
        TEXTS,
        st.none() | TEXTS,
    ),
    field=TEXTS,
    pointer=TEXTS,
    expected=TEXTS | st.tuples(TEXTS, TEXTS) | st.none(),
    actual=TEXTS | st.integers() | st.booleans() | st.none(),
    reproduce=st.none() | TEXTS,
    count=st.integers(1, 9),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FINDINGS, max_size=4))
def test_any_findings_make_a_page_with_exactly_those(findings):
    """A browser gets each text exactly as it was captured."""
    report = Report(tuple(findings), checked=1)
    page = Page(render(report).encode("utf-8").decode("utf-8"))
    assert json.loads(as_json(report))["findings"] == page.data["findings"]
    assert sum(each.count for each in findings) == sum(
        sum(counts) for _, _, *counts in page.data["cells"]["kept"]
    )


def test_the_same_run_makes_the_same_page(finding):
    """The page has no clock, no path of this machine and no set order."""
    report = Report((finding(),), checked=1)
    assert render(report, statistics(), CONTRACT) == render(report, statistics(), CONTRACT)
    assert str(html._FOLDER) not in render(report, statistics(), CONTRACT)


def test_only_the_pages_own_script_and_style_may_run(finding):
    """The policy allows only the page's own script and style, by their hashes."""
    written = render(Report((finding(),), checked=1))
    (policy,) = [each for each in Page(written).all("meta") if "http-equiv" in each]
    for tag, kind in (("style", "style"), ("script", "script")):
        (text,) = re.findall(rf'<{tag}(?: type="module")?>(.*?)</{tag}>', written, re.DOTALL)
        digest = b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert f"{kind}-src 'sha256-{digest}'" in policy["content"]
    assert policy["content"].startswith("default-src 'none';")
    assert "http" not in policy["content"]
    assert "unsafe" not in policy["content"]


def test_nothing_is_loaded():
    """The page loads no file, and its links stay within it."""
    page = Page(render(Report((), checked=0), statistics(), CONTRACT))
    assert [] == [each for _, each in page.tags if each.keys() & {"src", "srcset", "data", "style"}]
    links = [each["href"] for _, each in page.tags if "href" in each]
    assert {"#", "d"} == {each[0] for each in links}
    assert "url(" not in page.texts["style"]


def test_a_statistics_and_a_contract_tell_more(finding):
    """Statistics and a contract add rates, values, states and the documented fields."""
    counted = statistics()
    counted.add_findings([finding()])
    data = Page(render(Report((finding(),), checked=2), counted, CONTRACT)).data
    assert ["success", "Instance.EndTime", 2, 2, 0] in data["statistics"]["fields"]
    assert [["RUNNING", 2]] == data["statistics"]["values"]["Instance.ActualState"]["kept"]
    (instance,) = data["statistics"]["instances"]
    assert ["p", "j", "7"] == instance["name"]
    assert [[["RUNNING", ""], 2, "a.json", 1]] == instance["runs"]
    success, _ = data["contract"]["answers"]
    assert "Instance.EndTime" in {each["path"] for each in success["fields"]}
    assert [["captures/a.json", "Instance.Id", 1, 0, 0]] == data["cells"]["kept"]
    assert "GetInstance" in Page(render(Report((), 0), None, CONTRACT)).texts["h1"]


def test_a_page_without_a_statistics_says_less(finding):
    """Without statistics, the heat map and the rules are made of the findings."""
    data = Page(render(Report((finding(count=3),), checked=2))).data
    assert (None, None) == (data["statistics"], data["contract"])
    assert [["captures/a.json", "Instance.Id", 3, 0, 0]] == data["cells"]["kept"]
    assert {"wrong-type": 3} == {
        each["id"]: each["count"] for each in data["rules"] if each["count"]
    }
    assert [each.id for each in ANSWER_RULES] == [each["id"] for each in data["rules"]]


def test_a_page_holds_no_more_than_a_browser_can_bear(finding, monkeypatch):
    """What is left out of a large page is counted and mentioned."""
    monkeypatch.setattr(html, "MOST_FINDINGS", 2)
    data = Page(render(Report((finding(),) * 5, checked=5))).data
    assert (2, 3, 5) == (len(data["findings"]), data["left_out"], data["summary"]["errors"])


def test_what_kept_a_run_from_judging_everything_is_told(finding):
    """Problems and interruptions are shown."""
    report = Report((finding(),), 1, problems=("a.har cannot be read",), complete=False)
    told = Page(render(report)).data["incomplete"]
    assert "a.har cannot be read" == told[0]
    assert told[1].startswith("interrupted")


def test_who_runs_no_scripts_reads_the_totals(finding):
    """Without scripts, the totals and a hint are shown."""
    written = render(Report((finding(),), checked=1))
    assert "1 answer checked: 1 error, 0 warnings, 0 notes" in Page(written).texts["p"]


def test_a_contracts_name_is_text():
    """A contract's name is escaped."""
    operation = changed(CONTRACT.operation, name="<b onclick=x>&\u202e")
    written = render(Report((), 0), None, changed(CONTRACT, operation=operation))
    assert "<b " not in written
    assert r"<b onclick=x>&\u202e" in Page(written).texts["h1"]
    assert Page(written).data["contract"]["operation"]["name"] == "<b onclick=x>&\u202e"


def test_a_finding_that_has_little_is_shown_too(finding):
    """A finding without line, field and expectation is shown."""
    bare = replace(
        finding(),
        at=Location("-"),
        field="",
        pointer="",
        expected=None,
        actual=None,
        reproduce=None,
    )
    (told,) = Page(render(Report((bare,), checked=1))).data["findings"]
    assert {"file": "-", "line": None, "column": None, "exchange": 1} == told["at"]
