"""Judge answers in Python, whatever client brought them.

validator = Validator()
for finding in validator.findings(response, request="project1/job1/123"):
    print(finding.severity, finding.rule, finding.message, finding.origin.span)
"""

from functools import cached_property
from os import PathLike
from pathlib import Path

from docpact.answers import exchange_of
from docpact.check import Checker
from docpact.contract import Contract, Schemas, load, load_bundled, load_bundled_schemas
from docpact.exchange import Request
from docpact.finding import Finding
from docpact.settings import Settings

__all__ = ["Finding", "Settings", "Validator"]

_AS_IT_SHIPS = Settings()


class Validator:
    """Judges answers by one contract; its validators are built once, when they are first needed.

    `contract` is a compiled contract, or the file of one, as `docpact compile` writes it; without
    it that of GetInstance holds. Raises DocpactError if the file cannot be read.
    """

    def __init__(
        self,
        contract: Contract | str | PathLike[str] | None = None,
        settings: Settings = _AS_IT_SHIPS,
    ) -> None:
        is_bundled = contract is None
        self.contract = _contract(contract)
        self.settings = settings
        self._schemas = load_bundled_schemas() if is_bundled else None

    def findings(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> tuple[Finding, ...]:
        """What is wrong with an answer, as far as the settings want to know it.

        An answer is a response of httpx, requests, aiohttp, urllib3, Django, Flask or Starlette,
        the bytes of a body, or `(status, headers, body)`. `request` says what was asked for, as in
        "project1/job1/123", and `status` the status of bytes, where the answer does not know.

        Raises UnknownAnswer if it is none of them.
        """
        exchange = exchange_of(answer, self.contract, request=request, status=status)
        return tuple(self.settings.judged(self._checker.check(exchange)))

    def is_clean(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> bool:
        """Whether nothing is wrong that fails a run by the settings: by default, no error."""
        found = self.findings(answer, request=request, status=status)
        return all(each.severity not in self.settings.failing for each in found)

    @cached_property
    def _checker(self) -> Checker:
        settings = self.settings
        return Checker(
            self.contract,
            self._schemas or _schemas(self.contract),
            engine=settings.engine,
            fragment=settings.fragment,
        )


def _contract(given: Contract | str | PathLike[str] | None) -> Contract:
    if given is None:
        return load_bundled()
    return given if isinstance(given, Contract) else load(Path(given))


def _schemas(contract: Contract) -> Schemas:
    from docpact import emit  # writing them takes time that the bundled ones need not

    return emit.schemas(contract)
