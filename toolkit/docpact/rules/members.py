"""The rules on the members of an answer, one by one and together."""

from docpact.core.rule import Family, Rule
from docpact.core.span import Grade

STATED, IMPLIED, ASSUMED = Grade.STATED, Grade.IMPLIED, Grade.ASSUMED

FIELD_RULES = (
    Rule(
        "masked-value",
        Family.FIELD,
        ASSUMED,
        "A value is masked, so it was not judged",
        "Captures are often redacted with asterisks, as the page's own examples are. A masked "
        "value is not held against its type, form or echo.",
        '"ClusterId": "rcmp9x37ztfb63g1x7lt****"',
    ),
    Rule(
        "wrong-type",
        Family.FIELD,
        STATED,
        "A value is of another type than the page's table says",
        "A String is a text, a Long a whole number, a Struct an object (JSON) or an element with "
        "elements (XML).",
        '"StartTime": "1599794335000"',
        "A server that writes an empty text for an unfinished job's EndTime gets a warning only.",
    ),
    Rule(
        "not-an-integer",
        Family.FIELD,
        STATED,
        "A Long is written with a fraction or an exponent",
        "1.5, 1.0 and 1e3 are not integers to the parsers of Go, Java and C#, even where the "
        "number is whole.",
        '"Id": 412536.0',
        "A server whose clients all read numbers as JavaScript does, to which 412536.0 is whole.",
    ),
    Rule(
        "out-of-range",
        Family.FIELD,
        STATED,
        "A Long is beyond 64 bits",
        "A Long lies between -2^63 and 2^63-1.",
        '"Id": 9223372036854775808',
        "A server whose ids are unsigned numbers of 64 bits, which the page's Long is not.",
    ),
    Rule(
        "unknown-enum-value",
        Family.FIELD,
        STATED,
        "A value is not in the page's list",
        "The page lists the values that this field can have. Letter case counts.",
        '"ActualState": "DONE"',
        "A server that is newer than the page and knows more values.",
    ),
    Rule(
        "missing-field",
        Family.FIELD,
        STATED,
        "A field that must be there is missing",
        "What every answer has, and what says which instance it is about, must be there.",
        "an answer without RequestId",
        "A server that leaves out unset fields: only those that a ruling lists are expected.",
    ),
    Rule(
        "unexpected-null",
        Family.FIELD,
        IMPLIED,
        "A field is null though the page says nothing of empty values",
        "Unset fields are left out and empty texts are written as such; null is accepted where the "
        "page speaks of an empty value.",
        '"JobName": null',
        "A server that writes null for each unset field.",
    ),
    Rule(
        "undocumented-field",
        Family.FIELD,
        IMPLIED,
        "A field is not on the page",
        "The page does not know this field. Vendors add fields, so this is never an error by "
        "default.",
        '"Priority": 3',
        "A server that is newer than the page.",
    ),
    Rule(
        "wrong-name-case",
        Family.FIELD,
        STATED,
        "A documented field is written in other letter case",
        "Names are case-sensitive in JSON and XML; a client that reads RequestId does not find "
        "requestId. The value is judged as if the name were right.",
        '"requestId": "…"',
        "A server that is called only by clients that ignore letter case.",
    ),
    Rule(
        "misplaced-field",
        Family.FIELD,
        STATED,
        "A documented field stands at another level",
        "The page's samples show where each field belongs.",
        '{"RequestId": "…", "ActualState": "RUNNING"}',
        "A server that is newer than the page and has a field of that name at two levels.",
    ),
)

MEANING_RULES = (
    Rule(
        "fields-disagree",
        Family.MEANING,
        IMPLIED,
        "Two fields contradict each other",
        "The page ties one field's value to another's, as a running job to an empty EndTime.",
        '"ActualState": "RUNNING" with "EndTime": 1599794335000',
        "A server that tells of an instance in the very moment in which its state changes.",
    ),
    Rule(
        "times-out-of-order",
        Family.MEANING,
        IMPLIED,
        "A time lies before one that it must follow",
        "A job ends no earlier than it starts.",
        '"StartTime": 1599794335000 with "EndTime": 1548397575000',
        "A server on several machines whose clocks differ.",
    ),
    Rule(
        "wrong-echo",
        Family.MEANING,
        IMPLIED,
        "The answer is about something else than the request",
        "A field repeats what the request asked for; here it does not. Judged only where the "
        "request is known.",
        '"JobName": "job2" for …/jobs/job1/…',
        "A server that knows instances by several ids.",
    ),
    Rule(
        "embedded-syntax",
        Family.MEANING,
        IMPLIED,
        "A text that should hold a JSON document does not",
        "Some fields carry JSON inside a string.",
        '"AutoScaleParams": "{isOnOff:false}"',
        "A server that cuts long texts, or whose documents have comments, as some writers of "
        "JSON leave them.",
    ),
    Rule(
        "wrong-format",
        Family.MEANING,
        IMPLIED,
        "A text does not have the form the page gives",
        "The page describes or shows the form of this value.",
        '"EngineJobHandler": "application_1597654819348_0011"',
        "A server whose identifiers look different from those on the page.",
    ),
    Rule(
        "wrong-unit",
        Family.MEANING,
        IMPLIED,
        "A number is in another unit",
        "Times are milliseconds since 1970, which are numbers of 13 digits; one of 10 digits "
        "counts seconds.",
        '"StartTime": 1599794335',
        "A server that writes 0 for an unset time.",
    ),
    Rule(
        "wrong-separator",
        Family.MEANING,
        IMPLIED,
        "A list in a text has another separator or an empty entry",
        "Entries are separated as the page says. One space may follow a separator; apart from that "
        "no entry begins or ends with white space.",
        '"Packages": "a.jar;b.jar"',
        "A server with file names that hold such characters.",
    ),
)
