"""Which kind of answer came, and whether its members are named and placed as the page says."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from docpact.check.body import Body
from docpact.check.breach import Breach, Value, ValuePath, documented, dotted
from docpact.contract import Answer, Contract, Field, FieldPath, Kind, Media

_MOST_NAMED = 20  # undocumented members of one structure that get a finding each


@dataclass(frozen=True, slots=True)
class Envelope:
    """An answer with its members under their documented names."""

    answer: Answer
    value: dict[str, Value]
    breaches: tuple[Breach, ...]
    renamed: dict[ValuePath, ValuePath]  # documented path → path as captured
    elsewhere: frozenset[FieldPath]  # members that are not missing but misplaced

    def lacks_members_of(self, path: FieldPath) -> bool:
        """Whether a structure is empty because its members stand elsewhere."""
        return any(each[: len(path)] == path for each in self.elsewhere)


def kind_of_answer(body: Body, contract: Contract, *, ok: bool | None) -> Answer:
    """Success or failure: by the XML root, else by the names that occur, else by the status."""
    failure, success = contract.failure, contract.success
    if failure is None:
        return success
    if body.root in {success.root, failure.root}:
        return failure if body.root == failure.root else success
    names = {name.lower() for name in body.members or {}}
    known = {path[-1].lower() for path, _ in success.walk()}
    for_success = len(names & known)
    for_failure = len(names & {each.name.lower() for each in failure.fields})
    if for_failure == for_success:
        return failure if ok is False else success
    return failure if for_failure > for_success else success


def check_root(body: Body, answer: Answer, contract: Contract) -> Iterator[Breach]:
    """The XML root is the one that the answer's kind has."""
    if body.media is Media.XML and body.root is not None and body.root != answer.root:
        expected = " or ".join(sorted({answer.root, contract.success.root}))
        yield Breach(
            "xml-wrong-root",
            f"the root element is {body.root}; the page says {expected}",
            origin=answer.root_origin,
            expected=expected,
            actual=body.root,
        )


def opened(body: Body, answer: Answer, contract: Contract) -> Envelope:
    """The answer's members, with what is wrong about their names and places."""
    members = body.members or {}
    other = contract.success if answer is contract.failure else contract.failure
    walk = _Walk(answer, members, {each.name for each in other.fields} if other else set())
    value = walk.struct(members, answer.fields, (), ())
    return Envelope(answer, value, tuple(walk.breaches), walk.renamed, frozenset(walk.elsewhere))


class _Walk:
    """One pass over an answer, against the members that each structure should have."""

    def __init__(self, answer: Answer, members: dict[str, Value], others: set[str]) -> None:
        self.breaches: list[Breach] = []
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
                self.breaches.append(_wrong_case(field, here, there))
            settled[field.name] = self._settled(field, value, here, there)
        self._strays(strays, members, tuple(absent.values()), (path, captured))
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
        absent: tuple[Field, ...],
        paths: tuple[ValuePath, ValuePath],
    ) -> None:
        """What to say of members that do not belong into a structure."""
        path, captured = paths
        missing = {field.name for field in absent}
        misplaced: list[str] = []
        unknown: list[str] = []
        for name in names:
            value = members[name]
            if isinstance(value, dict) and missing & value.keys():
                self.elsewhere |= {(*documented(path), each) for each in missing}
                self.breaches.append(_wrapped((*captured, name), missing & value.keys()))
            elif self._belongs_elsewhere(name, documented(path)):
                misplaced.append(name)
            else:
                unknown.append(name)
        if misplaced:
            self.breaches.append(self._misplaced(misplaced, captured))
        self.breaches += self._undocumented(unknown, captured, missing)

    def _belongs_elsewhere(self, name: str, path: FieldPath) -> bool:
        """Whether a name is that of an absent member.

        At the top it may be a namesake that failures have, unless what should hold it is absent.
        """
        home = self._homes.get(name)
        if home is None:
            return False
        is_namesake = not path and name in self._others
        return not is_namesake or not _is_there(self._members, home[:-1])

    def _misplaced(self, names: list[str], captured: ValuePath) -> Breach:
        for name in names:
            home = self._homes[name]
            self.elsewhere |= {home[:length] for length in range(1, len(home) + 1)}
        home = self._homes[names[0]]
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        where = dotted(captured) or "the top"
        right = dotted(home[:-1]) or "the top"
        return Breach(
            "misplaced-field",
            f"{names[0]}{more} stands at {where}; the page has it under {right}",
            (*captured, names[0]),
            expected=dotted(home),
            actual=dotted((*captured, names[0])),
        )

    def _undocumented(
        self, names: list[str], captured: ValuePath, missing: set[str]
    ) -> Iterator[Breach]:
        for name in names[:_MOST_NAMED]:
            path = (*captured, name)
            foreign = not captured and name in self._others
            why = "does not belong into such an answer" if foreign else "is not on the page"
            near = get_close_matches(name, missing, n=1, cutoff=0.75)
            hint = f" (did you mean {near[0]}?)" if near else ""
            yield Breach("undocumented-field", f"{dotted(path)} {why}{hint}", path)
        if len(names) > _MOST_NAMED:
            where = dotted(captured) or "the top"
            more = len(names) - _MOST_NAMED
            message = f"{more} more members at {where} are not on the page"
            yield Breach("undocumented-field", message, captured)


def _is_there(members: dict[str, Value], path: FieldPath) -> bool:
    value: Value = members
    for step in path:
        if isinstance(value, list):
            return True  # what its items hold is looked at in each of them
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _wrong_case(field: Field, here: ValuePath, there: ValuePath) -> Breach:
    return Breach(
        "wrong-name-case",
        f"{dotted(there)} is in the wrong letter case; it is {field.name}",
        here,
        field.origin,
        expected=field.name,
        actual=str(there[-1]),
    )


def _wrapped(path: ValuePath, names: set[str]) -> Breach:
    inside = " and ".join(sorted(names)[:2])
    where = dotted(path[:-1]) or "at the top"
    return Breach(
        "misplaced-field",
        f"{inside} are wrapped in {dotted(path)}, which was not judged further; "
        f"they belong {where}",
        path,
    )
