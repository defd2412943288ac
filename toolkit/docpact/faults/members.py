"""Changes of single members: which member a fault changes, and what it writes there.

The catalogue is written for GetInstance. In another contract a fault changes the first member that
can show the same fault, or no answer can have it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from docpact.contract import (
    WHOLE_NUMBERS,
    Answer,
    Constraint,
    Contract,
    Echo,
    Embedded,
    Field,
    FieldPath,
    Kind,
    Pattern,
    Separated,
    Unit,
)
from docpact.core.serialize import is_element_name
from docpact.faults.fault import Changed, TargetedChange
from docpact.faults.parsed_response import Members, ParsedResponse, fields_in, main_structure

NUMBERS: Final = frozenset({*WHOLE_NUMBERS, Kind.FLOAT})
LEFT_OUT: Final = object()  # stands for a member that is not there


@dataclass(frozen=True, slots=True)
class TargetMember:
    """A field that a fault may change, and the structure that it is a member of."""

    structure: FieldPath
    field: Field
    constraints: tuple[Constraint, ...]  # those that look at the field

    @property
    def listed(self) -> frozenset[str]:
        """The listed values."""
        return frozenset(each.value for each in self.field.values)

    def has(self, kind: type[Unit | Embedded | Pattern | Separated]) -> bool:
        """Whether a constraint of a kind looks at it."""
        return any(isinstance(each, kind) for each in self.constraints)


Like = Callable[[TargetMember], bool]


def is_text(member: TargetMember) -> bool:
    """A text, listed or not."""
    return member.field.kind is Kind.STRING


def is_free_text(member: TargetMember) -> bool:
    """A text that may have any value."""
    return is_text(member) and not member.field.values and not member.constraints


def is_number(member: TargetMember) -> bool:
    """A number of any kind."""
    return member.field.kind in NUMBERS


def is_whole_number(member: TargetMember) -> bool:
    """A number that has no fraction."""
    return member.field.kind in WHOLE_NUMBERS


def is_listed(member: TargetMember) -> bool:
    """A text whose values the page lists."""
    return bool(member.field.values) and not member.field.empty


def is_time(member: TargetMember) -> bool:
    """A number that counts in a unit."""
    return member.has(Unit)


def is_required(member: TargetMember) -> bool:
    """A member that must be there."""
    return member.field.required is not None


def is_required_text(member: TargetMember) -> bool:
    """A text that must be there."""
    return is_required(member) and is_text(member)


def is_required_unlisted_text(member: TargetMember) -> bool:
    """A text that must be there and has no listed values."""
    return is_required_text(member) and not member.field.values


def is_text_never_null(member: TargetMember) -> bool:
    """A text that may be absent, while the page says nothing about an empty value."""
    return is_text(member) and _is_never_null(member)


def is_number_never_null(member: TargetMember) -> bool:
    """A number that may be absent, while the page says nothing about an empty value."""
    return is_number(member) and _is_never_null(member)


def _is_never_null(member: TargetMember) -> bool:
    return member.field.required is None and member.field.empty is None


def member_named(contract: Contract, name: str) -> TargetMember | None:
    """The member of that name in the main structure."""
    path = main_structure(contract.success)
    found = next((each for each in fields_in(contract.success, path) if each.name == name), None)
    return None if found is None or found.repeated else _member(contract, path, found)


def member_like(contract: Contract, like: Like) -> TargetMember | None:
    """The first member like what a fault changes: in the main structure, else at the top."""
    return next((each for each in _members(contract) if like(each)), None)


def _members(contract: Contract) -> Iterator[TargetMember]:
    answer = contract.success
    for path in dict.fromkeys((main_structure(answer), ())):
        for each in fields_in(answer, path):
            if not each.repeated and each.kind is not Kind.STRUCT and is_element_name(each.name):
                yield _member(contract, path, each)


def _member(contract: Contract, path: FieldPath, found: Field) -> TargetMember:
    dotted = ".".join((*path, found.name))
    bound = tuple(each for each in contract.constraints if dotted in each.fields)
    return TargetMember(path, found, bound)


@dataclass(frozen=True, slots=True)
class MemberChange(TargetedChange):
    """Changes the member that it names, or else the first one like it."""

    name: str
    like: Like
    elsewhere: bool = field(default=True, kw_only=True)  # whether another member will do

    def target(self, contract: Contract) -> TargetMember | None:
        """The member of a contract that is changed."""
        named = member_named(contract, self.name)
        if named is not None and self.accepts(named):
            return named
        return member_like(contract, self.accepts) if self.elsewhere else None

    def accepts(self, member: TargetMember) -> bool:
        """Whether a member can show the fault."""
        return self.like(member)

    def changed(self, structure: Members, member: TargetMember) -> Members | None:
        """The structure with the member changed; nothing where that changes nothing."""
        raise NotImplementedError

    def fits(self, contract: Contract) -> bool:
        """Whether a contract has such a member."""
        return self.target(contract) is not None

    def __call__(self, answer: ParsedResponse) -> Changed:
        """The answer with the member changed."""
        member = self.target(answer.contract)
        position = answer.position(member.structure) if member else None
        if member is None or position is None:
            return None
        changed = self.changed(answer.at(position), member)
        return None if changed is None else answer.with_structure(position, changed)


@dataclass(frozen=True, slots=True)
class SetMember(MemberChange):
    """Gives a member another value."""

    value: Any
    quotes: bool = field(default=False, kw_only=True)  # makes a text of the number that is there

    @property
    def gives(self) -> tuple[tuple[str, str], ...]:
        """The value, if it is a text."""
        return texts_in({self.name: self.value})

    def accepts(self, member: TargetMember) -> bool:
        """Whether the value is wrong there."""
        return self.like(member) and self.value not in [each.value for each in member.field.values]

    def changed(self, structure: Members, member: TargetMember) -> Members:
        """The structure with the value."""
        old = structure.get(member.field.name) if self.quotes else None
        return {**structure, member.field.name: self.value if old is None else str(old)}


@dataclass(frozen=True, slots=True)
class LeaveOut(MemberChange):
    """Leaves a member out."""

    def changed(self, structure: Members, member: TargetMember) -> Members:
        """The structure without the member."""
        return {key: each for key, each in structure.items() if key != member.field.name}


@dataclass(frozen=True, slots=True)
class RewriteListed(MemberChange):
    """Writes a listed value otherwise, where that changes anything."""

    rewrite: Callable[[str], str]
    only: str = field(default="", kw_only=True)  # the one value that this changes

    @property
    def gives(self) -> tuple[tuple[str, str], ...]:
        """The one value that is changed, if there is only one."""
        return ((self.name, self.only),) if self.only else ()

    def changed(self, structure: Members, member: TargetMember) -> Members | None:
        """The structure with the value written otherwise."""
        old = structure.get(member.field.name)
        new = self.rewrite(str(old)) if old else None
        if new is None or new == old or new in member.listed:
            return None
        return {**structure, member.field.name: new}

    def fits(self, contract: Contract) -> bool:
        """Whether a listed value differs if it is written otherwise."""
        member = self.target(contract)
        return member is not None and any(
            self.rewrite(each) not in member.listed for each in member.listed
        )


@dataclass(frozen=True, slots=True)
class SetTopMember(TargetedChange):
    """Gives a required member at the top another value, or leaves it out."""

    find: Callable[[Answer], Field | None]
    value: Any = LEFT_OUT

    def fits(self, contract: Contract) -> bool:
        """Whether there is such a member, and it is required."""
        found = self.find(contract.success)
        return found is not None and found.required is not None

    def __call__(self, answer: ParsedResponse) -> Changed:
        """The answer with the member changed."""
        found = self.find(answer.contract.success)
        if found is None:
            return None
        if self.value is LEFT_OUT:
            return answer.without(found.name)
        return {**answer.members, found.name: self.value}


@dataclass(frozen=True, slots=True)
class SetInstanceMembers(TargetedChange):
    """Gives members of the instance values that do not fit together."""

    bound_by: (
        type[Constraint] | None
    )  # the kind of constraint that must look at these members alone
    members: Mapping[str, Any]  # LEFT_OUT for those that must be absent

    @property
    def gives(self) -> tuple[tuple[str, str], ...]:
        """The values that are texts."""
        return texts_in(self.members)

    def fits(self, contract: Contract) -> bool:
        """Whether a contract has the members, and a constraint that ties them."""
        known = all(member_named(contract, name) is not None for name in self.members)
        return known and (
            self.bound_by is None or is_bound(contract, {*self.members}, self.bound_by)
        )

    def __call__(self, answer: ParsedResponse) -> Changed:
        """The answer with these members."""
        position = answer.main_position
        if position is None:
            return None
        made = {**answer.at(position), **self.members}
        kept = {name: value for name, value in made.items() if value is not LEFT_OUT}
        return answer.with_structure(position, kept)


def set_members(bound_by: type[Constraint] | None, **members: Any) -> SetInstanceMembers:
    """Gives members of the instance these values."""
    return SetInstanceMembers(bound_by, members)


@dataclass(frozen=True, slots=True)
class ChangeEcho(TargetedChange):
    """Changes a member that repeats a parameter, where that gives another usable value."""

    member: str
    rewrite: Callable[[str], str | None]

    def fits(self, contract: Contract) -> bool:
        """Whether every instance has the member, and it repeats a parameter."""
        found = member_named(contract, self.member)
        return found is not None and is_required(found) and is_bound(contract, {self.member}, Echo)

    def __call__(self, answer: ParsedResponse) -> Changed:
        """The answer about something else."""
        position = answer.main_position
        if position is None:
            return None
        instance = answer.at(position)
        old = instance[self.member]
        new = self.rewrite(str(old))
        if new is None or new == str(old) or not new.strip() or "***" in new:
            return None
        changed = {**instance, self.member: int(new) if isinstance(old, int) else new}
        return answer.with_structure(position, changed)


def is_bound(contract: Contract, names: set[str], kind: type[Constraint]) -> bool:
    """Whether a ruling of the contract is about these members of the instance alone."""
    structure = main_structure(contract.success)
    paths = {".".join((*structure, name)) for name in names}
    return any(
        isinstance(each, kind)
        and (each.origin.ruling or kind in {Echo, Unit})
        and paths.issuperset(each.fields)
        for each in contract.constraints
    )


def texts_in(members: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The members that are texts, with their values."""
    return tuple((name, value) for name, value in members.items() if isinstance(value, str))
