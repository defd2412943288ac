"""Assert that an answer keeps the contract."""

from dataclasses import dataclass

from docpact.answers import exchange_of
from docpact.exchange import Request
from docpact.testing.judging import Judging
from docpact.testing.telling import ContractBroken, Findings


@dataclass(frozen=True, slots=True, repr=False)
class Conformity:
    """Asserts that answers keep the contract, whatever client brought them."""

    judging: Judging

    def __repr__(self) -> str:
        return f"<assert_conforms by {self.judging.contract.page}>"

    def __call__(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> None:
        """Fail the test if the answer breaks the contract.

        `request` says what was asked for, as in "project1/job1/123", where the answer does not
        know. Raises ContractBroken, an AssertionError with `findings`.
        """
        __tracebackhide__ = True
        found = self.findings(answer, request=request, status=status)
        failing = self.judging.failing(found)
        if failing:
            raise ContractBroken(failing)

    def findings(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> Findings:
        """Everything that is wrong with an answer, warnings and notes too."""
        exchange = exchange_of(answer, self.judging.contract, request=request, status=status)
        return self.judging.findings(exchange)
