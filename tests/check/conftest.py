"""What the tests of the checks share: judges, and clean answers to break."""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from docpact.check import Checker
from docpact.contract import Contract, load_bundled, load_bundled_schemas
from docpact.core.exchange import Exchange, Headers, Request, Response, Source
from docpact.core.finding import Finding

CLEAN = {
    "RequestId": "6D4F2C1A-93B7-4E58-A0C2-1F7E5B8D9034",
    "Instance": {
        "Id": 412536,
        "ProjectName": "project1",
        "JobName": "job1",
        "ActualState": "RUNNING",
        "ExpectState": "RUNNING",
        "JobType": "FLINK_STREAM",
        "ApiType": "SQL",
        "StartTime": 1599794335000,
        "Code": "INSERT INTO sink SELECT id FROM source;",
    },
}
FAILURE = {
    "RequestId": "C27B5E90-41F3-4D8A-9C06-B3E8A1D7F520",
    "HostId": "foas.aliyuncs.com",
    "Code": "InstanceNotFound",
    "Message": "There is no instance 999.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found in one exchange."""

    findings: tuple[Finding, ...]

    @property
    def rules(self) -> list[str]:
        """The rules that were broken, sorted, each as often as it was broken."""
        return sorted(each.rule for each in self.findings)

    @property
    def severities(self) -> list[tuple[str, str]]:
        """Rule and severity of each finding, sorted."""
        return sorted((each.rule, each.severity.value) for each in self.findings)

    @property
    def only(self) -> Finding:
        """The finding, of which there must be exactly one."""
        (finding,) = self.findings
        return finding

    def of(self, rule: str) -> Finding:
        """The one finding of a rule."""
        (finding,) = (each for each in self.findings if each.rule == rule)
        return finding


@dataclass(frozen=True, slots=True)
class Judge:
    """A checker that takes a bare body and whatever else a test wants to say."""

    checker: Checker
    lenient: Checker  # accepts the page's cut form of the XML sample

    def __call__(
        self,
        body: bytes | str,
        *,
        status: int | None = None,
        headers: Headers = (),
        request: Request | None = None,
        first_line: int = 1,
    ) -> Verdict:
        """Everything that is wrong with the body."""
        data = body.encode() if isinstance(body, str) else body
        source = Source("capture", first_line)
        exchange = Exchange(Response(data, status, headers), source, request)
        return Verdict(tuple(self.checker.check(exchange)))

    def value(self, body: bytes | str) -> dict[str, object]:
        """What the body says, by the documented names."""
        data = body.encode() if isinstance(body, str) else body
        return self.checker.judge(Exchange(Response(data), Source("capture"))).value

    def fragment(self, body: str) -> Verdict:
        """Everything that is wrong where the page's cut form is accepted."""
        exchange = Exchange(Response(body.encode()), Source("capture"))
        return Verdict(tuple(self.lenient.check(exchange)))


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract that ships with docpact."""
    return load_bundled()


@pytest.fixture(scope="session", params=["fast", "reference"])
def judge(request: pytest.FixtureRequest, contract: Contract) -> Judge:
    """A judge with each engine in turn."""
    schemas = load_bundled_schemas()
    return Judge(
        Checker(contract, schemas, engine=request.param),
        Checker(contract, schemas, engine=request.param, fragment=True),
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """Makes answers that are clean but for what a test changes."""

    def value(
        self, changes: dict | None = None, *, top: dict | None = None, without: Iterable[str] = ()
    ) -> dict:
        """A successful answer; `changes` go into the instance, `top` beside it."""
        value = deepcopy(CLEAN)
        value["Instance"].update(changes or {})
        value.update(top or {})
        for name in without:
            holder = value if name in value else value["Instance"]
            del holder[name]
        return value

    def failure(self, changes: dict | None = None, *, without: Iterable[str] = ()) -> dict:
        """An error body."""
        value = {**FAILURE, **(changes or {})}
        return {name: each for name, each in value.items() if name not in set(without)}

    def json(self, value: object) -> str:
        """The value as JSON, indented so that each member has its line."""
        return json.dumps(value, ensure_ascii=False, indent=2)

    def xml(self, value: dict, root: str = "GetInstanceResponse") -> str:
        """The value as XML, each member on its line; null is an element without content."""
        lines = "\n".join(_elements(value))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{lines}\n</{root}>\n'

    def json_with(self, name: str, text: str) -> str:
        """A successful answer in JSON with a member of the instance written just so."""
        return json.dumps(self.value({name: "@"})).replace('"@"', text)

    def xml_with(self, markup: str, *, without: Iterable[str] = ()) -> str:
        """A successful answer in XML with that markup at the end of the instance."""
        text = self.xml(self.value(without=without))
        return text.replace("</Instance>", f"{markup}</Instance>")


def _elements(members: dict) -> Iterable[str]:
    for name, value in members.items():
        if isinstance(value, dict):
            yield f"<{name}>"
            yield from _elements(value)
            yield f"</{name}>"
        elif value is None or value == "":
            yield f"<{name}/>"
        else:
            yield f"<{name}>{escape(str(value))}</{name}>"


@pytest.fixture(scope="session")
def answers() -> Answers:
    """A maker of answers."""
    return Answers()


@pytest.fixture(params=["json", "xml"])
def write(request: pytest.FixtureRequest, answers: Answers) -> Callable[[dict], str]:
    """Writes a value in JSON and in XML in turn, success or failure."""
    if request.param == "json":
        return answers.json
    return lambda value: answers.xml(
        value, "Error" if "HostId" in value and "Instance" not in value else "GetInstanceResponse"
    )


@pytest.fixture(scope="session")
def page(checkout: Path) -> tuple[str, ...]:
    """The lines of our edition of the page; line N of the page is item N - 1."""
    path = checkout / "samples" / "pages" / "GetInstance.md"
    return tuple(path.read_text(encoding="utf-8").split("\n"))
