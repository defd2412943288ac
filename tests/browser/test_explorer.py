"""The explorer in a real browser: what a person sees, and what the page never does."""

import json
from urllib.parse import urlsplit

import pytest

from docpact.mock import serve

pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By  # after the check that it is there
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

OWN_SCHEMES = {"data", "chrome", "chrome-untrusted"}  # what no network sees
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


class Page:
    """The explorer as a person uses it."""

    def __init__(self, driver, url):
        self.driver = driver
        self.url = url

    def open(self):
        """Load the page and wait until it is filled."""
        self.driver.get(f"{self.url}/")
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

    def send(self):
        """Send the form and wait for what came of it."""
        self.driver.execute_script("document.getElementById('outcome').textContent = ''")
        self.one("#send").click()
        return self.until(lambda: self.one("#outcome").text)

    def script(self, code):
        """What an expression gives in the page."""
        return self.driver.execute_script(f"return {code}")

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

    def looks(self, **features):
        """Let the page believe that the person prefers something."""
        told = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in {"reduced_motion": "reduce", **features}.items()
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
def mock():
    """A mock that refuses unsigned calls."""
    with serve(auth="required") as mock:
        yield mock


@pytest.fixture
def page(mock, driver):
    """The page on a mock as it was at first; it must neither complain nor ask elsewhere."""
    mock.reset()
    page = Page(driver, mock.url)
    page.asked()
    page.complaints()
    yield page
    page.is_wide(None)
    page.looks()
    assert [] == page.complaints()
    asked = [urlsplit(each) for each in page.asked()]
    assert {"127.0.0.1"} == {each.hostname for each in asked if each.scheme not in OWN_SCHEMES}


def test_the_page_says_what_it_is_about(page):
    """The page shows the operation, its path and every instance of the world."""
    page.open()
    assert "GetInstance" == page.one("h1").text
    assert "/jobs/{jobName}/" in page.one("#path").text
    instances = [each.text for each in Select(page.one("#instance")).options]
    assert "project1 / job1 / 123 (RUNNING)" == instances[0]
    assert any("stopped-job" in each and "not running" in each for each in instances)


def test_sending_returns_the_pages_own_example(page):
    """One click makes a signed call, whose answer keeps the contract."""
    page.open()
    page.choose("#parameter-Format", "JSON")
    assert "Status 200, 0 findings" == page.send()
    assert '"JobName": "job1"' in page.one("#body-text").text
    assert "keeps the contract" in page.one("#verdict").text


@pytest.mark.parametrize("format_", ["JSON", "XML"])
def test_a_laid_out_body_holds_the_numbers_that_came(page, format_):
    """A formatted body shows numbers beyond 53 bits exactly."""
    page.open()
    page.choose("#parameter-Format", format_)
    names = [each.text for each in Select(page.one("#instance")).options]
    at = next(index for index, each in enumerate(names) if "9007199254740993" in each)
    page.choose("#instance", str(at))
    page.send()
    assert "9007199254740993" in page.one("#body-text").text
    assert page.one("#body-text").text.count("\n") > 5


def test_a_fault_shows_its_finding_which_leads_to_the_field(page):
    """A click on a finding shows the row of its field."""
    page.open()
    page.one("#fault-search").send_keys("id-as-text")
    page.choose("#fault", "id-as-text")
    page.choose("#parameter-Format", "JSON")
    page.send()
    finding = page.one("#findings button")
    for each in ("error", "wrong-type", "GetInstance.md:63", "Instance.Id"):
        assert each in finding.text
    finding.click()
    assert "Instance.Id" == page.script("document.activeElement.dataset.path")


def test_a_fault_for_the_whole_server_can_be_set_and_taken_back(page, mock):
    """A fault for the whole server also concerns other clients, until it is removed."""
    page.open()
    page.choose("#fault", "null-text")
    page.one("#everywhere").click()
    page.until(lambda: "null-text" in page.one("#server-faults").text)
    assert ("null-text",) == mock.endpoint.faults.names
    page.one("#server-faults button").click()
    page.until(lambda: not page.one("#server-faults").text)
    assert () == mock.endpoint.faults.names


def test_a_hostile_name_is_text(page, mock):
    """A name of a job cannot run scripts in the page."""
    value = {"ProjectName": HOSTILE, "JobName": "job", "Id": 7, "ActualState": "RUNNING"}
    value |= {"ExpectState": "RUNNING", "JobType": "FLINK_STREAM", "ApiType": "SQL"}
    mock.world.add({"Instance": value})
    page.open()
    names = [each.text for each in Select(page.one("#instance")).options]
    at = next(index for index, each in enumerate(names) if HOSTILE in each)
    page.choose("#instance", str(at))
    page.choose("#parameter-Format", "JSON")
    page.choose("#fault", "other-project")
    assert "Status 200, 1 finding" == page.send()
    assert "onerror" in page.one("#body-text").text
    assert [] == page.all("main img")
    assert page.script("window.hacked === undefined")


def test_the_code_of_a_call_can_be_read_by_keyboard(page):
    """Arrow keys move between the languages of the code, which has no secret."""
    page.open()
    page.send()
    assert page.one("#code-curl pre").text.strip()
    page.one("#tab-code-curl").send_keys(Keys.ARROW_RIGHT)
    assert "GetInstanceRequest" in page.one("#code-python pre").text
    page.one("#tab-code-python").send_keys(Keys.ARROW_RIGHT)
    assert "import httpx" in page.one("#code-httpx pre").text
    assert "testsecret" not in page.one("body").get_attribute("textContent")


def test_the_field_table_can_be_filtered(page):
    """The table can be filtered by any text of a row."""
    page.open()
    page.one("#filter").send_keys("milliseconds")
    shown = [
        each.get_attribute("data-path") for each in page.all("#rows tr[data-path]:not([hidden])")
    ]
    assert "Instance.InputDelay" in shown
    assert "Instance.ClusterId" not in shown


def test_a_call_that_cannot_be_made_says_why(page):
    """The form says why a call cannot be made, and the last answer stays."""
    page.open()
    page.one("#accept").send_keys("é")
    assert "must be printable ASCII" in page.send()
    (complaint,) = page.complaints()
    assert "400" in complaint, "the browser itself tells of the status"


def test_swagger_ui_makes_a_signed_call(page):
    """Swagger UI's own button makes a signed call."""
    page.open()
    page.one("#open-swagger").click()
    page.until(lambda: page.all(".swagger-ui .opblock-get"))
    path = page.one(".swagger-ui .opblock-summary-path")
    assert path.get_attribute("data-path").endswith("/instances/{instanceId}")
    page.one(".try-out__btn").click()
    (execute,) = page.until(lambda: page.all(".swagger-ui button.execute"))
    execute.click()
    (status,) = page.until(lambda: page.all(".live-responses-table tbody .response-col_status"))
    assert status.text.startswith("200")


def test_the_page_is_dark_where_people_like_it_dark(page):
    """The page follows the colour scheme of the browser."""
    brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    page.looks(color_scheme="light")
    page.open()
    assert page.script(brightness) > 200
    page.looks(color_scheme="dark")
    assert page.script(brightness) < 50


def test_the_page_fits_a_small_telephone(page):
    """The page is not wider than 360 pixels, before and after a call."""
    page.is_wide(360)
    page.open()
    page.send()
    assert page.script("document.documentElement.scrollWidth") <= 360


def test_the_tabs_scroll_sideways_only(page):
    """The tabs have no vertical scroll bar."""
    page.open()
    page.send()
    too_high = "[...document.querySelectorAll('[role=tablist]')]"
    too_high += ".filter(each => each.scrollHeight > each.clientHeight).length"
    assert page.script(too_high) == 0


def test_a_long_value_goes_on_where_it_stands(page):
    """On a narrow window, a long value stays on the line of its name."""
    page.is_wide(360)
    page.open()
    page.send()
    indents = page.script(
        "(() => { const start = document.getElementById('body-text').getBoundingClientRect().left;"
        " return [...document.querySelectorAll('#body-text .t-name')]"
        ".filter(each => each.textContent === '<EngineJobHandler>')"
        ".map(each => each.getClientRects()[0].left - start); })()"
    )
    assert len(indents) == 1
    assert indents[0] > 40


def test_every_control_has_a_name_for_those_who_listen(page):
    """Every control has a name for screen readers."""
    page.open()
    page.send()
    nameless = page.script(
        "[...document.querySelectorAll('input, select, button, [role=tabpanel]')]"
        ".filter(each => !(each.labels?.length || each.textContent.trim()"
        " || each.ariaLabel || each.getAttribute('aria-labelledby')))"
        ".map(each => each.outerHTML)"
    )
    assert [] == nameless
