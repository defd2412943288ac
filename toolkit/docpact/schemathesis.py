"""The contract for a team's own schemathesis tests: a schema whose answers docpact judges."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure

from docpact.check import Checker
from docpact.contract import Contract, load_bundled, load_bundled_schemas
from docpact.contract.path_template import parse_instance_reference
from docpact.core.exchange import Exchange
from docpact.core.finding import Finding
from docpact.emit import schemas
from docpact.generate.request_context import RequestContext
from docpact.http.client import Endpoint
from docpact.http.signing import Key
from docpact.report.terminal import block
from docpact.runner import Known
from docpact.runner.judge import folded
from docpact.runner.probes import context_for
from docpact.runner.schemathesis_adapter import exchange_of, loaded
from docpact.settings import Settings

if TYPE_CHECKING:
    import schemathesis
    from schemathesis.core.transport import Response as Answer

__all__ = ["schema"]

CHECK: Final = "docpact"


class _Judge:
    """Judges the answers of one schema's calls."""

    def __init__(
        self, context: RequestContext, checker: Checker, settings: Settings, prefix: str
    ) -> None:
        self._context, self._checker, self._settings = context, checker, settings
        self._prefix = prefix

    def failing(self, answer: "Answer") -> list[Finding]:
        """What fails the test that made a call."""
        exchange = self._exchange(answer)
        found = folded(self._settings.judged(self._checker.check(exchange)))
        return [each for each in found if each.severity in self._settings.failing]

    def _exchange(self, answer: "Answer") -> Exchange:
        return exchange_of(answer, self._checker.contract, self._context, prefix=self._prefix)


# By the configuration of a schema, which the copies that pytest makes of a schema share.
_JUDGES: list[tuple[object, _Judge]] = []


def schema(  # noqa: PLR0913  # all but the URL are named and have defaults
    url: str,
    *,
    running: Sequence[str] = (),
    not_running: Sequence[str] = (),
    everything_exists: bool = False,
    key: Key | None = None,
    contract: Contract | None = None,
    settings: Settings | None = None,
    config: dict[str, Any] | None = None,
) -> Any:  # noqa: ANN401  # a schema of schemathesis, which does not export its type
    """The contract as a schema of schemathesis, for an endpoint, with docpact's check.

    The check is that of this schema alone, and the only one unless `config`, a configuration of
    schemathesis, says otherwise. `running` and `not_running` are as in "project1/job1/123".

    Raises WrongConfiguration if they are not.
    """
    known_contract = contract or load_bundled()

    def values(instance_reference: str) -> tuple[str, ...]:
        return tuple(parse_instance_reference(instance_reference, known_contract).values())

    known = Known(
        tuple(map(values, running)),
        tuple(map(values, not_running)),
        everything_exists=everything_exists,
    )
    context = context_for(known_contract, known)
    chosen = settings or Settings()
    texts = schemas(contract) if contract else load_bundled_schemas()
    checker = Checker(known_contract, texts, engine=chosen.engine)
    if CHECK not in CHECKS.get_all_names():  # a configuration knows only what is registered
        CHECKS.register(_check())
    made = loaded(known_contract, context, key, _configuration(url, config or {}))
    judge = _Judge(context, checker, chosen, Endpoint.at(url).prefix)
    _JUDGES.append((made.config, judge))
    return made


def _configuration(url: str, config: dict[str, Any]) -> dict[str, Any]:
    return {
        "base-url": url,
        "max-redirects": 0,
        "checks": {"enabled": False, CHECK: {"enabled": True}},
        **config,
    }


def _check() -> Any:  # noqa: ANN401  # as schemathesis has it
    """The check, which passes every answer that is none of our schemas'.

    schemathesis has one register for all schemas, and switches on what others do not know.
    """

    def docpact(_ctx: object, answer: "Answer", case: "schemathesis.Case[Any]") -> None:
        ours = case.operation.schema.config
        judge = next((judge for config, judge in _JUDGES if config is ours), None)
        found = judge.failing(answer) if judge else []
        if found:
            text = "\n\n".join(map(block, found))
            raise Failure(operation=case.operation.label, title=found[0].rule, message=text)

    return docpact
