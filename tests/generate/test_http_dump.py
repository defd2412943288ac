"""A response that is dumped is read again as it was."""

from itertools import islice

import pytest

from docpact.capture import CapturedFile, exchange_in
from docpact.cli.answers import http_dump
from docpact.contract import Media, load_bundled
from docpact.core.exchange import Request, Response
from docpact.faults import FAULTS
from docpact.generate.broken import sample_broken, shown_by_answers

CONTRACT = load_bundled()


def read(dump):
    """The exchange that a dump holds."""
    return exchange_in(CapturedFile("dump.http", dump))


@pytest.mark.parametrize("media", list(Media))
def test_a_dump_of_any_fault_is_read_as_it_was(media):
    """To the byte, with lengths that lie, statuses without a name and bodies that are none."""
    faults = shown_by_answers(CONTRACT, list(FAULTS.values()), media)
    made = sample_broken(CONTRACT, faults, seed=1, media=media)
    for response, _, request in islice(made, 2 * len(faults)):
        exchange = read(http_dump(response, request))
        assert (response, request) == (exchange.response, exchange.request)


def test_a_request_without_headers_comes_before_its_answer():
    """As `docpact validate` reads it."""
    response = Response(b"\r\n\r\n{}", 404, (("Content-Length", "17"),))
    assert (
        b"GET /a HTTP/1.1\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 17\r\n\r\n\r\n\r\n{}"
    ) == http_dump(response, Request("GET", "/a"))
