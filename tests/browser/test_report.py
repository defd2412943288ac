"""The HTML report in a real browser: opened from the disk, by mouse and by keyboard."""

import json
from dataclasses import replace
from itertools import cycle, islice

import pytest

from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Location, Report
from docpact.core.span import Severity
from docpact.report.html import render
from docpact.report.statistics import Statistics

pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By  # after the check that it is there
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

OWN_SCHEMES = {"data", "chrome", "chrome-untrusted"}  # what no network sees
HOSTILE = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>\u202e\x00'

SHOW_ALL = "document.querySelectorAll('.foot button:last-child').forEach(each => each.click())"
WEAK_TEXTS = """(() => {
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const painted = (...colours) => {
        for (const each of ['white', ...colours]) {
            paint.fillStyle = each;
            paint.fillRect(0, 0, 1, 1);
        }
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const light = (colour) => {
        const [red, green, blue] = colour.map((each) => linear(each / 255));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const style = (node) => getComputedStyle(node);
    const ground = (node) => {
        const colour = node ? style(node).backgroundColor : 'white';
        return colour === 'rgba(0, 0, 0, 0)' ? ground(node.parentElement) : colour;
    };
    const has_text = (node) => [...node.childNodes].some((each) => each.nodeType === 3
        && each.data.trim());
    const weak = new Set();
    for (const node of document.querySelectorAll('body *')) {
        if (!has_text(node) || !node.checkVisibility()) continue;
        if (node.closest('script, .skip, option')) continue;
        const under = ground(node);
        const both = [light(painted(under, style(node).color)), light(painted(under))];
        const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
        if (contrast < 4.5) weak.add(`${node.tagName}.${node.className} ${contrast.toFixed(2)}`);
    }
    return [...weak];
})()"""  # less than 4.5, which WCAG asks for


class Page:
    """The report as a person uses it."""

    def __init__(self, driver, folder):
        self.driver = driver
        self.folder = folder

    def open(self, *parts):
        """Render a report, open it from the disk, and wait until it is filled."""
        file = self.folder / "report.html"
        file.write_text(render(*parts), "utf-8")
        self.driver.get(file.as_uri())
        self.until(lambda: self.one("body").get_attribute("data-ready"))
        return self

    def one(self, selector):
        """The first element that fits."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        """All elements that fit."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, condition):
        """Wait for something to be so; what it was in the end."""
        return WebDriverWait(self.driver, 10, poll_frequency=0.05).until(lambda _: condition())

    def choose(self, selector, value):
        """Choose an option by its value."""
        Select(self.one(selector)).select_by_value(value)

    def script(self, code, *arguments):
        """What an expression gives in the page."""
        return self.driver.execute_script(f"return {code}", *arguments)

    def frames(self, code):
        """Run a function body that may await `frame()`; what it returns."""
        return self.driver.execute_async_script(
            "const done = arguments[0];"
            "const frame = () => new Promise((go) => requestAnimationFrame(() => go()));"
            f"(async () => {{ {code} }})().then(done, (wrong) => done(String(wrong)));"
        )

    def told(self):
        """What is said of the findings that are shown."""
        return self.one("#told").text

    def rules(self):
        """The rules whose findings are shown, in their order."""
        return [each.text for each in self.all(".group h3")]

    def focused(self):
        """What a screen reader would say of the element with the focus."""
        return self.script(
            "document.activeElement.ariaLabel || document.activeElement.labels?.[0]?.textContent"
            " || document.activeElement.textContent"
        )

    def press(self, *keys):
        """Press keys wherever the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def complaints(self):
        """What stands in the browser's console."""
        return [each["message"] for each in self.driver.get_log("browser")]

    def asked(self):
        """The addresses that were asked since this was called before."""
        events = (json.loads(each["message"]) for each in self.driver.get_log("performance"))
        sent = (each["message"] for each in events)
        return [
            each["params"]["request"]["url"]
            for each in sent
            if each["method"] == "Network.requestWillBeSent"
        ]

    def looks(self, scheme):
        """Let the page believe that the person prefers light or dark."""
        told = [
            {"name": "prefers-reduced-motion", "value": "reduce"},
            {"name": "prefers-color-scheme", "value": scheme},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": told})

    def is_wide(self, width):
        """Let the window be so wide; nothing for what it was."""
        if width is None:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            return
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture(scope="module")
def run(checkout):
    """The report on the broken samples, with its statistics and contract."""
    contract = load_bundled()
    checker, statistics = Checker(contract, load_bundled_schemas()), Statistics.of(contract)
    findings = []
    folder = checkout / "samples" / "responses"
    for file in sorted([*folder.rglob("*.json"), *folder.rglob("*.xml")]):
        source = Source(file.relative_to(checkout).as_posix())
        exchange = Exchange(Response(file.read_bytes()), source)
        found = tuple(checker.check(exchange))
        statistics.add(exchange, checker.judge(exchange).value, found)
        findings += found
    report = Report(tuple(findings), checked=sum(statistics.answers.values()), clean=("a.json",))
    return report, statistics, contract


@pytest.fixture(scope="module")
def many(run):
    """A report with 10,000 findings."""
    report, _, contract = run
    findings = tuple(
        replace(each, at=Location(f"captures/part-{number % 40:02}.ndjson", number, 3))
        for number, each in enumerate(islice(cycle(report.findings), 10_000), 1)
    )
    return Report(findings, checked=10_000), None, contract


@pytest.fixture
def finding_with(run):
    """Makes a report of one finding that is changed in some ways."""
    return lambda **changes: Report((replace(run[0].findings[0], **changes),), checked=1)


@pytest.fixture
def page(driver, tmp_path):
    """A page that must neither complain nor ask for anything but its own file."""
    page = Page(driver, tmp_path)
    page.asked()
    page.complaints()
    yield page
    page.is_wide(None)
    page.looks("light")
    assert [] == page.complaints()
    assert {"file"} == {each.partition(":")[0] for each in page.asked()} - OWN_SCHEMES


def test_the_page_tells_what_came_of_the_run(page, run):
    """The page shows counts, groups of findings by rule, and every section."""
    report = run[0]
    page.open(*run)
    assert "GetInstance" == page.one("h1").text
    tiles = {each.text.split("\n")[0]: each.text.split("\n")[1] for each in page.all(".tile")}
    assert str(report.summary.errors) == tiles["Errors"]
    assert f"{len(report.findings)} findings of" in page.told()
    assert {each.rule for each in report.findings} == set(page.rules())
    assert "1 capture without errors and warnings" == page.one("#clean summary").text


def test_a_finding_shows_capture_and_page_side_by_side(page, run):
    """A finding has the capture on the left and the page on the right."""
    page.open(*run)
    page.choose("#field", "=Instance.StartTime")
    capture, line = page.until(lambda: page.all(".finding .side"))[:2]
    assert capture.text.startswith("samples/responses/")
    assert "/Instance/" in capture.text
    assert line.text.startswith("GetInstance.md:")
    assert line.find_element(By.TAG_NAME, "blockquote").text
    left, right = capture.rect, line.rect
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_a_finding_says_how_to_see_it_again(page, finding_with):
    """A finding has one docpact command that reproduces it, and a way without docpact."""
    page.open(finding_with(reproduce="docpact call http://x p/j/1\ncurl http://x"))
    page.until(lambda: page.all(".reproduce"))
    assert "docpact call http://x p/j/1" == page.one(".reproduce > pre").text
    page.one(".reproduce summary").click()
    assert "curl http://x" == page.one(".reproduce details pre").text


@pytest.mark.parametrize("name", ["severity", "rule", "field", "source"])
def test_every_filter_leaves_what_fits(page, run, name):
    """Each filter keeps exactly the findings that match."""
    values = {
        "severity": lambda each: each.severity.value,
        "rule": lambda each: each.rule,
        "field": lambda each: each.field,
        "source": lambda each: each.at.file,
    }[name]
    report = run[0]
    page.open(*run)
    for wanted in sorted({values(each) for each in report.findings})[:5]:
        page.choose(f"#{name}", f"={wanted}")
        left = [each for each in report.findings if values(each) == wanted]
        assert page.told().startswith(f"{len(left)} of {len(report.findings)} findings")
        assert {each.rule for each in left} == set(page.rules())


def test_words_are_looked_for_everywhere(page, run):
    """Words are searched in messages, places, values and quotes, and all must be found."""
    page.open(*run)
    page.one("#text").send_keys("wrong-TYPE .xml")
    assert ["wrong-type"] == page.rules()
    page.one("#text").send_keys(" nowhere-at-all")
    assert page.told().startswith("No finding of")
    page.one("#clear").click()
    assert f"{len(run[0].findings)} findings of" in page.told()
    assert "Text" == page.focused()


def test_a_number_of_the_heat_map_leads_to_its_findings(page, run):
    """The heat map is one Tab stop; arrow keys and Enter lead to findings."""
    page.open(*run)
    assert 1 == len(page.all(".heat button[tabindex='0']"))
    page.script("document.querySelector('.heat button[tabindex=\"0\"]').focus()")
    first = page.focused()
    page.press(Keys.ARROW_RIGHT)
    second = page.focused()
    assert first != second
    assert 1 == len(page.all(".heat button[tabindex='0']"))
    page.press(Keys.ARROW_LEFT)
    assert first == page.focused()
    place = first.partition(" in ")[2].partition(":")[0]
    page.press(Keys.ENTER)
    assert f"={place}" == page.one("#source").get_attribute("value")
    assert "findings" == page.script("document.activeElement.id")


def test_rates_values_states_and_coverage_are_shown(page, run):
    """The page compares what statistics counted with what the page documents."""
    page.open(*run)
    rows = {each.text.split("\n")[0]: each for each in page.all(".rates tbody th")}
    assert any(each.startswith("Instance.EndTime") for each in rows)
    values = page.one("#values").text
    assert "never seen" in values
    assert "undocumented" in values
    assert "RUNNING" in page.one(".timelines").text
    assert "Listed values seen" in page.one("#coverage").text


def test_an_undocumented_state_has_no_documented_ones_colour(page, run):
    """No undocumented state has the colour of a documented one."""
    report, _, contract = run
    states = ["WAITING", "DONE", "Running", "running"]
    statistics = Statistics.of(contract)
    for number, state in enumerate(states):
        body = json.dumps({"Instance": {"Id": 1, "ActualState": state}}).encode()
        exchange = Exchange(Response(body), Source("log.ndjson", number=number + 1))
        statistics.add(exchange, json.loads(body), ())
    page.open(report, statistics, contract)
    colours = page.script(
        "[...document.querySelectorAll('.runs > li')].map(each =>"
        " [each.textContent.split(/ [×→]/)[0], each.querySelector('.dot').className])"
    )
    assert states == [state for state, _ in colours]
    (_, documented), *others = colours
    assert documented not in {colour for _, colour in others}


def test_without_a_statistics_the_sections_say_what_they_need(page, run):
    """Sections without statistics say why they are empty."""
    page.open(run[0])
    for section in ("fields", "values", "timelines", "coverage"):
        assert "docpact validate" in page.one(f"#{section}").text
    assert page.all(".heat button")


def test_a_report_on_pages_leaves_out_what_answers_had_in_them(page):
    """A report on pages has no sections about answers."""
    page.open(Report((), checked=2, subject="page"))
    assert "Pages checked" in page.one("#tiles").text
    assert ["Findings", "Heat map"] == [each.text for each in page.all("nav a")]
    assert ["Findings", "Heat map"] == [each.text for each in page.all("h2")]


def test_a_run_without_findings_has_a_page_too(page, run):
    """A report without findings says so."""
    page.open(Report((), checked=3), *run[1:])
    assert "Nothing was found." == page.told()


def test_ten_thousand_findings_are_made_as_they_come_near(page, many):
    """Findings are made when they come near the window, and few are made in all."""
    page.open(*many)
    assert "10,000 findings of" in page.told()
    page.script(SHOW_ALL)
    page.one("#open").click()
    assert 10_000 <= page.script(
        "[...document.querySelectorAll('.count')]"
        ".reduce((sum, each) => sum + Number(each.textContent.replace(',', '')), 0)"
    )
    seen, made, at = page.frames("""
        const groups = document.getElementById('groups');
        let seen = 0;
        for (const part of [0.1, 0.35, 0.6, 0.85]) {
            scrollTo(0, groups.offsetTop + groups.offsetHeight * part);
            for (let tries = 0; tries < 5; tries += 1) await frame();
            const there = document.elementsFromPoint(innerWidth / 2, innerHeight / 2);
            seen += there.some((each) => each.closest('.finding, .group > summary, .foot'));
        }
        return [seen, document.querySelectorAll('.finding').length, scrollY];
    """)
    assert 4 == seen
    assert made < 3_000
    assert at > 100_000


def test_scrolling_never_jumps_back(page, many):
    """Findings made above or below the window do not move the ones being read."""
    page.open(*many)
    page.choose("#severity", "=error")
    page.script(SHOW_ALL)
    backwards = page.frames("""
        let backwards = 0;
        let before = scrollY;
        for (let step = 0; step < 60; step += 1) {
            scrollBy(0, 400);
            await frame();
            backwards += scrollY < before;
            before = scrollY;
        }
        return backwards;
    """)
    assert 0 == backwards


def test_more_findings_of_a_rule_are_shown_on_demand(page, many):
    """A rule first shows a few findings, then a hundred more, then all."""
    page.open(*many)
    page.choose("#rule", f"={many[0].findings[0].rule}")
    count = sum(each.rule == many[0].findings[0].rule for each in many[0].findings)
    assert count > 121
    some, rest = page.all(".foot button")
    assert "Show 100 more" == some.text
    assert f"Show all {count - 20:,} others" == rest.text
    some.click()
    assert f"Show all {count - 120:,} others" == page.all(".foot button")[1].text or count < 221
    page.all(".foot button")[-1].click()
    assert [] == page.all(".foot button")


def test_a_hostile_text_is_only_shown(page, run):
    """A hostile text is not markup, runs nothing and hides nothing."""
    finding = replace(
        run[0].findings[0],
        rule=HOSTILE,
        message=HOSTILE,
        field=HOSTILE,
        actual=HOSTILE,
        expected=(HOSTILE,),
        at=Location(HOSTILE, 1),
        reproduce=HOSTILE,
        severity=Severity.ERROR,
    )
    statistics = Statistics.of(run[2])
    instance = {"ActualState": HOSTILE, "JobName": HOSTILE, HOSTILE: 1}
    statistics.add(Exchange(Response(b""), Source(HOSTILE)), {"Instance": instance}, (finding,))
    page.open(Report((finding,), 1, clean=(HOSTILE,), problems=(HOSTILE,)), statistics, run[2])
    assert "onerror" in page.until(lambda: page.one(".finding").text)
    assert r"\u202e\u0000" in page.one(".finding .message").text
    assert [] == page.all("main img")
    assert page.script("window.hacked === undefined")
    assert page.script("!/[\\u202e\\u0000]/.test(document.body.querySelector('main').innerText)")


def test_the_whole_page_can_be_walked_by_keyboard(page, run):
    """The skip link is first, and every Tab stop is visible and has a name."""
    page.open(*run)
    page.press(Keys.TAB)
    assert "Skip to the findings" == page.focused()
    page.press(Keys.ENTER)
    page.press(Keys.TAB)
    assert "Text" == page.focused()
    page.choose("#severity", "=error")
    for _ in range(30):
        page.press(Keys.TAB)
        assert page.focused().strip()
        assert page.script("document.activeElement.checkVisibility()")


def test_a_group_opens_and_closes_by_keyboard(page, run):
    """Enter on the heading of a group opens and closes it."""
    page.open(*run)
    page.script("document.querySelector('.group summary').focus()")
    opened = "document.querySelector('.group').open"
    assert page.script(opened)
    page.press(Keys.ENTER)
    assert not page.script(opened)


def test_those_who_listen_find_their_way(page, run):
    """The page has landmarks, headings, named controls and table headers."""
    page.open(*run)
    assert page.all("header")
    assert page.all("nav[aria-label]")
    assert page.all("main")
    assert page.all("[role=search][aria-label]")
    assert page.all("#told[role=status]")
    sections = page.script(
        "[...document.querySelectorAll('main > section')]"
        ".filter(each => !each.ariaLabel"
        " && !document.getElementById(each.getAttribute('aria-labelledby'))).length"
    )
    assert 0 == sections
    nameless = page.script(
        "[...document.querySelectorAll('input, select, button, summary, [tabindex=\"0\"]')]"
        ".filter(each => !(each.labels?.length || each.textContent.trim() || each.ariaLabel))"
        ".map(each => each.outerHTML)"
    )
    assert [] == nameless
    headless = page.script(
        "[...document.querySelectorAll('table')]"
        ".filter(each => !each.querySelector('thead th[scope=col]')"
        " || !each.querySelector('th[scope=row]')).length"
    )
    assert 0 == headless
    assert page.script(
        "[...document.querySelectorAll('h1, h2, h3')].every((each, at, all) =>"
        " at === 0 || Number(each.tagName[1]) <= Number(all[at - 1].tagName[1]) + 1)"
    )


def test_texts_can_be_read_against_their_grounds(page, run):
    """Texts have enough contrast in both colour schemes."""
    for scheme in ("light", "dark"):
        page.looks(scheme)
        page.open(*run)
        assert [] == page.script(WEAK_TEXTS), scheme


def test_the_page_is_dark_where_people_like_it_dark(page, run):
    """The report follows the colour scheme of the browser."""
    brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    page.looks("light")
    page.open(*run)
    assert page.script(brightness) > 200
    page.looks("dark")
    assert page.script(brightness) < 50


def test_the_page_fits_a_small_telephone(page, run):
    """The report is not wider than 360 pixels with everything opened."""
    page.is_wide(360)
    page.open(*run)
    page.one("#open").click()
    page.script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.script("document.documentElement.scrollWidth") <= 360
    page.open(run[0])
    assert page.script("document.documentElement.scrollWidth") <= 360
