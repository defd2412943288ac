"""The sampler: draws valid answers of a response model from any source of randomness.

A seeded `Random` gives a hundred thousand answers at a time; a `Random` of Hypothesis explores and
shrinks. So in each choice the simplest comes first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count as counting
from random import Random
from typing import Final

from msgspec.structs import replace

from docpact.contract import (
    WHOLE_NUMBERS,
    Answer,
    Constraints,
    Contract,
    Field,
    Kind,
    Media,
)
from docpact.contract.constraints import Demand, searcher
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Response
from docpact.core.serialize import JsonStyle, XmlStyle, json_text, xml_text
from docpact.core.text import did_you_mean
from docpact.generate.response_model import (
    HARD_LONGS,
    FieldFilters,
    Leaf,
    MediaChoice,
    ResponseModel,
    Value,
    empty_values,
    leaves_of,
    response_model_for,
    writable_fields,
)
from docpact.generate.texts import (
    Draw,
    line_with,
    text_draw,
)

FAILURE_STATUSES: Final = (400, 403, 404, 500, 503)
_DECLARATIONS: Final = (
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
)
_JSON_TYPES: Final = (
    "application/json",
    "application/json;charset=UTF-8",
    "text/json; charset=utf-8",
)
_XML_TYPES: Final = ("application/xml", "text/xml;charset=utf-8", "application/xml; charset=UTF-8")
_TRIES: Final = 1000
_COINS: Final = (False, True)
_MOST_ITEMS: Final = 3


def sample_responses(
    contract: Contract,
    *,
    seed: int,
    media: MediaChoice = "both",
    count: int | None = None,
    filters: FieldFilters | None = None,
) -> Iterator[Response]:
    """Successful responses without end, or `count` of them; the same for the same seed."""
    model = response_model_for(contract, contract.success, media=media, filters=filters)
    yield from Sampler(model).responses(seed, count)


def sample_failures(
    contract: Contract, *, seed: int, media: MediaChoice = "both", count: int | None = None
) -> Iterator[Response]:
    """Failures as the contract knows them, or none at all."""
    sampler = failure_sampler(contract, media)
    if sampler is not None:
        yield from sampler.responses(seed, count)


def failure_sampler(contract: Contract, media: MediaChoice = "both") -> "Sampler | None":
    """What draws failures, if the contract knows how they look."""
    if contract.failure is None:
        return None
    model = response_model_for(contract, contract.failure, media=media)
    return Sampler(model, statuses=FAILURE_STATUSES)


def checked_filters(
    contract: Contract, *, state: str | None, job_type: str | None, api_type: str | None
) -> FieldFilters:
    """Filters that keep to one value of ActualState, JobType or ApiType.

    Raises WrongConfiguration if the page does not list such a value, or if no answer has them all.
    """
    chosen = {
        "Instance.ActualState": state,
        "Instance.JobType": job_type,
        "Instance.ApiType": api_type,
    }
    filters = {path: (value,) for path, value in chosen.items() if value is not None}
    for path, (value,) in filters.items():
        field = contract.success.find(path)
        listed = [each.value for each in field.values] if field else []
        if value not in listed:
            known = f"the page lists {', '.join(listed) or 'no values of it'}"
            near = did_you_mean(str(value).upper(), listed)
            raise WrongConfiguration(f"{path} cannot be {value!r}; {known}{near}")
    if filters:  # drawing one answer shows whether there is any
        model = response_model_for(contract, contract.success, filters=filters)
        Sampler(model).value(Random(0))  # noqa: S311  # nothing secret
    return filters


@dataclass(frozen=True, slots=True)
class _Member:
    """What is the same for every value of a member."""

    path: str
    field: Field
    unset: tuple[tuple[Leaf, ...], ...]  # each way to be unset: left out, or with one value
    text: Draw


class Sampler:
    """Draws answers of one model; what is the same in all of them is worked out once."""

    def __init__(
        self, model: ResponseModel, *, statuses: tuple[int, ...] = (200,), one_line: bool = False
    ) -> None:
        self._model = model
        self._statuses = statuses
        self._indents = (None,) if one_line else (None, None, 0, 2, 4)
        self._one_line = one_line
        leaves = [_member(path, field, model) for path, field in leaves_of(model.answer)]
        self._items = {path: _item_draw(path, items, model) for path, items in model.lists.items()}
        leaves.sort(key=lambda each: model.order[each.path])
        # Members that are tied may turn out not to fit, so those that hardly ever do can wait.
        tied = {path for each in model.ties for path in each.fields}
        self._tied = tuple(each for each in leaves if each.path in tied)
        self._free = tuple(each for each in leaves if each.path not in tied)

    def responses(self, seed: int, count: int | None = None) -> Iterator[Response]:
        """Responses without end, or `count` of them; the same for the same seed."""
        random = Random(seed)  # noqa: S311  # repeatable is the point
        for _ in range(count) if count is not None else counting():
            yield self.response(random)

    def response(self, random: Random) -> Response:
        """A response with status, headers and a body in any style that a writer may have."""
        return self.written(self.value(random), random)

    def value(self, random: Random) -> Value:
        """An answer as a decoded value.

        Raises WrongConfiguration if none is found that passes the filters.
        """
        for _ in range(_TRIES):
            drawn: dict[str, Leaf] = {}
            fits = self._draw(self._tied, drawn, random) and self._model.is_consistent(drawn)
            if fits and self._draw(self._free, drawn, random):
                return self._struct(self._model.answer.fields, "", drawn, random)
        wanted = " and ".join(f"{path} {' or '.join(v)}" for path, v in self._model.filters.items())
        raise WrongConfiguration(
            f"no answer was found with {wanted or 'every promise kept'}",
            hint="The page ties these values to each other; ask for fewer of them.",
        )

    def written(self, value: Value, random: Random) -> Response:
        """The response that carries a value, in one of the formats and in any style."""
        if random.choice(self._model.media) is Media.JSON:
            body = json_text(value, self._json_style(random))
            content_type = random.choice(_JSON_TYPES)
        else:
            body = xml_text(self._model.answer.root, value, _xml_style(random))
            content_type = random.choice(_XML_TYPES)
        status = random.choice(self._statuses)
        return Response(body.encode(), status, (("Content-Type", content_type),))

    def _json_style(self, random: Random) -> JsonStyle:
        return JsonStyle(
            indent=random.choice(self._indents),
            ascii_only=random.choice(_COINS),
            escape_slashes=random.choice(_COINS),
            spaced=random.choice(_COINS),
            final_newline=not self._one_line and random.choice(_COINS),
        )

    def _draw(self, members: tuple[_Member, ...], drawn: dict[str, Leaf], random: Random) -> bool:
        """Draw members one after the other; stop if the first leave no choice for another."""
        for member in members:
            demand = self._model.demand_on(member.path, drawn)
            may_be_unset = not member.field.required and not demand.is_filled
            if demand.is_filled is False or (may_be_unset and random.random() < 1 / 3):
                for leaf in random.choice(member.unset):
                    drawn[member.path] = leaf
                continue
            leaf = self._filled(member, demand, random)
            if leaf is None:
                return False
            drawn[member.path] = leaf
        return True

    def _filled(self, member: _Member, demand: Demand, random: Random) -> Leaf:
        """A value for a member; nothing if none fits what was drawn before."""
        if member.field.values:
            listed = self._model.listed_values(member.field, demand)
            return random.choice(listed) if listed else None
        if member.field.kind in WHOLE_NUMBERS:
            least, most = demand.least, demand.most
            number = _long(least, most, random) if least <= most else None
            return None if str(number) in demand.never else number
        if member.field.kind is Kind.FLOAT:
            return random.randint(-(10**6), 10**6) / 8  # a number that both formats write alike
        if member.field.kind is Kind.BOOLEAN:
            return random.choice(_COINS)
        lines = (member.text(random), *(line_with(each, random) for each in demand.holds))
        text = "\n".join(lines)
        return None if any(searcher(each)(text) for each in demand.lacks) else text

    def _struct(
        self, fields: tuple[Field, ...], parent: str, drawn: Mapping[str, Leaf], random: Random
    ) -> Value:
        """The members in their structures; writers differ in the order of members."""
        made: Value = {}
        for field in _ordered(writable_fields(fields, self._model.media), random):
            path = f"{parent}{field.name}"
            if field.repeated:
                amount = random.randrange(0 if not field.required else 1, _MOST_ITEMS + 1)
                if amount:  # an XML list without items has no element
                    made[field.name] = [self._items[path](random) for _ in range(amount)]
            elif field.kind is Kind.STRUCT:
                made[field.name] = self._struct(field.fields, f"{path}.", drawn, random)
            elif field.kind is Kind.MAP:
                made[field.name] = {"k1": "v1", "k2": "v2"}
            elif path in drawn:
                made[field.name] = drawn[path]
        return made


def _item_draw(
    path: str, items: ResponseModel | None, model: ResponseModel
) -> Callable[[Random], Leaf | Value]:
    """What draws the items of a list."""
    if items is not None:
        return Sampler(items).value
    field = model.answer.find(path)
    assert field is not None  # the model is of this answer  # noqa: S101
    alone = (replace(field, repeated=False, required=field.origin),)
    single = Answer("", field.origin, alone, field.origin)
    sampler = Sampler(ResponseModel(single, Constraints(), model.media, {}, {field.name: 0}))

    def drawn(random: Random) -> Leaf | Value:
        leaf = sampler.value(random)[field.name]
        return None if isinstance(leaf, list) else leaf

    return drawn


def _member(path: str, field: Field, model: ResponseModel) -> _Member:
    unset = ((), *((leaf,) for leaf in empty_values(field)))
    return _Member(path, field, unset, text_draw(model.demand_on(path, {}), model.media))


def _long(least: int, most: int, random: Random) -> int:
    kind = random.randrange(4)
    if kind == 0:
        hard = [each for each in (*HARD_LONGS, least, most) if least <= each <= most]
        return random.choice(hard)
    if kind == 1:  # not far from the least: a job that ends soon after its start
        return random.randint(least, min(most, least + 100_000))
    return random.randint(least, most)


def _ordered(fields: tuple[Field, ...], random: Random) -> tuple[Field, ...]:
    kind = random.randrange(4)
    if kind == 3:  # noqa: PLR2004
        return tuple(random.sample(fields, len(fields)))
    return fields[::-1] if kind == 2 else fields  # noqa: PLR2004


def _xml_style(random: Random) -> XmlStyle:
    return XmlStyle(
        declaration=random.choice(_DECLARATIONS),
        indent=random.choice((0, 2, 4)),
        cdata=random.choice(_COINS),
        long_empty=random.choice(_COINS),
        quotes_escaped=random.choice(_COINS),
        comment=random.choice(_COINS),
        final_newline=random.choice(_COINS),
    )
