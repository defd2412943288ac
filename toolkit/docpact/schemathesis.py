"""The contract for a team's own schemathesis tests: a schema whose answers docpact judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure

from docpact.contract import Contract
from docpact.core.finding import Finding
from docpact.generate.request_context import RequestContext
from docpact.http.client import Endpoint
from docpact.http.signing import Key
from docpact.report.terminal import block
from docpact.runner import KnownInstances
from docpact.runner.findings import fold_fields
from docpact.runner.schemathesis_adapter import exchange_of, load_schema
from docpact.settings import Settings
from docpact.validator import Validator

if TYPE_CHECKING:
    import schemathesis
    from schemathesis.core.transport import Response as SchemathesisResponse

__all__ = ["schema"]

CHECK: Final = "docpact"


@dataclass(frozen=True, slots=True)
class _SchemaValidator:
    """Judges the answers to the calls of one schema."""

    validator: Validator
    context: RequestContext
    prefix: str  # of the endpoint's URL

    def failing(self, response: "SchemathesisResponse") -> list[Finding]:
        """The findings that fail the test that made a call."""
        contract, settings = self.validator.contract, self.validator.settings
        exchange = exchange_of(response, contract, self.context, prefix=self.prefix)
        found = fold_fields(self.validator.findings(exchange))
        return [each for each in found if each.severity in settings.failing]


# By the configuration of a schema, which the copies that pytest makes of a schema share.
_VALIDATORS: list[tuple[object, _SchemaValidator]] = []


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
    """The contract as a schema of schemathesis for an endpoint, with docpact's check.

    The check is that of this schema alone, and the only one unless `config`, a configuration of
    schemathesis, says otherwise. `running` and `not_running` are as in "project1/job1/123".

    Raises WrongConfiguration if they are of another form.
    """
    validator = Validator(contract, settings or Settings())
    compiled = validator.contract
    known = KnownInstances.parse(
        compiled, running, not_running, everything_exists=everything_exists
    )
    context = known.context(compiled)
    if CHECK not in CHECKS.get_all_names():  # a configuration knows only what is registered
        CHECKS.register(_check())
    loaded = load_schema(compiled, context, key, _configuration(url, config or {}))
    prefix = Endpoint.at(url).prefix
    _VALIDATORS.append((loaded.config, _SchemaValidator(validator, context, prefix)))
    return loaded


def _configuration(url: str, config: dict[str, Any]) -> dict[str, Any]:
    return {
        "base-url": url,
        "max-redirects": 0,
        "checks": {"enabled": False, CHECK: {"enabled": True}},
        **config,
    }


def _check() -> Any:  # noqa: ANN401  # as schemathesis has it
    """The check, which passes the answers to all other schemas.

    schemathesis has one registry for all schemas, and enables checks that other schemas lack.
    """

    def docpact(
        _ctx: object, response: "SchemathesisResponse", case: "schemathesis.Case[Any]"
    ) -> None:
        ours = case.operation.schema.config
        validator = next((each for config, each in _VALIDATORS if config is ours), None)
        found = validator.failing(response) if validator else []
        if found:
            text = "\n\n".join(map(block, found))
            raise Failure(operation=case.operation.label, title=found[0].rule, message=text)

    return docpact
