"""Write the pictures of the README as text: SVG that any browser shows without a network.

Terminals are drawn from what a command prints. Pages are opened in Chromium, used as a person uses
them, and kept as the markup and style that they then have, so a picture stays sharp and follows the
reader's light or dark screen. `make pictures` writes all of them; `make docs` those of terminals,
which need no browser.
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / "docs" / "pictures"
ANSWERS = (
    "valid/documented.json",
    "broken/wrong-name-case.json",
    "broken/fields-disagree.json",
    "broken/wrong-unit.xml",
)
TERMINALS = {
    "validate.svg": shlex.join(["validate", *(f"samples/responses/{each}" for each in ANSWERS)]),
    "test.svg": "test --seed 1 --mock-fault id-as-double",
}
REPORTED = ("samples/captures", "samples/responses")
FAULT = "id-as-double"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
)
SHOWN_AT = "http://127.0.0.1:8008"  # where `docpact mock` listens unless told otherwise

COLUMNS = 100
ADVANCE, LEADING, SIZE, EDGE = 8.45, 20, 14, 20  # pixels; of the widest of usual fonts
_SET_IN = "    "
_COLOUR = re.compile(r"\x1b\[([0-9;]*)m")
_ROLES = {"1": "bold", "2": "faint", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}

_TERMINAL = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
 width="{width}" height="{height}" xml:space="preserve">
<title>{title}</title>
<style>
:root {{
  --ground: #f6f8fa; --edge: #d5dae0; --text: #1b1f24; --faint: #56606c;
  --red: #b3261e; --green: #17683a; --yellow: #855000; --cyan: #0f5f73;
}}
@media (prefers-color-scheme: dark) {{ :root {{
  --ground: #14181c; --edge: #2d333a; --text: #e7e9ec; --faint: #a4adb8;
  --red: #ffa39b; --green: #82d6a0; --yellow: #f2be6a; --cyan: #7fd1e6;
}} }}
rect {{ fill: var(--ground); stroke: var(--edge) }}
text {{
  font: {size}px ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "DejaVu Sans Mono",
    monospace;
  fill: var(--text); white-space: pre;
}}
.bold {{ font-weight: 700 }}
.faint {{ fill: var(--faint) }}
.red {{ fill: var(--red) }}
.green {{ fill: var(--green) }}
.yellow {{ fill: var(--yellow) }}
.cyan {{ fill: var(--cyan) }}
</style>
<rect x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="10"/>
{lines}
</svg>
"""

_PAGE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
 width="{width}" height="{height}">
<title>{title}</title>
<style>
{style}
body {{
  width: {width}px; height: {height}px; overflow: hidden;
  border: 1px solid var(--edge); border-radius: 12px;
}}
body * {{ content-visibility: visible !important }}
.scrolled, pre, [role="tablist"] {{ overflow: hidden !important }}
.beginning {{ stop-color: var(--page); stop-opacity: 0 }}
.end {{ stop-color: var(--page) }}
</style>
<defs><linearGradient id="fade" x2="0" y2="1">
<stop class="beginning"/><stop class="end" offset="1"/>
</linearGradient></defs>
<foreignObject width="{width}" height="{height}">{body}</foreignObject>
<rect x="1" y="{fade_from}" width="{inner_width}" height="90" fill="url(#fade)"/>
</svg>
"""


def terminal_picture(command: str) -> str:
    """What a terminal shows after `docpact COMMAND`."""
    told = f"\x1b[2m$\x1b[0m docpact {command}\n{_printed(command)}"
    lines = list(_wrapped(_styled(told)))
    width, height = round(COLUMNS * ADVANCE) + 2 * EDGE, len(lines) * LEADING + 2 * EDGE
    texts = (
        f'<text x="{EDGE}" y="{EDGE + SIZE + number * LEADING}">{_spans(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return _TERMINAL.format(
        title=escape(f"docpact {command}"),
        width=width,
        height=height,
        inner_width=width - 1,
        inner_height=height - 1,
        size=SIZE,
        lines="\n".join(texts),
    )


def _printed(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "docpact", *shlex.split(command), "--color", "always"],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode > 1:
        message = f"docpact {command} ended with {done.returncode}: {done.stderr}"
        raise RuntimeError(message)
    return done.stdout


Styled = list[tuple[str, str]]  # characters, each with its classes


def _styled(text: str) -> Iterator[Styled]:
    """The lines, their characters styled as the escape sequences say."""
    for line in text.rstrip("\n").split("\n"):
        characters: Styled = []
        roles: list[str] = []
        for number, part in enumerate(_COLOUR.split(line)):
            if number % 2 == 0:
                characters += ((each, " ".join(roles)) for each in part)
            elif part in {"", "0"}:
                roles = []
            else:
                roles += (_ROLES[each] for each in part.split(";"))
        yield characters


def _wrapped(lines: Iterator[Styled]) -> Iterator[Styled]:
    """Lines of at most so many columns; what goes on is set in."""
    for line in lines:
        text, start = "".join(each for each, _ in line), 0
        for part in wrap(text, COLUMNS - len(_SET_IN), break_on_hyphens=False) or [""]:
            indent: Styled = [(each, "") for each in _SET_IN] if start else []
            start = text.index(part, start)
            yield indent + line[start : start + len(part)]
            start += len(part)


def _spans(line: Styled) -> str:
    return "".join(
        f'<tspan class="{roles}">{text}</tspan>' if roles else text
        for roles, text in (
            (roles, escape("".join(each for each, _ in group), quote=False))
            for roles, group in groupby(line, key=lambda each: each[1])
        )
    )


def page_pictures() -> Iterator[tuple[str, str]]:
    """The names and texts of what only a browser can draw."""
    from docpact.mock import serve

    with tempfile.TemporaryDirectory() as folder, _browser(folder) as driver:
        report = Path(folder) / "report.html"
        _printed(shlex.join(["validate", *REPORTED, "--format", "html", "--output", str(report)]))
        driver.get(report.as_uri())
        _until(driver, "document.body.dataset.ready")
        driver.execute_script(_REPORT_USED)
        yield "report.svg", _page_picture(driver, "docpact's HTML report", 1200, 1960)
        with serve(seed=1) as mock:
            driver.get(mock.url)
            _until(driver, "document.body.dataset.ready")
            driver.execute_script(_EXPLORER_USED, FAULT)
            _until(driver, "document.getElementById('outcome').textContent")
            shown = _page_picture(driver, "The page of docpact's mock", 1200, 1560)
            yield "explorer.svg", shown.replace(mock.url, SHOWN_AT)


# One field chosen, one rule open. What the picture has no room for is left out: some sections, and
# the rows of the heat map that are empty but for the captures without a column.
_REPORT_USED = """
const field = document.getElementById("field");
field.value = "=Instance.EndTime";
field.dispatchEvent(new Event("change"));
for (const each of document.querySelectorAll(".group ~ .group")) each.open = false;
for (const each of ["fields", "values", "coverage"]) document.getElementById(each).remove();
for (const row of document.querySelectorAll(".heat tbody tr")) {
  if (!row.querySelector("td:not(:last-child) button")) row.remove();
}
"""

# The instance whose id no double can hold, asked for in JSON, with the fault that shows there.
_EXPLORER_USED = """
const byId = (id) => document.getElementById(id);
const set = (id, value, event) => {
  byId(id).value = value;
  byId(id).dispatchEvent(new Event(event, { bubbles: true }));
};
const hard = [...byId("instance").options].find((each) => each.text.includes("9007199254740993"));
set("instance", hard.value, "change");
set("parameter-Format", "JSON", "change");
set("fault-search", "double", "input");
set("fault", arguments[0], "change");
byId("send").click();
"""


# The report makes findings only where they come near the window.
_FILLED = """
![...document.querySelectorAll(".chunk")]
  .some((each) => each.checkVisibility() && !each.childElementCount)
""".strip()


def _page_picture(driver: Any, title: str, width: int, height: int) -> str:
    """What the page shows down to a height, fading out there."""
    snapshot = Path(__file__).with_name("snapshot.js").read_text("utf-8")
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    _until(driver, _FILLED)
    shown = driver.execute_async_script(snapshot, height)
    return _PAGE.format(
        title=escape(title),
        width=width,
        height=height,
        inner_width=width - 2,
        fade_from=height - 91,
        style=escape(shown["style"], quote=False),
        body=shown["body"],
    )


def _browser(folder: str) -> Any:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        sys.exit("no browser: Debian's packages chromium and chromium-driver bring one")
    options.binary_location = chromium
    for each in (*FLAGS, f"--user-data-dir={Path(folder) / 'profile'}"):
        options.add_argument(each)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))


def _until(driver: Any, condition: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    wait = WebDriverWait(driver, 10, poll_frequency=0.05)
    wait.until(lambda _: driver.execute_script(f"return {condition}"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, command in TERMINALS.items():
        (FOLDER / name).write_text(terminal_picture(command), "utf-8")
    if "--terminals" not in sys.argv:
        for name, text in page_pictures():
            (FOLDER / name).write_text(text, "utf-8")
