"""An endpoint must refuse what is not signed, and each way not to is one finding."""

import pytest

from docpact.faults import FAULTS, Shows
from docpact.http.signing import Key
from docpact.mock import serve
from docpact.runner import KnownInstances

FAULTY = [each.name for each in FAULTS.values() if each.shows is Shows.UNSIGNED]
ASKS_FOR_NONE = "the endpoint does not check signatures: every call without a valid one succeeded"


@pytest.mark.parametrize("workers", [1, 4])
def test_an_endpoint_that_asks_for_no_signature_is_remarked_on(checked, told, workers):
    """An endpoint that checks no signatures is one diagnostic and not a finding."""
    with serve(auth="off") as mock:
        outcome = checked(mock.url, KnownInstances(*mock.world.known()), workers=workers)
    assert ([], (ASKS_FOR_NONE,)) == (told(outcome), outcome.diagnostics)


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("fault", FAULTY)
def test_each_way_to_let_others_in_is_a_finding(mock, known, checked, fault, workers):
    """Each way to accept a wrong signature is a finding, with one worker or several."""
    mock.fault(fault)
    outcome = checked(mock.url, known(mock), workers=workers)
    findings = outcome.report.findings
    assert {"signature-ignored"} == {each.rule for each in findings}
    assert 1 <= len(findings) <= 3
    assert outcome.diagnostics == ()
    assert all("docpact call" not in each.reproduce for each in findings)


@pytest.mark.parametrize("fault", [each for each in FAULTY if each != "any-signature-accepted"])
def test_one_way_is_one_finding(mock, known, checked, fault):
    """A server that accepts one kind of wrong signature has one finding."""
    mock.fault(fault)
    assert 1 == len(checked(mock.url, known(mock)).report.findings)


def test_an_endpoint_that_need_not_be_signed_for_is_told_of(checked):
    """An endpoint that refuses wrong signatures but accepts unsigned calls has one finding."""
    with serve(auth="optional") as mock:
        outcome = checked(mock.url, KnownInstances(*mock.world.known()))
    messages = [each.message for each in outcome.report.findings]
    assert 1 == len(messages)
    assert "it is not signed" in messages[0]


def test_signatures_are_left_alone_where_that_is_asked(mock, known, checked):
    """Without auth checks, no call has a wrong signature and nothing is found."""
    mock.fault("any-signature-accepted")
    outcome = checked(mock.url, known(mock), auth_checks=False)
    assert outcome.report.findings == ()
    assert not [each for each in outcome.coverage.labels if "signature" in each]


def test_without_a_key_nothing_is_said_of_signatures(checked, told):
    """Without a key, a run says nothing about signatures."""
    with serve(auth="off") as mock:
        outcome = checked(mock.url, KnownInstances(*mock.world.known()), key=None)
    assert ([], ()) == (told(outcome), outcome.diagnostics)
    assert all("Authorization" not in dict(each.request.headers) for each in outcome.calls)


def test_a_wrong_key_shows_as_failures(mock, known, checked):
    """With a wrong key, that running instances are refused is one finding with a count."""
    outcome = checked(mock.url, known(mock), key=Key("testid", "hunter2"))
    assert {"unexpected-failure"} == {each.rule for each in outcome.report.findings}
    assert len(outcome.report.findings) <= 3
    assert outcome.report.findings[0].count > 10
    assert "hunter2" not in repr(outcome.report)
