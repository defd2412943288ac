"""Schemas that no validator takes are refused before anything is judged."""

from dataclasses import replace

import pytest

from docpact.check import Checker
from docpact.contract import load_bundled_schemas
from docpact.core.errors import BrokenContract


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize("broken", [{"success": "{"}, {"failure": "{"}, {"success": "[]"}])
def test_a_broken_schema_is_refused_with_the_next_step(contract, engine, broken):
    """The error names the contract, and what to do about it."""
    schemas = replace(load_bundled_schemas(), **broken)
    with pytest.raises(BrokenContract) as refused:
        Checker(contract, schemas, engine=engine)
    message = "the contract of GetInstance.md has schemas that no validator takes: "
    assert refused.value.message.startswith(message)
    assert "Compile the page again with `docpact compile PAGE`." == refused.value.hint


def test_a_broken_xml_schema_is_refused(contract):
    """The reference engine reads the XML Schema as well."""
    with pytest.raises(BrokenContract, match="no validator takes"):
        Checker(contract, replace(load_bundled_schemas(), xsd="<"), engine="reference")
