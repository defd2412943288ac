"""What a careful user teaches schemathesis about this endpoint; endpoint.py has it loaded.

Calls are signed, and those about a known id name its project and job. With ENDPOINT_XML set, XML
answers are read too, with integers where the document has them, and the document also says that
they may be text/xml and that calls are signed.
"""

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import schemathesis
import yaml
from requests.auth import AuthBase

from docpact.core.exchange import Request
from docpact.http.signing import Key, signed

DOCUMENT = Path(__file__).parents[2] / "schemas" / "getinstance.openapi.yaml"
KNOWN = {
    number: {"projectName": project, "jobName": job}
    for project, job, number in json.loads(os.environ["ENDPOINT_KNOWN"])
}
INTEGER = re.compile("[+-]?[0-9]+", re.ASCII)


class Signature(AuthBase):
    """Signs a prepared request with the mock's key."""

    def __call__(self, prepared):
        """Sign once everything else is settled."""
        headers = tuple((name, str(value)) for name, value in prepared.headers.items())
        request = Request(prepared.method, prepared.path_url, headers)
        prepared.headers.update(signed(request, Key("testid", "testsecret")).headers)
        return prepared


def integers(schema) -> set[str]:
    """The members that the document calls integers."""
    found = set()
    for name, member in schema.get("properties", {}).items():
        types = member.get("type", [])
        found |= {name} if "integer" in (types if isinstance(types, list) else [types]) else set()
        found |= integers(member)
    return found


def value_of(element, numbers: set[str]):
    """An element as JSON has it: members by name, a list of those that repeat, or text."""
    if not len(element):
        text = element.text or ""
        return int(text) if element.tag in numbers and INTEGER.fullmatch(text) else text
    members: dict[str, list] = {}
    for child in element:
        members.setdefault(child.tag, []).append(value_of(child, numbers))
    return {name: each[0] if len(each) == 1 else each for name, each in members.items()}


def with_xml() -> None:
    """Register what reads XML, and mend what the document leaves out."""
    schemas = yaml.safe_load(DOCUMENT.read_text("utf-8"))["components"]["schemas"]
    numbers = integers(schemas["GetInstanceResponse"])

    @schemathesis.deserializer("application/xml", "text/xml")
    def read(_context, response):
        try:
            return value_of(ET.fromstring(response.content), numbers)  # noqa: S314  # our own mock
        except ET.ParseError as cause:
            raise ValueError(f"bad XML: {cause}") from cause

    @schemathesis.hook
    def before_load_schema(_context, raw_schema) -> None:
        operation = next(iter(raw_schema["paths"].values()))["get"]
        for response in operation["responses"].values():
            response["content"]["text/xml"] = response["content"]["application/xml"]
        scheme = {"type": "apiKey", "in": "header", "name": "Authorization"}
        raw_schema["components"]["securitySchemes"] = {"acs": scheme}
        operation["security"] = [{"acs": []}]


@schemathesis.hook
def map_case(_context, case):
    """Let a valid call with a known id name the project and the job that it belongs to."""
    names = KNOWN.get(str(case.path_parameters.get("instanceId")))
    if names and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE:
        case.path_parameters.update(names)
    return case


schemathesis.auth.set_from_requests(Signature())
if os.environ.get("ENDPOINT_XML"):
    with_xml()
