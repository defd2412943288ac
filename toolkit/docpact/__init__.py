"""Compile an API reference page into an executable contract and check real traffic against it.

What is listed in `__all__` is the public API; every other module is internal. A name is imported
when it is first used, so `import docpact` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docpact import schemathesis, strategies
    from docpact.audit import AuditOptions, ReadOptions, audit_over_dask
    from docpact.compiler import compile_page
    from docpact.contract import Contract, load_contract
    from docpact.core.errors import (
        BrokenContract,
        DocpactError,
        UnreadablePage,
        WrongConfiguration,
    )
    from docpact.core.exchange import Exchange, Request, Response, Source
    from docpact.core.finding import Finding, Location, Report
    from docpact.core.span import Grade, Origin, Severity, Span
    from docpact.faults import Fault
    from docpact.http.signing import Key, signed
    from docpact.mock import serve
    from docpact.report import render
    from docpact.settings import Selector, Settings
    from docpact.testing.fixtures import ContractClient, ContractMock
    from docpact.testing.judging import Conformity
    from docpact.validator import Validator

    __version__: str

__all__ = [
    "AuditOptions",
    "BrokenContract",
    "Conformity",
    "Contract",
    "ContractClient",
    "ContractMock",
    "DocpactError",
    "Exchange",
    "Fault",
    "Finding",
    "Grade",
    "Key",
    "Location",
    "Origin",
    "ReadOptions",
    "Report",
    "Request",
    "Response",
    "Selector",
    "Settings",
    "Severity",
    "Source",
    "Span",
    "UnreadablePage",
    "Validator",
    "WrongConfiguration",
    "__version__",
    "audit_over_dask",
    "compile_page",
    "load_contract",
    "render",
    "schemathesis",
    "serve",
    "signed",
    "strategies",
]

# Where each public name is defined.
_HOMES: Final = {
    "AuditOptions": "docpact.audit",
    "BrokenContract": "docpact.core.errors",
    "Conformity": "docpact.testing.judging",
    "Contract": "docpact.contract",
    "ContractClient": "docpact.testing.fixtures",
    "ContractMock": "docpact.testing.fixtures",
    "DocpactError": "docpact.core.errors",
    "Exchange": "docpact.core.exchange",
    "Fault": "docpact.faults",
    "Finding": "docpact.core.finding",
    "Grade": "docpact.core.span",
    "Key": "docpact.http.signing",
    "Location": "docpact.core.finding",
    "Origin": "docpact.core.span",
    "ReadOptions": "docpact.audit",
    "Report": "docpact.core.finding",
    "Request": "docpact.core.exchange",
    "Response": "docpact.core.exchange",
    "Selector": "docpact.settings",
    "Settings": "docpact.settings",
    "Severity": "docpact.core.span",
    "Source": "docpact.core.exchange",
    "Span": "docpact.core.span",
    "UnreadablePage": "docpact.core.errors",
    "Validator": "docpact.validator",
    "WrongConfiguration": "docpact.core.errors",
    "audit_over_dask": "docpact.audit",
    "compile_page": "docpact.compiler",
    "load_contract": "docpact.contract",
    "render": "docpact.report",
    "serve": "docpact.mock",
    "signed": "docpact.http.signing",
}
_MODULES: Final = frozenset({"schemathesis", "strategies"})


def __getattr__(name: str) -> Any:  # noqa: ANN401  # as many types as names
    """A public name, imported where somebody asks for it."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _MODULES:
        return import_module(f"docpact.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("docpact")
    raise AttributeError(f"module 'docpact' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
