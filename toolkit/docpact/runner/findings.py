"""The findings of a run: each defect once, by its smallest example, with how to reproduce it."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

from docpact.contract import WHOLE_NUMBERS, Contract, Media
from docpact.contract.path_template import PathTemplate
from docpact.core.exchange import Exchange, Request, header
from docpact.core.finding import Finding
from docpact.core.span import Severity
from docpact.generate.requests import Signing
from docpact.http.signing import WrongSignature
from docpact.http.snippets import call_line, curl
from docpact.rules import RULES, Family
from docpact.runner.sending import WRONG_ENDING, WRONG_SECRET
from docpact.settings import Settings

Reproduce = Callable[[Exchange, Signing], str]
Defect = tuple[str, str, str]  # the rule, the field, and what the call was to show

_NEEDS_TWO_CALLS: Final = frozenset({"repeated-value"})
_MOST_APART: Final = 3  # fields with the same defect that are findings of their own
_ABOUT_CALLS: Final = frozenset({"unexpected-success", "unexpected-failure", "signature-ignored"})
_REFUSALS: Final = range(400, 500)
_TOO_LONG: Final = frozenset({414, 431})  # the target, the headers: no API sees such a request
_LONGEST_NAME: Final = 255  # bytes; file systems and web servers take no more
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORM_FAMILIES: Final = frozenset({Family.BODY, Family.JSON, Family.XML, Family.FIELD})
_FORM_RULES: Final = frozenset({"wrong-content-type", "missing-content-type"})


@dataclass(slots=True)
class _Example:
    finding: Finding
    size: tuple[bool, int]
    count: int = 1


@dataclass(slots=True)
class UniqueFindings:
    """Collects findings; a defect that was found before is counted, not repeated."""

    settings: Settings
    reproduce: Reproduce
    _examples: dict[Defect, _Example] = field(default_factory=dict)

    def add(
        self,
        findings: Iterable[Finding],
        exchange: Exchange,
        signing: Signing = Signing.VALID,
        before: Exchange | None = None,
    ) -> list[tuple[Finding, bool]]:
        """The findings of an exchange that the settings keep, each with whether it is new."""
        if is_refused_as_malformed(exchange):
            findings = (each for each in findings if not _is_about_form(each))
        folded = fold_fields(self.settings.judged(findings))
        return [self._add(each, exchange, signing, before) for each in folded]

    def findings(self) -> tuple[Finding, ...]:
        """Every defect so far, in the order in which they were found."""
        return tuple(replace(each.finding, count=each.count) for each in self._examples.values())

    def defects(self) -> frozenset[Defect]:
        """The identities of the defects so far."""
        return frozenset(self._examples)

    def _add(
        self, finding: Finding, exchange: Exchange, signing: Signing, before: Exchange | None
    ) -> tuple[Finding, bool]:
        everywhere = (finding.rule, "", "")  # so many fields break it that it is one defect
        defect = everywhere if everywhere in self._examples else defect_of(finding, exchange)
        example, size = self._examples.get(defect), _size(exchange)
        if example is None:
            finding = self._reproducible(finding, exchange, signing, before)
            self._examples[defect] = _Example(finding, size)
            return finding, True
        example.count += 1
        if size < example.size and finding.field == example.finding.field:
            example.finding = self._reproducible(finding, exchange, signing, before)
            example.size = size
        return example.finding, False

    def _reproducible(
        self, finding: Finding, exchange: Exchange, signing: Signing, before: Exchange | None
    ) -> Finding:
        """The finding with the commands that reproduce it: two if it takes two calls."""
        if before is None and finding.rule in _NEEDS_TWO_CALLS:
            before = exchange
        calls = [each for each in (before, exchange) if each is not None]
        commands = filter(None, (self.reproduce(each, signing) for each in calls))
        return replace(finding, reproduce="\n".join(commands))


def fold_fields(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of one answer; a rule that many of its fields break is one finding."""
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        by_rule.setdefault(each.rule, []).append(each)
    for same in by_rule.values():
        if len(same) <= _MOST_APART:
            yield from same
            continue
        first = min(same, key=lambda each: list(Severity).index(each.severity))
        names = ", ".join(each.field for each in same[:_MOST_APART])
        title = RULES[first.rule].title if first.rule in RULES else first.rule
        message = f"{title}, {len(same)} times in this answer ({names}, …); {first.message}"
        yield replace(first, message=message, field="", pointer="", expected=None, actual=None)


def defect_of(finding: Finding, exchange: Exchange) -> Defect:
    """What makes two findings one: the rule, the field, and for some rules the kind of call."""
    expected = exchange.expectation
    if expected is None or finding.rule not in _ABOUT_CALLS:
        return finding.rule, finding.field, ""
    # However a value is spoilt, a server that accepts it has one defect: it does not check it.
    kind = f"{expected.outcome} {expected.parameter}" if expected.parameter else expected.because
    return finding.rule, finding.field, kind


def is_refused_as_malformed(exchange: Exchange) -> bool:
    """Whether the request is such that a web server may have refused it before the API saw it.

    The page does not describe such requests, so it does not say what their refusal looks like.
    """
    if exchange.request is None or exchange.response.status not in _REFUSALS:
        return False
    if exchange.response.status in _TOO_LONG:
        return True
    return is_malformed(exchange.request.target.partition("?")[0])


def is_malformed(path: str) -> bool:
    """Whether some web servers refuse a path, or change it when they normalize it."""
    try:
        decoded = unquote_to_bytes(path).decode()
    except UnicodeError:
        return True
    segments = decoded.split("/")[1:]
    return (
        not {"", ".", ".."}.isdisjoint(segments)
        or "%2f" in path.lower()
        or any(len(each.encode()) > _LONGEST_NAME for each in segments)
        or _BAD_ESCAPE.search(path) is not None
        or _CONTROL.search(decoded) is not None
    )


def _is_about_form(finding: Finding) -> bool:
    """Whether a finding is about how an answer is written, not about the result of the call."""
    rule = RULES.get(finding.rule)
    return rule is not None and (rule.family in _FORM_FAMILIES or rule.id in _FORM_RULES)


def _size(exchange: Exchange) -> tuple[bool, int]:
    """How hard an example is to read and to repeat: oddly written paths come last."""
    target = exchange.request.target if exchange.request else ""
    path = target.partition("?")[0]
    expected = exchange.expectation
    is_odd = (
        (expected is not None and expected.about == "signature")
        or is_malformed(path)
        or any(
            each != quote(unquote(each, errors="replace"), safe="", errors="replace")
            for each in path.split("/")
        )
    )
    return is_odd, 4 * len(target) + len(exchange.response.body)


_ADDED: Final = frozenset({"authorization", "date", "host", "user-agent"})  # by any client
_OPTIONS: Final = frozenset({"accept", "x-acs-region-id"})  # headers that `docpact call` can send
_MISTAKES: Final = {
    Signing.OTHER_SECRET: WrongSignature(secret=WRONG_SECRET),
    Signing.ALTERED: WrongSignature(ending=WRONG_ENDING),
    Signing.WITHOUT_QUERY: WrongSignature(leaves_out_query=True),
}


def reproducer(
    contract: Contract, url: str, *, signed: bool, contract_file: str = ""
) -> Callable[[Exchange, Signing], str]:
    """Returns the command that makes a call again, with its mistake if the signature has one.

    The command holds no secret. It names the contract's file unless that is the bundled contract.
    """
    file, version = relative_path(contract_file), contract.operation.version

    def reproduce(exchange: Exchange, signing: Signing) -> str:
        request, expected = exchange.request, exchange.expectation
        if request is None:
            return ""
        if signing in _MISTAKES:
            mistake = _MISTAKES[signing]
            script = curl(url, request, signed=True, version=version, wrong=mistake)
        elif expected is not None and expected.about == "signature":
            script = _with_authorization(curl(url, request, signed=False), request)
        else:
            script = curl(url, request, signed=signed, version=version)
            script = _docpact_call(contract, url, request, file) or script
        return script.rstrip("\n")

    return reproduce


def relative_path(path: str) -> str:
    """A path from the current folder, if it is inside it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def _with_authorization(script: str, request: Request) -> str:
    """The script with the Authorization of the request, which is not a valid one."""
    authorization = header(request.headers, "Authorization")
    if authorization is None:
        return script
    option = f"curl \\\n  --header {shlex.quote(f'Authorization: {authorization}')} "
    return script.replace("curl ", option, 1)


def _docpact_call(contract: Contract, url: str, request: Request, file: str) -> str:
    """The `docpact call` that makes exactly this request, if there is one."""
    operation = contract.operation
    template = PathTemplate.parse(operation.path)
    parameters = template.match(request.target)
    path, _, query = request.target.partition("?")
    if not parameters or request.method != operation.method:
        return ""
    values = tuple(parameters.values())
    kinds = {each.name: each.kind for each in operation.parameters}
    numbers = [each for name, each in parameters.items() if kinds.get(name) in WHOLE_NUMBERS]
    if template.fill(values) != path or not all(map(_is_number, numbers)):
        return ""
    body = _body(query)
    others = {name.lower() for name, _ in request.headers} - _OPTIONS - _ADDED
    if (query and not body) or any(not each.startswith("x-acs-") for each in others):
        return ""
    accept = header(request.headers, "Accept") or ""
    region = header(request.headers, "x-acs-region-id") or ""
    return call_line(url, values, body=body, accept=accept, region=region, contract=file)


def _body(query: str) -> str:
    """The value of --body for a query that holds nothing but Format."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "Format":
        return ""
    return next((each.value for each in Media if each.value.upper() == pairs[0][1]), "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
