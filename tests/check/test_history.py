"""What shows only over a capture: ids that come again, kinds that change, endings that end."""

from dataclasses import replace

import pytest

from docpact.check.history import History, Trace, Watch
from docpact.contract import Media, load_bundled
from docpact.exchange import Source

CONTRACT = load_bundled()
WATCH = Watch.of(CONTRACT)


def trace(number: int, **said) -> Trace:
    """An answer about one instance, a minute after the one before."""
    made = Trace(
        Source("log", number, number),
        (f"id-{number}",),
        bytes([number]),
        60.0 * number,
        ("p", "j", "1"),
        ("SQL", "FLINK_STREAM"),
        ("RUNNING", "RUNNING"),
        Media.JSON,
        (1, 2, 3, *(0 for _ in WATCH.alike[3:])),
    )
    return replace(made, **said)


def rules(*traces: Trace) -> list[tuple[int, str]]:
    """Where which rule is broken."""
    history = History(CONTRACT)
    return [
        (source.number, breach.rule) for each in traces for source, breach in history.check(each)
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
    told = (9, *trace(1).told[1:])
    middle = trace(2, media=Media.XML, told=told, started=61.0)
    assert [(2, "formats-disagree")] == rules(trace(1), middle, trace(3, started=62.0))
    assert [] == rules(trace(1), middle, trace(3, told=told, started=62.0))
    assert [] == rules(trace(1), trace(2, media=Media.XML, told=told), trace(3))
