"""Why each kind of change breaks a client or a server, or does not: the one table of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from docpact.contract.diff.change import Audience, Change, ChangeKind, Impact
from docpact.core.span import Severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a change does to one audience, and half a sentence that says why."""

    impact: Impact
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """What a kind of change means."""

    title: str  # with {name}, {old} and {new} for what the pages say
    client: Verdict
    server: Verdict
    words_only: bool = False  # nothing that a program sees, so it is shown only if asked for

    def verdict(self, audience: Audience) -> Verdict:
        """What it does to one of the two."""
        return self.client if audience is Audience.CLIENT else self.server


# Each kind of change with its title, and what it does to clients and servers: nothing where it is
# only for people to read.
_TABLE: Final = """
operation-renamed: the operation is {new}, was {old}
    both breaking: the pages describe two operations
request-line-stated: the request line is stated: {new}
    both risky: the old page left method and path open, so what was guessed may be wrong
request-line-withdrawn: the request line is no longer stated: {old}
    both compatible: the new page names no other method and path
method-changed: the method is {new}, was {old}
    client breaking: it calls with a method that is refused
    server breaking: it refuses the method of new calls
path-changed: the path is {new}, was {old}
    client breaking: it calls a path that is not there
    server breaking: it has nothing at the path of new calls
placeholder-renamed: the path is written {new}, was {old}
    both compatible: a placeholder's name does not travel
version-stated: the API version is stated: {new}
    both compatible: the old page named no other version
version-withdrawn: the API version is no longer stated: {old}
    both compatible: the new page names no other version
version-changed: the API version is {new}, was {old}
    client breaking: its calls name the old version
    server breaking: new calls name a version that it does not know
operation-otherwise: the operation {name} has {new}, had {old}
    both risky: docpact does not know what follows from it
summary-reworded: the summary of {name} was reworded

required-parameter-added: the parameter {name} was added as required
    client breaking: calls that do not send it may be refused
    server risky: calls send it now, and it would be ignored
optional-parameter-added: the parameter {name} was added as optional
    client compatible: it need not be sent
    server risky: calls may send it, and it would be ignored
required-parameter-removed: the required parameter {name} was removed
    client risky: it sends what may be ignored or refused
    server breaking: it requires what calls no longer send
optional-parameter-removed: the optional parameter {name} was removed
    client risky: what it sends may be ignored or refused
    server compatible: it never required it
parameter-renamed: the parameter {old} was renamed to {new}
    client breaking: it sends the old name
    server breaking: it looks for the old name
parameter-relabelled: the parameter {old} is called {new} on the page
    both compatible: it travels as before
parameter-moved: the parameter {name} travels in {new}, was in {old}
    client breaking: it sends it in the old place
    server breaking: it looks for it in the old place
parameter-retyped: the parameter {name} was retyped from {old} to {new}
    client breaking: it sends the old type
    server breaking: it expects the old type
parameter-type-stated: the type of the parameter {name} is stated: {new}
    both risky: the old page named no known type, so what was guessed may be wrong
parameter-type-withdrawn: the type of the parameter {name} is no longer stated: {old}
    client compatible: the new page names no other type
    server risky: calls may send other types
parameter-now-required: the parameter {name} is required now
    client breaking: calls without it may be refused
    server compatible: every call sends it
parameter-now-optional: the parameter {name} is optional now
    client compatible: it may go on sending it
    server breaking: calls may leave it out
parameter-values-listed: the values of the parameter {name} are listed: {new}
    client risky: other values that it sends may be refused
    server compatible: calls send fewer values
parameter-values-unlisted: the values of the parameter {name} are no longer listed: {old}
    client compatible: what was listed is not excluded
    server risky: calls may send values that it does not know
parameter-value-added: the parameter {name} can be {new} now
    client compatible: it need not send it
    server breaking: calls may send a value that it does not know
parameter-value-removed: the parameter {name} can no longer be {old}
    client breaking: calls with this value may be refused
    server compatible: no call sends it
parameter-default-changed: the default of the parameter {name} is {new}, was {old}
    client risky: calls that leave it out may mean something else
    server risky: it may misread calls that leave it out
parameter-meaning-added: a meaning of {new} was added to the parameter {name}
    client compatible: it need not send it
    server risky: calls may use a meaning that it does not know
parameter-meaning-dropped: the meaning of {old} was dropped from the parameter {name}
    client risky: it may send what is no longer understood
    server compatible: it may go on understanding it
parameter-otherwise: the parameter {name} has {new}, had {old}
    both risky: docpact does not know what follows from it
parameter-example-changed: the example of the parameter {name} was changed
parameter-reworded: the description of the parameter {name} was reworded

root-changed: the XML root is {new}, was {old}
    client breaking: it looks for the old root
    server breaking: it sends the old root
answer-otherwise: the answer {name} has {new}, had {old}
    both risky: docpact does not know what follows from it
error-described: the error body is described: {new}
    client compatible: the old page promised none
    server risky: its errors may have another form
error-withdrawn: the error body is no longer described: {old}
    client risky: errors may come in another form
    server compatible: no other form is required
required-field-added: the field {name} was added, and must be there
    client compatible: it may ignore what it does not know
    server breaking: its answers lack it
field-added: the field {name} was added
    client compatible: it may ignore what it does not know
    server risky: clients may look for it now
required-field-removed: the field {name}, which had to be there, was removed
    client breaking: it reads what is no longer promised
    server risky: it sends what the page does not list
field-removed: the field {name} was removed
    client breaking: it reads what is no longer promised
    server risky: it sends what the page does not list
field-renamed: the field {old} was renamed to {new}
    client breaking: it reads the old name
    server breaking: it sends the old name
field-moved: the field {old} was moved to {new}
    client breaking: it reads the old place
    server breaking: it sends it in the old place
field-perhaps-moved: the field {old} was perhaps moved to {new}
    both risky: no sample shows one of the two places
field-retyped: the field {name} was retyped from {old} to {new}
    client breaking: it expects the old type
    server breaking: it sends the old type
field-type-stated: the type of the field {name} is stated: {new}
    client risky: the old page named no known type, so what was guessed may be wrong
    server risky: the old page named no known type, so it may send another
field-type-withdrawn: the type of the field {name} is no longer stated: {old}
    client risky: other types may come
    server compatible: the new page names no other type
field-now-required: the field {name} must be there now
    client compatible: it always comes
    server breaking: its answers may lack it
field-now-optional: the field {name} may be absent now
    client breaking: it may not come
    server compatible: it may go on sending it
field-regraded: leaving out the field {name} is graded {new}, was {old}
    both risky: docpact grades answers without it differently
field-now-emptiable: the field {name} may be empty now
    client breaking: an empty value may come
    server compatible: it may go on filling it
field-no-longer-emptiable: the field {name} may no longer be empty
    client compatible: it always comes with a value
    server breaking: it may send an empty value
values-listed: the values of the field {name} are listed: {new}
    client compatible: fewer values come
    server breaking: it may send others
values-unlisted: the values of the field {name} are no longer listed: {old}
    client risky: values may come that it does not know
    server compatible: what was listed is not excluded
value-added: the field {name} can be {new} now
    client risky: a value may come that it does not know
    server compatible: it need not send it
value-removed: the field {name} can no longer be {old}
    client compatible: the value no longer comes
    server breaking: it may send a value that is no longer listed
value-reworded: a value of the field {name} was reworded: {new}
unit-changed: the unit of the field {name} is {new}, was {old}
    client breaking: it misreads the numbers
    server breaking: its numbers are in the old unit
unit-stated: the unit of the field {name} is stated: {new}
    both risky: the old page named none, so what was guessed may be wrong
unit-withdrawn: the unit of the field {name} is no longer stated: {old}
    client risky: numbers may come in another unit
    server compatible: the new page names no other unit
field-meaning-added: a meaning of {new} was added to the field {name}
    client risky: it may come and be taken literally
    server compatible: it need not send it
field-meaning-dropped: the meaning of {old} was dropped from the field {name}
    client risky: it may mean something else where it comes
    server risky: it may send what is no longer understood
field-otherwise: the field {name} has {new}, had {old}
    both risky: docpact does not know what follows from it
field-example-changed: the example of the field {name} was changed
field-reworded: the description of the field {name} was reworded

constraint-added: a constraint was added: {new}
    client compatible: answers satisfy more than it relies on
    server breaking: its answers may not satisfy it
constraint-removed: a constraint was removed: {old}
    client breaking: answers need no longer satisfy it
    server compatible: it may go on satisfying it
constraint-changed: a constraint is {new}, was {old}
    client breaking: answers need no longer satisfy the old one
    server breaking: its answers may not satisfy the new one
constraint-regraded: the constraint {name} is graded {new}, was {old}
    both risky: docpact grades answers that break it differently
sample-added: a sample was added: {new}
    both compatible: a sample adds no promise of its own
sample-removed: a sample was removed: {old}
    both compatible: a sample is not a promise of its own
sample-changed: a sample was changed: {new}
    both compatible: a sample is not a promise of its own
"""
_WORDS_ONLY: Final = Verdict(
    Impact.COMPATIBLE, "it is for people to read, and promises no program anything"
)


def _reasons() -> Iterator[tuple[ChangeKind, Reason]]:
    for entry in re.split(r"\n+(?=\S)", _TABLE.strip()):
        first, *lines = entry.split("\n")
        name, _, title = first.partition(": ")
        verdicts = [_verdict(each) for each in lines] or [_WORDS_ONLY]  # one of both, or of each
        yield ChangeKind(name), Reason(title, verdicts[0], verdicts[-1], words_only=not lines)


def _verdict(line: str) -> Verdict:
    whom, _, reason = line.partition(": ")
    return Verdict(Impact(whom.split()[1]), reason)


REASONS: Final = dict(_reasons())

_ORDER = tuple(Impact)
_AT_WORST = {
    Severity.ERROR: Impact.BREAKING,
    Severity.WARNING: Impact.RISKY,
    Severity.NOTE: Impact.COMPATIBLE,
}
_ONLY = {
    Severity.WARNING: "but that is only implied",
    Severity.NOTE: "but that is only assumed",
}


def grade(change: Change, audience: Audience) -> Verdict:
    """What a change does to one audience; what is not an error to break is not breaking either."""
    verdict = REASONS[change.kind].verdict(audience)
    severity = _weakest(change)
    if severity is Severity.ERROR or _not_worse(verdict.impact, _AT_WORST[severity]):
        return verdict
    return Verdict(_AT_WORST[severity], f"{verdict.reason}, {_ONLY[severity]}")


def impact(change: Change, audiences: Iterable[Audience] = tuple(Audience)) -> Impact:
    """The worst that a change does to any of them."""
    return worst(grade(change, each).impact for each in audiences)


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of several; compatible if there are none."""
    return min(impacts, key=_ORDER.index, default=Impact.COMPATIBLE)


def _not_worse(one: Impact, other: Impact) -> bool:
    return _ORDER.index(one) >= _ORDER.index(other)


def _weakest(change: Change) -> Severity:
    order = tuple(Severity)
    sides = (each for each in (change.old, change.new) if each)
    return max((each.origin.severity for each in sides), key=order.index, default=Severity.ERROR)
