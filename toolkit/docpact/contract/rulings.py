"""Read the recorded human decisions on what a page leaves open."""

import tomllib
from pathlib import Path, PurePath
from typing import Literal

import msgspec

from docpact.contract.constraints import CONSTRAINT_KINDS, Constraint
from docpact.contract.model import Place
from docpact.core.errors import BrokenContract
from docpact.core.span import Frozen, Grade, Origin, Severity, Span


class ParameterRuling(Frozen, frozen=True):
    """How a parameter travels, or one that the page's table does not list."""

    name: str
    place: Place
    wire_name: str
    required: bool
    values: tuple[str, ...] = ()
    default: str | None = None


class FailureRuling(Frozen, frozen=True):
    """What a failure holds where the page itself shows none; every member is a text."""

    root: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class RuledPoint(Frozen, frozen=True):
    """One ruling as the file has it, with its effects on the contract."""

    id: str
    line: int
    grade: Grade
    decision: str
    reason: str
    mentions: str = ""  # a word of that line, so that a page that moved is noticed
    severity: Severity | None = None
    sources: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    regrade: tuple[str, ...] = ()  # ids of constraints that the page's text gave rise to
    root: str = ""
    parameter: tuple[ParameterRuling, ...] = ()
    failure: FailureRuling | None = None
    constraint: tuple[dict[str, object], ...] = ()

    @property
    def field_lists(self) -> list[list[object]]:
        """The fields of each constraint that names several."""
        lists = (entry.get("fields") for entry in self.constraint)
        return [each for each in lists if isinstance(each, list)]

    def origin(self, page: str, quote: str) -> Origin:
        """Where the decision stands, as an origin for what it decides."""
        return Origin(
            span=Span(page, self.line, self.line),
            grade=self.grade,
            quote=quote,
            ruling=self.id,
            raised_to=self.severity,
        )


class Rulings(Frozen, frozen=True):
    """All rulings on one page."""

    ruling: tuple[RuledPoint, ...] = ()
    version: Literal[1] = 1


NO_RULINGS = Rulings()


def rulings_file(page: PurePath) -> PurePath:
    """Where the rulings on a page are: beside it, with its name."""
    return page.with_suffix(".rulings.toml")


def rulings_beside(page: Path) -> Rulings:
    """The rulings on a page, or none where there is no file of them.

    Raises BrokenContract as `read_rulings`.
    """
    path = Path(rulings_file(page))
    return read_rulings(path) if path.is_file() else NO_RULINGS


def read_rulings(path: Path) -> Rulings:
    """Read a rulings file.

    Raises BrokenContract if it cannot be read or does not hold rulings.
    """
    try:
        return parse_rulings(path.read_bytes(), path.name)
    except OSError as cause:
        raise BrokenContract(f"{path.name} cannot be read: {cause.strerror}") from cause


def parse_rulings(content: bytes, name: str) -> Rulings:
    """The rulings in the content of a file, which messages call `name`.

    Raises BrokenContract if it does not hold rulings.
    """
    try:
        rulings = msgspec.convert(tomllib.loads(content.decode()), Rulings, strict=True)
    except UnicodeDecodeError as cause:
        raise BrokenContract(f"{name} cannot be read: {cause}") from cause
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as cause:
        hint = "Compare it with samples/pages/GetInstance.rulings.toml."
        raise BrokenContract(f"{name} is not a rulings file: {cause}", hint=hint) from cause
    _refuse_duplicates(rulings, name)
    return rulings


def _refuse_duplicates(rulings: Rulings, name: str) -> None:
    seen: set[str] = set()
    for each in rulings.ruling:
        if each.id in seen:
            raise BrokenContract(f"{name} has two rulings with the id {each.id}")
        seen.add(each.id)


def constraints_of(point: RuledPoint, origin: Origin) -> list[Constraint]:
    """The constraints that a ruling adds, one for each field it names.

    Raises BrokenContract if an entry has an unknown kind or is incomplete.
    """
    specs = [one for entry in point.constraint for one in _one_for_each_field(entry)]
    ids = [point.id] if len(specs) == 1 else [f"{point.id}-{n}" for n in range(1, len(specs) + 1)]
    return [
        _constraint(point, spec, constraint_id, origin)
        for spec, constraint_id in zip(specs, ids, strict=True)
    ]


def _one_for_each_field(entry: dict[str, object]) -> list[dict[str, object]]:
    fields = entry.get("fields")
    if not isinstance(fields, list) or not fields:
        return [entry]
    rest = {key: value for key, value in entry.items() if key != "fields"}
    return [{**rest, "field": each} for each in fields]


def _constraint(
    point: RuledPoint, spec: dict[str, object], constraint_id: str, origin: Origin
) -> Constraint:
    kind = CONSTRAINT_KINDS.get(str(spec.get("kind")))
    if kind is None:
        raise BrokenContract(
            f"ruling {point.id} has a constraint of unknown kind {spec.get('kind')!r}",
            hint=f"Known kinds: {', '.join(sorted(CONSTRAINT_KINDS))}.",
        )
    whole = {**spec, "id": constraint_id, "origin": msgspec.to_builtins(origin)}
    del whole["kind"]
    try:
        return msgspec.convert(whole, kind, strict=True)
    except msgspec.ValidationError as cause:
        raise BrokenContract(f"ruling {point.id} has a broken constraint: {cause}") from cause
