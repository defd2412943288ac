"""A statistics counts what was seen, in bounded memory, and parts of it merge into the whole."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docpact.contract import load_bundled
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.finding import Finding, Location
from docpact.core.span import Grade, Origin, Severity, Span
from docpact.report import statistics as module
from docpact.report.statistics import FAILURE, SUCCESS, BoundedTable, Statistics, Timeline, total

CONTRACT = load_bundled()
ORIGIN = Origin(Span("GetInstance.md", 63, 63), Grade.STATED)


def exchange(file="a.json", number=1, status=None) -> Exchange:
    """An exchange of which only its place and status count."""
    return Exchange(Response(b"", status), Source(file, number=number))


def finding(file="a.json", field="Instance.Id", severity=Severity.ERROR, count=1) -> Finding:
    """A finding at a place."""
    return Finding("wrong-type", severity, "m", Location(file), ORIGIN, field, count=count)


def success(**members) -> dict[str, object]:
    """A success with these members of its instance."""
    names = {"ProjectName": "p", "JobName": "j", "Id": 1, "ActualState": "RUNNING"}
    return {"RequestId": "R", "Instance": names | members}


def statistics_of(*values, **place) -> Statistics:
    """The statistics of some values, one answer each."""
    statistics = Statistics.of(CONTRACT)
    for number, value in enumerate(values, 1):
        statistics.add(exchange(number=number, **place), value, ())
    return statistics


def counts_of(statistics, path, kind=SUCCESS):
    """How often a field was there, null, empty."""
    return next(
        (counts for (_, *key), counts in statistics.fields.sorted() if key == [kind, path]), ()
    )


def test_presence_null_and_empty_are_counted_by_field():
    """Each once for an answer, whether the page documents the field or not."""
    statistics = statistics_of(
        success(EndTime=None, Packages=""), success(EndTime=5), success(Priority=1)
    )
    assert (3, 0, 0) == counts_of(statistics, "Instance")
    assert (2, 1, 0) == counts_of(statistics, "Instance.EndTime")
    assert (1, 0, 1) == counts_of(statistics, "Instance.Packages")
    assert (1, 0, 0) == counts_of(statistics, "Instance.Priority")
    assert () == counts_of(statistics, "Instance.Code")


def test_members_of_list_items_count_once_for_an_answer():
    """A list of three does not make a field more present."""
    statistics = statistics_of(success(Extra=[{"A": 1}, {"A": None}, 5]))
    assert (1, 1, 0) == counts_of(statistics, "Instance.Extra.A")


@pytest.mark.parametrize(
    ("value", "status", "kind"),
    [
        (success(), 500, SUCCESS),
        ({"RequestId": "R", "Code": "c", "Message": "m"}, 200, FAILURE),
        ({"RequestId": "R"}, 404, FAILURE),
        ({"RequestId": "R"}, None, SUCCESS),
        ({}, 200, "unread"),
    ],
)
def test_an_answer_is_a_success_or_a_failure_by_its_names(value, status, kind):
    """The status decides only where the names do not."""
    statistics = Statistics.of(CONTRACT)
    statistics.add(exchange(status=status), value, ())
    assert {kind: 1} == {each: count for each, count in statistics.answers.items() if count}


def test_listed_values_are_counted_and_others_are_not():
    """What may be secret, and has no list, is not kept."""
    statistics = statistics_of(success(ActualState="DONE", Code="secret"), success(), success())
    kept = {
        text: count for (_, text), (count,) in statistics.values["Instance.ActualState"].sorted()
    }
    assert {"RUNNING": 2, "DONE": 1} == kept
    assert "secret" not in repr(statistics)


def test_a_hostile_capture_does_not_push_out_what_is_documented():
    """Documented names and values come first, whatever else there is."""
    many = [success(**{f"A{n}": n}, ActualState=f"A{n}") for n in range(2_000)]
    statistics = statistics_of(*many, success())
    assert (1,) == statistics.values["Instance.ActualState"].kept[0, "RUNNING"]
    assert (2_001, 0, 0) == counts_of(statistics, "Instance.ActualState")
    assert module.MOST_VALUES == len(statistics.values["Instance.ActualState"].kept)
    assert module.MOST_FIELDS == len(statistics.fields.kept)
    assert 2_001 == sum(
        count
        for values in [statistics.values["Instance.ActualState"]]
        for (count,) in [*values.kept.values(), values.rest]
    )


def test_findings_are_counted_by_file_and_field():
    """Errors, warnings and notes, as often as they showed."""
    statistics = Statistics.of(CONTRACT)
    statistics.add(exchange(), {}, (finding(count=3), finding(severity=Severity.NOTE)))
    statistics.add_findings([finding(file="b.json")])
    assert {("a.json", "Instance.Id"): (3, 0, 1), ("b.json", "Instance.Id"): (1, 0, 0)} == dict(
        statistics.cells.sorted()
    )
    assert {("wrong-type",): (5,)} == dict(statistics.rules.sorted())
    assert {("a.json",): (1,)} == dict(statistics.sources.sorted())


def test_a_timeline_tells_the_states_of_an_instance_in_their_order():
    """Answers in a row that say the same are one run, with the place of the first."""
    states = ["WAITING", "RUNNING", "RUNNING", "SUCCESS"]
    statistics = statistics_of(
        *[success(ActualState=each, ExpectState="RUNNING") for each in states]
    )
    ((name, timeline),) = statistics.timelines.sorted()
    assert ("p", "j", "1") == name
    assert [("WAITING", 1, 1), ("RUNNING", 2, 2), ("SUCCESS", 1, 4)] == [
        (each.states[0], each.count, each.exchange) for each in timeline.runs
    ]


def test_a_flapping_instance_does_not_fill_the_memory():
    """Beyond so many runs, answers are only counted."""
    states = ["RUNNING", "PAUSED"] * 500
    statistics = statistics_of(*[success(ActualState=each) for each in states])
    ((_, timeline),) = statistics.timelines.sorted()
    assert module.MOST_RUNS == len(timeline.runs)
    assert 1_000 == timeline.answers


def test_long_names_and_values_are_cut():
    """A value of a megabyte costs no megabyte."""
    statistics = statistics_of(success(**{"x" * 10_000: 1}, ActualState="y" * 10_000))
    assert len(repr(statistics)) < 20_000


VALUES = st.lists(
    st.one_of(
        st.just({}),
        st.dictionaries(st.text(max_size=3), st.none() | st.text(max_size=2), max_size=3),
        st.builds(
            success,
            ActualState=st.sampled_from(["RUNNING", "PAUSED", "A", "B", "\ud800"]),
            Id=st.integers(1, 4),
        ),
    ),
    max_size=12,
)
FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from("abcd"),
        st.sampled_from(["", "X", "Y"]),
        st.sampled_from(Severity),
        st.integers(1, 3),
    ),
    max_size=3,
)


@given(data=st.data(), values=VALUES)
def test_parts_merge_into_the_whole(data, values):
    """However a run is cut and in whatever groups its parts are merged."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SOURCES", "CELLS", "VALUES", "INSTANCES", "RUNS", "RULES", "FIELDS"):
            patch.setattr(module, f"MOST_{name}", 2)
        answers = [
            (exchange(data.draw(st.sampled_from("abcd")), number), value, data.draw(FINDINGS))
            for number, value in enumerate(values)
        ]
        first, second = sorted(data.draw(st.lists(st.integers(0, 12), min_size=2, max_size=2)))

        def counted(part):
            statistics = Statistics.of(CONTRACT)
            for each in part:
                statistics.add(*each)
            return statistics

        cut = [answers[:first], answers[first:second], answers[second:]]
        one, two, three = map(counted, cut)
        one.merge(two)
        one.merge(three)
        again, two, three = map(counted, cut)
        two.merge(three)
        again.merge(two)
        whole = counted(answers)
        assert whole == one == again
        assert whole == pickle.loads(pickle.dumps(whole)), "parts travel between processes"  # noqa: S301


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5))), st.integers(1, 4))
def test_what_is_kept_is_exact_and_nothing_is_lost(entries, most):
    """The keys that sort first have their true sums, and the rest is the rest."""
    bounded: BoundedTable[tuple[int], tuple[int, ...]] = BoundedTable(
        most, total, lambda counts: counts
    )
    for key, count in entries:
        bounded.add((key,), (count,))
    keys = sorted({key for key, _ in entries})[:most]
    assert [((key,), (sum(c for k, c in entries if k == key),)) for key in keys] == list(
        bounded.sorted()
    )
    assert sum(c for k, c in entries if k not in keys) == sum(bounded.rest)


def test_an_empty_timeline_changes_nothing():
    """Nothing before and nothing after is nothing."""
    ((_, timeline),) = statistics_of(success()).timelines.sorted()
    assert timeline == Timeline(()).then(timeline) == timeline.then(Timeline(()))
