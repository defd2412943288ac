"""Requests, and what the contract says must come of them."""

import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.contract import Contract, Kind, Place, load_bundled
from docpact.contract.path_template import PathTemplate
from docpact.core.errors import BrokenContract, WrongConfiguration
from docpact.core.exchange import Outcome
from docpact.generate.requests import (
    INVALID_LABELS,
    REQUEST_LABELS,
    SIGNATURE_LABELS,
    VALID_LABELS,
    Signing,
    known_cases,
    requests,
)

CONTRACT = load_bundled()
PATH = ("projectName", "jobName", "instanceId")
RUNNING = (("project1", "job1", 412536), ("实时 🚀", 'a+b/c% "d"', 2**53 + 1), ("..", "é", 7))
NOT_RUNNING = (("project1", "stopped", 99),)
EVERYTHING = {
    "running": RUNNING,
    "not_running": NOT_RUNNING,
    "accepted": {"RegionId": "cn-hangzhou"},
    "signed": True,
}
ANY = requests(CONTRACT, **EVERYTHING)
IGNORANT = requests(CONTRACT)


def only(*labels):
    """Drawn requests of these kinds."""
    return requests(CONTRACT, labels=labels, **EVERYTHING)


def asked(case):
    """What a request asks for, decoded; nothing if it is for another operation."""
    parameters = PathTemplate.parse(CONTRACT.operation.path).match(case.request.target)
    return parameters and tuple(parameters[each] for each in PATH)


def known(instances):
    """Instances as texts."""
    return {tuple(map(str, each)) for each in instances}


def of(label, **options):
    """The probes of one label."""
    every = known_cases(CONTRACT, **(EVERYTHING | options))
    return [case for case in every if case.label == label]


def test_there_is_a_case_for_every_label():
    """A caller who knows enough gets each label, in the order of the table."""
    labels = [case.label for case in known_cases(CONTRACT, **EVERYTHING)]
    assert list(REQUEST_LABELS) == list(dict.fromkeys(labels))


def test_labels_can_be_chosen():
    """A caller can leave out what could change something; what does not apply is never drawn."""
    assert "dot-segment" == find(only("dot-segment"), lambda _: True).label
    assert requests(CONTRACT, labels=["running-instance"]).is_empty
    assert requests(CONTRACT, labels=[]).is_empty


def test_labels_are_names_with_a_summary():
    """A label is in kebab case and belongs to one of three groups."""
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", each) for each in REQUEST_LABELS)
    assert all(summary and summary.isprintable() for summary in REQUEST_LABELS.values())
    assert len(REQUEST_LABELS) == len(VALID_LABELS) + len(INVALID_LABELS) + len(SIGNATURE_LABELS)


def test_probes_are_the_same_each_time():
    """Nothing is drawn for a probe."""
    first, second = (list(known_cases(CONTRACT, **EVERYTHING)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("label", sorted(REQUEST_LABELS))
def test_every_label_can_be_drawn(label):
    """No kind of request is out of a property's reach."""
    search = settings(max_examples=5000, database=None)
    assert label == find(ANY, lambda case: case.label == label, settings=search).label


@given(case=ANY)
def test_a_request_can_be_sent(case):
    """Target and headers fit into an HTTP message, whatever they mean."""
    assert re.fullmatch(r"/[!-~]*", case.request.target)
    assert "#" not in case.request.target
    for name, value in case.request.headers:
        assert re.fullmatch(r"[A-Za-z-]+", name)
        assert re.fullmatch(r"[!-~]([ -~]*[!-~])?", value)


@given(case=ANY)
def test_what_must_succeed_asks_for_what_runs(case):
    """A success is demanded only of a known instance, or of the current one of its job."""
    if case.expectation.outcome is Outcome.SUCCESS:
        project, job, instance = asked(case)
        jobs = {each[:2] for each in known(RUNNING)}
        assert (project, job) in jobs
        assert instance == "-1" or (project, job, instance) in known(RUNNING)
        assert case.label in VALID_LABELS


@given(case=ANY)
def test_what_must_fail_has_a_reason(case):
    """A failure is demanded of what does not run, or of what the label says is wrong."""
    if case.expectation.outcome is Outcome.FAILURE and case.label in VALID_LABELS:
        assert asked(case) not in known(RUNNING)
    assert case.expectation.because.isprintable()


@given(case=IGNORANT)
def test_who_knows_nothing_demands_no_success(case):
    """Without a known instance, a request may fail for that alone."""
    assert case.expectation.outcome is not Outcome.SUCCESS
    assert case.label not in SIGNATURE_LABELS


@given(case=ANY)
def test_only_another_method_is_unsafe(case):
    """What could change something is marked, and everything else uses the page's method."""
    assert case.safe is (case.request.method == "GET")
    assert (case.label == "wrong-method") is (case.request.method != "GET")


@given(case=ANY)
def test_a_signature_is_wrong_only_where_it_is_the_point(case):
    """All other requests are for the sender to sign."""
    about_signature = case.label in SIGNATURE_LABELS
    assert about_signature is (case.signing is not Signing.VALID)
    assert about_signature is (case.expectation.about == "signature")
    if about_signature:
        assert Outcome.FAILURE is case.expectation.outcome
        assert asked(case) in known(RUNNING)


@given(case=ANY)
def test_the_valid_ones_are_requests_of_the_operation(case):
    """Each valid request, and each with a spoilt id, has a value for each parameter."""
    if case.label in VALID_LABELS or case.label.endswith("-id"):
        assert asked(case) is not None


@pytest.mark.parametrize(
    "label", ["running-instance", "encoded-letters", "lower-case-hex", "bare-delimiters"]
)
@given(data=st.data())
def test_encodings_mean_the_same(label, data):
    """However a name is encoded, it is the known one."""
    case = data.draw(requests(CONTRACT, running=RUNNING[1:], labels=[label]))
    assert asked(case) in known(RUNNING[1:])
    assert Outcome.SUCCESS is case.expectation.outcome


def test_encodings_differ():
    """The same instance is asked for in four spellings."""
    instance = [RUNNING[1]]
    labels = ("running-instance", "encoded-letters", "lower-case-hex", "bare-delimiters")
    targets = [of(label, running=instance)[0].request.target for label in labels]
    assert len(labels) == len(set(targets))
    assert "/jobs/a%2Bb%2Fc%25%20%22d%22/" in targets[0]
    assert "%6A" not in targets[2]
    assert "/jobs/a+b%2Fc%25%20%22d%22/" in targets[3]


def test_a_name_of_dots_is_no_step():
    """A name that is two dots is encoded, since clients and servers would walk up instead."""
    assert ["/projects/%2E%2E/" in case.request.target for case in of("running-instance")] == [
        False,
        False,
        True,
    ]


def test_each_known_instance_is_asked_for():
    """A probe leaves out none of them, running or not."""
    assert known(RUNNING) == {asked(case) for case in of("running-instance")}
    stopped = of("not-running-instance")
    assert known(NOT_RUNNING) == {asked(case) for case in stopped}
    assert {Outcome.FAILURE} == {case.expectation.outcome for case in stopped}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"running": RUNNING[:1], "not_running": ()}, [Outcome.SUCCESS]),
        ({"running": (), "not_running": (("p", "j", 5),)}, [Outcome.EITHER, Outcome.FAILURE]),
        ({"running": (), "not_running": ()}, [Outcome.EITHER]),
        (
            {"running": (("p", "j", 6),), "not_running": (("p", "j", 5),)},
            [Outcome.SUCCESS, Outcome.SUCCESS],
        ),
    ],
)
def test_the_current_instance(options, expected):
    """It exists where the job runs, does not where the job is stopped, and may elsewhere."""
    found = of("current-instance", **options)
    assert expected == [case.expectation.outcome for case in found]
    assert {"-1"} == {asked(case)[2] for case in found}


@pytest.mark.parametrize("number", ["-1", "1"])
def test_only_an_id_can_be_current(number):
    """A job that is called -1 is a job like others."""
    (case,) = of("running-instance", running=[("p", "-1", number)])
    assert (Outcome.SUCCESS, ("p", "-1", number)) == (case.expectation.outcome, asked(case))


def test_each_name_is_replaced_by_an_unknown_one():
    """A server that ignores the project is not noticed by asking for another job."""
    project, job = of("unknown-name")
    assert ("job1", "412536") == asked(project)[1:]
    assert ("project1", "412536") == (asked(job)[0], asked(job)[2])


@given(case=only("unknown-id"))
def test_an_unknown_id_is_a_number_all_the_same(case):
    """It fits 64 bits and belongs to no known instance."""
    number = int(asked(case)[2])
    assert -(2**63) <= number < 2**63
    assert number not in {each[2] for each in (*RUNNING, *NOT_RUNNING)} | {-1}


@given(case=only("id-beyond-int64"))
def test_an_id_beyond_int64(case):
    """It is a whole number, and too large or too small."""
    assert not -(2**63) <= int(asked(case)[2]) < 2**63


@given(case=only("id-not-a-number", "decimal-id"))
def test_an_id_that_is_none(case):
    """It is no whole number as the page's type has it, and the page's line says so."""
    assert not re.fullmatch(r"-?[0-9]+", asked(case)[2], re.ASCII)
    assert 23 == case.expectation.origin.span.first


@given(case=only("bad-listed-value"))
def test_a_value_that_is_not_listed(case):
    """It is none of the listed ones in any letter case."""
    name, _, value = case.request.target.partition("?")[2].partition("=")
    assert "Format" == name
    assert unquote(value).upper() not in {"JSON", "XML"}
    assert 11 == case.expectation.origin.span.first


def test_a_parameter_twice_may_go_either_way():
    """The page says nothing of it."""
    (case,) = of("repeated-parameter")
    assert 2 == case.request.target.count("Format=")
    assert Outcome.EITHER is case.expectation.outcome


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ({"RegionId": "cn-hangzhou"}, ("cn-hangzhou", Outcome.SUCCESS)),
        ({}, ("cn-hangzhou-pre", Outcome.EITHER)),
        (None, ("cn-hangzhou-pre", Outcome.EITHER)),
    ],
)
def test_an_optional_header(accepted, expected):
    """The page's example region need not be the endpoint's, so nothing is demanded of it."""
    (case,) = of("optional-header", accepted=accepted)
    ((name, value),) = case.request.headers
    assert ("x-acs-region-id", expected) == (name, (value, case.expectation.outcome))


@pytest.mark.parametrize("accepted", [{"RegionId": ""}, {"RegionId": "a\r\nb"}, {"RegionId": "实"}])
def test_a_header_that_cannot_be_sent_is_left_out(accepted):
    """A value that no header can hold makes no request."""
    assert [] == of("optional-header", accepted=accepted)


@given(case=only("listed-parameter"))
def test_listed_values_are_valid(case):
    """Both formats are asked for by name."""
    assert case.request.target.partition("?")[2] in {"Format=JSON", "Format=XML"}
    assert Outcome.SUCCESS is case.expectation.outcome


def test_placeholders_are_no_ones_credentials():
    """A sender without a key sends what belongs to nobody; one with a key signs as it is told."""
    ways = {case.label: case.signing for case in (of(label)[0] for label in SIGNATURE_LABELS)}
    assert Signing.OTHER_SECRET is ways["wrong-signature"]
    assert Signing.ALTERED is ways["altered-signature"]
    assert Signing.WITHOUT_QUERY is ways["unsigned-query"]
    assert Signing.NOT_AT_ALL is ways["missing-signature"]
    assert () == of("missing-signature")[0].request.headers
    assert "?" in of("unsigned-query")[0].request.target


@pytest.mark.parametrize(
    ("running", "not_running"),
    [
        ((("project1", "job1"),), ()),
        ((("project1", "job1", 1, 2),), ()),
        ((("project1", "", 1),), ()),
        ((("project1", "\udc80", 1),), ()),
        ((("project1", "job1", "first"),), ()),
        ((("project1", "job1", 1),), (("project1", "job1", "1"),)),
        ((), ((),)),
    ],
)
def test_knowledge_that_fits_no_request_is_refused(running, not_running):
    """A mistake of the caller's is told in words, before anything is sent."""
    with pytest.raises(WrongConfiguration):
        requests(CONTRACT, running=running, not_running=not_running)
    with pytest.raises(WrongConfiguration) as raised:
        list(known_cases(CONTRACT, running=running, not_running=not_running))
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("path", ["", "/jobs/{nobody}"])
def test_a_page_without_a_path_makes_no_requests(path):
    """Where the page does not show how to call, nobody can."""
    silent = replace(CONTRACT, operation=replace(CONTRACT.operation, path=path))
    with pytest.raises(BrokenContract):
        requests(silent)


def other_contract() -> Contract:
    """A contract about something else: one name, a POST, no format, no region."""
    number, name = CONTRACT.operation.parameters[:2]
    name = replace(name, name="queueName", wire_name="queueName", example="queue1")
    operation = replace(
        CONTRACT.operation, method="POST", path="/v9/queues/{queueName}/peek", parameters=(name,)
    )
    assert (Kind.LONG, Place.PATH) == (number.kind, name.place)
    return replace(CONTRACT, operation=operation)


def test_nothing_is_taken_from_one_operation():
    """Another operation's requests have its own path, and labels that do not apply are missing."""
    cases = list(known_cases(other_contract(), running=(("q",),), signed=True))
    assert all(case.request.target.startswith("/v9/queues/") for case in cases)
    assert all(case.request.target.endswith("/peek") for case in cases)
    labels = {case.label for case in cases}
    assert not labels & {"unknown-id", "listed-parameter", "optional-header", "current-instance"}
    (other,) = (case for case in cases if case.label == "wrong-method")
    assert ("PUT", False) == (other.request.method, other.safe)


def test_a_page_without_examples_will_do():
    """Where the table shows no example, the parameters' own names stand in."""
    bare = tuple(replace(each, example="") for each in CONTRACT.operation.parameters)
    contract = replace(CONTRACT, operation=replace(CONTRACT.operation, parameters=bare))
    (case,) = (each for each in known_cases(contract) if each.label == "documented-instance")
    assert ("projectName", "jobName", "1") == asked(case)


def test_requests_shrink_to_the_simplest():
    """A plain request for the first known instance is simpler than any other of its kind."""
    running = requests(CONTRACT, running=RUNNING)
    simplest = find(running, lambda case: case.label != "documented-instance")
    assert "running-instance" == simplest.label
    assert ("project1", "job1", "412536") == asked(simplest)


def test_a_failing_name_shrinks():
    """What is left of a drawn name is what matters."""

    def is_hard(case):
        return case.label == "unknown-name" and not asked(case)[0].isascii()

    search = settings(max_examples=5000, database=None)
    found = find(ANY, is_hard, settings=search)
    assert len(asked(found)[0]) <= len("no-such-") + 5


def test_what_can_be_read_in_two_ways_may_go_either_way():
    """Where a project is really called "..", a bare ".." for it is neither right nor wrong."""
    case = find(
        requests(CONTRACT, running=[("..", "j", 7)], labels=["dot-segment"]),
        lambda case: asked(case) == ("..", "j", "7"),
    )
    assert Outcome.EITHER is case.expectation.outcome


def test_labels_come_in_groups():
    """Valid requests come first, those about signatures last."""
    groups = [VALID_LABELS, INVALID_LABELS, SIGNATURE_LABELS]
    order = [
        next(at for at, group in enumerate(groups) if case.label in group)
        for case in known_cases(CONTRACT, **EVERYTHING)
    ]
    assert all(before <= after for before, after in pairwise(order))
