"""Judge answers in Python, from any HTTP client.

validator = Validator()
for finding in validator.findings(response, request="project1/job1/123"):
    print(finding.severity, finding.rule, finding.message, finding.origin.span)
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from os import PathLike

from docpact.check import Checker
from docpact.compiler import load_with_schemas
from docpact.contract import Contract, Schemas
from docpact.core.exchange import Request
from docpact.core.finding import Finding
from docpact.response_adapters import exchange_of
from docpact.settings import Settings, refuse_unknown_fields

_DEFAULT = Settings()


class Validator:
    """Judges answers by one contract; what checks them is built once, when it is first needed.

    `contract` is a compiled contract, or the file of one that `docpact compile` wrote; by default
    it is the contract of the settings, or else that of GetInstance. `ignore` names rules to switch
    off besides those of the settings, as in "masked-value" or "wrong-type:Instance.EndTime".

    Raises DocpactError if the file cannot be read, and WrongConfiguration if the settings name a
    field that the contract does not have.
    """

    def __init__(
        self,
        contract: Contract | str | PathLike[str] | None = None,
        settings: Settings = _DEFAULT,
        *,
        ignore: Iterable[str] = (),
    ) -> None:
        chosen = settings.contract if contract is None else contract
        self._schemas: Schemas | None = None
        if isinstance(chosen, Contract):
            self.contract = chosen
        else:
            self.contract, self._schemas = load_with_schemas(chosen)
        # A lone text would be taken for a list of its letters, so Settings refuses it.
        added = Settings(ignore=ignore if isinstance(ignore, str) else tuple(ignore))  # type: ignore[arg-type]  # Settings reads texts
        self.settings = replace(settings, ignore=(*settings.ignore, *added.ignore))
        refuse_unknown_fields(self.settings, _fields(self.contract))

    def findings(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> tuple[Finding, ...]:
        """What is wrong with an answer, by the settings.

        An answer is a response of httpx, requests, aiohttp, urllib3, Django, Flask or Starlette,
        the bytes of a body, or `(status, headers, body)`. `request` is the instance that was asked
        for, as in "project1/job1/123", and `status` the status, where the answer has neither.

        Raises UnknownAnswer if it is none of these.
        """
        exchange = exchange_of(answer, self.contract, request=request, status=status)
        return tuple(self.settings.judged(self.checker.check(exchange)))

    def is_clean(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> bool:
        """Whether nothing fails a run by the settings: by default, no error."""
        found = self.findings(answer, request=request, status=status)
        return all(each.severity not in self.settings.failing for each in found)

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas that the contract compiles to."""
        if self._schemas is not None:
            return self._schemas
        from docpact import emit  # only where the contract is not in a file

        return emit.schemas(self.contract)

    @cached_property
    def checker(self) -> Checker:
        """What checks exchanges by the contract, with the engine of the settings."""
        settings = self.settings
        return Checker(
            self.contract, self.schemas, engine=settings.engine, fragment=settings.fragment
        )


def _fields(contract: Contract) -> set[str]:
    answers = (contract.success, contract.failure)
    return {".".join(path) for answer in answers if answer for path, _ in answer.walk()}
