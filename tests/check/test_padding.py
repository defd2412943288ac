"""Blanks before a body keep a connection alive, and say nothing of the answer."""

from pathlib import Path

import pytest

from docpact.audit import AuditOptions, ReadOptions, audited
from docpact.capture import CapturedFile
from docpact.check import Checker
from docpact.contract import load_bundled, load_bundled_schemas
from docpact.settings import Settings

RESPONSES = Path(__file__).parents[2] / "samples" / "responses"
PADDING = {"blanks": b" " * 5000, "lines": b"\r\n" * 200_000}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"


@pytest.fixture(params=["fast", "reference"])
def rules(request):
    """The rules that a capture breaks, by each engine."""

    def broken(data: bytes) -> set[str]:
        judge = Checker(load_bundled(), load_bundled_schemas(), engine=request.param)
        settings = Settings(engine=request.param)
        files = iter([CapturedFile("a", data)])
        report = audited(files, judge, settings, ReadOptions(), options=AuditOptions()).report
        assert report.checked == 1
        return {each.rule for each in report.findings}

    return broken


@pytest.mark.parametrize("padding", PADDING)
@pytest.mark.parametrize("name", ["sql-job.json", "sql-job.xml"])
def test_blanks_before_a_body_are_passed_over(rules, padding, name):
    """However many there are, alone or behind headers."""
    body = (RESPONSES / "valid" / name).read_bytes()
    body = body.partition(b"?>")[2].lstrip() if body.startswith(b"<?xml") else body
    head = HEAD.replace(b"json", name.rpartition(".")[2].encode())
    assert set() == rules(PADDING[padding] + body)
    assert set() == rules(head + PADDING[padding] + body)


@pytest.mark.parametrize("padding", PADDING)
def test_blanks_before_a_page_or_before_nothing_do_not_hide_what_it_is(rules, padding):
    """A page is a page, and nothing is no body."""
    assert {"html-body"} == rules(PADDING[padding] + PAGE)
    assert {"empty-body"} == rules(PADDING[padding])
    assert {"unknown-format"} == rules(PADDING[padding] + b"Bad Gateway")
