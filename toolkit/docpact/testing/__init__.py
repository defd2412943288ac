"""What the pytest plugin does once somebody asks for it."""

from typing import TYPE_CHECKING

import pytest

from docpact.core.errors import DocpactError
from docpact.testing.options import options_of

if TYPE_CHECKING:
    from docpact.testing.options import Options


def start(config: pytest.Config) -> None:
    """Add the contract's tests and the watch, as far as they are wanted.

    Raises UsageError if the options contradict each other or name what does not exist.
    """
    try:
        options = options_of(config)
        if options.url or options.mock:
            from docpact.testing.items import contract_tests

            config.pluginmanager.register(contract_tests(config, options), "docpact-contract")
        if options.watch:
            from docpact.testing.watching import watch_for

            config.pluginmanager.register(watch_for(config, options.watch), "docpact-watch")
    except DocpactError as error:
        raise pytest.UsageError(f"docpact: {error}") from error
    _refuse_idle(options)


def _refuse_idle(options: "Options") -> None:
    """Refuse what says something of an endpoint, where there is none to check."""
    idle = [name for name in ("running", "not_running", "mock_fault") if getattr(options, name)]
    if idle and not (options.url or options.mock):
        named = f"--docpact-{idle[0].replace('_', '-')}"
        raise pytest.UsageError(
            f"docpact: {named} says something of an endpoint, but none is checked; "
            "add --docpact-url or --docpact-mock"
        )
