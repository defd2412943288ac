"""Which kind of answer came, and whether its members are named and placed as the page says."""

from collections.abc import Iterator
from dataclasses import dataclass

from docpact.check.body import Body
from docpact.check.breach import Breach, Value, ValuePath, dotted
from docpact.contract import Answer, Contract, Field, Kind, Media


@dataclass(frozen=True, slots=True)
class Envelope:
    """An answer with its members under their documented names."""

    answer: Answer
    value: dict[str, Value]
    breaches: tuple[Breach, ...]
    renamed: dict[ValuePath, ValuePath]  # documented path → path as captured
    unsettled: frozenset[ValuePath]  # structures whose members stand elsewhere


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
    """The XML root is the one that the answer's kind has; JSON is an object."""
    if body.media is Media.XML and body.root is not None and body.root != answer.root:
        roots = {answer.root, contract.success.root}
        expected = " or ".join(sorted(roots))
        yield Breach(
            "xml-wrong-root",
            f"the root element is {body.root}; the page says {expected}",
            origin=answer.root_origin,
            expected=expected,
            actual=body.root,
        )


def opened(body: Body, answer: Answer) -> Envelope:
    """The answer's members, with what is wrong about their names and places."""
    walk = _Walk(answer)
    value = walk.struct(body.members or {}, answer.fields, (), ())
    return Envelope(answer, value, tuple(walk.breaches), walk.renamed, frozenset(walk.unsettled))


class _Walk:
    """One pass over an answer, against the members that each structure should have."""

    def __init__(self, answer: Answer) -> None:
        self.breaches: list[Breach] = []
        self.renamed: dict[ValuePath, ValuePath] = {}
        self.unsettled: set[ValuePath] = set()
        self._homes = {path[-1].lower(): path for path, _ in reversed(tuple(answer.walk()))}
        self._tops = {each.name for each in answer.fields}

    def struct(
        self,
        members: dict[str, Value],
        fields: tuple[Field, ...],
        path: ValuePath,
        captured: ValuePath,
    ) -> dict[str, Value]:
        """The members by their documented names; unknown ones are left out."""
        settled: dict[str, Value] = {}
        strays: list[str] = []
        for name, value in members.items():
            field = _meant(name, fields, members)
            if field is None:
                strays.append(name)
                continue
            if field.name != name:
                self._wrong_case(field, name, path, captured)
            self._settle(field, name, value, (path, captured), settled)
        self._strays(strays, members, (path, captured))
        return settled

    def _settle(
        self,
        field: Field,
        name: str,
        value: Value,
        paths: tuple[ValuePath, ValuePath],
        settled: dict[str, Value],
    ) -> None:
        path, captured = (*paths[0], field.name), (*paths[1], name)
        if path != captured:
            self.renamed[path] = captured
        if field.kind is Kind.STRUCT and isinstance(value, dict):
            value = self.struct(value, field.fields, path, captured)
        settled[field.name] = value

    def _wrong_case(self, field: Field, name: str, path: ValuePath, captured: ValuePath) -> None:
        self.breaches.append(
            Breach(
                "wrong-name-case",
                f"{dotted((*captured, name))} is in the wrong letter case; it is {field.name}",
                (*path, field.name),
                expected=field.name,
                actual=name,
            )
        )

    def _strays(
        self,
        names: list[str],
        members: dict[str, Value],
        paths: tuple[ValuePath, ValuePath],
    ) -> None:
        path, captured = paths
        misplaced = [name for name in names if name.lower() in self._homes]
        wrapping = [name for name in names if self._wraps(members[name])]
        if misplaced or wrapping:
            self.unsettled.add(path)
        if misplaced:
            self.breaches.append(self._misplaced(misplaced, captured))
        for name in names:
            if name in wrapping:
                self.breaches.append(_wrapped((*captured, name), self._tops))
            elif name not in misplaced:
                self.breaches.append(_undocumented((*captured, name)))

    def _wraps(self, value: Value) -> bool:
        return isinstance(value, dict) and bool(self._tops & value.keys())

    def _misplaced(self, names: list[str], captured: ValuePath) -> Breach:
        first = names[0]
        home = self._homes[first.lower()]
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        where = dotted(captured) or "the top"
        right = dotted(home[:-1]) or "the top"
        return Breach(
            "misplaced-field",
            f"{first}{more} stands at {where}; the page has it under {right}",
            (*captured, first),
            expected=dotted(home),
            actual=dotted((*captured, first)),
        )


def _meant(name: str, fields: tuple[Field, ...], members: dict[str, Value]) -> Field | None:
    """The field that a name means: exactly, or in other letter case if that field is missing."""
    for field in fields:
        if field.name == name:
            return field
    for field in fields:
        if field.name.lower() == name.lower() and field.name not in members:
            return field
    return None


def _undocumented(path: ValuePath) -> Breach:
    return Breach("undocumented-field", f"{dotted(path)} is not on the page", path)


def _wrapped(path: ValuePath, tops: set[str]) -> Breach:
    return Breach(
        "misplaced-field",
        f"the answer is wrapped in {dotted(path)}; {' and '.join(sorted(tops))} belong at the top",
        path,
    )
