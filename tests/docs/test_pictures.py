"""The pictures of the README stand alone, and show what the product does today."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.request import Request, urlopen

import pytest
from lxml import etree

from docpact.contract import load_bundled
from docpact.mock import serve

FOLDER = Path(__file__).parent
MOST_BYTES = 150_000

_SHOWN = re.compile(r"!\[([^\]]*)\]\(docs/pictures/([^)]+)\)")
_NAMESPACE = re.compile(r'xmlns="http://www\.w3\.org/(2000/svg|1999/xhtml)"')
# How often drawn calls show a fault is no promise: it differs between releases of Hypothesis.
_DRAWN = re.compile(r"(?<=seen )\d+|\d+(?= answers checked)")


def _pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", FOLDER / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PICTURES = _pictures()
NAMES = [each.name for each in sorted(PICTURES.FOLDER.iterdir())]


def _tree(name):
    return etree.fromstring((PICTURES.FOLDER / name).read_bytes())


def _texts(node, selector):
    """The texts of the elements with a class, an id, or a name, without line breaks."""
    kind, name = ("@id", selector[1:]) if selector[0] == "#" else ("@class", selector[1:])
    test = f'contains(concat(" ", {kind}, " "), " {name} ")'
    if selector[0] not in "#.":
        test = f'local-name() = "{selector}"'
    return [" ".join("".join(each.itertext()).split()) for each in node.xpath(f".//*[{test}]")]


def test_the_readme_shows_each_picture_and_says_what_it_shows(checkout):
    """The README shows every picture, each with a description."""
    shown = _SHOWN.findall((checkout / "README.md").read_text("utf-8"))
    assert NAMES == sorted(name for _, name in shown)
    assert [] == [name for alt, name in shown if len(alt.split()) < 8]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_alone(name, checkout):
    """A picture is well-formed, runs and loads nothing, and names no folder of this machine."""
    text = (PICTURES.FOLDER / name).read_text("utf-8")
    tree = _tree(name)
    assert {"{http://www.w3.org/2000/svg}svg"} == {tree.tag}
    names = {etree.QName(each).localname for each in tree.iter(etree.Element)}
    assert names.isdisjoint({"script", "image", "img", "use", "link", "iframe", "object", "embed"})
    attributes = {(key, value) for each in tree.iter(etree.Element) for key, value in each.items()}
    assert [] == [key for key, _ in attributes if key.startswith("on") or "href" in key]
    assert "src" not in {key for key, _ in attributes}
    styles = " ".join([*_texts(tree, "style"), *(value for _, value in attributes)])
    assert [] == [each for each in re.findall(r"url\(([^)]*)\)", styles) if each != "#fade"]
    assert "//" not in styles
    assert "@import" not in styles
    assert str(checkout) not in text
    assert "file:" not in text
    assert len(text) < MOST_BYTES


@pytest.mark.parametrize("name", PICTURES.TERMINALS)
def test_a_terminal_shows_what_is_printed_today(name):
    """The pictures of terminals show today's output; `make docs` draws them again."""
    fresh = PICTURES.terminal_picture(PICTURES.TERMINALS[name])
    kept = (PICTURES.FOLDER / name).read_text("utf-8")
    assert _DRAWN.sub("N", fresh) == _DRAWN.sub("N", kept)


def test_the_report_shows_what_is_found_today(checkout):
    """The picture of the report shows today's numbers, findings, places and page lines."""
    command = [sys.executable, "-m", "docpact", "validate", *PICTURES.REPORTED, "--format", "json"]
    told = subprocess.run(command, cwd=checkout, capture_output=True, check=False).stdout
    report = json.loads(told)
    tree = _tree("report.svg")
    tiles = dict(zip(_texts(tree, "dt"), _texts(tree, "dd"), strict=True))
    summary = report["summary"]
    assert [str(summary[each]) for each in ("checked", "errors", "warnings", "notes")] == [
        tiles[each] for each in ("Answers checked", "Errors", "Warnings", "Notes")
    ]
    found = {_told(each) for each in report["findings"]}
    shown = [_finding(each) for each in tree.xpath('.//*[starts-with(@class, "finding ")]')]
    assert shown
    assert set(shown) <= found
    assert re.search(rf"of {len(report['findings'])} findings", _texts(tree, "#told")[0])


def test_the_report_shows_the_heat_map_and_the_timelines():
    """The picture of the report shows the heat map and the timelines."""
    tree = _tree("report.svg")
    assert ["Findings", "Heat map", "Timelines"] == _texts(tree, "h2")
    assert any(each.startswith("heat-error") for each in tree.xpath(".//@class"))
    assert any("RUNNING" in each for each in _texts(tree, ".runs"))


def test_the_explorer_shows_what_the_mock_answers_today():
    """The picture of the mock's page shows today's answer and finding."""
    tree = _tree("explorer.svg")
    operation = load_bundled().operation
    assert ([operation.name], [operation.path]) == (_texts(tree, "h1"), _texts(tree, "#path"))
    asked = [_value(tree, f"parameter-{each}") for each in ("projectName", "jobName", "instanceId")]
    with serve(seed=1) as mock:
        body = json.dumps({"names": asked, "format": "JSON", "fault": PICTURES.FAULT}).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{mock.url}/_docpact/call", body, headers)) as answer:  # noqa: S310  # our own mock
            call = json.load(answer)
    (finding,) = call["findings"]
    (shown,) = _texts(tree, "#findings")
    for each in (finding["rule"], finding["message"], _page_line(finding["origin"])):
        assert each in shown
    assert [str(call["status"])] == _texts(tree, "#status")
    assert json.loads(call["body"]) == json.loads(_texts(tree, "#body-text")[0])


def _told(finding):
    """A finding of the JSON report as `_finding` reads it from the picture."""
    message = f"{finding['severity']} {finding['message']}"
    return " | ".join([message, _place(finding["at"]), _page_line(finding["origin"])])


def _place(at):
    return ":".join(
        str(at[each]) for each in ("file", "line", "column") if at.get(each) is not None
    )


def _page_line(origin):
    return f"{origin['page']}:{origin['line']}"


def _finding(node):
    """What is wrong, and the places on both sides."""
    (message,) = _texts(node, ".message")
    return " | ".join([message, *(each.split()[0] for each in _texts(node, ".place"))])


def _value(tree, name):
    return tree.xpath(f'.//*[@id="{name}"]/@value')[0]
