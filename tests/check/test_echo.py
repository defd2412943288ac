"""Whether an answer is about what the request asked for."""

import pytest

from docpact.core.exchange import Request

TEMPLATE = "/api/v2/projects/{}/jobs/{}/instances/{}"


def get(target: str) -> Request:
    """A request for that path."""
    return Request("GET", target)


def asked(project: object = "project1", job: object = "job1", instance: object = 412536) -> Request:
    """A request for an instance."""
    return get(TEMPLATE.format(project, job, instance))


def test_an_answer_to_its_request_is_clean(judge, answers, write):
    """What was asked for came."""
    assert [] == judge(write(answers.value()), request=asked()).rules


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asked(project="project2"), ("Instance.ProjectName", "project2", 76)),
        (asked(job="job2"), ("Instance.JobName", "job2", 65)),
        (asked(instance=123), ("Instance.Id", "123", 63)),
        (asked(job="JOB1"), ("Instance.JobName", "JOB1", 65)),
        (asked(instance=-2), ("Instance.Id", "-2", 63)),
    ],
)
def test_an_answer_about_something_else(judge, answers, write, request_, expected):
    """Each of the three names is compared, and the field's own line is cited."""
    found = judge(write(answers.value()), request=request_)
    assert [("wrong-echo", "error")] == found.severities
    finding = found.only
    assert expected == (finding.field, finding.expected, finding.origin.span.first)


def test_all_three_may_be_wrong(judge, answers, write):
    """Each is a finding of its own."""
    assert ["wrong-echo"] * 3 == judge(write(answers.value()), request=asked("a", "b", 1)).rules


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("数据平台", "%E6%95%B0%E6%8D%AE%E5%B9%B3%E5%8F%B0"),
        ("数据平台", "数据平台"),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("a/b", "a%2fb"),
        ("a+b", "a+b"),
        ("a+b", "a%2Bb"),
        ("50%", "50%25"),
        ("50%", "50%"),
        ("a?b#c", "a%3Fb%23c"),
        ("é", "%C3%A9"),
        ("a.b-c_d~e", "a.b-c_d~e"),
    ],
)
def test_names_are_decoded_before_they_are_compared(judge, answers, write, name, written):
    """Percent-encoding is a matter of the path; a plus sign is a plus sign."""
    body = write(answers.value({"ProjectName": name, "JobName": name}))
    assert [] == judge(body, request=asked(written, written)).rules


@pytest.mark.parametrize("instance", [-5, 0, -(2**63), 2**63 - 1])
def test_any_number_may_be_an_id(judge, answers, write, instance):
    """An Id is repeated with its sign and to its last digit."""
    body = write(answers.value({"Id": instance}))
    assert [] == judge(body, request=asked(instance=instance)).rules
    assert ["wrong-echo"] == judge(body, request=asked(instance=instance ^ 1)).rules


def test_white_space_is_a_part_of_a_name(judge, answers, write):
    """A name is compared as it is written, in XML too."""
    found = judge(write(answers.value({"JobName": " job1 "})), request=asked()).only
    assert ("wrong-echo", " job1 ") == (found.rule, found.actual)


def test_bytes_that_are_no_text_are_compared_all_the_same(judge, answers, write):
    """What a path holds beyond UTF-8 reads as replacement characters."""
    body = write(answers.value({"JobName": "a\ufffd"}))
    assert [] == judge(body, request=asked(job="a%FF")).rules
    assert ["wrong-echo"] == judge(write(answers.value()), request=asked(job="job1%FF")).rules


def test_one_name_that_is_masked_hides_no_other(judge, answers, write):
    """Each name is compared by itself."""
    request = asked(project="****", job="job2", instance=7)
    assert ["wrong-echo", "wrong-echo"] == judge(write(answers.value()), request=request).rules
    request = asked(project="project2", job="****", instance=-1)
    assert ["wrong-echo"] == judge(write(answers.value()), request=request).rules


def test_a_name_that_differs_after_decoding(judge, answers, write):
    """A plus sign in a path is no space."""
    assert ["wrong-echo"] == judge(
        write(answers.value({"JobName": "a b"})), request=asked(job="a+b")
    ).rules


def test_minus_one_asks_for_the_current_instance(judge, answers, write):
    """-1 fits every Id, while the names count."""
    assert [] == judge(write(answers.value()), request=asked(instance=-1)).rules
    assert ["wrong-echo"] == judge(
        write(answers.value()), request=asked(job="x", instance=-1)
    ).rules


def test_minus_one_is_special_for_the_id_only(judge, answers, write):
    """A job may be called -1, and then its answer must be about it."""
    assert ["wrong-echo"] == judge(write(answers.value()), request=asked(job="-1")).rules


@pytest.mark.parametrize("instance", ["0412536", "00412536"])
def test_numbers_are_compared_as_numbers(judge, answers, write, instance):
    """Leading zeros mean nothing."""
    assert [] == judge(write(answers.value()), request=asked(instance=instance)).rules


@pytest.mark.parametrize("instance", ["abc", "1.5", "9" * 5000])
def test_what_is_no_id_crashes_nothing(judge, answers, write, instance):
    """A request that could not be meant is no reason to stop."""
    found = judge(write(answers.value()), request=asked(instance=instance))
    assert {"wrong-echo"} >= set(found.rules)


@pytest.mark.parametrize(
    "target",
    [
        TEMPLATE.format("project1", "job1", 412536) + "?a=b&x=/jobs/other/instances/1",
        TEMPLATE.format("project1", "job1", 412536) + "/",
        "https://foas.cn-hangzhou.aliyuncs.com" + TEMPLATE.format("project1", "job1", 412536),
        "/gateway/v1" + TEMPLATE.format("project1", "job1", 412536),
    ],
)
def test_the_same_request_written_otherwise(judge, answers, write, target):
    """Query, host and prefix do not matter, and what stands in the path still does."""
    assert [] == judge(write(answers.value()), request=get(target)).rules
    assert ["wrong-echo"] == judge(
        write(answers.value()), request=get(target.replace("job1", "job2"))
    ).rules


@pytest.mark.parametrize(
    "target",
    [
        "/api/v2/projects/other/jobs/other",
        "/api/v2/projects/other/jobs/other/instances",
        "/api/v2/projects/other/jobs/other/instances/1/metrics",
        "/api/v2/projects/other/jobs/other/instances/1/config/x",
        "/api/v2/projects/other/clusters/other",
        "/",
        "",
        "*",
        "foas.aliyuncs.com:443",
        "/api/v3/projects/other/jobs/other/instances/1",
    ],
)
def test_other_operations_are_not_compared(judge, answers, write, target):
    """A request that is not for an instance says nothing of which one."""
    assert [] == judge(write(answers.value()), request=get(target)).rules


@pytest.mark.parametrize(
    "target", ["//[", "http://[x/api", "http://\u2100/x", "\0", "/\ud800", "?", "#", "//", "%" * 99]
)
def test_a_garbled_target_crashes_nothing(judge, answers, write, target):
    """A target that is no address is compared with nothing."""
    assert [] == judge(write(answers.value()), request=get(target)).rules


def test_masked_names_are_not_compared(judge, answers, write):
    """Neither a masked answer nor a masked request can be wrong."""
    body = write(answers.value({"JobName": "job****"}))
    assert ["masked-value"] == judge(body, request=asked(job="job2")).rules
    assert [] == judge(write(answers.value()), request=asked("****", "j***", "4***")).rules
    assert [] == judge(write(answers.value()), request=asked("%2A%2A%2A%2A")).rules


def test_what_is_absent_is_not_compared(judge, answers, write):
    """A missing name is missing; that is all."""
    body = write(answers.value(without=["JobName"]))
    assert ["missing-field"] == judge(body, request=asked(job="job2")).rules


@pytest.mark.parametrize("instance", [None, "x", [], {}])
def test_without_an_instance_there_is_nothing_to_compare(judge, answers, instance):
    """What should hold the names is wrong, and that is all."""
    body = answers.json(answers.value(top={"Instance": instance}))
    assert 1 == len(judge(body, request=asked("a", "b", 1)).findings)
    body = answers.json(answers.value(without=["Instance"]))
    assert ["missing-field"] == judge(body, request=asked("a", "b", 1)).rules


def test_a_name_of_a_wrong_type_is_not_compared(judge, answers):
    """A wrong type is said once."""
    for value in (5, None, [], {"a": 1}, True):
        body = answers.json(answers.value({"JobName": value}))
        assert 1 == len(judge(body, request=asked()).findings)
    for value in ("412537", 2**63, 1.5, []):
        body = answers.json(answers.value({"Id": value}))
        assert 1 == len(judge(body, request=asked()).findings)


def test_an_error_echoes_nothing(judge, answers, write):
    """An error has no instance to compare."""
    assert [] == judge(write(answers.failure()), status=404, request=asked("a", "b", 1)).rules


def test_no_request_no_comparison(judge, answers, write):
    """Without a request there is nothing to repeat."""
    assert [] == judge(write(answers.value({"JobName": "anything"}))).rules
