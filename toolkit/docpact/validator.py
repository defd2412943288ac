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
from docpact.contract import Contract, load_bundled_schemas, load_contract
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request
from docpact.core.finding import Finding
from docpact.response_adapters import exchange_of
from docpact.settings import Selector, Settings, refuse_unknown_fields

__all__ = ["Finding", "Selector", "Settings", "Validator"]

_AS_IT_SHIPS = Settings()


class Validator:
    """Judges answers by one contract; its validators are built once, when they are first needed.

    `contract` is a compiled contract, or the file of one, as `docpact compile` writes it; without
    it that of the settings holds, or else that of GetInstance. `ignore` names rules that do not
    count, as in "masked-value" or "wrong-type:Instance.EndTime", besides those of the settings.

    Raises DocpactError if the file cannot be read, WrongConfiguration if a setting is not valid.
    """

    def __init__(
        self,
        contract: Contract | str | PathLike[str] | None = None,
        settings: Settings = _AS_IT_SHIPS,
        *,
        ignore: Iterable[str] = (),
    ) -> None:
        chosen = settings.contract if contract is None else contract
        self.contract = chosen if isinstance(chosen, Contract) else load_contract(chosen)
        self.settings = replace(settings, ignore=(*settings.ignore, *_selectors(ignore)))
        refuse_unknown_fields(self.settings, _fields(self.contract))
        self._is_bundled = not chosen

    def findings(
        self,
        answer: object,
        *,
        request: Request | str | None = None,
        status: int | None = None,
    ) -> tuple[Finding, ...]:
        """What is wrong with an answer, as far as the settings report it.

        An answer is a response of httpx, requests, aiohttp, urllib3, Django, Flask or Starlette,
        the bytes of a body, or `(status, headers, body)`. `request` is the request or its
        instance reference, as in "project1/job1/123", and `status` the status of bytes, where the
        answer does not have them.

        Raises UnknownAnswer if it is none of these.
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
        if self._is_bundled:
            schemas = load_bundled_schemas()
        else:
            from docpact import emit  # writing schemas takes time that the bundled ones need not

            schemas = emit.schemas(self.contract)
        settings = self.settings
        return Checker(self.contract, schemas, engine=settings.engine, fragment=settings.fragment)


def _selectors(ignore: Iterable[str]) -> tuple[Selector, ...]:
    texts: tuple[object, ...] = () if isinstance(ignore, str) else tuple(ignore)
    wrong = isinstance(ignore, str) or not all(isinstance(each, str) for each in texts)
    if wrong:  # the letters of a text would be taken for rules
        raise WrongConfiguration(f"ignore is {ignore!r}; it is a list of texts")
    return tuple(Selector.parse(str(each)) for each in texts)


def _fields(contract: Contract) -> set[str]:
    answers = (contract.success, contract.failure)
    return {".".join(path) for answer in answers if answer for path, _ in answer.walk()}
