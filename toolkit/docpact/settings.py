"""What a team decided about findings: which rules count, how much, and what fails a run."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, Self

from docpact.errors import WrongConfiguration
from docpact.finding import Finding
from docpact.rules import RULES
from docpact.span import Severity

_FILES = ("docpact.toml", "pyproject.toml")
PLUGIN = "pytest"  # the table within, which commands leave alone


@dataclass(frozen=True, slots=True)
class Selector:
    """A rule, for all fields or for one: "wrong-type" or "wrong-type:Instance.EndTime"."""

    rule: str
    field: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a selector.

        Raises WrongConfiguration if there is no such rule.
        """
        rule, _, field = text.partition(":")
        if rule not in RULES:
            hint = "`docpact explain` lists all rules."
            raise WrongConfiguration(f"there is no rule {rule!r}{_near(rule, RULES)}", hint=hint)
        return cls(rule, field)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is meant."""
        return finding.rule == self.rule and self.field in {"", finding.field}


@dataclass(frozen=True, slots=True)
class Settings:
    """How findings are judged; the defaults are docpact's own."""

    strict: bool = False  # warnings fail a run too
    pedantic: bool = False  # notes as well
    ignore: tuple[Selector, ...] = ()
    severity: tuple[tuple[Selector, Severity], ...] = ()
    engine: Literal["fast", "reference"] = "fast"
    fragment: bool = False
    contract: str = ""  # path of a compiled contract; empty for the one that ships

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that fail a run."""
        failing = {Severity.ERROR}
        if self.strict or self.pedantic:
            failing.add(Severity.WARNING)
        if self.pedantic:
            failing.add(Severity.NOTE)
        return frozenset(failing)

    @property
    def telling(self) -> frozenset[Severity]:
        """The severities of findings that are told one by one."""
        return self.failing | {Severity.WARNING}

    def judged(self, findings: Iterator[Finding]) -> Iterator[Finding]:
        """The findings that count, each with the severity it has here."""
        for finding in findings:
            if not any(each.covers(finding) for each in self.ignore):
                yield self._regraded(finding)

    def _regraded(self, finding: Finding) -> Finding:
        chosen = [(each, severity) for each, severity in self.severity if each.covers(finding)]
        if not chosen:
            return finding
        # A selector with a field says more than one without.
        _, severity = max(chosen, key=lambda pair: bool(pair[0].field))
        return replace(finding, severity=severity)


def refuse_unknown_fields(settings: Settings, known: Collection[str]) -> None:
    """Refuse selectors of fields that the contract has not.

    Undocumented fields may be named all the same. Raises WrongConfiguration.
    """
    for each in (*settings.ignore, *(selector for selector, _ in settings.severity)):
        if each.field and each.field not in known and each.rule != "undocumented-field":
            message = f"the page has no field {each.field!r}{_near(each.field, known)}"
            raise WrongConfiguration(message, hint="Fields are written as in Instance.EndTime.")


def find_settings(start: Path) -> Settings:
    """The settings of the folder or the nearest one above it that has any.

    Raises WrongConfiguration if they say something that settings cannot say.
    """
    table, path = _nearest(start)
    return _settings(table, path) if path else Settings()


def find_plugin_options(start: Path) -> Mapping[str, object]:
    """What the same settings say in their table "pytest", which is the plugin's own.

    Raises WrongConfiguration if that is no table.
    """
    table, path = _nearest(start)
    options = table.get(PLUGIN, {})
    if not isinstance(options, dict):
        raise WrongConfiguration(f"{path} has a {PLUGIN} that is no table")
    return options


def _nearest(start: Path) -> tuple[Mapping[str, object], Path | None]:
    """The table of settings nearest to a folder, and the file that has it."""
    for folder in (start, *start.parents):
        for name in _FILES:
            path = folder / name
            if path.is_file():
                table = _table(path)
                if table is not None:
                    return table, path
    return {}, None


def _table(path: Path) -> Mapping[str, object] | None:
    try:
        text = path.read_text("utf-8")
        if "docpact" not in text and path.name == "pyproject.toml":
            return None
        import tomllib  # only where there is something to read: start-up counts

        document = tomllib.loads(text)
    except (OSError, ValueError) as cause:
        raise WrongConfiguration(f"{path} cannot be read: {cause}") from cause
    if path.name == "docpact.toml":
        return document
    tools = document.get("tool", {})
    table = tools.get("docpact", None) if isinstance(tools, dict) else tools
    if table is not None and not isinstance(table, dict):
        raise WrongConfiguration(f"{path} has a tool.docpact that is no table")
    return table


def _settings(table: Mapping[str, object], path: Path) -> Settings:
    known = {each.name for each in fields(Settings)}
    for key in table:
        if key not in known and key != PLUGIN:
            hint = f"Known settings: {', '.join(sorted(known))}."
            raise WrongConfiguration(f"{path} has the unknown setting {key!r}", hint=hint)
    try:
        return Settings(
            strict=_flag(table, "strict"),
            pedantic=_flag(table, "pedantic"),
            ignore=tuple(Selector.parse(each) for each in _texts(table, "ignore")),
            severity=tuple(_severities(table)),
            engine="reference" if _is_reference(table) else "fast",
            fragment=_flag(table, "fragment"),
            contract=_contract(table, path.parent),
        )
    except WrongConfiguration as wrong:
        raise WrongConfiguration(f"{path}: {wrong.message}", hint=wrong.hint) from wrong


def _flag(table: Mapping[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise WrongConfiguration(f"{key} is {value!r}; it is true or false")
    return value


def _texts(table: Mapping[str, object], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongConfiguration(f"{key} is {value!r}; it is a list of texts")
    return value


def _is_reference(table: Mapping[str, object]) -> bool:
    value = table.get("engine", "fast")
    if value not in ("fast", "reference"):  # a list cannot be looked up in a set
        raise WrongConfiguration(f"engine is {value!r}; it is one of fast, reference")
    return value == "reference"


def _contract(table: Mapping[str, object], folder: Path) -> str:
    value = table.get("contract", "")
    if not isinstance(value, str):
        raise WrongConfiguration(f"contract is {value!r}; it is the path of a compiled contract")
    return str(folder / value) if value else ""


def _severities(table: Mapping[str, object]) -> Iterator[tuple[Selector, Severity]]:
    value = table.get("severity", {})
    if not isinstance(value, dict):
        raise WrongConfiguration(f"severity is {value!r}; it is a table of rule = severity")
    allowed = [each.value for each in Severity]
    for key, level in value.items():
        if level not in allowed:
            choices = ", ".join(allowed)
            raise WrongConfiguration(f"severity of {key} is {level!r}; it is one of {choices}")
        yield Selector.parse(str(key)), Severity(level)


def _near(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
