"""Faults of behaviour: what only a server can do wrong, over its calls and towards its callers."""

from docpact.faults.fault import Fault, Shows


def _behaviour(name: str, summary: str, rule: str, shows: Shows = Shows.ALWAYS) -> Fault:
    return Fault(name, summary, frozenset({rule}), shows)


_REQUESTS = (
    _behaviour(
        "stopped-job-answers",
        "answers for a job that is not running",
        "unexpected-success",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "unknown-instance-answers",
        "answers for an instance that does not exist",
        "unexpected-success",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "any-id-answers",
        "answers for an id that is no number",
        "unexpected-success",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "any-project-answers", "ignores the project", "unexpected-success", Shows.SOME_INPUTS
    ),
    _behaviour(
        "any-format-answers",
        "answers for a Format that does not exist",
        "unexpected-success",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "format-ignored",
        "answers in XML whatever Format asks for",
        "wrong-answer-format",
        Shows.SOME_INPUTS,
    ),
    _behaviour("hangs-up", "closes the connection on a long name", "no-answer", Shows.SOME_INPUTS),
    _behaviour(
        "any-method-answers", "answers every method", "unexpected-success", Shows.SOME_INPUTS
    ),
    _behaviour("no-allow", "refuses a method without Allow", "missing-allow", Shows.SOME_INPUTS),
    _behaviour(
        "large-id-fails", "fails for an id beyond 32 bits", "unexpected-failure", Shows.SOME_INPUTS
    ),
    _behaviour(
        "very-large-id-fails",
        "fails for an id beyond 53 bits",
        "unexpected-failure",
        Shows.SOME_INPUTS,
    ),
    _behaviour("current-instance-fails", "fails for -1", "unexpected-failure", Shows.SOME_INPUTS),
    _behaviour(
        "non-ascii-name-fails",
        "fails for names that are not ASCII",
        "unexpected-failure",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "spaced-name-fails", "fails for names with spaces", "unexpected-failure", Shows.SOME_INPUTS
    ),
    _behaviour(
        "plus-is-a-space", "takes + in a path for a space", "unexpected-failure", Shows.SOME_INPUTS
    ),
    _behaviour(
        "encoded-slash-splits",
        "takes %2F in a name for a slash",
        "unexpected-failure",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "lower-case-hex-fails",
        "fails for percent-encoding in lower case",
        "unexpected-failure",
        Shows.SOME_INPUTS,
    ),
    _behaviour(
        "accept-fails",
        "fails for an Accept header with weights",
        "unexpected-failure",
        Shows.SOME_INPUTS,
    ),
)

_CALLS = (
    _behaviour(
        "same-request-id",
        "gives every call the same RequestId",
        "repeated-value",
        Shows.SEVERAL_CALLS,
    ),
    _behaviour(
        "nearly-unique-request-id",
        "repeats a RequestId now and then",
        "repeated-value",
        Shows.SEVERAL_CALLS,
    ),
    _behaviour(
        "every-fifth-call-fails",
        "fails every fifth time",
        "unexpected-failure",
        Shows.SEVERAL_CALLS,
    ),
    _behaviour(
        "formats-disagree",
        "answers otherwise in XML than in JSON",
        "formats-disagree",
        Shows.SEVERAL_CALLS,
    ),
    _behaviour("slow", "takes its time", "slow-answer"),
)

_SIGNATURES = (
    _behaviour(
        "unsigned-accepted",
        "accepts calls without a signature",
        "signature-ignored",
        Shows.UNSIGNED,
    ),
    _behaviour(
        "any-signature-accepted", "accepts any signature", "signature-ignored", Shows.UNSIGNED
    ),
    _behaviour(
        "unknown-key-accepted",
        "accepts keys that it does not know",
        "signature-ignored",
        Shows.UNSIGNED,
    ),
    _behaviour("query-not-covered", "signs without the query", "signature-ignored", Shows.UNSIGNED),
    _behaviour(
        "any-scheme-accepted",
        "accepts other schemes of authorization",
        "signature-ignored",
        Shows.UNSIGNED,
    ),
    _behaviour(
        "signature-prefix-accepted",
        "compares the beginning of a signature only",
        "signature-ignored",
        Shows.UNSIGNED,
    ),
)

BEHAVIOUR_FAULTS = (*_REQUESTS, *_CALLS, *_SIGNATURES)
