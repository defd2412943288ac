"""Which kind of answer came, and whether its members are named and placed as the page says."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

from docpact.check.decode import Body
from docpact.contract import Answer, Contract, Field, FieldPath, Kind, must_be_there
from docpact.core.span import Grade
from docpact.core.text import near_match
from docpact.core.violation import (
    Collector,
    Family,
    Rule,
    Value,
    ValuePath,
    Violation,
    documented,
    dotted,
    named,
)

_MOST_NAMED = 20  # undocumented members of one structure that get a finding each


@dataclass(frozen=True, slots=True)
class Envelope:
    """An answer with its members under their documented names."""

    answer: Answer
    value: dict[str, Value]
    violations: tuple[Violation, ...]
    renamed: dict[ValuePath, ValuePath]  # documented path → path as captured
    elsewhere: frozenset[FieldPath]  # members that are not missing but misplaced

    def lacks_members_of(self, path: FieldPath) -> bool:
        """Whether a structure is empty because its members are elsewhere."""
        return any(each[: len(path)] == path for each in self.elsewhere)


def kind_of_answer(body: Body, contract: Contract, *, ok: bool | None) -> Answer:
    """Success or failure: by the XML root, else by the members that occur, else by the status."""
    failure, success = contract.failure, contract.success
    if failure is None:
        return success
    if body.root in {success.root, failure.root}:
        return failure if body.root == failure.root else success
    members = body.members or {}
    names = {name.lower() for name in members}
    needed = {each.name.lower() for each in failure.fields if must_be_there(each)}
    is_whole_error = bool(needed) and needed <= names  # which may show what it is about
    if _has_own(members, success, failure):
        return failure if ok is False and is_whole_error else success
    inner = (each for each in members.values() if isinstance(each, dict))
    if not is_whole_error and any(_has_own(each, success, failure) for each in inner):
        return success  # within an envelope
    known = {path[-1].lower() for path, _ in success.walk()}
    for_success = len(names & known)
    for_failure = len(names & {each.name.lower() for each in failure.fields})
    if for_failure == for_success:
        return failure if ok is False else success
    return failure if for_failure > for_success else success


def _has_own(members: dict[str, Value], success: Answer, failure: Answer) -> bool:
    """Whether a member that only successes have at the top is there and filled.

    Names further down count for nothing here: a Code is a member of instances and of errors.
    """
    shared = {each.name.lower() for each in failure.fields}
    own = {each.name.lower(): each for each in success.fields if each.name.lower() not in shared}
    return any(
        name.lower() in own and _is_filled(own[name.lower()], value)
        for name, value in members.items()
    )


def _is_filled(field: Field, value: Value) -> bool:
    """Whether a value is not empty; a structure must hold a documented member."""
    if field.kind is not Kind.STRUCT or field.repeated:
        return value not in (None, "", [], {})
    known = {each.name.lower() for each in field.fields}
    return isinstance(value, dict) and any(name.lower() in known for name in value)


def opened(body: Body, answer: Answer, contract: Contract) -> Envelope:
    """The answer's members, with what is wrong about their names and places."""
    members = body.members or {}
    other = contract.success if answer is contract.failure else contract.failure
    walk = _Walk(answer, members, {each.name for each in other.fields} if other else set())
    value = walk.struct(members, answer.fields, (), ())
    return Envelope(answer, value, tuple(walk.violations), walk.renamed, frozenset(walk.elsewhere))


class _Walk:
    """One pass over an answer, against the members that each structure should have."""

    def __init__(self, answer: Answer, members: dict[str, Value], others: set[str]) -> None:
        self.violations = Collector()
        self.renamed: dict[ValuePath, ValuePath] = {}
        self.elsewhere: set[FieldPath] = set()
        paths = [path for path, _ in answer.walk()]
        # Where the name of each absent member belongs; of namesakes the uppermost counts.
        self._homes = {path[-1]: path for path in reversed(paths) if not _is_there(members, path)}
        self._members = members
        self._others = others  # what only the other kind of answer has at the top

    def struct(
        self,
        members: dict[str, Value],
        fields: tuple[Field, ...],
        path: ValuePath,
        captured: ValuePath,
    ) -> dict[str, Value]:
        """The members by their documented names; unknown ones are left out."""
        exact = {field.name: field for field in fields}
        absent = {field.name.lower(): field for field in fields if field.name not in members}
        settled: dict[str, Value] = {}
        strays: list[str] = []
        for name, value in members.items():
            field = exact.get(name) or absent.pop(name.lower(), None)
            if field is None:
                strays.append(name)
                continue
            here, there = (*path, field.name), (*captured, name)
            if field.name != name:
                self.violations.append(_wrong_case(field, here, there))
            settled[field.name] = self._settled(field, value, here, there)
        if strays:
            is_bare = not settled  # then even one name shows what an unknown structure holds
            absent_here = _Absent(tuple(absent.values()), is_bare)
            self._strays(strays, members, absent_here, (path, captured))
        return settled

    def _settled(self, field: Field, value: Value, here: ValuePath, there: ValuePath) -> Value:
        if here != there:
            self.renamed[here] = there
        if field.repeated and isinstance(value, list):
            return [
                self._inner(field, item, (*here, index), (*there, index))
                for index, item in enumerate(value)
            ]
        return self._inner(field, value, here, there)

    def _inner(self, field: Field, value: Value, here: ValuePath, there: ValuePath) -> Value:
        if field.kind is Kind.STRUCT and isinstance(value, dict):
            return self.struct(value, field.fields, here, there)
        return value

    def _strays(
        self,
        names: list[str],
        members: dict[str, Value],
        absent_here: "_Absent",
        paths: tuple[ValuePath, ValuePath],
    ) -> None:
        """Report members that do not belong in a structure."""
        path, captured = paths
        misplaced: list[str] = []
        unknown: list[str] = []
        for name in names:
            value = members[name]
            inner = value if isinstance(value, dict) else {}
            wrapped = absent_here.wrapped_in(inner)
            if wrapped:
                self.elsewhere |= {(*documented(path), each) for each in wrapped}
                self.violations.append(_wrapped((*captured, name), wrapped))
            elif self._belongs_elsewhere(name, documented(path)):
                misplaced.append(name)
            else:
                unknown.append(name)
        if not path and self._others.issuperset(misplaced):
            unknown, misplaced = [*misplaced, *unknown], []  # by themselves they prove nothing
        if misplaced:
            self.violations.append(self._misplaced(misplaced, captured))
        self.violations.extend(self._undocumented(unknown, captured, absent_here.names))

    def _belongs_elsewhere(self, name: str, path: FieldPath) -> bool:
        """Whether a name is that of an absent member.

        At the top it may be a namesake that failures have, unless what should hold it is absent.
        """
        home = self._homes.get(name)
        if home is None:
            return False
        is_namesake = not path and name in self._others
        return not is_namesake or not _is_there(self._members, home[:-1])

    def _misplaced(self, names: list[str], captured: ValuePath) -> Violation:
        for name in names:
            home = self._homes[name]
            self.elsewhere |= {home[:length] for length in range(1, len(home) + 1)}
        home = self._homes[names[0]]
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        where = dotted(captured) or "the top"
        right = dotted(home[:-1]) or "the top"
        return Violation(
            "misplaced-field",
            f"{named(names[0])}{more} is at {where}; on the page it is under {right}",
            (*captured, names[0]),
            expected=dotted(home),
            actual=dotted((*captured, names[0])),
        )

    def _undocumented(
        self, names: list[str], captured: ValuePath, missing: Set[str]
    ) -> Iterator[Violation]:
        for name in names[:_MOST_NAMED]:
            path = (*captured, name)
            foreign = not captured and name in self._others
            why = "does not belong in such an answer" if foreign else "is not on the page"
            near = near_match(name, missing, cutoff=0.75)
            hint = f" (did you mean {near}?)" if near else ""
            yield Violation("undocumented-field", f"{dotted(path)} {why}{hint}", path)
        if len(names) > _MOST_NAMED:
            where = dotted(captured) or "the top"
            more = len(names) - _MOST_NAMED
            message = f"{more} more members at {where} are not on the page"
            yield Violation("undocumented-field", message, captured)


def _is_there(members: dict[str, Value], path: FieldPath) -> bool:
    """Whether a member is at its place, in any letter case."""
    value: Value = members
    for step in path:
        if isinstance(value, list):
            return True  # what its items hold is checked in each of them
        if not isinstance(value, dict):
            return False
        name = step if step in value else _in_other_letters(step, value)
        if name is None:
            return False
        value = value[name]
    return True


def _in_other_letters(name: str, members: dict[str, Value]) -> str | None:
    lower = name.lower()
    return next((each for each in members if each.lower() == lower), None)


@dataclass(frozen=True, slots=True)
class _Absent:
    """The absent members of a structure, to recognise them where they are wrapped once more."""

    fields: tuple[Field, ...]
    is_bare: bool  # it holds nothing that is documented

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.fields)

    def wrapped_in(self, inner: dict[str, Value]) -> Set[str]:
        """The members of an unknown structure that belong around it; none if it is something new.

        Optional members prove little: a new structure may have an EndTime, too.
        """
        wrapped = self.names & inner.keys()
        needed = any(each.required and each.name in wrapped for each in self.fields)
        most = len(wrapped) > 1 and len(wrapped) * 2 > max(len(self.fields), len(inner))
        return wrapped if self.is_bare or needed or most else frozenset()


def _wrong_case(field: Field, here: ValuePath, there: ValuePath) -> Violation:
    return Violation(
        "wrong-name-case",
        f"{dotted(there)} is in the wrong letter case; it is {field.name}",
        here,
        field.origin,
        expected=field.name,
        actual=str(there[-1]),
    )


def _wrapped(path: ValuePath, names: Set[str]) -> Violation:
    inside = " and ".join(sorted(names)[:2])
    are, they = ("is", "it belongs") if len(names) == 1 else ("are", "they belong")
    where = f"under {dotted(path[:-1])}" if path[:-1] else "at the top"
    return Violation(
        "misplaced-field",
        f"{inside} {are} wrapped in {dotted(path)}, which was not checked further; {they} {where}",
        path,
    )


MEMBER_RULES: Final = (
    Rule(
        "undocumented-field",
        Family.FIELD,
        Grade.IMPLIED,
        "A field is not on the page",
        "The page does not document this field. Vendors add fields, so this is never an error by "
        "default.",
        '"Priority": 3',
        "A server that is newer than the page.",
    ),
    Rule(
        "wrong-name-case",
        Family.FIELD,
        Grade.STATED,
        "The name of a documented field is in the wrong letter case",
        "Names are case-sensitive in JSON and XML; a client that reads RequestId does not find "
        "requestId. The value is checked as if the name were right.",
        '"requestId": "…"',
        "A server whose clients all ignore letter case.",
    ),
    Rule(
        "misplaced-field",
        Family.FIELD,
        Grade.STATED,
        "A documented field is at another level",
        "The page's samples show where each field belongs.",
        '{"RequestId": "…", "ActualState": "RUNNING"}',
        "A server that is newer than the page and has a field of that name at two levels.",
    ),
)
