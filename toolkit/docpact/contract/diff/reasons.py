"""Why each kind of change breaks a client or a server, or does not: the one table of it."""

from dataclasses import dataclass
from typing import Final

from docpact.contract.diff.change import Audience, ChangeKind, Impact

_BREAKING, _RISKY, _FINE = Impact.BREAKING, Impact.RISKY, Impact.COMPATIBLE


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


def _of(
    title: str,
    client: tuple[Impact, str],
    server: tuple[Impact, str],
    *,
    words_only: bool = False,
) -> Reason:
    return Reason(title, Verdict(*client), Verdict(*server), words_only)


def _words(title: str) -> Reason:
    same = (_FINE, "it is for people to read, and promises no program anything")
    return _of(title, same, same, words_only=True)


def _both(title: str, impact: Impact, reason: str) -> Reason:
    return _of(title, (impact, reason), (impact, reason))


_OPERATION: Final = {
    ChangeKind.OPERATION_RENAMED: _both(
        "the operation is {new}, was {old}", _BREAKING, "the pages describe two operations"
    ),
    ChangeKind.REQUEST_LINE_STATED: _both(
        "the request line is stated: {new}",
        _RISKY,
        "the old page left method and path open, so what was guessed may be wrong",
    ),
    ChangeKind.REQUEST_LINE_WITHDRAWN: _both(
        "the request line is no longer stated: {old}",
        _FINE,
        "the new page names no other method and path",
    ),
    ChangeKind.METHOD_CHANGED: _of(
        "the method is {new}, was {old}",
        (_BREAKING, "it calls with a method that is refused"),
        (_BREAKING, "it refuses the method of new calls"),
    ),
    ChangeKind.PATH_CHANGED: _of(
        "the path is {new}, was {old}",
        (_BREAKING, "it calls a path that is not there"),
        (_BREAKING, "it has nothing at the path of new calls"),
    ),
    ChangeKind.PLACEHOLDER_RENAMED: _both(
        "the path is written {new}, was {old}",
        _FINE,
        "a placeholder's name does not travel",
    ),
    ChangeKind.VERSION_STATED: _both(
        "the API version is stated: {new}",
        _FINE,
        "the old page named no other version",
    ),
    ChangeKind.VERSION_WITHDRAWN: _both(
        "the API version is no longer stated: {old}",
        _FINE,
        "the new page names no other version",
    ),
    ChangeKind.VERSION_CHANGED: _of(
        "the API version is {new}, was {old}",
        (_BREAKING, "its calls name the old version"),
        (_BREAKING, "new calls name a version that it does not know"),
    ),
    ChangeKind.OPERATION_OTHERWISE: _both(
        "the operation {name} has {new}, had {old}",
        _RISKY,
        "docpact does not know what follows from it",
    ),
    ChangeKind.SUMMARY_REWORDED: _words("the summary of {name} was reworded"),
}

_PARAMETERS: Final = {
    ChangeKind.REQUIRED_PARAMETER_ADDED: _of(
        "the parameter {name} was added as required",
        (_BREAKING, "calls that do not send it may be refused"),
        (_RISKY, "calls send it now, and it would be ignored"),
    ),
    ChangeKind.OPTIONAL_PARAMETER_ADDED: _of(
        "the parameter {name} was added as optional",
        (_FINE, "it need not be sent"),
        (_RISKY, "calls may send it, and it would be ignored"),
    ),
    ChangeKind.REQUIRED_PARAMETER_REMOVED: _of(
        "the required parameter {name} was removed",
        (_RISKY, "it sends what may be ignored or refused"),
        (_BREAKING, "it requires what calls no longer send"),
    ),
    ChangeKind.OPTIONAL_PARAMETER_REMOVED: _of(
        "the optional parameter {name} was removed",
        (_RISKY, "what it sends may be ignored or refused"),
        (_FINE, "it never required it"),
    ),
    ChangeKind.PARAMETER_RENAMED: _of(
        "the parameter {old} was renamed to {new}",
        (_BREAKING, "it sends the old name"),
        (_BREAKING, "it looks for the old name"),
    ),
    ChangeKind.PARAMETER_RELABELLED: _both(
        "the parameter {old} is called {new} on the page",
        _FINE,
        "it travels as before",
    ),
    ChangeKind.PARAMETER_MOVED: _of(
        "the parameter {name} travels in {new}, was in {old}",
        (_BREAKING, "it sends it in the old place"),
        (_BREAKING, "it looks for it in the old place"),
    ),
    ChangeKind.PARAMETER_RETYPED: _of(
        "the parameter {name} was retyped from {old} to {new}",
        (_BREAKING, "it sends the old type"),
        (_BREAKING, "it expects the old type"),
    ),
    ChangeKind.PARAMETER_TYPE_STATED: _both(
        "the type of the parameter {name} is stated: {new}",
        _RISKY,
        "the old page named no known type, so what was guessed may be wrong",
    ),
    ChangeKind.PARAMETER_TYPE_WITHDRAWN: _of(
        "the type of the parameter {name} is no longer stated: {old}",
        (_FINE, "the new page names no other type"),
        (_RISKY, "calls may send other types"),
    ),
    ChangeKind.PARAMETER_NOW_REQUIRED: _of(
        "the parameter {name} is required now",
        (_BREAKING, "calls without it may be refused"),
        (_FINE, "every call sends it"),
    ),
    ChangeKind.PARAMETER_NOW_OPTIONAL: _of(
        "the parameter {name} is optional now",
        (_FINE, "it may go on sending it"),
        (_BREAKING, "calls may leave it out"),
    ),
    ChangeKind.PARAMETER_VALUES_LISTED: _of(
        "the values of the parameter {name} are listed: {new}",
        (_RISKY, "other values that it sends may be refused"),
        (_FINE, "calls send fewer values"),
    ),
    ChangeKind.PARAMETER_VALUES_UNLISTED: _of(
        "the values of the parameter {name} are no longer listed: {old}",
        (_FINE, "what was listed is not excluded"),
        (_RISKY, "calls may send values that it does not know"),
    ),
    ChangeKind.PARAMETER_VALUE_ADDED: _of(
        "the parameter {name} can be {new} now",
        (_FINE, "it need not send it"),
        (_BREAKING, "calls may send a value that it does not know"),
    ),
    ChangeKind.PARAMETER_VALUE_REMOVED: _of(
        "the parameter {name} can no longer be {old}",
        (_BREAKING, "calls with this value may be refused"),
        (_FINE, "no call sends it"),
    ),
    ChangeKind.PARAMETER_DEFAULT_CHANGED: _of(
        "the default of the parameter {name} is {new}, was {old}",
        (_RISKY, "calls that leave it out may mean something else"),
        (_RISKY, "it may misread calls that leave it out"),
    ),
    ChangeKind.PARAMETER_MEANING_ADDED: _of(
        "a meaning of {new} was added to the parameter {name}",
        (_FINE, "it need not send it"),
        (_RISKY, "calls may use a meaning that it does not know"),
    ),
    ChangeKind.PARAMETER_MEANING_DROPPED: _of(
        "the meaning of {old} was dropped from the parameter {name}",
        (_RISKY, "it may send what is no longer understood"),
        (_FINE, "it may go on understanding it"),
    ),
    ChangeKind.PARAMETER_OTHERWISE: _both(
        "the parameter {name} has {new}, had {old}",
        _RISKY,
        "docpact does not know what follows from it",
    ),
    ChangeKind.PARAMETER_EXAMPLE_CHANGED: _words("the example of the parameter {name} was changed"),
    ChangeKind.PARAMETER_REWORDED: _words("the description of the parameter {name} was reworded"),
}

_ANSWER: Final = {
    ChangeKind.ROOT_CHANGED: _of(
        "the XML root is {new}, was {old}",
        (_BREAKING, "it looks for the old root"),
        (_BREAKING, "it sends the old root"),
    ),
    ChangeKind.ANSWER_OTHERWISE: _both(
        "the answer {name} has {new}, had {old}",
        _RISKY,
        "docpact does not know what follows from it",
    ),
    ChangeKind.ERROR_DESCRIBED: _of(
        "the error body is described: {new}",
        (_FINE, "the old page promised none"),
        (_RISKY, "its errors may have another form"),
    ),
    ChangeKind.ERROR_WITHDRAWN: _of(
        "the error body is no longer described: {old}",
        (_RISKY, "errors may come in another form"),
        (_FINE, "no other form is required"),
    ),
    ChangeKind.REQUIRED_FIELD_ADDED: _of(
        "the field {name} was added, and must be there",
        (_FINE, "it may ignore what it does not know"),
        (_BREAKING, "its answers lack it"),
    ),
    ChangeKind.FIELD_ADDED: _of(
        "the field {name} was added",
        (_FINE, "it may ignore what it does not know"),
        (_RISKY, "clients may look for it now"),
    ),
    ChangeKind.REQUIRED_FIELD_REMOVED: _of(
        "the field {name}, which had to be there, was removed",
        (_BREAKING, "it reads what is no longer promised"),
        (_RISKY, "it sends what the page does not list"),
    ),
    ChangeKind.FIELD_REMOVED: _of(
        "the field {name} was removed",
        (_BREAKING, "it reads what is no longer promised"),
        (_RISKY, "it sends what the page does not list"),
    ),
    ChangeKind.FIELD_RENAMED: _of(
        "the field {old} was renamed to {new}",
        (_BREAKING, "it reads the old name"),
        (_BREAKING, "it sends the old name"),
    ),
    ChangeKind.FIELD_MOVED: _of(
        "the field {old} was moved to {new}",
        (_BREAKING, "it reads the old place"),
        (_BREAKING, "it sends it in the old place"),
    ),
    ChangeKind.FIELD_PERHAPS_MOVED: _both(
        "the field {old} was perhaps moved to {new}",
        _RISKY,
        "no sample shows one of the two places",
    ),
    ChangeKind.FIELD_RETYPED: _of(
        "the field {name} was retyped from {old} to {new}",
        (_BREAKING, "it expects the old type"),
        (_BREAKING, "it sends the old type"),
    ),
    ChangeKind.FIELD_TYPE_STATED: _of(
        "the type of the field {name} is stated: {new}",
        (_RISKY, "the old page named no known type, so what was guessed may be wrong"),
        (_RISKY, "the old page named no known type, so it may send another"),
    ),
    ChangeKind.FIELD_TYPE_WITHDRAWN: _of(
        "the type of the field {name} is no longer stated: {old}",
        (_RISKY, "other types may come"),
        (_FINE, "the new page names no other type"),
    ),
    ChangeKind.FIELD_NOW_REQUIRED: _of(
        "the field {name} must be there now",
        (_FINE, "it always comes"),
        (_BREAKING, "its answers may lack it"),
    ),
    ChangeKind.FIELD_NOW_OPTIONAL: _of(
        "the field {name} may be absent now",
        (_BREAKING, "it may not come"),
        (_FINE, "it may go on sending it"),
    ),
    ChangeKind.FIELD_REGRADED: _both(
        "leaving out the field {name} is graded {new}, was {old}",
        _RISKY,
        "docpact grades answers without it differently",
    ),
    ChangeKind.FIELD_NOW_EMPTIABLE: _of(
        "the field {name} may be empty now",
        (_BREAKING, "an empty value may come"),
        (_FINE, "it may go on filling it"),
    ),
    ChangeKind.FIELD_NO_LONGER_EMPTIABLE: _of(
        "the field {name} may no longer be empty",
        (_FINE, "it always comes with a value"),
        (_BREAKING, "it may send an empty value"),
    ),
    ChangeKind.VALUES_LISTED: _of(
        "the values of the field {name} are listed: {new}",
        (_FINE, "fewer values come"),
        (_BREAKING, "it may send others"),
    ),
    ChangeKind.VALUES_UNLISTED: _of(
        "the values of the field {name} are no longer listed: {old}",
        (_RISKY, "values may come that it does not know"),
        (_FINE, "what was listed is not excluded"),
    ),
    ChangeKind.VALUE_ADDED: _of(
        "the field {name} can be {new} now",
        (_RISKY, "a value may come that it does not know"),
        (_FINE, "it need not send it"),
    ),
    ChangeKind.VALUE_REMOVED: _of(
        "the field {name} can no longer be {old}",
        (_FINE, "the value no longer comes"),
        (_BREAKING, "it may send a value that is no longer listed"),
    ),
    ChangeKind.VALUE_REWORDED: _words("a value of the field {name} was reworded: {new}"),
    ChangeKind.UNIT_CHANGED: _of(
        "the unit of the field {name} is {new}, was {old}",
        (_BREAKING, "it misreads the numbers"),
        (_BREAKING, "its numbers are in the old unit"),
    ),
    ChangeKind.UNIT_STATED: _both(
        "the unit of the field {name} is stated: {new}",
        _RISKY,
        "the old page named none, so what was guessed may be wrong",
    ),
    ChangeKind.UNIT_WITHDRAWN: _of(
        "the unit of the field {name} is no longer stated: {old}",
        (_RISKY, "numbers may come in another unit"),
        (_FINE, "the new page names no other unit"),
    ),
    ChangeKind.FIELD_MEANING_ADDED: _of(
        "a meaning of {new} was added to the field {name}",
        (_RISKY, "it may come and be taken literally"),
        (_FINE, "it need not send it"),
    ),
    ChangeKind.FIELD_MEANING_DROPPED: _of(
        "the meaning of {old} was dropped from the field {name}",
        (_RISKY, "it may mean something else where it comes"),
        (_RISKY, "it may send what is no longer understood"),
    ),
    ChangeKind.FIELD_OTHERWISE: _both(
        "the field {name} has {new}, had {old}",
        _RISKY,
        "docpact does not know what follows from it",
    ),
    ChangeKind.FIELD_EXAMPLE_CHANGED: _words("the example of the field {name} was changed"),
    ChangeKind.FIELD_REWORDED: _words("the description of the field {name} was reworded"),
}

_REST: Final = {
    ChangeKind.CONSTRAINT_ADDED: _of(
        "a constraint was added: {new}",
        (_FINE, "answers satisfy more than it relies on"),
        (_BREAKING, "its answers may not satisfy it"),
    ),
    ChangeKind.CONSTRAINT_REMOVED: _of(
        "a constraint was removed: {old}",
        (_BREAKING, "answers need no longer satisfy it"),
        (_FINE, "it may go on satisfying it"),
    ),
    ChangeKind.CONSTRAINT_CHANGED: _of(
        "a constraint is {new}, was {old}",
        (_BREAKING, "answers need no longer satisfy the old one"),
        (_BREAKING, "its answers may not satisfy the new one"),
    ),
    ChangeKind.CONSTRAINT_REGRADED: _both(
        "the constraint {name} is graded {new}, was {old}",
        _RISKY,
        "docpact grades answers that break it differently",
    ),
    ChangeKind.SAMPLE_ADDED: _both(
        "a sample was added: {new}", _FINE, "a sample adds no promise of its own"
    ),
    ChangeKind.SAMPLE_REMOVED: _both(
        "a sample was removed: {old}", _FINE, "a sample is not a promise of its own"
    ),
    ChangeKind.SAMPLE_CHANGED: _both(
        "a sample was changed: {new}", _FINE, "a sample is not a promise of its own"
    ),
}

REASONS: Final[dict[ChangeKind, Reason]] = {**_OPERATION, **_PARAMETERS, **_ANSWER, **_REST}
