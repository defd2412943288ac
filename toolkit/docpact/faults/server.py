"""The catalogue's faults of servers: what only a server can do wrong, over its calls."""

from docpact.contract import Media
from docpact.faults.fault import (
    LARGEST_32_BITS,
    LARGEST_EXACT_DOUBLE,
    Behaviour,
    RequestDefect,
    Shows,
    every,
    faults,
    has_lower_case_hex,
    has_non_ascii,
    has_number_beyond,
    has_space,
    is_longer_than,
    reads_plus_as_space,
    splits_encoded_slashes,
)

SERVER_FAULTS = (
    *faults(
        "unexpected-success",
        (
            "stopped-job-answers",
            "answers for a job that is not running",
            Behaviour(overlooks=RequestDefect.STOPPED_JOB),
        ),
        (
            "unknown-instance-answers",
            "answers for an instance that does not exist",
            Behaviour(overlooks=RequestDefect.UNKNOWN_INSTANCE),
        ),
        (
            "any-id-answers",
            "answers for an id that is not a number",
            Behaviour(overlooks=RequestDefect.ID_NOT_A_NUMBER),
        ),
        (
            "any-project-answers",
            "ignores the project",
            Behaviour(overlooks=RequestDefect.OTHER_PROJECT),
        ),
        (
            "any-format-answers",
            "answers for a Format that does not exist",
            Behaviour(overlooks=RequestDefect.UNKNOWN_FORMAT),
        ),
        (
            "any-method-answers",
            "answers every method",
            Behaviour(overlooks=RequestDefect.WRONG_METHOD),
        ),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "wrong-answer-format",
        ("format-ignored", "answers in XML whatever Format says", Behaviour(always_in=Media.XML)),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "no-answer",
        (
            "hangs-up",
            "closes the connection on a long name",
            Behaviour(hangs_up=is_longer_than(300)),
        ),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "missing-allow",
        ("no-allow", "refuses a method without Allow", Behaviour(omits_allow=True)),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "unexpected-failure",
        (
            "large-id-fails",
            "fails for an id beyond 32 bits",
            Behaviour(refuses_values=has_number_beyond(LARGEST_32_BITS)),
        ),
        (
            "very-large-id-fails",
            "fails for an id beyond 53 bits",
            Behaviour(refuses_values=has_number_beyond(LARGEST_EXACT_DOUBLE)),
        ),
        (
            "current-instance-fails",
            "fails for -1",
            Behaviour(refuses_values=lambda values: "-1" in values),
        ),
        (
            "non-ascii-name-fails",
            "fails for names that are not ASCII",
            Behaviour(refuses_values=has_non_ascii),
        ),
        ("spaced-name-fails", "fails for names with spaces", Behaviour(refuses_values=has_space)),
        (
            "plus-is-a-space",
            "reads + in a path as a space",
            Behaviour(reads_path=reads_plus_as_space),
        ),
        (
            "encoded-slash-splits",
            "reads %2F in a name as a slash",
            Behaviour(reads_path=splits_encoded_slashes),
        ),
        (
            "lower-case-hex-fails",
            "fails for percent-encoding in lower case",
            Behaviour(refuses_path=has_lower_case_hex),
        ),
        (
            "accept-fails",
            "fails for an Accept header with weights",
            Behaviour(refuses_accept=lambda accept: ";q=" in accept),
        ),
        shows=Shows.SOME_INPUTS,
    ),
    *faults(
        "repeated-value",
        (
            "same-request-id",
            "gives every call the same RequestId",
            Behaviour(repeats_request_id=every(1)),
        ),
        (
            "nearly-unique-request-id",
            "repeats a RequestId now and then",
            Behaviour(repeats_request_id=every(4)),
        ),
        shows=Shows.SEVERAL_CALLS,
    ),
    *faults(
        "unexpected-failure",
        ("every-fifth-call-fails", "fails every fifth call", Behaviour(fails_call=every(5))),
        shows=Shows.SEVERAL_CALLS,
    ),
    *faults(
        "formats-disagree",
        (
            "formats-disagree",
            "gives another answer in XML than in JSON",
            Behaviour(differs_in=Media.XML),
        ),
        shows=Shows.SEVERAL_CALLS,
    ),
    *faults(
        "slow-answer", ("slow", "answers only after more than ten seconds", Behaviour(is_slow=True))
    ),
    *faults(
        "signature-ignored",
        (
            "unsigned-accepted",
            "accepts calls without a signature",
            Behaviour(overlooks=RequestDefect.NO_SIGNATURE),
        ),
        (
            "any-signature-accepted",
            "accepts any signature",
            Behaviour(overlooks=RequestDefect.WRONG_SIGNATURE),
        ),
        (
            "unknown-key-accepted",
            "accepts unknown access keys",
            Behaviour(overlooks=RequestDefect.UNKNOWN_KEY),
        ),
        (
            "query-not-covered",
            "verifies signatures without the query",
            Behaviour(overlooks=RequestDefect.QUERY_NOT_SIGNED),
        ),
        (
            "any-scheme-accepted",
            "accepts other authorization schemes",
            Behaviour(overlooks=RequestDefect.OTHER_SCHEME),
        ),
        (
            "signature-prefix-accepted",
            "compares only the beginning of a signature",
            Behaviour(overlooks=RequestDefect.SIGNATURE_END),
        ),
        shows=Shows.UNSIGNED,
    ),
)
