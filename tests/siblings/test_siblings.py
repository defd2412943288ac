"""Every page that describes an operation compiles to a contract that holds together."""

import json
import os
from random import Random

import jsonschema
import pytest
import xmlschema
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from openapi_spec_validator import validate

from docpact import emit
from docpact.contract import store
from docpact.core.errors import NoOperation
from docpact.core.exchange import Exchange, Response, Source
from docpact.core.serialize import json_text, xml_text
from docpact.core.span import Severity
from docpact.faults import FAULTS, Shows
from docpact.generate.broken import request_for
from docpact.generate.response_model import response_model_for
from docpact.generate.sampler import Sampler, sample_failures, sample_responses
from docpact.strategies import responses

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
FEW = settings(
    max_examples=100 if DEEP else 5,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
COUNT = 200 if DEEP else 30

# The samples that contradict the table of their own page: the first rule that says so, and why.
CONTRADICTING = {
    "cdn/DescribeUserUsageDataExportTask": ("json-syntax", "a comma is missing"),
    "csk/查询编排模板详情": ("xml-syntax", "a cut sample"),
    "domain/QueryDomainList": ("xml-syntax", "an end tag has another letter case"),
    "domain/QueryTaskDetailHistory": ("wrong-name-case", "XML and JSON differ in letter case"),
    "foas/GetClusterMetrics": ("xml-syntax", "a list where one document should be"),
    "foas/GetInstanceMetric": ("xml-syntax", "a list where one document should be"),
    "ros/GetStackGroup": ("xml-syntax", "the element ends twice"),
    "slb/CreateDomainExtension": ("xml-syntax", "a space before the declaration's name"),
}
# The pages of an operation that cannot be compiled, and why.
REFUSED = {
    "ros/创建资源栈": "its title is Chinese, and no link or request names the operation",
    "csk/批量查询集群组件升级状态": "its answer is a map as a whole",
    "csk/查询编排模板详情": "its answer is a list as a whole",
}
# The samples that contradict the table where it cannot be told which of them is right.
AT_ODDS = {
    "foas/GetJob": "fileId is a String in the table, a number in the sample",
    "foas/ListCluster": "RUNNING is the example and not among the states",
    "mse/AttachPolicy": "code is a Long in the table, a text in the sample",
    "slb/DescribeLoadBalancerAttribute": "ports are texts in the sample",
}


def test_only_pages_without_an_operation_are_refused(page, outcome):
    """Every page that describes an operation by name is compiled."""
    if isinstance(outcome, Exception) and not isinstance(outcome, NoOperation):
        assert f"{page.parent.name}/{page.stem}" in REFUSED
        assert outcome.span is not None
        assert outcome.hint


def test_the_schemas_are_schemas(operation):
    """JSON Schema, XSD and OpenAPI are accepted by validators that are not ours."""
    contract = operation.contract
    jsonschema.Draft202012Validator.check_schema(json.loads(operation.schemas.success))
    xmlschema.XMLSchema10(operation.schemas.xsd)
    etree.XMLSchema(etree.fromstring(operation.schemas.xsd.encode()))
    if contract.operation.path:
        validate(yaml.safe_load(emit.openapi(contract)))


def test_the_contract_is_stored_whole(operation):
    """What is written is read again."""
    contract = operation.contract
    assert contract == store.loads(store.dumps(contract).encode(), "made")


def test_a_sample_keeps_its_own_page(page, operation):
    """Each sample is right, unless the page contradicts itself, which is listed with a reason."""
    rule, _ = CONTRADICTING.get(f"{page.parent.name}/{page.stem}", (None, ""))
    for engine in ("fast", "reference"):
        found = [
            each.rule
            for sample in operation.contract.samples
            for each in operation.found(sample.text, engine)
            if each.severity is Severity.ERROR
        ]
        assert (rule in found) if rule else ([] == found)


@pytest.mark.parametrize("name", AT_ODDS)
def test_what_a_page_says_both_ways_is_not_an_error(name, theirs):
    """The page's own sample is at most warned about where the table says otherwise."""
    operation = theirs(name)
    found = [
        each.severity
        for sample in operation.contract.samples
        for each in operation.found(sample.text)
        if each.rule in {"wrong-type", "unknown-enum-value"}
    ]
    assert {Severity.WARNING} == set(found)


def test_what_is_sampled_is_clean(operation):
    """Sampled answers break no rule by either engine, not even by a note."""
    for response in sample_responses(operation.contract, seed=1, media="both", count=COUNT):
        for checker in (operation.fast, operation.reference):
            found = checker.check(Exchange(response, Source("made")))
            assert [] == [(each.rule, each.message) for each in found]


@FEW
@given(data=st.data())
def test_what_is_drawn_is_clean(operation, data):
    """Answers that Hypothesis draws break no rule by either engine."""
    response = data.draw(responses(contract=operation.contract))
    for checker in (operation.fast, operation.reference):
        found = checker.check(Exchange(response, Source("made")))
        assert [] == [(each.rule, each.message) for each in found]


@FEW
@given(data=st.data())
def test_one_value_is_read_alike_in_both_formats(operation, data):
    """JSON and XML of one answer decode to one value, except for ways to be empty."""
    model = response_model_for(operation.contract, operation.contract.success)
    value = Sampler(model).value(data.draw(st.randoms(use_true_random=False)))
    in_json, in_xml = (
        operation.fast.judge(Exchange(Response(text.encode()), Source("made"))).value
        for text in (json_text(value), xml_text(operation.contract.success.root, value))
    )
    assert without_empty(in_json) == without_empty(in_xml) == without_empty(value)


def without_empty(value):
    """The value without members that are null or empty: XML has one way to write them all."""
    if isinstance(value, list):
        return [without_empty(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {name: without_empty(member) for name, member in value.items()}
    return {name: member for name, member in inner.items() if member not in (None, "", {}, [])}


words = st.sampled_from(["", "x", "****", "true", "1", "-1", "1.5", "a;b", "ACTIVE", "null"])
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2)
)


def holders_in(value):
    """Every object and list of a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict | list) and value else []
    return own + [each for one in inner for each in holders_in(one)]


@FEW
@given(data=st.data())
def test_the_engines_agree_on_mangled_answers(operation, data):
    """Members and items removed, repeated, renamed or replaced have one verdict."""
    contract = operation.contract
    sampler = Sampler(response_model_for(contract, contract.success))
    value = sampler.value(Random(data.draw(st.integers())))
    for _ in range(data.draw(st.integers(1, 3))):
        holders = holders_in(value)
        if holders:
            mangle(data.draw, data.draw(st.sampled_from(holders)))
    body = json_text(value).encode()
    assert operation.found(body) == operation.found(body, "reference")


def mangle(draw, holder):
    """One change to an object or a list."""
    if isinstance(holder, list):
        at = draw(st.integers(0, len(holder) - 1))
        match draw(st.sampled_from(["replace", "remove", "copy"])):
            case "replace":
                holder[at] = draw(anything)
            case "remove":
                del holder[at]
            case "copy":
                holder.append(holder[at])
        return
    name = draw(st.sampled_from(sorted(holder)))
    match draw(st.sampled_from(["replace", "remove", "rename", "list", "first"])):
        case "replace":
            holder[name] = draw(anything)
        case "remove":
            del holder[name]
        case "rename":
            holder[name.swapcase()] = holder.pop(name)
        case "list":
            holder[name] = [holder[name]]
        case "first":
            holder[name] = (holder[name] or [{}])[0] if isinstance(holder[name], list) else {}


@FEW
@given(data=st.data())
def test_the_engines_agree_on_mangled_xml(operation, data):
    """Both engines give one verdict on elements removed, repeated, renamed or filled otherwise."""
    contract = operation.contract
    sampler = Sampler(response_model_for(contract, contract.success))
    value = sampler.value(Random(data.draw(st.integers())))
    root = etree.fromstring(xml_text(contract.success.root, value).partition("?>")[2].encode())
    for _ in range(data.draw(st.integers(1, 3))):
        element = data.draw(st.sampled_from(list(root.iter())))
        parent = element.getparent()
        match data.draw(st.sampled_from(["text", "remove", "copy", "name"])):
            case "text":
                element.text = data.draw(words)
            case "remove" if parent is not None:
                parent.remove(element)
            case "copy" if parent is not None:
                parent.append(etree.fromstring(etree.tostring(element)))
            case "name":
                element.tag = element.tag.swapcase()
    body = etree.tostring(root, encoding="utf-8")
    assert operation.found(body) == operation.found(body, "reference")


def test_a_fault_trips_exactly_its_rules(operation):
    """Every fault that answers of the operation can have is noticed by its rules and no others."""
    contract = operation.contract
    right = [*sample_responses(contract, seed=1, media="both", count=COUNT)]
    wrong = []
    if contract.failure is not None:
        wrong = [*sample_failures(contract, seed=1, media="both", count=COUNT)]
    for fault in FAULTS.values():
        if fault.is_behaviour or not fault.fits(contract):
            continue
        pool = wrong if fault.shows is Shows.ON_ERRORS else right
        for response in pool:
            faulty = fault.apply(response, contract)
            if faulty is None:
                continue
            request = None
            if fault.needs_request:
                value = operation.fast.judge(Exchange(response, Source("made"))).value
                request = request_for(contract, value)
            found = operation.fast.check(Exchange(faulty, Source("made"), request))
            assert (fault.name, fault.breaks) == (fault.name, {each.rule for each in found}), faulty
