"""What shows only over a capture: ids that come again, kinds that change, endings that end."""

import json
import pickle
import tracemalloc
from dataclasses import replace

import pytest

from docpact.check import Checker
from docpact.check.history import History, Trace, Tracer
from docpact.contract import Media, load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Request, Response, Source
from docpact.core.serialize import json_text, xml_text
from docpact.generate.sampler import sample_responses

CONTRACT = load_bundled()
TRACER = Tracer.of(CONTRACT)


def trace(number: int, **said) -> Trace:
    """An answer about one instance, a minute after the one before."""
    made = Trace(
        Source("log", number, number),
        (f"id-{number}",),
        bytes([number]),
        60.0 * number,
        b"p/j/1",
        ("SQL", "FLINK_STREAM"),
        ("RUNNING", "RUNNING"),
        Media.JSON,
        bytes(8 * len(TRACER.shared)),
    )
    return replace(made, **said)


def rules(*traces: Trace) -> list[tuple[int, str]]:
    """Where which rule is broken."""
    history = History(CONTRACT)
    return [
        (source.number, violation.rule)
        for each in traces
        for source, violation in history.check(each)
    ]


def test_calls_of_a_running_instance_are_clean():
    """Nothing that may happen is reported."""
    assert [] == rules(*(trace(number) for number in range(1, 9)))


def test_an_id_that_comes_again_is_reported():
    """Each time after the first."""
    again = [trace(number, unique=("same",)) for number in (1, 2, 3)]
    assert [(2, "repeated-value"), (3, "repeated-value")] == rules(*again)


def test_a_call_that_was_captured_twice_is_one_call():
    """The same moment and the same bytes: two tools have recorded it."""
    assert [] == rules(trace(1), replace(trace(1), source=Source("other", 9, 9)))


@pytest.mark.parametrize("times", [(None, None), (60.0, None), (60.0, 60.8)])
def test_one_call_kept_in_two_captures_is_one_call(times):
    """The same bytes under one id in two files are no proof that a server repeats itself."""
    first, second = (replace(trace(1), started=each) for each in times)
    assert [] == rules(first, replace(second, source=Source("other", 9, 9)))


def test_a_call_of_another_time_by_the_servers_clock_is_another_call():
    """Dumps have no times of their own, but most servers tell theirs."""
    first = trace(1, started=None, dated=10)
    same = replace(first, source=Source("other", 9, 9))
    later = replace(same, dated=11)
    assert [] == rules(first, same)
    assert [(9, "repeated-value")] == rules(first, later)


@pytest.mark.parametrize("name", ["Host", ":authority", "x-acs-region-id"])
def test_two_regions_have_instances_of_their_own(name):
    """One name and id in both is no instance that has changed."""
    made = next(iter(sample_responses(CONTRACT, seed=1, media="json", count=1)))
    value = json.loads(made.body)
    kept, other = (
        TRACER.trace(Exchange(made, Source("x"), Request("GET", "/", ((name, each),))), value)
        for each in ("cn-hangzhou", "cn-shanghai")
    )
    assert kept.instance != other.instance


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("log", 2, 2), {"started": None}),  # one tool writes each call once
        (Source("other", 9, 9), {"started": 90.0}),  # another time
        (Source("other", 9, 9), {"body": b"x"}),  # another answer
    ],
)
def test_an_id_is_repeated_where_it_is_another_call(source, said):
    """In the same file, much later, or with another answer."""
    again = replace(trace(1), source=source, **said)
    assert ["repeated-value"] == [rule for _, rule in rules(trace(1), again)]


def test_a_kind_that_changes_is_reported():
    """An instance does not become another kind of job."""
    changed = trace(2, kinds=("SQL", "FLINK_BATCH"))
    assert [(2, "changed-field")] == rules(trace(1), changed)


def test_another_instance_may_be_of_another_kind():
    """Only answers about the same one are compared."""
    other = trace(2, kinds=("SQL", "FLINK_BATCH"), instance=("p", "j", "2"))
    assert [] == rules(trace(1), other)


@pytest.mark.parametrize("ended", ["TERMINATED", "SUCCESS", "FAILED"])
def test_an_instance_that_has_ended_does_not_run_again(ended):
    """A new start makes a new instance."""
    before = trace(1, states=(ended, ended))
    assert [(2, "impossible-move")] == rules(before, trace(2))


def test_order_is_judged_only_where_the_times_are_known():
    """A folder of captures is in no order."""
    before = trace(1, states=("TERMINATED", "TERMINATED"))
    assert [] == rules(before, trace(2, started=None))
    assert [] == rules(before, trace(2, started=30.0))


@pytest.mark.parametrize("state", ["WAITING", "RUNNING", "PAUSED", "TERMINATED", "FAILED"])
def test_a_running_instance_may_move_anywhere(state):
    """Nor does the expected state bind it."""
    assert [] == rules(trace(1), trace(2, states=(state, "RUNNING")))


def test_formats_disagree_between_two_answers_that_agree():
    """What JSON says before and after, XML says in between."""
    told = b"differs!" + trace(1).shared[8:]
    middle = trace(2, media=Media.XML, shared=told, started=61.0)
    assert [(2, "formats-disagree")] == rules(trace(1), middle, trace(3, started=62.0))
    assert [] == rules(trace(1), middle, trace(3, shared=told, started=62.0))
    assert [] == rules(trace(1), trace(2, media=Media.XML, shared=told), trace(3))


def exchange(text: str, number: int, seconds: float) -> Exchange:
    """An answer as it was captured at some time."""
    headers = (("Content-Type", "application/json" if text[0] == "{" else "application/xml"),)
    return Exchange(
        Response(text.encode(), 200, headers), Source("log", 1, number), started=60.0 + seconds
    )


@pytest.mark.parametrize("text", [" ", "\t\n ", "a\r\nb", "a\rb", "\r\n\r"])
@pytest.mark.parametrize("name", ["Properties", "Code"])
def test_what_xml_cannot_say_otherwise_is_the_same(name, text):
    """XML folds line ends and its readers drop blanks; both formats told the very same."""
    instance = {"Id": 1, "ProjectName": "p", "JobName": "j", name: text}
    answer = {"RequestId": "x", "Instance": instance}
    in_json, in_xml = json_text(answer), xml_text("GetInstanceResponse", answer)
    checker = Checker(CONTRACT, load_bundled_schemas())
    history = History(CONTRACT)
    for number, body in enumerate((in_json, in_xml, in_json)):
        each = exchange(body.replace('"x"', f'"{number}"'), number, number)
        left = TRACER.trace(each, checker.judge(each).value)
        found = [violation.rule for _, violation in history.check(left)]
        assert "formats-disagree" not in found


def test_what_is_remembered_of_an_answer_is_small():
    """However long its texts are, so that memory stays flat over any capture."""
    huge = "x" * 200_000
    instance = dict.fromkeys(("ProjectName", "JobName", "JobType", "ActualState", "Code"), huge)
    left = TRACER.trace(
        exchange("{}", 1, 0), {"RequestId": huge, "Instance": {**instance, "Id": 1}}
    )
    assert len(pickle.dumps(left)) < 4_000
    assert left.instance
    other = {"RequestId": huge, "Instance": {**instance, "Id": 1, "JobName": huge + "y"}}
    assert left.instance != TRACER.trace(exchange("{}", 1, 0), other).instance


def test_long_ids_are_told_apart_by_all_of_them():
    """Also where they begin alike."""
    ids = ["x" * 500 + end for end in ("a", "b", "a")]
    traces = [
        TRACER.trace(exchange("{}" + " " * number, number, 0), {"RequestId": each})
        for number, each in enumerate(ids, 1)
    ]
    assert [(3, "repeated-value")] == rules(*traces)


def test_answers_with_long_texts_do_not_fill_the_memory():
    """What is kept of thousands of them takes less than one of them in a hundred."""
    tracemalloc.start()
    for number in range(300):
        value = {"RequestId": "r", "Instance": {"Id": 1, "ProjectName": "p", "JobName": "j"}}
        value["Instance"]["Code"] = f"{number}" + "x" * 200_000
        TRACER.trace(exchange("{}", number, number), value)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000
