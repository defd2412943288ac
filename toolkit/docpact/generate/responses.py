"""Strategies for answers that keep every promise of a contract, as values and as bodies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st
from msgspec.structs import replace

from docpact.contract import WHOLE_NUMBERS, Condition, Contract, Field, Kind, Media, Test
from docpact.core.exchange import Response
from docpact.generate.response_model import (
    HARD_LONGS,
    Leaf,
    MediaChoice,
    Plan,
    Value,
    filters,
    found,
    leaves_of,
    plan_for,
    ways_to_be_empty,
    writable,
)
from docpact.generate.texts import (
    documents,
    entries,
    free_texts,
    is_plain,
    lines,
    matching,
    names,
    written,
)

FAILURE_STATUSES = (400, 403, 404, 500, 503)


class _Absent:
    """Stands for a member that is left out."""


_ABSENT = _Absent()


def instances(
    contract: Contract,
    *,
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
    media: MediaChoice = "both",
) -> st.SearchStrategy[Value]:
    """Instances as decoded values, by the names of the page's table.

    The filters keep to one value of ActualState, JobType or ApiType. With `media` other than
    "both", texts may hold what only that format can hold.
    """
    chosen = filters(state, job_type, api_type)
    made = values(plan_for(contract, contract.success, media=media, chosen=chosen))
    return made.map(_instance_of)


def _instance_of(value: Value) -> Value:
    instance = value["Instance"]
    return instance if isinstance(instance, dict) else {}


def responses(
    contract: Contract,
    *,
    media: MediaChoice = "both",
    state: str | None = None,
    job_type: str | None = None,
    api_type: str | None = None,
) -> st.SearchStrategy[Response]:
    """Successful responses with status, headers and a body in any style that a writer may have."""
    chosen = filters(state, job_type, api_type)
    plan = plan_for(contract, contract.success, media=media, chosen=chosen)
    return written(values(plan), plan.answer.root, plan.media, statuses=(200,))


def failures(contract: Contract, *, media: MediaChoice = "both") -> st.SearchStrategy[Response]:
    """Failures as the contract knows them."""
    if contract.failure is None:
        return st.nothing()
    plan = plan_for(contract, contract.failure, media=media)
    return written(values(plan), plan.answer.root, plan.media, statuses=FAILURE_STATUSES)


def values(plan: Plan) -> st.SearchStrategy[Value]:
    """Answers of one kind as decoded values."""
    return _answers(_Members(plan))


@st.composite
def _answers(draw: st.DrawFn, members: "_Members") -> Value:
    drawn: dict[str, Leaf] = {}
    for path in members.paths:
        value = draw(members.strategy(path, drawn))
        if not isinstance(value, _Absent):
            drawn[path] = value
    assume(members.plan.kept(drawn))
    lists = {path: draw(made) for path, made in members.lists.items()}
    # Writers differ in the order of members.
    struct = _Struct(drawn, lists, members.plan.media, reverse=draw(st.booleans()))
    return struct.of(members.plan.answer.fields, "")


@dataclass(frozen=True, slots=True)
class _Struct:
    """Puts drawn members into their structures."""

    drawn: Mapping[str, Leaf]
    lists: Mapping[str, list[Leaf | Value]]
    media: Collection[Media]
    reverse: bool

    def of(self, fields: tuple[Field, ...], parent: str) -> Value:
        """A structure; a list without items is left out, as XML has none."""
        made: Value = {}
        written = writable(fields, self.media)
        for field in reversed(written) if self.reverse else written:
            path = f"{parent}{field.name}"
            if field.repeated:
                made |= {field.name: self.lists[path]} if self.lists[path] else {}
            elif field.kind is Kind.STRUCT:
                made[field.name] = self.of(field.fields, f"{path}.")
            elif field.kind is Kind.MAP:
                made[field.name] = {"k1": "v1", "k2": "v2"}
            elif path in self.drawn:
                made[field.name] = self.drawn[path]
        return made


class _Members:
    """The strategies of an answer's members, each made once: making costs more than drawing."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._leaves = dict(leaves_of(plan.answer))
        self.lists = {path: _lists(path, items, plan) for path, items in plan.lists.items()}
        self.paths = sorted(self._leaves, key=lambda path: plan.order[path])
        self._bounded = {each.later for each in plan.constraints.orderings}
        self._made: dict[object, st.SearchStrategy[Leaf | _Absent]] = {}

    def strategy(self, path: str, drawn: Mapping[str, Leaf]) -> st.SearchStrategy[Leaf | _Absent]:
        """Members that fit what was drawn before them."""
        fired = tuple(self.plan.fired(path, drawn))
        bounds = self.plan.range(path, drawn)
        if path in self._bounded:  # its bounds are others each time
            return self._member(path, fired, bounds)
        key = (path, fired)
        if key not in self._made:
            self._made[key] = self._member(path, fired, bounds)
        return self._made[key]

    def _member(
        self, path: str, fired: tuple[Condition, ...], bounds: tuple[int, int]
    ) -> st.SearchStrategy[Leaf | _Absent]:
        field = self._leaves[path]
        tests = {each.test for each in fired}
        empty = st.sampled_from((_ABSENT, *ways_to_be_empty(field)))
        if Test.EMPTY in tests:
            return empty
        filled = _filled(path, field, fired, bounds, self.plan)
        if field.required or Test.FILLED in tests:
            return filled
        return st.one_of(empty, filled, filled)


def _filled(
    path: str,
    field: Field,
    fired: tuple[Condition, ...],
    bounds: tuple[int, int],
    plan: Plan,
) -> st.SearchStrategy[Leaf]:
    if field.values:
        listed = plan.listed(path, field, fired)
        return st.sampled_from(listed) if listed else st.nothing()
    if field.kind is Kind.BOOLEAN:
        return st.booleans()
    if field.kind is Kind.FLOAT:
        return st.integers(-(10**6), 10**6).map(lambda number: number / 8)
    if field.kind in WHOLE_NUMBERS:
        reserved = plan.reserved(path)
        longs = _longs(*bounds)
        return longs.filter(lambda number: str(number) not in reserved) if reserved else longs
    text = _texts(path, plan)
    for condition in fired:
        if condition.test is Test.MATCHES:
            text = st.builds(lambda lead, line: f"{lead}\n{line}", text, lines(condition.pattern))
        elif condition.test is Test.LACKS:
            text = _lacking(text, condition.pattern)
    return text.filter(is_plain)


def _lists(path: str, items: Plan | None, plan: Plan) -> st.SearchStrategy[list[Leaf | Value]]:
    """A list's items; at least one where the list must be there."""
    field = plan.answer.find(tuple(path.split(".")))
    assert field is not None  # the plan is made from the answer  # noqa: S101
    item: st.SearchStrategy[Leaf | Value]
    if items is not None:
        item = values(items)
    else:
        item = _filled(path, replace(field, repeated=False), (), plan.range(path, {}), plan)
    return st.lists(item, min_size=1 if field.required else 0, max_size=3)


def _lacking(text: st.SearchStrategy[str], pattern: str) -> st.SearchStrategy[str]:
    holds = found(pattern)
    return text.filter(lambda made: not holds(made))


def _longs(least: int, most: int) -> st.SearchStrategy[int]:
    hard = [each for each in HARD_LONGS if least <= each <= most]
    drawn = st.integers(least, most)
    return st.sampled_from(hard) | drawn if hard else drawn


def _texts(path: str, plan: Plan) -> st.SearchStrategy[str]:
    """Texts in the form that the contract gives a field."""
    constraints = plan.constraints
    forms = [each.pattern for each in constraints.patterns if each.field == path]
    if forms:
        # The last form is the finest; it fits the coarser ones too, or nothing would.
        return matching(forms[-1]).filter(lambda text: all(found(form)(text) for form in forms))
    if any(each.field == path for each in constraints.embedded):
        return documents()
    for each in constraints.separated:
        if each.field == path:
            return entries(each.separator, each.foreign)
    if any(each.field == path for each in constraints.echoes):
        return names()
    return free_texts(plan.media)
