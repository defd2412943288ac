"""The rules on a call as a whole, and on several calls."""

from docpact.core.rule import Family, Rule
from docpact.core.span import Grade

STATED, IMPLIED, ASSUMED = Grade.STATED, Grade.IMPLIED, Grade.ASSUMED

HTTP_RULES = (
    Rule(
        "unexpected-status",
        Family.HTTP,
        STATED,
        "The status is neither success nor failure",
        "2xx is success, 4xx and 5xx are failure; nothing else is documented.",
        "HTTP/1.1 302 Found",
        "A server behind a gateway that redirects, as to a login form; and one that answers "
        "304 to a client with a cache.",
    ),
    Rule(
        "error-under-success",
        Family.HTTP,
        STATED,
        "An error body came under a success status",
        "A failure has a status of 4xx or 5xx; under 2xx a client takes it for an instance.",
        "HTTP/1.1 200 OK with <Error>",
        "A server behind a gateway that answers every call with 200, and whose clients look "
        "at Code alone.",
    ),
    Rule(
        "success-under-error",
        Family.HTTP,
        STATED,
        "An instance came under an error status",
        "An answer that holds an instance has a status of 2xx.",
        "HTTP/1.1 500 Internal Server Error with an Instance",
        "A server behind a gateway that changes the status, and whose clients look at the "
        "body alone.",
    ),
    Rule(
        "wrong-content-type",
        Family.HTTP,
        STATED,
        "The Content-Type does not fit the body",
        "A JSON body must not be labelled as XML or HTML, nor the other way round.",
        "Content-Type: application/xml before {",
        "A server that labels everything text/plain or application/octet-stream is let through.",
    ),
    Rule(
        "wrong-answer-format",
        Family.HTTP,
        STATED,
        "The answer is not in the format that was asked for",
        "The parameter Format asks for JSON or XML, and a success comes in that format. Nothing is "
        "said of failures, nor of what Accept asks for.",
        "an XML answer to ?Format=JSON",
        "An endpoint that knows one format alone: switch the rule off.",
    ),
    Rule(
        "missing-content-type",
        Family.HTTP,
        ASSUMED,
        "The answer does not say what it is",
        "Without a Content-Type a client has to guess.",
        "headers without Content-Type",
    ),
    Rule(
        "wrong-length",
        Family.HTTP,
        IMPLIED,
        "The Content-Length is not the length of the body",
        "A client stops reading at the length that the header gives, or waits for bytes that never "
        "come. Judged only where body and header can be compared: without Content-Encoding and "
        "Transfer-Encoding, not for HEAD and 304, not where a value was masked.",
        "Content-Length: 100 before a body of 80 bytes",
        "A dump that an editor or `curl --compressed` changed; a line break that an editor added "
        "at the end is let through.",
    ),
    Rule(
        "no-answer",
        Family.HTTP,
        STATED,
        "A call got no answer",
        "Every call is answered with a status of success or failure. Judged only where docpact "
        "made the call, and only if a second try is not answered either while other calls are.",
        "a connection that is closed without a byte",
        "A server behind a gateway that drops what it takes for an attack.",
    ),
    Rule(
        "missing-allow",
        Family.HTTP,
        IMPLIED,
        "A 405 does not say which methods are allowed",
        "An answer with status 405 has an Allow header, be it empty (RFC 9110, section 15.5.6). "
        "Judged only where headers were captured.",
        "HTTP/1.1 405 Method Not Allowed without Allow",
        "A server behind a gateway that drops the header.",
    ),
    Rule(
        "slow-answer",
        Family.HTTP,
        ASSUMED,
        "The answer took longer than a client waits",
        "The vendor's own client gives up after 10 seconds. Judged only where the time was taken.",
        "an answer after 12 seconds",
        "A server that is reached over a slow line.",
    ),
    Rule(
        "unexpected-success",
        Family.HTTP,
        STATED,
        "A request that must fail succeeded",
        "A request that is none of those the page describes fails. Where a ruling says so, as it "
        "does for GetInstance, so does a call for what is not running, or does not exist. Judged "
        "only where docpact made the request and so knows what must come of it.",
        "HTTP/1.1 200 OK for an instance that does not exist",
        "A server on which an instance came to run that --not-running names.",
    ),
    Rule(
        "unexpected-failure",
        Family.HTTP,
        STATED,
        "A valid request for a running instance failed",
        "The call returns what it is asked for if that exists and runs. Judged only where docpact "
        "made the request and was told so.",
        "HTTP/1.1 404 Not Found for an instance that --running names",
        "A server that throttles, one that is being restarted, or an instance that has ended.",
    ),
    Rule(
        "signature-ignored",
        Family.HTTP,
        STATED,
        "A request without a valid signature succeeded",
        "Every request is signed with the caller's key; whoever has no key must get nothing. "
        "Judged only where docpact made the request and was told that signatures are required.",
        "HTTP/1.1 200 OK without Authorization",
        "A mock or a server in a closed network that leaves signatures to a gateway.",
    ),
)

SESSION_RULES = (
    Rule(
        "repeated-value",
        Family.SESSION,
        STATED,
        "A value that must be unique came before",
        "Over the calls of one session no two answers have this value in common. Judged only for "
        "answers with a status, since a bare body may have been saved twice; and the same bytes "
        "in two captures are one call, unless their times lie apart.",
        "two answers with one RequestId",
        "A capture that holds the same call twice.",
    ),
    Rule(
        "formats-disagree",
        Family.SESSION,
        IMPLIED,
        "The same instance is told otherwise in XML than in JSON",
        "Asked at the same time in both formats, a server says the same but for what is unique to "
        "a call or measured anew.",
        '"JobName": "café" in JSON, <JobName>caf?</JobName> in XML',
        "A server whose instance changed between the two calls.",
    ),
    Rule(
        "changed-field",
        Family.SESSION,
        ASSUMED,
        "A field that is fixed for an instance has changed",
        "What kind of job an instance runs does not change while it exists: its lists of kinds, "
        "that is, but not its states. Judged only for answers with a status.",
        "JobType FLINK_STREAM, and FLINK_BATCH in a later answer about the same instance",
        "A capture of several servers whose instances have the same names and ids.",
    ),
    Rule(
        "impossible-move",
        Family.SESSION,
        ASSUMED,
        "An instance has left a state in which it had ended",
        "An instance that has stopped, succeeded or failed does not run again; a new start makes a "
        "new instance. Judged only where both answers tell when they were asked for.",
        "ActualState SUCCESS, and RUNNING a minute later",
        "A capture of several servers whose instances have the same names and ids.",
    ),
    Rule(
        "damaged-capture",
        Family.SESSION,
        ASSUMED,
        "A part of a capture cannot be read",
        "An entry that is cut, or not what its kind of capture holds, may hide anything; the "
        "entries after it are judged. It is no fault of the server.",
        "an archive that ends within an entry",
        "A capture that was still being written: leave it out, or switch the rule off.",
    ),
)
