"""What a caller keeps answers to: one state, one type; refused where no answer has it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from random import Random

from docpact.contract import Contract
from docpact.core.errors import WrongConfiguration
from docpact.generate.response_model import filters, plan_for
from docpact.generate.sampler import Sampler


def choice(
    contract: Contract, *, state: str | None, job_type: str | None, api_type: str | None
) -> Mapping[str, tuple[str, ...]]:
    """The listed values that a caller keeps to, by field.

    Raises WrongConfiguration if the page does not list one of them, or if no answer has them all.
    """
    chosen = filters(state, job_type, api_type)
    for path, (value,) in chosen.items():
        field = contract.success.find(tuple(path.split(".")))
        listed = [each.value for each in field.values] if field else []
        if value not in listed:
            raise WrongConfiguration(f"{path} is never {value!r}; {_way_out(value, listed)}")
    if chosen:  # drawing one answer shows whether there is any
        Sampler(plan_for(contract, contract.success, chosen=chosen)).value(Random(0))  # noqa: S311  # nothing secret
    return chosen


def _way_out(value: object, listed: Sequence[str]) -> str:
    if not listed:
        return "the page lists no values of it"
    near = get_close_matches(str(value).upper(), listed, n=1)
    return f"did you mean {near[0]}?" if near else f"the page lists {', '.join(listed)}"
