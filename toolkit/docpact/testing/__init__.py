"""What the pytest plugin does once it is used."""

import pytest

from docpact.core.errors import DocpactError
from docpact.testing.options import options_of, refuse_unused


def start(config: pytest.Config) -> None:
    """Add the contract's tests, and watch the tests' own calls, as the options say.

    Raises UsageError if the options contradict each other or name something that does not exist.
    """
    try:
        options = options_of(config)
        if options.url or options.mock:
            from docpact.testing.contract_tests import contract_tests

            config.pluginmanager.register(contract_tests(config, options), "docpact-contract")
        if options.watch:
            from docpact.testing.watching import watcher_for

            config.pluginmanager.register(watcher_for(config, options.watch), "docpact-watch")
    except DocpactError as error:
        raise pytest.UsageError(f"docpact: {error}") from error
    refuse_unused(options)
