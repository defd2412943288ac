"""Which faults a call has: those that the server was given, at a rate, or those it asks for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Final

from docpact.contract import Contract
from docpact.errors import WrongConfiguration
from docpact.exchange import Response
from docpact.faults import FAULTS, Fault
from docpact.generate.broken import faults_named

FAULT_HEADER: Final = "X-Docpact-Fault"
NOT_SHOWN: Final = "not shown: this answer cannot have it"  # perhaps the other format can


@dataclass(frozen=True, slots=True)
class FaultChoice:
    """The faults of a server, and in what part of its calls they show."""

    names: tuple[str, ...] = ()
    rate: float = 1.0

    @classmethod
    def of(
        cls, names: Iterable[str], rate: float = 1.0, contract: Contract | None = None
    ) -> "FaultChoice":
        """The choice of these faults.

        Raises WrongConfiguration if there is no such fault, or if no answer by the contract has it.
        """
        faults = faults_named(list(names))
        for each in faults:
            if contract is not None and not each.fits(contract):
                message = f"{each.name} shows in no answer of {contract.operation.name}"
                raise WrongConfiguration(
                    message,
                    hint="`docpact generate --list-faults --contract FILE` has those that do.",
                )
        return cls(tuple(each.name for each in faults), rate)

    def drawn(self, random: Random) -> tuple[str, ...]:
        """The faults of one call."""
        if not self.names or (self.rate < 1 and random.random() >= self.rate):
            return ()
        return self.names


def broken(
    response: Response, names: Collection[str], random: Random, contract: Contract
) -> Response:
    """The response with one of the faults that it can show."""
    faults: list[Fault] = [FAULTS[name] for name in names if not FAULTS[name].is_behaviour]
    random.shuffle(faults)
    for fault in faults:
        changed = fault.apply(response, random, contract)
        if changed is not None:
            return changed
    return response
